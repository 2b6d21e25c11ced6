package spread_test

import (
	"context"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/spread"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Worlds lie around this place; positions are metres east and north of it.
var center = geo.LonLat{Lon: 3.4, Lat: 49.5}

func at(x, y float64) geo.LonLat {
	degree := geo.Distance(geo.LonLat{}, geo.LonLat{Lat: 1})
	return geo.LonLat{Lon: center.Lon + x/degree/math.Cos(center.Lat*math.Pi/180), Lat: center.Lat + y/degree}
}

func box(x0, y0, x1, y1 float64) orb.MultiPolygon {
	p := func(x, y float64) orb.Point { q := at(x, y); return orb.Point{q.Lon, q.Lat} }
	return orb.MultiPolygon{{{p(x0, y0), p(x1, y0), p(x1, y1), p(x0, y1), p(x0, y0)}}}
}

func line(id int64, tags map[string]string, x0, y0, x1, y1 float64) road.Way {
	return road.Way{ID: id, Tags: tags, Nodes: []int64{2 * id, 2*id + 1}, At: []geo.LonLat{at(x0, y0), at(x1, y1)}}
}

func homes(id int64, x, y, n float64) road.Way {
	return road.Way{ID: id, Tags: map[string]string{"homes": fmt.Sprint(n)}, Nodes: []int64{-id}, At: []geo.LonLat{at(x, y)}}
}

func highway(v string, more ...string) map[string]string {
	tags := map[string]string{"highway": v}
	for i := 0; i < len(more); i += 2 {
		tags[more[i]] = more[i+1]
	}
	return tags
}

func each(ways []road.Way) iter.Seq2[road.Way, error] {
	return func(yield func(road.Way, error) bool) {
		for _, w := range ways {
			if !yield(w, nil) {
				return
			}
		}
	}
}

// world is what people are spread by, and over.
type world struct {
	grid       *grid.Grid
	population []int
	sources    spread.Sources
}

func newWorld(t testing.TB, outlines []orb.MultiPolygon, population []int, ways []road.Way, options ...road.Option) world {
	t.Helper()
	g, err := grid.Build(context.Background(), outlines, 9)
	if err != nil {
		t.Fatal(err)
	}
	var h road.Houses
	n, err := road.Build(each(ways), append(options, road.WithHouses(&h))...)
	if err != nil {
		t.Fatal(err)
	}
	return world{g, population, spread.Sources{Network: n, Houses: &h}}
}

// people spreads the people of a world, and proves that they add up.
func (w world) people(t testing.TB) ([]int32, []spread.Mass, []spread.Method) {
	t.Helper()
	masses, methods, err := spread.Of(context.Background(), w.grid, w.population, w.sources)
	if err != nil {
		t.Fatal(err)
	}
	weight := make([]float64, len(masses))
	for i, m := range masses {
		weight[i] = m.Weight
	}
	people := grid.Apportion(w.grid.Parts, w.population, weight)
	sums := make([]int, len(w.population))
	for i, p := range w.grid.Parts {
		sums[p.Commune] += int(people[i])
	}
	if !slices.Equal(sums, w.population) {
		t.Fatalf("communes hold %d people, want %d", sums, w.population)
	}
	return people, masses, methods
}

// where counts the people of the parts whose centre is of a kind.
func (w world) where(people []int32, of func(x, y float64) bool) (sum int) {
	degree := geo.Distance(geo.LonLat{}, geo.LonLat{Lat: 1})
	for i, p := range w.grid.Parts {
		x := (p.Center.Lon - center.Lon) * degree * math.Cos(center.Lat*math.Pi/180)
		if of(x, (p.Center.Lat-center.Lat)*degree) {
			sum += int(people[i])
		}
	}
	return sum
}

// village is 2 km of residential streets around (0, 0), within 250 m of it.
func village() (ways []road.Way) {
	for i := range int64(5) {
		d := -200 + 100*float64(i)
		ways = append(ways, line(10+i, highway("residential"), -100, d, 100, d), line(20+i, highway("residential"), d, -100, d, 100))
	}
	return ways
}

// TestNobodyLivesInTheFields: a commune of 1 000 has a village, and 5 km of road in the
// fields, whatever its kind and signs.
func TestNobodyLivesInTheFields(t *testing.T) {
	for _, tags := range []map[string]string{
		highway("unclassified"),
		highway("unclassified", "maxspeed", "30"),
		highway("unclassified", "maxspeed", "90"),
		highway("unclassified", "source:maxspeed", "FR:rural"),
		highway("unclassified", "maxspeed:type", "FR:urban"),
		highway("unclassified", "surface", "gravel"),
		highway("road"),
		highway("tertiary"),
		highway("tertiary", "maxspeed", "50"),
		highway("tertiary", "source:maxspeed", "FR:urban"),
		highway("secondary", "maxspeed", "50"),
		highway("primary", "maxspeed", "70"),
		highway("trunk", "maxspeed", "50"),
		highway("service"),
		highway("service", "service", "driveway"),
		highway("track"),
		highway("track", "tracktype", "grade1", "maxspeed", "50"),
		highway("path"),
	} {
		ways := append(village(), line(1, tags, 600, 0, 5600, 0), line(2, tags, 100, 0, 600, 0))
		w := newWorld(t, []orb.MultiPolygon{box(-1000, -1000, 6000, 1000)}, []int{1000}, ways)
		people, _, methods := w.people(t)
		if got := w.where(people, func(x, _ float64) bool { return x > 700 }); got > 150 {
			t.Errorf("%v: %d of 1 000 live along 5 km in the fields, want at most 150", tags, got)
		}
		if methods[0] != spread.Streets {
			t.Errorf("%v: method %d, want streets", tags, methods[0])
		}
	}
}

// TestRoadsThroughTownsAreLivedOn: the same lane has people among houses, few outside.
func TestRoadsThroughTownsAreLivedOn(t *testing.T) {
	for _, kind := range []string{"unclassified", "tertiary", "secondary", "primary"} {
		ways := []road.Way{line(1, highway(kind), -3000, 0, 3000, 0)}
		for i := range int64(11) { // streets across it, 300 m from it at the end
			x := -500 + 100*float64(i)
			ways = append(ways, line(10+i, highway("residential"), x, -300, x, 300))
		}
		w := newWorld(t, []orb.MultiPolygon{box(-4000, -1000, 4000, 1000)}, []int{100_000}, ways)
		masses, err := spread.ByStreets(context.Background(), w.grid, w.sources.Network, w.sources.Houses,
			spread.Weights{street.Lane: spread.Calibrated[street.Lane], street.Road: spread.Calibrated[street.Road]})
		if err != nil {
			t.Fatal(err)
		}
		in, out := 0.0, 0.0
		for i, p := range w.grid.Parts {
			if math.Abs(p.Center.Lon-center.Lon) < at(800, 0).Lon-center.Lon {
				in += masses[i].Weight
			} else {
				out += masses[i].Weight
			}
		}
		// 1 to 1.32 km of it are among houses.
		if in < 500 || in > 700 || out > 200 {
			t.Errorf("%s: weight of %.0f m among houses, of %.0f m outside", kind, in, out)
		}
	}
}

// TestSpeedsTellNothingOfHouses: other speeds, the same spread, to the bit.
func TestSpeedsTellNothingOfHouses(t *testing.T) {
	slow, err := street.ParseProfile(slowed(t))
	if err != nil {
		t.Fatal(err)
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for n := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, n))
		outlines, population, ways := someWorld(r)
		base := newWorld(t, outlines, population, ways)
		other := newWorld(t, outlines, population, ways, road.WithProfile(slow))
		_, want, _ := base.people(t)
		_, got, _ := other.people(t)
		if base.sources.Network.Edge(0).Travel == other.sources.Network.Edge(0).Travel {
			t.Fatalf("seed %d, world %d: the other profile is as fast", seed, n)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d, world %d: another profile spreads people otherwise", seed, n)
		}
	}
}

