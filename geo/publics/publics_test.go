package publics

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/spread"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/ifn"
)

// TestInputsAreThoseOfTheIndex: a share that the index knows has its counts; all others say
// what they are a share of.
func TestInputsAreThoseOfTheIndex(t *testing.T) {
	s, err := ifn.Builtin(ifn.HDF2021)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, sub := range s.SubIndices {
		for _, v := range sub.Variables {
			known[v.ID] = true
		}
	}
	ids := map[string]bool{}
	for _, k := range Kinds() {
		a := &abouts()[k]
		if ids[a.id] || a.id == "" || a.unit == "" || len(a.meanings) == 0 {
			t.Errorf("kind %d: %q, %q", k, a.id, a.unit)
		}
		ids[a.id] = true
		for _, m := range a.meanings {
			for _, in := range m.inputs {
				if in.Source == "" || in.Part == "" && in.Whole == "" {
					t.Errorf("%s: %q, part %q of whole %q, source %q", a.id, in.Column, in.Part, in.Whole, in.Source)
				}
			}
		}
	}
	for _, id := range []string{"plus_75", "plus_75_isoles", "sans_voiture", "pauvrete", "chomage", "sans_diplome", "jeunes_neet"} {
		if !known[id] || !ids[id] {
			t.Errorf("%s: a variable of the index %v, a kind %v", id, known[id], ids[id])
		}
	}
}

// world is random communes, with what is known of them.
func world(r *rand.Rand) (Inputs, map[string]*Given) {
	communes := 1 + r.IntN(6)
	in := Inputs{Population: make([]int, communes)}
	for c := range in.Population {
		for range 1 + r.IntN(5) {
			n := int32(0)
			if r.IntN(3) > 0 {
				n = int32(r.IntN(400))
			}
			in.Parts = append(in.Parts, grid.Part{Commune: int32(c), AreaKm2: 0.1})
			in.People = append(in.People, n)
			in.Population[c] += int(n)
		}
	}
	given := map[string]*Given{}
	for _, a := range abouts() {
		for _, m := range a.meanings {
			for _, x := range m.inputs {
				for _, name := range []string{x.Column, x.Part, x.Whole} {
					if name == "" || r.IntN(3) == 0 {
						continue
					}
					g := &Given{Vintage: "2022"}
					for c := range in.Population {
						v := r.Float64() * 100
						if name == x.Part {
							v = r.Float64() * float64(in.Population[c])
						}
						if r.IntN(4) == 0 {
							v = math.NaN()
						}
						g.Values = append(g.Values, v)
					}
					given[name] = g
				}
			}
		}
	}
	in.Column = func(name string) *Given { return given[name] }
	if r.IntN(2) == 0 {
		in.Squares = &Squares{Covered: make([]bool, communes), Source: "carreaux", Vintage: "2019"}
		for c := range in.Squares.Covered {
			in.Squares.Covered[c] = r.IntN(3) > 0
		}
		for range in.Parts {
			var s spread.Counts
			for k := range s.Number {
				s.Number[k] = r.Float64() * 20 * float64(r.IntN(2))
				s.Imputed[k] = s.Number[k] * r.Float64()
				s.Unknown[k] = r.IntN(20) == 0
			}
			in.Squares.Counts = append(in.Squares.Counts, s)
		}
	}
	return in, given
}

// naive is what is known of a kind in a commune, as it is told in words.
func naive(in Inputs, given map[string]*Given, k Kind, c int) (n float64, squares, known bool) {
	a := &abouts()[k]
	if s := in.Squares; s != nil && s.Covered[c] && a.square != nil {
		known = true
		for p, part := range in.Parts {
			if int(part.Commune) != c {
				continue
			}
			for count := range a.square {
				n += s.Counts[p].Number[count]
				known = known && !s.Counts[p].Unknown[count]
			}
		}
		if known {
			return n, true, true
		}
	}
	at := func(name string, c int) float64 {
		if g := given[name]; g != nil && name != "" {
			return g.Values[c]
		}
		return math.NaN()
	}
	of := func(m meaning, c int) float64 {
		for _, x := range m.inputs {
			whole := at(x.Whole, c)
			if x.Whole == "population_nb" && math.IsNaN(whole) {
				whole = float64(in.Population[c])
			}
			for _, v := range []float64{at(x.Part, c), at(x.Column, c) / 100 * whole} {
				if !math.IsNaN(v) {
					return v
				}
			}
		}
		return math.NaN()
	}
	for _, m := range a.meanings {
		for other := range in.Population {
			if !math.IsNaN(of(m, other)) {
				n = of(m, c)
				return n, false, !math.IsNaN(n)
			}
		}
	}
	return 0, false, false
}

