package publics

import (
	"fmt"
	"math"

	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/grid"
)

// Column is what is known of a kind in an edition.
type Column struct {
	Known    bool   `json:"known,omitempty"`    // in some commune
	Nom      string `json:"nom,omitempty"`      // French, what is really counted, as after a number
	Estimate bool   `json:"estimate,omitempty"` // in some commune, from a number or a share of the whole commune
	Source   string `json:"source,omitempty"`
	Vintage  string `json:"vintage,omitempty"`
	// Squares and Shares are the communes that are counted by squares, and by what is known of
	// the commune.
	Squares int `json:"squares,omitempty"`
	Shares  int `json:"shares,omitempty"`
}

// Columns are those of every kind.
type Columns [NumKinds]Column

// Table says how many of each kind live in every part. It is immutable.
type Table struct {
	Columns Columns
	// Amount and Imputed are thousandths, by part and in it by kind: how many, and how many
	// of these rest on squares that INSEE imputed. What is unknown in a commune is 0 in its
	// parts.
	Amount, Imputed []int32
	Known           []uint16 // of every commune: a bit for each kind that is known there
}

// KnownIn reports whether a kind is known in a commune.
func (t *Table) KnownIn(commune int32, k Kind) bool { return t.Known[commune]>>k&1 == 1 }

// Check reports a table that does not match its edition. nil is one of which nothing is known.
func (t *Table) Check(parts, communes int) error {
	if t == nil {
		return nil
	}
	if len(t.Amount) != NumKinds*parts || len(t.Imputed) != NumKinds*parts || len(t.Known) != communes {
		return fmt.Errorf("publics: %d amounts, %d imputed, %d communes; expected those of %d parts and %d communes", len(t.Amount), len(t.Imputed), len(t.Known), parts, communes)
	}
	for i, n := range t.Amount {
		if n < 0 || t.Imputed[i] < 0 || t.Imputed[i] > n {
			return fmt.Errorf("publics: part %d: amount %d, of which %d imputed", i/NumKinds, n, t.Imputed[i])
		}
	}
	return nil
}

// Sum is how many live somewhere.
type Sum struct {
	Amount  [coverage.NumClasses][NumKinds]int64 // thousandths
	Imputed [NumKinds]int64                      // thousandths that rest on imputed squares
	Unknown [NumKinds]int                        // inhabitants of communes where it is unknown
	People  int                                  // inhabitants
}

// Live is so many of the inhabitants of a part: N of all of them, in a commune.
type Live struct {
	Part, Commune int32
	N, Of         int32
}

// share is an amount of a part for those who live there: whole thousandths, all of them for
// all its inhabitants.
func (l Live) share(amount int32) int64 {
	if l.N == l.Of {
		return int64(amount)
	}
	return int64(amount) * int64(l.N) / int64(l.Of)
}

// Share is how many of a kind some inhabitants of a part are, in thousandths.
func (t *Table) Share(l Live, k Kind) int64 { return l.share(t.Amount[int(l.Part)*NumKinds+int(k)]) }

// Add adds the inhabitants of a part, of a class.
func (t *Table) Add(s *Sum, l Live, class coverage.Class) {
	at := int(l.Part) * NumKinds
	amount, imputed := t.Amount[at:at+NumKinds], t.Imputed[at:at+NumKinds]
	to := &s.Amount[class]
	for k := range to {
		to[k] += l.share(amount[k])
		s.Imputed[k] += l.share(imputed[k])
	}
	s.People += int(l.N)
	if t.Known[l.Commune] == 1<<NumKinds-1 {
		return
	}
	for k := range NumKinds {
		if !t.KnownIn(l.Commune, Kind(k)) {
			s.Unknown[k] += int(l.N)
		}
	}
}

// Move passes inhabitants of a part from one class to another.
func (t *Table) Move(s *Sum, l Live, from, to coverage.Class) {
	for k := range NumKinds {
		n := l.share(t.Amount[int(l.Part)*NumKinds+k])
		s.Amount[from][k] -= n
		s.Amount[to][k] += n
	}
}

// Plus adds the people of another place.
func (s *Sum) Plus(o *Sum) {
	for c := range s.Amount {
		for k := range NumKinds {
			s.Amount[c][k] += o.Amount[c][k]
		}
	}
	for k := range NumKinds {
		s.Imputed[k] += o.Imputed[k]
		s.Unknown[k] += o.Unknown[k]
	}
	s.People += o.People
}

// Total is how many of a kind, in thousandths, of all classes.
func (s *Sum) Total(k Kind) (n int64) {
	for c := range s.Amount {
		n += s.Amount[c][k]
	}
	return n
}

// ByUnit adds up the people of every unit.
func (t *Table) ByUnit(r *coverage.Residents, parts []grid.Part, class []coverage.Class) []Sum {
	out := make([]Sum, r.Units())
	for u := range out {
		for part, n := range r.Of(int32(u)) {
			t.Add(&out[u], Live{part, parts[part].Commune, n, r.People[part]}, class[part])
		}
	}
	return out
}

// In adds up units, given the sum of each.
func In(units []int32, of func(unit int32) *Sum) (s Sum) {
	for _, u := range units {
		s.Plus(of(u))
	}
	return s
}

// Figures are what is told of the publics of a place.
type Figures struct {
	Sum     Sum
	Columns *Columns
}

// Of is the figures of a sum.
func (t *Table) Of(s Sum) *Figures { return &Figures{s, &t.Columns} }

// Told lists the kinds of which something is known there: none of figures that were read from
// JSON, which says more of each than columns do.
func (f *Figures) Told() []Kind {
	var out []Kind
	if f == nil || f.Columns == nil {
		return nil
	}
	for k := range Kind(NumKinds) {
		if f.Columns[k].Known && f.Sum.Unknown[k] < f.Sum.People {
			out = append(out, k)
		}
	}
	return out
}

// ImputedShare is the share of a sum that rests on imputed squares, 0 to 1; NaN where there
// is nobody.
func (s *Sum) ImputedShare(k Kind) float64 {
	total := s.Total(k)
	if total == 0 {
		return math.NaN()
	}
	return float64(s.Imputed[k]) / float64(total)
}
