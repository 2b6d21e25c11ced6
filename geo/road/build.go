package road

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/hectare"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// Build makes a network of ways. It cuts them where they meet: at their ends,
// at every node id that occurs twice, in one way or in several, and where the tags
// of a node mean something. Two ids at
// the same position are two nodes (a bridge does not meet the road below it).
//
// Ways closed to every mode, ways of fewer than two distinct nodes and exact
// copies of another way are left out. The result does not depend on the order of
// the ways. An error of ways, or a way that cannot be (as many positions as
// nodes, all of them on Earth), ends Build with that error.
//
// Rows of one node that tell of houses are no roads, but say where built-up areas are; so
// do streets. A road without a sign is driven there as in a town. Rows of one sort and one
// cell of [hectare.Cell] tell of the same houses, in datasets that overlap: one counts.
func Build(ways iter.Seq2[Way, error], options ...Option) (*Network, error) {
	b := newBuilder(options...)
	for w, err := range ways {
		if err == nil {
			err = b.add(w)
		}
		if err != nil {
			return nil, fmt.Errorf("build road network: %w", err)
		}
	}
	n, err := b.build()
	if err != nil {
		return nil, fmt.Errorf("build road network: %w", err)
	}
	return n, nil
}

func newBuilder(options ...Option) *builder {
	b := &builder{profile: street.DefaultProfile(), marks: map[int64]street.NodeMeaning{}, raster: newRaster(), dwellings: map[hectare.Cell]Dwellings{}, builtHa: map[hectare.Cell]point{}, signs: map[int64]bool{}}
	for _, set := range options {
		set(b)
	}
	return b
}

// build makes the network of all that was added.
func (b *builder) build() (*Network, error) {
	b.order()
	b.survey()
	b.placeNodes()
	if err := b.cut(); err != nil {
		return nil, err
	}
	return b.network(), nil
}

// Option is a choice of [Build].
type Option func(*builder)

// WithProfile tells what tags mean, in the place of [DefaultProfile].
func WithProfile(p *street.Profile) Option { return func(b *builder) { b.profile = p } }

// builder holds what Build has read, in flat arrays: a département has millions
// of way nodes.
type builder struct {
	profile *street.Profile
	ways    []builtWay
	ids     []int64 // nodes of all ways
	at      []point // and their positions
	nodes   struct {
		ids   []int64 // sorted
		index []int32 // by position in ids: number of the node
		at    []point // by number, in Hilbert order
	}
	edges []builtEdge
	shape []point
	marks map[int64]street.NodeMeaning // of the nodes whose tags mean something
	turns []builtTurn

	raster    *raster // of houses, while ways are read
	dwellings map[hectare.Cell]Dwellings
	builtHa   map[hectare.Cell]point // lived on
	builtUp   look                   // once they are
	houses    *Houses                // to be filled, or nil

	signs map[int64]bool // nodes where a built-up area begins or ends
	said  []stretch      // by those of the way that is cut
	along float64        // metres of it before the next edge
}

// builtTurn is a turn restriction that orders something to a car.
type builtTurn struct {
	from, via, to int64   // way, node, way
	over          []int64 // ways, where there is no node
	meaning       street.TurnMeaning
}

func (t builtTurn) compare(u builtTurn) int {
	return cmp.Or(cmp.Compare(t.from, u.from), cmp.Compare(t.via, u.via), cmp.Compare(t.to, u.to), slices.Compare(t.over, u.over), cmp.Compare(t.meaning, u.meaning))
}

// builtWay is a way that is kept: ids[first:last].
type builtWay struct {
	id          int64
	first, last int
	meaning     street.Meaning
	frontage    street.Frontage
}

// builtEdge is an edge before sorting: shape[first:last].
type builtEdge struct {
	way         int64
	from, to    int32
	first, last int
	length      uint32
	class       street.Class
	open, ends  uint8
	stop        uint8
	frontage    street.Frontage
	turned      bool     // against the direction of its way
	board       geo.Cost // of a ferry, before it leaves land
	mean        bool     // its cost to cars has the waits at junctions in it
	cost        [street.NumModes][2]geo.Cost
}

