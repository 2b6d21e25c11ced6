package api

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/api/page"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/figures"
)

// TestFragilityIsToldOnce: every person of a territoire is in one band, which is that of
// their commune; cells carry the same scores; and the edition tells the bounds.
func TestFragilityIsToldOnce(t *testing.T) {
	s, e := serving(t, Options{})
	bounds, scores := figures.FragilityBounds(e), figures.CommuneScores(e)
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
				for _, part := range e.ByCommune[commune] {
					want[band] += int(e.People[part])
				}
			}
			if want[len(bounds)+1] == 0 {
				want = want[:len(bounds)+1]
			}
			var got []int
			for _, row := range page.FragilityRows(e, territoire) {
				got = append(got, countIn(row.People))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v people by band, want %v", territoire.Nom, got, want)
			}
		}
	}
	column := get(t, s, "/api/v1/acces?mesure=ifn").Body.Bytes()
	for row, commune := range s.current.Load().Homes {
		got := binary.LittleEndian.Uint16(column[2*row:])
		if score := scores[commune]; math.IsNaN(score) != (got == data.NoValue) || got != data.NoValue && int(got) != figures.Tenth(score) {
			t.Fatalf("row %d: %d, the commune has %v", row, got, score)
		}
	}
	if about := getJSON[data.AboutJSON](t, s, "/api/v1/edition"); !slices.Equal(about.IFNBounds, bounds) {
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
