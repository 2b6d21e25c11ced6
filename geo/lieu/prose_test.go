package lieu

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestProse: each text says what the OSM text says, on the cycle.
func TestProse(t *testing.T) {
	for text, osm := range map[string]string{
		"Lundi au vendredi 9h-12h/14h-17h":                                         "Mo-Fr 09:00-12:00,14:00-17:00",
		"Du lundi au jeudi de 9h à 12h et de 13h30 à 17h, le vendredi de 9h à 12h": "Mo-Th 09:00-12:00,13:30-17:00; Fr 09:00-12:00",
		"Mardi 14h-17h, 1er et 3e samedi du mois 9h-12h":                           "Tu 14:00-17:00; Sa[1,3] 09:00-12:00",
		"Ouvert tous les jours sauf le mercredi de 8h30 à 12h":                     "Mo,Tu,Th-Su 08:30-12:00",
		"lundi, mardi et jeudi : 9h00 - 12h00 / 13h30 - 17h00":                     "Mo,Tu,Th 09:00-12:00,13:30-17:00",
		"Lun-Ven 9h/12h 14h/17h":                                                   "Mo-Fr 09:00-12:00,14:00-17:00",
		"Du mardi au samedi 9h-12h. Fermé le lundi.":                               "Tu-Sa 09:00-12:00",
		"Fermé le lundi. Du mardi au samedi 9h-12h":                                "Tu-Sa 09:00-12:00",
		"Tous les jours de 9h à midi, fermé le dimanche":                           "Mo-Sa 09:00-12:00",
		"LUNDI AU VENDREDI : 9 H 30 – 12 H":                                        "Mo-Fr 09:30-12:00",
		"lu-ve 9h-12h":                                                             "Mo-Fr 09:00-12:00",
		"Lu-Ve 09:00-12:00":                                                        "Mo-Fr 09:00-12:00",
		"Lun., mar. 9h-12h ; jeu. 14 h - 18 h 30":                                  "Mo,Tu 09:00-12:00; Th 14:00-18:30",
		"du lundi au vendredi de 9 à 12h":                                          "Mo-Fr 09:00-12:00",
		"du lundi au vendredi 9-12h":                                               "Mo-Fr 09:00-12:00",
		"le mardi entre 14h et 16h":                                                "Tu 14:00-16:00",
		"le mardi de 14 heures à 16 heures 30":                                     "Tu 14:00-16:30",
		"Horaires d'ouverture : lundi 9h-12h":                                      "Mo 09:00-12:00",
		"Ouvert au public du lundi au vendredi 8h30-12h00 / 13h30-17h00":           "Mo-Fr 08:30-12:00,13:30-17:00",
		"Lundi : 9h-12h\nMardi : 14h-17h\nMercredi : fermé":                        "Mo 09:00-12:00; Tu 14:00-17:00",
		"- Lundi : 9h-12h\n- Mardi : 14h-17h":                                      "Mo 09:00-12:00; Tu 14:00-17:00",
		"Lundi 9h-17h en continu, samedi matin de 9h à 12h":                        "Mo 09:00-17:00; Sa 09:00-12:00",
		"lundi matin 9h-12h, lundi après-midi 14h-17h":                             "Mo 09:00-12:00,14:00-17:00",
		"Lundi au vendredi le matin : 9h-12h, l'après-midi : 14h-17h":              "Mo-Fr 09:00-12:00,14:00-17:00",
		"de 9h à 12h et de 14h à 17h, du lundi au vendredi":                        "Mo-Fr 09:00-12:00,14:00-17:00",
		"9h-12h du lundi au vendredi sauf mercredi":                                "Mo,Tu,Th,Fr 09:00-12:00",
		"24h/24":                                                                                 "",
		"7j/7 24h/24":                                                                            "24/7",
		"7 jours sur 7 de 8h à 20h":                                                              "08:00-20:00",
		"tous les jours de 8h à minuit":                                                          "08:00-24:00",
		"Le premier mardi du mois de 14h à 16h":                                                  "Tu[1] 14:00-16:00",
		"2ème et 4ème jeudis de chaque mois 9h30-11h30":                                          "Th[2,4] 09:30-11:30",
		"le dernier vendredi du mois 14h-17h":                                                    "Fr[-1] 14:00-17:00",
		"1er, 2e et 3e lundi 9h-12h":                                                             "Mo[1-3] 09:00-12:00",
		"Le mardi des semaines paires de 9h à 12h":                                               "week 2-52/2 Tu 09:00-12:00",
		"mardi (semaines impaires) 9h-12h":                                                       "week 1-53/2 Tu 09:00-12:00",
		"Mardi 9h-12h (semaine paire)":                                                           "week 2-52/2 Tu 09:00-12:00",
		"Semaines paires : lundi 9h-12h ; semaines impaires : lundi 14h-17h":                     "week 2-52/2 Mo 09:00-12:00; week 1-53/2 Mo 14:00-17:00",
		"Mercredi semaines paires 9h-12h, mercredi semaines impaires 14h-17h":                    "week 2-52/2 We 09:00-12:00; week 1-53/2 We 14:00-17:00",
		"Du lundi au vendredi 9h-12h sauf le mercredi":                                           "Mo,Tu,Th,Fr 09:00-12:00",
		"Du lundi au vendredi 9h-12h, sauf jours fériés":                                         "Mo-Fr 09:00-12:00; PH off",
		"Du lundi au vendredi 9h-12h. Fermé les jours fériés et en août.":                        "Mo-Fr 09:00-12:00; PH off; Aug off",
		"Du lundi au vendredi 9h-12h. Fermé en août.":                                            "Mo-Fr 09:00-12:00; Aug off",
		"Du lundi au vendredi 9h-12h, fermé du 1er au 15 août":                                   "Mo-Fr 09:00-12:00; Aug 1-15 off",
		"Du lundi au vendredi 9h-12h, fermé le 25 décembre et le 1er janvier":                    "Mo-Fr 09:00-12:00; Dec 25,Jan 01 off",
		"Mercredi 14h-18h hors vacances scolaires":                                               "We 14:00-18:00",
		"Mercredi 14h-18h sauf pendant les vacances scolaires":                                   "We 14:00-18:00; SH off",
		"Période scolaire : mercredi 14h-18h. Vacances scolaires : du mardi au vendredi 10h-12h": "We 14:00-18:00",
		"Mardi 9h-12h. En juillet et août : mardi 9h-11h":                                        "Tu 09:00-12:00",
		"Du lundi au vendredi 9h-17h, fermé de 12h à 14h":                                        "Mo-Fr 09:00-12:00,14:00-17:00",
		"Lundi - Mardi - Jeudi - Vendredi\n08:30 - 12:00 et 15:45 - 18:00\nMercredi:\n08:30 - 12:00\nSamedi:\n09:30 - 12:00": "Mo,Tu,Th,Fr 08:30-12:00,15:45-18:00; We 08:30-12:00; Sa 09:30-12:00",
		"lundi à mercredi - vendredi 9h-12h":                                                   "",
		"Du lundi au samedi sauf le jeudi matin 9h-12h / 14h-17h":                              "",
		"lundi 9h-12h, lundi 9h-12h":                                                           "Mo 09:00-12:00",
		"Lundi et jeudi de 14h00 à 17h30 - Mardi de 9h00 à 12h00":                              "Mo,Th 14:00-17:30; Tu 09:00-12:00",
		"Lundi 9h/12h - 14h/17h - Mardi 9h/12h":                                                "Mo 09:00-12:00,14:00-17:00; Tu 09:00-12:00",
		"Lundi 9h00-12h00 sur RDV. Mardi 14h00-17h00.":                                         `Mo 09:00-12:00 "rdv"; Tu 14:00-17:00`,
		"Lundi 9h00-12h00 (sur RDV), mardi 14h00-17h00":                                        "",
		"Tous les jours sauf mercredi et samedi 9h-12h":                                        "Mo,Tu,Th,Fr,Su 09:00-12:00",
		"Lundi, mercredi 9h-12h sauf le 1er mercredi du mois":                                  "Mo,We 09:00-12:00; We[1] off",
		"lundi 8h30-12h 13h30-17h mardi 8h30-12h mercredi fermé jeudi 13h30-17h":               "Mo 08:30-12:00,13:30-17:00; Tu 08:30-12:00; Th 13:30-17:00",
		"Lundi 9h-12h, mardi : idem":                                                           "",
		"lundi 9h-12h à Laon, mardi 14h-17h à Soissons":                                        "",
		"lundi 9h-12h par téléphone":                                                           "",
		"Fermé pendant les vacances scolaires. Mardi 16h-18h":                                  "Tu 16:00-18:00; SH off",
		"Semaines paires : lundi 9h-12h. Mercredi 9h-12h":                                      "",
		"Semaines paires : lundi 9h-12h\nMercredi 9h-12h":                                      "",
		"Semaines paires :\nlundi 9h-12h\nmercredi 9h-12h\nSemaines impaires :\nlundi 14h-17h": "week 2-52/2 Mo,We 09:00-12:00; week 1-53/2 Mo 14:00-17:00",
		"Lundi - mardi - jeudi 9h-12h\nmercredi - vendredi 14h-17h":                            "",
		"Lundi - Vendredi 9h-12h":                                                              "Mo-Fr 09:00-12:00",
		"Du lundi au vendredi et le samedi matin 9h-12h":                                       "Mo-Sa 09:00-12:00",
		"Du lundi au vendredi et le samedi matin 9h-12h et 14h-17h":                            "",
		"week-end 10h-12h":                                                               "Sa,Su 10:00-12:00",
		"Le vendredi de 20h à minuit":                                                    "Fr 20:00-24:00",
		"Tous les lundis 9h-12h & 14h-17h":                                               "Mo 09:00-12:00,14:00-17:00",
		"lundi au vendredi 09h00-12h00 - 13h30-17h00":                                    "Mo-Fr 09:00-12:00,13:30-17:00",
		"lundi 9h00 à 12h00 - 13h30 à 17h00":                                             "Mo 09:00-12:00,13:30-17:00",
		"Samedi et dimanche : fermé ; lundi au vendredi : 8h-12h":                        "Mo-Fr 08:00-12:00",
		"Lundi au vendredi 9h-12h sans rendez-vous":                                      "Mo-Fr 09:00-12:00",
		"Lundi au vendredi 9h-12h, avec ou sans rdv":                                     "Mo-Fr 09:00-12:00",
		"Lundi au vendredi 9h-12h sur rendez-vous":                                       `Mo-Fr 09:00-12:00 "sur rdv"`,
		"Lundi au vendredi 9h-12h et 14h-17h, uniquement sur rendez-vous":                `Mo-Fr 09:00-12:00,14:00-17:00 "sur rdv"`,
		"Uniquement sur RDV du lundi au vendredi 9h-12h":                                 `Mo-Fr 09:00-12:00 "sur rdv"`,
		"Mardi 9h-12h ; jeudi 14h-17h (sur rendez-vous)":                                 `Tu 09:00-12:00; Th 14:00-17:00 "sur rdv"`,
		"Mardi 9h-12h, jeudi 14h-17h. Sur rendez-vous.":                                  `Tu 09:00-12:00 "sur rdv"; Th 14:00-17:00 "sur rdv"`,
		"Sans rendez-vous : lundi 9h-12h. Sur rendez-vous : mardi 9h-12h, jeudi 14h-17h": `Mo 09:00-12:00; Tu 09:00-12:00 "sur rdv"; Th 14:00-17:00 "sur rdv"`,
		"fermé le lundi":                        "",
		"Fermé tous les jours":                  "off",
		"sur rendez-vous":                       "",
		"Horaires non communiqués":              "",
		"Nous consulter":                        "",
		"9h-12h":                                "",
		"Ouvert de 9h à 12h":                    "",
		"du lundi au vendredi":                  "",
		"lundi 9h":                              "",
		"lundi 9-12":                            "",
		"lundi à partir de 9h":                  "",
		"lundi 9h-12h-14h":                      "",
		"lundi 19h-11h":                         "",
		"lundi 9h-9h":                           "",
		"lundi 25h-26h":                         "",
		"lundi 9h75-10h":                        "",
		"un samedi sur deux 9h-12h":             "",
		"Le samedi une semaine sur deux 9h-12h": "",
		"Lundi au vendredi 9h-12h, mercredi 14h-17h":              "",
		"Tous les jours 9h-12h, mercredi 14h-17h":                 "",
		"Samedi 9h-12h, 1er samedi du mois 14h-17h":               "",
		"4e samedi 9h-12h, dernier samedi 14h-17h":                "",
		"Lundi 9h-12h, mardi 14h-17h sur rendez-vous":             "",
		"Lundi 9h-12h, 14h-17h sur rendez-vous":                   "",
		"Sur rendez-vous le lundi 9h-12h, mardi 14h-17h":          "",
		"Sur rendez-vous : lundi 9h-12h. Mardi 14h-17h":           "",
		"Lundi 9h-12h et sur rendez-vous":                         "",
		"Lundi 9h-12h ou sur rendez-vous":                         "",
		"Du lundi au vendredi 9h-12h sauf le mercredi 14h-17h":    "",
		"Fermé le lundi, mardi 9h-12h":                            "",
		"Fermé le lundi. Lundi et mardi 9h-12h":                   "",
		"Lundi 9h-12h, mardi, fermé mercredi":                     "",
		"Du lundi au vendredi 9h-12h sauf le mercredi après-midi": "",
		"Permanence téléphonique lundi 9h-12h":                    "",
		"Lundi 9h-12h (accueil téléphonique)":                     "",
		"lundi au vendredi 9h-12h (16h le vendredi)":              "",
		"9h-12h lundi, 14h-17h mardi":                             "",
		"Lundi 9h-12h, mardi 14h-17h (semaines paires)":           "",
		"Mardi et samedi (semaines paires) 9h-12h":                "",
		"Lundi 9h-12h, en été 8h-12h":                             "",
		"Pas ouvert le lundi 9h-12h":                              "",
		"Non ouvert le lundi":                                     "",
		"Du lundi au vendredi, horaires variables":                "",
		"lundi 9h-12h à partir du 15 septembre":                   "",
		"lundi 9h-12h jusqu'au 30 juin 2026":                      "",
		"En juillet : lundi 9h-12h":                               "",
		"lundi apres-midi 9h-11h":                                 "",
		"tous les jours ouvrables 9h-12h":                         "",
		"tous les 15 jours le mardi 9h-12h":                       "",
		"le mardi 3 décembre de 9h à 12h":                         "",
		"lundi/vendredi 9h-12h":                                   "",
		"juillet : 9h-12h":                                        "",
	} {
		h, err := ParseHoraires(text)
		if h.Text != text {
			t.Errorf("%q became %q", text, h.Text)
		}
		if osm == "" {
			if h.Known || err == nil {
				t.Errorf("%q: known, %v h a week, %v; want unknown", text, h.WeeklyHours(), h.Slots.Openings())
			}
			continue
		}
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		want, err := ParseHoraires(osm)
		if err != nil || !h.same(&want) {
			t.Errorf("%q: %v, by appointment %v; want those of %q (%v)", text, h.Slots.Openings(), h.RendezVous, osm, err)
		}
	}
}

