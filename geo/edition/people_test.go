package edition_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
)

// squaresAround makes squares of 200 m whose centre is in a commune, with random
// people.
func squaresAround(t *testing.T, e *edition.Edition, communes []int32, r *rand.Rand) []store.Square {
	t.Helper()
	const side = 200
	var out []store.Square
	for _, c := range communes {
		first, people := len(out), 0.0
		b := e.Division.Communes[c].Outline.Bound()
		x0, y0, err := geo.LAEA.FromLonLat(geo.LonLat{Lon: b.Min[0], Lat: b.Min[1]})
		if err != nil {
			t.Fatal(err)
		}
		x1, y1, err := geo.LAEA.FromLonLat(geo.LonLat{Lon: b.Max[0], Lat: b.Max[1]})
		if err != nil {
			t.Fatal(err)
		}
		for x := math.Floor(x0/side)*side - side; x < x1+side; x += side {
			for y := math.Floor(y0/side)*side - side; y < y1+side; y += side {
				at, err := geo.LAEA.ToLonLat(x+side/2, y+side/2)
				if err != nil {
					t.Fatal(err)
				}
				if e.Division.Communes[c].Distance(at) == 0 && r.IntN(3) > 0 {
					out = append(out, store.Square{ID: fmt.Sprintf("CRS3035RES200mN%.0fE%.0f", y, x), West: x, South: y, Size: side, People: float64(r.IntN(40)) / 2})
					people += out[len(out)-1].People
				}
			}
		}
		for i := first; i < len(out); i++ { // as many people as the commune has
			out[i].People *= float64(e.Division.Communes[c].Population) / people
		}
	}
	return out
}

func TestAPopulationGridDecidesWherePeopleAre(t *testing.T) {
	base, in := editiontest.Aisne(t), readAisne(t)
	const seed = 17
	r := rand.New(rand.NewPCG(seed, 0))
	covered := []int32{3, 200, 512}
	in.SquareRows = append(squaresAround(t, base, covered, r),
		store.Square{ID: "CRS3035RES200mN2200000E3300000", West: 3_300_000, South: 2_200_000, Size: 200, People: 1e6}) // far away
	in.ManifestRows = append(in.ManifestRows, store.Manifest{Kind: store.Population.Kind, Dataset: "population"})
	params := edition.DefaultParams()
	params.Resolution = 8 // enough to tell parts apart, and quick
	e, _, err := edition.Build(context.Background(), in, params, nil)
	if err != nil {
		t.Fatal(err)
	}
	for c, parts := range e.ByCommune {
		people := 0
		for _, p := range parts {
			people += int(e.People[p])
		}
		if people != e.Division.Communes[c].Population {
			t.Fatalf("seed %d: commune %s holds %d people, its legal population is %d", seed, e.Division.Communes[c].Code, people, e.Division.Communes[c].Population)
		}
	}
	for _, c := range covered {
		// The naive twin: a part gets the people of the points of a fine lattice in
		// its squares, scaled to the legal population.
		weight, total := map[int32]float64{}, 0.0
		for _, q := range in.SquareRows {
			const n = 8
			for i := range n * n {
				at, err := geo.LAEA.ToLonLat(q.West+(float64(i%n)+0.5)*q.Size/n, q.South+(float64(i/n)+0.5)*q.Size/n)
				if err != nil {
					t.Fatal(err)
				}
				if p, ok := e.Grid.PartAt(at); ok && e.Grid.Parts[p].Commune == c {
					weight[p] += q.People / (n * n)
					total += q.People / (n * n)
				}
			}
		}
		for _, p := range e.ByCommune[c] {
			want := weight[p] / total * float64(e.Division.Communes[c].Population)
			if math.Abs(want-float64(e.People[p])) > 1+0.1*want {
				t.Errorf("seed %d: part %d of commune %d has %d people, its squares %.1f", seed, p, c, e.People[p], want)
			}
		}
	}
	said := false
	for _, m := range e.Modelled {
		said = said || strings.HasPrefix(m.Sentence, fmt.Sprintf("Répartition de la population modélisée dans %d communes que les carreaux", len(e.Division.Communes)-len(covered)))
	}
	if !said {
		t.Errorf("the communes without a square are not said to be modelled: %v", e.Modelled)
	}
	if e.ID == base.ID {
		t.Error("a population grid does not change the edition's id")
	}
}

// TestPeopleLiveWhereDwellingsAreKnown: rows of dwellings among the roads decide where the
// people of their commune are; the others keep their own.
func TestPeopleLiveWhereDwellingsAreKnown(t *testing.T) {
	const seed = 5
	r := rand.New(rand.NewPCG(seed, 0))
	in := editiontest.Small(r)
	for i := range in.CommuneRows {
		in.CommuneRows[i].Population = 100 * (i + 1)
	}
	params := editiontest.SmallParams()
	base, _, err := edition.Build(context.Background(), in, params, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := base.Division.Communes[0]
	b := c.Outline.Bound()
	home := geo.LonLat{Lon: b.Min[0] + 0.2*(b.Max[0]-b.Min[0]), Lat: b.Min[1] + 0.3*(b.Max[1]-b.Min[1])}
	in.WayRows = append(in.WayRows, road.Way{ID: 1 << 40, Nodes: []int64{1 << 40}, At: []geo.LonLat{home},
		Tags: map[string]string{"homes": fmt.Sprint(c.Population / 2)}})
	e, _, err := edition.Build(context.Background(), in, params, nil)
	if err != nil {
		t.Fatal(err)
	}
	for p, part := range e.Grid.Parts {
		if part.Commune != 0 {
			if e.People[p] != base.People[p] || e.Origins[p] != base.Origins[p] {
				t.Errorf("seed %d: part %d of another commune holds %d people, %d before", seed, p, e.People[p], base.People[p])
			}
			continue
		}
		want := 0
		if at, ok := e.Grid.PartAt(home); ok && int(at) == p {
			want = c.Population
			if d := geo.Distance(e.Origins[p], home); d > 0.1 {
				t.Errorf("seed %d: journeys begin %.1f m from the only home", seed, d)
			}
		}
		if int(e.People[p]) != want {
			t.Errorf("seed %d: part %d holds %d people, want %d", seed, p, e.People[p], want)
		}
	}
	said := false
	for _, m := range e.Modelled {
		said = said || strings.Contains(m.Sentence, "d'après les bâtiments et les adresses dans 1 commune")
	}
	if !said {
		t.Errorf("seed %d: the commune with dwellings is not told: %v", seed, e.Modelled)
	}
	if e.Network.Counts() != base.Network.Counts() {
		t.Errorf("seed %d: a row of dwellings changed the roads: %+v, %+v", seed, e.Network.Counts(), base.Network.Counts())
	}
}
