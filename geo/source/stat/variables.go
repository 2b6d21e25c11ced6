// Package stat reads the variables that statistical offices publish of communes and other
// units, with the mapping that says which column is which.
package stat

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
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
// Several rows for one commune: values that are the same count once, those that differ are
// all rejected. Rows of IRIS, and of the arrondissements of Paris, Lyon and Marseille, are
// joined into communes when the people of each are known (see survey.join), by a column of
// that table or of another of the import; otherwise they are rejected. A row of the whole
// commune goes before its parts.
//
// Without a mapping, columns that describe the commune (nom, epci…), and columns
// without any number, are left out; the latter with a warning. With
// [source.Options.Mapping] the columns that it names are read, and the report says what
// they are; rows that are not whole communes are skipped, with a warning for each
// sort of them.
//
// Rejected: a row whose code is not a commune's; with [source.Options.Moves] a commune
// that was merged, whose values do not add up; a cell that is not a number, the rest of
// its row being kept.
func Variables(ctx context.Context, in []source.Input, o source.Options) (*source.Import[store.Variable], error) {
	return source.Open(ctx, store.Variables, in, o, sheet.Format, func(rec *source.Recorder, files []source.File, emit func(store.Variable) error) error {
		v := variableReader{rec: rec, o: o, emit: emit, survey: newSurvey()}
		return v.read(files)
	})
}

// variableReader reads the tables of one import: a first time to see which communes have
// several rows, or parts, and which columns are variables; again to gather the values of
// these communes, if there are any; and to hand over.
type variableReader struct {
	rec    *source.Recorder
	o      source.Options
	emit   func(store.Variable) error
	header []string // when it is in a file of its own
	survey *survey
}

func (v *variableReader) read(files []source.File) error {
	if m := v.o.Mapping; m != nil {
		v.rec.Variables = slices.SortedFunc(maps.Values(m.Columns), func(a, b source.Column) int { return cmp.Compare(a.Variable, b.Variable) })
		if m.Header == separateHeader {
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
	return nil
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
	names := slices.Concat(source.CommuneCodeNames, variableNames, valueNames)
	if m := v.o.Mapping; m != nil {
		names = slices.AppendSeq(names, maps.Keys(m.Columns))
		if m.Code.Name != "" {
			names = append(names, source.ColumnName(m.Code.Name))
		}
	}
	return names
}

// open opens a table of any format.
func (v *variableReader) open(f source.File) (*sheet.Table, error) {
	if source.IsZip(f.Head) {
		return sheet.OpenSheet(f, v.o.Layer, func(fields []string) bool { return v.codeColumn(fields) >= 0 })
	}
	return sheet.OpenAs(f, v.known(), nil, v.header)
}

// codeColumn is the column of the codes of communes, or of IRIS; negative when there is none.
func (v *variableReader) codeColumn(header []string) int {
	names := slices.Concat(irisNames, source.CommuneCodeNames)
	if m := v.o.Mapping; m != nil && m.Code.Name != "" {
		names = []string{foldBlanks(m.Code.Name)}
	}
	for _, name := range names {
		if i := slices.IndexFunc(header, func(h string) bool { return foldBlanks(h) == name }); i >= 0 {
			return i
		}
	}
	return -1
}

// rowFilter counts the rows that a mapping leaves out, by what they are.
type rowFilter struct {
	column int // negative: every row is kept
	name   string
	keep   []string
	left   map[string]int
	first  map[string]int // line of the first of them
}

func (v *variableReader) newFilter(t *sheet.Table) (*rowFilter, error) {
	f := &rowFilter{column: -1, left: map[string]int{}, first: map[string]int{}}
	if m := v.o.Mapping; m != nil && m.Rows != nil {
		f.column = slices.IndexFunc(t.Header, func(h string) bool { return foldBlanks(h) == foldBlanks(m.Rows.Column) })
		if f.column < 0 {
			return nil, t.Lacks(m.Rows.Column)
		}
		f.name, f.keep = t.Header[f.column], m.Rows.Keep
	}
	return f, nil
}

func (f *rowFilter) keeps(r sheet.Row) bool {
	return f.column < 0 || slices.Contains(f.keep, source.Clean(r.Fields[f.column]))
}

// leave counts a row that is left out.
func (f *rowFilter) leave(r sheet.Row) {
	value := source.Shorten(source.Clean(r.Fields[f.column]))
	if f.left[value] == 0 {
		if len(f.left) == source.MaxFaults {
			value = "…"
		}
		f.first[value] = r.Line
	}
	f.left[value]++
}

// tell warns of the rows that were left out.
func (f *rowFilter) tell(rec *source.Recorder, file string) {
	for _, value := range slices.Sorted(maps.Keys(f.left)) {
		rec.Warn(file, f.first[value], f.name, value, fmt.Sprintf("lignes laissées de côté, qui ne sont pas des communes entières : %d", f.left[value]))
	}
}