// TestProseOnDates: what prose says of dates.
func TestProseOnDates(t *testing.T) {
	c := testCalendar(t, ZoneB)
	for _, tt := range []struct{ text, day, want string }{
		{"Du lundi au vendredi 9h-12h, sauf jours fériés", "2026-07-14", "-"},
		{"Du lundi au vendredi 9h-12h. Fermé en août.", "2026-08-03", "-"},
		{"Du lundi au vendredi 9h-12h. Fermé les jours fériés et en août.", "2026-08-03", "-"},
		{"Du lundi au vendredi 9h-12h. Fermé les jours fériés et en août.", "2026-05-14", "-"},
		{"Du lundi au vendredi 9h-12h. Fermé en août.", "2026-09-01", "09:00-12:00"},
		{"Du lundi au vendredi 9h-12h, fermé du 1er au 15 août", "2026-08-14", "-"},
		{"Du lundi au vendredi 9h-12h, fermé du 1er au 15 août", "2026-08-17", "09:00-12:00"},
		{"Du lundi au vendredi 9h-12h, fermé du 24 décembre au 2 janvier", "2027-01-01", "-"},
		{"Mercredi 14h-18h hors vacances scolaires", "2026-02-18", "?"},
		{"Mercredi 14h-18h hors vacances scolaires", "2026-02-11", "14:00-18:00"},
		{"Mercredi 14h-18h sauf pendant les vacances scolaires", "2026-02-18", "-"},
		{"Période scolaire : mercredi 14h-18h. Vacances scolaires : du mardi au vendredi 10h-12h", "2026-02-18", "10:00-12:00"},
		{"Période scolaire : mercredi 14h-18h. Vacances scolaires : mardi 10h-12h", "2026-02-18", "-"},
		{"Période scolaire : mercredi 14h-18h. Vacances scolaires : mardi 10h-12h", "2026-02-11", "14:00-18:00"},
		{"Mardi 9h-12h. Vacances scolaires : fermé", "2026-02-17", "-"},
		{"Mardi 9h-12h. En juillet et août : mardi 9h-11h", "2026-07-07", "09:00-11:00"},
		{"Mardi 9h-12h. En juillet et août : mercredi 9h-11h", "2026-07-07", "-"},
		{"En juillet : lundi 9h-12h", "2026-07-06", "09:00-12:00"},
		{"1er samedi du mois 9h-12h", "2026-08-01", "09:00-12:00"},
		{"dernier lundi du mois 9h-12h", "2026-11-30", "09:00-12:00"},
		{"mardi (semaines impaires) 9h-12h", "2026-12-29", "09:00-12:00"},
		{"mardi (semaines impaires) 9h-12h", "2027-01-05", "09:00-12:00"},
		{"Lundi 9h-12h sur rendez-vous", "2026-11-30", "rdv 09:00-12:00"},
	} {
		h, _ := ParseHoraires(tt.text)
		if got := h.Agenda().On(day(t, tt.day), c); got.written() != tt.want || got.Typical {
			t.Errorf("%q on %s: %s (%s), want %s", tt.text, tt.day, got.written(), got.Why, tt.want)
		}
	}
}

