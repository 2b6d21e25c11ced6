package edition

import (
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/publics"
)

// Bus is what timetables add to walking for some people, and whom they leave out, at the
// thresholds of a question by transit. Reached, Without and Unknown add up to People.
type Bus struct {
	People   int    `json:"people"`
	Reached  int    `json:"joignent"` // who find enough hours, by bus or on foot
	OnFoot   int    `json:"a_pied"`   // those of them who find enough on foot alone
	Without  int    `json:"sans"`     // who find less, or nothing: it is known
	Unknown  int    `json:"inconnu"`  // who may, were something known of lieux
	Sentence string `json:"sentence"` // French; empty where nobody lives
	// Carless are the households without car of those without: an estimate where only their
	// share of a commune is known. Absent: nothing is known of any. CarlessUnknown are the
	// inhabitants without, of communes where it is unknown.
	Carless         *decimal.Three `json:"menages_sans_voiture,omitempty"`
	CarlessUnknown  int            `json:"menages_sans_voiture_inconnu_hab"`
	CarlessEstimate bool           `json:"menages_sans_voiture_estimation,omitempty"`
}

// More is whom buses add.
func (b *Bus) More() int { return b.Reached - b.OnFoot }

// onFoot are the classes of the same question on foot, at the same thresholds.
func (e *Edition) onFoot(a *Answer) []coverage.Class {
	q := a.Query
	q.Mode = geo.Walk
	sets := e.Access[geo.Walk].Sets(e.Sites, q.Service, q.Appointments, q.Cutoff)
	return coverage.Classify(sets.Hours(e.Sites), q.MinHours)
}

// Bus is that of a territoire. The question of a must be by transit.
func (a *Answer) Bus(t *admin.Territoire) Bus {
	e := a.of
	walk := a.walk()
	var b Bus
	var carless int64 // thousandths: sums do not depend on their order
	known := false
	for _, u := range t.Units {
		for part, n := range e.Residents.Of(u) {
			if n == 0 {
				continue
			}
			b.People += int(n)
			switch a.Class[part] {
			case coverage.Couverte:
				b.Reached += int(n)
				if walk[part] == coverage.Couverte {
					b.OnFoot += int(n)
				}
				continue
			case coverage.Inconnue:
				b.Unknown += int(n)
				continue
			}
			b.Without += int(n)
			commune := e.Grid.Parts[part].Commune
			if e.Publics == nil || !e.Publics.KnownIn(commune, publics.Carless) {
				b.CarlessUnknown += int(n)
				continue
			}
			known = true
			carless += e.Publics.Share(publics.Live{Part: part, Commune: commune, N: n, Of: e.People[part]}, publics.Carless)
		}
	}
	if known || b.Without == 0 && e.Publics != nil && e.Publics.Columns[publics.Carless].Known {
		c := decimal.Three(float64(carless) / publics.Thousandth)
		b.Carless, b.CarlessEstimate = &c, e.Publics.Columns[publics.Carless].Estimate
	}
	told := french.Bus{People: b.People, Reached: b.Reached, OnFoot: b.OnFoot, Without: b.Without, Unknown: b.Unknown, CarlessUnknown: b.CarlessUnknown, Estimate: b.CarlessEstimate}
	if b.Carless != nil {
		told.Carless = &carless
	}
	b.Sentence = french.ByBus(a.Query, &told)
	return b
}

// TellBus adds to the rows of a report by transit what timetables add to walking.
func (r *GapReport) TellBus(a *Answer) {
	if a.Query.Mode != geo.Transit {
		return
	}
	for i := range r.Territoires {
		row := &r.Territoires[i]
		if t, ok := a.of.Division.Find(admin.Ref{Type: row.Type, Code: row.Code}); ok {
			b := a.Bus(&t)
			row.Bus = &b
		}
	}
}
