package source_test

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/outline"
)

// published is a file kept beside the repository on some machines.
func published(t *testing.T, name ...string) source.Input {
	t.Helper()
	path := filepath.Join(append([]string{"..", "..", "..", "shared", "data", "aisne"}, name...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skip("published files are not there")
	}
	return source.FromPath(path)
}

// all reads an import to the end, of which nothing may be rejected.
func all[T any](t *testing.T, imp *source.Import[T], err error) []T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var list []T
	for v, err := range imp.Rows {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	for _, r := range imp.Report.Rejected {
		t.Errorf("unexpected: %s", r)
	}
	return list
}

// apart is the largest distance between vertices of two outlines, in metres;
// infinite when they do not have the same vertices in the same order, up to the
// start of rings and the order of parts.
func apart(a, b orb.MultiPolygon) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	worst := 0.0
	for _, p := range a {
		best := math.Inf(1)
		for _, q := range b {
			best = min(best, polygonsApart(p, q))
		}
		worst = max(worst, best)
	}
	return worst
}

func polygonsApart(p, q orb.Polygon) float64 {
	if len(p) != len(q) {
		return math.Inf(1)
	}
	worst := 0.0
	for i, r := range p {
		best := math.Inf(1)
		for j, s := range q {
			if (i == 0) == (j == 0) {
				best = min(best, ringsApart(r, s))
			}
		}
		worst = max(worst, best)
	}
	return worst
}

func ringsApart(r, s orb.Ring) float64 {
	if len(r) != len(s) {
		return math.Inf(1)
	}
	r, s = r[1:], s[1:] // once each
	start, near := 0, math.Inf(1)
	for i, p := range s {
		if d := distance(r[0], p); d < near {
			start, near = i, d
		}
	}
	worst := 0.0
	for i, p := range r {
		worst = max(worst, distance(p, s[(start+i)%len(s)]))
	}
	return worst
}

func distance(p, q orb.Point) float64 {
	return geo.Distance(geo.LonLat{Lon: p[0], Lat: p[1]}, geo.LonLat{Lon: q[0], Lat: q[1]})
}

const oneMetre = 1.0

// TestRealOutlinesAgree reads the boundaries of the Aisne in three formats and two
// reference systems.
func TestRealOutlinesAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("reads the boundaries six times")
	}
	o := source.Options{}
	shapes, db := published(t, "limites-2024-l93-shp.zip"), published(t, "limites-2024-l93.gpkg")

	imp, err := outline.Communes(t.Context(), []source.Input{published(t, "communes-2024.geojson")}, o)
	want := byCode(all(t, imp, err))
	if len(want) != 798 {
		t.Fatalf("%d communes, want 798", len(want))
	}
	for _, in := range []source.Input{db, shapes} {
		imp, err := outline.Communes(t.Context(), []source.Input{in}, o)
		got := byCode(all(t, imp, err))
		if len(got) != len(want) || len(imp.Report.Warnings) > 0 {
			t.Errorf("%s: %d communes, want %d; warnings %v", in.Name, len(got), len(want), imp.Report.Warnings)
		}
		worst := 0.0
		for code, w := range want {
			g := got[code]
			worst = max(worst, apart(w.Outline, g.Outline))
			if g.Nom != w.Nom || g.EPCI != w.EPCI || g.Population != w.Population {
				t.Errorf("%s: %s is %q, %s, %d; want %q, %s, %d", in.Name, code, g.Nom, g.EPCI, g.Population, w.Nom, w.EPCI, w.Population)
			}
		}
		t.Logf("%s: communes at most %.2g m from the GeoJSON", in.Name, worst)
		if worst > oneMetre {
			t.Errorf("%s: outlines up to %v m apart", in.Name, worst)
		}
	}

	imported, err := outline.EPCI(t.Context(), []source.Input{published(t, "epci-2024.geojson")}, o)
	epci := all(t, imported, err)
	for _, in := range []source.Input{db, shapes} {
		imp, err := outline.EPCI(t.Context(), []source.Input{in}, o)
		got := all(t, imp, err)
		if len(got) != 20 || len(epci) != 20 {
			t.Fatalf("%s: %d and %d EPCI, want 20", in.Name, len(got), len(epci))
		}
		for i, w := range epci {
			j := slices.IndexFunc(got, func(e admin.EPCI) bool { return e.Code == w.Code })
			if j < 0 || got[j].Nom != w.Nom || apart(w.Outline, got[j].Outline) > oneMetre {
				t.Errorf("%s: EPCI %s (%s) differs", in.Name, epci[i].Code, w.Nom)
			}
			if holes := len(w.Outline[0]) - 1; w.Code == "200071991" && holes != 3 {
				t.Errorf("Retz-en-Valois has %d holes, want 3", holes)
			}
		}
	}
}

