package gtfs

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// TestFeedsAsWritten: feeds that are made first, and then written in any of the ways in which
// feeds are, are read as they were made.
func TestFeedsAsWritten(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for i := range 300 {
		want := madeFeed(r)
		f := written(r, want)
		feeds, report, err := imported(t, sourcetest.Memory("r.zip", f.pack("")))
		if err != nil || len(report.Rejected) > 0 || report.Skipped > 0 {
			t.Fatalf("seed %d, feed %d: %v, rejected %v, %d skipped\n%v", seed, i, err, report.Rejected, report.Skipped, f)
		}
		if diff := cmp.Diff(want, feeds[0]); diff != "" {
			t.Fatalf("seed %d, feed %d (-want +got):\n%s\n%v", seed, i, diff, f)
		}
	}
}

// madeFeed is a feed as a reader gives it.
func madeFeed(r *rand.Rand) transit.Feed {
	f := transit.Feed{Name: "r", Agencies: []transit.Agency{{ID: "a", Name: "Cars", Zone: "Europe/Paris"}}}
	id := func(kind string, i int) string {
		return fmt.Sprintf([]string{"FR:%s:%d:LOC", "%s %d", "%s\"%d", "%s,%d"}[r.IntN(4)], kind, i)
	}
	for i := range 2 + r.IntN(8) {
		s := transit.Stop{ID: id("s", i), Name: "Arrêt", Parent: -1, At: geo.LonLat{Lon: float64(r.IntN(10_000)) / 1000, Lat: 40 + float64(r.IntN(10_000))/1000}, Wheelchair: transit.Access(r.IntN(3))}
		if i > 1 && r.IntN(4) == 0 {
			s.Kind = transit.Station
		}
		f.Stops = append(f.Stops, s)
	}
	for i := range 1 + r.IntN(3) {
		f.Lines = append(f.Lines, transit.Line{ID: id("l", i), Short: fmt.Sprint(i), Type: []int32{0, 2, 3, 712}[r.IntN(4)]})
	}
	for i := range 1 + r.IntN(3) {
		s := transit.Service{ID: id("d", i)}
		for d := transit.Day(20_000); d < 20_060; d++ {
			if r.IntN(3) == 0 {
				s.Days = append(s.Days, d)
			}
		}
		s.Days = append(s.Days, 20_060)
		f.Services = append(f.Services, s)
	}
	for i := range 1 + r.IntN(6) {
		trip := transit.Trip{ID: id("t", i), Line: r.Int32N(int32(len(f.Lines))), Service: r.Int32N(int32(len(f.Services))), Direction: int8(r.IntN(3)) - 1}
		at := r.Int32N(25 * 3600)
		for range 2 + r.IntN(6) {
			c := transit.Call{Stop: r.Int32N(2), Arrive: at, Depart: at + r.Int32N(2)*30} // the first two are platforms
			if r.IntN(5) == 0 {
				c.Pickup, c.Drop = transit.Boarding(r.IntN(4)), transit.Boarding(r.IntN(4))
			}
			at = c.Depart + r.Int32N(900)
			trip.Calls = append(trip.Calls, c)
		}
		f.Trips = append(f.Trips, trip)
	}
	return f
}

// written are the files of a feed: rows of stop_times and of exceptions in any order, days by
// a calendar with exceptions or by dates alone, marks, line ends and quotes as they come.
func written(r *rand.Rand, f transit.Feed) files {
	out := files{}
	put := func(name, header string, rows [][]string, anyOrder bool) {
		if anyOrder {
			r.Shuffle(len(rows), func(i, k int) { rows[i], rows[k] = rows[k], rows[i] })
		}
		// Columns in any order.
		columns := strings.Split(header, ",")
		order := r.Perm(len(columns))
		var b strings.Builder
		end := []string{"\n", "\r\n"}[r.IntN(2)]
		if r.IntN(2) == 0 {
			b.WriteString("\ufeff")
		}
		for n, row := range append([][]string{columns}, rows...) {
			for i, k := range order {
				text := row[k]
				if i > 0 {
					b.WriteByte(',')
				}
				if strings.ContainsAny(text, "\",") || n > 0 && r.IntN(5) == 0 {
					text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
				}
				b.WriteString(text)
			}
			b.WriteString(end)
		}
		out[name] = b.String()
	}
	number := func(n any) string { return fmt.Sprint(n) }
	put("agency.txt", "agency_id,agency_name,agency_timezone", [][]string{{"a", "Cars", "Europe/Paris"}}, false)
	var rows [][]string
	for _, s := range f.Stops {
		rows = append(rows, []string{s.ID, s.Name, number(s.At.Lat), number(s.At.Lon), number(s.Kind), number(s.Wheelchair)})
	}
	put("stops.txt", "stop_id,stop_name,stop_lat,stop_lon,location_type,wheelchair_boarding", rows, false)
	rows = nil
	for _, l := range f.Lines {
		rows = append(rows, []string{l.ID, l.Short, number(l.Type)})
	}
	put("routes.txt", "route_id,route_short_name,route_type", rows, false)
	var weeks, dates [][]string
	byCalendar := r.IntN(2) == 0
	for _, s := range f.Services {
		said := map[transit.Day]bool{} // by the calendar
		if byCalendar {
			from := transit.Day(20_000 + r.IntN(20))
			to := from + transit.Day(r.IntN(30))
			row := []string{s.ID, day(from), day(to)}
			for w := range 7 {
				on := r.IntN(2)
				row = append(row, number(on))
				for d := from; d <= to; d++ {
					if on == 1 && int(d.Date().Weekday()+6)%7 == w {
						said[d] = true
					}
				}
			}
			weeks = append(weeks, row)
		}
		for d := transit.Day(20_000); d <= 20_060; d++ {
			if runs := slices.Contains(s.Days, d); runs != said[d] {
				dates = append(dates, []string{s.ID, day(d), map[bool]string{true: "1", false: "2"}[runs]})
			}
		}
	}
	if byCalendar {
		put("calendar.txt", "service_id,start_date,end_date,monday,tuesday,wednesday,thursday,friday,saturday,sunday", weeks, false)
	}
	put("calendar_dates.txt", "service_id,date,exception_type", dates, byCalendar) // else the order is that of services
	rows = nil
	var times [][]string
	for _, t := range f.Trips {
		direction := ""
		if t.Direction >= 0 {
			direction = number(t.Direction)
		}
		rows = append(rows, []string{t.ID, f.Lines[t.Line].ID, f.Services[t.Service].ID, direction})
		seq := r.IntN(3)
		for _, c := range t.Calls {
			hour := clock(c.Arrive)
			if r.IntN(3) == 0 {
				hour = strings.TrimPrefix(hour, "0")
			}
			times = append(times, []string{t.ID, number(seq), f.Stops[c.Stop].ID, hour, " " + clock(c.Depart), number(c.Pickup), number(c.Drop)})
			seq += 1 + r.IntN(5)
		}
	}
	put("trips.txt", "trip_id,route_id,service_id,direction_id", rows, false)
	put("stop_times.txt", "trip_id,stop_sequence,stop_id,arrival_time,departure_time,pickup_type,drop_off_type", times, true)
	return out
}

func day(d transit.Day) string { return d.Date().Format("20060102") }
