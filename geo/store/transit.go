package store

import (
	"cmp"
	"errors"
	"fmt"
	"math"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// CheckFeed reports why f cannot be stored: no name, a reference to a row that is not there, an
// id given twice among stops, lines, services or trips, a stop that is nowhere on Earth, days
// that do not ascend, times that go back, a number that is not one of its kind, or text that
// is not text (see [CheckLieu]).
func CheckFeed(f transit.Feed) error {
	if err := cmp.Or(checkKey("name", f.Name), texts("version", f.Version)); err != nil {
		return err
	}
	for i, a := range f.Agencies {
		if err := texts("id", a.ID, "name", a.Name, "zone", a.Zone); err != nil {
			return fmt.Errorf("agency %d: %w", i, err)
		}
	}
	c := feedCheck{f: &f}
	for _, of := range []struct {
		noun string
		n    int
		id   func(i int) string
		rest func(i int) error
	}{
		{"stop", len(f.Stops), func(i int) string { return f.Stops[i].ID }, c.stop},
		{"line", len(f.Lines), func(i int) string { return f.Lines[i].ID }, c.line},
		{"service", len(f.Services), func(i int) string { return f.Services[i].ID }, c.service},
		{"trip", len(f.Trips), func(i int) string { return f.Trips[i].ID }, c.trip},
	} {
		seen := make(map[string]bool, of.n)
		for i := range of.n {
			id := of.id(i)
			err := cmp.Or(checkKey("id", id), of.rest(i))
			if err == nil && seen[id] {
				err = errors.New("given twice")
			}
			if err != nil {
				return fmt.Errorf("%s %d (%q): %w", of.noun, i, id, err)
			}
			seen[id] = true
		}
	}
	for i := range f.Transfers {
		if err := c.transfer(i); err != nil {
			return fmt.Errorf("transfer %d: %w", i, err)
		}
	}
	for i, z := range f.Zones {
		err := c.zone(z)
		if err == nil && (z.Service < 0 || len(z.Communes) > 0 || z.Hours.Known || z.Hours.Text != "") {
			err = errors.New("no service, or communes or hours; expected those of no feed alone to have such")
		}
		if err != nil {
			return fmt.Errorf("zone %d (%q): %w", i, z.ID, err)
		}
	}
	return nil
}

// CheckOnDemand reports why a zone of no feed cannot be stored, as [CheckFeed]: it has no
// service, line, trip or stops.
func CheckOnDemand(z transit.Zone) error {
	if z.Service >= 0 || z.Line >= 0 || z.Trip != "" || len(z.Stops) > 0 {
		return errors.New("a service, line, trip or stops; expected those of a feed alone to have some")
	}
	return cmp.Or((feedCheck{f: &transit.Feed{}}).zone(z), texts("hours", z.Hours.Text))
}

type feedCheck struct{ f *transit.Feed }

// within wants the number of a row, or -1 where there may be none.
func within(what string, i int32, n int, none bool) error {
	if i >= 0 && int(i) < n || i == -1 && none {
		return nil
	}
	return fmt.Errorf("%s %d: expected one of %d", what, i, n)
}

// among wants a number below n.
func among[N ~uint8](what string, v, n N) error {
	if v < n {
		return nil
	}
	return fmt.Errorf("%s %d: expected less than %d", what, v, n)
}

const (
	numStopKinds = transit.BoardingArea + 1
	numAccesses  = transit.No + 1
	numBoardings = transit.ByDriver + 1
	numTransfers = uint8(6)
)

func (c feedCheck) stop(i int) error {
	s := &c.f.Stops[i]
	return cmp.Or(s.At.Check(), among("kind", s.Kind, numStopKinds), among("wheelchair", s.Wheelchair, numAccesses),
		within("parent", s.Parent, len(c.f.Stops), true), texts("name", s.Name))
}

func (c feedCheck) line(i int) error {
	l := &c.f.Lines[i]
	return cmp.Or(within("agency", l.Agency, len(c.f.Agencies), true), texts("short", l.Short, "long", l.Long, "colour", l.Colour))
}

func (c feedCheck) service(i int) error {
	days := c.f.Services[i].Days
	for k := 1; k < len(days); k++ {
		if days[k] <= days[k-1] {
			return fmt.Errorf("day %v after %v: expected ascending", days[k], days[k-1])
		}
	}
	return nil
}

func (c feedCheck) trip(i int) error {
	t := &c.f.Trips[i]
	if err := cmp.Or(within("line", t.Line, len(c.f.Lines), false), within("service", t.Service, len(c.f.Services), false),
		among("wheelchair", t.Wheelchair, numAccesses), texts("headsign", t.Headsign, "block", t.Block)); err != nil {
		return err
	}
	if t.Direction < -1 || t.Direction > 1 {
		return fmt.Errorf("direction %d: expected 0, 1 or -1", t.Direction)
	}
	last := int32(math.MinInt32)
	for k, call := range t.Calls {
		err := cmp.Or(within("stop", call.Stop, len(c.f.Stops), false), among("pickup", call.Pickup, numBoardings), among("drop", call.Drop, numBoardings))
		if err == nil && (call.Arrive < last || call.Depart < call.Arrive) {
			err = fmt.Errorf("arrives %d and departs %d after %d: expected ascending", call.Arrive, call.Depart, last)
		}
		if err != nil {
			return fmt.Errorf("call %d: %w", k, err)
		}
		last = call.Depart
	}
	for k, f := range t.Frequencies {
		if f.Headway <= 0 || f.End <= f.Start {
			return fmt.Errorf("frequency %d: every %d s from %d to %d: expected some", k, f.Headway, f.Start, f.End)
		}
	}
	return nil
}

func (c feedCheck) transfer(i int) error {
	t := &c.f.Transfers[i]
	stops, lines, trips := len(c.f.Stops), len(c.f.Lines), len(c.f.Trips)
	err := cmp.Or(within("from stop", t.From, stops, true), within("to stop", t.To, stops, true),
		within("from line", t.FromLine, lines, true), within("to line", t.ToLine, lines, true),
		within("from trip", t.FromTrip, trips, true), within("to trip", t.ToTrip, trips, true), among("type", t.Type, numTransfers))
	if err == nil && t.MinSeconds < -1 {
		err = fmt.Errorf("least time %d s: expected some, or -1", t.MinSeconds)
	}
	return err
}

func (c feedCheck) zone(z transit.Zone) error {
	err := cmp.Or(checkKey("id", z.ID), within("service", z.Service, len(c.f.Services), true), within("line", z.Line, len(c.f.Lines), true),
		among("pickup", z.Pickup, numBoardings), among("drop", z.Drop, numBoardings), checkCodes("commune", z.Communes),
		texts("nom", z.Nom, "phone", z.Phone, "trip", z.Trip))
	if err != nil {
		return err
	}
	for _, s := range z.Stops {
		if err := within("stop", s, len(c.f.Stops), false); err != nil {
			return err
		}
	}
	for i, ring := range z.Area {
		if len(ring) < 4 || !sameBits(ring[0], ring[len(ring)-1]) {
			return fmt.Errorf("ring %d: not closed, or fewer than 4 points", i)
		}
		for _, p := range ring {
			if err := p.Check(); err != nil {
				return fmt.Errorf("ring %d: %w", i, err)
			}
		}
	}
	if z.Notice < -1 {
		return fmt.Errorf("notice %d min: expected some, or -1", z.Notice)
	}
	return nil
}

func sameBits(a, b geo.LonLat) bool {
	return math.Float64bits(a.Lon) == math.Float64bits(b.Lon) && math.Float64bits(a.Lat) == math.Float64bits(b.Lat)
}
