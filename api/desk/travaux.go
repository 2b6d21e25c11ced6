package desk

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
)

// PostTravaux asks for the edition of what the store holds now.
func (d *Desk) PostTravaux(c echo.Context) error {
	return d.write(c, func(ctx context.Context) error {
		j, err := d.store.Compute(ctx)
		if err != nil {
			return queueProblem(err)
		}
		return c.JSON(http.StatusAccepted, j)
	})
}

// DeleteTravail stops a job, or takes it out of the queue.
func (d *Desk) DeleteTravail(c echo.Context) error {
	id, err := params.Position("id", c.Param("id"))
	if err != nil {
		return problem.Wrap(problem.Parameter, "L'adresse nomme le travail « "+problem.Quotable(c.Param("id"))+" » ; il faut son numéro, comme dans /api/v1/travaux.", err)
	}
	return d.write(c, func(ctx context.Context) error {
		j, err := d.store.Cancel(ctx, int64(id))
		if err != nil {
			return queueProblem(err)
		}
		return c.JSON(http.StatusOK, j)
	})
}

func queueProblem(err error) error {
	switch {
	case errors.Is(err, ErrNoQueue):
		return problem.New(problem.NotFound, "Le magasin de ce serveur est un fichier : il n'a pas de file de travaux. Lancez « maillage compute ».")
	case errors.Is(err, ErrNoJob):
		return problem.New(problem.NotFound, "Ce travail n'existe pas, ou plus ; les travaux sont dans /api/v1/travaux.")
	}
	return err
}
