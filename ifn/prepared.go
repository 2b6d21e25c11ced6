package ifn

import (
	"fmt"
	"maps"
	"math"
)

// Prepared is a table that was scored once, to be scored again with some columns
// changed, at the price of these columns. It is immutable and safe for concurrent use.
type Prepared struct {
	structure *Structure
	table     *Table
	options   Options
	model     *model
}

// Prepare scores a table. Draws have no meaning for it, nor have ranks.
func (s *Structure) Prepare(t *Table, o Options) (*Prepared, error) {
	if err := o.check(t); err != nil {
		return nil, fmt.Errorf("ifn: %w", err)
	}
	if err := s.Check(); err != nil {
		return nil, fmt.Errorf("ifn: %w", err)
	}
	subWeights, weights, err := o.Weights.resolve(s)
	if err != nil {
		return nil, fmt.Errorf("ifn: %w", err)
	}
	m := s.feed(t, &o, nil, nil)
	m.subWeights, m.weights = subWeights, weights
	return &Prepared{s, t, o, m}, nil
}

// Scores are the scores of one row of a table, as in [Row].
type Scores struct {
	Score        Value
	Subs         []Value // in the order of the structure
	Completeness float64
}

// Scores scores the table with columns in the place of those of the same names, one
// value per place in the table's order, NaN = unknown. reference does the same to the
// reference table, where there is one. Rows come in the order of the table; they are
// what [Structure.Compute] gives for tables with these columns, bit for bit.
func (p *Prepared) Scores(columns, reference map[string][]float64) []Scores {
	o, t := p.options, p.table.with(columns)
	changed := map[string][]float64{}
	maps.Copy(changed, columns)
	if o.Reference != nil {
		o.Reference = o.Reference.with(reference)
		maps.Copy(changed, reference)
	}
	m := p.model
	if len(changed) > 0 {
		m = p.structure.feed(t, &o, p.model, changed)
	}
	out := make([]Scores, m.rows)
	values := make([]Value, m.rows*len(p.structure.SubIndices))
	row := Row{Subs: make([]SubScore, len(p.structure.SubIndices))}
	for i := range out {
		row.Score = Value{}
		clear(row.Subs)
		m.scores(&row, i, p.structure, &o)
		out[i] = Scores{Score: row.Score, Subs: carve(&values, len(row.Subs)), Completeness: row.Completeness}
		for k := range row.Subs {
			out[i].Subs[k] = row.Subs[k].Score
		}
	}
	return out
}

// with is t with columns in the place of those of the same names.
func (t *Table) with(columns map[string][]float64) *Table {
	out := *t
	out.columns = maps.Clone(t.columns)
	for name, values := range columns {
		c := &column{values: values}
		for _, v := range values {
			if !math.IsNaN(v) {
				c.known++
			}
		}
		out.columns[name] = c
	}
	return &out
}
