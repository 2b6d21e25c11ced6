package lieu

import (
	"regexp"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// proseKind is what a word or sign of prose is.
type proseKind uint8

const (
	wordEnd      proseKind = iota
	wordOther              // not of the grammar
	wordSign               // , ; . : / - ( ) and the end of a line, by its sign in text
	wordClock              // n minutes
	wordNumber             // n
	wordOrdinal            // n, -1 the last
	wordDay                // n from 0, lundi
	wordMonth              // n from 1
	wordArticle            // le, les, chaque…
	wordFrom               // de, du, des, entre
	wordTo                 // à, au
	wordAnd                // et, puis
	wordEn                 // en, au mois de
	wordExcept             // sauf
	wordClosed             // fermé
	wordNothing            // ouvert, horaires d'ouverture: says nothing
	wordEveryDay           // tous les jours
	wordWeekend            // le week-end
	wordAlways             // 24h/24
	wordPart               // n 0 matin, 1 après-midi
	wordParity             // n 0 semaines paires, 1 impaires
	wordOfMonth            // du mois
	wordBooked             // sur rendez-vous
	wordFree               // sans rendez-vous
	wordTerm               // hors vacances scolaires
	wordNoSchool           // sauf vacances scolaires: closed then
	wordSchool             // vacances scolaires
	wordPublic             // jours fériés
)

// proseWord is a word with its place in the text, in bytes.
type proseWord struct {
	kind    proseKind
	text    string // folded
	n       int
	at, end int
}

// prosePhrases are words that only mean something together, the first that fits is taken.
// They begin and end at the edge of a word.
var prosePhrases = func() (out []prosePhrase) {
	const rdv = `(?:rendez[- ]?vous|rdv|r\.d\.v\.?|reservation)`
	const only = `(?:uniquement|exclusivement|seulement)`
	for _, p := range []struct {
		kind proseKind
		n    int
		text string
	}{
		{wordFree, 0, `(?:avec ou )?sans ` + rdv},
		{wordFree, 0, `(?:acces |accueil )?libre ou sur ` + rdv},
		{wordBooked, 0, `(?:` + only + ` )?(?:sur|avec) (?:prise de )?` + rdv + `(?: (?:prealable|obligatoire|` + only + `))?`},
		{wordBooked, 0, `sur ` + only + ` ` + rdv},
		{wordTerm, 0, `(?:hors|en dehors des)(?: les)? (?:periodes? de )?(?:vacances|conges)(?: scolaires)?`},
		{wordTerm, 0, `(?:(?:en|pendant|durant) )?(?:la |les )?periodes? scolaires?(?: uniquement)?`},
		{wordNoSchool, 0, `sauf (?:pendant |durant )?(?:les )?(?:vacances|conges) scolaires`},
		{wordSchool, 0, `(?:(?:en|pendant|durant) )?(?:les )?vacances scolaires`},
		{wordPublic, 0, `(?:les )?jours? feries?`},
		{wordParity, 0, `(?:(?:en|les|des) )?semaines? paires?`},
		{wordParity, 1, `(?:(?:en|les|des) )?semaines? impaires?`},
		{wordOfMonth, 0, `du mois|de chaque mois|dans le mois`},
		{wordEveryDay, 0, `tous les jours|chaque jour|tlj|7 ?(?:j|jours?)? ?(?:/|sur) ?7(?: ?j(?:ours)?)?`},
		{wordWeekend, 0, `week[- ]?ends?`},
		{wordAlways, 0, `24 ?(?:h|heures)? ?(?:/|sur) ?(?:24 ?h?)`},
		{wordPart, 1, `apres[- ]?midis?`},
		{wordNothing, 0, `(?:horaires?|heures|jours|jours et horaires|plages?) d'(?:ouverture|accueil)(?: (?:au|du) public)?`},
		{wordNothing, 0, `(?:l')?accueil(?: du| au)? public|ouverte?s? au public|ouverture au public`},
		{wordNothing, 0, `(?:en )?journee continue|en continu|non[- ]stop|sans interruption`},
		{wordEn, 0, `(?:au|aux) mois (?:de |d')|mois (?:de |d')`},
	} {
		out = append(out, prosePhrase{p.kind, p.n, regexp.MustCompile(`^(?:` + p.text + `)`)})
	}
	return out
}()

type prosePhrase struct {
	kind proseKind
	n    int
	text *regexp.Regexp
}

// proseVocabulary are the words that stand alone.
var proseVocabulary = func() map[string]proseWord {
	m := map[string]proseWord{}
	add := func(kind proseKind, n int, words ...string) {
		for _, w := range words {
			m[w] = proseWord{kind: kind, n: n}
		}
	}
	for n, words := range [][]string{
		{"lundi", "lun", "lu"}, {"mardi", "mar", "ma"}, {"mercredi", "mer", "merc", "me"}, {"jeudi", "jeu", "je"},
		{"vendredi", "ven", "vend", "ve"}, {"samedi", "sam", "sa"}, {"dimanche", "dim", "di"},
	} {
		add(wordDay, n, words...)
		add(wordDay, n, words[0]+"s")
	}
	for n, words := range [][]string{
		{"janvier", "janv"}, {"fevrier", "fev"}, {"mars"}, {"avril", "avr"}, {"mai"}, {"juin"}, {"juillet", "juil"}, {"aout"},
		{"septembre", "sept"}, {"octobre", "oct"}, {"novembre", "nov"}, {"decembre", "dec"},
	} {
		add(wordMonth, n+1, words...)
	}
	for n, words := range [][]string{{"premier", "premiere"}, {"deuxieme", "second", "seconde"}, {"troisieme"}, {"quatrieme"}, {"cinquieme"}} {
		for _, w := range words {
			add(wordOrdinal, n+1, w, w+"s")
		}
	}
	add(wordOrdinal, -1, "dernier", "derniers", "derniere", "dernieres")
	add(wordArticle, 0, "le", "la", "les", "l", "tous", "toutes", "chaque")
	add(wordFrom, 0, "de", "du", "des", "d", "entre")
	add(wordTo, 0, "a", "au", "aux", "jusqu")
	add(wordAnd, 0, "et", "puis", "&")
	add(wordEn, 0, "en")
	add(wordExcept, 0, "sauf", "hors", "hormis", "excepte")
	add(wordClosed, 0, "ferme", "fermee", "fermes", "fermees", "fermeture", "fermetures")
	add(wordNothing, 0, "ouvert", "ouverte", "ouverts", "ouvertes", "ouverture", "ouvertures", "horaire", "horaires", "accueil", "permanence", "permanences", "est", "sont")
	add(wordPart, 0, "matin", "matins", "matinee")
	add(wordClock, 12*60, "midi")
	add(wordClock, minutesPerDay, "minuit")
	return m
}()

var (
	proseHours   = regexp.MustCompile(`^h(?:eures?)?`)
	proseMinutes = regexp.MustCompile(`^ ?(?:minutes|min|mn)\b`)
	proseOrdinal = regexp.MustCompile(`^([1-5]) ?(?:ers?|eres?|res?|nds?|ndes?|emes?|es?)\b`)
	proseNumber  = regexp.MustCompile(`^\d{1,4}\b`)
	proseLetters = regexp.MustCompile(`^[a-z]+`)
)

// proseWords cuts a text into words. The last one is wordEnd.
func proseWords(text string) []proseWord {
	// Folding may change lengths: places maps each byte of the folded text to one of text.
	var folded []byte
	var places []int
	for at, r := range text {
		piece := string(r)
		if r >= utf8.RuneSelf || r >= 'A' && r <= 'Z' {
			piece = fold(piece)
		}
		if r != '\n' && unicode.IsSpace(r) {
			piece = " "
		}
		if piece == " " && len(folded) > 0 && folded[len(folded)-1] == ' ' {
			continue // one blank is enough
		}
		for range len(piece) {
			places = append(places, at)
		}
		folded = append(folded, piece...)
	}
	places = append(places, len(text))
	var out []proseWord
	for pos := 0; pos < len(folded); {
		if folded[pos] == ' ' {
			pos++
			continue
		}
		w, n := nextProseWord(folded[pos:])
		if w.kind != wordEnd {
			w.text, w.at, w.end = string(folded[pos:pos+n]), places[pos], places[pos+n]
			out = append(out, w)
		}
		pos += n
	}
	return append(out, proseWord{kind: wordEnd, at: len(text), end: len(text)})
}

// nextProseWord is the word that text begins with, and its length. wordEnd: it says nothing.
func nextProseWord(text []byte) (proseWord, int) {
	if !isDigit(text[0]) && (text[0] < 'a' || text[0] > 'z') {
		_, n := utf8.DecodeRune(text)
		switch text[0] {
		case ',', ';', '.', ':', '/', '-', '(', ')', '\n', '|':
			return proseWord{kind: wordSign}, n
		case '&':
			return proseWord{kind: wordAnd}, n
		case '\'':
			return proseWord{kind: wordEnd}, n
		}
		return proseWord{kind: wordOther}, n
	}
	for _, p := range prosePhrases {
		if loc := p.text.FindIndex(text); loc != nil && !letterAt(text, loc[1]) {
			return proseWord{kind: p.kind, n: p.n}, loc[1]
		}
	}
	if isDigit(text[0]) {
		return nextProseNumber(text)
	}
	n := len(proseLetters.Find(text))
	w, ok := proseVocabulary[string(text[:n])]
	if !ok {
		return proseWord{kind: wordOther}, n
	}
	if (w.kind == wordDay || w.kind == wordMonth) && n <= 4 && n < len(text) && text[n] == '.' {
		n++ // "lun." is short
	}
	return w, n
}

func nextProseNumber(text []byte) (proseWord, int) {
	if minutes, n := proseClock(text); n > 0 {
		return proseWord{kind: wordClock, n: minutes}, n
	}
	if m := proseOrdinal.FindSubmatchIndex(text); m != nil {
		return proseWord{kind: wordOrdinal, n: int(text[m[2]] - '0')}, m[1]
	}
	if m := proseNumber.Find(text); m != nil {
		n, _ := strconv.Atoi(string(m))
		return proseWord{kind: wordNumber, n: n}, len(m)
	}
	n := 1
	for n < len(text) && (isDigit(text[n]) || letterAt(text, n)) {
		n++
	}
	return proseWord{kind: wordOther}, n
}

// proseClock reads 9h, 9 h 30, 9h30, 9 heures, 09:00 or 17 :00, with its length: 0 where text
// does not begin so.
func proseClock(text []byte) (minutes, length int) {
	hours, n := twoDigits(text)
	if n == 0 || n < len(text) && isDigit(text[n]) {
		return 0, 0
	}
	n = skipBlank(text, n)
	switch {
	case n < len(text) && text[n] == ':':
		n = skipBlank(text, n+1)
		m, digits := twoDigits(text[n:])
		if n += digits; digits != 2 || n < len(text) && isDigit(text[n]) {
			return 0, 0
		}
		if n < len(text) && text[n] == 'h' {
			n++
		}
		minutes = 60*hours + m
		if m > 59 {
			return 0, 0
		}
	case n < len(text) && text[n] == 'h':
		end := n + len(proseHours.Find(text[n:]))
		if end == n || letterAt(text, end) {
			return 0, 0
		}
		minutes, n = 60*hours, end
		if m, digits := twoDigits(text[skipBlank(text, n):]); digits == 2 && m <= 59 {
			after := skipBlank(text, n) + 2
			next := skipBlank(text, after)
			switch {
			case after < len(text) && isDigit(text[after]):
				return 0, 0
			case next < len(text) && (text[next] == 'h' || text[next] == ':') && skipBlank(text, n) > n:
				// "9h 12h": the hour of another clock.
			default:
				minutes, n = minutes+m, after+len(proseMinutes.Find(text[after:]))
			}
		}
	default:
		return 0, 0
	}
	if minutes > minutesPerDay || letterAt(text, n) {
		return 0, 0
	}
	return minutes, n
}

func twoDigits(text []byte) (value, n int) {
	for n < len(text) && n < 2 && isDigit(text[n]) {
		value = 10*value + int(text[n]-'0')
		n++
	}
	return value, n
}

func skipBlank(text []byte, n int) int {
	if n < len(text) && text[n] == ' ' {
		n++
	}
	return n
}

func letterAt(text []byte, n int) bool { return n < len(text) && text[n] >= 'a' && text[n] <= 'z' }
