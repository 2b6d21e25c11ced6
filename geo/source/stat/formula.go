package stat

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/stat/layout"
)

// term is a number that formulas take from a row: a column of a wide table, or of a long one
// the value of rows that name it.
type term struct {
	name    string // of the column, or of the value
	at      int    // column of a wide table
	where   map[int]string
	unknown []string
	values  map[string]float64 // texts and what they stand for, by slug; nil: numbers
}

// given is what a table says of a term at one row.
type given struct {
	cell
	bad      bool   // it is not understood
	conflict string // it is given twice, otherwise
	text     string
	field    string
	line     int
}

// read reads a cell.
func (t *term) read(text string) (c cell, ok bool) {
	if t.values == nil {
		return parseCell(text, t.unknown)
	}
	if v, ok := t.values[source.Slug(text)]; ok {
		return cell{value: v, known: true}, true
	}
	if c, ok := parseCell(text, t.unknown); ok && !c.known {
		return c, true
	}
	return cell{}, false
}

// operation is what a node of a formula does.
type operation uint8

const (
	takeTerm operation = iota
	takeVariable
	takeConstant
	ratio
	sum
	difference
)

// node is a formula ready to be computed.
type node struct {
	do       operation
	at       int // term or variable
	constant float64
	factor   float64
	of       []node
}

// variable is one that a table gives.
type variable struct {
	name    string
	formula node
	kind    kind
	terms   []int // that it takes, of the plan
	derived bool  // from other variables alone
}

// mark of a ratio whose denominator is zero.
const noDenominator = "0 au dénominateur"

// compute gives the value of a formula from the terms of a row and the variables before it.
// It is unknown when anything that it takes is, with the mark of the first of them.
func (n *node) compute(terms, variables func(int) cell) cell {
	var c cell
	switch n.do {
	case takeTerm:
		c = terms(n.at)
	case takeVariable:
		c = variables(n.at)
	case takeConstant:
		c = cell{value: n.constant, known: true}
	default:
		c = n.of[0].compute(terms, variables)
		for i := 1; i < len(n.of) && c.known; i++ {
			b := n.of[i].compute(terms, variables)
			switch {
			case !b.known:
				c = b
			case n.do == sum:
				c.value += b.value
			case n.do == difference:
				c.value -= b.value
			case b.value == 0:
				c = cell{mark: noDenominator}
			default:
				c.value /= b.value
			}
		}
	}
	if c.known {
		c.value *= n.factor
	}
	return c
}

// compiler makes variables of the columns of a mapping, for a table.
type compiler struct {
	mapping *source.Mapping
	when    layout.When
	column  func(folded string) int // negative: the table has none of that name
	terms   []term
	missing []string // columns that the variable at hand wants and the table has not
}

// compile makes a formula ready, and notes the terms that it takes.
func (c *compiler) compile(f *source.Formula, v *source.Column, before map[string]int, takes *[]int) node {
	n := node{factor: 1}
	if f.Factor != nil {
		n.factor = *f.Factor
	}
	operands := func(do operation, list []source.Formula) {
		n.do = do
		for i := range list {
			n.of = append(n.of, c.compile(&list[i], v, before, takes))
		}
	}
	switch {
	case f.Variable != "":
		at, ok := before[f.Variable]
		if !ok {
			c.missing = append(c.missing, f.Variable)
		}
		n.do, n.at = takeVariable, at
	case f.Constant != nil:
		n.do, n.constant = takeConstant, *f.Constant
	case f.Ratio != nil:
		operands(ratio, f.Ratio)
	case f.Sum != nil:
		operands(sum, f.Sum)
	case f.Difference != nil:
		operands(difference, f.Difference)
	case f.First != nil:
		var lacks []string // what the first of them lacks, when all lack something
		wanted := c.missing
		for i := range f.First {
			c.missing = nil
			terms, taken := len(c.terms), len(*takes)
			chosen := c.compile(&f.First[i], v, before, takes)
			if c.missing == nil {
				c.missing = wanted
				chosen.factor *= n.factor
				return chosen
			}
			if i == 0 {
				lacks = c.missing
			}
			c.terms, *takes = c.terms[:terms], (*takes)[:taken]
		}
		c.missing = append(wanted, lacks...)
	default:
		n.do, n.at = takeTerm, c.term(f, v)
		*takes = append(*takes, n.at)
	}
	return n
}

// term finds or makes the term of a column.
func (c *compiler) term(f *source.Formula, v *source.Column) int {
	t := term{name: c.when.Name(f.Column), at: -1, unknown: v.Unknown}
	if f.Values != nil {
		t.values = map[string]float64{}
		for text, stands := range f.Values {
			t.values[source.Slug(text)] = stands
		}
	}
	if c.mapping.Long == nil {
		if t.at = c.column(t.name); t.at < 0 {
			c.missing = append(c.missing, t.name)
		}
	} else if f.Where != nil {
		t.where = map[int]string{}
		for name, value := range f.Where {
			at := c.column(c.when.Name(name))
			if at < 0 {
				c.missing = append(c.missing, c.when.Name(name))
			}
			t.where[at] = value
		}
	}
	c.terms = append(c.terms, t)
	return len(c.terms) - 1
}

// kind is what a number can be.
type kind uint8

const (
	anyNumber kind = iota
	share          // of a hundred
	count          // people or things, which add up
)

var (
	weightName = regexp.MustCompile(`^(p\d\d_pop|pop\d{0,4}|population(_municipale|_totale)?|pmun_?\d{0,4}|ind|habitants|nb_habitants)$`)
	countName  = regexp.MustCompile(`^([pc]\d\d_|nb|nombre)|_nb$`)
	countUnit  = []string{"habitants", "personnes", "logements", "locaux", "ménages", "menages", "nombre", "individus"}
)

// kindOf tells what a variable can be by its unit, or by its name.
func kindOf(name, unit string, mapped bool) kind {
	unit = strings.ToLower(source.Clean(unit))
	switch {
	case strings.HasPrefix(unit, "%"), unit == "pourcent", strings.HasSuffix(name, "_pct"):
		return share
	case slices.Contains(countUnit, unit), strings.HasSuffix(name, "_nb"), !mapped && isCount(name):
		return count
	}
	return anyNumber
}

// isCount tells by its name a variable that adds up, as those of the census do.
func isCount(name string) bool { return countName.MatchString(name) || weightName.MatchString(name) }

// noise is how far beyond its bounds the arithmetic of floating point takes a share.
const noise = 1e-9

// within says what is wrong with a value of a kind, "" when nothing is, and gives it without
// the noise of arithmetic.
func (k kind) within(name string, v float64) (value float64, reason string) {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return v, "nombre trop grand"
	case k == share && (v < -noise || v > 100+100*noise):
		return v, "part hors de son unité ; attendu de 0 à 100 %"
	case k == share:
		return min(max(v, 0), 100), ""
	case k == count && v < 0 && strings.HasSuffix(name, "_nb"):
		return v, "nombre négatif ; attendu 0 ou davantage"
	}
	return v, ""
}
