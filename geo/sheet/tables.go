package sheet

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// Table is one sheet of a workbook of results: a title for each column, and rows of
// texts, numbers, or nil where unknown.
type Table struct {
	Name   string
	Header []any
	Rows   [][]any
}

// Tables writes a workbook of tables, and a last sheet of what to know before using
// them: pairs of a subject and a sentence.
func Tables(w io.Writer, tables []Table, about [][2]string) error {
	f := excelize.NewFile()
	defer f.Close() // in memory: nothing is lost with its error
	book := &workbook{file: f}
	for _, t := range tables {
		widths := make([]float64, len(t.Header))
		for i := range widths {
			widths[i] = 16
		}
		book.sheet(t.Name, t.Header, t.Rows, widths)
		if last, err := excelize.CoordinatesToCellName(len(t.Header), len(t.Rows)+1); err == nil {
			book.do(f.AutoFilter(t.Name, "A1:"+last, nil))
		}
	}
	rows := make([][]any, len(about))
	for i, pair := range about {
		rows[i] = []any{pair[0], pair[1]}
	}
	book.sheet(sheetAbout, []any{"À savoir", ""}, rows, []float64{24, 120})
	if book.err == nil {
		_, book.err = f.WriteTo(w)
	}
	if book.err != nil {
		return fmt.Errorf("results as XLSX: %w", book.err)
	}
	return nil
}
