package street

import (
	"strconv"
	"strings"
)

// direction is the set of directions in which a way is open.
type direction uint8

const (
	forwardOnly  direction = 1
	backwardOnly direction = 2
	bothWays     direction = 3
	neitherWay   direction = 0
)

// use is what a way offers to a mode at these speeds: in the directions of d, and in
// those that its own tags open against a sign of one way.
func (d direction) use(rights [2]right, forward, backward Speed) (u Use) {
	at := func(one direction, r right, v Speed) (Speed, bool) {
		if r.access == closed || d&one == 0 && !r.directed {
			return 0, false
		}
		return v, r.access == atEnds
	}
	u.Forward, u.EndsForward = at(forwardOnly, rights[0], forward)
	u.Backward, u.EndsBackward = at(backwardOnly, rights[1], backward)
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
	for _, k := range [...]string{"oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle"} {
		if v, told := tags[k]; told {
			return parseOneway(v)
		}
	}
	return vehicleOneway(tags)
}

func vehicleOneway(tags map[string]string) direction {
	if v, told := tags["oneway"]; told {
		return parseOneway(v)
	}
	if isRoundabout(tags) || tags["highway"] == "motorway" {
		return forwardOnly
	}
	return bothWays
}

func isRoundabout(tags map[string]string) bool {
	return tags["junction"] == "roundabout" || tags["junction"] == "circular"
}

// bikeOneway is oneway for bicycles: contraflow where the signs allow it.
func bikeOneway(tags map[string]string) direction {
	for _, k := range [...]string{"oneway:bicycle", "bicycle:oneway"} {
		if v, told := tags[k]; told {
			return parseOneway(v)
		}
	}
	for _, k := range [...]string{"cycleway", "cycleway:left", "cycleway:right", "cycleway:both"} {
		if strings.HasPrefix(tags[k], "opposite") || k != "cycleway" && tags[k+":oneway"] == "no" {
			return bothWays
		}
	}
	if v, told := tags["oneway:vehicle"]; told {
		return parseOneway(v)
	}
	return vehicleOneway(tags)
}

// Limits that are believed, km/h: a number beyond is taken for the nearest of them.
const (
	slowestLimit = 5
	highestLimit = 130
)

// parseSpeed reads a limit: a number in km/h ("80", "50 mph", "30 km/h", "FR:30",
// "FR:zone30", "zone:30"), or else the name of a kind of place ("FR:urban", "walk"). Of
// a list ("50;70") the first counts.
func parseSpeed(s string) (number float64, name string) {
	s, _, _ = strings.Cut(s, ";")
	s, _, _ = strings.Cut(s, "|")
	if s == "" {
		return 0, ""
	}
	name = withUpperCountry(strings.ToLower(strings.TrimSpace(s)))
	s = strings.TrimLeft(strings.TrimPrefix(withoutCountry(name), "zone"), ": ")
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.') {
		end++
	}
	v, err := strconv.ParseFloat(s[:end], 64)
	if err != nil || v <= 0 {
		return 0, name
	}
	switch strings.TrimSpace(s[end:]) {
	case "", "km/h", "kmh", "kph":
	case "mph":
		v *= 1.609344 // international mile
	case "knots":
		v *= 1.852 // nautical mile
	default:
		return 0, name
	}
	return min(max(v, slowestLimit), highestLimit), ""
}

// withUpperCountry writes a name of lower case as the profile does: "fr:urban" is FR:urban.
func withUpperCountry(name string) string {
	country, rest, ok := strings.Cut(name, ":")
	if ok && (len(country) == 2 || len(country) > 3 && country[2] == '-') {
		return strings.ToUpper(country) + ":" + rest
	}
	return name
}

// withoutCountry drops the country, or the region, of a name: "FR:urban", "BE-VLG:rural".
func withoutCountry(name string) string {
	country, rest, ok := strings.Cut(name, ":")
	if !ok || len(country) < 2 {
		return name
	}
	for _, r := range country {
		if (r < 'A' || r > 'Z') && r != '-' {
			return name
		}
	}
	return rest
}
