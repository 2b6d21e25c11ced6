package table

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/aisne-numerique/maillage/geo/store"
)

// Piece is a row of an edition's bytes: the size and the SHA-256 (hexadecimal) of the
// whole, and the bytes that come next, which are valid until the next piece.
type Piece struct {
	Size  int64
	Sum   string
	Bytes []byte
}

// EditionReader reads the bytes of an edition as pieces come. Make one with
// [NewEditionReader], and ask [EditionReader.Finish] at the end whether they are right.
type EditionReader struct {
	next    func() (Piece, error)
	damaged error
	hash    hash.Hash
	last    Piece
	rest    []byte
	found   bool
	read    int64
	err     error
}

// NewEditionReader reads the pieces that next gives, until io.EOF. damaged is what the
// error wraps when their bytes are not those that were stored.
func NewEditionReader(next func() (Piece, error), damaged error) *EditionReader {
	return &EditionReader{next: next, damaged: damaged, hash: sha256.New()}
}

// Read is that of io.Reader.
func (r *EditionReader) Read(p []byte) (int, error) {
	if err := r.fill(); err != nil {
		return 0, err
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// fill sees to it that something is left to read.
func (r *EditionReader) fill() error {
	for len(r.rest) == 0 && r.err == nil {
		var piece Piece
		if piece, r.err = r.next(); r.err == nil {
			r.found, r.last, r.rest = true, piece, piece.Bytes
			r.read += int64(len(piece.Bytes))
			r.hash.Write(piece.Bytes)
		}
	}
	return r.err
}

// Finish reads what is left, and reports what was wrong: an error of next,
// [store.ErrNotFound] when there was nothing, or bytes that are not those stored.
func (r *EditionReader) Finish() error {
	for r.fill() == nil {
		r.rest = nil
	}
	switch {
	case !errors.Is(r.err, io.EOF):
		return r.err
	case !r.found:
		return store.ErrNotFound
	case r.read != r.last.Size || hex.EncodeToString(r.hash.Sum(nil)) != r.last.Sum:
		return fmt.Errorf("%w: the bytes are not those that were stored", r.damaged)
	}
	return nil
}

// Whole reads everything, and finishes.
func (r *EditionReader) Whole() ([]byte, error) {
	var data []byte
	for r.fill() == nil {
		if data == nil {
			data = make([]byte, 0, r.last.Size)
		}
		data, r.rest = append(data, r.rest...), nil
	}
	return data, r.Finish()
}
