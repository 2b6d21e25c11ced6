package lieu

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseHorairesHours(t *testing.T) {
	// want is hours over the whole 4-week cycle, worked out by hand.
	for _, tt := range []struct {
		special string
		text    string
		want    float64
	}{
		{"mornings and afternoons, Monday to Friday: 5 × 7", "Mo-Fr 09:00-12:00,13:00-17:00", 4 * 35},
		{"the France Services antenna of the design: 7+7+3+3+7 = 27", "Mo,Tu 09:00-13:00,14:00-17:00; We,Th 14:00-17:00; Fr 09:00-13:00,14:00-17:00", 4 * 27},
		{"later rules replace Tuesday and Thursday: 3×8 + 7 + 4 = 35", "Mo-Fr 08:00-12:00,14:00-18:00; Tu 09:00-12:00,14:00-18:00; Th 08:00-12:00", 4 * 35},
		{"a later rule replaces, it does not add, even on other hours", "Mo 09:00-12:00; Mo 14:00-16:00", 4 * 2},
		{"a comma adds", "Mo-Fr 09:00-12:00, We 14:00-16:00", 4 * 17},
		{"a comma adds hours already there only once", "Mo-Fr 09:00-12:00, We 10:00-14:00", 4 * 17},
		{"a comma then a time is one more range", "Mo 09:00-12:00, 14:00-16:00", 4 * 5},
		{"days wrap over Sunday: Sa Su Mo Tu", "Sa-Tu 10:00-11:00", 4 * 4},
		{"one day from itself to itself", "We-We 10:00-11:00", 4},
		{"no day named means every day", "10:00-12:00", 4 * 14},
		{"off closes a day", "Mo-Fr 09:00-12:00; We off", 4 * 12},
		{"off with hours removes only these", "Mo-Fr 08:00-18:00; We 12:00-14:00 off", 4 * 48},
		{"closed is off", "Mo-Fr 09:00-12:00; We closed", 4 * 12},
		{"closed for good is known, and zero", "off", 0},
		{"always", "24/7", 4 * 168},
		{"always on working days", "Mo-Fr 24/7", 4 * 120},
		{"open without hours is the whole day", "Sa open", 4 * 24},
		{"public holidays are not in the cycle", "Mo-Fr 09:00-12:00; PH off", 4 * 15},
		{"public holidays in a list of days", "Mo-Fr,PH 09:00-12:00", 4 * 15},
		{"school holidays are not in the cycle", "Mo-Fr 09:00-12:00; SH Mo-Fr,Su 14:00-15:00", 4 * 15},
		{"odd weeks are weeks 1 and 3", "week 1-53/2 Tu 09:00-12:00", 2 * 3},
		{"even weeks are weeks 2 and 4", "week 2-52/2 Tu 09:00-12:00", 2 * 3},
		{"weeks of the cycle by name", "week 1,3 Tu 09:00-12:00", 2 * 3},
		{"one week in four", "week 4-52/4 Tu 09:00-12:00", 3},
		{"every week of the year", "week 1-53 Tu 09:00-12:00", 4 * 3},
		{"odd weeks replace only themselves", "Tu 09:00-12:00; week 1-53/2 Tu 14:00-15:00", 2*3 + 2*1},
		{"first and third Monday", "Mo[1,3] 14:00-16:00", 4},
		{"first to third Monday", "Mo[1-3] 14:00-16:00", 6},
		{"last Monday", "Mo[-1] 14:00-16:00", 2},
		{"all Wednesdays but the first", "We 09:00-12:00; We[1] off", 9},
		{"past midnight", "Fr 22:00-02:00", 4 * 4},
		{"past midnight on the last day turns to the first day", "Su 22:00-02:00", 4 * 4},
		{"past midnight written over 24:00", "Fr 22:00-26:00", 4 * 4},
		{"what ran past midnight stays when the next day is replaced", "Fr 22:00-02:00; Sa 10:00-12:00", 4 * 6},
		{"to midnight", "Mo 20:00-24:00", 4 * 4},
		{"closing at :50 gives 5 of 15 minutes: not counted", "Mo 13:30-16:50", 4 * 3.25},
		{"closing at :55 gives 10 of 15 minutes: counted", "Mo 13:30-16:55", 4 * 3.5},
		{"8 of 15 minutes are at least half", "Mo 10:00-10:08", 4 * .25},
		{"7 of 15 minutes are not", "Mo 10:00-10:07", 0},
		{"two ranges fill one slot together", "Mo 10:00-10:04,10:06-10:10", 4 * .25},
		{"a comment after hours", `Mo-Fr 09:00-12:00 "service de la commune"`, 4 * 15},
		{"the same range twice counts once", "Tu-Fr 08:30-12:00,08:30-12:00; Mo 09:00-10:00", 4 * 15},
		{"ranges that overlap are their union", "Mo 09:00-12:00,11:00-14:00", 4 * 5},
		{"a range within another", "Mo 09:00-18:00,10:00-11:00", 4 * 9},
		{"a night that overlaps the evening", "Fr 20:00-24:00,23:00-01:00", 4 * 5},
		{"stray blanks around the sign", "Mo-Fr 09 :00-17: 00", 4 * 40},
		{"the letter h", "Mo-Fr 9h-12h30", 4 * 17.5},
		{"a closed date is none of the cycle's", "Mo 09:00-10:00; Dec 25 off", 4},
		{"nor is a month", "Mo-Fr 09:00-17:00; Aug off", 4 * 40},
		{"nor two, nor a date", "Mo-Fr 09:00-17:00; Jul-Aug off; Dec 24,26,31 off", 4 * 40},
		{"other hours in summer, of dates", "Mo-Fr 09:00-17:00; Jul 14-Aug 31 Mo-Fr 09:00-12:00", 4 * 40},
		{"over the turn of the year", "Mo-Fr 09:00-17:00; Dec 24-Jan 02 off", 4 * 40},
		{"a year, and dates of years", "Mo-Fr 09:00-17:00; 2026 off; 2026 Dec 24-2027 Jan 02 off", 4 * 40},
		{"weeks of the summer", "Mo-Fr 09:00-17:00; week 30-33 off", 4 * 40},
		{"the first week of the year", "Mo-Fr 09:00-17:00; week 1 off", 4 * 40},
		{"a colon after dates", "Mo-Fr 09:00-17:00; Dec 24: off; Dec 26-31: Mo-Fr 10:00-11:00", 4 * 40},
		{"Easter", "Mo-Fr 09:00-17:00; easter -2 days off, easter +1 day off", 4 * 40},
		{"a fifth Saturday", "Sa 09:00-12:00; Sa[5] off", 4 * 3},
		{"every Saturday by rank", "Sa[1-5] 09:00-12:00", 4 * 3},
		{"a season of more than half a year, after the habit", "Mo-Fr 09:00-17:00; Sep-Jun Sa 09:00-12:00", 4 * 40},
		{"the eve of public holidays", "Mo-Fr 09:00-17:00; PH -1 day 09:00-12:00", 4 * 40},
		{"hours that are taken from every day need no day", "Mo-Fr 08:00-18:00; 12:00-13:00 off", 4 * 45},
		{"a rule without days, then exceptions", "09:00-12:00; Sa,Su off; PH off", 4 * 15},
		{"a comment with every sign of the grammar", `Mo 09:00-12:00 "; Tu, || 24/7"; Tu 09:00-10:00`, 4 * 4},
		{"months of the whole year", "Jan-Dec Mo 09:00-10:00", 4},
		{"months of the whole year in two pieces", "Jan-Jun,Jul-Dec: Mo 09:00-10:00", 4},
		{"dates of the whole year", "Jan 01-Dec 31 Mo 09:00-10:00", 4},
		{"whole year, no day: the hour is not a day of the month", "Jan-Dec 09:00-10:00", 28},
		{"blanks, no-break blanks, en dash, case, colon, one-digit hour, last ;", " mo – FR : 9:00 - 12:00 ; ", 4 * 15},
	} {
		h, err := ParseHoraires(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.special, err)
			continue
		}
		if got := float64(h.Slots.Len()) / SlotsPerHour; !h.Known || got != tt.want || h.Text != tt.text {
			t.Errorf("%s: ParseHoraires(%q) = known %v, %v h over the cycle, text %q; want %v h", tt.special, tt.text, h.Known, got, h.Text, tt.want)
		}
		if got := h.WeeklyHours(); got != tt.want/4 {
			t.Errorf("%s: WeeklyHours = %v, want %v", tt.special, got, tt.want/4)
		}
	}
}

