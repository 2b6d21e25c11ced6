package street

import (
	"math"

	"github.com/aisne-numerique/maillage/geo"
)

// interpretFerry tells whom a boat carries, and for how long: its own duration, or what a
// boat takes over its length, putting off and mooring included. Half of the interval, or
// what the profile says of it, is waited for it. Nobody starts or ends a trip on water.
func (p *Profile) interpretFerry(tags map[string]string) Meaning {
	m := Meaning{Class: Ferry}
	if d, read := parseDuration(tags["duration"]); read {
		m.Duration = d
	} else {
		m.Board = p.ferry.berth
	}
	if interval, read := parseDuration(tags["interval"]); read {
		m.Board += geo.Cost(math.Round(float64(interval) * p.ferry.wait))
	}
	v := kmh(p.ferry.speed)
	for mode, carried := range p.carried(tags) {
		m.Use[mode] = oneway(tags).use(p.rights(tags, carried, Mode(mode)), v, v)
	}
	m.Town = m.Use[Car]
	return m
}

// carried are those whom a boat carries unless a tag of their own speaks of them. One
// that names walkers or bicycles alone is made for them: it carries nothing that is larger
// than what it names. One that names nobody carries all.
func (p *Profile) carried(tags map[string]string) (by [NumModes]access) {
	named := func(keys ...string) bool {
		for _, k := range keys {
			if p.accessOf(tags[k]) >= atEnds {
				return true
			}
		}
		return false
	}
	_, ofRoad := p.highways[tags["ferry"]] // a boat in the course of a road of this kind
	cars := ofRoad || named("motor_vehicle", "motorcar", "vehicle", "hgv", "goods", "motorcycle")
	walkers := named("foot", "passenger", "passengers")
	by = [NumModes]access{open, open, open}
	if !cars && (walkers || named("bicycle")) {
		by[Car] = closed
		if walkers {
			by[Bike] = closed
		}
	}
	return by
}
