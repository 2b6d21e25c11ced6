package street

import (
	"math"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
)

// Speed is in hundredths of a km/h; 0 is closed. Integers keep costs the same on
// every machine.
type Speed uint16

// kmh is a Speed from km/h.
func kmh(v float64) Speed { return Speed(math.Round(v * 100)) }

// KMH is s in km/h.
func (s Speed) KMH() float64 { return float64(s) / 100 }

// Cost is the time over a length in decimetres, rounded to the decisecond, and
// at least one unless the length is 0.
func (s Speed) Cost(lengthDm uint32) geo.Cost {
	if lengthDm == 0 {
		return 0
	}
	// dm / (cs/100 km/h) in ds: 1 dm at 0.01 km/h takes 360 ds.
	c := (uint64(lengthDm)*360 + uint64(s)/2) / uint64(s)
	return geo.Cost(max(c, 1))
}

// Use is what a way offers to one mode: the speed in each direction, in the
// order of its nodes. A direction of Ends is open only to those whose trip starts or
// ends there: a trip never passes through it.
type Use struct {
	Forward, Backward         Speed
	EndsForward, EndsBackward bool
}

// Meaning is what the tags of a way mean. When Duration is not 0 (a ferry), the
// whole way takes that long in every open direction, whatever the speeds.
type Meaning struct {
	Class    Class
	Use      [NumModes]Use
	Town     Use            // what it offers to cars where houses stand around, the same where a sign tells the limit
	Stop     [NumModes]bool // a trip may start or end on it, beside its nodes: one can stop there
	Mean     bool           // what it offers to cars is told from end to end: waits at junctions are in it
	Duration geo.Cost
	Board    geo.Cost // the wait before a ferry leaves, paid on boarding
}

// Open reports whether any mode may use the way.
func (m Meaning) Open() bool { return m.Use != [NumModes]Use{} }

// Interpret tells what the tags of a way mean. A way that is no road (unknown
// highway, under construction) is closed to every mode.
func (p *Profile) Interpret(tags map[string]string) Meaning {
	if tags["route"] == "ferry" {
		return p.interpretFerry(tags)
	}
	rule, known := p.highwayOf(tags["highway"])
	if !known {
		return Meaning{}
	}
	m := Meaning{Class: rule.class}
	says := subjectsOf(tags)
	drive := p.newDrive(rule, tags, says)
	stop := !drive.fast && p.canStop(tags)
	g := p.groundOf(tags)
	trail, _ := p.trail(tags)
	for _, mode := range Modes {
		rights := [2]right{{access: rule.access[mode]}, {access: rule.access[mode]}}
		if says.access {
			rights = p.rights(tags, rule.access[mode], mode)
		}
		for d := range rights {
			// A trail is as hard whoever has the right to go there.
			if rule.never[mode] || trail.closed[mode] || !rights[d].named && (g.closed[mode] || mode != Car && tags["motorroad"] == "yes") {
				rights[d].access = closed
			}
		}
		switch mode {
		case Car:
			m.Use[mode], m.Town = p.carUse(drive, tags, g, rights)
		case Bike:
			m.Use[mode] = p.bikeUse(rule, tags, g, rights)
		case Walk:
			m.Use[mode] = p.walkUse(tags, g, rights)
		}
		m.Stop[mode] = m.Use[mode] != Use{} && stop
	}
	_, m.Mean = meanSpeed(tags)
	return m
}

// highwayOf is the first value of a list that is known.
func (p *Profile) highwayOf(values string) (rule highway, known bool) {
	if rule, known = p.highways[values]; known || !strings.Contains(values, ";") {
		return rule, known
	}
	for v := range strings.SplitSeq(values, ";") {
		if rule, known = p.highways[strings.TrimSpace(v)]; known {
			break
		}
	}
	return rule, known
}

// subjects are what a way says something of: what it does not is not looked up key by key.
type subjects struct{ access, limit bool }

func subjectsOf(tags map[string]string) (says subjects) {
	for k := range tags {
		base, _, _ := strings.Cut(k, ":")
		switch base {
		case "access", "vehicle", "motor_vehicle", "motorcar", "bicycle", "foot":
			says.access = true
		case "maxspeed", "source", "zone":
			says.limit = true
		}
	}
	return says
}

