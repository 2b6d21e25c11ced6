package stat

import (
	"regexp"
	"strings"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/store"
)

// irisNames are columns of the codes of IRIS: a commune, and four digits.
var irisNames = []string{"iris", "code_iris", "codeiris", "dcomiris", "iris_code"}

// unit is what a row is about: a place of a level, or a part of a commune.
type unit struct {
	level  store.Level // of the place
	place  string      // its code
	part   string      // code of an IRIS, of an arrondissement or of a commune that merged; "" for the whole place
	moved  bool        // the part is a commune that is now part of the place
	padded bool        // its zero was lost
}

// key tells units apart, whatever their level.
func (u unit) key() string {
	if u.part == "" && u.level != store.LevelCommune {
		return string(u.level) + " " + u.place
	}
	return u.code()
}

// code is that of the part, or of the place when the row is about the whole of it.
func (u unit) code() string {
	if u.part != "" {
		return u.part
	}
	return u.place
}

// isIRIS reports whether the part is an IRIS.
func (u unit) isIRIS() bool { return len(u.part) == 9 }

// codeOf is the code of a row as published: that of an IRIS may be without its commune.
func (p *plan) codeOf(fields []string) string {
	text := source.Clean(fields[p.code])
	if p.commune >= 0 && len(text) <= 4 {
		return source.Clean(fields[p.commune]) + text
	}
	return text
}

var (
	irisCode = regexp.MustCompile(`^(\d[\dAB]\d{3})(\d{4})$`)
	// What programs make of a code that they take for a number.
	numeric = regexp.MustCompile(`^(\d{1,9})(\.0)?$`)
	// What the web service of INSEE writes before a code.
	prefixed = regexp.MustCompile(`^(?:\d{4}-)?(COM|ARM|EPCI|IRIS|DEP)-(.+)$`)
)

// prefixes are the levels that such a prefix tells, when codes do not.
var prefixes = map[string]store.Level{"EPCI": store.LevelEPCI, "DEP": store.LevelDepartement}

// unitOf reads a code; why says what is wrong with it, "" when nothing is. level is that of
// the row; "" when the code tells it.
func (v *variableReader) unitOf(p *plan, text string, level store.Level) (u unit, why string) {
	code := strings.ToUpper(strings.TrimPrefix(text, "'"))
	if m := prefixed.FindStringSubmatch(code); m != nil {
		code = m[2]
		if level == "" {
			level = prefixes[m[1]]
		}
	}
	if m := numeric.FindStringSubmatch(code); m != nil {
		code = m[1]
	}
	u.level = level
	switch level {
	case store.LevelEPCI:
		u.place = code
		if !isSIREN(code) {
			return u, "code d'EPCI non compris ; attendu un SIREN de neuf chiffres, comme 200071785"
		}
		return u, ""
	case store.LevelDepartement:
		if len(code) == 1 {
			code, u.padded = "0"+code, true
		}
		u.place = code
		if !departementCode.MatchString(code) {
			return u, "code de département non compris ; attendu deux ou trois caractères, comme 02"
		}
		return u, ""
	}
	u.level = store.LevelCommune
	told := p.mapping != nil && p.mapping.Code.Zeros
	if digits := strings.Trim(code, "0123456789") == ""; digits && (!told && len(code) == 4 || len(code) == 8) {
		code, u.padded = "0"+code, true
	}
	if told && len(code) < 5 && code != "" {
		code = strings.Repeat("0", 5-len(code)) + code
	}
	u.place = code
	if m := irisCode.FindStringSubmatch(code); m != nil && source.CodeFault(m[1]) == "" {
		u.place = m[1]
		switch {
		case p.layout != "": // as it is published
			if _, moved := v.o.Moves.Current(u.place); !moved {
				return unit{level: store.LevelIRIS, place: code, padded: u.padded}, ""
			}
			u.part = code
		case m[2] != "0000": // that of a commune which is not divided
			u.part = code
		}
	}
	if why := source.CodeFault(u.place); why != "" {
		return u, why
	}
	if town := admin.Town(u.place); town != u.place {
		if u.part == "" {
			u.part = u.place
		}
		u.place = town
	}
	now, moved := v.o.Moves.Current(u.place)
	switch {
	case moved && u.part != "":
		return u, "IRIS ou arrondissement d'une ancienne commune, réunie à " + now + " ; attendu la commune actuelle"
	case moved:
		u.part, u.place, u.moved = u.place, now, true
	}
	return u, ""
}

// partFault is told of a part of a commune whose people are not known.
func (u unit) partFault() string {
	if u.moved {
		return "ancienne commune, réunie à " + u.place + " : ses parts ne s'ajoutent pas sans la population ; attendu la commune actuelle, ou la population de chaque commune (colonne population, ici ou dans un second fichier) pour les réunir"
	}
	return "arrondissement de " + u.place + " ; attendu une ligne pour la commune entière, ou la population de chaque arrondissement (colonne population, ici ou dans un second fichier) pour les réunir"
}
