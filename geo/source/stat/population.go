// Package stat reads what statistical offices publish: squares of population, and
// variables of communes, with the mapping that says which column is which.
package stat

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/layer"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
	"github.com/aisne-numerique/maillage/geo/store"
)

// The columns of the grids of INSEE (Filosofi 2015, 2017, 2019), in lower case. In
// a file of squares of 200 m the squares of 1 km around them are named too.
var (
	squareNames  = []string{"idcar_200m", "idinspire", "id_inspire", "idcar_1km", "id_carr1km", "idcar_nat", "idcar", "id"}
	peopleNames  = []string{"ind", "ind_c", "population", "pop"}
	imputedNames = []string{"i_est_200", "i_est_1km", "i_est_cr", "i_est_nat", "i_est"}
)

// Population reads the population grid of INSEE, squares of 200 m or of 1 km in
// EPSG:3035, or those of its "natural" level, from 200 m to 32 km as people are few, as
// CSV or as a GeoPackage:
//
//	idcar_200m, idcar_1km    "CRS3035RES200mN2029800E4252400", N and E the metres of
//	or idcar_nat             the south-west corner
//	ind                      people, a number
//	i_est_200, i_est_1km     1 when the figures are imputed, optional
//	or i_est_nat
//
// In a GeoPackage without such a name the square is that of its geometry, in any
// reference system of [geo.CRS]. Rejected: a name that is not understood, a square
// seen before, people that are no number or negative. A square within another would
// count people twice, and ends the import. Memory holds one bit per square and size.
func Population(ctx context.Context, in []source.Input, o source.Options) (*source.Import[store.Square], error) {
	return source.Open(ctx, store.Population, in, o, populationFormat, func(rec *source.Recorder, files []source.File, emit func(store.Square) error) error {
		g := newGridReader(rec, emit)
		for _, f := range files {
			read := g.readCSV
			if source.IsSQLite(f.Head) {
				read = g.readGeoPackage
			}
			g.imputed = 0
			if err := read(o, f); err != nil {
				return err
			}
			if g.imputed > 0 {
				rec.Warn(f.Name, 0, "", "", fmt.Sprintf("carreaux dont les chiffres sont imputés par l'INSEE pour le secret statistique, gardés : %d", g.imputed))
			}
		}
		return nil
	})
}

func populationFormat(files []source.File) string {
	format := "CSV"
	for i, f := range files {
		switch sqlite := source.IsSQLite(f.Head); {
		case sqlite && i > 0 && format == "CSV", !sqlite && format == "GeoPackage":
			return "CSV, GeoPackage"
		case sqlite:
			format = "GeoPackage"
		}
	}
	return format + ", carroyage INSEE"
}

var wantedSquares = layer.Wanted{Noun: "carreau", Columns: [][]string{peopleNames}}

// sizes are those of squares, in metres. Those beyond 1 km have their corners on the
// kilometres, but not on multiples of their size.
var sizes = []float64{200, 1000, 2000, 4000, 8000, 16_000, 32_000}

// gridReader reads squares and rejects those seen before.
type gridReader struct {
	rec     *source.Recorder
	emit    func(store.Square) error
	seen    map[block]uint64 // squares of the import, by their corners
	covered map[block]uint64 // kilometres of the grid that lie in a square of 1 km or more
	holding map[block]uint64 // those that hold squares of 200 m
	imputed int              // accepted squares of the file that are imputed
}

// block is 64 places side by side on a grid of a size, in metres: a bit each.
type block struct {
	size         float64
	column, line int32
}

func newGridReader(rec *source.Recorder, emit func(store.Square) error) *gridReader {
	return &gridReader{rec: rec, emit: emit, seen: map[block]uint64{}, covered: map[block]uint64{}, holding: map[block]uint64{}}
}

// squareRow is one row of a file, its names in the file with it.
type squareRow struct {
	file                        string
	row                         int
	idName, id                  string
	peopleName, people, imputed string
	outline                     func() (_ store.Square, reason string) // nil when there is none
}

func (g *gridReader) readCSV(_ source.Options, f source.File) error {
	return sheet.EachRowOf(g.rec, f, nil, func(r sheet.Row) error {
		s := squareRow{file: f.Name, row: r.Line}
		s.id, s.idName = r.First(squareNames)
		s.people, s.peopleName = r.First(peopleNames)
		s.imputed, _ = r.First(imputedNames)
		if s.idName == "" || s.peopleName == "" {
			return source.FailAt(f.Name, 1, "en-tête : colonnes absentes ; attendu idcar_200m, idcar_1km ou idcar_nat, et ind")
		}
		return g.add(s)
	})
}

