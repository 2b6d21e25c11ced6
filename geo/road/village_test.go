package road

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/hectare"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// straight is a way along a line, with a node every so many metres.
func straight(id int64, highway string, x0, y0, x1, y1, every float64) Way {
	w := Way{ID: id, Tags: map[string]string{"highway": highway}}
	n := max(1, int(math.Round(math.Hypot(x1-x0, y1-y0)/every)))
	for i := range n + 1 {
		f := float64(i) / float64(n)
		p := at(x0+f*(x1-x0), y0+f*(y1-y0))
		w.At = append(w.At, p)
		w.Nodes = append(w.Nodes, int64(math.Round(p.Lon*perDegree))<<32^int64(math.Round(p.Lat*perDegree)))
	}
	return w
}

// row is a row of one node.
func row(id int64, x, y float64, tag, value string) Way {
	return Way{ID: id, Nodes: []int64{-id}, At: []geo.LonLat{at(x, y)}, Tags: map[string]string{tag: value}}
}

// Speeds of the worlds of this file: in the open and where houses stand around.
const openSpeed, townSpeed = 72_00, 36_00

// buildInTown builds a network in which primary roads have these speeds.
func buildInTown(t testing.TB, ways []Way, options ...Option) *Network {
	t.Helper()
	b := newBuilder(append(options, WithProfile(tellable()))...)
	for _, w := range ways {
		if err := b.add(w); err != nil {
			t.Fatal(err)
		}
	}
	for i := range b.ways {
		if m := &b.ways[i].meaning; m.Class == street.Primary {
			m.Use[street.Car] = street.Use{Forward: openSpeed, Backward: openSpeed}
			m.Town = street.Use{Forward: townSpeed, Backward: townSpeed}
		}
	}
	n, err := b.build()
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Check(); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestAVillageIsDrivenAsOne: the main road of 12 km goes through what each row draws around
// (6 000, 0), or past it. It is made of pieces of 100 m.
func TestAVillageIsDrivenAsOne(t *testing.T) {
	grid := func(y float64) (ways []Way) {
		for i := range 7 {
			ways = append(ways, straight(int64(10+i), "residential", 5700+100*float64(i), y-200, 5700+100*float64(i), y+200, 100))
		}
		return ways
	}
	points := func(y float64, tag, value string) (ways []Way) {
		for i := range 7 {
			for j := range 5 {
				ways = append(ways, row(int64(100+5*i+j), 5700+100*float64(i), y-200+100*float64(j), tag, value))
			}
		}
		return ways
	}
	parallel := func(highway string) []Way {
		return []Way{straight(10, highway, 5700, 60, 6300, 60, 100), straight(11, highway, 5700, -60, 6300, -60, 100)}
	}
	for _, r := range []struct {
		name   string
		beside []Way
		town   bool
	}{
		{"nothing around", nil, false},
		{"residential streets across", grid(0), true},
		{"the same 500 m away", grid(500), false},
		{"residential streets beside", parallel("residential"), true},
		{"living streets beside", parallel("living_street"), true},
		{"lanes beside", parallel("unclassified"), false},
		{"tracks beside", parallel("track"), false},
		{"service roads beside", parallel("service"), false},
		{"land that is lived on", points(0, "built_up", "yes"), true},
		{"the same 500 m away", points(500, "built_up", "yes"), false},
		{"land that is not", points(0, "built_up", "no"), false},
		{"dwellings", points(0, "homes", "4.5"), true},
		{"the same 500 m away", points(500, "homes", "4.5"), false},
		{"a farm", []Way{row(100, 6000, 20, "homes", "2")}, false},
		{"a block", []Way{row(100, 6000, 20, "homes", "60")}, true},
		{"one street of a hamlet", []Way{straight(10, "residential", 6000, 0, 6000, 300, 100)}, true},
	} {
		ways := r.beside
		for i := range 120 {
			x := 100 * float64(i)
			ways = append(ways, straight(int64(1000+i), "primary", x, 0, x+100, 0, 100))
		}
		n := buildInTown(t, ways)
		want := 72.0
		if r.town {
			want = 36
		}
		if got := speedAt(n, 6050, 0); math.Abs(got-want) > 0.2 {
			t.Errorf("%s: %.1f km/h in the middle, want %v", r.name, got, want)
		}
		for _, far := range []float64{500, 5000, 7000, 11_500} {
			if got := speedAt(n, far+50, 0); math.Abs(got-72) > 0.2 {
				t.Errorf("%s: %.1f km/h at %v m, in the fields, want 72", r.name, got, far)
			}
		}
	}
}

// TestTheShareOfAnEdgeInTown: a road of one edge is slow on the part of it that lies
// among houses, whichever way it is drawn; bicycles, signs and boats are left alone.
func TestTheShareOfAnEdgeInTown(t *testing.T) {
	village := []Way{straight(2, "residential", 5700, 60, 6300, 60, 100), straight(3, "residential", 5700, -60, 6300, -60, 100)}
	one := straight(1, "primary", 0, 0, 12_000, 0, 12_000)
	n := buildInTown(t, append(village, one))
	cost := func(n *Network, m street.Mode) (geo.Cost, geo.Cost) {
		for e := range int32(n.Counts().Edges) {
			if edge := n.Edge(e); edge.Class == street.Primary || edge.Class == street.Ferry {
				return edge.Travel[m].CostForward, edge.Travel[m].CostBackward
			}
		}
		t.Fatal("no such edge")
		return 0, 0
	}
	// 600 m of houses, and 80 to 160 m before and behind.
	slow, _ := cost(n, street.Car)
	if within := 2 * (float64(slow) - 6000); within < 600+2*80 || within > 600+2*160 {
		t.Errorf("12 km take %d ds: %.0f m at 36 km/h, the rest at 72; want 760 to 920", slow, within)
	}
	slices.Reverse(one.Nodes)
	slices.Reverse(one.At)
	if _, back := cost(buildInTown(t, append(village, one)), street.Car); back != slow {
		t.Errorf("drawn the other way: %d ds, want %d", back, slow)
	}
	alone := buildInTown(t, []Way{one})
	for _, m := range []street.Mode{street.Bike, street.Walk} {
		got, _ := cost(n, m)
		if want, _ := cost(alone, m); got != want {
			t.Errorf("%v: %d ds among houses, %d in the fields", m, got, want)
		}
	}
	boat := one
	boat.Tags = map[string]string{"route": "ferry", "duration": "01:00"}
	if got, _ := cost(buildInTown(t, append(village, boat)), street.Car); got != geo.Cost(geo.Minute)*60 {
		t.Errorf("a boat among houses takes %d ds, want an hour", got)
	}
}

// TestBuiltUpAgainstSums holds the raster to its definition, told cell by cell: at places near
// to the sides of tiles and bands too.
func TestBuiltUpAgainstSums(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	in, out := 0, 0
	for world := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, world))
		d := newRaster()
		// Near the corner of a tile, anywhere on Earth.
		number := int32(r.IntN(110_000) - 55_000)
		own := bandOf(number)
		rank := int64(r.IntN(200) - 100)
		corner := point{int32(rank * tileCells * own.width), int32(int64(number) * tileCells * cellUnits)}
		somewhere := func() point {
			return point{corner.lon + int32((r.Float64()-0.5)*16*float64(own.width)), corner.lat + int32((r.Float64()-0.5)*16*float64(cellUnits))}
		}
		type cell struct{ y, x int64 }
		of := func(p point) (cell, int64) { // by the definition
			y := int64(math.Floor(float64(p.lat) / float64(cellUnits)))
			width := bandOf(int32(math.Floor(float64(y) / tileCells))).width
			return cell{y, int64(math.Floor(float64(p.lon) / float64(width)))}, width
		}
		sums := map[cell]int{}
		for range 1 + r.IntN(60) {
			p, v := somewhere(), float64(r.IntN(300))
			d.add(p, v)
			c, _ := of(p)
			sums[c] += int(v)
		}
		u := d.builtUp()
		look := u.look()
		for range 400 {
			p := somewhere()
			c, width := of(p)
			total := 0
			for y := c.y - 1; y <= c.y+1; y++ {
				// The columns of that row which hold the middles of this one's three.
				_, there := of(point{p.lon, int32(y*cellUnits + cellUnits/2)})
				for x := c.x - 1; x <= c.x+1; x++ {
					total += sums[cell{y, int64(math.Floor((float64(x) + 0.5) * float64(width) / float64(there)))}]
				}
			}
			if got := look.has(p); got != (total >= builtUpFrom) {
				t.Fatalf("seed %d, world %d: %v is built up: %v, with %d hundredths of a dwelling around", seed, world, p.lonLat(), got, total)
			} else if got {
				in++
			} else {
				out++
			}
		}
	}
	if in < 100 || out < 100 {
		t.Errorf("seed %d: %d places built up, %d not: too few to tell", seed, in, out)
	}
}

