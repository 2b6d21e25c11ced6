package api

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// TestAMomentCountsEverybody: at any moment, the states add up to the population of the
// whole and of every territoire; the week says what asking each half-hour does; and who has
// no lieu within reach at a moment is in a zone blanche.
func TestAMomentCountsEverybody(t *testing.T) {
	s, e := serving(t, Options{})
	type answer struct {
		Moment      string
		People      data.MomentPeople
		Territoires []data.MomentRow
		Week        data.MomentWeek
	}
	sum := func(p data.MomentPeople) int { return p.Ouvert + p.Parfois + p.Inconnu + p.Ferme + p.Aucun }
	gaps := getJSON[struct {
		Territoires []struct {
			Code       string
			Population int
			Classes    struct{ Blanche int }
		}
	}](t, s, "/api/v1/gaps?level=commune&mode=walk&cutoff=5")
	open := 0
	for slot := 0; slot < lieu.SlotsPerWeek; slot += 14 {
		at := params.MomentText(slot)
		got := getJSON[answer](t, s, "/api/v1/moment?level=commune&mode=walk&cutoff=5&moment="+at)
		if got.Moment != at || sum(got.People) != e.Total || len(got.Week.Ouvert) != 336 {
			t.Errorf("%s: %+v, %d half-hours", at, got.People, len(got.Week.Ouvert))
		}
		if got.Week.Ouvert[slot/2] != got.People.Ouvert || got.Week.Parfois[slot/2] != got.People.Parfois {
			t.Errorf("%s: the week says %d and %d, the moment %+v", at, got.Week.Ouvert[slot/2], got.Week.Parfois[slot/2], got.People)
		}
		open += got.People.Ouvert
		for i, row := range got.Territoires {
			if g := gaps.Territoires[i]; row.Code != g.Code || sum(row.People) != g.Population || row.People.Aucun != g.Classes.Blanche {
				t.Errorf("%s, commune %s: %+v, want %d people, %d far", at, row.Code, row.People, g.Population, g.Classes.Blanche)
			}
		}
	}
	if open == 0 {
		t.Error("nothing is ever open")
	}
	column := get(t, s, "/api/v1/acces?mesure=ouvert&moment=2T10:00&mode=walk&cutoff=5").Body.Bytes()
	classes := get(t, s, "/api/v1/acces?mesure=classe&mode=walk&cutoff=5").Body.Bytes()
	if len(column) != e.Pyramid.Rows {
		t.Fatalf("%d values for %d rows", len(column), e.Pyramid.Rows)
	}
	for row, v := range column {
		if (v == 0) != (classes[row] == 0) || v > 5 {
			t.Errorf("row %d: %d, class %d", row, v, classes[row])
		}
		if row >= int(e.Pyramid.Levels[len(e.Pyramid.Levels)-1].First) && len(figures.PartsOf(e, int32(row))) == 1 &&
			(v == 5) != (classes[row] == data.ClassNumber[coverage.Blanche]) {
			t.Errorf("row %d: %d, class %d", row, v, classes[row])
		}
	}
	for _, wrong := range []string{"", "8T10:00", "0T10:00", "3T24:00", "3T1:00", "mercredi", "3T10:60", "3T10"} {
		if rec := do(s, http.MethodGet, "/api/v1/moment?moment="+wrong); rec.Code != http.StatusBadRequest {
			t.Errorf("moment %q: %d", wrong, rec.Code)
		}
	}
}

// TestACellAtAMoment: its states add up to its people, those of the finest cells to the
// département's; each lieu has the state of its own hours; and those that are open come
// first, as the state of whoever reaches them says.
func TestACellAtAMoment(t *testing.T) {
	s, e := serving(t, Options{})
	hours := map[string]*lieu.Horaires{}
	for i := range e.Sites {
		hours[e.SiteID(int32(i))] = &e.Sites[i].Horaires
	}
	finest := e.Pyramid.Levels[len(e.Pyramid.Levels)-1]
	states := []string{"aucun", "ferme", "inconnu", "parfois", "ouvert"}
	seen := map[string]int{}
	for _, slot := range []int{9*lieu.SlotsPerHour + lieu.SlotsPerDay, params.UsualMoment} {
		var total, whole data.MomentPeople
		for row := int(finest.First); row < e.Pyramid.Rows; row++ {
			address := fmt.Sprintf("/api/v1/acces/%d?cutoff=12&moment=%s", row, params.MomentText(slot))
			cell := getJSON[data.CellJSON](t, s, address)
			p := cell.Moment.People
			if got := p.Ouvert + p.Parfois + p.Inconnu + p.Ferme + p.Aucun; got != cell.People || cell.Moment.Quand != params.MomentText(slot) {
				t.Fatalf("%s: %+v of %d people", address, cell.Moment, cell.People)
			}
			total = data.MomentPeople{Ouvert: total.Ouvert + p.Ouvert, Parfois: total.Parfois + p.Parfois, Inconnu: total.Inconnu + p.Inconnu, Ferme: total.Ferme + p.Ferme, Aucun: total.Aucun + p.Aucun}
			order := []int{}
			for _, l := range cell.Lieux {
				h, open := hours[l.ID], 0
				for week := range lieu.WeeksPerCycle {
					if h.Slots.Has(week*lieu.SlotsPerWeek + slot) {
						open++
					}
				}
				want := "inconnu"
				switch {
				case h.Known && open == lieu.WeeksPerCycle:
					want = "ouvert"
				case h.Known && open > 0:
					want = "parfois"
				case h.Known:
					want = "ferme"
				}
				if l.Moment != want {
					t.Errorf("%s: %s is %q, want %q", address, l.ID, l.Moment, want)
				}
				seen[want]++
				order = append(order, -slices.Index(states, l.Moment))
			}
			if !slices.IsSorted(order) {
				t.Errorf("%s: %+v, not the open first", address, cell.Lieux)
			}
			if p.Ouvert > 0 && cell.Lieux[0].Moment != "ouvert" && cell.Lieux[0].Moment != "parfois" {
				t.Errorf("%s: %d people have an open lieu, and none is listed: %+v", address, p.Ouvert, cell.Lieux)
			}
		}
		whole = getJSON[struct{ People data.MomentPeople }](t, s, "/api/v1/moment?cutoff=12&level=departement&moment="+params.MomentText(slot)).People
		if total != whole {
			t.Errorf("slot %d: cells say %+v, the département %+v", slot, total, whole)
		}
	}
	for _, state := range []string{"ouvert", "inconnu", "ferme"} {
		if seen[state] == 0 {
			t.Errorf("no lieu was %s: %v", state, seen)
		}
	}
	if cell := getJSON[data.CellJSON](t, s, fmt.Sprintf("/api/v1/acces/%d", finest.First)); cell.Moment != nil || len(cell.Lieux) > 0 && cell.Lieux[0].Moment != "" {
		t.Errorf("no moment was asked for: %+v", cell)
	}
}
