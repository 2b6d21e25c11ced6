package layer

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/paulmach/orb"
)

// FuzzGeoPackageGeometry reads blobs of any bytes: what comes out is part of what
// went in.
func FuzzGeoPackageGeometry(f *testing.F) {
	sound := append([]byte{'G', 'P', 0, 1 | 1<<1, 0xe6, 0x10, 0, 0}, make([]byte, 32)...)
	f.Add(append(sound, wkbOf(binary.LittleEndian, 2, orb.MultiPolygon{{{{3, 49}, {4, 49}, {4, 50}, {3, 49}}}})...))
	f.Add([]byte("GP\x00\x01\x00\x00\x00\x00"))
	f.Add([]byte("GP\x00\x09"))
	f.Add([]byte("GP\x01\xff\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, blob []byte) {
		if body := stripHeader(blob); !bytes.HasSuffix(blob, body) {
			t.Fatalf("stripHeader(%x) = %x", blob, body)
		}
	})
}
