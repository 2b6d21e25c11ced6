package lieux

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
	"github.com/aisne-numerique/maillage/geo/store"
)

// The columns of the official list that we use.
var franceServicesColumns = []string{"id_fs", "lib_fs", "adresse", "insee_com", "code_postal", "lib_com", "latitude", "longitude",
	"h_lundi", "h_mardi", "h_mercredi", "h_jeudi", "h_vendredi", "h_samedi", "format_fs"}

// FranceServices reads the official list of France Services (ANCT, CSV), and nothing
// else; [Lieux] reads it too. The dataset is france-services unless the options say
// otherwise.
//
// The list names no service: each place is given the two that the charter of France
// Services promises, help with administrative procedures and access to the internet.
// Help is free. The id is "france-services-" and the number of the list. The list has
// no date of its own: it is the vintage of the options, when that is a day.
//
// Hours come in a column per day, "09:00 - 12:45 / 13:30 - 17:00". Their text is
// written anew in the opening_hours syntax, equal days together. A day without hours
// is closed when another day has some; a place without any hours has unknown ones.
// There is no Sunday. "00:00 - 00:00" is how the source writes an absent range.
//
// Formats: Fixe, Fixe_antenne(s), Antenne and Multisites are places. A bus
// (Bus_équivalent, Itinérante) stands in the list with its base: it is itinerant, a
// tournée whose stops are not known, and no place to go to.
func FranceServices(ctx context.Context, in []source.Input, o source.Options) (*source.Import[lieu.Lieu], error) {
	if o.Dataset == "" {
		o.Dataset = "france-services"
	}
	return source.Open(ctx, store.Lieux, in, o, formatOf(o), func(rec *source.Recorder, files []source.File, emit func(lieu.Lieu) error) error {
		all, err := openAll(files, o)
		if err != nil {
			return err
		}
		for _, f := range all {
			if f.layout == franceServices {
				continue
			}
			if !source.IsZip(f.Head) {
				t, err := sheet.Open(f.File, franceServicesColumns...) // says what lacks
				if err != nil {
					return err
				}
				t.Close()
			}
			return source.FailAt(f.Name, 1, "ce n'est pas la liste officielle France Services ; importez ce fichier comme lieux")
		}
		return readLieux(rec, o, all, emit)
	})
}

// readFranceServices reads the official list.
func (r *lieuxReader) readFranceServices(f lieuxFile, s survey) error {
	return r.eachCounted(f, func(c lieuRecord) error {
		number := c.get("id_fs")
		if number == "" {
			r.Reject(c.file, c.row, "id_fs", "", "valeur absente ; attendu le numéro du lieu dans la liste")
			return nil
		}
		// The rest is read as the national schema says it.
		l, ok := r.readLieu(lieuRecord{file: c.file, row: c.row, get: func(field string) string {
			switch field {
			case "id":
				return "france-services-" + number
			case "nom":
				return unescape(c.get("lib_fs"))
			case "adresse":
				return unescape(c.get("adresse"))
			case "commune":
				return unescape(c.get("lib_com"))
			case "code_insee":
				return c.get("insee_com")
			case "date_maj":
				if _, form := readDay(r.o.Vintage, false); form != formUnknown {
					return r.o.Vintage
				}
			case "modalites_acces": // whether one must make an appointment
				switch answerOf(c.get("prise_rdv")) {
				case affirmative:
					return "Téléphoner|Contacter par mail"
				case negative:
					return "Se présenter"
				}
			case "commentaire", "complement_adresse":
				return unescape(c.get(field))
			case "code_postal", "latitude", "longitude", "position", "telephone", "mail":
				return c.get(field)
			}
			return ""
		}}, s)
		if !ok {
			return nil
		}
		l.Source, l.Typologie, l.Frais, l.Dispositif = "france-services", "RFS", "Gratuit", "France Services"
		l.Services = l.Services.With(lieu.Demarches).With(lieu.AccesInternet)
		l.Horaires = r.readDays(c)
		l.Itinerant = r.readFormat(c)
		return r.keep(c, l, true)
	})
}

var (
	escaped = regexp.MustCompile(`\\x[0-9A-Fa-f]{2}`)
	onTour  = regexp.MustCompile(`(?i)\b(bus|car itin|camion|fourgon|camping-car|itin[ée]ran|tourn[ée]es?\b)`)
)

