package osm

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// square is a closed way of nodes id, id+1 … around a box, its corners with them.
func square(id, east, north, size int64, tags string) []object {
	return []object{pointOf(id, east, north, ""), pointOf(id+1, east+size, north, ""), pointOf(id+2, east+size, north+size, ""), pointOf(id+3, east, north+size, ""),
		wayOf(id, tags, id, id+1, id+2, id+3, id)}
}

// sorted puts nodes first, then ways, then relations.
func sorted(objects ...object) []object {
	slices.SortStableFunc(objects, func(a, b object) int { return strings.IndexByte("nwr", a.kind) - strings.IndexByte("nwr", b.kind) })
	return objects
}

func TestDwellings(t *testing.T) {
	for _, tt := range []struct {
		special, tags string
		footprint     float64
		want          float64
	}{
		{"a house is a dwelling", "building=house", 90, 1},
		{"a large one too", "building=detached", 400, 1},
		{"a pair of houses", "building=semidetached_house", 150, 2},
		{"a block: 84 m² each", "building=apartments building:levels=5", 420, 25},
		{"a block of untold height has four levels", "building=apartments", 420, 20},
		{"flats that are told beat all", "building=apartments building:levels=5 building:flats=7", 420, 7},
		{"no flats", "building=apartments building:flats=0", 420, 0},
		{"a roof of unknown kind, like a house", "building=yes", 80, 1},
		{"a small one is a shed", "building=yes", 29, 0},
		{"a large one of unknown height is a few dwellings", "building=yes", 900, 4},
		{"a hall", "building=yes", 1001, 0},
		{"a tall one is a block", "building=yes building:levels=6", 420, 30},
		{"a shop takes the ground floor", "building=yes building:levels=3 shop=bakery", 140, 2},
		{"of a block too", "building=apartments building:levels=5 amenity=pharmacy", 420, 20},
		{"a shop of one level", "building=yes building:levels=1 shop=bakery", 140, 0},
		{"a school", "building=yes amenity=school building:levels=3", 400, 0},
		{"a tower of water", "building=yes man_made=water_tower", 80, 0},
		{"one with an address is a dwelling", "building=yes addr:housenumber=3", 40, 1},
		{"light walls are a shed's", "building=yes wall=no", 90, 0},
		{"a ruin", "building=house ruins=yes", 90, 0},
		{"other uses", "building=industrial building:levels=4", 400, 0},
		{"other uses with flats", "building=commercial building:flats=3", 400, 3},
		{"garages", "building=garages", 90, 0},
		{"barns", "building=farm_auxiliary", 300, 0},
		{"levels in words that are read", "building=apartments building:levels=2,5", 84, 2.5},
		{"levels that are not read", "building=apartments building:levels=many", 84, 4},
		{"drawn over a town", "building=apartments", 30_000, 0},
	} {
		var l lived
		got := 0.0
		if l.read(tagsOf(tt.tags)) {
			got = l.dwellings(tt.footprint)
		}
		if math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%s: %s of %g m²: %g dwellings, want %g", tt.special, tt.tags, tt.footprint, got, tt.want)
		}
	}
}

// TestHomes reads small villages: how many dwellings, from how many buildings and
// addresses.
func TestHomes(t *testing.T) {
	road := []object{pointOf(1000, 0, 0, ""), pointOf(1001, 500, 0, ""), wayOf(1000, "highway=residential", 1000, 1001)}
	join := func(lists ...[]object) []object { return sorted(slices.Concat(append(lists, road)...)...) }
	for _, tt := range []struct {
		special              string
		objects              []object
		homes                string // in all cells
		buildings, addresses int
	}{
		{"a house", join(square(1, 20, 20, 10, "building=house")), "1.00", 1, 0},
		{"a house and the address at its door, once", join(square(1, 20, 20, 10, "building=house"), []object{pointOf(9, 25, 20, "addr:housenumber=4 entrance=yes")}), "1.00", 1, 1},
		{"a house and its address in the next cell, once", join(square(1, 80, 20, 10, "building=house"), []object{pointOf(9, 110, 20, "addr:housenumber=4")}), "1.00", 1, 1},
		{"addresses without buildings", join([]object{pointOf(8, 20, 20, "addr:housenumber=4"), pointOf(9, 250, 20, "addr:housenumber=6")}), "2.00", 0, 2},
		{"addresses beside few buildings", join(square(1, 20, 20, 10, "building=house"), []object{pointOf(7, 25, 20, "addr:housenumber=1"), pointOf(8, 40, 20, "addr:housenumber=2"), pointOf(9, 60, 20, "addr:housenumber=3")}), "3.00", 1, 3},
		{"the address of an office is not one of a house", join(square(1, 20, 20, 30, "building=office"), []object{pointOf(9, 25, 25, "addr:housenumber=1")}), "", 0, 1},
		{"nor that of a shop", join([]object{pointOf(9, 25, 25, "addr:housenumber=1 shop=bakery")}), "", 0, 0},
		{"a factory with an address", join(square(1, 20, 20, 60, "building=industrial addr:housenumber=1")), "", 0, 1},
		{"a block as a multipolygon, less its court", join(square(1, 0, 0, 70, ""), square(11, 14, 14, 42, ""), []object{relationOf(5, "w1 outer w11 inner", "type=multipolygon building=apartments building:levels=2")}), "74.64", 1, 0},
		{"one whose outline has the tags too, once", join(square(1, 20, 20, 10, "building=house"), []object{relationOf(5, "w1 outer", "type=multipolygon building=house")}), "1.00", 1, 0},
		{"an outline in two halves", join([]object{pointOf(1, 20, 20, ""), pointOf(2, 30, 20, ""), pointOf(3, 30, 30, ""), pointOf(4, 20, 30, ""), wayOf(1, "", 1, 2, 3), wayOf(2, "", 1, 4, 3), relationOf(5, "w1 outer w2 outer", "type=multipolygon building=house")}), "1.00", 1, 0},
	} {
		for _, f := range formats {
			ways, report := readObjects(t, f, tt.objects)
			sum := 0.0
			for _, w := range ways {
				if text := w.Tags["homes"]; text != "" {
					n, err := strconv.ParseFloat(text, 64)
					if err != nil || w.ID != 0 || len(w.Nodes) != 1 || len(w.Tags) != 1 {
						t.Errorf("%s: row %+v", tt.special, w)
					}
					sum += n
				}
			}
			buildings, addresses := 0, 0
			if h := report.Homes; h != nil {
				buildings, addresses = h.Buildings, h.Addresses
			}
			want := 0.0
			if tt.homes != "" {
				want, _ = strconv.ParseFloat(tt.homes, 64)
			}
			const tolerance = 0.01 // metres of the test are within 1 % of those of the Earth
			if math.Abs(sum-want) > tolerance*want || buildings != tt.buildings || addresses != tt.addresses || report.Accepted != 1 || len(report.Warnings) > 0 {
				t.Errorf("%s, %s: homes %.2f of %d buildings and %d addresses, want %q, %d, %d; %d roads; %v",
					tt.special, f.name, sum, buildings, addresses, tt.homes, tt.buildings, tt.addresses, report.Accepted, report.Warnings)
			}
		}
	}
}

