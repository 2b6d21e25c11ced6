package ifn

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"
)

// MarshalJSON writes the shape that scripts rely on:
//
//	{"method","formula","level","mode","reference","structure","ranked","min_completeness","draws",
//	 "rank_bounds":{"weight_low","weight_high"},"warnings":[…],
//	 "variables":[{…,"known","known_people","origins":[{"dataset","source","vintage","licence","how","places"}],"old"}],
//	 "completeness_report":{…},
//	 "rows":[{"code","nom","score","amenagement","publics","rank","rank_low","rank_high","rank_min","rank_max","completeness","points":{variable:…},
//	          "contributions":{variable:…},
//	          "parts":{variable:{part:…}},"values":{…},"shares":{…},"missing":[…],"influence":[…],"sentence"}]}
//
// The keys of the sub-indices are their ids. What is unknown is absent, never 0
// and never null. Numbers are rounded to 4 decimals, those of method points to 9, as they
// are published. "rank_min" to "rank_max" is proven within "rank_bounds", the factors that
// each weight may have. "values" are in the unit of
// the column that "variables" names; those of a part are under "variable.part".
// "shares" tells the share of the population behind a value where it is below 1.
func (r *Result) MarshalJSON() ([]byte, error) {
	b := object{buf: make([]byte, 0, 4096+bytesPerRow*len(r.Rows))}
	if r.Method == Points {
		b.unit = 1e9
	}
	b.open('{')
	b.text("method", string(r.Method))
	b.text("formula", r.Method.Formula())
	b.text("level", r.Level)
	b.text("mode", r.Mode)
	b.text("reference", r.Reference)
	if r.Structure != nil {
		b.text("structure", r.Structure.Name)
	}
	b.int("ranked", r.Ranked)
	b.number("min_completeness", r.MinCompleteness)
	b.int("draws", r.Draws)
	if err := errors.Join(b.any("rank_bounds", r.Outer, r.Outer != nil), b.any("warnings", r.Warnings, len(r.Warnings) > 0)); err != nil {
		return nil, err
	}
	b.key("variables")
	if err := b.sources(r.Sources); err != nil {
		return nil, err
	}
	if err := b.any("completeness_report", r.Completeness, r.Completeness != nil); err != nil {
		return nil, err
	}
	b.key("rows")
	b.open('[')
	for i := range r.Rows {
		b.comma()
		b.row(&r.Rows[i])
	}
	b.close(']')
	b.close('}')
	return b.buf, nil
}

// VariablesJSON is what [Result.MarshalJSON] writes of the variables alone.
func (r *Result) VariablesJSON() ([]byte, error) {
	var b object
	err := b.sources(r.Sources)
	return b.buf, err
}

// bytesPerRow is about what one row of the default structure takes.
const bytesPerRow = 1400

// MarshalJSON writes one row, in the shape of [Result.MarshalJSON].
func (r *Row) MarshalJSON() ([]byte, error) {
	var b object
	b.row(r)
	return b.buf, nil
}

// any writes what encoding/json writes of a value, if it is there.
func (b *object) any(name string, v any, there bool) error {
	if !there {
		return nil
	}
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("ifn: %s: %w", name, err)
	}
	b.key(name)
	b.buf = append(b.buf, data...)
	return nil
}

func (b *object) sources(list []Source) error {
	b.open('[')
	for i := range list {
		s := &list[i]
		b.comma()
		b.open('{')
		b.text("id", s.Variable)
		b.text("nom", s.Nom)
		b.text("sub_index", s.SubIndex)
		b.number("weight", s.Weight)
		b.text("unit", s.Unit)
		b.int("direction", int(s.Direction))
		if s.Fed {
			b.text("column", s.Column)
			b.text("source", s.Source)
			b.text("vintage", s.Vintage)
			b.text("proxy", s.Proxy)
		}
		b.int("known", s.Known)
		if s.Fed && len(s.Parts) == 0 {
			b.number("known_people", s.KnownPeople)
		}
		if err := b.any("origins", s.Feeds, len(s.Feeds) > 0); err != nil {
			return err
		}
		b.text("old", s.Old)
		if len(s.Parts) > 0 {
			b.key("parts")
			if err := b.sources(s.Parts); err != nil {
				return err
			}
		}
		b.close('}')
	}
	b.close(']')
	return nil
}

func (b *object) row(r *Row) {
	b.open('{')
	b.text("code", r.Code)
	b.text("nom", r.Nom)
	b.value("score", r.Score)
	for _, s := range r.Subs {
		b.value(s.ID, s.Score)
	}
	if r.Rank > 0 {
		b.int("rank", r.Rank)
	}
	if r.RankLow > 0 {
		b.int("rank_low", r.RankLow)
		b.int("rank_high", r.RankHigh)
	}
	if r.RankMin > 0 {
		b.int("rank_min", r.RankMin)
		b.int("rank_max", r.RankMax)
	}
	b.number("completeness", r.Completeness)
	b.key("points")
	b.open('{')
	for _, p := range r.Points {
		b.value(p.Variable, p.Points)
	}
	b.close('}')
	if r.Score.Known {
		b.key("contributions")
		b.open('{')
		for _, p := range r.Points {
			b.value(p.Variable, p.Contribution)
		}
		b.close('}')
	}
	b.parts(r.Points)
	b.eachValue(r.Points)
	b.missing(r.Missing)
	b.influence(r.Influence)
	b.text("sentence", r.Sentence())
	b.close('}')
}

