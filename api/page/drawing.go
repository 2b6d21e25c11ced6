package page

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/scenario"
)

// drawing is a map as SVG: what a page shows of the ground.
type drawing struct {
	Width, Height  int
	Label, Caption string
	Cells          []shape
	Outlines       []string
	Marks          []dot
}

type shape struct{ Class, D string }

type dot struct {
	Class   string
	X, Y, R float64
	Nom     string
}

// canvas projects positions onto a drawing: a plane at the latitude of its middle, which
// is as good as any for a département.
type canvas struct {
	west, north    float64
	scaleX, scaleY float64
	width, height  int
}

// newCanvas leaves a margin of 3 % around the bounds.
func newCanvas(b geo.Bounds, width int) canvas {
	margin := 0.03 * math.Max(b.Max.Lon-b.Min.Lon, b.Max.Lat-b.Min.Lat)
	return fittedCanvas(geo.Bounds{Min: geo.LonLat{Lon: b.Min.Lon - margin, Lat: b.Min.Lat - margin},
		Max: geo.LonLat{Lon: b.Max.Lon + margin, Lat: b.Max.Lat + margin}}, width)
}

func fittedCanvas(b geo.Bounds, width int) canvas {
	west, east, south, north := b.Min.Lon, b.Max.Lon, b.Min.Lat, b.Max.Lat
	shrink := math.Cos((south + north) / 2 * math.Pi / 180)
	scale := float64(width) / ((east - west) * shrink)
	return canvas{west: west, north: north, scaleX: scale * shrink, scaleY: scale, width: width, height: int(math.Ceil((north - south) * scale))}
}

func (c canvas) at(lon, lat float64) (x, y float64) {
	return reply.Rounded((lon-c.west)*c.scaleX, 1), reply.Rounded((c.north-lat)*c.scaleY, 1)
}

// path writes rings as one SVG path; points nearer than half a unit are left out.
func (c canvas) path(rings ...[]geo.LonLat) string {
	var b strings.Builder
	for _, ring := range rings {
		lastX, lastY := math.Inf(1), math.Inf(1)
		for i, p := range ring {
			x, y := c.at(p.Lon, p.Lat)
			if i > 0 && math.Abs(x-lastX) < 0.5 && math.Abs(y-lastY) < 0.5 {
				continue
			}
			command := "L"
			if i == 0 {
				command = "M"
			}
			fmt.Fprintf(&b, "%s%g %g", command, x, y)
			lastX, lastY = x, y
		}
		b.WriteString("Z")
	}
	return b.String()
}

func (c canvas) outline(mp orb.MultiPolygon) string {
	var rings [][]geo.LonLat
	for _, polygon := range mp {
		for _, ring := range polygon {
			points := make([]geo.LonLat, len(ring))
			for i, p := range ring {
				points[i] = geo.LonLat{Lon: p[0], Lat: p[1]}
			}
			rings = append(rings, points)
		}
	}
	return c.path(rings...)
}

// drawTerritoire draws the classes of a territoire, at the resolution that a page can
// show.
func drawTerritoire(s *snapshot.Snapshot, a *edition.Answer, t admin.Territoire) (*drawing, error) {
	const most = 2500 // cells
	c := newCanvas(t.Bounds, 640)
	out := &drawing{Width: c.width, Height: c.height, Label: "Carte des classes d'accès : " + t.Nom,
		Caption: "Classe de la plupart des habitants de chaque maille ; points pleins : lieux, points creux : quelque chose en est inconnu."}
	in := s.Residents.Inside(&t)
	var err error
	if out.Cells, err = classShapes(s, a, t, c, most); err != nil {
		return nil, err
	}
	if t.Type == admin.TypeDepartement {
		for _, epci := range s.Division.EPCI { // its own outline is the sum of its communes'
			out.Outlines = append(out.Outlines, c.outline(epci.Outline))
		}
	} else {
		outline, err := s.Outline(t.Ref)
		if err != nil {
			return nil, err
		}
		out.Outlines = []string{c.outline(outline)}
	}
	for i := range s.Sites {
		site := &s.Sites[i]
		if !in.Place(s.SiteCommune[i], site.At, true) {
			continue
		}
		class := "lieu"
		if site.Of(a.Query.Service) != 0 || !site.Could(a.Query.Service) {
			class += " lieu--inconnu"
		}
		x, y := c.at(site.At.Lon, site.At.Lat)
		out.Marks = append(out.Marks, dot{class, x, y, 4.5, site.Nom})
	}
	return out, nil
}

// classShapes are the inhabited cells of a territoire, one shape for each class of most of
// the people of a cell, at the finest resolution that gives `most` cells at most.
func classShapes(s *snapshot.Snapshot, a *edition.Answer, t admin.Territoire, c canvas, most int) ([]shape, error) {
	byClass := figures.CellsByClass(s.Edition, a, t, most)
	var out []shape
	for _, class := range coverage.Classes {
		if byClass[class] == nil {
			continue
		}
		area, err := grid.Dissolve(byClass[class])
		if err != nil {
			return nil, err
		}
		out = append(out, shape{class.String(), c.outline(area)})
	}
	return out, nil
}

// drawChange draws where the classes change: nil when they do nowhere.
func drawChange(s *snapshot.Snapshot, d *scenario.Difference, name string) (*drawing, error) {
	const better = "couverte" // nothing is better
	order := map[string]int{"blanche": 0, "grise": 1, "inconnue": 1, better: 2}
	b := geo.EmptyBounds()
	var shapes []scenario.CellChange
	for _, c := range d.Cells {
		if c.ClassBefore != c.ClassAfter {
			shapes = append(shapes, c)
		}
	}
	rings := make([][]geo.LonLat, len(shapes))
	for i, c := range shapes {
		cell, err := grid.ParseCell(c.Cell)
		if err != nil {
			return nil, err
		}
		if rings[i], err = cell.Ring(); err != nil {
			return nil, err
		}
		for _, p := range rings[i] {
			b = b.Extend(p)
		}
	}
	if len(shapes) == 0 {
		return nil, nil
	}
	for i := range d.Scenario.Actions {
		if a := &d.Scenario.Actions[i]; a.Lon != nil {
			b = b.Extend(a.At())
		}
	}
	c := newCanvas(b, 800)
	out := &drawing{Width: c.width, Height: c.height, Label: "Carte des mailles dont la classe change : " + name,
		Caption: "Mailles dont la classe change : bleu, pour le mieux ; orange hachuré, pour le moins bien. Les limites sont celles des EPCI."}
	for i, change := range shapes {
		class := "gagne"
		if order[change.ClassAfter] < order[change.ClassBefore] {
			class = "perd"
		}
		out.Cells = append(out.Cells, shape{class, c.path(rings[i])})
	}
	for _, t := range s.Division.EPCI {
		out.Outlines = append(out.Outlines, c.outline(t.Outline))
	}
	for i := range d.Scenario.Actions {
		if a := &d.Scenario.Actions[i]; a.Lon != nil {
			x, y := c.at(*a.Lon, *a.Lat)
			out.Marks = append(out.Marks, dot{"lieu--nouveau", x, y, 7, a.Nom})
		}
		for _, stop := range d.Scenario.Actions[i].Stops {
			x, y := c.at(stop.Lon, stop.Lat)
			out.Marks = append(out.Marks, dot{"lieu--nouveau", x, y, 5, stop.Nom})
		}
	}
	return out, nil
}
