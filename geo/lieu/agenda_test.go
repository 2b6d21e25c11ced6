package lieu

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAppointments(t *testing.T) {
	for _, tt := range []struct {
		special   string
		text      string
		walk, rdv float64 // hours a week
	}{
		{"all by appointment", `Mo-Fr 10:00-20:00 "sur rendez-vous"; PH off`, 0, 50},
		{"an abbreviation", `Mo-Fr 10:00-12:00 "RDV"`, 0, 10},
		{"only so", `Mo-Fr 10:00-12:00 "uniquement sur RDV"`, 0, 10},
		{"capitals and accents", `Mo-Fr 10:00-12:00 "SUR RENDEZ-VOUS PRÉALABLE"`, 0, 10},
		{"no hyphen, and more words", `Mo 10:00-12:00 "Prendre rendez vous à l'accueil"`, 0, 2},
		{"English", `Mo 10:00-12:00 "by appointment"; Tu 10:00-12:00 "on appointment only"`, 0, 4},
		{"said with open and unknown", `Mo 10:00-12:00 open "on appointment"; Tu 10:00-12:00 unknown "sur rdv"`, 0, 4},
		{"one day so, another not", `Mo 09:00-12:00; Tu 14:00-17:00 "sur rendez-vous"`, 3, 3},
		{"what is both is open", `Mo 09:00-12:00, Mo 11:00-14:00 "sur rendez-vous"`, 3, 2},
		{"replaced", `Mo-Fr 09:00-12:00; We 14:00-17:00 "sur rendez-vous"`, 12, 3},
		{"closed in part", `Mo 09:00-17:00 "sur rdv"; Mo 12:00-13:00 off`, 0, 7},
		{"without", `Mo 09:00-12:00 "sans rendez-vous"`, 3, 0},
		{"with or without", `Mo 09:00-12:00 "avec ou sans rendez-vous"`, 3, 0},
		{"free or so", `Mo 09:00-12:00 "accès libre ou sur rendez-vous"`, 3, 0},
		{"better so", `Mo 09:00-12:00 "rendez-vous conseillé"`, 3, 0},
		{"English without", `Mo 09:00-12:00 "no appointment needed"`, 3, 0},
		{"a remark about closing", `Mo 09:00-12:00; Tu off "sur rendez-vous"`, 3, 0},
		{"outside school holidays, which the cycle does not have", `Mo 09:00-12:00 "hors vacances scolaires"`, 3, 0},
		{"both", `Mo 09:00-12:00 "sur rendez-vous, hors vacances scolaires"`, 0, 3},
	} {
		h, err := ParseHoraires(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.special, err)
			continue
		}
		rdv := 0.
		if h.RendezVous != nil {
			rdv = float64(h.RendezVous.Len()) / SlotsPerHour / WeeksPerCycle
			for i := range h.Slots {
				if h.Slots[i]&h.RendezVous[i] != 0 {
					t.Fatalf("%s: a slot is both", tt.special)
				}
			}
		}
		if !h.Known || h.WeeklyHours() != tt.walk || rdv != tt.rdv || (h.RendezVous == nil) != (tt.rdv == 0) {
			t.Errorf("%s: ParseHoraires(%q): known %v, %v h and %v h by appointment; want %v and %v", tt.special, tt.text, h.Known, h.WeeklyHours(), rdv, tt.walk, tt.rdv)
		}
	}
}

func TestHorairesNotes(t *testing.T) {
	_, notes, err := ParseHorairesNoted("Mo-Fr 08:00-18:00,08:00-18:00")
	want := []string{"caractère 19 : plage 08:00-18:00 qui recouvre une autre plage des mêmes jours : leur réunion est retenue"}
	if err != nil || !reflect.DeepEqual(notes, want) {
		t.Errorf("%q, %v", notes, err)
	}
	if _, notes, err := ParseHorairesNoted("Mo-Fr 08:00-12:00,12:00-18:00; Aug off"); err != nil || notes != nil {
		t.Errorf("ranges that touch: %q, %v", notes, err)
	}
}

// Hours as the tables below write them: "09:00-12:00 14:00-26:00", "-" closed, "?" unknown;
// after "rdv" those by appointment.
func (d Day) written() string {
	if !d.Known {
		return "?"
	}
	var parts []string
	for k, spans := range [][][2]int{d.Open, d.RendezVous} {
		if k == 1 && len(spans) > 0 {
			parts = append(parts, "rdv")
		}
		for _, s := range spans {
			parts = append(parts, fmt.Sprintf("%02d:%02d-%02d:%02d", s[0]/60, s[0]%60, s[1]/60, s[1]%60))
		}
	}
	if parts == nil {
		return "-"
	}
	return strings.Join(parts, " ")
}

