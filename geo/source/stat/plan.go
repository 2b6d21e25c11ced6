package stat

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
)

// plan is how a table is read.
type plan struct {
	f       source.File
	header  []string
	code    int // column of the codes
	commune int // that of the communes, when the former has codes of IRIS; negative: none
	weight  int // that of the people of a row; negative: none
	filter  *rowFilter

	name, value int      // columns of a long table; negative in a wide one
	columns     []column // the variables of a wide table
}

// column is a variable of a wide table.
type column struct {
	at      int
	name    string
	unknown []string
	count   bool // people or things, which add up
}

var (
	weightName = regexp.MustCompile(`^(p\d\d_pop|pop\d{0,4}|population(_municipale|_totale)?|pmun_?\d{0,4}|ind|habitants|nb_habitants)$`)
	countName  = regexp.MustCompile(`^([pc]\d\d_|nb|nombre)`)
	countUnit  = []string{"habitants", "personnes", "logements", "ménages", "menages", "nombre", "individus"}
)

// planOf says how an open table is read, but for the columns of a wide table without
// mapping, which are known by their cells.
func (v *variableReader) planOf(f source.File, t *sheet.Table) (*plan, error) {
	p := &plan{f: f, header: t.Header, code: v.codeColumn(t.Header), commune: -1, weight: -1, name: t.Column(variableNames), value: t.Column(valueNames)}
	if p.code < 0 {
		name := source.CommuneCodeNames[0]
		if m := v.o.Mapping; m != nil && m.Code.Name != "" {
			name = m.Code.Name
		}
		return nil, t.Lacks(name)
	}
	if slices.Contains(irisNames, t.Header[p.code]) {
		p.commune = t.Column(source.CommuneCodeNames)
	}
	weight := func(h string) bool { return weightName.MatchString(h) }
	if m := v.o.Mapping; m != nil && m.Weight != "" {
		weight = func(h string) bool { return foldBlanks(h) == foldBlanks(m.Weight) }
	}
	p.weight = slices.IndexFunc(t.Header, weight)
	if p.name < 0 || p.value < 0 {
		p.name, p.value = -1, -1
	}
	var err error
	if p.filter, err = v.newFilter(t); err != nil {
		return nil, err
	}
	if m := v.o.Mapping; m != nil && !p.long() {
		var missing []string
		for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
			at := slices.IndexFunc(t.Header, func(h string) bool { return foldBlanks(h) == name })
			if at < 0 {
				missing = append(missing, name)
			}
			c := m.Columns[name]
			p.columns = append(p.columns, column{at, c.Variable, c.Unknown, slices.Contains(countUnit, strings.ToLower(c.Unit))})
		}
		if missing != nil {
			if onlyWeights := len(missing) == len(m.Columns) && p.weight >= 0; !onlyWeights {
				return nil, t.Lacks(missing...)
			}
			p.columns = nil
		}
		slices.SortFunc(p.columns, func(a, b column) int { return cmp.Compare(a.at, b.at) })
	}
	return p, nil
}

func (p *plan) long() bool { return p.name >= 0 }

// named is one value of a row.
type named struct {
	column int
	name   string
	cell
	bad   bool // it is not understood
	count bool
}

// valuesOf are the values of a row; reason is what is wrong with it as a whole.
func (v *variableReader) valuesOf(p *plan, r sheet.Row, into []named) (values []named, reason string) {
	if !p.long() {
		for _, c := range p.columns {
			got, ok := parseCell(r.Fields[c.at], c.unknown)
			into = append(into, named{c.at, c.name, got, !ok, c.count})
		}
		return into, ""
	}
	name, unknown, count := source.ColumnName(r.Fields[p.name]), []string(nil), false
	if m := v.o.Mapping; m != nil {
		c, ok := m.Columns[foldBlanks(name)]
		if !ok {
			return into, ""
		}
		name, unknown, count = c.Variable, c.Unknown, slices.Contains(countUnit, strings.ToLower(c.Unit))
	} else {
		count = isCount(name)
	}
	if name == "" {
		return into, "nom de variable absent ; attendu un texte"
	}
	got, ok := parseCell(r.Fields[p.value], unknown)
	return append(into, named{p.value, name, got, !ok, count}), ""
}

// isCount tells by its name a variable that adds up, as those of the census do.
func isCount(name string) bool { return countName.MatchString(name) || weightName.MatchString(name) }

// variables are the columns of a wide table without mapping: numbers, that do not describe
// the commune.
func (v *variableReader) variables(p *plan, line int, numbers []int, texts []string) {
	for i, name := range p.header {
		switch {
		case slices.Contains(describing, name):
		case name == "":
			if numbers[i] > 0 || texts[i] != "" {
				v.rec.Warn(p.f.Name, line, "", "", "colonne sans nom, laissée de côté ; attendu un nom de variable dans l'en-tête")
			}
		case numbers[i] == 0 && texts[i] != "":
			v.rec.Warn(p.f.Name, line, name, texts[i], "colonne sans aucun nombre, laissée de côté")
		default:
			p.columns = append(p.columns, column{i, name, nil, isCount(name)})
		}
	}
}
