// Package sheet writes the index, and tables of any results, for a spreadsheet: CSV
// (RFC 4180) and XLSX. The index has one row per place, with its score, sub-indices,
// rank interval, completeness, every value with its unit, vintage and source, and the
// points it gives. An unknown value is an empty cell, never 0. The same results give
// the same bytes.
package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/aisne-numerique/maillage/ifn"
)

// About is what a file says of itself.
type About struct {
	Edition  string   // id of the edition
	Modelled []string // French, one sentence per modelled input
}

// column is one column of the rows. A nil cell is unknown.
type column struct {
	slug  string // header of the CSV: no spaces, unit last
	title string // header of the workbook, French
	cell  func(*ifn.Row) any
}

func columns(r *ifn.Result) []column {
	all := []column{
		{"code", "Code", func(row *ifn.Row) any { return row.Code }},
		{"nom", "Nom", func(row *ifn.Row) any { return row.Nom }},
		{"rang", "Rang", func(row *ifn.Row) any { return positive(row.Rank) }},
		{"rang_min", "Rang, au plus haut", func(row *ifn.Row) any { return positive(row.RankLow) }},
		{"rang_max", "Rang, au plus bas", func(row *ifn.Row) any { return positive(row.RankHigh) }},
		{"indice", "Indice", func(row *ifn.Row) any { return known(row.Score) }},
	}
	for _, sub := range r.Structure.SubIndices {
		all = append(all, column{sub.ID, sub.Nom, func(row *ifn.Row) any { return known(row.Sub(sub.ID)) }})
	}
	all = append(all, column{"completude_pct", "Complétude (%)", func(row *ifn.Row) any { return 100 * row.Completeness }},
		column{"rang_prouve_min", "Rang prouvé, au plus haut", func(row *ifn.Row) any { return positive(row.RankMin) }},
		column{"rang_prouve_max", "Rang prouvé, au plus bas", func(row *ifn.Row) any { return positive(row.RankMax) }})
	for v, src := range r.Sources {
		if len(src.Parts) == 0 {
			all = append(all, values(src, src.Variable, func(row *ifn.Row) *ifn.Point { return &row.Points[v] }))
		}
		for p, part := range src.Parts {
			all = append(all, values(part, src.Variable+"."+part.Variable, func(row *ifn.Row) *ifn.Point { return &row.Points[v].Parts[p] }))
		}
		all = append(all, column{src.Variable + "_points", "Points : " + src.Nom, func(row *ifn.Row) any { return known(row.Points[v].Points) }})
	}
	return append(all, column{"phrase", "Phrase à citer", func(row *ifn.Row) any { return row.Sentence() }})
}

func values(src ifn.Source, id string, point func(*ifn.Row) *ifn.Point) column {
	return column{id + "_valeur", fmt.Sprintf("%s (%s ; %s)", src.Nom, src.Unit, Origin(&src)),
		func(row *ifn.Row) any { return known(point(row).Value) }}
}

// Origin says where the values of a variable come from: publisher and vintage, how they were
// made, what they stand for, and whether they are old.
func Origin(src *ifn.Source) string {
	if !src.Fed {
		return "inconnu"
	}
	text := strings.TrimSpace(src.Source + " " + src.Vintage)
	var hows []string
	for _, f := range src.Feeds {
		how := f.How
		if len(src.Feeds) > 1 {
			how = fmt.Sprintf("%s pour %d", f.How, f.Places)
		}
		if f.How != "" && !slices.Contains(hows, how) {
			hows = append(hows, how)
		}
	}
	if len(hows) > 0 {
		text += ", " + strings.Join(hows, ", ")
	}
	if src.KnownPeople < 1 {
		text += fmt.Sprintf(", connu pour %.0f %% des habitants", math.Floor(100*src.KnownPeople))
	}
	if src.Proxy != "" {
		text += ", approché : " + src.Proxy
	}
	if src.Old != "" {
		text += ", " + src.Old
	}
	return text
}

func known(v ifn.Value) any {
	if !v.Known {
		return nil
	}
	return v.V
}

func positive(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// CSV writes the rows: comma, decimal point, header of slugs. The last three columns
// say where the figures come from, in every row, since a CSV has no other place.
func CSV(w io.Writer, r *ifn.Result, about About) error {
	all := columns(r)
	head := make([]string, 0, len(all)+3)
	for _, c := range all {
		head = append(head, c.slug)
	}
	out := csv.NewWriter(w)
	_ = out.Write(append(head, "sources", "modelise", "edition"))
	sources, modelled := Safe(strings.Join(sentences(r), " ; ")), Safe(strings.Join(about.Modelled, " ; "))
	for i := range r.Rows {
		line := make([]string, 0, len(head)+3)
		for _, c := range all {
			line = append(line, text(c.cell(&r.Rows[i])))
		}
		_ = out.Write(append(line, sources, modelled, about.Edition))
	}
	out.Flush()
	if err := out.Error(); err != nil { // the first failed Write comes back here
		return fmt.Errorf("index as CSV: %w", err)
	}
	return nil
}

// sentences says of each variable where it comes from.
func sentences(r *ifn.Result) []string {
	var out []string
	for _, src := range r.Sources {
		for _, s := range src.Leaves() {
			out = append(out, s.Nom+" : "+Origin(&s))
		}
	}
	for _, warning := range r.Warnings {
		out = append(out, "attention : "+warning)
	}
	return out
}

func text(cell any) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case int:
		return strconv.Itoa(v)
	default:
		return Safe(fmt.Sprint(v))
	}
}

