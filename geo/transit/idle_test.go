package transit

import "testing"

// TestLinesThatRestInHolidays: of three lines of the reference weeks one runs in holidays
// too; a fourth runs in no reference week, a school line is not counted.
func TestLinesThatRestInHolidays(t *testing.T) {
	feed := aLine([]int32{clock(8, 0)}, nil)
	trip := feed.Trips[0]
	holidays := mondays[0] + 40
	feed.Services = append(feed.Services, Service{Days: []Day{mondays[0] + 1, holidays}}, Service{Days: []Day{holidays}})
	for line, service := range []int32{0, 1, 0, 2, 0} {
		feed.Lines = append(feed.Lines[:line], Line{Type: 3})
		trip.Line, trip.Service = int32(line), service
		feed.Trips = append(feed.Trips, trip)
	}
	feed.Lines[4].Type = School
	table, err := Compile([]Feed{feed}, Default(mondays[0], zone))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name        string
		off         Day
		known       bool
		idle, lines int
		ok          bool
	}{
		{"a day of holidays", holidays, true, 2, 3, true},
		{"holidays after the feed ends", holidays + 100, true, 0, 0, false},
		{"no calendar", holidays, false, 0, 0, false},
	} {
		idle, lines, ok := table.Idle(func(d Day) (bool, bool) { return d == c.off, c.known })
		if idle != c.idle || lines != c.lines || ok != c.ok {
			t.Errorf("%s: %d of %d, %v; want %d of %d, %v", c.name, idle, lines, ok, c.idle, c.lines, c.ok)
		}
	}
}
