package bdtopo

import (
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/source/layer"
)

// turns are the forbidden ones: IGN names the section that one comes from, and those that
// one cannot go to from there.
type turns struct {
	bans    []ban
	touched map[string]*section // by cleabs, those that bans name
	of      map[int64][]road.Turn
}

// ban is one object of non_communication.
type ban struct {
	file    string
	row     int
	entry   string
	exits   []string
	at      place // of the node
	located bool
}

// section is what is known of one that a ban names.
type section struct {
	id   int64
	ends []end // first and last; of several parts, those of each
}

// readBans reads a layer of forbidden turns.
func (r *reader) readBans(f found) error {
	return layer.EachOf(r.rec, r.o, f.file, f.Layer, layer.Sink{Use: func(n int, ft layer.Feature) error {
		a := attributes{ft.Attrs}
		b := ban{file: f.file.Name, row: n, entry: a.text(colEntry)}
		b.exits = strings.FieldsFunc(a.text(colExits), func(c rune) bool { return strings.ContainsRune("/,;| ", c) })
		if b.entry == "" || len(b.exits) == 0 {
			r.told.add(note{b.file, colEntry.name(a), "", "non-communications sans tronçon d'entrée ou de sortie, qui ne sont pas suivies"}, n)
			return nil
		}
		if parts, reason := ft.Vertices(); reason == "" && len(parts) == 1 && len(parts[0]) == 1 {
			if at, why := layer.ProjectedFault(ft.CRS, parts[0][0].X, parts[0][0].Y); why == "" {
				b.at, b.located = vertex{at: at}.end().place, true
			}
		}
		for _, cleabs := range append([]string{b.entry}, b.exits...) {
			r.turns.touched[cleabs] = nil
		}
		r.turns.bans = append(r.turns.bans, b)
		return nil
	}})
}

// touch keeps the ends of a section that a ban names.
func (t *turns) touch(cleabs string, lines []line) {
	if known, named := t.touched[cleabs]; !named || known != nil {
		return
	}
	s := &section{id: wayID(cleabs)}
	for _, l := range lines {
		s.ends = append(s.ends, l.ends()...)
	}
	t.touched[cleabs] = s
}

// resolve makes restrictions of the bans, by the node where their sections meet.
func (t *turns) resolve(l levels, told *notes) {
	t.of = map[int64][]road.Turn{}
	for _, b := range t.bans {
		if reason := t.resolveOne(b, l); reason != "" {
			told.add(note{b.file, "", "", reason + ", qui ne sont pas suivies"}, b.row)
		}
	}
}

func (t *turns) resolveOne(b ban, l levels) (reason string) {
	entry := t.touched[b.entry]
	exits := make([]*section, len(b.exits))
	for i, cleabs := range b.exits {
		exits[i] = t.touched[cleabs]
	}
	if entry == nil || slices.Contains(exits, nil) {
		return "non-communications de tronçons absents des fichiers"
	}
	var via []int64 // where one may come from the first to the others
	for _, e := range entry.ends {
		node := l.node(e)
		meets := slices.ContainsFunc(exits, func(s *section) bool { return s.at(l, node) })
		if meets && (!b.located || e.place == b.at) && !slices.Contains(via, node) {
			via = append(via, node)
		}
	}
	if len(via) != 1 {
		return "non-communications dont les tronçons ne se touchent pas en un nœud"
	}
	forbid := func(turn road.Turn) {
		turn.Tags = map[string]string{"restriction": "no_straight_on"} // which way it turns is not told
		known := func(u road.Turn) bool { return u.Via == turn.Via && u.To == turn.To && slices.Equal(u.Over, turn.Over) }
		if !slices.ContainsFunc(t.of[entry.id], known) {
			t.of[entry.id] = append(t.of[entry.id], turn)
		}
	}
	// Exits that all leave the node are so many turns.
	if !slices.ContainsFunc(exits, func(s *section) bool { return !s.at(l, via[0]) }) {
		for _, s := range exits {
			forbid(road.Turn{Via: via[0], To: s.id})
		}
		return ""
	}
	// Else they are a path from there, to its last.
	at := via[0]
	var path []int64
	for len(exits) > 0 {
		i := slices.IndexFunc(exits, func(s *section) bool { return s.at(l, at) })
		if i < 0 {
			return "non-communications dont les tronçons de sortie ne se suivent pas"
		}
		at = exits[i].beyond(l, at)
		path = append(path, exits[i].id)
		exits = slices.Delete(exits, i, i+1)
	}
	last := len(path) - 1
	forbid(road.Turn{Over: path[:last], To: path[last]})
	return ""
}

// at reports whether a section ends at a node.
func (s *section) at(l levels, node int64) bool {
	return slices.ContainsFunc(s.ends, func(e end) bool { return l.node(e) == node })
}

// beyond is the end of a section that is not a node, or that node where both are.
func (s *section) beyond(l levels, node int64) int64 {
	for _, e := range s.ends {
		if other := l.node(e); other != node {
			return other
		}
	}
	return node
}
