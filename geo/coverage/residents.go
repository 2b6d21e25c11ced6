package coverage

import (
	"iter"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
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

// Inside tells who and what of everywhere is in one territoire.
type Inside struct {
	residents *Residents
	t         *admin.Territoire
	member    []bool          // communes, of a territoire that they make
	people    map[int32]int32 // by part, of an outline
}

// Inside prepares a territoire.
func (r *Residents) Inside(t *admin.Territoire) *Inside {
	in := &Inside{residents: r, t: t}
	if t.Drawn == nil {
		in.member = make([]bool, len(r.ByCommune))
		for _, c := range t.Communes {
			in.member[c] = true
		}
		return in
	}
	in.people = make(map[int32]int32, len(t.Drawn.Shares))
	for _, s := range t.Drawn.Shares {
		in.people[s.Part] = s.People
	}
	return in
}

// People is the people of a part who live in the territoire.
func (in *Inside) People(part int32) int32 {
	if in.member == nil {
		return in.people[part]
	}
	if in.member[in.residents.parts[part].Commune] {
		return in.residents.People[part]
	}
	return 0
}

// Place reports whether a place in a commune (-1: outside the territory) is in the
// territoire; located is false where nothing but the commune is known of it, so that no
// outline holds it.
func (in *Inside) Place(commune int32, at geo.LonLat, located bool) bool {
	switch {
	case commune < 0:
		return false
	case in.member != nil:
		return in.member[commune]
	}
	return located && in.t.Drawn.Contains(at)
}

// Holds reports whether all people of another territoire live in this one; a commune that
// nobody lives in is held by what it is a member of.
func (in *Inside) Holds(t *admin.Territoire) bool {
	if in.member != nil && t.Drawn == nil {
		return len(t.Communes) > 0 && !slices.ContainsFunc(t.Communes, func(c int32) bool { return !in.member[c] })
	}
	some := false
	for part, n := range in.residents.In(t) {
		if some = true; in.People(part) < n {
			return false
		}
	}
	return some
}

// ZonePeople lists the people of a zone of a class who live in the territoire, by commune, in
// the order of the zone's; nil: of the whole zone.
func (in *Inside) ZonePeople(g *Ground, z *Zone, of Class, class []Class) (communes []CommunePeople, people int) {
	if in == nil {
		return z.Communes, z.People
	}
	count := func(c CommunePeople) {
		if c.People > 0 {
			communes = append(communes, c)
			people += c.People
		}
	}
	if in.member != nil {
		for _, c := range z.Communes {
			if in.member[c.Commune] {
				count(c)
			}
		}
		return communes, people
	}
	here := map[int32]int{}
	for _, cell := range z.Cells {
		for part := g.Grid.First[cell]; part < g.Grid.First[cell+1]; part++ {
			if class[part] == of {
				here[g.Grid.Parts[part].Commune] += int(in.people[part])
			}
		}
	}
	for _, c := range z.Communes {
		count(CommunePeople{c.Commune, here[c.Commune]})
	}
	return communes, people
}
