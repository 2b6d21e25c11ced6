package osm

import (
	"cmp"
	"context"
	"slices"

	"github.com/aisne-numerique/maillage/geo/source/homes"
)

// settlement is what the files tell of where people live. Nodes of buildings are many
// more than those of roads, and need less: they have lists of their own.
type settlement struct {
	nodes  nodeList
	at     []homes.Spot
	stamps []stamp // when copies of a node may be far apart
	many   bool    // too many to look at

	buildings []*osmRelation // and land: multipolygons
	land      []*osmRelation
	members   map[int64][]int64
	outlines  map[int64]bool // ways that are outlines of these relations
	addresses []address

	grid homes.Grid

	ring []homes.Spot // scratch
	tags lived
}

// address is one copy of a node.
type address struct {
	id      int64
	stamp   stamp
	at      homes.Spot
	nothing bool // there: deleted, or without a position
}

// maxNodes is how many nodes of buildings are looked at: 1 GB of memory, a large region.
// Where there are more, homes are not told of.
const maxNodes = 60_000_000

func (s *settlement) add(nodes ...int64) {
	if s.many = s.many || len(s.nodes.ids)+len(nodes) > maxNodes; !s.many {
		s.nodes.ids = append(s.nodes.ids, nodes...)
	}
}

// list takes a way of the first pass.
func (s *settlement) list(w *osmWay) {
	if w.uses&(isBuilding|isHousing) == 0 {
		return
	}
	nodes := w.nodes
	if n := len(nodes); n > 1 && nodes[0] == nodes[n-1] {
		nodes = nodes[:n-1]
	}
	if w.uses&isHousing == 0 && !s.tags.read(w.tags) {
		nodes = nodes[:min(1, len(nodes))] // it is somewhere, that is all
	}
	s.add(nodes...)
}

// listRelation takes a relation once the nodes of its members are known.
func (s *settlement) listRelation(rel *osmRelation, members map[int64][]int64) {
	s.members = members
	if rel.kind() == ofHousing {
		s.land = append(s.land, rel)
	} else {
		s.buildings = append(s.buildings, rel)
	}
	for _, m := range rel.members {
		if m.kind != 'w' {
			continue
		}
		s.add(members[m.id]...)
		if m.role != "inner" {
			if s.outlines == nil {
				s.outlines = map[int64]bool{}
			}
			s.outlines[m.id] = true
		}
	}
}

// index sorts the nodes; it answers false when ctx has ended.
func (s *settlement) index(ctx context.Context, apart bool) bool {
	if s.many {
		s.nodes.ids = nil
	}
	if !s.nodes.sort(ctx) {
		return false
	}
	s.at = make([]homes.Spot, len(s.nodes.ids))
	for i := range s.at {
		s.at[i] = homes.Unplaced
	}
	if apart {
		s.stamps = make([]stamp, len(s.at))
	}
	return true
}

func (s *settlement) wantsNode(id int64) bool {
	_, ok := s.nodes.find(id)
	return ok
}

// node takes a node of buildings, or an address.
func (s *settlement) node(n *osmNode) {
	at := homes.Unplaced
	if n.bad == nil && !n.deleted {
		at = homes.At(n.p)
	}
	if i, ok := s.nodes.find(n.id); ok && (at != homes.Unplaced || n.deleted) {
		if s.stamps == nil {
			s.at[i] = at
		} else if n.stamp > s.stamps[i] {
			s.at[i], s.stamps[i] = at, n.stamp
		}
	}
	if isAddress(n.tags) {
		s.addresses = append(s.addresses, address{n.id, n.stamp, at, at == homes.Unplaced})
	}
}

// readdress takes, of the nodes that have an address in one of their copies, those copies
// that have none: where they are the newest, there is none any more.
func (s *settlement) readdress() visitor {
	ids := nodeList{}
	for _, a := range s.addresses {
		ids.ids = append(ids.ids, a.id)
	}
	slices.Sort(ids.ids)
	ids.ids = slices.Compact(ids.ids)
	return visitor{
		wantsNode: func(id int64) bool { _, ok := ids.find(id); return ok },
		node: func(n *osmNode) {
			if !isAddress(n.tags) {
				s.addresses = append(s.addresses, address{id: n.id, stamp: n.stamp, nothing: true})
			}
		},
	}
}

