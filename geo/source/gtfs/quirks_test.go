package gtfs

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/transit"
)

const timesHeader = "trip_id,arrival_time,departure_time,stop_id,stop_sequence"

// TestRefused: feeds of which nothing is kept, and the sentence that says why.
func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		f    files
		want string
	}{
		"no agency":          {plain().without("agency.txt"), "r.zip: réseau sans agency.txt ; attendu agency.txt, stops.txt"},
		"no times":           {plain().without("stop_times.txt"), "r.zip: réseau sans stop_times.txt"},
		"no days":            {plain().without("calendar.txt"), "r.zip: réseau sans calendar.txt ni calendar_dates.txt"},
		"no stops":           {plain().without("stops.txt"), "r.zip: réseau sans stops.txt"},
		"no feed":            {files{"a.csv": "a\n"}, "r.zip: archive sans stops.txt, routes.txt, trips.txt ni stop_times.txt ; attendu un réseau GTFS ; fichiers de l'archive : a.csv"},
		"no column of trips": {plain().with("stop_times.txt", "arrival_time,stop_sequence\n08:00:00,1\n"), "r.zip › stop_times.txt:1: en-tête : colonne absente : trip_id ; colonnes lues : arrival_time, stop_sequence"},
		"an empty file":      {plain().with("trips.txt", ""), "r.zip › trips.txt:1: fichier vide ; attendu une ligne d'en-tête avec les colonnes route_id, service_id, trip_id"},
		"no row":             {plain().with("trips.txt", "route_id,service_id,trip_id\n"), "r.zip: aucune course, ni zone à la demande"},
		"a zone of nowhere": {plain().with("agency.txt", "agency_name,agency_timezone\nCars,Europe/Laon\n"),
			"r.zip › agency.txt:2: agency_timezone « Europe/Laon » : fuseau horaire inconnu : aucune heure du réseau ne peut être lue ; attendu un nom comme Europe/Paris"},
		"too many rows that are wrong": {plain().with("stop_times.txt", timesHeader+"\nt,08:00:00,08:00:00,A,1\nt,08:20:00,08:20:00,C,3\n"+strings.Repeat("x,08:00:00,08:00:00,A,1\n", 9)),
			"9 refus sur 18 lignes, plus que la part admise de 20 % ; le premier est r.zip › stop_times.txt:4: trip_id « x » : identifiant absent de trips.txt"},
		"days without end": {plain().with("calendar.txt", plain()["calendar.txt"]+weeks(3000)), "plus de 40000000 jours de service en tout"},
		"departures without end": {plain().with("frequencies.txt", "trip_id,start_time,end_time,headway_secs\n"+strings.Repeat("t,00:00:00,160:00:00,1\n", 200)),
			"fréquences de plus de 100000000 départs en tout"},
	} {
		_, report := told(t, c.f)
		if !strings.Contains(report, "erreur : import gtfs: "+c.want) && !strings.Contains(report, c.want) {
			t.Errorf("%s:\n%swant %s", name, report, c.want)
		}
		if !strings.Contains(report, "erreur : import gtfs: ") {
			t.Errorf("%s: accepted:\n%s", name, report)
		}
	}
}

// weeks are n services that run every day for two centuries.
func weeks(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("s" + strings.Repeat("x", i) + ",1,1,1,1,1,1,1,19700101,22001231\n")
		if i > 480 {
			break // 480 of 84 000 days are 40 million
		}
	}
	return b.String()
}

