package tiles

import (
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/coverage"
)

func TestTileJSONOfCommunes(t *testing.T) {
	e := tiny()
	s := newSet(t, e)
	b, err := s.TileJSON("communes", "https://carte.example/tiles/", coverage.DefaultQuery())
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	territoire := map[string]any{
		"code":       "texte : code officiel : COG de la commune ou SIREN de l'EPCI",
		"nom":        "texte : nom officiel",
		"population": "entier (habitants) : population municipale dans le territoire",
	}
	outlines := maps.Clone(territoire)
	for name, of := range map[string]string{"ifn": "indice de fragilité numérique", "ifn_amenagement": "sous-indice Enjeux d'aménagement", "ifn_publics": "sous-indice Publics exposés"} {
		outlines[name] = "nombre (points sur 10) : " + of + ", 10 pour le territoire le plus fragile ; absent si inconnu"
	}
	want := map[string]any{
		"tilejson": "3.0.0", "name": "Communes", "version": "1.0.0", "scheme": "xyz",
		"description": "Communes. Édition " + e.ID + ".",
		"attribution": "© Essai &amp; fils (2024, libre) ; données modélisées : répartition de la population",
		"tiles":       []any{"https://carte.example/tiles/communes/{z}/{x}/{y}.mvt"},
		"minzoom":     6.0, "maxzoom": 12.0,
		"bounds": []any{3.5, 50.0, 3.62, 50.04},
		"center": []any{3.56, 50.02, 8.0},
		"vector_layers": []any{
			map[string]any{"id": "communes", "description": "Contours des communes ; identifiant : position dans l'édition",
				"minzoom": 6.0, "maxzoom": 12.0, "fields": outlines},
			map[string]any{"id": "communes_labels", "description": "Points d'étiquette des communes ; identifiant : position dans l'édition",
				"minzoom": 8.0, "maxzoom": 12.0, "fields": territoire},
		},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("TileJSON differs (-want +got):\n%s", d)
	}
}

func TestTileJSONKeepsTheQuestion(t *testing.T) {
	s := newSet(t, tiny())
	b, err := s.TileJSON("zones", "/tiles?cutoff=10&mode=bike", coverage.DefaultQuery())
	if err != nil {
		t.Fatal(err)
	}
	var got tileJSON
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if want := "/tiles/zones/{z}/{x}/{y}.mvt?cutoff=10&mode=bike"; got.Tiles[0] != want {
		t.Errorf("tiles at %q, want %q", got.Tiles[0], want)
	}
	if _, err := s.TileJSON("cellules", "/tiles", coverage.DefaultQuery()); !errors.Is(err, ErrUnknownLayer) {
		t.Errorf("TileJSON of an unknown layer: %v", err)
	}
}

func TestLayersAreDescribed(t *testing.T) {
	layers := Layers()
	if len(layers) != numLayers {
		t.Fatalf("%d layers, want %d", len(layers), numLayers)
	}
	names := map[string]bool{}
	for _, l := range layers {
		if l.MinZoom < MinZoom || l.MaxZoom > MaxZoom || l.Title == "" || len(l.Sources) == 0 {
			t.Errorf("layer %s: %+v", l.Name, l)
		}
		for _, s := range l.Sources {
			if names[s.Name] {
				t.Errorf("source layer %s is in two layers", s.Name)
			}
			names[s.Name] = true
			if s.MinZoom < l.MinZoom || !strings.Contains(s.Title, "identifiant") {
				t.Errorf("source layer %s: %q does not say what ids are", s.Name, s.Title)
			}
			for _, f := range s.Fields {
				if f.Type == "" || f.Meaning == "" {
					t.Errorf("field %s.%s has no type or no meaning", s.Name, f.Name)
				}
			}
		}
	}
	layers[0].Sources[0].Name = "changed"
	if Layers()[0].Sources[0].Name == "changed" {
		t.Error("a caller changed the layers of everybody")
	}
}
