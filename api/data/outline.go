package data

import (
	"context"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
)

// outlineJSON is a territoire as one GeoJSON feature: positions in degrees WGS 84.
type outlineJSON struct {
	Type       string            `json:"type"`
	Edition    string            `json:"edition"`
	ID         string            `json:"id"` // type:code
	Geometry   *geojson.Geometry `json:"geometry"`
	Properties outlineOf         `json:"properties"`
}

type outlineOf struct {
	Type admin.Type `json:"type"`
	Code string     `json:"code"`
	Nom  string     `json:"nom"`
	// Drawn is whether an outline draws it, whatever communes that cuts; else it is those of
	// its communes, taken together.
	Drawn bool `json:"dessine"`
}

// Outline answers /api/v1/territoires/{type}:{code}/contour: what a map draws of a territoire
// that no layer of tiles holds.
func Outline(ctx context.Context, s *snapshot.Snapshot, r *params.Request, _ params.None) (*reply.Reply, error) {
	ref, err := admin.ParseRef(r.Arg)
	if err != nil {
		return nil, problem.Wrap(problem.Parameter, "L'adresse nomme « "+problem.Quotable(r.Arg)+" » ; il faut "+params.TerritoireExpected+".", err)
	}
	return s.Cached(ctx, gate.Light, snapshot.KeyOf("contour", ref), func(context.Context) (*reply.Reply, error) {
		t, ok := s.Division.Find(ref)
		if !ok {
			return nil, &edition.UnknownTerritoireError{Ref: ref}
		}
		outline, err := s.Outline(ref)
		if err != nil {
			return nil, err
		}
		if len(t.Communes) > 1 && ref.Type != admin.TypeEPCI && t.Drawn == nil {
			outline = admin.Dissolve([]orb.MultiPolygon{outline})
		}
		return reply.JSON(reply.TypeGeoJSON, outlineJSON{"Feature", s.ID, ref.String(), geojson.NewGeometry(outline), outlineOf{ref.Type, ref.Code, t.Nom, t.Drawn != nil}})
	})
}
