package transit

import "math"

// never is later than all times.
const never = math.MaxInt32

// link is a walk or a change: where it leads, and what it takes in seconds.
type link struct{ to, seconds int32 }

// links are those of each of some places: all[first[i]:first[i+1]].
type links struct {
	first []int32
	all   []link
}

func (l *links) of(i int32) []link { return l.all[l.first[i]:l.first[i+1]] }

// profiles is the scratch space of one profile search: from everywhere to one place, whenever
// one leaves, by at most so many rides. Once warm it allocates nothing.
//
// It goes backwards from the place, by rides: the journeys of one more ride are found by
// looking at the patterns that call where the last round found something new, all their runs
// at once, from the last to the first. As runs of a pattern do not overtake each other, what
// a later run gives at a call is looked up by a finger that moves one way. (RAPTOR in rounds,
// Delling, Pajor and Werneck 2012, where each label is a whole profile.)
type profiles struct {
	table   *table
	changes *links // of each node: those that end there

	walk    []int32 // of every node, the walk to the place; -1: too far
	best    []profile
	fresh   [][]pair  // of one more ride
	queue   []profile // for who alights: the fresh ones after a change
	last    []int32   // of every pattern, the last call at which to alight; -1: none
	touched []int32   // nodes with best
	marked  []int32   // patterns with last
	nodes   []int32   // with fresh or queue
	queued  []int32
	walked  []int32 // nodes with walk
	fingers []finger
	merged  profile
	added   profile
	before  profile // what is added, for who changes
	rest    profile
}

// finger is where a pattern has come to in the profiles of one of its nodes.
type finger struct {
	queue profile // what is reached by who alights
	best  profile // what is known of who boards
	walk  int32
	sent  int32 // the earliest arrival that a run of this pattern has given
	may   may
}

func newProfiles(nodes int) *profiles {
	p := &profiles{walk: make([]int32, nodes), best: make([]profile, nodes), fresh: make([][]pair, nodes), queue: make([]profile, nodes)}
	for v := range p.walk {
		p.walk[v] = -1
	}
	return p
}

// search finds the journeys to a place that is walked to from some nodes.
func (s *profiles) search(t *table, changes *links, walks []link) {
	s.reset(t, changes)
	for _, w := range walks {
		s.walk[w.to] = w.seconds
		s.walked = append(s.walked, w.to)
		s.mark(w.to)
	}
	for ride := range maxRides {
		for _, k := range s.marked {
			s.ride(&t.patterns[k], s.last[k]+1)
			s.last[k] = -1
		}
		s.marked = s.marked[:0]
		if ride == 0 {
			for _, v := range s.walked {
				s.walk[v] = -1
			}
			s.walked = s.walked[:0]
		}
		for _, u := range s.queued {
			s.queue[u] = s.queue[u][:0]
		}
		s.queued = s.queued[:0]
		s.settle(ride+1 < maxRides)
	}
}

func (s *profiles) reset(t *table, changes *links) {
	s.table, s.changes = t, changes
	for _, v := range s.touched {
		s.best[v] = s.best[v][:0]
	}
	s.touched = s.touched[:0]
	for len(s.last) < len(t.patterns) {
		s.last = append(s.last, -1)
	}
}

// mark has the patterns that let people alight at a node looked at.
func (s *profiles) mark(node int32) {
	for _, c := range s.table.calls[s.table.first[node]:s.table.first[node+1]] {
		if s.last[c.pattern] < 0 {
			s.marked = append(s.marked, c.pattern)
		}
		s.last[c.pattern] = max(s.last[c.pattern], c.call)
	}
}

// ride looks at the first calls of a pattern.
func (s *profiles) ride(p *pattern, calls int32) {
	for int32(len(s.fingers)) < calls {
		s.fingers = append(s.fingers, finger{})
	}
	fingers, nodes := s.fingers[:calls], s.table.nodes[p.call:p.call+calls]
	for i, v := range nodes {
		fingers[i] = finger{s.queue[v], s.best[v], s.walk[v], never, s.table.may[p.call+int32(i)]}
	}
	for k := p.runs - 1; k >= 0; k-- {
		times := s.table.times[p.time+2*p.calls*k:][:2*calls]
		arrive := int32(never) // of who is aboard
		for i := calls - 1; i >= 0; i-- {
			f := &fingers[i]
			if arrive != never && f.may&board != 0 {
				leave := times[2*i+1]
				if leave < earliest {
					break
				}
				if arrive-leave > longest {
					arrive = never // and even more so from the calls before
				} else if arrive < f.sent && !f.known(leave, arrive) {
					f.sent = arrive
					if len(s.fresh[nodes[i]]) == 0 {
						s.nodes = append(s.nodes, nodes[i])
					}
					s.fresh[nodes[i]] = append(s.fresh[nodes[i]], newPair(leave, arrive))
				}
			}
			if f.may&alight != 0 {
				arrive = min(arrive, f.alight(times[2*i]))
			}
		}
	}
}

// known reports whether who leaves later arrives as early by fewer rides.
func (f *finger) known(leave, arrive int32) bool {
	if len(f.best) == 0 || f.best[0].leave() < leave {
		return false
	}
	for len(f.best) > 1 && f.best[1].leave() >= leave {
		f.best = f.best[1:]
	}
	return f.best[0].arrive() <= arrive
}

// alight is when one is there who alights at a time; never: not on this day.
func (f *finger) alight(time int32) int32 {
	arrive := int32(never)
	if f.walk >= 0 && time+f.walk <= latest {
		arrive = time + f.walk
	}
	if len(f.queue) == 0 || f.queue[0].leave() < time {
		return arrive
	}
	for len(f.queue) > 1 && f.queue[1].leave() >= time {
		f.queue = f.queue[1:]
	}
	return min(arrive, f.queue[0].arrive())
}

// settle takes what is fresh into the best and, where another ride may come before, has the
// changes looked at that lead there.
func (s *profiles) settle(more bool) {
	for _, v := range s.nodes {
		if len(s.best[v]) == 0 {
			s.touched = append(s.touched, v)
		}
		s.merged, s.added = merge(s.merged[:0], s.added[:0], s.best[v], prune(s.fresh[v]))
		s.fresh[v] = s.fresh[v][:0]
		s.best[v] = append(s.best[v][:0], s.merged...)
		if !more {
			continue
		}
		for _, change := range s.changes.of(v) {
			u := change.to
			s.before = s.before[:0]
			for _, p := range s.added {
				if p = p.earlier(change.seconds); p.leave() >= earliest && p.arrive()-p.leave() <= longest {
					s.before = append(s.before, p)
				}
			}
			switch {
			case len(s.before) == 0:
			case len(s.queue[u]) == 0:
				s.queue[u] = append(s.queue[u], s.before...)
				s.queued = append(s.queued, u)
			default:
				s.merged, s.rest = merge(s.merged[:0], s.rest[:0], s.queue[u], s.before)
				s.queue[u] = append(s.queue[u][:0], s.merged...)
			}
		}
	}
	s.nodes = s.nodes[:0]
	for _, u := range s.queued {
		s.mark(u)
	}
}