func (b *builder) add(w Way) error {
	if len(w.At) != len(w.Nodes) {
		return fmt.Errorf("way %d: %d positions for %d nodes", w.ID, len(w.At), len(w.Nodes))
	}
	for _, m := range w.Marks {
		if m.Node < 0 || m.Node >= len(w.Nodes) {
			return fmt.Errorf("way %d: mark of node %d of %d", w.ID, m.Node, len(w.Nodes))
		}
	}
	if houses, err := b.addHouses(w); houses || err != nil {
		return err
	}
	meaning := b.profile.Interpret(w.Tags)
	if !meaning.Open() {
		return nil
	}
	first := len(b.ids)
	for i, id := range w.Nodes {
		if err := w.At[i].Check(); err != nil {
			return fmt.Errorf("way %d: node %d: %w", w.ID, id, err)
		}
		if len(b.ids) > first && b.ids[len(b.ids)-1] == id {
			continue
		}
		if i > 0 && math.Abs(w.At[i].Lon-w.At[i-1].Lon) > 180 {
			return fmt.Errorf("way %d: from longitude %g to %g: expected a way cut at the 180th meridian", w.ID, w.At[i-1].Lon, w.At[i].Lon)
		}
		b.ids = append(b.ids, id)
		b.at = append(b.at, toPoint(w.At[i]))
	}
	if len(b.ids)-first < 2 {
		b.ids, b.at = b.ids[:first], b.at[:first]
		return nil
	}
	b.ways = append(b.ways, builtWay{w.ID, first, len(b.ids), meaning, street.FrontageOf(w.Tags)})
	for _, m := range w.Marks {
		if meaning := b.profile.InterpretNode(m.Tags); meaning != (street.NodeMeaning{}) {
			b.marks[w.Nodes[m.Node]] = b.marks[w.Nodes[m.Node]].And(meaning)
		}
	}
	for _, m := range w.Marks {
		if street.IsTownLimit(m.Tags) {
			b.signs[w.Nodes[m.Node]] = true
		}
	}
	for _, t := range w.Turns {
		if meaning := street.InterpretTurn(t.Tags); meaning != street.NoOrder {
			b.turns = append(b.turns, builtTurn{w.ID, t.Via, t.To, t.Over, meaning})
		}
	}
	return nil
}

// order sorts the ways by what they are, so that the order in which they came
// is forgotten, and drops copies.
func (b *builder) order() {
	compare := func(v, w builtWay) int {
		return cmp.Or(
			cmp.Compare(v.id, w.id),
			slices.Compare(b.ids[v.first:v.last], b.ids[w.first:w.last]),
			slices.CompareFunc(b.at[v.first:v.last], b.at[w.first:w.last], point.compare),
			compareMeanings(v.meaning, w.meaning),
			cmp.Compare(v.frontage, w.frontage),
		)
	}
	slices.SortFunc(b.ways, compare)
	b.ways = slices.CompactFunc(b.ways, func(v, w builtWay) bool { return compare(v, w) == 0 })
}

func compareMeanings(m, n street.Meaning) int {
	c := cmp.Or(cmp.Compare(m.Class, n.Class), cmp.Compare(m.Duration, n.Duration), cmp.Compare(m.Board, n.Board), compareUses(m.Town, n.Town), compareBools(m.Mean, n.Mean))
	for i := range m.Use {
		c = cmp.Or(c, compareUses(m.Use[i], n.Use[i]), compareBools(m.Stop[i], n.Stop[i]))
	}
	return c
}

func compareUses(u, v street.Use) int {
	return cmp.Or(cmp.Compare(u.Forward, v.Forward), cmp.Compare(u.Backward, v.Backward),
		compareBools(u.EndsForward, v.EndsForward), compareBools(u.EndsBackward, v.EndsBackward))
}

