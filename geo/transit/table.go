package transit

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// table is what runs on a date: patterns, and where they call. It is immutable.
type table struct {
	patterns []pattern
	nodes    []int32     // of every call of every pattern
	may      []may       // beside nodes
	times    []int32     // of every run of every pattern, call by call: arrival, departure
	parts    [][]runPart // of every run, in the order of patterns
	first    []int32     // the calls at node v: calls[first[v]:first[v+1]]
	calls    []patternCall
	back     *table // the same looked at backwards in time
}

// pattern is runs that call at the same nodes, where one may do the same, and of which no one
// overtakes another.
type pattern struct {
	call, calls int32 // its calls: nodes[call:call+calls]
	time        int32 // its times: times[time:], 2·calls for each run
	run, runs   int32 // ascending
}

// patternCall is a call of a pattern, by its number from 0.
type patternCall struct{ pattern, call int32 }

// may is what one may do at a call.
type may uint8

const (
	board may = 1 << iota
	alight
)

// newTable groups runs.
func newTable(runs []run, nodes int) *table {
	var groups [][]run
	known := map[string]int{}
	var key []byte
	for _, r := range runs {
		r, usable := r.trimmed()
		if !usable {
			continue
		}
		key = key[:0]
		for _, call := range r.calls {
			key = append(binary.LittleEndian.AppendUint32(key, uint32(call.node)), byte(call.may()))
		}
		g, ok := known[string(key)]
		if !ok {
			g = len(groups)
			known[string(key)] = g
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], r)
	}
	t := &table{}
	for _, group := range groups {
		for _, rows := range apart(group) {
			t.add(rows)
		}
	}
	t.index(nodes)
	t.back = t.mirrored(nodes)
	return t
}

// trimmed is r, which it takes over, without calls at which nothing is to be done; false when
// it is of no use.
func (r run) trimmed() (run, bool) {
	lastAlight, firstBoard := -1, len(r.calls)
	for i := range r.calls {
		if r.calls[i].alight {
			lastAlight = i
		}
		if r.calls[i].board && firstBoard > i {
			firstBoard = i
		}
	}
	calls, parts := r.calls[:0], r.parts
	next := 0
	for i, call := range r.calls {
		for next < len(parts) && int(parts[next].call) <= i {
			parts[next].call = int32(len(calls))
			next++
		}
		call.board = call.board && i < lastAlight
		call.alight = call.alight && i > firstBoard
		if call.board || call.alight {
			calls = append(calls, call)
		}
	}
	return run{calls, parts}, len(calls) > 1
}

func (c *runCall) may() (m may) {
	if c.board {
		m |= board
	}
	if c.alight {
		m |= alight
	}
	return m
}

// apart sorts runs of one group into rows in which no run overtakes another.
func apart(group []run) (rows [][]run) {
	slices.SortStableFunc(group, func(a, b run) int {
		for i := range a.calls {
			if d := cmp.Or(cmp.Compare(a.calls[i].depart, b.calls[i].depart), cmp.Compare(a.calls[i].arrive, b.calls[i].arrive)); d != 0 {
				return d
			}
		}
		return 0
	})
next:
	for _, r := range group {
		for k, row := range rows {
			if !row[len(row)-1].overtakes(&r) {
				rows[k] = append(row, r)
				continue next
			}
		}
		rows = append(rows, []run{r})
	}
	return rows
}

// overtakes reports whether r is somewhere later than a run that comes after it.
func (r *run) overtakes(later *run) bool {
	for i := range r.calls {
		if r.calls[i].arrive > later.calls[i].arrive || r.calls[i].depart > later.calls[i].depart {
			return true
		}
	}
	return false
}

// add appends a pattern.
func (t *table) add(rows []run) {
	p := pattern{int32(len(t.nodes)), int32(len(rows[0].calls)), int32(len(t.times)), int32(len(t.parts)), int32(len(rows))}
	for _, call := range rows[0].calls {
		t.nodes, t.may = append(t.nodes, call.node), append(t.may, call.may())
	}
	for _, r := range rows {
		for _, call := range r.calls {
			t.times = append(t.times, call.arrive, call.depart)
		}
		t.parts = append(t.parts, r.parts)
	}
	t.patterns = append(t.patterns, p)
}

// index lists the calls of each node at which one may alight.
func (t *table) index(nodes int) {
	t.first = make([]int32, nodes+1)
	each := func(visit func(node int32, c patternCall)) {
		for k := range t.patterns {
			p := &t.patterns[k]
			for i := range p.calls {
				if t.may[p.call+i]&alight != 0 {
					visit(t.nodes[p.call+i], patternCall{int32(k), i})
				}
			}
		}
	}
	each(func(v int32, _ patternCall) { t.first[v+1]++ })
	for v := range nodes {
		t.first[v+1] += t.first[v]
	}
	t.calls = make([]patternCall, t.first[nodes])
	next := slices.Clone(t.first)
	each(func(v int32, c patternCall) {
		t.calls[next[v]] = c
		next[v]++
	})
}

// mirrored is the table of those who travel backwards in time: who alights boards.
func (t *table) mirrored(nodes int) *table {
	m := &table{patterns: t.patterns, nodes: make([]int32, len(t.nodes)), may: make([]may, len(t.may)), times: make([]int32, len(t.times)), back: t}
	for _, p := range t.patterns {
		for i := range p.calls {
			from, to := p.call+i, p.call+p.calls-1-i
			m.nodes[to] = t.nodes[from]
			if t.may[from]&alight != 0 {
				m.may[to] |= board
			}
			if t.may[from]&board != 0 {
				m.may[to] |= alight
			}
		}
		all := 2 * p.calls * p.runs
		for i := range all {
			m.times[p.time+all-1-i] = mirror - t.times[p.time+i]
		}
	}
	m.index(nodes)
	return m
}
