package api

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/ifn"
)

// asked is what the parameters of a request ask for, defaults filled in. It is
// comparable, and equal for equal questions however they are written.
type asked struct {
	Query  coverage.Query
	Level  admin.Type
	Type   admin.Type
	Within admin.Ref // zero: everywhere
	Mesure mesure

	Method  ifn.Method
	Weights string // as ifn.Weights writes itself; empty: those of the structure
	Format  format

	Couche      couche // of an embed
	Integration string // id of a registration; empty: none is named
	URL         string // that oEmbed is asked for
	MaxWidth    int    // CSS pixels; 0: any
	MaxHeight   int

	Reference string // id of an edition
	Beside    string // id of a scenario

	Moment   int  // slot of the week
	AtMoment bool // one was asked for

	WithoutCells bool // cell by cell is not wanted

	Offered offered // what a new lieu would give
	Limit   int     // rows wanted
}

// format is how an answer is written.
type format uint8

const (
	formatJSON format = iota
	formatCSV
	formatXLSX
	formatGeoJSON
	formatColumn
)

var formats = [...]string{"json", "csv", "xlsx", "geojson", "colonne"}

// parameter is one parameter of the contract.
type parameter struct {
	name     string
	expected string // French: what the value must be, after "il faut"
	read     func(a *asked, value string) bool
}

// The groups of parameters that routes accept.
var (
	question   = []string{"service", "mode", "cutoff", "min_hours"}
	questionIn = append(slices.Clone(question), "territoire")
)

