// Package squares reads the squares in which INSEE counts people and households.
package squares

import (
	"context"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/layer"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
	"github.com/aisne-numerique/maillage/geo/store"
)

// The columns of the grids of INSEE (Filosofi 2015, 2017, 2019, 2021), in lower case. In
// a file of squares of 200 m the squares of 1 km and those of the natural level around them
// are named too, and whether they are imputed.
var (
	squareNames  = []string{"idcar_200m", "idinspire", "id_inspire", "idcar_1km", "id_carr1km", "idcar_nat", "id_carr_n", "idcar", "id"}
	peopleNames  = []string{"ind", "ind_c", "population", "pop"}
	imputedNames = []string{"i_est_200", "i_est_cr", "i_est_1km", "i_est_nat", "i_est"}
)

// countNames are the columns that add up to each count of a square.
var countNames = [store.NumSquareCounts][]string{
	store.SquareHouseholds:     {"men"},
	store.SquareAlone:          {"men_1ind"},
	store.SquarePoorHouseholds: {"men_pauv"},
	store.SquareUnder18:        {"ind_0_3", "ind_4_5", "ind_6_10", "ind_11_17"},
	store.SquareAged65To79:     {"ind_65_79"},
	store.SquareAged80:         {"ind_80p"},
}

// Population reads the population grid of INSEE, squares of 200 m or of 1 km in
// EPSG:3035, or those of its "natural" level, from 200 m to 32 km as people are few, as
// CSV or as a GeoPackage:
//
//	idcar_200m, idcar_1km    "CRS3035RES200mN2029800E4252400", N and E the metres of
//	or idcar_nat             the south-west corner
//	ind                      people, a number
//	i_est_200, i_est_1km     1 when the figures are imputed, optional
//	or i_est_nat
//	men, men_1ind, men_pauv  households, people alone, poor households, all optional, as
//	ind_0_3 … ind_80p        are those of an age (see [store.SquareCount])
//
// In a GeoPackage without such a name the square is that of its geometry, in any
// reference system of [geo.CRS]. Rejected: a name that is not understood, a square
// seen before, people that are no number or negative. A count that is no number is unknown,
// and said once for its column. A square within another would count people twice, and ends
// the import, as does a file of squares overseas alone. Memory holds one bit per square and
// size.
func Population(ctx context.Context, in []source.Input, o source.Options) (*source.Import[store.Square], error) {
	return source.Open(ctx, store.Population, in, o, populationFormat, func(rec *source.Recorder, files []source.File, emit func(store.Square) error) error {
		g := newGridReader(rec, emit)
		for _, f := range files {
			read := g.readCSV
			if source.IsSQLite(f.Head) {
				read = g.readGeoPackage
			}
			g.tally = tally{}
			if err := read(o, f); err != nil {
				return err
			}
			g.tally.tell(rec, f.Name)
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

// mainland names the layer of the mainland, where a file has one for each of its grids; ""
// where there is nothing to choose. A file of grids overseas alone has none.
func mainland(f source.File) (string, error) {
	layers, err := layer.Layers(f)
	if err != nil {
		return "", err
	}
	for _, l := range layers {
		if len(layers) > 1 && strings.HasSuffix(strings.ToLower(l.Name), "_met") {
			return l.Name, nil
		}
	}
	for i, l := range layers {
		where := overseas[strings.TrimPrefix(l.CRS, "EPSG:")]
		if where == "" {
			break
		}
		if i+1 == len(layers) {
			return "", source.FailAt(f.Name, 0, "carreaux d'outre-mer (%s, %s) ; seul le carroyage de la métropole (EPSG:3035) est lu ; attendu le fichier de la métropole, dont le nom finit par _met", l.CRS, where)
		}
	}
	return "", nil
}

var wantedSquares = layer.Wanted{Noun: "carreau", Columns: [][]string{peopleNames}}

// gridReader reads squares and rejects those seen before.
type gridReader struct {
	rec     *source.Recorder
	emit    func(store.Square) error
	seen    map[block]uint64 // squares of the import, by their corners
	covered map[block]uint64 // kilometres of the grid that lie in a square of 1 km or more
	holding map[block]uint64 // those that hold squares of 200 m
	tally   tally            // of the file
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
	count                       func(name string) (text string, given bool)
	outline                     func() (_ store.Square, reason string) // nil when there is none
}

func (g *gridReader) readCSV(_ source.Options, f source.File) error {
	return sheet.EachRowOf(g.rec, f, nil, func(r sheet.Row) error {
		s := squareRow{file: f.Name, row: r.Line}
		s.id, s.idName = r.First(squareNames)
		s.people, s.peopleName = r.First(peopleNames)
		s.imputed, _ = r.First(imputedNames)
		s.count = func(name string) (string, bool) {
			text, column := r.First([]string{name})
			return text, column != ""
		}
		if s.idName == "" || s.peopleName == "" {
			return source.FailAt(f.Name, 1, "en-tête : colonnes absentes ; attendu idcar_200m, idcar_1km ou idcar_nat, et ind")
		}
		return g.add(s)
	})
}

func (g *gridReader) readGeoPackage(o source.Options, f source.File) error {
	if o.Layer == "" {
		var err error
		if o.Layer, err = mainland(f); err != nil {
			return err
		}
	}
	return layer.EachRow(g.rec, o, f, wantedSquares, func(l layer.Layer, crs geo.CRS, n int, row layer.Row) error {
		g.rec.Read++
		one := func(name string) (string, bool) {
			for i, c := range l.Columns {
				if source.ColumnName(c) == name {
					return layer.PropertyOf(row.Values[i]).Text, true
				}
			}
			return "", false
		}
		value := func(names []string) (string, string) {
			for _, name := range names {
				if text, ok := one(name); ok {
					return text, name
				}
			}
			return "", ""
		}
		s := squareRow{file: f.Name, row: n, count: one}
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
		if where := overseasOf(r.id); where != "" && g.tally.accepted == 0 {
			return source.FailAt(r.file, r.row, "%s ; attendu le fichier de la métropole, dont le nom finit par _met", reason)
		}
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
	if v, ok := source.ParseNumber(r.imputed); ok {
		s.Imputed = store.Observed
		if v != 0 {
			s.Imputed = store.Imputed
			g.tally.imputed++
		}
	}
	g.tally.accepted++
	for i, names := range countNames {
		s.Counts[i] = g.tally.count(r, names)
	}
	return g.emit(s)
}
