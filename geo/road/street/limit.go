package street

import "strings"

// limit is what tags say of the speed of cars in one direction.
type limit struct {
	kmh float64
	by  authority
}

// authority is where a limit comes from. Where there is no sign, a road is driven as it
// is made, not at the limit of the law.
type authority uint8

const (
	nobody   authority = iota // the tags say nothing: the road has the limit of its kind
	lawRural                  // that of the law outside built-up areas, or of a kind of road
	lawTown                   // that of the law in them
	sign
)

// limitKeys are the keys that give a limit to cars, most particular first, by direction.
var limitKeys = [2][]string{limitKeysOf("forward"), limitKeysOf("backward")}

func limitKeysOf(direction string) (keys []string) {
	for _, k := range [...]string{"maxspeed:motorcar", "maxspeed:motor_vehicle", "maxspeed"} {
		keys = append(keys, k+":"+direction, k)
	}
	return append(keys, "maxspeed:both", "maxspeed:lanes:"+direction, "maxspeed:lanes", "zone:maxspeed")
}

// lawKeys tell why a limit is what it is.
var lawKeys = [...]string{"source:maxspeed", "maxspeed:type", "zone:traffic"}

// limitOf is the limit for cars. A number is one of a sign, unless the tags say that
// it is the law's for such a place; a lower one is a sign's all the same. Nothing is told
// by "none", "signals", "variable" and what cannot be read.
func (p *Profile) limitOf(tags map[string]string, d int) limit {
	var law limit
	for _, k := range lawKeys {
		if law = p.parseLimit(tags[k]); law.by != nobody {
			break
		}
	}
	for _, k := range limitKeys[d] {
		l := p.parseLimit(tags[k])
		if strings.HasPrefix(k, "maxspeed:lanes") {
			l = p.fastestLane(tags[k])
		}
		switch {
		case l.by == nobody:
			continue
		case l.by == sign && (l.kmh == law.kmh || law.by == lawRural && l.kmh > law.kmh):
			return limit{l.kmh, law.by} // of another year, or of another place where it is higher
		}
		return l
	}
	return law
}

// parseLimit reads a number, or the name of a kind of place. Names of places with a sign
// of their own ("living_street") are signs.
func (p *Profile) parseLimit(value string) limit {
	number, name := parseSpeed(value)
	switch {
	case number > 0:
		return limit{number, sign}
	case name == "":
		return limit{}
	}
	place := withoutCountry(name)
	number, known := p.limits[name]
	if !known {
		number, known = p.limits[place]
	}
	switch {
	case !known:
		return limit{}
	case p.lawNames.town[place]:
		return limit{number, lawTown}
	case p.lawNames.rural[place]:
		return limit{number, lawRural}
	}
	return limit{number, sign}
}

// fastestLane is the highest limit of lanes side by side.
func (p *Profile) fastestLane(lanes string) (fastest limit) {
	for lane := range strings.SplitSeq(lanes, "|") {
		if l := p.parseLimit(lane); l.kmh > fastest.kmh {
			fastest = l
		}
	}
	return fastest
}

// readsSpeed reports whether a limit is one that is read, or known to name none.
func (p *Profile) readsSpeed(value string) bool {
	switch strings.TrimSpace(value) {
	case "none", "signals", "variable", "unknown":
		return true
	}
	return p.parseLimit(value).by != nobody
}

// drive is how a road is driven.
type drive struct {
	highway
	direction         // of cars
	made      float64 // km/h, the limit of its kind
	limits    [2]limit
	fast      bool    // a carriageway as fast as those that are built without access to what they pass
	rural     float64 // km/h, the limit of the law outside built-up areas
	urban     float64 // and in them
}

func (p *Profile) newDrive(rule highway, tags map[string]string, says subjects) drive {
	r := drive{highway: rule, direction: oneway(tags), rural: p.limits["rural"], urban: p.limits["urban"]}
	r.made = rule.limitOf(r.direction)
	fastest := r.made
	if says.limit {
		r.limits = [2]limit{p.limitOf(tags, 0), p.limitOf(tags, 1)}
		if told := max(r.limits[0].kmh, r.limits[1].kmh); told > 0 {
			fastest = told
		}
	}
	r.fast = tags["motorroad"] == "yes" || tags["expressway"] == "yes" || r.direction != bothWays && fastest >= p.fastCarriageway
	return r
}

// speeds are those in km/h at which a road is driven in one direction: in the open, and
// where houses stand around.
func (r drive) speeds(d int) (open, town float64) {
	l := r.limits[d]
	if l.by == sign {
		v := min(l.kmh*r.signed, r.cap)
		return v, v
	}
	open = r.made * r.driven
	if l.by == lawRural && (l.kmh < r.made || r.made >= r.rural) {
		open = l.kmh * r.driven // the limit of its kind is the law's, and this the law there
	}
	if l.by == lawTown {
		r.urban = l.kmh
	}
	town = min(open, min(r.made, r.urban)*r.town)
	switch {
	case l.by == lawTown:
		return town, town
	case l.by == lawRural || r.fast:
		return open, open // it says that it is in no town, or is built apart from it
	}
	return open, town
}
