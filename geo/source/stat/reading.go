package stat

import (
	"fmt"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
)

// first reads a table for the first time: what its columns are, and which communes and
// parts have rows. What is wrong is told later.
func (v *variableReader) first(f source.File) (*plan, error) {
	t, err := v.open(f)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	p, err := v.planOf(f, t)
	if err != nil {
		return nil, err
	}
	v.survey.perValue = v.survey.perValue || p.long()
	guess := v.o.Mapping == nil && !p.long()
	numbers, texts := make([]int, len(t.Header)), make([]string, len(t.Header))
	var values []named
	err = t.Each(func(r sheet.Row) error {
		if guess {
			for i := range t.Header {
				switch c, ok := parseCell(r.Fields[i], nil); {
				case ok && c.known:
					numbers[i]++
				case !ok && texts[i] == "":
					texts[i] = source.Clean(r.Fields[i])
				}
			}
		}
		u, why := v.unitOf(p.rowCode(r.Fields))
		if why != "" || !p.filter.keeps(r) {
			return nil
		}
		if p.weight >= 0 && u.part != "" {
			if c, ok := parseCell(r.Fields[p.weight], nil); ok && c.known {
				v.survey.weigh(u.part, u.commune, c.value)
			}
		}
		if p.long() {
			values, _ = v.valuesOf(p, r, values[:0])
		}
		v.survey.note(u, values, p.long())
		return nil
	}, nil)
	if err != nil {
		return nil, err
	}
	if guess {
		v.variables(p, t.HeaderLine, numbers, texts)
	}
	return p, nil
}

// each reads the sound rows of a table again: through skipped, when not nil, go those that
// the mapping leaves out, and those that are not understood.
func (v *variableReader) each(p *plan, skipped func(r sheet.Row, u unit, reason string), use func(*plan, sheet.Row, unit, []named) error) error {
	t, err := v.open(p.f)
	if err != nil {
		return err
	}
	defer t.Close()
	var values []named
	read := func(r sheet.Row) error {
		u, reason := unit{}, ""
		if p.filter.keeps(r) {
			if u, reason = v.unitOf(p.rowCode(r.Fields)); reason == "" {
				if values, reason = v.valuesOf(p, r, values[:0]); reason == "" {
					return use(p, r, u, values)
				}
			}
		}
		if skipped != nil {
			skipped(r, u, reason)
		}
		return nil
	}
	if skipped == nil {
		return t.Each(read, nil)
	}
	return sheet.EachRowIn(v.rec, t, func(r sheet.Row) error {
		v.rec.Read-- // values are counted, not rows
		return read(r)
	})
}

// handOver reads a table for the last time.
func (v *variableReader) handOver(p *plan) error {
	notGiven, padded, first := marks{}, 0, ""
	firstLine := 0
	wholes := 0
	skipped := func(r sheet.Row, u unit, reason string) {
		v.rec.Read++
		switch {
		case !p.filter.keeps(r):
			v.rec.Skipped++
			p.filter.leave(r)
		case u.commune != "" && p.long() && source.Clean(r.Fields[p.name]) == "":
			v.rec.Reject(p.f.Name, r.Line, p.header[p.name], "", reason)
		default:
			v.rec.Reject(p.f.Name, r.Line, p.header[p.code], p.rowCode(r.Fields), reason)
		}
	}
	err := v.each(p, skipped, func(p *plan, r sheet.Row, u unit, values []named) error {
		if u.padded {
			if padded++; padded == 1 {
				first, firstLine = p.rowCode(r.Fields), r.Line
			}
		}
		switch s := v.survey; {
		case u.part == "":
		case s.whole[u.commune]:
			wholes++
			v.rec.Read++
			v.rec.Skipped++
			return nil
		case !s.joinable(u.commune):
			if len(values) > 0 {
				v.rec.Read++
				v.rec.Reject(p.f.Name, r.Line, p.header[p.code], u.part, u.partFault())
			}
			return nil
		}
		for _, n := range values {
			switch {
			case n.bad:
				v.rec.Read++
				v.rec.Reject(p.f.Name, r.Line, p.header[n.column], source.Clean(r.Fields[n.column]), "nombre non compris ; attendu un nombre, ou une cellule vide si la valeur est inconnue")
			case !n.known:
				notGiven.add(n.cell)
			default:
				v.rec.Read++
				if err := v.settle(p, r, u, n); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if padded > 0 {
		v.rec.Warn(p.f.Name, firstLine, p.header[p.code], first, fmt.Sprintf("codes sans leur zéro initial, qui leur est rendu : %d", padded))
	}
	if wholes > 0 {
		v.rec.Warn(p.f.Name, 0, "", "", fmt.Sprintf("lignes d'IRIS ou d'arrondissements laissées de côté, leur commune ayant la sienne : %d", wholes))
	}
	notGiven.tell(v.rec, p.f.Name)
	p.filter.tell(v.rec, p.f.Name)
	return nil
}
