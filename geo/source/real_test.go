package source_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/lieux"
	"github.com/aisne-numerique/maillage/geo/source/osm"
	"github.com/aisne-numerique/maillage/geo/source/outline"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/source/stat"
	"github.com/aisne-numerique/maillage/geo/source/stat/layout"
)

func TestRealIFN(t *testing.T) {
	m, err := layout.Named(t.Context(), "ifn-v1-2019")
	if err != nil || m == nil {
		t.Fatal(m, err)
	}
	imp, err := stat.Variables(t.Context(), []source.Input{sourcetest.RealFile(t, "aisne", "ifn-v1-2019.csv"), sourcetest.RealFile(t, "aisne", "ifn-v1-2019-headers.csv")}, source.Options{Mapping: m})
	count := map[string]int{}
	for _, v := range sourcetest.Rows(t, imp, err) {
		count[v.Name]++
		if source.CodeFault(v.Code) != "" || v.Code[:2] != "02" {
			t.Fatalf("commune %q", v.Code)
		}
	}
	sourcetest.None(t, imp.Report.Rejected)
	var told []string
	for _, w := range imp.Report.Warnings {
		told = append(told, w.Value+" "+w.Reason)
	}
	if diff := cmp.Diff([]string{
		"Iris d'activité lignes laissées de côté, qui ne sont pas des communes entières : 3",
		"Iris d'habitat lignes laissées de côté, qui ne sont pas des communes entières : 76",
	}, told); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	// The interfaces axis is missing, written 0, in 114 of the 870 rows, and the
	// information axis in 9.
	if n := count["v1_interfaces"]; n >= 791 || n < 791-114 {
		t.Errorf("%d communes have a value for interfaces; want 677 to 790, the zeros being unknown", n)
	}
	if n := count["v1_information"]; n >= 791 || n < 791-9 {
		t.Errorf("%d communes have a value for information; want 782 to 790", n)
	}
	if count["v1_administratives"] != 790 || count["v1_numeriques"] != 791 { // one 0 among the former
		t.Errorf("values %v; want 790 and 791 for the two skills", count)
	}
}

func TestRealCommunes(t *testing.T) {
	imp, err := outline.Communes(t.Context(), []source.Input{sourcetest.RealFile(t, "aisne", "communes-2024.geojson")}, source.Options{})
	communes := sourcetest.Rows(t, imp, err)
	sourcetest.None(t, imp.Report.Rejected)
	sourcetest.None(t, imp.Report.Warnings)
	people := 0
	for _, c := range communes {
		people += c.Population
		if !planar.MultiPolygonContains(c.Outline, orb.Point{c.Point.Lon, c.Point.Lat}) {
			t.Errorf("%s: inner point %v is outside", c.Code, c.Point)
		}
		for _, p := range c.Outline {
			for i, r := range p {
				if want := map[bool]orb.Orientation{true: orb.CCW, false: orb.CW}[i == 0]; r.Orientation() != want {
					t.Errorf("%s: ring %d is wound %v", c.Code, i, r.Orientation())
				}
			}
		}
	}
	if len(communes) != 798 || people != 527_468 {
		t.Errorf("got %d communes, %d people; want 798 and 527 468", len(communes), people)
	}
}

func TestRealEPCI(t *testing.T) {
	imp, err := outline.EPCI(t.Context(), []source.Input{sourcetest.RealFile(t, "aisne", "epci-2024.geojson")}, source.Options{})
	epci := sourcetest.Rows(t, imp, err)
	sourcetest.None(t, imp.Report.Rejected)
	holes := 0
	for _, e := range epci {
		if e.Code == "200071991" {
			holes = len(e.Outline[0]) - 1
		}
	}
	if len(epci) != 20 || holes != 3 {
		t.Errorf("got %d EPCI, %d holes in 200071991; want 20 and 3", len(epci), holes)
	}
}

func TestRealLieux(t *testing.T) {
	imp, err := lieux.Lieux(t.Context(), []source.Input{sourcetest.RealFile(t, "aisne", "facts", "lieux.csv")}, source.Options{})
	lieux := sourcetest.Rows(t, imp, err)
	sourcetest.None(t, imp.Report.Rejected)
	var known, itinerant, noPublic, located, silent int
	for _, l := range lieux {
		if l.Horaires.Known {
			known++
		}
		if l.Itinerant {
			itinerant++
		}
		if l.NoPublic {
			noPublic++
		}
		if l.Located {
			located++
		}
		if l.Services == 0 {
			silent++
		}
	}
	for _, w := range imp.Report.Warnings {
		t.Log(w)
	}
	got := [...]int{len(lieux), known, itinerant, noPublic, located, silent}
	// 144 lieux have no hours and 2 have "Mo-Fr 09:00-12:00-14:00".
	if want := [...]int{226, 226 - 144 - 2, 5, 2, 226, 126}; got != want {
		t.Errorf("lieux, known hours, itinerant, no public, located, no service: got %v, want %v", got, want)
	}
	if n := len(imp.Report.Warnings); n != 3+itinerant {
		t.Errorf("got %d warnings, want 3: one per faulty text of hours, one of those who may receive nobody; and one per bus", n)
	}
}

