package osm

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// object is an object of a test, that is written in every format.
type object struct {
	kind     byte // n, w or r
	id       int64
	version  int64 // 0: not known
	seconds  int64
	deleted  bool
	lon, lat int64   // of a node, 10⁻⁷ degrees
	nodes    []int64 // of a way
	members  []member
	tags     tagList
}

// tagsOf reads "k=v k=v".
func tagsOf(text string) (l tagList) {
	for _, t := range strings.Fields(text) {
		k, v, _ := strings.Cut(t, "=")
		l = append(l, tag{k, v})
	}
	return l
}

// pointOf is a node about (east, north) metres from a corner at 3° E 49° N.
func pointOf(id, east, north int64, tags string) object {
	return object{kind: 'n', id: id, lon: 30_000_000 + east*137, lat: 490_000_000 + north*90, tags: tagsOf(tags)}
}

func wayOf(id int64, tags string, nodes ...int64) object {
	return object{kind: 'w', id: id, tags: tagsOf(tags), nodes: nodes}
}

// relationOf is a relation of members "w5 from n2 via".
func relationOf(id int64, members, tags string) object {
	o := object{kind: 'r', id: id, tags: tagsOf(tags)}
	for m := range slices.Chunk(strings.Fields(members), 2) {
		one := member{kind: m[0][0], role: strings.Trim(m[1], "-")}
		fmt.Sscan(m[0][1:], &one.id)
		o.members = append(o.members, one)
	}
	return o
}

// at is o with a version.
func (o object) at(version int64) object { o.version = version; return o }

// gone is o, deleted.
func (o object) gone() object { o.deleted = true; return o }

func osmOf(objects []object) []byte {
	var b strings.Builder
	b.WriteString(osmHead)
	for _, o := range objects {
		name := map[byte]string{'n': "node", 'w': "way", 'r': "relation"}
		fmt.Fprintf(&b, `<%s id="%d" visible="%v"`, name[o.kind], o.id, !o.deleted)
		if o.version > 0 {
			fmt.Fprintf(&b, ` version="%d"`, o.version)
		}
		if o.seconds > 0 {
			fmt.Fprintf(&b, ` timestamp="%s"`, time.Unix(o.seconds, 0).UTC().Format(time.RFC3339))
		}
		if o.kind == 'n' {
			fmt.Fprintf(&b, ` lon="%.7f" lat="%.7f"`, float64(o.lon)/1e7, float64(o.lat)/1e7)
		}
		b.WriteString(">")
		for _, n := range o.nodes {
			fmt.Fprintf(&b, `<nd ref="%d"/>`, n)
		}
		for _, m := range o.members {
			fmt.Fprintf(&b, `<member type="%s" ref="%d" role="%s"/>`, name[m.kind], m.id, m.role)
		}
		for _, t := range o.tags {
			fmt.Fprintf(&b, `<tag k="%s" v="%s"/>`, t.key, t.value)
		}
		fmt.Fprintf(&b, "</%s>\n", name[o.kind])
	}
	return []byte(b.String() + osmTail)
}

