// Package source is what all readers of published files share: the [Input], the
// [Options], the [Report], and the checks at the door. Each family of formats has a
// package below, with one reader per kind of data, which checks every row and says
// where the rows come from. They write nothing and know nothing of stores.
//
//	outline  communes, EPCI (GeoJSON, GeoPackage, ESRI shapefiles, packed or not; any system of geo.CRS; tables), secteurs (tables)
//	stat     population, the grids of INSEE (CSV, GeoPackage); variables (CSV or XLSX)
//	lieux    CSV, XLSX and JSON of the national schema "lieux de médiation numérique" v1.0.2 and v0.1, of
//	         data·inclusion, of the official France Services list, and of any other list by a mapping; tournées (CSV)
//	osm      roads of OpenStreetMap, and where people live: .osm, .osm.gz, .osm.bz2, .osm.pbf
//	bdtopo   roads of IGN's BD TOPO: GeoPackage, ESRI shapefiles
//	gtfs     timetables of public transport: GTFS; transport on demand (CSV)
//	layer    layers of features, for outline, stat and bdtopo; sheet: tables (CSV, XLSX), for all
//
// Tables and layers may come in a zip, a 7z or a gzip; texts in any encoding of OpenText.
// The format is told from the content, never from the name. A reader makes one
// pass to hash the files, then streams: it holds one record at a time, of at most
// 1 MiB (8 MiB for a feature or a row of a workbook, 32 MiB for a value of a GeoPackage), and small indexes (ids seen, positions of
// the nodes in use). Tournées, secteurs and the services of data·inclusion, whose
// rows are scattered, are gathered first.
//
// A row that cannot be used is rejected, a row that can be used but has a flaw
// gives a warning; both are in the [Report] with file, row, field, value and a
// French sentence that says what was expected. Reading never stops at the first
// fault. When it is over, the whole import fails if too many rows were rejected.
package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/store"
)

// Limits of what a reader holds in memory.
const (
	MaxRecord  = 1 << 20 // bytes of one CSV record, one CSV field, one XML element
	MaxFeature = 8 << 20 // bytes of one feature, a whole EPCI at full detail; of one row of a workbook
	MaxFaults  = 10_000  // rejections, and warnings, kept in a report
)

// DefaultMaxRejectShare is the share of rejected rows above which an import fails.
const DefaultMaxRejectShare = 0.2

// Input is one file to read. Open is called once per pass, two or three times in
// all, and must give the same bytes each time.
type Input struct {
	Name string // base name, shown in reports and kept in the manifest
	Path string // where a database library finds the file; empty when it is no file of this machine
	Open func() (io.ReadCloser, error)

	Beside []Input // of a .shp: the other files of the shapefile. Readers find those that lie in its folder
}

// FromPath is a file of this machine. A pipe or a device is refused: it gives its bytes once,
// where readers make several passes, and to open one that nobody writes to lasts for ever.
func FromPath(path string) Input {
	return Input{Name: filepath.Base(path), Path: path, Open: func() (io.ReadCloser, error) {
		switch info, err := os.Stat(path); {
		case err != nil:
			return nil, err
		case info.IsDir():
			return nil, errors.New("un dossier ; attendu un fichier")
		case !info.Mode().IsRegular():
			return nil, errors.New("un tube ou un périphérique ; enregistrez d'abord son contenu dans un fichier")
		}
		return os.Open(path)
	}}
}

// FromFS is a file of fsys.
func FromFS(fsys fs.FS, name string) Input {
	return Input{Name: path.Base(name), Open: func() (io.ReadCloser, error) { return fsys.Open(name) }}
}

// Rejection is one fault at one address. Row counts from 1: the line of a CSV or
// XML file, or the row of a sheet, header included, where the record starts; the
// rank of the feature in a file of features; the rank of the way among the roads of a PBF file. 0 means the
// whole file.
type Rejection struct {
	File   string `json:"file"`
	Row    int    `json:"row"`
	Field  string `json:"field"`
	Value  string `json:"value,omitempty"`
	Reason string `json:"reason"` // French: what is wrong, and what was expected
}

// String is the fault as one line with its address.
func (r Rejection) String() string {
	var b strings.Builder
	b.WriteString(r.File)
	if r.Row > 0 {
		fmt.Fprintf(&b, ":%d", r.Row)
	}
	b.WriteString(": ")
	if r.Field != "" {
		b.WriteString(r.Field)
		if r.Value != "" {
			fmt.Fprintf(&b, " « %s »", r.Value)
		}
		b.WriteString(" : ")
	}
	b.WriteString(r.Reason)
	return b.String()
}

// Homes is what the files of roads tell of where people live.
type Homes struct {
	Dwellings int `json:"dwellings"` // estimated
	Buildings int `json:"buildings"` // where people live
	Addresses int `json:"addresses"`
	BuiltUp   int `json:"built_up"` // points in land where people live
	Rows      int `json:"rows"`     // that say so, beside those of roads
}