// TestCasesOfHours reads the shared table of what is right.
func TestCasesOfHours(t *testing.T) {
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "cases", "hours.csv"))
	if err != nil {
		t.Skipf("no shared cases: %v", err)
	}
	defer file.Close()
	table := csv.NewReader(file)
	table.Comma = ';'
	rows, err := table.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	hours := regexp.MustCompile(`^([\d.]+) h`)
	for _, row := range rows[1:] {
		h, _ := ParseHoraires(row[0])
		switch m := hours.FindStringSubmatch(row[1]); {
		case m != nil:
			if want, _ := strconv.ParseFloat(m[1], 64); !h.Known || h.WeeklyHours() != want {
				t.Errorf("%q: known %v, %v h; want %s", row[0], h.Known, h.WeeklyHours(), row[1])
			}
		case row[1] == "unknown":
			if h.Known {
				t.Errorf("%q: %v h; want unknown", row[0], h.WeeklyHours())
			}
		case row[1] == "by appointment":
			if !h.Known || h.Slots != (Slots{}) || h.RendezVous == nil {
				t.Errorf("%q: want all by appointment", row[0])
			}
		case strings.HasPrefix(row[1], "cycle weeks 1 and 3"):
			for _, o := range h.Slots.Openings() {
				if o.Days[0] == 5 && (len(o.Weeks) != 2 || o.Weeks[0] != 1 || o.Weeks[1] != 3) {
					t.Errorf("%q: %+v", row[0], o)
				}
			}
			if !h.Known {
				t.Errorf("%q: unknown", row[0])
			}
		default:
			t.Errorf("%q: what is %q?", row[0], row[1])
		}
	}
}

