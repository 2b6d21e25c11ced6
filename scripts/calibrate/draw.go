package main

import (
	"math"
	"math/rand/v2"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// Distances in a straight line between the ends of a pair, metres. Their logarithms
// are spread evenly, as far as the extract is wide.
const nearest = 300

var farthest = map[street.Mode]float64{street.Car: 30_000, street.Bike: 30_000, street.Walk: 5_000}

// fromEach is how many trips are asked for to one place: a search of ours answers
// them all.
const fromEach = 10

// end is where a trip starts or ends.
type end struct {
	at   geo.LonLat
	kind endKind
}

// pair is a trip to ask for.
type pair struct{ from, to end }

// worst is the kind of the end of p that is the least everybody's.
func (p pair) worst() endKind { return max(p.from.kind, p.to.kind) }

// draw makes at least count pairs of places of a mode, those to the same place following
// each other; none when it has no road.
func draw(x *extent, m street.Mode, count int, random *rand.Rand) []pair {
	if len(x.lines[m]) == 0 {
		return nil
	}
	const pool, tried = 4000, 50
	var all [pool]end
	box := geo.EmptyBounds()
	for i := range all {
		all[i] = x.place(m, random)
		box = box.Extend(all[i].at)
	}
	wide := 0.7 * geo.Distance(box.Min, box.Max)
	low, high := math.Log(nearest), math.Log(min(farthest[m], wide))
	var pairs []pair
	drawn := map[pair]bool{}
	for lost := 0; len(pairs) < count && lost < tried; {
		to := x.place(m, random)
		for range fromEach {
			wanted := low + random.Float64()*max(high-low, 0)
			best, off := to, math.Inf(1)
			for range tried {
				p := all[random.IntN(pool)]
				if d := geo.Distance(p.at, to.at); d >= nearest && math.Abs(math.Log(d)-wanted) < off {
					best, off = p, math.Abs(math.Log(d)-wanted)
				}
			}
			if p := (pair{best, to}); !math.IsInf(off, 1) && !drawn[p] {
				drawn[p], lost = true, 0
				pairs = append(pairs, p)
			} else {
				lost++
			}
		}
	}
	return pairs
}
