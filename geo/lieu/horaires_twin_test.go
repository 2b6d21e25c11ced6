package lieu

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// simpleRule is one rule of the small grammar that the naive twin understands.
type simpleRule struct {
	additive, off bool
	odd, even     bool // only those weeks
	days          []int
	ranges        [][2]int // minutes; the second is below the first past midnight
}

func (r simpleRule) String() string {
	var b strings.Builder
	if r.odd {
		b.WriteString("week 1-53/2 ")
	}
	if r.even {
		b.WriteString("week 2-52/2 ")
	}
	for i, d := range r.days {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString(dayNames[d])
	}
	for i, x := range r.ranges {
		if i > 0 {
			b.WriteString(",")
		} else {
			b.WriteString(" ")
		}
		fmt.Fprintf(&b, "%02d:%02d-%02d:%02d", x[0]/60, x[0]%60, x[1]/60, x[1]%60)
	}
	if r.off {
		b.WriteString(" off")
	}
	return b.String()
}

// names reports whether the rule speaks of day d of the cycle, from 0.
func (r simpleRule) names(d int) bool {
	week := d/7 + 1
	if r.odd && week%2 == 0 || r.even && week%2 == 1 {
		return false
	}
	for _, x := range r.days {
		if x == d%7 {
			return true
		}
	}
	return false
}

// openNaive answers one minute of the cycle by reading every rule, in order.
func openNaive(rules []simpleRule, minute int) bool {
	open := false
	// A range belongs to the day on which it starts: look at that day and at the
	// day before.
	for back := range 2 {
		day := (minute/1440 - back + 28) % 28
		at := minute%1440 + back*1440
		state := false
		for _, r := range rules {
			if !r.names(day) {
				continue
			}
			covered := false
			for _, x := range r.ranges {
				to := x[1]
				if to < x[0] {
					to += 1440
				}
				covered = covered || at >= x[0] && at < to
			}
			switch {
			case r.off && len(r.ranges) == 0:
				state = false
			case r.off:
				state = state && !covered
			case r.additive:
				state = state || covered
			default:
				state = covered
			}
		}
		open = open || state
	}
	return open
}

func TestParseHorairesAgainstNaiveTwin(t *testing.T) {
	const seed = 20241104
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	for range 120 {
		var rules []simpleRule
		var text strings.Builder
		for i := range 1 + rnd.IntN(5) {
			r := simpleRule{additive: i > 0 && rnd.IntN(3) == 0, off: i > 0 && rnd.IntN(4) == 0}
			r.additive = r.additive && !r.off
			switch rnd.IntN(4) {
			case 0:
				r.odd = true
			case 1:
				r.even = true
			}
			for d := range 7 {
				if rnd.IntN(2) == 0 {
					r.days = append(r.days, d)
				}
			}
			if r.days == nil {
				r.days = []int{rnd.IntN(7)}
			}
			if !r.off || rnd.IntN(2) == 0 {
				from := rnd.IntN(700)
				to := from + 1 + rnd.IntN(300)
				r.ranges = append(r.ranges, [2]int{from, to})
				if rnd.IntN(2) == 0 {
					from = to + rnd.IntN(1400-to)
					to := (from + 1 + rnd.IntN(600)) % 1440
					if to < from && (from < nightFrom || to > nightTo) {
						to = 1440 // not believed past midnight
					}
					r.ranges = append(r.ranges, [2]int{from, to})
				}
			}
			if i > 0 && r.additive {
				text.WriteString(", ")
			} else if i > 0 {
				text.WriteString("; ")
			}
			text.WriteString(r.String())
			rules = append(rules, r)
		}
		h, err := ParseHoraires(text.String())
		if err != nil {
			t.Fatalf("%q: %v", text.String(), err)
		}
		for slot := range SlotsPerCycle {
			n := 0
			for m := slot * SlotMinutes; m < (slot+1)*SlotMinutes; m++ {
				if openNaive(rules, m) {
					n++
				}
			}
			if want := n >= 8; h.Slots.Has(slot) != want {
				t.Fatalf("%q: slot %d: got %v, want %v (%d minutes of 15)", text.String(), slot, !want, want, n)
			}
		}
	}
}
