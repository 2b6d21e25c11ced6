package street

import (
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
	fastest        = 150 // km/h
	longest        = 600 // s: of a wait
	allRoads       = 8   // edges that meet
	widestJunction = 200 // m
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
	p.ferry.speed = ferry.number("kmh", 1, fastest)
	p.ferry.berth = ferry.wait("berth_s")
	p.ferry.wait = ferry.percent("wait_pct")
	ferry.end()

	p.highways = tableOf(root.section("highways"), func(s *section) highway { return s.highway(p.car.signed) })
	services := root.section("services")
	p.noServices = services.set("closed")
	p.services = numbers(services, 1, fastest)
	limits := root.section("limits")
	p.lawNames.town, p.lawNames.rural = limits.set("law_in_town"), limits.set("law_outside")
	p.limits = numbers(limits, slowestLimit, fastest)
	for _, name := range [...]string{"urban", "rural"} {
		if _, told := p.limits[name]; !told {
			r.fail("limits."+name, "missing")
		}
	}
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
	signals := root.section("signals")
	p.signals = signals.number("junction_m", 0, widestJunction)
	signals.end()
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
	h.town, h.cap = h.driven, fastest
	if s.has("town_pct") {
		h.town = s.number("town_pct", 0, 120) / 100 // on main roads, more than the limit: between what is driven and Valhalla
	}
	if s.has("cap_kmh") {
		h.cap = s.number("cap_kmh", 1, fastest)
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
