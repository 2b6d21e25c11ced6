package lieux

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
)

// outsideKept is how far outside its commune a position is still believed, in metres.
const outsideKept = 1000

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
	if reason, far := r.misplaced(l.Commune, p); reason != "" {
		r.Warn(c.file, c.row, "latitude, longitude", text, reason)
		if far {
			return nil
		}
	}
	l.At, l.Located = p, true
	return nil
}

// misplaced compares a position with the commune that a row names. It answers a
// sentence when the position is outside, and whether it is too far to be believed.
func (r *lieuxReader) misplaced(code string, p geo.LonLat) (reason string, far bool) {
	if r.o.Outlines == nil {
		return "", false
	}
	row, known := r.o.Outlines.Commune(code)
	if !known {
		return "", false
	}
	named := &r.o.Outlines.Communes[row]
	d := named.Distance(p)
	if d <= 0 {
		return "", false
	}
	far = d > outsideKept
	name := func(c *admin.Commune) string { return c.Nom + " (" + c.Code + ")" }
	var in []string
	for _, i := range r.o.Outlines.At(p) {
		in = append(in, name(&r.o.Outlines.Communes[i]))
	}
	where := strings.Join(in, " et ")
	switch {
	case far && where == "":
		reason = fmt.Sprintf("position à %.1f km de la commune %s que nomme la ligne : ", d/1000, code)
	case far:
		reason = fmt.Sprintf("ce point est dans %s, pas dans %s que nomme la ligne, à %.1f km : position ", where, name(named), d/1000)
	case where == "":
		reason = fmt.Sprintf("position à %.0f m hors de la commune %s que nomme la ligne : ", d, code)
	default:
		reason = fmt.Sprintf("ce point est dans %s, pas dans %s que nomme la ligne, à %.0f m : position ", where, name(named), d)
	}
	if far {
		return reason + "laissée inconnue ; le lieu est gardé mais ne compte dans aucun calcul", true
	}
	return reason + "gardée, car à moins d'un kilomètre", false
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
