package osm

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zlib"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

const osmHead, osmTail = `<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">`, `</osm>`

// nodeXML is node n at longitude 3 + n/100, latitude 49.
func nodeXML(n int64) string {
	return fmt.Sprintf(`<node id="%d" lat="49" lon="%g"/>`, n, nodeLon(n))
}

func nodeLon(n int64) float64 { return float64(300+n%100) / 100 }

// wayXML is a way with tags "k=v k=v".
func wayXML(id int64, tags string, nodes ...int64) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<way id="%d">`, id)
	for _, n := range nodes {
		fmt.Fprintf(&b, `<nd ref="%d"/>`, n)
	}
	for _, tag := range strings.Fields(tags) {
		k, v, _ := strings.Cut(tag, "=")
		fmt.Fprintf(&b, `<tag k="%s" v="%s"/>`, k, v)
	}
	return b.String() + `</way>`
}

// turnXML is a relation with members "type ref role …" and tags "k=v k=v".
func turnXML(id int64, members, tags string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<relation id="%d">`, id)
	for m := range slices.Chunk(strings.Fields(members), 3) {
		fmt.Fprintf(&b, `<member type="%s" ref="%s" role="%s"/>`, m[0], m[1], m[2])
	}
	for _, tag := range strings.Fields(tags) {
		k, v, _ := strings.Cut(tag, "=")
		fmt.Fprintf(&b, `<tag k="%s" v="%s"/>`, k, v)
	}
	return b.String() + `</relation>`
}

// way is the same way as it should be read.
func way(id int64, tags map[string]string, nodes ...int64) road.Way {
	w := road.Way{ID: id, Tags: tags}
	for _, n := range nodes {
		w.Nodes = append(w.Nodes, n)
		w.At = append(w.At, geo.LonLat{Lon: nodeLon(n), Lat: 49})
	}
	return w
}

func nodesXML(ids ...int64) string {
	var b strings.Builder
	for _, id := range ids {
		b.WriteString(nodeXML(id))
	}
	return b.String()
}

const big = 1 << 40 // an id over 32 bits

