package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
)

// Limits of a workbook (ECMA-376), which is a zip of XML.
const (
	maxColumns = 16_384    // of the format
	maxBook    = 4 << 20   // bytes of the list of sheets, and of where they are
	maxName    = 31 * 4    // bytes of the name of a sheet: the format has 31 characters
	maxTexts   = 64 << 20  // bytes of the texts that the cells share, as XML
	maxShared  = 2_000_000 // how many they are
	maxText    = 32 << 10  // bytes of a cell: the format has 32 767 characters, longer ones are cut
	headerRows = 20        // rows among which the header is looked for: titles come first
)

// workbook is an XLSX file being read. Memory holds the texts that cells share, and
// one row.
type workbook struct {
	f      source.File
	a      *source.Archive
	texts  []string
	sheets []sheet
}

type sheet struct{ name, path string }

func (b *workbook) Verify() error { return b.f.Verify() }

func (b *workbook) Close() error { b.a.Close(); return nil }

// OpenSheet opens a sheet of a workbook as a table: the one that is asked for, else
// the first that has a row which isHeader takes.
func OpenSheet(f source.File, asked string, isHeader func([]string) bool) (*Table, error) {
	a, err := source.OpenArchive(f)
	if err != nil {
		return nil, err
	}
	b := &workbook{f: f, a: a}
	t, err := b.open(asked, isHeader)
	if err != nil {
		a.Close()
		return nil, err
	}
	return t, nil
}

func (b *workbook) open(asked string, isHeader func([]string) bool) (*Table, error) {
	if err := b.list(); err != nil {
		return nil, err
	}
	var names []string
	for _, s := range b.sheets {
		names = append(names, s.name)
	}
	known := source.Shorten(strings.Join(names, ", "))
	if asked != "" && !slices.ContainsFunc(b.sheets, func(s sheet) bool { return strings.EqualFold(s.name, asked) }) {
		return nil, source.FailAt(b.f.Name, 0, "pas de feuille « %s » ; feuilles du classeur : %s", asked, known)
	}
	if err := b.readTexts(); err != nil {
		return nil, err
	}
	for _, s := range b.sheets {
		if asked != "" && !strings.EqualFold(s.name, asked) {
			continue
		}
		rows, err := b.rows(s)
		if err != nil {
			return nil, err
		}
		t := &Table{Name: b.f.Name, content: sheetContent{b, rows}, records: rows}
		for range headerRows {
			fields, line, fault, ok := rows.next()
			if !ok {
				break
			}
			if fault == "" && isHeader(fields) {
				rows.width = len(fields)
				return t, t.nameColumns(fields, line)
			}
		}
		err = rows.err()
		rows.r.Close()
		if err != nil {
			return nil, source.FailAt(b.f.Name, 0, "feuille « %s » : %v", s.name, err)
		}
	}
	return nil, source.FailAt(b.f.Name, 0, "aucune feuille n'a d'en-tête avec une colonne de codes de communes dans ses %d premières lignes ; feuilles du classeur : %s", headerRows, known)
}

// sheetContent is a sheet in its workbook.
type sheetContent struct {
	*workbook
	rows *sheetRows
}

func (s sheetContent) Close() error {
	s.rows.r.Close()
	return s.workbook.Close()
}

