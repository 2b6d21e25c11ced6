package source

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/store"
)

var (
	// Columns that describe the commune and are no variable, even when they hold
	// numbers.
	describing = slices.Concat(communeCodeNames, communeNames, sirenNames, []string{"commune", "departement", "region"})

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
// the sheet is [Options.Layer], or the first one with a header; the header is
// the first row, of the first twenty, that names a column of codes.
//
// Without a mapping, columns that describe the commune (nom, epci…), and columns
// without any number, are left out; the latter with a warning. With
// [Options.Mapping] the columns that it names are read, and the report says what
// they are; rows that are not whole communes are skipped, with a warning for each
// sort of them.
//
// Rejected: a row whose code is not a commune's or was already seen; with
// [Options.Moves] a commune that was merged, whose values do not add up; a cell that
// is not a number, the rest of its row being kept.
func Variables(in []Input, o Options) (*Import[store.Variable], error) {
	return open(store.Variables, in, o, variablesFormat, func(rec *recorder, files []file, emit func(store.Variable) error) error {
		v := variableReader{rec: rec, o: o, emit: emit, rows: map[string]address{}, values: map[[2]string]address{}}
		return v.read(files)
	})
}

func variablesFormat(files []file) string {
	var names []string
	for _, f := range files {
		if isZip(f.head) {
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
	rec    *recorder
	o      Options
	emit   func(store.Variable) error
	rows   map[string]address    // communes of wide tables
	values map[[2]string]address // communes and variables of long ones
	header []string              // when it is in a file of its own
}

func (v *variableReader) read(files []file) error {
	if m := v.o.Mapping; m != nil {
		v.rec.Variables = slices.SortedFunc(maps.Values(m.Columns), func(a, b Column) int { return cmp.Compare(a.Variable, b.Variable) })
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
		t.close()
		if err != nil {
			return err
		}
	}
	return nil
}

// takeHeader finds the file that is a header alone, and gives the others.
func (v *variableReader) takeHeader(files []file) (data []file, err error) {
	for _, f := range files {
		if f.Bytes > int64(len(f.head)) || bytes.Contains(bytes.TrimRight(f.head, "\r\n"), []byte{'\n'}) {
			data = append(data, f)
			continue
		}
		if v.header != nil {
			return nil, failAt(f.Name, 0, "second fichier d'une seule ligne ; attendu un seul fichier d'en-tête")
		}
		t, err := openTableAs(f, v.known(), nil, nil)
		if err != nil {
			return nil, err
		}
		v.header = t.header
		t.close()
	}
	if v.header == nil || data == nil {
		return nil, failAt(files[0].Name, 0, "l'en-tête est dans un fichier à part (« entete » de la correspondance) ; attendu le fichier d'en-tête et le fichier de données")
	}
	return data, nil
}

// known lists names that tell a header from something else.
func (v *variableReader) known() []string {
	names := slices.Concat(communeCodeNames, variableNames, valueNames)
	if m := v.o.Mapping; m != nil {
		names = slices.AppendSeq(names, maps.Keys(m.Columns))
		if m.Code.Name != "" {
			names = append(names, columnName(m.Code.Name))
		}
	}
	return names
}

// open opens a table of any format.
func (v *variableReader) open(f file) (*table, error) {
	if isZip(f.head) {
		return openSheet(f, v.o.Layer, func(fields []string) bool { return v.codeColumn(fields) >= 0 })
	}
	return openTableAs(f, v.known(), nil, v.header)
}

// codeColumn is the column of the codes of communes; negative when there is none.
func (v *variableReader) codeColumn(header []string) int {
	names := communeCodeNames
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

// column is the first of the named columns; negative when there is none.
func (t *table) column(names []string) int {
	for _, name := range names {
		if i, ok := t.columns[name]; ok {
			return i
		}
	}
	return -1
}

func (v *variableReader) readTable(f file, t *table) error {
	code := v.codeColumn(t.header)
	if code < 0 {
		name := communeCodeNames[0]
		if m := v.o.Mapping; m != nil && m.Code.Name != "" {
			name = m.Code.Name
		}
		return t.lacks(name)
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
	err = eachRowIn(v.rec, t, func(r row) error {
		v.rec.Read-- // values are counted, not rows
		if !filter.keeps(r) {
			v.rec.Read++
			v.rec.Skipped++
			return nil
		}
		commune, text, why := v.commune(r.fields[code])
		if why != "" {
			v.rec.Read++
			v.rec.reject(f.Name, r.line, t.header[code], text, why)
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
	text = clean(field)
	code = strings.ToUpper(text)
	if m := v.o.Mapping; m != nil && m.Code.Zeros && len(code) < 5 && code != "" {
		code = strings.Repeat("0", 5-len(code)) + code
	}
	if len(code) == 9 && cogCode.MatchString(code[:5]) && strings.Trim(code[5:], "0123456789") == "" {
		return code, text, "ligne d'un IRIS ; attendu une ligne par commune entière"
	}
	if why := codeFault(code); why != "" {
		return code, text, why
	}
	if now, moved := v.o.Moves.Current(code); moved {
		return code, text, "ancienne commune, réunie à " + now + " : ses valeurs ne s'ajoutent pas ; attendu la commune actuelle"
	}
	return code, text, ""
}

// long is how rows of one value are read; nil when the table is not of them.
func (v *variableReader) long(t *table) func(commune string, r row) error {
	name, value := t.column(variableNames), t.column(valueNames)
	if name < 0 || value < 0 {
		return nil
	}
	return func(commune string, r row) error {
		reject := func(column int, text, reason string) error {
			v.rec.Read++
			v.rec.reject(t.name, r.line, t.header[column], text, reason)
			return nil
		}
		variable, unknown := columnName(r.fields[name]), []string(nil)
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
		v.values[key] = address{t.name, r.line}
		return v.cell(r, value, commune, variable, unknown)
	}
}

// wide is how rows of one commune are read.
func (v *variableReader) wide(f file, t *table) (func(commune string, r row) error, error) {
	type variable struct {
		at      int
		name    string
		unknown []string
	}
	var columns []variable
	if m := v.o.Mapping; m != nil {
		var missing []string
		for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
			at := slices.IndexFunc(t.header, func(h string) bool { return foldBlanks(h) == name })
			if at < 0 {
				missing = append(missing, name)
			}
			columns = append(columns, variable{at, m.Columns[name].Variable, m.Columns[name].Unknown})
		}
		if missing != nil {
			return nil, t.lacks(missing...)
		}
		slices.SortFunc(columns, func(a, b variable) int { return cmp.Compare(a.at, b.at) })
	} else {
		skip, err := v.columnsWithoutNumbers(f)
		if err != nil {
			return nil, err
		}
		for i, name := range t.header {
			if !skip[i] {
				columns = append(columns, variable{i, name, nil})
			}
		}
	}
	return func(commune string, r row) error {
		if first, dup := v.rows[commune]; dup {
			v.rec.Read++
			v.rec.reject(t.name, r.line, "code", commune, "commune déjà présente à "+first.String())
			return nil
		}
		v.rows[commune] = address{t.name, r.line}
		for _, c := range columns {
			if err := v.cell(r, c.at, commune, c.name, c.unknown); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// cell reads one value.
func (v *variableReader) cell(r row, at int, commune, name string, unknown []string) error {
	text := clean(r.fields[at])
	if slices.Contains(notGiven, strings.ToLower(text)) || slices.Contains(unknown, text) {
		return nil
	}
	v.rec.Read++
	value, ok := parseNumber(text)
	if !ok {
		v.rec.reject(r.t.name, r.line, r.t.header[at], text, "nombre non compris ; attendu un nombre, ou une cellule vide si la valeur est inconnue")
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

func (v *variableReader) newFilter(t *table) (*rowFilter, error) {
	f := &rowFilter{column: -1, left: map[string]int{}, first: map[string]int{}}
	if m := v.o.Mapping; m != nil && m.Rows != nil {
		f.column = slices.IndexFunc(t.header, func(h string) bool { return foldBlanks(h) == foldBlanks(m.Rows.Column) })
		if f.column < 0 {
			return nil, t.lacks(m.Rows.Column)
		}
		f.name, f.keep = t.header[f.column], m.Rows.Keep
	}
	return f, nil
}

func (f *rowFilter) keeps(r row) bool {
	if f.column < 0 {
		return true
	}
	value := clean(r.fields[f.column])
	if slices.Contains(f.keep, value) {
		return true
	}
	value = newFault("", 0, "", value, "").Value
	if f.left[value] == 0 {
		if len(f.left) == maxFaults {
			value = "…"
		}
		f.first[value] = r.line
	}
	f.left[value]++
	return false
}

// tell warns of the rows that were left out.
func (f *rowFilter) tell(rec *recorder, file string) {
	for _, value := range slices.Sorted(maps.Keys(f.left)) {
		rec.warn(file, f.first[value], f.name, value, fmt.Sprintf("lignes laissées de côté, qui ne sont pas des communes entières : %d", f.left[value]))
	}
}

// columnsWithoutNumbers makes a pass over a file to tell, by position, the
// columns that are no variable.
func (v *variableReader) columnsWithoutNumbers(f file) ([]bool, error) {
	t, err := v.open(f)
	if err != nil {
		return nil, err
	}
	defer t.close()
	skip := make([]bool, len(t.header))
	numbers, texts := make([]int, len(t.header)), make([]string, len(t.header))
	err = t.each(func(r row) error {
		for i := range t.header {
			text := clean(r.fields[i])
			if _, ok := parseNumber(text); ok {
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
	for i, name := range t.header {
		switch {
		case slices.Contains(describing, name):
			skip[i] = true
		case name == "":
			skip[i] = true
			if numbers[i] > 0 || texts[i] != "" {
				v.rec.warn(f.Name, t.headerLine, "", "", "colonne sans nom, laissée de côté ; attendu un nom de variable dans l'en-tête")
			}
		case numbers[i] == 0 && texts[i] != "":
			skip[i] = true
			v.rec.warn(f.Name, t.headerLine, name, texts[i], "colonne sans aucun nombre, laissée de côté")
		}
	}
	return skip, nil
}
