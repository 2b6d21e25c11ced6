package bdtopo

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/layer"
)

// vertex is one of a section.
type vertex struct {
	at geo.LonLat
	z  float64 // metres, NaN when not known
}

// line is one part of a section, of two places at least.
type line []vertex

// place is where an end is, in ten-millionths of a degree: about a centimetre. Ends that
// meet have the same coordinates in the file, and so they have the same place.
type place struct{ lon, lat int32 }

// end is one end of a section.
type end struct {
	place
	z float64 // NaN when not known
}

func (v vertex) end() end {
	return end{place{int32(math.Round(v.at.Lon * 1e7)), int32(math.Round(v.at.Lat * 1e7))}, v.z}
}

func (l line) ends() []end { return []end{l[0].end(), l[len(l)-1].end()} }

// endsOf are the lines that a feature draws, without what is between their ends: positions
// take most of the time of reading.
func endsOf(ft layer.Feature) ([]line, *source.Fault) { return linesThrough(ft, true) }

// linesOf are the lines that a feature draws, without the vertices that stay where the one
// before is.
func linesOf(ft layer.Feature) ([]line, *source.Fault) { return linesThrough(ft, false) }

func linesThrough(ft layer.Feature, ends bool) ([]line, *source.Fault) {
	parts, reason := ft.Vertices()
	if reason != "" {
		return nil, &source.Fault{Field: "geometry", Reason: reason}
	}
	var lines []line
	for _, part := range parts {
		if last := len(part) - 1; ends && last > 1 && (part[0].X != part[last].X || part[0].Y != part[last].Y) {
			part = []layer.Vertex{part[0], part[last]}
		}
		l := make(line, 0, len(part))
		for _, v := range part {
			at, why := layer.ProjectedFault(ft.CRS, v.X, v.Y)
			if why != "" {
				return nil, &source.Fault{Field: "geometry", Value: source.PositionText([]float64{v.X, v.Y}), Reason: why}
			}
			w := vertex{at, knownHeight(v.Z)}
			if len(l) > 0 && l[len(l)-1].end().place == w.end().place {
				continue
			}
			l = append(l, w)
		}
		if len(l) >= 2 {
			lines = append(lines, l)
		}
	}
	if lines == nil {
		return nil, &source.Fault{Field: "geometry", Reason: "ligne de moins de deux positions distinctes ; attendu un tronçon"}
	}
	return lines, nil
}

// Heights that are believed, metres. IGN writes -1000 and 9999 for one that is not known;
// programs that need one write 0.
const lowest, highest = -500, 5000

func knownHeight(z float64) float64 {
	if !(z > lowest && z < highest) || z == 0 {
		return math.NaN()
	}
	return z
}

// elevate gives the ends of a section of version 2 the heights that its attributes tell,
// where its shape has none.
func elevate(a attributes, lines []line) {
	last := lines[len(lines)-1]
	for _, e := range []struct {
		v *vertex
		c column
	}{{&lines[0][0], colStartHeight}, {&last[len(last)-1], colEndHeight}} {
		if z, told := a.number(e.c); told && math.IsNaN(e.v.z) {
			e.v.z = knownHeight(z)
		}
	}
}

// clearance is how far apart in height two ends at one place are that do not meet, metres:
// less than a road needs to pass above another, more than IGN's heights err.
const clearance = 3

// levels are the places where ends lie above each other: the height where each level but
// the lowest begins.
type levels map[place][]float64

func levelsOf(ends []end) levels {
	ends = slices.DeleteFunc(ends, func(e end) bool { return math.IsNaN(e.z) })
	slices.SortFunc(ends, func(a, b end) int {
		return cmp.Or(cmp.Compare(a.lon, b.lon), cmp.Compare(a.lat, b.lat), cmp.Compare(a.z, b.z))
	})
	all := levels{}
	for i := 1; i < len(ends); i++ {
		if a, b := ends[i-1], ends[i]; a.place == b.place && b.z-a.z > clearance {
			all[b.place] = append(all[b.place], b.z)
		}
	}
	return all
}

// node is the id of the node where an end is: of its place, and its level there. An end
// without height is at the lowest.
func (l levels) node(e end) int64 {
	level := uint64(0)
	for _, z := range l[e.place] {
		if e.z >= z {
			level++
		}
	}
	h := mixed(uint64(uint32(e.lon))<<32 | uint64(uint32(e.lat)))
	if level > 0 {
		h = mixed(h + level)
	}
	return nodesOfEnds | int64(h>>2)
}

// Ids of nodes, apart from those of OSM: bit 62 for ends, else bit 61.
const (
	nodesOfEnds = 1 << 62
	nodesWithin = 1 << 61
	hashed      = 1 << 60
)

// interior is the id of a vertex of a way that is not one of its ends, which no other has:
// made of the number of the way where that is short, as IGN's are, and of a hash else.
func interior(way int64, part, vertex int) int64 {
	if part == 0 && vertex < 1<<16 && way < 1<<44 {
		return nodesWithin | way<<16 | int64(vertex)
	}
	h := mixed(mixed(mixed(uint64(way))+uint64(part)) + uint64(vertex))
	return nodesWithin | hashed | int64(h>>4)
}

// mixed is a permutation of the numbers of 64 bits that leaves no pattern (the finalizer of
// SplitMix64, Steele et al. 2014).
func mixed(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// wayID is the number of a section: the digits of its cleabs, TRONROUT0000000012345678, or
// of any other text a hash beyond them.
func wayID(cleabs string) int64 {
	if digits, ok := strings.CutPrefix(strings.ToUpper(cleabs), "TRONROUT"); ok && len(digits) <= 16 {
		if n, err := strconv.ParseUint(digits, 10, 63); err == nil && n > 0 {
			return int64(n)
		}
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(cleabs)) // never fails
	return 1<<62 | int64(mixed(h.Sum64())>>2)
}
