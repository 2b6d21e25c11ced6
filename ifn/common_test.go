package ifn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestCommonIsSaidOnce: what all rows lack and what each lacks beside are together what the
// row's own sentence says, and what is said of all is said of none beside.
func TestCommonIsSaidOnce(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	shared, own := 0, 0
	for range 500 {
		rows := make([]Row, 1+r.IntN(5))
		all := r.Uint32() & r.Uint32() // lacked by all: bits of 12 names, 6 of each kind
		for i := range rows {
			rows[i].Nom = fmt.Sprintf("Lieu %d", i)
			bits := all | r.Uint32()&r.Uint32()
			for k := range 6 {
				if bits>>k&1 == 1 {
					rows[i].Missing = append(rows[i].Missing, Missing{fmt.Sprint("m", k), fmt.Sprint("Manque ", k)})
				}
				if bits>>(k+6)&1 == 1 {
					rows[i].Proxies = append(rows[i].Proxies, fmt.Sprint("Approche ", k))
				}
			}
		}
		c := (&Result{}).Common(rows)
		for i := range rows {
			beside := rows[i].Beside(&c)
			for _, m := range rows[i].Missing {
				name := uncapital(m.Nom)
				if strings.Contains(beside, name) == strings.Contains(c.Sentence(), name) {
					t.Fatalf("%q is said twice or never: %q, of all %q", name, beside, c.Sentence())
				}
			}
			for _, p := range rows[i].Proxies {
				name := uncapital(p)
				if strings.Contains(beside, name) == strings.Contains(c.Sentence(), name) {
					t.Fatalf("%q is said twice or never: %q, of all %q", name, beside, c.Sentence())
				}
				own++
			}
			for _, m := range c.Missing {
				if shared++; !slices.Contains(rows[i].Missing, m) {
					t.Fatalf("%v is not lacked by %s", m, rows[i].Nom)
				}
			}
			if none := (Common{}); rows[i].Beside(&none) != rows[i].Sentence() {
				t.Fatalf("%q beside nothing: %q", rows[i].Sentence(), rows[i].Beside(&none))
			}
		}
	}
	if shared == 0 || own == 0 {
		t.Error("too dull")
	}
}

// TestSparseIsSaid: what too few places have feeds nothing, and the report says how many have it.
func TestSparseIsSaid(t *testing.T) {
	s := mustBuiltin(t, HDF2021)
	table := mustTable(t, Place{Code: "1", Weight: 80}, Place{Code: "2", Weight: 20}, Place{Code: "3", Weight: 5}, Place{Code: "4", Weight: 5}, Place{Code: "5", Weight: 5})
	nan := math.NaN()
	mustSet(t, table, "taux_pauvrete_pct", 12, nan, 6, nan, nan)
	mustSet(t, table, "part_menages_sans_voiture_pct", 12, 3, 6, nan, nan)
	o := Defaults()
	o.MinCoverage = 0.5
	r := mustCompute(t, s, table, o)
	reasons := map[string]string{}
	for _, lack := range r.Completeness.Lacks {
		reasons[lack.Variable] = lack.Reason
		if lack.Variable == "pauvrete" && lack.State != StateUnknown {
			t.Errorf("poverty is %s", lack.State)
		}
	}
	if want := "publié pour 2 territoires sur 5 seulement"; !strings.Contains(reasons["pauvrete"], want) {
		t.Errorf("poverty: %q, want %q", reasons["pauvrete"], want)
	}
	for _, id := range []string{"sans_voiture", "chomage"} {
		if strings.Contains(reasons[id], "seulement") {
			t.Errorf("%s: %q", id, reasons[id])
		}
	}
}
