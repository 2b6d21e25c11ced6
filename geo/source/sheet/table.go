// Package sheet reads tables: CSV in the dialects that French publishers write, and
// sheets of workbooks (XLSX). A table is read row by row, each with its line.
package sheet

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
)

// First is the value of the first of the named columns that the table has, and the
// name of that column, "" when it has none.
func (r Row) First(names []string) (value, column string) {
	for _, name := range names {
		if _, ok := r.Table.columns[name]; ok {
			return r.Get(name), name
		}
	}
	return "", ""
}

// Table is a table being read: a header line, below titles perhaps, then records. A CSV
// file tells its dialect: comma, semicolon, tab or bar, or what a first line "sep=;" says;
// any encoding of [source.File.OpenText]; LF, CRLF or CR; quotes as in RFC 4180, around a
// field as a whole. A workbook has the texts that its cells show: a code of the format
// 00000 with its zeros, a date as 2024-01-31, a share as "12.5 %", true and false.
type Table struct {
	Name    string
	columns map[string]int
	Header  []string
	file    source.File

	HeaderLine int

	content content
	records recordSource
}

// content is what a table is read from: verify tells, at the end, whether it is
// still what was hashed.
type content interface {
	Verify() error
	Close() error
}

// recordSource gives the records of a table, one at a time. next returns its
// fields, valid until the next call, and the line where it starts, from 1; fault
// says why a record cannot be used, err why there are no more.
type recordSource interface {
	next() (fields []string, line int, fault string, ok bool)
	err() error
	hint() string // what may explain that the last record has too many fields
}

// Open opens a CSV file, or the first sheet of a workbook, whose header has every one of
// the required columns.
func Open(f source.File, required ...string) (*Table, error) {
	return OpenAs(f, required, required, nil)
}

// OpenAs opens a table that shows some of the known columns and all of the required
// ones. With a header the file itself has none.
func OpenAs(f source.File, known, required, header []string) (*Table, error) {
	if source.IsZip(f.Head) {
		return openBook(f, known, required, header)
	}
	return openText(f, known, required, header, 0)
}

// OpenAt opens a CSV file whose header is at a line, from 1.
func OpenAt(f source.File, line int) (*Table, error) { return openText(f, nil, nil, nil, line) }

// openText opens a CSV file; its header is at a line, when that is not 0.
func openText(f source.File, known, required, header []string, at int) (*Table, error) {
	if what := source.Foreign(f.Head); what != "" {
		return nil, source.FailAt(f.Name, 0, "c'est %s ; %s", what, wanted)
	}
	if source.IsJSON(f.HeadText()) {
		return nil, source.FailAt(f.Name, 0, "c'est du JSON ; %s", wanted)
	}
	if fault := f.TextFault(); fault != "" {
		return nil, source.FailAt(f.Name, 0, "%s", fault)
	}
	text, err := f.OpenText()
	if err != nil {
		return nil, err
	}
	head := f.HeadText()
	comma, told := saidComma(head)
	if !told {
		comma = detectComma(head, known)
	}
	t := &Table{Name: f.Name, file: f, content: text}
	records := newRecords(text, comma)
	t.records = records
	skip := 0
	if told {
		skip = 1
	}
	if header == nil && at == 0 {
		skip = headerAt(head, comma, known, required)
	}
	for range skip {
		records.next()
	}
	switch {
	case header != nil:
		err = t.nameColumns(header, 0)
	case at > 0:
		err = t.headerAtLine(at)
	default:
		err = t.readHeader(required)
	}
	if err != nil {
		text.Close()
		return nil, err
	}
	return t, nil
}

const wanted = "attendu un fichier CSV (texte, une ligne par enregistrement) ou un classeur XLSX"

// HeaderOf is the header of a table, told to be one by the known columns; nil when the
// file is no table.
func HeaderOf(f source.File, known []string) []string {
	if source.IsZip(f.Head) {
		t, err := openBook(f, known, nil, nil)
		if err != nil {
			return nil
		}
		defer t.Close()
		return t.Header
	}
	head := f.HeadText()
	comma, told := saidComma(head)
	if !told {
		comma = detectComma(head, known)
	}
	at := headerAt(head, comma, known, nil)
	var header []string
	eachOf(head, comma, at+1, func(i int, fields []string) bool {
		header = fields
		return true
	})
	return header
}