func TestRealSecteurs(t *testing.T) {
	imp, err := outline.Secteurs(t.Context(), []source.Input{sourcetest.RealFile(t, "aisne", "facts", "secteurs.csv")}, source.Options{})
	secteurs := sourcetest.Rows(t, imp, err)
	sourcetest.None(t, imp.Report.Rejected)
	got := map[string]int{}
	for _, s := range secteurs {
		got[s.Code] = len(s.Communes)
	}
	want := map[string]int{"fere-en-tardenois": 25, "neuilly-saint-front": 28, "marle": 34, "val-de-l-aisne": 57, "charly-sur-marne": 21}
	for code, n := range want {
		if got[code] != n {
			t.Errorf("secteur %s: %d communes, want %d (all: %v)", code, got[code], n, got)
		}
	}
	if r := imp.Report; len(got) != 5 || r.Read != 165 || r.Merged != 160 {
		t.Errorf("got %d secteurs, %d read, %d merged; want 5, 165, 160", len(got), r.Read, r.Merged)
	}
}

func TestRealVariables(t *testing.T) {
	imp, err := stat.Variables(t.Context(), []source.Input{sourcetest.RealFile(t, "aisne", "facts", "ifn-variables.csv")}, source.Options{})
	values := sourcetest.Rows(t, imp, err)
	sourcetest.None(t, imp.Report.Rejected)
	sourcetest.None(t, imp.Report.Warnings)
	count := map[string]int{}
	for _, v := range values {
		count[v.Name]++
	}
	for name, want := range map[string]int{
		"part_65_ans_et_plus_2017_pct": 798, "taux_pauvrete_2021_pct": 31, "revenu_median_uc_2021_eur": 678,
		"allocataires_rsa_2018_pour_100_hab": 7, "demandeurs_emploi_abc_2019_pct": 9, "population_2021": 798, "epci": 0, "nom": 0,
	} {
		if count[name] != want {
			t.Errorf("variable %s: %d values, want %d", name, count[name], want)
		}
	}
}

func TestRealRoads(t *testing.T) {
	byFile := map[string][]road.Way{}
	for _, tt := range []struct {
		name           string
		highways       int // as counted by other tools, roads of one node included
		ferries, short int
		big            bool // ids over 32 bits
	}{
		{"liechtenstein-2021.osm.pbf", 6984, 0, 0, true},
		{"monaco.osm.pbf", 2927, 1, 3, false},
		{"north-bayreuth-2014.osm.pbf", 2056, 0, 0, false}, // nodes that are not dense
		{"north-bayreuth-2014.osm.gz", 2056, 0, 0, false},
	} {
		if testing.Short() && tt.name == "north-bayreuth-2014.osm.gz" {
			continue // 10 MB of XML, read twice
		}
		imp, err := osm.Roads(t.Context(), []source.Input{sourcetest.RealFile(t, "osm", tt.name)}, source.Options{})
		ways := sourcetest.Rows(t, imp, err)
		byFile[tt.name] = slices.Clone(ways)
		for _, w := range imp.Report.Warnings {
			if !strings.Contains(w.Reason, "tourner") && !strings.Contains(w.Reason, ", non suivi") {
				t.Errorf("unexpected: %s", w)
			}
		}
		squares := 0
		ways = slices.DeleteFunc(ways, func(w road.Way) bool {
			if w.ID < 0 {
				squares++
			}
			return len(w.Nodes) == 1 || w.ID < 0
		})
		for _, r := range imp.Report.Rejected {
			if r.Reason != "route d'un seul nœud ; attendu au moins deux nœuds" {
				t.Errorf("unexpected: %s", r)
			}
		}
		ferries, big := 0, false
		for _, w := range ways {
			if w.Tags["highway"] == "" {
				ferries++
			}
			if len(w.Nodes) != len(w.At) || len(w.Nodes) < 2 {
				t.Fatalf("%s: way %d has %d nodes and %d positions", tt.name, w.ID, len(w.Nodes), len(w.At))
			}
			for i, p := range w.At {
				big = big || w.Nodes[i] > 1<<32
				if p.Check() != nil || p == (geo.LonLat{}) {
					t.Fatalf("%s: way %d: position %v", tt.name, w.ID, p)
				}
			}
		}
		got := [...]int{imp.Report.Read - squares, ferries, len(imp.Report.Rejected), len(ways)}
		if want := [...]int{tt.highways + tt.ferries, tt.ferries, tt.short, tt.highways + tt.ferries - tt.short}; got != want || big != tt.big {
			t.Errorf("%s: read, ferries, rejected, accepted: %v, ids over 32 bits %v; want %v, %v", tt.name, got, big, want, tt.big)
		}
	}
	// One extract in two formats: the same roads, bit for bit.
	if pbf, xml := byFile["north-bayreuth-2014.osm.pbf"], byFile["north-bayreuth-2014.osm.gz"]; xml != nil && !reflect.DeepEqual(pbf, xml) {
		t.Errorf("PBF and XML of one extract differ (-pbf +xml):\n%.2000s", cmp.Diff(pbf, xml))
	}
}