// TestSquares reads squares that are drawn as multipolygons.
func TestSquares(t *testing.T) {
	nodes := []object{}
	for n := int64(1); n <= 8; n++ {
		nodes = append(nodes, pointOf(n, 100*n, 70*(n%3), ""))
	}
	nodes = append(nodes, wayOf(1, "highway=residential", 1, 2), wayOf(4, "", 1, 2, 3), wayOf(5, "", 1, 4, 3), wayOf(6, "", 5, 6, 7, 5), wayOf(7, "", 3, 8))
	for _, tt := range []struct {
		special, members, tags string
		want                   [][]int64
		warnings               []string
	}{
		{"a ring of two ways", "w4 outer w5 outer", "type=multipolygon highway=pedestrian name=Place", [][]int64{{1, 2, 3, 4, 1}}, nil},
		{"with a hole", "w4 outer w6 inner w5 outer", "type=multipolygon highway=pedestrian name=Place", [][]int64{{1, 2, 3, 4, 1}, {5, 6, 7, 5}}, nil},
		{"one way of the ring is not there", "w4 outer w99 outer", "type=multipolygon highway=pedestrian name=Place", [][]int64{{1, 2, 3}},
			[]string{"relation/2 : 1 morceau de place absent des fichiers, dont l'un de celle-ci : le tour en est interrompu"}},
		{"another kind of relation", "w4 outer w5 outer", "type=route highway=pedestrian name=Place", nil, nil},
		{"no road", "w4 outer w5 outer", "type=multipolygon natural=wood", nil, nil},
	} {
		for _, f := range formats {
			ways, report := readObjects(t, f, append(slices.Clone(nodes), relationOf(2, tt.members, tt.tags)))
			var got [][]int64
			for _, w := range ways {
				if w.ID == 1 {
					continue
				}
				got = append(got, w.Nodes)
				if w.ID != squareIDs-2 || w.Tags["area"] != "yes" || w.Tags["highway"] != "pedestrian" || w.Tags["name"] != "Place" || len(w.At) != len(w.Nodes) {
					t.Errorf("%s, %s: %+v", tt.special, f.name, w)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", tt.special, f.name, diff)
			}
			if diff := cmp.Diff(tt.warnings, warnings(report)); diff != "" || report.Read != report.Accepted {
				t.Errorf("%s, %s: read %d, accepted %d; warnings (-want +got):\n%s", tt.special, f.name, report.Read, report.Accepted, diff)
			}
		}
	}
}

// TestManyRoadsWithoutNodes: an extract that stops in the middle of its roads is read, and
// told of in a few lines.
func TestManyRoadsWithoutNodes(t *testing.T) {
	objects := []object{pointOf(1, 0, 0, ""), pointOf(2, 100, 0, "")}
	for id := int64(1); id <= 60; id++ {
		objects = append(objects, wayOf(id, "highway=residential", 1, 2, 100+id))
	}
	for id := int64(61); id <= 100; id++ {
		objects = append(objects, wayOf(id, "highway=residential", 1, 100+id))
	}
	for _, f := range formats {
		_, report := readObjects(t, f, objects)
		told := warnings(report)
		const want = "routes sans tous leurs nœuds : 100 nœuds sur 260 sans position dans les fichiers en tout : 60 coupées, 40 laissées de côté ; l'extrait s'arrête sans doute au milieu"
		if got := [...]int{report.Read, report.Accepted, report.Skipped, len(report.Rejected)}; got != [...]int{100, 60, 40, 0} || len(told) != shownRoads+1 || told[shownRoads] != want {
			t.Errorf("%s: read, accepted, skipped, rejected %v; told %q", f.name, got, told)
		}
	}
}
