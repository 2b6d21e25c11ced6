package admin

import (
	"fmt"
	"regexp"
	"strings"
)

// Type is the kind of a territoire: one of those below, or any slug that a set of communes
// was imported with.
type Type string

// The kinds of territoire that every division may have.
const (
	TypeCommune     Type = "commune"
	TypeEPCI        Type = "epci"
	TypeSecteur     Type = "secteur"
	TypeDepartement Type = "departement"
)

// typeSlug is what a type is written like: it stands in addresses, and in names of tables.
var typeSlug = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

const maxType = 28 // characters

// ParseType reads a kind of territoire. Which sets there are is said by a [Division].
func ParseType(s string) (Type, error) {
	if len(s) > maxType || !typeSlug.MatchString(s) {
		return "", fmt.Errorf("territoire type %q: expected commune, epci, departement, or the type of a set, as canton", s)
	}
	return Type(s), nil
}

// CheckSet reports why a set of communes cannot have the type.
func (t Type) CheckSet() error {
	switch t {
	case TypeCommune, TypeEPCI, TypeDepartement:
		return fmt.Errorf("territoire type %q: taken; expected that of a set of communes, as canton", t)
	}
	_, err := ParseType(string(t))
	return err
}

// names are what types are called, one and many.
var names = map[Type][2]string{
	TypeCommune: {"Commune", "Communes"}, TypeEPCI: {"Intercommunalité", "EPCI"}, TypeSecteur: {"Secteur", "Secteurs"},
	TypeDepartement: {"Département", "Départements"}, "canton": {"Canton", "Cantons"}, "arrondissement": {"Arrondissement", "Arrondissements"},
	"qpv":           {"Quartier prioritaire", "Quartiers prioritaires"},
	"bassin-de-vie": {"Bassin de vie", "Bassins de vie"}, "zone-emploi": {"Zone d'emploi", "Zones d'emploi"},
}

// Label is the type in French, as a title; that of a type nobody foresaw is made of its slug.
func (t Type) Label() string { return t.named(0) }

// Plural is the label of many.
func (t Type) Plural() string { return t.named(1) }

func (t Type) named(i int) string {
	if n, ok := names[t]; ok {
		return n[i]
	}
	text := strings.ReplaceAll(string(t), "-", " ")
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
