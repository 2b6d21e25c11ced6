package ifn_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/aisne-numerique/maillage/ifn"
)

var rewrite = flag.Bool("rewrite", false, "write testdata/twin.json again")

// The map computes the index for weights that a hand moves (api/web/src/need/model.ts). Its
// test reads this file, so that what it computes is what the program does.
const twinFile = "twin.json"

type twin struct {
	MinCompleteness float64      `json:"min_completeness"`
	SubIndices      []twinWeight `json:"sub_indices"`
	Variables       []twinWeight `json:"variables"`
	Rows            []twinRow    `json:"rows"`
	Cases           []twinCase   `json:"cases"`
}

type twinWeight struct {
	ID       string  `json:"id"`
	SubIndex string  `json:"sub_index,omitempty"`
	Weight   float64 `json:"weight"`
}

// twinRow is what the map is given of a row: see /api/v1/ifn/points.
type twinRow struct {
	Points map[string]float64 `json:"points"`
	Known  map[string]float64 `json:"known,omitempty"`
}

// twinCase is what the program answers for weights; what is unknown is absent.
type twinCase struct {
	Weights string       `json:"weights"`
	Error   bool         `json:"error,omitempty"` // weights that leave nothing to compute
	Rows    []twinAnswer `json:"rows,omitempty"`
}

type twinAnswer struct {
	Score        *float64            `json:"score,omitempty"`
	Subs         map[string]*float64 `json:"subs"`
	Completeness float64             `json:"completeness"`
	Rank         int                 `json:"rank,omitempty"`
}