// list reads the names of the sheets and where they are.
func (b *workbook) list() error {
	book := b.a.Find("xl/workbook.xml")
	if book == nil {
		return source.FailAt(b.f.Name, 0, "c'est une archive zip, mais pas un classeur XLSX ; attendu un fichier CSV ou XLSX")
	}
	rels := b.a.Find("xl/_rels/workbook.xml.rels")
	for _, f := range []*zip.File{book, rels} {
		if f != nil && f.UncompressedSize64 > maxBook {
			return b.a.Fault(f, "plus de %d Mio ; attendu un tableau de communes", maxBook>>20)
		}
	}
	var ids []string
	err := b.each(book, func(x *xmlReader, e xml.StartElement) error {
		if e.Name.Local == "sheet" && len(b.sheets) < maxColumns {
			b.sheets = append(b.sheets, sheet{name: cut(attribute(e, "", "name"), maxName)})
			ids = append(ids, cut(attribute(e, "r", "id"), maxName))
		}
		return nil
	})
	if err != nil {
		return err
	}
	targets := map[string]string{}
	if rels != nil {
		err := b.each(rels, func(x *xmlReader, e xml.StartElement) error {
			if e.Name.Local == "Relationship" && len(targets) < maxColumns {
				targets[cut(attribute(e, "", "Id"), maxName)] = attribute(e, "", "Target")
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for i, id := range ids {
		target := targets[id]
		if !strings.HasPrefix(target, "/") {
			target = "/xl/" + target
		}
		b.sheets[i].path = strings.TrimPrefix(path.Clean(target), "/")
	}
	b.sheets = slices.DeleteFunc(b.sheets, func(s sheet) bool { return b.a.Find(s.path) == nil }) // a chart has no cells
	if len(b.sheets) == 0 {
		return source.FailAt(b.f.Name, 0, "classeur sans feuille ; attendu un tableau de communes")
	}
	return nil
}

// readTexts reads the texts that cells share.
func (b *workbook) readTexts() error {
	f := b.a.Find("xl/sharedStrings.xml")
	if f == nil {
		return nil
	}
	if f.UncompressedSize64 > maxTexts {
		return b.a.Fault(f, "plus de %d Mio de textes ; attendu un tableau de communes", maxTexts>>20)
	}
	return b.each(f, func(x *xmlReader, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		if len(b.texts) == maxShared {
			return errors.New("plus de deux millions de textes ; attendu un tableau de communes")
		}
		text, err := x.text("si")
		b.texts = append(b.texts, text)
		return err
	})
}

// each hands over the elements of a file of the workbook.
func (b *workbook) each(f *zip.File, use func(*xmlReader, xml.StartElement) error) error {
	r, err := b.a.Open(f)
	if err != nil {
		return err
	}
	defer r.Close()
	x := newXMLReader(r)
	for {
		e, err := x.start()
		if err == nil {
			err = use(x, e)
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return b.a.Fault(f, "%v", err)
		}
	}
}

// cut is the start of a text, copied: the rest is let go.
func cut(s string, most int) string {
	return strings.ToValidUTF8(strings.Clone(s[:min(len(s), most)]), "")
}

func attribute(e xml.StartElement, space, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && (space == "" || a.Name.Space == space) {
			return a.Value
		}
	}
	return ""
}

// xmlReader reads XML token by token, without keeping the elements that are open,
// and fails at a token, or a row, of more than 8 MiB.
type xmlReader struct {
	dec    *xml.Decoder
	budget *source.Budget
}

var errXML = errors.New("XML invalide ou tronqué ; attendu un classeur XLSX")

func newXMLReader(r io.Reader) *xmlReader {
	x := &xmlReader{budget: &source.Budget{Reader: r}}
	x.dec = xml.NewDecoder(x.budget)
	x.dec.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errXML } // the format is in UTF-8
	return x
}

// token reads a token; io.EOF at the end.
func (x *xmlReader) token() (xml.Token, error) {
	t, err := x.dec.RawToken()
	switch {
	case err == nil || err == io.EOF:
		return t, err
	case errors.Is(err, source.ErrBudget):
		return nil, errors.New("ligne ou texte de plus de 8 Mio ; attendu un tableau de communes")
	}
	return nil, errXML
}

// start reads up to the next element that starts.
func (x *xmlReader) start() (xml.StartElement, error) {
	for {
		x.budget.Renew()
		t, err := x.token()
		if err != nil {
			return xml.StartElement{}, err
		}
		if e, ok := t.(xml.StartElement); ok {
			return e, nil
		}
	}
}

// text reads the text of an element that has started: of its elements "t", but for
// those that say how it is pronounced.
func (x *xmlReader) text(until string) (string, error) {
	var b strings.Builder
	inside, phonetic := false, false
	for {
		t, err := x.token()
		if err != nil {
			return "", errXML
		}
		switch t := t.(type) {
		case xml.StartElement:
			inside = t.Name.Local == "t"
			phonetic = phonetic || t.Name.Local == "rPh"
		case xml.EndElement:
			inside = false
			switch t.Name.Local {
			case until:
				return b.String(), nil
			case "rPh":
				phonetic = false
			}
		case xml.CharData:
			if inside && !phonetic {
				b.Write(t[:min(len(t), maxText-b.Len())])
			}
		}
	}
}

// sheetRows gives the rows of a sheet. It is a [recordSource].
type sheetRows struct {
	*xmlReader
	r      io.ReadCloser
	texts  []string
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
	return &sheetRows{xmlReader: newXMLReader(r), r: r, texts: b.texts}, nil
}

func (s *sheetRows) err() error { return s.failed }

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
			text, why, err := s.cell(attribute(t, "", "t"))
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

// cell reads the value of a cell of a type that has started.
func (s *sheetRows) cell(kind string) (text, fault string, err error) {
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
			if kind != "s" || b.Len() == 0 {
				return b.String(), "", nil
			}
			n, err := strconv.Atoi(b.String())
			if err != nil || n < 0 || n >= len(s.texts) {
				return "", "texte partagé absent du classeur", nil
			}
			return s.texts[n], "", nil
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
