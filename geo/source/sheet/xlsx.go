package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
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
	f        source.File
	a        *source.Archive
	texts    []string
	sheets   []sheet
	styles   []numberFormat // of cells, by number
	from1904 bool           // days are counted from 1904, as Macintoshes did
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

// openBook opens the first sheet that has a header, told as that of a CSV file is. When
// none has one, what lacks is told of the first sheet.
func openBook(f source.File, known, required, header []string) (*Table, error) {
	is := isHeader(known, required)
	if len(known)+len(required) == 0 {
		is = func(fields []string) bool { return filled(fields) > 1 }
	}
	t, err := OpenSheet(f, "", is)
	if err == nil || header != nil {
		return t, err
	}
	first, errFirst := OpenSheet(f, "", func(fields []string) bool { return filled(fields) > 1 })
	if errFirst != nil {
		return nil, err
	}
	defer first.Close()
	if err := first.setHeader(first.Header, first.HeaderLine, required); err != nil {
		return nil, err
	}
	return nil, err
}

// filled is how many cells have something in them.
func filled(fields []string) int {
	n := 0
	for _, f := range fields {
		if strings.TrimSpace(f) != "" {
			n++
		}
	}
	return n
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
	if err := b.readStyles(); err != nil {
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
		t := &Table{Name: b.f.Name, file: b.f, content: sheetContent{b, rows}, records: rows}
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
	return nil, source.FailAt(b.f.Name, 0, "aucune feuille n'a l'en-tête attendu dans ses %d premières lignes ; feuilles du classeur : %s", headerRows, known)
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
		what := source.Foreign(b.f.Head)
		if strings.HasPrefix(what, "une archive") {
			what = "une archive zip, mais pas un classeur XLSX (décompressez-la, puis importez le fichier qu'elle contient)"
		}
		return source.FailAt(b.f.Name, 0, "c'est %s ; %s", what, wanted)
	}
	rels := b.a.Find("xl/_rels/workbook.xml.rels")
	for _, f := range []*source.Member{book, rels} {
		if f != nil && f.Size() > maxBook {
			return b.a.Fault(f, "plus de %d Mio ; attendu un tableau", maxBook>>20)
		}
	}
	var ids []string
	err := b.each(book, func(x *xmlReader, e xml.StartElement) error {
		if e.Name.Local == "workbookPr" {
			v := attribute(e, "", "date1904")
			b.from1904 = v == "1" || v == "true"
		}
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
		return source.FailAt(b.f.Name, 0, "classeur sans feuille ; attendu un tableau")
	}
	return nil
}

// readTexts reads the texts that cells share.
func (b *workbook) readTexts() error {
	f := b.a.Find("xl/sharedStrings.xml")
	if f == nil {
		return nil
	}
	if f.Size() > maxTexts {
		return b.a.Fault(f, "plus de %d Mio de textes ; attendu un tableau", maxTexts>>20)
	}
	return b.each(f, func(x *xmlReader, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		if len(b.texts) == maxShared {
			return errors.New("plus de deux millions de textes ; attendu un tableau")
		}
		text, err := x.text("si")
		b.texts = append(b.texts, text)
		return err
	})
}

// each hands over the elements of a file of the workbook.
func (b *workbook) each(f *source.Member, use func(*xmlReader, xml.StartElement) error) error {
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
