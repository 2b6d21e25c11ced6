// Package stat reads the variables that statistical offices publish of communes and other
// units, with the mapping that says which column is which.
package stat

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
	"github.com/aisne-numerique/maillage/geo/source/stat/layout"
	"github.com/aisne-numerique/maillage/geo/store"
)

var (
	// Columns that describe the commune and are no variable, even when they hold
	// numbers.
	describing = slices.Concat(source.CommuneCodeNames, source.CommuneNames, source.SirenNames, irisNames,
		[]string{"commune", "departement", "region", "dep", "reg", "code_departement", "code_region", "code_postal", "cp", "libcom", "libiris", "typ_iris", "modif_iris", "lab_iris", "grd_quart", "triris", "uu2010", "uu2020"})

	// The columns of a long file beside the code: one row per value.
	variableNames = []string{"variable", "indicateur"}
	valueNames    = []string{"valeur", "value"}
)

// Variables reads tables of communes, as CSV or as a workbook (XLSX):
//
//	wide  a column code (COG), then one column per variable, named by its header in
//	      lower case
//	long  columns code, variable and valeur: one row per value
//
// It gives one [store.Variable] per value, row by row, in the order of the columns.
// Numbers are read as French tables write them, "12,5 %" too. Empty cells, and what
// statistical offices write for a value that they do not give ("s", "nd", "ns", "-"…),
// are unknown and give nothing; how many of each is said. In a workbook the sheet is
// [source.Options.Layer], or the first one with a header; the header is the first row, of
// the first twenty, that names a column of codes. Codes without their zero get it back.
//
// Several rows for one place: values that are the same count once, those that differ are
// all rejected. The level of a row is told by its code, or by the column of the code: commune,
// IRIS, EPCI (a SIREN) or département. Of IRIS whose people are known (by a column of that
// table or of another of the import) the commune is made (see survey.join); those without are
// values of IRIS. Arrondissements of Paris, Lyon and Marseille, and with
// [source.Options.Moves] communes that merged, are joined into the commune of today: counts
// are added, shares of counts are computed again from their sums, others are a mean by
// people, and without people rejected. A row of the whole commune goes before its parts.
//
// A table of a published layout (package layout) is read by it: its variables have our names,
// each keeps the level of its row, and the manifest says what the layout knows of source,
// licence and vintage. Without a mapping, columns that describe the commune (nom, epci…), and
// columns without any number, are left out; the latter with a warning. With
// [source.Options.Mapping] the variables that it makes are read, and the report says what
// they are; rows that it leaves out are skipped, with a warning for each sort of them.
//
// A long table that is read by a mapping or a layout is held in memory, for the values that
// these name: at most 5 million.
//
// Rejected: a row whose code is not one; a cell that is not a number, or a number that its
// unit does not allow (a share beyond 0 to 100 %, a negative count), the rest of its row being
// kept.
func Variables(ctx context.Context, in []source.Input, o source.Options) (*source.Import[store.Variable], error) {
	v := &variableReader{ctx: ctx, o: o, survey: newSurvey(o.Moves), levels: map[store.Level]int{}, names: map[string]bool{}}
	imp, err := source.Open(ctx, store.Variables, in, o, v.look, v.read)
	if err != nil {
		return nil, err
	}
	v.fill(&imp.Manifest)
	imp.Report.Manifest = imp.Manifest
	return imp, nil
}

// variableReader reads the tables of one import: a first time to see which communes have
// several rows, or parts, and which columns are variables; again to gather the values of
// these communes, if there are any; and to hand over.
type variableReader struct {
	ctx    context.Context
	rec    *source.Recorder
	o      source.Options
	emit   func(store.Variable) error
	header []string // when it is in a file of its own
	survey *survey
	shape  map[string]*shape // by the sum of the file
	fault  error             // of the shapes
	moved  string
	files  []source.File
	levels map[store.Level]int // values handed over
	names  map[string]bool     // variables handed over
}

// look finds the shapes of files, and names their format.
func (v *variableReader) look(files []source.File) string {
	v.files = files
	v.shape, v.fault = v.shapes(files)
	if v.fault == nil && v.o.Moves != nil {
		v.moved, v.fault = v.later(files)
	}
	format := sheet.Format(files)
	if s := v.one(); s != nil && s.layout != "" {
		format += ", présentation " + s.layout
	}
	return format
}

// one is the shape that all files share.
func (v *variableReader) one() *shape {
	if len(v.files) == 0 {
		return nil
	}
	return v.shape[v.files[0].SHA256]
}

// fill completes a manifest with what the layout of the files tells.
func (v *variableReader) fill(m *store.Manifest) {
	keep := func(name, value string) {
		if value == "" {
			return
		}
		if m.Options == nil {
			m.Options = map[string]string{}
		}
		m.Options[name] = value
	}
	keep(store.LaterMoves, v.moved)
	s := v.one()
	if s == nil || s.mapping == nil || v.fault != nil {
		return
	}
	m.Source, m.Licence = cmp.Or(m.Source, s.mapping.Source), cmp.Or(m.Licence, s.mapping.Licence)
	m.Vintage = cmp.Or(m.Vintage, s.mapping.Vintage, s.vintage())
	keep("presentation", s.layout)
}

