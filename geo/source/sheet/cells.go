package sheet

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// sheetRows gives the rows of a sheet. It is a [recordSource].
type sheetRows struct {
	*xmlReader
	r      io.ReadCloser
	book   *workbook
	fields []string
	width  int // of the header, once it is known
	line   int
	failed error
}

func (b *workbook) rows(s sheet) (*sheetRows, error) {
	r, err := b.a.Open(b.a.Find(s.path))
	if err != nil {
		return nil, err
	}
	return &sheetRows{xmlReader: newXMLReader(r), r: r, book: b}, nil
}

func (s *sheetRows) err() error { return s.failed }

func (s *sheetRows) hint() string { return "" }

func (s *sheetRows) next() (fields []string, line int, fault string, ok bool) {
	for s.failed == nil {
		e, err := s.start()
		switch {
		case err == io.EOF:
			return nil, 0, "", false
		case err != nil:
			s.failed = err
		case e.Name.Local == "row":
			// Rows without cells may be left out, and their number with them.
			s.line++
			if n, err := strconv.Atoi(attribute(e, "", "r")); err == nil && n > 0 {
				s.line = n
			}
			if fault, s.failed = s.row(); s.failed == nil {
				return s.fields, s.line, fault, true
			}
		}
	}
	return nil, 0, "", false
}

// row reads the cells of a row into fields, as many as the header has.
func (s *sheetRows) row() (fault string, err error) {
	s.fields = s.fields[:0]
	column := -1
	for {
		t, err := s.token()
		if err != nil {
			return "", errXML
		}
		switch t := t.(type) {
		case xml.EndElement:
			if t.Name.Local != "row" {
				continue
			}
			for len(s.fields) < s.width {
				s.fields = append(s.fields, "")
			}
			for s.width > 0 && len(s.fields) > s.width && s.fields[len(s.fields)-1] == "" {
				s.fields = s.fields[:len(s.fields)-1]
			}
			return fault, nil
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			column++
			if at := columnOf(attribute(t, "", "r")); at >= 0 {
				column = at
			}
			text, why, err := s.cell(attribute(t, "", "t"), attribute(t, "", "s"))
			switch {
			case err != nil:
				return "", err
			case why != "":
				fault = why
			case column >= maxColumns:
				fault = "cellule au-delà de la dernière colonne d'un classeur"
			default:
				for len(s.fields) <= column {
					s.fields = append(s.fields, "")
				}
				s.fields[column] = text
			}
		}
	}
}

// cell reads the value of a cell of a type and a style that has started.
func (s *sheetRows) cell(kind, style string) (text, fault string, err error) {
	if kind == "inlineStr" {
		text, err = s.text("c")
		return text, "", err
	}
	var b strings.Builder
	inside := false
	for {
		t, err := s.token()
		if err != nil {
			return "", "", errXML
		}
		switch t := t.(type) {
		case xml.StartElement:
			inside = t.Name.Local == "v"
		case xml.CharData:
			if inside {
				b.Write(t[:min(len(t), maxText-b.Len())])
			}
		case xml.EndElement:
			inside = false
			if t.Name.Local != "c" {
				continue
			}
			switch {
			case b.Len() == 0:
				return "", "", nil
			case kind == "b":
				return strconv.FormatBool(b.String() == "1"), "", nil
			case kind == "" || kind == "n":
				return s.book.shown(b.String(), style), "", nil
			case kind != "s":
				return b.String(), "", nil
			}
			n, err := strconv.Atoi(b.String())
			if err != nil || n < 0 || n >= len(s.book.texts) {
				return "", "texte partagé absent du classeur", nil
			}
			return s.book.texts[n], "", nil
		}
	}
}

// columnOf is the column of a reference as "AB12", from 0; negative when it is none.
func columnOf(ref string) int {
	n := 0
	for i, c := range []byte(ref) {
		if c < 'A' || c > 'Z' {
			if i == 0 {
				return -1
			}
			break
		}
		if n = 26*n + int(c-'A') + 1; n > maxColumns {
			return maxColumns
		}
	}
	return n - 1
}
