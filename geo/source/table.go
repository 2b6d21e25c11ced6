package source

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// table is a CSV file being read: a header line, then records. The dialect is
// found in the file: comma, semicolon or tab; UTF-8 with or without byte order
// mark, or Windows-1252; LF or CRLF; quotes as in RFC 4180, around a field as a
// whole.
type table struct {
	name    string
	columns map[string]int
	header  []string
	latin   bool // decoded from Windows-1252

	headerLine int

	content content
	records recordSource
}

// content is what a table is read from: verify tells, at the end, whether it is
// still what was hashed.
type content interface {
	verify() error
	Close() error
}

// recordSource gives the records of a table, one at a time. next returns its
// fields, valid until the next call, and the line where it starts, from 1; fault
// says why a record cannot be used, err why there are no more.
type recordSource interface {
	next() (fields []string, line int, fault string, ok bool)
	err() error
}

// openTable opens a CSV file whose header has every one of the required columns.
func openTable(f file, required ...string) (*table, error) {
	return openTableAs(f, required, required, nil)
}

// openTableAs opens a CSV file that shows some of the known columns and all of the
// required ones. With a header the file itself has none.
func openTableAs(f file, known, required, header []string) (*table, error) {
	if what := foreign(f.head); what != "" {
		return nil, failAt(f.Name, 0, "c'est %s ; attendu un fichier CSV (texte, une ligne par enregistrement), en UTF-8", what)
	}
	if isJSON(f.head) {
		return nil, failAt(f.Name, 0, "c'est du JSON ; attendu un fichier CSV (texte, une ligne par enregistrement), en UTF-8")
	}
	s, err := f.open()
	if err != nil {
		return nil, err
	}
	// A damaged UTF-8 file still has more good sequences than bad bytes; then the
	// lines at fault are rejected, rather than all accents garbled.
	t := &table{name: f.Name, content: s, latin: f.text.invalid > f.text.multi}
	var text io.Reader = s
	head := f.head
	if t.latin {
		text = charmap.Windows1252.NewDecoder().Reader(s)
		head, _ = charmap.Windows1252.NewDecoder().Bytes(head)
	}
	t.records = newRecords(text, detectComma(bytes.TrimPrefix(head, bom), known))
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

var bom = []byte("\xef\xbb\xbf")

// detectComma chooses the separator that shows most of the required columns in
// the first line, and among equals the one that cuts it most often.
func detectComma(head []byte, required []string) byte {
	best, bestFound, bestFields := byte(','), -1, 0
	for _, comma := range []byte{',', ';', '\t'} {
		fields, _, _ := scanRecord(head, comma, true, nil)
		found := 0
		for _, name := range required {
			if slices.ContainsFunc(fields, func(f string) bool { return columnName(f) == name }) {
				found++
			}
		}
		if found > bestFound || found == bestFound && len(fields) > bestFields {
			best, bestFound, bestFields = comma, found, len(fields)
		}
	}
	return best
}

// columnName is a header as compared with the names we know.
func columnName(s string) string { return strings.ToLower(clean(s)) }

// clean trims a value and composes its accents (Unicode NFC): some systems write
// é as two characters.
func clean(s string) string { return norm.NFC.String(strings.TrimSpace(s)) }

func (t *table) readHeader(required []string) error {
	fields, line, fault, ok := t.records.next()
	switch {
	case !ok && t.records.err() != nil:
		return failAt(t.name, 0, "lecture interrompue : %v", t.records.err())
	case !ok:
		return failAt(t.name, 1, "fichier vide ; attendu une ligne d'en-tête avec les colonnes %s", strings.Join(required, ", "))
	case fault != "":
		return failAt(t.name, line, "en-tête : %s", fault)
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
		return t.lacks(missing...)
	}
	return nil
}

// nameColumns sets the header, which is at a line of the file, 0 when it is
// elsewhere.
func (t *table) nameColumns(fields []string, line int) error {
	t.headerLine = line
	t.columns = make(map[string]int, len(fields))
	t.header = make([]string, len(fields))
	for i, f := range fields {
		name := columnName(f)
		t.header[i] = name
		if _, twice := t.columns[name]; twice && name != "" {
			return failAt(t.name, line, "en-tête : colonne « %s » présente deux fois", name)
		}
		t.columns[name] = i
	}
	return nil
}

// lacks ends the import for want of columns.
func (t *table) lacks(columns ...string) error {
	word := "colonne absente"
	if len(columns) > 1 {
		word = "colonnes absentes"
	}
	seen := newFault("", 0, "", strings.Join(t.header, ", "), "").Value
	return failAt(t.name, t.headerLine, "en-tête : %s : %s ; colonnes lues : %s", word, strings.Join(columns, ", "), seen)
}

// row is one record of a table.
type row struct {
	t      *table
	line   int
	fields []string
}

// get is the value of a column, trimmed; "" when empty or when the column is absent.
func (r row) get(column string) string {
	i, ok := r.t.columns[column]
	if !ok {
		return ""
	}
	return clean(r.fields[i])
}

// each reads the records to the end. use is called for each sound record, and
// bad, when not nil, for each faulty one. Blank lines are passed over.
func (t *table) each(use func(row) error, bad func(line int, reason string) error) error {
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
			if len(fields) != len(t.header) {
				fault = fmt.Sprintf("%d champs ; attendu %d, comme dans l'en-tête", len(fields), len(t.header))
			}
		}
		var err error
		switch {
		case fault == "":
			err = use(row{t, line, fields})
		case bad != nil:
			err = bad(line, fault)
		}
		if err != nil {
			return err
		}
	}
	if err := t.records.err(); err != nil {
		return failAt(t.name, last, "lecture interrompue : %v", err)
	}
	return t.content.verify()
}

