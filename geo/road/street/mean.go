package street

import "strconv"

// meanSpeed is the speed at which cars get along a way from end to end, km/h: average_speed,
// which is no tag of OSM but what IGN gives for the sections of its roads, bends, crossings
// and houses taken into account.
func meanSpeed(tags map[string]string) (float64, bool) {
	text, told := tags["average_speed"]
	if !told {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && v > 0 && v <= fastest
}
