package layer

import (
	"fmt"
	"math"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
)

// mainland is metropolitan France, Corsica with it, and a little of the sea.
var mainland = geo.Bounds{Min: geo.LonLat{Lon: -5.6, Lat: 41.2}, Max: geo.LonLat{Lon: 9.8, Lat: 51.3}}

// unread are systems that French files are published in and that are not read, by code.
var unread = map[int]string{
	27572: "Lambert II étendu", 27561: "Lambert Nord", 27562: "Lambert Centre", 27563: "Lambert Sud", 27571: "Lambert zone I", 27573: "Lambert zone III", 27574: "Lambert zone IV",
	32630: "UTM 30 nord", 32631: "UTM 31 nord", 32632: "UTM 32 nord", 25830: "UTM 30 nord", 25831: "UTM 31 nord", 25832: "UTM 32 nord", 23031: "UTM 31 nord, ED50",
	2975: "UTM 40 sud, La Réunion", 5490: "UTM 20 nord, Guadeloupe et Martinique", 4559: "UTM 20 nord, Guadeloupe et Martinique", 32620: "UTM 20 nord", 2972: "UTM 22 nord, Guyane", 4471: "UTM 38 sud, Mayotte",
	4275: "NTF, degrés", 4807: "NTF, grades",
}

// nameOf is a system that is not read, with the name that people know it by.
func nameOf(said string) string {
	var code int
	last := said[strings.LastIndexAny(said, ":/")+1:]
	if _, err := fmt.Sscanf(last, "%d", &code); err != nil || fmt.Sprint(code) != last {
		return ""
	}
	if code >= 3942 && code <= 3950 {
		return fmt.Sprintf(" (Lambert CC%d)", code-3900)
	}
	if name := unread[code]; name != "" {
		return " (" + name + ")"
	}
	return ""
}

// likeness says what system the coordinates of a place in France look like, "" when they
// look like none: one of those that are read, with the option that says so, or another.
func likeness(x, y float64) string {
	var like []string
	for _, c := range []struct {
		crs  geo.CRS
		name string
	}{{geo.Lambert93, "du Lambert-93"}, {geo.WebMercator, "du Web Mercator"}, {geo.LAEA, "celles de la grille européenne"}} {
		if at, err := c.crs.ToLonLat(x, y); err == nil && mainland.Contains(at) && math.Abs(x)+math.Abs(y) > 1000 {
			like = append(like, fmt.Sprintf("%s (--crs %s)", c.name, c.crs))
		}
	}
	const convert = ", qui n'est pas lu : reprojetez en EPSG:2154"
	within := func(low, v, high float64) bool { return v >= low && v <= high }
	switch zone := math.Round((y - 200_000) / 1_000_000); {
	case within(0, x, 1_250_000) && within(1_580_000, y, 2_720_000):
		like = append(like, "du Lambert II étendu (EPSG:27572)"+convert)
	case within(1_300_000, x, 2_200_000) && within(1, zone, 9) && math.Abs(y-200_000-zone*1_000_000) < 200_000:
		like = append(like, fmt.Sprintf("du Lambert CC%.0f (EPSG:%.0f)", 41+zone, 3941+zone)+convert)
	case within(160_000, x, 840_000) && within(4_560_000, y, 5_690_000):
		like = append(like, "de l'UTM (EPSG:32630, 32631 ou 32632)"+convert)
	case within(300_000, x, 390_000) && within(7_620_000, y, 7_710_000):
		like = append(like, "de l'UTM 40 sud de La Réunion (EPSG:2975)"+convert+" ou 4326")
	}
	if at := (geo.LonLat{Lon: y, Lat: x}); mainland.Contains(at) && !mainland.Contains(geo.LonLat{Lon: x, Lat: y}) {
		like = append(like, "des degrés dont la latitude vient avant la longitude")
	}
	return strings.Join(like, ", ou ")
}

// resembling is what is added to a fault of coordinates.
func resembling(x, y float64) string {
	if like := likeness(x, y); like != "" {
		return " ; les coordonnées ressemblent à " + like
	}
	return ""
}