// unescape reads the \x20 with which some rows write ISO-8859-1 characters.
func unescape(s string) string {
	if !strings.Contains(s, `\x`) {
		return s
	}
	return plain(escaped.ReplaceAllStringFunc(s, func(e string) string {
		n, _ := strconv.ParseUint(e[2:], 16, 8)
		return string(rune(n))
	}))
}

// readFormat reports whether the place is one that moves.
func (r *lieuxReader) readFormat(c lieuRecord) (itinerant bool) {
	const field = "format_fs"
	format := c.get(field)
	switch name := source.Slug(format); name {
	case "bus", "bus-equivalent", "itinerant", "itinerante":
		return true
	case "fixe", "fixe-antenne-s", "fixe-antenne", "fixe-antennes", "antenne", "multisites", "multisite":
	default:
		r.Warn(c.file, c.row, field, format, "format non compris : lu comme un lieu fixe ; attendu Fixe, Fixe_antenne(s), Antenne, Multisites, Bus_équivalent ou Itinérante")
	}
	// The comment itself stays out of the report: it often holds a phone or a name.
	if onTour.MatchString(unescape(c.get("commentaire"))) {
		r.Warn(c.file, c.row, field, format, "le commentaire parle d'un bus ou d'une itinérance : lu comme un lieu fixe ; ses autres arrêts s'importent comme une tournée")
	}
	return false
}

var weekdays = [...]struct{ column, day string }{
	{"h_lundi", "Mo"}, {"h_mardi", "Tu"}, {"h_mercredi", "We"}, {"h_jeudi", "Th"}, {"h_vendredi", "Fr"}, {"h_samedi", "Sa"},
}

var dayRange = regexp.MustCompile(`^(\d\d:\d\d) ?[-–] ?(\d\d:\d\d)$`)

// readDays reads the columns of the days. One day that is not understood leaves the
// whole week unknown: its other days would look as if that one were closed.
func (r *lieuxReader) readDays(c lieuRecord) lieu.Horaires {
	var days [len(weekdays)]string // the ranges in the opening_hours syntax; "" closed
	stated, understood := false, true
	for i, w := range weekdays {
		text := withoutContacts(c.get(w.column))
		if text == "" {
			continue
		}
		stated = true
		ranges, reason := readRanges(text)
		if reason == "" && ranges != "" {
			_, notes, err := lieu.ParseHorairesNoted(ranges)
			if err != nil {
				reason = horairesReason(err)
			}
			for _, note := range notes {
				r.Warn(c.file, c.row, w.column, text, "horaires à relire : "+note)
			}
		}
		if reason != "" {
			r.Warn(c.file, c.row, w.column, text, "horaires non compris, toute la semaine est laissée inconnue : "+reason)
			understood = false
		}
		if strings.Contains(text, emptyRange) {
			r.Warn(c.file, c.row, w.column, text, "plage vide (00:00 - 00:00), laissée de côté")
		}
		days[i] = ranges
	}
	switch {
	case !stated:
		return lieu.Horaires{}
	case !understood:
		var texts []string
		for _, w := range weekdays {
			if text := c.get(w.column); text != "" {
				texts = append(texts, w.day+" "+text)
			}
		}
		return lieu.Horaires{Text: withoutContacts(strings.Join(texts, "; "))}
	}
	h, err := lieu.ParseHoraires(weekText(days[:]))
	if err != nil { // each day was understood
		r.Warn(c.file, c.row, "h_lundi", h.Text, "horaires non compris, laissés inconnus : "+horairesReason(err))
	}
	return h
}

const emptyRange = "00:00 - 00:00"

// readRanges turns "09:00 - 12:45 / 13:30 - 17:00" into "09:00-12:45,13:30-17:00".
func readRanges(text string) (ranges, reason string) {
	var list []string
	for _, part := range strings.Split(text, "/") {
		part = strings.TrimSpace(part)
		m := dayRange.FindStringSubmatch(part)
		switch {
		case part == emptyRange:
		case m == nil:
			return "", fmt.Sprintf("« %s » ; attendu des plages comme 09:00 - 12:00 / 13:30 - 17:00", part)
		case m[1] >= m[2] || m[2] > "24:00": // nothing here is open past midnight
			return "", fmt.Sprintf("« %s » ; attendu une heure de fin après celle du début, et au plus 24:00", part)
		default:
			list = append(list, m[1]+"-"+m[2])
		}
	}
	return strings.Join(list, ","), ""
}