// makeTwin draws a table with gaps, and answers it under many weights. Values are few, so
// that ranks are often shared.
func makeTwin(t *testing.T, seed uint64) twin {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0))
	s := twinStructure(t)
	const rows = 60
	places := make([]ifn.Place, rows)
	for i := range places {
		places[i] = ifn.Place{Code: fmt.Sprintf("02%03d", i), Nom: fmt.Sprintf("Commune %d", i), Weight: 1 + float64(random.IntN(900))}
	}
	table, err := ifn.NewTable(places)
	if err != nil {
		t.Fatal(err)
	}
	for c, column := range s.Columns() {
		if c%5 == 4 {
			continue // what nothing feeds
		}
		for _, p := range places {
			if random.IntN(4) > 0 {
				if err := table.Set(p.Code, column, float64(random.IntN(9))); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	o := ifn.Defaults()
	o.MinCompleteness, o.Draws = 0.3, 0
	base, err := s.Compute(table, o)
	if err != nil {
		t.Fatal(err)
	}
	out := twin{MinCompleteness: o.MinCompleteness, Rows: twinRows(base)}
	for _, sub := range s.SubIndices {
		out.SubIndices = append(out.SubIndices, twinWeight{ID: sub.ID, Weight: sub.Weight})
		for _, v := range sub.Variables {
			out.Variables = append(out.Variables, twinWeight{ID: v.ID, SubIndex: sub.ID, Weight: v.Weight})
		}
	}
	lists := []string{"", "people:0", "places:0.5,people:3", "places:0,people:0", "places_1:0,places_2:0,places_3:0,places_4:0",
		"places:0,places_1:0,places_2:0,places_3:0,places_4:0", "places_3:3", "people_1:3,people_6:0.5,places_1:0"}
	for range 12 {
		w := ifn.Weights{SubIndices: map[string]float64{}, Variables: map[string]float64{}}
		for _, sub := range out.SubIndices {
			w.SubIndices[sub.ID] = float64(1+random.IntN(6)) / 2
		}
		for _, v := range out.Variables {
			w.Variables[v.ID] = float64(random.IntN(7)) / 2
		}
		lists = append(lists, w.String())
	}
	for _, list := range lists {
		out.Cases = append(out.Cases, answer(s, table, o, list))
	}
	return out
}

// twinStructure is a sub-index of four variables, the third of which has parts of other
// weights, and one of eight.
func twinStructure(t *testing.T) *ifn.Structure {
	t.Helper()
	variable := func(id string, parts ...ifn.Variable) ifn.Variable {
		v := ifn.Variable{ID: id, Nom: id, Direction: 1, Weight: 1, Parts: parts}
		if len(parts) == 0 {
			v.Inputs = []ifn.Input{{Column: id + "_pct"}}
		}
		return v
	}
	near, far := variable("near"), variable("far")
	far.Weight = 3
	places := ifn.SubIndex{ID: "places", Nom: "places", Weight: 1, Variables: []ifn.Variable{variable("places_1"), variable("places_2"), variable("places_3", near, far), variable("places_4")}}
	people := ifn.SubIndex{ID: "people", Nom: "people", Weight: 1}
	for i := range 8 {
		people.Variables = append(people.Variables, variable(fmt.Sprintf("people_%d", i+1)))
	}
	s := &ifn.Structure{Name: "twin", Nom: "twin", Source: "drawn", SubIndices: []ifn.SubIndex{places, people}}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	return s
}

func twinRows(r *ifn.Result) []twinRow {
	out := make([]twinRow, len(r.Rows))
	for i := range r.Rows {
		out[i] = twinRow{Points: map[string]float64{}, Known: map[string]float64{}}
		for v, p := range r.Rows[i].Points {
			if !p.Points.Known {
				continue
			}
			out[i].Points[p.Variable] = p.Points.V
			known, all := 0.0, 0.0
			for k, part := range p.Parts {
				all += r.Sources[v].Parts[k].Weight
				if part.Points.Known {
					known += r.Sources[v].Parts[k].Weight
				}
			}
			if known < all {
				out[i].Known[p.Variable] = known / all
			}
		}
	}
	return out
}

func answer(s *ifn.Structure, table *ifn.Table, o ifn.Options, list string) twinCase {
	if list != "" {
		w, err := ifn.ParseWeightList(list, s)
		if err != nil {
			return twinCase{Weights: list, Error: true}
		}
		o.Weights = w
	}
	r, err := s.Compute(table, o)
	if err != nil {
		return twinCase{Weights: list, Error: true}
	}
	c := twinCase{Weights: list}
	for i := range r.Rows {
		row := &r.Rows[i]
		a := twinAnswer{Score: pointer(row.Score), Subs: map[string]*float64{}, Completeness: row.Completeness, Rank: row.Rank}
		for _, sub := range row.Subs {
			if p := pointer(sub.Score); p != nil {
				a.Subs[sub.ID] = p
			}
		}
		c.Rows = append(c.Rows, a)
	}
	return c
}

func pointer(v ifn.Value) *float64 {
	if !v.Known {
		return nil
	}
	return &v.V
}

func TestTwinOfTheMap(t *testing.T) {
	want := makeTwin(t, 20)
	name := filepath.Join("testdata", twinFile)
	if *rewrite {
		body, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, append(body, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	body, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var got twin
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatal(err)
	}
	scored, unscored, refused := 0, 0, 0
	for c := range want.Cases {
		w, g := &want.Cases[c], &got.Cases[c]
		if w.Weights != g.Weights || w.Error != g.Error || len(w.Rows) != len(g.Rows) {
			t.Fatalf("%s: weights %q: the file says otherwise; go test ./ifn -run TestTwinOfTheMap -rewrite", name, w.Weights)
		}
		if w.Error {
			refused++
		}
		for i := range w.Rows {
			a, b := w.Rows[i], g.Rows[i]
			same := near(a.Score, b.Score) && a.Rank == b.Rank && math.Abs(a.Completeness-b.Completeness) < 1e-12
			for _, sub := range want.SubIndices {
				same = same && near(a.Subs[sub.ID], b.Subs[sub.ID])
			}
			if !same {
				t.Fatalf("%s: weights %q, row %d: the file says otherwise; go test ./ifn -run TestTwinOfTheMap -rewrite", name, w.Weights, i)
			}
			if a.Score == nil {
				unscored++
			} else {
				scored++
			}
		}
	}
	for i := range want.Rows {
		for id, points := range want.Rows[i].Points {
			if math.Abs(points-got.Rows[i].Points[id]) > 1e-12 {
				t.Fatalf("%s: row %d: %s: the file says otherwise", name, i, id)
			}
		}
	}
	// The file is worth reading: rows with and without a score, weights that are refused.
	if scored < 500 || unscored < 20 || refused < 2 {
		t.Errorf("%d rows with a score, %d without, %d weights refused", scored, unscored, refused)
	}
}

// near compares what may be unknown; a processor that fuses multiply and add differs a little.
func near(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return math.Abs(*a-*b) < 1e-12
}