// TestRejected: rows that are left out alone, and what is told of them.
func TestRejected(t *testing.T) {
	// Rows that are sound, so that those that are not are few.
	many := func(f files) files {
		return f.with("calendar_dates.txt", "service_id,date,exception_type\n"+dates(60)+f["calendar_dates.txt"])
	}
	for name, c := range map[string]struct {
		file, rows string
		want       []string
	}{
		"a trip that is not there": {"stop_times.txt", "x,08:00:00,08:00:00,A,1\n", []string{"refus : r.zip › stop_times.txt:5: trip_id « x » : identifiant absent de trips.txt"}},
		"a stop that is not there": {"stop_times.txt", "t,08:30:00,08:30:00,Z,4\n", []string{"refus : r.zip › stop_times.txt:5: stop_id « Z » : identifiant absent de stops.txt"}},
		"a time that is none":      {"stop_times.txt", "t,8h30,08:30:00,A,4\n", []string{"refus : r.zip › stop_times.txt:5: arrival_time « 8h30 » : heure non comprise ; attendu HH:MM:SS"}},
		"61 minutes":               {"stop_times.txt", "t,08:61:00,08:61:00,A,4\n", []string{"arrival_time « 08:61:00 » : heure non comprise"}},
		"a rank that is none":      {"stop_times.txt", "t,08:30:00,08:30:00,A,x\n", []string{"stop_sequence « x » : rang non compris"}},
		"a rank twice":             {"stop_times.txt", "t,08:12:00,08:12:00,A,2\n", []string{"refus : r.zip › stop_times.txt:5: stop_sequence « 2 » : rang déjà présent ligne 3, dans la même course"}},
		"a stop given twice":       {"stops.txt", "A,Autre,49.2,3.6\n", []string{"refus : r.zip › stops.txt:5: stop_id « A » : identifiant déjà présent plus haut"}},
		"the same stop twice":      {"stops.txt", "A,Église,49.19,3.51\n", []string{"réunies 1, passées 0, refusées 0"}},
		"a stop without id":        {"stops.txt", ",Autre,49.2,3.6\n", []string{"stop_id : valeur absente"}},
		"latitude 149":             {"stops.txt", "D,Loin,149,3.6\n", []string{"refus : r.zip › stops.txt:5: stop_lon, stop_lat « 3.6, 149 » : latitude hors de -90…90"}},
		"a route of no type":       {"routes.txt", "5,5,\n", []string{"route_type : type de ligne non compris"}},
		"a trip of no route":       {"trips.txt", "9,j,u\n", []string{"refus : r.zip › trips.txt:3: route_id « 9 » : identifiant absent de routes.txt"}},
		"a trip of no service":     {"trips.txt", "4,k,u\n", []string{"service_id « k » : identifiant absent de calendar.txt"}},
		"a trip without calls":     {"trips.txt", "4,j,u\n", []string{"passées 1, refusées 0", "courses de moins de deux arrêts, laissées de côté : 1"}},
		"a date that is none":      {"calendar_dates.txt", "j,20260230,1\n", []string{"date « 20260230 » : date non comprise ; attendu AAAAMMJJ"}},
		"an exception of type 3":   {"calendar_dates.txt", "j,20260220,3\n", []string{"exception_type « 3 » : attendu 1"}},
		"an exception both ways":   {"calendar_dates.txt", "j,20260220,1\nj,20260220,2\n", []string{"exception_type « 2 » : le contraire d'une ligne plus haut"}},
		"an end before its start":  {"calendar.txt", "k,1,1,1,1,1,1,1,20260301,20260201\n", []string{"end_date « 20260201 » : avant start_date (20260301)"}},
		"a day that is neither":    {"calendar.txt", "k,1,1,2,1,1,1,1,20260201,20260301\n", []string{"wednesday « 2 » : attendu 1"}},
		"a row of too many fields": {"trips.txt", "4,j,u,x,y\n", []string{"5 champs ; attendu 3, comme dans l'en-tête"}},
	} {
		f := plain()
		f["calendar_dates.txt"] = ""
		f[c.file] += c.rows
		feed, report := told(t, many(f))
		for _, want := range c.want {
			if !strings.Contains(report, want) {
				t.Errorf("%s:\n%swant %s", name, report, want)
			}
		}
		if strings.Contains(report, "erreur") {
			t.Errorf("%s: refused:\n%s", name, report)
			continue
		}
		if got, want := callsOf(feed, 0), "A 08:00:00 08:00:00, B 08:10:00 08:11:00, C 08:20:00 08:20:00"; got != want {
			t.Errorf("%s: calls %s; want %s", name, got, want)
		}
	}
}

// dates are n rows of a service of its own.
func dates(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("autre,2026" + string([]byte{'0', '1' + byte(i/28), '0' + byte((i%28+1)/10), '0' + byte((i%28+1)%10)}) + ",1\n")
	}
	return b.String()
}

// TestCascades: what depends on a row that is rejected is skipped, and counted, not rejected.
func TestCascades(t *testing.T) {
	f := plain().with("calendar_dates.txt", "service_id,date,exception_type\n"+dates(50))
	f["routes.txt"] += "5,5,?\n"
	f["trips.txt"] += "5,j,u\n"
	f["stop_times.txt"] += "u,09:00:00,09:00:00,A,1\nu,09:10:00,09:10:00,B,2\n"
	feed, report := told(t, f)
	want := "lues 64, acceptées 60, réunies 0, passées 3, refusées 1\n" +
		"refus : r.zip › routes.txt:3: route_type « ? » : type de ligne non compris ; attendu un nombre, comme 3 pour un autocar\n" +
		"avis : r.zip › stop_times.txt:5: lignes qui dépendent d'une ligne refusée, laissées de côté : 2\n" +
		"avis : r.zip › trips.txt:3: lignes qui dépendent d'une ligne refusée, laissées de côté : 1\n"
	if report != want || len(feed.Trips) != 1 {
		t.Errorf("%d trips, report:\n%swant:\n%s", len(feed.Trips), report, want)
	}
}

