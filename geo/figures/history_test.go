package figures_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/figures"
)

func TestFollow(t *testing.T) {
	q := edition.NewQueryJSON(coverage.Query{Cutoff: 9000, MinHours: 17.5})
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
		"another question": {Resolution: 9, Params: edition.NewQueryJSON(coverage.Query{Cutoff: 6000, MinHours: 17.5})},
	} {
		if f, ok := figures.Follow(reference, other); ok {
			t.Errorf("%s was compared: %+v", what, f)
		}
	}
}

// TestFollowedByItself: nothing changed.
func TestFollowedByItself(t *testing.T) {
	r := editiontest.Aisne(t).Record()
	f, ok := figures.Follow(r, r)
	if want := (figures.Followed{ZonePeople: r.Classes.Blanche, NewLieux: []edition.RecordLieu{}}); !ok || !cmp.Equal(f, want) || f.Share() != 0 {
		t.Errorf("followed by itself: %+v, %v; want %+v", f, ok, want)
	}
}