// pbfOf writes objects in their order, each run of a kind as one group; nodes dense or not.
func pbfOf(t testing.TB, objects []object, dense bool) []byte {
	table := []string{""}
	index := func(s string) int64 {
		i := slices.Index(table, s)
		if i < 0 {
			i, table = len(table), append(table, s)
		}
		return int64(i)
	}
	zigzag := func(num protowire.Number, v int64) []byte { return intField(num, protowire.EncodeZigZag(v)) }
	columns := func(tags tagList) []byte {
		var keys, values []int64
		for _, t := range tags {
			keys, values = append(keys, index(t.key)), append(values, index(t.value))
		}
		return message(bytesField(2, deltas(false, keys...)), bytesField(3, deltas(false, values...)))
	}
	info := func(o object) []byte {
		var b []byte
		if o.version > 0 {
			b = append(b, intField(1, uint64(o.version))...)
		}
		if o.seconds > 0 {
			b = append(b, intField(2, uint64(o.seconds))...)
		}
		if o.deleted {
			b = append(b, intField(6, 0)...)
		}
		return bytesField(4, b)
	}
	var groups []byte
	for len(objects) > 0 {
		n := 1
		for n < len(objects) && objects[n].kind == objects[0].kind {
			n++
		}
		var group []byte
		var ids, lons, lats, tagged, versions, times, visibles []int64
		for _, o := range objects[:n] {
			switch {
			case o.kind == 'n' && dense:
				ids, lons, lats = append(ids, o.id), append(lons, o.lon), append(lats, o.lat)
				versions, times = append(versions, o.version), append(times, o.seconds)
				visible := int64(1)
				if o.deleted {
					visible = 0
				}
				visibles = append(visibles, visible)
				for _, t := range o.tags {
					tagged = append(tagged, index(t.key), index(t.value))
				}
				tagged = append(tagged, 0)
			case o.kind == 'n':
				group = append(group, bytesField(1, message(zigzag(1, o.id), columns(o.tags), info(o), zigzag(8, o.lat), zigzag(9, o.lon)))...)
			case o.kind == 'w':
				group = append(group, bytesField(3, message(intField(1, uint64(o.id)), columns(o.tags), info(o), bytesField(8, deltas(true, o.nodes...))))...)
			case o.kind == 'r':
				var roles, refs, kinds []int64
				for _, m := range o.members {
					roles, refs, kinds = append(roles, index(m.role)), append(refs, m.id), append(kinds, int64(strings.IndexByte("nwr", m.kind)))
				}
				group = append(group, bytesField(4, message(intField(1, uint64(o.id)), columns(o.tags), info(o),
					bytesField(8, deltas(false, roles...)), bytesField(9, deltas(true, refs...)), bytesField(10, deltas(false, kinds...))))...)
			}
		}
		if ids != nil {
			of := message(bytesField(1, deltas(false, versions...)), bytesField(2, deltas(true, times...)), bytesField(6, deltas(false, visibles...)))
			group = bytesField(2, message(bytesField(1, deltas(true, ids...)), bytesField(5, of), bytesField(8, deltas(true, lats...)), bytesField(9, deltas(true, lons...)), bytesField(10, deltas(false, tagged...))))
		}
		groups = append(groups, bytesField(2, group)...)
		objects = objects[n:]
	}
	var words []byte
	for _, s := range table {
		words = append(words, bytesField(1, []byte(s))...)
	}
	header := message(bytesField(4, []byte("OsmSchema-V0.6")), bytesField(4, []byte("DenseNodes")))
	return message(pbfBlob(t, "OSMHeader", header, true), pbfBlob(t, "OSMData", message(bytesField(1, words), groups), true))
}

// format writes objects as one file.
type format struct {
	name  string
	write func(t testing.TB, objects []object) []byte
}

var formats = []format{
	{"x.osm", func(_ testing.TB, o []object) []byte { return osmOf(o) }},
	{"dense.pbf", func(t testing.TB, o []object) []byte { return pbfOf(t, o, true) }},
	{"plain.pbf", func(t testing.TB, o []object) []byte { return pbfOf(t, o, false) }},
}

// readObjects imports files of objects, which may hold no road.
func readObjects(t *testing.T, f format, files ...[]object) ([]road.Way, *source.Report) {
	t.Helper()
	var in []source.Input
	for _, objects := range files {
		in = append(in, sourcetest.Memory(f.name, f.write(t, objects)))
	}
	imp, err := Roads(t.Context(), in, source.Options{MaxRejectShare: 1})
	if err != nil {
		t.Fatal(err)
	}
	var ways []road.Way
	for w, err := range imp.Rows {
		if err != nil {
			if !strings.Contains(err.Error(), "rien à importer") && !strings.Contains(err.Error(), "aucune route") {
				t.Fatal(err)
			}
			break
		}
		ways = append(ways, w)
	}
	return ways, imp.Report
}

// warnings are what a report warns of, without the names of files.
func warnings(r *source.Report) (list []string) {
	for _, w := range r.Warnings {
		w.File, w.Row = "", 0
		list = append(list, strings.TrimPrefix(w.String(), ": "))
	}
	return list
}
