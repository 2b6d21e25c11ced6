package road

import (
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
)

// allowed walks the access hierarchy from the most particular key to the most
// general; the first that says something decides, else the default of the road.
func allowed(tags map[string]string, byDefault bool, keys ...string) bool {
	for _, k := range keys {
		if open, told := accessValues[tags[k]]; told {
			// "access=yes" on a footway does not open it to cars: the general
			// key closes roads but opens none that are closed by nature.
			if k == "access" || k == "vehicle" {
				return open && byDefault
			}
			return open
		}
	}
	return byDefault
}

// explicit reports whether one of the keys lets its vehicles in by name.
func explicit(tags map[string]string, keys ...string) bool {
	for _, k := range keys {
		if accessValues[tags[k]] {
			return true
		}
	}
	return false
}

// direction is the set of directions in which a way is open.
type direction uint8

const (
	forwardOnly  direction = 1
	backwardOnly direction = 2
	bothWays     direction = 3
	neitherWay   direction = 0
)

// keep closes the directions that d does not hold.
func (d direction) keep(u Use) Use {
	if d&forwardOnly == 0 {
		u.Forward = 0
	}
	if d&backwardOnly == 0 {
		u.Backward = 0
	}
	return u
}

// parseOneway reads a oneway value. A reversible lane is closed: at an unknown
// time nobody can say which way it runs.
func parseOneway(v string) direction {
	switch v {
	case "yes", "1", "true":
		return forwardOnly
	case "-1", "reverse":
		return backwardOnly
	case "reversible":
		return neitherWay
	}
	return bothWays
}

// oneway is for motor vehicles: what oneway says, else what roundabouts and
// motorways imply.
func oneway(tags map[string]string) direction {
	v, told := tags["oneway"]
	if w, particular := tags["oneway:motor_vehicle"]; particular {
		v, told = w, true
	}
	return vehicleOneway(v, told, tags)
}

func vehicleOneway(v string, told bool, tags map[string]string) direction {
	if told {
		return parseOneway(v)
	}
	j := tags["junction"]
	if j == "roundabout" || j == "circular" || tags["highway"] == "motorway" {
		return forwardOnly
	}
	return bothWays
}

// bikeOneway is oneway for bicycles: contraflow where the signs allow it.
func bikeOneway(tags map[string]string) direction {
	if v, told := tags["oneway:bicycle"]; told {
		return parseOneway(v)
	}
	for _, k := range [...]string{"cycleway", "cycleway:left", "cycleway:right", "cycleway:both"} {
		if strings.HasPrefix(tags[k], "opposite") || k != "cycleway" && tags[k+":oneway"] == "no" {
			return bothWays
		}
	}
	v, told := tags["oneway"]
	return vehicleOneway(v, told, tags)
}

// speedLimit is the limit for cars in km/h, most particular tag first. It is not
// told for "none", "signals", "variable" and what cannot be read: the default of
// the road stands.
func speedLimit(tags map[string]string, direction string) (float64, bool) {
	for _, k := range [...]string{
		"maxspeed:" + direction, "maxspeed", "zone:maxspeed", "source:maxspeed", "maxspeed:type", "zone:traffic",
	} {
		if v, ok := parseSpeed(tags[k]); ok {
			return v, true
		}
	}
	return 0, false
}

// parseSpeed reads "80", "50 mph", "30 km/h", "FR:urban", "FR:30", "walk". Of a
// list ("50;70") the first counts. The result is between 5 and 130 km/h.
func parseSpeed(s string) (float64, bool) {
	s, _, _ = strings.Cut(s, ";")
	s, _, _ = strings.Cut(s, "|")
	s = strings.TrimSpace(s)
	if v, ok := roadLimits[s]; ok {
		return v, true
	}
	s = strings.TrimPrefix(strings.TrimPrefix(s, "FR:"), "zone")
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.') {
		end++
	}
	v, err := strconv.ParseFloat(s[:end], 64)
	if err != nil {
		return 0, false
	}
	switch strings.TrimSpace(s[end:]) {
	case "", "km/h", "kmh", "kph":
	case "mph":
		v *= 1.609344 // international mile
	case "knots":
		v *= 1.852 // nautical mile
	default:
		return 0, false
	}
	if v <= 0 {
		return 0, false
	}
	return min(max(v, 5), 130), true
}

// maxDuration is the longest ferry trip believed: a week.
const maxDuration = 7 * 24 * 60 * geo.Minute

// parseDuration reads the durations of the OSM wiki: "MM", "HH:MM", "HH:MM:SS",
// and ISO 8601 "PT1H20M30S". What cannot be read, or is longer than
// [maxDuration], is 0: not told.
func parseDuration(s string) geo.Cost {
	s = strings.TrimSpace(s)
	var seconds uint64
	if rest, iso := strings.CutPrefix(s, "PT"); iso {
		for rest != "" {
			i := strings.IndexAny(rest, "HMS")
			if i < 0 {
				return 0
			}
			v, err := strconv.ParseUint(rest[:i], 10, 24)
			if err != nil {
				return 0
			}
			seconds += v * map[byte]uint64{'H': 3600, 'M': 60, 'S': 1}[rest[i]]
			rest = rest[i+1:]
		}
	} else {
		parts := strings.Split(s, ":")
		if len(parts) > 3 {
			return 0
		}
		for _, p := range parts {
			v, err := strconv.ParseUint(p, 10, 24)
			if err != nil {
				return 0
			}
			seconds = seconds*60 + v
		}
		if len(parts) < 3 {
			seconds *= 60 // the last part is minutes
		}
	}
	if c := seconds * uint64(geo.Second); c <= uint64(maxDuration) {
		return geo.Cost(c)
	}
	return 0
}
