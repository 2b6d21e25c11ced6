package edition

import (
	"sync"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
)

// need is the need of every part beside what it finds, for one answer.
type need struct {
	fragile     []float64 // inhabitants of each part
	perThousand []float64
	offer       OfferJSON
}

// need computes the fragile inhabitants and the offer. A commune without index counts
// at that of the département; without that, all its people are fragile alike.
func (e *Edition) need(a *Answer) *need {
	n := &need{fragile: make([]float64, len(e.People))}
	fallback := 10.0
	for _, row := range e.IFN(admin.TypeDepartement) {
		if n.offer.WholeScore = row.Score; row.Score != nil {
			fallback = *row.Score
		}
	}
	index := e.IFN(admin.TypeCommune)
	for c, parts := range e.ByCommune {
		score := fallback
		if row, ok := index[e.Division.Communes[c].Code]; ok && row.Score != nil {
			score = *row.Score
		} else {
			n.offer.UnknownPeople += e.Division.Communes[c].Population
		}
		for _, i := range parts {
			n.fragile[i] = float64(e.People[i]) * score / 10
		}
	}
	var median sync.WaitGroup
	median.Go(func() {
		var times coverage.Sample
		for i, people := range e.People {
			if t := a.Nearest.At(int32(i)); t.Reach == geo.Reached {
				times.Add(t.Cost.Minutes(), int(people))
			}
		}
		if p50, ok := times.Percentile(0.5); ok {
			p50 = round(p50, 2) // as that of each territoire
			n.offer.WholeAccessP50 = &p50
		}
	})
	o := coverage.NewOffer(&e.Access[a.Query.Mode].Within, e.Sites, a.Query.Service, a.Query.Cutoff, n.fragile)
	n.perThousand = o.PerThousand
	median.Wait()
	shares, gini := coverage.Lorenz(o.PerThousand, n.fragile)
	for i := range shares {
		shares[i] = round(shares[i], 4)
	}
	n.offer.Formula, n.offer.Gini, n.offer.Lorenz, n.offer.UnknownHours = coverage.OfferFormula, round(gini, 4), shares, o.UnknownHours
	return n
}

// of crosses need and offer in one territoire.
func (n *need) of(e *Edition, t admin.Territoire, ifn *IFNJSON, times *AccessJSON) NeedOfferJSON {
	var row NeedOfferJSON
	var found float64
	for _, c := range t.Communes {
		for _, i := range e.ByCommune[c] {
			row.FragilePeople += n.fragile[i]
			found += n.fragile[i] * n.perThousand[i]
		}
	}
	if row.FragilePeople > 0 {
		mean := round(found/row.FragilePeople, 3)
		row.HoursPer1000 = &mean
	}
	row.FragilePeople = round(row.FragilePeople, 1)
	score, p50 := n.offer.WholeScore, n.offer.WholeAccessP50
	if ifn != nil && ifn.Score != nil && score != nil && times != nil && p50 != nil {
		row.Quadrant = coverage.Cross(*ifn.Score, *score, times.P50, *p50).String()
	}
	return row
}
