package street

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
)

// ParseProfile reads a profile, in the form of profile.json. It is strict: a key that
// is unknown, twice there or absent, and a figure out of its range, are errors that
// give the address of the key ("highways.primary.limit_kmh").
func ParseProfile(data []byte) (*Profile, error) {
	r := &profileReader{}
	p := r.profile(data)
	if r.err != nil {
		return nil, fmt.Errorf("parse profile: %w", r.err)
	}
	return p, nil
}

// Ranges of figures.
const (
	fastest  = 150 // km/h
	longest  = 600 // s: of a wait
	allRoads = 8   // edges that meet
)

func (r *profileReader) profile(data []byte) *Profile {
	p := &Profile{access: map[string]access{}, noStops: map[string]map[string]bool{}}
	root := r.object("", data)
	root.ignore("about")

	car := root.section("car")
	p.car.signed = car.percent("signed_pct")
	p.car.roundabout = car.number("roundabout_kmh", 1, fastest)
	p.car.slowest = car.number("slowest_kmh", 1, fastest)
	car.end()

	bike := root.section("bike")
	p.bike.speed = bike.number("kmh", 1, fastest)
	p.bike.shared = bike.number("shared_kmh", 1, fastest)
	p.bike.guest = bike.number("guest_kmh", 1, fastest)
	p.bike.pushed = bike.number("pushed_kmh", 1, fastest)
	p.bike.steps = bike.number("steps_kmh", 0.5, fastest)
	bike.end()

	walk := root.section("walk")
	p.walk.speed = walk.number("kmh", 1, fastest)
	p.walk.steps = walk.number("steps_kmh", 0.5, fastest)
	walk.end()

	ferry := root.section("ferry")
	p.ferry = ferry.number("kmh", 1, fastest)
	ferry.end()

	p.highways = tableOf(root.section("highways"), func(s *section) highway { return s.highway(p.car.signed) })
	p.services = numbers(root.section("services"), 1, fastest)
	p.limits = numbers(root.section("limits"), slowestLimit, fastest)
	p.surfaces = tableOf(root.section("surfaces"), (*section).ground)
	p.tracktypes = tableOf(root.section("tracktypes"), (*section).ground)
	p.smoothness = tableOf(root.section("smoothness"), (*section).ground)
	p.paths = tableOf(root.section("paths"), (*section).ground)
	p.trails = tableOf(root.section("trails"), (*section).ground)
	if _, told := p.tracktypes[untoldTrack]; !told {
		r.fail("tracktypes."+untoldTrack, "missing")
	}

	granted := root.section("access")
	for _, list := range []struct {
		key string
		access
	}{{"open", open}, {"ends", atEnds}, {"closed", closed}} {
		for _, v := range granted.words(list.key) {
			if _, twice := p.access[v]; twice {
				r.fail("access."+list.key, fmt.Sprintf("%q: told twice", v))
			}
			p.access[v] = list.access
		}
	}
	granted.end()

	stops := root.section("stops")
	p.fastCarriageway = stops.number("carriageway_kmh", 1, fastest)
	for _, tag := range stops.words("none") {
		k, v, ok := strings.Cut(tag, "=")
		if !ok || k == "" || v == "" {
			r.fail("stops.none", fmt.Sprintf("%q: expected a tag, key=value or key=*", tag))
		}
		if p.noStops[k] == nil {
			p.noStops[k] = map[string]bool{}
		}
		p.noStops[k][v] = true
	}
	stops.end()

	p.barriers = tableOf(root.section("barriers"), (*section).barrier)
	p.waits = tableOf(root.section("waits"), (*section).seconds)
	for _, tag := range slices.Sorted(maps.Keys(p.waits)) {
		if k, v, ok := strings.Cut(tag, "="); !ok || k == "" || v == "" {
			r.fail("waits."+tag, "expected a tag, key=value")
		}
	}
	junctions := root.section("junctions")
	for _, m := range Modes {
		j := junctions.section(m.String())
		p.junctions[m] = junction{int(j.number("least_roads", 2, allRoads)), j.wait("yield_s"), j.wait("cross_s")}
		j.end()
	}
	junctions.end()
	root.end()
	return p
}

var classNames = map[string]Class{
	"motorway": Motorway, "primary": Primary, "secondary": Secondary, "tertiary": Tertiary, "local": Local, "minor": Minor,
}

func (s *section) highway(signed float64) highway {
	h := highway{limit: s.number("limit_kmh", 0, fastest), driven: s.percent("driven_pct"), access: s.rights()}
	if s.has("guests") {
		h.guests = s.modes("guests")
	}
	if s.has("never") {
		h.never = s.modes("never")
	}
	h.twoWay, h.signed = h.limit, signed
	if s.has("signed_pct") {
		h.signed = s.percent("signed_pct")
	}
	if s.has("two_way_kmh") {
		h.twoWay = s.number("two_way_kmh", 1, fastest)
	}
	name := s.word("class")
	class, ok := classNames[name]
	if !ok {
		s.fail("class", fmt.Sprintf("%q: expected one of %s", name, strings.Join(slices.Sorted(maps.Keys(classNames)), ", ")))
	}
	h.class = class
	if !h.never[Car] && h.limit == 0 {
		s.fail("limit_kmh", "0: expected more, since cars may be let in")
	}
	return h
}