// Timetables is what the feeds of an import hold, and what of them is not read.
type Timetables struct {
	Feeds       int            `json:"feeds"`
	Agencies    int            `json:"agencies"`
	Stops       int            `json:"stops"`
	Lines       int            `json:"lines"`
	Services    int            `json:"services"`
	Trips       int            `json:"trips"`
	Calls       int            `json:"calls"`
	Frequencies int            `json:"frequencies,omitempty"`
	Transfers   int            `json:"transfers,omitempty"`
	Zones       int            `json:"zones,omitempty"`        // of transport on demand
	SchoolLines int            `json:"school_lines,omitempty"` // route_type 712
	SchoolTrips int            `json:"school_trips,omitempty"`
	OnRequest   int            `json:"on_request,omitempty"` // calls where one boards or alights on request
	First       string         `json:"first,omitempty"`      // day of service: 2006-01-02
	Last        string         `json:"last,omitempty"`
	Unread      map[string]int `json:"unread,omitempty"` // rows, by the name of their file
}

// Report tells what became of every row. It is complete once the rows have been
// read to the end. Read = Accepted + Merged + Skipped + len(Rejected), except that:
//   - a road cut where its nodes are absent is accepted once per piece
//   - the rows of Homes are no rows of a file, and are not counted
//   - the rejections beyond the first 10 000 end the import
//   - what is not read of a feed is told in Timetables
//
// What is counted is a row of the file; for the IFN variables, a value. Lines
// that are blank, and values that are unknown, are not read.
type Report struct {
	Kind         store.Kind     `json:"kind"`
	Files        []store.File   `json:"files"`
	Read         int            `json:"read"`
	Accepted     int            `json:"accepted"`
	Merged       int            `json:"merged"`            // rows that joined one already accepted: other stops of a tournée, other communes of a secteur, a road present in two files, a commune that a move joined to another
	Skipped      int            `json:"skipped,omitempty"` // sound rows that are no concern of ours: structures and services of data·inclusion that are not digital, rows that a mapping leaves out
	Rejected     []Rejection    `json:"rejected"`
	Warnings     []Rejection    `json:"warnings"`
	MoreWarnings int            `json:"more_warnings,omitempty"` // beyond the first 10 000
	Sources      map[string]int `json:"sources,omitempty"`       // of lieux, how many of each
	Variables    []Column       `json:"variables,omitempty"`     // those of the mapping, by name
	Homes        *Homes         `json:"homes,omitempty"`         // of roads
	Feeds        []string       `json:"feeds,omitempty"`         // columns of the index that the rows give
	Timetables   *Timetables    `json:"timetables,omitempty"`    // of public transport
	Manifest     store.Manifest `json:"manifest"`
	DryRun       bool           `json:"dry_run,omitempty"` // nothing was kept
}

// Import is one import under way. Rows can be read once; an error in it is the
// last element, means that nothing must be kept, and is a French sentence with
// an address. Report is complete after Rows.
type Import[T any] struct {
	Manifest store.Manifest
	Report   *Report
	Rows     iter.Seq2[T, error]
}

// Recorder counts rows and faults on behalf of a reader.
type Recorder struct {
	*Report
	maxShare float64
	beside   int // rows handed over that are not counted
	blank    int // values that a file has a place for, and does not give
}

// Fatal is an error that ends the import, at an address.
type Fatal struct{ Rejection }

func (f Fatal) Error() string { return f.String() }

// FailAt ends an import with a sentence at an address.
func FailAt(file string, row int, format string, args ...any) error {
	return Fatal{Rejection{File: file, Row: row, Reason: fmt.Sprintf(format, args...)}}
}

// NewFault cuts the value to what a report can show.
func NewFault(file string, row int, field, value, reason string) Rejection {
	return Rejection{File: file, Row: row, Field: field, Value: Shorten(value), Reason: reason}
}

// Shorten cuts a value to what a report can show.
func Shorten(value string) string {
	const shown = 80 // characters
	n := 0
	for i := range value {
		if n++; n > shown {
			return strings.ToValidUTF8(value[:i], "\uFFFD") + "…"
		}
	}
	return strings.ToValidUTF8(value, "\uFFFD")
}

// Reject records a row that is left out.
func (r *Recorder) Reject(file string, row int, field, value, reason string) {
	r.Rejected = append(r.Rejected, NewFault(file, row, field, value, reason))
}

// Warn records a flaw in a row that is kept.
func (r *Recorder) Warn(file string, row int, field, value, reason string) {
	if len(r.Warnings) == MaxFaults {
		r.MoreWarnings++
		return
	}
	r.Warnings = append(r.Warnings, NewFault(file, row, field, value, reason))
}

// Beside takes a row that was just handed over out of those that are counted.
func (r *Recorder) Beside() {
	r.Accepted--
	r.beside++
}

