package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	written "github.com/aisne-numerique/maillage/geo/decimal"
)

// unknownText stands for an unknown value in tables.
const unknownText = "–"

// decimal writes a number the French way, with a decimal comma.
func decimal(v float64, digits int) string {
	return strings.Replace(strconv.FormatFloat(v, 'f', digits, 64), ".", ",", 1)
}

// tenths writes a figure with one decimal, from what JSON has of it, as pages and the map do.
func tenths[T interface {
	~float64
	Written() T
}](v T) string {
	return decimal(written.Round(float64(v.Written()), 1), 1)
}

// choices lists what an option accepts.
func choices[T fmt.Stringer](all []T) string {
	names := make([]string, len(all))
	for i, v := range all {
		names[i] = v.String()
	}
	return strings.Join(names, ", ")
}

// table lines up columns for a terminal: numbers to the right, text to the left.
type table struct {
	header []string
	rows   [][]string
}

func newTable(header ...string) *table { return &table{header: header} }

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) write(w io.Writer) error {
	width := make([]int, len(t.header))
	text := make([]bool, len(t.header))
	for _, row := range append([][]string{t.header}, t.rows...) {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range t.rows {
		for i, cell := range row {
			_, err := strconv.ParseFloat(strings.Replace(cell, ",", ".", 1), 64)
			text[i] = text[i] || err != nil && cell != unknownText
		}
	}
	var b strings.Builder
	for _, row := range append([][]string{t.header}, t.rows...) {
		line := ""
		for i, cell := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if text[i] {
				line += cell + pad + "  "
			} else {
				line += pad + cell + "  "
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	_, err := fmt.Fprint(w, b.String())
	return err
}
