package stat

import (
	"cmp"
	"fmt"
	"math"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
	"github.com/aisne-numerique/maillage/geo/store"
)

// survey is what the first reading finds: the communes whose values are not in one row
// alone, and the people of their parts. The second gathers the values of these.
type survey struct {
	perValue bool              // there is a long table: a row is a value
	rows     map[string]int    // how many, by commune, and variable where a row is a value
	whole    map[string]bool   // communes that have a row of their own
	divided  map[string]bool   // communes with rows of parts
	communes map[string]string // of parts that have rows
	people   map[string]int64  // of parts, in thousandths
	parts    map[string][]string
	values   map[valueKey]*gathered
	handed   map[valueKey]bool // values of communes that were handed over, or cannot be
	joined   map[string]bool   // communes with a value made of those of their parts
	partial  int               // values left unknown, for want of parts
}

// valueKey is a variable of a commune, or of a part.
type valueKey struct{ unit, name string }

// gathered is what the tables say of one variable of one unit.
type gathered struct {
	first     source.Address
	value     float64
	other     source.Address // of the first row that says another value
	different *float64
}

func newSurvey() *survey {
	return &survey{rows: map[string]int{}, whole: map[string]bool{}, divided: map[string]bool{}, communes: map[string]string{}, people: map[string]int64{},
		parts: map[string][]string{}, values: map[valueKey]*gathered{}, handed: map[valueKey]bool{}, joined: map[string]bool{}}
}

// code is that of the part, or of the commune when the row is about the whole of it.
func (u unit) code() string { return cmp.Or(u.part, u.commune) }

// note takes a row of the first reading.
func (s *survey) note(u unit, names []named, long bool) {
	switch {
	case u.part != "":
		s.divided[u.commune], s.communes[u.part] = true, u.commune
	case long:
		s.whole[u.commune] = true
		for _, n := range names {
			s.rows[u.commune+" "+n.name]++
		}
	default:
		s.whole[u.commune] = true
		s.rows[u.commune]++
	}
}

// weigh keeps the people of a part.
func (s *survey) weigh(part, commune string, people float64) {
	const most = 1e9
	if _, known := s.people[part]; known || !(people >= 0 && people < most) {
		return
	}
	s.people[part] = int64(math.Round(1000 * people))
	s.parts[commune] = append(s.parts[commune], part)
}

// close ends the first reading: parts of which some have no known people cannot be joined.
func (s *survey) close() {
	for part, commune := range s.communes {
		if _, known := s.people[part]; !known {
			delete(s.parts, commune)
		}
	}
}

// scattered reports whether any commune has values to gather.
func (s *survey) scattered() bool {
	if len(s.divided) > 0 || s.perValue {
		return true
	}
	for _, n := range s.rows {
		if n > 1 {
			return true
		}
	}
	return false
}

// joinable reports whether the parts of a commune can be joined.
func (s *survey) joinable(commune string) bool { return len(s.parts[commune]) > 0 }

// isScattered reports whether a value of a row is to be gathered.
func (s *survey) isScattered(p *plan, u unit, name string) bool {
	switch {
	case u.part != "":
		return !s.whole[u.commune] && s.joinable(u.commune)
	case p.long():
		return s.rows[u.commune+" "+name] > 1 || s.rows[u.commune] > 0
	}
	return s.perValue || s.rows[u.commune] > 1
}

// gather takes the values of a row of the second reading.
func (s *survey) gather(p *plan, r sheet.Row, u unit, values []named) error {
	here := source.Address{File: p.f.Name, Row: r.Line}
	for _, n := range values {
		if n.bad || !n.known || !s.isScattered(p, u, n.name) {
			continue
		}
		key := valueKey{u.code(), n.name}
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
// tell it. What adds up is the sum of the parts, all of which must be known; else it is
// their mean by their people, when the parts that are known have half of them at least.
func (s *survey) join(commune string, n named) (value float64, ok bool) {
	var all, known int64
	sum, mean, complete := 0.0, 0.0, true
	for _, part := range s.parts[commune] { // in the order of the tables
		people := s.people[part]
		all += people
		g := s.values[valueKey{part, n.name}]
		if g == nil || g.different != nil {
			complete = complete && people == 0
			continue
		}
		known += people
		sum, mean = sum+g.value, mean+g.value*float64(people)
	}
	switch {
	case n.count:
		return sum, complete
	case known == 0 || 2*known < all:
		return 0, false
	}
	return mean / float64(known), true
}

// tellJoined says which communes were made of their parts.
func (s *survey) tellJoined(rec *source.Recorder, file string) {
	if len(s.joined) > 0 {
		rec.Warn(file, 0, "", "", fmt.Sprintf("communes dont les valeurs sont celles de leurs IRIS ou arrondissements, réunies selon leur population : %d", len(s.joined)))
	}
	if s.partial > 0 {
		rec.Warn(file, 0, "", "", fmt.Sprintf("valeurs de communes laissées inconnues, faute de connaître assez de leurs IRIS ou arrondissements : %d", s.partial))
	}
}

// settle hands over, or rejects, one value of a row.
func (v *variableReader) settle(p *plan, r sheet.Row, u unit, n named) error {
	s := v.survey
	g := s.values[valueKey{u.code(), n.name}]
	if g != nil && g.different != nil {
		other, value := g.first, g.value
		if n.value == g.value {
			other, value = g.other, *g.different
		}
		v.rec.Reject(p.f.Name, r.Line, p.header[n.column], source.Clean(r.Fields[n.column]),
			fmt.Sprintf("%s a une autre valeur à %s (%v) ; attendu une seule valeur", u.code(), other, value))
		return nil
	}
	key := valueKey{u.commune, n.name}
	if g != nil && s.handed[key] {
		v.rec.Merged++
		return nil
	}
	if g != nil {
		s.handed[key] = true
	}
	value := n.value
	if u.part != "" {
		var ok bool
		if value, ok = s.join(u.commune, n); !ok {
			s.partial++
			v.rec.Skipped++
			return nil
		}
		s.joined[u.commune] = true
	}
	return v.emit(store.Variable{Level: store.LevelCommune, Code: u.commune, Name: n.name, Value: value})
}
