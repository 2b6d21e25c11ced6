package layer

import (
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"
)

// Types of geometry in WKB (OGC 06-103r4 §8.2.8), without the marks of dimensions.
const (
	wkbPoint           = 1
	wkbLineString      = 2
	wkbPolygon         = 3
	wkbMultiPoint      = 4
	wkbMultiLineString = 5
	wkbMultiPolygon    = 6
	wkbMultiSurface    = 12
)

// DecodeSurface reads the WKB of a Polygon, MultiPolygon, or MultiSurface of
// polygons, in either byte order, with or without elevations and measures, marked
// as ISO or as PostGIS does; both are dropped. Memory is that of data. reason is ""
// when it is understood.
func DecodeSurface(data []byte) (_ orb.MultiPolygon, reason string) {
	w := wkbReader{data: data}
	mp := w.surface(0)
	switch {
	case w.reason != "":
		return nil, w.reason
	case len(w.data) > 0:
		return nil, "géométrie suivie d'octets en trop ; attendu du WKB"
	}
	return mp, ""
}

// wkbReader consumes data; after a fault it gives zeros.
type wkbReader struct {
	data   []byte
	order  binary.ByteOrder
	reason string
}

func (w *wkbReader) fail(reason string) {
	if w.reason == "" {
		w.reason = reason
	}
	w.data = nil
}

// take consumes n bytes.
func (w *wkbReader) take(n int) []byte {
	if len(w.data) < n {
		w.fail("géométrie tronquée ; attendu du WKB entier")
		return make([]byte, n)
	}
	b := w.data[:n]
	w.data = w.data[n:]
	return b
}

// count reads how many things of at least size bytes follow.
func (w *wkbReader) count(size int) int {
	n := w.order.Uint32(w.take(4))
	if uint64(n)*uint64(size) > uint64(len(w.data)) {
		w.fail("géométrie tronquée ; attendu du WKB entier")
		return 0
	}
	return int(n)
}

// header reads the byte order, the type, how many numbers a position has, and whether the
// third is an elevation.
func (w *wkbReader) header() (kind, dims int, elevated bool) {
	switch w.take(1)[0] {
	case 0:
		w.order = binary.BigEndian
	case 1:
		w.order = binary.LittleEndian
	default:
		w.order = binary.LittleEndian
		w.fail("géométrie non comprise ; attendu du WKB")
	}
	t := w.order.Uint32(w.take(4))
	dims = 2
	if t&0x8000_0000 != 0 {
		dims++
		elevated = true
	}
	if t&0x4000_0000 != 0 {
		dims++
	}
	if t&0x2000_0000 != 0 {
		w.take(4) // the reference system, which the layer tells
	}
	t &= 0x0fff_ffff
	switch t / 1000 {
	case 0:
	case 1:
		dims, elevated = 3, true
	case 2:
		dims = 3
	case 3:
		dims, elevated = 4, true
	default:
		w.fail("type de géométrie non compris ; attendu du WKB d'ISO ou de PostGIS")
	}
	return int(t % 1000), dims, elevated
}

func (w *wkbReader) surface(depth int) orb.MultiPolygon {
	kind, dims, _ := w.header()
	switch {
	case w.reason != "":
		return nil
	case kind == wkbPolygon:
		return orb.MultiPolygon{w.polygon(dims)}
	case depth == 0 && (kind == wkbMultiPolygon || kind == wkbMultiSurface):
		var mp orb.MultiPolygon
		for range w.count(9) { // a header, and a count
			mp = append(mp, w.surface(1)...)
			if w.reason != "" {
				return nil
			}
		}
		return mp
	}
	w.fail("type de géométrie non admis ; attendu Polygon ou MultiPolygon")
	return nil
}

func (w *wkbReader) polygon(dims int) orb.Polygon {
	var p orb.Polygon
	for range w.count(4) {
		n := w.count(8 * dims)
		ring := make(orb.Ring, n)
		for i := range ring {
			b := w.take(8 * dims)
			ring[i] = orb.Point{math.Float64frombits(w.order.Uint64(b)), math.Float64frombits(w.order.Uint64(b[8:]))}
		}
		if w.reason != "" {
			return nil
		}
		p = append(p, ring)
	}
	return p
}

// decodeVertices reads the WKB of points or of lines, as [DecodeSurface] does that of
// surfaces, with their elevations.
func decodeVertices(data []byte) (_ [][]Vertex, reason string) {
	w := wkbReader{data: data}
	lines := w.lines(0)
	switch {
	case w.reason != "":
		return nil, w.reason
	case len(w.data) > 0:
		return nil, "géométrie suivie d'octets en trop ; attendu du WKB"
	}
	return lines, ""
}

func (w *wkbReader) lines(depth int) [][]Vertex {
	kind, dims, elevated := w.header()
	switch {
	case w.reason != "":
		return nil
	case kind == wkbPoint:
		return [][]Vertex{w.vertices(1, dims, elevated)}
	case kind == wkbLineString:
		return [][]Vertex{w.vertices(w.count(8*dims), dims, elevated)}
	case depth == 0 && (kind == wkbMultiPoint || kind == wkbMultiLineString):
		var all [][]Vertex
		for range w.count(9) {
			all = append(all, w.lines(1)...)
			if w.reason != "" {
				return nil
			}
		}
		return all
	}
	w.fail("type de géométrie non admis ; attendu LineString ou Point")
	return nil
}

// vertices reads n positions of dims numbers.
func (w *wkbReader) vertices(n, dims int, elevated bool) []Vertex {
	all := make([]Vertex, n)
	for i := range all {
		b := w.take(8 * dims)
		at := func(k int) float64 { return math.Float64frombits(w.order.Uint64(b[8*k:])) }
		all[i] = Vertex{at(0), at(1), math.NaN()}
		if elevated {
			all[i].Z = at(2)
		}
		if w.reason == "" && !all[i].finite() {
			w.fail(notNumbers)
		}
	}
	return all
}
