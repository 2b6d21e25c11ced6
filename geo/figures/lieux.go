package figures

import (
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// LieuxCount counts the lieux of a territoire, never those outside the edition's.
type LieuxCount struct {
	Lieux   int // records, tournées without one included, in its communes or with a point there
	Public  int // of these, those not known to receive nobody
	Points  int // points d'accueil: where one can go, or perhaps; a tournée has one per stop
	Certain int // of the lieux, those known to offer the service here, as GapRow.Lieux
	Maybe   int // and those that may: something is unknown of them
}

// LieuxCounter counts the lieux of territoires for a service.
type LieuxCounter struct{ units [][]counted }

// counted is a lieu (or minus a tournée without one, minus one), or a point of it.
type counted struct {
	owner                         int32
	public, point, certain, maybe bool
}

// NewLieuxCounter gathers the lieux of an edition by unit. No outline holds a lieu whose place
// is unknown.
func NewLieuxCounter(e *edition.Edition, service lieu.Service) *LieuxCounter {
	c := &LieuxCounter{make([][]counted, e.Residents.Units())}
	for i := range e.Lieux {
		home, l := e.LieuCommune[i], &e.Lieux[i]
		if home < 0 {
			continue
		}
		units := []int32{home}
		if l.Located {
			units = e.UnitsAt(home, l.At)
		}
		for _, u := range units {
			c.units[u] = append(c.units[u], counted{owner: int32(i), public: !l.NoPublic})
		}
	}
	for i := range e.Sites {
		s := &e.Sites[i]
		certain := s.Services.Offers(service)
		for _, u := range e.UnitsAt(e.SiteCommune[i], s.At) {
			c.units[u] = append(c.units[u], counted{s.Owner(), true, true, certain, !certain && s.Could(service)})
		}
	}
	return c
}

// Of counts those of a territoire.
func (c *LieuxCounter) Of(t admin.Territoire) (n LieuxCount) {
	all := map[int32]counted{}
	for _, u := range t.Units {
		for _, x := range c.units[u] {
			if x.point {
				n.Points++
			}
			y := all[x.owner]
			all[x.owner] = counted{x.owner, x.public || y.public, false, x.certain || y.certain, x.maybe || y.maybe}
		}
	}
	n.Lieux = len(all)
	for _, x := range all {
		switch {
		case x.certain:
			n.Certain++
		case x.maybe:
			n.Maybe++
		}
		if x.public {
			n.Public++
		}
	}
	return n
}