func TestParseHorairesSlots(t *testing.T) {
	slot := func(week, day, hour, quarter int) int {
		return (week-1)*SlotsPerWeek + day*SlotsPerDay + hour*SlotsPerHour + quarter
	}
	for _, tt := range []struct {
		special string
		text    string
		want    []int
	}{
		{"Monday of week 1 comes first", "Mo[1] 00:00-00:30", []int{0, 1}},
		{"Sunday of week 4 comes last", "Su[-1] 23:30-24:00", []int{SlotsPerCycle - 2, SlotsPerCycle - 1}},
		{"the cycle turns", "Su[4] 23:45-00:15", []int{0, SlotsPerCycle - 1}},
		{"odd weeks", "week 1-51/2 Tu 09:00-09:15", []int{slot(1, 1, 9, 0), slot(3, 1, 9, 0)}},
		{"even weeks", "week 2-52/2 Tu 09:00-09:15", []int{slot(2, 1, 9, 0), slot(4, 1, 9, 0)}},
		{"last but one", "Sa[-2] 10:30-10:45", []int{slot(3, 5, 10, 2)}},
	} {
		var want Slots
		for _, i := range tt.want {
			want.Add(i)
		}
		if h, err := ParseHoraires(tt.text); err != nil || h.Slots != want {
			t.Errorf("%s: ParseHoraires(%q) = %v slots, %v; want slots %v", tt.special, tt.text, h.Slots.Len(), err, tt.want)
		}
	}
}

