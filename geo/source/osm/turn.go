package osm

import (
	"slices"

	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// relationKind is what a relation is to us.
type relationKind uint8

const (
	noRelation relationKind = iota
	ofTurn                  // a turn restriction
	ofSquare                // a road around an area
	ofBuilding
	ofHousing
)

func (r *osmRelation) kind() relationKind {
	switch r.tags.get("type") {
	case "restriction":
		return ofTurn
	case "multipolygon":
		u := uses(0)
		for _, t := range r.tags {
			u |= usesOf(t.key, t.value)
		}
		switch {
		case r.tags.get("highway") != "":
			return ofSquare
		case u&isBuilding != 0:
			return ofBuilding
		case u&isHousing != 0:
			return ofHousing
		}
	}
	return noRelation
}

// overWays reports whether a restriction has ways to pass over.
func (r *osmRelation) overWays() bool {
	return slices.ContainsFunc(r.members, func(m member) bool { return m.kind == 'w' && m.role == "via" })
}

// turn is a turn restriction, and the relation that it is from.
type turn struct {
	road.Turn
	relation int64
}

// Why a restriction is not read.
const (
	noValue     = "sans valeur restriction=*"
	brokenTurn  = "membres illisibles"
	noRole      = "sans route de départ (from), d'arrivée (to) ou sans passage (via)"
	viaOther    = "passage (via) par une relation"
	viaSeveral  = "plusieurs nœuds de passage (via)"
	viaAside    = "nœud de passage (via) qui n'est pas sur la route de départ"
	viaUnlinked = "routes de passage (via) qui ne mènent pas, de bout en bout, du départ à l'arrivée"
	onlySeveral = "une seule direction permise (only_…), mais plusieurs arrivées"
	noMember    = "un de ses membres n'est pas une route de ces fichiers"
	lessMembers = "un de ses membres n'est pas une route de ces fichiers ; lue pour les autres"
)

// readTurns gives each restriction to the roads that it starts from, in every
// combination of its members: several may be from in no_entry, and to in no_exit.
func (r *roadReader) readTurns() {
	r.turns = map[int64][]turn{}
	for _, rel := range r.relationsOf(ofTurn) {
		tags := rel.tags.only(street.IsTurnTag)
		idle := street.TurnNotObeyed(tags)
		if len(tags) == 0 {
			idle = nil
		}
		for _, why := range idle {
			r.told.idle.add(string(why), "relation", rel.id)
		}
		if why := r.readTurn(rel, tags); why != "" && idle == nil {
			r.told.unread.add(why, "relation", rel.id)
		}
	}
}

// readTurn reads one restriction, or says why not.
func (r *roadReader) readTurn(rel *osmRelation, tags map[string]string) string {
	var from, to, over, nodes []int64
	add := func(list *[]int64, id int64) {
		if !slices.Contains(*list, id) {
			*list = append(*list, id)
		}
	}
	for _, m := range rel.members {
		switch {
		case m.kind == 'w' && m.role == "from":
			add(&from, m.id)
		case m.kind == 'w' && m.role == "to":
			add(&to, m.id)
		case m.kind == 'w' && m.role == "via":
			add(&over, m.id)
		case m.kind == 'n' && m.role == "via":
			add(&nodes, m.id)
		case m.role == "via":
			return viaOther
		}
	}
	switch {
	case rel.broken:
		return brokenTurn
	case len(tags) == 0:
		return noValue
	case len(from) == 0 || len(to) == 0 || len(nodes)+len(over) == 0:
		return noRole
	case len(over) == 0 && len(nodes) > 1:
		return viaSeveral
	case len(to) > 1 && street.InterpretTurn(tags) == street.OnlyThat:
		return onlySeveral
	}
	missing := func(id int64) bool {
		_, ok := slices.BinarySearch(r.roads, id)
		return !ok || !r.ways.ofUse(id)
	}
	all := len(from) + len(to)
	from, to = slices.DeleteFunc(from, missing), slices.DeleteFunc(to, missing)
	if len(from) == 0 || len(to) == 0 || slices.ContainsFunc(over, missing) {
		return noMember
	}
	var read []turn
	var start []int64 // of each
	for _, f := range from {
		for _, t := range to {
			one := turn{road.Turn{To: t, Tags: tags}, rel.id}
			if len(over) == 0 {
				one.Via = nodes[0]
			} else if one.Over = r.inOrder(f, over, t); one.Over == nil {
				return viaUnlinked
			}
			read, start = append(read, one), append(start, f)
		}
	}
	for i, one := range read {
		r.turns[start[i]] = append(r.turns[start[i]], one)
	}
	if len(from)+len(to) < all {
		return lessMembers
	}
	return ""
}

// inOrder puts the ways that a restriction passes over in the order of travel: each is
// followed from end to end, the first leaves the way from, the last comes to the way to.
// nil when there is no such order.
func (r *roadReader) inOrder(from int64, over []int64, to int64) []int64 {
	const longest, steps = 32, 10_000 // beyond, nobody drew a restriction
	if len(over) > longest {
		return nil
	}
	left := steps
	order := make([]int64, 0, len(over))
	taken := make([]bool, len(over))
	var extend func(at int64, start bool) bool
	extend = func(at int64, start bool) bool {
		if left--; left < 0 {
			return false
		}
		if len(order) == len(over) {
			return slices.Contains(r.members[to], at)
		}
		for i, id := range over {
			nodes := r.members[id]
			if taken[i] || len(nodes) < 2 {
				continue
			}
			taken[i] = true
			order = append(order, id)
			first, last := nodes[0], nodes[len(nodes)-1]
			if (first == at || start && slices.Contains(r.members[from], first)) && extend(last, false) ||
				(last == at || start && slices.Contains(r.members[from], last)) && extend(first, false) {
				return true
			}
			order = order[:len(order)-1]
			taken[i] = false
		}
		return false
	}
	// From an end of the way from, as it should be, else from anywhere on it.
	if nodes := r.members[from]; len(nodes) > 1 {
		if extend(nodes[len(nodes)-1], false) || extend(nodes[0], false) || extend(0, true) {
			return order
		}
	}
	return nil
}
