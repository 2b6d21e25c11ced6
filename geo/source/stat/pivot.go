package stat

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
	"github.com/aisne-numerique/maillage/geo/source/stat/layout"
	"github.com/aisne-numerique/maillage/geo/store"
)

// mostGathered is how many values of a long table are held: those of every IRIS of France,
// for ten terms, are half a million.
const mostGathered = 5_000_000

// pivot is a long table made wide: its rows that a mapping names, by place, in the order in
// which places come.
type pivot struct {
	records []record
	at      map[placeKey]int

	name, value, power int // columns; negative: none
	status             []int
	totals             []int // columns that must say total
	total              string
	byName             map[string][]int // terms, by the folded name of their value
}

// placeKey is a place of a level as a table writes it.
type placeKey struct {
	level store.Level
	code  string
}

// planLong finds the columns of a long table.
func (v *variableReader) planLong(p *plan, t *sheet.Table) error {
	l := p.mapping.Long
	column := func(name string) int { return columnOf(t.Header, p.when.Name(name)) }
	g := &pivot{at: map[placeKey]int{}, name: column(l.Name), value: column(l.Value), power: column(l.Power), total: l.Total, byName: map[string][]int{}}
	if l.Name != "" && g.name < 0 {
		return t.Lacks(l.Name)
	}
	if g.value < 0 {
		return t.Lacks(p.when.Name(l.Value))
	}
	for _, name := range l.Status {
		if at := column(name); at >= 0 {
			g.status = append(g.status, at)
		}
	}
	if l.Total != "" {
		known := append([]int{p.code, p.commune, g.name, g.value, g.power, p.rows.levelAt, columnOf(t.Header, layout.Fold(p.mapping.Period))}, g.status...)
		for at, h := range t.Header {
			other := slices.ContainsFunc(l.Others, func(o string) bool { return layout.Fold(o) == layout.Fold(h) })
			if h != "" && !other && !slices.Contains(known, at) {
				g.totals = append(g.totals, at)
			}
		}
	}
	for i, term := range p.terms {
		g.byName[term.name] = append(g.byName[term.name], i)
	}
	p.gathered = g
	return nil
}

// matches reports whether a row is of a term.
func (g *pivot) matches(t *term, fields []string) bool {
	for at, want := range t.where {
		if source.Clean(fields[at]) != want {
			return false
		}
	}
	for _, at := range g.totals {
		if _, told := t.where[at]; !told && source.Clean(fields[at]) != g.total {
			return false
		}
	}
	return true
}

// gatherLong reads a long table into its pivot.
func (v *variableReader) gatherLong(p *plan, t *sheet.Table) error {
	g := p.gathered
	held := 0
	v.rec.NoteText(p.f)
	return t.Each(func(r sheet.Row) error {
		level, out, keep := p.rows.take(p.header, r.Fields)
		if !keep {
			v.rec.Read++
			v.rec.Skipped++
			p.rows.leave(out, r.Line)
			return nil
		}
		name := ""
		if g.name >= 0 {
			name = layout.Fold(r.Fields[g.name])
		}
		if g.name >= 0 && name == "" {
			v.rec.Read++
			v.rec.Reject(p.f.Name, r.Line, p.header[g.name], "", "nom de variable absent ; attendu un texte")
			return v.rec.Overflow()
		}
		for _, i := range g.byName[name] {
			term := &p.terms[i]
			if !g.matches(term, r.Fields) {
				continue
			}
			key := placeKey{level, p.codeOf(r.Fields)}
			at, known := g.at[key]
			if !known {
				if held += len(p.terms); held > mostGathered {
					return source.FailAt(p.f.Name, r.Line, "plus de %d millions de valeurs à réunir ; attendu une table par commune, EPCI ou IRIS", mostGathered/1_000_000)
				}
				at = len(g.records)
				g.at[key] = at
				g.records = append(g.records, record{line: r.Line, code: key.code, level: level, given: make([]given, len(p.terms))})
			}
			g.note(&g.records[at].given[i], term, p.header, r)
		}
		return nil
	}, func(line int, reason string) error {
		v.rec.Read++
		v.rec.Reject(p.f.Name, line, "", "", reason)
		return v.rec.Overflow()
	})
}

// note keeps what a row says of a term: a value that differs from one before is none.
func (g *pivot) note(into *given, t *term, header []string, r sheet.Row) {
	text := r.Fields[g.value]
	c, ok := t.read(text)
	if ok && !c.known && c.mark == "" {
		for _, at := range g.status {
			if status := source.Clean(r.Fields[at]); status != "" && status != "A" && status != "F" {
				c.mark = strings.ToLower(header[at]) + " " + status
				break
			}
		}
	}
	if ok && c.known && g.power >= 0 {
		if power, known := source.ParseNumber(source.Clean(r.Fields[g.power])); known && power != 0 && math.Abs(power) <= 15 {
			c.value *= math.Pow(10, power)
		}
	}
	now := given{cell: c, bad: !ok, text: text, field: header[g.value], line: r.Line}
	switch {
	case into.line == 0, !into.bad && !into.known && into.conflict == "":
		*into = now
	case into.conflict != "" || !now.bad && !now.known:
	case now.bad || into.bad || now.value != into.value:
		into.bad = true
		into.conflict = fmt.Sprintf("une autre valeur à la ligne %d (« %s ») ; attendu une seule valeur", r.Line, source.Shorten(source.Clean(text)))
	}
}
