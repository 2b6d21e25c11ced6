package stat

import (
	"regexp"
	"strings"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/source"
)

// irisNames are columns of the codes of IRIS: a commune, and four digits.
var irisNames = []string{"iris", "code_iris", "codeiris", "dcomiris", "iris_code"}

// unit is what a row is about: a commune, or a part of one.
type unit struct {
	commune string
	part    string // code of an IRIS or of an arrondissement; "" for the whole commune
	padded  bool   // its zero was lost
}

// rowCode is the code of a row as published: that of an IRIS may be without its commune.
func (p *plan) rowCode(fields []string) string {
	text := source.Clean(fields[p.code])
	if p.commune >= 0 && (len(text) <= 4 && len(text) > 0 || text == "") {
		return source.Clean(fields[p.commune]) + text
	}
	return text
}

var (
	irisCode = regexp.MustCompile(`^(\d[\dAB]\d{3})(\d{4})$`)
	// What programs make of a code that they take for a number.
	numeric = regexp.MustCompile(`^(\d{4,9})(\.0)?$`)
)

// unitOf reads a code; why says what is wrong with it, "" when nothing is.
func (v *variableReader) unitOf(text string) (u unit, why string) {
	code := strings.ToUpper(strings.TrimPrefix(text, "'"))
	told := v.o.Mapping != nil && v.o.Mapping.Code.Zeros
	if m := numeric.FindStringSubmatch(code); m != nil {
		code = m[1]
		if !told && len(code) == 4 || len(code) == 8 {
			code, u.padded = "0"+code, true
		}
	}
	if told && len(code) < 5 && code != "" {
		code = strings.Repeat("0", 5-len(code)) + code
	}
	u.commune = code
	if m := irisCode.FindStringSubmatch(code); m != nil && source.CodeFault(m[1]) == "" {
		u.commune = m[1]
		if m[2] != "0000" { // that of a commune which is not divided
			u.part = code
		}
	}
	if why := source.CodeFault(u.commune); why != "" {
		return u, why
	}
	if town := admin.Town(u.commune); town != u.commune {
		if u.part == "" {
			u.part = u.commune
		}
		u.commune = town
	}
	if now, moved := v.o.Moves.Current(u.commune); moved {
		return u, "ancienne commune, réunie à " + now + " : ses valeurs ne s'ajoutent pas ; attendu la commune actuelle"
	}
	return u, ""
}

// partFault is told of a part of a commune whose people are not known.
func (u unit) partFault() string {
	if len(u.part) == 5 {
		return "arrondissement de " + u.commune + " ; attendu une ligne pour la commune entière, ou la population de chaque arrondissement (colonne population, ici ou dans un second fichier) pour les réunir"
	}
	return "IRIS d'une commune qui en a plusieurs ; attendu une ligne par commune entière, ou la population de chaque IRIS (colonne P21_POP ou population, ici ou dans un second fichier) pour les réunir"
}
