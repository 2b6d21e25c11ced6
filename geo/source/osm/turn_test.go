package osm

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/road"
)

// crossroads are ways 1 (nodes 1 2), 2 (2 3), 3 (3 4), 4 (4 5), 5 (5 4 9), 6 (2 8), one
// after the other, a branch at the end, and one at node 2.
func crossroads() (objects []object) {
	for n := int64(1); n <= 9; n++ {
		objects = append(objects, pointOf(n, 100*n, 30*(n%3), ""))
	}
	for i, nodes := range [][]int64{{1, 2}, {2, 3}, {4, 3}, {4, 5}, {5, 4, 9}, {2, 8}} {
		objects = append(objects, wayOf(int64(i+1), "highway=tertiary", nodes...))
	}
	return append(objects, wayOf(7, "waterway=river", 3, 4))
}

func TestRestrictions(t *testing.T) {
	type turns map[int64][]road.Turn
	tags := func(v string) map[string]string { return map[string]string{"restriction": v} }
	over := func(to int64, v string, ways ...int64) road.Turn { return road.Turn{To: to, Over: ways, Tags: tags(v)} }
	via := func(to, node int64, v string) road.Turn { return road.Turn{To: to, Via: node, Tags: tags(v)} }
	unread := func(n string, why string) []string { return []string{n + ", dont celle-ci : " + why} }
	const one = "relation/1 : 1 interdiction de tourner non lue"
	for _, tt := range []struct {
		special, members, tags string
		want                   turns
		warnings               []string
	}{
		{"over a node", "w1 from n2 via w2 to", "restriction=no_left_turn", turns{1: {via(2, 2, "no_left_turn")}}, nil},
		{"back on the way that one came by", "w1 from n2 via w1 to", "restriction=no_u_turn", turns{1: {via(1, 2, "no_u_turn")}}, nil},
		{"over a way", "w1 from w2 via w3 to", "restriction=no_u_turn", turns{1: {over(3, "no_u_turn", 2)}}, nil},
		{"over two ways in the order of travel", "w1 from w2 via w3 via w4 to", "restriction=no_u_turn", turns{1: {over(4, "no_u_turn", 2, 3)}}, nil},
		{"over two ways the other way round", "w1 from w3 via w2 via w4 to", "restriction=no_u_turn", turns{1: {over(4, "no_u_turn", 2, 3)}}, nil},
		{"the members in any order", "w4 to w3 via w1 from w2 via", "restriction=only_straight_on", turns{1: {over(4, "only_straight_on", 2, 3)}}, nil},
		{"the ends of ways told beside them", "w1 from n2 via w2 via n3 via w3 to", "restriction=no_u_turn", turns{1: {over(3, "no_u_turn", 2)}}, nil},
		{"to a way that goes on beyond", "w1 from w2 via w3 via w5 to", "restriction=no_left_turn", turns{1: {over(5, "no_left_turn", 2, 3)}}, nil},
		{"several from", "w1 from w6 from n2 via w2 to", "restriction=no_entry", turns{1: {via(2, 2, "no_entry")}, 6: {via(2, 2, "no_entry")}}, nil},
		{"several to", "w1 from n2 via w2 to w6 to", "restriction=no_exit", turns{1: {via(2, 2, "no_exit"), via(6, 2, "no_exit")}}, nil},
		{"several from over a way", "w1 from w6 from w2 via w3 to", "restriction=no_entry", turns{1: {over(3, "no_entry", 2)}, 6: {over(3, "no_entry", 2)}}, nil},
		{"one of several is not there", "w1 from n2 via w2 to w99 to", "restriction=no_exit", turns{1: {via(2, 2, "no_exit")}},
			unread(one, "un de ses membres n'est pas une route de ces fichiers ; lue pour les autres")},
		{"a way that is not there", "w1 from w99 via w3 to", "restriction=no_u_turn", nil, unread(one, noMember)},
		{"a way that is no road", "w1 from w2 via w7 to", "restriction=no_u_turn", nil, unread(one, noMember)},
		{"ways that do not meet", "w1 from w4 via w3 to", "restriction=no_u_turn", nil, unread(one, viaUnlinked)},
		{"ways that do not come to the end", "w1 from w2 via w4 to", "restriction=no_u_turn", nil, unread(one, viaUnlinked)},
		{"a node that is elsewhere", "w1 from n5 via w2 to", "restriction=no_u_turn", nil, unread(one, viaAside)},
		{"two nodes", "w1 from n2 via n3 via w3 to", "restriction=no_u_turn", nil, unread(one, viaSeveral)},
		{"a relation", "w1 from r5 via w3 to", "restriction=no_u_turn", nil, unread(one, viaOther)},
		{"no via", "w1 from w3 to", "restriction=no_u_turn", nil, unread(one, noRole)},
		{"no from", "n2 via w3 to", "restriction=no_u_turn", nil, unread(one, noRole)},
		{"one way to go, but two", "w1 from n2 via w2 to w6 to", "restriction=only_straight_on", nil, unread(one, onlySeveral)},
		{"no restriction", "w1 from n2 via w2 to", "note=x", nil, unread(one, noValue)},
		{"other relations", "w1 from n2 via w2 to", "type=enforcement restriction=no_u_turn", nil, nil},
		{"by hour", "w1 from n2 via w2 to", "restriction:conditional=no_left_turn@(06:00-09:00)",
			turns{1: {{To: 2, Via: 2, Tags: map[string]string{"restriction:conditional": "no_left_turn@(06:00-09:00)"}}}},
			[]string{"relation/1 : 1 interdiction de tourner, dont celle-ci, sans effet sur les voitures : selon l’heure ou la saison"}},
		{"of lorries, and not there: once", "w1 from n2 via w99 to", "restriction:hgv=no_left_turn", nil,
			[]string{"relation/1 : 1 interdiction de tourner, dont celle-ci, sans effet sur les voitures : selon le véhicule"}},
	} {
		rel := relationOf(1, tt.members, tt.tags)
		if rel.tags.get("type") == "" {
			rel.tags = append(rel.tags, tag{"type", "restriction"})
		}
		for _, f := range formats {
			ways, report := readObjects(t, f, append(crossroads(), rel))
			got := turns{}
			for _, w := range ways {
				if w.Turns != nil {
					got[w.ID] = w.Turns
				}
			}
			want := tt.want
			if want == nil {
				want = turns{}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", tt.special, f.name, diff)
			}
			if diff := cmp.Diff(tt.warnings, warnings(report)); diff != "" {
				t.Errorf("%s, %s: warnings (-want +got):\n%s", tt.special, f.name, diff)
			}
		}
	}
}

