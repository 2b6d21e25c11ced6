package publics

import (
	"math"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/spread"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/ifn"
)

// Inputs is what a table is made of.
type Inputs struct {
	Parts      []grid.Part
	People     []int32 // of every part
	Population []int   // of every commune
	// Column gives a column of values of communes by its name; nil: it is not known.
	Column  func(name string) *Given
	Squares *Squares // nil: none
}

// Given is a column as it was published.
type Given struct {
	Values  []float64 // of every commune; NaN: unknown
	Vintage string    // empty: unknown
}

// Squares is what a grid counts.
type Squares struct {
	Counts          []spread.Counts // of every part
	Covered         []bool          // communes whose people are spread by squares
	Source, Vintage string
}

// Build says how many of each kind live in each part; nil when nothing is known of any.
//
// A commune that squares cover has the number that they count, where they count the kind:
// it is not made to agree with what is published of the commune, which is of another source
// and another year. Else it has the number that is published of it, or its share times what
// it is a share of, given to its inhabited parts as squares say where they cover it, else as
// its people live. Shares are rounded to thousandths by largest remainder.
func Build(in Inputs) *Table {
	b := &builder{Inputs: in, byCommune: make([][]int32, len(in.Population)), all: make([][]int32, len(in.Population)),
		t: &Table{Amount: make([]int32, NumKinds*len(in.Parts)), Imputed: make([]int32, NumKinds*len(in.Parts)), Known: make([]uint16, len(in.Population))}}
	for i, p := range in.Parts {
		b.all[p.Commune] = append(b.all[p.Commune], int32(i))
		if in.People[i] > 0 {
			b.byCommune[p.Commune] = append(b.byCommune[p.Commune], int32(i))
		}
	}
	known := false
	for k := range Kind(NumKinds) {
		b.count(k)
		known = known || b.t.Columns[k].Known
	}
	if !known {
		return nil
	}
	return b.t
}

type builder struct {
	Inputs
	all, byCommune [][]int32 // parts of every commune, and the inhabited ones
	t              *Table
}

// count fills the column of a kind.
func (b *builder) count(k Kind) {
	about, column := &abouts()[k], &b.t.Columns[k]
	means, ok := b.meaning(about.meanings)
	column.Nom = about.meanings[0].nom
	if ok {
		column.Nom = means.nom
	}
	totals, weight := make([]int, len(b.Population)), make([]float64, len(b.Parts))
	var sources, vintages []string
	note := func(source, vintage string) {
		if source != "" && !slices.Contains(sources, source) {
			sources = append(sources, source)
		}
		if vintage != "" && !slices.Contains(vintages, vintage) {
			vintages = append(vintages, vintage)
		}
	}
	counted := make([]bool, len(b.Population)) // by squares
	for c := range b.Population {
		if sum, ok := b.squares(int32(c), about.square, weight); ok {
			totals[c], counted[c] = thousandths(sum), true
			column.Squares++
			note(b.Squares.Source, b.Squares.Vintage)
		}
	}
	for c := range b.Population {
		if counted[c] || !ok {
			continue
		}
		n, source, vintage, ok := b.told(means, c)
		if !ok {
			continue
		}
		totals[c] = thousandths(n)
		column.Shares++
		note(source, vintage)
		b.squares(int32(c), about.weigh, weight)
		b.know(c, k)
	}
	for c := range counted {
		if counted[c] {
			b.know(c, k)
		}
		sum := 0.0
		for _, p := range b.byCommune[c] {
			sum += weight[p]
		}
		if sum == 0 { // squares do not say
			for _, p := range b.byCommune[c] {
				weight[p] = float64(b.People[p])
			}
		}
		if len(b.byCommune[c]) == 0 { // nobody lives there
			totals[c] = 0
		}
	}
	column.Known, column.Estimate = column.Squares+column.Shares > 0, column.Shares > 0
	column.Source, column.Vintage = strings.Join(sources, " ; "), strings.Join(vintages, ", ")
	for p, n := range grid.Apportion(b.Parts, totals, weight) {
		b.t.Amount[p*NumKinds+int(k)] = n
		if counted[b.Parts[p].Commune] && n > 0 {
			b.t.Imputed[p*NumKinds+int(k)] = b.imputed(p, about.square, n)
		}
	}
}

func (b *builder) know(commune int, k Kind) { b.t.Known[commune] |= 1 << k }

func thousandths(n float64) int { return int(math.Round(n * Thousandth)) }

// squares weighs the inhabited parts of a commune by what squares count, and adds up that of
// all its parts; false when they do not cover it, or do not count it everywhere.
func (b *builder) squares(commune int32, of weights, weight []float64) (sum float64, ok bool) {
	if len(of) == 0 || b.Squares == nil || !b.Squares.Covered[commune] {
		return 0, false
	}
	for _, p := range b.all[commune] {
		for count := range of {
			if b.Squares.Counts[p].Unknown[count] {
				return 0, false
			}
		}
	}
	for _, p := range b.all[commune] {
		n := of.times(&b.Squares.Counts[p].Number)
		sum += n
		if b.People[p] > 0 {
			weight[p] = n
		}
	}
	return sum, true
}

// times adds up counts by their weights, in their order.
func (w weights) times(counts *[store.NumSquareCounts]float64) (sum float64) {
	for count, n := range counts {
		if by, ok := w[store.SquareCount(count)]; ok {
			sum += by * n
		}
	}
	return sum
}

// imputed is how much of an amount rests on imputed squares.
func (b *builder) imputed(part int, of weights, amount int32) int32 {
	s := &b.Squares.Counts[part]
	all, imputed := of.times(&s.Number), of.times(&s.Imputed)
	if all == 0 {
		return 0
	}
	return min(amount, int32(math.Round(float64(amount)*imputed/all)))
}

// meaning is the first of which some commune is known.
func (b *builder) meaning(all []meaning) (meaning, bool) {
	for _, m := range all {
		for c := range b.Population {
			if _, _, _, ok := b.told(m, c); ok {
				return m, true
			}
		}
	}
	return meaning{}, false
}

// told is what is known of a commune: the first of the inputs of a meaning.
func (b *builder) told(m meaning, commune int) (n float64, source, vintage string, ok bool) {
	for _, in := range m.inputs {
		if n, from, ok := b.value(in.Part, commune); ok {
			return n, in.Source, vintageOf(in, from), true
		}
		share, from, ok := b.value(in.Column, commune)
		if !ok || share > 100 {
			continue
		}
		if whole, _, ok := b.value(in.Whole, commune); ok {
			return share * whole / 100, in.Source, vintageOf(in, from), true
		}
		if in.Whole == ofPopulation {
			return share * float64(b.Population[commune]) / 100, in.Source, vintageOf(in, from), true
		}
	}
	return 0, "", "", false
}

func vintageOf(in ifn.Input, from *Given) string {
	if in.Vintage != "" {
		return in.Vintage
	}
	return from.Vintage
}

// value is that of a column in a commune: never negative.
func (b *builder) value(name string, commune int) (float64, *Given, bool) {
	if name == "" {
		return 0, nil, false
	}
	column := b.Column(name)
	if column == nil || !(column.Values[commune] >= 0) {
		return 0, nil, false
	}
	return column.Values[commune], column, true
}