// parts writes the points of the parts, of the variables that have some.
func (b *object) parts(points []Point) {
	opened := false
	for _, p := range points {
		if len(p.Parts) == 0 || !p.Points.Known {
			continue
		}
		if !opened {
			b.key("parts")
			b.open('{')
			opened = true
		}
		b.key(p.Variable)
		b.open('{')
		for _, part := range p.Parts {
			b.value(part.Variable, part.Points)
		}
		b.close('}')
	}
	if opened {
		b.close('}')
	}
}

// eachValue writes raw values, and the shares behind them that are not whole.
func (b *object) eachValue(points []Point) {
	b.key("values")
	b.open('{')
	each(points, func(id string, p *Point) { b.value(id, p.Value) })
	b.close('}')
	partial := false
	each(points, func(_ string, p *Point) { partial = partial || p.Value.Known && p.Share < 1 })
	if !partial {
		return
	}
	b.key("shares")
	b.open('{')
	each(points, func(id string, p *Point) {
		if p.Value.Known && p.Share < 1 {
			b.number(id, p.Share)
		}
	})
	b.close('}')
}

// each visits the points that have a value of their own: variables without parts,
// and parts as "variable.part".
func each(points []Point, visit func(id string, p *Point)) {
	for i := range points {
		p := &points[i]
		if len(p.Parts) == 0 {
			visit(p.Variable, p)
		}
		for k := range p.Parts {
			visit(p.Variable+"."+p.Parts[k].Variable, &p.Parts[k])
		}
	}
}

func (b *object) missing(list []Missing) {
	if len(list) == 0 {
		return
	}
	b.key("missing")
	b.open('[')
	for _, m := range list {
		b.comma()
		b.quote(m.Variable)
	}
	b.close(']')
}

func (b *object) influence(list []Influence) {
	if len(list) == 0 {
		return
	}
	b.key("influence")
	b.open('[')
	for _, in := range list {
		b.comma()
		b.open('{')
		b.text("variable", in.Variable)
		b.number("delta", in.Delta)
		b.int("rank_without", in.RankWithout)
		b.close('}')
	}
	b.close(']')
}

// object writes JSON with keys in a chosen order, which maps cannot keep.
type object struct {
	buf   []byte
	first bool    // nothing was written in the innermost bracket yet
	unit  float64 // numbers are rounded to 1/unit; 0: to 4 decimals
}

func (b *object) open(bracket byte)  { b.buf, b.first = append(b.buf, bracket), true }
func (b *object) close(bracket byte) { b.buf, b.first = append(b.buf, bracket), false }

// comma separates what follows from what came before in the same bracket.
func (b *object) comma() {
	if !b.first {
		b.buf = append(b.buf, ',')
	}
	b.first = false
}

func (b *object) key(name string) {
	b.comma()
	b.quote(name)
	b.buf = append(b.buf, ':')
}

func (b *object) quote(s string) {
	if plain(s) {
		b.buf = append(append(append(b.buf, '"'), s...), '"')
		return
	}
	q, err := json.Marshal(s)
	if err != nil {
		panic("ifn: json of a string: " + err.Error()) // encoding/json gives no error for strings
	}
	b.buf = append(b.buf, q...)
}

// plain reports whether s needs no escape: valid UTF-8 without control characters,
// quotes, backslashes, the signs that HTML gives a meaning to, or the two line
// separators of JavaScript.
func plain(s string) bool {
	for _, c := range s {
		switch {
		case c < ' ', c == '"', c == '\\', c == '<', c == '>', c == '&', c == '\u2028', c == '\u2029', c == utf8.RuneError:
			return false
		}
	}
	return true
}

// text writes a string, absent when empty.
func (b *object) text(name, s string) {
	if s != "" {
		b.key(name)
		b.quote(s)
	}
}

func (b *object) int(name string, n int) {
	b.key(name)
	b.buf = strconv.AppendInt(b.buf, int64(n), 10)
}

func (b *object) number(name string, x float64) { b.value(name, Value{V: x, Known: true}) }

// value writes a number rounded to the decimals of the object, absent when unknown.
func (b *object) value(name string, v Value) {
	if !v.Known {
		return
	}
	b.key(name)
	unit := cmp.Or(b.unit, 1e4)
	x := math.Round(v.V*unit) / unit
	if math.IsInf(x, 0) {
		x = v.V // too large for the rounding to matter
	}
	if x == 0 {
		x = 0 // no "-0"
	}
	format := byte('f')
	if math.Abs(x) >= 1e21 {
		format = 'e' // as encoding/json does
	}
	b.buf = strconv.AppendFloat(b.buf, x, format, -1, 64)
}
