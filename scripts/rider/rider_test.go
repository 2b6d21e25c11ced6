package rider

import "testing"

// TestKnownAnswers: stop 0 to 1 at 08:00 and 08:30, 1 to 2 at 08:12 and 08:40, 2 to 3 at 09:00,
// each in 10 minutes; a change takes 120 s, a walk to the first stop 60 s.
func TestKnownAnswers(t *testing.T) {
	const eight = 8 * 3600
	line := func(from, minute int32) Vehicle {
		at := eight + 60*minute
		return Vehicle{Calls: []Call{{Stop: from, Arrive: at, Depart: at, Board: true}, {Stop: from + 1, Arrive: at + 600, Depart: at + 600, Alight: true}}}
	}
	vehicles := []Vehicle{line(2, 60), line(1, 40), line(1, 12), line(0, 30), line(0, 0)} // in no order
	changes := make([][]Walk, 4)
	for s := range changes {
		changes[s] = []Walk{{int32(s), ChangeSeconds}}
	}
	for _, c := range []struct {
		to, leave, until int32
		rides            int
		want             int32
	}{
		{1, eight - 60, eight + 3600, 3, eight + 600},
		{1, eight - 59, eight + 3600, 3, eight + 40*60},
		{1, eight - 60, eight + 600, 3, eight + 600}, // the end is within
		{1, eight - 60, eight + 599, 3, Never},
		{2, eight - 60, eight + 3600, 3, eight + 22*60}, // changes in 120 s, which is enough
		{2, eight - 59, eight + 7200, 3, Never},         // alights at 08:40, when the next one leaves
		{3, eight - 60, eight + 7200, 3, eight + 70*60},
		{3, eight - 60, eight + 7200, 2, Never},
	} {
		q := Question{Leave: c.leave, Until: c.until, From: []Walk{{0, 60}}, To: []Walk{{c.to, 0}}, Rides: c.rides}
		if got := Arrival(vehicles, changes, q); got != c.want {
			t.Errorf("%+v: %d; want %d", c, got, c.want)
		}
	}
}
