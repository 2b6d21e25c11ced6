package osm

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// line is two roads: 1 from node 1 to 2, and 2 from 2 to 3.
func line() []object {
	return []object{pointOf(1, 0, 0, ""), pointOf(2, 100, 0, ""), pointOf(3, 200, 0, ""),
		wayOf(1, "highway=tertiary", 1, 2).at(1), wayOf(2, "highway=tertiary", 2, 3).at(1)}
}

// roadsOf are the roads as "id value east…", one by one.
func roadsOf(ways []road.Way) (list []string) {
	for _, w := range ways {
		if len(w.Nodes) > 1 {
			text := fmt.Sprintf("%d %s", w.ID, w.Tags["highway"])
			for _, p := range w.At {
				text += fmt.Sprintf(" %.0f", (p.Lon*1e7-30_000_000)/137)
			}
			list = append(list, text)
		}
	}
	return list
}

func TestDeletedAndOlder(t *testing.T) {
	const way2 = "2 tertiary 100 200"
	cycleway := wayOf(1, "highway=cycleway", 1, 2)
	for _, tt := range []struct {
		special  string
		files    [][]object
		want     []string
		counts   [4]int // read, accepted, merged, skipped
		warnings []string
	}{
		{"a deleted way", [][]object{{line()[0], line()[1], line()[2], wayOf(1, "highway=tertiary", 1, 2).gone(), line()[4]}}, []string{way2}, [4]int{1, 1, 0, 0},
			[]string{"way/1 : 1 chemin supprimé (visible=false, ou action=delete d'un éditeur), dont celui-ci : ne comptent pas"}},
		{"a deleted node of a road", [][]object{{pointOf(1, 0, 0, "").gone(), line()[1], line()[2], line()[3], line()[4]}}, []string{way2}, [4]int{2, 1, 0, 1},
			[]string{"way/1 : 1 nœud sur 2 sans position dans les fichiers : route laissée de côté", "node/1 : 1 nœud de route supprimé (visible=false, ou action=delete d'un éditeur), dont celui-ci : ne comptent pas"}},
		{"a history: the newest version", [][]object{append(line()[:4:4], cycleway.at(2), line()[4])}, []string{"1 cycleway 0 100", way2}, [4]int{3, 2, 1, 0}, nil},
		{"a history that is not in order", [][]object{append(line()[:3:3], cycleway.at(2), line()[3], line()[4])}, []string{"1 cycleway 0 100", way2}, [4]int{3, 2, 1, 0}, nil},
		{"a history that is all over the file", [][]object{append(line(), cycleway.at(2))}, []string{way2, "1 cycleway 0 100"}, [4]int{3, 2, 1, 0}, nil},
		{"a history: deleted at last", [][]object{append(line()[:4:4], cycleway.at(2), wayOf(1, "").at(3).gone(), line()[4])}, []string{way2}, [4]int{3, 1, 0, 2},
			[]string{"way/1 : 1 chemin supprimé (visible=false, ou action=delete d'un éditeur), dont celui-ci : ne comptent pas"}},
		{"a history: deleted and put back", [][]object{append(line()[:3:3], wayOf(1, "").at(1).gone(), cycleway.at(2), line()[4])}, []string{"1 cycleway 0 100", way2}, [4]int{2, 2, 0, 0},
			[]string{"way/1 : 1 chemin supprimé (visible=false, ou action=delete d'un éditeur), dont celui-ci : ne comptent pas"}},
		{"no road any more", [][]object{append(line()[:4:4], wayOf(1, "railway=abandoned", 1, 2).at(2), line()[4])}, []string{way2}, [4]int{2, 1, 0, 1}, nil},
		{"a node that moved", [][]object{append([]object{pointOf(1, 0, 0, "").at(1), pointOf(1, 50, 0, "").at(2)}, line()[1:]...)}, []string{"1 tertiary 50 100", way2}, [4]int{2, 2, 0, 0}, nil},
		{"nodes after ways, one of them moved", [][]object{append([]object{pointOf(1, 0, 0, "").at(1)}, append(line()[1:], pointOf(1, 50, 0, "").at(2))...)}, []string{"1 tertiary 50 100", way2}, [4]int{2, 2, 0, 0}, nil},
		{"a newer file second", [][]object{line(), append(line()[:3:3], cycleway.at(2))}, []string{way2, "1 cycleway 0 100"}, [4]int{3, 2, 1, 0}, nil},
		{"a newer file first", [][]object{append(line()[:3:3], cycleway.at(2)), line()}, []string{"1 cycleway 0 100", way2}, [4]int{3, 2, 1, 0}, nil},
		{"a newer file, where it is deleted", [][]object{line(), {wayOf(1, "").at(2).gone()}}, []string{way2}, [4]int{2, 1, 0, 1},
			[]string{"way/1 : 1 chemin supprimé (visible=false, ou action=delete d'un éditeur), dont celui-ci : ne comptent pas"}},
		{"a newer file, where a node moved", [][]object{line(), {pointOf(2, 150, 0, "").at(2)}}, []string{"1 tertiary 0 150", "2 tertiary 150 200"}, [4]int{2, 2, 0, 0}, nil},
		{"of no known version: the first file", [][]object{append(line()[:3:3], cycleway), append(line()[:3:3], wayOf(1, "highway=track", 1, 2))}, []string{"1 cycleway 0 100"}, [4]int{2, 1, 1, 0}, nil},
		{"one version, later", [][]object{line(), append(line()[:3:3], object{kind: 'w', id: 1, version: 1, seconds: 1_600_000_000, nodes: []int64{1, 2}, tags: tagsOf("highway=track")})},
			[]string{way2, "1 track 0 100"}, [4]int{3, 2, 1, 0}, nil},
	} {
		for _, f := range formats {
			ways, report := readObjects(t, f, tt.files...)
			if diff := gocmp.Diff(tt.want, roadsOf(ways)); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", tt.special, f.name, diff)
			}
			if got := [...]int{report.Read, report.Accepted, report.Merged, report.Skipped}; got != tt.counts {
				t.Errorf("%s, %s: read, accepted, merged, skipped: %v, want %v", tt.special, f.name, got, tt.counts)
			}
			if diff := gocmp.Diff(tt.warnings, warnings(report)); diff != "" {
				t.Errorf("%s, %s: warnings (-want +got):\n%s", tt.special, f.name, diff)
			}
		}
	}
}

