package pmtiles

import (
	"bytes"
	"fmt"
	"io"
	"sort"

	"github.com/klauspost/compress/gzip"
)

const (
	// maxDirectory bounds a directory, and the metadata, once decompressed: some million
	// entries.
	maxDirectory = 32 << 20
	// maxTile bounds a tile, as it is kept: a reader asks for one at a time.
	maxTile = 64 << 20
	// maxDepth bounds how many directories lead to a tile.
	maxDepth = 4
)

// Archive is an open archive. It is safe for concurrent use when its source is. Errors
// about the bytes wrap [ErrArchive].
type Archive struct {
	source io.ReaderAt
	h      header
	root   []entry
}

// Open reads the header and the root directory of an archive of size bytes.
func Open(source io.ReaderAt, size int64) (*Archive, error) {
	if size < headerBytes {
		return nil, fmt.Errorf("%w: %d bytes; a header has %d", ErrArchive, size, headerBytes)
	}
	a := &Archive{source: source}
	b, err := a.read(0, headerBytes)
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	h, err := parseHeader(b)
	if err != nil {
		return nil, err
	}
	a.h = h
	for _, part := range []struct {
		name           string
		offset, length uint64
	}{{"root directory", h.rootOffset, h.rootLength}, {"metadata", h.metadataOffset, h.metadataLength},
		{"leaf directories", h.leavesOffset, h.leavesLength}, {"tiles", h.dataOffset, h.dataLength}} {
		if part.offset > uint64(size) || part.length > uint64(size)-part.offset {
			return nil, fmt.Errorf("%w: its %s would end after its %d bytes: it is cut", ErrArchive, part.name, size)
		}
	}
	if a.root, err = a.directory(h.rootOffset, h.rootLength); err != nil {
		return nil, err
	}
	return a, nil
}

// Zooms are the lowest and the highest zoom.
func (a *Archive) Zooms() (lowest, highest int) { return int(a.h.minZoom), int(a.h.maxZoom) }

// Metadata is the JSON that describes the tiles.
func (a *Archive) Metadata() ([]byte, error) {
	return a.decompress(a.h.metadataOffset, a.h.metadataLength)
}

// Tile gives the gzipped bytes of a tile; nil when the archive has none there.
func (a *Archive) Tile(z, x, y int) ([]byte, error) {
	if z < 0 || z > MaxZoom || x < 0 || y < 0 || x>>z != 0 || y>>z != 0 {
		return nil, nil
	}
	id, entries := ID(z, x, y), a.root
	for range maxDepth {
		i := sort.Search(len(entries), func(i int) bool { return entries[i].id > id }) - 1
		if i < 0 {
			return nil, nil
		}
		e := entries[i]
		if e.run > 0 {
			if id-e.id >= uint64(e.run) {
				return nil, nil
			}
			return a.bytes(e)
		}
		var err error
		if entries, err = a.leaf(e); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%w: directories lead to each other", ErrArchive)
}

// bytes reads what an entry leads to.
func (a *Archive) bytes(e entry) ([]byte, error) {
	if err := a.inData(e); err != nil {
		return nil, err
	}
	b, err := a.read(a.h.dataOffset+e.offset, uint64(e.length))
	if err != nil {
		return nil, fmt.Errorf("tile of id %d: %w", e.id, err)
	}
	return b, nil
}

// read reads bytes that are known to be inside the archive.
func (a *Archive) read(offset, length uint64) ([]byte, error) {
	b := make([]byte, length)
	_, err := io.ReadFull(io.NewSectionReader(a.source, int64(offset), int64(length)), b)
	return b, err
}

func (a *Archive) inData(e entry) error {
	if e.length > maxTile || e.offset > a.h.dataLength || uint64(e.length) > a.h.dataLength-e.offset {
		return fmt.Errorf("%w: the tile of id %d is not in it", ErrArchive, e.id)
	}
	return nil
}

// leaf reads the directory that an entry leads to.
func (a *Archive) leaf(e entry) ([]entry, error) {
	if e.offset > a.h.leavesLength || uint64(e.length) > a.h.leavesLength-e.offset {
		return nil, fmt.Errorf("%w: the directory from id %d is not in it", ErrArchive, e.id)
	}
	return a.directory(a.h.leavesOffset+e.offset, uint64(e.length))
}

func (a *Archive) directory(offset, length uint64) ([]entry, error) {
	b, err := a.decompress(offset, length)
	if err != nil {
		return nil, err
	}
	return parseDirectory(b)
}

func (a *Archive) decompress(offset, length uint64) ([]byte, error) {
	if length > maxDirectory {
		return nil, fmt.Errorf("%w: a directory or its metadata of %d bytes", ErrArchive, length)
	}
	b, err := a.read(offset, length)
	if err != nil {
		return nil, fmt.Errorf("directory or metadata: %w", err)
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%w: a directory or its metadata is not gzipped: %w", ErrArchive, err)
	}
	out, err := io.ReadAll(io.LimitReader(z, maxDirectory+1))
	if err != nil {
		return nil, fmt.Errorf("%w: a directory or its metadata is damaged: %w", ErrArchive, err)
	}
	if len(out) > maxDirectory {
		return nil, fmt.Errorf("%w: a directory or its metadata has more than %d bytes", ErrArchive, maxDirectory)
	}
	return out, nil
}

// Check walks through every directory: each tile is where the archive says, in its
// zooms, and there are as many as the header counts.
func (a *Archive) Check() error {
	var last, tiles, count, led uint64 // led: bytes of the leaves, each of which is led to once
	var walk func([]entry, int) error
	walk = func(entries []entry, depth int) error {
		if depth > maxDepth {
			return fmt.Errorf("%w: directories lead to each other", ErrArchive)
		}
		for _, e := range entries {
			if e.id < last {
				return fmt.Errorf("%w: the directory from id %d is not in order", ErrArchive, e.id)
			}
			if e.run == 0 {
				if led += uint64(e.length); led > a.h.leavesLength {
					return fmt.Errorf("%w: two entries lead to one directory", ErrArchive)
				}
				leaf, err := a.leaf(e)
				if err == nil {
					err = walk(leaf, depth+1)
				}
				if err != nil {
					return err
				}
				continue
			}
			if err := a.inData(e); err != nil {
				return err
			}
			if e.id < firstOf(int(a.h.minZoom)) || e.id+uint64(e.run) > firstOf(int(a.h.maxZoom)+1) {
				return fmt.Errorf("%w: the tile of id %d is not of its zooms", ErrArchive, e.id)
			}
			last = e.id + uint64(e.run)
			tiles, count = tiles+uint64(e.run), count+1
		}
		return nil
	}
	if err := walk(a.root, 1); err != nil {
		return err
	}
	if tiles != a.h.addressed || count != a.h.entries {
		return fmt.Errorf("%w: %d tiles in %d entries; its header says %d in %d", ErrArchive, tiles, count, a.h.addressed, a.h.entries)
	}
	_, err := a.Metadata()
	return err
}