var parameters = []parameter{
	{"service", "un service parmi " + serviceSlugs(), func(a *asked, value string) bool {
		for _, s := range lieu.AllServices() {
			if value == s.String() {
				a.Query.Service = s
				return true
			}
		}
		return false
	}},
	{"mode", "car (voiture), bike (vélo) ou walk (marche)", func(a *asked, value string) (ok bool) {
		var err error
		a.Query.Mode, err = geo.ParseMode(value)
		return err == nil
	}},
	{"cutoff", "un nombre de minutes de 1 à 60, par exemple 15 ou 15m", func(a *asked, value string) bool {
		minutes, ok := number(value, "min", "m")
		if !ok || minutes > access.Horizon.Minutes() {
			return false
		}
		a.Query.Cutoff = geo.Cost(math.Round(minutes * float64(geo.Minute)))
		return a.Query.Check() == nil
	}},
	{"min_hours", "un nombre d'heures par semaine de 0 à 168, par exemple 17.5 ou 17,5", func(a *asked, value string) (ok bool) {
		a.Query.MinHours, ok = number(value, "h")
		return ok && a.Query.Check() == nil
	}},
	{"level", "commune, epci, secteur ou departement", func(a *asked, value string) (ok bool) {
		a.Level, ok = level(value)
		return ok
	}},
	{"type", "commune, epci, secteur ou departement", func(a *asked, value string) (ok bool) {
		a.Type, ok = level(value)
		return ok
	}},
	{"territoire", refExpected, func(a *asked, value string) bool {
		var err error
		a.Within, err = admin.ParseRef(value)
		return err == nil
	}},
	{"mesure", "classe, minutes, heures, personnes, ifn ou ouvert", func(a *asked, value string) (ok bool) {
		a.Mesure, ok = parseMesure(value)
		return ok
	}},
	{"method", "percentile, minmax, rank ou ratio", func(a *asked, value string) bool {
		var err error
		a.Method, err = ifn.ParseMethod(value)
		return err == nil
	}},
	{"weights", "des poids écrits identifiant:poids et séparés par des virgules, comme publics:2,pauvrete:3,fibre:0, où les identifiants sont ceux des sous-indices et des variables de l'indice, et au moins une variable de chaque sous-indice garde un poids", func(a *asked, value string) bool {
		structure, err := indexStructure()
		if err != nil {
			return false
		}
		weights, err := ifn.ParseWeightList(value, structure)
		a.Weights = weights.String()
		return err == nil
	}},
	{"avec", "l'identifiant d'un scénario enregistré", func(a *asked, value string) bool {
		a.Beside = value
		return value != ""
	}},
	{"moment", "un jour de la semaine de 1 (lundi) à 7 et une heure, par exemple 3T17:30 pour mercredi 17 h 30", func(a *asked, value string) (ok bool) {
		a.Moment, ok = parseMoment(value)
		a.AtMoment = ok
		return ok
	}},
	{"reference", "l'identifiant d'une édition", func(a *asked, value string) bool {
		a.Reference = value
		return value != ""
	}},
	{"couche", "zones-blanches, temps, heures ou fragilite", func(a *asked, value string) (ok bool) {
		a.Couche, ok = parseCouche(value)
		return ok
	}},
	{"integration", "l'identifiant d'une intégration enregistrée, ou rien", func(a *asked, value string) bool {
		a.Integration = value
		return len(value) <= 64
	}},
	{"url", "l'adresse de la page d'un territoire ou d'une carte à intégrer", func(a *asked, value string) bool {
		a.URL = value
		return value != ""
	}},
	{"maxwidth", "une largeur en pixels", func(a *asked, value string) bool {
		var err error
		a.MaxWidth, err = position("maxwidth", value)
		return err == nil
	}},
	{"maxheight", "une hauteur en pixels", func(a *asked, value string) bool {
		var err error
		a.MaxHeight, err = position("maxheight", value)
		return err == nil
	}},
	// What oEmbed clients ask for, and always get: nobody is tracked.
	{"dnt", "0 ou 1", func(_ *asked, value string) bool { return value == "0" || value == "1" }},
	{"services", "des services séparés par des virgules, parmi " + serviceSlugs(), func(a *asked, value string) bool {
		var set lieu.Services
		for slug := range strings.SplitSeq(value, ",") {
			i := slices.IndexFunc(lieu.AllServices(), func(s lieu.Service) bool { return s.String() == strings.TrimSpace(slug) })
			if i < 0 {
				return false
			}
			if service := lieu.AllServices()[i]; service != lieu.Any {
				set = set.With(service)
			} else {
				set = everyService()
			}
		}
		a.Offered.Services = set
		return true
	}},
	{"horaires", "des horaires au format opening_hours, comme " + fullTime, func(a *asked, value string) bool {
		h, err := lieu.ParseHoraires(value)
		a.Offered.Horaires = value
		return err == nil && h.Known
	}},
	{"mailles", "oui ou non", func(a *asked, value string) bool {
		a.WithoutCells = value == "non"
		return value == "oui" || value == "non"
	}},
	{"limit", "un nombre de lignes de 1 à 500", func(a *asked, value string) (ok bool) {
		a.Limit, ok = limit(value)
		return ok
	}},
	{"format", "json, csv, xlsx, geojson ou colonne, selon l'adresse", func(a *asked, value string) bool {
		i := slices.Index(formats[:], value)
		a.Format = format(max(i, 0))
		return i >= 0
	}},
}

const refExpected = "un territoire écrit type:code, par exemple epci:200072031, où le type est commune, epci, secteur ou departement"

func serviceSlugs() string {
	slugs := make([]string, 0, lieu.NumServices)
	for _, s := range lieu.AllServices() {
		slugs = append(slugs, s.String())
	}
	return strings.Join(slugs, ", ")
}

func level(value string) (admin.Type, bool) {
	t, err := admin.ParseType(value)
	return t, err == nil
}

// ask reads the parameters of a request. Every value is checked, also of those
// that the route has no use for; a name that the route does not accept is refused,
// since a misspelt "cutof" would answer another question than the one meant.
func ask(raw string, accepts []string, e *edition.Edition) (asked, error) {
	return askFrom(raw, accepts, e, asked{Query: defaultQuery(e), Level: admin.TypeCommune, Type: admin.TypeEPCI, Method: ifn.Percentile,
		Offered: offered{everyService(), fullTime}, Limit: defaultLimit, Moment: defaultMoment})
}

