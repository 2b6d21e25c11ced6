package stat

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
	"github.com/aisne-numerique/maillage/geo/source/stat/layout"
	"github.com/aisne-numerique/maillage/geo/store"
)

// plan is how a table is read.
type plan struct {
	*shape
	f       source.File
	header  []string
	line    int // of the header
	code    int // column of the codes
	commune int // that of the communes, when the former has codes of IRIS; negative: none
	weight  int // that of the people of a row; negative: none
	rows    rowRules

	name, value int // columns of a long table without mapping; negative in others
	terms       []term
	variables   []variable
	gathered    *pivot // the rows of a long table with a mapping
}

// planOf says how an open table is read, but for the columns of a wide table without
// mapping, which are known by their cells.
func (v *variableReader) planOf(f source.File, t *sheet.Table) (*plan, error) {
	p := &plan{shape: v.shape[f.SHA256], f: f, header: t.Header, line: t.HeaderLine, commune: -1, weight: -1, name: -1, value: -1}
	if p.shape == nil {
		p.shape = &shape{mapping: v.o.Mapping}
	}
	m := p.mapping
	if p.code, _ = v.codeColumn(t.Header); m != nil && m.Code.Name != "" {
		p.code = columnOf(t.Header, layout.Fold(m.Code.Name))
	}
	if p.code < 0 {
		name := source.CommuneCodeNames[0]
		if m != nil && m.Code.Name != "" {
			name = m.Code.Name
		}
		return nil, t.Lacks(name)
	}
	if slices.Contains(irisNames, t.Header[p.code]) {
		p.commune = t.Column(source.CommuneCodeNames)
	}
	weight := func(h string) bool { return weightName.MatchString(h) }
	if m != nil && m.Weight != "" {
		weight = func(h string) bool { return layout.Fold(h) == layout.Fold(m.Weight) }
	}
	p.weight = slices.IndexFunc(t.Header, weight)
	var err error
	if p.rows, err = newRowRules(p.shape, t); err != nil {
		return nil, err
	}
	if name, value := t.Column(variableNames), t.Column(valueNames); name >= 0 && value >= 0 {
		if m == nil {
			p.name, p.value = name, value
			return p, nil
		}
		if m.Long == nil {
			long := *m
			long.Long = &source.LongTable{Name: t.Header[name], Value: t.Header[value]}
			s := *p.shape
			s.mapping = &long
			p.shape = &s
		}
	}
	if p.mapping != nil {
		return p, v.planMapping(p, t)
	}
	return p, nil
}

// long reports whether each row is a value that names itself.
func (p *plan) long() bool { return p.name >= 0 }

func columnOf(header []string, folded string) int {
	if folded == "" {
		return -1
	}
	return slices.IndexFunc(header, func(h string) bool { return layout.Fold(h) == folded })
}

// planMapping makes the variables of a mapping. Those of a published layout that want columns
// which a table has not are left out, and told; those that a user asked for are an error.
func (v *variableReader) planMapping(p *plan, t *sheet.Table) error {
	c := compiler{mapping: p.mapping, when: p.when, column: func(folded string) int { return columnOf(t.Header, folded) }}
	before := map[string]int{}
	var missing, without []string
	all := p.mapping.All()
	for i := range all {
		column := &all[i]
		one := variable{name: column.Variable, kind: kindOf(column.Variable, column.Unit, true)}
		c.missing = nil
		terms := len(c.terms)
		one.formula = c.compile(column.Formula, column, before, &one.terms)
		if c.missing != nil {
			c.terms = c.terms[:terms]
			without = append(without, column.Variable)
			for _, name := range c.missing {
				if !slices.Contains(missing, name) && !slices.Contains(without, name) {
					missing = append(missing, name)
				}
			}
			continue
		}
		one.derived = len(one.terms) == 0
		before[one.name] = len(p.variables)
		p.variables = append(p.variables, one)
	}
	p.terms = c.terms
	switch onlyWeights := len(p.variables) == 0 && p.weight >= 0; {
	case missing == nil, onlyWeights && p.layout == "":
	case p.layout == "", len(p.variables) == 0:
		return t.Lacks(missing...)
	default:
		v.rec.Warn(p.f.Name, t.HeaderLine, "", "", fmt.Sprintf("%s : colonnes absentes : %s ; variables qui n'en sont pas tirées : %s", p.said(), strings.Join(upper(missing), ", "), strings.Join(without, ", ")))
	}
	if p.mapping.Long == nil { // columns as they stand in the table
		simple := len(p.mapping.Columns)
		if simple <= len(p.variables) {
			slices.SortStableFunc(p.variables[:simple], func(a, b variable) int {
				return cmp.Compare(p.terms[a.formula.at].at, p.terms[b.formula.at].at)
			})
		}
		return nil
	}
	return v.planLong(p, t)
}

