package main

import (
	"math"
	"math/rand/v2"
	"sort"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// Distances in a straight line between the ends of a pair, metres. Their logarithms
// are spread evenly, as far as the extract is wide.
const nearest = 300

var farthest = map[street.Mode]float64{street.Car: 30_000, street.Bike: 30_000, street.Walk: 5_000}

// fromEach is how many trips are asked for to one place: a search of ours answers
// them all.
const fromEach = 10

// pair is a trip to ask for.
type pair struct{ from, to geo.LonLat }

// draw makes at least count pairs, those to one place following each other, of points
// of components of the mode that are worth joining. Points are spread evenly over its length of road,
// so that nobody walks to a road before travelling. A car starts and ends on a public
// road: Valhalla drives at 2 to 7 km/h on most tracks, and a trip that ends on one would
// compare little else.
func draw(n *road.Network, m street.Mode, count int, random *rand.Rand) []pair {
	place := places(n, m, random)
	if place == nil {
		return nil
	}
	const pool, tried = 4000, 50
	var all [pool]geo.LonLat
	for i := range all {
		all[i] = place()
	}
	wide := 0.7 * geo.Distance(n.Bounds().Min, n.Bounds().Max)
	low, high := math.Log(nearest), math.Log(min(farthest[m], wide))
	var pairs []pair
	drawn := map[pair]bool{}
	for lost := 0; len(pairs) < count && lost < tried; {
		to := place()
		for range fromEach {
			wanted := low + random.Float64()*max(high-low, 0)
			best, off := to, math.Inf(1)
			for range tried {
				p := all[random.IntN(pool)]
				if d := geo.Distance(p, to); d >= nearest && math.Abs(math.Log(d)-wanted) < off {
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

// places returns a source of points, nil when the mode has no road.
func places(n *road.Network, m street.Mode, random *rand.Rand) func() geo.LonLat {
	var edges []int32
	var upTo []uint64 // running length, decimetres
	var total uint64
	for e := range int32(n.Counts().Edges) {
		edge := n.Edge(e)
		if !edge.Travel[m].Worth || edge.Class == street.Ferry || m == street.Car && edge.Class == street.Minor {
			continue
		}
		total += uint64(edge.Length)
		edges, upTo = append(edges, e), append(upTo, total)
	}
	if total == 0 {
		return nil
	}
	var shape []geo.LonLat
	return func() geo.LonLat {
		at := random.Uint64N(total)
		i := sort.Search(len(upTo), func(i int) bool { return upTo[i] > at })
		shape = n.AppendShape(shape[:0], edges[i])
		return along(shape, random.Float64())
	}
}

// along is the point at a share of the length of a line.
func along(line []geo.LonLat, share float64) geo.LonLat {
	left := length(line) * share
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		d := geo.Distance(a, b)
		if d >= left && d > 0 {
			t := left / d
			return geo.LonLat{Lon: a.Lon + t*(b.Lon-a.Lon), Lat: a.Lat + t*(b.Lat-a.Lat)}
		}
		left -= d
	}
	return line[len(line)-1]
}

// length is that of a line, metres.
func length(line []geo.LonLat) float64 {
	var sum float64
	for i := 1; i < len(line); i++ {
		sum += geo.Distance(line[i-1], line[i])
	}
	return sum
}
