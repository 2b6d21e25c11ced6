package tiles

import "slices"

// Layer is one address of tiles, and says what they hold.
type Layer struct {
	Name    string // in addresses: "cells"
	Title   string // French
	MinZoom int    // there is no tile below it
	MaxZoom int    // clients enlarge tiles of this zoom beyond it
	Sources []Source
	// Asks is whether the tiles depend on a question (service, mode, cut-off).
	Asks bool
}

// Source is one source layer inside the tiles of a Layer.
type Source struct {
	Name     string // in tiles and styles: "communes_labels"
	Title    string // French; says what the feature ids are
	Geometry string // "polygon", "line" or "point"
	MinZoom  int
	Fields   []Field
}

// Field is one attribute of the features of a source layer.
type Field struct {
	Name     string
	Type     FieldType
	Unit     string // French; empty when it has none
	Meaning  string // French
	Optional bool   // absent where unknown
}

// FieldType is the type of an attribute, named in French.
type FieldType string

// The types of attribute.
const (
	Integer FieldType = "entier"
	Real    FieldType = "nombre"
	Text    FieldType = "texte"
	Boolean FieldType = "booléen"
)

// MinZoom and MaxZoom bound the zooms of all layers.
const (
	MinZoom = 4
	MaxZoom = 12
)

// The layers, by position in layers.
const (
	cellsLayer = iota
	zonesLayer
	epciLayer
	communesLayer
	roadsLayer
	lieuxLayer
	linesLayer
	stopsLayer
	numLayers
)

