package osm

import (
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source/homes"
)

// habitats are the values of building where people live (OSM wiki, Key:building): a house is
// of one household. In all others nobody lives: work, trade, teaching, prayer, care, annexes,
// farm buildings.
var habitats = map[string]homes.Habitat{
	"house": homes.House, "detached": homes.House, "villa": homes.House,
	"farm":               homes.Farm, // the farmhouse; the rest is farm_auxiliary
	"semidetached_house": homes.Pair,
	"terrace":            homes.Row,
	"residential":        homes.AnyDrawn,
	"apartments":         homes.Block, "dormitory": homes.Block,
	"bungalow": homes.Small, "static_caravan": homes.Small, "houseboat": homes.Small, "stilt_house": homes.Small, "trullo": homes.Small,
	"yes": homes.Unknown,
}

// annexes are the buildings that have no address of their own.
var annexes = wordSet("garage garages carport shed roof hut greenhouse barn farm_auxiliary cowshed stable sty silo storage_tank container ruins construction")

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
	habitat homes.Habitat
	told    float64 // dwellings; -1 when they are not told
	known   bool    // its kind, or its height, is
	light   bool    // an annexe by its tags
	levels  float64 // where people live
}

// read tells whether somebody may live in a building of these tags.
func (l *lived) read(tags tagList) bool {
	kind, _, _ := strings.Cut(tags.get("building"), ";")
	kind = strings.TrimSpace(kind)
	*l = lived{told: -1, light: annexes[kind]}
	if len(tags) == 1 { // as most are
		l.habitat = habitats[kind]
		l.known, l.levels = kind != "yes", l.habitat.Levels
		return l.levels > 0 && !l.light
	}
	l.light = l.light || tags.get("wall") == "no"
	for _, k := range [...]string{"ruins", "abandoned"} {
		if v := tags.get(k); v != "" && v != "no" {
			l.light = true
			return false
		}
	}
	if n, ok := leading(tags.get("building:flats")); ok {
		l.told = n
		return l.told > 0
	}
	var ok bool
	if l.habitat, ok = habitats[kind]; !ok || l.light {
		return false
	}
	l.known = kind != "yes"
	l.levels = l.habitat.Levels
	if levels, ok := leading(tags.get("building:levels")); ok && levels > 0 {
		if !l.known && levels >= homes.TallUnknown {
			l.habitat = homes.Block
		}
		l.known, l.habitat.Largest = true, homes.LargestLived
		l.levels = min(levels, homes.MostLevels)
	}
	lost := 0.0 // levels that are used for something else
	for _, k := range groundUse {
		if v := tags.get(k); v != "" && v != "no" && v != "vacant" {
			lost = 1
		}
	}
	whole := false
	for _, k := range wholeUse {
		whole = whole || tags.get(k) != ""
	}
	if a := tags.get("amenity"); groundAmenity[a] {
		lost = 1
	} else if a != "" {
		whole = true
	}
	if whole && kind == "yes" {
		return false
	}
	if whole {
		lost = 1
	}
	if lost > 0 {
		l.habitat.Least = 0
	} else if tags.get("addr:housenumber") != "" {
		l.habitat.Least = max(l.habitat.Least, 1)
	}
	l.levels -= lost
	return l.levels > 0
}

// dwellings is how many there are under an outline of so many m².
func (l *lived) dwellings(footprint float64) float64 {
	if l.told >= 0 {
		return l.told
	}
	return l.habitat.Dwellings(footprint, l.levels)
}

// annexe reports whether a building where nobody lives is one of a house, with no
// address of its own.
func (l *lived) annexe(footprint float64) bool {
	return l.light || !l.known && footprint < l.habitat.Smallest
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
