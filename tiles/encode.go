package tiles

import (
	"encoding/binary"
	"math"
	"slices"
	"sync"
)

// encoder writes Mapbox Vector Tiles 2.1, one feature after the other, into
// buffers that it keeps from one tile to the next. The order of calls:
//
//	reset
//	  open                      one source layer
//	    tag…                    what the next features carry
//	    ring…, line…, point…    the geometry of one feature
//	    feature                 writes it; the tags stay until clearTags
//	  close                     writes the layer, unless it has no feature
//	bytes
type encoder struct {
	tile []byte // finished layers
	body []byte // features of the open layer
	geom []byte // geometry of the next feature
	tags []byte // attributes of the next features
	keys []string
	vals []value
	at   map[value]uint32 // position in vals
	name string
	pen  xy // where the geometry's cursor is

	// Scratch for the layers.
	spans      []span
	cell, rest []xy
	drawn      rings
	clip       clipper
	snap       snapper
}

var encoders = sync.Pool{New: func() any { return &encoder{at: map[value]uint32{}} }}

// value is an attribute's value: a text, or a number by kind.
type value struct {
	text string
	bits uint64
	kind uint8 // field number in Tile.Value
}

// Field numbers of Tile.Value.
const (
	textKind   = 1
	doubleKind = 3
	uintKind   = 5
	boolKind   = 7
)

func textValue(s string) value  { return value{text: s, kind: textKind} }
func uintValue(v uint64) value  { return value{bits: v, kind: uintKind} }
func realValue(v float64) value { return value{bits: math.Float64bits(v), kind: doubleKind} }
func boolValue(v bool) (b value) {
	if b.kind = boolKind; v {
		b.bits = 1
	}
	return b
}