// compareBools puts false before true.
func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// placeNodes finds the junctions and dead ends and numbers them along the
// Hilbert curve. A node that ways place differently is where the first says.
func (b *builder) placeNodes() {
	total := 0
	for _, w := range b.ways {
		total += w.last - w.first + 2
	}
	all := make([]int64, 0, total)
	for _, w := range b.ways {
		all = append(all, b.ids[w.first:w.last]...)
		// The ends count twice, so that each is a node even if no other way
		// meets it.
		all = append(all, b.ids[w.first], b.ids[w.last-1])
		for _, id := range b.ids[w.first:w.last] {
			if _, marked := b.marks[id]; marked { // so does one where something is to be obeyed
				all = append(all, id)
			}
		}
	}
	slices.Sort(all)
	ids := all[:0]
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && all[j] == all[i] {
			j++
		}
		if j-i > 1 {
			ids = append(ids, all[i])
		}
		i = j
	}
	b.nodes.ids = slices.Clone(ids)

	type placed struct {
		rank uint64
		id   int32 // position in nodes.ids
		at   point
	}
	places := make([]placed, len(ids))
	known := make([]bool, len(ids))
	for _, w := range b.ways {
		for i := w.first; i < w.last; i++ {
			if k, ok := slices.BinarySearch(b.nodes.ids, b.ids[i]); ok && !known[k] {
				known[k] = true
				places[k] = placed{b.at[i].hilbert(), int32(k), b.at[i]}
			}
		}
	}
	slices.SortFunc(places, func(p, q placed) int {
		return cmp.Or(cmp.Compare(p.rank, q.rank), cmp.Compare(p.id, q.id))
	})
	b.nodes.index = make([]int32, len(ids))
	b.nodes.at = make([]point, len(ids))
	for i, p := range places {
		b.nodes.index[p.id], b.nodes.at[i] = int32(i), p.at
	}
}

// maxPoints keeps shape offsets and node numbers within 31 bits.
const maxPoints = math.MaxInt32

// cut makes the edges.
func (b *builder) cut() error {
	var lengths []float64 // metres, of the edges of one way
	for _, w := range b.ways {
		lengths = lengths[:0]
		firstEdge := len(b.edges)
		b.said, b.along = b.signed(w), 0
		k, _ := slices.BinarySearch(b.nodes.ids, b.ids[w.first])
		from, start := b.nodes.index[k], w.first
		for i := w.first + 1; i < w.last; i++ {
			k, isNode := slices.BinarySearch(b.nodes.ids, b.ids[i])
			if !isNode {
				continue
			}
			to := b.nodes.index[k]
			metres, err := b.addEdge(w, from, to, b.at[start+1:i])
			if err != nil {
				return fmt.Errorf("way %d: %w", w.id, err)
			}
			lengths = append(lengths, metres)
			from, start = to, i
		}
		if w.meaning.Duration > 0 {
			spreadDuration(b.edges[firstEdge:], lengths, w.meaning.Duration)
		}
		if len(b.shape) > maxPoints {
			return errors.New("more than 2³¹ shape points")
		}
	}
	for i := range b.edges {
		b.turn(&b.edges[i])
	}
	slices.SortFunc(b.edges, b.compareEdges)
	return nil
}

// addEdge appends an edge in the direction of its way, and returns its length in
// metres.
func (b *builder) addEdge(w builtWay, from, to int32, between []point) (float64, error) {
	e := builtEdge{way: w.id, from: from, to: to, first: len(b.shape), class: w.meaning.Class, frontage: w.frontage, board: w.meaning.Board, mean: w.meaning.Mean}
	b.shape = append(b.shape, b.nodes.at[from])
	b.shape = append(b.shape, between...)
	b.shape = append(b.shape, b.nodes.at[to])
	e.last = len(b.shape)
	metres := lengthOf(b.shape[e.first:e.last])
	if metres*10 > maxLength {
		return 0, fmt.Errorf("%.0f km between two junctions: want at most %d", metres/1000, maxLength/10_000)
	}
	e.length = uint32(math.Round(metres * 10))
	for m, use := range w.meaning.Use {
		ends := [2]bool{use.EndsForward, use.EndsBackward}
		for d, speed := range [2]street.Speed{use.Forward, use.Backward} {
			if speed == 0 {
				continue
			}
			bit := openBit(street.Mode(m), d)
			e.open |= bit
			if ends[d] {
				e.ends |= bit
			}
			e.cost[m][d] = speed.Cost(e.length)
		}
		if w.meaning.Stop[m] && e.open&(openBit(street.Mode(m), forward)|openBit(street.Mode(m), backward)) != 0 {
			e.stop |= 1 << m
		}
	}
	b.slowInTown(&e, w.meaning)
	b.edges = append(b.edges, e)
	return metres, nil
}

