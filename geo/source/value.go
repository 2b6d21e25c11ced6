package source

import (
	"fmt"
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/aisne-numerique/maillage/geo"
)

// MaxPeople is beyond the population of any place on Earth's surface.
const MaxPeople = 1<<31 - 1

// PositionText writes a position as GeoJSON does.
func PositionText(p []float64) string {
	texts := make([]string, len(p))
	for i, v := range p {
		texts[i] = strconv.FormatFloat(v, 'f', -1, 64)
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// ColumnName is a header as compared with the names we know.
func ColumnName(s string) string { return strings.ToLower(Clean(s)) }

// Clean trims a value and composes its accents (Unicode NFC): some systems write
// é as two characters.
func Clean(s string) string { return norm.NFC.String(strings.TrimSpace(s)) }

var (
	cogCode = regexp.MustCompile(`^([013-9]\d|2[AB1-9])\d{3}$`) // as in the national schema
	degrees = regexp.MustCompile(`^[+-]?\d+(\.\d+)?([eE][+-]?\d{1,2})?$`)
)

// CodeFault says what is wrong with a commune code; "" when nothing is.
func CodeFault(code string) string {
	switch {
	case cogCode.MatchString(code):
		return ""
	case code == "":
		return "code de commune absent ; attendu cinq caractères, comme 02408"
	case len(code) == 4 && cogCode.MatchString("0"+code):
		return "code de commune sans son zéro initial ; attendu 0" + code + " (colonne au format texte)"
	}
	return "code de commune non compris ; attendu cinq caractères, comme 02408"
}

// lostZero is a code that a program took for a number: without its zero, perhaps with a
// decimal.
var lostZero = regexp.MustCompile(`^(\d{4,5})(?:\.0)?$`)

// CommuneCode is a code as published, with the zero that programs take from it: "2408" is
// 02408. padded tells that it was lost. Check it with [CodeFault].
func CommuneCode(text string) (code string, padded bool) {
	m := lostZero.FindStringSubmatch(text)
	switch {
	case m == nil:
		return text, false
	case len(m[1]) == 4:
		return "0" + m[1], true
	}
	return m[1], false
}

// parseDegrees reads a longitude or a latitude. fault is "" when it is a number.
func parseDegrees(s string) (v float64, fault string) {
	switch {
	case s == "":
		return 0, "valeur absente ; attendu des degrés décimaux, comme 49.53"
	case degrees.MatchString(s):
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return 0, "nombre trop grand ; attendu des degrés décimaux, comme 49.53"
		}
		return v, ""
	case strings.Count(s, ",") == 1 && degrees.MatchString(strings.Replace(s, ",", ".", 1)):
		return 0, "virgule décimale ; attendu un point décimal, comme " + strings.Replace(s, ",", ".", 1)
	}
	return 0, "nombre non compris ; attendu des degrés décimaux, comme 49.53"
}

// PositionFault says why p is no position in degrees; "" when it is one.
func PositionFault(p geo.LonLat) string {
	switch {
	case p.Check() == nil:
		return ""
	case math.IsNaN(p.Lon+p.Lat) || math.IsInf(p.Lon+p.Lat, 0):
		return "position non comprise ; attendu des degrés décimaux, comme 49.53"
	case inMetres(geo.WebMercator, p) && inMetres(geo.Lambert93, p):
		return "coordonnées en mètres Lambert-93 (EPSG:2154) ou Web Mercator (EPSG:3857) ; attendu des degrés WGS 84 (EPSG:4326)"
	case inMetres(geo.WebMercator, p):
		return "coordonnées en mètres Web Mercator (EPSG:3857) ; attendu des degrés WGS 84 (EPSG:4326)"
	case p.Lon > -400_000 && p.Lon < 1_400_000 && p.Lat > 5_900_000 && p.Lat < 7_300_000:
		return "coordonnées en mètres Lambert-93 (EPSG:2154) ; attendu des degrés WGS 84 (EPSG:4326)"
	case math.Abs(p.Lon) > 1000 || math.Abs(p.Lat) > 1000:
		return "coordonnées en mètres d'une projection ; attendu des degrés WGS 84 (EPSG:4326)"
	case math.Abs(p.Lat) > 90:
		return "latitude hors de -90…90 ; attendu des degrés, longitude puis latitude"
	}
	return "longitude hors de -180…180 ; attendu des degrés, longitude puis latitude"
}

// DecimalPoint is a number whose decimal comma, if that is what it has, is a point.
func DecimalPoint(s string) string {
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		return strings.Replace(s, ",", ".", 1)
	}
	return s
}