// carUse drives as the road is driven, in the open and where houses stand around; or at a
// mean speed that is told of both, within the limit of the road.
func (p *Profile) carUse(drive drive, tags map[string]string, g ground, rights [2]right) (open, town Use) {
	if mean, told := meanSpeed(tags); told {
		v := kmh(max(min(mean, drive.made), p.car.slowest))
		u := drive.direction.use(rights, v, v)
		return u, u
	}
	top := float64(fastest)
	if tags["highway"] == "service" {
		service := tags["service"]
		if p.noServices[service] && !rights[0].named && !rights[1].named {
			return Use{}, Use{}
		}
		if v, ok := p.services[service]; ok {
			top = v
		}
	}
	if isRoundabout(tags) {
		top = min(top, p.car.roundabout)
	}
	if drive.class == Minor {
		top = min(top, drive.made*drive.driven) // a sign does not make a track faster
	}
	var v, inTown [2]Speed
	for d := range v {
		open, town := drive.speeds(d)
		v[d] = kmh(max(min(open, top)*g.share[Car], p.car.slowest))
		inTown[d] = kmh(max(min(town, top)*g.share[Car], p.car.slowest))
	}
	return drive.direction.use(rights, v[0], v[1]), drive.direction.use(rights, inTown[0], inTown[1])
}

// bikeUse rides where bicycles are let in, pushes where they must be pushed, and goes at
// the pace of walkers where it is their guest.
func (p *Profile) bikeUse(rule highway, tags map[string]string, g ground, rights [2]right) Use {
	v := p.bike.speed * g.share[Bike]
	dir := bikeOneway(tags)
	switch highway := tags["highway"]; {
	case highway == "steps":
		v = p.bike.steps
	case tags["bicycle"] == "dismount":
		v = p.bike.pushed
	case rule.guests[Bike] && !rights[0].named && !rights[1].named:
		v = min(v, p.bike.guest)
		if _, told := tags["oneway:bicycle"]; !told {
			dir = bothWays
		}
	case highway == "footway" || highway == "pedestrian" || highway == "path":
		v = min(v, p.bike.shared)
	}
	return dir.use(rights, kmh(v), kmh(v))
}

// walkUse walks both ways: one-way signs are for vehicles, unless oneway:foot says
// otherwise.
func (p *Profile) walkUse(tags map[string]string, g ground, rights [2]right) Use {
	v := p.walk.speed * g.share[Walk]
	if tags["highway"] == "steps" {
		v = p.walk.steps
	}
	return parseOneway(tags["oneway:foot"]).use(rights, kmh(v), kmh(v))
}

// trail is what sac_scale says of a way; of a track, that a trail follows it, which closes
// nothing: wheels have made it.
func (p *Profile) trail(tags map[string]string) (g ground, told bool) {
	g, told = p.trails[tags["sac_scale"]]
	if tags["highway"] == "track" {
		g.closed = [NumModes]bool{}
	}
	return g, told
}

// groundOf combines what surface, tracktype, smoothness and sac_scale say; of a way
// where none does, what its kind is known for.
func (p *Profile) groundOf(tags map[string]string) ground {
	g, told := hard, false
	add := func(table map[string]ground, value string) {
		if w, known := table[value]; known {
			g, told = g.worse(w), true
		}
	}
	for _, t := range [...]struct {
		table  map[string]ground
		values string
	}{
		{p.surfaces, tags["surface"]}, {p.smoothness, tags["smoothness"]},
	} {
		if !strings.Contains(t.values, ";") {
			add(t.table, t.values)
			continue
		}
		for v := range strings.SplitSeq(t.values, ";") { // a way that has several
			add(t.table, strings.TrimSpace(v))
		}
	}
	if w, known := p.trail(tags); known {
		g, told = g.worse(w), true
	}
	// On another road than a track, a grade is a remark: its surface is believed first.
	if w, known := p.tracktypes[tags["tracktype"]]; known && (tags["highway"] == "track" || !told) {
		if tags["highway"] != "track" {
			w.closed = [NumModes]bool{}
		}
		g, told = g.worse(w), true
	}
	if told {
		return g
	}
	if tags["highway"] == "track" {
		return p.tracktypes[untoldTrack]
	}
	if w, known := p.paths[tags["highway"]]; known {
		return w
	}
	return hard
}
