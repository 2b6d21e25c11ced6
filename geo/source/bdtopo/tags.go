package bdtopo

import (
	"regexp"
	"strconv"
	"strings"
)

// What natures of sections are, by the slug of the value.
type nature uint8

const (
	carriage  nature = iota // a carriageway, of which importance tells the rank
	motorway                // "Type autoroutier": of motorway, or of a road built as one
	ramp                    // "Bretelle"
	circle                  // "Rond-point"
	rough                   // "Route empierrée": cars pass in all weathers
	track                   // "Chemin"
	path                    // "Sentier"
	steps                   // "Escalier"
	cycleway                // "Piste cyclable"
	ferry                   // "Bac ou liaison maritime"
	walkFerry               // "Bac piéton" of version 2
)

var natures = map[string]nature{
	"route-a-1-chaussee": carriage, "route-a-2-chaussees": carriage,
	"type-autoroutier": motorway, "autoroute": motorway, "quasi-autoroute": motorway,
	"bretelle": ramp, "rond-point": circle, "route-empierree": rough, "chemin": track, "sentier": path, "escalier": steps,
	"piste-cyclable": cycleway, "bac-ou-liaison-maritime": ferry, "bac-auto": ferry, "bac-pieton": walkFerry,
}

// ranks are the roads that importances tell: 1 links metropolises, 2 départements, 3 communes
// of one, 4 is for fast trips within a commune, 5 serves streets, 6 yards and fields.
var ranks = map[string]struct{ road, ramp string }{
	"1": {"trunk", "motorway_link"}, "2": {"primary", "primary_link"}, "3": {"secondary", "secondary_link"},
	"4": {"tertiary", "tertiary_link"}, "5": {"unclassified", "tertiary_link"}, "6": {"service", "tertiary_link"},
}

var motorwayNumber = regexp.MustCompile(`^A\d`)

// tags says of a section, in OSM's words, what matters to travel and labels. odd is told of
// values that are not understood or not obeyed.
func (r *reader) tags(a attributes, odd func(column, string)) map[string]string {
	t := tagger{attributes: a, r: r, odd: odd, tags: map[string]string{}}
	kind, known := natures[r.slug(a.text(colNature))]
	if !known {
		odd(colNature, "natures non comprises, lues comme des routes")
	}
	t.kind(kind)
	t.direction(kind)
	t.access(kind)
	t.restriction()
	t.bicycles()
	t.level()
	if v, told := a.number(colSpeed); told && v >= slowestMean && kind != ferry && kind != walkFerry && kind != track {
		t.tags["average_speed"] = strconv.FormatFloat(v, 'f', -1, 64)
	}
	if urban, told := a.yes(colUrban); told && urban {
		t.tags["zone:traffic"] = "FR:urban"
	}
	t.label()
	if fictive, _ := a.yes(colFictive); fictive {
		odd(colFictive, "tronçons fictifs, gardés : ils relient des routes sans suivre leur tracé")
	}
	return t.tags
}

// slowestMean is the slowest mean speed that is one, km/h: IGN writes 0 for roads that are
// not everybody's, 1 for tracks.
const slowestMean = 5

type tagger struct {
	attributes
	r    *reader
	odd  func(column, string)
	tags map[string]string
}

func (t *tagger) kind(kind nature) {
	rank, known := ranks[t.text(colImportance)]
	if urban, _ := t.yes(colUrban); !known || t.text(colImportance) == "5" && urban {
		rank.road, rank.ramp = "unclassified", "tertiary_link"
		if urban {
			rank.road = "residential"
		}
	}
	set := func(key, value string) { t.tags[key] = value }
	if !known && kind <= circle {
		t.odd(colImportance, "importances non comprises, lues comme 5")
	}
	switch kind {
	case carriage:
		set("highway", rank.road)
	case motorway:
		isMotorway := strings.HasPrefix(t.r.slug(t.text(colRank)), "autoroute") || motorwayNumber.MatchString(t.text(colNumber)) || t.r.slug(t.text(colNature)) == "autoroute"
		if isMotorway {
			set("highway", "motorway")
		} else {
			set("highway", "trunk")
			set("motorroad", "yes")
		}
	case ramp:
		set("highway", rank.ramp)
	case circle:
		set("highway", rank.road)
		set("junction", "roundabout")
	case rough:
		set("highway", "track")
		set("tracktype", "grade2")
	case track:
		set("highway", "track")
		set("tracktype", "grade4")
	case path:
		set("highway", "path")
	case steps:
		set("highway", "steps")
	case cycleway:
		set("highway", "cycleway")
	case ferry:
		set("route", "ferry")
		set("motor_vehicle", "yes")
		set("bicycle", "yes")
		set("foot", "yes")
	case walkFerry:
		set("route", "ferry")
		set("motor_vehicle", "no")
		set("foot", "yes")
	}
	if v, told := t.number(colLanes); told && v > 0 {
		set("lanes", strconv.FormatFloat(v, 'f', -1, 64))
	}
	if v, told := t.number(colWidth); told && v > 0 {
		set("width", strconv.FormatFloat(v, 'f', -1, 64))
	}
}

