package pmtiles

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/klauspost/compress/gzip"
)

// Writer makes an archive. Tiles wait in a temporary file, since what says where they
// are comes before them; memory holds 24 bytes a tile and 64 a different one. The same
// tiles give the same bytes.
type Writer struct {
	data    *os.File
	buffer  *bufio.Writer
	length  uint64
	entries []entry
	at      map[[sha256.Size]byte]entry // different tiles: where they are
	tiles   uint64
}

// NewWriter begins an archive; its temporary file is in the folder dir (empty: the
// system's), and goes with Close.
func NewWriter(dir string) (*Writer, error) {
	f, err := os.CreateTemp(dir, ".pmtiles-*")
	if err != nil {
		return nil, fmt.Errorf("tiles of an archive: %w", err)
	}
	return &Writer{data: f, buffer: bufio.NewWriterSize(f, 1<<20), at: map[[sha256.Size]byte]entry{}}, nil
}

// Close removes the temporary file.
func (w *Writer) Close() error {
	return errors.Join(w.data.Close(), os.Remove(w.data.Name()))
}

// Add adds a tile, gzipped, that is not empty. Tiles come in the order of their ids.
func (w *Writer) Add(z, x, y int, tile []byte) error {
	if z < 0 || z > MaxZoom || x < 0 || y < 0 || x>>z != 0 || y>>z != 0 || len(tile) == 0 || uint64(len(tile)) > math.MaxUint32 {
		return fmt.Errorf("tile %d/%d/%d of %d bytes: no such tile", z, x, y, len(tile))
	}
	id := ID(z, x, y)
	sum := sha256.Sum256(tile)
	e, known := w.at[sum]
	if n := len(w.entries); n > 0 {
		last := &w.entries[n-1]
		if id < last.id+uint64(last.run) {
			return fmt.Errorf("tile %d/%d/%d: not in the order of ids", z, x, y)
		}
		if known && id == last.id+uint64(last.run) && e.offset == last.offset {
			last.run++
			w.tiles++
			return nil
		}
	}
	if !known {
		if _, err := w.buffer.Write(tile); err != nil {
			return fmt.Errorf("tile %d/%d/%d: %w", z, x, y, err)
		}
		e = entry{offset: w.length, length: uint32(len(tile))}
		w.at[sum] = e
		w.length += uint64(len(tile))
	}
	w.entries = append(w.entries, entry{id: id, offset: e.offset, length: e.length, run: 1})
	w.tiles++
	return nil
}

// About is what an archive says of all its tiles. Degrees are longitude and latitude.
type About struct {
	Metadata                 []byte // JSON, an object
	MinZoom, MaxZoom         int
	West, South, East, North float64
	Lon, Lat                 float64 // where a map should open
	Zoom                     int     // and how near
}

// Counts are the sizes of an archive.
type Counts struct {
	Tiles     int   `json:"tiles"`
	Different int   `json:"different"` // tiles, each kind of bytes once
	Leaves    int   `json:"leaves"`    // directories beside the root
	Bytes     int64 `json:"bytes"`
}

// Finish writes the archive to out.
func (w *Writer) Finish(out io.Writer, about About) (c Counts, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("archive of tiles: %w", err)
		}
	}()
	metadata, err := compress(about.Metadata)
	if err != nil {
		return c, err
	}
	root, leaves, count, err := directories(w.entries, rootBytes)
	if err != nil {
		return c, err
	}
	h := header{rootOffset: headerBytes, rootLength: uint64(len(root)), metadataLength: uint64(len(metadata)), leavesLength: uint64(len(leaves)),
		dataLength: w.length, addressed: w.tiles, entries: uint64(len(w.entries)), contents: uint64(len(w.at)), clustered: true,
		internal: gzipped, compression: gzipped, kind: mvt, minZoom: uint8(about.MinZoom), maxZoom: uint8(about.MaxZoom), centerZoom: uint8(about.Zoom),
		west: about.West, south: about.South, east: about.East, north: about.North, lon: about.Lon, lat: about.Lat}
	h.metadataOffset = h.rootOffset + h.rootLength
	h.leavesOffset = h.metadataOffset + h.metadataLength
	h.dataOffset = h.leavesOffset + h.leavesLength
	for _, piece := range [][]byte{h.append(nil), root, metadata, leaves} {
		if _, err := out.Write(piece); err != nil {
			return c, err
		}
	}
	if err := w.buffer.Flush(); err != nil {
		return c, err
	}
	if _, err := w.data.Seek(0, io.SeekStart); err != nil {
		return c, err
	}
	if n, err := io.Copy(out, w.data); err != nil || uint64(n) != w.length {
		return c, errors.Join(err, fmt.Errorf("%d of %d bytes of tiles", n, w.length))
	}
	return Counts{Tiles: int(w.tiles), Different: len(w.at), Leaves: count, Bytes: int64(h.dataOffset + h.dataLength)}, nil
}

// directories encodes entries as a root of at most limit bytes and, when they are too
// many for it, leaves.
func directories(entries []entry, limit int) (root, leaves []byte, count int, err error) {
	if root, err = compress(appendDirectory(nil, entries)); err != nil || len(root) <= limit {
		return root, nil, 0, err
	}
	// Leaves of some thousands of entries are a few kilobytes: one more request of a
	// reader. Larger ones only where the root would still be too long.
	const first = 4096
	for size := first; ; size += size / 4 {
		var top []entry
		leaves = leaves[:0]
		for from := 0; from < len(entries); from += size {
			leaf, err := compress(appendDirectory(nil, entries[from:min(from+size, len(entries))]))
			if err != nil {
				return nil, nil, 0, err
			}
			top = append(top, entry{id: entries[from].id, offset: uint64(len(leaves)), length: uint32(len(leaf))})
			leaves = append(leaves, leaf...)
		}
		if root, err = compress(appendDirectory(nil, top)); err != nil || len(root) <= limit {
			return root, leaves, len(top), err
		}
	}
}

func compress(b []byte) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err == nil {
		_, err = z.Write(b)
	}
	if err == nil {
		err = z.Close()
	}
	return out.Bytes(), err
}
