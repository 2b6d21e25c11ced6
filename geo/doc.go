// Package geo holds positions, bounds, distances, travel modes and the reach and
// cost types that every other package speaks. It does no I/O and knows nothing
// of lieux, roads or HTTP.
//
//	LonLat  WGS 84 (EPSG:4326), degrees, longitude first. What the web and H3 speak.
//	Plane   a local tangent plane around an origin, metres, for lengths and areas of
//	        things a few kilometres wide.
//	Cost    travel time, an integer number of deciseconds.
//	Reach   whether a place is reached at all; never encoded as a large Cost.
//
// Positions are validated once, at the door (readers and HTTP), with
// [LonLat.Check]; packages below trust what they receive. H3 in particular
// answers a valid-looking cell for Lambert metres and for latitude 148.
package geo
