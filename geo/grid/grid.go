package grid

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/parallel"
)

// MinShare is the smallest share of a cell that makes a part: slivers below it
// (0.1 m² at resolution 9) are rounding, not territory.
const MinShare = 1e-6

// Part is cell ∩ commune.
type Part struct {
	Cell    int32 // position in Grid.Cells
	Commune int32 // position in the communes given to Build
	AreaKm2 float64
	Center  geo.LonLat // centroid of the part, which may fall outside it where the commune is concave
}

// Grid is the cover of communes by cells of one resolution, immutable after
// Build. Invariants (see Check):
//   - Cells is strictly ascending
//   - Parts is sorted by (Cell, Commune), without repetition
//   - len(Areas) == len(Cells)
//   - len(First) == len(Cells)+1; the parts of cell i are Parts[First[i]:First[i+1]], at least one
type Grid struct {
	Resolution int
	Cells      []Cell
	First      []int32
	Areas      []float64 // of whole cells on the sphere, km²
	Parts      []Part
	outlines   []orb.MultiPolygon
	bounds     []orb.Bound
}

// Build covers outlines (one per commune, WGS 84) at a resolution. The result
// does not depend on the number of processors.
func Build(ctx context.Context, outlines []orb.MultiPolygon, resolution int) (*Grid, error) {
	if resolution < MinResolution || resolution > MaxResolution {
		return nil, fmt.Errorf("grid: resolution %d: expected %d to %d", resolution, MinResolution, MaxResolution)
	}
	type piece struct {
		cell    Cell
		commune int32
		share   float64
		areaKm2 float64 // of the whole cell
		center  geo.LonLat
	}
	pieces, err := parallel.Map(ctx, len(outlines), 1, func(i, _ int) (out []piece, err error) {
		var k clipper
		err = k.cover(outlines[i], resolution, func(c Cell, share float64, center geo.LonLat) error {
			area, err := c.AreaKm2()
			if err == nil {
				out = append(out, piece{c, int32(i), share, area, center})
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("grid: commune %d: %w", i, err)
		}
		if len(out) == 0 {
			return nil, fmt.Errorf("grid: commune %d: its outline covers no cell", i)
		}
		return out, nil
	})
	if err != nil {
		return nil, err
	}
	all := slices.Concat(pieces...)
	slices.SortFunc(all, func(a, b piece) int {
		return cmp.Or(cmp.Compare(a.cell, b.cell), cmp.Compare(a.commune, b.commune))
	})
	g := &Grid{Resolution: resolution, Parts: make([]Part, len(all))}
	for i, p := range all {
		if len(g.Cells) == 0 || g.Cells[len(g.Cells)-1] != p.cell {
			g.Cells = append(g.Cells, p.cell)
			g.First = append(g.First, int32(i))
			g.Areas = append(g.Areas, p.areaKm2)
		}
		g.Parts[i] = Part{Cell: int32(len(g.Cells) - 1), Commune: p.commune, AreaKm2: p.share * p.areaKm2, Center: p.center}
	}
	g.First = append(g.First, int32(len(all)))
	g.Attach(outlines)
	return g, nil
}

// Attach gives back to a decoded grid the outlines it was built from, which
// PartAt needs where communes share a cell.
func (g *Grid) Attach(outlines []orb.MultiPolygon) {
	g.outlines = outlines
	g.bounds = make([]orb.Bound, len(outlines))
	for i, o := range outlines {
		g.bounds[i] = o.Bound()
	}
}

// Find returns the position of a cell, or false when the grid does not hold it.
func (g *Grid) Find(c Cell) (int32, bool) {
	i, ok := slices.BinarySearch(g.Cells, c)
	return int32(i), ok
}

// PartAt returns the part that holds p, or false outside the territory. Between
// communes that share a cell, the outline that contains p decides; on a border
// that none contains, the first part of the cell.
func (g *Grid) PartAt(p geo.LonLat) (int32, bool) {
	c, err := Locate(p, g.Resolution)
	if err != nil {
		return 0, false
	}
	i, ok := g.Find(c)
	if !ok {
		return 0, false
	}
	first, last := g.First[i], g.First[i+1]
	if last-first == 1 {
		return first, true
	}
	pt := orb.Point{p.Lon, p.Lat}
	for j := first; j < last; j++ {
		k := g.Parts[j].Commune
		if g.bounds[k].Contains(pt) && planar.MultiPolygonContains(g.outlines[k], pt) {
			return j, true
		}
	}
	return first, true
}

// Check proves the invariants of a grid, for one that was read from a file.
func (g *Grid) Check(communes int) error {
	if len(g.Areas) != len(g.Cells) {
		return errors.New("grid: the areas do not match the cells")
	}
	if len(g.First) != len(g.Cells)+1 || g.First[0] != 0 || int(g.First[len(g.Cells)]) != len(g.Parts) {
		return errors.New("grid: the parts' offsets do not match the cells")
	}
	for i := range g.Cells {
		if i > 0 && g.Cells[i] <= g.Cells[i-1] {
			return fmt.Errorf("grid: cell %d is out of order", i)
		}
		if g.First[i+1] <= g.First[i] || int(g.First[i+1]) > len(g.Parts) {
			return fmt.Errorf("grid: cell %d has no part", i)
		}
		for j := g.First[i]; j < g.First[i+1]; j++ {
			p := g.Parts[j]
			if int(p.Cell) != i || p.Commune < 0 || int(p.Commune) >= communes || p.AreaKm2 <= 0 {
				return fmt.Errorf("grid: part %d is inconsistent", j)
			}
			if j > g.First[i] && p.Commune <= g.Parts[j-1].Commune {
				return fmt.Errorf("grid: part %d is out of order", j)
			}
		}
	}
	return nil
}

// Adjacency lists the neighbours of every cell inside the grid, six slots a cell,
// -1 where there is none.
func (g *Grid) Adjacency() ([]int32, error) {
	const atOnce = 4096
	adj := make([]int32, 6*len(g.Cells))
	_, err := parallel.Map(context.Background(), len(g.Cells), atOnce, func(from, to int) (_ struct{}, err error) {
		for i := from; i < to; i++ {
			ns, err := g.Cells[i].Neighbours()
			if err != nil {
				return struct{}{}, err
			}
			row := adj[6*i : 6*i+6]
			for j := range row {
				row[j] = -1
			}
			k := 0
			for _, n := range ns {
				if at, ok := g.Find(n); ok {
					row[k] = at
					k++
				}
			}
		}
		return struct{}{}, nil
	})
	if err != nil {
		return nil, err
	}
	return adj, nil
}
