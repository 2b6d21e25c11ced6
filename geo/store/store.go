// Package store is the contract for keeping inputs and editions. Two stores keep
// it: gpkg (one GeoPackage file) and postgis. The package storetest is its exam.
//
// A store holds datasets and editions. A dataset is one import: a [Manifest] and
// its rows, of one [Kind]; [Rows] says of each kind what its rows are. Replace swaps in a
// whole dataset: all of it or none of it. The previous rows of the same (kind, dataset) stay visible to
// readers until Replace returns nil; other datasets are not touched. When the
// sequence yields an error, or ctx ends, nothing changes and that error comes
// back wrapped. A process killed in the middle leaves the old rows.
//
// Readers give rows in the order of (dataset, position in the import), datasets
// by bytes, so that the same imports give the same rows in the same order from
// every store. An empty store reads as empty, without error. Every read sees one
// moment of the store, whatever is replaced meanwhile.
//
// What comes back is what went in, numbers bit for bit, with four exceptions
// where the Go value says more than its meaning:
//   - nil and empty slices and maps are not told apart;
//   - negative zero, as a variable's value or in a commune's point, is zero;
//   - a field that means nothing comes back zero: the position of a lieu that is
//     not located, the slots of unknown hours, the depot of a tournée without one;
//   - [lieu.Lieu.MisAJour] is a day: its year, month and day come back, as
//     midnight UTC.
//
// What cannot come back so, or breaks a promise of its type, is refused, and with
// it the whole import: see [CheckManifest], [CheckLieu] and the other checks, which
// every store applies. A key is also refused when it is given twice in a dataset:
// the code of a commune, EPCI or secteur, the (type, code) of a territoire, the ID of a lieu or tournée, the
// (level, code, name) of a variable, the name of a feed. Roads may repeat.
//
// All methods are safe for concurrent use; Replace, Remove, PutEdition and Prune, the
// writes, run one at a time. A sequence given to Replace may read from the same
// store, and sees the rows from before; it must not write.
package store

import (
	"context"
	"errors"
	"io"
	"iter"

	"github.com/paulmach/orb"
)

