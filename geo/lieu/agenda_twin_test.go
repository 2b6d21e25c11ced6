package lieu

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// dateRule is one rule of a small grammar, and how it is read by hand.
type dateRule struct {
	text  string
	names func(d time.Time) bool
	off   bool
	add   bool
	from  int // minutes
	to    int
}

// TestAgendaAgainstNaiveTwin: rules drawn at random, evaluated day by day and minute by minute
// by a reading that shares no code with the agenda.
func TestAgendaAgainstNaiveTwin(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	names := []string{"Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"}
	// Dates that need no library: Easter Mondays and Ascensions of three years.
	moving := []string{"2026-04-06", "2026-05-14", "2026-05-25", "2027-03-29", "2027-05-06", "2027-05-17", "2028-04-17", "2028-05-25", "2028-06-05"}
	holiday := func(d time.Time) bool {
		return slices.Contains([]string{"01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25"}, d.Format("01-02")) || slices.Contains(moving, d.Format("2006-01-02"))
	}
	weekOf := func(d time.Time) int { // by counting Thursdays
		thursday := d.AddDate(0, 0, 4-(int(d.Weekday())+6)%7-1)
		return (thursday.YearDay()-1)/7 + 1
	}
	selectors := []func() (string, func(time.Time) bool){
		func() (string, func(time.Time) bool) {
			m := 1 + rnd.IntN(12)
			n := 1 + rnd.IntN(12)
			return fmt.Sprintf("%s-%s ", monthNames[m-1], monthNames[n-1]), func(d time.Time) bool {
				for k := m; ; k = k%12 + 1 {
					if int(d.Month()) == k {
						return true
					}
					if k == n {
						return false
					}
				}
			}
		},
		func() (string, func(time.Time) bool) {
			m, n := rnd.IntN(12), 1+rnd.IntN(28)
			length := rnd.IntN(40)
			first := time.Date(2026, time.Month(m+1), n, 0, 0, 0, 0, time.UTC)
			last := first.AddDate(0, 0, length)
			if last.Day() > 28 && last.Month() == time.February || first.Format("01-02") < "03-01" && last.Format("01-02") > "02-28" {
				last = first // lengths that a leap day changes are for the table above
			}
			return fmt.Sprintf("%s %02d-%s %02d ", monthNames[m], n, monthNames[last.Month()-1], last.Day()), func(d time.Time) bool {
				a, b, x := first.Format("01-02"), last.Format("01-02"), d.Format("01-02")
				if a <= b {
					return a <= x && x <= b
				}
				return x >= a || x <= b
			}
		},
		func() (string, func(time.Time) bool) {
			odd := rnd.IntN(2)
			return fmt.Sprintf("week %d-53/2 ", 2-odd), func(d time.Time) bool { return weekOf(d)%2 == odd }
		},
		func() (string, func(time.Time) bool) {
			y := 2026 + rnd.IntN(3)
			return fmt.Sprintf("%d ", y), func(d time.Time) bool { return d.Year() == y }
		},
		func() (string, func(time.Time) bool) { return "", func(time.Time) bool { return true } },
	}
	days := []func() (string, func(time.Time) bool){
		func() (string, func(time.Time) bool) {
			w, n := rnd.IntN(7), 1+rnd.IntN(5)
			return fmt.Sprintf("%s[%d]", names[w], n), func(d time.Time) bool {
				k := 0
				for x := 1; x <= d.Day(); x++ {
					if int(time.Date(d.Year(), d.Month(), x, 0, 0, 0, 0, time.UTC).Weekday()) == w {
						k++
					}
				}
				return int(d.Weekday()) == w && k == n
			}
		},
		func() (string, func(time.Time) bool) {
			w := rnd.IntN(7)
			return names[w] + "[-1]", func(d time.Time) bool {
				return int(d.Weekday()) == w && d.AddDate(0, 0, 7).Month() != d.Month()
			}
		},
		func() (string, func(time.Time) bool) { return "PH", holiday },
		func() (string, func(time.Time) bool) {
			w, v := rnd.IntN(7), rnd.IntN(7)
			return names[w] + "," + names[v], func(d time.Time) bool { return int(d.Weekday()) == w || int(d.Weekday()) == v }
		},
	}
	evaluated, c := 0, testCalendar(t, ZoneB)
	for range 400 {
		rules := []dateRule{{text: "Mo-Fr 09:00-17:00", names: func(d time.Time) bool { return d.Weekday()%6 != 0 }, from: 540, to: 1020}}
		for range rnd.IntN(4) {
			st, sf := selectors[rnd.IntN(len(selectors))]()
			dt, df := days[rnd.IntN(len(days))]()
			r := dateRule{names: func(d time.Time) bool { return sf(d) && df(d) }, off: rnd.IntN(2) == 0}
			r.text = st + dt
			r.from = rnd.IntN(1300)
			r.to = r.from + 1 + rnd.IntN(1440-r.from)
			whole := r.off && rnd.IntN(2) == 0
			if !whole {
				r.text += fmt.Sprintf(" %02d:%02d-%02d:%02d", r.from/60, r.from%60, r.to/60, r.to%60)
			} else {
				r.from, r.to = 0, 1440
			}
			if r.off {
				r.text += " off"
			} else {
				r.add = rnd.IntN(2) == 0
			}
			rules = append(rules, r)
		}
		text := rules[0].text
		for _, r := range rules[1:] {
			if r.add {
				text += ", " + r.text
			} else {
				text += "; " + r.text
			}
		}
		h, _ := ParseHoraires(text)
		a := h.Agenda()
		for range 60 {
			d := time.Date(2026, 1, 1+rnd.IntN(365*3), 0, 0, 0, 0, time.UTC)
			if rnd.IntN(4) == 0 {
				d = time.Date(2026+rnd.IntN(2), 12, 20+rnd.IntN(20), 0, 0, 0, 0, time.UTC)
			}
			if d.Year() > 2028 {
				continue
			}
			got := a.On(d, c)
			if got.Typical {
				t.Fatalf("%q is read by the cycle", text)
			}
			if !got.Known {
				if got.Why != "une exception est écrite avant la règle qu'elle devrait changer" {
					t.Fatalf("%q on %s: %s", text, d.Format(time.DateOnly), got.Why)
				}
				continue
			}
			evaluated++
			var named []dateRule
			for _, r := range rules {
				if r.names(d) {
					named = append(named, r)
				}
			}
			for m := range 1440 {
				want := false
				for _, r := range named {
					in := m >= r.from && m < r.to
					switch {
					case r.off && in:
						want = false
					case r.off:
					case r.add:
						want = want || in
					default:
						want = in
					}
				}
				has := slices.ContainsFunc(got.Open, func(s [2]int) bool { return m >= s[0] && m < s[1] })
				if has != want {
					t.Fatalf("%q on %s (%v): minute %d: got %v, want %v", text, d.Format("Mon 2006-01-02"), got.Open, m, has, want)
				}
			}
		}
	}
	if evaluated < 10000 {
		t.Errorf("only %d dates were evaluated", evaluated)
	}
}