func byCode(communes []admin.Commune) map[string]admin.Commune {
	m := make(map[string]admin.Commune, len(communes))
	for _, c := range communes {
		m[c.Code] = c
	}
	return m
}

// TestRealOldCommunes brings the communes of 2018, published as outlines alone, to
// the COG of 2024.
func TestRealOldCommunes(t *testing.T) {
	moves, err := outline.ReadMoves(t.Context(), []source.Input{published(t, "mouvements.csv")})
	if err != nil {
		t.Fatal(err)
	}
	table, err := outline.CommuneTable(t.Context(), []source.Input{published(t, "facts", "communes.csv")})
	if err != nil {
		t.Fatal(err)
	}
	o := source.Options{Moves: moves, Attributes: table}
	imp, err := outline.Communes(t.Context(), []source.Input{published(t, "communes-2018.geojson")}, o)
	got := byCode(all(t, imp, err))
	imp24, err := outline.Communes(t.Context(), []source.Input{published(t, "communes-2024.geojson")}, source.Options{})
	want := byCode(all(t, imp24, err))
	if r := imp.Report; len(got) != 798 || r.Read != 804 || r.Merged != 6 || len(r.Files) != 3 {
		t.Errorf("%d communes, %d read, %d merged, %d files; want 798, 804, 6 and 3", len(got), r.Read, r.Merged, len(r.Files))
	}
	var told []string
	for _, w := range imp.Report.Warnings {
		told = append(told, w.String())
	}
	t.Log(strings.Join(told, "\n"))
	if len(told) != 7 { // six merges, and the names
		t.Errorf("%d warnings, want 7", len(told))
	}
	people := 0
	for code, w := range want {
		g := got[code]
		people += g.Population
		if g.Nom != w.Nom || g.EPCI != w.EPCI || g.Population != w.Population {
			t.Errorf("%s is %q, %s, %d; want %q, %s, %d", code, g.Nom, g.EPCI, g.Population, w.Nom, w.EPCI, w.Population)
		}
		if area, whole := surface(g.Outline), surface(w.Outline); math.Abs(area-whole) > 1e-6*whole {
			t.Errorf("%s: its parts cover %v, want %v", code, area, whole)
		}
	}
	if people != 527_468 {
		t.Errorf("%d people, want 527 468", people)
	}
	// Without the table, nothing says how many people there are.
	imp, err = outline.Communes(t.Context(), []source.Input{published(t, "communes-2018.geojson")}, source.Options{Moves: moves})
	if err != nil {
		t.Fatal(err)
	}
	for _, err = range imp.Rows {
	}
	if err == nil || !strings.Contains(err.Error(), "population absente") || !strings.Contains(err.Error(), "--attributs") {
		t.Errorf("without a table: %v", err)
	}
}

// surface is the area of an outline in square degrees.
func surface(mp orb.MultiPolygon) float64 {
	sum := 0.0
	for _, p := range mp {
		for _, r := range p {
			for i := 1; i < len(r); i++ {
				sum += ((r[i-1][0]-r[0][0])*(r[i][1]-r[0][1]) - (r[i][0]-r[0][0])*(r[i-1][1]-r[0][1])) / 2
			}
		}
	}
	return sum
}
