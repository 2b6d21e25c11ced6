package source

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Attributes is what a table says of communes whose outlines are published alone.
// Read it with outline.CommuneTable.
type Attributes struct {
	Files []store.File
	Of    map[string]CommuneFacts
}

// CommuneFacts of one commune; what the table does not give is nil or "".
type CommuneFacts struct {
	Nom, EPCI  string
	Population *int
}

// Moves says which commune an old commune became part of. Read it with outline.ReadMoves.
type Moves struct {
	Files []store.File
	To    map[string]string // old code → current code, never itself a key
}

// Current is the code that a commune has now: its own when it did not move.
func (m *Moves) Current(code string) (now string, moved bool) {
	if m == nil {
		return code, false
	}
	if now, moved = m.To[code]; moved {
		return now, true
	}
	return code, false
}

// Now is the code that the commune of a row has now, and says so when it is another.
func (m *Moves) Now(rec *Recorder, file string, row int, field, code string) string {
	now, moved := m.Current(code)
	if moved {
		rec.Warn(file, row, field, code, "ancien code de commune ; lu sous le code actuel "+now)
	}
	return now
}

// Targets are the codes that old communes became part of.
func (m *Moves) Targets() map[string]bool {
	set := map[string]bool{}
	if m != nil {
		for _, now := range m.To {
			set[now] = true
		}
	}
	return set
}

// Options says what the files themselves do not: see [store.Manifest] for the
// first fields. An empty Dataset takes the name of the kind.
type Options struct {
	Dataset, Source, Licence, Vintage, Modelled, Note string

	// MaxRejectShare is the largest share of rejected rows, 0 to 1, that an import
	// survives. 0 means DefaultMaxRejectShare.
	MaxRejectShare float64

	// Type is that of the territoires of a wide table: see outline.Territoires.
	Type string

	// CRS is the reference system of the coordinates of communes, EPCI and squares of
	// population. The zero value takes what each file says of itself.
	CRS geo.CRS

	// Layer chooses the layer of a GeoPackage or of a zip of shapefiles, or the sheet
	// of a workbook. Empty: the one whose columns, then whose name, fit the kind.
	Layer string

	// Moves brings the communes of an older COG to the current one; Attributes
	// completes communes of which the outlines alone are published. Both may be nil.
	Moves      *Moves
	Attributes *Attributes

	// Mapping says which column is which variable of the IFN. Nil: every column of
	// numbers is a variable, named by its header.
	Mapping *Mapping

	// Lieux says which column or key is which field of a lieu. Nil: they have the names
	// of a published layout.
	Lieux *LieuMapping
}

// kept are the options that rows depend on, for the manifest.
func (o Options) kept() map[string]string {
	kept := map[string]string{}
	keep := func(name, value string) {
		if value != "" {
			kept[name] = value
		}
	}
	keep("couche", o.Layer)
	keep("type", o.Type)
	if o.CRS != 0 {
		keep("crs", fmt.Sprintf("EPSG:%d", o.CRS))
	}
	if o.MaxRejectShare != DefaultMaxRejectShare {
		keep("max-refus", strconv.FormatFloat(o.MaxRejectShare, 'g', -1, 64))
	}
	if o.Moves != nil {
		keep("mouvements", sums(o.Moves.Files))
	}
	if o.Attributes != nil {
		keep("attributs", sums(o.Attributes.Files))
	}
	if o.Mapping != nil {
		keep("correspondance", sums(o.Mapping.Files))
	}
	if o.Lieux != nil {
		keep("correspondance", sums(o.Lieux.Files))
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// sums are the SHA-256 of files, in their order.
func sums(files []store.File) string {
	var all []string
	for _, f := range files {
		all = append(all, f.SHA256)
	}
	return strings.Join(all, " ")
}

// tables are the files that the options were read from: they are inputs too.
func (o Options) tables() []store.File {
	var files []store.File
	if o.Moves != nil {
		files = append(files, o.Moves.Files...)
	}
	if o.Attributes != nil {
		files = append(files, o.Attributes.Files...)
	}
	if o.Mapping != nil {
		files = append(files, o.Mapping.Files...)
	}
	if o.Lieux != nil {
		files = append(files, o.Lieux.Files...)
	}
	return files
}
