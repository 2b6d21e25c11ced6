package lieux

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
)

// locate fills the position of l. A lieu without coordinates is kept.
func (r *lieuxReader) locate(c lieuRecord, s survey, l *lieu.Lieu) *source.Fault {
	p, form, bad := s.position(c)
	if bad != nil {
		return bad
	}
	switch form {
	case nowhere:
		r.Warn(c.file, c.row, "latitude, longitude", "", "coordonnées absentes ; le lieu est gardé mais ne compte dans aucun calcul")
		return nil
	case inPair:
		r.note(c.file, "position", "position lue d'une seule colonne, "+s.order()+", dans %s")
	case projected:
		r.note(c.file, "position", "position lue en mètres ("+s.crs.String()+") dans %s")
	}
	lon, lat := c.get("longitude"), c.get("latitude")
	if strings.Contains(lon+lat, ",") {
		r.note(c.file, "latitude, longitude", "virgule décimale lue dans %s")
	}
	text := cmp.Or(lat+", "+lon, c.get("position"))
	if p == (geo.LonLat{}) {
		r.Warn(c.file, c.row, "latitude, longitude", text, "coordonnées nulles ; le lieu est gardé mais ne compte dans aucun calcul")
		return nil
	}
	if s.swapped(p) {
		return &source.Fault{Field: "latitude, longitude", Value: text,
			Reason: "latitude et longitude échangées : les lieux du fichier sont autour de " + s.median.String() + " ; attendu la latitude dans la colonne latitude"}
	}
	l.At, l.Located = p, true
	return nil
}

// median is the middle of the positions of one file: half are on each side, in
// longitude and in latitude. known is false below three positions.
type median struct {
	geo.LonLat
	known bool
}

// String is the median as latitude and longitude, to a tenth of a degree.
func (m median) String() string {
	return strconv.FormatFloat(m.Lat, 'f', 1, 64) + ", " + strconv.FormatFloat(m.Lon, 'f', 1, 64)
}

// swapped reports whether p with its two numbers exchanged is seven times nearer
// to the median than p itself, and p more than a degree away and in no part of France:
// the numbers of Mayotte look most like swapped ones of the mainland, and are not.
func (m median) swapped(p geo.LonLat) bool {
	if !m.known || source.InFrance(p) {
		return false
	}
	direct := math.Abs(p.Lon-m.Lon) + math.Abs(p.Lat-m.Lat)
	exchanged := math.Abs(p.Lat-m.Lon) + math.Abs(p.Lon-m.Lat)
	return direct > 1 && exchanged*7 < direct
}
