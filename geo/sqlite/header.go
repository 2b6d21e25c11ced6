package sqlite

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// Unfinished reports whether changes lie beside the file at path: another program is
// writing to it, or was killed while it did.
func Unfinished(path string) bool {
	for _, suffix := range []string{"-wal", "-journal"} {
		if info, err := os.Stat(path + suffix); err == nil && info.Size() > 0 {
			return true
		}
	}
	return false
}

// CheckHeader reads the first 100 bytes of the file at path (fileformat2.html §1.3): the
// magic string, the page size at 16, the change counter at 24, the number of pages at 28
// and, at 92, the change counter for which that number holds. Its errors are
// [ErrNotDatabase] and [ErrDamaged]; SQLite's own say less, or come late.
func CheckHeader(f io.Reader, size int64, path string) error {
	var h [100]byte
	n, err := io.ReadFull(f, h[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return err
	}
	magic := []byte("SQLite format 3\x00")
	if n < len(magic) || !bytes.Equal(h[:len(magic)], magic) {
		return ErrNotDatabase
	}
	if n < len(h) {
		return fmt.Errorf("%w: cut after %d bytes", ErrDamaged, n)
	}
	if Unfinished(path) {
		return nil // only SQLite knows what the file will be
	}
	page := int64(binary.BigEndian.Uint16(h[16:]))
	if page == 1 {
		page = 65536
	}
	want := page * int64(binary.BigEndian.Uint32(h[28:]))
	if current := bytes.Equal(h[24:28], h[92:96]); current && size < want {
		return fmt.Errorf("%w: cut after %d of %d bytes", ErrDamaged, size, want)
	}
	return nil
}
