package stat

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
	"github.com/aisne-numerique/maillage/geo/store"
)

var (
	// Columns that describe the commune and are no variable, even when they hold
	// numbers.
	describing = slices.Concat(source.CommuneCodeNames, source.CommuneNames, source.SirenNames, []string{"commune", "departement", "region"})

	// What statistical offices write for a value they do not give: statistical
	// secret, not available, not determined, not significant. Compared in lower case.
	notGiven = []string{"", "s", "n/a", "#n/a", "nd", "n.d.", "ns"}

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
// Empty cells, "s", "N/A", "nd" and "ns" are unknown and give nothing. In a workbook
// the sheet is [source.Options.Layer], or the first one with a header; the header is
// the first row, of the first twenty, that names a column of codes.
//
// Without a mapping, columns that describe the commune (nom, epci…), and columns
// without any number, are left out; the latter with a warning. With
// [source.Options.Mapping] the columns that it names are read, and the report says what
// they are; rows that are not whole communes are skipped, with a warning for each
// sort of them.
//
// Rejected: a row whose code is not a commune's or was already seen; with
// [source.Options.Moves] a commune that was merged, whose values do not add up; a cell that
// is not a number, the rest of its row being kept.
func Variables(ctx context.Context, in []source.Input, o source.Options) (*source.Import[store.Variable], error) {
	return source.Open(ctx, store.Variables, in, o, variablesFormat, func(rec *source.Recorder, files []source.File, emit func(store.Variable) error) error {
		v := variableReader{rec: rec, o: o, emit: emit, rows: map[string]source.Address{}, values: map[[2]string]source.Address{}}
		return v.read(files)
	})
}

func variablesFormat(files []source.File) string {
	var names []string
	for _, f := range files {
		if source.IsZip(f.Head) {
			names = append(names, "XLSX")
		} else {
			names = append(names, "CSV")
		}
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

// variableReader reads the tables of one import.
type variableReader struct {
	rec    *source.Recorder
	o      source.Options
	emit   func(store.Variable) error
	rows   map[string]source.Address    // communes of wide tables
	values map[[2]string]source.Address // communes and variables of long ones
	header []string                     // when it is in a file of its own
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
	for _, f := range files {
		t, err := v.open(f)
		if err != nil {
			return err
		}
		err = v.readTable(f, t)
		t.Close()
		if err != nil {
			return err
		}
	}
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

// codeColumn is the column of the codes of communes; negative when there is none.
func (v *variableReader) codeColumn(header []string) int {
	names := source.CommuneCodeNames
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

func (v *variableReader) readTable(f source.File, t *sheet.Table) error {
	code := v.codeColumn(t.Header)
	if code < 0 {
		name := source.CommuneCodeNames[0]
		if m := v.o.Mapping; m != nil && m.Code.Name != "" {
			name = m.Code.Name
		}
		return t.Lacks(name)
	}
	filter, err := v.newFilter(t)
	if err != nil {
		return err
	}
	read := v.long(t)
	if read == nil {
		if read, err = v.wide(f, t); err != nil {
			return err
		}
	}
	err = sheet.EachRowIn(v.rec, t, func(r sheet.Row) error {
		v.rec.Read-- // values are counted, not rows
		if !filter.keeps(r) {
			v.rec.Read++
			v.rec.Skipped++
			return nil
		}
		commune, text, why := v.commune(r.Fields[code])
		if why != "" {
			v.rec.Read++
			v.rec.Reject(f.Name, r.Line, t.Header[code], text, why)
			return nil
		}
		return read(commune, r)
	})
	if err != nil {
		return err
	}
	filter.tell(v.rec, f.Name)
	return nil
}

// commune reads a code; why says what is wrong with it, "" when nothing is.
func (v *variableReader) commune(field string) (code, text, why string) {
	text = source.Clean(field)
	code = strings.ToUpper(text)
	if m := v.o.Mapping; m != nil && m.Code.Zeros && len(code) < 5 && code != "" {
		code = strings.Repeat("0", 5-len(code)) + code
	}
	if len(code) == 9 && source.CodeFault(code[:5]) == "" && strings.Trim(code[5:], "0123456789") == "" {
		return code, text, "ligne d'un IRIS ; attendu une ligne par commune entière"
	}
	if why := source.CodeFault(code); why != "" {
		return code, text, why
	}
	if now, moved := v.o.Moves.Current(code); moved {
		return code, text, "ancienne commune, réunie à " + now + " : ses valeurs ne s'ajoutent pas ; attendu la commune actuelle"
	}
	return code, text, ""
}

// long is how rows of one value are read; nil when the table is not of them.
func (v *variableReader) long(t *sheet.Table) func(commune string, r sheet.Row) error {
	name, value := t.Column(variableNames), t.Column(valueNames)
	if name < 0 || value < 0 {
		return nil
	}
	return func(commune string, r sheet.Row) error {
		reject := func(column int, text, reason string) error {
			v.rec.Read++
			v.rec.Reject(t.Name, r.Line, t.Header[column], text, reason)
			return nil
		}
		variable, unknown := source.ColumnName(r.Fields[name]), []string(nil)
		if m := v.o.Mapping; m != nil {
			c, ok := m.Columns[foldBlanks(variable)]
			if !ok {
				return nil
			}
			variable, unknown = c.Variable, c.Unknown
		}
		if variable == "" {
			return reject(name, "", "nom de variable absent ; attendu un texte")
		}
		key := [2]string{commune, variable}
		if first, dup := v.values[key]; dup {
			return reject(name, variable, "valeur de "+commune+" déjà présente à "+first.String())
		}
		v.values[key] = source.Address{File: t.Name, Row: r.Line}
		return v.cell(r, value, commune, variable, unknown)
	}
}

// wide is how rows of one commune are read.
func (v *variableReader) wide(f source.File, t *sheet.Table) (func(commune string, r sheet.Row) error, error) {
	type variable struct {
		at      int
		name    string
		unknown []string
	}
	var columns []variable
	if m := v.o.Mapping; m != nil {
		var missing []string
		for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
			at := slices.IndexFunc(t.Header, func(h string) bool { return foldBlanks(h) == name })
			if at < 0 {
				missing = append(missing, name)
			}
			columns = append(columns, variable{at, m.Columns[name].Variable, m.Columns[name].Unknown})
		}
		if missing != nil {
			return nil, t.Lacks(missing...)
		}
		slices.SortFunc(columns, func(a, b variable) int { return cmp.Compare(a.at, b.at) })
	} else {
		skip, err := v.columnsWithoutNumbers(f)
		if err != nil {
			return nil, err
		}
		for i, name := range t.Header {
			if !skip[i] {
				columns = append(columns, variable{i, name, nil})
			}
		}
	}
	return func(commune string, r sheet.Row) error {
		if first, dup := v.rows[commune]; dup {
			v.rec.Read++
			v.rec.Reject(t.Name, r.Line, "code", commune, "commune déjà présente à "+first.String())
			return nil
		}
		v.rows[commune] = source.Address{File: t.Name, Row: r.Line}
		for _, c := range columns {
			if err := v.cell(r, c.at, commune, c.name, c.unknown); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// cell reads one value.
func (v *variableReader) cell(r sheet.Row, at int, commune, name string, unknown []string) error {
	text := source.Clean(r.Fields[at])
	if slices.Contains(notGiven, strings.ToLower(text)) || slices.Contains(unknown, text) {
		return nil
	}
	v.rec.Read++
	value, ok := source.ParseNumber(text)
	if !ok {
		v.rec.Reject(r.Table.Name, r.Line, r.Table.Header[at], text, "nombre non compris ; attendu un nombre, ou une cellule vide si la valeur est inconnue")
		return nil
	}
	return v.emit(store.Variable{Commune: commune, Name: name, Value: value})
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
	if f.column < 0 {
		return true
	}
	value := source.Clean(r.Fields[f.column])
	if slices.Contains(f.keep, value) {
		return true
	}
	value = source.Shorten(value)
	if f.left[value] == 0 {
		if len(f.left) == source.MaxFaults {
			value = "…"
		}
		f.first[value] = r.Line
	}
	f.left[value]++
	return false
}

// tell warns of the rows that were left out.
func (f *rowFilter) tell(rec *source.Recorder, file string) {
	for _, value := range slices.Sorted(maps.Keys(f.left)) {
		rec.Warn(file, f.first[value], f.name, value, fmt.Sprintf("lignes laissées de côté, qui ne sont pas des communes entières : %d", f.left[value]))
	}
}

// columnsWithoutNumbers makes a pass over a file to tell, by position, the
// columns that are no variable.
func (v *variableReader) columnsWithoutNumbers(f source.File) ([]bool, error) {
	t, err := v.open(f)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	skip := make([]bool, len(t.Header))
	numbers, texts := make([]int, len(t.Header)), make([]string, len(t.Header))
	err = t.Each(func(r sheet.Row) error {
		for i := range t.Header {
			text := source.Clean(r.Fields[i])
			if _, ok := source.ParseNumber(text); ok {
				numbers[i]++
			} else if texts[i] == "" && !slices.Contains(notGiven, strings.ToLower(text)) {
				texts[i] = text
			}
		}
		return nil
	}, nil)
	if err != nil {
		return nil, err
	}
	for i, name := range t.Header {
		switch {
		case slices.Contains(describing, name):
			skip[i] = true
		case name == "":
			skip[i] = true
			if numbers[i] > 0 || texts[i] != "" {
				v.rec.Warn(f.Name, t.HeaderLine, "", "", "colonne sans nom, laissée de côté ; attendu un nom de variable dans l'en-tête")
			}
		case numbers[i] == 0 && texts[i] != "":
			skip[i] = true
			v.rec.Warn(f.Name, t.HeaderLine, name, texts[i], "colonne sans aucun nombre, laissée de côté")
		}
	}
	return skip, nil
}
