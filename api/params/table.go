package params

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/ifn"
)

// Kinds of territoire, as sentences list them.
const territoireTypes = "commune, epci, secteur, departement ou celui de territoires importés, comme canton"

// TerritoireExpected is what a territoire must be, in French, after "il faut".
const TerritoireExpected = "un territoire écrit type:code, par exemple epci:200072031, où le type est " + territoireTypes

// FullTime is the hours of a lieu that is open all week: 35 hours.
const FullTime = "Mo-Fr 09:00-12:00,13:00-17:00"

// The question.
var (
	Service = Parameter[lieu.Service]{Row{Name: "service", expected: "un service parmi " + strings.Join(serviceSlugs(), ", "),
		Description: "service du schéma national des lieux de médiation numérique, ou tous",
		Schema:      Schema{Type: "string", Enum: serviceSlugs(), Default: lieu.Any.String()}}, parseService, nil}
	Mode = Parameter[geo.Mode]{Row{Name: "mode", expected: geo.ModesInWords("ou", func(m geo.Mode) string { return m.String() + " (" + m.Noun() + ")" }),
		Description: geo.ModesInWords("ou", geo.Mode.Noun) + " ; si l'édition ne calcule pas la voiture, son premier mode par défaut",
		Schema:      Schema{Type: "string", Enum: modeSlugs(geo.Modes[:]), Default: geo.Car.String()}}, parsed(geo.ParseMode), computed}
	// TransitMode is Mode where only timetables are asked of.
	TransitMode = Parameter[geo.Mode]{Row{Name: "mode", component: "modeHoraires", expected: geo.Transit.String() + " : les autres modes ne dépendent pas de l'heure",
		Description: geo.Transit.Noun(), Schema: Schema{Type: "string", Enum: modeSlugs([]geo.Mode{geo.Transit}), Default: geo.Transit.String()}}, func(value string) (geo.Mode, bool) {
		return geo.Transit, value == geo.Transit.String()
	}, computed}
	Cutoff = Parameter[geo.Cost]{Row{Name: "cutoff", expected: "un nombre de minutes de 1 à 60, par exemple 15 ou 15m",
		Description: "temps d'accès accepté, en minutes, de 1 à 60, borne comprise ; 15, 15m et 15min se valent ; par défaut celui de l'édition ; " + byTimetable(func(q coverage.Query) string {
			return "de " + PlainNumber(q.Mode.Step().Minutes()) + " en " + PlainNumber(q.Mode.Step().Minutes()) + " minutes, " + PlainNumber(q.Cutoff.Minutes()) + " par défaut, chaque trajet compté de porte à porte, attente devant une porte fermée comprise"
		}),
		Schema: Schema{Type: "string", Default: PlainNumber(coverage.DefaultCutoff.Minutes())}, Example: "15"}, parseCutoff, nil}
	MinHours = Parameter[float64]{Row{Name: "min_hours", expected: "un nombre d'heures par semaine de 0 à 168, par exemple 17.5 ou 17,5",
		Description: "ouverture demandée, en heures par semaine, de 0 à 168 ; 17.5, 17,5 et 17.5h se valent ; par défaut celle de l'édition ; " + byTimetable(func(q coverage.Query) string {
			return PlainNumber(q.MinHours) + " par défaut, des heures où l'on peut y être et rentrer"
		}),
		Schema: Schema{Type: "string", Default: PlainNumber(coverage.DefaultMinHours)}, Example: "17.5"}, parseHours, nil}
	// Appointments is that hours by appointment count.
	Appointments = Parameter[bool]{Row{Name: "rendez_vous", expected: "oui ou non",
		Description: "oui : les heures sur rendez-vous comptent comme celles où l'on entre",
		Schema:      Schema{Type: "string", Enum: []string{"oui", "non"}, Default: "non"}}, func(value string) (counted, ok bool) {
		return value == "oui", value == "oui" || value == "non"
	}, nil}
)

// Where.
var (
	Level = Parameter[admin.Type]{Row{Name: "level", expected: territoireTypes,
		Schema: Schema{Ref: levelSchema, Default: string(admin.TypeCommune)}}, parsed(admin.ParseType), nil}
	Type = Parameter[admin.Type]{Row{Name: "type", expected: territoireTypes,
		Schema: Schema{Ref: levelSchema, Default: string(admin.TypeEPCI)}}, parsed(admin.ParseType), nil}
	Within = Parameter[admin.Ref]{Row{Name: "territoire", expected: TerritoireExpected,
		Description: "seulement ce qui est dans ce territoire, écrit type:code",
		Schema:      Schema{Type: "string"}, Example: "epci:200072031"}, parsed(admin.ParseRef), nil}
)

