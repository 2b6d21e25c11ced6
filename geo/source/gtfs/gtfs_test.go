package gtfs

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// files are those of a feed by name.
type files map[string]string

// plain is a sound feed of one trip of three calls.
func plain() files {
	return files{
		"agency.txt":     "agency_name,agency_url,agency_timezone\nCars,https://cars.example,Europe/Paris\n",
		"stops.txt":      "stop_id,stop_name,stop_lat,stop_lon\nA,Église,49.19,3.51\nB,Pont,49.10,3.45\nC,Gare,49.05,3.40\n",
		"routes.txt":     "route_id,route_short_name,route_type\n4,4,3\n",
		"calendar.txt":   "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nj,1,0,0,0,0,0,0,20260105,20260119\n",
		"trips.txt":      "route_id,service_id,trip_id\n4,j,t\n",
		"stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt,08:00:00,08:00:00,A,1\nt,08:10:00,08:11:00,B,2\nt,08:20:00,08:20:00,C,3\n",
	}
}

// with is the feed with other files.
func (f files) with(changes ...string) files {
	f = maps.Clone(f)
	for i := 0; i < len(changes); i += 2 {
		f[changes[i]] = changes[i+1]
	}
	return f
}

func (f files) without(names ...string) files {
	f = maps.Clone(f)
	for _, n := range names {
		delete(f, n)
	}
	return f
}

// pack zips the files, in a folder of it.
func (f files) pack(folder string) []byte {
	var members []sourcetest.Member
	for _, name := range slices.Sorted(maps.Keys(f)) {
		members = append(members, sourcetest.Member{Name: folder + name, Data: f[name]})
	}
	return sourcetest.Zipped(members...)
}

// told reads a feed, and gives it with all that the import tells.
func told(t testing.TB, f files) (transit.Feed, string) {
	t.Helper()
	feeds, r, err := imported(t, sourcetest.Memory("r.zip", f.pack("")))
	var b strings.Builder
	fmt.Fprintf(&b, "lues %d, acceptées %d, réunies %d, passées %d, refusées %d\n", r.Read, r.Accepted, r.Merged, r.Skipped, len(r.Rejected))
	for _, x := range r.Rejected {
		fmt.Fprintln(&b, "refus :", x)
	}
	for _, x := range r.Warnings {
		fmt.Fprintln(&b, "avis :", x)
	}
	if err != nil {
		fmt.Fprintln(&b, "erreur :", err)
	}
	if len(feeds) == 0 {
		return transit.Feed{}, b.String()
	}
	return feeds[0], b.String()
}

// callsOf writes the calls of a trip as feeds do.
func callsOf(f transit.Feed, trip int) string {
	var all []string
	for _, c := range f.Trips[trip].Calls {
		all = append(all, f.Stops[c.Stop].ID+" "+clock(c.Arrive)+" "+clock(c.Depart))
	}
	return strings.Join(all, ", ")
}

func TestPlainFeed(t *testing.T) {
	f, report := told(t, plain())
	if report != "lues 10, acceptées 10, réunies 0, passées 0, refusées 0\n" {
		t.Errorf("report:\n%s", report)
	}
	monday, _ := parseDay("20260105")
	want := transit.Feed{
		Name:     "r",
		Agencies: []transit.Agency{{Name: "Cars", Zone: "Europe/Paris"}},
		Stops: []transit.Stop{{ID: "A", Name: "Église", At: geo.LonLat{Lon: 3.51, Lat: 49.19}, Parent: -1}, {ID: "B", Name: "Pont", At: geo.LonLat{Lon: 3.45, Lat: 49.1}, Parent: -1},
			{ID: "C", Name: "Gare", At: geo.LonLat{Lon: 3.4, Lat: 49.05}, Parent: -1}},
		Lines:    []transit.Line{{ID: "4", Short: "4", Type: 3}},
		Services: []transit.Service{{ID: "j", Days: []transit.Day{monday, monday + 7, monday + 14}}},
		Trips: []transit.Trip{{ID: "t", Direction: -1, Calls: []transit.Call{{Arrive: 28_800, Depart: 28_800}, {Stop: 1, Arrive: 29_400, Depart: 29_460},
			{Stop: 2, Arrive: 30_000, Depart: 30_000}}}},
	}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Errorf("feed (-want +got):\n%s", diff)
	}
	if first, last, ok := f.Span(); !ok || first.String() != "2026-01-05" || last.String() != "2026-01-19" {
		t.Errorf("Span() = %v, %v, %v", first, last, ok)
	}
}