func TestRoads(t *testing.T) {
	residential := map[string]string{"highway": "residential"}
	noEntry := map[string]string{"restriction": "no_entry", "except": "psv", "day_on": "Monday"}
	for _, tt := range []struct {
		special  string
		files    []string // between osmHead and osmTail
		want     []road.Way
		merged   int
		warnings []string
	}{
		{"roads and ferries, not rivers; tags that do not matter are dropped; ids of 64 bits",
			[]string{nodesXML(1, 2, big+3) + wayXML(big, "highway=primary name=Grande-Rue source=cadastre note=x maxspeed=50", 1, 2, big+3) + wayXML(6, "waterway=river", 1, 2) + wayXML(7, "route=ferry duration=00:20", 2, 1) + wayXML(8, "route=bus", 1, 2)},
			[]road.Way{way(big, map[string]string{"highway": "primary", "name": "Grande-Rue", "maxspeed": "50"}, 1, 2, big+3), way(7, map[string]string{"route": "ferry", "duration": "00:20"}, 2, 1)}, 0, nil},
		{"ways before nodes",
			[]string{wayXML(5, "highway=residential", 1, 2) + nodesXML(1, 2)},
			[]road.Way{way(5, residential, 1, 2)}, 0, nil},
		{"a way in two files is one; nodes come from both",
			[]string{nodesXML(1, 2) + wayXML(5, "highway=residential", 1, 2, 3), nodesXML(2, 3, 4) + wayXML(5, "highway=residential", 1, 2, 3) + wayXML(6, "highway=residential", 3, 4)},
			[]road.Way{way(5, residential, 1, 2, 3), way(6, residential, 3, 4)}, 1, nil},
		{"cut where nodes are absent; pieces of one node are lost",
			[]string{nodesXML(1, 2, 4, 6, 7) + wayXML(5, "highway=residential", 1, 2, 3, 4, 5, 6, 7)},
			[]road.Way{way(5, residential, 1, 2), way(5, residential, 6, 7)}, 0,
			[]string{"0.osm:1: way/5 : 2 nœuds sur 7 sans position dans les fichiers : route coupée, 2 morceaux gardés"}},
		{"a loop keeps its first node twice",
			[]string{nodesXML(1, 2, 3) + wayXML(5, "highway=residential", 1, 2, 3, 1)},
			[]road.Way{way(5, residential, 1, 2, 3, 1)}, 0, nil},
		{"relations, bounds and unknown elements are passed over",
			[]string{`<bounds minlat="1"/><note>x</note>` + nodesXML(1, 2) + wayXML(5, "highway=residential", 1, 2) + `<relation id="9"><member type="way" ref="5" role=""/><tag k="highway" v="x"/></relation>`},
			[]road.Way{way(5, residential, 1, 2)}, 0, nil},
		{"nodes keep what matters to travel; a restriction over one node goes with its road, once; one without members is told",
			[]string{`<node id="1" lat="49" lon="3.01"><tag k="barrier" v="gate"/><tag k="note" v="x"/></node><node id="2" lat="49" lon="3.02"><tag k="access" v="no"/></node>` +
				wayXML(5, "highway=residential", 1, 2) + wayXML(6, "highway=residential", 2, 1) + wayXML(7, "highway=residential", 2, 1) +
				turnXML(9, "way 5 from node 2 via way 6 to way 7 to", "type=restriction restriction=no_entry except=psv day_on=Monday") +
				turnXML(9, "way 5 from node 2 via way 6 to", "type=restriction restriction=no_left_turn") +
				turnXML(11, "way 5 from node 2 via", "type=restriction restriction=no_left_turn") +
				turnXML(12, "way 5 from node 2 via way 6 to", "type=enforcement restriction=no_left_turn")},
			[]road.Way{
				{ID: 5, Tags: residential, Nodes: []int64{1, 2}, At: way(0, nil, 1, 2).At,
					Marks: []road.Mark{{Node: 0, Tags: map[string]string{"barrier": "gate"}}},
					Turns: []road.Turn{{Via: 2, To: 6, Tags: noEntry}, {Via: 2, To: 7, Tags: noEntry}}},
				{ID: 6, Tags: residential, Nodes: []int64{2, 1}, At: way(0, nil, 2, 1).At,
					Marks: []road.Mark{{Node: 1, Tags: map[string]string{"barrier": "gate"}}}},
				{ID: 7, Tags: residential, Nodes: []int64{2, 1}, At: way(0, nil, 2, 1).At,
					Marks: []road.Mark{{Node: 1, Tags: map[string]string{"barrier": "gate"}}}},
			}, 0, []string{"0.osm: relation/9 : 1 interdiction de tourner, dont celle-ci, sans effet sur les voitures : selon l’heure ou la saison",
				"0.osm: relation/11 : 1 interdiction de tourner non lue, dont celle-ci : sans route de départ (from), d'arrivée (to) ou sans passage (via)"}},
	} {
		var in []source.Input
		for i, f := range tt.files {
			in = append(in, sourcetest.Memory(fmt.Sprintf("%d.osm", i), []byte(osmHead+f+osmTail)))
		}
		imp, err := Roads(t.Context(), in, source.Options{})
		if diff := cmp.Diff(tt.want, sourcetest.Rows(t, imp, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.special, diff)
		}
		sourcetest.None(t, imp.Report.Rejected)
		var warnings []string
		for _, w := range imp.Report.Warnings {
			warnings = append(warnings, w.String())
		}
		if diff := cmp.Diff(tt.warnings, warnings); diff != "" || imp.Report.Merged != tt.merged {
			t.Errorf("%s: merged %d, want %d; warnings (-want +got):\n%s", tt.special, imp.Report.Merged, tt.merged, diff)
		}
	}
}