// rights reads who is let in by default; nobody else is.
func (s *section) rights() (rights [NumModes]access) {
	through, ends := s.modes("open"), [NumModes]bool{}
	if s.has("ends") {
		ends = s.modes("ends")
	}
	for _, m := range Modes {
		switch {
		case through[m] && ends[m]:
			s.fail("ends", fmt.Sprintf("%s: told twice", m))
		case through[m]:
			rights[m] = open
		case ends[m]:
			rights[m] = atEnds
		default:
			rights[m] = closed
		}
	}
	return rights
}

func (s *section) ground() (g ground) {
	for _, m := range Modes {
		g.share[m] = s.percent(m.String())
	}
	if s.has("closed") {
		g.closed = s.modes("closed")
	}
	return g
}

func (s *section) barrier() (b barrier) {
	if s.has("closed") {
		b.closed = s.modes("closed")
	}
	if s.has("narrow") {
		s.take("narrow", "true or false", &b.narrow)
	}
	if s.has("wait_s") {
		waits := s.section("wait_s")
		b.wait = waits.seconds()
		waits.end()
	}
	return b
}

// seconds reads a wait of each mode, 0 when absent.
func (s *section) seconds() (waits [NumModes]geo.Cost) {
	for _, m := range Modes {
		if s.has(m.String()) {
			waits[m] = s.wait(m.String())
		}
	}
	return waits
}

// profileReader keeps the first error: reading goes on, and gives zeros.
type profileReader struct{ err error }

func (r *profileReader) fail(address, what string) {
	if r.err == nil {
		if address == "" {
			address = "profile"
		}
		r.err = fmt.Errorf("%s: %s", address, what)
	}
}

// section is an object of the profile. Keys are taken one by one; end refuses those
// that are left.
type section struct {
	r       *profileReader
	address string
	left    map[string]json.RawMessage
}

// object reads the keys of an object.
func (r *profileReader) object(address string, data []byte) *section {
	s := &section{r, address, map[string]json.RawMessage{}}
	dec := json.NewDecoder(bytes.NewReader(data))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		r.fail(address, "expected an object")
		return s
	}
	for dec.More() {
		token, err := dec.Token()
		key, isKey := token.(string)
		var value json.RawMessage
		if err == nil && isKey {
			err = dec.Decode(&value)
		}
		if err != nil {
			r.fail(address, "expected an object: "+err.Error())
			return s
		}
		if _, twice := s.left[key]; twice {
			s.fail(key, "told twice")
		}
		s.left[key] = value
	}
	if _, err := dec.Token(); err != nil || dec.More() {
		r.fail(address, "expected one object, closed")
	}
	s.ignore("source")
	return s
}

func (s *section) at(key string) string {
	if s.address == "" {
		return key
	}
	return s.address + "." + key
}

func (s *section) fail(key, what string) { s.r.fail(s.at(key), what) }

func (s *section) has(key string) bool { _, told := s.left[key]; return told }

// ignore drops what is for people.
func (s *section) ignore(key string) { delete(s.left, key) }

// take decodes a key into v, and reports whether it could.
func (s *section) take(key, expected string, v any) bool {
	raw, told := s.left[key]
	delete(s.left, key)
	switch {
	case !told:
		s.fail(key, "missing; expected "+expected)
	case string(raw) == "null" || json.Unmarshal(raw, v) != nil:
		s.fail(key, fmt.Sprintf("%s: expected %s", raw, expected))
	default:
		return true
	}
	return false
}

func (s *section) number(key string, low, high float64) (v float64) {
	expected := fmt.Sprintf("a number from %g to %g", low, high)
	if s.take(key, expected, &v) && (v < low || v > high) {
		s.fail(key, fmt.Sprintf("%g: expected %s", v, expected))
	}
	return v
}

// percent is a share, written from 0 to 100.
func (s *section) percent(key string) float64 { return s.number(key, 0, 100) / 100 }

func (s *section) wait(key string) geo.Cost {
	return geo.Cost(s.number(key, 0, longest)*float64(geo.Second) + 0.5)
}

func (s *section) word(key string) (v string) {
	s.take(key, "a word", &v)
	return v
}

func (s *section) words(key string) (v []string) {
	s.take(key, "a list of words", &v)
	return v
}

func (s *section) modes(key string) (in [NumModes]bool) {
	for _, name := range s.words(key) {
		m, err := parseMode(name)
		if err != nil {
			s.fail(key, err.Error())
			continue
		}
		in[m] = true
	}
	return in
}

func (s *section) section(key string) *section {
	var raw json.RawMessage
	if !s.take(key, "an object", &raw) {
		raw = json.RawMessage("{}")
	}
	return s.r.object(s.at(key), raw)
}

// end refuses the keys that nobody took.
func (s *section) end() {
	if len(s.left) > 0 {
		s.fail(slices.Sorted(maps.Keys(s.left))[0], "unknown key")
	}
}

// tableOf reads a table of objects.
func tableOf[T any](s *section, read func(*section) T) map[string]T {
	table := map[string]T{}
	for _, key := range slices.Sorted(maps.Keys(s.left)) {
		row := s.section(key)
		table[key] = read(row)
		row.end()
	}
	return table
}

// numbers reads a table of numbers.
func numbers(s *section, low, high float64) map[string]float64 {
	table := map[string]float64{}
	for _, key := range slices.Sorted(maps.Keys(s.left)) {
		table[key] = s.number(key, low, high)
	}
	return table
}
