package ifn

import (
	"fmt"
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