// Format names the formats of tables, for the manifest.
func Format(files []source.File) string {
	var names []string
	for _, f := range files {
		name := "CSV"
		if source.IsZip(f.Head) {
			name = "XLSX"
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

var separators = []byte{',', ';', '\t', '|'}

// saidComma reads the first line that Excel writes, and wants, in some countries: "sep=;".
func saidComma(head []byte) (comma byte, told bool) {
	line, _, _ := bytes.Cut(head, []byte{'\n'})
	line = bytes.Trim(line, "\r\"")
	if len(line) >= 5 && bytes.EqualFold(line[:4], []byte("sep=")) && bytes.IndexByte(separators, line[4]) >= 0 {
		return line[4], true
	}
	return 0, false
}

// eachOf gives the first records of a text that have something, with their rank among all
// that are not blank lines.
func eachOf(head []byte, comma byte, most int, use func(i int, fields []string) bool) {
	for i := 0; i < most; {
		fields, n, fault := scanRecord(head, comma, true, nil)
		switch {
		case n == 0 && fault == "", len(head) == 0:
			return
		case fault != "":
			n = bytes.IndexByte(head, '\n') + 1
			if n == 0 {
				return
			}
		}
		if blank := len(bytes.TrimSpace(head[:n])) == 0; !blank {
			if !use(i, fields) {
				return
			}
			i++
		}
		head = head[n:]
	}
}

// found is how many of some columns a line has.
func found(fields, columns []string) int {
	have := make(map[string]bool, len(fields))
	for _, f := range fields {
		have[source.ColumnName(f)] = true
	}
	n := 0
	for _, name := range columns {
		if have[name] {
			n++
		}
	}
	return n
}

// isHeader tells the line of a header from titles above it, by the columns that it must
// have, or else by any that is known.
func isHeader(known, required []string) func([]string) bool {
	return func(fields []string) bool {
		if len(required) > 0 {
			return found(fields, required) == len(required)
		}
		return len(known) > 0 && found(fields, known) > 0
	}
}

// headerAt is how many records stand above the header: titles, and the line that says
// the separator.
func headerAt(head []byte, comma byte, known, required []string) int {
	at, is, told := -1, isHeader(known, required), 0
	if _, said := saidComma(head); said {
		told = 1
	}
	eachOf(head, comma, headerRows, func(i int, fields []string) bool {
		if i >= told && is(fields) {
			at = i
		}
		return at < 0
	})
	if at < 0 {
		return told
	}
	return at
}

// detectComma chooses the separator that shows most of the known columns in one of the
// first lines, and among equals the one that cuts the first line most often.
func detectComma(head []byte, known []string) byte {
	best, bestFound, bestFields := byte(','), -1, 0
	for _, comma := range separators {
		most, first := 0, 0
		eachOf(head, comma, headerRows, func(i int, fields []string) bool {
			if i == 0 {
				first = len(fields)
			}
			most = max(most, found(fields, known))
			return len(known) > 0
		})
		if most > bestFound || most == bestFound && first > bestFields {
			best, bestFound, bestFields = comma, most, first
		}
	}
	return best
}

func (t *Table) readHeader(required []string) error {
	fields, line, fault, ok := t.records.next()
	switch {
	case !ok && t.records.err() != nil:
		return source.FailAt(t.Name, 0, "lecture interrompue : %v", t.records.err())
	case !ok:
		return source.FailAt(t.Name, 1, "fichier vide ; attendu une ligne d'en-tête avec les colonnes %s", strings.Join(required, ", "))
	case fault != "":
		return source.FailAt(t.Name, line, "en-tête : %s", fault)
	}
	return t.setHeader(fields, line, required)
}

// headerAtLine takes the record of a line as the header.
func (t *Table) headerAtLine(at int) error {
	for {
		fields, line, fault, ok := t.records.next()
		switch {
		case !ok || line > at:
			return source.FailAt(t.Name, at, "aucune ligne d'en-tête à cet endroit ; attendu celle que dit la correspondance (« ligne_entete »)")
		case line == at && fault != "":
			return source.FailAt(t.Name, line, "en-tête : %s", fault)
		case line == at:
			return t.nameColumns(fields, line)
		}
	}
}

// setHeader names the columns and makes sure that those required are there.
func (t *Table) setHeader(fields []string, line int, required []string) error {
	if err := t.nameColumns(fields, line); err != nil {
		return err
	}
	var missing []string
	for _, name := range required {
		if _, ok := t.columns[name]; !ok {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		return t.Lacks(missing...)
	}
	return nil
}

// nameColumns sets the header, which is at a line of the file, 0 when it is
// elsewhere.
func (t *Table) nameColumns(fields []string, line int) error {
	t.HeaderLine = line
	t.columns = make(map[string]int, len(fields))
	t.Header = make([]string, len(fields))
	for i, f := range fields {
		name := source.ColumnName(f)
		t.Header[i] = name
		if _, twice := t.columns[name]; twice && name != "" {
			return source.FailAt(t.Name, line, "en-tête : colonne « %s » présente deux fois", name)
		}
		t.columns[name] = i
	}
	return nil
}

// Lacks ends the import for want of columns.
func (t *Table) Lacks(columns ...string) error {
	word := "colonne absente"
	if len(columns) > 1 {
		word = "colonnes absentes"
	}
	seen := source.Shorten(strings.Join(t.Header, ", "))
	return source.FailAt(t.Name, t.HeaderLine, "en-tête : %s : %s ; colonnes lues : %s", word, strings.Join(columns, ", "), seen)
}

// Row is one record of a table.
type Row struct {
	Table  *Table
	Line   int
	Fields []string
}

// Get is the value of a column, trimmed; "" when empty or when the column is absent.
func (r Row) Get(column string) string {
	i, ok := r.Table.columns[column]
	if !ok {
		return ""
	}
	return source.Clean(r.Fields[i])
}

// Each reads the records to the end. use is called for each sound record, and
// bad, when not nil, for each faulty one. Blank lines are passed over.
func (t *Table) Each(use func(Row) error, bad func(line int, reason string) error) error {
	last := 0
	for {
		fields, line, fault, ok := t.records.next()
		if !ok {
			break
		}
		last = line
		if fault == "" {
			if !slices.ContainsFunc(fields, func(f string) bool { return strings.TrimSpace(f) != "" }) {
				continue
			}
			for len(fields) > len(t.Header) && strings.TrimSpace(fields[len(fields)-1]) == "" {
				fields = fields[:len(fields)-1]
			}
			if len(fields) != len(t.Header) {
				fault = fmt.Sprintf("%d champs ; attendu %d, comme dans l'en-tête%s", len(fields), len(t.Header), t.records.hint())
			}
		}
		var err error
		switch {
		case fault == "":
			err = use(Row{t, line, fields})
		case bad != nil:
			err = bad(line, fault)
		}
		if err != nil {
			return err
		}
	}
	if err := t.records.err(); err != nil {
		return source.FailAt(t.Name, last, "lecture interrompue : %v", err)
	}
	return t.content.Verify()
}

func (t *Table) Close() { t.content.Close() }

// EachRow reads the tables of an import one after the other, counting rows and
// rejecting faulty records.
func EachRow(rec *source.Recorder, files []source.File, required []string, use func(Row) error) error {
	for _, f := range files {
		if err := EachRowOf(rec, f, required, use); err != nil {
			return err
		}
	}
	return nil
}

func EachRowOf(rec *source.Recorder, f source.File, required []string, use func(Row) error) error {
	t, err := Open(f, required...)
	if err != nil {
		return err
	}
	defer t.Close()
	return EachRowIn(rec, t, use)
}

// EachRowIn reads an open table.
func EachRowIn(rec *source.Recorder, t *Table, use func(Row) error) error {
	rec.NoteText(t.file)
	return t.Each(
		func(r Row) error {
			rec.Read++
			if err := use(r); err != nil {
				return err
			}
			return rec.Overflow()
		},
		func(line int, reason string) error {
			rec.Read++
			rec.Reject(t.Name, line, "", "", reason)
			return rec.Overflow()
		})
}

// Column is the first of the named columns; negative when there is none.
func (t *Table) Column(names []string) int {
	for _, name := range names {
		if i, ok := t.columns[name]; ok {
			return i
		}
	}
	return -1
}
