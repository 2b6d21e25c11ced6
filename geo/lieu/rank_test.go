package lieu

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestRanksAgainstTheirMeaning makes groups of records of one place and ranks at random, and
// compares what comes of them with the sentence that MergeBy promises, written out.
func TestRanksAgainstTheirMeaning(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	some := []string{"Mo 09:00-12:00", "Tu 14:00-17:00", ""}
	ranked := 0
	for range 300 {
		rank := map[string]int{}
		var all []Lieu
		for i := range 2 + r.IntN(4) {
			l := Lieu{ID: fmt.Sprint("l", i), Nom: "Espace du moulin", Adresse: "2 rue du Moulin", Located: true, Services: Services(r.IntN(8)),
				AccueilInconnu: r.IntN(2) == 0, Source: fmt.Sprint("s", i), MisAJour: time.Date(2024, 1, 1+r.IntN(3), 0, 0, 0, 0, time.UTC)}
			l.At.Lon, l.At.Lat = 3.6, 49.5
			h, err := ParseHoraires(some[r.IntN(len(some))])
			if err != nil {
				t.Fatal(err)
			}
			l.Horaires = h
			rank[l.ID] = r.IntN(3)
			all = append(all, l)
		}
		kept, _ := MergeBy(all, func(l *Lieu) int { return rank[l.ID] })
		if len(kept) != 1 {
			t.Fatalf("%d lieux of one", len(kept))
		}
		got := kept[0]
		// By ranks, from the highest down.
		var levels [][]Lieu
		for level := 2; level >= 0; level-- {
			of := slices.DeleteFunc(slices.Clone(all), func(l Lieu) bool { return rank[l.ID] != level })
			if len(of) > 0 {
				levels = append(levels, of)
			}
		}
		var services Services
		hours, unknown := Horaires{}, true
		for _, of := range levels {
			if services == 0 {
				for _, l := range of {
					services |= l.Services
				}
			}
			alone, _ := Merge(of)
			if !hours.Known {
				hours = alone[0].Horaires
			}
			for _, l := range of {
				unknown = unknown && l.AccueilInconnu
			}
		}
		first, _ := Merge(levels[0])
		if got.ID != first[0].ID || got.Services != services || got.AccueilInconnu != unknown || cmp.Diff(hours, got.Horaires) != "" {
			t.Fatalf("kept %s of services %v, hours %q, unknown %v; want %s, %v, %q, %v; of %+v ranked %v", got.ID, got.Services.List(), got.Horaires.Text, got.AccueilInconnu,
				first[0].ID, services.List(), hours.Text, unknown, all, rank)
		}
		plain, _ := Merge(all)
		if cmp.Diff(plain, kept) != "" {
			ranked++
		}
		same, _ := MergeBy(all, func(*Lieu) int { return 7 })
		if diff := cmp.Diff(plain, same); diff != "" {
			t.Fatalf("records of one rank are not merged as Merge does:\n%s", diff)
		}
	}
	if ranked == 0 {
		t.Error("no rank changed anything")
	}
}