// TestBuiltUpInMetres: wherever on Earth, a street of 81 m through a place makes it built
// up, one of 40 m does not, and none that is 240 m away.
func TestBuiltUpInMetres(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 2000 {
		p := geo.LonLat{Lon: 340*r.Float64() - 170, Lat: 160*r.Float64() - 80}
		perLat := unitMetres * perDegree
		perLon := perLat * math.Cos(p.Lat*math.Pi/180)
		away := func(east, north float64) point {
			return toPoint(geo.LonLat{Lon: p.Lon + east/perLon, Lat: p.Lat + north/perLat})
		}
		turn := 2 * math.Pi * r.Float64()
		for _, row := range []struct {
			from, to float64
			want     bool
		}{{-40.5, 40.5, true}, {-20, 20, false}, {240, 3000, false}} {
			d := newRaster()
			d.addStreet([]point{away(row.from*math.Cos(turn), row.from*math.Sin(turn)), away(row.to*math.Cos(turn), row.to*math.Sin(turn))})
			if u := d.builtUp().look(); u.has(toPoint(p)) != row.want {
				t.Fatalf("seed %d: at %v, with a street from %v to %v m away, to %.2f rad: built up %v", seed, p, row.from, row.to, turn, !row.want)
			}
		}
	}
}

// TestBlend compares with the sum of both times, and with the speeds alone.
func TestBlend(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 100_000 {
		length := uint32(r.IntN(maxLength)) >> r.IntN(27)
		within := uint32(float64(length) * r.Float64())
		open, town := street.Speed(300+r.IntN(13_000)), street.Speed(300+r.IntN(13_000))
		if got := blend(length, length, open, town); got != town.Cost(length) {
			t.Fatalf("seed %d: %d dm of town at %d take %d ds, want %d", seed, length, town, got, town.Cost(length))
		}
		if got := blend(length, 0, open, town); got != open.Cost(length) {
			t.Fatalf("seed %d: %d dm of fields at %d take %d ds, want %d", seed, length, open, got, open.Cost(length))
		}
		exact := 360 * (float64(within)/float64(town) + float64(length-within)/float64(open))
		if got := blend(length, within, open, town); length > 0 && math.Abs(float64(got)-max(exact, 1)) > 0.5+1e-9*exact {
			t.Fatalf("seed %d: %d of %d dm at %d, else %d, take %d ds, want %.2f", seed, within, length, town, open, got, exact)
		}
	}
}