// Made says that the row just handed over was made of n rows of files, which are what is counted.
func (r *Recorder) Made(n int) {
	r.Accepted += n - 1
	r.beside -= n - 1
}

// Blank takes a value that a file has a place for, and does not give: it is not read, but a
// file in which one place of five is wrong is one in which four are sound.
func (r *Recorder) Blank() { r.blank++ }

// Overflow ends an import that rejects without end.
func (r *Recorder) Overflow() error {
	if len(r.Rejected) < MaxFaults {
		return nil
	}
	return fmt.Errorf("%d refus, lecture abandonnée ; le premier est %s", MaxFaults, r.Rejected[0])
}

// verdict says whether the import as a whole stands.
func (r *Recorder) verdict() error {
	n := len(r.Rejected)
	switch {
	case n > 0 && (r.Accepted == 0 || float64(n) > r.maxShare*float64(r.Read+r.blank)):
		noun := counted(r.Kind)
		switch {
		case r.Read > 1 && strings.HasSuffix(noun, "eau"):
			noun += "x"
		case r.Read > 1:
			noun += "s"
		}
		return fmt.Errorf("%d refus sur %d %s, plus que la part admise de %.4g %% ; le premier est %s",
			n, r.Read, noun, 100*r.maxShare, r.Rejected[0])
	case r.Accepted == 0:
		return fmt.Errorf("%s: rien à importer ; attendu au moins un élément (%s)", r.Files[0].Name, counted(r.Kind))
	}
	return nil
}

// counted is the French noun of what a report of a kind counts.
func counted(kind store.Kind) string { return cmp.Or(kind.Of().Counted, "ligne") }

// reader reads the files of one import and hands over rows. emit returns false
// when the consumer has had enough: the reader then returns errStopped.
type reader[T any] func(rec *Recorder, files []File, emit func(T) error) error

// errStopped travels up when the consumer of rows stops before the end.
var errStopped = fmt.Errorf("rows no longer wanted")

// Open hashes the files and readies an import, all of which ends with ctx. Its errors are those of opening
// and reading files; what is wrong in them comes out of Rows.
func Open[T any](ctx context.Context, of store.Rows[T], in []Input, o Options, format func([]File) string, read reader[T]) (*Import[T], error) {
	kind := of.Kind
	if len(in) == 0 {
		return nil, fmt.Errorf("import %s: aucun fichier", kind)
	}
	if o.MaxRejectShare == 0 {
		o.MaxRejectShare = DefaultMaxRejectShare
	}
	if o.Dataset == "" {
		o.Dataset = string(kind)
	}
	in = gathered(in)
	files := make([]File, len(in))
	published := make([]store.File, 0, len(in))
	var packed error
	for i, input := range in {
		f, err := Inspect(ctx, input)
		if err != nil {
			return nil, fmt.Errorf("import %s: %s: %w", kind, input.Name, err)
		}
		published = append(published, f.File)
		for _, b := range input.Beside {
			part, err := Inspect(ctx, b)
			if err != nil {
				return nil, fmt.Errorf("import %s: %s: %w", kind, b.Name, err)
			}
			f.Beside = append(f.Beside, part)
			published = append(published, part.File)
		}
		if files[i], err = Unpack(ctx, f, kind, o.Layer); err != nil {
			files[i], packed = f, err // told when rows are asked for, as all that is wrong in files
		}
	}
	published = append(published, o.tables()...)
	m := store.Manifest{Kind: kind, Dataset: o.Dataset, Files: published, Format: format(files),
		Source: o.Source, Licence: o.Licence, Vintage: o.Vintage, Modelled: o.Modelled, Note: o.Note, Options: o.kept()}
	report := &Report{Kind: kind, Files: slices.Clone(published), Rejected: []Rejection{}, Warnings: []Rejection{}, Manifest: m}
	rec := &Recorder{Report: report, maxShare: o.MaxRejectShare}
	used := false
	rows := func(yield func(T, error) bool) {
		var none T
		if used {
			yield(none, fmt.Errorf("import %s: rows can be read once", kind))
			return
		}
		used = true
		err := packed
		if err == nil {
			err = read(rec, files, func(row T) error {
				rec.Accepted++
				if !yield(row, nil) {
					return errStopped
				}
				return ctx.Err()
			})
		}
		if err == errStopped {
			return
		}
		if err == nil {
			err = rec.verdict()
		}
		if ctx.Err() != nil {
			err = ctx.Err() // whatever the reader made of it
		}
		report.Manifest.Rows = rec.Accepted + rec.beside
		if err != nil {
			yield(none, fmt.Errorf("import %s: %w", kind, err))
		}
	}
	return &Import[T]{Manifest: m, Report: report, Rows: rows}, nil
}

const TooLong = "enregistrement de plus de 1 Mio"
