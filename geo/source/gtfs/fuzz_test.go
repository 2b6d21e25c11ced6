package gtfs

import (
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// FuzzGTFS reads feeds of arbitrary files: what comes out is what a store takes, rows add up,
// and errors have an address.
func FuzzGTFS(f *testing.F) {
	for _, s := range []files{plain(), withZones(), plain().with("stops.txt", "stop_id,stop_lat,stop_lon,location_type,parent_station\nA,49,3,0,G\nB,,,0,\nG,,,1,\nC,48,2,4,A\n",
		"transfers.txt", "from_stop_id,to_stop_id,transfer_type\nA,C,2\n", "frequencies.txt", "trip_id,start_time,end_time,headway_secs\nt,06:00:00,24:30:00,600\n",
		"calendar_dates.txt", "service_id,date,exception_type\nj,20260112,2\nk,20260113,1\n")} {
		f.Add(s["stops.txt"], s["calendar.txt"]+"\x00"+s["calendar_dates.txt"], s["trips.txt"], s["stop_times.txt"], s["frequencies.txt"]+"\x00"+s["transfers.txt"],
			s[locationsName]+"\x00"+s["location_groups.txt"]+"\x00"+s["location_group_stops.txt"]+"\x00"+s["booking_rules.txt"])
	}
	f.Fuzz(func(t *testing.T, stops, days, trips, times, more, zones string) {
		in := plain()
		in["stops.txt"], in["trips.txt"], in["stop_times.txt"] = stops, trips, times
		// Files of the same argument are parted by NUL; one that is empty is absent.
		put := func(text string, names ...string) {
			for i, part := range strings.SplitN(text, "\x00", len(names)) {
				if delete(in, names[i]); part != "" {
					in[names[i]] = part
				}
			}
		}
		put(days, "calendar.txt", "calendar_dates.txt")
		put(more, "frequencies.txt", "transfers.txt")
		put(zones, locationsName, "location_groups.txt", "location_group_stops.txt", "booking_rules.txt")
		imp, err := GTFS(t.Context(), []source.Input{sourcetest.Memory("r.zip", in.pack(""))}, source.Options{MaxRejectShare: 1})
		if err != nil {
			t.Fatal(err)
		}
		var end error
		for feed, err := range imp.Rows {
			if end = err; err != nil {
				break
			}
			if err := store.CheckFeed(feed); err != nil {
				t.Fatalf("a feed that no store takes: %v", err)
			}
			for i := range feed.Trips {
				if len(feed.Trips[i].Calls) < 2 {
					t.Fatalf("trip %q of %d calls", feed.Trips[i].ID, len(feed.Trips[i].Calls))
				}
			}
		}
		r := imp.Report
		switch {
		case end != nil && !strings.HasPrefix(end.Error(), "import gtfs: "):
			t.Fatalf("error without an address: %v", end)
		case end == nil && r.Read != r.Accepted+r.Merged+r.Skipped+len(r.Rejected):
			t.Fatalf("%d read, %d accepted, %d merged, %d skipped, %d rejected", r.Read, r.Accepted, r.Merged, r.Skipped, len(r.Rejected))
		}
	})
}

func FuzzOnDemand(f *testing.F) {
	f.Add([]byte(Template))
	f.Add([]byte("zone;communes;contour;quand;preavis\na;02408;;lundi 8h-12h;la veille\nb;;MULTIPOLYGON(((3 49,4 49,4 50,3 49)));;\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		imp, err := OnDemand(t.Context(), []source.Input{sourcetest.Memory("tad.csv", data)}, source.Options{MaxRejectShare: 1})
		if err != nil {
			t.Fatal(err)
		}
		rows := imp.Rows
		imp.Rows = func(yield func(transit.Zone, error) bool) {
			for z, err := range rows {
				if err == nil {
					if err := store.CheckOnDemand(z); err != nil {
						t.Fatalf("a zone that no store takes: %v", err)
					}
				}
				if !yield(z, err) {
					return
				}
			}
		}
		sourcetest.SoundImport(t, imp, nil)
	})
}
