// Package pmtiles writes and reads archives of tiles in the format PMTiles, version 3
// (https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md). It knows tiles as
// bytes at addresses, whatever they hold, and no edition.
//
// An archive is one file that a map reads by ranges of bytes, from a disk or from any
// static server:
//
//	header      127 bytes
//	root        a directory: which tiles are where. With the header, 16 384 bytes at most
//	metadata    JSON
//	leaves      directories that the root leads to, when it would be too long
//	tile data   the tiles, each different one once
//
// Directories and metadata are gzipped; tiles are as they were given, which must be
// gzipped Mapbox Vector Tiles. Archives are clustered: tiles follow each other in the
// order of their ids, so that neighbours on the map are neighbours in the file.
package pmtiles

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

const (
	headerBytes = 127
	// rootBytes is the longest root directory: readers fetch it with the header, in one
	// request.
	rootBytes = 16384 - headerBytes
	magic     = "PMTiles"
	version   = 3

	gzipped = 2 // code of a compression
	mvt     = 1 // code of a type of tile
)

// MaxZoom is the highest zoom whose ids are used here; 64 bits would hold 31.
const MaxZoom = 26

// ErrArchive is wrapped by what is said of bytes that are no whole archive, or one of
// a kind that is not read here.
var ErrArchive = errors.New("not a PMTiles archive that can be read")

// header is the fixed start of an archive. Offsets and lengths are in bytes.
type header struct {
	rootOffset, rootLength         uint64
	metadataOffset, metadataLength uint64
	leavesOffset, leavesLength     uint64
	dataOffset, dataLength         uint64
	addressed, entries, contents   uint64 // tiles, entries of directories that lead to some, different tiles
	clustered                      bool
	internal, compression, kind    uint8
	minZoom, maxZoom, centerZoom   uint8
	west, south, east, north       float64 // degrees, kept to 1e-7
	lon, lat                       float64 // of the centre
}

func (h *header) append(b []byte) []byte {
	b = append(append(b, magic...), version)
	for _, v := range h.places() {
		b = binary.LittleEndian.AppendUint64(b, *v)
	}
	clustered := byte(0)
	if h.clustered {
		clustered = 1
	}
	b = append(b, clustered, h.internal, h.compression, h.kind, h.minZoom, h.maxZoom)
	for i, v := range h.positions() {
		if i == 4 {
			b = append(b, h.centerZoom)
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(int32(math.Round(*v*1e7))))
	}
	return b
}

// places are the numbers of eight bytes, in the order of the header.
func (h *header) places() []*uint64 {
	return []*uint64{&h.rootOffset, &h.rootLength, &h.metadataOffset, &h.metadataLength, &h.leavesOffset, &h.leavesLength,
		&h.dataOffset, &h.dataLength, &h.addressed, &h.entries, &h.contents}
}

// positions are the degrees, in the order of the header; the zoom of the centre comes
// before the fifth.
func (h *header) positions() []*float64 {
	return []*float64{&h.west, &h.south, &h.east, &h.north, &h.lon, &h.lat}
}

// parseHeader reads a header; b has its length.
func parseHeader(b []byte) (h header, err error) {
	if string(b[:len(magic)]) != magic {
		return h, fmt.Errorf("%w: it does not begin with %q", ErrArchive, magic)
	}
	if b[7] != version {
		return h, fmt.Errorf("%w: version %d; expected %d", ErrArchive, b[7], version)
	}
	at := 8
	for _, v := range h.places() {
		*v = binary.LittleEndian.Uint64(b[at:])
		at += 8
	}
	h.clustered = b[at] == 1
	h.internal, h.compression, h.kind, h.minZoom, h.maxZoom = b[at+1], b[at+2], b[at+3], b[at+4], b[at+5]
	at += 6
	for i, v := range h.positions() {
		if i == 4 {
			h.centerZoom = b[at]
			at++
		}
		*v = float64(int32(binary.LittleEndian.Uint32(b[at:]))) / 1e7
		at += 4
	}
	switch {
	case h.internal != gzipped || h.compression != gzipped:
		return h, fmt.Errorf("%w: compressions %d and %d; expected gzip (%d)", ErrArchive, h.internal, h.compression, gzipped)
	case h.kind != mvt:
		return h, fmt.Errorf("%w: tiles of type %d; expected vector tiles (%d)", ErrArchive, h.kind, mvt)
	case h.minZoom > h.maxZoom || h.maxZoom > MaxZoom:
		return h, fmt.Errorf("%w: zooms %d to %d", ErrArchive, h.minZoom, h.maxZoom)
	}
	return h, nil
}

