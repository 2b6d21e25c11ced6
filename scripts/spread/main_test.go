package main

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/spread"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "census.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadCensusRefuses(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"", "EOF"},
		{"id,people\n", "expected id and population"},
		{"id,population\n", "no cell"},
		{"id,population\nx,1\n", `census.csv:2: cell "x"`},
		{"id,population\n89a8100c603ffff,-1\n", `population "-1"`},
		{"id,population\n89a8100c603ffff,NaN\n", `population "NaN"`},
		{"id,population\n89a8100c603ffff,0\n", "nobody lives"},
		{"id,population\n89a8100c603ffff,1\n89a8100c603ffff,1\n", "census.csv:3: cell 89a8100c603ffff is there twice"},
		{"id,population\n89a8100c603ffff,1\n88a8100c61fffff,1\n", "census.csv:3: cell 88a8100c61fffff of resolution 8"},
	} {
		if _, err := readCensus(write(t, row.text)); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%q: %v, want %q", row.text, err, row.want)
		}
	}
}

// TestWrongCells: communes keep their people; a spread by the census itself is right to
// within rounding, and an even one as wrong as people counted one by one say.
func TestWrongCells(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	text := "id,population,jobs\n"
	for y := range 12 {
		for x := range 12 {
			cell, err := grid.Locate(geo.LonLat{Lon: 3.4 + 0.006*float64(x), Lat: 49.5 + 0.004*float64(y)}, 9)
			if err != nil {
				t.Fatal(err)
			}
			text += fmt.Sprintf("%s,%d,7\n", cell, r.IntN(400))
		}
	}
	c, err := readCensus(write(t, text))
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	for _, d := range c.divisions() {
		if err := d.grid.Check(d.communes()); err != nil {
			t.Fatal(err)
		}
		if d.communes() <= last {
			t.Errorf("%d communes, then %d of finer cells", last, d.communes())
		}
		last = d.communes()
		masses := make([]spread.Mass, len(c.people))
		var off float64
		sums, counts := make([]float64, d.communes()), make([]float64, d.communes())
		for i, p := range d.grid.Parts {
			masses[i].Weight = c.people[i]
			sums[p.Commune] += c.people[i]
			counts[p.Commune] += p.AreaKm2
		}
		for i, p := range d.grid.Parts {
			if int(sums[p.Commune]) != d.population[p.Commune] {
				t.Errorf("seed %d: commune %d has %d people, its cells %.0f", seed, p.Commune, d.population[p.Commune], sums[p.Commune])
			}
			off += math.Abs(sums[p.Commune]*p.AreaKm2/counts[p.Commune]-c.people[i]) / 2
		}
		if got := d.wrong(masses, c.people); got != 0 {
			t.Errorf("seed %d: spread as counted: %.4f are wrong", seed, got)
		}
		if got := d.wrong(make([]spread.Mass, len(c.people)), c.people); math.Abs(got-off/c.total()) > 0.002 {
			t.Errorf("seed %d: spread evenly: %.4f are wrong, want %.4f", seed, got, off/c.total())
		}
	}
}

// TestStreetsBeatAnEvenSpread, on a real town when its files are there.
func TestStreetsBeatAnEvenSpread(t *testing.T) {
	const folder = "../../../shared/data/transit/"
	if _, err := os.Stat(folder + "sao-paulo-hexgrid.csv"); err != nil {
		t.Skip("no census beside the checkout: ", err)
	}
	var out bytes.Buffer
	if code := run([]string{folder + "sao-paulo-hexgrid.csv", folder + "sao-paulo.osm.pbf"}, &out, &out); code != 0 {
		t.Fatalf("exit %d:\n%s", code, &out)
	}
	best := map[string][]float64{}
	for _, line := range strings.Split(out.String(), "\n") {
		if len(line) < 32 || strings.Contains(line, "–") {
			continue
		}
		var v [4]float64
		if n, _ := fmt.Sscan(line[32:], &v[0], &v[1], &v[2], &v[3]); n == 4 {
			best[strings.TrimSpace(line[:32])] = v[:]
		}
	}
	for name, v := range best {
		for i := range v {
			// Half of a point is within what another choice of communes would change.
			if best[inUse][i] > v[i]+0.5 {
				t.Errorf("column %d: %.1f %% wrong in use, %.1f by %s", i, best[inUse][i], v[i], name)
			}
		}
	}
	if len(best) < 5 {
		t.Errorf("%d methods told:\n%s", len(best), &out)
	}
}

func TestUsage(t *testing.T) {
	var out bytes.Buffer
	if code := run([]string{"census.csv"}, &out, &out); code != 2 || !strings.Contains(out.String(), "usage: spread CENSUS.csv") {
		t.Errorf("exit %d: %s", code, &out)
	}
	if code := run([]string{"nowhere.csv", "nothing.pbf"}, &out, &out); code != 1 {
		t.Errorf("files that are not there: exit %d", code)
	}
}