func (t *table) close() { t.content.Close() }

// eachRow reads the tables of an import one after the other, counting rows and
// rejecting faulty records.
func eachRow(rec *recorder, files []file, required []string, use func(row) error) error {
	for _, f := range files {
		if err := eachRowOf(rec, f, required, use); err != nil {
			return err
		}
	}
	return nil
}

func eachRowOf(rec *recorder, f file, required []string, use func(row) error) error {
	t, err := openTable(f, required...)
	if err != nil {
		return err
	}
	defer t.close()
	return eachRowIn(rec, t, use)
}

// eachRowIn reads an open table.
func eachRowIn(rec *recorder, t *table, use func(row) error) error {
	if t.latin {
		rec.warn(t.name, 0, "", "", "le texte n'est pas de l'UTF-8 : lu comme du Windows-1252")
	}
	return t.each(
		func(r row) error {
			rec.Read++
			if err := use(r); err != nil {
				return err
			}
			return rec.overflow()
		},
		func(line int, reason string) error {
			rec.Read++
			rec.reject(t.name, line, "", "", reason)
			return rec.overflow()
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
	c.scan.Buffer(make([]byte, 64<<10), 2*maxRecord)
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

const tooLong = "enregistrement de plus de 1 Mio"

// split is a bufio.SplitFunc. A record with a fault of quoting is cut at the end
// of its first line, so that reading goes on with the next one.
func (c *records) split(data []byte, atEOF bool) (int, []byte, error) {
	skip := 0
	if !c.started {
		if len(data) < len(bom) && !atEOF {
			return 0, nil, nil
		}
		c.started = true
		if bytes.HasPrefix(data, bom) {
			skip = len(bom)
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
	if n > maxRecord {
		n, c.fault = 0, tooLong
	}
	if n > 0 {
		return skip + n, data[:n], nil
	}
	if c.fault == "" { // cut short by the end of data
		if !atEOF && len(data) < maxRecord {
			return skip, nil, nil
		}
		c.fault = "guillemet ouvrant sans guillemet fermant"
		if newline < 0 && !atEOF {
			c.fault = tooLong
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
