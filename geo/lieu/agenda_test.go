package lieu

import (
	"fmt"
	"reflect"
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
		{"quotes of word processors", "Mo 09:00-12:00 « sur rendez-vous »; Tu 09:00-12:00 “RDV”", 0, 6},
		{"no need", `Mo 09:00-12:00 "pas de rendez-vous"; Tu 09:00-12:00 "rendez-vous non obligatoire"; We 09:00-12:00 "Pas besoin de rdv."`, 9, 0},
		{"how to ask", `Mo 09:00-12:00 "sur rendez-vous par téléphone"; Tu 09:00-12:00 "R.D.V. obligatoire"; We 09:00-12:00 "RDV : accueil de la mairie"`, 0, 9},
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

// TestCommentsThatNarrow: hours of which a comment takes something are unknown.
func TestCommentsThatNarrow(t *testing.T) {
	for _, comment := range []string{"sauf le 1er lundi", "sur rendez-vous le mardi", "ne pas venir sans rendez-vous", "pas d'accueil sans rdv", "il n'est pas nécessaire de prendre rendez-vous",
		"sur rendez-vous sauf le matin", "uniquement les adhérents", "par téléphone", "accueil téléphonique", "semaines paires", "en été", "Fermé en août", "no walk-ins", "un samedi sur deux",
		"horaires variables", "sur inscription", "vacances scolaires", "only Mondays", "closed on holidays"} {
		if h, err := ParseHoraires(`Mo-Fr 09:00-12:00 "` + comment + `"`); h.Known || err == nil {
			t.Errorf("%q: %v h, by appointment %v; want unknown", comment, h.WeeklyHours(), h.RendezVous != nil)
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

func BenchmarkNewCalendar(b *testing.B) {
	vacances, err := PublishedVacances()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		NewCalendar(ZoneB, vacances)
	}
}
