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
	Zone     int // position in the zones
	People   int
	Communes []coverage.CommunePeople // where they live, most first
}

// ZonesIn lists the zones blanches that hold people of a territoire, in their order; nil: of
// everywhere.
func ZonesIn(e *edition.Edition, a *edition.Answer, zones []coverage.Zone, in *coverage.Inside) (parts []ZonePart, people int) {
	ground := e.Ground()
	for i := range zones {
		if communes, here := in.ZonePeople(ground, &zones[i], coverage.Blanche, a.Class); here > 0 {
			parts = append(parts, ZonePart{i, here, communes})
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
	Here   []coverage.CommunePeople // where they live, most first
}

// ToVerifyIn lists the zones à vérifier that hold people of a territoire, in their order;
// nil: of everywhere. Lieux to ask are those that these people depend on.
func ToVerifyIn(e *edition.Edition, a *edition.Answer, in *coverage.Inside) []ZoneToVerify {
	var out []ZoneToVerify
	ground := e.Ground()
	for i, z := range e.ToVerify(a) {
		communes, here := in.ZonePeople(ground, &z.Zone, coverage.Inconnue, a.Class)
		if here == 0 {
			continue
		}
		if here < z.Zone.People {
			z.Asks = e.AsksIn(a, z.Cells, in)
		}
		out = append(out, ZoneToVerify{z, i + 1, here, communes})
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
// in a territoire; nil: everywhere. It is nil when nothing is known of them.
func ZonePublics(e *edition.Edition, a *edition.Answer, z *coverage.Zone, class coverage.Class, in *coverage.Inside) *publics.Figures {
	var parts []int32
	for _, cell := range z.Cells {
		for p := e.Grid.First[cell]; p < e.Grid.First[cell+1]; p++ {
			if a.Class[p] == class {
				parts = append(parts, p)
			}
		}
	}
	return e.PublicsIn(a, parts, in)
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
