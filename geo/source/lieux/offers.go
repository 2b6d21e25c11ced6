package lieux

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
)

// themePrefix begins the digital themes.
const themePrefix = "numerique--"

// themes are the digital themes of data·inclusion and our services. The first fifteen
// are those of v0, named after the services of the national schema v0.1. In 2025 v1
// replaced them by the last three and the access to a connection, onto which the
// producer maps our nine services, several to one; backwards each theme is given the
// one service that it names, and no more.
var themes = map[string]lieu.Service{
	"devenir-autonome-dans-les-demarches-administratives":           lieu.Demarches,
	"realiser-des-demarches-administratives-avec-un-accompagnement": lieu.Demarches,
	"accompagner-les-demarches-de-sante":                            lieu.Demarches,
	"prendre-en-main-un-smartphone-ou-une-tablette":                 lieu.Outils,
	"prendre-en-main-un-ordinateur":                                 lieu.Outils,
	"utiliser-le-numerique-au-quotidien":                            lieu.Outils,
	"favoriser-mon-insertion-professionnelle":                       lieu.Insertion,
	"creer-et-developper-mon-entreprise":                            lieu.Insertion,
	"soutenir-la-parentalite-et-l-education-avec-le-numerique":      lieu.Parentalite,
	"creer-avec-le-numerique":                                       lieu.Loisirs,
	"approfondir-ma-culture-numerique":                              lieu.Culture,
	"promouvoir-la-citoyennete-numerique":                           lieu.Culture,
	"acceder-a-une-connexion-internet":                              lieu.AccesInternet,
	"acceder-a-du-materiel":                                         lieu.AccesInternet,
	"s-equiper-en-materiel-informatique":                            lieu.Materiel,

	"acceder-a-des-services-en-ligne":         lieu.Demarches,
	"acquerir-un-equipement":                  lieu.Materiel,
	"maitriser-les-fondamentaux-du-numerique": lieu.Outils,
}

// offer is a digital service that a structure gives.
type offer struct {
	record   lieuRecord
	id       string
	producer string
	commune  string
	services lieu.Services
	frais    string
	text     string // hours as written, without contacts
	present  bool   // people come
	distance bool
	home     bool
	zones    zones
	used     bool
	refused  string // where its structure was, when that was refused
}

// offers are the services of the data·inclusion files, read before the structures.
type offers struct {
	of         map[string][]*offer // by structure
	structures int                 // records of structures read
	idle       int                 // structures without digital service
	other      int                 // services that are not digital
	known      int                 // themes that name a service of ours
	unknown    string              // the first that does not
}

// isService tells the records of services from those of structures. Both versions call
// a service's structure structure_id; structures of v0 have themes too.
func isService(c lieuRecord) bool {
	switch {
	case c.list == "services":
		return true
	case c.list == "structures":
		return false
	case c.has("structure_id"):
		return c.get("structure_id") != "" || !isStructure(c)
	}
	return c.get("thematiques") != "" && !isStructure(c)
}

// isStructure reports whether a record has keys that only structures have.
func isStructure(c lieuRecord) bool {
	return slices.ContainsFunc([]string{"siret", "rna", "antenne", "typologie", "labels_nationaux", "labels_autres", "reseaux_porteurs", "accessibilite", "accessibilite_lieu"}, c.has)
}

// readOffers reads the services of all the data·inclusion files.
func (r *lieuxReader) readOffers(files []lieuxFile) error {
	r.offers = &offers{of: map[string][]*offer{}}
	seen := map[string]source.Address{}
	var all []*offer
	services, digital := 0, false
	for _, f := range files {
		err := f.each(func(c lieuRecord) error {
			if !isService(c) {
				digital = digital || isDigital(c)
				return nil
			}
			r.Read++
			services++
			o, ok := r.readOffer(c)
			if !ok {
				return r.Overflow()
			}
			if first, dup := seen[o.id]; dup {
				r.Reject(c.file, c.row, "id", o.id, "identifiant déjà présent à "+first.String())
				return r.Overflow()
			}
			seen[o.id] = source.Address{File: c.file, Row: c.row}
			structure := c.get("structure_id")
			r.offers.of[structure] = append(r.offers.of[structure], o)
			all = append(all, o)
			return nil
		}, nil)
		if err != nil {
			return err
		}
	}
	if services == 0 && !digital {
		return source.FailAt(files[0].Name, 0, "données data·inclusion sans aucun service ; attendu les structures et leurs services, importés ensemble")
	}
	r.fillers(all)
	return nil
}

// isDigital reports whether a record has a digital theme.
func isDigital(c lieuRecord) bool {
	return slices.ContainsFunc(valuesOf(c.get("thematiques")), func(theme string) bool {
		return theme == "numerique" || strings.HasPrefix(theme, themePrefix)
	})
}

// readThemes reads the services that the digital themes of a record name; of the theme
// "numerique" alone they are unknown.
func (r *lieuxReader) readThemes(c lieuRecord) (set lieu.Services) {
	for _, theme := range valuesOf(c.get("thematiques")) {
		name, is := strings.CutPrefix(theme, themePrefix)
		if s, known := themes[name]; is && known {
			set = set.With(s)
			r.offers.known++
		} else if is {
			r.Warn(c.file, c.row, "thematiques", theme, "thématique numérique inconnue, laissée de côté ; attendu une de celles du référentiel data·inclusion")
			if r.offers.unknown == "" {
				r.offers.unknown = theme
			}
		} else if theme == "numerique" {
			r.offers.known++
		}
	}
	return set
}

var atHome = regexp.MustCompile(`(?i)(?:^|\P{L})(?:à|a) domicile(?:\P{L}|$)`)

// readOffer reads one service. When it is not ok, it is counted as skipped or
// rejected.
func (r *lieuxReader) readOffer(c lieuRecord) (o *offer, ok bool) {
	if !isDigital(c) {
		r.offers.other++
		r.Skipped++
		return nil, false
	}
	for _, field := range []string{"id", "structure_id"} {
		if c.get(field) == "" {
			r.Reject(c.file, c.row, field, "", "valeur absente ; chaque service doit en avoir une")
			return nil, false
		}
	}
	o = &offer{record: c, id: c.get("id"), producer: c.get("source"), commune: strings.ToUpper(c.get("code_insee")), frais: readFrais(c), text: withoutContacts(c.get("horaires")),
		services: r.readThemes(c), zones: r.readZones(c)}
	modes := slugs(joined(valuesOf(c.get("modes_accueil"))...))
	o.distance = slices.Contains(modes, "a-distance")
	o.home = slices.ContainsFunc(modes, func(m string) bool { return strings.HasSuffix(m, "domicile") }) || atHome.MatchString(c.get("nom"))
	o.present = !o.home && (slices.Contains(modes, "en-presentiel") || !o.distance)
	return o, true
}
