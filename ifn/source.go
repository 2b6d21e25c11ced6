package ifn

import (
	"cmp"
	"fmt"
	"math"
)

// sources describes what feeds each variable.
func (m *model) sources(s *Structure, t *Table, o *Options) []Source {
	list := make([]Source, 0, m.vars)
	at, v := 0, 0
	people := 0.0
	for _, i := range t.byCode { // in one order, whatever that of the rows
		people += t.places[i].Weight
	}
	for k, sub := range s.SubIndices {
		for i := range sub.Variables {
			def := &sub.Variables[i]
			src := Source{Variable: def.ID, Nom: def.Nom, SubIndex: sub.ID, Weight: m.weights[v],
				Unit: def.Unit, Direction: def.Direction, Source: def.Source, Vintage: def.Vintage}
			if m.subWeights[k] == 0 {
				src.Weight = 0
			}
			for row := range m.rows {
				if m.share[row*m.vars+v] > 0 {
					src.Known++
				}
			}
			if len(def.Parts) == 0 {
				m.leaves[at].describe(&src, t, o, people)
				at++
			}
			for p := range def.Parts {
				part := &def.Parts[p]
				ps := Source{Variable: part.ID, Nom: part.Nom, SubIndex: sub.ID, Weight: m.leaves[at].weight * src.Weight,
					Unit: part.Unit, Direction: part.Direction, Source: part.Source, Vintage: part.Vintage}
				m.leaves[at].describe(&ps, t, o, people)
				for _, x := range m.leaves[at].points {
					if !math.IsNaN(x) {
						ps.Known++
					}
				}
				at++
				src.Parts = append(src.Parts, ps)
				src.Fed = src.Fed || ps.Fed
			}
			list = append(list, src)
			v++
		}
	}
	return list
}

// SparseReason says in French why values that some of so many places have feed nothing; "" when
// there are none.
func (s *Source) SparseReason(places int) string {
	if s.Sparse == 0 {
		return ""
	}
	return fmt.Sprintf("publié pour %d territoires sur %d seulement : trop peu pour les comparer, l'indice ne l'emploie pas", s.Sparse, places)
}

// OldAfter is how many years before the newest data values may be, and still say something
// of the same time.
const OldAfter = 5

// describe writes the chosen input, if any, over the definition. What the data say of
// themselves comes before what the structure says of them.
func (l *leaf) describe(src *Source, t *Table, o *Options, people float64) {
	if l.column == nil {
		for _, in := range l.def.Inputs {
			if c := t.columns[in.Column]; c != nil && float64(c.known) < o.MinCoverage*float64(t.Len())-tolerance {
				src.Sparse = max(src.Sparse, c.known)
			}
		}
		return
	}
	in := l.def.Inputs[l.input]
	src.Fed, src.Column, src.Direction = true, in.Column, l.direction()
	src.Source, src.Vintage, src.Proxy = in.Source, in.Vintage, in.Proxy
	if in.Unit != "" {
		src.Unit = in.Unit
	}
	src.Feeds = l.column.feeds()
	for i := range src.Feeds {
		if f := &src.Feeds[i]; in.Vintage != "" { // the column holds no other
			f.Source, f.Vintage = cmp.Or(in.Source, f.Source), in.Vintage
		}
	}
	if len(src.Feeds) > 0 {
		src.Source, src.Vintage = cmp.Or(src.Feeds[0].Source, src.Source), src.Feeds[0].Vintage
	}
	known := 0.0
	for _, i := range t.byCode {
		if !math.IsNaN(l.points[i]) {
			known += t.places[i].Weight * l.column.share(i)
		}
	}
	if people > 0 {
		src.KnownPeople = min(1, known/people)
	}
	year, since := Year(src.Vintage), Year(l.def.Since)
	switch {
	case year == 0:
	case year < since:
		src.Old = fmt.Sprintf("ancien : données de %d, d'avant %d, qui disent peu d'aujourd'hui", year, since)
	case o.Newest-year > OldAfter:
		src.Old = fmt.Sprintf("ancien : données de %d, quand les plus récentes sont de %d", year, o.Newest)
	}
}
