package sheet

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/aisne-numerique/maillage/geo/source"
)

// records cuts a text into CSV records, one at a time.
type records struct {
	scan     *bufio.Scanner
	comma    byte
	line     int  // of the last record, from 1
	after    int  // lines up to the end of the last record
	stray    bool // a CR stands alone in the last record
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
		c.stray = hasLoneCR(token)
		return c.fields, c.line, c.fault, true
	}
	return nil, 0, "", false
}

// hasLoneCR reports whether an old Macintosh ended a line in a text that has other line ends.
func hasLoneCR(token []byte) bool {
	for i := bytes.IndexByte(token, '\r'); i >= 0 && i+1 < len(token); {
		if next := token[i+1]; next != '\n' && next != '\r' {
			return true
		}
		n := bytes.IndexByte(token[i+1:], '\r')
		if n < 0 {
			return false
		}
		i += 1 + n
	}
	return false
}

// hint says more of a record that has too many fields.
func (c *records) hint() string {
	if c.stray {
		return " ; une fin de ligne d'ancien Macintosh (CR) s'y trouve au milieu"
	}
	return ""
}

func (c *records) err() error { return c.scan.Err() }

// split is a bufio.SplitFunc. A record with a fault of quoting is cut at the end
// of its first line, so that reading goes on with the next one.
func (c *records) split(data []byte, atEOF bool) (int, []byte, error) {
	if len(data) == 0 {
		return 0, nil, nil
	}
	newline := bytes.IndexByte(data, '\n')
	if c.skipping {
		if newline < 0 {
			return len(data), nil, nil
		}
		c.skipping = false
		c.after++
		return newline + 1, nil, nil
	}
	var n int
	c.fields, n, c.fault = scanRecord(data, c.comma, atEOF, c.fields[:0])
	if n > source.MaxRecord {
		n, c.fault = 0, source.TooLong
	}
	if n > 0 {
		return n, data[:n], nil
	}
	if c.fault == "" { // cut short by the end of data
		if !atEOF && len(data) < source.MaxRecord {
			return 0, nil, nil
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
	return newline + 1, data[:newline+1], nil
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
			i = lineEnd(data, i)
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
				raw = bytes.TrimRight(raw, "\r")
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

// lineEnd passes over the CR of a line end, of which some programs write several.
func lineEnd(data []byte, i int) int {
	end := i
	for end < len(data) && data[end] == '\r' {
		end++
	}
	if end == len(data) || data[end] == '\n' {
		return end
	}
	return i
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
