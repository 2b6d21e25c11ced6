package params

import (
	"slices"

	"github.com/aisne-numerique/maillage/api/problem"
)

// Format is how an answer is written.
type Format uint8

const (
	JSON Format = iota
	CSV
	XLSX
	GeoJSON
	Column
)

var formats = []string{"json", "csv", "xlsx", "geojson", "colonne"}

// Refused says that a format is not among those of an answer, which expected names in
// French: "pour l'indice, il faut json, csv ou xlsx".
func (f Format) Refused(expected string) error {
	return problem.New(problem.Parameter, "Le paramètre « format » vaut « %s » ; %s.", formats[f], expected)
}

// Mesure is which figure a column has.
type Mesure uint8

const (
	Classe Mesure = iota
	Minutes
	Heures
	Personnes
	IFN
	Ouvert
	Agir
)

var mesures = []string{"classe", "minutes", "heures", "personnes", "ifn", "ouvert", "agir"}

// Mesures lists their names.
func Mesures() []string { return slices.Clone(mesures) }

// Couche is what an embed shows.
type Couche uint8

const (
	ZonesBlanches Couche = iota
	Temps
	HeuresOuvertes
	Fragilite
	numCouches
)

var couches = []string{"zones-blanches", "temps", "heures", "fragilite"}

func (c Couche) String() string { return couches[c] }

// Couches lists them, as they are offered.
func Couches() []Couche {
	out := make([]Couche, numCouches)
	for i := range out {
		out[i] = Couche(i)
	}
	return out
}

// among reads one of some names, whose places are values of T.
func among[T ~uint8](names []string) func(value string) (T, bool) {
	return func(value string) (T, bool) {
		i := slices.Index(names, value)
		return T(max(i, 0)), i >= 0
	}
}
