package table

import (
	"encoding/json"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Values that only a hand, another program or damage can have put in the file.

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
	if err := decodeSlots(make([]byte, slotsBytes-1), nil, &h); err == nil {
		t.Error("slots of too few bytes: accepted")
	}
	if err := decodeSlots(make([]byte, slotsBytes), make([]byte, slotsBytes+1), &h); err == nil {
		t.Error("slots by appointment of too many bytes: accepted")
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

func TestAGeometryOfAnotherKindIsRefused(t *testing.T) {
	if got, err := as[orb.Point](orb.LineString{{3, 49}, {4, 50}}); err == nil || !strings.Contains(err.Error(), "a LineString; expected a Point") {
		t.Errorf("a line for a point: %v, %v; want an error that names both", got, err)
	}
	if got, err := as[orb.Point](nil); got != (orb.Point{}) || err != nil {
		t.Errorf("NULL: %v, %v; want the zero point", got, err)
	}
}

// TestWayOfOneNode: its line has two points, the way read back one.
func TestWayOfOneNode(t *testing.T) {
	at := geo.LonLat{Lon: 3, Lat: 49}
	for _, w := range []road.Way{{ID: 1}, {ID: 1, Nodes: []int64{7}, At: []geo.LonLat{at}}, {ID: 1, Nodes: []int64{7, 8}, At: []geo.LonLat{at, at}}} {
		for e, err := range Encode(roads, "essai", func(yield func(any, error) bool) { yield(w, nil) },
			func(g orb.Geometry) (orb.Geometry, error) { return g, nil }) {
			if err != nil {
				t.Fatal(err)
			}
			record := e.Records[0]
			row, err := roads.scan(values{record.Values[2], record.Values[4], record.Values[5], nil, nil, record.Geom},
				func(to *orb.Geometry) any { return to })
			got, _ := row.(road.Way)
			if err != nil || !slices.Equal(got.Nodes, w.Nodes) || !slices.Equal(got.At, w.At) {
				t.Errorf("%v came back as %v, %v", w, got, err)
			}
		}
	}
}

// values are a row of an answer, for blobs and integers.
type values []any

func (v values) Scan(to ...any) error {
	for i := range to {
		switch to := to[i].(type) {
		case *int64:
			*to = v[i].(int64)
		case *orb.Geometry:
			*to, _ = v[i].(orb.Geometry)
		case *blob:
			if err := to.Scan(v[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// TestInputsAreTheKinds: what a store keeps is what the contract names.
func TestInputsAreTheKinds(t *testing.T) {
	for i, about := range store.Kinds() {
		if in, err := Of(about.Kind); err != nil || in.Kind != about.Kind {
			t.Errorf("Of(%q) = %q, %v", about.Kind, in.Kind, err)
		}
		if about.Nom == "" || slices.ContainsFunc(store.Kinds()[:i], func(a store.About) bool { return a.Kind == about.Kind }) {
			t.Errorf("kind %q: no French name, or listed twice", about.Kind)
		}
	}
	if len(inputs) != len(store.Kinds()) {
		t.Errorf("%d kinds have tables, the contract has %d", len(inputs), len(store.Kinds()))
	}
	if _, err := Of("maps"); err == nil {
		t.Error("a kind that there is not has a table")
	}
}

// TestRowOfAnotherKind is refused, with its number.
func TestRowOfAnotherKind(t *testing.T) {
	for _, err := range Encode(roads, "essai", func(yield func(any, error) bool) { yield(store.Square{}, nil) },
		func(g orb.Geometry) (orb.Geometry, error) { return g, nil }) {
		if err == nil || !strings.Contains(err.Error(), "row 1") || !strings.Contains(err.Error(), "a store.Square; expected a road.Way") {
			t.Errorf("a square among roads: %v", err)
		}
	}
}
