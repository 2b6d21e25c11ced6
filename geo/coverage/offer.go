package coverage

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/parallel"
)

// Offer is the help that people find beside their need for it: for each part, the open hours a
// week within the cut-off for 1 000 fragile inhabitants, by the enhanced two-step
// floating catchment area method (Luo & Qi 2009). First the capacity of each site, its hours, is
// shared among the fragile inhabitants within the cut-off, weighted by [Decay]; then
// each part adds up the shares of the sites within the cut-off, weighted alike. The
// hours that people find so, times the people, add up to the hours of the sites that
// somebody reaches.
type Offer struct {
	PerThousand  []float64 // per part, hours a week for 1 000 fragile inhabitants
	UnknownHours int       // sites that offer the service and are left out: their hours are unknown
}

// OfferFormula says in French how the offer is made, for people who read it.
const OfferFormula = "heures d'ouverture par semaine à moins de T pour 1 000 habitants fragiles (E2SFCA, Luo et Qi 2009) : les heures de chaque lieu se partagent entre les habitants fragiles qui l'atteignent, poids 1 jusqu'à T/2, 0,3 jusqu'à ¾ T, 0,1 jusqu'à T (pas de l'APL de la DREES) ; habitants fragiles = habitants × indice de fragilité ÷ 10 ; les habitants dont l'indice est inconnu n'y comptent pas (l'offre qu'ils partagent est alors surestimée), et le chiffre est inconnu quand ils sont plus de la moitié"

// Decay is the weight of a journey, in tenths: 10 up to half of the cut-off, 3 up to three
// quarters, 1 up to the cut-off itself, nothing beyond. These are the steps of the
// accessibilité potentielle localisée (DREES): 10, 15 and 20 minutes.
func Decay(t, cutoff geo.Cost) int64 {
	switch {
	case 2*t <= cutoff:
		return 10
	case 4*t <= 3*cutoff:
		return 3
	case t <= cutoff:
		return 1
	}
	return 0
}

// Share is what a site of a capacity (hours a week) gives for 1 000 fragile
// inhabitants by a journey of decay 1, i.e. a tenth. demand is the sum of those who share it,
// times the decay of their journeys.
func Share(capacity float64, demand Fragile) float64 {
	if demand > 0 {
		return capacity * (1000 * FragileUnits) / float64(demand)
	}
	return 0
}

// NewOffer computes the offer of a service within a cut-off; fragile is the fragile
// inhabitants of each part.
func NewOffer(within *access.Within, sites []lieu.Site, service lieu.Service, cutoff geo.Cost, fragile []Fragile) *Offer {
	o := &Offer{PerThousand: make([]float64, len(fragile))}
	within = within.Journeys(cutoff)
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
	limit := uint16(min(cutoff, access.Horizon))
	decay := make([]uint8, int(limit)+1) // of each cost
	for c := range decay {
		decay[c] = uint8(Decay(geo.Cost(c), cutoff))
	}
	// Demands are whole numbers: their sum is the same in any order.
	const atOnce = 4096
	demand := make([]Fragile, len(sites))
	for _, some := range parallel.Of(len(fragile), atOnce, func(from, to int) []Fragile {
		demand := make([]Fragile, len(sites))
		for i := from; i < to; i++ {
			people := fragile[i]
			if people == 0 {
				continue
			}
			row, costs := within.Row(int32(i))
			for k, c := range costs {
				if c <= limit { // most of the sites within the horizon are beyond
					demand[row[k]] += people * Fragile(decay[c])
				}
			}
		}
		return demand
	}) {
		for j, d := range some {
			demand[j] += d
		}
	}
	for j := range hours { // from here on, for one journey of decay 1
		hours[j] = Share(hours[j], demand[j])
	}
	parallel.Of(len(fragile), atOnce, func(from, to int) struct{} {
		for i := from; i < to; i++ {
			row, costs := within.Row(int32(i))
			var found float64
			for k, c := range costs {
				if c <= limit {
					// Rounded before it is added, so that every processor adds the same bits.
					found += float64(float64(decay[c]) * hours[row[k]])
				}
			}
			o.PerThousand[i] = found
		}
		return struct{}{}
	})
	return o
}

// Lorenz gives the share of what people have in all that the worst served tenths of
// them have: of the worst served 0 %, 10 %, … 100 %; and the Gini index of the whole
// curve: 0 when all have the same, near 1 when a few have everything. There is none, ok is
// false, where nobody has anything: nothing has no shares. It does not depend on the order
// of people, nor on how those who have the same are told apart.
func Lorenz(has []float64, people []Fragile) (shares [11]float64, gini float64, ok bool) {
	return new(Curve).Lorenz(has, people)
}

// Curve is the scratch space of Lorenz curves, for who draws many. The zero value is
// ready.
type Curve struct {
	from, to []ranked
	start    []int32
}

// Lorenz is [Lorenz].
func (c *Curve) Lorenz(has []float64, people []Fragile) (shares [11]float64, gini float64, ok bool) {
	c.from = c.from[:0]
	var allPeople Fragile
	for i, p := range people {
		if p > 0 {
			c.from = append(c.from, ranked{math.Float64bits(has[i]), p})
			allPeople += p
		}
	}
	// Those who have the same are one.
	order := c.byHas()
	kept := order[:0]
	for _, r := range order {
		if n := len(kept); n > 0 && kept[n-1].has == r.has {
			kept[n-1].people += r.people
		} else {
			kept = append(kept, r)
		}
	}
	var all float64
	for _, r := range kept {
		all += r.total()
	}
	if all == 0 {
		return shares, 0, false
	}
	var x, y, under float64 // the curve so far, and twice the area under it
	tenth, upTo, sum := 1, Fragile(0), 0.0
	for _, r := range kept {
		upTo += r.people
		sum += r.total()
		nextX, nextY := float64(upTo)/float64(allPeople), sum/all
		for ; tenth < 10 && nextX >= float64(tenth)/10; tenth++ {
			shares[tenth] = y + float64((nextY-y)*(float64(tenth)/10-x))/(nextX-x)
		}
		under += float64((nextX - x) * (y + nextY))
		x, y = nextX, nextY
	}
	for ; tenth < 10; tenth++ { // lost to rounding
		shares[tenth] = y
	}
	shares[10] = 1
	return shares, 1 - under, true
}

// ranked is some people with the bits of what they have, which sort as what they have
// does: that is never below 0.
type ranked struct {
	has    uint64
	people Fragile
}

// total is what they have together.
func (r ranked) total() float64 { return float64(float64(r.people) * math.Float64frombits(r.has)) }

// byHas sorts by has. The sort is most of the
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

// sortBucket sorts by has.
func sortBucket(b []ranked) {
	const few = 32
	if len(b) > few {
		slices.SortFunc(b, func(x, y ranked) int { return cmp.Compare(x.has, y.has) })
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
