package figures_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
)

func TestFollow(t *testing.T) {
	q := edition.QueryJSON{CutoffMin: 15, MinHours: 17.5}
	cells := func(all ...any) (out []edition.RecordCell) {
		for i := 0; i < len(all); i += 2 {
			out = append(out, edition.RecordCell{Cell: all[i].(string), People: all[i+1].(int)})
		}
		return out
	}
	reference := &edition.Record{Resolution: 9, Params: q, Blanches: cells("a", 100, "b", 50, "c", 10),
		Lieux: []edition.RecordLieu{{ID: "old", Cell: "a"}}}
	later := &edition.Record{Resolution: 9, Params: q, Blanches: cells("b", 20, "c", 15, "d", 99),
		Lieux: []edition.RecordLieu{{ID: "new", Cell: "a"}, {ID: "old", Cell: "a"}, {ID: "elsewhere", Cell: "d"}, {ID: "nowhere"}}}
	got, ok := figures.Follow(reference, later)
	want := figures.Followed{ZonePeople: 160, CoveredPeople: 130, NewLieux: []edition.RecordLieu{{ID: "new", Cell: "a"}}}
	if diff := cmp.Diff(want, got); diff != "" || !ok || got.Share() != 0.8125 {
		t.Errorf("Follow() = %v, share %v (-want +got):\n%s", ok, got.Share(), diff)
	}
	if got, ok := figures.Follow(&edition.Record{Resolution: 9, Params: q}, later); !ok || got.Share() != 1 {
		t.Errorf("a reference without zones: %+v, %v; all of nobody is covered", got, ok)
	}
	for what, other := range map[string]*edition.Record{
		"another grid":     {Resolution: 8, Params: q},
		"another question": {Resolution: 9, Params: edition.QueryJSON{CutoffMin: 10, MinHours: 17.5}},
		"other classes":    {Resolution: 9, Params: q, Rule: edition.ClassRule},
	} {
		if f, ok := figures.Follow(reference, other); ok {
			t.Errorf("%s was compared: %+v", what, f)
		}
	}
}

// TestFollowedByItself: nothing changed.
func TestFollowedByItself(t *testing.T) {
	worlds(t, 5, func(_ *rand.Rand, e *edition.Edition, _ *edition.Answer) {
		r := e.Record()
		f, ok := figures.Follow(r, r)
		if want := (figures.Followed{ZonePeople: r.Classes.Blanche, NewLieux: []edition.RecordLieu{}}); !ok || !cmp.Equal(f, want) || r.Classes.Blanche > 0 && f.Share() != 0 {
			t.Errorf("followed by itself: %+v, %v; want %+v", f, ok, want)
		}
	})
}

// TestHistory: an edition of the same question tells of a territoire what its communes add
// up to; those of another question, or without one of its communes, tell nothing, and no
// record tells of an outline.
func TestHistory(t *testing.T) {
	worlds(t, 10, func(_ *rand.Rand, e *edition.Edition, _ *edition.Answer) {
		own := e.Record()
		other, holed := *own, *own
		other.Params.MinHours++
		holed.Communes = own.Communes[1:]
		records := []figures.Dated{{Record: own, Created: "2026"}, {Record: &other, Created: "2025"}, {Record: &holed, Created: "2024"}, {Record: own, Created: "2023"}}
		for _, place := range territoires(e) {
			var want figures.Past
			whole := true
			for _, c := range place.Communes {
				want.Classes, want.Lieux = want.Classes.Plus(own.Communes[c].Classes), want.Lieux+own.Communes[c].Lieux
				whole = whole && c > 0
			}
			years := []string{"2026", "2024", "2023"}
			if !whole {
				years = []string{"2026", "2023"}
			}
			got := figures.History(records, own.Params, e.Division, place, 8)
			if place.Drawn != nil {
				if len(got) != 0 {
					t.Errorf("%s: %+v of an outline", place.Nom, got)
				}
				continue
			}
			for i := range got {
				if want.Created = years[min(i, len(years)-1)]; got[i] != want {
					t.Errorf("%s: %+v, want %+v", place.Nom, got[i], want)
				}
			}
			if len(got) != len(years) || len(figures.History(records, own.Params, e.Division, place, 1)) != 1 {
				t.Errorf("%s: %d of %v", place.Nom, len(got), years)
			}
		}
	})
}

// TestYears: a lieu is new in the year of the first edition that has it, whatever the order
// of the editions; a year without any is told too.
func TestYears(t *testing.T) {
	l := func(id string) edition.RecordLieu { return edition.RecordLieu{ID: id} }
	at := func(created string) figures.Dated { return figures.Dated{Created: created} }
	records := []figures.Dated{at("2027-02-01T00:00:00Z"), at("2025-05-01T00:00:00Z"), at("2026-01-01T00:00:00Z"), at(""), at("2024-01-01T00:00:00Z"), at("2023-01-01T00:00:00Z")}
	followed := []*figures.Followed{{NewLieux: []edition.RecordLieu{l("c"), l("b"), l("a")}}, {NewLieux: []edition.RecordLieu{l("a")}}, {NewLieux: []edition.RecordLieu{l("a")}},
		{NewLieux: []edition.RecordLieu{l("undated")}}, {NewLieux: []edition.RecordLieu{}}, nil}
	want := []figures.Year{{Year: "2024", NewLieux: []edition.RecordLieu{}}, {Year: "2025", NewLieux: []edition.RecordLieu{l("a")}}, {Year: "2026", NewLieux: []edition.RecordLieu{}},
		{Year: "2027", NewLieux: []edition.RecordLieu{l("b"), l("c")}}}
	if diff := cmp.Diff(want, figures.Years(records, followed)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
