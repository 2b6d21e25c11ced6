package sheet

import (
	"bytes"
	"encoding/csv"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/aisne-numerique/maillage/ifn"
)

// three is the index of three places, one of them without a value for poverty, and
// one with a name that a spreadsheet could take for a formula.
func three(t *testing.T) *ifn.Result {
	t.Helper()
	s, err := ifn.Builtin(ifn.HDF2021)
	if err != nil {
		t.Fatal(err)
	}
	table, err := ifn.NewTable([]ifn.Place{{Code: "02001", Nom: "Abbécourt", Weight: 10}, {Code: "02002", Nom: `Dé"s, bords`, Weight: 20}, {Code: "02003", Nom: "=1+1", Weight: 5}})
	if err != nil {
		t.Fatal(err)
	}
	for code, values := range map[string][3]float64{"02001": {12.5, 20, 3}, "02002": {-1, 30, 4}, "02003": {8, 10, 9}} {
		for i, column := range []string{"taux_pauvrete_2021_pct", "acces_competences_min", "part_locaux_1g_2019_pct"} {
			if values[i] >= 0 {
				if err := table.Set(code, column, values[i]); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	o := ifn.Defaults()
	o.MinCompleteness = 0
	r, err := s.Compute(table, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var about = About{Edition: "abc", Modelled: []string{"Routes modélisées."}}

// TestFilesHoldTheIndex: both files, read by an independent reader, have each value of
// each row; unknown is an empty cell.
func TestFilesHoldTheIndex(t *testing.T) {
	r := three(t)
	var plain, book bytes.Buffer
	if err := CSV(&plain, r, about); err != nil {
		t.Fatal(err)
	}
	if err := XLSX(&book, r, about); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&plain).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(book.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cells, err := f.GetRows(sheetIndex, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != 4 || len(cells) != 4 {
		t.Fatalf("%d lines, %d rows; want 4 and 4", len(lines), len(cells))
	}
	at := map[string]int{}
	for i, name := range lines[0] {
		at[name] = i
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		for v, src := range r.Sources {
			for _, want := range []struct {
				column string
				v      ifn.Value
			}{{src.Variable + "_points", row.Points[v].Points}, {src.Variable + "_valeur", row.Points[v].Value}} {
				column, ok := at[want.column]
				if !ok {
					continue // a variable with parts has its values in them
				}
				for what, got := range map[string]string{"CSV": lines[i+1][column], "XLSX": cells[i+1][column]} {
					if !want.v.Known {
						if got != "" {
							t.Errorf("%s: %s, %s: %q; want an empty cell", what, row.Nom, want.column, got)
						}
					} else if x, err := strconv.ParseFloat(got, 64); err != nil || math.Abs(x-want.v.V) > 1e-12 { // a spreadsheet keeps 15 digits
						t.Errorf("%s: %s, %s: %q; want %v", what, row.Nom, want.column, got, want.v.V)
					}
				}
			}
		}
		name := row.Nom
		if name == "=1+1" { // no formula
			name = "'=1+1"
		}
		if lines[i+1][1] != name || cells[i+1][1] != name {
			t.Errorf("names %q and %q; want %q", lines[i+1][1], cells[i+1][1], name)
		}
	}
	if formula, err := f.GetCellFormula(sheetIndex, "B4"); err != nil || formula != "" {
		t.Errorf("the name %q became the formula %q (%v)", r.Rows[2].Nom, formula, err)
	}
	if got := lines[2][at["pauvrete_valeur"]]; got != "" {
		t.Errorf("unknown poverty is %q", got)
	}
	if sources := lines[1][at["sources"]]; !strings.Contains(sources, "Filosofi") || !strings.Contains(sources, "approché") || lines[1][at["edition"]] != "abc" {
		t.Errorf("sources %q, edition %q", sources, lines[1][at["edition"]])
	}
	told, err := f.GetRows(sheetAbout)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, row := range told {
		text += strings.Join(row, " ") + "\n"
	}
	for _, want := range []string{"abc", "Routes modélisées.", "percentile"} {
		if !strings.Contains(text, want) {
			t.Errorf("the sheet %q does not say %q:\n%s", sheetAbout, want, text)
		}
	}
	variables, err := f.GetRows(sheetVariables)
	if err != nil || len(variables) != 18 { // a header, 14 variables, one of them in two parts and one in three
		t.Errorf("%d rows of variables, %v; want 18", len(variables), err)
	}
}

// TestSameIndexSameBytes: an ETag rests on it.
func TestSameIndexSameBytes(t *testing.T) {
	for name, write := range map[string]func(*bytes.Buffer) error{
		"CSV":  func(b *bytes.Buffer) error { return CSV(b, three(t), about) },
		"XLSX": func(b *bytes.Buffer) error { return XLSX(b, three(t), about) },
	} {
		var first, second bytes.Buffer
		if err := write(&first); err != nil {
			t.Fatal(err)
		}
		if err := write(&second); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s: twice the same index gives other bytes", name)
		}
	}
}
