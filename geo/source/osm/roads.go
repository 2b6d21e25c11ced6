// Package osm reads the roads of OpenStreetMap files, XML or PBF. Ids of nodes stop
// at its door.
package osm

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Roads reads OpenStreetMap files: XML, plain or compressed by gzip or bzip2, and
// PBF. Ways with a highway tag or route=ferry are roads, whatever they are worth
// for travel; only the tags that matter to routing and labels are kept, those of its
// nodes included. Turn restrictions whose via is one node go with the road that they
// start from. Ids are 64 bits.
//
// Two passes: the first lists the nodes that roads use and the restrictions, the
// second finds positions and gives each road as soon as all its nodes are known, so
// that a sorted file streams. Roads that still wait for nodes at the end come last: they
// are cut where nodes are absent, with a warning, and each piece keeps the id.
// A road present in several files is taken from the first one.
//
// Rejected: a road with fewer than two nodes in the files.
func Roads(ctx context.Context, in []source.Input, o source.Options) (*source.Import[road.Way], error) {
	return source.Open(ctx, store.Roads, in, o, osmFormats, func(rec *source.Recorder, files []source.File, emit func(road.Way) error) error {
		r := roadReader{ctx: ctx, rec: rec, emit: emit, blobs: make([]blobCache, len(files)), seen: map[int64]bool{}, turns: map[int64][]road.Turn{}, marks: map[int]map[string]string{}}
		if err := r.listNodes(files); err != nil {
			return err
		}
		if err := r.join(files); err != nil {
			return err
		}
		return r.cutPending()
	})
}

// osmWay is a way as a file gives it, and where: the line of XML, or its rank
// among the roads of a PBF file.
type osmWay struct {
	at    source.Address
	id    int64
	nodes []int64
	tags  map[string]string
}

func isRoad(tags map[string]string) bool { return tags["highway"] != "" || tags["route"] == "ferry" }

// osmTurn is a turn restriction as a file gives it.
type osmTurn struct {
	id          int64
	from, to    []int64 // ways
	via         int64   // node
	tags        map[string]string
	viaNodes    int // 1 in those that are of use
	otherMember bool
}

// join adds a member. Several ways may be from, in "no_entry", or to, in "no_exit".
func (t *osmTurn) join(kind byte, id int64, role string) {
	switch {
	case kind == 'w' && role == "from":
		t.from = append(t.from, id)
	case kind == 'w' && role == "to":
		t.to = append(t.to, id)
	case kind == 'n' && role == "via":
		t.via = id
		t.viaNodes++
	case role == "via":
		t.otherMember = true
	}
}

// ok reports whether the restriction is one that is read: from ways over one node.
func (t *osmTurn) ok() bool {
	return t.viaNodes == 1 && !t.otherMember && len(t.from) > 0 && len(t.to) > 0 && len(t.tags) > 0
}

// roadReader joins ways with the positions of their nodes.
type roadReader struct {
	ctx  context.Context
	rec  *source.Recorder
	emit func(road.Way) error

	used    []int64      // nodes of roads, sorted
	at      []geo.LonLat // their positions, NaN when not seen yet
	next    int          // where find looks first
	blobs   []blobCache  // of the files
	seen    map[int64]bool
	pending []osmWay // roads some nodes of which were not there when they came

	turns map[int64][]road.Turn     // by the way that they start from
	marks map[int]map[string]string // by position in used
}

// nowhere is the position of a node that has none yet, or none that is one.
var nowhere = geo.LonLat{Lon: math.NaN(), Lat: math.NaN()}

func placed(p geo.LonLat) bool { return !math.IsNaN(p.Lon) }

// listNodes is the first pass.
func (r *roadReader) listNodes(files []source.File) error {
	seen := map[int64]bool{}
	for i, f := range files {
		err := scanOSM(f, &r.blobs[i], osmVisitor{
			refs: func(nodes []int64) { r.used = append(r.used, nodes...) },
			turn: func(t osmTurn) {
				if seen[t.id] {
					return
				}
				seen[t.id] = true
				for _, from := range t.from {
					for _, to := range t.to {
						r.turns[from] = append(r.turns[from], road.Turn{Via: t.via, To: to, Tags: t.tags})
					}
				}
			},
		})
		if err != nil {
			return err
		}
	}
	if !sortUntil(r.ctx, r.used) {
		return r.ctx.Err()
	}
	r.used = slices.Clip(slices.Compact(r.used))
	r.at = make([]geo.LonLat, len(r.used))
	for i := range r.at {
		r.at[i] = nowhere
	}
	return nil
}

// sortUntil sorts ids unless ctx ends: then it answers false, and their order is any.
// The nodes of a country take ten seconds. Quicksort down to what takes 50 ms.
func sortUntil(ctx context.Context, ids []int64) bool {
	const leaf = 1 << 19
	for len(ids) > leaf {
		if ctx.Err() != nil {
			return false
		}
		// Of a sample across the whole, so that order does no harm; those equal to the
		// pivot go to either side.
		const samples = 63
		var sample [samples]int64
		for i := range sample {
			sample[i] = ids[len(ids)/samples*i]
		}
		slices.Sort(sample[:])
		pivot := sample[samples/2]
		i, j := 0, len(ids)-1
		for i <= j {
			for ids[i] < pivot {
				i++
			}
			for ids[j] > pivot {
				j--
			}
			if i <= j {
				ids[i], ids[j] = ids[j], ids[i]
				i++
				j--
			}
		}
		if !sortUntil(ctx, ids[:j+1]) {
			return false
		}
		ids = ids[i:]
	}
	slices.Sort(ids)
	return ctx.Err() == nil
}

