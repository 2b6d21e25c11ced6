package stat

import (
	"fmt"
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/store"
)

// survey is what the first reading finds: the communes whose values are not in one row
// alone, and the people of their parts. The second gathers the values of these.
type survey struct {
	perValue bool             // there is a long table: a row is a value
	rows     map[string]int   // how many, by unit, and variable where a row is a value
	whole    map[string]bool  // communes that have a row of their own
	targets  map[string]bool  // communes that others moved to
	joinedBy map[string]bool  // of them, those that others with rows moved to
	people   map[string]int64 // of parts, in thousandths
	parts    map[string][]string
	known    map[string]bool // parts
	counts   bool            // some variable adds up, so that parts without people may be joined
	values   map[valueKey]*gathered
	handed   map[valueKey]bool // values that were handed over, or cannot be
	joined   map[string]bool   // communes with a value made of those of their parts
	merged   map[string]bool   // of them, those made of communes that merged
	partial  int               // values left unknown, for want of parts
}

// valueKey is a variable of a unit.
type valueKey struct{ unit, name string }

// gathered is what the tables say of one variable of one unit.
type gathered struct {
	first     source.Address
	value     float64
	other     source.Address // of the first row that says another value
	different *float64
}

func newSurvey(moves *source.Moves) *survey {
	return &survey{rows: map[string]int{}, whole: map[string]bool{}, targets: moves.Targets(), joinedBy: map[string]bool{}, people: map[string]int64{},
		parts: map[string][]string{}, known: map[string]bool{}, values: map[valueKey]*gathered{}, handed: map[valueKey]bool{}, joined: map[string]bool{}, merged: map[string]bool{}}
}

// note takes a row of the first reading.
func (s *survey) note(u unit, names []named, long bool) {
	switch {
	case u.part != "":
		s.joinedBy[u.place] = s.joinedBy[u.place] || u.moved
		s.part(u.place, u.part)
	case u.level == store.LevelCommune:
		s.whole[u.place] = true
		if s.targets[u.place] { // it may be a part beside those that moved to it
			s.part(u.place, u.place)
		}
	}
	if long {
		for _, n := range names {
			s.rows[u.key()+" "+n.name]++
		}
	} else {
		s.rows[u.key()]++
	}
}

// part notes a part of a commune.
func (s *survey) part(commune, part string) {
	if !s.known[part] {
		s.known[part] = true
		s.parts[commune] = append(s.parts[commune], part)
	}
}

// weigh keeps the people of a part.
func (s *survey) weigh(u unit, people float64) {
	const most = 1e9
	part := u.part
	if part == "" && s.targets[u.place] {
		part = u.place
	}
	if _, known := s.people[part]; part == "" || known || !(people >= 0 && people < most) {
		return
	}
	s.part(u.place, part)
	s.people[part] = int64(math.Round(1000 * people))
}

// close ends the first reading: a commune that others moved to is one of the parts of itself,
// and has no row of the whole.
func (s *survey) close() {
	for commune := range s.targets {
		if s.joinedBy[commune] {
			delete(s.whole, commune)
		} else {
			delete(s.parts, commune)
		}
	}
}

// resolve makes the row of a commune that others moved to a part of it.
func (s *survey) resolve(u unit) unit {
	if u.part == "" && u.level == store.LevelCommune && s.joinedBy[u.place] {
		u.part, u.moved = u.place, true
	}
	return u
}

// scattered reports whether any place has values to gather.
func (s *survey) scattered() bool {
	if len(s.parts) > 0 || s.perValue {
		return true
	}
	for _, n := range s.rows {
		if n > 1 {
			return true
		}
	}
	return false
}

// weighable reports whether the people of every part of a commune are known.
func (s *survey) weighable(commune string) bool {
	return len(s.parts[commune]) > 0 && !slices.ContainsFunc(s.parts[commune], func(part string) bool { _, known := s.people[part]; return !known })
}

// joinable reports whether the part of a commune can be joined with the others: by people, or
// because what it gives adds up. IRIS are joined by people alone, since a table may lack some.
func (s *survey) joinable(u unit) bool {
	return s.weighable(u.place) || s.counts && !u.isIRIS()
}