func (g *gridReader) readGeoPackage(o source.Options, f source.File) error {
	return layer.EachRow(g.rec, o, f, wantedSquares, func(l layer.Layer, crs geo.CRS, n int, row layer.Row) error {
		g.rec.Read++
		value := func(names []string) (string, string) {
			for _, name := range names {
				for i, c := range l.Columns {
					if source.ColumnName(c) == name {
						return layer.PropertyOf(row.Values[i]).Text, name
					}
				}
			}
			return "", ""
		}
		s := squareRow{file: f.Name, row: n}
		s.id, s.idName = value(squareNames)
		if !squareID.MatchString(s.id) && row.WKB != nil { // a column "id" may be the rank of the row
			s.id = ""
			s.outline = func() (store.Square, string) { return squareOf(f.Context(), row.WKB, crs) }
		}
		s.people, s.peopleName = value(peopleNames)
		s.imputed, _ = value(imputedNames)
		if err := g.add(s); err != nil {
			return err
		}
		return g.rec.Overflow()
	})
}

// add checks a row and hands its square over.
func (g *gridReader) add(r squareRow) error {
	reject := func(field, value, reason string) error {
		g.rec.Reject(r.file, r.row, field, value, reason)
		return nil
	}
	var s store.Square
	var reason string
	if r.outline != nil {
		if s, reason = r.outline(); reason != "" {
			return reject("geometry", "", reason)
		}
	} else if s, reason = parseSquare(r.id); reason != "" {
		return reject(r.idName, r.id, reason)
	}
	people, ok := source.ParseNumber(r.people)
	switch {
	case r.people == "":
		return reject(r.peopleName, "", "population absente ; attendu un nombre")
	case !ok:
		return reject(r.peopleName, r.people, "population non comprise ; attendu un nombre")
	case people < 0 || people > source.MaxPeople:
		return reject(r.peopleName, r.people, "population négative ou démesurée ; attendu un nombre de personnes")
	}
	s.People = people
	if g.overlaps(s) {
		return source.FailAt(r.file, r.row, "carreau de %g m (%s) sur le sol d'un carreau déjà lu : les habitants seraient comptés deux fois ; attendu un seul niveau (200 m, 1 km ou naturel)", s.Size, s.ID)
	}
	if !g.mark(s) {
		return reject(r.idName, s.ID, "carreau déjà présent")
	}
	if v, ok := source.ParseNumber(r.imputed); ok && v == 1 {
		g.imputed++
	}
	return g.emit(s)
}

const kilometre = 1000.0

// bit is where a corner is remembered, on a grid of some unit, for a size.
func bit(west, south, unit, size float64) (block, uint64) {
	column, line := int32(math.Floor(west/unit)), int32(math.Floor(south/unit))
	return block{size, column >> 6, line}, uint64(1) << (column & 63)
}

// bitOf is that of a square.
func bitOf(s store.Square) (block, uint64) {
	return bit(s.West, s.South, min(s.Size, kilometre), s.Size)
}

// kilometres calls use with each kilometre of the grid that a square touches, until it
// answers false.
func kilometres(s store.Square, use func(block, uint64) bool) {
	for y := 0.0; y < s.Size; y += kilometre {
		for x := 0.0; x < s.Size; x += kilometre {
			if !use(bit(s.West+x, s.South+y, kilometre, kilometre)) {
				return
			}
		}
	}
}

// overlaps reports whether a square that is not s covers some of its ground.
func (g *gridReader) overlaps(s store.Square) bool {
	if at, own := bitOf(s); g.seen[at]&own != 0 {
		return false // it is s
	}
	found := false
	kilometres(s, func(at block, bit uint64) bool {
		found = g.covered[at]&bit != 0 || s.Size >= kilometre && g.holding[at]&bit != 0
		return !found
	})
	return found
}

// mark remembers a square, and reports whether it is new.
func (g *gridReader) mark(s store.Square) bool {
	at, own := bitOf(s)
	if g.seen[at]&own != 0 {
		return false
	}
	g.seen[at] |= own
	on := g.covered
	if s.Size < kilometre {
		on = g.holding
	}
	kilometres(s, func(at block, bit uint64) bool {
		on[at] |= bit
		return true
	})
	return true
}

