package ifn

import (
	"hash/fnv"
	"math"
)

// unknowns are the values that the ranked rows lack, and what these could be.
type unknowns struct {
	model *model
	rows  []int
	known []float64 // share × points, row-major: ranked rows × variables
	first []int32   // row j lacks gaps first[j]…first[j+1]
	gaps  []gap
	seeds []uint64    // of each row, from its code
	pools [][]float64 // by leaf: the points that are known, in order of code
	ends  [][2]float64
}

// gap is an unknown leaf of a row: its share of the variable's weight is what is unknown.
type gap struct {
	leaf, variable int32
	share          float64
}

// unknowns lists what the rows lack. What a value could be is drawn from the points of the
// leaf that are known; of a leaf that is known nowhere, from those of all leaves. Its ends
// are those of the method's scale; of points without ends, the least and the most of these.
func (m *model) unknowns(t *Table, o *Options, rows []int) *unknowns {
	u := &unknowns{model: m, rows: rows, known: make([]float64, len(rows)*m.vars), first: make([]int32, 1, len(rows)+1), seeds: make([]uint64, len(rows))}
	for j, i := range rows {
		copy(u.known[j*m.vars:], m.points[i*m.vars:(i+1)*m.vars])
		h := fnv.New64a()
		h.Write([]byte(t.places[i].Code))
		u.seeds[j] = h.Sum64() ^ mixed(o.Seed)
		for l := range m.leaves {
			leaf := &m.leaves[l]
			if leaf.column == nil || math.IsNaN(leaf.points[i]) {
				u.gaps = append(u.gaps, gap{int32(l), int32(leaf.variable), leaf.weight})
			}
		}
		u.first = append(u.first, int32(len(u.gaps)))
	}
	var all []float64
	u.pools, u.ends = make([][]float64, len(m.leaves)), make([][2]float64, len(m.leaves))
	for l := range m.leaves {
		for _, i := range t.byCode {
			if leaf := &m.leaves[l]; leaf.column != nil && !math.IsNaN(leaf.points[i]) {
				u.pools[l] = append(u.pools[l], leaf.points[i])
			}
		}
		all = append(all, u.pools[l]...)
	}
	for l := range m.leaves {
		if len(u.pools[l]) == 0 {
			u.pools[l] = all
		}
		u.ends[l] = o.Method.ends(u.pools[l])
	}
	return u
}

// ends are the least and the most points that a method gives, or that known ones have.
func (m Method) ends(known []float64) [2]float64 {
	switch m {
	case Percentile, MinMax:
		return [2]float64{0, 10}
	case Rank:
		return [2]float64{-3, 3}
	}
	ends := [2]float64{math.Inf(1), math.Inf(-1)}
	for _, p := range known {
		ends[0], ends[1] = min(ends[0], p), max(ends[1], p)
	}
	return ends
}

// scores writes the index of every row under effective weights, with drawn values where they
// are unknown. A value depends on the seed, the place, the leaf and the draw alone.
func (u *unknowns) scores(out, effective []float64, draw uint64) {
	vars := u.model.vars
	for j := range u.rows {
		sum := 0.0
		for v, w := range effective {
			sum += w * u.known[j*vars+v]
		}
		for _, g := range u.gaps[u.first[j]:u.first[j+1]] {
			if w := effective[g.variable]; w > 0 {
				pool := u.pools[g.leaf]
				at := mixed(u.seeds[j]+draw<<20+uint64(g.leaf)) >> 32 * uint64(len(pool)) >> 32
				sum += w * g.share * pool[at]
			}
		}
		out[j] = sum
	}
}

// mixed is a number that shows nothing of x (the finaliser of SplitMix64).
func mixed(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
