package transit

import (
	"cmp"
	"slices"
)

// run is one vehicle from stop to stop, through all trips on which passengers may stay
// aboard.
type run struct {
	calls []runCall
	parts []runPart // the trips, by the first of their calls
}

// runCall is a call at a node. Times are of the clock of the date.
type runCall struct {
	node           int32
	arrive, depart int32
	board, alight  bool
}

// runPart is a trip of a run, from a call of the run on.
type runPart struct {
	call       int32
	feed, trip int32
	every      int32 // the headway of a trip that is repeated at no exact times; 0: it is not
}

// runs lists the vehicles of a date.
func (c *compiler) runs(active []activeOffer) (out []run) {
	type dated struct {
		feed, trip int32
		on         Day
	}
	type shifted struct {
		dated
		shift int32
	}
	var single []shifted
	number := map[dated]int32{}
	for _, a := range active {
		o := &c.offers[a.offer]
		for _, i := range o.trips {
			if len(c.feeds[o.feed].Trips[i].Frequencies) > 0 {
				out = c.repeat(out, o.feed, i, a.shift)
				continue
			}
			single = append(single, shifted{dated{o.feed, i, a.on}, a.shift})
		}
	}
	slices.SortFunc(single, func(a, b shifted) int {
		return cmp.Or(cmp.Compare(a.feed, b.feed), cmp.Compare(a.on, b.on), cmp.Compare(a.trip, b.trip))
	})
	for i, s := range single {
		number[s.dated] = int32(i)
	}
	trip := func(i int32) *Trip { return &c.feeds[single[i].feed].Trips[single[i].trip] }
	leaves := func(i int32) int32 { return trip(i).Calls[0].Depart + single[i].shift }
	ends := func(i int32) *Call { return &trip(i).Calls[len(trip(i).Calls)-1] }
	next, follows := make([]int32, len(single)), make([]bool, len(single))
	for i := range next {
		next[i] = -1
	}
	link := func(a, b int32) {
		if leaves(b) < ends(a).Arrive+single[a].shift || leaves(b) == leaves(a) && single[b].trip <= single[a].trip {
			return
		}
		if next[a] >= 0 || follows[b] {
			if next[a] != b {
				c.branches[[3]int32{single[a].feed, single[a].trip, single[b].trip}] = true
			}
			return
		}
		next[a], follows[b] = b, true
	}
	// What a rule says of two trips comes before what blocks say.
	for i, d := range single {
		for _, to := range c.rules[d.feed].through[d.trip] {
			if b, ok := number[dated{d.feed, to, d.on}]; ok {
				link(int32(i), b)
			}
		}
	}
	type block struct {
		feed int32
		on   Day
		name string
	}
	blocks := map[block][]int32{}
	for i := range single {
		if t := trip(int32(i)); t.Block != "" {
			b := block{single[i].feed, single[i].on, t.Block}
			blocks[b] = append(blocks[b], int32(i))
		}
	}
	for _, members := range blocks { // of each by itself: their order does not matter
		slices.SortFunc(members, func(a, b int32) int {
			return cmp.Or(cmp.Compare(leaves(a), leaves(b)), cmp.Compare(single[a].trip, single[b].trip))
		})
		for k := range len(members) - 1 {
			a, b := members[k], members[k+1]
			if next[a] >= 0 || follows[b] || ends(a).Stop != trip(b).Calls[0].Stop {
				continue
			}
			if !c.rules[single[a].feed].left[[2]int32{single[a].trip, single[b].trip}] {
				link(a, b)
			}
		}
	}
	for i := range single {
		if follows[i] {
			continue
		}
		var r run
		for k := int32(i); k >= 0; k = next[k] {
			c.extend(&r, single[k].feed, single[k].trip, single[k].shift, 0)
		}
		out = append(out, r)
	}
	return out
}

// repeat appends the runs of a trip that frequencies repeat.
func (c *compiler) repeat(out []run, feed, trip, shift int32) []run {
	t := &c.feeds[feed].Trips[trip]
	start, end := t.Calls[0].Depart, t.Calls[len(t.Calls)-1].Arrive
	for _, f := range t.Frequencies {
		if f.Headway <= 0 {
			continue
		}
		from := f.Start
		if before := earliest - shift - (end - start) - from; before > 0 { // over before anybody travels
			from += before / f.Headway * f.Headway
		}
		for ; from < f.End && from+shift < latest; from += f.Headway {
			var r run
			every := f.Headway
			if f.Exact {
				every = 0
			}
			c.extend(&r, feed, trip, shift+from-start, every)
			out = append(out, r)
		}
	}
	return out
}

// extend appends the calls of a trip to a run.
func (c *compiler) extend(r *run, feed, trip, shift, every int32) {
	t := &c.feeds[feed].Trips[trip]
	r.parts = append(r.parts, runPart{int32(len(r.calls)), feed, trip, every})
	for k := range t.Calls {
		call := &t.Calls[k]
		usable := !c.options.Wheelchair || c.feeds[feed].Stops[call.Stop].Wheelchair == Yes
		r.calls = append(r.calls, runCall{
			node:   c.nodeOf(feed, trip, k),
			arrive: call.Arrive + shift, depart: call.Depart + shift,
			board:  usable && c.lets(call.Pickup) && k+1 < len(t.Calls),
			alight: usable && c.lets(call.Drop) && k > 0,
		})
	}
}

// lets reports whether one may board or alight so.
func (c *compiler) lets(b Boarding) bool { return b == Regular || b >= ByPhone && c.options.OnRequest }
