package transit

import "math/bits"

// journey is one out or back: home is when one is at home, site when one is at the site.
type journey struct{ home, site int32 }

// start counts what one start finds on the days of a table.
func (s *search) start(from *starts, h *hours, number int, at int32) {
	c := &s.found[at]
	if !s.ways(from, c.start, c.below*stepSeconds) {
		return
	}
	for _, d := range h.byTable[number] {
		masks := &s.masks[int(at)*h.days+int(d.number)]
		for slots := d.slots; slots != 0; {
			first := bits.TrailingZeros64(slots)
			count := bits.TrailingZeros64(^(slots >> first))
			slots &^= (1<<count - 1) << first
			s.opening(c, int32(earliest+first*slotSeconds), int32(earliest+(first+count)*slotSeconds), masks)
		}
	}
	if h.week[number] {
		s.opening(c, earliest, latest, nil)
	}
}

// ways finds the useful journeys of a start on the date of the profiles at hand, each within a
// limit, in the order in which they leave; false: there are none out, or none back.
func (s *search) ways(from *starts, start, limit int32) bool {
	s.outs, s.backs = s.outs[:0], s.backs[:0]
	pairs := s.reach(from.byStart.of(start), s.outOf.at, limit)
	for i := len(pairs) - 1; i >= 0; i-- {
		s.outs = append(s.outs, journey{pairs[i].leave(), pairs[i].arrive()})
	}
	if len(s.outs) == 0 {
		return false
	}
	for _, p := range s.reach(from.byStart.of(start), s.backOf.at, limit) {
		s.backs = append(s.backs, journey{mirror - p.leave(), mirror - p.arrive()})
	}
	return len(s.backs) > 0
}

// reach is the profile of a start by way of its stops, of journeys within a limit. It is valid
// until the next call. What one stop gives is merged into what those before gave, which stays
// short: most journeys by way of a farther stop are of no use.
func (s *search) reach(walks []link, of []profile, limit int32) profile {
	found, next := s.pairs[:0], s.spare[:0]
	for _, w := range walks {
		if len(of[w.to]) == 0 {
			continue
		}
		best, k := int32(never), 0
		next = next[:0]
		for _, p := range of[w.to] {
			p = p.earlier(w.seconds)
			if p.leave() < earliest {
				break
			}
			if p.arrive()-p.leave() > limit {
				continue
			}
			for ; k < len(found) && found[k] <= p; k++ {
				if found[k].arrive() < best {
					next, best = append(next, found[k]), found[k].arrive()
				}
			}
			if p.arrive() < best {
				next, best = append(next, p), p.arrive()
			}
		}
		for ; k < len(found); k++ {
			if found[k].arrive() < best {
				next, best = append(next, found[k]), found[k].arrive()
			}
		}
		found, next = next, found
	}
	s.pairs, s.spare = found, next
	return found
}

// opening counts the slots from one time to another, both of a date, of the journeys at hand,
// which come in their order. Without masks it is the week of a site that is open all day.
//
// A journey out with each back that leaves time to stay is a run of slots, which counts at the
// step of the longer of both. Of those back that are in time the last gives the longest run,
// so that earlier ones count at lower steps alone.
func (s *search) opening(c *counted, open, shut int32, masks *[NumSteps]uint64) {
	o := &s.net.timetable.options
	i := 0
	for i+1 < len(s.outs) && s.outs[i+1].site <= open {
		i++ // who is there when it opens leaves home as late as that allows
	}
	last := 0
	for last+1 < len(s.backs) && s.backs[last].site < shut {
		last++ // and goes home as soon as it shuts
	}
	for ; i < len(s.outs); i++ {
		out := s.outs[i]
		there := max(out.site, open)
		if there >= shut {
			return
		}
		time := there - out.home
		least := steps(time)
		best := c.below + 1
		if masks == nil {
			best = min(best, c.week+1)
		}
		first := (there + slotSeconds - 1) / slotSeconds
		enough := max(there+o.Stay, (first+1)*slotSeconds)
		for j := last; j >= 0 && least < best; j-- {
			back := s.backs[j]
			leave := min(back.site, shut)
			if leave < enough {
				break
			}
			if back.home > out.home+o.Away {
				continue
			}
			step := max(least, steps(back.home-leave))
			if step >= best {
				continue
			}
			best = step
			if masks == nil {
				if step < c.week || time < c.weekTime {
					c.week, c.weekTime = step, time
				}
				continue
			}
			end := leave / slotSeconds
			masks[step-1] |= (1<<(end-first) - 1) << (first - firstSlot)
			c.times[step-1] = min(c.times[step-1], time)
		}
	}
}

// steps is the least step within which a time is.
func steps(seconds int32) int32 { return max(1, (seconds+stepSeconds-1)/stepSeconds) }