func TestProseFaultsReadInFrench(t *testing.T) {
	for text, want := range map[string]string{
		"Horaires non communiqués": "horaires « Horaires non communiqués » : caractère 10 : « non » inattendu ; attendu des jours, comme « du lundi au vendredi », ou des heures, comme « 9h-12h »",
		"lundi 9h-12h, été":        "horaires « lundi 9h-12h, été » : caractère 15 : « été » inattendu ; attendu des jours, comme « du lundi au vendredi », ou des heures, comme « 9h-12h »",
		"lundi 9h":                 "horaires « lundi 9h » : caractère 9 : fin du texte inattendue ; attendu « - » ou « à » puis l'heure de fin",
	} {
		if _, err := ParseHoraires(text); err == nil || err.Error() != want {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
}

func FuzzProse(f *testing.F) {
	for _, s := range []string{
		"Du lundi au jeudi de 9h à 12h et de 13h30 à 17h, le vendredi de 9h à 12h", "1er et 3e samedi du mois 9h-12h", "Fermé en août et le 25 décembre",
		"Période scolaire : mercredi 14h-18h. Vacances scolaires : mardi 10h-12h", "Sur rendez-vous : lundi 9h-12h, semaines paires", "7j/7 24h/24 sauf jours fériés",
		"9 h 30 – midi", "lun.-ven. 9h/12h 14h/17h (sans rdv)", "du 1er au 15 août : fermé",
	} {
		f.Add(s)
	}
	c := testCalendar(f, ZoneB)
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || len(text) > maxHoraires {
			return
		}
		p := proseParser{text: text, words: proseWords(text)}
		for i, w := range p.words {
			if w.at > w.end || w.end > len(text) || i > 0 && w.at < p.words[i-1].end {
				t.Fatalf("%q: word %d at %d to %d", text, i, w.at, w.end)
			}
		}
		rules, err := p.parse()
		var e *HorairesError
		if err != nil {
			if !errors.As(err, &e) || e.At < 1 || e.At > utf8.RuneCountInString(text)+1 || !utf8.ValidString(e.Reason) {
				t.Fatalf("%q: error %v without a position in the text", text, err)
			}
			return
		}
		walk, rdv, _, _ := cycle(rules)
		for i := range walk {
			if walk[i]&rdv[i] != 0 {
				t.Fatalf("%q: a slot is both open and by appointment", text)
			}
		}
		checkAgenda(t, text, c)
	})
}

