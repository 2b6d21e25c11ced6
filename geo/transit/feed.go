// Package transit is the timetable network: stops, lines, trips and the days they run, and
// searches out and back over them.
package transit

import (
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// Feed is one published timetable (GTFS Schedule, https://gtfs.org/documentation/schedule/reference),
// as far as journeys depend on it. What refers to another row does so by its number in the
// slice of the feed, so that ids are kept for people alone.
type Feed struct {
	Name      string // of its file or folder; those of a dataset have different ones
	Version   string // as its publisher says; empty: not told
	Agencies  []Agency
	Stops     []Stop
	Lines     []Line
	Services  []Service
	Trips     []Trip
	Transfers []Transfer
	Zones     []Zone
}

// Agency is an operator, and the time zone (IANA) of all times of its trips.
type Agency struct{ ID, Name, Zone string }

// StopKind is the location_type of a stop.
type StopKind uint8

// The kinds of stops, by their published numbers.
const (
	Platform StopKind = iota // where vehicles stop
	Station                  // that of other stops; some feeds have calls there all the same
	Entrance
	Node
	BoardingArea
)

// Access is a yes or no that a feed may leave out.
type Access uint8

// The answers, by their published numbers.
const (
	Unknown Access = iota
	Yes
	No
)

// Stop is a place of a timetable. Parent is the station it is of; -1: none.
type Stop struct {
	ID, Name   string
	At         geo.LonLat
	Kind       StopKind
	Parent     int32
	Wheelchair Access // of a stop that says nothing, its station's
}

// School is the type of a line of school buses, among the extended route types.
const School = 712

// Line is a route: what passengers call a line. Type is the published route_type: 3 is a
// bus, 712 a school bus.
type Line struct {
	ID          string
	Agency      int32
	Short, Long string
	Type        int32
	Colour      string // six hexadecimal digits; empty: none
}

// Day is a date as days since 1970-01-01.
type Day int32

// Service is the dates on which trips run: calendar and exceptions together, ascending.
type Service struct {
	ID   string
	Days []Day
}

// Boarding is a pickup_type or drop_off_type.
type Boarding uint8

// The ways to board or alight, by their published numbers.
const (
	Regular   Boarding = iota
	Forbidden          // none
	ByPhone            // on request to the agency, beforehand
	ByDriver           // on request to the driver
)

// Call is a stop of a trip. Times are seconds after noon minus 12 h of the service day in the
// zone of the agency, and may pass 24 h. A call that is published without times has those
// that lie between its neighbours'.
type Call struct {
	Stop           int32
	Arrive, Depart int32
	Pickup, Drop   Boarding
}

// Trip is one run of a vehicle, or of many where there are frequencies.
type Trip struct {
	ID            string
	Line, Service int32
	Headsign      string
	Direction     int8   // 0 or 1; -1: not told
	Block         string // trips of one block and day follow each other in one vehicle
	Wheelchair    Access
	Calls         []Call
	Frequencies   []Frequency
}

// Frequency repeats a trip: it leaves its first stop at Start + k·Headway while that is before
// End. Exact is false for a headway that is only said.
type Frequency struct {
	Start, End, Headway int32
	Exact               bool
}

// Transfer is a rule for changing from one trip to another. -1 is any line or trip.
type Transfer struct {
	From, To         int32 // stops; a station is all its platforms
	FromLine, ToLine int32
	FromTrip, ToTrip int32
	Type             uint8 // 0 recommended, 1 timed, 2 needs MinSeconds, 3 forbidden, 4 same vehicle, 5 same vehicle is left
	MinSeconds       int32 // -1: not told
}

// Zone is transport on demand ("sur réservation"): within its area, on the days of a service,
// between two times, when asked for beforehand. It is never a trip. What feeds publish
// (GTFS-Flex) has an area or stops, and a service; what an organiser tells himself (import
// tad) stands in no feed, has communes or an area, and hours.
type Zone struct {
	ID, Nom  string
	Communes []string       // COG codes; or
	Area     [][]geo.LonLat // closed rings: an outer one counter-clockwise, its holes clockwise, the next outer one…
	Service  int32          // -1: Hours say when
	From, To int32          // seconds of the service day
	Notice   int32          // minutes beforehand; -1: not told
	Phone    string

	Stops        []int32       // of a group of stops, in the place of an area
	Line         int32         // -1: none
	Trip         string        // id of the published trip: people ride from a zone of it to another, or the same
	Pickup, Drop Boarding      // what the zone is for: Forbidden is the other end alone
	Hours        lieu.Horaires // when Service is -1
}

// Span is the first and the last day on which a trip or a zone of the feed runs; ok is false
// when there is none.
func (f *Feed) Span() (first, last Day, ok bool) {
	used := make([]bool, len(f.Services))
	for i := range f.Trips {
		used[f.Trips[i].Service] = true
	}
	for i := range f.Zones {
		if s := f.Zones[i].Service; s >= 0 {
			used[s] = true
		}
	}
	for i, s := range f.Services {
		if !used[i] || len(s.Days) == 0 {
			continue
		}
		a, b := s.Days[0], s.Days[len(s.Days)-1]
		if !ok {
			first, last, ok = a, b, true
		}
		first, last = min(first, a), max(last, b)
	}
	return first, last, ok
}
