package data

import (
	"context"

	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
)

// LieuServesJSON is whom a lieu, or a stop of a tournée, serves.
type LieuServesJSON struct {
	Edition  string            `json:"edition"`
	Params   edition.QueryJSON `json:"params"`
	ID       string            `json:"id"`
	Nom      string            `json:"nom"`
	Modelled []string          `json:"modelled"`
	// Within are the people who reach it; Depend, those of them whose class would be worse
	// without it. Both absent where nobody can go: it receives nobody, or has no place.
	Within *whomJSON `json:"a_portee,omitempty"`
	Depend *whomJSON `json:"en_dependent,omitempty"`
	// Bus is who comes by bus, of a question by transit; absent where nobody can go, or it is
	// not known when.
	Bus *busToJSON `json:"en_bus,omitempty"`
}

// whomJSON is some people, with their publics by class.
type whomJSON struct {
	People int `json:"people"`
	whoJSON
}

func whom(w *figures.Whom) *whomJSON { return &whomJSON{w.People, who(w.Publics)} }

// servedKey is what makes the reply.
type servedKey struct {
	params.Question
	id string
}

// LieuServes answers /api/v1/lieux/{id}.
func LieuServes(ctx context.Context, s *snapshot.Snapshot, r *params.Request, a params.Question) (*reply.Reply, error) {
	nom, site, ok := siteNamed(s, r.Arg)
	if !ok {
		return nil, unknownLieu(r.Arg)
	}
	return s.Cached(ctx, gate.Light, snapshot.KeyOf("lieu", servedKey{a, r.Arg}), func(ctx context.Context) (*reply.Reply, error) {
		out := LieuServesJSON{Edition: s.ID, Params: s.QueryJSON(a.Query), ID: r.Arg, Nom: nom, Modelled: s.ModelledSentences()}
		if site >= 0 {
			answer, err := s.AnswerTo(ctx, a.Query)
			if err != nil {
				return nil, err
			}
			served := figures.ServedBy(s.Edition, answer, site)
			out.Within, out.Depend = whom(served.Within), whom(served.Depend)
			if a.Query.Mode == geo.Transit {
				out.Bus = busTo(s.Edition, figures.ByBusTo(s.Edition, site, a.Query.Cutoff))
			}
		}
		return reply.JSON(reply.TypeJSON, out)
	})
}

func unknownLieu(id string) error {
	return problem.New(problem.NotFound, "Le lieu « %s » n'est pas de cette édition ; /api/v1/lieux les liste.", problem.Quotable(id))
}

// siteNamed finds a lieu or a stop by its id, and its site; -1: it has none.
func siteNamed(s *snapshot.Snapshot, id string) (nom string, site int32, ok bool) {
	if site, ok = s.FindSite(id); ok {
		return s.Sites[site].Nom, site, true
	}
	for i := range s.Lieux {
		if s.Lieux[i].ID == id {
			return s.Lieux[i].Nom, -1, true
		}
	}
	return "", -1, false
}