// TestTripsThatGoBack are rejected at the row that goes back; the others of their rows are skipped.
func TestTripsThatGoBack(t *testing.T) {
	for rows, want := range map[string]string{
		"u,23:50:00,23:50:00,A,1\nu,00:10:00,00:10:00,B,2\n": "stop_times.txt:6: arrival_time « 00:10:00 » : avant le départ de l'arrêt précédent (23:50:00) ; attendu des heures croissantes, au-delà de 24:00:00 après minuit ; la course « u » est laissée de côté",
		"u,08:10:00,08:00:00,A,1\nu,09:10:00,09:10:00,B,2\n": "stop_times.txt:5: departure_time « 08:00:00 » : avant l'arrivée (08:10:00)",
		"u,,,A,1\nu,09:10:00,09:10:00,B,2\n":                 "stop_times.txt:5: arrival_time : heure absente ; attendu celles du premier et du dernier arrêt d'une course",
	} {
		f := plain().with("calendar_dates.txt", "service_id,date,exception_type\n"+dates(50))
		f["trips.txt"] += "4,j,u\n"
		f["stop_times.txt"] += rows
		feed, report := told(t, f)
		if !strings.Contains(report, want) || !strings.HasPrefix(report, "lues 63, acceptées 60, réunies 0, passées 2, refusées 1\n") || len(feed.Trips) != 1 {
			t.Errorf("%d trips, report:\n%swant %s", len(feed.Trips), report, want)
		}
	}
}

func TestMissingTimes(t *testing.T) {
	for name, c := range map[string]struct{ times, want, told string }{
		"evenly": {timesHeader + "\nt,08:00:00,08:02:00,A,1\nt,,,B,2\nt,,,A,3\nt,08:12:00,08:12:00,C,9\n",
			"A 08:00:00 08:02:00, B 08:05:20 08:05:20, A 08:08:40 08:08:40, C 08:12:00 08:12:00", "stop_times.txt:3: arrival_time : heures absentes entre deux arrêts, réparties également : 2"},
		"by distance": {timesHeader + ",shape_dist_traveled\nt,08:00:00,08:02:00,A,1,0\nt,,,B,2,1.5\nt,,,A,3,4.5\nt,08:12:00,08:12:00,C,9,6\n",
			"A 08:00:00 08:02:00, B 08:04:30 08:04:30, A 08:09:30 08:09:30, C 08:12:00 08:12:00", "réparties selon la distance (shape_dist_traveled) : 2"},
		"one distance lacks": {timesHeader + ",shape_dist_traveled\nt,08:00:00,08:00:00,A,1,0\nt,,,B,2,\nt,08:10:00,08:10:00,C,9,6\n",
			"A 08:00:00 08:00:00, B 08:05:00 08:05:00, C 08:10:00 08:10:00", "réparties également : 1"},
		"departure alone": {timesHeader + "\nt,,08:00:00,A,1\nt,08:20:00,,C,2\n", "A 08:00:00 08:00:00, C 08:20:00 08:20:00", "passages qui ne disent que leur départ, lus sans attente : 1"},
		"after midnight":  {timesHeader + "\nt,23:50:00,23:50:00,A,1\nt,24:10:00,24:10:00,B,2\nt,125:00:00,125:00:00,C,3\n", "A 23:50:00 23:50:00, B 24:10:00 24:10:00, C 125:00:00 125:00:00", ""},
	} {
		f, report := told(t, plain().with("stop_times.txt", c.times))
		if got := callsOf(f, 0); got != c.want || !strings.Contains(report, c.told) {
			t.Errorf("%s: calls %s; want %s\n%s", name, got, c.want, report)
		}
	}
}