// File is one imported file.
type File struct {
	Name   string `json:"name"` // base name, no folder
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// Manifest says where the rows of one dataset come from. It is part of the
// edition's identity, so it holds no clock time and no path of a machine.
type Manifest struct {
	Kind     Kind   `json:"kind"`
	Dataset  string `json:"dataset"`
	Files    []File `json:"files"`
	Format   string `json:"format"`
	Source   string `json:"source"`             // who publishes, as to be cited
	Licence  string `json:"licence"`            // "Licence Ouverte 2.0", "ODbL 1.0"…; empty: unknown
	Vintage  string `json:"vintage"`            // date or year of the data; empty: unknown
	Rows     int    `json:"rows"`               // accepted rows
	Modelled string `json:"modelled,omitempty"` // French sentence when the data are modelled, empty when observed
	Note     string `json:"note,omitempty"`     // French sentence on what the data lack, empty when there is nothing to say
	// Options are those of the import that the rows depend on, beside the files: its layer,
	// its reference system, what moved or completed its rows. By name; none is left empty.
	Options map[string]string `json:"options,omitempty"`
}

// LaterMoves is the option of a manifest of variables that keeps the moves to communes which
// the files name by their present code alone: "02077>02564 02695>02053". A store of older
// communes gives them their values.
const LaterMoves = "mouvements-lus"

// Held is a dataset of a store, and when it came there: RFC 3339, UTC.
type Held struct {
	Manifest
	Imported string `json:"imported"`
}

// Level is the level that a value is published at.
type Level string

// The levels of values, from the smallest.
const (
	LevelIRIS        Level = "iris"
	LevelCommune     Level = "commune"
	LevelEPCI        Level = "epci"
	LevelDepartement Level = "departement"
)

// Levels lists them, from the smallest.
func Levels() []Level { return []Level{LevelIRIS, LevelCommune, LevelEPCI, LevelDepartement} }

// Variable is one value of one unit of a level for the IFN: Code is that of an IRIS (nine
// characters), a commune (COG), an EPCI (SIREN) or a département. A missing value has no row.
type Variable struct {
	Level Level
	Code  string
	Name  string
	Value float64
}

// ErrNotFound is returned for an edition, a document or a dataset that the store does not hold.
var ErrNotFound = errors.New("not found")

// ErrDiffers is returned for an edition whose id is that of other bytes: the same inputs,
// parameters and program have given two results.
var ErrDiffers = errors.New("other bytes under the same id")

// EditionInfo names a stored edition.
type EditionInfo struct {
	ID      string
	Created string // RFC 3339, UTC; when it was stored
	Bytes   int64
}

// Layer is a named table of results for people who open the store in a GIS. See
// [CheckLayer] for what its names may be. Rows is read once.
type Layer struct {
	Name     string
	Title    string // French, with units and what is modelled
	Geometry string // "POLYGON", "MULTIPOLYGON" or "POINT"
	Columns  []Column
	Rows     iter.Seq[LayerRow]
}

// Column is one attribute of a Layer. Type is "TEXT", "INTEGER" or "REAL"; Title
// is French, with the unit. Unit is the unit alone; empty: it has none.
type Column struct{ Name, Type, Title, Unit string }

// LayerRow is one feature: a geometry (EPSG:4326, degrees; nil when it has none) and
// one value per column (string, int64, float64, or nil for unknown). Who reads a row
// changes neither: both may be those of an edition.
type LayerRow struct {
	Geometry orb.Geometry
	Values   []any
}

// Inputs reads what was imported. A row is a T of the [Rows] of its kind, which read
// with types: Communes.All(ctx, in).
type Inputs interface {
	Manifests(ctx context.Context) ([]Manifest, error) // sorted by (kind, dataset)
	Read(ctx context.Context, kind Kind) iter.Seq2[any, error]
}

// Importer swaps in whole datasets, of the kind of the manifest. The manifest that comes
// back, and is kept, has m.Rows set to what was written. An empty sequence leaves a
// dataset of no rows. [Rows] replaces with types: Communes.Replace(ctx, to, m, rows).
type Importer interface {
	Replace(ctx context.Context, m Manifest, rows iter.Seq2[any, error]) (Manifest, error)
}

// Datasets lists what was imported, sorted by (kind, dataset), with the time of each import,
// which is no part of the manifest: the same import later is the same import. Remove takes
// one dataset out, all of it or none of it; for one that is not there, the error wraps
// [ErrNotFound].
type Datasets interface {
	Held(ctx context.Context) ([]Held, error)
	Remove(ctx context.Context, kind Kind, dataset string) error
}

// Editions keeps computed editions. PutEdition stores the encoded edition,
// its layers and the documents that go with it whole or not at all; the layers of the newest edition replace those
// of the one before, and a document that is already there stays as it is. Storing an id
// that is already there changes nothing but
// makes it, with the layers given, the newest; with other bytes than those that are there it
// is an error that wraps [ErrDiffers], and changes nothing. The bytes come back exactly as they
// went in, whole by Edition, or as they are read by ReadEdition, which reports what read
// did unless they were not those stored. Both answer an error that wraps [ErrNotFound] for an unknown id. Prune
// deletes all but the newest keep editions, at least one, and says which, newest
// first; the layers stay, since they are of the newest.
type Editions interface {
	PutEdition(ctx context.Context, id string, data []byte, layers []Layer, beside ...Document) error
	Editions(ctx context.Context) ([]EditionInfo, error) // newest first
	Edition(ctx context.Context, id string) ([]byte, error)
	ReadEdition(ctx context.Context, id string, read func(io.Reader) error) error
	Prune(ctx context.Context, keep int) ([]string, error)
}

// Document is a small text that people or the program write beside the data: a saved
// scenario, the record of an edition, the hash of a token.
type Document struct {
	Kind, ID string
	Data     []byte // at most 4 MiB
	Updated  string // RFC 3339, UTC; when it was last written
}

// Documents keeps documents. A Put replaces the document of the same kind and id whole,
// or creates it. Document answers an error that wraps [ErrNotFound] for one that is not
// there; to delete it is no error. Documents lists a kind in the order of the bytes of
// the ids. See [CheckDocument] for what is refused.
type Documents interface {
	PutDocument(ctx context.Context, kind, id string, data []byte) error
	Document(ctx context.Context, kind, id string) (Document, error)
	Documents(ctx context.Context, kind string) ([]Document, error)
	DeleteDocument(ctx context.Context, kind, id string) error
}

// Visits is how often something was looked at in a day. Nothing is kept of who did.
type Visits struct {
	Day   string // 2006-01-02, UTC
	Page  string // "carte", "territoire", "integration:site.example"…
	Count int64
}

// Visitors counts visits. AddVisits adds to what was counted before, for any number of
// servers at once; Visits lists all, in the order of (day, page).
type Visitors interface {
	AddVisits(ctx context.Context, v []Visits) error
	Visits(ctx context.Context) ([]Visits, error)
}

// Store is the whole contract.
type Store interface {
	Inputs
	Importer
	Datasets
	Editions
	Documents
	Visitors
	Close() error
}
