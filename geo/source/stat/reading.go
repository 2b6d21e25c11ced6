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
	for i := range p.variables {
		v.survey.counts = v.survey.counts || p.variables[i].kind == count
	}
	guess := p.mapping == nil && !p.long()
	numbers, texts := make([]int, len(t.Header)), make([]string, len(t.Header))
	var values []named
	look := func(r *record) error {
		u, why := v.unitOf(p, r.code, r.level)
		if why != "" {
			return nil
		}
		if p.weight >= 0 && r.fields != nil {
			if c, ok := parseCell(r.fields[p.weight], nil); ok && c.known {
				v.survey.weigh(u, c.value)
			}
		}
		if p.long() {
			values, _ = v.valuesOf(p, r, values[:0])
		}
		v.survey.note(u, values, p.long())
		return nil
	}
	if p.gathered != nil {
		if err := v.gatherLong(p, t); err != nil {
			return nil, err
		}
		for i := range p.gathered.records {
			if err := look(&p.gathered.records[i]); err != nil {
				return nil, err
			}
		}
		return p, nil
	}
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
		level, _, keep := p.rows.take(p.header, r.Fields)
		if !keep {
			return nil
		}
		return look(&record{line: r.Line, code: p.codeOf(r.Fields), level: level, fields: r.Fields})
	}, nil)
	if err != nil {
		return nil, err
	}
	if guess {
		v.unmapped(p, numbers, texts)
	}
	return p, nil
}

// each reads the sound rows of a table again: through skipped, when not nil, go those that
// are left out, and those that are not understood.
func (v *variableReader) each(p *plan, skipped func(r *record, u unit, out leftOut, reason string), use func(*plan, *record, unit, []named) error) error {
	var values []named
	read := func(r *record) error {
		u, reason := v.unitOf(p, r.code, r.level)
		if reason == "" {
			if values, reason = v.valuesOf(p, r, values[:0]); reason == "" {
				return use(p, r, v.survey.resolve(u), values)
			}
		}
		if skipped != nil {
			skipped(r, u, leftOut{}, reason)
		}
		return nil
	}
	if p.gathered != nil {
		for i := range p.gathered.records {
			if err := read(&p.gathered.records[i]); err != nil {
				return err
			}
			if err := v.rec.Overflow(); err != nil {
				return err
			}
		}
		return nil
	}
	t, err := v.open(p.f)
	if err != nil {
		return err
	}
	defer t.Close()
	var r record
	row := func(from sheet.Row) error {
		level, out, keep := p.rows.take(p.header, from.Fields)
		r.line, r.code, r.level, r.fields = from.Line, p.codeOf(from.Fields), level, from.Fields
		if !keep {
			if skipped != nil {
				skipped(&r, unit{}, out, "")
			}
			return nil
		}
		return read(&r)
	}
	if skipped == nil {
		return t.Each(row, nil)
	}
	return sheet.EachRowIn(v.rec, t, func(r sheet.Row) error {
		v.rec.Read-- // values are counted, not rows
		return row(r)
	})
}

// handOver reads a table for the last time.
func (v *variableReader) handOver(p *plan) error {
	notGiven, padded, first := marks{}, 0, ""
	firstLine := 0
	wholes := 0
	skipped := func(r *record, u unit, out leftOut, reason string) {
		v.rec.Read++
		switch {
		case reason == "":
			v.rec.Skipped++
			p.rows.leave(out, r.line)
		case u.place != "" && p.long() && source.Clean(r.fields[p.name]) == "":
			v.rec.Reject(p.f.Name, r.line, p.header[p.name], "", reason)
		default:
			v.rec.Reject(p.f.Name, r.line, p.header[p.code], r.code, reason)
		}
	}
	err := v.each(p, skipped, func(p *plan, r *record, u unit, values []named) error {
		if u.padded {
			if padded++; padded == 1 {
				first, firstLine = r.code, r.line
			}
		}
		switch s := v.survey; {
		case u.part == "":
		case s.whole[u.place]:
			wholes++
			v.rec.Read++
			v.rec.Skipped++
			return nil
		case !s.joinable(u) && !u.isIRIS():
			if len(values) > 0 {
				v.rec.Read++
				v.rec.Reject(p.f.Name, r.line, p.header[p.code], u.part, u.partFault())
			}
			return nil
		}
		for _, n := range values {
			switch {
			case n.fault != "":
				v.rec.Read++
				v.rec.Reject(p.f.Name, n.line, n.field, source.Clean(n.text), n.fault)
			case !n.known:
				v.rec.Blank()
				notGiven.add(n.cell)
			default:
				v.rec.Read++
				if err := v.settle(p, u, n); err != nil {
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
	p.rows.tell(v.rec, p.f.Name)
	return nil
}
