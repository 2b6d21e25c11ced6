package layer

import (
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"
)

// Types of geometry in WKB (OGC 06-103r4 §8.2.8), without the marks of dimensions.
const (
	wkbPolygon      = 3
	wkbMultiPolygon = 6
	wkbMultiSurface = 12
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

// header reads the byte order, the type and how many numbers a position has.
func (w *wkbReader) header() (kind, dims int) {
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
	case 1, 2:
		dims = 3
	case 3:
		dims = 4
	default:
		w.fail("type de géométrie non compris ; attendu Polygon ou MultiPolygon")
	}
	return int(t % 1000), dims
}

func (w *wkbReader) surface(depth int) orb.MultiPolygon {
	kind, dims := w.header()
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
