package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/api/collections"
	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/tiles"
)

// problemOf finds the kind and the sentence of any error.
func problemOf(err error) *problem.Error {
	var f *problem.Error
	if errors.As(err, &f) {
		return f
	}
	if f := collections.ProblemOf(err); f != nil {
		return f
	}
	var unknown *edition.UnknownTerritoireError
	if errors.As(err, &unknown) {
		return problem.Wrap(problem.Territoire, fmt.Sprintf("Le territoire « %s » n'existe pas dans cette édition.", problem.Quotable(unknown.Ref.String())), err)
	}
	var level *edition.UnknownLevelError
	if errors.As(err, &level) {
		return problem.Wrap(problem.Parameter, fmt.Sprintf("Cette édition n'a pas de territoires de type « %s » ; elle a : %s.", problem.Quotable(string(level.Level)), level.Has()), err)
	}
	var routing *echo.HTTPError
	if errors.As(err, &routing) {
		switch routing.Code {
		case http.StatusNotFound:
			return problem.Wrap(problem.NotFound, problem.NotFoundSentence, err)
		case http.StatusMethodNotAllowed:
			return problem.Wrap(problem.Method, "Cette adresse se lit seulement : utilisez GET ou HEAD.", err)
		}
	}
	switch {
	case errors.Is(err, tiles.ErrUnknownLayer):
		return problem.Wrap(problem.Layer, "Cette couche de tuiles n'existe pas ; les couches sont "+layerNames()+".", err)
	case errors.Is(err, tiles.ErrOutOfRange):
		return problem.Wrap(problem.Tile, "Cette tuile n'existe pas : z, x ou y est hors des limites.", err)
	case errors.Is(err, tiles.ErrBadQuery):
		return problem.Wrap(problem.Parameter, "Cette édition ne peut pas répondre à cette question ; vérifiez service, mode, cutoff et min_hours.", err)
	case errors.Is(err, gate.ErrBusy):
		return problem.Wrap(problem.Busy, "Trop de réponses sont demandées en ce moment ; réessayez dans quelques secondes.", err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return problem.Wrap(problem.Abandoned, "La demande a été abandonnée avant la réponse.", err)
	}
	return problem.Wrap(problem.Internal, problem.InternalSentence, err)
}

// fail answers an error, and logs it under the id that the person sees.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		s.log.Error("reply interrupted", "path", c.Request().URL.Path, "error", err)
		return
	}
	f := problemOf(err)
	p := f.Details(c.Request().URL.EscapedPath())
	log := s.log.Debug
	if p.Status == http.StatusInternalServerError {
		log = s.log.Error
	}
	log("request refused", "id", p.ID, "client", gate.Client(c.Request().Context()), "status", p.Status, "method", c.Request().Method, "path", p.Instance, "error", f.Error())
	body, err := json.Marshal(p)
	if err != nil {
		s.log.Error("problem not encoded", "id", p.ID, "error", err)
	}
	h := c.Response().Header()
	for _, name := range []string{"ETag", "Vary", "Content-Encoding", "Content-Length"} {
		h.Del(name)
	}
	h.Set("Cache-Control", "no-store")
	if name, value, ok := f.Kind.Header(); ok {
		h.Set(name, value)
	}
	if c.Request().Method == http.MethodHead {
		h.Set("Content-Type", problem.ContentType)
		err = c.NoContent(p.Status)
	} else {
		err = c.Blob(p.Status, problem.ContentType, body)
	}
	if err != nil {
		s.log.Debug("problem not sent", "id", p.ID, "error", err)
	}
}

// layerNames lists the layers of tiles in a sentence.
func layerNames() string {
	var names []string
	for _, l := range tiles.Layers() {
		names = append(names, l.Name)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " et " + names[last]
}
