package desk

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo/scenario"
)

// ScenarioInfo names a saved scenario. Its id cannot be guessed: whoever has the link
// may read it.
type ScenarioInfo struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Edition string `json:"edition,omitempty"` // the one it was made on
	Updated string `json:"updated"`           // RFC 3339, UTC
}

// SavedScenario is a scenario under its id.
type SavedScenario struct {
	ScenarioInfo
	Scenario *scenario.Scenario `json:"scenario"`
}

// saved reads a document as a scenario.
func saved(doc Document) (SavedScenario, error) {
	plan, err := scenario.Parse(doc.Data)
	if err != nil {
		return SavedScenario{}, fmt.Errorf("saved scenario %s: %w", doc.ID, err)
	}
	return SavedScenario{ScenarioInfo{doc.ID, plan.Name, plan.Edition, doc.Updated}, plan}, nil
}

// ListScenarios lists the saved scenarios for who has a token: their ids are their links.
func (d *Desk) ListScenarios(c echo.Context) error {
	return d.write(c, func(ctx context.Context) error {
		documents, err := d.store.Documents(ctx, KindScenario)
		if err != nil {
			return err
		}
		list := []ScenarioInfo{}
		for _, doc := range documents {
			one, err := saved(doc)
			if err != nil { // of another version of the program
				d.log.Warn("saved scenario left out", "error", err)
				continue
			}
			list = append(list, one.ScenarioInfo)
		}
		c.Response().Header().Set("Cache-Control", "no-store")
		return c.JSON(http.StatusOK, map[string]any{"scenarios": list})
	})
}

// PostScenario saves a scenario under a new id; edition is the one that is served, which it
// was made on when it does not say.
func (d *Desk) PostScenario(c echo.Context, edition string) error {
	return d.saveScenario(c, edition, strings.ToLower(rand.Text()), http.StatusCreated)
}

// PutScenario replaces a saved scenario: to rename it, or to change its actions.
func (d *Desk) PutScenario(c echo.Context, edition string) error {
	return d.saveScenario(c, edition, c.Param("id"), http.StatusOK)
}

func (d *Desk) saveScenario(c echo.Context, edition, id string, status int) error {
	plan, err := ReadScenario(c.Request())
	if err != nil {
		return err
	}
	if plan.Edition == "" {
		plan.Edition = edition
	}
	plan.Version = scenario.Version
	return d.write(c, func(ctx context.Context) error {
		if status != http.StatusCreated { // it must be there
			if _, err := d.Saved(ctx, id); err != nil {
				return err
			}
		}
		data, err := json.Marshal(plan)
		if err != nil {
			return fmt.Errorf("save a scenario: %w", err)
		}
		if err := d.store.PutDocument(ctx, KindScenario, id, data); err != nil {
			return err
		}
		return c.JSON(status, ScenarioInfo{id, plan.Name, plan.Edition, time.Now().UTC().Format(time.RFC3339)})
	})
}

// DeleteScenario forgets a saved scenario.
func (d *Desk) DeleteScenario(c echo.Context) error {
	id := c.Param("id")
	return d.write(c, func(ctx context.Context) error {
		if _, err := d.Saved(ctx, id); err != nil {
			return err
		}
		if err := d.store.DeleteDocument(ctx, KindScenario, id); err != nil {
			return err
		}
		return c.NoContent(http.StatusNoContent)
	})
}

// Saved reads a saved scenario by its id.
func (d *Desk) Saved(ctx context.Context, id string) (SavedScenario, error) {
	if d.store == nil {
		return SavedScenario{}, problem.New(problem.NotFound, noScenario)
	}
	doc, err := d.store.Document(ctx, KindScenario, id)
	if errors.Is(err, ErrNoDocument) {
		return SavedScenario{}, problem.New(problem.NotFound, noScenario)
	}
	if err != nil {
		return SavedScenario{}, problem.Wrap(problem.Store, "Le scénario ne peut pas être lu pour l'instant : le magasin ne répond pas ; réessayez dans une minute.", err)
	}
	return saved(doc)
}

const noScenario = "Ce scénario n'existe pas, ou a été supprimé."

// ReadScenario reads the body of a request.
func ReadScenario(r *http.Request) (*scenario.Scenario, error) {
	data, err := io.ReadAll(io.LimitReader(r.Body, scenario.MaxBytes+1))
	if err != nil {
		return nil, problem.Wrap(problem.Abandoned, "Le scénario n'a pas été reçu en entier.", err)
	}
	plan, err := scenario.Parse(data)
	if err != nil {
		return nil, ScenarioProblem(err)
	}
	return plan, nil
}

// ScenarioProblem gives the sentence of what is wrong in a scenario to the person.
func ScenarioProblem(err error) error {
	var wrong *scenario.Error
	if errors.As(err, &wrong) {
		return problem.Wrap(problem.Parameter, "Le scénario est refusé : "+wrong.Error(), err)
	}
	return err
}