// TestAgainstPartByPart builds tables of random worlds, and adds them up: a commune has what
// is known of it to the thousandth, classes and communes add up, what is unknown is counted.
func TestAgainstPartByPart(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	some := 0
	for n := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, n))
		in, given := world(r)
		table := Build(in)
		if table == nil {
			continue
		}
		if err := table.Check(len(in.Parts), len(in.Population)); err != nil {
			t.Fatalf("seed %d, world %d: %v", seed, n, err)
		}
		class := make([]coverage.Class, len(in.Parts))
		for p := range class {
			class[p] = coverage.Classes[r.IntN(len(coverage.Classes))]
		}
		residents := coverage.NewResidents(&grid.Grid{Parts: in.Parts}, in.People, len(in.Population), nil)
		byUnit := table.ByUnit(residents, in.Parts, class)
		var whole Sum
		for c := range in.Population {
			whole.Plus(&byUnit[c])
		}
		for _, k := range Kinds() {
			var all, imputed int64
			unknown := 0
			var classes [coverage.NumClasses]int64
			for p, part := range in.Parts { // one by one
				amount := int64(table.Amount[p*NumKinds+int(k)])
				all += amount
				imputed += int64(table.Imputed[p*NumKinds+int(k)])
				classes[class[p]] += amount
				if !table.KnownIn(part.Commune, k) {
					unknown += int(in.People[p])
				}
				if in.People[p] == 0 && amount != 0 {
					t.Fatalf("seed %d, world %d: %s: %d where nobody lives", seed, n, k, amount)
				}
			}
			for c := range classes {
				if whole.Amount[c][k] != classes[c] {
					t.Fatalf("seed %d, world %d: %s, class %d: %d; part by part %d", seed, n, k, c, whole.Amount[c][k], classes[c])
				}
			}
			if whole.Total(k) != all || whole.Imputed[k] != imputed || whole.Unknown[k] != unknown {
				t.Fatalf("seed %d, world %d: %s: %d, imputed %d, unknown %d; part by part %d, %d, %d", seed, n, k, whole.Total(k), whole.Imputed[k], whole.Unknown[k], all, imputed, unknown)
			}
			for c := range in.Population {
				want, squares, known := naive(in, given, k, c)
				if known != table.KnownIn(int32(c), k) {
					t.Fatalf("seed %d, world %d: %s in commune %d: known %v, want %v", seed, n, k, c, !known, known)
				}
				if !known || in.Population[c] == 0 {
					continue
				}
				some++
				if got := float64(byUnit[c].Total(k)) / Thousandth; math.Abs(got-want) > 0.5001/Thousandth {
					t.Fatalf("seed %d, world %d: %s in commune %d: %v, want %v (by squares: %v)", seed, n, k, c, got, want, squares)
				}
			}
		}
		body, err := json.Marshal(table.Of(whole))
		if err != nil {
			t.Fatal(err)
		}
		var told map[string]struct {
			Unit                               string
			Couverte, Grise, Blanche, Inconnue float64
			UnknownPeople                      int `json:"unknown_people"`
			Estimate                           bool
			Source, Vintage                    string
		}
		if err := json.Unmarshal(body, &told); err != nil {
			t.Fatal(err)
		}
		for _, k := range Kinds() {
			e, there := told[k.String()]
			if there != (table.Columns[k].Known && whole.Unknown[k] < whole.People) {
				t.Fatalf("seed %d, world %d: %s is told: %v", seed, n, k, there)
			}
			if there && (math.Round((e.Couverte+e.Grise+e.Blanche+e.Inconnue)*Thousandth) != float64(whole.Total(k)) || e.UnknownPeople != whole.Unknown[k] || e.Source == "") {
				t.Fatalf("seed %d, world %d: %s: %+v, want %d", seed, n, k, e, whole.Total(k))
			}
		}
	}
	if some == 0 {
		t.Error("nothing was known")
	}
}

// TestMoveIsTheOtherClass: moving is adding to the other class, whatever the share of a part.
func TestMoveIsTheOtherClass(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for n := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, n))
		in, _ := world(r)
		table := Build(in)
		if table == nil {
			continue
		}
		for p, of := range in.People {
			if of == 0 {
				continue
			}
			l := Live{int32(p), in.Parts[p].Commune, 1 + r.Int32N(of), of}
			var moved, want Sum
			table.Add(&moved, l, coverage.Blanche)
			table.Move(&moved, l, coverage.Blanche, coverage.Couverte)
			table.Add(&want, l, coverage.Couverte)
			if moved != want {
				t.Fatalf("seed %d, world %d, part %d: %+v, want %+v", seed, n, p, moved, want)
			}
		}
	}
}

// TestSquaresShareOutWhatIsKnown: a known number of a commune goes where squares say
// that such people live.
func TestSquaresShareOutWhatIsKnown(t *testing.T) {
	in := Inputs{Parts: []grid.Part{{AreaKm2: 1}, {AreaKm2: 1}}, People: []int32{50, 50}, Population: []int{100}}
	in.Column = func(name string) *Given {
		if name == "population_75_ans_et_plus_nb" {
			return &Given{Values: []float64{8}, Vintage: "2022"}
		}
		return nil
	}
	counts := make([]spread.Counts, 2)
	counts[0].Number[store.SquareAged80], counts[1].Number[store.SquareAged65To79] = 3, 3
	in.Squares = &Squares{Counts: counts, Covered: []bool{true}, Source: "carreaux", Vintage: "2021"}
	table := Build(in)
	if a, b := table.Amount[Aged75], table.Amount[NumKinds+int(Aged75)]; a != 6000 || b != 2000 {
		t.Errorf("8 people of 75 and over: %d and %d thousandths; want 6000 where 3 are of 80, 2000 where 3 are of 65 to 79", a, b)
	}
	if c := table.Columns[Aged75]; !c.Estimate || c.Vintage != "2022" || c.Shares != 1 {
		t.Errorf("75 and over: %+v", c)
	}
	if c := table.Columns[Aged80]; c.Estimate || c.Vintage != "2021" || c.Squares != 1 || table.Amount[Aged80] != 3000 {
		t.Errorf("80 and over: %+v, %d thousandths", c, table.Amount[Aged80])
	}
}