// someWorld is two communes with random roads and homes.
func someWorld(r *rand.Rand) ([]orb.MultiPolygon, []int, []road.Way) {
	kinds := []string{"residential", "living_street", "unclassified", "tertiary", "secondary", "primary", "service", "track", "pedestrian"}
	ways := []road.Way{line(1, highway("tertiary", "maxspeed", "50"), -1900, 0, 1900, 0)}
	for i := range int64(40) {
		x, y := 3800*r.Float64()-1900, 1800*r.Float64()-900
		tags := highway(kinds[r.IntN(len(kinds))], "maxspeed", fmt.Sprint(10+10*r.IntN(9)))
		ways = append(ways, line(10+i, tags, x, y, x+200*r.NormFloat64(), y+200*r.NormFloat64()))
	}
	if r.IntN(2) == 0 {
		for i := range int64(60) {
			ways = append(ways, homes(100+i, 1900*r.Float64(), 1800*r.Float64()-900, 0.5+float64(r.IntN(20))))
		}
	}
	return []orb.MultiPolygon{box(-2000, -1000, 0, 1000), box(0, -1000, 2000, 1000)}, []int{r.IntN(2000), r.IntN(2000)}, ways
}

// TestTheOrderOfRowsIsOfNoMatter, to the bit.
func TestTheOrderOfRowsIsOfNoMatter(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for n := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, n))
		outlines, population, ways := someWorld(r)
		_, want, methods := newWorld(t, outlines, population, ways).people(t)
		r.Shuffle(len(ways), func(i, j int) { ways[i], ways[j] = ways[j], ways[i] })
		_, got, again := newWorld(t, outlines, population, ways).people(t)
		if !slices.Equal(got, want) || !slices.Equal(again, methods) {
			t.Fatalf("seed %d, world %d: another order, another spread", seed, n)
		}
	}
}

