package table

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/aisne-numerique/maillage/geo/store"
)

// Rows are the rows of an answer, one after the other.
type Rows interface {
	Row
	Next() bool
	Err() error
}

// EditionReader reads the bytes of an edition as the rows that hold them come. Make one
// with [NewEditionReader], and ask [EditionReader.Finish] at the end whether they are
// right.
type EditionReader struct {
	rows    Rows
	damaged error
	hash    hash.Hash
	size    int64  // of the whole, as stored
	sum     string // its SHA-256, in hexadecimal
	rest    blob   // of the row
	found   bool
	read    int64
	err     error
}

// NewEditionReader reads rows of the size and SHA-256 of the whole, and of the bytes that
// come next. damaged is what the error wraps when these are not those that were stored.
func NewEditionReader(rows Rows, damaged error) *EditionReader {
	return &EditionReader{rows: rows, damaged: damaged, hash: sha256.New()}
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
		if !r.rows.Next() {
			r.err = cmp.Or(r.rows.Err(), io.EOF)
		} else if r.err = r.rows.Scan(&r.size, &r.sum, &r.rest); r.err == nil {
			r.found = true
			r.read += int64(len(r.rest))
			r.hash.Write(r.rest)
		}
	}
	return r.err
}

// Finish reads what is left, and reports what was wrong: an error of the rows,
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
	case r.read != r.size || hex.EncodeToString(r.hash.Sum(nil)) != r.sum:
		return fmt.Errorf("%w: the bytes are not those that were stored", r.damaged)
	}
	return nil
}

// Whole reads everything, and finishes.
func (r *EditionReader) Whole() ([]byte, error) {
	var data []byte
	for r.fill() == nil {
		if data == nil {
			data = make([]byte, 0, r.size)
		}
		data, r.rest = append(data, r.rest...), nil
	}
	return data, r.Finish()
}

// Editions opens the rows of an edition for a reader of them, and says what was wrong.
type Editions func(ctx context.Context, id string, read func(*EditionReader) error) error

// Edition is that of [store.Editions].
func (open Editions) Edition(ctx context.Context, id string) (data []byte, err error) {
	err = open(ctx, id, func(r *EditionReader) error {
		data, err = r.Whole()
		return err
	})
	return data, err
}

// ReadEdition is that of [store.Editions].
func (open Editions) ReadEdition(ctx context.Context, id string, read func(io.Reader) error) error {
	return open(ctx, id, func(r *EditionReader) error {
		err := read(r)
		return cmp.Or(r.Finish(), err)
	})
}
