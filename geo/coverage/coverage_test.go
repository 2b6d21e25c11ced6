package coverage

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

func TestClassify(t *testing.T) {
	s := &access.Hours{
		Opening: []access.Opening{access.NoSite, access.HoursUnknown, access.HoursKnown, access.HoursKnown, access.HoursKnown},
		Slots:   []uint16{0, 0, 279, 280, 0}, // 17.5 h a week are 280 slots in four weeks
	}
	want := []Class{Blanche, Inconnue, Grise, Couverte, Grise}
	if d := gocmp.Diff(want, Classify(s, 17.5)); d != "" {
		t.Errorf("Classify at 17.5 h: %s", d)
	}
	want[2], want[4] = Couverte, Couverte
	if d := gocmp.Diff(want, Classify(s, 0)); d != "" {
		t.Errorf("Classify at 0 h, which any lieu of known hours gives: %s", d)
	}
}

func TestWorstClassOfACell(t *testing.T) {
	for name, tc := range map[string]struct {
		tally Tally
		want  Class
	}{
		"nobody":                                 {Tally{}, Uninhabited},
		"most people decide":                     {Tally{Couverte: 3, Blanche: 2}, Couverte},
		"half and half is not covered":           {Tally{Couverte: 2, Blanche: 2}, Blanche},
		"unknown is worse than known":            {Tally{Couverte: 2, Inconnue: 2}, Inconnue},
		"few hours are worse than unknown hours": {Tally{Grise: 2, Inconnue: 2}, Grise},
		"one class":                              {Tally{Inconnue: 1}, Inconnue},
	} {
		if got := tc.tally.Worst(); got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

func TestQueryCheck(t *testing.T) {
	q := DefaultQuery()
	if err := q.Check(); err != nil {
		t.Errorf("default: %v", err)
	}
	for name, tc := range map[string]struct {
		q    Query
		want string
	}{
		"no time at all":        {Query{Cutoff: 0}, "cut-off 0 min: expected 1 to 60 minutes"},
		"beyond the horizon":    {Query{Cutoff: 61 * geo.Minute}, "cut-off 61 min: expected 1 to 60 minutes"},
		"more than a week":      {Query{Cutoff: geo.Minute, MinHours: 169}, "hours 169: expected 0 to 168 hours a week"},
		"hours not a number":    {Query{Cutoff: geo.Minute, MinHours: math.NaN()}, "hours NaN: expected 0 to 168 hours a week"},
		"fewer hours than none": {Query{Cutoff: geo.Minute, MinHours: -1}, "hours -1: expected 0 to 168 hours a week"},
	} {
		if err := tc.q.Check(); err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
}

// drawing is a text grid: one rune a cell, neighbours to the four sides and the
// two diagonals / (as in a sheared hexagon grid). B blanche, b blanche but
// uninhabited, c couverte.
func drawing(text string) (*grid.Grid, []int32, []int32, []Class) {
	lines := strings.Fields(text)
	w, h := len(lines[0]), len(lines)
	g := &grid.Grid{First: []int32{0}}
	var people []int32
	var class []Class
	for i := range w * h {
		g.Cells = append(g.Cells, grid.Cell(i))
		g.Parts = append(g.Parts, grid.Part{Cell: int32(i), Commune: int32(i / w), AreaKm2: 1})
		g.First = append(g.First, int32(i+1))
		g.Areas = append(g.Areas, 1+float64(i)/1000)
		n, c := int32(10), Couverte
		switch lines[i/w][i%w] {
		case 'B':
			c = Blanche
		case 'b':
			n, c = 0, Blanche
		}
		people, class = append(people, n), append(class, c)
	}
	adj := make([]int32, 0, 6*w*h)
	for i := range w * h {
		for _, d := range [6][2]int{{-1, 0}, {1, 0}, {0, -1}, {0, 1}, {1, -1}, {-1, 1}} {
			x, y := i%w+d[0], i/w+d[1]
			if x < 0 || y < 0 || x >= w || y >= h {
				adj = append(adj, -1)
			} else {
				adj = append(adj, int32(y*w+x))
			}
		}
	}
	return g, adj, people, class
}

func TestZonesOfDrawings(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		want [][]int32 // cells of every zone, most people first
	}{
		"none":                              {"ccc ccc", nil},
		"one cell":                          {"ccc cBc", [][]int32{{4}}},
		"two that do not touch":             {"BcB ccc", [][]int32{{0}, {2}}},
		"the long one first":                {"BcBB ccBc", [][]int32{{2, 3, 6}, {0}}},
		"joined along the / diagonal":       {"cB Bc", [][]int32{{1, 2}}},
		"not joined along the \\ diagonal":  {"Bc cB", [][]int32{{0}, {3}}},
		"a ring with a covered hole":        {"BBB BcB BBB", [][]int32{{0, 1, 2, 3, 5, 6, 7, 8}}},
		"an uninhabited cell joins nothing": {"BbB", [][]int32{{0}, {2}}},
	} {
		g, adj, people, class := drawing(tc.text)
		near := &access.Nearest{Reach: make([]geo.Reach, len(people)), Cost: make([]geo.Cost, len(people)), Site: make([]uint16, len(people))}
		for i := range near.Reach {
			near.Reach[i], near.Cost[i], near.Site[i] = geo.Reached, geo.Cost(i)*geo.Minute, uint16(i%2)
		}
		zones := (&Ground{g, adj, people}).Zones(Blanche, class, near)
		var got [][]int32
		sum := 0
		for _, z := range zones {
			got = append(got, z.Cells)
			sum += z.People
			want := 0.0
			for _, c := range z.Cells {
				want += g.Areas[c]
			}
			if math.Abs(z.AreaKm2-want) > 1e-12 || z.People != 10*len(z.Cells) {
				t.Errorf("%s: zone %v: %v km² and %d people, want %v and %d", name, z.Cells, z.AreaKm2, z.People, want, 10*len(z.Cells))
			}
			inCommunes := 0
			for _, c := range z.Communes {
				inCommunes += c.People
			}
			if inCommunes != z.People {
				t.Errorf("%s: zone %v: communes hold %d of its %d people", name, z.Cells, inCommunes, z.People)
			}
		}
		if d := gocmp.Diff(tc.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		blanche := 0
		for i, c := range class {
			if c == Blanche {
				blanche += int(people[i])
			}
		}
		if sum != blanche {
			t.Errorf("%s: zones hold %d people, %d are in blanche", name, sum, blanche)
		}
	}
}

func TestZoneNamesItsNearestSite(t *testing.T) {
	g, adj, people, class := drawing("BBB")
	near := &access.Nearest{Reach: []geo.Reach{geo.Reached, geo.Reached, geo.NoPath},
		Cost: []geo.Cost{20 * geo.Minute, 30 * geo.Minute, 0}, Site: []uint16{4, 4, access.Nowhere}}
	z := (&Ground{g, adj, people}).Zones(Blanche, class, near)[0]
	if z.Nearest != 4 || z.Median != (geo.Access{Reach: geo.Reached, Cost: 20 * geo.Minute}) {
		t.Errorf("nearest %d median %+v, want site 4 and 20 min", z.Nearest, z.Median)
	}
	near.Reach[0], near.Reach[1] = geo.NoPath, geo.NoPath
	z = (&Ground{g, adj, people}).Zones(Blanche, class, near)[0]
	if z.Nearest != -1 || z.Median.Reach != geo.NoPath {
		t.Errorf("nobody reaches a site: nearest %d, median %+v", z.Nearest, z.Median)
	}
}

// TestFiguresEqualWritingEveryoneDown is the naive twin: one value per person; and
// figures after changes are those of a sample made afresh.
func TestFiguresEqualWritingEveryoneDown(t *testing.T) {
	const seed = 21
	r := rand.New(rand.NewPCG(seed, 0))
	for range 500 {
		var before, after Sample
		var everyone []float64
		var changes []Change
		for range r.IntN(30) {
			v, n, now := uint32(r.IntN(20)), r.IntN(9), uint32(r.IntN(25))
			before.Add(v, n)
			switch r.IntN(4) {
			case 0: // these people have another value
				changes = append(changes, Change{v, -n}, Change{now, n})
				v = now
			case 1: // these have none any more
				changes = append(changes, Change{v, -n})
				continue
			case 2: // more come
				changes = append(changes, Change{v, 3})
				n += 3
			}
			after.Add(v, n)
			for range n {
				everyone = append(everyone, float64(v))
			}
		}
		column, fresh := before.Column(), after.Column()
		got := column.Figures(changes, 1)
		if d := gocmp.Diff(fresh.Figures(nil, 1), got); d != "" {
			t.Fatalf("seed %d: after changes: %s", seed, d)
		}
		if got.Known != (len(everyone) > 0) {
			t.Fatalf("seed %d: known = %v with %d people", seed, got.Known, len(everyone))
		}
		if !got.Known {
			continue
		}
		slices.SortFunc(everyone, cmp.Compare[float64])
		sum := 0.0
		for _, v := range everyone {
			sum += v
		}
		rank := func(p float64) float64 { return everyone[max(0, int(math.Ceil(p*float64(len(everyone))))-1)] }
		want := Distribution{Known: true, P10: rank(0.1), P50: rank(0.5), P90: rank(0.9), Mean: sum / float64(len(everyone))}
		if got != want {
			t.Fatalf("seed %d: figures of %v = %+v, want %+v", seed, everyone, got, want)
		}
	}
}

func TestGapsAddUpAndRank(t *testing.T) {
	const seed = 4
	r := rand.New(rand.NewPCG(seed, 0))
	g, _, people, class := drawing(strings.Repeat("cBBcBc ", 5))
	near := &access.Nearest{Reach: make([]geo.Reach, len(people)), Cost: make([]geo.Cost, len(people)), Site: make([]uint16, len(people))}
	found := &access.Hours{Opening: make([]access.Opening, len(people)), Slots: make([]uint16, len(people)), Lift: make([]uint16, len(people)), Doubt: make([]lieu.Doubt, len(people))}
	for i := range people {
		people[i] = int32(r.IntN(50))
		class[i] = Classes[r.IntN(4)]
		near.Reach[i] = geo.Reach(r.IntN(4))
		near.Cost[i] = geo.Cost(r.IntN(20000))
		found.Opening[i] = access.Opening(r.IntN(3))
	}
	residents := NewResidents(g, people, 5, nil)
	territoire := func(code string, communes ...int32) admin.Territoire {
		tr := admin.Territoire{Ref: admin.Ref{Type: admin.TypeEPCI, Code: code}, Units: communes}
		for _, n := range residents.In(&tr) {
			tr.Population += int(n)
		}
		return tr
	}
	rows := Gaps([]admin.Territoire{territoire("a", 0, 1), territoire("b", 2), territoire("c", 3, 4), territoire("d", 0, 1, 2, 3, 4)},
		residents, DefaultMinHours, class, near, found, func(ref admin.Ref) (float64, bool) { return 8, ref.Code == "b" })
	var sum Tally
	for i, row := range rows {
		people := row.Classes[Couverte] + row.Classes[Grise] + row.Classes[Blanche] + row.Classes[Inconnue]
		if people != row.Territoire.Population {
			t.Errorf("%s: classes add up to %d, population %d", row.Territoire.Code, people, row.Territoire.Population)
		}
		if i < 3 {
			for c := range sum {
				sum[c] += row.Classes[c]
			}
		}
		need := 1.0
		if row.Territoire.Code == "b" {
			need = 8.0 / 5
		}
		want := need * (float64(row.Classes[Blanche]) + float64(row.Classes[Grise])/2 + float64(row.Classes[Inconnue])/4)
		if math.Abs(row.Priority-want) > 1e-9 {
			t.Errorf("%s: priority %v, want %v", row.Territoire.Code, row.Priority, want)
		}
	}
	if sum != rows[3].Classes {
		t.Errorf("the three EPCI hold %v, the whole %v", sum, rows[3].Classes)
	}
	order := slices.Clone(rows)
	slices.SortFunc(order, func(a, b Gap) int { return a.Rank - b.Rank })
	for i := 1; i < len(order); i++ {
		if order[i].Rank != i+1 || order[i].Priority > order[i-1].Priority {
			t.Errorf("rank %d has priority %v after %v", order[i].Rank, order[i].Priority, order[i-1].Priority)
		}
	}
}
