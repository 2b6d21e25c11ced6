// Package sheet reads tables: CSV in the dialects that French publishers write, and
// sheets of workbooks (XLSX). A table is read row by row, each with its line.
package sheet

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

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

// Table is a CSV file being read: a header line, then records. The dialect is
// found in the file: comma, semicolon or tab; UTF-8 with or without byte order
// mark, or Windows-1252; LF or CRLF; quotes as in RFC 4180, around a field as a
// whole.
type Table struct {
	Name    string
	columns map[string]int
	Header  []string
	latin   bool // decoded from Windows-1252

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
}

// Open opens a CSV file whose header has every one of the required columns.
func Open(f source.File, required ...string) (*Table, error) {
	return OpenAs(f, required, required, nil)
}

// OpenAs opens a CSV file that shows some of the known columns and all of the
// required ones. With a header the file itself has none.
func OpenAs(f source.File, known, required, header []string) (*Table, error) {
	if what := source.Foreign(f.Head); what != "" {
		return nil, source.FailAt(f.Name, 0, "c'est %s ; attendu un fichier CSV (texte, une ligne par enregistrement), en UTF-8", what)
	}
	if source.IsJSON(f.Head) {
		return nil, source.FailAt(f.Name, 0, "c'est du JSON ; attendu un fichier CSV (texte, une ligne par enregistrement), en UTF-8")
	}
	s, err := f.Open()
	if err != nil {
		return nil, err
	}
	t := &Table{Name: f.Name, content: s, latin: f.Latin()}
	var text io.Reader = s
	head := f.Head
	if t.latin {
		text = charmap.Windows1252.NewDecoder().Reader(s)
		head, _ = charmap.Windows1252.NewDecoder().Bytes(head)
	}
	t.records = newRecords(text, detectComma(bytes.TrimPrefix(head, source.BOM), known))
	if header != nil {
		err = t.nameColumns(header, 0)
	} else {
		err = t.readHeader(required)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return t, nil
}

// HeaderOf is the first line of a CSV file, told to be one by the known columns.
func HeaderOf(f source.File, known []string) []string {
	head := f.HeadText()
	fields, _, _ := scanRecord(head, detectComma(head, known), true, nil)
	return fields
}

// detectComma chooses the separator that shows most of the required columns in
// the first line, and among equals the one that cuts it most often.
func detectComma(head []byte, required []string) byte {
	best, bestFound, bestFields := byte(','), -1, 0
	for _, comma := range []byte{',', ';', '\t'} {
		fields, _, _ := scanRecord(head, comma, true, nil)
		found := 0
		for _, name := range required {
			if slices.ContainsFunc(fields, func(f string) bool { return source.ColumnName(f) == name }) {
				found++
			}
		}
		if found > bestFound || found == bestFound && len(fields) > bestFields {
			best, bestFound, bestFields = comma, found, len(fields)
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
			if len(fields) != len(t.Header) {
				fault = fmt.Sprintf("%d champs ; attendu %d, comme dans l'en-tête", len(fields), len(t.Header))
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
	if t.latin {
		rec.Warn(t.Name, 0, "", "", "le texte n'est pas de l'UTF-8 : lu comme du Windows-1252")
	}
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

// records cuts a text into CSV records, one at a time.
type records struct {
	scan     *bufio.Scanner
	comma    byte
	line     int // of the last record, from 1
	after    int // lines up to the end of the last record
	started  bool
	skipping bool // the rest of a line that is too long
	fields   []string
	fault    string
}

func newRecords(r io.Reader, comma byte) *records {
	c := &records{scan: bufio.NewScanner(r), comma: comma}
	c.scan.Buffer(make([]byte, 64<<10), 2*source.MaxRecord)
	c.scan.Split(c.split)
	return c
}

// next is of [recordSource].
func (c *records) next() (fields []string, line int, fault string, ok bool) {
	for c.scan.Scan() {
		token := c.scan.Bytes()
		c.line = c.after + 1
		c.after += bytes.Count(token, []byte{'\n'})
		switch {
		case c.fault != "":
		case len(bytes.TrimSpace(token)) == 0:
			continue
		case !utf8.Valid(token):
			c.fault = "octets qui ne sont pas de l'UTF-8"
		case bytes.IndexByte(token, 0) >= 0:
			c.fault = "caractère nul dans la ligne"
		}
		return c.fields, c.line, c.fault, true
	}
	return nil, 0, "", false
}

func (c *records) err() error { return c.scan.Err() }

// split is a bufio.SplitFunc. A record with a fault of quoting is cut at the end
// of its first line, so that reading goes on with the next one.
func (c *records) split(data []byte, atEOF bool) (int, []byte, error) {
	skip := 0
	if !c.started {
		if len(data) < len(source.BOM) && !atEOF {
			return 0, nil, nil
		}
		c.started = true
		if bytes.HasPrefix(data, source.BOM) {
			skip = len(source.BOM)
			data = data[skip:]
		}
	}
	if len(data) == 0 {
		return skip, nil, nil
	}
	newline := bytes.IndexByte(data, '\n')
	if c.skipping {
		if newline < 0 {
			return skip + len(data), nil, nil
		}
		c.skipping = false
		c.after++
		return skip + newline + 1, nil, nil
	}
	var n int
	c.fields, n, c.fault = scanRecord(data, c.comma, atEOF, c.fields[:0])
	if n > source.MaxRecord {
		n, c.fault = 0, source.TooLong
	}
	if n > 0 {
		return skip + n, data[:n], nil
	}
	if c.fault == "" { // cut short by the end of data
		if !atEOF && len(data) < source.MaxRecord {
			return skip, nil, nil
		}
		c.fault = "guillemet ouvrant sans guillemet fermant"
		if newline < 0 && !atEOF {
			c.fault = source.TooLong
		}
	}
	if newline < 0 {
		c.skipping = !atEOF
		newline = len(data) - 1
	}
	return skip + newline + 1, data[:newline+1], nil
}

// scanRecord reads the first record of data into fields and gives its length,
// line end included. Length 0 means that there is none to use: because of fault,
// or, without fault, because data ends before the record does.
func scanRecord(data []byte, comma byte, atEOF bool, fields []string) (_ []string, length int, fault string) {
	i := 0
	for {
		var value string
		if i < len(data) && data[i] == '"' {
			end := closingQuote(data, i+1, atEOF)
			if end < 0 {
				return fields, 0, ""
			}
			value = strings.ReplaceAll(string(data[i+1:end]), `""`, `"`)
			i = end + 1
			if i < len(data) && data[i] == '\r' && (i+1 < len(data) && data[i+1] == '\n' || i+1 == len(data)) {
				i++
			}
			if i < len(data) && data[i] != comma && data[i] != '\n' {
				return fields, 0, "texte après un guillemet fermant ; attendu un guillemet doublé (\"\") dans un champ entre guillemets"
			}
		} else {
			start := i
			for i < len(data) && data[i] != comma && data[i] != '\n' {
				i++
			}
			raw := data[start:i]
			if i == len(data) || data[i] == '\n' {
				raw = bytes.TrimSuffix(raw, []byte{'\r'})
			}
			value = string(raw)
		}
		if i == len(data) && !atEOF {
			return fields, 0, ""
		}
		fields = append(fields, value)
		switch {
		case i == len(data):
			return fields, i, ""
		case data[i] == '\n':
			return fields, i + 1, ""
		}
		i++
	}
}

// closingQuote finds the quote that ends a field whose text starts at i; -1 when
// data ends before it, or before one can tell it from a doubled one.
func closingQuote(data []byte, i int, atEOF bool) int {
	for {
		n := bytes.IndexByte(data[i:], '"')
		if n < 0 {
			return -1
		}
		i += n
		switch {
		case i+1 < len(data) && data[i+1] == '"':
			i += 2
		case i+1 == len(data) && !atEOF:
			return -1
		default:
			return i
		}
	}
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
