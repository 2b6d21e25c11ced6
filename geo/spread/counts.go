package spread

import (
	"context"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/parallel"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Counts is what the squares over a part count, by area.
type Counts struct {
	Number  [store.NumSquareCounts]float64
	Imputed [store.NumSquareCounts]float64 // of these, in squares that are imputed
	Unknown [store.NumSquareCounts]bool    // some square with people over the part does not say
}

// CountsOf shares what squares count among the parts that they cover, as [BySquares] does
// with their people.
func CountsOf(ctx context.Context, g *grid.Grid, squares []store.Square) ([]Counts, error) {
	type over struct {
		square, part int32
		share        float64
	}
	const atOnce = 2048
	found, err := parallel.Map(ctx, len(squares), atOnce, func(from, to int) (all []over, err error) {
		for i := from; i < to; i++ {
			first := len(all)
			err := tiles(squares[i], func(at geo.LonLat, share float64) {
				part, ok := g.PartAt(at)
				if !ok {
					return
				}
				if k := slices.IndexFunc(all[first:], func(o over) bool { return o.part == part }); k >= 0 {
					all[first+k].share += share
					return
				}
				all = append(all, over{int32(i), part, share})
			})
			if err != nil {
				return nil, err
			}
		}
		return all, nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]Counts, len(g.Parts))
	for _, list := range found {
		for _, o := range list {
			q, to := &squares[o.square], &out[o.part]
			for k, c := range q.Counts {
				switch n := c.Number * o.share; {
				case !c.Known:
					to.Unknown[k] = to.Unknown[k] || q.People > 0
				case q.Imputed == store.Imputed:
					to.Imputed[k] += n
					fallthrough
				default:
					to.Number[k] += n
				}
			}
		}
	}
	return out, nil
}