// TestInOrder compares the order of ways that are passed over with a search of every
// order and direction.
func TestInOrder(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	found := 0
	for range 3000 {
		r := roadReader{members: map[int64][]int64{}}
		for id := int64(1); id <= 6; id++ {
			for range 2 + random.IntN(2) {
				r.members[id] = append(r.members[id], int64(1+random.IntN(5)))
			}
		}
		over := []int64{3, 4, 5, 6}[:1+random.IntN(4)]
		// joins reports whether the ways lead from the first to the last, in this order.
		joins := func(order []int64) bool {
			ends := r.members[1]
			for _, id := range order {
				nodes := r.members[id]
				var next []int64
				if slices.Contains(ends, nodes[0]) {
					next = append(next, nodes[len(nodes)-1])
				}
				if slices.Contains(ends, nodes[len(nodes)-1]) {
					next = append(next, nodes[0])
				}
				ends = next
			}
			return slices.ContainsFunc(ends, func(n int64) bool { return slices.Contains(r.members[2], n) })
		}
		possible := false
		var permute func(k int, order []int64)
		permute = func(k int, order []int64) {
			if k == len(order) {
				possible = possible || joins(order)
				return
			}
			for i := k; i < len(order); i++ {
				order[k], order[i] = order[i], order[k]
				permute(k+1, order)
				order[k], order[i] = order[i], order[k]
			}
		}
		permute(0, slices.Clone(over))
		got := r.inOrder(1, over, 2)
		sorted := slices.Clone(got)
		slices.Sort(sorted)
		if (got != nil) != possible || got != nil && (!joins(got) || !slices.Equal(sorted, over)) {
			t.Fatalf("seed %d: %v over %v: got %v, possible %v", seed, r.members, over, got, possible)
		}
		if possible {
			found++
		}
	}
	if found < 300 {
		t.Errorf("seed %d: only %d of 3000 worlds have an order", seed, found)
	}
}
