package grid

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/uber/h3-go/v4"

	"github.com/aisne-numerique/maillage/geo"
)

// Resolutions that a grid may have. Below 5 a cell is larger than an EPCI, above
// 10 it is smaller than a block of houses.
const (
	MinResolution = 5
	MaxResolution = 10
)

// Cell is an H3 index of a hexagon (or one of the twelve pentagons).
type Cell uint64

// String is the index in hexadecimal, as every H3 tool writes it.
func (c Cell) String() string { return h3.Cell(c).String() }

// ParseCell reads an H3 index in hexadecimal.
func ParseCell(s string) (Cell, error) {
	c := h3.CellFromString(s)
	if !c.IsValid() {
		return 0, fmt.Errorf("cell %q: not an H3 cell index", s)
	}
	return Cell(c), nil
}

// Locate returns the cell of a resolution that holds p. The position must have
// passed [geo.LonLat.Check]: H3 answers a valid cell for nonsense.
func Locate(p geo.LonLat, resolution int) (Cell, error) {
	c, err := h3.LatLngToCell(h3.LatLng{Lat: p.Lat, Lng: p.Lon}, resolution)
	if err != nil {
		return 0, fmt.Errorf("cell at %v, %v: %w", p.Lon, p.Lat, err)
	}
	return Cell(c), nil
}

// Resolution is the cell's H3 resolution.
func (c Cell) Resolution() int { return h3.Cell(c).Resolution() }

// Center is the cell's centre.
func (c Cell) Center() (geo.LonLat, error) {
	p, err := h3.Cell(c).LatLng()
	if err != nil {
		return geo.LonLat{}, fmt.Errorf("centre of cell %s: %w", c, err)
	}
	return geo.LonLat{Lon: p.Lng, Lat: p.Lat}, nil
}

// Ring is the cell's outline, counter-clockwise, not closed: six vertices, or
// seven or eight where an edge crosses a face of H3's icosahedron.
func (c Cell) Ring() ([]geo.LonLat, error) {
	b, err := h3.Cell(c).Boundary()
	if err != nil {
		return nil, fmt.Errorf("outline of cell %s: %w", c, err)
	}
	ring := make([]geo.LonLat, len(b))
	for i, p := range b {
		ring[i] = geo.LonLat{Lon: p.Lng, Lat: p.Lat}
	}
	return ring, nil
}

// AreaKm2 is the cell's own area, in km².
func (c Cell) AreaKm2() (float64, error) {
	a, err := h3.CellAreaKm2(h3.Cell(c))
	if err != nil {
		return 0, fmt.Errorf("area of cell %s: %w", c, err)
	}
	return a, nil
}

// Parent is the cell of a coarser resolution above c.
func (c Cell) Parent(resolution int) (Cell, error) {
	p, err := h3.Cell(c).Parent(resolution)
	if err != nil {
		return 0, fmt.Errorf("parent of cell %s at resolution %d: %w", c, resolution, err)
	}
	return Cell(p), nil
}

// Within lists the centres of the cells of a finer resolution that a cell is parent of, in
// their order.
func (c Cell) Within(resolution int) ([]geo.LonLat, error) {
	children, err := h3.Cell(c).Children(resolution)
	if err != nil {
		return nil, fmt.Errorf("cell %s: children: %w", c, err)
	}
	out := make([]geo.LonLat, len(children))
	for i, child := range children {
		if out[i], err = Cell(child).Center(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Neighbours are the cells that share an edge with c: six, or five around a pentagon.
func (c Cell) Neighbours() ([]Cell, error) {
	disk, err := h3.Cell(c).GridDisk(1)
	if err != nil {
		return nil, fmt.Errorf("neighbours of cell %s: %w", c, err)
	}
	out := make([]Cell, 0, 6)
	for _, n := range disk {
		if n != 0 && Cell(n) != c {
			out = append(out, Cell(n))
		}
	}
	return out, nil
}

// Dissolve is the outline of a set of cells of one resolution, in WGS 84, rings
// closed and wound as RFC 7946 says.
func Dissolve(cells []Cell) (orb.MultiPolygon, error) {
	in := make([]h3.Cell, len(cells))
	for i, c := range cells {
		in[i] = h3.Cell(c)
	}
	polys, err := h3.CellsToMultiPolygon(in)
	if err != nil {
		return nil, fmt.Errorf("outline of %d cells: %w", len(cells), err)
	}
	out := make(orb.MultiPolygon, 0, len(polys))
	for _, p := range polys {
		poly := orb.Polygon{closedRing(p.GeoLoop, orb.CCW)}
		for _, h := range p.Holes {
			poly = append(poly, closedRing(h, orb.CW))
		}
		out = append(out, poly)
	}
	return out, nil
}

func closedRing(loop h3.GeoLoop, want orb.Orientation) orb.Ring {
	ring := make(orb.Ring, 0, len(loop)+1)
	for _, p := range loop {
		ring = append(ring, orb.Point{p.Lng, p.Lat})
	}
	ring = append(ring, ring[0])
	if ring.Orientation() != want {
		ring.Reverse()
	}
	return ring
}