// The sheets of the workbook.
const (
	sheetIndex     = "Indice"
	sheetVariables = "Variables"
	sheetAbout     = "À lire"
)

// XLSX writes a workbook of three sheets: the rows, the variables with their sources,
// and what to know before using them.
func XLSX(w io.Writer, r *ifn.Result, about About) (err error) {
	f := excelize.NewFile()
	defer f.Close() // in memory: nothing is lost with its error
	book := &workbook{file: f}
	book.index(r)
	book.variables(r)
	book.about(r, about)
	if book.err == nil {
		_, book.err = f.WriteTo(w)
	}
	if book.err != nil {
		return fmt.Errorf("index as XLSX: %w", book.err)
	}
	return nil
}

// workbook keeps the first error, so that sheets read as what they hold.
type workbook struct {
	file  *excelize.File
	begun bool // it has a first sheet
	err   error
}

func (b *workbook) do(err error) {
	if b.err == nil {
		b.err = err
	}
}

// sheet adds a sheet of rows under a header that stays in view.
func (b *workbook) sheet(name string, header []any, rows [][]any, widths []float64) {
	if !b.begun { // a new workbook has one sheet
		b.begun = true
		b.do(b.file.SetSheetName("Sheet1", name))
	} else {
		_, err := b.file.NewSheet(name)
		b.do(err)
	}
	bold, err := b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	b.do(err)
	for i, row := range append([][]any{header}, rows...) {
		row = slices.Clone(row)
		for j, cell := range row {
			row[j] = safe(cell)
		}
		b.do(b.file.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row))
	}
	b.do(b.file.SetRowStyle(name, 1, 1, bold))
	for i, width := range widths {
		letter, err := excelize.ColumnNumberToName(i + 1)
		b.do(err)
		b.do(b.file.SetColWidth(name, letter, letter, width))
	}
	b.do(b.file.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
}

func (b *workbook) index(r *ifn.Result) {
	var header []any
	var widths []float64
	all := columns(r)
	for _, c := range all {
		header = append(header, c.title)
		widths = append(widths, 16)
	}
	widths[1], widths[len(widths)-1] = 40, 80
	rows := make([][]any, len(r.Rows))
	for i := range r.Rows {
		for _, c := range all {
			rows[i] = append(rows[i], c.cell(&r.Rows[i]))
		}
	}
	b.sheet(sheetIndex, header, rows, widths)
	if last, err := excelize.CoordinatesToCellName(len(all), len(rows)+1); err == nil {
		b.do(b.file.AutoFilter(sheetIndex, "A1:"+last, nil))
	}
	if decimals, err := b.file.NewStyle(&excelize.Style{NumFmt: 2}); err == nil && len(rows) > 0 { // 0.00
		from, _ := excelize.CoordinatesToCellName(6, 2)
		to, _ := excelize.CoordinatesToCellName(len(all)-1, len(rows)+1)
		b.do(b.file.SetCellStyle(sheetIndex, from, to, decimals))
	}
}

func (b *workbook) variables(r *ifn.Result) {
	names := map[string]string{}
	for _, sub := range r.Structure.SubIndices {
		names[sub.ID] = sub.Nom
	}
	var rows [][]any
	for _, src := range r.Sources {
		for _, s := range src.Leaves() {
			way := "plus la valeur est haute, plus la fragilité l'est"
			if s.Direction < 0 {
				way = "plus la valeur est haute, moins la fragilité l'est"
			}
			row := []any{names[s.SubIndex], s.Nom, s.Weight, s.Unit, way, s.Known}
			if s.Fed {
				row = append(row, s.Column, Origin(&s), s.Vintage, s.Proxy)
			} else {
				row = append(row, "inconnu : aucune donnée importée ne la renseigne")
			}
			rows = append(rows, row)
		}
	}
	b.sheet(sheetVariables, []any{"Sous-indice", "Variable", "Poids", "Unité", "Sens", "Lignes connues", "Colonne importée", "Source", "Millésime", "Approchée par"},
		rows, []float64{24, 48, 8, 28, 44, 10, 36, 32, 24, 60})
}

func (b *workbook) about(r *ifn.Result, about About) {
	rows := [][]any{
		{"Indice", r.Structure.Nom},
		{"Structure", r.Structure.Source},
		{"Méthode", string(r.Method) + " : " + r.Method.Formula()},
		{"Cellule vide", "valeur inconnue ; elle n'est jamais comptée comme 0"},
		{"Score", fmt.Sprintf("donné quand au moins %.0f %% du poids de chaque sous-indice est connu", 100*r.MinCompleteness)},
		{"Rang", "1 = le plus fragile ; l'intervalle couvre neuf tirages sur dix des poids et des valeurs inconnues ; le rang prouvé vaut pour tout poids de la moitié au double du sien et toute valeur inconnue"},
		{"Édition", about.Edition},
	}
	for _, warning := range r.Warnings {
		rows = append(rows, []any{"Attention", warning})
	}
	for _, m := range about.Modelled {
		rows = append(rows, []any{"Modélisé", m})
	}
	b.sheet(sheetAbout, []any{"À savoir", ""}, rows, []float64{20, 120})
}
