package road

import (
	"math"

	"github.com/aisne-numerique/maillage/geo"
)

// Speed is in hundredths of a km/h; 0 is closed. Integers keep costs the same on
// every machine.
type Speed uint16

// kmh is a Speed from km/h.
func kmh(v float64) Speed { return Speed(math.Round(v * 100)) }

// KMH is s in km/h.
func (s Speed) KMH() float64 { return float64(s) / 100 }

// cost is the time over a length in decimetres, rounded to the decisecond, and
// at least one unless the length is 0.
func (s Speed) cost(lengthDm uint32) geo.Cost {
	if lengthDm == 0 {
		return 0
	}
	// dm / (cs/100 km/h) in ds: 1 dm at 0.01 km/h takes 360 ds.
	c := (uint64(lengthDm)*360 + uint64(s)/2) / uint64(s)
	return geo.Cost(max(c, 1))
}

// Use is what a way offers to one mode: the speed in each direction, in the
// order of its nodes.
type Use struct{ Forward, Backward Speed }

// Meaning is what the tags of a way mean. When Duration is not 0 (a ferry), the
// whole way takes that long in every open direction, whatever the speeds.
type Meaning struct {
	Class    Class
	Use      [geo.NumModes]Use
	Duration geo.Cost
}

// Open reports whether any mode may use the way.
func (m Meaning) Open() bool { return m.Use != [geo.NumModes]Use{} }

// Interpret tells what the tags of a way mean in France. A way that is no road
// (unknown highway, under construction) is closed to every mode.
func Interpret(tags map[string]string) Meaning {
	if tags["route"] == "ferry" {
		return interpretFerry(tags)
	}
	rule, known := highways[tags["highway"]]
	if !known {
		return Meaning{}
	}
	m := Meaning{Class: rule.class}
	m.Use[geo.Car] = carUse(rule, tags)
	m.Use[geo.Bike] = bikeUse(rule, tags)
	m.Use[geo.Walk] = walkUse(rule, tags)
	return m
}

// carUse applies limit × effective share × surface, the lower of the road's own
// default and what the signs say.
func carUse(rule highway, tags map[string]string) Use {
	if !allowed(tags, rule.car, "motorcar", "motor_vehicle", "vehicle", "access") {
		return Use{}
	}
	limit := rule.limit
	dir := oneway(tags)
	if rule.class == Motorway && tags["highway"] == "trunk" && dir == bothWays {
		limit = trunkTwoWay
	}
	ground, passable := groundOf(tags)
	if tags["highway"] == "track" {
		if _, told := tags["tracktype"]; !told {
			ground.car, passable = min(ground.car, unknownTrack.car), true
		}
		if !passable && !explicit(tags, "motorcar", "motor_vehicle", "vehicle") {
			return Use{}
		}
	}
	at := func(direction string) Speed {
		l := limit
		if v, ok := speedLimit(tags, direction); ok {
			l = v
		}
		share := rule.share
		if l <= townLimit {
			share = min(share, townShare)
		}
		return kmh(max(l*share*ground.car/10_000, slowestCar))
	}
	return dir.keep(Use{at("forward"), at("backward")})
}

// bikeUse rides at [bikeKMH] where bicycles are let in, and walks the bicycle
// where it must be pushed.
func bikeUse(rule highway, tags map[string]string) Use {
	if tags["motorroad"] == "yes" || !allowed(tags, rule.bike, "bicycle", "vehicle", "access") {
		return Use{}
	}
	ground, _ := groundOf(tags)
	v := bikeKMH * ground.bike / 100
	switch highway := tags["highway"]; {
	case highway == "steps":
		v = walkKMH * stepsShare / 100
	case tags["bicycle"] == "dismount":
		v = walkKMH * ground.walk / 100
	case highway == "footway" || highway == "pedestrian" || highway == "path":
		v = min(v, sharedPathKMH)
	}
	return bikeOneway(tags).keep(Use{kmh(v), kmh(v)})
}

// walkUse walks at [walkKMH], both ways: one-way signs are for vehicles, unless
// oneway:foot says otherwise.
func walkUse(rule highway, tags map[string]string) Use {
	if tags["motorroad"] == "yes" && tags["foot"] != "yes" || !allowed(tags, rule.walk, "foot", "access") {
		return Use{}
	}
	ground, _ := groundOf(tags)
	v := walkKMH * ground.walk / 100
	if tags["highway"] == "steps" {
		v = walkKMH * stepsShare / 100
	}
	return parseOneway(tags["oneway:foot"]).keep(Use{kmh(v), kmh(v)})
}

// interpretFerry opens a ferry to all but those it names, at its duration, or at
// [ferryKMH] when the duration is not told.
func interpretFerry(tags map[string]string) Meaning {
	m := Meaning{Class: Ferry, Duration: parseDuration(tags["duration"])}
	v := Use{kmh(ferryKMH), kmh(ferryKMH)}
	dir := oneway(tags)
	if allowed(tags, true, "motorcar", "motor_vehicle", "vehicle", "access") {
		m.Use[geo.Car] = dir.keep(v)
	}
	if allowed(tags, true, "bicycle", "vehicle", "access") {
		m.Use[geo.Bike] = dir.keep(v)
	}
	if allowed(tags, true, "foot", "access") {
		m.Use[geo.Walk] = dir.keep(v)
	}
	return m
}
