package gpkg

import (
	"encoding/json"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/aisne-numerique/maillage/geo/lieu"
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
		{"nothing after the header", point(1), "geometry: "},
		{"WKB cut short", point(1, wkb.MustMarshal(orb.Point{3, 49})[:20]...), "geometry: "},
		{"another geometry than the column's", point(1, wkb.MustMarshal(orb.LineString{{3, 49}, {4, 50}})...), "a LineString; expected a Point"},
	} {
		if got, err := decodeAs[orb.Point](c.blob); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v; want an error with %q", c.name, got, err, c.want)
		}
	}
	if got, err := decodeAs[orb.Point](nil); got != (orb.Point{}) || err != nil {
		t.Errorf("NULL: %v, %v; want the zero point", got, err)
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
	empty, err := wrapWKB(wkb.MustMarshal(orb.MultiPolygon{}), "MULTIPOLYGON")
	if err != nil || empty.blob[3] != flagLittle|flagEmpty || !empty.box.Empty() {
		t.Errorf("an empty multipolygon: flags %#b, %v; want the flag of an empty geometry and no envelope", empty.blob[3], err)
	}
}

func TestNodes(t *testing.T) {
	for _, ids := range [][]int64{
		nil, {0}, {-1}, {math.MinInt64, math.MaxInt64, 0, math.MinInt64}, {12345678901, 12345678902, 12345678900},
	} {
		b := encodeNodes(ids)
		if got, err := decodeNodes(b, len(ids)); !slices.Equal(got, ids) || err != nil {
			t.Errorf("node ids %v came back as %v, %v", ids, got, err)
		}
		if got, err := decodeNodes(b, len(ids)+1); err == nil {
			t.Errorf("node ids %v for one point more: %v; want an error", ids, got)
		}
		if len(ids) > 0 {
			if got, err := decodeNodes(b, len(ids)-1); err == nil {
				t.Errorf("node ids %v for one point less: %v; want an error", ids, got)
			}
		}
	}
}

func TestSlotsAndServicesRefuse(t *testing.T) {
	var h lieu.Horaires
	if err := decodeSlots(make([]byte, slotsBytes-1), &h); err == nil {
		t.Error("slots of too few bytes: accepted")
	}
	if set, err := decodeServices("aide-demarches|bricolage"); err == nil {
		t.Errorf("a service that does not exist: %v; want an error", set)
	}
}

func TestDecodeTagsEqualsTheLibrary(t *testing.T) {
	texts := []string{`{}`, `{"a":"b"}`, `{"a":"b","c":"d"}`, `{"a":""}`, `{"":"b"}`, `{"a":"b","a":"c"}`, `{"é":"ç𝄞"}`,
		`{"a":"x\"y"}`, `{"a":"\u00e9"}`, `{ "a":"b"}`, `{"a": "b"}`, `{"a":"b",}`, `{"a":"b"`, `{"a":1}`, `{"a":null}`, `{,}`, `{"a"}`, `{"a":"b"}}`,
		`{"a":"b":"c"}`, `{"a","b"}`, `null`, `[]`, ``, `{`, `}`, "{\"a\":\"\x01\"}", "{\"a\":\"\xff\"}", `{"a":"b"}x`, `{"a":"b"},`, `{"a":"b","c"}`, `{"`, `{"a":`, `{"a":"b",}}`}
	const seed = 4
	random := rand.New(rand.NewPCG(seed, 0))
	for range 3000 { // random cuts and changes of what is well formed
		b := []byte(texts[random.IntN(7)])
		for range 1 + random.IntN(2) {
			if len(b) > 0 {
				b[random.IntN(len(b))] = `{}":,\ab`[random.IntN(8)]
			}
		}
		texts = append(texts, string(b[:random.IntN(len(b)+1)]))
	}
	for _, text := range texts {
		var want map[string]string
		wantErr := json.Unmarshal([]byte(text), &want)
		got, err := decodeTags([]byte(text))
		if (err == nil) != (wantErr == nil) || err == nil && !maps.Equal(got, want) {
			t.Fatalf("seed %d: decodeTags(%q) = %v, %v; the library gives %v, %v", seed, text, got, err, want, wantErr)
		}
	}
}