// Layers lists the layers. The caller owns the result.
func Layers() []Layer {
	territoire := []Field{
		{Name: "code", Type: Text, Meaning: "code officiel : COG de la commune ou SIREN de l'EPCI"},
		{Name: "nom", Type: Text, Meaning: "nom officiel"},
		{Name: "population", Type: Integer, Unit: "habitants", Meaning: "population municipale dans le territoire"},
	}
	score := func(name, of string) Field {
		return Field{Name: name, Type: Real, Unit: "points sur 10", Meaning: of + ", 10 pour le territoire le plus fragile", Optional: true}
	}
	perWeek := Field{Name: "n", Type: Real, Unit: "passages par semaine", Meaning: "passages de véhicules, en moyenne sur les quatre semaines de référence"}
	modelledField := Field{Name: "modelise", Type: Boolean, Meaning: "vrai quand ces horaires sont modélisés", Optional: true}
	withIndex := append(slices.Clone(territoire), score("ifn", "indice de fragilité numérique"),
		score("ifn_amenagement", "sous-indice Enjeux d'aménagement"), score("ifn_publics", "sous-indice Publics exposés"))
	return []Layer{
		cellsLayer: {Name: "cells", Title: "Mailles hexagonales H3", MinZoom: 5, MaxZoom: MaxZoom, Sources: []Source{{
			Name: "cells", Title: "Mailles H3, plus fines quand on approche ; identifiant : ligne de la maille dans les colonnes de l'édition",
			Geometry: "polygon", MinZoom: 5,
			Fields: []Field{{Name: "r", Type: Integer, Meaning: "résolution H3 de la maille"}},
		}}},
		zonesLayer: {Name: "zones", Title: "Zones blanches", MinZoom: 5, MaxZoom: MaxZoom, Asks: true, Sources: []Source{{
			Name: "zones", Title: "Zones blanches : mailles habitées d'un seul tenant sans lieu dans le temps demandé ; identifiant : rang",
			Geometry: "polygon", MinZoom: 5,
			Fields: []Field{
				{Name: "rank", Type: Integer, Meaning: "rang par nombre d'habitants, 1 pour la plus peuplée"},
				{Name: "people", Type: Integer, Unit: "habitants", Meaning: "habitants sans lieu dans le temps demandé"},
				{Name: "nom", Type: Text, Meaning: "commune où vivent le plus de ces habitants"},
			},
		}}},
		epciLayer: {Name: "epci", Title: "EPCI", MinZoom: MinZoom, MaxZoom: MaxZoom, Sources: []Source{
			{Name: "epci", Title: "Contours des EPCI ; identifiant : position dans l'édition", Geometry: "polygon", MinZoom: MinZoom, Fields: withIndex},
			{Name: "epci_labels", Title: "Points d'étiquette des EPCI ; identifiant : position dans l'édition", Geometry: "point", MinZoom: MinZoom, Fields: territoire},
		}},
		communesLayer: {Name: "communes", Title: "Communes", MinZoom: 6, MaxZoom: MaxZoom, Sources: []Source{
			{Name: "communes", Title: "Contours des communes ; identifiant : position dans l'édition", Geometry: "polygon", MinZoom: 6, Fields: withIndex},
			{Name: "communes_labels", Title: "Points d'étiquette des communes ; identifiant : position dans l'édition", Geometry: "point", MinZoom: 8, Fields: territoire},
		}},
		roadsLayer: {Name: "roads", Title: "Réseau routier", MinZoom: 5, MaxZoom: MaxZoom, Sources: []Source{{
			Name: "roads", Title: "Routes, une entité par classe ; identifiant : classe", Geometry: "line", MinZoom: 5,
			Fields: []Field{{Name: "class", Type: Integer,
				Meaning: "1 autoroute ou voie rapide, 2 principale, 3 secondaire (zoom 8 et plus), 4 tertiaire (9 et plus), 5 locale (11 et plus)"}},
		}}},
		lieuxLayer: {Name: "lieux", Title: "Lieux de médiation numérique", MinZoom: 5, MaxZoom: MaxZoom, Sources: []Source{{
			Name: "lieux", Title: "Lieux ouverts au public et arrêts des tournées ; identifiant : position du lieu dans l'édition, les arrêts à la suite",
			Geometry: "point", MinZoom: 5,
			Fields: []Field{
				{Name: "ref", Type: Text, Meaning: "identifiant du lieu dans ses données d'origine ; pour un arrêt, celui de sa tournée, « # » et son rang"},
				{Name: "nom", Type: Text, Meaning: "nom du lieu ou de l'arrêt"},
				{Name: "commune", Type: Text, Meaning: "nom de la commune, suivi de son département hors du territoire", Optional: true},
				{Name: "outside", Type: Boolean, Meaning: "vrai hors du territoire", Optional: true},
				{Name: "kind", Type: Text, Meaning: "« lieu » ou « arret » (arrêt d'un service itinérant)"},
				{Name: "known", Type: Boolean, Meaning: "les horaires sont connus"},
				{Name: "h", Type: Real, Unit: "heures par semaine", Meaning: "ouverture moyenne sur quatre semaines", Optional: true},
				{Name: "s", Type: Integer, Meaning: "services connus, un bit par service du schéma national, dans son ordre (1 : aide aux démarches)", Optional: true},
			},
		}}},
		linesLayer: {Name: "lignes", Title: "Lignes de transport", MinZoom: 7, MaxZoom: MaxZoom, Sources: []Source{{
			Name: "lignes", Title: "Lignes de bus et de car des semaines de référence, tracées d'arrêt en arrêt ; identifiant : position parmi elles",
			Geometry: "line", MinZoom: 7,
			Fields: []Field{
				{Name: "nom", Type: Text, Meaning: "nom court de la ligne, à défaut son nom long ou son identifiant"},
				{Name: "long", Type: Text, Meaning: "nom long de la ligne", Optional: true},
				{Name: "exploitant", Type: Text, Meaning: "nom de l'exploitant", Optional: true},
				perWeek,
				{Name: "scolaire", Type: Boolean, Meaning: "vrai pour une ligne scolaire", Optional: true},
				modelledField,
			},
		}}},
		stopsLayer: {Name: "arrets", Title: "Arrêts de transport", MinZoom: 10, MaxZoom: MaxZoom, Sources: []Source{{
			Name: "arrets", Title: "Arrêts desservis pendant les semaines de référence ; identifiant : position parmi eux",
			Geometry: "point", MinZoom: 10,
			Fields: []Field{
				{Name: "nom", Type: Text, Meaning: "nom de l'arrêt"},
				{Name: "lignes", Type: Text, Meaning: "noms des lignes qui s'y arrêtent"},
				perWeek,
				{Name: "hors_rue", Type: Boolean, Meaning: "vrai quand aucune rue où l'on marche n'y mène : personne n'y monte", Optional: true},
				modelledField,
			},
		}}},
	}
}
