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
// it is the law's for such a place. Nothing is told by "none", "signals", "variable" and
// what cannot be read.
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
		case l.by == sign && l.kmh == law.kmh:
			return law
		}
		return l
	}
	return law
}

// parseLimit reads a number, or the name of a kind of place. Names of places with a sign
// of their own ("living_street") are signs.
func (p *Profile) parseLimit(value string) limit {
	number, name := parseSpeed(value)
	if number > 0 {
		return limit{number, sign}
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

// driven are the speeds in km/h at which a road is driven in one direction: as it is, and
// where houses stand around.
func (p *Profile) driven(rule highway, tags map[string]string, d int, dir direction) (free, town float64) {
	l := p.limitOf(tags, d)
	made := rule.limitOf(dir)
	free = made * rule.driven
	if l.by == lawRural && (l.kmh < made || made >= p.limits["rural"]) {
		free = l.kmh * rule.driven // the limit of the road is the law's, and this the law there
	}
	inTown := p.limits["urban"]
	if l.by == lawTown {
		inTown = l.kmh
	}
	town = min(free, min(made, inTown)*rule.town)
	switch {
	case l.by == sign:
		free = min(l.kmh*rule.signed, rule.cap)
		town = free
	case l.by == lawTown:
		free = town
	case l.by == lawRural || p.isFast(rule, tags, dir):
		town = free // it says that it is in no town, or is built apart from it
	}
	return free, town
}

// isFast reports whether a way is a carriageway of its own that is as fast as those that
// are built without access to what they pass.
func (p *Profile) isFast(rule highway, tags map[string]string, dir direction) bool {
	if tags["motorroad"] == "yes" || tags["expressway"] == "yes" {
		return true
	}
	if dir == bothWays {
		return false
	}
	fastest := 0.0
	for d := range 2 {
		l := p.limitOf(tags, d)
		if l.by == nobody {
			l.kmh = rule.limitOf(dir)
		}
		fastest = max(fastest, l.kmh)
	}
	return fastest >= p.fastCarriageway
}