func TestStops(t *testing.T) {
	f, report := told(t, plain().with("stops.txt", "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,wheelchair_boarding\n"+
		"G,Gare,,,1,,1\nA,Quai 1,49,3,0,G,0\nB,Quai 2,51,3,,G,2\nC,Seul,,,0,,\nD,Zéro,0,0,0,,\nE,Entrée,,,2,G,\nF,Perdu,48,2,0,Z,\nH,Fausse,48,2,7,F,\nI,Zone,,,4,A,\n",
		"trips.txt", plain()["trips.txt"]+"4,j,u\n",
		"stop_times.txt", timesHeader+"\nt,08:00:00,08:00:00,A,1\nt,08:05:00,08:05:00,C,2\nt,08:10:00,08:10:00,B,3\nt,08:20:00,08:20:00,G,4\nu,08:00:00,08:00:00,C,1\nu,09:00:00,09:00:00,A,2\n",
		"transfers.txt", "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_trip_id,to_trip_id\nA,B,2,180,,\nC,B,0,,,\n,,4,,t,t\nA,B,9,,,\nA,Z,0,,,\nA,,0,,,\nA,,0,,u,\n"))
	at := func(lat, lon float64) geo.LonLat { return geo.LonLat{Lon: lon, Lat: lat} }
	want := []transit.Stop{
		{ID: "G", Name: "Gare", At: at(50, 3), Kind: transit.Station, Parent: -1, Wheelchair: transit.Yes},
		{ID: "A", Name: "Quai 1", At: at(49, 3), Parent: 0, Wheelchair: transit.Yes},
		{ID: "B", Name: "Quai 2", At: at(51, 3), Parent: 0, Wheelchair: transit.No},
		{ID: "E", Name: "Entrée", At: at(50, 3), Kind: transit.Entrance, Parent: 0, Wheelchair: transit.Yes},
		{ID: "F", Name: "Perdu", At: at(48, 2), Parent: -1},
		{ID: "H", Name: "Fausse", At: at(48, 2), Parent: -1},
		{ID: "I", Name: "Zone", At: at(49, 3), Kind: transit.BoardingArea, Parent: 1, Wheelchair: transit.Yes},
	}
	if diff := cmp.Diff(want, f.Stops); diff != "" {
		t.Errorf("stops (-want +got):\n%s", diff)
	}
	if got := callsOf(f, 0); len(f.Trips) != 1 || got != "A 08:00:00 08:00:00, B 08:10:00 08:10:00, G 08:20:00 08:20:00" {
		t.Errorf("%d trips, calls %s", len(f.Trips), got)
	}
	if diff := cmp.Diff([]transit.Transfer{{From: 1, To: 2, FromLine: -1, ToLine: -1, FromTrip: -1, ToTrip: -1, Type: 2, MinSeconds: 180},
		{From: -1, To: -1, FromLine: -1, ToLine: -1, Type: 4, MinSeconds: -1}}, f.Transfers); diff != "" {
		t.Errorf("transfers (-want +got):\n%s", diff)
	}
	for _, want := range []string{"arrêts sans coordonnées, où personne ne peut être conduit, laissés de côté : 2", "gares sans coordonnées, placées au milieu de leurs arrêts : 1",
		"parent_station « Z » : arrêts d'une gare absente", "parent_station « F » : arrêts dont la gare n'en est pas une", "location_type « 7 » : valeurs hors de la liste, lues comme 0 : 1",
		"passages à des arrêts laissés de côté : 2", "gares où passent des courses, lues aussi comme arrêts : 1", "transfer_type « 9 » : type de correspondance non compris",
		"to_stop_id « Z » : identifiant absent de stops.txt", "correspondances d'un arrêt ou d'une course laissés de côté : 2", "attendu deux arrêts, ou deux courses"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report does not say %q:\n%s", want, report)
		}
	}
}

