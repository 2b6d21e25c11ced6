package osm

import "slices"

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
