package table

import (
	"encoding/json"
	"fmt"
	"iter"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/store"
)

// Geometry makes what Scan of a database takes to read a geometry into a variable: NULL
// is nil.
type Geometry func(to *orb.Geometry) any

// Row is the current row of an answer.
type Row interface{ Scan(to ...any) error }

// Rows reads the rows of a kind from the records of its query. An error is the last.
func (in Input) Rows(records iter.Seq2[Row, error], geometry Geometry) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		var last any
		for record, err := range records {
			var next any
			if err == nil {
				next, err = in.scan(record, geometry)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if in.joins != nil { // a row is whole once the next one begins
				if last != nil {
					if joined, ok := in.joins(last, next); ok {
						last = joined
						continue
					}
				}
				last, next = next, last
			}
			if next != nil && !yield(next, nil) {
				return
			}
		}
		if last != nil {
			yield(last, nil)
		}
	}
}

// blob is bytes or text that are valid until the next row: no copy is made.
type blob []byte

// Scan takes what database/sql gives.
func (b *blob) Scan(src any) error {
	switch src := src.(type) {
	case nil:
		*b = nil
	case []byte:
		*b = src
	case string:
		*b = []byte(src)
	default:
		return fmt.Errorf("a %T; expected bytes", src)
	}
	return nil
}

// ScanBytes takes what pgx gives.
func (b *blob) ScanBytes(src []byte) error {
	*b = src
	return nil
}

// ReadHeld is the query of the datasets, sorted by (kind, dataset); imported is the SQL of
// the time of an import as text.
func ReadHeld(imported string) string {
	return `
	SELECT kind, dataset, row_count, format, source, COALESCE(licence, ''), COALESCE(vintage, ''), COALESCE(modelled, ''), COALESCE(note, ''),
		COALESCE(options, '{}'), files, ` + imported + `
	FROM datasets ORDER BY kind, dataset`
}

// ScanHeld reads one row of [ReadHeld].
func ScanHeld(row Row) (h store.Held, err error) {
	var options, files blob
	if err := row.Scan(&h.Kind, &h.Dataset, &h.Rows, &h.Format, &h.Source, &h.Licence, &h.Vintage, &h.Modelled, &h.Note, &options, &files, &h.Imported); err != nil {
		return h, err
	}
	if err := json.Unmarshal(options, &h.Options); err != nil {
		return h, err
	}
	if len(h.Options) == 0 {
		h.Options = nil
	}
	return h, json.Unmarshal(files, &h.Files)
}

// Manifests are those of datasets.
func Manifests(held []store.Held) []store.Manifest {
	var all []store.Manifest
	for _, h := range held {
		all = append(all, h.Manifest)
	}
	return all
}

// ManifestColumns are filled by [ManifestValues].
var ManifestColumns = []string{"kind", "dataset", "row_count", "format", "source", "licence", "vintage", "modelled", "note", "options", "files"}

// ManifestValues are the values of a row of datasets.
func ManifestValues(m store.Manifest) ([]any, error) {
	files, err := toJSON(append([]store.File{}, m.Files...)) // none is [], not null
	if err != nil {
		return nil, err
	}
	var options any // NULL: none
	if len(m.Options) > 0 {
		options, err = toJSON(m.Options)
	}
	return []any{string(m.Kind), m.Dataset, m.Rows, m.Format, m.Source,
		optional(m.Licence), optional(m.Vintage), optional(m.Modelled), optional(m.Note), options, files}, err
}

// as is a geometry that must be a G; NULL is the zero G.
func as[G orb.Geometry](g orb.Geometry) (G, error) {
	of, ok := g.(G)
	if !ok && g != nil {
		return of, fmt.Errorf("geometry: a %s; expected a %s", g.GeoJSONType(), of.GeoJSONType())
	}
	return of, nil
}

// named adds the key of a row to an error about it.
func named(key string, err error) error {
	if err == nil || key == "" {
		return err
	}
	return fmt.Errorf("%s: %w", key, err)
}
