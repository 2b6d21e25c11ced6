package street

import "strings"

// What an import keeps of the tags of roads, of their nodes and of turn restrictions:
// all that this package reads, or may come to read, so that a network can be computed
// anew without another import; and what labels a road.

// roadKeys are keys kept as they are.
var roadKeys = wordSet(`
	highway route junction service tracktype footway area man_made
	bridge tunnel covered layer level location indoor construction proposed ice_road winter_road
	motorroad expressway dual_carriageway living_street bicycle_road cyclestreet embedded_rails
	surface smoothness lanes width incline ford toll lit barrier traffic_calming crossing
	source:maxspeed maxspeed:type zone:maxspeed zone:traffic
	sac_scale mtb:scale trail_visibility
	ferry passenger passengers duration interval opening_hours seasonal
	name ref`)

// markKeys are those of nodes: what stops or slows a traveller there, and whom.
var markKeys = wordSet(`
	barrier highway railway ford crossing crossing:signals button_operated stop give_way direction
	traffic_calming traffic_signals traffic_signals:direction traffic_sign traffic_sign:direction
	traffic_sign:forward traffic_sign:backward city_limit
	bollard locked opening_hours maxwidth:physical`)

// turnKeys are those of turn restrictions.
var turnKeys = wordSet("restriction except day_on day_off hour_on hour_off")

// qualifiedKeys are kept with what follows them too, as long as that is known: a
// direction, a side, a kind of traveller, a condition.
var (
	qualifiedRoadKeys = wordSet("access vehicle motor_vehicle motorcar bicycle foot oneway maxspeed cycleway sidewalk lanes bus psv")
	qualifiedMarkKeys = wordSet("access vehicle motor_vehicle motorcar bicycle foot")
	qualifiers        = wordSet(`
		forward backward left right both both_ways lanes conditional variable advisory practical
		oneway lane segregated bicycle foot vehicle motor_vehicle motorcar bus psv`)
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// IsRoadTag tells the tags that an import keeps of a way.
func IsRoadTag(key string) bool { return roadKeys[key] || isQualified(key, qualifiedRoadKeys) }

// IsMarkTag tells those that it keeps of a node of a way; [IsMark], whether they say
// something together.
func IsMarkTag(key string) bool { return markKeys[key] || isQualified(key, qualifiedMarkKeys) }

// IsTurnTag tells those that it keeps of a turn restriction.
func IsTurnTag(key string) bool {
	return turnKeys[key] || strings.HasPrefix(key, "restriction:") || strings.HasPrefix(key, "except:")
}

// isQualified reports whether key is one of keys, alone or with known qualifiers.
func isQualified(key string, keys map[string]bool) bool {
	base, rest, more := strings.Cut(key, ":")
	if !keys[base] {
		return false
	}
	for more {
		var q string
		q, rest, more = strings.Cut(rest, ":")
		if !qualifiers[q] {
			return false
		}
	}
	return true
}

// IsMark reports whether the tags of a node of a road matter to those who pass. Access
// tags alone are of something beside the road.
func IsMark(tags map[string]string) bool {
	for _, k := range [...]string{"barrier", "highway", "railway", "ford", "traffic_calming"} {
		if tags[k] != "" {
			return true
		}
	}
	return IsTownLimit(tags)
}

// IsTownLimit reports whether a built-up area begins or ends at a node of a road.
func IsTownLimit(tags map[string]string) bool {
	if tags["city_limit"] != "" {
		return true
	}
	for k, sign := range tags {
		if strings.HasPrefix(k, "traffic_sign") && isTownSign(sign) {
			return true
		}
	}
	return false
}

// isTownSign tells the signs at the entry or exit of a built-up area: by name, or by
// their number in France (EB10, EB20) and Germany (310, 311).
func isTownSign(sign string) bool {
	for s := range strings.FieldsFuncSeq(sign, func(r rune) bool { return r == ';' || r == ',' || r == ' ' }) {
		switch strings.ToUpper(withoutCountry(s)) {
		case "CITY_LIMIT", "EB10", "EB20", "310", "311":
			return true
		}
	}
	return false
}