// TestSameFeed: however the files are written, they are the same feed.
func TestSameFeed(t *testing.T) {
	want, _ := told(t, plain())
	bom := map[string]string{}
	crlf, quoted, columns := files{}, files{}, plain()
	for name, text := range plain() {
		bom[name] = "\ufeff" + text
		crlf[name] = strings.ReplaceAll(text, "\n", "\r\n")
		var lines []string
		for line := range strings.Lines(text) {
			lines = append(lines, `"`+strings.ReplaceAll(strings.TrimSpace(line), ",", `" ,"`)+`"`)
		}
		quoted[name] = strings.ReplaceAll(strings.Join(lines, "\n"), `" ,"`, `","`)
	}
	columns["stop_times.txt"] = "stop_sequence, stop_id ,trip_id,departure_time,arrival_time,stop_headsign\n 3,C,t, 8:20:00,08:20:00,x\n1,A, t ,8:00:00,8:00:00,\n2,B,t,08:11:00,08:10:00,\n"
	columns["shapes.txt"] = "shape_id\n"
	upper := files{}
	for name, text := range plain() {
		upper[strings.ToUpper(name)] = text
	}
	for name, in := range map[string][]source.Input{
		"byte order marks":               {sourcetest.Memory("r.zip", files(bom).pack(""))},
		"CRLF":                           {sourcetest.Memory("r.zip", crlf.pack(""))},
		"quotes":                         {sourcetest.Memory("r.zip", quoted.pack(""))},
		"columns and rows in any order":  {sourcetest.Memory("r.zip", columns.pack(""))},
		"a folder of the archive":        {sourcetest.Memory("r.zip", plain().pack("GTFS/"))},
		"capitals":                       {sourcetest.Memory("r.zip", upper.pack(""))},
		"beside what macOS adds":         {sourcetest.Memory("r.zip", plain().with("__MACOSX/._stops.txt", "x").pack(""))},
		"headers without rows":           {sourcetest.Memory("r.zip", plain().with("transfers.txt", "from_stop_id,to_stop_id\n", "frequencies.txt", "trip_id,start_time,end_time,headway_secs\n", "calendar_dates.txt", "service_id,date,exception_type\n").pack(""))},
		"exceptions that change nothing": {sourcetest.Memory("r.zip", plain().with("calendar_dates.txt", "service_id,date,exception_type\nj,20240101,2\nj,20260105,1\n").pack(""))},
		"dates alone":                    {sourcetest.Memory("r.zip", plain().without("calendar.txt").with("calendar_dates.txt", "service_id,date,exception_type\nj,20260119,1\nj,20260105,1\nj,20260112,1\n").pack(""))},
	} {
		feeds, r, err := imported(t, in...)
		if err != nil || len(feeds) != 1 {
			t.Errorf("%s: %d feeds, %v", name, len(feeds), err)
			continue
		}
		if diff := cmp.Diff(want, feeds[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		sourcetest.None(t, r.Rejected)
	}
	var loose []source.Input
	for _, name := range slices.Sorted(maps.Keys(plain())) {
		loose = append(loose, sourcetest.Memory(name, []byte(plain()[name])))
	}
	feeds, _, err := imported(t, loose...)
	if err != nil {
		t.Fatal(err)
	}
	want.Name = "réseau"
	if diff := cmp.Diff(want, feeds[0]); diff != "" {
		t.Errorf("files that are not packed (-want +got):\n%s", diff)
	}
}

// TestSeveralFeeds: in several archives, or in folders of one.
func TestSeveralFeeds(t *testing.T) {
	two := func() []byte {
		var members []sourcetest.Member
		for _, folder := range []string{"sud", "nord"} {
			for _, name := range slices.Sorted(maps.Keys(plain())) {
				members = append(members, sourcetest.Member{Name: folder + "/" + name, Data: plain()[name]})
			}
		}
		return sourcetest.Zipped(members...)
	}()
	feeds, r, err := imported(t, sourcetest.Memory("deux.zip", two), sourcetest.Memory("r.zip", plain().pack("")), sourcetest.Memory("r.zip", plain().pack("")))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range feeds {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, ", "); got != "deux/nord, deux/sud, r, r (2)" || r.Timetables.Trips != 4 || r.Accepted != 40 {
		t.Errorf("feeds %s: %+v, %d accepted", got, r.Timetables, r.Accepted)
	}
}