// Which lieux.
var (
	Public = Parameter[string]{Row{Name: "public", expected: "un public, en 80 caractères au plus, comme Seniors",
		Description: "seulement les lieux qui s'adressent à ce public (publics_specifiquement_adresses du schéma national) ; filtres les liste",
		Schema:      Schema{Type: "string"}, Example: "Seniors"}, short, nil}
	Accessibilite = Parameter[string]{Row{Name: "accessibilite", expected: "une prise en charge, en 80 caractères au plus, comme Surdité",
		Description: "seulement les lieux de cette prise en charge (prise_en_charge_specifique du schéma national), ou « Fiche Accès libre » ; filtres les liste",
		Schema:      Schema{Type: "string"}, Example: "Surdité"}, short, nil}
	Label = Parameter[string]{Row{Name: "label", expected: "un label, en 80 caractères au plus, comme France Services",
		Description: "seulement les lieux de ce dispositif, de ce label ou de cette formation ; filtres les liste",
		Schema:      Schema{Type: "string"}, Example: "France Services"}, short, nil}
)

// short reads what somebody looks for.
func short(value string) (string, bool) {
	return value, value != "" && utf8.RuneCountInString(value) <= 80
}

const levelSchema = "#/components/schemas/Level"

// Figures.
var (
	Figure = Parameter[Mesure]{Row{Name: "mesure", expected: "classe, minutes, heures, personnes, ifn, ouvert ou agir",
		Schema: Schema{Type: "string", Enum: mesures, Default: mesures[Classe]}}, among[Mesure](mesures), nil}
	Moment = Parameter[int]{Row{Name: "moment", expected: momentExpected,
		Description: "jour de la semaine, de 1 (lundi) à 7, et heure",
		Schema:      Schema{Type: "string", Default: MomentText(UsualMoment)}, Example: MomentText(UsualMoment)}, parseMoment, nil}
	// MomentIfAny is Moment where none is meant by default.
	MomentIfAny = Parameter[int]{Row{Name: "moment", component: "momentOuAucun", expected: momentExpected,
		Description: "jour de la semaine, de 1 (lundi) à 7, et heure ; sans lui, il n'est pas dit qui est ouvert",
		Schema:      Schema{Type: "string"}, Example: MomentText(UsualMoment)}, parseMoment, nil}
	Method = Parameter[ifn.Method]{Row{Name: "method", expected: "percentile, minmax, rank, ratio ou points",
		Description: "comment une valeur devient des points ; par défaut, la méthode de la structure",
		Schema:      Schema{Type: "string", Enum: methodNames()}}, parsed(ifn.ParseMethod), nil}
	// Structure is the name of a structure that comes with the program.
	Structure = Parameter[string]{Row{Name: "structure", expected: strings.Join(ifn.Builtins(), ", "),
		Description: "structure de l'indice : ses sous-indices et leurs variables",
		Schema:      Schema{Type: "string", Enum: ifn.Builtins(), Default: ifn.HDF2021}}, parseStructure, nil}
	// Weights are as [ifn.Weights] writes itself; empty: those of the structure.
	Weights = Parameter[string]{Row{Name: "weights", expected: "des poids écrits identifiant:poids et séparés par des virgules, comme publics:2,pauvrete:3,fibre:0, où les identifiants sont ceux des sous-indices et des variables de l'indice, et au moins une variable de chaque sous-indice garde un poids",
		Description: "poids de variables et de sous-indices, écrits identifiant:poids ; ceux qui ne sont pas nommés gardent le leur, 0 retire",
		Schema:      Schema{Type: "string"}, Example: "publics:2,pauvrete:3,fibre:0"}, parseWeights, nil}
	// Reference is the id of an edition.
	Reference = Parameter[string]{Row{Name: "reference", expected: "l'identifiant d'une édition",
		Description: "édition dont les zones blanches sont suivies ; par défaut la plus ancienne",
		Schema:      Schema{Type: "string"}}, notEmpty, nil}
	// Limit is how many rows are given of a ranked list.
	Limit = Parameter[int]{Row{Name: "limit", expected: "un nombre de lignes de 1 à 500",
		Schema: Schema{Type: "integer", Minimum: 1, Maximum: mostRows, Default: UsualLimit}}, parseLimit, nil}
)

const momentExpected = "un jour de la semaine de 1 (lundi) à 7 et une heure, par exemple 3T17:30 pour mercredi 17 h 30"

// Rows of a ranked list.
const (
	UsualLimit = 20
	mostRows   = 500
)

