package main

import (
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/transit"
	"github.com/aisne-numerique/maillage/scripts/rider"
)

// lineOf is a feed of trips by the numbers of their stops, which are far apart. A trip is five
// minutes from each to the next, and leaves the first at so many minutes after 08:00.
func lineOf(minutes []int32, stops ...[]int32) *date {
	f := transit.Feed{Agencies: []transit.Agency{{Zone: "UTC"}}, Services: []transit.Service{{Days: []transit.Day{monday}}}, Lines: []transit.Line{{Type: 3}}}
	for i := range 5 {
		f.Stops = append(f.Stops, transit.Stop{Parent: -1, At: geo.LonLat{Lon: 3 + float64(i)/10, Lat: 49}})
	}
	for i, calls := range stops {
		t := transit.Trip{}
		for k, s := range calls {
			at := 8*hour + 60*minutes[i] + 300*int32(k)
			t.Calls = append(t.Calls, transit.Call{Stop: s, Arrive: at, Depart: at})
		}
		f.Trips = append(f.Trips, t)
	}
	return newDate(&f, monday, rider.Vehicles(&f, monday, time.UTC), newFootpaths(&f, 120))
}

// TestNoReasonForOtherAnswers: what no fault of a program explains is told.
func TestNoReasonForOtherAnswers(t *testing.T) {
	d := lineOf([]int32{0, 10}, []int32{0, 1, 2}, []int32{0, 1, 2})
	q := question{0, 2, 8*hour - 60}
	rules := d.arrival(q, d.vehicles, maxRides, q.leave+hour)
	if rules != 8*hour+600 {
		t.Fatalf("%s", told(rules))
	}
	for _, program := range rivals {
		for _, said := range []int32{rules - 1, rules + 1, rules + 600, rider.Never} {
			if why := d.explain(program, q, rules, said, []int32{said, said}); why != "" {
				t.Errorf("%s, %s: %s", program, told(said), why)
			}
		}
	}
}

// TestReasonsAreOfTheirKind: an answer is explained by the fault that gives it, in the program
// that has it.
func TestReasonsAreOfTheirKind(t *testing.T) {
	overtakes := lineOf([]int32{0, 1}, []int32{0, 1, 2}, []int32{0, 1, 2})
	slow := &overtakes.vehicles[0]
	for k := range slow.Calls[1:] {
		slow.Calls[k+1].Arrive += 900
		slow.Calls[k+1].Depart += 900
	}
	loop := lineOf([]int32{0}, []int32{0, 1, 2, 0, 3})
	rides := lineOf([]int32{0, 10, 20, 30}, []int32{0, 1}, []int32{1, 2}, []int32{2, 3}, []int32{3, 4})
	for _, c := range []struct {
		name string
		d    *date
		q    question
		said int32
		by   [2]bool
	}{
		{"the slow one of two", overtakes, question{0, 2, 8*hour - 60}, slow.Calls[2].Arrive, [2]bool{true, true}},
		{"not the first of a loop", loop, question{0, 1, 8*hour - 60}, rider.Never, [2]bool{true, false}},
		{"a loop that has left", loop, question{0, 1, 8*hour + 600}, 8*hour + 300, [2]bool{true, false}},
		{"a loop that has left for good", loop, question{0, 1, 8*hour + 901}, 8*hour + 300, [2]bool{false, false}},
		{"four rides", rides, question{0, 4, 8*hour - 60}, 8*hour + 35*60, [2]bool{false, true}},
		{"four rides, sooner than they are", rides, question{0, 4, 8*hour - 60}, 8*hour + 34*60, [2]bool{false, false}},
	} {
		rules := c.d.arrival(c.q, c.d.vehicles, maxRides, c.q.leave+hour)
		for i, program := range rivals {
			why := c.d.explain(program, c.q, rules, c.said, []int32{c.said, c.said})
			if (why != "") != c.by[i] {
				t.Errorf("%s, by %s: %q", c.name, program, why)
			}
		}
	}
}
