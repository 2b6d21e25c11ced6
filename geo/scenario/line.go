package scenario

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// Bounds of a line, and of a shift.
const (
	MaxLineStops  = 100
	MaxDepartures = 200
	MaxShift      = 12 * 60 // minutes, earlier or later
)

// How a coach of a line that is added runs. These are a model: nobody has driven it.
const (
	coachPace    = 85  // per cent of the speed of a car there: it brakes and pulls away
	coachDwell   = 30  // seconds at each stop between the first and the last
	coachLayover = 600 // seconds at the last stop before the way back starts
)

const lineModel = "ligne ajoutée « %s » : temps de parcours modélisés (ceux d'une voiture par la route, à %d %% de sa vitesse, et %d s à chaque arrêt)"

// line reads the fields of a line that is added, but for its stops.
func (r *reader) line(a *Action) {
	r.value("days", &a.Days, "des jours, comme « Mo-Fr » ou « week 1-53/2 Tu »")
	if r.err != nil {
		return
	}
	h, err := lieu.ParseHoraires(a.Days + " 00:00-24:00")
	days := 0
	for day := range a.days {
		a.days[day] = h.Slots.Has(day * lieu.SlotsPerDay)
		if a.days[day] {
			days++
		}
	}
	if err != nil || strings.Contains(a.Days, ":") || h.RendezVous != nil || days*lieu.SlotsPerDay != h.Slots.Len() || days == 0 {
		r.fail("days", a.Days, "des jours sans heures, comme « Mo-Fr », « Mo,We,Sa » ou « week 1-53/2 Tu »")
		return
	}
	r.value("departures", &a.Departures, "une liste d'heures de départ, comme [\"08:10\",\"17:30\"]")
	switch n := len(a.Departures); {
	case r.err != nil:
		return
	case n == 0:
		r.fail("departures", "[]", "au moins une heure de départ")
	case n > MaxDepartures:
		r.fail("departures", fmt.Sprintf("%d départs", n), fmt.Sprintf("au plus %d", MaxDepartures))
	}
	for i, text := range a.Departures {
		minutes, ok := clockMinutes(text)
		if !ok {
			r.fail(fmt.Sprintf("departures[%d]", i+1), text, "une heure de 00:00 à 23:59, comme 08:10")
			return
		}
		if slices.Contains(a.departures, int32(60*minutes)) {
			r.fail(fmt.Sprintf("departures[%d]", i+1), text, "des heures de départ différentes")
			return
		}
		a.departures = append(a.departures, int32(60*minutes))
	}
	if r.has("return") {
		r.value("return", &a.Return, "true ou false : si le car revient")
	}
}

// clockMinutes reads "08:10".
func clockMinutes(text string) (minutes int, ok bool) {
	if len(text) != 5 || text[2] != ':' {
		return 0, false
	}
	h, err := strconv.ParseUint(text[:2], 10, 8)
	m, err2 := strconv.ParseUint(text[3:], 10, 8)
	return int(60*h + m), err == nil && err2 == nil && h < 24 && m < 60
}

// shift reads the fields of a trip that is moved.
func (r *reader) shift(a *Action) {
	if r.text("trip", &a.Trip); a.Trip == "" {
		r.fail("trip", "", "l'identifiant d'une course, comme les horaires publiés le donnent")
	}
	if r.value("minutes", &a.Minutes, "un nombre entier de minutes : négatif, la course part plus tôt"); r.err == nil && (*a.Minutes == 0 || *a.Minutes < -MaxShift || *a.Minutes > MaxShift) {
		r.fail("minutes", strconv.Itoa(*a.Minutes), fmt.Sprintf("de −%d à %d minutes, et pas 0", MaxShift, MaxShift))
	}
}

// lineStop reads a stop of a line.
func lineStop(raw json.RawMessage, in *reader, s *Stop) {
	var err error
	if in.raw, err = object(raw); err != nil {
		in.prefix = strings.TrimSuffix(in.prefix, ".")
		in.fail("", string(raw), "un arrêt, entre accolades")
		return
	}
	in.only("nom", "lon", "lat")
	in.text("nom", &s.Nom)
	p := in.lonLat()
	s.Lon, s.Lat = p.Lon, p.Lat
}

// timetables are the feeds of an edition while actions change them.
type timetables struct {
	feeds    []transit.Feed
	modelled []string // French
}

// run applies an action to what runs.
func (w *writer) run(number int, a *Action, fail func(field, value, expected string) error) error {
	if w.e.Timetables == nil {
		return fail("do", string(a.Do), "une édition qui a des horaires de transport : importez-les (maillage import gtfs FICHIER.zip), puis relancez maillage compute")
	}
	if w.running == nil {
		w.running = &timetables{feeds: slices.Clone(w.e.Timetables.Feeds)}
	}
	if a.Do == ShiftTrip {
		return w.running.shift(a, fail)
	}
	if !w.e.HasMode(geo.Car) {
		return fail("do", string(a.Do), "une édition calculée pour la voiture : c'est la route qui donne le temps d'un car")
	}
	return w.running.add(w.e, number, a, fail)
}

