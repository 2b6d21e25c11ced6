package transit

// rules are the transfers of a feed, as they are looked up.
type rules struct {
	between  map[[2]int32][]int32 // by two stops or stations of the feed: transfers, in their order
	named    map[int32]*named     // by stop: what rules name there
	through  map[int32][]int32    // by trip: those that it continues as
	left     map[[2]int32]bool    // by two trips: who would stay aboard must get off
	feed     *Feed
	homeless int // rules without a stop
}

// named are the lines and trips that rules name at a stop.
type named struct{ lines, trips map[int32]bool }

// The published types of transfers that are read here.
const (
	atLeast      = 2
	forbidden    = 3
	sameVehicle  = 4
	vehicleIsOut = 5
)

func newRules(feed *Feed) rules {
	r := rules{feed: feed, between: map[[2]int32][]int32{}, named: map[int32]*named{}, through: map[int32][]int32{}, left: map[[2]int32]bool{}}
	platforms := map[int32][]int32{}
	for s := range feed.Stops {
		if p := feed.Stops[s].Parent; p >= 0 {
			platforms[p] = append(platforms[p], int32(s))
		}
	}
	name := func(stop, line, trip int32) {
		for _, s := range append([]int32{stop}, platforms[stop]...) {
			n := r.named[s]
			if n == nil {
				n = &named{map[int32]bool{}, map[int32]bool{}}
				r.named[s] = n
			}
			if trip >= 0 {
				n.trips[trip] = true
			} else if line >= 0 {
				n.lines[line] = true
			}
		}
	}
	for i := range feed.Transfers {
		x := &feed.Transfers[i]
		switch {
		case x.Type == sameVehicle && x.FromTrip >= 0 && x.ToTrip >= 0:
			r.through[x.FromTrip] = append(r.through[x.FromTrip], x.ToTrip)
			continue
		case x.Type == vehicleIsOut && x.FromTrip >= 0 && x.ToTrip >= 0:
			r.left[[2]int32{x.FromTrip, x.ToTrip}] = true
			continue
		case x.Type != atLeast && x.Type != forbidden:
			// What others say is what a change is without them; but they come before less
			// particular ones.
		}
		if x.From < 0 || x.To < 0 {
			r.homeless++
			continue
		}
		key := [2]int32{x.From, x.To}
		r.between[key] = append(r.between[key], int32(i))
		if x.FromLine >= 0 || x.FromTrip >= 0 {
			name(x.From, x.FromLine, x.FromTrip)
		}
		if x.ToLine >= 0 || x.ToTrip >= 0 {
			name(x.To, x.ToLine, x.ToTrip)
		}
	}
	return r
}

// change is what a change takes from one node to another of the same feed, where usual is
// what it takes without a rule; false where it is forbidden. Of rules that apply, the most
// particular counts: trips before lines before stops, a stop before its station, then the
// first.
func (r *rules) change(from, to node, fromStop, toStop int32, usual int32) (int32, bool) {
	best, rank := int32(-1), -1
	look := func(a, b int32, ofStops int) {
		for _, i := range r.between[[2]int32{a, b}] {
			x := &r.feed.Transfers[i]
			if x.FromTrip >= 0 && x.FromTrip != from.trip || x.ToTrip >= 0 && x.ToTrip != to.trip ||
				x.FromLine >= 0 && x.FromLine != from.line || x.ToLine >= 0 && x.ToLine != to.line {
				continue
			}
			if k := 3*particular(x) + ofStops; k > rank || k == rank && i < best {
				best, rank = i, k
			}
		}
	}
	a, b := r.feed.Stops[fromStop].Parent, r.feed.Stops[toStop].Parent
	look(fromStop, toStop, 2)
	if a >= 0 {
		look(a, toStop, 1)
	}
	if b >= 0 {
		look(fromStop, b, 1)
	}
	if a >= 0 && b >= 0 {
		look(a, b, 0)
	}
	if best < 0 {
		return usual, true
	}
	switch x := &r.feed.Transfers[best]; x.Type {
	case forbidden:
		return 0, false
	case atLeast:
		return max(usual, x.MinSeconds), true
	}
	return usual, true
}

// particular ranks a rule by what it names, as the GTFS reference does.
func particular(x *Transfer) int {
	side := func(line, trip int32) int {
		switch {
		case trip >= 0:
			return 2
		case line >= 0:
			return 1
		}
		return 0
	}
	from, to := side(x.FromLine, x.FromTrip), side(x.ToLine, x.ToTrip)
	switch {
	case from == 2 && to == 2:
		return 5
	case from+to == 3:
		return 4
	case from == 2 || to == 2:
		return 3
	case from == 1 && to == 1:
		return 2
	case from+to == 1:
		return 1
	}
	return 0
}
