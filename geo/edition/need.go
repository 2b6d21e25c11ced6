package edition

import (
	"sync"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/decimal"
)

// Need is the need of every part beside what it finds, for one answer.
type Need struct {
	Fragile     []coverage.Fragile // inhabitants of each part
	PerThousand []float64          // open hours a week for 1 000 of them
	Units       []UnitNeed
	Offer       OfferJSON
}

// UnitNeed is the fragile inhabitants of a unit, and the sum of what they find.
type UnitNeed struct {
	Fragile coverage.Fragile
	Found   float64 // hours for 1 000 × thousandths of fragile inhabitants
}

// Need gives the need beside the offer.
func (a *Answer) Need() *Need { return a.need() }

// Scores are the fragility of communes as the offer counts it: those without index are
// at that of the département; without that, all their people are fragile alike.
func (e *Edition) Scores(communes []IFNJSON, whole *decimal.Two) (scores []float64, unknownPeople int) {
	fallback := 10.0
	if whole != nil {
		fallback = float64(*whole)
	}
	scores = make([]float64, len(communes))
	for c := range communes {
		if s := communes[c].Score; s != nil {
			scores[c] = float64(*s)
		} else {
			scores[c] = fallback
			unknownPeople += e.Division.Communes[c].Population
		}
	}
	return scores, unknownPeople
}

// need computes the fragile inhabitants and the offer.
func (e *Edition) need(a *Answer) *Need {
	n := &Need{Fragile: make([]coverage.Fragile, len(e.People)), Units: make([]UnitNeed, e.Residents.Units())}
	for _, row := range e.IFN(admin.TypeDepartement) {
		n.Offer.WholeScore = row.Score
	}
	communes := make([]IFNJSON, len(e.ByCommune))
	for c := range communes {
		communes[c] = e.IFN(admin.TypeCommune)[e.Division.Communes[c].Code]
	}
	var scores []float64
	scores, n.Offer.UnknownPeople = e.Scores(communes, n.Offer.WholeScore)
	var times coverage.Sample
	for i, p := range e.Grid.Parts {
		n.Fragile[i] = coverage.NewFragile(e.People[i], scores[p.Commune])
		if t := a.Nearest.At(int32(i)); t.Reach == geo.Reached {
			times.Add(uint32(t.Cost), int(e.People[i]))
		}
	}
	o := coverage.NewOffer(&e.Access[a.Query.Mode].Within, e.Sites, a.Query.Service, a.Query.Cutoff, n.Fragile)
	n.PerThousand = o.PerThousand
	for u := range n.Units {
		for part, people := range e.Residents.Of(int32(u)) {
			n.Units[u].Add(coverage.NewFragile(people, scores[e.Grid.Parts[part].Commune]), n.PerThousand[part])
		}
	}
	var both sync.WaitGroup
	both.Go(func() { n.Offer.SetCurve(coverage.Lorenz(n.PerThousand, n.Fragile)) })
	column := times.Column()
	n.Offer.SetWholeAccess(column.Figures(nil, float64(geo.Minute)))
	both.Wait()
	n.Offer.Formula, n.Offer.UnknownHours = coverage.OfferFormula, o.UnknownHours
	return n
}

// Add counts the people of one more part, and what they find. Parts come in their order.
func (n *UnitNeed) Add(fragile coverage.Fragile, perThousand float64) {
	n.Fragile += fragile
	n.Found += float64(float64(fragile) * perThousand)
}

// SetWholeAccess keeps the median time of all people.
func (o *OfferJSON) SetWholeAccess(times coverage.Distribution) {
	if o.WholeAccessP50 = nil; times.Known {
		p50 := decimal.Two(times.P50)
		o.WholeAccessP50 = &p50
	}
}

// SetCurve keeps the Lorenz curve of what fragile inhabitants find.
func (o *OfferJSON) SetCurve(shares [11]float64, gini float64) {
	o.Gini = decimal.Four(gini)
	for i, share := range shares {
		o.Lorenz[i] = decimal.Four(share)
	}
}

// Cross crosses need and offer in one territoire, from those of every unit.
func (o *OfferJSON) Cross(t *admin.Territoire, units []UnitNeed, ifn *IFNJSON, times *AccessJSON) NeedOfferJSON {
	var row NeedOfferJSON
	var sum UnitNeed
	for _, u := range t.Units {
		sum.Fragile += units[u].Fragile
		sum.Found += units[u].Found
	}
	if sum.Fragile > 0 {
		mean := decimal.Three(sum.Found / float64(sum.Fragile))
		row.HoursPer1000 = &mean
	}
	row.FragilePeople = decimal.One(sum.Fragile.People())
	score, p50 := o.WholeScore, o.WholeAccessP50
	if ifn != nil && ifn.Score != nil && score != nil && times != nil && p50 != nil {
		row.Quadrant = coverage.Cross(float64(*ifn.Score), float64(*score), float64(times.P50), float64(*p50)).String()
	}
	return row
}
