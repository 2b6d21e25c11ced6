package lieu

import (
	"slices"
	"time"
)

var monthNames = [...]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

// dateRange is some dates of some years. from and to are days of the year, month × 100 +
// day, from > to over the turn of the year; both 0: the whole year. With easter they are
// days after Easter Sunday.
type dateRange struct {
	firstYear, lastYear, step int // 0: any year; lastYear is that in which the range begins
	from, to                  int
	toYear                    int // the year of to, where it is written: "2024 Dec 20-2025 Jan 05"
	easter                    bool
}

// has reports whether the range holds a date.
func (r *dateRange) has(d time.Time) bool {
	for _, year := range [2]int{d.Year(), d.Year() - 1} { // in which the range begins
		if r.firstYear != 0 && (year < r.firstYear || year > r.lastYear || (year-r.firstYear)%r.step != 0) {
			continue
		}
		day := 10000*d.Year() + 100*int(d.Month()) + d.Day()
		switch {
		case r.easter:
			sunday := easter(year)
			if !d.Before(sunday.AddDate(0, 0, r.from)) && !d.After(sunday.AddDate(0, 0, r.to)) {
				return true
			}
		case r.from == 0:
			if year == d.Year() {
				return true
			}
		default:
			end := year
			if r.from > r.to {
				end++
			}
			if day >= 10000*year+r.from && day <= 10000*end+r.to {
				return true
			}
		}
	}
	if r.toYear > 0 { // of one range, that may last more than a year
		day := 10000*d.Year() + 100*int(d.Month()) + d.Day()
		return day >= 10000*r.firstYear+r.from && day <= 10000*r.toYear+r.to
	}
	return false
}

func datesHave(ranges []dateRange, d time.Time) bool {
	return slices.ContainsFunc(ranges, func(r dateRange) bool { return r.has(d) })
}

// dates reads years, months, dates and Easter: "Jul-Aug", "Dec 24-Jan 02", "Dec 25,Jan 01",
// "2026 Mar 03", "2025-2027", "easter -2 days". Without any, and where they are the whole
// year, the rule is of all dates: nil.
func (p *horairesParser) dates() ([]dateRange, error) {
	var out []dateRange
	for {
		comma := p.pos
		if out != nil && !p.accept(",") {
			break
		}
		r, ok, err := p.dateRange(out)
		if err != nil {
			return nil, err
		}
		if !ok { // the comma starts a list of something else
			p.pos = comma
			break
		}
		out = append(out, r)
	}
	if out != nil {
		p.accept(":")
	}
	if wholeYear(out) {
		return nil, nil
	}
	return out, nil
}

func wholeYear(ranges []dateRange) bool {
	for _, r := range ranges {
		if r.firstYear != 0 || r.easter {
			return false
		}
	}
	for d := dateOf(leapYear, time.January, 1); d.Year() == leapYear && ranges != nil; d = d.AddDate(0, 0, 1) {
		if !datesHave(ranges, d) {
			return false
		}
	}
	return true
}

// dateRange reads one item of a list of dates; before are those that it already has: "Dec
// 24,26" names the month once.
func (p *horairesParser) dateRange(before []dateRange) (r dateRange, ok bool, err error) {
	p.space()
	start := p.pos
	if p.acceptWord("easter") {
		r.easter, ok = true, true
		r.from, err = p.offset()
		r.to = r.from
		if err == nil && p.acceptDash() {
			if !p.acceptWord("easter") {
				return r, true, p.fail(p.pos, "%s inattendu ; attendu « easter »", p.found())
			}
			r.to, err = p.offset()
		}
		if err == nil && r.to < r.from {
			err = p.fail(start, "dates qui finissent avant de commencer")
		}
		return r, ok, err
	}
	if p.yearNext() {
		if err := p.years(&r); err != nil {
			return r, true, err
		}
		ok = true
	}
	month := p.word(monthNames[:])
	if month < 0 {
		if day, dated := p.dayOfMonth(); !ok && dated && len(before) > 0 && before[len(before)-1].from > 0 {
			last := before[len(before)-1]
			r = dateRange{firstYear: last.firstYear, lastYear: last.lastYear, step: last.step}
			return r, true, p.daysOfMonth(&r, last.to/100-1, day, start)
		}
		if !ok {
			p.pos = start
		}
		return r, ok, nil
	}
	day, dated := p.dayOfMonth()
	if !dated {
		day = 0
	}
	return r, true, p.daysOfMonth(&r, month, day, start)
}

