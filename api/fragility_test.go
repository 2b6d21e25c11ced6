package api

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/admin"
)

// TestBandBounds: they ascend, nobody is alone below the first or above the last, and each
// is the first score with its share of the people below it, so that no band is larger than
// its share by more than the people of one score.
func TestBandBounds(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 1000 {
		people, total, largest := map[int]int{}, 0, 0
		for range random.IntN(60) {
			people[random.IntN(101)] += 1 + random.IntN(1000)
		}
		for _, n := range people {
			total += n
			largest = max(largest, n)
		}
		bounds := bandBounds(people)
		if bounds == nil || len(bounds) >= fragilityBands || !slices.IsSorted(bounds) || len(slices.Compact(slices.Clone(bounds))) != len(bounds) {
			t.Fatalf("%v: bounds %v", people, bounds)
		}
		if len(people) > fragilityBands && fragilityBands*largest <= total && len(bounds) != fragilityBands-1 {
			t.Fatalf("%v: bounds %v, want four", people, bounds)
		}
		for k, bound := range bounds {
			below := 0
			for at, n := range people {
				if float64(at)/10 < bound {
					below += n
				}
			}
			if share := total * (k + 1); fragilityBands*below < share || below == total || k == 0 && fragilityBands*(below-largest) >= share {
				t.Fatalf("%v: %d of %d people below %v", people, below, total, bound)
			}
		}
	}
	if got := bandBounds(map[int]int{10: 7, 20: 7, 30: 7, 40: 7, 50: 7, 60: 7, 70: 7, 80: 7, 90: 7, 100: 7}); !slices.Equal(got, []float64{3, 5, 7, 9}) {
		t.Errorf("bounds %v", got)
	}
}

// TestFragilityIsToldOnce: every person of a territoire is in one band, which is that of
// their commune; cells carry the same scores; and the edition tells the bounds.
func TestFragilityIsToldOnce(t *testing.T) {
	s, e := serving(t, Options{})
	bounds, scores := fragilityBounds(e), fragilityScores(e)
	if len(bounds) == 0 {
		t.Fatal("no bounds")
	}
	for _, level := range []admin.Type{admin.TypeDepartement, admin.TypeEPCI, admin.TypeCommune} {
		for _, territoire := range e.Division.Territoires(level) {
			want := make([]int, len(bounds)+2) // the last: unknown
			for _, commune := range territoire.Communes {
				band := len(bounds) + 1
				if score := scores[commune]; !math.IsNaN(score) {
					band = 0
					for _, bound := range bounds {
						if math.Round(10*score) >= math.Round(10*bound) {
							band++
						}
					}
				}
				want[band] += peopleOf(e, commune)
			}
			if want[len(bounds)+1] == 0 {
				want = want[:len(bounds)+1]
			}
			var got []int
			for _, row := range fragilityRows(e, territoire) {
				got = append(got, countIn(row.People))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v people by band, want %v", territoire.Nom, got, want)
			}
		}
	}
	column := get(t, s, "/api/v1/acces?mesure=ifn").Body.Bytes()
	for row, commune := range s.current.Load().home {
		got := binary.LittleEndian.Uint16(column[2*row:])
		if score := scores[commune]; math.IsNaN(score) != (got == noValue) || got != noValue && int(got) != tenth(score) {
			t.Fatalf("row %d: %d, the commune has %v", row, got, score)
		}
	}
	if about := getJSON[aboutJSON](t, s, "/api/v1/edition"); !slices.Equal(about.IFNBounds, bounds) {
		t.Errorf("the edition tells %v, want %v", about.IFNBounds, bounds)
	}
}

// countIn reads what frenchCount writes.
func countIn(text string) (n int) {
	for _, r := range text {
		if strings.ContainsRune("0123456789", r) {
			n = 10*n + int(r-'0')
		}
	}
	return n
}
