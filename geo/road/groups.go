package road

// groups are disjoint sets of things numbered from 0, each named by its lowest member.
type groups []int32

func newGroups(count int) groups {
	g := make(groups, count)
	for i := range g {
		g[i] = int32(i)
	}
	return g
}

// of is the set that i is in.
func (g groups) of(i int32) int32 {
	for g[i] != i {
		g[i] = g[g[i]]
		i = g[i]
	}
	return i
}

// join makes one set of two.
func (g groups) join(i, j int32) {
	a, b := g.of(i), g.of(j)
	g[max(a, b)] = min(a, b)
}
