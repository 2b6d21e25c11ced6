// Package publics counts the people, and the households, of a kind that help with digital
// life is for: 75 and over, without car, unemployed… It says how many of them live in each
// part, from squares that count them, else from what is known of their commune; and adds
// them up by class.
//
// Amounts are whole numbers of thousandths, so that sums do not depend on their order: parts
// add up to their commune, classes to their territoire, exactly. Whole people would be shared
// out to the parts of most people, and never to those where few live.
package publics

import (
	"sync"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/ifn"
)

// Kind is a kind of people, or of households.
type Kind uint8

// The kinds, in the order in which they are told.
const (
	Carless Kind = iota
	Aged75
	Aged75Alone
	Aged80
	Aged65To79
	Alone
	PoorHouseholds
	Poor
	Unemployed
	Undiplomaed
	NEET
	NumKinds = iota
)

// Kinds lists them.
func Kinds() []Kind {
	all := make([]Kind, NumKinds)
	for k := range all {
		all[k] = Kind(k)
	}
	return all
}

// Unit is what a kind counts.
type Unit string

// The units.
const (
	People     Unit = "personnes"
	Households Unit = "ménages"
)

// Thousandth is the unit of amounts: a thousand are a person, or a household.
const Thousandth = 1000

// about is what is said of a kind.
type about struct {
	id   string // those of the variables of the index, where there is one
	unit Unit
	// meanings are what can be known of communes, the best first; those of another age or
	// another definition have another name.
	meanings []meaning
	// square is what squares count of it, weigh where the people of a commune whose number is
	// known live, by what squares count: both by weight, nothing when squares do not tell.
	square, weigh weights
}

// weights are those of what squares count.
type weights map[store.SquareCount]float64

// meaning is one definition of a kind: how many are told by the first of its inputs that is
// known.
type meaning struct {
	nom    string // French, as after a number: "ménages sans voiture"
	inputs []ifn.Input
}

// String is the name that outputs have for k.
func (k Kind) String() string { return abouts()[k].id }

// Unit is what k counts.
func (k Kind) Unit() Unit { return abouts()[k].unit }

// of75 tells where those of 75 and over live: all of 80 and over, and a third of those of 65
// to 79, five ages of fifteen.
var of75 = weights{store.SquareAged80: 1, store.SquareAged65To79: 1.0 / 3}

const (
	ofPopulation = "population_nb"
	ofHouseholds = "menages_nb"
)

// abouts is the table of kinds. Counts and wholes are those that the structure of the index
// has for a column; of the others, those given here.
var abouts = sync.OnceValue(func() *[NumKinds]about {
	known := map[string]ifn.Input{}
	if s, err := ifn.Builtin(ifn.HDF2021); err == nil { // it is of the program: read by its tests
		for _, sub := range s.SubIndices {
			for _, v := range sub.Variables {
				for _, in := range v.Inputs {
					known[in.Column] = in
				}
			}
		}
	}
	// the is an input of the index, as a share of a whole where the index needs none.
	the := func(column, whole string) ifn.Input {
		in := known[column]
		in.Column = column
		if in.Whole == "" {
			in.Whole = whole
		}
		return in
	}
	const insee = "INSEE, recensement de la population"
	return &[NumKinds]about{
		Carless: {"sans_voiture", Households, []meaning{
			{"ménages sans voiture", []ifn.Input{the("part_menages_sans_voiture_pct", ofHouseholds)}},
		}, nil, weights{store.SquareHouseholds: 1}},
		Aged75: {"plus_75", People, []meaning{
			{"personnes de 75 ans et plus", []ifn.Input{the("part_75_ans_et_plus_pct", ofPopulation)}},
			{"personnes de 65 ans et plus", []ifn.Input{the("part_65_ans_et_plus_pct", ofPopulation)}},
		}, nil, of75},
		Aged75Alone: {"plus_75_isoles", People, []meaning{
			{"personnes de 75 ans et plus vivant seules", []ifn.Input{the("part_75_ans_et_plus_seuls_pct", "")}},
			{"personnes de 80 ans et plus vivant seules", []ifn.Input{the("part_80_ans_et_plus_seuls_pct", "")}},
		}, nil, of75},
		Aged80: {"plus_80", People, []meaning{
			{"personnes de 80 ans et plus", []ifn.Input{{Column: "part_80_ans_et_plus_pct", Part: "population_80_ans_et_plus_nb", Whole: ofPopulation, Source: insee}}},
		}, weights{store.SquareAged80: 1}, nil},
		Aged65To79: {"de_65_a_79", People, []meaning{
			{"personnes de 65 à 79 ans", []ifn.Input{{Column: "part_65_79_ans_pct", Part: "population_65_79_ans_nb", Whole: ofPopulation, Source: insee}}},
		}, weights{store.SquareAged65To79: 1}, nil},
		Alone: {"personnes_seules", People, []meaning{
			{"personnes vivant seules", []ifn.Input{
				{Column: "part_menages_1_personne_pct", Part: "personnes_seules_nb", Whole: ofHouseholds, Source: insee},
				{Column: "part_menages_1_personne_2017_pct", Whole: ofHouseholds, Source: insee, Vintage: "2017"},
			}},
		}, weights{store.SquareAlone: 1}, nil},
		PoorHouseholds: {"menages_pauvres", Households, []meaning{
			{"ménages pauvres", []ifn.Input{{Part: "menages_pauvres_nb", Source: insee}}},
		}, weights{store.SquarePoorHouseholds: 1}, nil},
		Poor: {"pauvrete", People, []meaning{
			{"personnes sous le seuil de pauvreté", []ifn.Input{the("taux_pauvrete_pct", ofPopulation), the("taux_pauvrete_2021_pct", ofPopulation)}},
		}, nil, weights{store.SquarePoorHouseholds: 1}},
		Unemployed: {"chomage", People, []meaning{
			{"chômeurs de 15 à 64 ans", []ifn.Input{the("taux_chomage_15_64_ans_pct", "")}},
		}, nil, nil},
		Undiplomaed: {"sans_diplome", People, []meaning{
			{"personnes de 15 ans et plus sans diplôme", []ifn.Input{the("part_sans_diplome_15_ans_et_plus_pct", "")}},
		}, nil, nil},
		NEET: {"jeunes_neet", People, []meaning{
			{"jeunes de 15 à 29 ans ni en emploi, ni en études, ni en formation", []ifn.Input{the("part_neet_15_29_ans_pct", "")}},
			{"jeunes de 15 à 24 ans ni en emploi, ni en études, ni en formation", []ifn.Input{the("part_neet_15_24_ans_pct", "population_15_24_ans_nb")}},
		}, nil, nil},
	}
})
