package osm

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"iter"
	"runtime"

	"github.com/klauspost/compress/zlib"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/aisne-numerique/maillage/geo/source"
)

// The PBF format of OpenStreetMap: a sequence of blobs, each a protocol buffer
// with its length before it, compressed on its own
// (wiki.openstreetmap.org/wiki/PBF_Format). It is read here because paulmach/osm
// v0.8.0 panics, in a goroutine of its own where nobody can recover, on nodes that
// are not "dense", which some tools write. Nothing below panics on any bytes.
const (
	maxBlobHeader = 64 << 10 // limits of the format
	maxBlob       = 32 << 20
	maxSwelling   = 100 // what a blob says of its size is believed up to so many times the packed bytes
)

var errPBF = errors.New("bloc illisible ; le fichier est sans doute tronqué ou abîmé, téléchargez-le de nouveau")

// maxKept is how many bytes of inflated blobs are kept from one pass to the next.
const maxKept = 64 << 20

// blobCache holds the first blobs of a file, inflated, so that the second pass over
// a small extract does not inflate them again. nil: blobs that did not fit.
type blobCache struct {
	blobs [][]byte
	size  int
}

// get is the blob of a rank, if it is kept.
func (c *blobCache) get(rank int) ([]byte, bool) {
	if rank >= len(c.blobs) || c.blobs[rank] == nil {
		return nil, false
	}
	return c.blobs[rank], true
}

// put keeps the next blob that was never put, while there is room.
func (c *blobCache) put(rank int, data []byte) {
	if rank != len(c.blobs) {
		return
	}
	if c.size+len(data) > maxKept {
		data = nil
	}
	c.size += len(data)
	c.blobs = append(c.blobs, data)
}

// blob is one blob, inflated.
type blob struct {
	kind string
	data []byte
	err  error
}

// blobs gives the blobs of a file in order, some of them inflated ahead on every
// processor.
func blobs(ctx context.Context, r io.Reader, cache *blobCache) iter.Seq[blob] {
	return func(yield func(blob) bool) {
		var waiting []chan blob // one for each blob read and not given yet
		defer func() {          // what is being inflated ends before the reading does
			for _, ready := range waiting {
				<-ready
			}
		}()
		read := func(rank int) bool {
			data, kept := cache.get(rank)
			kind, body, err := nextBlob(r, kept)
			if err == io.EOF {
				return false
			}
			ready := make(chan blob, 1)
			waiting = append(waiting, ready)
			if kept || err != nil {
				ready <- blob{kind, data, err}
				return err == nil
			}
			go func() {
				data, err := inflate(ctx, body)
				ready <- blob{kind, data, err}
			}()
			return true
		}
		for more, rank := true, 0; ; rank++ {
			for more && len(waiting) <= runtime.GOMAXPROCS(0) {
				more = read(rank + len(waiting))
			}
			if len(waiting) == 0 {
				return
			}
			b := <-waiting[0]
			waiting = waiting[1:]
			if b.err == nil {
				cache.put(rank, b.data)
			}
			if !yield(b) || b.err != nil {
				return
			}
		}
	}
}

// nextBlob reads one blob, as it is packed, or passes over it.
func nextBlob(r io.Reader, over bool) (kind string, body []byte, err error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err == io.EOF {
		return "", nil, io.EOF
	} else if err != nil {
		return "", nil, errPBF
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxBlobHeader {
		return "", nil, errPBF
	}
	header := make([]byte, n)
	if _, err := io.ReadFull(r, header); err != nil {
		return "", nil, errPBF
	}
	length := uint64(0)
	err = eachField(header, func(f field) error {
		switch f.num {
		case 1:
			kind = string(f.bytes)
		case 3:
			length = f.varint
		}
		return nil
	})
	if err != nil || length > maxBlob {
		return "", nil, errPBF
	}
	if over {
		if _, err := io.CopyN(io.Discard, r, int64(length)); err != nil {
			return "", nil, errPBF
		}
		return kind, nil, nil
	}
	body = make([]byte, length)
	if _, err := io.ReadFull(r, body); err != nil {
		return "", nil, errPBF
	}
	return kind, body, nil
}

func inflate(ctx context.Context, body []byte) ([]byte, error) {
	var raw, packed []byte
	size := uint64(0) // as the blob says
	other := protowire.Number(0)
	err := eachField(body, func(f field) error {
		switch f.num {
		case 1:
			raw = f.bytes
		case 2:
			size = f.varint
		case 3:
			packed = f.bytes
		default:
			other = f.num
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, errPBF
	case raw != nil:
		return raw, nil
	case packed == nil && other != 0:
		return nil, errors.New("compression inhabituelle ; attendu un fichier PBF compressé en zlib, le cas ordinaire")
	}
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, errPBF
	}
	var data bytes.Buffer
	if size <= maxBlob && size <= maxSwelling*uint64(len(packed)) {
		data.Grow(int(size) + bytes.MinRead)
	}
	if _, err := data.ReadFrom(source.Interruptible(ctx, io.LimitReader(z, maxBlob+1))); err != nil || data.Len() > maxBlob {
		return nil, errPBF
	}
	return data.Bytes(), nil
}
