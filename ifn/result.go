package ifn

import (
	"math"
	"slices"
)

// Value is a number that may be unknown. V has a meaning only when Known; the
// zero Value is unknown.
type Value struct {
	V     float64
	Known bool
}

// value is x, unknown when NaN.
func value(x float64) Value {
	if math.IsNaN(x) {
		return Value{}
	}
	return Value{V: x, Known: true}
}

// Result is the index of every row of a table. It is immutable once returned.
type Result struct {
	Structure       *Structure
	Method          Method
	Level           string
	Mode            string
	Reference       string
	MinCompleteness float64
	Draws           int
	Ranked          int      // rows with a score: ranks go from 1 to Ranked
	Sources         []Source // what feeds each variable, in the order of the structure
	Rows            []Row    // in the order of the table

	Warnings     []string      // French: what keeps the figures from being taken as they are
	Outer        *Outer        // within what RankMin and RankMax are proven; nil: they were not computed
	Completeness *Completeness // what is missing, and where to get it
}

// Source says which column feeds a variable, or that none does.
type Source struct {
	Variable  string // id
	Nom       string
	SubIndex  string  // id
	Weight    float64 // as computed with
	Fed       bool    // false: unknown for every row; for a variable with parts, true when a part is fed
	Column    string
	Unit      string
	Direction Direction
	Source    string
	Vintage   string
	Proxy     string // French; empty: the column is the variable itself
	Known     int    // rows with points
	// KnownPeople is the share of the people of the rows whose value is known, 0…1.
	KnownPeople float64
	Feeds       []Feed // where the values come from, most rows first; empty: not said
	Old         string // French: why the values say little of today; empty: they are not old
	// Sparse is how many rows have a value that feeds nothing, since too few have one: see
	// [Options].MinCoverage.
	Sparse int
	Parts  []Source
}

// Row is the index of one place.
type Row struct {
	Code string
	Nom  string

	// Score is the index, unknown when a sub-index of positive weight has no score.
	// Higher is more fragile; see [Method] for the scale.
	Score Value
	Subs  []SubScore // in the order of the structure

	// Rank is 1 for the most fragile; equal scores share the smallest rank. RankLow
	// to RankHigh is the rank interval (see the package documentation), which always
	// holds Rank. 0: no score, or no interval asked for.
	Rank, RankLow, RankHigh int
	// RankMin to RankMax holds every rank that weights within the bounds of [Result].Outer
	// can give, whatever the unknown values. 0: not computed.
	RankMin, RankMax int
	// Drawn: a value of some ranked row is unknown, so that the intervals draw values too.
	Drawn bool
	Of    int // how many rows are ranked; 0: no score

	// Completeness is the share of weight known, 0…1: the mean of the sub-indices'
	// completeness under the sub-indices' weights.
	Completeness float64

	Points    []Point     // every variable, in the order of the structure
	Missing   []Missing   // variables, or parts, that weigh something and are unknown here
	Proxies   []string    // names of the known variables fed, at least in part, by another thing than themselves
	Influence []Influence // up to three variables that move this place most, strongest first
}

// SubScore is a sub-index of one place.
type SubScore struct {
	ID           string
	Nom          string
	Score        Value
	Completeness float64 // share of the sub-index's weight known, 0…1
	Required     float64 // the completeness below which there is no score
}

// Point is a variable of one place. The value of a variable with parts is in its
// parts.
type Point struct {
	Variable string // id
	Value    Value  // in the unit of its column (see Source)
	Points   Value
	// Contribution is what the variable adds to the index: those of all variables add
	// up to the score. Unknown where the points or the score are, and for parts.
	Contribution Value
	Share        float64 // share of the population behind the value, 0…1 (see [Table.Share])
	Parts        []Point
}

// Missing is an unknown variable, or an unknown part ("acces_lieux.competences").
type Missing struct {
	Variable string
	Nom      string
}

// Influence says how much one variable moves a place.
type Influence struct {
	Variable string
	// Delta is the index minus the index without the variable, in points: above 0,
	// the variable makes the place look more fragile.
	Delta       float64
	RankWithout int
}

// Sub returns the score of a sub-index by id, unknown when there is none.
func (r *Row) Sub(id string) Value {
	for _, s := range r.Subs {
		if s.ID == id {
			return s.Score
		}
	}
	return Value{}
}

// Amenagement is the sub-index Enjeux d'aménagement of [HDF2021].
func (r *Row) Amenagement() Value { return r.Sub(Amenagement) }

// Publics is the sub-index Publics exposés of [HDF2021].
func (r *Row) Publics() Value { return r.Sub(Publics) }

// Point returns a variable by id.
func (r *Row) Point(id string) (Point, bool) {
	for _, p := range r.Points {
		if p.Variable == id {
			return p, true
		}
	}
	return Point{}, false
}

// Find returns the row of a code.
func (r *Result) Find(code string) (*Row, bool) {
	for i := range r.Rows {
		if r.Rows[i].Code == code {
			return &r.Rows[i], true
		}
	}
	return nil, false
}