// Fault is what a field gets wrong.
type Fault struct{ Field, Value, Reason string }

// ParsePosition reads a position from two texts, neither empty.
func ParsePosition(lonField, lon, latField, lat string) (geo.LonLat, *Fault) {
	p, bad := parsePosition(lonField, lon, latField, lat)
	if bad != nil {
		if at, ok := lostPoint(lon, lat); ok {
			return p, &Fault{lonField + ", " + latField, lon + ", " + lat,
				fmt.Sprintf("nombres dont un tableur a retiré le point décimal (sans doute %v, %v) ; attendu des degrés décimaux : reprenez le fichier d'origine, sans l'ouvrir dans un tableur", at.Lon, at.Lat)}
		}
	}
	return p, bad
}

func parsePosition(lonField, lon, latField, lat string) (geo.LonLat, *Fault) {
	y, why := parseDegrees(lat)
	if why != "" {
		return geo.LonLat{}, &Fault{latField, lat, why}
	}
	x, why := parseDegrees(lon)
	if why != "" {
		return geo.LonLat{}, &Fault{lonField, lon, why}
	}
	p := geo.LonLat{Lon: x, Lat: y}
	if why := PositionFault(p); why != "" {
		return geo.LonLat{}, &Fault{lonField + ", " + latField, lon + ", " + lat, why}
	}
	return p, nil
}

var (
	plainNumber   = regexp.MustCompile(`^[+-]?\d+([.,]\d+)?([eE][+-]?\d{1,3})?$`)
	groupedNumber = regexp.MustCompile(`^[+-]?\d{1,3}([ \x{00a0}\x{202f}]\d{3})+([.,]\d+)?$`)
	blanks        = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "")
)

// ParseNumber reads a number as French tables write it: decimal point or comma,
// thousands parted by blanks, no-break ones included.
func ParseNumber(s string) (float64, bool) {
	if !plainNumber.MatchString(s) && !groupedNumber.MatchString(s) {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.Replace(blanks.Replace(s), ",", ".", 1), 64)
	if err != nil { // too large
		return 0, false
	}
	return v, true
}

// SplitList cuts a field of several values: the national schema writes "|", many
// producers ";". Blanks around values and empty values are dropped.
func SplitList(s string) []string {
	var list []string
	for _, v := range strings.FieldsFunc(s, func(r rune) bool { return r == '|' || r == ';' }) {
		if v = strings.TrimSpace(v); v != "" {
			list = append(list, v)
		}
	}
	return list
}

// WebAddress reports whether s can be shown as a link: http or https, to a host, and
// not in the name of somebody ("https://mairie.fr@elsewhere.example").
func WebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil && len(s) <= maxAddress
}

const maxAddress = 2000 // bytes of an address of the web: what browsers take

var ligatures = strings.NewReplacer("œ", "oe", "æ", "ae", "ß", "ss")

// Slug makes a name fit for an address: "Fère-en-Tardenois" is
// "fere-en-tardenois", "Val de l'Aisne" is "val-de-l-aisne".
func Slug(name string) string {
	var b strings.Builder
	dash := false
	for _, r := range norm.NFD.String(ligatures.Replace(strings.ToLower(name))) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			dash = false
			b.WriteRune(r)
		default:
			dash = true
		}
	}
	return b.String()
}

// Address is a row of a file, for "already at …" sentences.
type Address struct {
	File string
	Row  int
}

func (a Address) String() string { return fmt.Sprintf("%s:%d", a.File, a.Row) }
