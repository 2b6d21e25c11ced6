package ogc

import (
	"fmt"
	"iter"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
)

// Bounds of the number of features of one answer.
const (
	DefaultLimit = 10
	MaxLimit     = 10_000
)

// CRS is a reference system as addresses write it. Latitude comes first where the registry
// says so.
type CRS struct {
	URI      string
	System   geo.CRS
	LatFirst bool
}

// Systems are those that boxes are read in and geometries written in; the first is that of
// storage, and the default.
var Systems = []CRS{
	{"http://www.opengis.net/def/crs/OGC/1.3/CRS84", geo.WGS84, false},
	{"http://www.opengis.net/def/crs/EPSG/0/4326", geo.WGS84, true},
	{"http://www.opengis.net/def/crs/EPSG/0/3857", geo.WebMercator, false},
	{"http://www.opengis.net/def/crs/EPSG/0/2154", geo.Lambert93, false},
}

// ParamError is a parameter that cannot be answered. Its text is a French sentence.
type ParamError struct{ Name, Value, Expected string }

func (e *ParamError) Error() string {
	return "Le paramètre « " + e.Name + " » vaut « " + e.Value + " » ; il faut " + e.Expected + "."
}

// UnknownParamError is a parameter that a resource does not have.
type UnknownParamError struct {
	Name  string
	Known []string
}

func (e *UnknownParamError) Error() string {
	return "Le paramètre « " + e.Name + " » n'existe pas ici ; les paramètres acceptés sont : " + strings.Join(e.Known, ", ") + "."
}

// Query is what is asked of the items of a collection.
type Query struct {
	Limit  int
	CRS    CRS
	after  int // row of the first feature that may be given
	boxes  []orb.Bound
	filter func(row int) truth
	never  bool // the time asked for excludes everything
}

// Served is what is served: an edition, and when it was made (zero: unknown).
type Served struct {
	Edition string
	Since   time.Time
}

// itemParams are the parameters of items beside those named like properties.
var itemParams = []string{"f", "limit", "bbox", "bbox-crs", "crs", "datetime", "filter", "filter-lang", "filter-crs", "after"}

// ParseQuery reads the parameters of the items of c. Errors are [*ParamError] and
// [*UnknownParamError].
func ParseQuery(values url.Values, c *Collection, served Served) (*Query, error) {
	q := &Query{Limit: DefaultLimit, CRS: Systems[0]}
	boxCRS := Systems[0]
	var filters []func(int) truth
	for _, name := range sortedKeys(values) {
		all := values[name]
		if len(all) > 1 {
			return nil, &ParamError{name, strings.Join(all, " » et « "), "une seule valeur"}
		}
		value := all[0]
		var err error
		switch name {
		case "f":
			err = checkFormat(value)
		case "limit":
			n, wrong := strconv.Atoi(value)
			if wrong != nil || n < 1 {
				return nil, &ParamError{name, shortened(value), fmt.Sprintf("un nombre entier de 1 à %d", MaxLimit)}
			}
			q.Limit = min(n, MaxLimit)
		case "crs":
			q.CRS, err = ParseCRS(name, value)
		case "bbox-crs":
			boxCRS, err = ParseCRS(name, value)
		case "filter-crs":
			_, err = ParseCRS(name, value)
		case "filter-lang":
			if value != "cql2-text" {
				err = &ParamError{name, shortened(value), "cql2-text"}
			}
		case "datetime":
			q.never, err = excluded(value, served.Since)
		case "after":
			q.after, err = parseCursor(value, c, served.Edition)
		case "bbox", "filter":
		default:
			i, ok := c.property(name)
			if !ok {
				known := slices.Clone(itemParams)
				for _, p := range c.Properties {
					known = append(known, p.Name)
				}
				return nil, &UnknownParamError{shortened(name), known}
			}
			var want any = value
			if c.Properties[i].Type != "TEXT" {
				n, wrong := strconv.ParseFloat(value, 64)
				if wrong != nil || math.IsNaN(n) {
					return nil, &ParamError{name, shortened(value), "un nombre"}
				}
				want = n
			}
			filters = append(filters, compare(c.operand(i), "=", constant(want)))
		}
		if err != nil {
			return nil, err
		}
	}
	if value, ok := values["bbox"]; ok {
		var err error
		if q.boxes, err = parseBox(value[0], boxCRS); err != nil {
			return nil, err
		}
	}
	if value, ok := values["filter"]; ok {
		f, err := parseFilter(value[0], c)
		if err != nil {
			return nil, err
		}
		filters = append(filters, f)
	}
	if filters != nil {
		q.filter = all(filters)
	}
	return q, nil
}

