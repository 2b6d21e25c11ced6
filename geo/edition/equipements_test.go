package edition_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
)

// TestNearestEquipementIsTheCheapestOfAll: on random territories, by every mode, what is kept
// is the least of single searches to each equipement, the first of equals; and the times of
// the index are sums over people of the lesser of that and the way to a lieu.
func TestNearestEquipementIsTheCheapestOfAll(t *testing.T) {
	ctx := context.Background()
	compared, atCommune, byLieu := 0, 0, 0
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 53))
		in := editiontest.Small(r)
		e := editiontest.Build(t, in, editiontest.SmallParams())
		rows := slices.Clone(in.PlaceRows)
		slices.SortStableFunc(rows, func(a, b equipement.Equipement) int { return int(a.Category) - int(b.Category) })
		at := make([]network.Site, len(rows))
		always := lieu.Horaires{Known: true}
		for slot := range lieu.SlotsPerCycle {
			always.Slots.Add(slot)
		}
		for i, x := range rows {
			if at[i] = (network.Site{At: x.At, Horaires: &always}); x.Placement == equipement.ByCommune {
				atCommune++
				at[i].At = mostInhabited(e, x.Commune)
			}
		}
		for _, m := range e.Params.Modes {
			net := e.Travel(m)
			from, err := net.Starts(ctx, e.Origins)
			if err != nil {
				t.Fatal(err)
			}
			to, err := net.Sites(ctx, at)
			if err != nil {
				t.Fatal(err)
			}
			// best is the nearest row of a category from a part, by single searches.
			best := make([][equipement.NumCategories]geo.Access, len(e.People))
			which := make([][equipement.NumCategories]int, len(e.People))
			for i, x := range rows {
				field := net.NewSearch().Nearest(from, to, []int32{int32(i)})
				for p := range best {
					a, _ := field.At(int32(p))
					if b := &best[p][x.Category]; edition.Nearer(a, *b) {
						*b, which[p][x.Category] = a, i
					}
				}
			}
			for c, closest := range e.Closest[m] {
				has := slices.ContainsFunc(rows, func(x equipement.Equipement) bool { return int(x.Category) == c })
				if has != (closest != nil) {
					t.Fatalf("seed %d, %s, %s: computed = %v", seed, m, equipement.Category(c), closest != nil)
				}
				for p := 0; has && p < len(best); p++ {
					compared++
					got, want := closest.At(int32(p)), best[p][c]
					if got != want {
						t.Fatalf("seed %d, %s, %s, part %d: %+v; single searches give %+v", seed, m, equipement.Category(c), p, got, want)
					}
					if got.Reach == geo.Reached && e.Equipements[closest.Place[p]].ID != rows[which[p][c]].ID {
						t.Fatalf("seed %d, %s, %s, part %d: to %s; want %s", seed, m, equipement.Category(c), p, e.Equipements[closest.Place[p]].ID, rows[which[p][c]].ID)
					}
				}
			}
			communes := e.Division.Territoires(admin.TypeCommune)
			for _, column := range e.TimeColumns(m, communes) {
				for i, c := range communes {
					people, sum, unreached := 0.0, 0.0, 0
					for _, p := range e.ByCommune[c.Communes[0]] {
						minutes, ok := -1.0, false
						for _, category := range column.Categories {
							if a := best[p][category]; a.Reach == geo.Reached && (!ok || a.Cost.Minutes() < minutes) {
								minutes, ok = a.Cost.Minutes(), true
							}
						}
						if column.Service != edition.NoService {
							if a := e.Access[m].Nearest[column.Service].At(p); a.Reach == geo.Reached && (!ok || a.Cost.Minutes() < minutes) {
								minutes, ok = a.Cost.Minutes(), true
								byLieu++
							}
						}
						if !ok {
							unreached += int(e.People[p])
							continue
						}
						people, sum = people+float64(e.People[p]), sum+float64(e.People[p])*minutes
					}
					if column.Unreached[i] != unreached {
						t.Fatalf("seed %d, %s, %s, %s: %d inhabitants reach none; want %d", seed, m, column.Name, c.Code, column.Unreached[i], unreached)
					}
					if got := column.Minutes[i]; (people > 0) != (got == got) || people > 0 && (got-sum/people > 1e-9 || sum/people-got > 1e-9) {
						t.Fatalf("seed %d, %s, %s, %s: %v min; want %v", seed, m, column.Name, c.Code, got, sum/people)
					}
				}
			}
		}
		back := decoded(t, e)
		if d := cmp.Diff(e.Equipements, back.Equipements) + cmp.Diff(e.EquipementSources, back.EquipementSources) + cmp.Diff(e.Closest, back.Closest); d != "" {
			t.Fatalf("seed %d: written and read: %s", seed, d)
		}
	}
	t.Logf("%d journeys compared, %d equipements placed at their commune, %d parts nearer to a lieu", compared, atCommune, byLieu)
	if compared < 10_000 || atCommune < 20 || byLieu < 100 {
		t.Error("too dull to prove anything")
	}
}

// mostInhabited is where journeys from the part of a commune with most people start.
func mostInhabited(e *edition.Edition, code string) geo.LonLat {
	c, _ := e.Division.Commune(code)
	best := e.ByCommune[c][0]
	for _, p := range e.ByCommune[c] {
		if e.People[p] > e.People[best] || e.People[p] == e.People[best] && p < best {
			best = p
		}
	}
	return e.Origins[best]
}

// TestWithoutEquipementsTheirTimesAreUnknown: no dataset, no column; nobody is far.
func TestWithoutEquipementsTheirTimesAreUnknown(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 53))
	in := editiontest.Small(r)
	in.PlaceRows = nil
	for i := range in.LieuRows {
		in.LieuRows[i].Dispositif = ""
	}
	e := editiontest.Build(t, in, editiontest.SmallParams())
	table, err := e.Indicators(admin.TypeCommune)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range e.TimeColumns(geo.Car, nil) {
		names = append(names, c.Name)
	}
	if want := []string{edition.ColumnSkills, edition.ColumnSteps}; !slices.Equal(names, want) {
		t.Errorf("columns %v; want %v", names, want)
	}
	for _, name := range []string{edition.ColumnPublic, edition.ColumnEmergency, edition.ColumnGeneralist, edition.ColumnSpecialist} {
		if slices.Contains(table.Columns(), name) {
			t.Errorf("%s is a column", name)
		}
	}
}