// spreadDuration shares the duration of a ferry among its edges in proportion to
// length. Rounding is of the running sum, so the shares add up to the whole.
func spreadDuration(edges []builtEdge, lengths []float64, whole geo.Cost) {
	var total float64
	for _, l := range lengths {
		total += l
	}
	var run float64
	var given geo.Cost
	for i := range edges {
		e := &edges[i]
		run += lengths[i]
		share := geo.Cost(0)
		if e.length > 0 {
			upTo := geo.Cost(math.Round(float64(whole) * min(run/total, 1)))
			share = max(upTo-given, 1)
			given = upTo
		}
		for m := range e.cost {
			for d := range e.cost[m] {
				if e.open&openBit(street.Mode(m), d) != 0 {
					e.cost[m][d] = share
				}
			}
		}
	}
}

// turn gives the edge the direction that does not depend on how its way was
// drawn: from the lower node, and for a loop the lower of the two shapes.
func (b *builder) turn(e *builtEdge) {
	shape := b.shape[e.first:e.last]
	if e.from < e.to || e.from == e.to && !reversedIsLower(shape) {
		return
	}
	e.from, e.to, e.turned = e.to, e.from, true
	slices.Reverse(shape)
	const forwards = 0b010101
	e.open = e.open&forwards<<1 | e.open>>1&forwards
	e.ends = e.ends&forwards<<1 | e.ends>>1&forwards
	for m := range e.cost {
		e.cost[m][forward], e.cost[m][backward] = e.cost[m][backward], e.cost[m][forward]
	}
}

func reversedIsLower(shape []point) bool {
	for i, j := 0, len(shape)-1; i < j; i, j = i+1, j-1 {
		if c := shape[j].compare(shape[i]); c != 0 {
			return c < 0
		}
	}
	return false
}

func (b *builder) compareEdges(e, f builtEdge) int {
	if c := cmp.Or(cmp.Compare(e.from, f.from), cmp.Compare(e.to, f.to)); c != 0 {
		return c
	}
	c := cmp.Or(
		cmp.Compare(e.length, f.length), cmp.Compare(e.class, f.class), cmp.Compare(e.open, f.open),
		cmp.Compare(e.ends, f.ends), cmp.Compare(e.stop, f.stop),
		slices.CompareFunc(b.shape[e.first:e.last], b.shape[f.first:f.last], point.compare),
	)
	for m := range e.cost {
		c = cmp.Or(c, slices.Compare(e.cost[m][:], f.cost[m][:]))
	}
	return cmp.Or(c, cmp.Compare(e.frontage, f.frontage), cmp.Compare(e.board, f.board), compareBools(e.turned, f.turned), compareBools(e.mean, f.mean), cmp.Compare(e.way, f.way))
}

// network lays the edges out in columns.
func (b *builder) network() *Network {
	n := newTables(0, len(b.edges), len(b.shape))
	n.nodes = b.nodes.at
	for i, e := range b.edges {
		n.from[i], n.to[i], n.length[i], n.class[i] = e.from, e.to, e.length, e.class
		n.open[i], n.atEnds[i], n.stop[i] = e.open, e.ends, e.stop
		n.shape = append(n.shape, b.shape[e.first:e.last]...)
		n.shapeFirst[i+1] = uint32(len(n.shape))
		for m := range n.cost {
			for d := range n.cost[m] {
				n.cost[m][d][i] = e.cost[m][d]
			}
		}
	}
	b.tellHouses()
	meanings, arcs := b.meanings(), n.arcsAt()
	b.obey(n, meanings, arcs)
	n.settle(closed(meanings))
	n.turnRound(arcs)
	n.derive()
	n.countComponents()
	return n
}
