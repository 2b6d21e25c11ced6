package table

import (
	"fmt"
	"iter"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/store"
)

// inputs are the kinds of dataset, each in a file of its name.
var inputs = []Input{communes, epci, secteurs, territoires, lieux, tournees, variables, population, equipements, gtfs, onDemand, roads}

// Of says where the rows of a kind go.
func Of(kind store.Kind) (Input, error) {
	for _, in := range inputs {
		if in.Kind == kind {
			return in, nil
		}
	}
	return Input{}, fmt.Errorf("kind %q: this store has no table for it", kind)
}

// Table is a table and the columns that an import fills.
type Table struct {
	Name    string
	Spatial bool     // it has a column geom, before the others
	Columns []string // dataset and position are the first two
}

// Input says where the rows of a kind go, and how they come back.
type Input struct {
	Kind   store.Kind
	Tables []Table // a row has one record in the first, and any number in the others, which go with it
	encode func(row any, put putFunc) error
	key    func(row any) string
	SQL    string // reads the rows, in the order that the contract wants
	scan   func(Row, Geometry) (any, error)
	joins  func(last, next any) (any, bool)
}

// putFunc puts a record of a row, what follows (dataset, position), in a table by number.
// A geometry is nil where there is none.
type putFunc = func(table int, g orb.Geometry, values ...any) error

// kind is an [Input] whose rows are T.
type kind[T any] struct {
	rows   store.Rows[T]
	tables []Table
	encode func(row T, put putFunc) error
	query  string // one SELECT, so that it sees one moment of the database
	// scan reads one record. Geometries are read last, so that an error about them can
	// name the row.
	scan func(Row, Geometry) (T, error)
	// joins adds a record to the row before, when it belongs there. Nil: none does.
	joins func(last *T, next T) bool
}

func (k kind[T]) input() Input {
	in := Input{Kind: k.rows.Kind, Tables: k.tables, SQL: k.query,
		encode: func(row any, put putFunc) error {
			r, ok := row.(T)
			if !ok {
				return fmt.Errorf("a %T; expected a %T", row, r)
			}
			if err := k.rows.Check(r); err != nil {
				return err
			}
			return k.encode(r, put)
		},
		key: func(row any) string {
			r, _ := row.(T)
			return k.rows.Key(r)
		},
		scan: func(row Row, g Geometry) (any, error) { return k.scan(row, g) },
	}
	if k.joins != nil {
		in.joins = func(last, next any) (any, bool) {
			l := last.(T)
			ok := k.joins(&l, next.(T))
			return l, ok
		}
	}
	return in
}

// outline is nil, which is NULL, for one without parts.
func outline(mp orb.MultiPolygon) orb.Geometry {
	if len(mp) == 0 {
		return nil
	}
	return mp
}

func place(at geo.LonLat, known bool) orb.Geometry {
	if !known {
		return nil
	}
	return point(at)
}

// line has the point of a way of one node twice: a line of one point is none, and
// PostGIS refuses it. The nodes say how many points there are.
func line(at []geo.LonLat) orb.Geometry {
	switch len(at) {
	case 0:
		return nil
	case 1:
		return orb.LineString{point(at[0]), point(at[0])}
	}
	l := make(orb.LineString, len(at))
	for i, p := range at {
		l[i] = point(p)
	}
	return l
}

func point(p geo.LonLat) orb.Point    { return orb.Point{p.Lon, p.Lat} }
func position(p orb.Point) geo.LonLat { return geo.LonLat{Lon: p[0], Lat: p[1]} }

// Encoded is a row with what is to be inserted for it.
type Encoded[G any] struct {
	Row     any
	Records []Record[G]
}

// Record is one row of a table, by number: its geometry as the database wants it,
// and its values.
type Record[G any] struct {
	Table  int
	Geom   G
	Values []any // one per column of the table
}

// Encode checks and encodes the rows of a dataset. The first error ends it.
func Encode[G any](in Input, dataset string, rows iter.Seq2[any, error], geometry func(orb.Geometry) (G, error)) iter.Seq2[Encoded[G], error] {
	return func(yield func(Encoded[G], error) bool) {
		at := 0
		for row, err := range rows {
			e := Encoded[G]{Row: row}
			if err == nil {
				err = in.encode(row, func(table int, g orb.Geometry, values ...any) error {
					geom, err := geometry(g)
					e.Records = append(e.Records, Record[G]{table, geom, append([]any{dataset, at}, values...)})
					return err
				})
				if err != nil {
					err = in.At(at, row, err)
				}
			}
			if !yield(e, err) || err != nil {
				return
			}
			at++
		}
	}
}

// At adds the address of a row to an error.
func (in Input) At(position int, row any, err error) error {
	return fmt.Errorf("row %d (%q): %w", position+1, in.key(row), err)
}
