package figures

import (
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/publics"
)

// ZonePart is the people of a zone blanche who live in a territoire.
type ZonePart struct {
	Zone   int // position in the zones
	People int
}

// ZonesIn lists the zones that hold people of some communes, in their order; nil: of all.
func ZonesIn(zones []coverage.Zone, member []bool) (parts []ZonePart, people int) {
	for i := range zones {
		here := 0
		for _, c := range zones[i].Communes {
			if member == nil || member[c.Commune] {
				here += c.People
			}
		}
		if here > 0 {
			parts = append(parts, ZonePart{i, here})
			people += here
		}
	}
	return parts, people
}

// ZoneToVerify is a zone à vérifier with its people in a territoire, and whom to ask about
// them.
type ZoneToVerify struct {
	edition.ZoneToVerify
	Rank   int // among those of the question, from 1
	People int
}

// ToVerifyIn lists the zones à vérifier that hold people of some communes, in their order;
// nil: of all. Lieux to ask are those that these people depend on.
func ToVerifyIn(e *edition.Edition, a *edition.Answer, member []bool) []ZoneToVerify {
	var out []ZoneToVerify
	for i, z := range e.ToVerify(a) {
		here := 0
		for _, c := range z.Communes {
			if member == nil || member[c.Commune] {
				here += c.People
			}
		}
		if here == 0 {
			continue
		}
		if here < z.Zone.People {
			z.Asks = e.AsksIn(a, z.Cells, func(commune int32) bool { return member[commune] })
		}
		out = append(out, ZoneToVerify{z, i + 1, here})
	}
	return out
}

// Classes is the people of a territoire by class.
func Classes(e *edition.Edition, a *edition.Answer, t admin.Territoire) (classes coverage.Tally) {
	for part, n := range inhabited(e, t) {
		classes.Add(a.Class[part], n)
	}
	return classes
}

// ZonePublics is what is told of the publics of a zone's people, those of its class, who live
// in some communes; nil: in all. It is nil when nothing is known of them.
func ZonePublics(e *edition.Edition, a *edition.Answer, z *coverage.Zone, class coverage.Class, member []bool) *publics.Figures {
	var parts []int32
	for _, cell := range z.Cells {
		for p := e.Grid.First[cell]; p < e.Grid.First[cell+1]; p++ {
			if a.Class[p] == class && (member == nil || member[e.Grid.Parts[p].Commune]) {
				parts = append(parts, p)
			}
		}
	}
	return e.PublicsIn(a, parts)
}

// ZoneIndex is the mean index of a zone's people, by their communes; false when no commune
// of it is in the index. Each figure is over the people for whom it is known, and unknown
// where these are too few (see [coverage.NeedFloor]); completeness counts the others as
// unknown.
func ZoneIndex(e *edition.Edition, z *coverage.Zone) (edition.IFNJSON, bool) {
	index := e.IFN(admin.TypeCommune)
	var score, amenagement, publics, completeness mean
	found := false
	for _, c := range z.Communes {
		n := float64(c.People)
		i, ok := index[e.Division.Communes[c.Commune].Code]
		found = found || ok
		completeness.add(float64(i.Completeness), n)
		for _, f := range []struct {
			to   *mean
			from *decimal.Two
		}{{&score, i.Score}, {&amenagement, i.Amenagement}, {&publics, i.Publics}} {
			if f.from != nil {
				f.to.add(float64(*f.from), n)
			}
		}
	}
	return edition.IFNJSON{Score: score.value(z.People), Amenagement: amenagement.value(z.People), Publics: publics.value(z.People), Completeness: decimal.Three(completeness.of())}, found
}

// value is the mean, nil when too few of so many people carry one.
func (m *mean) value(people int) *decimal.Two {
	if m.weight == 0 || !coverage.NeedKnown(people-int(m.weight), people) {
		return nil
	}
	v := decimal.Two(m.of())
	return &v
}