// TestAgendaIsTheCycleOnOrdinaryDates: rules of every week, or of odd and even ones, are the
// same on dates and in the cycle, slot by slot, but in weeks 53 that the cycle does not have.
func TestAgendaIsTheCycleOnOrdinaryDates(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	for range 300 {
		var parts []string
		for range 1 + rnd.IntN(5) {
			text := [...]string{"", "", "week 1-53/2 ", "week 2-52/2 "}[rnd.IntN(4)] + dayNames[rnd.IntN(7)] + "-" + dayNames[rnd.IntN(7)]
			if rnd.IntN(5) == 0 {
				parts = append(parts, text+" off")
				continue
			}
			from := rnd.IntN(1400)
			to := from + 1 + rnd.IntN(1440-from)
			parts = append(parts, fmt.Sprintf("%s %02d:%02d-%02d:%02d%s", text, from/60, from%60, to/60, to%60, [...]string{"", "", ` "rdv"`}[rnd.IntN(3)]))
		}
		text := strings.Join(parts, [...]string{"; ", ", "}[rnd.IntN(2)])
		h, err := ParseHoraires(text)
		if err != nil {
			t.Fatal(err)
		}
		a := h.Agenda()
		for range 40 {
			d := time.Date(2026, 1, 1+rnd.IntN(3000), 0, 0, 0, 0, time.UTC)
			if _, week := d.ISOWeek(); week == 53 {
				continue
			}
			got := a.On(d, nil)
			var cycle, dated Slots
			at := 7*cycleWeek(d) + weekday(d)
			for slot := range SlotsPerDay {
				if h.Slots.Has(at*SlotsPerDay + slot) {
					cycle.Add(slot)
				}
			}
			fillSlots(&dated, 0, spansOf(got.Open))
			if !got.Known || dated != cycle {
				t.Fatalf("%q on %s: %v, in the cycle %v", text, d.Format("Mon 2006-01-02"), got, cycle.spans(0))
			}
		}
	}
}

func spansOf(minutes [][2]int) (out []span) {
	for _, m := range minutes {
		out = append(out, span{m[0], m[1]})
	}
	return out
}
