package spread

import (
	"cmp"
	"context"
	"slices"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/parallel"
)

// Inhabitants are people of a part at one place.
type Inhabitants struct {
	At     geo.LonLat
	People int32
}

// Settle puts every inhabitant of some parts at a place inside the commune, where what its
// people were spread by says that they live: in a tile of 40 m of a square, in a dwelling, by
// a street, or anywhere in the part where nothing is known. The places of a part are taken at
// equal intervals of weight along a curve that fills its cell, so that whole people are
// spread as the weights are. parts ascend; inside says whether a commune holds a place.
func Settle(ctx context.Context, g *grid.Grid, people []int32, methods []Method, s Sources, parts []int32, inside func(commune int32, at geo.LonLat) bool) ([][]Inhabitants, error) {
	number := make(map[int32]int, len(parts))
	for i, p := range parts {
		number[p] = i
	}
	weights := make([][]weighed, len(parts))
	for _, by := range []struct {
		method Method
		things
	}{{Streets, streets(s.Network, s.Houses, Calibrated)}, {Dwellings, dwellings(s.Houses)}, {Squares, inSquares(s.Squares)}} {
		drops, err := scatter(ctx, g, by.things, func(part int32) bool {
			_, wanted := number[part]
			return wanted && methods[g.Parts[part].Commune] == by.method
		})
		if err != nil {
			return nil, err
		}
		for _, list := range drops {
			for _, d := range list {
				at := geo.LonLat{Lon: d.mass.Lon / d.mass.Weight, Lat: d.mass.Lat / d.mass.Weight}
				if i := number[d.part]; inside(g.Parts[d.part].Commune, at) {
					weights[i] = append(weights[i], weighed{at, d.mass.Weight})
				}
			}
		}
	}
	const atOnce = 64
	chunks, err := parallel.Map(ctx, len(parts), atOnce, func(from, to int) (out [][]Inhabitants, err error) {
		for i := from; i < to; i++ {
			part := &g.Parts[parts[i]]
			if len(weights[i]) == 0 {
				if weights[i], err = anywhere(g, part, inside); err != nil {
					return nil, err
				}
			}
			out = append(out, place(weights[i], int(people[parts[i]])))
		}
		return out, nil
	})
	return slices.Concat(chunks...), err
}

// weighed is a place and how many live there, in proportion.
type weighed struct {
	at     geo.LonLat
	weight float64
}

// anywhere lists places all over a part, of one weight: the centres of small cells, of
// smaller ones where the part is so narrow that it holds none.
func anywhere(g *grid.Grid, part *grid.Part, inside func(commune int32, at geo.LonLat) bool) (out []weighed, err error) {
	for _, finer := range []int{3, 5} {
		centers, err := g.Cells[part.Cell].Within(min(g.Resolution+finer, 15))
		if err != nil {
			return nil, err
		}
		for _, at := range centers {
			if inside(part.Commune, at) {
				out = append(out, weighed{at, 1})
			}
		}
		if len(out) > 0 {
			return out, nil
		}
	}
	return []weighed{{part.Center, 1}}, nil
}

// place puts people at places, at equal intervals of weight along a curve.
func place(places []weighed, people int) (out []Inhabitants) {
	box := orb.MultiPoint{}
	total := 0.0
	for _, p := range places {
		box = append(box, orb.Point{p.at.Lon, p.at.Lat})
		total += p.weight
	}
	b := box.Bound()
	curve := func(p geo.LonLat) uint64 {
		return interleaved(fraction(p.Lon, b.Min[0], b.Max[0])) | interleaved(fraction(p.Lat, b.Min[1], b.Max[1]))<<1
	}
	slices.SortStableFunc(places, func(p, q weighed) int {
		return cmp.Or(cmp.Compare(curve(p.at), curve(q.at)), cmp.Compare(p.at.Lon, q.at.Lon), cmp.Compare(p.at.Lat, q.at.Lat))
	})
	next, below := 0, 0.0
	for i, p := range places {
		n := int32(0)
		below += p.weight
		for next < people && (i == len(places)-1 || total*(float64(next)+0.5) < below*float64(people)) {
			n++
			next++
		}
		out = append(out, Inhabitants{p.at, n})
	}
	return out
}

// fraction is where v is between two bounds, in 16 bits.
func fraction(v, low, high float64) uint64 {
	if high <= low {
		return 0
	}
	return uint64((v - low) / (high - low) * 0xffff)
}

// interleaved spreads 16 bits over the even bits of 32.
func interleaved(x uint64) uint64 {
	x = (x | x<<8) & 0x00ff00ff
	x = (x | x<<4) & 0x0f0f0f0f
	x = (x | x<<2) & 0x33333333
	return (x | x<<1) & 0x55555555
}
