package osm

import (
	"strconv"
	"strings"
)

// habitat is what is under the roofs of one kind of building where people live.
//
// A dwelling of mainland France has 91 m² of living space on average, 112 in a house
// and 63 in a flat (INSEE, enquête nationale Logement 2013). Outlines are those of
// walls: walls, stairs and landings take a fifth of a house and a quarter of a block.
// Levels are what is usual where none are told: a house often has rooms under its roof.
type habitat struct {
	levels      float64
	gross       float64 // m² of outline × levels for one dwelling
	smallest    float64 // m² of outline: what is smaller is an annexe
	least, most float64 // dwellings
}

const (
	grossOfHouse = 112 / 0.8
	grossOfFlat  = 63 / 0.75
	mostFlats    = 2000 // of one building
)

var (
	house = habitat{1.75, grossOfHouse, 20, 1, 1} // of one household, as the wiki has it
	block = habitat{4, grossOfFlat, 30, 2, mostFlats}
	small = habitat{1, grossOfHouse, 10, 1, 1}

	// unknown is building=yes: in France, what was imported from the cadastre, where
	// sheds, garages and barns are told apart by their size alone.
	unknown = habitat{1.75, grossOfHouse, 30, 0, 4}

	// habitats are the values of building where people live (OSM wiki, Key:building).
	// In all others nobody does: work, trade, teaching, prayer, care, annexes, farm buildings.
	habitats = map[string]habitat{
		"house": house, "detached": house, "villa": house,
		"farm":               {1.5, grossOfHouse, 30, 1, 2}, // the farmhouse; the rest is farm_auxiliary
		"semidetached_house": {2, 120, 20, 1, 2},
		"terrace":            {2, 120, 30, 1, 100}, // a row of houses
		"residential":        {2.5, 110, 30, 1, mostFlats},
		"apartments":         block, "dormitory": block,
		"bungalow": small, "static_caravan": small, "houseboat": small, "stilt_house": small, "trullo": small,
		"yes": unknown,
	}
)

// annexes are the buildings that have no address of their own.
var annexes = wordSet("garage garages carport shed roof hut greenhouse barn farm_auxiliary cowshed stable sty silo storage_tank container ruins construction")

const (
	largestUnknown = 1000  // m²: a roof of unknown kind that is larger and of no known height is a hall
	tallUnknown    = 4     // levels from which one of unknown kind is a block of flats
	largestLived   = 20000 // m²: no house is larger, it is drawn wrong
	mostLevels     = 60
)

// areaTags are the tags that are looked at on buildings and land.
var areaTags = wordSet("building building:levels building:flats wall ruins abandoned addr:housenumber landuse " + groundKeys + " " + wholeKeys + " amenity")

// Keys that say what a building is used for, beside its kind: those that take its ground
// floor, and those that take it whole when nobody is told to live in it.
const (
	groundKeys = "shop office craft healthcare"
	wholeKeys  = "leisure man_made tourism industrial military power aeroway railway public_transport"
)

var (
	groundUse     = strings.Fields(groundKeys)
	wholeUse      = strings.Fields(wholeKeys)
	groundAmenity = wordSet("restaurant cafe bar pub fast_food ice_cream bank pharmacy doctors dentist veterinary post_office")

	// poiKeys make a node with an address a place that is no dwelling; the house that it is
	// in has the same address.
	poiKeys = wordSet(groundKeys + " " + wholeKeys + " amenity club")
)

// isAddress reports whether a node is an address where people may live.
func isAddress(tags tagList) bool {
	number := false
	for _, t := range tags {
		if poiKeys[t.key] {
			return false
		}
		number = number || t.key == "addr:housenumber" && t.value != ""
	}
	return number
}

// lived is what the tags of a building say of the dwellings in it.
type lived struct {
	habitat
	told  float64 // dwellings; -1 when they are not told
	known bool    // its kind, or its height, is
	light bool    // an annexe by its tags
	lost  float64 // levels that are used for something else
	least float64
}

// read tells whether somebody may live in a building of these tags.
func (l *lived) read(tags tagList) bool {
	kind, _, _ := strings.Cut(tags.get("building"), ";")
	kind = strings.TrimSpace(kind)
	*l = lived{told: -1, light: annexes[kind] || tags.get("wall") == "no"}
	for _, k := range [...]string{"ruins", "abandoned"} {
		if v := tags.get(k); v != "" && v != "no" {
			l.light = true
			return false
		}
	}
	if n, ok := leading(tags.get("building:flats")); ok {
		l.told = min(n, mostFlats)
		return l.told > 0
	}
	var ok bool
	if l.habitat, ok = habitats[kind]; !ok || l.light {
		return false
	}
	l.known = kind != "yes"
	if levels, ok := leading(tags.get("building:levels")); ok && levels > 0 {
		if !l.known && levels >= tallUnknown {
			l.habitat = block
		}
		l.known = true
		l.levels = min(levels, mostLevels)
	}
	for _, k := range groundUse {
		if v := tags.get(k); v != "" && v != "no" && v != "vacant" {
			l.lost = 1
		}
	}
	whole := false
	for _, k := range wholeUse {
		whole = whole || tags.get(k) != ""
	}
	if a := tags.get("amenity"); groundAmenity[a] {
		l.lost = 1
	} else if a != "" {
		whole = true
	}
	if whole && kind == "yes" {
		return false
	}
	if whole {
		l.lost = 1
	}
	l.least = l.habitat.least
	if l.lost > 0 {
		l.least = 0
	} else if tags.get("addr:housenumber") != "" {
		l.least = max(l.least, 1)
	}
	return l.lost < l.levels
}

// dwellings is how many there are under an outline of so many m².
func (l *lived) dwellings(footprint float64) float64 {
	switch {
	case l.told >= 0:
		return l.told
	case footprint < l.smallest, footprint > largestLived, !l.known && footprint > largestUnknown:
		return 0
	}
	return min(max(footprint*(l.levels-l.lost)/l.gross, l.least), l.most)
}

// annexe reports whether a building where nobody lives is one of a house, with no
// address of its own.
func (l *lived) annexe(footprint float64) bool {
	return l.light || !l.known && footprint < l.smallest
}

// leading is the number that a text begins with: "3", "2,5", "3-4".
func leading(s string) (float64, bool) {
	s = strings.Replace(strings.TrimSpace(s), ",", ".", 1)
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.') {
		end++
	}
	if end == 0 {
		return 0, false
	}
	n, err := strconv.ParseFloat(s[:end], 64)
	return n, err == nil
}