// TestHousesInAnyOrder: neither the network nor what is told of houses depends on the order
// of the rows.
func TestHousesInAnyOrder(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for world := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, world))
		ways := []Way{straight(1, "primary", -500, 0, 1500, 0, 700)}
		for i := range int64(6) {
			x := 1000 * r.Float64()
			ways = append(ways, straight(2+i, []string{"residential", "unclassified", "track", "service"}[r.IntN(4)], x, 0, x, 300*r.Float64()-150, 90))
		}
		for i := range int64(10) {
			ways = append(ways, row(100+i, 1000*r.Float64(), 300*r.Float64()-150, "homes", fmt.Sprintf("%.1f", 0.1+5*r.Float64())))
			ways = append(ways, row(200+i, 1000*r.Float64(), 300*r.Float64()-150, "built_up", "yes"))
		}
		var want Houses
		first, _ := buildInTown(t, ways, WithHouses(&want)).MarshalBinary()
		if len(want.Dwellings) < 3 || len(want.Frontage) == 0 {
			t.Fatalf("seed %d, world %d: %d places with dwellings, %d frontages", seed, world, len(want.Dwellings), len(want.Frontage))
		}
		for range 5 {
			r.Shuffle(len(ways), func(i, j int) { ways[i], ways[j] = ways[j], ways[i] })
			var got Houses
			again, _ := buildInTown(t, ways, WithHouses(&got)).MarshalBinary()
			if !bytes.Equal(again, first) || !slices.Equal(got.Dwellings, want.Dwellings) || !slices.Equal(got.Frontage, want.Frontage) {
				t.Fatalf("seed %d, world %d: another order, another network", seed, world)
			}
			for range 100 {
				p := at(3000*r.Float64()-1000, 600*r.Float64()-300)
				if got.BuiltUp(p) != want.BuiltUp(p) {
					t.Fatalf("seed %d, world %d: %v is built up in one order alone", seed, world, p)
				}
			}
		}
	}
}