// TestByStreetsAgainstPoints holds the weights to a naive twin: points every metre of each
// way, with the weight of its tags.
func TestByStreetsAgainstPoints(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for n := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, n))
		outlines, population, ways := someWorld(r)
		w := newWorld(t, outlines, population, ways)
		got, err := spread.ByStreets(context.Background(), w.grid, w.sources.Network, w.sources.Houses, spread.Calibrated)
		if err != nil {
			t.Fatal(err)
		}
		want := make([]float64, len(w.grid.Parts))
		for _, way := range ways {
			if len(way.Nodes) < 2 {
				continue
			}
			weights := spread.Calibrated[street.FrontageOf(way.Tags)]
			p, q := way.At[0], way.At[1]
			metres := geo.Distance(p, q)
			for i := range int(metres) + 1 {
				f := (float64(i) + 0.5) / (math.Floor(metres) + 1)
				here := geo.LonLat{Lon: p.Lon + f*(q.Lon-p.Lon), Lat: p.Lat + f*(q.Lat-p.Lat)}
				if part, ok := w.grid.PartAt(here); ok {
					weight := weights.Fields
					if w.sources.Houses.BuiltUp(here) {
						weight = weights.BuiltUp
					}
					want[part] += weight * metres / (math.Floor(metres) + 1)
				}
			}
		}
		for i := range want {
			// A sample of 25 m may fall on the other side of a border; some ways cross there.
			if math.Abs(got[i].Weight-want[i]) > 12.5*10 {
				t.Fatalf("seed %d, world %d: part %d weighs %.1f, point by point %.1f", seed, n, i, got[i].Weight, want[i])
			}
		}
		var all, every float64
		for i := range want {
			all, every = all+got[i].Weight, every+want[i]
		}
		if math.Abs(all-every) > 0.03*every {
			t.Fatalf("seed %d, world %d: all parts weigh %.0f, point by point %.0f", seed, n, all, every)
		}
	}
}

// TestMethods: of what is known in a commune, the best that is plausible counts.
func TestMethods(t *testing.T) {
	x, y, err := geo.LAEA.FromLonLat(at(500, 500))
	if err != nil {
		t.Fatal(err)
	}
	square := func(people float64) []store.Square {
		return []store.Square{{ID: "q", West: math.Floor(x/200) * 200, South: math.Floor(y/200) * 200, Size: 200, People: people}}
	}
	street := []road.Way{line(1, highway("residential"), -800, 0, -200, 0)}
	for _, r := range []struct {
		name    string
		ways    []road.Way
		squares []store.Square
		want    spread.Method
		at      geo.LonLat // the centre of mass
	}{
		{"nothing", nil, nil, spread.Uniform, geo.LonLat{}},
		{"a street", street, nil, spread.Streets, at(-500, 0)},
		{"a road that nobody lives on", []road.Way{line(1, highway("motorway"), -800, 0, -200, 0)}, nil, spread.Uniform, geo.LonLat{}},
		{"half a dwelling for everybody", append([]road.Way{homes(2, 300, -300, 500)}, street...), nil, spread.Dwellings, at(300, -300)},
		{"dwellings of a tenth of the people", append([]road.Way{homes(2, 300, -300, 50)}, street...), nil, spread.Streets, at(-500, 0)},
		{"four dwellings for everybody", append([]road.Way{homes(2, 300, -300, 4000)}, street...), nil, spread.Streets, at(-500, 0)},
		{"a resort", append([]road.Way{homes(2, 300, -300, 2500)}, street...), nil, spread.Dwellings, at(300, -300)},
		{"dwellings elsewhere", append([]road.Way{homes(2, 9000, 0, 500)}, street...), nil, spread.Streets, at(-500, 0)},
		{"squares", append([]road.Way{homes(2, 300, -300, 500)}, street...), square(990), spread.Squares, at(500, 500)},
		{"the edge of a neighbour's squares", append([]road.Way{homes(2, 300, -300, 500)}, street...), square(100), spread.Dwellings, at(300, -300)},
	} {
		w := newWorld(t, []orb.MultiPolygon{box(-1000, -1000, 1000, 1000)}, []int{1000}, r.ways)
		w.sources.Squares = r.squares
		people, masses, methods := w.people(t)
		if methods[0] != r.want {
			t.Errorf("%s: method %d, want %d", r.name, methods[0], r.want)
			continue
		}
		var sum spread.Mass
		for i, m := range masses {
			if m.Weight == 0 && people[i] > 0 && r.want != spread.Uniform {
				t.Errorf("%s: %d people where nothing weighs", r.name, people[i])
			}
			sum.Weight += m.Weight
			sum.Lon += m.Lon
			sum.Lat += m.Lat
		}
		if r.want == spread.Uniform {
			if sum.Weight != 0 {
				t.Errorf("%s: weighs %v", r.name, sum.Weight)
			}
			continue
		}
		middle := geo.LonLat{Lon: sum.Lon / sum.Weight, Lat: sum.Lat / sum.Weight}
		if d := geo.Distance(middle, r.at); d > 150 {
			t.Errorf("%s: the people's centre of mass is %.0f m from where it is", r.name, d)
		}
	}
}
