package gtfs

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/transit"
)

const square = `[[3,49],[4,49],[4,50],[3,50],[3,49]]`

// withZones has a feature as an area, a group of stops, and rules.
func withZones() files {
	return plain().with(
		locationsName, `{"type":"FeatureCollection","features":[
			{"type":"Feature","id":"z1","properties":{"stop_name":"Orxois"},"geometry":{"type":"Polygon","coordinates":[`+square+`,[[3.2,49.2],[3.2,49.4],[3.4,49.4],[3.2,49.2]]]}},
			{"type":"Feature","id":"z2","properties":{},"geometry":{"type":"MultiPolygon","coordinates":[[`+square+`]]}}]}`,
		"location_groups.txt", "location_group_id,location_group_name\ng,Points d'arrêt\n",
		"location_group_stops.txt", "location_group_id,stop_id\ng,A\ng,C\n",
		"booking_rules.txt", "booking_rule_id,booking_type,prior_notice_duration_min,prior_notice_last_day,prior_notice_last_time,phone_number\n"+
			"r0,0,,,,\nr1,1,90,,,0300000000\nr2,2,,1,17:00:00,0300000001\n",
		"trips.txt", plain()["trips.txt"]+"4,j,dans\n4,j,dans2\n4,j,entre\n4,j,mixte\n",
		"stop_times.txt", "trip_id,arrival_time,departure_time,stop_id,stop_sequence,location_id,location_group_id,start_pickup_drop_off_window,end_pickup_drop_off_window,pickup_type,drop_off_type,pickup_booking_rule_id,drop_off_booking_rule_id\n"+
			"t,08:00:00,08:00:00,A,1,,,,,,,,\nt,08:20:00,08:20:00,C,3,,,,,,,,\n"+
			"dans,,,,1,z1,,08:00:00,12:00:00,2,2,r1,r1\ndans,,,,2,z1,,08:00:00,12:00:00,2,2,r1,r1\n"+
			"dans2,,,,1,z1,,08:00:00,12:00:00,2,2,r1,r1\n"+
			"entre,,,,1,z2,,14:00:00,18:00:00,2,1,r2,\nentre,,,,2,,g,14:00:00,18:00:00,1,2,,r2\n"+
			"mixte,09:00:00,09:00:00,A,1,,,,,,,,\nmixte,,,,2,z1,,09:00:00,09:30:00,1,3,,r0\nmixte,09:30:00,09:30:00,C,3,,,,,,,,\n")
}

// TestZones: what GTFS-Flex publishes becomes zones, never trips; the stops of a trip that also
// has times stay a trip.
func TestZones(t *testing.T) {
	f, report := told(t, withZones())
	outer := []geo.LonLat{{Lon: 3, Lat: 49}, {Lon: 4, Lat: 49}, {Lon: 4, Lat: 50}, {Lon: 3, Lat: 50}, {Lon: 3, Lat: 49}}
	hole := []geo.LonLat{{Lon: 3.2, Lat: 49.2}, {Lon: 3.2, Lat: 49.4}, {Lon: 3.4, Lat: 49.4}, {Lon: 3.2, Lat: 49.2}}
	want := []transit.Zone{
		{ID: "z1", Nom: "Orxois", Area: [][]geo.LonLat{outer, hole}, From: 28_800, To: 43_200, Notice: 90, Phone: "0300000000", Trip: "dans", Pickup: transit.ByPhone, Drop: transit.ByPhone},
		{ID: "z2", Area: [][]geo.LonLat{outer}, From: 50_400, To: 64_800, Notice: 24*60 - 180, Phone: "0300000001", Trip: "entre", Pickup: transit.ByPhone, Drop: transit.Forbidden},
		{ID: "g", Nom: "Points d'arrêt", Stops: []int32{0, 2}, From: 50_400, To: 64_800, Notice: 24*60 - 180, Phone: "0300000001", Trip: "entre", Pickup: transit.Forbidden, Drop: transit.ByPhone},
		{ID: "z1", Nom: "Orxois", Area: [][]geo.LonLat{outer, hole}, From: 32_400, To: 34_200, Trip: "mixte", Pickup: transit.Forbidden, Drop: transit.ByDriver},
	}
	if diff := cmp.Diff(want, f.Zones, cmp.Comparer(sameHours)); diff != "" {
		t.Errorf("zones (-want +got):\n%s", diff)
	}
	var trips []string
	for i := range f.Trips {
		trips = append(trips, f.Trips[i].ID+": "+callsOf(f, i))
	}
	if got := strings.Join(trips, "; "); got != "t: A 08:00:00 08:00:00, C 08:20:00 08:20:00; mixte: A 09:00:00 09:00:00, C 09:30:00 09:30:00" {
		t.Errorf("trips %s", got)
	}
	if !strings.Contains(report, "réunies 2, passées 0, refusées 0") || !strings.Contains(report, "passages à la demande, lus comme des zones sur réservation et non comme des courses : 6") {
		t.Errorf("report:\n%s", report)
	}
}

