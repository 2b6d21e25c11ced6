package equipement

import (
	"fmt"
	"strconv"
	"strings"
)

// Category is what people go there for.
type Category uint8

// The categories, in the order of every table that has one column for each.
const (
	Urgences Category = iota
	Generaliste
	Specialiste
	FranceServices
	ServicesPublics
	Mairie
	Poste
	Bibliotheque
	NumCategories = iota
)

// Layout is a list of codes that published files use.
type Layout string

// The layouts.
const (
	BPE    Layout = "BPE"    // INSEE, base permanente des équipements: TYPEQU, FACILITY_TYPE
	SAE    Layout = "SAE"    // DREES, statistique annuelle des établissements de santé
	FINESS Layout = "FINESS" // categories of établissements
)

// Code is a code of a layout that is in a category. None has meant two things in the files of
// 2018 to 2025, so that a year is nothing to ask.
type Code struct {
	Layout Layout
	Code   string
	Nom    string // as its publisher words it
}

// about is all that is said of a category.
type about struct {
	key, nom, nearest string
	persons           bool // a practitioner has the name of a person, which is not kept
	codes             []Code
}

// The nomenclature of the BPE changed in 2024, when doctors got codes from D265 on: the 11
// specialities from D266 to D276, before the dentists of D277, stand where D202 to D214 stood
// (D204 and D205, gynaecology in two, became D214 in 2021). France Services are there since
// 2020, mairies since 2021.
//
// Public services are counters where people settle their affairs with the State: taxes and
// employment. Police, gendarmerie and courts are none of them, though the BPE has them in the
// same group; a mairie, a post office and a library are categories of their own, that feed no
// column yet.
//
// The categories of FINESS do not tell where emergencies are received: SAE does. A maison de
// santé has two general practitioners at least (code de la santé publique, L. 6323-3); what a
// centre de santé has is not told.
var table = [NumCategories]about{
	Urgences: {key: "urgences", nom: "Urgences", nearest: "aux urgences les plus proches", codes: []Code{
		{BPE, "D106", "Urgences"},
		{SAE, "URGENCES", "site autorisé pour une structure des urgences"},
	}},
	Generaliste: {key: "medecin-generaliste", nom: "Médecin généraliste", nearest: "au médecin généraliste le plus proche", persons: true, codes: []Code{
		{BPE, "D201", "Médecin généraliste"},
		{BPE, "D265", "Médecin généraliste"},
		{FINESS, "603", "Maison de santé"},
	}},
	Specialiste: {key: "medecin-specialiste", nom: "Médecin spécialiste", nearest: "au médecin spécialiste le plus proche", persons: true,
		codes: append(bpe(202, 214, "Médecin spécialiste"), bpe(266, 276, "Médecin spécialiste")...)},
	FranceServices: {key: "france-services", nom: "France Services", nearest: "au France Services le plus proche", codes: []Code{
		{BPE, "A128", "Implantations France Services"},
	}},
	ServicesPublics: {key: "services-publics", nom: "Services publics", nearest: "au guichet des finances publiques ou de l'emploi le plus proche", codes: []Code{
		{BPE, "A115", "Réseau spécialisé Pôle emploi"},
		{BPE, "A119", "Direction générale des finances publiques"},
		{BPE, "A120", "Direction régionale des finances publiques"},
		{BPE, "A121", "Direction départementale des finances publiques"},
		{BPE, "A122", "Réseau de proximité France Travail (Pôle emploi)"},
		{BPE, "A123", "Réseau partenarial Pôle emploi"},
	}},
	Mairie: {key: "mairie", nom: "Mairie", nearest: "à la mairie la plus proche", codes: []Code{
		{BPE, "A129", "Mairie"},
	}},
	Poste: {key: "poste", nom: "Poste", nearest: "à la poste la plus proche", codes: []Code{
		{BPE, "A206", "Bureau de poste"},
		{BPE, "A207", "Relais poste"},
		{BPE, "A208", "Agence postale"},
	}},
	Bibliotheque: {key: "bibliotheque", nom: "Bibliothèque", nearest: "à la bibliothèque la plus proche", codes: []Code{
		{BPE, "F307", "Bibliothèque"},
	}},
}

// bpe are codes D that follow each other.
func bpe(from, to int, nom string) (codes []Code) {
	for n := from; n <= to; n++ {
		codes = append(codes, Code{BPE, "D" + strconv.Itoa(n), nom})
	}
	return codes
}

// Categories lists the categories, in order.
func Categories() []Category {
	all := make([]Category, NumCategories)
	for i := range all {
		all[i] = Category(i)
	}
	return all
}

// String is the key of the category: "medecin-generaliste".
func (c Category) String() string { return table[c].key }

// Nom is its name in French: "Médecin généraliste".
func (c Category) Nom() string { return table[c].nom }

// Nearest is how the nearest of the category is told, after "temps jusqu'": "au médecin
// généraliste le plus proche".
func (c Category) Nearest() string { return table[c].nearest }

// OfPersons reports whether an equipement of the category may have the name of a person.
func (c Category) OfPersons() bool { return table[c].persons }

// Codes are those of the category, in the layouts that have it.
func (c Category) Codes() []Code { return table[c].codes }

// Of is the category of a code; ok is false for a code of no category.
func (l Layout) Of(code string) (c Category, ok bool) {
	for c := range table {
		for _, x := range table[c].codes {
			if x.Layout == l && x.Code == code {
				return Category(c), true
			}
		}
	}
	return 0, false
}

// ParseCategory reads a key or a name, as [Category.String] and [Category.Nom] write them.
func ParseCategory(text string) (Category, error) {
	for c, a := range table {
		if text == a.key || strings.EqualFold(text, a.nom) {
			return Category(c), nil
		}
	}
	keys := make([]string, NumCategories)
	for c, a := range table {
		keys[c] = a.key
	}
	return 0, fmt.Errorf("catégorie « %s » ; attendu %s", text, strings.Join(keys, ", "))
}

// MarshalText writes the key.
func (c Category) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the key.
func (c *Category) UnmarshalText(b []byte) (err error) {
	*c, err = ParseCategory(string(b))
	return err
}
