package api

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
)

// TestFragilityBounds: no cut into five at the scores that there are comes closer to as
// many people below each bound; every person of a territoire is in one band, and the bands
// are those that the column of cells falls in.
func TestFragilityBounds(t *testing.T) {
	e := editiontest.Aisne(t)
	s := New(Options{})
	if err := s.Publish(e); err != nil {
		t.Fatal(err)
	}
	bounds := fragilityBounds(e)
	if len(bounds) != 4 || !slices.IsSorted(bounds) {
		t.Fatalf("bounds %v", bounds)
	}
	scores, largest, total := fragilityScores(e), 0, 0
	atTenth := map[int]int{}
	for i, score := range scores {
		if !math.IsNaN(score) {
			n := peopleOf(e, int32(i))
			total += n
			atTenth[tenth(score)] += n
		}
	}
	for _, n := range atTenth {
		largest = max(largest, n)
	}
	for k, bound := range bounds {
		below := 0
		for at, n := range atTenth {
			if float64(at)/10 < bound {
				below += n
			}
		}
		if want := total * (k + 1) / fragilityBands; below < want || below > want+largest {
			t.Errorf("%d of %d people below %v, want %d to %d", below, total, bound, want, want+largest)
		}
	}
	for _, level := range []admin.Type{admin.TypeDepartement, admin.TypeEPCI} {
		for _, territoire := range e.Division.Territoires(level) {
			want := 0
			for _, commune := range territoire.Communes {
				want += peopleOf(e, commune)
			}
			got := 0
			for _, row := range fragilityRows(e, territoire) {
				got += countIn(row.People)
			}
			if got != want {
				t.Errorf("%s: %d people in bands, want %d", territoire.Nom, got, want)
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