// TestZonesAlone: a feed of zones has no stop, and no trip.
func TestZonesAlone(t *testing.T) {
	f, report := told(t, withZones().without("stops.txt", "location_group_stops.txt", "location_groups.txt").with("trips.txt", "route_id,service_id,trip_id\n4,j,dans\n",
		"stop_times.txt", "trip_id,stop_sequence,location_id,start_pickup_drop_off_window,end_pickup_drop_off_window\ndans,1,z2,08:00:00,12:00:00\ndans,2,z2,08:00:00,12:00:00\n"))
	if len(f.Trips) != 0 || len(f.Zones) != 1 || f.Zones[0].Notice != -1 {
		t.Errorf("%d trips, zones %+v\n%s", len(f.Trips), f.Zones, report)
	}
	if first, _, ok := f.Span(); !ok || first.String() != "2026-01-05" {
		t.Errorf("zones run from %v, %v", first, ok)
	}
}

func TestZonesRejected(t *testing.T) {
	f := withZones().with("calendar_dates.txt", "service_id,date,exception_type\n"+dates(60))
	f["stop_times.txt"] += "t,,,,9,z9,,08:00:00,09:00:00,2,2,,\nt,,,,9,z1,,08:00:00,,2,2,,\nt,,,,9,z1,,10:00:00,09:00:00,2,2,rien,\nt,,,,9,,x,08:00:00,09:00:00,2,2,,\n"
	f[locationsName] = strings.Replace(f[locationsName], `"features":[`, `"features":[{"type":"Feature","id":"p","properties":{},"geometry":{"type":"Point","coordinates":[3,49]}},`, 1)
	_, report := told(t, f)
	for _, want := range []string{"location_id « z9 » : identifiant absent de locations.geojson", "end_pickup_drop_off_window : heure non comprise", "end_pickup_drop_off_window « 09:00:00 » : pas après start_pickup_drop_off_window (10:00:00)",
		"location_group_id « x » : identifiant absent de location_groups.txt", "locations.geojson:1: geometry « Point » : type de géométrie non admis"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report does not say %q:\n%s", want, report)
		}
	}
}

// TestZonesBounded: an area that is large, in many zones, would be stored as often.
func TestZonesBounded(t *testing.T) {
	var ring, rows strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&ring, "[%.5f,%d],", 3+float64(i)/1e5, 48+i%2)
	}
	for i := range 400 {
		fmt.Fprintf(&rows, "dans,%d,z,08:%02d:%02d,12:00:00\n", i, i/60, i%60)
	}
	f := plain().with(locationsName, `{"type":"FeatureCollection","features":[{"type":"Feature","id":"z","properties":{},"geometry":{"type":"Polygon","coordinates":[[`+ring.String()+`[3,47],[3,48]]]}}]}`,
		"trips.txt", plain()["trips.txt"]+"4,j,dans\n",
		"stop_times.txt", "trip_id,stop_sequence,location_id,start_pickup_drop_off_window,end_pickup_drop_off_window,stop_id,arrival_time\n"+strings.ReplaceAll(rows.String(), "12:00:00\n", "12:00:00,,\n"))
	if _, report := told(t, f); !strings.Contains(report, "erreur : import gtfs: r.zip › stop_times.txt:") || !strings.Contains(report, "256 Mio de textes et de contours") {
		t.Errorf("report:\n%s", report)
	}
}