func TestRest(t *testing.T) {
	f, report := told(t, plain().with(
		"agency.txt", "agency_id,agency_name,agency_timezone\n1,Cars,Europe/Paris\n1,Cars,Europe/Paris\n2,Autre,Europe/London\n1,Encore,Europe/Paris\n",
		"routes.txt", "route_id,agency_id,route_short_name,route_long_name,route_type,route_color,continuous_pickup\n4,1,4,,3,#ff8800,\nS,2,,Collège,712,blue,0\n5,,5,,704,,1\n6,9,6,,3,,\n7,2,,,9999,,\n",
		"trips.txt", "route_id,service_id,trip_id,trip_headsign,direction_id,block_id,wheelchair_accessible\n4,j,t,Gare,1,b 1,1\nS,j,s,,2,,7\n",
		"stop_times.txt", "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type,timepoint\nt,08:00:00,08:00:00,A,1,0,1,1\nt,08:10:00,08:11:00,B,2,2,3,0\nt,08:20:00,08:20:00,C,3,1,,\n"+
			"s,08:00:00,08:00:00,A,1,9,0,1\ns,08:10:00,08:11:00,B,2,,,1\n",
		"frequencies.txt", "trip_id,start_time,end_time,headway_secs,exact_times\nt,12:00:00,14:00:00,1800,1\nt,6:00:00,12:30:00,3600,\nt,14:00:00,13:00:00,60,0\nt,14:00:00,15:00:00,0,0\n",
		"feed_info.txt", "feed_publisher_name,feed_version\nCars,v7\n",
		"fare_rules.txt", "fare_id\n1\n2\n\n", "notes.md", "x",
	))
	if f.Version != "v7" || len(f.Agencies) != 2 || f.Agencies[1].Zone != "Europe/London" {
		t.Errorf("version %q, agencies %v", f.Version, f.Agencies)
	}
	if diff := cmp.Diff([]transit.Line{{ID: "4", Short: "4", Type: 3, Colour: "FF8800"}, {ID: "S", Agency: 1, Long: "Collège", Type: transit.School}, {ID: "5", Agency: -1, Short: "5", Type: 704},
		{ID: "7", Agency: 1, Type: 9999}}, f.Lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	tr := f.Trips[0]
	calls := []transit.Call{{Arrive: 28_800, Depart: 28_800, Drop: transit.Forbidden}, {Stop: 1, Arrive: 29_400, Depart: 29_460, Pickup: transit.ByPhone, Drop: transit.ByDriver}, {Stop: 2, Arrive: 30_000, Depart: 30_000, Pickup: transit.Forbidden}}
	if diff := cmp.Diff(transit.Trip{ID: "t", Headsign: "Gare", Direction: 1, Block: "b 1", Wheelchair: transit.Yes, Calls: calls,
		Frequencies: []transit.Frequency{{Start: 21_600, End: 45_000, Headway: 3600}, {Start: 43_200, End: 50_400, Headway: 1800, Exact: true}}}, tr); diff != "" {
		t.Errorf("trip (-want +got):\n%s", diff)
	}
	if s := f.Trips[1]; s.Direction != -1 || s.Wheelchair != transit.Unknown {
		t.Errorf("a trip whose values are none: %+v", s)
	}
	for _, want := range []string{"réunies 1", "agency_id « 1 » : identifiant déjà présent plus haut", "exploitants d'un autre fuseau que le premier, gardés chacun dans le sien : 1", "route_color « blue » : couleurs non comprises : 1",
		"montées ou descentes entre les arrêts, qui ne sont pas lues : 1", "agency_id « 9 » : identifiant absent de agency.txt", "lignes qui ne disent pas leur exploitant, dans un réseau qui en a plusieurs : 1",
		"lignes sans numéro ni nom : 1", "route_type « 9999 » : types de ligne hors des listes publiées", "direction_id « 2 »", "pickup_type « 9 » : valeurs hors de la liste", "heures que le réseau dit approchées, lues comme les autres : 1",
		"end_time « 13:00:00 » : pas après start_time", "headway_secs « 0 » : intervalle non compris", "fréquences d'une même course qui se recouvrent, gardées : 1",
		"fichiers qui ne sont pas lus : fare_rules.txt (2 lignes), notes.md (0 lignes)"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report does not say %q:\n%s", want, report)
		}
	}
}

// TestBombs: what promises far more than it weighs is refused before it is read.
func TestBombs(t *testing.T) {
	for name, c := range map[string]struct {
		f    files
		want string
	}{
		"an archive":              {plain().with("stop_times.txt", timesHeader+"\n"+strings.Repeat("\n", 30_000_000)), "stop_times.txt : décompressé, il serait"},
		"a file that is not read": {plain().with("shapes.txt", strings.Repeat("\n", 30_000_000)), "shapes.txt : décompressé, il serait"},
	} {
		if _, report := told(t, c.f); !strings.Contains(report, c.want) {
			t.Errorf("%s: %s", name, report)
		}
	}
	_, report := told(t, plain().with("calendar_dates.txt", "service_id,date,exception_type\n"+dates(50), "trips.txt", plain()["trips.txt"]+"4,j,"+strings.Repeat("u", 600)+"\n4,j,\""+strings.Repeat("v ", 600_000)+"\"\n"))
	for _, want := range []string{"trips.txt:3: trip_id « uuuu", "identifiant de plus de 500 octets", "trips.txt:4: enregistrement de plus de 1 Mio"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report does not say %q:\n%s", want, report)
		}
	}
}