func (t *tagger) direction(kind nature) {
	switch slug := t.r.slug(t.text(colSense)); slug {
	case "sens-direct", "direct", "sens-unique":
		t.tags["oneway"] = "yes"
	case "sens-inverse", "inverse":
		t.tags["oneway"] = "-1"
	case "double-sens", "double":
		t.tags["oneway"] = "no"
	case "", "sans-objet":
	default:
		t.odd(colSense, "sens non compris, lus comme un double sens")
	}
	if kind == steps || kind == path {
		delete(t.tags, "oneway") // it is said of vehicles
	}
}

func (t *tagger) access(kind nature) {
	if private, _ := t.yes(colPrivate); private {
		t.tags["access"] = "private"
	}
	switch t.r.slug(t.text(colCars)) {
	case "libre":
		if kind == rough && t.tags["access"] == "" {
			t.tags["motor_vehicle"] = "yes" // it is a road, if not a good one
		}
	case "a-peage":
		t.tags["toll"] = "yes"
	case "physiquement-impossible":
		t.tags["motor_vehicle"] = "no"
	case "restreint-aux-ayants-droit":
		t.tags["motor_vehicle"] = "private"
	case "saisonnier":
		t.odd(colCars, "accès saisonniers, lus comme libres")
	case "":
	default:
		t.odd(colCars, "accès non compris, lus comme libres")
	}
	switch t.r.slug(t.text(colWalkers)) {
	case "libre", "a-peage":
		if kind != motorway {
			t.tags["foot"] = "yes"
		}
	case "restreint-aux-ayants-droit":
		t.tags["foot"] = "private"
	case "interdit", "physiquement-impossible":
		t.tags["foot"] = "no"
	case "", "passage-difficile", "sans-objet":
	default:
		t.odd(colWalkers, "accès non compris, lus comme s'ils n'étaient pas dits")
	}
	if t.text(colClosing) != "" {
		t.odd(colClosing, "périodes de fermeture, qui ne sont pas suivies")
	}
}

// restriction reads what cars meet on the way, which mostly says who else goes there.
func (t *tagger) restriction() {
	tags := t.tags
	switch t.r.slug(t.text(colRestriction)) {
	case "voie-verte", "amenagement-mixte-hors-voie-verte":
		tags["motor_vehicle"], tags["bicycle"], tags["foot"] = "no", "designated", "designated"
	case "piste-cyclable":
		tags["motor_vehicle"], tags["bicycle"] = "no", "designated"
	case "passage-barre", "voie-de-tramway-utilisable-par-les-vehicules-de-secours":
		tags["motor_vehicle"] = "no"
	case "plot-amovible", "entree-avec-gardien":
		if tags["motor_vehicle"] != "no" {
			tags["motor_vehicle"] = "private"
		}
	case "double-sens-cyclable-non-materialise":
		tags["oneway:bicycle"] = "no"
	case "velorue":
		tags["cyclestreet"] = "yes"
	case "zone-de-rencontre":
		tags["highway"] = "living_street"
	case "aire-pietonne", "zone-pietonne", "rue-pietonne":
		tags["highway"] = "pedestrian"
	case "", "sans-objet", "chaussee-a-voie-centrale-banalisee":
	default:
		t.odd(colRestriction, "natures de restriction non comprises, qui ne sont pas suivies")
	}
}

// bicycles reads what is made for them; where it runs against a one-way street, they ride
// both ways.
func (t *tagger) bicycles() {
	against := map[string]string{"yes": "sens-inverse", "-1": "sens-direct"}[t.tags["oneway"]]
	runs := func(c column) {
		if way := t.r.slug(t.text(c)); against != "" && (way == against || way == "double-sens") {
			t.tags["oneway:bicycle"] = "no"
		}
	}
	for _, s := range sides {
		switch t.r.slug(t.text(s.made)) {
		case "bande-cyclable":
			t.tags["cycleway:"+s.side] = "lane"
		case "piste-cyclable":
			t.tags["cycleway:"+s.side] = "track"
		default:
			continue
		}
		runs(s.way)
	}
	runs(colLanesOfBike)
}

// level reads where a section is above or below ground.
func (t *tagger) level() {
	value := t.text(colLevel)
	n, err := strconv.ParseFloat(value, 64)
	crossing := t.r.slug(t.text(colCrossing))
	switch {
	case err == nil && n > 0, crossing == "pont":
		t.tags["bridge"] = "yes"
	case err == nil && n < 0, crossing == "tunnel":
		t.tags["tunnel"] = "yes"
	case crossing == "gue-ou-radier", t.r.slug(value) == "gue-ou-radier":
		t.tags["ford"] = "yes"
	case err != nil && value != "":
		t.odd(colLevel, "positions par rapport au sol non comprises, lues comme au sol")
	}
	if err == nil && n != 0 {
		t.tags["layer"] = strconv.FormatFloat(n, 'f', -1, 64)
	}
}

func (t *tagger) label() {
	for _, c := range colNames {
		if name := t.text(c); name != "" {
			t.tags["name"] = name
			break
		}
	}
	if ref := t.text(colNumber); ref != "" {
		t.tags["ref"] = ref
	}
}