func TestAgendaOn(t *testing.T) {
	c := testCalendar(t, ZoneB)
	for _, tt := range []struct {
		special, text, day, want string
	}{
		{"an ordinary Monday", "Mo-Fr 09:00-12:00", "2026-11-30", "09:00-12:00"},
		{"an ordinary Sunday", "Mo-Fr 09:00-12:00", "2026-11-29", "-"},
		{"a closed date", "Mo-Fr 09:00-17:00; Dec 25 off; Aug off", "2026-12-25", "-"},
		{"its eve", "Mo-Fr 09:00-17:00; Dec 25 off; Aug off", "2026-12-24", "09:00-17:00"},
		{"a closed month, its last day", "Mo-Fr 09:00-17:00; Dec 25 off; Aug off", "2026-08-31", "-"},
		{"the day after", "Mo-Fr 09:00-17:00; Dec 25 off; Aug off", "2026-09-01", "09:00-17:00"},
		{"summer hours", "Mo-Fr 09:00-17:00; Jul-Aug Mo-Fr 09:00-12:00", "2026-07-01", "09:00-12:00"},
		{"week 53 is odd", "week 1-53/2 Tu 09:00-12:00", "2026-12-29", "09:00-12:00"},
		{"and so is week 1 after it", "week 1-53/2 Tu 09:00-12:00", "2027-01-05", "09:00-12:00"},
		{"week 2 is not", "week 1-53/2 Tu 09:00-12:00", "2027-01-12", "-"},
		{"1 January may lie in week 53", "week 2-52/2 Fr 09:00-12:00", "2027-01-01", "-"},
		{"weeks of the cycle come back", "week 1,3 Tu 09:00-12:00", "2026-02-03", "-"},
		{"… every second week", "week 1,3 Tu 09:00-12:00", "2026-02-10", "09:00-12:00"},
		{"first Saturday", "Sa[1] 10:00-12:00", "2026-08-01", "10:00-12:00"},
		{"second Saturday", "Sa[1] 10:00-12:00", "2026-08-08", "-"},
		{"last Monday, the fifth of its month", "Mo[-1] 10:00-12:00", "2026-11-30", "10:00-12:00"},
		{"last Monday, the fourth of its month", "Mo[-1] 10:00-12:00", "2026-02-23", "10:00-12:00"},
		{"fifth Saturday", "Sa 10:00-12:00; Sa[5] off", "2026-08-29", "-"},
		{"the day after the first Monday", "Mo[1] +1 day 09:00-10:00", "2026-09-08", "09:00-10:00"},
		{"a public holiday", "Mo-Fr 09:00-12:00; PH off", "2026-07-14", "-"},
		{"open on public holidays", "Mo-Fr,PH 09:00-12:00", "2026-08-15", "09:00-12:00"},
		{"the eve of a public holiday", "Mo-Fr 09:00-17:00; PH -1 day 09:00-12:00", "2026-12-24", "09:00-12:00"},
		{"a public holiday that is a Sunday is no Monday", "PH Mo-Fr 10:00-11:00; Su 14:00-15:00", "2026-11-01", "14:00-15:00"},
		{"school holidays of the zone", "We 14:00-18:00; SH Mo-Fr 10:00-18:00", "2026-02-17", "10:00-18:00"},
		{"not yet", "We 14:00-18:00; SH Mo-Fr 10:00-18:00", "2026-02-10", "-"},
		{"a school year that is not known", "We 14:00-18:00; SH Mo-Fr 10:00-18:00", "2029-02-13", "?"},
		{"… and does not matter", "We 14:00-18:00; SH Mo-Fr 10:00-18:00", "2029-02-17", "-"},
		{"hours of the term", `We 14:00-18:00 "hors vacances scolaires"`, "2026-02-11", "14:00-18:00"},
		{"hours of the term, in holidays", `We 14:00-18:00 "hors vacances scolaires"`, "2026-02-18", "?"},
		{"29 February", "Mo-Fr 09:00-12:00; Feb 29 off", "2028-02-29", "-"},
		{"Good Friday", "Mo-Fr 09:00-12:00; easter -2 days off", "2026-04-03", "-"},
		{"the year's turn", "Mo-Fr 09:00-12:00; Dec 24-Jan 02 off", "2027-01-01", "-"},
		{"one year", "Mo-Fr 09:00-12:00; 2026 Dec 24-2027 Jan 08 off", "2027-01-08", "-"},
		{"another year", "Mo-Fr 09:00-12:00; 2026 Dec 24-2027 Jan 08 off", "2028-01-07", "09:00-12:00"},
		{"other years", "Mo-Fr 09:00-12:00; 2024-2030/2 Aug off", "2027-08-03", "09:00-12:00"},
		{"a season alone is known on dates", "Jul-Aug Mo-Fr 09:00-12:00", "2026-07-03", "09:00-12:00"},
		{"every third week is known on dates", "week 1-53/3 Mo 09:00-10:00", "2026-01-19", "09:00-10:00"},
		{"the day on which a night begins", "Fr 22:00-02:00", "2026-12-04", "22:00-26:00"},
		{"and the day on which it ends", "Fr 22:00-02:00", "2026-12-05", "-"},
		{"a season that names no day, on a day with hours", "Mo-Fr 09:00-17:00; Jul-Aug 09:00-12:00", "2026-07-02", "09:00-12:00"},
		{"… and on one without", "Mo-Fr 09:00-17:00; Jul-Aug 09:00-12:00", "2026-07-05", "?"},
		{"an exception before its rule", "PH off; Mo-Fr 09:00-12:00", "2026-07-14", "?"},
		{"a date that the source does not know", "Mo-Fr 09:00-12:00; Dec 24 unknown", "2026-12-24", "?"},
		{"by appointment", `Mo 09:00-12:00, Mo 11:00-14:00 "sur rdv"`, "2026-11-30", "09:00-12:00 rdv 12:00-14:00"},
		{"to the minute", "Mo 09:05-11:50", "2026-11-30", "09:05-11:50"},
	} {
		h, _ := ParseHoraires(tt.text)
		got := h.Agenda().On(day(t, tt.day), c)
		if got.written() != tt.want || got.Known != (got.Why == "") {
			t.Errorf("%s: %q on %s: %s (%s), want %s", tt.special, tt.text, tt.day, got.written(), got.Why, tt.want)
		}
	}
}

