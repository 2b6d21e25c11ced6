package legend

import "slices"

// Scale is a classification of communes that others publish by number: what the need for
// help is crossed with. Numbers are those of the publisher; a commune of none is unknown.
type Scale struct {
	Column        string // of the variable that carries the number
	Label, Source string // French
	Levels        []Step
}

// Step is one level of a scale, in the words of its publisher.
type Step struct {
	Number int
	Label  string
}

// Density is INSEE's grille communale de densité in seven levels; 1 is the densest.
// Rurality is the ANCT's typology of 2023, which speaks of rural communes alone: the others
// have no level. Its numbers are those of the layout that reads it (geo/source/stat/layout).
var (
	Density = Scale{"densite_niveau", "Densité (7 niveaux)", "INSEE, grille communale de densité", []Step{
		{1, "Grands centres urbains"}, {2, "Centres urbains intermédiaires"}, {3, "Petites villes"}, {4, "Ceintures urbaines"},
		{5, "Bourgs ruraux"}, {6, "Rural à habitat dispersé"}, {7, "Rural à habitat très dispersé"},
	}}
	Rurality = Scale{"ruralite_niveau", "Ruralité", "ANCT, typologie des ruralités", []Step{
		{1, "Ruralités résidentielles aisées"}, {2, "Ruralités résidentielles mixtes"},
		{3, "Petites polarités industrielles et artisanales"}, {4, "Petites polarités mixtes"},
		{5, "Ruralités productives ouvrières"}, {6, "Ruralités productives agricoles"},
		{7, "Ruralités touristiques à dominante résidentielle"}, {8, "Ruralités touristiques spécialisées"},
	}}
)

// Crossed are the colours of need crossed with another figure, each in thirds: a row for
// each third of the need, from the least fragile, a column for each of the other.
var Crossed = [][]Colour{
	{"#e9e9ee", "#a9d8d3", "#5ab4ac"},
	{"#dcb3d6", "#9d9fc9", "#4f86a8"},
	{"#b7509f", "#82408f", "#35306b"},
}

// Scales lists them in the order of choices.
func Scales() []Scale { return []Scale{Density, Rurality} }

// Has reports whether the scale has a level of this number.
func (s Scale) Has(number int) bool {
	return slices.ContainsFunc(s.Levels, func(l Step) bool { return l.Number == number })
}