func TestParseHorairesUnknown(t *testing.T) {
	for _, tt := range []struct {
		special string
		text    string
		at      int
		reason  string
	}{
		{"a range of three hours", "Mo-Fr 09:00-12:00-14:00", 18, "« - » inattendu ; attendu « , », « ; » ou la fin"},
		{"an hour alone", "Tu 08:30", 9, "fin du texte après une heure seule ; attendu « - » puis l'heure de fin"},
		{"an hour alone in the last rule", "Mo 09:00-12:00; Mo,Tu 08:30", 28, "fin du texte après une heure seule ; attendu « - » puis l'heure de fin"},
		{"positions count characters, not bytes", `Mo 09:00-10:00 "île"; Tu 8`, 27, "fin du texte inattendu ; attendu une heure HH:MM, comme 09:00"},
		{"France Services ranges", "Mo 09:00 - 12:00 / 13:30 - 17:00", 18, "horaires à intervalle (« / ») : ce sont des départs, pas une ouverture"},
		{"hour 25 to start", "Mo 25:00-26:00", 4, "heure 25:00 hors limites ; attendu 00:00 à 24:00"},
		{"minute 60", "Mo 09:60-10:00", 4, "heure 09:60 hors limites ; attendu 00:00 à 24:00"},
		{"one digit of minutes", "Mo 09:0-10:00", 7, "attendu deux chiffres de minutes"},
		{"no minutes", "Mo 9-12", 5, "« - » inattendu ; attendu une heure HH:MM, comme 09:00"},
		{"from and to are equal", "Mo 09:00-09:00", 4, "le début et la fin sont la même heure"},
		{"starts at 24:00", "Mo 24:00-25:00", 4, "début à 24:00 ou après ; attendu une heure de 00:00 à 23:59"},
		{"longer than a day", "Mo 09:00-34:00", 4, "plage de plus de 24 heures"},
		{"days without hours", "Mo-Fr", 6, "jours sans heures ; attendu des heures comme 09:00-12:00, ou « off »"},
		{"an empty rule", "Mo 09:00-10:00;; Tu 09:00-10:00", 16, "règle vide ; attendu des jours ou des heures, comme Mo-Fr 09:00-12:00"},
		{"a comma at the end", "Mo 09:00-10:00,", 16, "règle vide ; attendu des jours ou des heures, comme Mo-Fr 09:00-12:00"},
		{"a range of days cut short", "Mo- 09:00-10:00", 5, "« 0 » inattendu ; attendu un jour (Mo, Tu, We, Th, Fr, Sa, Su)"},
		{"a comment that never ends", `Mo 09:00-10:00 "sur rdv`, 16, "commentaire sans guillemet fermant ; attendu « \" »"},
		{"a lone comment", `"sur rendez-vous"`, 1, "un commentaire sans heures ne dit pas quand le lieu est ouvert"},
		{"a lone comment on some days", `Mo 09:00-10:00; Tu "sur rendez-vous"`, 17, "un commentaire sans heures ne dit pas quand le lieu est ouvert"},
		{"a fallback", `Mo 09:00-10:00 || "sur rendez-vous"`, 16, "une règle de repli (« || ») ne dit pas d'horaires certains"},
		{"said to be unknown", "Mo 09:00-10:00; Tu unknown", 20, "« unknown » : la source dit que ces horaires sont inconnus"},
		{"an open end", "Mo 08:30+", 9, "fin ouverte (« + ») : l'heure de fermeture est inconnue ; attendu « - » puis une heure"},
		{"an open end after a range", "Mo 08:30-12:00+", 15, "fin ouverte (« + ») : l'heure de fermeture est inconnue ; attendu « , », « ; » ou la fin"},
		{"the sun", "Mo sunrise-sunset", 4, "une heure qui suit le soleil n'a pas sa place dans une semaine type ; attendu HH:MM"},
		{"an hour after the sun", "Mo (sunrise+01:00)-12:00", 4, "une heure qui suit le soleil n'a pas sa place dans une semaine type ; attendu HH:MM"},
		{"until the sun sets", "Mo 09:00-sunset", 10, "une heure qui suit le soleil n'a pas sa place dans une semaine type ; attendu HH:MM"},
		{"some weeks of the year", "week 10-20 Mo 09:00-10:00", 1, "seuls des dates, des mois, des jours fériés ou des vacances ont des horaires ; attendu des jours de la semaine"},
		{"one week in three", "week 1-53/3 Mo 09:00-10:00", 1, "semaines de l'année qui ne reviennent pas toutes les une, deux ou quatre semaines : ce n'est pas une semaine type"},
		{"week 53 only", "week 53 Mo 09:00-10:00", 1, "seuls des dates, des mois, des jours fériés ou des vacances ont des horaires ; attendu des jours de la semaine"},
		{"week 54", "week 1-54 Mo 09:00-10:00", 6, "semaines non comprises ; attendu des numéros de 1 à 53, comme 1-53/2"},
		{"a step of zero", "week 1-53/0 Mo 09:00-10:00", 6, "semaines non comprises ; attendu des numéros de 1 à 53, comme 1-53/2"},
		{"fifth Monday", "Mo[5] 09:00-10:00", 1, "seuls des dates, des mois, des jours fériés ou des vacances ont des horaires ; attendu des jours de la semaine"},
		{"sixth Monday", "Mo[6] 09:00-10:00", 4, "rang dans le mois non compris ; attendu un nombre de 1 à 5 ou de -1 à -5"},
		{"the day after the first Monday", "Mo[1] +1 day 09:00-10:00", 1, "jours décalés d'un rang du mois : ce n'est pas une semaine type"},
		{"half of the year", "Jan-Jun Mo 09:00-10:00", 1, "seuls des dates, des mois, des jours fériés ou des vacances ont des horaires ; attendu des jours de la semaine"},
		{"one date is not its month", "Jan 01,Feb-Dec Mo 09:00-10:00", 1, "seuls des dates, des mois, des jours fériés ou des vacances ont des horaires ; attendu des jours de la semaine"},
		{"dates of a season", "Apr 01-Oct 31 Mo 09:00-10:00", 1, "seuls des dates, des mois, des jours fériés ou des vacances ont des horaires ; attendu des jours de la semaine"},
		{"a year", "2024 Mo 09:00-10:00", 1, "seuls des dates, des mois, des jours fériés ou des vacances ont des horaires ; attendu des jours de la semaine"},
		{"years", "2024-2026 Mo 09:00-10:00", 1, "seuls des dates, des mois, des jours fériés ou des vacances ont des horaires ; attendu des jours de la semaine"},
		{"Easter", "easter off", 1, "seuls des dates, des mois, des jours fériés ou des vacances ont des horaires ; attendu des jours de la semaine"},
		{"only public holidays", "PH off", 1, "seuls des dates, des mois, des jours fériés ou des vacances ont des horaires ; attendu des jours de la semaine"},
		{"the day before a public holiday", "PH -1 day off", 1, "seuls des dates, des mois, des jours fériés ou des vacances ont des horaires ; attendu des jours de la semaine"},
		{"a rule without days after one with days", "Mo-Fr 09:00-12:00; 14:00-17:00", 20, "règle sans jours après une règle qui en nomme : de quels jours elle parle n'est pas sûr ; attendu des jours (Mo, Tu, We, Th, Fr, Sa, Su)"},
		{"capitals, no blank", "MO-FR 10:00-12:00;13:30-17:00", 19, "règle sans jours après une règle qui en nomme : de quels jours elle parle n'est pas sûr ; attendu des jours (Mo, Tu, We, Th, Fr, Sa, Su)"},
		{"in the middle", "Tu 09:00-12:00; 13:00-18:30; We-Sa 09:00-12:00", 17, "règle sans jours après une règle qui en nomme : de quels jours elle parle n'est pas sûr ; attendu des jours (Mo, Tu, We, Th, Fr, Sa, Su)"},
		{"after a comment and a comma", `Mo 09:00-12:00 "matinée", 14:00-17:00`, 16, "un commentaire qui restreint les heures (« matinée ») : on ne sait pas lesquelles"},
		{"with weeks, without days", "Mo-Fr 09:00-12:00; week 1-53/2 14:00-17:00", 20, "règle sans jours après une règle qui en nomme : de quels jours elle parle n'est pas sûr ; attendu des jours (Mo, Tu, We, Th, Fr, Sa, Su)"},
		{"always, after days", "Mo-Fr 09:00-12:00; 24/7", 20, "règle sans jours après une règle qui en nomme : de quels jours elle parle n'est pas sûr ; attendu des jours (Mo, Tu, We, Th, Fr, Sa, Su)"},
		{"closed, after days", "Mo-Fr 09:00-12:00; off", 20, "règle sans jours après une règle qui en nomme : de quels jours elle parle n'est pas sûr ; attendu des jours (Mo, Tu, We, Th, Fr, Sa, Su)"},
		{"ends before it begins", "Fr 19:00-11:00", 4, "plage qui finit avant de commencer ; après minuit, les deux heures sont attendues dans la nuit (de 20:00 à 06:00)"},
		{"begins in the evening, ends by day", "Fr 22:00-08:00", 4, "plage qui finit avant de commencer ; après minuit, les deux heures sont attendues dans la nuit (de 20:00 à 06:00)"},
		{"begins by day, ends in the night", "Mo 14:00-02:00", 4, "plage qui finit avant de commencer ; après minuit, les deux heures sont attendues dans la nuit (de 20:00 à 06:00)"},
		{"ends at midnight, written as the beginning of the day", "Mo 14:00-00:00", 4, "plage qui finit avant de commencer ; après minuit, les deux heures sont attendues dans la nuit (de 20:00 à 06:00)"},
		{"begin and end, among others", "Mo,Fr 09:00-12:00; We 14:00-14:00", 23, "le début et la fin sont la même heure"},
		{"begins with a season of most of the year", "Sep-Jun Mo-Fr 09:00-17:00; Sa 10:00-12:00", 1, "les horaires changent dans l'année, plus de la moitié de laquelle suit cette règle : ce n'est pas une semaine type"},
		{"two seasons", "Sep-Jun Mo-Fr 09:00-17:00; Jul-Aug Mo-Fr 09:00-12:00", 1, "les horaires changent dans l'année, plus de la moitié de laquelle suit cette règle : ce n'est pas une semaine type"},
		{"two short seasons", "Oct-Dec Mo-Fr 09:00-17:00; Jul-Aug Mo-Fr 09:00-12:00", 1, "seuls des dates, des mois, des jours fériés ou des vacances ont des horaires ; attendu des jours de la semaine"},
		{"a comment that narrows", `Mo-Fr 09:00-12:00 "sauf le 1er lundi"`, 19, "un commentaire qui restreint les heures (« sauf le 1er lundi ») : on ne sait pas lesquelles"},
		{"by appointment on a day of several", `Mo-Fr 09:00-12:00 "sur rendez-vous le mardi"`, 19, "un commentaire qui restreint les heures (« sur rendez-vous le mardi ») : on ne sait pas lesquelles"},
		{"30 February", "Mo 09:00-10:00; Feb 30 off", 17, "date qui n'existe pas : Feb a 29 jours"},
		{"not UTF-8", "Mo 09:00-10:00\xe9", 1, "le texte n'est pas de l'UTF-8"},
		{"too long", strings.Repeat(" ", maxHoraires) + "off", 1, "texte de 4099 octets ; attendu au plus 4096"},
	} {
		h, err := ParseHoraires(tt.text)
		if h.Known || h.Slots != (Slots{}) || h.Text != tt.text {
			t.Errorf("%s: ParseHoraires(%q) = known %v, %d slots, text %q; want unknown and the text", tt.special, tt.text, h.Known, h.Slots.Len(), h.Text)
		}
		var got *HorairesError
		if !errors.As(err, &got) {
			t.Errorf("%s: ParseHoraires(%q): error %v, want a *HorairesError", tt.special, tt.text, err)
			continue
		}
		if got.At != tt.at || got.Reason != tt.reason {
			t.Errorf("%s: ParseHoraires(%q)\n got %d: %s\nwant %d: %s", tt.special, tt.text, got.At, got.Reason, tt.at, tt.reason)
		}
	}
}

