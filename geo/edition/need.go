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
	People  int // inhabitants
	Unknown int // of them, those whose index is unknown
	Fragile coverage.Fragile
	Found   float64 // hours for 1 000 × thousandths of fragile inhabitants
}

// Need gives the need beside the offer.
func (a *Answer) Need() *Need { return a.need() }

// Fragility is the index of communes as need is counted with it. Where only a sub-index is
// known there is no score, and no need that could be told.
func Fragility(communes []IFNJSON) []coverage.Fragility {
	out := make([]coverage.Fragility, len(communes))
	for c := range communes {
		if s := communes[c].Score; s != nil {
			out[c] = coverage.Fragility{Score: float64(*s), Known: true}
		}
	}
	return out
}

// Unindexed is how many people live where the index is unknown.
func (e *Edition) Unindexed(index []coverage.Fragility) (people int) {
	for c := range index {
		if !index[c].Known {
			people += e.Division.Communes[c].Population
		}
	}
	return people
}

// CommuneIndex is the index of every commune, by position.
func (e *Edition) CommuneIndex() []IFNJSON {
	out, index := make([]IFNJSON, len(e.ByCommune)), e.IFN(admin.TypeCommune)
	for c := range out {
		out[c] = index[e.Division.Communes[c].Code]
	}
	return out
}

// need computes the fragile inhabitants and the offer.
func (e *Edition) need(a *Answer) *Need {
	n := &Need{Fragile: make([]coverage.Fragile, len(e.People)), Units: make([]UnitNeed, e.Residents.Units())}
	for _, row := range e.IFN(admin.TypeDepartement) {
		n.Offer.WholeScore = row.Score
	}
	index := Fragility(e.CommuneIndex())
	n.Offer.UnknownPeople = e.Unindexed(index)
	var times coverage.Sample
	for i, p := range e.Grid.Parts {
		n.Fragile[i] = index[p.Commune].Of(e.People[i])
		if t := a.Nearest.At(int32(i)); t.Reach == geo.Reached {
			times.Add(uint32(t.Cost), int(e.People[i]))
		}
	}
	o := coverage.NewOffer(&e.Access[a.Query.Mode].Within, e.Sites, a.Query.Service, a.Query.Cutoff, n.Fragile)
	n.PerThousand = o.PerThousand
	for u := range n.Units {
		for part, people := range e.Residents.Of(int32(u)) {
			n.Units[u].Add(people, index[e.Grid.Parts[part].Commune], n.PerThousand[part])
		}
	}
	var both sync.WaitGroup
	both.Go(func() { n.Offer.SetCurve(e.Total, new(coverage.Curve), n.PerThousand, n.Fragile) })
	column := times.Column()
	n.Offer.SetWholeAccess(column.Figures(nil, float64(geo.Minute)))
	both.Wait()
	n.Offer.Formula, n.Offer.UnknownHours = coverage.OfferFormula, o.UnknownHours
	return n
}

// Add counts people of one more part, by the index of their commune, and what they find.
// Parts come in their order.
func (n *UnitNeed) Add(people int32, index coverage.Fragility, perThousand float64) {
	n.People += int(people)
	if !index.Known {
		n.Unknown += int(people)
		return
	}
	fragile := index.Of(people)
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

// SetCurve draws the Lorenz curve of what fragile inhabitants find, of so many people; there
// is none where the index of too many is unknown, which is counted before, or where nobody
// finds anything.
func (o *OfferJSON) SetCurve(people int, c *coverage.Curve, has []float64, fragile []coverage.Fragile) {
	o.Gini, o.Lorenz = nil, nil
	if !coverage.NeedKnown(o.UnknownPeople, people) {
		return
	}
	shares, gini, ok := c.Lorenz(has, fragile)
	if !ok {
		return
	}
	o.Gini, o.Lorenz = new(decimal.Four), new([11]decimal.Four)
	*o.Gini = decimal.Four(gini)
	for i, share := range shares {
		o.Lorenz[i] = decimal.Four(share)
	}
}

// Cross crosses need and offer in one territoire, from those of every unit.
func (o *OfferJSON) Cross(t *admin.Territoire, units []UnitNeed, ifn *IFNJSON, times *AccessJSON) NeedOfferJSON {
	var row NeedOfferJSON
	var sum UnitNeed
	for _, u := range t.Units {
		sum.People += units[u].People
		sum.Unknown += units[u].Unknown
		sum.Fragile += units[u].Fragile
		sum.Found += units[u].Found
	}
	row.UnknownPeople = sum.Unknown
	if coverage.NeedKnown(sum.Unknown, sum.People) {
		fragile := decimal.One(sum.Fragile.People())
		row.FragilePeople = &fragile
		if sum.Fragile > 0 {
			mean := decimal.Three(sum.Found / float64(sum.Fragile))
			row.HoursPer1000 = &mean
		}
	}
	score, p50 := o.WholeScore, o.WholeAccessP50
	if ifn != nil && ifn.Score != nil && score != nil && times != nil && p50 != nil {
		row.Quadrant = coverage.Cross(float64(*ifn.Score), float64(*score), float64(times.P50), float64(*p50)).String()
	}
	return row
}