// Formats, by what is written.
var (
	IndexFormat = format("formatIndice", "json, ou un fichier à garder, avec ses sources : csv ou xlsx", JSON, CSV, XLSX)
	GainsFormat = format("formatGains", "", JSON, Column)
	// DifferenceFormat is of what a scenario changes.
	DifferenceFormat = format("formatDifference", "", JSON, GeoJSON, CSV)
	OEmbedFormat     = format("formatOembed", "json seulement")
)

func format(component, description string, written ...Format) Parameter[Format] {
	row := Row{Name: "format", component: component, expected: "json, csv, xlsx, geojson ou colonne, selon l'adresse", Description: description, Schema: Schema{Type: "string"}}
	for _, f := range written {
		row.Schema.Enum, row.Schema.Default = append(row.Schema.Enum, formats[f]), formats[written[0]]
	}
	return Parameter[Format]{row, among[Format](formats), nil}
}

// A new lieu, and scenarios.
var (
	Offered = Parameter[lieu.Services]{Row{Name: "services", expected: "des services séparés par des virgules, parmi " + strings.Join(serviceSlugs(), ", "),
		Description: "services que le lieu rendrait, séparés par des virgules",
		Schema:      Schema{Type: "string", Default: lieu.Any.String()}}, parseServices, nil}
	// Horaires is a text that lieu.ParseHoraires reads.
	Horaires = Parameter[string]{Row{Name: "horaires", expected: HorairesExpected,
		Description: "horaires du lieu, au format opening_hours",
		Schema:      Schema{Type: "string", Default: FullTime}}, parseHoraires, nil}
	// WithoutCells is that what changes cell by cell is not wanted.
	WithoutCells = Parameter[bool]{Row{Name: "mailles", expected: "oui ou non",
		Description: "non : cells est vide, et la réponse plus courte ; map dit toujours quelles mailles changent de classe",
		Schema:      Schema{Type: "string", Enum: []string{"oui", "non"}, Default: "oui"}}, func(value string) (without, ok bool) {
		return value == "non", value == "oui" || value == "non"
	}, nil}
	// Beside is the id of a scenario.
	Beside = Parameter[string]{Row{Name: "avec", expected: "l'identifiant d'un scénario enregistré",
		Description: "un autre scénario, à comparer", Schema: Schema{Type: "string"}}, notEmpty, nil}
)

// HorairesExpected is what hours must be, in French, after "il faut".
const HorairesExpected = "des horaires au format opening_hours, comme " + FullTime

// Embeds.
var (
	Shown = Parameter[Couche]{Row{Name: "couche", expected: "zones-blanches, temps, heures ou fragilite",
		Description: "ce que la carte montre : classes d'accès et zones blanches, temps d'accès, heures d'ouverture ou fragilité numérique",
		Schema:      Schema{Type: "string", Enum: couches, Default: couches[ZonesBlanches]}}, among[Couche](couches), nil}
	// Integration is the id of a registration; empty: none is named.
	Integration = Parameter[string]{Row{Name: "integration", expected: "l'identifiant d'une intégration enregistrée, ou rien",
		Description: "identifiant de l'intégration enregistrée, dont les sites peuvent montrer la carte",
		Schema:      Schema{Type: "string"}}, func(value string) (string, bool) { return value, len(value) <= 64 }, nil}
	URL = Parameter[string]{Row{Name: "url", Required: true, expected: "l'adresse de la page d'un territoire ou d'une carte à intégrer",
		Description: "adresse de ce serveur, /territoires/… ou /embed?…", Schema: Schema{Type: "string"}}, notEmpty, nil}
	MaxWidth = Parameter[int]{Row{Name: "maxwidth", expected: "une largeur en pixels",
		Description: "largeur en pixels CSS", Schema: Schema{Type: "string"}}, parsePixels, nil}
	MaxHeight = Parameter[int]{Row{Name: "maxheight", expected: "une hauteur en pixels",
		Description: "hauteur en pixels CSS", Schema: Schema{Type: "string"}}, parsePixels, nil}
	// DoNotTrack is what oEmbed clients ask for, and always get: nobody is tracked.
	DoNotTrack = Parameter[string]{Row{Name: "dnt", expected: "0 ou 1",
		Description: "accepté et sans effet : personne n'est suivi", Schema: Schema{Type: "string"}}, func(value string) (string, bool) {
		return value, value == "0" || value == "1"
	}, nil}
)

// Parameters that other packages read: /ogc, the paths of tiles and of collections.
var (
	f = Row{Name: "f", Description: "json, ou html pour une page à lire ; à défaut, ce que préfère l'en-tête Accept",
		Schema: Schema{Type: "string", Enum: []string{"json", "html"}}}
	collection = Row{Name: "collection", InPath: true, Description: "nom de la collection : epci, communes, secteurs, cells, zones_blanches, zones_a_verifier, lieux, ou territoires_ suivi d'un type importé, comme territoires_canton",
		Schema: Schema{Type: "string"}, Example: "epci"}
	layer = Row{Name: "layer", InPath: true, Schema: Schema{Type: "string", Enum: []string{"cells", "zones", "epci", "communes", "roads", "lieux", "lignes", "arrets"}}}
)