// CheckParams reads the parameters of a resource that has only a format, and a reference
// system where crs is true.
func CheckParams(values url.Values, crs bool) (CRS, error) {
	known := []string{"f"}
	if crs {
		known = append(known, "crs")
	}
	out := Systems[0]
	for _, name := range sortedKeys(values) {
		if !slices.Contains(known, name) {
			return out, &UnknownParamError{shortened(name), known}
		}
		var err error
		if name == "f" {
			err = checkFormat(values.Get(name))
		} else {
			out, err = ParseCRS(name, values.Get(name))
		}
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

func checkFormat(value string) error {
	if value != "json" && value != "html" {
		return &ParamError{"f", shortened(value), "json ou html"}
	}
	return nil
}

// ParseCRS reads one of [Systems].
func ParseCRS(name, value string) (CRS, error) {
	uris := make([]string, len(Systems))
	for i, s := range Systems {
		if s.URI == value {
			return s, nil
		}
		uris[i] = s.URI
	}
	return CRS{}, &ParamError{name, shortened(value), "une adresse parmi " + strings.Join(uris, ", ")}
}

// parseBox reads four numbers, or six of which the heights are left out. A box that crosses
// the antimeridian is two.
func parseBox(value string, crs CRS) ([]orb.Bound, error) {
	wrong := &ParamError{"bbox", shortened(value), "quatre nombres séparés par des virgules, coin inférieur puis coin supérieur, par exemple 3.2,49.1,3.6,49.5"}
	parts := strings.Split(value, ",")
	if len(parts) != 4 && len(parts) != 6 {
		return nil, wrong
	}
	var n []float64
	for i, part := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, wrong
		}
		if len(parts) == 4 || i != 2 && i != 5 {
			n = append(n, v)
		}
	}
	if crs.LatFirst {
		n[0], n[1], n[2], n[3] = n[1], n[0], n[3], n[2]
	}
	if n[1] > n[3] {
		return nil, wrong
	}
	if crs.System != geo.WGS84 {
		if n[0] > n[2] {
			return nil, wrong
		}
		box := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
		// The sides of the box are curves in degrees: points along them are looked at.
		const steps = 16
		for i := range steps + 1 {
			t := float64(i) / steps
			x, y := n[0]+t*(n[2]-n[0]), n[1]+t*(n[3]-n[1])
			for _, at := range [][2]float64{{x, n[1]}, {x, n[3]}, {n[0], y}, {n[2], y}} {
				p, err := crs.System.ToLonLat(at[0], at[1])
				if err != nil {
					return nil, &ParamError{"bbox", shortened(value), "un cadre dans le domaine de " + crs.URI}
				}
				box = box.Extend(orb.Point{p.Lon, p.Lat})
			}
		}
		return []orb.Bound{box}, nil
	}
	if n[0] < -180 || n[0] > 180 || n[2] < -180 || n[2] > 180 || n[1] < -90 || n[3] > 90 {
		return nil, wrong
	}
	if n[0] > n[2] {
		return []orb.Bound{{Min: orb.Point{n[0], n[1]}, Max: orb.Point{180, n[3]}}, {Min: orb.Point{-180, n[1]}, Max: orb.Point{n[2], n[3]}}}, nil
	}
	return []orb.Bound{{Min: orb.Point{n[0], n[1]}, Max: orb.Point{n[2], n[3]}}}, nil
}

// excluded reads an instant or an interval of RFC 3339, and reports whether it ends before
// what is served began. What has no known beginning is never excluded.
func excluded(value string, since time.Time) (bool, error) {
	wrong := &ParamError{"datetime", shortened(value), "un instant ou un intervalle, par exemple 2026-01-31T12:00:00Z, 2026-01-01/2026-12-31 ou ../2026-12-31"}
	from, to, interval := strings.Cut(value, "/")
	if !interval {
		to = from
	}
	read := func(text string, end bool) (time.Time, error) {
		if interval && (text == ".." || text == "") {
			return time.Time{}, nil
		}
		if day, err := time.Parse(time.DateOnly, text); err == nil {
			if end {
				day = day.Add(24*time.Hour - time.Nanosecond)
			}
			return day, nil
		}
		return time.Parse(time.RFC3339Nano, text)
	}
	begin, err := read(from, false)
	if err != nil {
		return false, wrong
	}
	end, err := read(to, true)
	if err != nil || from == to && interval && begin.IsZero() || !begin.IsZero() && !end.IsZero() && end.Before(begin) {
		return false, wrong
	}
	return !since.IsZero() && !end.IsZero() && end.Before(since), nil
}

// Cursor is where the features after a page begin, in an address: an edition and a row, so
// that pages of two editions are never put together.
func Cursor(edition string, row int) string { return edition + "." + strconv.Itoa(row) }

func parseCursor(value string, c *Collection, edition string) (int, error) {
	of, text, ok := strings.Cut(value, ".")
	row, err := strconv.Atoi(text)
	if !ok || err != nil || row < 0 || row > c.Len() {
		return 0, &ParamError{"after", shortened(value), "la valeur du lien « next » de la page précédente"}
	}
	if of != edition {
		return 0, &ParamError{"after", shortened(value), "une page de l'édition servie, " + edition + " ; une nouvelle édition a été publiée, reprenez à la première page"}
	}
	return row, nil
}

// Select gives the rows of a page, the row where the next begins (-1: there is none), and
// how many features match in all.
func (q *Query) Select(c *Collection) (rows []int, next, matched int) {
	next = -1
	if q.never {
		return nil, next, 0
	}
	for row := range q.candidates(c) {
		if q.filter != nil && q.filter(row) != yes {
			continue
		}
		matched++
		switch {
		case row < q.after:
		case len(rows) < q.Limit:
			rows = append(rows, row)
		case next < 0:
			next = row
		}
	}
	return rows, next, matched
}

// candidates are the rows that the boxes leave, ascending.
func (q *Query) candidates(c *Collection) iter.Seq[int] {
	if q.boxes != nil {
		return c.within(q.boxes).all
	}
	return func(yield func(int) bool) {
		for row := range c.Len() {
			if !yield(row) {
				return
			}
		}
	}
}

func sortedKeys(values url.Values) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// shortened is as much of a value as a sentence can repeat.
func shortened(value string) string {
	const most = 60
	if runes := []rune(value); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return value
}