// daysOfMonth reads what follows a month and perhaps its day: nothing, or the end of a range.
// months are from 0.
func (p *horairesParser) daysOfMonth(r *dateRange, month, day, start int) error {
	from, to := day, day
	toMonth := month
	dash := p.pos
	if p.acceptDash() {
		if p.yearNext() {
			if r.firstYear == 0 || r.firstYear != r.lastYear {
				return p.fail(p.pos, "année inattendue ; attendu une année à chaque bout de la plage")
			}
			r.toYear, _ = p.number()
		}
		n, numbered := p.dayOfMonth()
		switch m := p.word(monthNames[:]); {
		case m >= 0 && !numbered:
			toMonth = m
			var dated bool
			if to, dated = p.dayOfMonth(); !dated {
				to = 0
			}
		case numbered && m < 0 && day > 0 && r.toYear == 0:
			to = n
			if to < from {
				return p.fail(dash, "dates qui finissent avant de commencer")
			}
		default:
			return p.fail(p.pos, "%s inattendu ; attendu un mois (Jan, Feb, Mar…)", p.found())
		}
		if (from == 0) != (to == 0) {
			return p.fail(start, "un bout de la plage a un jour, l'autre non ; attendu une plage comme Jul 14-Aug 31")
		}
	}
	if p.peek() == '+' {
		return p.fail(p.pos, "date ouverte ou décalée (« + ») ; attendu une plage de dates")
	}
	for _, d := range [2][2]int{{month, from}, {toMonth, to}} {
		if last := dateOf(leapYear, time.Month(d[0]+2), 0).Day(); day > 0 && d[1] > last {
			return p.fail(start, "date qui n'existe pas : %s a %d jours", monthNames[d[0]], last)
		}
	}
	if day == 0 {
		from, to = 1, 31
	}
	r.from, r.to = 100*(month+1)+from, 100*(toMonth+1)+to
	if r.toYear > 0 && 10000*r.toYear+r.to < 10000*r.firstYear+r.from {
		return p.fail(start, "dates qui finissent avant de commencer")
	}
	return nil
}

// years reads "2026", "2025-2027", "2025-2035/2" or "2026+".
func (p *horairesParser) years(r *dateRange) error {
	p.space()
	start := p.pos
	r.firstYear, _ = p.number()
	r.lastYear, r.step = r.firstYear, 1
	dash := p.pos
	switch {
	case p.accept("+"):
		r.lastYear = 9999
	case p.acceptDash():
		if !p.yearNext() {
			p.pos = dash
			break
		}
		r.lastYear, _ = p.number()
		if p.accept("/") {
			r.step, _ = p.number()
		}
	}
	if r.firstYear < 1900 || r.lastYear < r.firstYear || r.step < 1 {
		return p.fail(start, "années non comprises ; attendu des années depuis 1900, comme 2026 ou 2025-2027")
	}
	return nil
}

// offset reads "+1 day" or "-2 days", 0 when there is none.
func (p *horairesParser) offset() (int, error) {
	start, sign := p.pos, 1
	switch {
	case p.accept("+"):
	case p.accept("-"):
		sign = -1
	default:
		return 0, nil
	}
	at := p.pos
	if n, ok := p.number(); ok && (p.acceptWord("day") || p.acceptWord("days")) {
		if n > 366 {
			return 0, p.fail(at, "décalage de plus d'un an")
		}
		return sign * n, nil
	}
	p.pos = start
	return 0, nil
}

// dayOfMonth reads the day of a month if one comes next. An hour (09:00) is none; "24: off" is.
func (p *horairesParser) dayOfMonth() (day int, ok bool) {
	start := p.pos
	day, ok = p.number()
	end := p.pos
	next := p.peek()
	hour := next == 'h' || next == 'H' || next == ':' && p.pos+1 < len(p.text) && isDigit(p.text[p.pos+1])
	if ok && !hour && day >= 1 && day <= 31 {
		p.pos = end
		return day, true
	}
	p.pos = start
	return 0, false
}
