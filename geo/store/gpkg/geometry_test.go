package gpkg

import (
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

// Values that only a hand, another program or damage can have put in the file.

func TestDecodeGeometryRefuses(t *testing.T) {
	point := func(flags byte, rest ...byte) []byte {
		return append([]byte{'G', 'P', 0, flags, 0xe6, 0x10, 0, 0}, rest...)
	}
	for _, c := range []struct {
		name string
		blob []byte
		want string
	}{
		{"an empty blob", []byte{}, "no GeoPackage header"},
		{"bare WKB", wkb.MustMarshal(orb.Point{3, 49}), "no GeoPackage header"},
		{"an envelope that the standard does not have", point(5<<1, make([]byte, 100)...), "bad GeoPackage header"},
		{"an envelope cut short", point(1<<1, make([]byte, 31)...), "bad GeoPackage header"},
		{"nothing after the header", point(1), ""},
		{"WKB cut short", point(1, wkb.MustMarshal(orb.Point{3, 49})[:20]...), ""},
	} {
		if got, err := decodeGeometry(c.blob); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v; want an error with %q", c.name, got, err, c.want)
		}
	}
}

// TestBlob spells out one geometry byte by byte, as §2.1.3 of the standard has it.
func TestBlob(t *testing.T) {
	line := orb.LineString{{1, -2}, {-3, 4}}
	got, err := encodeGeometry(line)
	if err != nil {
		t.Fatal(err)
	}
	want := []byte{
		'G', 'P', 0, 0b0000_0011, 0xe6, 0x10, 0, 0, // little-endian, envelope x y, srs 4326
		0, 0, 0, 0, 0, 0, 0x08, 0xc0, // min x -3
		0, 0, 0, 0, 0, 0, 0xf0, 0x3f, // max x 1
		0, 0, 0, 0, 0, 0, 0x00, 0xc0, // min y -2
		0, 0, 0, 0, 0, 0, 0x10, 0x40, // max y 4
		1, 2, 0, 0, 0, 2, 0, 0, 0, // little-endian, a line string of 2 points
		0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0x00, 0xc0,
		0, 0, 0, 0, 0, 0, 0x08, 0xc0, 0, 0, 0, 0, 0, 0, 0x10, 0x40,
	}
	if !slices.Equal(got.blob, want) {
		t.Errorf("encodeGeometry(%v) =\n% x; want\n% x", line, got.blob, want)
	}
	empty, err := encodeGeometry(orb.MultiPolygon{})
	if err != nil || empty.blob[3] != flagLittle|flagEmpty || !empty.box.Empty() {
		t.Errorf("an empty multipolygon: flags %#b, %v; want the flag of an empty geometry and no envelope", empty.blob[3], err)
	}
}
