package figures

import (
	"slices"

	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/publics"
)

// Served is whom a site serves, for a question.
type Served struct {
	Within *Whom // who reach it within the cut-off; it offers the service, or may
	Depend *Whom // of them, those whose class would be worse without it, by the class that they would come to
}

// Whom is some people, and their publics.
type Whom struct {
	People  int
	Publics *publics.Figures // nil: there are none, or nothing is known of them
}

// ServedBy is whom a site serves. It takes the site alone away: what a scenario says of closing
// a lieu that has no other site.
func ServedBy(e *edition.Edition, a *edition.Answer, site int32) Served {
	within, without := some{e: e}, some{e: e}
	class, holds := make([]coverage.Class, len(a.Sets.Members)), make([]bool, len(a.Sets.Members)) // without the site
	for set, members := range a.Sets.Members {
		if holds[set] = slices.Contains(members, uint16(site)); holds[set] {
			u := a.Sets.UnionOf(set, func(number uint16) *lieu.Site {
				if int32(number) == site {
					return nil
				}
				return &e.Sites[number]
			})
			class[set] = coverage.ClassOf(u.Opening, u.Slots(), a.Query.MinHours)
		}
	}
	for part, set := range a.Sets.Of {
		if set < 0 || e.People[part] == 0 || !holds[set] {
			continue
		}
		within.add(int32(part), a.Class[part])
		if a.Class[part].Better(class[set]) {
			without.add(int32(part), class[set])
		}
	}
	return Served{within.whom(), without.whom()}
}

// some adds people up.
type some struct {
	e   *edition.Edition
	n   int
	sum publics.Sum
}

func (s *some) add(part int32, class coverage.Class) {
	s.n += int(s.e.People[part])
	s.e.AddPublics(&s.sum, part, class)
}

func (s *some) whom() *Whom {
	w := &Whom{People: s.n}
	if s.e.Publics != nil && s.n > 0 {
		w.Publics = s.e.Publics.Of(s.sum)
	}
	return w
}
