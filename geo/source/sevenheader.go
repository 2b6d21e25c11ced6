package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"

	"github.com/ulikunitz/xz/lzma"
)

// Bounds of what a 7z may claim: the library allots what a header claims before it reads on,
// and decoders allot their dictionary.
const (
	maxDictionary = 256 << 20 // bytes: what 7-Zip takes at its best compression
	maxCoders     = 8         // in a row
)

// sevenFolder is a run of files of a 7z that are inflated together.
type sevenFolder struct {
	packed, size uint64
	locked       bool
	outputs      int    // of its coders
	streams      int    // packed ones
	lzma         []byte // properties, when one LZMA coder is all there is
	method       string // of the first coder
}

// Ids of the parts of a 7z header (7zFormat.txt of the LZMA SDK).
const (
	sevenEnd = iota
	sevenHeader
	_
	_
	sevenMainStreams
	sevenFiles
	sevenPackInfo
	sevenUnpackInfo
	sevenSubStreams
	sevenSize
	sevenCRC
	sevenFolderInfo
	sevenUnpackSize
	sevenUnpackStreams
	sevenEncodedHeader = 23
)

// sevenFolders walks through the header of a 7z, as the library will read it, and gives its
// folders. It says why an archive is not read: it is broken, needs a password to be listed,
// or claims what nothing honest does.
func sevenFolders(at io.ReaderAt, size int64) (folders []sevenFolder, reason string) {
	const signature = 32 // bytes: six of a mark, version, and where the header is
	var start [signature]byte
	if _, err := io.ReadFull(io.NewSectionReader(at, 0, size), start[:]); err != nil {
		return nil, brokenSeven
	}
	offset, length := binary.LittleEndian.Uint64(start[12:]), binary.LittleEndian.Uint64(start[20:])
	room := uint64(size - signature)
	switch {
	case offset > room || length > room-offset || length == 0:
		return nil, brokenSeven
	case length > maxDirectory:
		return nil, fmt.Sprintf("archive 7z de trop de fichiers ; attendu au plus %d", maxFiles)
	}
	header := make([]byte, length)
	if _, err := at.ReadAt(header, signature+int64(offset)); err != nil && err != io.EOF {
		return nil, brokenSeven
	}
	w := &sevenWalk{b: header}
	if w.byte() == sevenEncodedHeader {
		packed := w.streams(w.byte())
		if w.reason != "" || len(w.folders) != 1 {
			return nil, w.fault()
		}
		if header, reason = inflatedHeader(at, w.folders[0], signature+int64(packed), size); reason != "" {
			return nil, reason
		}
		w = &sevenWalk{b: header}
		w.byte()
	}
	if header[0] != sevenHeader {
		return nil, brokenSeven
	}
	id := w.byte()
	if id == sevenMainStreams {
		w.streams(w.byte())
		id = w.byte()
	}
	if id == sevenFiles {
		if n := w.number(); n > maxFiles {
			w.stop(fmt.Sprintf("archive 7z de %d fichiers ; attendu au plus %d", n, maxFiles))
		}
	}
	if w.reason != "" {
		return nil, w.reason
	}
	return w.folders, ""
}

// inflatedHeader is a header that is itself packed.
func inflatedHeader(at io.ReaderAt, f sevenFolder, from, size int64) (header []byte, reason string) {
	switch {
	case f.locked:
		return nil, lockedSeven
	case f.size > maxDirectory || f.size == 0:
		return nil, fmt.Sprintf("archive 7z de trop de fichiers ; attendu au plus %d", maxFiles)
	case from < 0 || from > size || f.packed > uint64(size-from):
		return nil, brokenSeven
	}
	packed := io.Reader(io.NewSectionReader(at, from, int64(f.packed)))
	if f.lzma != nil {
		// What the decoder expects before the stream: how it was made, and its size.
		before := binary.LittleEndian.AppendUint64(bytes.Clone(f.lzma), f.size)
		r, err := lzma.NewReader(io.MultiReader(bytes.NewReader(before), packed))
		if err != nil {
			return nil, brokenSeven
		}
		packed = r
	} else if f.method != "\x00" {
		return nil, "archive 7z dont la liste de fichiers est compressée autrement que par LZMA ; attendu une archive faite par 7-Zip"
	}
	header = make([]byte, f.size)
	if _, err := io.ReadFull(packed, header); err != nil {
		return nil, brokenSeven
	}
	return header, ""
}

// sevenWalk reads a header. Once something is wrong it gives zeros.
type sevenWalk struct {
	b       []byte
	reason  string
	folders []sevenFolder
}

