package scenario

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// TestLateStopIsNamed: a timetable by hand, on one straight road of a kilometre.
func TestLateStopIsNamed(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 43))
	in := editiontest.Small(r)
	e := editiontest.Build(t, in, editiontest.SmallParams())
	g := NewEngine(e)
	// The last way joins the first two crossroads, for all modes and both ways.
	way := in.WayRows[len(in.WayRows)-1]
	a, z := way.At[0], way.At[len(way.At)-1]
	d := g.NewDrives([]geo.LonLat{a, z})
	drive := d.Minutes(0, 1)
	if drive < 1 || drive > 5 {
		t.Fatalf("%d minutes from one end of the street to the other", drive)
	}
	stop := func(nom string, at geo.LonLat, when string) lieu.Stop {
		return lieu.Stop{Nom: nom, At: at, Horaires: editiontest.Hours(t, when)}
	}
	tour := lieu.Tournee{ID: "t", Nom: "T", Depot: a, HasDepot: true, Stops: []lieu.Stop{
		stop("A", a, "week 1-53/4 Tu 09:00-10:00"), stop("Z", z, "week 1-53/4 Tu 10:00-11:00,12:00-13:00"), stop("?", z, ""),
		stop("B", a, "week 1-53/4 Tu 11:30-12:00"), stop("Seul", z, "week 3-53/4 We 09:00-09:30")}}
	got, err := g.Check(context.Background(), &tour)
	if err != nil {
		t.Fatal(err)
	}
	late := float64(drive)
	back := float64(d.Minutes(1, 0))
	want := []Late{{Week: 1, Day: "mardi", Stop: "Z", From: "A", Opens: "10:00", Arrives: Clock(600 + drive), LateMin: &late},
		{Week: 1, Day: "mardi", Stop: "Z", From: "B", Opens: "12:00", Arrives: Clock(720 + drive), LateMin: &late}}
	if diff := cmp.Diff(want, got.Late); diff != "" || got.Feasible {
		t.Errorf("late: %s", diff)
	}
	if len(got.Days) != 2 || got.Days[0].Leaves != "09:00" || got.Days[0].Back != Clock(780+int(back)) || len(got.Days[0].Visits) != 4 || got.Days[0].DriveMin != 2*late+2*back ||
		got.Days[1].Week != 3 || got.Days[1].Day != "mercredi" || got.Days[1].Leaves != Clock(540-drive) {
		t.Errorf("days: %+v", got.Days)
	}
	if diff := cmp.Diff([]string{"?"}, got.Unknown); diff != "" {
		t.Errorf("unknown hours: %s", diff)
	}
}