// Geometry types and commands of the specification.
const (
	pointType   = 1
	lineType    = 2
	polygonType = 3

	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

// Tags of the protocol buffer: field number << 3 | wire type (0 varint, 1 eight
// bytes, 2 length and bytes).
const (
	tileLayer     = 3<<3 | 2
	layerName     = 1<<3 | 2
	layerFeature  = 2<<3 | 2
	layerKey      = 3<<3 | 2
	layerValue    = 4<<3 | 2
	layerExtent   = 5 << 3
	layerVersion  = 15 << 3
	featureID     = 1 << 3
	featureTags   = 2<<3 | 2
	featureType   = 3 << 3
	featureGeom   = 4<<3 | 2
	specification = 2
)

func (e *encoder) reset() { e.tile = e.tile[:0] }

// bytes is the finished tile; it belongs to the encoder.
func (e *encoder) bytes() []byte { return e.tile }

func (e *encoder) open(name string) {
	e.name, e.pen = name, xy{}
	e.body, e.geom, e.tags = e.body[:0], e.geom[:0], e.tags[:0]
	e.keys, e.vals = e.keys[:0], e.vals[:0]
	clear(e.at)
}

func (e *encoder) clearTags() { e.tags = e.tags[:0] }

// tag gives the next features an attribute.
func (e *encoder) tag(key string, v value) {
	k := 0
	for k < len(e.keys) && e.keys[k] != key {
		k++
	}
	if k == len(e.keys) {
		e.keys = append(e.keys, key)
	}
	i, ok := e.at[v]
	if !ok {
		i = uint32(len(e.vals))
		e.vals = append(e.vals, v)
		e.at[v] = i
	}
	e.tags = appendVarint(e.tags, uint64(k))
	e.tags = appendVarint(e.tags, uint64(i))
}

// ring adds a ring of at least three points, not closed.
func (e *encoder) ring(pts []xy) {
	e.line(pts)
	e.geom = append(e.geom, 1<<3|closePath)
}

// line adds a line of at least two points.
func (e *encoder) line(pts []xy) {
	const longest = 5 // bytes of a 32-bit varint
	from := len(e.geom)
	e.geom = slices.Grow(e.geom, 2*longest*len(pts)+longest+2)
	b := e.geom[from:from:cap(e.geom)]
	b = append(b, 1<<3|moveTo)
	b = appendMove(b, e.pen, pts[0])
	b = appendVarint(b, uint64(len(pts)-1)<<3|lineTo)
	for i := 1; i < len(pts); i++ {
		b = appendMove(b, pts[i-1], pts[i])
	}
	e.geom, e.pen = e.geom[:from+len(b)], pts[len(pts)-1]
}

// point adds a point.
func (e *encoder) point(p xy) {
	e.geom = appendMove(append(e.geom, 1<<3|moveTo), e.pen, p)
	e.pen = p
}

// appendMove writes the way from p to q, most often one byte in either direction.
func appendMove(b []byte, p, q xy) []byte {
	dx, dy := zigzag(q.x-p.x), zigzag(q.y-p.y)
	if dx|dy < 1<<7 {
		return append(b, byte(dx), byte(dy))
	}
	return appendVarint(appendVarint(b, uint64(dx)), uint64(dy))
}

// zigzag gives small numbers to small moves of either sign.
func zigzag(v int32) uint32 { return uint32(v<<1 ^ v>>31) }

// feature writes the geometry as one feature.
func (e *encoder) feature(id uint64, geometry byte) {
	size := 1 + varintLen(id) + 2 + 1 + varintLen(uint64(len(e.geom))) + len(e.geom)
	if len(e.tags) > 0 {
		size += 1 + varintLen(uint64(len(e.tags))) + len(e.tags)
	}
	b := appendVarint(append(e.body, layerFeature), uint64(size))
	b = appendVarint(append(b, featureID), id)
	if len(e.tags) > 0 {
		b = appendVarint(append(b, featureTags), uint64(len(e.tags)))
		b = append(b, e.tags...)
	}
	b = append(b, featureType, geometry)
	b = appendVarint(append(b, featureGeom), uint64(len(e.geom)))
	e.body = append(b, e.geom...)
	e.geom, e.pen = e.geom[:0], xy{}
}

// close writes the open layer. A layer without features is left out.
func (e *encoder) close() {
	if len(e.body) == 0 {
		return
	}
	size := lengthLen(len(e.name)) + len(e.body) + 1 + varintLen(extent) + 2
	for _, k := range e.keys {
		size += lengthLen(len(k))
	}
	for _, v := range e.vals {
		size += lengthLen(v.len())
	}
	b := appendVarint(append(e.tile, tileLayer), uint64(size))
	b = appendVarint(append(b, layerName), uint64(len(e.name)))
	b = append(b, e.name...)
	b = append(b, e.body...)
	for _, k := range e.keys {
		b = appendVarint(append(b, layerKey), uint64(len(k)))
		b = append(b, k...)
	}
	for _, v := range e.vals {
		b = appendVarint(append(b, layerValue), uint64(v.len()))
		b = v.append(b)
	}
	b = appendVarint(append(b, layerExtent), extent)
	e.tile = append(b, layerVersion, specification)
}

// len is the encoded size of a value.
func (v value) len() int {
	switch v.kind {
	case textKind:
		return lengthLen(len(v.text))
	case doubleKind:
		return 9
	default:
		return 1 + varintLen(v.bits)
	}
}

func (v value) append(b []byte) []byte {
	switch v.kind {
	case textKind:
		b = appendVarint(append(b, textKind<<3|2), uint64(len(v.text)))
		return append(b, v.text...)
	case doubleKind:
		return binary.LittleEndian.AppendUint64(append(b, doubleKind<<3|1), v.bits)
	default:
		return appendVarint(append(b, v.kind<<3), v.bits)
	}
}

// appendVarint is [binary.AppendUvarint] with the short cases first: most
// numbers of a tile fit in one byte or two.
func appendVarint(b []byte, v uint64) []byte {
	switch {
	case v < 1<<7:
		return append(b, byte(v))
	case v < 1<<14:
		return append(b, byte(v)|0x80, byte(v>>7))
	default:
		return binary.AppendUvarint(b, v)
	}
}

func varintLen(v uint64) int {
	n := 1
	for v >= 1<<7 {
		v >>= 7
		n++
	}
	return n
}

// lengthLen is the size of a field of n bytes with its tag and length.
func lengthLen(n int) int { return 1 + varintLen(uint64(n)) + n }
