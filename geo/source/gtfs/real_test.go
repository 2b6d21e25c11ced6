package gtfs

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// imported reads feeds to the end.
func imported(t testing.TB, in ...source.Input) ([]transit.Feed, *source.Report, error) {
	t.Helper()
	imp, err := GTFS(t.Context(), in, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var all []transit.Feed
	for f, err := range imp.Rows {
		if err != nil {
			return all, imp.Report, err
		}
		if err := store.CheckFeed(f); err != nil {
			t.Errorf("a feed that no store takes: %v", err)
		}
		all = append(all, f)
	}
	r := imp.Report
	if r.Read != r.Accepted+r.Merged+r.Skipped+len(r.Rejected) {
		t.Errorf("%d read, %d accepted, %d merged, %d skipped, %d rejected", r.Read, r.Accepted, r.Merged, r.Skipped, len(r.Rejected))
	}
	if r.Manifest.Rows != len(all) {
		t.Errorf("the manifest says %d rows; read %d", r.Manifest.Rows, len(all))
	}
	return all, r, nil
}

// TestPublishedFeeds reads feeds whose counts are known, kept beside the repository on some
// machines.
func TestPublishedFeeds(t *testing.T) {
	for _, c := range []struct {
		in   []string
		want source.Timetables
		name string // that a dataset takes of it
	}{
		{[]string{"gtfs", "fablio-chateau-thierry.zip"}, source.Timetables{Feeds: 1, Agencies: 1, Stops: 164, Lines: 10, Services: 34, Trips: 567, Calls: 11_775,
			First: "2025-10-01", Last: "2026-12-31"}, "Keolis chateau-thierry"},
		// Its calendar and its agency are written twice.
		{[]string{"transit", "sao-paulo-gtfs.zip"}, source.Timetables{Feeds: 1, Agencies: 1, Stops: 654, Lines: 19, Services: 6, Trips: 36, Calls: 860, Frequencies: 704,
			First: "2008-01-01", Last: "2020-05-01", Unread: map[string]int{"shapes.txt": 12_295}}, "SPTRANS"},
		{[]string{"transit", "sncf-tgv-2025-07.zip"}, source.Timetables{Feeds: 1, Agencies: 2, Stops: 514, Lines: 89, Services: 2993, Trips: 6672, Calls: 39_453,
			First: "2025-07-18", Last: "2025-12-13"}, "SNCF VOYAGEURS OCEdefault"},
		{[]string{"transit", "tatrobus-tad.zip"}, source.Timetables{Feeds: 1, Agencies: 1, Stops: 12, Lines: 1, Services: 1, Trips: 11, Calls: 38, OnRequest: 4,
			First: "2016-10-15", Last: "2018-01-31"}, "TATROBUS"},
	} {
		t.Run(c.in[1], func(t *testing.T) {
			in := sourcetest.RealFile(t, c.in...)
			_, r, err := imported(t, in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&c.want, r.Timetables); diff != "" {
				t.Errorf("timetables (-want +got):\n%s", diff)
			}
			for _, x := range r.Rejected {
				t.Errorf("rejected: %s", x)
			}
			if name := Name(t.Context(), []source.Input{in}); name != c.name {
				t.Errorf("named %q; want %q", name, c.name)
			}
		})
	}
}
