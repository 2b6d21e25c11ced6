package coverage

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// Offer is the supply of help beside the need for it: for each part, the open hours a
// week within the cut-off for 1 000 fragile inhabitants, by the enhanced two-step
// floating catchment area method (Luo & Qi 2009). First the hours of each site are
// shared among the fragile inhabitants within the cut-off, weighted by [Decay]; then
// each part adds up the shares of the sites within the cut-off, weighted alike. The
// hours that people find so, times the people, add up to the hours of the sites that
// somebody reaches.
type Offer struct {
	PerThousand  []float64 // per part, hours a week for 1 000 fragile inhabitants
	UnknownHours int       // sites that offer the service and are left out: their hours are unknown
}

// OfferFormula says in French how the offer is made, for people who read it.
const OfferFormula = "heures d'ouverture par semaine à moins de T pour 1 000 habitants fragiles (E2SFCA, Luo et Qi 2009) : les heures de chaque lieu se partagent entre les habitants fragiles qui l'atteignent, poids 1 jusqu'à T/2, 0,3 jusqu'à ¾ T, 0,1 jusqu'à T (pas de l'APL de la DREES) ; habitants fragiles = habitants × indice de fragilité ÷ 10"

// Decay is the weight of a trip: 1 up to half of the cut-off, 0.3 up to three quarters,
// 0.1 up to the cut-off itself, nothing beyond. These are the steps of the accessibilité
// potentielle localisée (DREES): 10, 15 and 20 minutes.
func Decay(t, cutoff geo.Cost) float64 {
	switch {
	case 2*t <= cutoff:
		return 1
	case 4*t <= 3*cutoff:
		return 0.3
	case t <= cutoff:
		return 0.1
	}
	return 0
}

// Share is what a site gives for 1 000 fragile inhabitants who are near, when demand of
// them share its hours a week.
func Share(hours, demand float64) float64 {
	if demand > 0 {
		return hours * (1000 / demand)
	}
	return 0
}

// NewOffer computes the offer of a service within a cut-off; fragile is the number of
// fragile inhabitants of each part. Products are rounded before they are added, so that
// a scenario adds up the same bits on every processor.
func NewOffer(within *access.Within, sites []lieu.Site, service lieu.Service, cutoff geo.Cost, fragile []float64) *Offer {
	o := &Offer{PerThousand: make([]float64, len(fragile))}
	hours := make([]float64, len(sites)) // a week; 0 where nothing is known or offered
	for j := range sites {
		switch s := &sites[j]; {
		case !s.Services.Offers(service):
		case !s.Horaires.Known:
			o.UnknownHours++
		default:
			hours[j] = access.SlotsToHours(uint16(s.Horaires.Slots.Len()))
		}
	}
	// Most of the sites within the horizon are beyond the cut-off: one comparison.
	limit := uint16(min(cutoff, access.Horizon))
	demand := make([]float64, len(sites))
	for i, people := range fragile {
		if people == 0 {
			continue
		}
		row, costs := within.Row(int32(i))
		for k, c := range costs {
			if c <= limit {
				demand[row[k]] += float64(people * Decay(geo.Cost(c), cutoff))
			}
		}
	}
	for j := range hours { // from here on, for one fragile inhabitant who is near
		hours[j] = Share(hours[j], demand[j])
	}
	for i := range fragile {
		row, costs := within.Row(int32(i))
		for k, c := range costs {
			if c <= limit {
				o.PerThousand[i] += float64(Decay(geo.Cost(c), cutoff) * hours[row[k]])
			}
		}
	}
	return o
}

// Lorenz gives the share of what people have in all that the worst served tenths of
// them have: of the worst served 0 %, 10 %, … 100 %; and the Gini index of the whole
// curve: 0 when all have the same, near 1 when a few have everything. It is all 0
// when nobody has anything.
func Lorenz(has, people []float64) (shares [11]float64, gini float64) {
	return new(Curve).Lorenz(has, people)
}

// Curve is the scratch space of Lorenz curves, for who draws many. The zero value is
// ready.
type Curve struct {
	from, to []ranked
	start    []int32
}

