package lieux

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
)

// survey is what a first pass over a file tells of how its values are written.
type survey struct {
	median
	crs        geo.CRS // of the fields x and y, and of coordinates that are no degrees; 0: there are none
	lonFirst   bool    // in a column of positions
	monthFirst bool    // some date of the file can only have the month first
	workbook   bool
}

// positionForm is how the position of a record is written.
type positionForm uint8

const (
	nowhere   positionForm = iota
	inDegrees              // latitude, longitude
	inPair                 // one column: position
	projected              // x, y in metres
)

// survey makes a pass over a file. When latitude and longitude are exchanged in all of
// it, no row can show it: then the middle of the file is in no part of France, and its
// mirror image is in one.
func (r *lieuxReader) survey(f lieuxFile) (survey, error) {
	s := survey{crs: r.o.CRS, workbook: source.IsZip(f.Head)}
	if s.crs == geo.WGS84 {
		s.crs = 0
	}
	ordered := false
	if m := r.o.Lieux; m != nil {
		if m.CRS != 0 {
			s.crs = m.CRS
		}
		for _, v := range m.Fields["position"] {
			s.lonFirst, ordered = v.LonFirst, ordered || v.Ordered
		}
	}
	var pairs []geo.LonLat // as if the longitude came first
	var lons, lats []float64
	keep := func(p geo.LonLat) {
		if p != (geo.LonLat{}) {
			lons, lats = append(lons, p.Lon), append(lats, p.Lat)
		}
	}
	lists := 0 // of JSON, where the longitude usually comes first
	err := f.each(func(c lieuRecord) error {
		if c.left {
			return nil
		}
		s.monthFirst = s.monthFirst || monthFirst(c.get("date_maj"))
		if text := c.get("position"); text != "" {
			if a, b, fixed, ok := parsePair(text); ok && !fixed {
				pairs = append(pairs, geo.LonLat{Lon: a, Lat: b})
				if strings.Contains(text, "|") || strings.HasPrefix(text, "[") {
					lists++
				}
			}
		}
		if c.get("latitude") != "" && c.get("longitude") != "" {
			if p, _, bad := s.position(c); bad == nil {
				keep(p)
			}
		}
		return nil
	}, nil)
	if err != nil {
		return s, err
	}
	if !ordered && len(pairs) > 0 {
		direct, exchanged := 0, 0
		for _, p := range pairs {
			if source.InFrance(p) {
				direct++
			}
			if source.InFrance(geo.LonLat{Lon: p.Lat, Lat: p.Lon}) {
				exchanged++
			}
		}
		s.lonFirst = direct > exchanged || direct == exchanged && 2*lists > len(pairs)
	}
	for _, p := range pairs {
		if !s.lonFirst {
			p.Lon, p.Lat = p.Lat, p.Lon
		}
		if p.Check() == nil {
			keep(p)
		}
	}
	if len(lons) < 3 {
		return s, nil
	}
	slices.Sort(lons)
	slices.Sort(lats)
	s.median = median{geo.LonLat{Lon: lons[len(lons)/2], Lat: lats[len(lats)/2]}, true}
	if m := s.median; s.crs == 0 && !source.InFrance(m.LonLat) && source.InFrance(geo.LonLat{Lon: m.Lat, Lat: m.Lon}) {
		return s, source.FailAt(f.Name, 0, "latitude et longitude échangées dans tout le fichier (médianes %s) ; attendu la latitude dans la colonne latitude", m)
	}
	return s, nil
}

// order says in which order the numbers of a column of positions come.
func (s survey) order() string {
	if s.lonFirst {
		return "longitude puis latitude"
	}
	return "latitude puis longitude"
}

// position reads where a record is: latitude and longitude, else one column of both,
// else x and y.
func (s survey) position(c lieuRecord) (p geo.LonLat, form positionForm, bad *source.Fault) {
	x, y := c.get("x"), c.get("y")
	if lon, lat := c.get("longitude"), c.get("latitude"); lon != "" && lat != "" {
		if s.crs == 0 {
			p, bad = source.ParsePosition("longitude", source.DecimalPoint(lon), "latitude", source.DecimalPoint(lat))
			return p, inDegrees, bad
		}
		x, y = lon, lat
	} else if text := c.get("position"); text != "" {
		a, b, fixed, ok := parsePair(text)
		if !ok {
			return p, inPair, &source.Fault{Field: "position", Value: text, Reason: "position non comprise ; attendu deux nombres, comme « 49.5641, 3.6244 », ou POINT(3.6244 49.5641)"}
		}
		if p = (geo.LonLat{Lon: b, Lat: a}); s.lonFirst || fixed {
			p.Lon, p.Lat = a, b
		}
		if why := source.PositionFault(p); why != "" {
			bad = &source.Fault{Field: "position", Value: text, Reason: why}
		}
		return p, inPair, bad
	}
	if x == "" || y == "" {
		return p, nowhere, nil
	}
	east, ok1 := source.ParseNumber(x)
	north, ok2 := source.ParseNumber(y)
	fault := &source.Fault{Field: "x, y", Value: x + ", " + y}
	switch {
	case !ok1 || !ok2:
		fault.Reason = "nombre non compris ; attendu des mètres, comme 745123,5"
		return p, projected, fault
	case s.crs == 0:
		fault.Reason = "système de coordonnées inconnu ; dites-le dans la correspondance (« crs ») ou par --crs, comme EPSG:2154"
		return p, projected, fault
	}
	p, err := s.crs.ToLonLat(east, north)
	if err != nil {
		fault.Reason = "hors du domaine de " + s.crs.String() + " ; attendu des mètres de ce système, l'est dans x et le nord dans y"
		return geo.LonLat{}, projected, fault
	}
	return p, projected, nil
}

var (
	number = `([+-]?\d{1,3}(?:[.,]\d+)?)`
	pairOf = regexp.MustCompile(`^[\[(]?\s*` + number + `\s*(?:[,;|/]\s*|\s+)` + number + `\s*[\])]?$`)
	wkt    = regexp.MustCompile(`(?i)^(?:SRID=4326;)?\s*POINT\s*(?:Z\s*)?\(\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)(?:\s+-?[\d.]+)?\s*\)$`)
)

// parsePair reads two numbers of degrees of one text, in the order in which they stand.
// fixed: the text itself says that the longitude comes first, as WKT and objects with
// lon and lat do.
func parsePair(text string) (a, b float64, fixed, ok bool) {
	first, second := "", ""
	if m := wkt.FindStringSubmatch(text); m != nil {
		first, second, fixed = m[1], m[2], true
	} else if strings.HasPrefix(text, "{") {
		var o struct {
			Lon, Lat, Longitude, Latitude json.Number
			Coordinates                   []json.Number
		}
		if json.Unmarshal([]byte(text), &o) != nil {
			return 0, 0, false, false
		}
		first, second, fixed = o.Lon.String()+o.Longitude.String(), o.Lat.String()+o.Latitude.String(), true
		if len(o.Coordinates) >= 2 { // a geometry of GeoJSON
			first, second = o.Coordinates[0].String(), o.Coordinates[1].String()
		}
	} else if m := pairOf.FindStringSubmatch(text); m != nil {
		first, second = m[1], m[2]
	} else {
		return 0, 0, false, false
	}
	a, ok1 := source.ParseNumber(first)
	b, ok2 := source.ParseNumber(second)
	return a, b, fixed, ok1 && ok2
}
