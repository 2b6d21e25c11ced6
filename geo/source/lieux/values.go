package lieux

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/geo/source"
)

var (
	wholeNumber = regexp.MustCompile(`^(\d+)\.0+$`) // a code that was a number once
	postcode    = regexp.MustCompile(`^\d{5}$`)
	cedex       = regexp.MustCompile(`(?i)^(\d{5}) *(cedex.*|[A-Z].*)$`)
	blanksOf    = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "")
)

// readCommuneCode reads the code of a commune, whose zero a spreadsheet may have taken
// away (2408 is 02408). The code of an address (cle_ban) begins with it.
func (r *lieuxReader) readCommuneCode(c lieuRecord) string {
	return r.o.Moves.Now(r.Recorder, c.file, c.row, "code_insee", r.writtenCode(c))
}

// writtenCode is the code as it was when the row was written.
func (r *lieuxReader) writtenCode(c lieuRecord) string {
	const field = "code_insee"
	code := strings.ToUpper(blanksOf.Replace(wholeNumber.ReplaceAllString(c.get(field), "$1")))
	if code == "" {
		if key, _, ok := strings.Cut(strings.ToUpper(c.get("cle_ban")), "_"); ok && source.CodeFault(key) == "" {
			return key
		}
		return ""
	}
	if source.CodeFault(code) == "" {
		return code
	}
	if len(code) == 4 && source.CodeFault("0"+code) == "" {
		r.note(c.file, field, "zéro initial rétabli dans %s (2408 lu 02408)")
		return "0" + code
	}
	r.Warn(c.file, c.row, field, code, source.CodeFault(code))
	return ""
}

// readPostcode reads a postcode, likewise; what is none is kept as it is written.
func (r *lieuxReader) readPostcode(c lieuRecord) string {
	const field = "code_postal"
	text := wholeNumber.ReplaceAllString(c.get(field), "$1")
	if m := cedex.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	code := strings.TrimPrefix(strings.TrimPrefix(blanksOf.Replace(text), "F-"), "FR-")
	switch {
	case postcode.MatchString(code):
		return code
	case postcode.MatchString("0" + code):
		r.note(c.file, field, "zéro initial rétabli dans %s (2000 lu 02000)")
		return "0" + code
	case text != "":
		r.note(c.file, field, "code postal qui n'a pas cinq chiffres, gardé tel quel dans %s")
	}
	return r.bound(c, field, text, maxName)
}

var (
	slashed   = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:[ T,à]+\d{1,2}[:hH].*)?$`)
	yearFirst = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:.*)?$`)
	compact   = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	inWords   = regexp.MustCompile(`^(?:[a-z]+-)?(\d{1,2})(?:er)?-([a-z]+)-(\d{4})(?:-.*)?$`) // a slug: "jeudi-2-mai-2024"
	serial    = regexp.MustCompile(`^\d{5}(\.\d+)?$`)
)

var months = map[string]int{"janvier": 1, "janv": 1, "jan": 1, "fevrier": 2, "fev": 2, "fevr": 2, "mars": 3, "avril": 4, "avr": 4, "mai": 5, "juin": 6,
	"juillet": 7, "juil": 7, "aout": 8, "septembre": 9, "sept": 9, "sep": 9, "octobre": 10, "oct": 10, "novembre": 11, "nov": 11, "decembre": 12, "dec": 12}

// dayForm is how a day was written.
type dayForm uint8

const (
	formUnknown dayForm = iota
	formISO             // 2024-05-02, with or without a time of day
	formFrench          // 02/05/2024, 2 mai 2024
	formSerial          // 45414: the days of a workbook since 1899-12-30
)

// readDay reads a day as French tables write it, the day before the month; the time of
// day is left out, and with it its zone. A number of days is one only in a workbook.
func readDay(text string, workbook bool) (day time.Time, form dayForm) {
	date := func(y, m, d string, form dayForm) (time.Time, dayForm) {
		year, _ := strconv.Atoi(y)
		month, _ := strconv.Atoi(m)
		of, _ := strconv.Atoi(d)
		if len(y) == 2 {
			year += 2000
		}
		day := time.Date(year, time.Month(month), of, 0, 0, 0, 0, time.UTC)
		if year < 1900 || year > 2199 || int(day.Month()) != month || day.Day() != of {
			return time.Time{}, formUnknown
		}
		return day, form
	}
	if m := yearFirst.FindStringSubmatch(text); m != nil {
		return date(m[1], m[2], m[3], formISO)
	}
	if m := compact.FindStringSubmatch(text); m != nil {
		return date(m[1], m[2], m[3], formISO)
	}
	if m := slashed.FindStringSubmatch(text); m != nil {
		return date(m[3], m[2], m[1], formFrench)
	}
	if m := inWords.FindStringSubmatch(source.Slug(text)); m != nil && months[m[2]] != 0 {
		return date(m[3], strconv.Itoa(months[m[2]]), m[1], formFrench)
	}
	if workbook && serial.MatchString(text) {
		n, _ := strconv.Atoi(text[:5])
		if day := time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC); day.Year() >= 1990 && day.Year() < 2100 {
			return day, formSerial
		}
	}
	return time.Time{}, formUnknown
}

// monthFirst reports whether a date can only be of a list that writes the month first.
func monthFirst(text string) bool {
	m := slashed.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	second, _ := strconv.Atoi(m[2])
	first, _ := strconv.Atoi(m[1])
	return second > 12 && first <= 12
}

// readUpdated reads the day of the last change of a record.
func (r *lieuxReader) readUpdated(c lieuRecord, s survey) (day time.Time) {
	const field = "date_maj"
	text := c.get(field)
	if text == "" {
		return day
	}
	day, form := readDay(text, s.workbook)
	switch {
	case form == formFrench && s.monthFirst && slashed.MatchString(text):
		r.note(c.file, field, "dates laissées inconnues dans %s : d'autres dates du fichier ont le mois avant le jour ; dites lequel par une correspondance (« format »)")
		return time.Time{}
	case form == formFrench:
		r.note(c.file, field, "dates lues jour/mois/année dans %s")
	case form == formSerial:
		r.note(c.file, field, "dates lues du nombre de jours d'un classeur dans %s")
	case form == formUnknown && serial.MatchString(text):
		r.Warn(c.file, c.row, field, text, "date non comprise, laissée inconnue : c'est sans doute le nombre de jours d'un tableur ; attendu AAAA-MM-JJ, comme 2024-08-01")
	case form == formUnknown:
		r.Warn(c.file, c.row, field, text, "date non comprise, laissée inconnue ; attendu AAAA-MM-JJ, comme 2024-08-01, ou JJ/MM/AAAA")
	}
	return day
}

// answer is what a column of yes or no says.
type answer uint8

const (
	silent answer = iota // empty, or not told ("NC")
	affirmative
	negative
	obscure // not understood
)

func answerOf(text string) answer {
	switch source.Slug(text) {
	case "oui", "o", "x", "xx", "vrai", "true", "t", "1", "1-0", "yes", "y", "ok":
		return affirmative
	case "non", "n", "faux", "false", "f", "0", "0-0", "no":
		return negative
	case "nc", "nr", "nsp", "na", "n-a", "null", "none", "non-renseigne", "non-communique", "inconnu":
		return silent
	case "": // a tick or a cross has no letter
		switch {
		case strings.ContainsAny(text, "✓✔☑✅×●•"):
			return affirmative
		case strings.ContainsAny(text, "✗✘❌☐"):
			return negative
		}
		return silent
	}
	return obscure
}