func (w *sevenWalk) stop(reason string) {
	if w.reason == "" {
		w.reason, w.b = reason, nil
	}
}

// fault is why the walk ended.
func (w *sevenWalk) fault() string {
	w.stop(brokenSeven)
	return w.reason
}

func (w *sevenWalk) bytes(n uint64) []byte {
	if n > uint64(len(w.b)) {
		w.stop(brokenSeven)
		return nil
	}
	b := w.b[:n]
	w.b = w.b[n:]
	return b
}

func (w *sevenWalk) byte() byte {
	if b := w.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

// number reads an integer: the ones that start its first byte tell how many follow.
func (w *sevenWalk) number() uint64 {
	first := w.byte()
	n := bits.LeadingZeros8(^first)
	var v uint64
	for i, b := range w.bytes(uint64(n)) {
		v |= uint64(b) << (8 * i)
	}
	if n < 7 {
		v |= uint64(first&(1<<(8-n)-1)) << (8 * n)
	}
	return v
}

// count is a number of things that are listed.
func (w *sevenWalk) count(most uint64) int {
	n := w.number()
	if n > most {
		w.stop(fmt.Sprintf("archive 7z qui annonce %d éléments ; attendu au plus %d", n, most))
		return 0
	}
	return int(n)
}

// digests reads checksums, which some of n have.
func (w *sevenWalk) digests(n int) {
	given := n
	if all := w.byte() != 0; !all {
		given = 0
		for _, mask := range w.bytes(uint64(n+7) / 8) {
			given += bits.OnesCount8(mask)
		}
	}
	w.bytes(4 * uint64(given))
}

func (w *sevenWalk) expect(got, want byte) {
	if got != want {
		w.stop(brokenSeven)
	}
}

// streams reads what is packed, how, and into how many files; position is where it starts.
func (w *sevenWalk) streams(id byte) (position uint64) {
	var sizes []uint64
	if id == sevenPackInfo {
		position = w.number()
		sizes = make([]uint64, w.count(maxFiles))
		id = w.byte()
		if id == sevenSize {
			for i := range sizes {
				sizes[i] = w.number()
			}
			id = w.byte()
		}
		if id == sevenCRC {
			w.digests(len(sizes))
			id = w.byte()
		}
		w.expect(id, sevenEnd)
		id = w.byte()
	}
	if id == sevenUnpackInfo {
		w.unpackInfo(sizes)
		id = w.byte()
	}
	if id == sevenSubStreams {
		w.subStreams()
		id = w.byte()
	}
	w.expect(id, sevenEnd)
	return position
}

func (w *sevenWalk) unpackInfo(sizes []uint64) {
	w.expect(w.byte(), sevenFolderInfo)
	n := w.count(maxFiles)
	w.expect(w.byte(), 0) // what is told elsewhere
	for range n {
		if w.reason != "" {
			return
		}
		w.folders = append(w.folders, w.folder())
	}
	w.expect(w.byte(), sevenUnpackSize)
	for i := range w.folders {
		f := &w.folders[i]
		for range f.outputs {
			// Each coder in a row makes no less than a fraction of what comes out: the largest is bounded.
			f.size = max(f.size, w.number())
		}
		for range f.streams {
			if len(sizes) == 0 {
				w.stop(brokenSeven)
				return
			}
			f.packed, sizes = f.packed+sizes[0], sizes[1:]
		}
		if f.size > freeFile && f.size/maxRatio > f.packed {
			w.stop(fmt.Sprintf("archive 7z dont le contenu, décompressé, serait %d fois plus gros ; attendu au plus %d fois", f.size/max(f.packed, 1), maxRatio))
		}
	}
	id := w.byte()
	if id == sevenCRC {
		w.digests(len(w.folders))
		id = w.byte()
	}
	w.expect(id, sevenEnd)
}

func (w *sevenWalk) subStreams() {
	each := make([]int, len(w.folders))
	id, files := w.byte(), 0
	for i := range each {
		each[i] = 1
		if id == sevenUnpackStreams {
			each[i] = w.count(maxFiles)
		}
		files += each[i]
	}
	if files > maxFiles {
		w.stop(fmt.Sprintf("archive 7z de %d fichiers ; attendu au plus %d", files, maxFiles))
		return
	}
	if id == sevenUnpackStreams {
		id = w.byte()
	}
	if id == sevenSize {
		for _, n := range each {
			for range n - 1 {
				w.number()
			}
		}
		id = w.byte()
	}
	if id == sevenCRC {
		w.digests(files)
		id = w.byte()
	}
	w.expect(id, sevenEnd)
}
