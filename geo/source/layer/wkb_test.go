package layer

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// wkbOf is a surface in WKB, with dims numbers per position, marked as ISO does.
func wkbOf(order binary.AppendByteOrder, dims int, mp orb.MultiPolygon) []byte {
	mark := byte(1)
	if order.String() == "BigEndian" {
		mark = 0
	}
	kind := uint32(map[int]int{2: 0, 3: 1000, 4: 3000}[dims])
	b := order.AppendUint32(order.AppendUint32([]byte{mark}, wkbMultiPolygon+kind), uint32(len(mp)))
	for _, p := range mp {
		b = order.AppendUint32(order.AppendUint32(append(b, mark), wkbPolygon+kind), uint32(len(p)))
		for _, r := range p {
			b = order.AppendUint32(b, uint32(len(r)))
			for _, q := range r {
				for i := range dims {
					v := 0.0
					if i < 2 {
						v = q[i]
					}
					b = order.AppendUint64(b, math.Float64bits(v))
				}
			}
		}
	}
	return b
}

func TestDecodeSurface(t *testing.T) {
	want := orb.MultiPolygon{{sourcetest.Box(0, 0, 100), sourcetest.Reversed(sourcetest.Box(20, 20, 60))}, {sourcetest.Box(200, 0, 9)}}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for dims := 2; dims <= 4; dims++ {
			got, reason := DecodeSurface(wkbOf(order, dims, want))
			if diff := cmp.Diff(want, got); diff != "" || reason != "" {
				t.Errorf("%s, %d numbers per position: %s (-want +got):\n%s", order, dims, reason, diff)
			}
		}
	}
	good := wkbOf(binary.LittleEndian, 2, want)
	for _, tt := range []struct{ special, data, want string }{
		{"nothing", "", "géométrie tronquée ; attendu du WKB entier"},
		{"cut short", string(good[:len(good)-1]), "géométrie tronquée ; attendu du WKB entier"},
		{"bytes after the end", string(good) + "x", "géométrie suivie d'octets en trop ; attendu du WKB"},
		{"a point", "\x01\x01\x00\x00\x00" + strings.Repeat("\x00", 16), "type de géométrie non admis ; attendu Polygon ou MultiPolygon"},
		{"a count of four thousand millions", "\x01\x03\x00\x00\x00\xff\xff\xff\xff", "géométrie tronquée ; attendu du WKB entier"},
		{"no byte order", "GP\x00\x01", "géométrie non comprise ; attendu du WKB"},
		{"a MultiPolygon in a MultiPolygon", "\x01\x06\x00\x00\x00\x01\x00\x00\x00\x01\x06\x00\x00\x00\x00\x00\x00\x00", "type de géométrie non admis ; attendu Polygon ou MultiPolygon"},
	} {
		if _, reason := DecodeSurface([]byte(tt.data)); reason != tt.want {
			t.Errorf("%s: %q, want %q", tt.special, reason, tt.want)
		}
	}
}

func FuzzWKB(f *testing.F) {
	f.Add(wkbOf(binary.LittleEndian, 2, orb.MultiPolygon{{sourcetest.Box(0, 0, 100)}}))
	f.Add(wkbOf(binary.BigEndian, 4, orb.MultiPolygon{{sourcetest.Box(0, 0, 100), sourcetest.Box(2, 2, 1)}, {}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		mp, reason := DecodeSurface(data)
		if reason != "" {
			if mp != nil {
				t.Fatalf("%q and a geometry", reason)
			}
			return
		}
		n := 0
		for _, p := range mp {
			for _, r := range p {
				n += len(r)
			}
		}
		if 16*n > len(data) {
			t.Fatalf("%d positions of %d bytes", n, len(data))
		}
		outline, _, reason := soundOutline(t.Context(), mp, geo.Lambert93)
		if reason == "" && len(outline) == 0 {
			t.Fatal("a sound outline of nothing")
		}
	})
}
