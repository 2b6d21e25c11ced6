package source

import (
	"math"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
)

// territories are boxes around the parts of France, a little wider than each.
var territories = [...]geo.Bounds{
	box(-5.6, 41.2, 9.8, 51.4),     // mainland and Corsica
	box(-63.3, 14.2, -60.6, 18.3),  // Guadeloupe, Martinique, Saint-Martin, Saint-Barthélemy
	box(-54.8, 2, -51.4, 6),        // Guyane
	box(55.1, -21.5, 56, -20.7),    // La Réunion
	box(44.9, -13.2, 45.4, -12.5),  // Mayotte
	box(-56.6, 46.7, -56, 47.2),    // Saint-Pierre-et-Miquelon
	box(158, -23, 172.2, -18.5),    // Nouvelle-Calédonie
	box(-155, -28.2, -134.2, -7.5), // Polynésie française
	box(-178.5, -14.5, -176, -13),  // Wallis-et-Futuna
}

func box(west, south, east, north float64) geo.Bounds {
	return geo.Bounds{Min: geo.LonLat{Lon: west, Lat: south}, Max: geo.LonLat{Lon: east, Lat: north}}
}

// InFrance reports whether p is in a box around a part of France, overseas included.
func InFrance(p geo.LonLat) bool {
	for _, b := range territories {
		if b.Contains(p) {
			return true
		}
	}
	return false
}

// inMetres reports whether p is metres of a system, of a place in France.
func inMetres(c geo.CRS, p geo.LonLat) bool {
	at, err := c.ToLonLat(p.Lon, p.Lat)
	return err == nil && math.Abs(p.Lat) > 100_000 && InFrance(at)
}

// lostPoint finds the position that two numbers were before a spreadsheet took their
// decimal point away ("495641", or "495.641" when it took it for thousands): digits
// whose point can be put back in one way that is in France.
func lostPoint(lon, lat string) (p geo.LonLat, ok bool) {
	for _, y := range withPoint(lat) {
		for _, x := range withPoint(lon) {
			if at := (geo.LonLat{Lon: x, Lat: y}); InFrance(at) {
				return at, true
			}
		}
	}
	return geo.LonLat{}, false
}

// withPoint puts a point after the first, second and third digit of a number that is
// beyond all degrees.
func withPoint(s string) []float64 {
	sign, digits := "", strings.NewReplacer(".", "", ",", "", " ", "", "\u00a0", "", "\u202f", "").Replace(s)
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	if len(digits) < 4 || strings.Trim(digits, "0123456789") != "" {
		return nil
	}
	var list []float64
	for n := 1; n <= 3; n++ {
		if v, err := strconv.ParseFloat(sign+digits[:n]+"."+digits[n:], 64); err == nil {
			list = append(list, v)
		}
	}
	return list
}
