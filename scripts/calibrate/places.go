package main

import (
	"math/rand/v2"
	"slices"
	"sort"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// extent is what the file says of its roads, kept beside the network that is made of
// them: what a place is drawn on does not depend on what we think of it.
type extent struct {
	ways    map[int64]map[string]string // their tags, by id
	signals map[point]bool              // where there are traffic signals
	lines   [street.NumModes][]line     // where a trip may start or end
	upTo    [street.NumModes][]float64  // running length of lines, metres
}

// line is a road on which trips start and end.
type line struct {
	at   []geo.LonLat
	kind endKind
}

// endKind tells ends that are summed apart.
type endKind uint8

const (
	publicEnd endKind = iota
	driveEnd          // on a service road, or one that is not everybody's
	trackEnd
)

// point is a position to a metre: equal for the shapes of both.
type point struct{ lon, lat int32 }

func pointOf(p geo.LonLat) point {
	const perDegree = 1e5
	return point{int32(p.Lon*perDegree + 0.5), int32(p.Lat*perDegree + 0.5)}
}

func newExtent() *extent {
	return &extent{ways: map[int64]map[string]string{}, signals: map[point]bool{}}
}

// add takes in a way.
func (x *extent) add(w road.Way) {
	if len(w.At) < 2 || w.Tags["highway"] == "" && w.Tags["route"] == "" {
		return
	}
	x.ways[w.ID] = w.Tags
	for _, mark := range w.Marks {
		if mark.Tags["highway"] == "traffic_signals" || mark.Tags["crossing"] == "traffic_signals" {
			x.signals[pointOf(w.At[mark.Node])] = true
		}
	}
	for _, m := range street.Modes {
		if !usable(m, w.Tags) {
			continue
		}
		l := line{slices.Clone(w.At), kindOf(m, w.Tags)}
		upTo := length(l.at)
		if n := len(x.upTo[m]); n > 0 {
			upTo += x.upTo[m][n-1]
		}
		x.lines[m], x.upTo[m] = append(x.lines[m], l), append(x.upTo[m], upTo)
	}
}

// place is a point of the lines of a mode, evenly over their length.
func (x *extent) place(m street.Mode, random *rand.Rand) end {
	upTo := x.upTo[m]
	at := random.Float64() * upTo[len(upTo)-1]
	i := min(sort.SearchFloat64s(upTo, at), len(upTo)-1)
	return end{along(x.lines[m][i].at, random.Float64()), x.lines[m][i].kind}
}

// carRoads and bikeRoads are the values of highway on which trips of cars and bicycles
// start and end when nothing else is said; walkers do so on these and on walkRoads.
const (
	carRoads = " primary secondary tertiary primary_link secondary_link tertiary_link" +
		" unclassified residential road living_street service track "
	bikeRoads = carRoads + "cycleway path "
	walkRoads = bikeRoads + "footway pedestrian steps "
)

// accessKeys are the keys that say who may go on a way, the most precise first.
var accessKeys = [street.NumModes][]string{
	street.Car:  {"motorcar", "motor_vehicle", "vehicle", "access"},
	street.Bike: {"bicycle", "vehicle", "access"},
	street.Walk: {"foot", "access"},
}

// usable reports whether a trip of the mode may start or end on a way, by its tags as
// anybody would read them, private roads included, however slow the ground. Nobody
// stops on main roads without houses, in tunnels or on bridges, and neither program goes
// on mountain trails.
func usable(m street.Mode, tags map[string]string) bool {
	roads := [street.NumModes]string{street.Car: carRoads, street.Bike: bikeRoads, street.Walk: walkRoads}[m]
	byDefault := strings.Contains(roads, " "+tags["highway"]+" ")
	if !byDefault && !(m == street.Bike && strings.Contains(walkRoads, " "+tags["highway"]+" ")) {
		return false
	}
	for _, k := range [...]string{"tunnel", "bridge", "covered", "motorroad", "area", "indoor", "construction", "proposed"} {
		if v := tags[k]; v != "" && v != "no" {
			return false
		}
	}
	if s := tags["sac_scale"]; s != "" && s != "hiking" && s != "strolling" {
		return false
	}
	for _, key := range accessKeys[m] {
		v, told := tags[key]
		if !told {
			continue
		}
		for _, v := range strings.Split(v, ";") {
			switch strings.TrimSpace(v) {
			case "yes", "designated", "permissive", "official", "public", "private", "destination",
				"customers", "delivery", "permit", "residents":
				return byDefault || key == "bicycle"
			}
		}
		return false
	}
	return byDefault
}

// kindOf is the kind of ends of a mode on a way. Only cars mind.
func kindOf(m street.Mode, tags map[string]string) endKind {
	if m != street.Car {
		return publicEnd
	}
	if tags["highway"] == "track" {
		return trackEnd
	}
	if tags["highway"] == "service" {
		return driveEnd
	}
	for _, key := range accessKeys[street.Car] {
		switch tags[key] {
		case "private", "destination", "customers", "delivery", "permit", "residents":
			return driveEnd
		}
	}
	return publicEnd
}

// along is the point at a share of the length of a line.
func along(line []geo.LonLat, share float64) geo.LonLat {
	left := length(line) * share
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		d := geo.Distance(a, b)
		if d >= left && d > 0 {
			t := left / d
			return geo.LonLat{Lon: a.Lon + t*(b.Lon-a.Lon), Lat: a.Lat + t*(b.Lat-a.Lat)}
		}
		left -= d
	}
	return line[len(line)-1]
}

// length is that of a line, metres.
func length(line []geo.LonLat) float64 {
	var sum float64
	for i := 1; i < len(line); i++ {
		sum += geo.Distance(line[i-1], line[i])
	}
	return sum
}