// outline gives the places of nodes, valid until the next call; false when one has none.
func (s *settlement) outline(nodes []int64) ([]homes.Spot, bool) {
	s.ring = s.ring[:0]
	for _, id := range nodes {
		i, ok := s.nodes.find(id)
		if !ok || s.at[i] == homes.Unplaced {
			return nil, false
		}
		s.ring = append(s.ring, s.at[i])
	}
	return s.ring, len(nodes) > 0
}

// way takes a building, or land, of the last pass.
func (s *settlement) way(w *osmWay, lack func(kind string, id int64)) {
	if w.uses&(isBuilding|isHousing) == 0 || s.many || s.outlines[w.id] {
		return
	}
	if w.uses&isBuilding != 0 {
		someone := s.tags.read(w.tags)
		nodes := w.nodes
		if !someone {
			nodes = nodes[:min(1, len(nodes))]
		}
		if ring, ok := s.outline(nodes); ok {
			s.building(w.tags, someone, homes.Footprint([][]homes.Spot{ring}, nil), homes.Middle(ring))
		} else if someone {
			lack("way", w.id)
		}
	}
	if w.uses&isHousing != 0 {
		if ring, ok := s.outline(w.nodes); ok {
			s.grid.AddBuiltUp([][]homes.Spot{ring})
		} else {
			lack("way", w.id)
		}
	}
}

// building adds one building whose tags were read.
func (s *settlement) building(tags tagList, someone bool, footprint float64, at homes.Spot) {
	dwellings := 0.0
	if someone {
		dwellings = s.tags.dwellings(footprint)
	}
	if dwellings > 0 {
		s.grid.AddDwellings(at, dwellings)
	} else if !s.tags.annexe(footprint) {
		s.grid.AddOther(at)
	}
	if tags.get("addr:housenumber") != "" {
		s.grid.AddAddress(at)
	}
}

// multipolygons adds the relations.
func (s *settlement) multipolygons(lack func(kind string, id int64)) {
	for _, rel := range append(s.buildings, s.land...) {
		if rings, holes, ok := s.shape(rel); !ok {
			lack("relation", rel.id)
		} else if rel.kind() == ofHousing {
			s.grid.AddBuiltUp(append(rings, holes...))
		} else {
			s.building(rel.tags, s.tags.read(rel.tags), homes.Footprint(rings, holes), homes.Middle(rings[0]))
		}
	}
}

// shape gives the rings of a multipolygon, when all of them are there and close.
func (s *settlement) shape(rel *osmRelation) (rings, holes [][]homes.Spot, ok bool) {
	of := map[bool][][]int64{} // inner or not
	for _, m := range rel.members {
		if m.kind != 'w' {
			continue
		}
		nodes, ok := s.members[m.id]
		if !ok {
			return nil, nil, false
		}
		of[m.role == "inner"] = append(of[m.role == "inner"], nodes)
	}
	for inner, to := range map[bool]*[][]homes.Spot{false: &rings, true: &holes} {
		closed, open := joinRings(of[inner])
		if len(open) > 0 {
			return nil, nil, false
		}
		for _, nodes := range closed {
			ring, ok := s.outline(nodes)
			if !ok {
				return nil, nil, false
			}
			*to = append(*to, slices.Clone(ring))
		}
	}
	return rings, holes, len(rings) > 0
}

// settle adds the addresses, each node once.
func (s *settlement) settle() {
	slices.SortStableFunc(s.addresses, func(a, b address) int {
		return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(b.stamp, a.stamp))
	})
	for i, a := range s.addresses {
		if a.nothing || i > 0 && a.id == s.addresses[i-1].id {
			continue
		}
		s.grid.AddAddress(a.at)
	}
	s.addresses = nil
}

// emitHomes gives the rows that are no road.
func (r *roadReader) emitHomes() error {
	s := &r.people
	if s.many {
		return nil
	}
	s.multipolygons(r.told.lackOutline)
	s.settle()
	return s.grid.Emit(r.rec, r.emit)
}