// Lorenz is [Lorenz].
func (c *Curve) Lorenz(has, people []float64) (shares [11]float64, gini float64) {
	c.from = c.from[:0]
	var allPeople, all float64
	for i, p := range people {
		if p > 0 {
			c.from = append(c.from, ranked{math.Float64bits(has[i]), p})
			allPeople += p
			all += float64(p * has[i])
		}
	}
	if all == 0 {
		return shares, 0
	}
	order := c.byHas()
	var x, y, under float64 // the curve so far, and twice the area under it
	tenth := 1
	ofPeople, ofAll := 1/allPeople, 1/all
	for _, r := range order {
		nextX, nextY := x+float64(r.people*ofPeople), y+float64(r.people*math.Float64frombits(r.has)*ofAll)
		for ; tenth < 10 && nextX >= float64(tenth)/10; tenth++ {
			shares[tenth] = y + (nextY-y)*(float64(tenth)/10-x)/(nextX-x)
		}
		under += float64((nextX - x) * (y + nextY))
		x, y = nextX, nextY
	}
	for ; tenth < 10; tenth++ { // lost to rounding
		shares[tenth] = y
	}
	shares[10] = 1
	return shares, 1 - under
}

// ranked is the people of a part with the bits of what they have, which sort as what they
// have does: that is never below 0.
type ranked struct {
	has    uint64
	people float64
}

// byHas sorts by has; equals stay in their order. The sort is most of the
// price of a Lorenz curve, and each simulation draws one: parts go to buckets by the
// leading bits that tell them apart, a few in each, and are put in order there.
func (c *Curve) byHas() []ranked {
	const buckets = 1 << 15
	from := c.from
	low, high := uint64(math.MaxUint64), uint64(0) // of those that have something
	for _, r := range from {
		if r.has > 0 {
			low, high = min(low, r.has), max(high, r.has)
		}
	}
	shift := max(0, bits.Len64(high-min(low, high))-15)
	// Nothing goes to bucket 0, and something to one of the next.
	bucket := func(has uint64) uint64 {
		if has == 0 {
			return 0
		}
		return (has-low)>>shift + 1
	}
	if c.start == nil {
		c.start = make([]int32, buckets+2)
	}
	clear(c.start)
	start := c.start
	for _, r := range from {
		start[bucket(r.has)+1]++
	}
	for b := range start[1:] {
		start[b+1] += start[b]
	}
	c.to = slices.Grow(c.to[:0], len(from))[:len(from)]
	to := c.to
	for _, r := range from {
		b := bucket(r.has)
		to[start[b]] = r
		start[b]++
	}
	first := start[0] // the bucket of those who have nothing is in order
	for _, last := range start[1 : buckets+1] {
		if last-first > 1 {
			sortBucket(to[first:last])
		}
		first = last
	}
	return to
}

// sortBucket sorts by has; equals stay in their order.
func sortBucket(b []ranked) {
	const few = 32
	if len(b) > few {
		slices.SortStableFunc(b, func(x, y ranked) int { return cmp.Compare(x.has, y.has) })
		return
	}
	for i := 1; i < len(b); i++ {
		r, j := b[i], i
		for ; j > 0 && b[j-1].has > r.has; j-- {
			b[j] = b[j-1]
		}
		b[j] = r
	}
}

// Quadrant crosses need and distance. The zero value is NoQuadrant.
type Quadrant uint8

// The quadrants.
const (
	NoQuadrant Quadrant = iota // the index, or the time, is not known
	FragileFar
	FragileNear
	SturdyFar
	SturdyNear
)

var quadrantNames = [...]string{"", "fragile-loin", "fragile-proche", "moins-fragile-loin", "moins-fragile-proche"}

func (q Quadrant) String() string { return quadrantNames[q] }

// Cross puts a territoire in its quadrant: fragile when its score is at least that of
// the whole, far when its median time is longer than that of the whole.
func Cross(score, wholeScore, minutes, wholeMinutes float64) Quadrant {
	fragile, far := score >= wholeScore, minutes > wholeMinutes
	switch {
	case fragile && far:
		return FragileFar
	case fragile:
		return FragileNear
	case far:
		return SturdyFar
	}
	return SturdyNear
}
