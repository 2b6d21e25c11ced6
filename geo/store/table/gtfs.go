package table

import (
	"encoding/json"
	"fmt"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// What a record of a feed is, in the order in which they come back.
const (
	feedRecord = iota
	stopRecord
	lineRecord
	serviceRecord
	tripRecord
	zoneRecord
)

// gtfs are rows of the table gtfs, a feed each; what a feed is made of is in the others, by
// its rang there. A trip has its calls in one value.
var gtfs = kind[transit.Feed]{
	rows: store.GTFS,
	tables: []Table{
		feedRecord:    {"gtfs", false, []string{"dataset", "position", "nom", "version", "premier_jour", "dernier_jour", "agences", "correspondances"}},
		stopRecord:    {"gtfs_arrets", true, []string{"dataset", "position", "rang", "id", "nom", "type", "parent", "fauteuil"}},
		lineRecord:    {"gtfs_lignes", false, []string{"dataset", "position", "rang", "id", "agence", "numero", "nom", "type", "couleur"}},
		serviceRecord: {"gtfs_services", false, []string{"dataset", "position", "rang", "id", "premier_jour", "dernier_jour", "nombre_jours", "jours"}},
		tripRecord: {"gtfs_courses", false, []string{"dataset", "position", "rang", "id", "ligne", "service", "direction", "sens", "vehicule", "fauteuil",
			"premier_depart_s", "nombre_passages", "passages", "frequences"}},
		zoneRecord: {"gtfs_zones", true, []string{"dataset", "position", "rang", "id", "nom", "service", "debut_s", "fin_s", "preavis_min", "telephone",
			"ligne", "course", "montee", "descente", "arrets"}},
	},
	encode: encodeFeed,
	// The first part has what gives the columns their types; lists have none in it.
	query: `
	SELECT dataset, position, 1 AS nature, rang, id, nom, '' AS t1, '' AS t2, type AS n1, COALESCE(parent, -1) AS n2, fauteuil AS n3, 0 AS n4, 0 AS n5, 0 AS n6, 0 AS n7,
		CAST(NULL AS bytea) AS l1, CAST(NULL AS bytea) AS l2, geom FROM gtfs_arrets
	UNION ALL
	SELECT dataset, position, 0, 0, nom, COALESCE(version, ''), agences, '', 0, 0, 0, 0, 0, 0, 0, correspondances, NULL, NULL FROM gtfs
	UNION ALL
	SELECT dataset, position, 2, rang, id, COALESCE(numero, ''), COALESCE(nom, ''), COALESCE(couleur, ''), type, COALESCE(agence, -1), 0, 0, 0, 0, 0, NULL, NULL, NULL FROM gtfs_lignes
	UNION ALL
	SELECT dataset, position, 3, rang, id, '', '', '', 0, 0, 0, 0, 0, 0, 0, jours, NULL, NULL FROM gtfs_services
	UNION ALL
	SELECT dataset, position, 4, rang, id, COALESCE(direction, ''), COALESCE(vehicule, ''), '', ligne, service, COALESCE(sens, -1), fauteuil, 0, 0, 0, passages, frequences, NULL FROM gtfs_courses
	UNION ALL
	SELECT dataset, position, 5, rang, id, COALESCE(nom, ''), COALESCE(telephone, ''), COALESCE(course, ''), service, debut_s, fin_s,
		COALESCE(preavis_min, -1), COALESCE(ligne, -1), montee, descente, arrets, NULL, geom FROM gtfs_zones
	ORDER BY dataset, position, nature, rang`,
	scan: scanFeed,
	joins: func(last *transit.Feed, next transit.Feed) bool {
		if next.Name != "" { // no feed has none
			return false
		}
		last.Stops = append(last.Stops, next.Stops...)
		last.Lines = append(last.Lines, next.Lines...)
		last.Services = append(last.Services, next.Services...)
		last.Trips = append(last.Trips, next.Trips...)
		last.Zones = append(last.Zones, next.Zones...)
		return true
	},
}.input()

func encodeFeed(f transit.Feed, put putFunc) error {
	agencies, err := toJSON(append([]transit.Agency{}, f.Agencies...)) // none is [], not null
	if err != nil {
		return err
	}
	var first, last any // NULL: no trip ever
	if a, b, ok := f.Span(); ok {
		first, last = a.String(), b.String()
	}
	if err := put(feedRecord, nil, f.Name, optional(f.Version), first, last, agencies, encodeTransfers(f.Transfers)); err != nil {
		return err
	}
	for i, s := range f.Stops {
		if err := put(stopRecord, point(s.At), i, s.ID, s.Name, int(s.Kind), known(s.Parent), int(s.Wheelchair)); err != nil {
			return err
		}
	}
	for i, l := range f.Lines {
		if err := put(lineRecord, nil, i, l.ID, known(l.Agency), optional(l.Short), optional(l.Long), int(l.Type), optional(l.Colour)); err != nil {
			return err
		}
	}
	for i, s := range f.Services {
		first, last = nil, nil
		if n := len(s.Days); n > 0 {
			first, last = s.Days[0].String(), s.Days[n-1].String()
		}
		if err := put(serviceRecord, nil, i, s.ID, first, last, len(s.Days), encodeDays(s.Days)); err != nil {
			return err
		}
	}
	for i := range f.Trips {
		t := &f.Trips[i]
		var leaves any // NULL: it calls nowhere
		if len(t.Calls) > 0 {
			leaves = int(t.Calls[0].Depart)
		}
		if err := put(tripRecord, nil, i, t.ID, int(t.Line), int(t.Service), optional(t.Headsign), known(int32(t.Direction)), optional(t.Block), int(t.Wheelchair),
			leaves, len(t.Calls), encodeCalls(t.Calls), encodeFrequencies(t.Frequencies)); err != nil {
			return err
		}
	}
	for i, z := range f.Zones {
		if err := put(zoneRecord, outline(polygonsOf(z.Area)), i, z.ID, optional(z.Nom), int(z.Service), int(z.From), int(z.To), known(z.Notice), optional(z.Phone),
			known(z.Line), optional(z.Trip), int(z.Pickup), int(z.Drop), encodeStops(z.Stops)); err != nil {
			return err
		}
	}
	return nil
}

// known is NULL for -1, which means none, or not told.
func known(n int32) any {
	if n == -1 {
		return nil
	}
	return int(n)
}

// A record is a feed with its agencies and transfers, or one thing of it alone.
func scanFeed(row Row, geometry Geometry) (f transit.Feed, err error) {
	var dataset blob
	var rank, nature, rang int
	var id, t0, t1, t2 string
	var n [7]int32
	var l1, l2 blob
	var geom orb.Geometry
	if err := row.Scan(&dataset, &rank, &nature, &rang, &id, &t0, &t1, &t2, &n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6], &l1, &l2, geometry(&geom)); err != nil {
		return f, named(id, err)
	}
	switch nature {
	case feedRecord:
		f.Name, f.Version = id, t0
		if err = json.Unmarshal([]byte(t1), &f.Agencies); err == nil {
			f.Transfers, err = decodeTransfers(l1)
		}
	case stopRecord:
		at, bad := as[orb.Point](geom)
		f.Stops, err = []transit.Stop{{ID: id, Name: t0, At: position(at), Kind: transit.StopKind(n[0]), Parent: n[1], Wheelchair: transit.Access(n[2])}}, bad
	case lineRecord:
		f.Lines = []transit.Line{{ID: id, Agency: n[1], Short: t0, Long: t1, Type: n[0], Colour: t2}}
	case serviceRecord:
		s := transit.Service{ID: id}
		s.Days, err = decodeDays(l1)
		f.Services = []transit.Service{s}
	case tripRecord:
		t := transit.Trip{ID: id, Line: n[0], Service: n[1], Headsign: t0, Block: t1, Direction: int8(n[2]), Wheelchair: transit.Access(n[3])}
		if t.Calls, err = decodeCalls(l1); err == nil {
			t.Frequencies, err = decodeFrequencies(l2)
		}
		f.Trips = []transit.Trip{t}
	case zoneRecord:
		z := transit.Zone{ID: id, Nom: t0, Phone: t1, Trip: t2, Service: n[0], From: n[1], To: n[2], Notice: n[3], Line: n[4], Pickup: transit.Boarding(n[5]), Drop: transit.Boarding(n[6])}
		area, bad := as[orb.MultiPolygon](geom)
		if z.Area, z.Stops, err = ringsOf(area), nil, bad; err == nil {
			z.Stops, err = decodeStops(l1)
		}
		f.Zones = []transit.Zone{z}
	default:
		err = fmt.Errorf("record of kind %d", nature)
	}
	return f, named(id, err)
}

// polygonsOf gives rings as polygons: a clockwise one is a hole of the one before.
func polygonsOf(rings [][]geo.LonLat) (mp orb.MultiPolygon) {
	for _, ring := range rings {
		r := make(orb.Ring, len(ring))
		for i, p := range ring {
			r[i] = point(p)
		}
		if last := len(mp) - 1; last >= 0 && r.Orientation() == orb.CW {
			mp[last] = append(mp[last], r)
			continue
		}
		mp = append(mp, orb.Polygon{r})
	}
	return mp
}

func ringsOf(mp orb.MultiPolygon) (rings [][]geo.LonLat) {
	for _, polygon := range mp {
		for _, r := range polygon {
			ring := make([]geo.LonLat, len(r))
			for i, p := range r {
				ring[i] = position(p)
			}
			rings = append(rings, ring)
		}
	}
	return rings
}
