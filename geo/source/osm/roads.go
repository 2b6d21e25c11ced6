// Package osm reads OpenStreetMap files, XML or PBF: roads, and what tells where people
// live. Ids of nodes stop at its door.
package osm

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Roads reads OpenStreetMap files: XML, plain or compressed by gzip or bzip2, and
// PBF. Ways with a highway tag or route=ferry are roads, whatever they are worth
// for travel; only the tags that matter to routing and labels are kept, those of its
// nodes included. Turn restrictions go with the road that they start from. Squares that
// are drawn as multipolygons are roads around them. Ids are 64 bits.
//
// After the roads come rows of one node that are no road and have no id: with the tag
// homes, how many dwellings there are about that position, after the buildings and the
// addresses of the files (see package homes); with built_up=yes, that there is land
// where people live.
//
// Three passes, or four: the first lists the nodes in use and the relations, the second
// finds the ways that relations are made of, if any, the third finds positions and gives
// each road as it comes, so that a file streams. Where nodes come after ways, or copies
// of an object may be far apart, positions have a pass of their own. Of an object with
// several copies the newest one counts, whatever the order of the files; deleted ones
// are nothing.
//
// A road is cut where nodes are absent, and each piece keeps the id. What is left out,
// and what is not obeyed, is counted by cause, with an example.
//
// Rejected: a road of fewer than two nodes.
func Roads(ctx context.Context, in []source.Input, o source.Options) (*source.Import[road.Way], error) {
	return source.Open(ctx, store.Roads, in, o, osmFormats, func(rec *source.Recorder, files []source.File, emit func(road.Way) error) error {
		r := roadReader{ctx: ctx, rec: rec, emit: emit, files: files, blobs: make([]blobCache, len(files)), apart: len(files) > 1}
		for _, step := range []func() error{r.list, r.findMembers, r.index, r.join, r.squares, r.emitHomes, r.conclude} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
}

// roadReader joins ways with the positions of their nodes.
type roadReader struct {
	ctx   context.Context
	rec   *source.Recorder
	emit  func(road.Way) error
	files []source.File
	blobs []blobCache // of the files
	apart bool        // positions have a pass of their own, before that of ways

	ways, relations newest
	waysSeen        bool // in the first pass
	roads           []int64
	used            nodeList     // nodes of roads
	at              []geo.LonLat // their positions, NaN when not seen yet
	stamps          []stamp      // 0 when not seen yet
	marks           map[int]map[string]string

	kept    map[int64]*osmRelation // those of use, by id
	members map[int64][]int64      // nodes of the ways that they are made of
	turns   map[int64][]turn       // by the way that they start from

	people settlement
	told   counts
}

// nowhere is the position of a node that has none yet, or none that is one.
var nowhere = geo.LonLat{Lon: math.NaN(), Lat: math.NaN()}

func placed(p geo.LonLat) bool { return !math.IsNaN(p.Lon) }

// pass reads all files.
func (r *roadReader) pass(v visitor) error {
	for i, f := range r.files {
		if err := scanOSM(f, &r.blobs[i], v); err != nil {
			return err
		}
	}
	return nil
}

// list is the first pass; it begins again when a file turns out not to be sorted, or to
// hold copies.
func (r *roadReader) list() error {
	r.ways, r.relations = newest{scattered: r.apart}, newest{scattered: r.apart}
	r.kept, r.told, r.people = map[int64]*osmRelation{}, counts{}, settlement{}
	r.used, r.roads, r.waysSeen = nodeList{}, nil, false
	sorted := true
	err := r.pass(visitor{
		anyNode: func() { sorted = sorted && !r.waysSeen },
		wantsWay: func(h *head, u uses) bool {
			r.waysSeen = true
			r.ways.see(copied{h.id, h.stamp, u&isRoad != 0 && !h.deleted})
			if h.deleted {
				r.told.deleted.add("way", "way", h.id)
				return false
			}
			return u&ofWay != 0
		},
		way: func(w *osmWay) error {
			if w.uses&isRoad != 0 {
				r.roads = append(r.roads, w.id)
				r.used.ids = append(r.used.ids, w.nodes...)
			}
			r.people.list(w)
			return nil
		},
		relation: r.relation,
	})
	if err != nil {
		return err
	}
	if !r.apart && (!sorted || r.ways.doubtful || r.relations.doubtful) {
		r.apart = true
		return r.list()
	}
	r.ways.settle()
	r.relations.settle()
	slices.Sort(r.roads)
	return r.ctx.Err()
}

// relation takes a relation of the first pass.
func (r *roadReader) relation(rel *osmRelation) {
	of := rel.kind()
	r.relations.see(copied{rel.id, rel.stamp, of != noRelation && !rel.deleted})
	switch old := r.kept[rel.id]; {
	case rel.deleted:
		r.told.deleted.add("relation", "relation", rel.id)
	case of != noRelation && (old == nil || rel.stamp > old.stamp):
		r.kept[rel.id] = rel
	}
}

// relationsOf are the relations of a kind that count, by id.
func (r *roadReader) relationsOf(of relationKind) []*osmRelation {
	var list []*osmRelation
	for id, rel := range r.kept {
		if c := r.relations.choice[id]; (c == nil || c.stamp == rel.stamp && c.road) && rel.kind() == of {
			list = append(list, rel)
		}
	}
	slices.SortFunc(list, func(a, b *osmRelation) int { return cmp.Compare(a.id, b.id) })
	return list
}

// findMembers is the second pass: the nodes of the ways that relations are made of.
func (r *roadReader) findMembers() error {
	r.members = map[int64][]int64{}
	missing := map[int64]bool{}
	for _, of := range [...]relationKind{ofTurn, ofSquare, ofBuilding, ofHousing} {
		for _, rel := range r.relationsOf(of) {
			if of == ofTurn && !rel.overWays() {
				continue
			}
			for _, m := range rel.members {
				if m.kind == 'w' {
					missing[m.id] = true
				}
			}
		}
	}
	if len(missing) > 0 {
		err := r.pass(visitor{
			wantsID: func(id int64) bool { return missing[id] },
			wantsWay: func(h *head, u uses) bool {
				c := r.ways.choice[h.id]
				return missing[h.id] && !h.deleted && (c == nil || c.stamp == h.stamp)
			},
			way: func(w *osmWay) error {
				r.members[w.id] = slices.Clone(w.nodes)
				delete(missing, w.id)
				return nil
			},
		})
		if err != nil {
			return err
		}
	}
	r.readTurns()
	for _, rel := range r.relationsOf(ofSquare) {
		for _, m := range rel.members {
			r.used.ids = append(r.used.ids, r.members[m.id]...)
		}
	}
	for _, of := range [...]relationKind{ofBuilding, ofHousing} {
		for _, rel := range r.relationsOf(of) {
			r.people.listRelation(rel, r.members)
		}
	}
	return nil
}

// index sorts the nodes in use.
func (r *roadReader) index() error {
	if !r.used.sort(r.ctx) || !r.people.index(r.ctx, r.apart) {
		return r.ctx.Err()
	}
	r.at, r.stamps, r.marks = make([]geo.LonLat, len(r.used.ids)), make([]stamp, len(r.used.ids)), map[int]map[string]string{}
	for i := range r.at {
		r.at[i] = nowhere
	}
	return nil
}

// join is the last pass, or the last two.
func (r *roadReader) join() error {
	v := visitor{
		wantsNode: func(id int64) bool {
			_, ok := r.used.find(id)
			return ok || r.people.wantsNode(id)
		},
		node: func(n *osmNode) {
			if i, ok := r.used.find(n.id); ok {
				r.place(i, n)
			}
			r.people.node(n)
		},
		wantsWay: r.wantsWay,
		way: func(w *osmWay) error {
			r.people.way(w, r.told.lackOutline)
			if w.uses&isRoad == 0 {
				return nil
			}
			return r.road(w)
		},
		bad: func(at source.Address, field, value, reason string) error {
			r.rec.Read++
			r.rec.Reject(at.File, at.Row, field, value, reason)
			return r.rec.Overflow()
		},
	}
	if r.apart {
		if err := r.pass(visitor{wantsNode: v.wantsNode, node: v.node}); err != nil {
			return err
		}
		again := r.people.readdress()
		v.wantsNode, v.node = again.wantsNode, again.node
	}
	return r.pass(v)
}

// place takes a node of roads.
func (r *roadReader) place(i int, n *osmNode) {
	switch {
	case n.deleted:
		r.told.deleted.add("node", "node", n.id)
	case n.bad != nil:
		r.rec.Warn(n.at.File, n.at.Row, fmt.Sprintf("node/%d %s", n.id, n.bad.Field), n.bad.Value, "nœud laissé de côté : "+n.bad.Reason)
		return
	}
	if n.stamp <= r.stamps[i] {
		return
	}
	r.stamps[i], r.at[i] = n.stamp, n.p
	delete(r.marks, i)
	if n.deleted {
		r.at[i] = nowhere
	} else if tags := n.tags.only(street.IsMarkTag); street.IsMark(tags) {
		r.marks[i] = tags
	}
}

// wantsWay tells of a way of the last pass whether it counts.
func (r *roadReader) wantsWay(h *head, u uses) bool {
	is := u&isRoad != 0 && !h.deleted
	if is {
		r.rec.Read++
	}
	counts := r.ways.take(h.id, h.stamp)
	switch {
	case counts || !is:
	case r.ways.ofUse(h.id):
		r.rec.Merged++
	default:
		r.rec.Skipped++ // a newer copy is deleted, or no road
	}
	return counts && !h.deleted && u&ofWay != 0
}

// road takes one road.
func (r *roadReader) road(w *osmWay) error {
	if len(w.nodes) < 2 {
		reason := "route sans nœud ; attendu au moins deux nœuds"
		if len(w.nodes) == 1 {
			reason = "route d'un seul nœud ; attendu au moins deux nœuds"
		}
		r.rec.Reject(w.at.File, w.at.Row, fmt.Sprintf("way/%d", w.id), "", reason)
		return r.rec.Overflow()
	}
	tags := w.tags.only(street.IsRoadTag)
	for _, why := range street.NotObeyed(tags) {
		r.told.notObeyed.add(string(why), "way", w.id)
	}
	pieces, absent := r.pieces(w.id, w.nodes, tags)
	if absent > 0 {
		r.told.lacking(r.rec, w, absent, len(pieces))
	}
	if pieces == nil {
		r.rec.Skipped++
	}
	var turns []road.Turn
	for _, t := range r.turns[w.id] {
		switch {
		case len(t.Over) > 0 || slices.Contains(w.nodes, t.Via):
			turns = append(turns, t.Turn)
		case pieces != nil:
			r.told.unread.add(viaAside, "relation", t.relation)
		}
	}
	for _, piece := range pieces {
		piece.Turns = turns
		if err := r.emit(piece); err != nil {
			return err
		}
	}
	return nil
}

// pieces gives the stretches of a way between absent nodes, of two nodes at least,
// and the number of absent nodes.
func (r *roadReader) pieces(id int64, nodes []int64, tags map[string]string) (pieces []road.Way, absent int) {
	piece := road.Way{ID: id, Tags: tags}
	cut := func() {
		if len(piece.Nodes) >= 2 {
			pieces = append(pieces, piece)
		}
		piece.Nodes, piece.At, piece.Marks = nil, nil, nil
	}
	for _, id := range nodes {
		i, ok := r.used.find(id)
		if !ok || !placed(r.at[i]) {
			absent++
			cut()
			continue
		}
		if piece.Nodes == nil {
			piece.Nodes, piece.At = make([]int64, 0, len(nodes)), make([]geo.LonLat, 0, len(nodes))
		}
		if tags := r.marks[i]; tags != nil {
			piece.Marks = append(piece.Marks, road.Mark{Node: len(piece.Nodes), Tags: tags})
		}
		piece.Nodes, piece.At = append(piece.Nodes, id), append(piece.At, r.at[i])
	}
	cut()
	return pieces, absent
}

// squareIDs are the ids of the rings of squares: below it by that of their relation, and
// so apart from ways, those that an editor has just made (-1, -2 …) included.
const squareIDs = -1 << 48

// squares gives the roads around squares that are drawn as multipolygons.
func (r *roadReader) squares() error {
	for _, rel := range r.relationsOf(ofSquare) {
		var lines [][]int64
		for _, m := range rel.members {
			switch nodes, ok := r.members[m.id]; {
			case m.kind != 'w':
			case ok:
				lines = append(lines, nodes)
			default:
				r.told.cutSquares.add("", "relation", rel.id)
			}
		}
		tags := rel.tags.only(street.IsRoadTag)
		tags["area"] = "yes"
		rings, open := joinRings(lines)
		for _, nodes := range append(rings, open...) {
			pieces, _ := r.pieces(squareIDs-rel.id, nodes, tags)
			for _, piece := range pieces {
				r.rec.Read++
				if err := r.emit(piece); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// osmFormats names the formats of the files.
func osmFormats(files []source.File) string {
	var names []string
	for _, f := range files {
		if name := osmFormat(f.Head); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
