package sheet

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"
)

// No text becomes a formula in a workbook; numbers stay numbers, below zero too.
func TestTablesHoldNoFormula(t *testing.T) {
	texts := []any{"=1+1", "+33", "-2 places", "@SUM(A1)", "\t=1", "\n=1", "L'Aisne", "a=b", nil, -3, -1.5}
	want := []string{"'=1+1", "'+33", "'-2 places", "'@SUM(A1)", "'\t=1", "'\n=1", "L'Aisne", "a=b", "", "-3", "-1.5"}
	var out bytes.Buffer
	if err := Tables(&out, []Table{{Name: "T", Header: make([]any, len(texts)), Rows: [][]any{texts}}}, nil); err != nil {
		t.Fatal(err)
	}
	if texts[0] != "=1+1" {
		t.Errorf("the rows that were given are changed: %q", texts)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i := range texts {
		cell, _ := excelize.CoordinatesToCellName(i+1, 2)
		value, err := f.GetCellValue("T", cell, excelize.Options{RawCellValue: true})
		kind, _ := f.GetCellType("T", cell)
		formula, _ := f.GetCellFormula("T", cell)
		if err != nil || value != want[i] || formula != "" {
			t.Errorf("%v is %q, formula %q, %v", texts[i], value, formula, err)
		}
		if _, isText := texts[i].(string); isText != (kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString) {
			t.Errorf("%v is of type %v", texts[i], kind)
		}
	}
}