// ID is the number of a tile: those of lower zooms come first, those of one zoom in the
// order of a Hilbert curve. The address must be one of 0 ≤ z ≤ [MaxZoom].
func ID(z, x, y int) uint64 {
	id := firstOf(z)
	n := 1 << z
	for s := n / 2; s > 0; s /= 2 {
		rx, ry := 0, 0
		if x&s > 0 {
			rx = 1
		}
		if y&s > 0 {
			ry = 1
		}
		id += uint64(s) * uint64(s) * uint64((3*rx)^ry)
		x, y = turn(n, x, y, rx, ry)
	}
	return id
}

// Address is the inverse of [ID]; it is false for an id beyond [MaxZoom].
func Address(id uint64) (z, x, y int, ok bool) {
	for z = 0; z <= MaxZoom && id >= firstOf(z+1); z++ {
	}
	if z > MaxZoom {
		return 0, 0, 0, false
	}
	rest := id - firstOf(z)
	for s := 1; s < 1<<z; s *= 2 {
		rx := int(rest/2) & 1
		ry := int(rest^uint64(rx)) & 1
		x, y = turn(s, x, y, rx, ry)
		x, y = x+s*rx, y+s*ry
		rest /= 4
	}
	return z, x, y, true
}

// firstOf is the id of the first tile of a zoom: the number of those before.
func firstOf(z int) uint64 { return (1<<(2*z) - 1) / 3 }

// turn brings a quadrant of the curve into the place of the whole.
func turn(n, x, y, rx, ry int) (int, int) {
	if ry == 1 {
		return x, y
	}
	if rx == 1 {
		x, y = n-1-x, n-1-y
	}
	return y, x
}

// entry says where tiles are, or (run 0) the directory that says it of the ids from id
// to the next entry's.
type entry struct {
	id     uint64
	offset uint64 // in the tile data or in the leaves
	length uint32
	run    uint32 // of ids with the same bytes
}

// appendDirectory writes entries in columns, ids and offsets as differences.
func appendDirectory(b []byte, entries []entry) []byte {
	b = binary.AppendUvarint(b, uint64(len(entries)))
	last := uint64(0)
	for _, e := range entries {
		b = binary.AppendUvarint(b, e.id-last)
		last = e.id
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, uint64(e.run))
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, uint64(e.length))
	}
	for i, e := range entries {
		if i > 0 && e.offset == entries[i-1].offset+uint64(entries[i-1].length) {
			b = append(b, 0)
			continue
		}
		b = binary.AppendUvarint(b, e.offset+1)
	}
	return b
}

// parseDirectory is the inverse of appendDirectory. Ids increase, runs do not overlap,
// and lengths are not zero.
func parseDirectory(b []byte) ([]entry, error) {
	bad := func(what string) ([]entry, error) { return nil, fmt.Errorf("%w: a directory %s", ErrArchive, what) }
	next := func() (uint64, bool) {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return 0, false
		}
		b = b[n:]
		return v, true
	}
	n, ok := next()
	if !ok || n > uint64(len(b))/4 { // four bytes an entry at least
		return bad("is cut")
	}
	entries := make([]entry, n)
	last := uint64(0)
	for i := range entries {
		v, ok := next()
		if !ok || v > math.MaxInt64-last {
			return bad("is cut")
		}
		if i > 0 && v == 0 {
			return bad("has an id twice")
		}
		last += v
		entries[i].id = last
	}
	for i := range entries {
		v, ok := next()
		if !ok || v > math.MaxUint32 {
			return bad("is cut")
		}
		if entries[i].run = uint32(v); i > 0 && entries[i-1].id+uint64(entries[i-1].run) > entries[i].id {
			return bad("has runs that overlap")
		}
	}
	for i := range entries {
		v, ok := next()
		if !ok || v == 0 || v > math.MaxUint32 {
			return bad("has a tile without length")
		}
		entries[i].length = uint32(v)
	}
	for i := range entries {
		v, ok := next()
		switch {
		case !ok || v > math.MaxInt64:
			return bad("is cut")
		case v > 0:
			entries[i].offset = v - 1
		case i > 0:
			entries[i].offset = entries[i-1].offset + uint64(entries[i-1].length)
		default:
			return bad("begins after nothing")
		}
	}
	if len(b) > 0 {
		return bad("is longer than it says")
	}
	return entries, nil
}
