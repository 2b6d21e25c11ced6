package road

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// An encoded network is, little-endian:
//
//	magic    "MLRD"
//	version  uint32
//	nodes, edges, bends  uint32 each; a bend is a shape point between the ends
//	each node   position as zigzag varints, minus that of the node before
//	each edge   from minus that of the edge before, to minus from, length, bends: uvarint;
//	            class, open, atEnds, stop, worth: a byte each; the cost and the wait of each open direction: uvarint;
//	            each bend as zigzag varints, minus the point before
//	each mode   the number of bans, then of each: in minus that of the ban before, out: uvarint
//	each mode   the number of chains, then of each: the number of its arcs, these: uvarint
//	            the number of arcs after which a car may turn round, then each minus the one before;
//	            the turn restrictions that order nothing: uvarint
//	each mode   the number of arcs in enclaves: uvarint
//	checksum uint32, CRC-32C of all that precedes
//
// Version 2 has neither ends nor stop, chains nor turning round, nor enclaves: there, a trip
// starts, ends and passes wherever its mode may go, turns where no ban is, and the one
// component that is worth joining is the greatest. The same network gives the same bytes.
// What can be computed from these quickly (graphs, the grid) is, on decoding; worth is not.
const (
	codecMagic    = "MLRD"
	codecVersion  = 3
	codecVersion2 = 2 // read, never written
	headerSize    = len(codecMagic) + 4*4
	checksumSize  = 4

	// The least bytes that a node, an edge, a bend take: they bound what a header
	// can make the decoder allocate.
	leastNode, leastEdge, leastBend = 2, 7, 2 // of either version
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// MarshalBinary encodes n. It never fails.
func (n *Network) MarshalBinary() ([]byte, error) { return n.AppendBinary(nil) }

// AppendBinary appends the encoded n to b. It never fails.
func (n *Network) AppendBinary(b []byte) ([]byte, error) {
	start := len(b)
	b = append(b, codecMagic...)
	for _, v := range [...]int{codecVersion, len(n.nodes), len(n.from), len(n.shape) - 2*len(n.from)} {
		b = binary.LittleEndian.AppendUint32(b, uint32(v))
	}
	var last point
	for _, p := range n.nodes {
		b, last = appendPoint(b, p, last), p
	}
	var lastFrom int32
	for e := range int32(len(n.from)) {
		from, to := n.from[e], n.to[e]
		shape := n.points(e)
		bends := shape[1 : len(shape)-1]
		b = binary.AppendUvarint(b, uint64(from-lastFrom))
		b = binary.AppendUvarint(b, uint64(to-from))
		b = binary.AppendUvarint(b, uint64(n.length[e]))
		b = binary.AppendUvarint(b, uint64(len(bends)))
		b = append(b, byte(n.class[e]), n.open[e], n.atEnds[e], n.stop[e], n.worth[e])
		for m := range n.cost {
			for d := range n.cost[m] {
				if n.open[e]&openBit(street.Mode(m), d) != 0 {
					b = binary.AppendUvarint(b, uint64(n.cost[m][d][e]))
					b = binary.AppendUvarint(b, uint64(n.wait[m][d][e]))
				}
			}
		}
		last := shape[0]
		for _, p := range bends {
			b, last = appendPoint(b, p, last), p
		}
		lastFrom = from
	}
	for m := range n.bans {
		b = binary.AppendUvarint(b, uint64(len(n.bans[m])))
		var last arcID
		for _, ban := range n.bans[m] {
			b = binary.AppendUvarint(b, uint64(ban.in-last))
			b = binary.AppendUvarint(b, uint64(ban.out))
			last = ban.in
		}
	}
	for m := range n.chains {
		b = binary.AppendUvarint(b, uint64(len(n.chains[m])))
		for _, c := range n.chains[m] {
			b = binary.AppendUvarint(b, uint64(len(c)))
			for _, a := range c {
				b = binary.AppendUvarint(b, uint64(a))
			}
		}
	}
	b = binary.AppendUvarint(b, uint64(len(n.rounds)))
	var lastRound arcID
	for _, a := range n.rounds {
		b, lastRound = binary.AppendUvarint(b, uint64(a-lastRound)), a
	}
	b = binary.AppendUvarint(b, uint64(n.unplaced))
	for _, arcs := range n.enclosed {
		b = binary.AppendUvarint(b, uint64(arcs))
	}
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b[start:], castagnoli)), nil
}

func appendPoint(b []byte, p, last point) []byte {
	b = binary.AppendVarint(b, int64(p.lon)-int64(last.lon))
	return binary.AppendVarint(b, int64(p.lat)-int64(last.lat))
}

// UnmarshalBinary decodes b into n, and proves the invariants. On an error n is
// as it was. Memory stays in proportion to len(b), whatever b holds.
func (n *Network) UnmarshalBinary(b []byte) error {
	decoded, err := decodeNetwork(b)
	if err == nil {
		err = decoded.checkTables()
	}
	if err != nil {
		return fmt.Errorf("decode road network: %w", err)
	}
	*n = *decoded
	n.derive()
	n.countComponents()
	return nil
}

var errShort = errors.New("ends too early")

