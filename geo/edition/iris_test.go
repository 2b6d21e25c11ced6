package edition

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/store"
)

// irisOf is what is known of an IRIS in a made-up world; NaN: unknown, secret or not published.
type irisOf struct {
	code                           string
	people, income, carless, homes float64
	told                           bool // the share of households without car is published beside its counts
}

const (
	incomeColumn  = "revenu_declare_median_uc_eur"
	carlessColumn = "part_menages_sans_voiture_pct"
)

// naiveJoin joins IRIS into a commune of so many people, by the rules alone: all IRIS must have
// people, or be the commune; half of the commune's people must be behind a mean; counts known of
// all IRIS that hold nearly everybody, or of which nobody knows the people, make the percentage.
func naiveJoin(all []irisOf, commune float64, column string) float64 {
	known, people := true, 0.0
	for _, x := range all {
		known = known && !math.IsNaN(x.people)
		people += x.people
	}
	whole := len(all) == 1 && strings.HasSuffix(all[0].code, "0000")
	covered := 0.0 // share of the commune's people
	switch {
	case known:
		covered = math.Min(1, people/commune)
	case whole:
		covered = 1
	}
	value := func(x irisOf) float64 {
		switch {
		case column == incomeColumn:
			return x.income
		case x.told:
			return 100 * x.carless / x.homes
		}
		return math.NaN()
	}
	given := false
	sum, behind, total := 0.0, 0.0, 0.0
	for _, x := range all {
		n := x.people
		if whole && math.IsNaN(n) {
			n = 1
		}
		total += n
		if v := value(x); !math.IsNaN(v) {
			given = true
			sum, behind = sum+n*v, behind+n
		}
	}
	if !given {
		return math.NaN()
	}
	if column == carlessColumn {
		carless, homes := 0.0, 0.0
		for _, x := range all {
			carless, homes = carless+x.carless, homes+x.homes
		}
		if ok := !math.IsNaN(carless) && !math.IsNaN(homes); ok && (covered >= 0.5 || covered == 0 && len(all) > 1) {
			return 100 * carless / homes
		} else if ok {
			return math.NaN()
		}
	}
	if covered == 0 || !(behind/total*covered >= 0.5) {
		return math.NaN()
	}
	return sum / behind
}

// TestIRISJoinsInRandomWorlds: communes get of their IRIS what the rules say, with some values
// secret, some people unknown, some IRIS missing, and some communes with values of their own.
func TestIRISJoinsInRandomWorlds(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	commune := [5]float64{1000, 3000, 500, 500, 2000} // as indicated has them
	joined, unknown, own := 0, 0, 0
	for n := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, n))
		lost := math.NaN()
		maybe := func(v float64, secret int) float64 {
			if r.IntN(100) < secret {
				return lost
			}
			return v
		}
		var rows []store.Variable
		give := func(level store.Level, code, name string, v float64) {
			if !math.IsNaN(v) {
				rows = append(rows, variable(level, code, name, v))
			}
		}
		want := map[string][5]float64{incomeColumn: {lost, lost, lost, lost, lost}, carlessColumn: {lost, lost, lost, lost, lost}}
		secret := []int{0, 5, 40}[r.IntN(3)]
		for c, all := range commune {
			code := fmt.Sprintf("0200%d", c+1)
			var list []irisOf
			for k := range r.IntN(6) {
				share := all * (0.05 + r.Float64()*0.6)
				x := irisOf{code: fmt.Sprintf("%s%04d", code, 101+k), people: maybe(math.Ceil(share), secret/4), income: maybe(float64(8000+r.IntN(30000)), secret),
					homes: maybe(float64(1+r.IntN(900)), secret/4)}
				x.carless = maybe(math.Floor(x.homes*r.Float64()), secret/4)
				x.told = !math.IsNaN(x.carless) && !math.IsNaN(x.homes) && r.IntN(10) > 0
				list = append(list, x)
			}
			if len(list) == 1 && r.IntN(2) == 0 {
				list[0].code = code + "0000"
			}
			var there []irisOf // those of which something is published
			for _, x := range list {
				before := len(rows)
				give(store.LevelIRIS, x.code, peopleColumn, x.people)
				give(store.LevelIRIS, x.code, incomeColumn, x.income)
				give(store.LevelIRIS, x.code, "menages_nb", x.homes)
				give(store.LevelIRIS, x.code, "menages_sans_voiture_nb", x.carless)
				if x.told {
					give(store.LevelIRIS, x.code, carlessColumn, 100*x.carless/x.homes)
				}
				if len(rows) > before {
					there = append(there, x)
				}
			}
			for name, values := range want {
				if values[c] = naiveJoin(there, all, name); r.IntN(6) == 0 { // published for the commune itself
					values[c] = 50 + float64(r.IntN(50))
					own++
					give(store.LevelCommune, code, name, values[c])
				}
				want[name] = values
			}
		}
		p := &published{}
		p.add("iris", "2021", rows...)
		j, err := indicated(t, p).communes()
		if err != nil {
			t.Fatal(err)
		}
		for name, values := range want {
			for c, w := range values {
				at, _ := j.table.Row(fmt.Sprintf("0200%d", c+1))
				got := j.table.Value(name, at)
				if math.IsNaN(w) != !got.Known || got.Known && math.Abs(got.V-w) > 1e-9*math.Abs(w)+1e-9 {
					t.Fatalf("seed %d, world %d: %s of commune %d: %+v, want %v\n%v", seed, n, name, c+1, got, w, rows)
				}
				if got.Known {
					joined++
				} else {
					unknown++
				}
			}
		}
	}
	t.Logf("%d known, of them %d published for the commune, %d unknown", joined, own, unknown)
	if joined-own < 200 || unknown < 200 {
		t.Error("too dull")
	}
}