// isScattered reports whether a value of a row is to be gathered.
func (s *survey) isScattered(p *plan, u unit, name string) bool {
	switch {
	case u.part != "" && !s.whole[u.place] && s.joinable(u):
		return true
	case p.long():
		return s.rows[u.key()+" "+name] > 1 || s.rows[u.key()] > 0
	}
	return s.perValue || s.rows[u.key()] > 1
}

// gather takes the values of a row of the second reading.
func (s *survey) gather(p *plan, r *record, u unit, values []named) error {
	for _, n := range values {
		if n.fault != "" || !n.known || !s.isScattered(p, u, n.name) {
			continue
		}
		here := source.Address{File: p.f.Name, Row: n.line}
		key := valueKey{u.key(), n.name}
		switch g := s.values[key]; {
		case g == nil:
			s.values[key] = &gathered{first: here, value: n.value}
		case g.value != n.value && g.different == nil:
			value := n.value
			g.different, g.other = &value, here
		}
	}
	return nil
}

// join is the value of a commune made of those of its parts; ok is false when they do not
// tell it. What adds up is the sum of the parts, all of which must be known; what is made of
// such sums is made of them again; else it is their mean by their people, when the parts that
// are known have half of them at least.
func (s *survey) join(p *plan, commune string, one *variable) (value float64, ok bool) {
	var all, known int64
	sum, mean, complete := 0.0, 0.0, true
	for _, part := range s.parts[commune] { // in the order of the tables
		people := s.people[part]
		all += people
		g := s.values[valueKey{part, one.name}]
		if g == nil || g.different != nil {
			_, weighed := s.people[part]
			complete = complete && weighed && people == 0
			continue
		}
		known += people
		sum, mean = sum+g.value, mean+g.value*float64(people)
	}
	if one.kind == count {
		return sum, complete
	}
	if one.derived && len(p.variables) > 0 {
		c := one.formula.compute(nil, func(i int) cell {
			v, ok := s.join(p, commune, &p.variables[i])
			return cell{value: v, known: ok}
		})
		if v, fault := one.kind.within(one.name, c.value); c.known && fault == "" {
			return v, true
		}
	}
	if !s.weighable(commune) || known == 0 || 2*known < all {
		return 0, false
	}
	return mean / float64(known), true
}

// tellJoined says which communes were made of their parts.
func (s *survey) tellJoined(rec *source.Recorder, file string) {
	if n := len(s.joined) - len(s.merged); n > 0 {
		rec.Warn(file, 0, "", "", fmt.Sprintf("communes dont les valeurs sont celles de leurs IRIS ou arrondissements, réunies selon leur population : %d", n))
	}
	if len(s.merged) > 0 {
		rec.Warn(file, 0, "", "", fmt.Sprintf("communes actuelles dont les valeurs sont celles d'anciennes communes, effectifs ajoutés et parts pondérées : %d", len(s.merged)))
	}
	if s.partial > 0 {
		rec.Warn(file, 0, "", "", fmt.Sprintf("valeurs de communes laissées inconnues, faute de connaître assez de leurs IRIS, arrondissements ou anciennes communes : %d", s.partial))
	}
}

// settle hands over, or rejects, one value of a row.
func (v *variableReader) settle(p *plan, u unit, n named) error {
	s := v.survey
	g := s.values[valueKey{u.key(), n.name}]
	if g != nil && g.different != nil {
		other, value := g.first, g.value
		if n.value == g.value {
			other, value = g.other, *g.different
		}
		v.rec.Reject(p.f.Name, n.line, n.field, source.Clean(n.text),
			fmt.Sprintf("%s a une autre valeur à %s (%v) ; attendu une seule valeur", u.code(), other, value))
		return nil
	}
	joining := u.part != "" && s.joinable(u)
	out := store.Variable{Level: u.level, Code: u.place, Name: n.name, Value: n.value}
	key := valueKey{u.place, n.name}
	if u.part != "" && !joining {
		out.Level, out.Code, key.unit = store.LevelIRIS, u.part, u.part
	} else if !joining {
		key.unit = u.key()
	}
	if g != nil && s.handed[key] {
		v.rec.Merged++
		return nil
	}
	if g != nil {
		s.handed[key] = true
	}
	if joining {
		var ok bool
		if out.Value, ok = s.join(p, u.place, n.variable); !ok {
			s.partial++
			v.rec.Skipped++
			return nil
		}
		s.joined[u.place] = true
		if u.moved {
			s.merged[u.place] = true
		}
	}
	return v.emit(out)
}