// TestEditor reads what JOSM saves: action='delete', and action='modify' of the version
// that was downloaded.
func TestEditor(t *testing.T) {
	file := func(ways string) []byte {
		return []byte(strings.ReplaceAll(osmHead+nodesXML(1, 2, 3)+ways+osmTail, `"`, `'`))
	}
	road := func(attributes, value string) string {
		return `<way id="1" ` + attributes + `><nd ref="1"/><nd ref="2"/><tag k="highway" v="` + value + `"/></way>`
	}
	other := wayXML(2, "highway=path", 2, 3)
	for _, tt := range []struct {
		special string
		files   []string
		want    []string
	}{
		{"deleted", []string{road(`action="delete" version="1"`, "tertiary") + other}, []string{"path"}},
		{"changed", []string{road(`action="modify" version="1"`, "tertiary") + other}, []string{"tertiary", "path"}},
		{"changed here, not there", []string{road(`version="4"`, "track") + other, road(`action="modify" version="4"`, "tertiary")}, []string{"path", "tertiary"}},
		{"changed here, before another changed it there", []string{road(`version="5"`, "track") + other, road(`action="modify" version="4"`, "tertiary")}, []string{"track", "path"}},
		{"deleted here, not there", []string{road(`version="4"`, "track") + other, road(`action="delete" version="4"`, "track")}, []string{"path"}},
	} {
		var in []source.Input
		for _, f := range tt.files {
			in = append(in, sourcetest.Memory("josm.osm", file(f)))
		}
		imp, err := Roads(t.Context(), in, source.Options{})
		var got []string
		for _, w := range sourcetest.Rows(t, imp, err) {
			got = append(got, w.Tags["highway"])
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.special, got, tt.want)
		}
	}
}

