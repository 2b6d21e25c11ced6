package api

import (
	"net/http"
	"testing"

	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// TestAMomentCountsEverybody: at any moment, the states add up to the population of the
// whole and of every territoire; the week says what asking each half-hour does; and who has
// no lieu within reach at a moment is in a zone blanche.
func TestAMomentCountsEverybody(t *testing.T) {
	s, e := serving(t, Options{})
	type answer struct {
		Moment      string
		People      momentPeople
		Territoires []momentRow
		Week        momentWeek
	}
	sum := func(p momentPeople) int { return p.Ouvert + p.Parfois + p.Inconnu + p.Ferme + p.Aucun }
	gaps := getJSON[struct {
		Territoires []struct {
			Code       string
			Population int
			Classes    struct{ Blanche int }
		}
	}](t, s, "/api/v1/gaps?level=commune&mode=walk&cutoff=5")
	open := 0
	for slot := 0; slot < lieu.SlotsPerWeek; slot += 7 * halfHour {
		at := momentText(slot)
		got := getJSON[answer](t, s, "/api/v1/moment?level=commune&mode=walk&cutoff=5&moment="+at)
		if got.Moment != at || sum(got.People) != e.Total || len(got.Week.Ouvert) != 336 {
			t.Errorf("%s: %+v, %d half-hours", at, got.People, len(got.Week.Ouvert))
		}
		if got.Week.Ouvert[slot/halfHour] != got.People.Ouvert || got.Week.Parfois[slot/halfHour] != got.People.Parfois {
			t.Errorf("%s: the week says %d and %d, the moment %+v", at, got.Week.Ouvert[slot/halfHour], got.Week.Parfois[slot/halfHour], got.People)
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
		if row >= int(e.Pyramid.Levels[len(e.Pyramid.Levels)-1].First) && len(s.current.Load().partsOf(e.Pyramid.Levels[len(e.Pyramid.Levels)-1], int32(row))) == 1 &&
			(v == 5) != (classes[row] == classNumber[coverage.Blanche]) {
			t.Errorf("row %d: %d, class %d", row, v, classes[row])
		}
	}
	for _, wrong := range []string{"", "8T10:00", "0T10:00", "3T24:00", "3T1:00", "mercredi", "3T10:60", "3T10"} {
		if rec := do(s, http.MethodGet, "/api/v1/moment?moment="+wrong); rec.Code != http.StatusBadRequest {
			t.Errorf("moment %q: %d", wrong, rec.Code)
		}
	}
}
