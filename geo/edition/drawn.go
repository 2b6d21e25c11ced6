package edition

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/parallel"
	"github.com/aisne-numerique/maillage/geo/spread"
)

// allot counts the people of the outlines. A part that no outline cuts is inside whole or
// not at all; of the others every inhabitant is put at one place (see [spread.Settle]), the
// same for all outlines: those of a partition share everybody out, each once.
func (b *builder) allot(ctx context.Context, methods []spread.Method, sources spread.Sources) error {
	e := b.e
	drawn := e.Division.Drawn()
	if len(drawn) == 0 {
		return nil
	}
	const atOnce = 512
	chunks, err := parallel.Map(ctx, len(e.Grid.Cells), atOnce, func(from, to int) (out []piece, err error) {
		for c := from; c < to; c++ {
			first, last := e.Grid.First[c], e.Grid.First[c+1]
			if !slices.ContainsFunc(e.People[first:last], func(n int32) bool { return n > 0 }) {
				continue
			}
			ring, err := e.Grid.Cells[c].Ring()
			if err != nil {
				return nil, err
			}
			box := geo.EmptyBounds()
			for _, p := range ring {
				box = box.Extend(p)
			}
			for _, k := range e.Division.DrawnNear(box) {
				cut := drawn[k].Cuts(box)
				if !cut && !drawn[k].Contains(box.Center()) {
					continue
				}
				for part := first; part < last; part++ {
					if e.People[part] > 0 {
						out = append(out, piece{k, part, cut})
					}
				}
			}
		}
		return out, nil
	})
	if err != nil {
		return err
	}
	pieces := slices.Concat(chunks...)
	// A cell of several communes has several parts, each in the same outlines.
	slices.SortFunc(pieces, func(p, q piece) int { return cmp.Or(cmp.Compare(p.part, q.part), cmp.Compare(p.outline, q.outline)) })
	var parts []int32
	for _, p := range pieces {
		if p.cut && (len(parts) == 0 || parts[len(parts)-1] != p.part) {
			parts = append(parts, p.part)
		}
	}
	areas := b.communeAreas()
	settled, err := spread.Settle(ctx, e.Grid, e.People, methods, sources, parts, func(commune int32, at geo.LonLat) bool { return areas(commune).Contains(at) })
	if err != nil {
		return err
	}
	all := make([]admin.Allotment, len(drawn))
	for _, p := range pieces {
		a, n, estimated := &all[p.outline], e.People[p.part], false
		if p.cut {
			i, _ := slices.BinarySearch(parts, p.part)
			n, estimated = inside(drawn[p.outline], settled[i])
		}
		if n > 0 {
			a.Shares = append(a.Shares, admin.Share{Part: p.part, People: n})
		}
		if estimated {
			a.Estimated += int(n)
		}
	}
	for k := range all {
		all[k].Beyond = b.beyond(drawn[k])
	}
	if e.Division, err = e.Division.Settled(e.withCommunes(all)); err != nil {
		return err
	}
	b.tellOutlines(e.sharedBy(drawn, pieces, parts, settled))
	return nil
}

// inside counts those of an outline, and reports whether it has some of the places and not
// the others.
func inside(d *admin.Drawn, settled []spread.Inhabitants) (people int32, cut bool) {
	in, out := false, false
	for _, s := range settled {
		if d.Contains(s.At) {
			people += s.People
			in = true
		} else {
			out = true
		}
	}
	return people, in && out
}

// communeAreas gives the area of a commune, prepared when it is first asked for.
func (b *builder) communeAreas() func(commune int32) *admin.Area {
	areas := make([]func() *admin.Area, len(b.e.Division.Communes))
	for i := range areas {
		areas[i] = sync.OnceValue(func() *admin.Area { return admin.NewArea(b.e.Division.Communes[i].Outline) })
	}
	return func(commune int32) *admin.Area { return areas[commune]() }
}

// withCommunes adds the people of every commune to allotments.
func (e *Edition) withCommunes(all []admin.Allotment) []admin.Allotment {
	for k := range all {
		in := map[int32]int32{}
		for _, s := range all[k].Shares {
			in[e.Grid.Parts[s.Part].Commune] += s.People
		}
		all[k].In = nil
		for c, n := range in {
			all[k].In = append(all[k].In, admin.CommunePeople{Commune: c, People: n})
		}
		slices.SortFunc(all[k].In, func(a, b admin.CommunePeople) int { return int(a.Commune - b.Commune) })
	}
	return all
}

// borderMargin is how far outlines of two publishers may differ along one border, in metres.
const borderMargin = 200

// beyond reports whether an outline goes on outside the territory.
func (b *builder) beyond(d *admin.Drawn) bool {
	for _, polygon := range d.Outline {
		for _, p := range polygon[0] {
			at := geo.LonLat{Lon: p[0], Lat: p[1]}
			if len(b.e.Division.At(at)) > 0 {
				continue
			}
			box := widened(geo.Bounds{Min: at, Max: at}, borderMargin)
			near := false
			for _, lon := range [...]float64{box.Min.Lon, at.Lon, box.Max.Lon} {
				for _, lat := range [...]float64{box.Min.Lat, at.Lat, box.Max.Lat} {
					near = near || len(b.e.Division.At(geo.LonLat{Lon: lon, Lat: lat})) > 0
				}
			}
			if !near {
				return true
			}
		}
	}
	return false
}
