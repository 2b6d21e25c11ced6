// Package legend says what the colours of maps mean: the colour of every class, change,
// band and ink, the bounds of the bands, and the words of the measures that maps show. It
// is their one home: the server's pages and pictures and the styles for QGIS take them from
// here, and the map takes the copies that scripts/legend makes and compares.
//
// Choices, which api/web/src/shared/palette.test.ts examines: classes differ in lightness
// and not only in hue, so they stay apart in a grey print and for every colour vision; what
// is unknown is hatched besides, and so are losses; ramps are sequential: darker always
// means more of what is measured.
package legend

import (
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
)

// Colour is "#rrggbb", in lower case.
type Colour string

// Named is a colour and its name: a custom property in CSS, a key in scripts.
type Named struct {
	Name   string
	Colour Colour
}

// Classes lists what inhabited places are called and drawn with, and what that means, from
// the worst to the best, the order in which a reader looks for gaps. Words are French; a
// meaning has [Cutoff] and [MinHours] where its question says them. By timetable it is another:
// one has to be there while it is open, and to come home.
var Classes = []struct {
	Class                       coverage.Class
	Label, Meaning, ByTimetable string
	Colour                      Colour
}{
	{coverage.Blanche, "Blanche", "rien à {T}", "rien à {T}, quels que soient les horaires d’ouverture", "#8a1250"},
	{coverage.Grise, "Grise", "un lieu à {T}, moins de {H} par semaine", "un lieu à {T}, moins de {H} par semaine où l’on peut y être et rentrer", "#e2a033"},
	{coverage.Inconnue, "À vérifier", "rien de connu à {T}, mais un lieu à interroger", "rien de connu à {T}, mais un lieu à interroger", unknown},
	{coverage.Couverte, "Couverte", "un lieu à {T}, {H} par semaine ou plus", "un lieu à {T}, {H} par semaine ou plus où l’on peut y être et rentrer", "#bfe3dc"},
}

// MeaningOf is the meaning of a class by a mode; empty where nobody lives.
func MeaningOf(c coverage.Class, m geo.Mode) string {
	for _, row := range Classes {
		switch {
		case row.Class != c:
		case m == geo.Transit:
			return row.ByTimetable
		default:
			return row.Meaning
		}
	}
	return ""
}

// What stands in a meaning for the figures of a question, with their units.
const (
	Cutoff   = "{T}" // minutes
	MinHours = "{H}" // hours a week
)

// IfKnown is what the people are called whom what is unknown could make couverts: those of
// the class À vérifier, and others who have too few hours that are known.
const IfKnown = "Si l’on savait"

// LabelOf is the label of a class; empty where nobody lives.
func LabelOf(c coverage.Class) string {
	for _, row := range Classes {
		if row.Class == c {
			return row.Label
		}
	}
	return ""
}

// OfClass is the colour of a class; empty where nobody lives.
func OfClass(c coverage.Class) Colour {
	for _, row := range Classes {
		if row.Class == c {
			return row.Colour
		}
	}
	return ""
}

// Moments lists what is found within reach at a moment of the week, from the best to the
// worst: the order in which the column "ouvert" numbers them, from 1. As with the classes,
// what is well is light and cold, what is far dark.
var Moments = []struct {
	Moment      access.Moment
	Name        string // in addresses and JSON
	Label       string // French
	ByTimetable string // the same where one has to be there, and to come home
	Colour      Colour
}{
	{access.EveryWeek, "ouvert", "Ouvert", "Ouvert, et un bus le permet", "#bfe3dc"},
	{access.SomeWeeks, "parfois", "Ouvert certaines semaines", "Certaines semaines", "#3f7fb0"},
	{access.MaybeOpen, "inconnu", "Inconnu", "Inconnu", unknown},
	{access.Closed, "ferme", "Fermé", "Fermé, ou aucun bus ne le permet", "#e2a033"},
	{access.OutOfReach, "aucun", "Aucun lieu", "Aucun lieu", "#8a1250"},
}

// Changes are the colours of a difference: gains are dark and cold, losses light, warm and
// hatched, which keeps them apart in grey and for every colour vision. No loss has the
// colour of a zone blanche: somebody may lose an hour of opening and stay covered.
var Changes = []Named{{"gagne", "#0b5f8a"}, {"perd", "#f08a3c"}, {"autrement", "#a99fc4"}, {"inchange", "#e4e7ec"}}

// Ramp is a measure cut into bands, each darker than the one before.
type Ramp struct {
	Name    string    // of the measure
	Bounds  []float64 // between the bands, ascending; nil where each edition has its own
	Colours []Colour  // one more than the bounds
}