func TestRoadsStopEarly(t *testing.T) {
	imp, err := Roads(t.Context(), []source.Input{sourcetest.Memory("x.osm", []byte(osmHead+nodesXML(1, 2)+wayXML(5, "highway=path", 1, 2)+wayXML(6, "highway=path", 2, 1)+osmTail))}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for range imp.Rows {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d rows", n)
	}
}

func TestRoadFormats(t *testing.T) {
	text := []byte(osmHead + nodesXML(1, 2, 3) + wayXML(5, "highway=residential", 1, 2, 3) + osmTail)
	want := []road.Way{way(5, map[string]string{"highway": "residential"}, 1, 2, 3)}
	var gz bytes.Buffer
	z := gzip.NewWriter(&gz)
	if _, err := z.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	bz, err := os.ReadFile(filepath.Join("..", "testdata", "roads", "three-nodes.osm.bz2"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		format string
		data   []byte
	}{
		{"OSM XML", text},
		{"OSM XML (gzip)", gz.Bytes()},
		{"OSM XML (bzip2)", bz},
		{"OSM PBF", smallPBF(t, false, false)},
		{"OSM PBF", smallPBF(t, true, false)},
		{"OSM PBF", smallPBF(t, true, true)},
	} {
		// The name says nothing: the content does.
		imp, err := Roads(t.Context(), []source.Input{sourcetest.Memory("routes.dat", tt.data)}, source.Options{})
		if diff := cmp.Diff(want, sourcetest.Rows(t, imp, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.format, diff)
		}
		if imp.Manifest.Format != tt.format {
			t.Errorf("format %q, want %q", imp.Manifest.Format, tt.format)
		}
	}
	imp, err := Roads(t.Context(), []source.Input{sourcetest.Memory("a.osm", text), sourcetest.Memory("b.osm.gz", gz.Bytes()), sourcetest.Memory("c.osm", text)}, source.Options{})
	if err != nil || imp.Manifest.Format != "OSM XML, OSM XML (gzip)" {
		t.Errorf("format of three files %q, %v", imp.Manifest.Format, err)
	}
}

func message(fields ...[]byte) []byte { return bytes.Join(fields, nil) }

func bytesField(num protowire.Number, b []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, num, protowire.BytesType), b)
}

func intField(num protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, num, protowire.VarintType), v)
}

// deltas packs values as differences, or as they are.
func deltas(zigzag bool, values ...int64) []byte {
	var b []byte
	last := int64(0)
	for _, v := range values {
		if zigzag {
			b = protowire.AppendVarint(b, protowire.EncodeZigZag(v-last))
			last = v
		} else {
			b = protowire.AppendVarint(b, uint64(v))
		}
	}
	return b
}

// pbfBlob frames one blob.
func pbfBlob(t testing.TB, kind string, data []byte, packed bool) []byte {
	t.Helper()
	body := bytesField(1, data)
	if packed {
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		if _, err := z.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		body = message(intField(2, uint64(len(data))), bytesField(3, b.Bytes()))
	}
	head := message(bytesField(1, []byte(kind)), intField(3, uint64(len(body))))
	return message(binary.BigEndian.AppendUint32(nil, uint32(len(head))), head, body)
}

// smallPBF holds nodes 1 to 3 and way 5. Its granularity and offsets are not the
// usual ones and come after the groups, as the format allows.
func smallPBF(t testing.TB, dense, packed bool) []byte {
	t.Helper()
	const granularity, latOffset = 1000, 9_000_000_000 // nanodegrees
	lon := func(n int64) int64 { return (300 + n) * 10_000_000 / granularity }
	const lat = (49_000_000_000 - latOffset) / granularity
	var nodes []byte
	if dense {
		nodes = bytesField(2, message(bytesField(1, deltas(true, 1, 2, 3)), bytesField(8, deltas(true, lat, lat, lat)), bytesField(9, deltas(true, lon(1), lon(2), lon(3)))))
	} else {
		for n := int64(1); n <= 3; n++ {
			nodes = append(nodes, bytesField(1, message(intField(1, protowire.EncodeZigZag(n)), intField(8, protowire.EncodeZigZag(lat)), intField(9, protowire.EncodeZigZag(lon(n)))))...)
		}
	}
	ways := bytesField(3, message(intField(1, 5), bytesField(2, deltas(false, 1, 3)), bytesField(3, deltas(false, 2, 2)), bytesField(8, deltas(true, 1, 2, 3))))
	strings := bytesField(1, message(bytesField(1, nil), bytesField(1, []byte("highway")), bytesField(1, []byte("residential")), bytesField(1, []byte("source"))))
	block := message(strings, bytesField(2, nodes), bytesField(2, ways), intField(17, granularity), intField(19, latOffset))
	header := message(bytesField(4, []byte("OsmSchema-V0.6")), bytesField(4, []byte("DenseNodes")), bytesField(5, []byte("Sort.Type_then_ID")))
	return message(pbfBlob(t, "OSMHeader", header, packed), pbfBlob(t, "OSMData", block, packed), pbfBlob(t, "Autre", nil, false))
}