// TestDatasetsThatOverlap: of the rows of one hectare the greatest counts, whatever their
// order, and a dataset that is there twice changes nothing.
func TestDatasetsThatOverlap(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	both := 0
	for world := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, world))
		roads := []Way{straight(1, "primary", -500, 0, 1500, 0, 100), straight(2, "residential", 300, 0, 300, 200, 90)}
		greatest, lowest := map[hectare.Cell]Dwellings{}, map[hectare.Cell]point{}
		rows := []Way{}
		for dataset := range 3 {
			of := map[hectare.Cell]bool{}
			for range 25 {
				x, y, n := 300*float64(dataset)+600*r.Float64(), 300*r.Float64()-150, float64(1+r.IntN(6))
				w := row(0, x, y, "homes", fmt.Sprint(n))
				p := toPoint(w.At[0])
				cell := hectare.Of(p.lon, p.lat)
				if of[cell] {
					continue // a dataset has one
				}
				of[cell] = true
				if r.IntN(3) == 0 {
					w.Tags = map[string]string{"built_up": "yes"}
					if old, ok := lowest[cell]; !ok || p.lon < old.lon || p.lon == old.lon && p.lat < old.lat {
						lowest[cell] = p
					}
				} else if old, ok := greatest[cell]; !ok || n > old.Number || n == old.Number && w.At[0].Lon < old.At.Lon {
					greatest[cell] = Dwellings{w.At[0], n}
				}
				rows = append(rows, w)
			}
		}
		var once []Way // the rows that count
		for _, d := range greatest {
			once = append(once, Way{Nodes: []int64{0}, At: []geo.LonLat{d.At}, Tags: map[string]string{"homes": fmt.Sprint(d.Number)}})
		}
		for _, p := range lowest {
			once = append(once, Way{Nodes: []int64{0}, At: []geo.LonLat{p.lonLat()}, Tags: map[string]string{"built_up": "yes"}})
		}
		both += len(rows) - len(once)
		var want, got Houses
		one, _ := buildInTown(t, append(once, roads...), WithHouses(&want)).MarshalBinary()
		if len(want.Dwellings) != len(greatest) {
			t.Fatalf("seed %d, world %d: %d places with dwellings of %d", seed, world, len(want.Dwellings), len(greatest))
		}
		all := slices.Concat(rows, roads, rows[:len(rows)/2])
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		several, _ := buildInTown(t, all, WithHouses(&got)).MarshalBinary()
		if !slices.Equal(got.Dwellings, want.Dwellings) || !bytes.Equal(one, several) || !maps.EqualFunc(got.builtUp, want.builtUp, func(v, w *[tileCells]uint16) bool { return *v == *w }) {
			t.Fatalf("seed %d, world %d: of datasets that overlap %v, want %v", seed, world, got.Dwellings, want.Dwellings)
		}
	}
	if both < 150 {
		t.Errorf("seed %d: only %d rows beside others", seed, both)
	}
}

