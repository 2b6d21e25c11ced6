package source_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb/planar"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/outline"
)

// TestEPCIOfATableAreDrawn: with the published outlines of communes, and a table of EPCI,
// each EPCI is one surface of the area of its communes, without borders within.
func TestEPCIOfATableAreDrawn(t *testing.T) {
	imp, err := outline.Communes(t.Context(), []source.Input{published(t, "communes-2024.geojson")}, source.Options{})
	communes := all(t, imp, err)
	table, err := outline.EPCI(t.Context(), []source.Input{published(t, "facts", "epci.csv")}, source.Options{})
	d, err := admin.New(communes, all(t, table, err), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.EPCI) < 15 {
		t.Fatalf("%d EPCI", len(d.EPCI))
	}
	for _, e := range d.EPCI {
		area, sides, members := 0.0, 0.0, 0
		for _, c := range d.Communes {
			if c.EPCI == e.Code {
				area += planar.Area(c.Outline)
				sides += planar.Length(c.Outline)
				members++
			}
		}
		if got := planar.Area(e.Outline); math.Abs(got-area) > 1e-6*area {
			t.Errorf("%s: area %v, its communes' %v", e.Nom, got, area)
		}
		rings := 0
		for _, p := range e.Outline {
			rings += len(p)
		}
		if length := planar.Length(e.Outline); members > 10 && (length > sides*.6 || rings > 8) {
			t.Errorf("%s: %d polygons, %d rings, %v of border; %d communes with %v", e.Nom, len(e.Outline), rings, length, members, sides)
		}
	}
}