// table is every parameter, as openapi.json lists them.
func table() []*Row {
	return []*Row{&Service.Row, &Mode.Row, &TransitMode.Row, &Cutoff.Row, &MinHours.Row, &Appointments.Row, &Level.Row, &Type.Row, &Within.Row, &Public.Row, &Accessibilite.Row, &Label.Row, &Figure.Row, &Moment.Row, &MomentIfAny.Row,
		&Method.Row, &Structure.Row, &Weights.Row, &Reference.Row, &Limit.Row, &IndexFormat.Row, &GainsFormat.Row, &DifferenceFormat.Row, &OEmbedFormat.Row,
		&Offered.Row, &Horaires.Row, &WithoutCells.Row, &Beside.Row, &Shown.Row, &Integration.Row, &URL.Row, &MaxWidth.Row, &MaxHeight.Row, &DoNotTrack.Row,
		&f, &collection, &layer}
}

// byTimetable says what a question has else in the mode of timetables.
func byTimetable(say func(coverage.Query) string) string {
	return geo.Transit.Phrase() + " (" + geo.Transit.String() + ") : " + say(coverage.DefaultQuery().By(geo.Transit))
}

func serviceSlugs() []string {
	slugs := make([]string, 0, lieu.NumServices)
	for _, s := range lieu.AllServices() {
		slugs = append(slugs, s.String())
	}
	return slugs
}

func modeSlugs(modes []geo.Mode) []string {
	out := make([]string, len(modes))
	for i, m := range modes {
		out[i] = m.String()
	}
	return out
}

func methodNames() []string {
	var out []string
	for _, m := range ifn.Methods() {
		out = append(out, string(m))
	}
	return out
}

// parsed reads a value by a function that says why not.
func parsed[T any](parse func(string) (T, error)) func(string) (T, bool) {
	return func(value string) (T, bool) {
		v, err := parse(value)
		return v, err == nil
	}
}

func parseStructure(value string) (string, bool) {
	return value, slices.Contains(ifn.Builtins(), value)
}

func notEmpty(value string) (string, bool) { return value, value != "" }

func parseService(value string) (lieu.Service, bool) {
	for _, s := range lieu.AllServices() {
		if value == s.String() {
			return s, true
		}
	}
	return 0, false
}

// EveryService is what a lieu gives that gives all.
func EveryService() (set lieu.Services) {
	for _, s := range lieu.AllServices() {
		set = set.With(s)
	}
	return set
}

func parseServices(value string) (set lieu.Services, ok bool) {
	for slug := range strings.SplitSeq(value, ",") {
		service, ok := parseService(strings.TrimSpace(slug))
		switch {
		case !ok:
			return 0, false
		case service == lieu.Any:
			set = EveryService()
		default:
			set = set.With(service)
		}
	}
	return set, true
}

func computed(m geo.Mode, e *edition.Edition) error {
	if e.HasMode(m) {
		return nil
	}
	why := ""
	if m == geo.Transit {
		why = " " + edition.NoTimetables
	}
	return problem.New(problem.Parameter, "Cette édition ne calcule pas le mode « %s » ; modes calculés : %s.%s", m, strings.Join(modeSlugs(e.Params.Modes), ", "), why)
}

func parseCutoff(value string) (geo.Cost, bool) {
	minutes, ok := number(value, "min", "m")
	if !ok || minutes > access.Horizon.Minutes() {
		return 0, false
	}
	cutoff := geo.Cost(math.Round(minutes * float64(geo.Minute)))
	return cutoff, coverage.Query{Cutoff: cutoff}.Check() == nil
}

func parseHours(value string) (float64, bool) {
	hours, ok := number(value, "h")
	return hours, ok && coverage.Query{Cutoff: coverage.DefaultCutoff, MinHours: hours}.Check() == nil
}

func parseWeights(value string) (string, bool) {
	structure, err := edition.IndexStructure()
	if err != nil {
		return "", false
	}
	weights, err := ifn.ParseWeightList(value, structure)
	return weights.String(), err == nil
}

func parseHoraires(value string) (string, bool) {
	h, err := lieu.ParseHoraires(value)
	return value, err == nil && h.Known
}

func parsePixels(value string) (int, bool) {
	n, err := Position("pixels", value)
	return n, err == nil
}

func parseLimit(value string) (int, bool) {
	n, err := strconv.Atoi(value)
	return n, err == nil && n >= 1 && n <= mostRows
}
