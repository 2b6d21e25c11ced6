package ifn

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// warn says what keeps the figures of a result from being taken as they are.
func (m *model) warn(r *Result, t *Table, o *Options) {
	s := r.Structure
	if len(s.Methods) > 0 && !slices.Contains(s.Methods, o.Method) {
		names := make([]string, len(s.Methods))
		for i, suits := range s.Methods {
			names[i] = string(suits)
		}
		text := fmt.Sprintf("la méthode %s ne convient pas à la structure %s, faite pour %s", o.Method, s.Name, strings.Join(names, ", "))
		if rho, n := m.agreement(r, t, o); n > 2 {
			text += fmt.Sprintf(" : ses rangs suivent ceux de %s à %s (corrélation de Spearman, %d lignes)", s.Method(), comma(rho), n)
		}
		r.Warnings = append(r.Warnings, text)
	}
	if !math.IsNaN(m.missing) {
		rows := 0
		for i := range r.Rows {
			if row := &r.Rows[i]; row.Score.Known && len(row.Missing) > 0 {
				rows++
			}
		}
		if rows > 0 {
			r.Warnings = append(r.Warnings, fmt.Sprintf("un axe inconnu compte %s point, comme dans les totaux publiés de %s : %d lignes en paraissent moins fragiles qu'elles ne le sont peut-être", comma(m.missing), s.Name, rows))
		}
	}
	for i := range r.Sources {
		for _, src := range r.Sources[i].Leaves() {
			if src.Old != "" {
				r.Warnings = append(r.Warnings, src.Nom+" : "+src.Old)
			}
		}
	}
}

// Leaves are the parts of a variable, or itself.
func (s *Source) Leaves() []Source {
	if len(s.Parts) > 0 {
		return s.Parts
	}
	return []Source{*s}
}

// agreement compares the ranks of a result with those of the structure's own method: their
// correlation over the rows that both score.
func (m *model) agreement(r *Result, t *Table, o *Options) (rho float64, rows int) {
	own := *o
	own.Method, own.ReferenceRow = r.Structure.Method(), nil
	other := r.Structure.feed(t, &own, nil, nil)
	other.subWeights, other.weights = m.subWeights, m.weights
	var a, b []float64
	for i := range r.Rows {
		if x := other.index(i, other.weights); r.Rows[i].Score.Known && !math.IsNaN(x) {
			a, b = append(a, r.Rows[i].Score.V), append(b, x)
		}
	}
	return spearman(a, b), len(a)
}

// spearman is the correlation of the ranks of two columns, ties at their middle; NaN where
// one of them is constant.
func spearman(a, b []float64) float64 {
	p, q := make([]float64, len(a)), make([]float64, len(b))
	Percentile.ownPoints(p, a, 1) // mid-ranks, on another scale
	Percentile.ownPoints(q, b, 1)
	var xy, xx, yy float64
	for i := range p {
		x, y := p[i]-5, q[i]-5 // their mean is the middle of the scale
		xy, xx, yy = xy+x*y, xx+x*x, yy+y*y
	}
	return xy / math.Sqrt(xx*yy)
}

// comma writes a number in French, two decimals at most.
func comma(x float64) string {
	if math.IsNaN(x) {
		return "—"
	}
	text := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.2f", x), "0"), ".")
	return strings.ReplaceAll(text, ".", ",")
}