func TestParseHorairesEmptyIsUnknownWithoutFault(t *testing.T) {
	for _, text := range []string{"", "  \t\n"} {
		if h, err := ParseHoraires(text); err != nil || h.Known || h.Text != text {
			t.Errorf("ParseHoraires(%q) = %+v, %v; want unknown and no error", text, h, err)
		}
	}
}

func TestHorairesErrorReads(t *testing.T) {
	_, err := ParseHoraires("Mo-Fr 09:00-12:00-14:00")
	const want = "horaires « Mo-Fr 09:00-12:00-14:00 » : caractère 18 : « - » inattendu ; attendu « , », « ; » ou la fin"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func FuzzParseHoraires(f *testing.F) {
	for _, s := range []string{
		"Mo-Fr 09:00-12:00,13:30-17:00; Sa 09:00-12:00", "24/7", "week 1-53/2 Tu 22:00-02:00, We[1,-1] 10:00-11:00; PH off",
		"Jan 01-Dec 31 Mo 8:00-9:00 \"x\" || off", "Mo-Fr 09:00-12:00-14:00", "SH,PH Su sunrise-sunset", "– « é", "2024",
		"2026 Dec 20-2027 Jan 05 off; easter -2 days off; Dec 24,31 09:00-12:00", "Mo[1] +1 day 09:00-10:00; week 1-53/2 Sa[-1] off; PH -1 day off",
		"Jul-Aug Mo-Fr 09:00-12:00 \"sur rendez-vous\", 2026+ Tu 9h-12h30", "Mo-Fr,PH 09 :00-17: 00; SH Mo-We off; Feb 29: off",
	} {
		f.Add(s)
	}
	c := testCalendar(f, ZoneB)
	f.Fuzz(func(t *testing.T, text string) {
		h, notes, err := ParseHorairesNoted(text)
		if h.Text != text {
			t.Fatalf("text %q became %q", text, h.Text)
		}
		if len(text) < 500 {
			checkAgenda(t, text, c)
		}
		if err != nil && notes != nil {
			t.Fatalf("%q: notes %q beside an error", text, notes)
		}
		if h.Known && err != nil || !h.Known && h.Slots != (Slots{}) {
			t.Fatalf("%q: known %v, %d slots, error %v", text, h.Known, h.Slots.Len(), err)
		}
		if !h.Known && err == nil && strings.TrimSpace(text) != "" {
			t.Fatalf("%q: unknown without a reason", text)
		}
		var e *HorairesError
		if err != nil && (!errors.As(err, &e) || e.At < 1 || e.At > utf8.RuneCountInString(text)+1 || !utf8.ValidString(e.Reason)) {
			t.Fatalf("%q: error %v without a position in the text", text, err)
		}
	})
}

func BenchmarkParseHoraires(b *testing.B) {
	for b.Loop() {
		if _, err := ParseHoraires("Mo,Tu 09:00-13:00,14:00-17:00; We,Th 14:00-17:00; Fr 09:00-13:00,14:00-17:00"); err != nil {
			b.Fatal(err)
		}
	}
}