func TestWrongPBF(t *testing.T) {
	good := smallPBF(t, true, true)
	header := pbfBlob(t, "OSMHeader", bytesField(4, []byte("OsmSchema-V0.6")), false)
	const unreadable = "x.pbf: bloc illisible ; le fichier est sans doute tronqué ou abîmé, téléchargez-le de nouveau"
	for _, tt := range []struct {
		special string
		data    []byte
		want    string
	}{
		{"cut in the last blob", good[:len(good)-3], unreadable},
		{"cut in a length", append(bytes.Clone(header), 0, 0), unreadable},
		{"a blob header over 64 KiB", append(bytes.Clone(header), 0, 2, 0, 0), unreadable},
		{"a blob over 32 MiB", message(header, []byte{0, 0, 0, 7}, intField(3, 1<<40)), unreadable},
		{"a history", pbfBlob(t, "OSMHeader", bytesField(4, []byte("HistoricalInformation")), false), "x.pbf: le fichier demande « HistoricalInformation » ; attendu un extrait ordinaire d'OpenStreetMap"},
		{"a tag outside the string table", message(header, pbfBlob(t, "OSMData", bytesField(2, bytesField(3, message(bytesField(2, []byte{9}), bytesField(3, []byte{9})))), false)), unreadable},
		{"a key without a value", message(header, pbfBlob(t, "OSMData", message(bytesField(1, bytesField(1, []byte("highway"))), bytesField(2, bytesField(3, bytesField(2, []byte{0})))), false)), unreadable},
		{"a negative index, as a large one", message(header, pbfBlob(t, "OSMData", bytesField(2, bytesField(3, message(bytesField(2, protowire.AppendVarint(nil, 1<<63)), bytesField(3, []byte{0})))), false)), unreadable},
		{"another compression", message(header, message([]byte{0, 0, 0, 11}, bytesField(1, []byte("OSMData")), intField(3, 3), bytesField(7, []byte{1}))), "x.pbf: compression inhabituelle ; attendu un fichier PBF compressé en zlib, le cas ordinaire"},
	} {
		imp, err := Roads(t.Context(), []source.Input{sourcetest.Memory("x.pbf", tt.data)}, source.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, err = range imp.Rows {
		}
		if fmt.Sprint(err) != "import roads: "+tt.want {
			t.Errorf("%s:\n got %v\nwant import roads: %s", tt.special, err, tt.want)
		}
	}
}

func TestXMLLimits(t *testing.T) {
	for _, tt := range []struct {
		special, text, want string
	}{
		{"an attribute over 1 MiB", osmHead + `<node id="` + strings.Repeat("1", 2*source.MaxRecord) + `"/>`, "élément de plus de 1 Mio"},
		{"a way over 1 MiB", osmHead + `<way id="1">` + strings.Repeat(`<nd ref="1"/>`, source.MaxRecord/10) + `</way>`, "élément de plus de 1 Mio"},
		{"elements nested without end", osmHead + strings.Repeat("<a>", 1000), "plus de 16 éléments emboîtés"},
		{"an entity that is not defined", osmHead + "&bomb;", "XML invalide"},
	} {
		imp, err := Roads(t.Context(), []source.Input{sourcetest.Memory("x.osm", []byte(tt.text))}, source.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, err = range imp.Rows {
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "import roads: x.osm:1: ") {
			t.Errorf("%s: got %v, want %q", tt.special, err, tt.want)
		}
	}
}

// checkRoads reads roads from any bytes and checks what is promised of them.
func checkRoads(t *testing.T, data []byte) {
	imp, err := Roads(t.Context(), []source.Input{sourcetest.Memory("x", data)}, source.Options{MaxRejectShare: 1})
	if err != nil {
		t.Fatal(err)
	}
	for w, err := range imp.Rows {
		if err != nil {
			if !strings.HasPrefix(err.Error(), "import roads: ") {
				t.Fatalf("%q: error without an address: %v", data, err)
			}
			continue
		}
		if w.Tags["homes"]+w.Tags["built_up"] != "" && w.ID == 0 && len(w.Nodes) == 1 {
			w.Nodes, w.Tags = append(w.Nodes, 0), map[string]string{"highway": "none"}
			w.At = append(w.At, w.At[0])
		}
		if len(w.Nodes) < 2 || len(w.Nodes) != len(w.At) || w.Tags["highway"] == "" && w.Tags["route"] != "ferry" {
			t.Fatalf("%q: way %+v", data, w)
		}
		for _, p := range w.At {
			if p.Check() != nil {
				t.Fatalf("%q: position %v", data, p)
			}
		}
	}
}

func FuzzOSMXML(f *testing.F) {
	for _, s := range []string{
		osmHead + nodesXML(1, 2) + wayXML(5, "highway=residential", 1, 2, 3) + osmTail,
		osmHead + wayXML(5, "route=ferry", 1, 1) + nodesXML(1) + osmTail,
		`<osm><way id="x"><nd/><tag k="highway" v="a"/></way></osm>`, `<osm><node id="1" lat="a" lon=""/>`, `<a>`, `<osm>&x;`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(checkRoads)
}

func FuzzOSMPBF(f *testing.F) {
	f.Add(smallPBF(f, false, false))
	f.Add(smallPBF(f, true, false))
	f.Add(smallPBF(f, true, true))
	f.Fuzz(checkRoads)
}

// TestBzip2Fixture checks the committed bzip2 file with the command that wrote it,
// since Go only reads that format.
func TestBzip2Fixture(t *testing.T) {
	name := filepath.Join("..", "testdata", "roads", "three-nodes.osm.bz2")
	cmd := exec.Command("bzip2", "--decompress", "--stdout", name)
	text, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("bzip2 is not installed")
	}
	if want := osmHead + nodesXML(1, 2, 3) + wayXML(5, "highway=residential", 1, 2, 3) + osmTail; err != nil || string(text) != want {
		t.Errorf("%s holds %q, %v; want %q", name, text, err, want)
	}
}

func TestFindEqualsBinarySearch(t *testing.T) {
	const seed = 12
	random := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		r := &nodeList{}
		for range random.IntN(60) {
			r.ids = append(r.ids, int64(random.IntN(100)))
		}
		slices.Sort(r.ids)
		r.ids = slices.Compact(r.ids)
		id := int64(0)
		for range 300 {
			if id += int64(random.IntN(4)); random.IntN(20) == 0 {
				id = int64(random.IntN(110)) - 5
			}
			i, ok := r.find(id)
			if want, found := slices.BinarySearch(r.ids, id); i != want || ok != found {
				t.Fatalf("seed %d: find(%d) in %v = %d, %v; want %d, %v", seed, id, r.ids, i, ok, want, found)
			}
		}
	}
}

// TestSortUntil sorts as the standard library does, whatever the order and however many
// are equal; and not at all once its context has ended.
func TestSortUntil(t *testing.T) {
	const n = 3 << 19
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for name, of := range map[string]func(i int) int64{
		"any": func(int) int64 { return random.Int64() }, "few": func(int) int64 { return random.Int64N(3) }, "one": func(int) int64 { return 7 },
		"up": func(i int) int64 { return int64(i) }, "down": func(i int) int64 { return int64(-i) }, "pipe": func(i int) int64 { return int64(min(i, n-i)) },
	} {
		ids := make([]int64, n)
		for i := range ids {
			ids[i] = of(i)
		}
		want := slices.Clone(ids)
		slices.Sort(want)
		if !sortUntil(t.Context(), ids) || !slices.Equal(ids, want) {
			t.Errorf("%s: not sorted", name)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if sortUntil(ctx, make([]int64, n)) {
		t.Error("sorted after the context ended")
	}
}
