package coverage

import (
	"iter"
	"slices"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/grid"
)

// Residents says who lives where: the people of every part, and of every unit that
// territoires are added up from (see [admin.Territoire]). It is immutable.
type Residents struct {
	People    []int32   // of every part
	ByCommune [][]int32 // parts of every commune, ascending
	drawn     []*admin.Drawn
	parts     []grid.Part

	// The outlines that hold people of part p: held[first[p]:first[p+1]]; none where there
	// is no outline.
	first []int32
	held  []held
}

type held struct{ unit, people int32 }

// NewResidents puts together the people of the parts of so many communes, and those of
// outlines (see [admin.Division.Drawn]).
func NewResidents(g *grid.Grid, people []int32, communes int, drawn []*admin.Drawn) *Residents {
	r := &Residents{People: people, ByCommune: PartsByCommune(g, communes), drawn: drawn, parts: g.Parts}
	if len(r.drawn) == 0 {
		return r
	}
	r.first = make([]int32, len(people)+1)
	for _, o := range r.drawn {
		for _, s := range o.Shares {
			r.first[s.Part+1]++
		}
	}
	for p := range people {
		r.first[p+1] += r.first[p]
	}
	r.held = make([]held, r.first[len(people)])
	next := slices.Clone(r.first)
	for k, o := range r.drawn {
		for _, s := range o.Shares {
			r.held[next[s.Part]] = held{int32(len(r.ByCommune) + k), s.People}
			next[s.Part]++
		}
	}
	return r
}

// Units is the number of units.
func (r *Residents) Units() int32 { return int32(len(r.ByCommune) + len(r.drawn)) }

// Of gives the inhabited parts of a unit, ascending, and how many of its people live in each.
func (r *Residents) Of(unit int32) iter.Seq2[int32, int32] {
	return func(yield func(part, people int32) bool) {
		if k := int(unit) - len(r.ByCommune); k >= 0 {
			for _, s := range r.drawn[k].Shares {
				if !yield(s.Part, s.People) {
					return
				}
			}
			return
		}
		for _, part := range r.ByCommune[unit] {
			if n := r.People[part]; n > 0 && !yield(part, n) {
				return
			}
		}
	}
}

// In gives the inhabited parts of a territoire, and how many of its people live in each.
func (r *Residents) In(t *admin.Territoire) iter.Seq2[int32, int32] {
	return func(yield func(part, people int32) bool) {
		for _, unit := range t.Units {
			for part, n := range r.Of(unit) {
				if !yield(part, n) {
					return
				}
			}
		}
	}
}

// Holding gives the units that people of a part are of, and how many of them: its commune,
// and the outlines.
func (r *Residents) Holding(part int32) iter.Seq2[int32, int32] {
	return func(yield func(unit, people int32) bool) {
		if !yield(r.parts[part].Commune, r.People[part]) || r.first == nil {
			return
		}
		for _, h := range r.held[r.first[part]:r.first[part+1]] {
			if !yield(h.unit, h.people) {
				return
			}
		}
	}
}