// overseas are the reference systems of the grids that INSEE publishes beside that of
// Europe.
var overseas = map[string]string{
	"5490": "Guadeloupe ou Martinique", "32620": "Guadeloupe ou Martinique", "4559": "Guadeloupe ou Martinique", "2975": "La Réunion", "2972": "Guyane", "4471": "Mayotte",
}

// squareID is the INSPIRE name of a square: in metres, or in short without the
// zeros that the size implies.
var squareID = regexp.MustCompile(`^(?:CRS(\d{4,5})RES)?(\d+)(k?m)N(\d{1,7})E(\d{1,7})$`)

const squareFault = "carreau non compris ; attendu un nom comme CRS3035RES200mN2029800E4252400"

// parseSquare reads the name of a square; People is left at zero. reason is ""
// when it is one.
func parseSquare(id string) (_ store.Square, reason string) {
	m := squareID.FindStringSubmatch(id)
	if m == nil {
		return store.Square{}, squareFault
	}
	if m[1] != "" && m[1] != "3035" {
		if where, ok := overseas[m[1]]; ok {
			return store.Square{}, "carreau d'outre-mer (EPSG:" + m[1] + ", " + where + ") ; seul le carroyage de la métropole (EPSG:3035) est lu"
		}
		return store.Square{}, "carreau en EPSG:" + m[1] + " ; attendu la grille européenne, EPSG:3035"
	}
	size, _ := strconv.ParseFloat(m[2]+map[string]string{"m": "", "km": "000"}[m[3]], 64)
	if !slices.Contains(sizes, size) {
		return store.Square{}, "carreau de " + m[2] + " " + m[3] + " ; attendu 200 m, 1 km, ou ceux du niveau naturel (2, 4, 8, 16 et 32 km)"
	}
	south, _ := strconv.ParseFloat(m[4], 64) // seven digits at most
	west, _ := strconv.ParseFloat(m[5], 64)
	if m[1] == "" { // in short: 1kmN2599E4695, 200mN25998E46952
		unit := 1000.0
		if size == 200 {
			unit = 100
		}
		south, west = south*unit, west*unit
	}
	return square(west, south, size)
}

// square checks a corner.
func square(west, south, size float64) (_ store.Square, reason string) {
	if unit := min(size, kilometre); math.Mod(west, unit) != 0 || math.Mod(south, unit) != 0 {
		return store.Square{}, fmt.Sprintf("coin qui n'est pas sur la grille ; attendu des multiples de %g m", unit)
	}
	if _, err := geo.LAEA.ToLonLat(west, south); err != nil {
		return store.Square{}, "carreau hors d'Europe ; attendu la grille européenne, EPSG:3035"
	}
	return store.Square{ID: fmt.Sprintf("CRS3035RES%gmN%.0fE%.0f", size, south, west), West: west, South: south, Size: size}, ""
}

// squareOf is the square of the grid that a geometry draws, to within two metres:
// in Lambert-93 its sides are neither straight nor of its length.
func squareOf(ctx context.Context, wkb []byte, crs geo.CRS) (_ store.Square, reason string) {
	const slack = 2 // metres
	mp, reason := layer.DecodeSurface(wkb)
	if reason != "" {
		return store.Square{}, reason
	}
	box := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	for _, polygon := range mp {
		for _, ring := range polygon {
			for i, p := range ring {
				if i%4096 == 0 && ctx.Err() != nil {
					return store.Square{}, ctx.Err().Error()
				}
				at, why := layer.ProjectedFault(crs, p[0], p[1])
				if why != "" {
					return store.Square{}, why
				}
				x, y, err := geo.LAEA.FromLonLat(at)
				if err != nil {
					return store.Square{}, "carreau hors d'Europe ; attendu la grille européenne, EPSG:3035"
				}
				box = box.Extend(orb.Point{x, y})
			}
		}
	}
	width, height := box.Max[0]-box.Min[0], box.Max[1]-box.Min[1]
	for _, size := range sizes {
		unit := min(size, kilometre)
		west, south := unit*math.Round(box.Min[0]/unit), unit*math.Round(box.Min[1]/unit)
		if math.Abs(width-size) <= slack && math.Abs(height-size) <= slack && math.Abs(box.Min[0]-west) <= slack && math.Abs(box.Min[1]-south) <= slack {
			return square(west, south, size)
		}
	}
	return store.Square{}, "géométrie qui n'est pas un carreau de la grille européenne ; attendu 200 m, 1 km ou le niveau naturel, EPSG:3035"
}
