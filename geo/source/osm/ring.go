package osm

import (
	"math"
	"slices"
)

// joinRings makes rings of ways that follow one another, in the order in which they come.
// Those that do not close come apart.
func joinRings(ways [][]int64) (rings, open [][]int64) {
	at := map[int64][]int{} // ways by their ends
	for i, w := range ways {
		if len(w) > 0 {
			at[w[0]] = append(at[w[0]], i)
			at[w[len(w)-1]] = append(at[w[len(w)-1]], i)
		}
	}
	used := make([]bool, len(ways))
	// grow adds to a line the ways that go on from its end, until it closes.
	grow := func(line []int64) []int64 {
		for line[0] != line[len(line)-1] || len(line) == 1 {
			end := line[len(line)-1]
			i := slices.IndexFunc(at[end], func(i int) bool { return !used[i] })
			if i < 0 {
				break
			}
			at[end] = at[end][i:] // those before are used
			next := ways[at[end][0]]
			used[at[end][0]] = true
			if next[0] != end {
				next = slices.Clone(next)
				slices.Reverse(next)
			}
			line = append(line, next[1:]...)
		}
		return line
	}
	for i, w := range ways {
		if used[i] || len(w) < 2 {
			continue
		}
		used[i] = true
		line := grow(slices.Clone(w))
		if line[0] != line[len(line)-1] {
			slices.Reverse(line)
			line = grow(line)
		}
		if line[0] == line[len(line)-1] {
			rings = append(rings, line)
		} else {
			slices.Reverse(line) // as its first way runs
			open = append(open, line)
		}
	}
	return rings, open
}

// area is that of a ring in m², and middle the mean of its corners. The last corner may
// be the first one.
func area(ring []spot) float64 {
	if len(ring) < 3 {
		return 0
	}
	twice := 0.0
	origin := ring[0]
	last := ring[len(ring)-1]
	for _, p := range ring {
		ax, ay := float64(last.lon)-float64(origin.lon), float64(last.lat)-float64(origin.lat)
		bx, by := float64(p.lon)-float64(origin.lon), float64(p.lat)-float64(origin.lat)
		twice += ax*by - bx*ay
		last = p
	}
	return math.Abs(twice) / 2 * metres * metres * math.Cos(float64(origin.lat)/1e7*math.Pi/180)
}

func middle(ring []spot) spot {
	if len(ring) > 1 && ring[0] == ring[len(ring)-1] {
		ring = ring[1:]
	}
	var lon, lat int64
	for _, p := range ring {
		lon += int64(p.lon)
		lat += int64(p.lat)
	}
	n := int64(len(ring))
	return spot{int32(lon / n), int32(lat / n)}
}

// Limits of an area whose inside is looked at.
const (
	highest   = 5_000_000 // 10⁻⁷ degrees: 55 km
	crossings = 1 << 20   // of its outline with rows of cells
)

// inside gives a spot in each cell whose middle is inside an area, and at least one; its
// rings are told apart by nothing but their number around a point. Nothing when the area
// is too large for one where people live.
func inside(rings [][]spot) []spot {
	lowest, top, west, east := int32(math.MaxInt32), int32(math.MinInt32), int32(math.MaxInt32), int32(math.MinInt32)
	for _, ring := range rings {
		for _, p := range ring {
			lowest, top, west, east = min(lowest, p.lat), max(top, p.lat), min(west, p.lon), max(east, p.lon)
		}
	}
	if lowest >= top || int64(top)-int64(lowest) > highest || int64(east)-int64(west) > 2*highest {
		return nil
	}
	first, last := int32(floorDiv(int64(lowest), cellSide)), int32(floorDiv(int64(top), cellSide))
	rows := make([][]float64, last-first+1) // longitudes where the outline crosses the middle of each row
	n := 0
	var half []float64 // and half way up
	eachSide(rings, func(a, b spot) {
		if n > crossings {
			return
		}
		if y := (float64(lowest) + float64(top)) / 2; between(a, b, y) {
			half = append(half, crossing(a, b, y))
		}
		for row := int32(floorDiv(int64(min(a.lat, b.lat)), cellSide)); row <= int32(floorDiv(int64(max(a.lat, b.lat)), cellSide)); row++ {
			if y := rowMiddle(row); between(a, b, y) {
				rows[row-first] = append(rows[row-first], crossing(a, b, y))
				n++
			}
		}
	})
	if n > crossings {
		return nil
	}
	var found []spot
	for i, row := range rows {
		slices.Sort(row)
		wide := float64(width(first + int32(i)))
		for k := 0; k+1 < len(row); k += 2 {
			for col := math.Ceil(row[k]/wide - 0.5); (col+0.5)*wide < row[k+1]; col++ {
				found = append(found, spot{int32((col + 0.5) * wide), int32(rowMiddle(first + int32(i)))})
			}
		}
	}
	if len(found) == 0 && len(half) > 1 {
		slices.Sort(half)
		found = append(found, spot{int32((half[0] + half[1]) / 2), int32((float64(lowest) + float64(top)) / 2)})
	}
	return found
}

func rowMiddle(row int32) float64 { return (float64(row) + 0.5) * cellSide }

// between reports whether a parallel crosses a side; one that touches its end crosses
// one of the two sides that end there.
func between(a, b spot, y float64) bool { return (float64(a.lat) <= y) != (float64(b.lat) <= y) }

func crossing(a, b spot, y float64) float64 {
	return float64(a.lon) + (y-float64(a.lat))/(float64(b.lat)-float64(a.lat))*(float64(b.lon)-float64(a.lon))
}

func eachSide(rings [][]spot, visit func(a, b spot)) {
	for _, ring := range rings {
		for i := range ring {
			visit(ring[i], ring[(i+1)%len(ring)])
		}
	}
}