// upper writes names of columns as offices do.
func upper(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = strings.ToUpper(n)
	}
	return out
}

// named is one value of a row.
type named struct {
	*variable
	of int // rank among the variables of the plan
	cell
	fault string // what is wrong with it; "" when nothing is
	field string
	text  string // as written
	line  int
}

// record is a row as it is read: a row of a table, or what the rows of a long one give of one
// place.
type record struct {
	line   int
	code   string
	level  store.Level
	fields []string // of a table
	given  []given  // of the terms
}

// take reads the terms of a row of a wide table.
func (p *plan) take(r *record) {
	r.given = r.given[:0]
	for i := range p.terms {
		t := &p.terms[i]
		text := r.fields[t.at]
		c, ok := t.read(text)
		r.given = append(r.given, given{cell: c, bad: !ok, text: text, field: t.name, line: r.line})
	}
}

// notNumber is told of a cell that is not understood.
func (t *term) notNumber() string {
	if t.values != nil {
		return "texte non compris ; attendu l'un de ceux que la présentation connaît, ou une cellule vide si la valeur est inconnue"
	}
	return "nombre non compris ; attendu un nombre, ou une cellule vide si la valeur est inconnue"
}

// valuesOf are the values of a row; reason is what is wrong with it as a whole.
func (v *variableReader) valuesOf(p *plan, r *record, into []named) (values []named, reason string) {
	if p.long() {
		name := source.ColumnName(r.fields[p.name])
		if name == "" {
			return into, "nom de variable absent ; attendu un texte"
		}
		one := &variable{name: name, kind: kindOf(name, "", false)}
		t := term{}
		c, ok := t.read(r.fields[p.value])
		n := named{variable: one, cell: c, field: p.header[p.value], text: r.fields[p.value], line: r.line}
		if !ok {
			n.fault = t.notNumber()
		}
		return append(into, n.checked()), ""
	}
	if r.fields != nil {
		p.take(r)
	}
	terms := func(i int) cell { return r.given[i].cell }
	from := len(into)
	for i := range p.variables {
		one := &p.variables[i]
		n := named{variable: one, of: i, line: r.line}
		if len(one.terms) > 0 {
			g := &r.given[one.terms[0]]
			n.field, n.text = g.field, g.text
			if g.line > 0 {
				n.line = g.line
			}
		} else if at := one.formula.variable(); at >= 0 {
			n.field, n.text, n.line = into[from+at].field, into[from+at].text, into[from+at].line
		}
		for _, at := range one.terms {
			if g := &r.given[at]; g.bad {
				n.fault, n.field, n.text, n.line = cmp.Or(g.conflict, p.terms[at].notNumber()), g.field, g.text, g.line
				break
			}
		}
		if n.fault == "" {
			n.cell = one.formula.compute(terms, func(i int) cell { return into[from+i].cell })
		}
		into = append(into, n.checked())
	}
	return into, ""
}

// variable is the first variable that a formula takes; negative: none.
func (n *node) variable() int {
	if n.do == takeVariable {
		return n.at
	}
	for i := range n.of {
		if at := n.of[i].variable(); at >= 0 {
			return at
		}
	}
	return -1
}

// checked refuses a value that its unit does not allow.
func (n named) checked() named {
	if !n.known || n.fault != "" {
		return n
	}
	value, reason := n.kind.within(n.name, n.value)
	if reason != "" {
		written := source.Clean(n.text)
		if len(n.formula.of) > 0 || n.formula.factor != 1 && n.formula.factor != 0 {
			reason = fmt.Sprintf("%s vaut %.6g : %s", n.name, n.value, reason)
		}
		n.cell, n.fault, n.text = cell{}, reason, written
		return n
	}
	n.value = value
	return n
}

// unmapped are the columns of a wide table without mapping: numbers, that do not describe
// the commune.
func (v *variableReader) unmapped(p *plan, numbers []int, texts []string) {
	for i, name := range p.header {
		switch {
		case slices.Contains(describing, name):
		case name == "":
			if numbers[i] > 0 || texts[i] != "" {
				v.rec.Warn(p.f.Name, p.line, "", "", "colonne sans nom, laissée de côté ; attendu un nom de variable dans l'en-tête")
			}
		case numbers[i] == 0 && texts[i] != "":
			v.rec.Warn(p.f.Name, p.line, name, texts[i], "colonne sans aucun nombre, laissée de côté")
		default:
			at := len(p.terms)
			p.terms = append(p.terms, term{name: name, at: i})
			p.variables = append(p.variables, variable{name: name, kind: kindOf(name, "", false), terms: []int{at}, formula: node{do: takeTerm, at: at, factor: 1}})
		}
	}
}