func TestChanges(t *testing.T) {
	imp, err := Roads(t.Context(), []source.Input{sourcetest.Memory("x.osc", []byte(`<osmChange version="0.6"><modify>`+wayXML(1, "highway=path", 1, 2)+`</modify></osmChange>`))}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, err = range imp.Rows {
	}
	const want = "import roads: x.osc:1: c'est une liste de modifications (osmChange) ; attendu un extrait complet : appliquez-les d'abord à l'extrait, par exemple avec osmium apply-changes"
	if fmt.Sprint(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// randomObjects is a world whose objects have several copies, each of its own version.
func randomObjects(random *rand.Rand) (copies []object) {
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	add := func(make func() object) {
		version := int64(0)
		for range 1 + random.IntN(3) {
			version += 1 + random.Int64N(2)
			o := make().at(version)
			if o.deleted = random.IntN(8) == 0; o.deleted && random.IntN(2) == 0 {
				o.tags, o.nodes, o.members = nil, nil, nil
			}
			copies = append(copies, o)
		}
	}
	nodes := func() (list []int64) {
		for range 2 + random.IntN(4) {
			list = append(list, 1+random.Int64N(12))
		}
		if random.IntN(2) == 0 {
			list = append(list, list[0])
		}
		return list
	}
	for id := int64(1); id <= 12; id++ {
		add(func() object {
			return pointOf(id, random.Int64N(400), random.Int64N(400), pick("", "", "barrier=gate", "addr:housenumber=1", "highway=stop"))
		})
	}
	for id := int64(1); id <= 8; id++ {
		add(func() object {
			return wayOf(id, pick("highway=path", "highway=track", "building=house", "building=yes", "landuse=residential", "", "building=shed", "waterway=river"), nodes()...)
		})
	}
	for id := int64(1); id <= 4; id++ {
		add(func() object {
			w := func() int64 { return 1 + random.Int64N(9) }
			if random.IntN(2) == 0 {
				return relationOf(id, fmt.Sprintf("w%d from w%d via w%d to", w(), w(), w()), "type=restriction restriction="+pick("no_u_turn", "no_left_turn", "only_straight_on"))
			}
			return relationOf(id, fmt.Sprintf("w%d outer w%d outer w%d inner", w(), w(), w()), "type=multipolygon "+pick("highway=pedestrian", "building=apartments", "landuse=residential", "natural=wood"))
		})
	}
	return copies
}

// TestNewestCopies reads copies of objects scattered over files, in any order and format,
// as the one sorted file of the newest copies that are not deleted.
func TestNewestCopies(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	order := func(a, b object) int {
		return cmp.Or(cmp.Compare(strings.IndexByte("nwr", a.kind), strings.IndexByte("nwr", b.kind)), cmp.Compare(a.id, b.id))
	}
	told := func(ways []road.Way) []string {
		var list []string
		for _, w := range ways {
			list = append(list, fmt.Sprintf("%+v", w))
		}
		slices.Sort(list)
		return list
	}
	roads, homes := 0, 0
	for range 150 {
		copies := randomObjects(random)
		slices.SortStableFunc(copies, order)
		var clean []object
		for i, o := range copies {
			if last := i+1 == len(copies) || order(o, copies[i+1]) != 0; last && !o.deleted { // versions go up
				clean = append(clean, o)
			}
		}
		ways, report := readObjects(t, formats[random.IntN(len(formats))], clean)
		want := told(ways)
		roads += report.Accepted
		if report.Homes != nil {
			homes += report.Homes.Rows
		}
		history, _ := readObjects(t, formats[random.IntN(len(formats))], copies)
		if diff := gocmp.Diff(want, told(history)); diff != "" {
			t.Fatalf("seed %d: a history (-clean +history):\n%s", seed, diff)
		}
		random.Shuffle(len(copies), func(i, j int) { copies[i], copies[j] = copies[j], copies[i] })
		files := make([][]object, 1+random.IntN(3))
		for _, o := range copies {
			i := random.IntN(len(files))
			files[i] = append(files[i], o)
		}
		if random.IntN(2) == 0 {
			for _, f := range files {
				slices.SortStableFunc(f, order)
			}
		}
		f := formats[random.IntN(len(formats))]
		scattered, _ := readObjects(t, f, files...)
		if diff := gocmp.Diff(want, told(scattered)); diff != "" {
			t.Fatalf("seed %d: %d files, %s (-clean +scattered):\n%s", seed, len(files), f.name, diff)
		}
	}
	if roads < 100 || homes < 100 {
		t.Errorf("seed %d: only %d roads and %d rows of homes in 150 worlds", seed, roads, homes)
	}
}