func decodeNetwork(b []byte) (*Network, error) {
	if len(b) < headerSize+checksumSize {
		return nil, fmt.Errorf("%d bytes: %w", len(b), errShort)
	}
	if string(b[:len(codecMagic)]) != codecMagic {
		return nil, fmt.Errorf("starts with %q: not a road network", b[:len(codecMagic)])
	}
	var header [4]uint64
	for i := range header {
		header[i] = uint64(binary.LittleEndian.Uint32(b[len(codecMagic)+4*i:]))
	}
	if header[0] != codecVersion && header[0] != codecVersion2 {
		return nil, fmt.Errorf("version %d: this program reads version %d", header[0], codecVersion)
	}
	body, sum := b[:len(b)-checksumSize], binary.LittleEndian.Uint32(b[len(b)-checksumSize:])
	if got := crc32.Checksum(body, castagnoli); got != sum {
		return nil, fmt.Errorf("checksum %08x, want %08x: damaged or cut short", got, sum)
	}
	nodes, edges, bends := header[1], header[2], header[3]
	r := decoder{rest: body[headerSize:]}
	if leastNode*nodes+leastEdge*edges+leastBend*bends > uint64(len(r.rest)) {
		return nil, fmt.Errorf("%d nodes, %d edges, %d bends in %d bytes: %w", nodes, edges, bends, len(r.rest), errShort)
	}
	n := r.network(int(header[0]), int(nodes), int(edges), int(bends))
	switch {
	case r.err != nil:
		return nil, r.err
	case len(r.rest) > 0:
		return nil, fmt.Errorf("%d bytes left over", len(r.rest))
	}
	return n, nil
}

// decoder reads values off the front of rest. After an error it reads zeros.
type decoder struct {
	rest []byte
	err  error
}

func (r *decoder) network(version, nodes, edges, bends int) *Network {
	n := newTables(nodes, edges, bends+2*edges)
	n.past = version == codecVersion2
	var last point
	for i := range n.nodes {
		last = r.point(last)
		n.nodes[i] = last
	}
	var lastFrom int32
	for e := range edges {
		from := r.below(uint64(lastFrom), uint64(nodes))
		to := r.below(uint64(from), uint64(nodes))
		n.length[e] = uint32(r.below(0, maxLength+1))
		count := int(r.below(0, uint64(bends)+1))
		bends -= count
		n.class[e], n.open[e] = street.Class(r.byte()), r.byte()
		n.stop[e] = modesOf(n.open[e])
		if version != codecVersion2 {
			n.atEnds[e], n.stop[e] = r.byte(), r.byte()
		}
		n.worth[e] = r.byte()
		for m := range n.cost {
			for d := range n.cost[m] {
				if n.open[e]&openBit(street.Mode(m), d) != 0 {
					n.cost[m][d][e] = geo.Cost(r.below(0, maxCost+1))
					n.wait[m][d][e] = uint16(r.below(0, math.MaxUint16+1))
				}
			}
		}
		if r.err != nil {
			return nil
		}
		n.from[e], n.to[e] = from, to
		p := n.nodes[from]
		n.shape = append(n.shape, p)
		for range count {
			p = r.point(p)
			n.shape = append(n.shape, p)
		}
		n.shape = append(n.shape, n.nodes[to])
		n.shapeFirst[e+1] = uint32(len(n.shape))
		lastFrom = from
	}
	for m := range n.bans {
		var in int32
		for range r.below(0, uint64(len(r.rest))/2+1) {
			in = r.below(uint64(in), 2*uint64(edges))
			n.bans[m] = append(n.bans[m], ban{arcID(in), arcID(r.below(0, 2*uint64(edges)))})
		}
	}
	if version != codecVersion2 {
		r.turns(n)
		for m := range n.enclosed {
			n.enclosed[m] = uint32(r.below(0, 2*uint64(edges)+1))
		}
	}
	if bends > 0 && r.err == nil {
		r.err = fmt.Errorf("%d bends missing", bends)
	}
	return n
}

// turns reads the chains, and where a car may turn round.
func (r *decoder) turns(n *Network) {
	arcs := 2 * uint64(len(n.from))
	for m := range n.chains {
		for range r.below(0, uint64(len(r.rest))/2+1) {
			c := make(chain, r.below(0, uint64(len(r.rest))+1))
			for i := range c {
				c[i] = arcID(r.below(0, arcs))
			}
			n.chains[m] = append(n.chains[m], c)
		}
	}
	var a int32
	for range r.below(0, uint64(len(r.rest))+1) {
		a = r.below(uint64(a), arcs)
		n.rounds = append(n.rounds, arcID(a))
	}
	n.unplaced = int(r.below(0, math.MaxInt32))
}

// below reads a uvarint, adds base, and wants the sum less than limit.
func (r *decoder) below(base, limit uint64) int32 {
	v, size := binary.Uvarint(r.rest)
	if size <= 0 || v >= limit || base+v >= limit {
		r.fail()
		return 0
	}
	r.rest = r.rest[size:]
	return int32(base + v)
}

func (r *decoder) byte() byte {
	if len(r.rest) == 0 {
		r.fail()
		return 0
	}
	v := r.rest[0]
	r.rest = r.rest[1:]
	return v
}

func (r *decoder) point(last point) point {
	return point{r.coordinate(last.lon), r.coordinate(last.lat)}
}

func (r *decoder) coordinate(last int32) int32 {
	v, size := binary.Varint(r.rest)
	c := int64(last) + v
	if size <= 0 || v > math.MaxUint32 || v < -math.MaxUint32 || c != int64(int32(c)) {
		r.fail()
		return 0
	}
	r.rest = r.rest[size:]
	return int32(c)
}

// fail notes that what comes next cannot be read, and stops reading.
func (r *decoder) fail() {
	if r.err == nil {
		r.err = fmt.Errorf("value out of range, or %w, %d bytes before the end", errShort, len(r.rest))
	}
	r.rest = nil
}
