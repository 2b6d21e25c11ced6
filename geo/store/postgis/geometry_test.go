package postgis

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
)

// TestCodecAgainstOrb: what is sent is, byte for byte, what the encoder of orb writes, and
// what comes back is what went in.
func TestCodecAgainstOrb(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	at := func() orb.Point { return orb.Point{r.NormFloat64(), math.Float64frombits(r.Uint64() &^ (1 << 62))} } // any finite number
	line := func(least int) (l []orb.Point) {
		for range least + r.IntN(5) {
			l = append(l, at())
		}
		return l
	}
	polygon := func() orb.Polygon {
		p := orb.Polygon{}
		for range 1 + r.IntN(3) {
			p = append(p, line(1))
		}
		return p
	}
	shapes := []orb.Geometry{orb.Point{0, math.Copysign(0, -1)}, orb.LineString{}, orb.Polygon{}, orb.MultiPolygon{}}
	for range 200 {
		multi := orb.MultiPolygon{}
		for range r.IntN(4) {
			multi = append(multi, polygon())
		}
		shapes = append(shapes, at(), orb.LineString(line(1)), polygon(), multi)
	}
	m := pgtype.NewMap()
	const oid = 99_999
	m.RegisterType(&pgtype.Type{Name: "geometry", OID: oid, Codec: codec{}})
	for _, want := range shapes {
		sent, err := m.Encode(oid, pgtype.BinaryFormatCode, want, []byte("before"))
		if err != nil {
			t.Fatalf("Encode(%v): %v", want, err)
		}
		sent = sent[len("before"):]
		if twin := ewkb.MustMarshal(want, srsID, binary.LittleEndian); !bytes.Equal(sent, twin) {
			t.Fatalf("Encode(%v) =\n% x; orb writes\n% x", want, sent, twin)
		}
		var got orb.Geometry
		if err := m.Scan(oid, pgtype.BinaryFormatCode, sent, &got); err != nil {
			t.Fatalf("Scan of %v: %v", want, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%v came back otherwise (-want +got):\n%s", want, diff)
		}
	}
	got := orb.Geometry(orb.Point{1, 2})
	if err := m.Scan(oid, pgtype.BinaryFormatCode, nil, &got); err != nil || got != nil {
		t.Errorf("NULL: %v, %v; want nil", got, err)
	}
}

// TestCodecRefuses: what no column of ours holds is an error, not a panic.
func TestCodecRefuses(t *testing.T) {
	little := func(kind uint32, rest ...byte) []byte {
		return append(binary.LittleEndian.AppendUint32([]byte{1}, kind), rest...)
	}
	nan := binary.LittleEndian.AppendUint64(nil, 0x7ff8000000000000)
	for name, c := range map[string]struct {
		src  []byte
		want string
	}{
		"nothing":                  {[]byte{}, "geometry: "},
		"cut short":                {little(1, 0, 0, 0), "geometry: "},
		"a point without position": {little(1, append(nan, nan...)...), "a point without position"},
		"three numbers":            {little(1|1<<31, make([]byte, 24)...), "expected two numbers"},
		"several points":           {little(4, 0, 0, 0, 0), "expected a point, line, polygon or multipolygon"},
		"too long":                 {make([]byte, maxGeometry+1), "expected at most"},
	} {
		var got orb.Geometry
		if err := (codec{}).Scan(c.src, &got); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v; want %q", name, got, err, c.want)
		}
	}
	if sent, err := (codec{}).Encode(orb.MultiPoint{{1, 2}}, nil); err == nil {
		t.Errorf("Encode of points = % x; want an error", sent)
	}
}

// BenchmarkCodec encodes and reads the outline of a cell, and of a commune.
func BenchmarkCodec(b *testing.B) {
	ring := func(n int) orb.Ring {
		r := make(orb.Ring, n)
		for i := range r {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n-1))
			r[i] = orb.Point{cos, sin}
		}
		return r
	}
	for name, g := range map[string]orb.Geometry{"cell": orb.Polygon{ring(7)}, "commune": orb.MultiPolygon{{ring(200)}}} {
		b.Run("encode/"+name, func(b *testing.B) {
			b.ReportAllocs()
			buf := make([]byte, 0, 1<<16)
			for b.Loop() {
				if _, err := (codec{}).Encode(g, buf); err != nil {
					b.Fatal(err)
				}
			}
		})
		sent := ewkb.MustMarshal(g, srsID)
		b.Run("scan/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var to orb.Geometry
				if err := (codec{}).Scan(sent, &to); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