// TestRowsOfHousesThatCannotBe end the making of a network with their address.
func TestRowsOfHousesThatCannotBe(t *testing.T) {
	for _, r := range []struct{ value, want string }{
		{"", `way 7: homes "": expected a number of dwellings above 0`},
		{"0", `homes "0"`}, {"-2", `homes "-2"`}, {"NaN", `homes "NaN"`}, {"Inf", `homes "Inf"`}, {"four", `homes "four"`},
	} {
		if _, err := Build(each([]Way{row(7, 0, 0, "homes", r.value)})); err == nil || !strings.Contains(err.Error(), r.want) {
			t.Errorf("homes=%s: %v, want %q", r.value, err, r.want)
		}
	}
	far := row(7, 0, 0, "built_up", "yes")
	far.At[0].Lat = 148
	if _, err := Build(each([]Way{far})); err == nil || !strings.Contains(err.Error(), "way 7: node -7: ") {
		t.Errorf("a point that is not on Earth: %v", err)
	}
}

// TestVillagesOfTheProfile: by the profile in use, roads without a sign are slower in a
// village than outside; a sign tells the limit wherever it stands, and by law alone a road
// is as fast as without a tag.
func TestVillagesOfTheProfile(t *testing.T) {
	for _, r := range []struct {
		tags string
		slow bool
	}{
		{"primary", true}, {"secondary", true}, {"tertiary", true}, {"primary oneway=yes", true},
		{"primary maxspeed=80", false}, {"primary maxspeed=50", false}, {"tertiary maxspeed=70", false},
		{"motorway", false}, {"residential", false},
	} {
		var ways []Way
		fields := strings.Fields(r.tags)
		for i := range 60 {
			x := 100 * float64(i)
			w := straight(int64(1000+i), fields[0], x, 0, x+100, 0, 100)
			for _, f := range fields[1:] {
				k, v, _ := strings.Cut(f, "=")
				w.Tags[k] = v
			}
			ways = append(ways, w)
		}
		for i := range 7 { // of streets that do not meet it
			x := 2700 + 100*float64(i)
			ways = append(ways, straight(int64(10+i), "residential", x, 20, x, 200, 200), straight(int64(20+i), "residential", x, -20, x, -200, 200))
		}
		n, err := Build(each(ways))
		if err != nil {
			t.Fatal(err)
		}
		inside, outside := speedAt(n, 3050, 0), speedAt(n, 1050, 0)
		if r.slow != (inside < outside) || !r.slow && inside != outside {
			t.Errorf("%s: %.1f km/h in the village, %.1f outside", r.tags, inside, outside)
		}
	}
}

// speedAt is the speed of cars, in km/h, on the edge whose middle is nearest to a place, in
// its slower direction.
func speedAt(n *Network, x, y float64) float64 {
	best, kmh := math.Inf(1), 0.0
	for e := range int32(n.Counts().Edges) {
		shape := n.AppendShape(nil, e)
		p, q := shape[0], shape[len(shape)-1]
		middle := geo.LonLat{Lon: (p.Lon + q.Lon) / 2, Lat: (p.Lat + q.Lat) / 2}
		if d := geo.Distance(middle, at(x, y)); d < best {
			edge := n.Edge(e)
			best, kmh = d, 3.6*float64(edge.Length)/float64(max(edge.Travel[street.Car].CostForward, edge.Travel[street.Car].CostBackward))
		}
	}
	return kmh
}