// find finds a trip by its published id or, where several feeds have it, by its feed's name, a
// colon and that id.
func (t *timetables) find(id string, fail func(field, value, expected string) error) (feed, trip int, err error) {
	var met []string
	for f := range t.feeds {
		for k := range t.feeds[f].Trips {
			if own := t.feeds[f].Trips[k].ID; own == id || t.feeds[f].Name+":"+own == id {
				feed, trip = f, k
				met = append(met, t.feeds[f].Name+":"+own)
			}
		}
	}
	switch len(met) {
	case 0:
		return 0, 0, fail("trip", id, "l'identifiant d'une course de l'édition (trip_id de ses horaires), ou réseau:trip_id")
	case 1:
		return feed, trip, nil
	}
	return 0, 0, fail("trip", id, "une seule course ; ce sont "+strings.Join(met[:min(len(met), 5)], ", "))
}

// shift has a trip run some minutes later, or earlier.
func (t *timetables) shift(a *Action, fail func(field, value, expected string) error) error {
	f, k, err := t.find(a.Trip, fail)
	if err != nil {
		return err
	}
	by := int32(60 * *a.Minutes)
	feed := &t.feeds[f]
	feed.Trips = slices.Clone(feed.Trips)
	trip := &feed.Trips[k]
	trip.Calls, trip.Frequencies = slices.Clone(trip.Calls), slices.Clone(trip.Frequencies)
	first := int32(0)
	for i := range trip.Calls {
		c := &trip.Calls[i]
		c.Arrive, c.Depart = c.Arrive+by, c.Depart+by
		first = min(first, c.Arrive)
	}
	for i := range trip.Frequencies {
		x := &trip.Frequencies[i]
		x.Start, x.End = x.Start+by, x.End+by
		first = min(first, x.Start)
	}
	if first < 0 {
		return fail("minutes", strconv.Itoa(*a.Minutes), fmt.Sprintf("un départ du même jour : la course part à %s", Clock(int(trip.Calls[0].Depart-by)/60)))
	}
	return nil
}

// add has one more line run, on its days of the reference weeks.
func (t *timetables) add(e *edition.Edition, number int, a *Action, fail func(field, value, expected string) error) error {
	nom := cmp.Or(a.Nom, "Nouvelle ligne "+strconv.Itoa(number))
	id := "ligne-" + strconv.Itoa(number)
	feed := transit.Feed{Name: "scenario-" + strconv.Itoa(number), Lines: []transit.Line{{ID: id, Agency: -1, Short: nom, Type: 3}}, Services: []transit.Service{{ID: id}}}
	for i := range transit.Day(transit.ReferenceDays) {
		day := e.Timetables.Weeks.From + i
		if week, weekday := day.Cycle(); a.days[7*(week-1)+weekday-1] {
			feed.Services[0].Days = append(feed.Services[0].Days, day)
		}
	}
	places := make([]geo.LonLat, len(a.Stops))
	for i, stop := range a.Stops {
		places[i] = geo.LonLat{Lon: stop.Lon, Lat: stop.Lat}
		if _, reach := e.Network.Snap(street.Walk, places[i]); reach != geo.Reached {
			return fail(fmt.Sprintf("stops[%d].lon, lat", i+1), fmt.Sprintf("%v, %v", stop.Lon, stop.Lat), "un arrêt au bord d'une rue où l'on marche")
		}
		feed.Stops = append(feed.Stops, transit.Stop{ID: fmt.Sprintf("%s-arret-%d", id, i+1), Name: cmp.Or(stop.Nom, fmt.Sprintf("Arrêt %d", i+1)), At: places[i], Parent: -1})
	}
	drives := newDrives(e, places)
	hops := [2][]int32{} // seconds from each stop to the next, out and back
	for i := range len(places) - 1 {
		for back := range hops {
			from, to := i, i+1
			if back == 1 {
				from, to = to, from
			}
			cost, ok := drives.cost(from, to)
			if !ok && (back == 0 || a.Return) {
				return fail(fmt.Sprintf("stops[%d].lon, lat", i+2), fmt.Sprintf("%v, %v", a.Stops[i+1].Lon, a.Stops[i+1].Lat), fmt.Sprintf("un arrêt relié par la route à l'arrêt %d", i+1))
			}
			hops[back] = append(hops[back], int32((100*int64(cost)+coachPace*int64(geo.Second)-1)/(coachPace*int64(geo.Second))))
		}
	}
	for _, leave := range a.departures {
		ends := runLine(&feed, leave, hops[0], 0)
		if a.Return {
			back := slices.Clone(hops[1])
			slices.Reverse(back)
			runLine(&feed, ends+coachLayover, back, 1)
		}
	}
	t.feeds = append(t.feeds, feed)
	t.modelled = append(t.modelled, fmt.Sprintf(lineModel, nom, coachPace, coachDwell))
	return nil
}

// runLine adds the trip that leaves at a time, in a direction, and tells when it is there.
func runLine(f *transit.Feed, leave int32, hops []int32, direction int8) (ends int32) {
	trip := transit.Trip{ID: fmt.Sprintf("%s-%d-%02d%02d", f.Lines[0].ID, direction, leave/3600, leave/60%60), Direction: direction}
	at := leave
	for i := range len(hops) + 1 {
		stop, wait := int32(i), int32(coachDwell)
		if direction == 1 {
			stop = int32(len(hops) - i)
		}
		if i == 0 || i == len(hops) {
			wait = 0
		}
		trip.Calls = append(trip.Calls, transit.Call{Stop: stop, Arrive: at, Depart: at + wait})
		if i < len(hops) {
			at += wait + hops[i]
		}
	}
	f.Trips = append(f.Trips, trip)
	return at
}