// defaultLimit is how many rows are given of a ranked list.
const defaultLimit = 20

func everyService() (set lieu.Services) {
	for _, s := range lieu.AllServices() {
		set = set.With(s)
	}
	return set
}

// askFrom is ask with defaults of one's own.
func askFrom(raw string, accepts []string, e *edition.Edition, a asked) (asked, error) {
	values, err := queryOf(raw, accepts)
	if err != nil {
		return a, err
	}
	for _, p := range parameters {
		if !slices.Contains(accepts, p.name) || !values.Has(p.name) {
			continue
		}
		value := strings.TrimSpace(values.Get(p.name))
		if !p.read(&a, value) {
			return a, refused(p, value)
		}
	}
	if !e.HasMode(a.Query.Mode) {
		return a, problem.New(problem.Parameter, "Cette édition ne calcule pas le mode « %s » ; modes calculés : %s.", a.Query.Mode, modesOf(e))
	}
	return a, nil
}

// queryOf reads a query string, which may have each of the accepted names once.
func queryOf(raw string, accepts []string) (url.Values, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, problem.Wrap(problem.Parameter, "Les paramètres de l'adresse sont mal écrits ; attendu nom=valeur, séparés par &.", err)
	}
	return values, onlyKnown(values, accepts)
}

// onlyKnown refuses names that are not accepted, and repeated ones.
func onlyKnown(values url.Values, accepts []string) error {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		switch {
		case slices.Contains(accepts, name) && len(values[name]) > 1:
			return problem.New(problem.Parameter, "Le paramètre « %s » est donné %d fois ; il faut une seule valeur.", name, len(values[name]))
		case slices.Contains(accepts, name):
		case len(accepts) == 0:
			return problem.New(problem.Parameter, "Le paramètre « %s » n'existe pas ici ; cette adresse n'en accepte aucun.", problem.Quotable(name))
		default:
			return problem.New(problem.Parameter, "Le paramètre « %s » n'existe pas ici ; paramètres acceptés : %s.", problem.Quotable(name), strings.Join(accepts, ", "))
		}
	}
	return nil
}

func refused(p parameter, value string) *problem.Error {
	if value == "" {
		return problem.New(problem.Parameter, "Le paramètre « %s » est vide ; il faut %s.", p.name, p.expected)
	}
	return problem.New(problem.Parameter, "Le paramètre « %s » vaut « %s » ; il faut %s.", p.name, problem.Quotable(value), p.expected)
}

func modesOf(e *edition.Edition) string {
	var names []string
	for _, m := range e.Params.Modes {
		names = append(names, m.String())
	}
	return strings.Join(names, ", ")
}

// number reads a plain decimal number, with a point or a comma, and one of units
// after it or none. Signs, exponents, "NaN" and "Inf" are not numbers here.
func number(text string, units ...string) (float64, bool) {
	for _, u := range units {
		if rest, ok := strings.CutSuffix(text, u); ok {
			text = strings.TrimRight(rest, " ")
			break
		}
	}
	text = strings.Replace(text, ",", ".", 1)
	whole, decimals, dotted := strings.Cut(text, ".")
	if !digits(whole, 4) || dotted && !digits(decimals, 6) {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil
}

// digits reports whether text is 1 to most ASCII digits.
func digits(text string, most int) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return len(text) > 0 && len(text) <= most
}

// position reads a row or a tile coordinate: digits, at most 2^31-1.
func position(what, text string) (int, error) {
	if digits(text, 10) {
		if n, err := strconv.ParseInt(text, 10, 32); err == nil {
			return int(n), nil
		}
	}
	return 0, fmt.Errorf("%s %q: expected digits", what, text)
}