// The ramps. A bound of Times, in minutes, belongs to the band below it, as the cut-off
// does; those of Hours (a week), Acts (fragile inhabitants of a cell who lack help, none apart), Gain
// (people newly covered) and Shares (per cent of the inhabitants in a zone blanche) belong to
// the band above. Bounds of the index are those of
// its edition: a fifth of the people in each band.
var (
	Times = Ramp{"temps", []float64{5, 10, 15, 20, 30, 45, 60},
		[]Colour{"#fdf0d2", "#fbd5a0", "#f8b074", "#ee8260", "#d35568", "#a53a72", "#73286a", "#431a50"}}
	Hours = Ramp{"heures", []float64{5, 10, 17.5, 25, 35},
		[]Colour{"#f7f3cf", "#cfe8b9", "#8accb8", "#45a9bd", "#2674a5", "#1d3f78"}}
	Index = Ramp{"ifn", nil, []Colour{"#eceff7", "#c3cfe6", "#9aa6d2", "#8468b2", "#5f2277"}}
	Acts  = Ramp{"agir", []float64{1, 2, 5, 10, 20},
		[]Colour{"#fde0d4", "#f8b59b", "#ec8266", "#cf4c43", "#9c2230", "#5c0b22"}}
	Gain = Ramp{"gain", []float64{100, 500, 1000, 2000, 4000},
		[]Colour{"#dbeaf3", "#a9d3e3", "#6fb3d0", "#3a8bb8", "#1f5f96", "#142f66"}}
	Shares = Ramp{"part", []float64{5, 20, 40, 70},
		[]Colour{Times.Colours[0], Times.Colours[2], Times.Colours[4], Times.Colours[5], Times.Colours[7]}}
)

// Ramps lists those that the map draws.
func Ramps() []Ramp { return []Ramp{Times, Hours, Index, Acts, Gain} }

// unknown is the ground of what is not known; [Inks] has the strokes over it.
const unknown Colour = "#ccd4e2"

// Inks are the other colours: of text, lines and grounds, on the pages and on the map.
var Inks = []Named{
	{"ink", Ink}, {"ink-soft", "#46536f"}, {"ink-pale", "#c9d3e6"}, {"ink-label", "#33415f"}, {"black", "#000000"},
	{"paper", Paper}, {"paper-map", "#fbfaf7"}, {"ground", "#f3f5f8"}, {"ground-picture", "#f7f8fa"}, {"outside", "#e6e9ee"},
	{"line", "#d5dae3"}, {"line-soft", "#e8ebf0"}, {"line-strong", "#7a859c"}, {"line-disabled", "#c0c7d3"},
	{"track", "#e8ebf0"}, {"track-slider", "#c6cedb"},
	{"accent", "#1f4fa3"}, {"accent-strong", "#173d80"}, {"accent-soft", "#e6edf8"}, {"focus", "#0b5fff"}, {"new", "#0b5fff"},
	{"alert", "#8a1250"}, {"alert-soft", "#fbeef4"}, {"loss-ink", "#a3450a"},
	{"modelled", "#6b4c08"}, {"modelled-strong", "#5d4207"}, {"modelled-line", "#8a6412"}, {"modelled-line-soft", "#e3cf9a"}, {"modelled-soft", "#fff7e3"},
	{"zone", Zone}, {"road", "#5a6478"}, {"border", "#6b6b6b"},
	{"unknown", unknown}, {"hatch", Hatch}, {"no-lieu", "#a9a6ad"}, {"no-gain", "#f4f1ea"}, {"logo", "#d4467f"},
}

// Ink draws text, borders and lieux; Paper what is around and inside of them; Zone the
// outline of a zone blanche, darker than its cells; Border the outlines of areas in a GIS;
// Hatch the strokes over what is unknown.
const (
	Ink    Colour = "#14213d"
	Paper  Colour = "#ffffff"
	Zone   Colour = "#4a0a2b"
	Border Colour = "#6b6b6b"
	Hatch  Colour = "#7486a6"
)

// Measure is what the colours of a map may mean.
type Measure string

// The measures.
const (
	ClassMeasure  Measure = "classes"
	TimeMeasure   Measure = "temps"
	HourMeasure   Measure = "heures"
	MomentMeasure Measure = "moment"
	IndexMeasure  Measure = "ifn"
	ActMeasure    Measure = "agir"
)

// Measures lists them in the order of the map's choices, with their French words: the
// choice, and the title of the legend, which is another by timetable.
var Measures = []struct {
	Measure                   Measure
	Label, Title, ByTimetable string
}{
	{ClassMeasure, "Couverture", "Population selon l’accès", "Population selon l’accès en bus ou car"},
	{TimeMeasure, "Temps d’accès", "Temps jusqu’au lieu le plus proche", "Temps de l’aller, attente comprise"},
	{HourMeasure, "Heures par semaine", "Ouverture par semaine à portée", "Heures par semaine où l’on peut y être et rentrer"},
	{MomentMeasure, "À telle heure", "Un lieu ouvert à ce moment", "Y être à ce moment, et rentrer"},
	{IndexMeasure, "Fragilité (IFN)", "Fragilité numérique (indice IFN)", "Fragilité numérique (indice IFN)"},
	{ActMeasure, "Où agir d’abord", "Où agir d’abord : habitants fragiles sans aide suffisante", "Où agir d’abord : habitants fragiles sans aide suffisante en bus ou car"},
}

// What times and hours are by timetable, in French: notes of a legend.
const (
	TimeByTimetable = "Le plus court aller qui compte : on est au lieu pendant qu’il est ouvert, et rentré chez soi le même jour ; l’attente devant une porte fermée est comprise. Là où aucun bus ne le permet, le temps à pied."
	HourByTimetable = "Les heures d’ouverture pendant lesquelles on peut être au lieu, y être allé et en revenir dans le temps choisi, à pied ou en bus ou car."
)
