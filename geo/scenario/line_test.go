package scenario

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
)

// TestLinesAreRefusedInWords: every way to be wrong has its address, its value and what was
// expected.
func TestLinesAreRefusedInWords(t *testing.T) {
	for _, x := range []struct{ what, action, want string }{
		{"one stop", `{"do":"add_line","stops":[{"lon":3.5,"lat":49.5}],"days":"Mo","departures":["08:00"]}`, "action 1 (add_line) : champ « stops » : « 1 arrêt » ; attendu au moins deux arrêts"},
		{"a stop with hours", `{"do":"add_line","stops":[{"lon":3.5,"lat":49.5},{"lon":3.5,"lat":49.5,"when":"Mo 08:00-09:00"}],"days":"Mo","departures":["08:00"]}`, "champ « stops[2].when »"},
		{"a stop that is a number", `{"do":"add_line","stops":[{"lon":3.5,"lat":49.5},7],"days":"Mo","departures":["08:00"]}`, "« 7 » ; attendu un arrêt, entre accolades"},
		{"days with hours", `{"do":"add_line","stops":[{"lon":3.5,"lat":49.5},{"lon":3.6,"lat":49.5}],"days":"Mo 08:00-09:00","departures":["08:00"]}`, "champ « days » : « Mo 08:00-09:00 » ; attendu des jours sans heures"},
		{"no day", `{"do":"add_line","stops":[{"lon":3.5,"lat":49.5},{"lon":3.6,"lat":49.5}],"days":"jamais","departures":["08:00"]}`, "champ « days » : « jamais »"},
		{"no departure", `{"do":"add_line","stops":[{"lon":3.5,"lat":49.5},{"lon":3.6,"lat":49.5}],"days":"Mo","departures":[]}`, "champ « departures » : « [] » ; attendu au moins une heure"},
		{"8h10", `{"do":"add_line","stops":[{"lon":3.5,"lat":49.5},{"lon":3.6,"lat":49.5}],"days":"Mo","departures":["08:10","8h10"]}`, "champ « departures[2] » : « 8h10 » ; attendu une heure"},
		{"twice the same", `{"do":"add_line","stops":[{"lon":3.5,"lat":49.5},{"lon":3.6,"lat":49.5}],"days":"Mo","departures":["08:10","08:10"]}`, "champ « departures[2] » : « 08:10 »"},
		{"services of a lieu", `{"do":"add_line","services":["tous"],"stops":[],"days":"Mo","departures":[]}`, "champ « services »"},
		{"no trip", `{"do":"shift_trip","minutes":5}`, "champ « trip » : absent ; attendu l'identifiant d'une course"},
		{"no minutes", `{"do":"shift_trip","trip":"t1"}`, "champ « minutes » : absent"},
		{"half a minute", `{"do":"shift_trip","trip":"t1","minutes":0.5}`, "champ « minutes » : « 0.5 » ; attendu un nombre entier"},
		{"none", `{"do":"shift_trip","trip":"t1","minutes":0}`, "champ « minutes » : « 0 »"},
		{"a day", `{"do":"shift_trip","trip":"t1","minutes":1440}`, "champ « minutes » : « 1440 » ; attendu de −720 à 720"},
	} {
		_, err := Parse([]byte(`{"name":"x","actions":[` + x.action + `]}`))
		var refused *Error
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q", x.what, err, x.want)
		}
	}
}

// TestLinesOfAnEditionAreRefusedInWords: what an edition cannot do is said as well; by other
// modes a line changes nothing, and says so.
func TestLinesOfAnEditionAreRefusedInWords(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	in := editiontest.Small(r)
	plain := editiontest.Build(t, in, editiontest.SmallParams())
	in.Buses(r)
	e := editiontest.Build(t, in, editiontest.SmallParams())
	if !e.HasMode(geo.Transit) {
		t.Fatal("the edition has no timetables")
	}
	minutes := 10
	shift := func(trip string) Action { return Action{Do: ShiftTrip, Trip: trip, Minutes: &minutes} }
	run := func(a ...Action) *Scenario { return parse(t, Scenario{Name: "x", Actions: a}) }
	trip := e.Timetables.Feeds[0].Trips[0].ID
	if _, err := run(shift("cars.zip:" + trip)).Running(e); err != nil {
		t.Errorf("a trip by its feed: %v", err)
	}
	if _, err := run(shift("jamais")).Running(e); err == nil || !strings.Contains(err.Error(), "champ « trip » : « jamais » ; attendu l'identifiant d'une course de l'édition") {
		t.Errorf("a trip that is not there: %v", err)
	}
	if _, err := run(shift(trip)).Running(plain); err == nil || !strings.Contains(err.Error(), "maillage import gtfs") {
		t.Errorf("an edition without timetables: %v", err)
	}
	far := randomRun(r, in)
	for far.Do != AddLine {
		far = randomRun(r, in)
	}
	line := run(far)
	base, err := NewEngine(e).Base(e.Params.Query())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := line.Running(e); err == nil {
		d, err := base.Evaluate(context.Background(), line)
		if err != nil || len(d.Parts) > 0 || len(d.Notes) != 1 || !strings.HasPrefix(d.Notes[0], "En voiture, une ligne") {
			t.Errorf("by car: %v, %+v", err, d.Notes)
		}
	}
	far.Stops[1].Lat += 0.05 // within the surroundings, where no street is
	if _, err := run(far).Running(e); err == nil || !strings.Contains(err.Error(), "champ « stops[2].lon, lat »") || !strings.Contains(err.Error(), "une rue où l'on marche") {
		t.Errorf("a stop off the streets: %v", err)
	}
}