// result reads a model into rows, without ranks.
func (m *model) result(s *Structure, t *Table, o *Options) *Result {
	r := &Result{Structure: s, Method: o.Method, Level: o.Level, Mode: o.Mode, Reference: o.ReferenceName,
		MinCompleteness: o.MinCompleteness, Draws: o.Draws, Sources: m.sources(s, t, o), Rows: make([]Row, m.rows)}
	subs := make([]SubScore, m.rows*len(s.SubIndices))
	points := make([]Point, m.rows*m.vars)
	inBlocks(m.rows, func(from, to int) {
		subs, points := subs[from*len(s.SubIndices):], points[from*m.vars:]
		var before []string
		for i := from; i < to; i++ {
			row := &r.Rows[i]
			row.Code, row.Nom = t.places[i].Code, t.places[i].Nom
			row.Subs = carve(&subs, len(s.SubIndices))
			row.Points = carve(&points, m.vars)
			m.scores(row, i, s, o)
			m.contributions(row, i)
			m.values(row, i, r)
			if row.Proxies = proxies(row, r.Sources); slices.Equal(row.Proxies, before) {
				row.Proxies = before // most rows agree: keep one list
			}
			before = row.Proxies
		}
	})
	return r
}

// carve cuts the next n elements off a shared backing array.
func carve[T any](from *[]T, n int) []T {
	cut := (*from)[:n:n]
	*from = (*from)[n:]
	return cut
}

// scores fills the sub-indices, the index and the completeness of a row.
func (m *model) scores(row *Row, i int, s *Structure, o *Options) {
	scored := true
	sum, total := 0.0, 0.0
	for k := range s.SubIndices {
		sub := &row.Subs[k]
		sub.ID, sub.Nom, sub.Required = s.SubIndices[k].ID, s.SubIndices[k].Nom, o.MinCompleteness
		weight := 0.0
		for v := m.subs[k]; v < m.subs[k+1]; v++ {
			weight += m.weights[v]
		}
		mean, counted := m.sub(k, i, m.weights)
		known := 0.0
		for v := m.subs[k]; v < m.subs[k+1]; v++ {
			known += m.weights[v] * m.share[i*m.vars+v]
		}
		if weight > 0 {
			sub.Completeness = min(1, known/weight)
		}
		if counted > 0 && (counted > known || sub.Completeness >= o.MinCompleteness-tolerance) {
			sub.Score = value(m.scale * mean)
		}
		w := m.subWeights[k]
		sum += w * sub.Completeness
		total += w
		scored = scored && (w == 0 || sub.Score.Known)
	}
	row.Completeness = min(1, sum/total)
	if scored {
		row.Score = value(m.index(i, m.weights))
	}
}

// contributions fills what every variable adds to the score of a row.
func (m *model) contributions(row *Row, i int) {
	if !row.Score.Known {
		return
	}
	total := 0.0
	for _, w := range m.subWeights {
		total += w
	}
	for k, w := range m.subWeights {
		if w == 0 {
			continue
		}
		_, counted := m.sub(k, i, m.weights)
		for v := m.subs[k]; v < m.subs[k+1]; v++ {
			if m.share[i*m.vars+v] > 0 {
				row.Points[v].Contribution = value(m.scale * (w / total) * m.weights[v] * m.points[i*m.vars+v] / counted)
			}
		}
	}
}

// values fills the points of a row, and lists what is missing.
func (m *model) values(row *Row, i int, r *Result) {
	at := 0 // the leaf to read next
	for v := range row.Points {
		p, src := &row.Points[v], &r.Sources[v]
		p.Variable = src.Variable
		if share := m.share[i*m.vars+v]; share > 0 {
			p.Points = value(m.points[i*m.vars+v] / share)
		}
		weighs := src.Weight > 0
		if m.leaves[at].part < 0 {
			p.Value, p.Share = m.leaves[at].read(i)
			if weighs && !p.Points.Known {
				row.Missing = append(row.Missing, Missing{src.Variable, src.Nom})
			}
			at++
			continue
		}
		p.Parts = make([]Point, len(src.Parts))
		for k := range p.Parts {
			l := &m.leaves[at]
			at++
			part := &p.Parts[k]
			part.Variable = src.Parts[k].Variable
			part.Value, part.Share = l.read(i)
			if l.points != nil {
				part.Points = value(l.points[i])
			}
			p.Share += l.weight * part.Share
			if weighs && p.Points.Known && !part.Points.Known {
				row.Missing = append(row.Missing, Missing{src.Variable + "." + part.Variable, src.Parts[k].Nom})
			}
		}
		if weighs && !p.Points.Known {
			row.Missing = append(row.Missing, Missing{src.Variable, src.Nom})
		}
	}
}

// proxies names the variables of a row that stand for something else.
func proxies(row *Row, sources []Source) []string {
	var names []string
	for v, src := range sources {
		proxy := src.Proxy != ""
		for p, part := range row.Points[v].Parts {
			proxy = proxy || part.Points.Known && src.Parts[p].Proxy != ""
		}
		if proxy && src.Weight > 0 && row.Points[v].Points.Known {
			names = append(names, src.Nom)
		}
	}
	return names
}

// read gives the raw value of a leaf in a row and the share behind it.
func (l *leaf) read(i int) (Value, float64) {
	if l.column == nil {
		return Value{}, 0
	}
	return value(l.column.values[i]), l.column.share(i)
}