// TestAgendaIsTheCycleWithoutText: the union of merged records, and what was not read from its
// text, are the cycle's.
func TestAgendaIsTheCycleWithoutText(t *testing.T) {
	h, err := ParseHoraires("week 1-53/2 Tu 09:00-12:00")
	if err != nil {
		t.Fatal(err)
	}
	h.Text = "Tu 09:00-12:00 + autre chose"
	for date, want := range map[string]string{"2026-12-22": "-", "2026-12-29": "09:00-12:00", "2027-01-05": "09:00-12:00", "2027-01-12": "-", "2026-07-14": "09:00-12:00"} {
		got := h.Agenda().On(day(t, date), testCalendar(t, ZoneB))
		if got.written() != want || !got.Typical || got.Why != "horaires types" || got.HolidayUnsaid != (date == "2026-07-14") {
			t.Errorf("%s: %+v, want %s", date, got, want)
		}
	}
	h.Text = "Tu 14:00-17:00" // not what the slots were read from
	if got := h.Agenda().On(day(t, "2026-12-29"), nil); got.written() != "09:00-12:00" {
		t.Errorf("%+v", got)
	}
	if got := (&Horaires{}).Agenda().On(day(t, "2026-12-29"), nil); got.Known || got.Why == "" {
		t.Errorf("unknown hours: %+v", got)
	}
}

func TestHolidayThatNobodySpeaksOf(t *testing.T) {
	for text, want := range map[string]bool{"Mo-Fr 09:00-12:00": true, "Mo-Fr 09:00-12:00; PH off": false, "Mo-Fr,PH 09:00-12:00": false,
		"Mo-Fr 09:00-12:00; Jul 14 off": false, "Mo-Fr 09:00-12:00; Aug off": true, "Mo-Fr 09:00-12:00; SH off": true} {
		h, err := ParseHoraires(text)
		if got := h.Agenda().On(day(t, "2026-07-14"), testCalendar(t, ZoneB)); err != nil || got.HolidayUnsaid != want || got.Holiday != "Fête Nationale" {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

// TestDatesKnowNoClock: the date is the one shown where the time was made, whatever the hour,
// also on the nights when clocks change.
func TestDatesKnowNoClock(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Skip(err)
	}
	h, err := ParseHoraires("Su 00:00-24:00")
	if err != nil {
		t.Fatal(err)
	}
	a := h.Agenda()
	for _, date := range []time.Time{time.Date(2026, 3, 29, 0, 0, 0, 0, paris), time.Date(2026, 10, 25, 23, 59, 59, 0, paris)} {
		for hour := range 24 {
			at := time.Date(date.Year(), date.Month(), date.Day(), hour, 30, 0, 0, paris)
			if got := a.On(at, nil).written(); got != "00:00-24:00" {
				t.Errorf("%v: %s", at, got)
			}
		}
	}
}

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

func BenchmarkAgendaOn(b *testing.B) {
	h, err := ParseHoraires("Mo-Fr 09:00-12:00,14:00-17:00; Sa[1] 10:00-12:00; week 1-53/2 We off; PH off; SH Mo-Fr 09:00-12:00; Aug off")
	if err != nil {
		b.Fatal(err)
	}
	a, c, d := h.Agenda(), testCalendar(b, ZoneB), day(b, "2026-01-01")
	for b.Loop() {
		a.On(d, c)
		d = d.AddDate(0, 0, 1)
	}
}
