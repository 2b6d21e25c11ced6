package export_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/export"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
)

// timeOf is the time of a part in a column, by looking at every journey that may count.
func timeOf(e *edition.Edition, k int, m geo.Mode, part int) (minutes float64, known bool) {
	minutes = math.Inf(1)
	column := edition.AccessColumnAt(k)
	for _, category := range column.Categories {
		if c := e.Closest[m][category]; c != nil {
			known = true
			if a := c.At(int32(part)); a.Reach == geo.Reached {
				minutes = min(minutes, a.Cost.Minutes())
			}
		}
	}
	if column.Service == lieu.FranceServices && slices.ContainsFunc(e.Sites, func(s lieu.Site) bool { return s.FranceServices }) {
		known = true
		near := &e.Access[m].Nearest[column.Service]
		if a := near.At(int32(part)); a.Reach == geo.Reached {
			minutes = min(minutes, a.Cost.Minutes())
		}
	}
	return minutes, known
}

// TestTimesInTables: the times to care and to public services of every cell and territoire, in
// the tables that every export is written from, are the means over their people; empty where
// nobody says where the places are, or nobody gets there.
func TestTimesInTables(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	told, empty := 0, 0
	for n := range uint64(25) {
		e := editiontest.Build(t, editiontest.Small(rand.New(rand.NewPCG(seed, n))), editiontest.SmallParams())
		m := e.Params.Query().Mode
		results, err := export.Of(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range results.Layers {
			if l.Name != "cells" && !slices.ContainsFunc(l.Columns, func(c store.Column) bool { return c.Name == "rang" && strings.Contains(c.Title, "priorité") }) {
				continue
			}
			at := func(name string) int {
				i := slices.IndexFunc(l.Columns, func(c store.Column) bool { return c.Name == name })
				if i < 0 {
					t.Fatalf("%s has no column %s", l.Name, name)
				}
				return i
			}
			for row := range l.Rows {
				people := make([]int, len(e.People)) // of the row
				if l.Name == "cells" {
					for p, part := range e.Grid.Parts {
						if e.Grid.Cells[part.Cell].String() == row.Values[at("h3")] {
							people[p] = int(e.People[p])
						}
					}
				} else {
					x, ok := e.Division.Find(admin.Ref{Type: admin.Type(row.Values[at("type")].(string)), Code: row.Values[at("code")].(string)})
					if !ok {
						t.Fatalf("%v is no territoire", row.Values)
					}
					for _, u := range x.Units {
						for p, n := range e.Residents.Of(u) {
							people[p] += int(n)
						}
					}
				}
				for _, k := range edition.PlaceColumns() {
					name := edition.AccessColumnAt(k).Name
					sum, all, far, known := 0.0, 0, 0, false
					for p, n := range people {
						minutes, some := timeOf(e, k, m, p)
						known = known || some
						if math.IsInf(minutes, 1) {
							far += n
						} else {
							sum, all = sum+minutes*float64(n), all+n
						}
					}
					column := l.Columns[at(name)]
					if !strings.Contains(column.Title, m.Phrase()) || column.Unit != "minutes" || known == strings.Contains(column.Title, "inconnu") {
						t.Fatalf("seed %d, %d: %s: %+v", seed, n, l.Name, column)
					}
					switch got := row.Values[at(name)].(type) {
					case nil:
						if known && all > 0 {
							t.Fatalf("seed %d, %d: %s: %s is empty, want %v", seed, n, l.Name, name, sum/float64(all))
						}
						empty++
					case float64:
						if !known || math.Abs(got-sum/float64(all)) > 0.00501 {
							t.Fatalf("seed %d, %d: %s: %s is %v, want %v (known: %v)", seed, n, l.Name, name, got, sum/float64(all), known)
						}
						told++
					}
					if l.Name == "cells" {
						continue
					}
					if got := row.Values[at(strings.TrimSuffix(name, "_min")+"_non_atteint_hab")]; known && got != int64(far) || !known && got != nil {
						t.Fatalf("seed %d, %d: %s: %s: %v reach none, want %d (known: %v)", seed, n, l.Name, name, got, far, known)
					}
				}
			}
		}
	}
	if told == 0 || empty == 0 {
		t.Errorf("%d times, %d unknown: too dull", told, empty)
	}
}