// find is the place of a node among those in use, or false. Files list their nodes
// in order, so the place is mostly the one after the last, or still to come.
func (r *roadReader) find(id int64) (int, bool) {
	i := r.next
	if i < len(r.used) && r.used[i] < id {
		i++
	}
	if (i < len(r.used) && r.used[i] < id) || (i > 0 && r.used[i-1] >= id) {
		i, _ = slices.BinarySearch(r.used, id)
	}
	r.next = i
	return i, i < len(r.used) && r.used[i] == id
}

// join is the second pass.
func (r *roadReader) join(files []source.File) error {
	for i, f := range files {
		err := scanOSM(f, &r.blobs[i], osmVisitor{
			wanted: func(id int64) bool { _, ok := r.find(id); return ok },
			node: func(at source.Address, id int64, p geo.LonLat, tags map[string]string, bad *source.Fault) {
				i, ok := r.find(id)
				switch {
				case !ok || placed(r.at[i]): // of no road, or known from another file
				case bad != nil:
					r.rec.Warn(at.File, at.Row, fmt.Sprintf("node/%d %s", id, bad.Field), bad.Value, "nœud laissé de côté : "+bad.Reason)
				default:
					r.at[i] = p
					if tags != nil {
						r.marks[i] = tags
					}
				}
			},
			way: r.way,
			bad: func(at source.Address, field, value, reason string) error {
				r.rec.Read++
				r.rec.Reject(at.File, at.Row, field, value, reason)
				return r.rec.Overflow()
			},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// way takes one road of the second pass.
func (r *roadReader) way(w osmWay) error {
	r.rec.Read++
	if r.seen[w.id] {
		r.rec.Merged++
		return nil
	}
	r.seen[w.id] = true
	pieces, absent := r.pieces(w)
	if absent > 0 || pieces == nil {
		r.pending = append(r.pending, w)
		return nil
	}
	return r.emit(pieces[0])
}

// pieces gives the stretches of w between absent nodes, of two nodes at least,
// and the number of absent nodes.
func (r *roadReader) pieces(w osmWay) (pieces []road.Way, absent int) {
	piece := road.Way{ID: w.id, Tags: w.tags, Turns: r.turns[w.id]}
	cut := func() {
		if len(piece.Nodes) >= 2 {
			pieces = append(pieces, piece)
		}
		piece.Nodes, piece.At, piece.Marks = nil, nil, nil
	}
	for _, id := range w.nodes {
		i, _ := slices.BinarySearch(r.used, id)
		if p := r.at[i]; placed(p) {
			if piece.Nodes == nil {
				piece.Nodes, piece.At = make([]int64, 0, len(w.nodes)), make([]geo.LonLat, 0, len(w.nodes))
			}
			if tags := r.marks[i]; tags != nil {
				piece.Marks = append(piece.Marks, road.Mark{Node: len(piece.Nodes), Tags: tags})
			}
			piece.Nodes, piece.At = append(piece.Nodes, id), append(piece.At, p)
			continue
		}
		absent++
		cut()
	}
	cut()
	return pieces, absent
}

// cutPending ends the import: roads that wait for nodes are whole by now, or cut.
func (r *roadReader) cutPending() error {
	for _, w := range r.pending {
		pieces, absent := r.pieces(w)
		field := fmt.Sprintf("way/%d", w.id)
		switch {
		case pieces == nil:
			reason := "route sans nœud ; attendu au moins deux nœuds"
			switch {
			case absent > 0:
				reason = lacking(absent, len(w.nodes)) + " ; attendu au moins deux nœuds qui se suivent"
			case len(w.nodes) == 1:
				reason = "route d'un seul nœud ; attendu au moins deux nœuds"
			}
			r.rec.Reject(w.at.File, w.at.Row, field, "", reason)
			if err := r.rec.Overflow(); err != nil {
				return err
			}
		case absent > 0:
			r.rec.Warn(w.at.File, w.at.Row, field, "", lacking(absent, len(w.nodes))+" : route coupée, "+kept(len(pieces)))
		}
		for _, piece := range pieces {
			if err := r.emit(piece); err != nil {
				return err
			}
		}
	}
	return nil
}

// lacking and kept are the halves of a sentence on a road that was cut.
func lacking(absent, of int) string {
	if absent == 1 {
		return fmt.Sprintf("1 nœud sur %d sans position dans les fichiers", of)
	}
	return fmt.Sprintf("%d nœuds sur %d sans position dans les fichiers", absent, of)
}

func kept(pieces int) string {
	if pieces == 1 {
		return "1 morceau gardé"
	}
	return fmt.Sprintf("%d morceaux gardés", pieces)
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