// checkAgenda holds the days of a text to what a Day promises.
func checkAgenda(t *testing.T, text string, c *Calendar) {
	h, _ := ParseHoraires(text)
	a := h.Agenda()
	for d := dateOf(2026, 12, 20); d.Year() < 2027 || d.Month() < 2; d = d.AddDate(0, 0, 1) {
		got := a.On(d, c)
		if !got.Known && (got.Open != nil || got.RendezVous != nil || got.Why == "") {
			t.Fatalf("%q on %v: unknown, and %+v", text, d, got)
		}
		var minutes [2 * minutesPerDay]bool
		for _, spans := range [2][][2]int{got.Open, got.RendezVous} {
			for i, s := range spans {
				if s[0] >= s[1] || s[0] < 0 || s[0] >= minutesPerDay || s[1] > len(minutes) || i > 0 && s[0] <= spans[i-1][1] && !got.Typical {
					t.Fatalf("%q on %v: %v", text, d, spans)
				}
				for m := s[0]; m < s[1]; m++ {
					if minutes[m] {
						t.Fatalf("%q on %v: minute %d twice", text, d, m)
					}
					minutes[m] = true
				}
			}
		}
	}
}

func BenchmarkParseProse(b *testing.B) {
	for b.Loop() {
		if _, err := ParseHoraires("Du lundi au jeudi de 9h à 12h et de 13h30 à 17h, le vendredi de 9h à 12h"); err != nil {
			b.Fatal(err)
		}
	}
}