func (v *variableReader) read(rec *source.Recorder, files []source.File, emit func(store.Variable) error) error {
	v.rec = rec
	v.emit = func(row store.Variable) error {
		v.levels[row.Level]++
		v.names[row.Name] = true
		return emit(row)
	}
	if v.fault != nil {
		return v.fault
	}
	if s := v.one(); s.mapping != nil {
		for _, c := range s.mapping.All() {
			if _, simple := s.mapping.Columns[layout.Fold(columnName(c.Formula))]; simple {
				c.Formula = nil
			}
			v.rec.Variables = append(v.rec.Variables, c)
		}
		slices.SortFunc(v.rec.Variables, func(a, b source.Column) int { return cmp.Compare(a.Variable, b.Variable) })
		if s.mapping.Header == layout.SeparateHeader {
			var err error
			if files, err = v.takeHeader(files); err != nil {
				return err
			}
		}
	}
	plans := make([]*plan, len(files))
	for i, f := range files {
		p, err := v.first(f)
		if err != nil {
			return err
		}
		plans[i] = p
	}
	v.survey.close()
	if v.survey.scattered() {
		for _, p := range plans {
			if err := v.each(p, nil, v.survey.gather); err != nil {
				return err
			}
		}
	}
	for _, p := range plans {
		if err := v.handOver(p); err != nil {
			return err
		}
	}
	v.survey.tellJoined(v.rec, files[0].Name)
	v.tellUse(files[0].Name)
	return nil
}

// columnName is the column that a formula is; "" when it is another.
func columnName(f *source.Formula) string {
	if f.Where != nil || f.Values != nil || f.Factor != nil {
		return ""
	}
	return f.Column
}

// takeHeader finds the file that is a header alone, and gives the others.
func (v *variableReader) takeHeader(files []source.File) (data []source.File, err error) {
	for _, f := range files {
		if f.Bytes > int64(len(f.Head)) || bytes.Contains(bytes.TrimRight(f.Head, "\r\n"), []byte{'\n'}) {
			data = append(data, f)
			continue
		}
		if v.header != nil {
			return nil, source.FailAt(f.Name, 0, "second fichier d'une seule ligne ; attendu un seul fichier d'en-tête")
		}
		t, err := sheet.OpenAs(f, v.known(), nil, nil)
		if err != nil {
			return nil, err
		}
		v.header = t.Header
		t.Close()
	}
	if v.header == nil || data == nil {
		return nil, source.FailAt(files[0].Name, 0, "l'en-tête est dans un fichier à part (« entete » de la correspondance) ; attendu le fichier d'en-tête et le fichier de données")
	}
	return data, nil
}

// known lists names that tell a header from something else.
func (v *variableReader) known() []string {
	names := slices.Concat(source.CommuneCodeNames, irisNames, variableNames, valueNames, layout.HeaderNames())
	if m := v.o.Mapping; m != nil {
		names = slices.AppendSeq(names, maps.Keys(m.Columns))
		for _, c := range m.Variables {
			c.Formula.Walk(func(f *source.Formula) { names = append(names, source.ColumnName(f.Column)) })
		}
		if m.Code.Name != "" {
			names = append(names, source.ColumnName(m.Code.Name))
		}
	}
	return names
}

// communesSheet is the sheet of communes in a workbook that has one for each level.
const communesSheet = "COM"

// open opens a table of any format.
func (v *variableReader) open(f source.File) (*sheet.Table, error) {
	m := v.o.Mapping
	switch {
	case source.IsZip(f.Head):
		is := func(fields []string) bool {
			if m != nil && m.Code.Name != "" {
				return columnOf(fields, layout.Fold(m.Code.Name)) >= 0
			}
			at, _ := v.codeColumn(fields)
			return at >= 0
		}
		if v.o.Layer == "" { // workbooks of INSEE have a sheet for each level
			if t, err := sheet.OpenSheet(f, communesSheet, is); err == nil {
				return t, nil
			}
		}
		return sheet.OpenSheet(f, v.o.Layer, is)
	case m != nil && m.HeaderLine > 0:
		return sheet.OpenAt(f, m.HeaderLine)
	}
	return sheet.OpenAs(f, v.known(), nil, v.header)
}

// Columns of codes, beside those of communes and IRIS, and their level.
var (
	epciNames        = slices.Concat(source.SirenNames, []string{"siren epci"})
	departementNames = []string{"dep", "code_dep", "departement", "code_departement"}
	geoNames         = []string{"geo", "code commune"}
)

// codeColumn is the column of the codes of a table, and the level that its name tells; "" when
// the codes tell it. It is negative when there is none.
func (v *variableReader) codeColumn(header []string) (at int, level store.Level) {
	for _, of := range []struct {
		names []string
		level store.Level
	}{{irisNames, store.LevelIRIS}, {source.CommuneCodeNames, ""}, {geoNames, ""}, {epciNames, store.LevelEPCI}, {departementNames, store.LevelDepartement}} {
		for _, name := range of.names {
			if i := slices.IndexFunc(header, func(h string) bool { return layout.Fold(h) == name }); i >= 0 {
				return i, of.level
			}
		}
	}
	return -1, ""
}
