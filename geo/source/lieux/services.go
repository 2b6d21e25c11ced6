package lieux

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
)

// oldServices are the 15 services of the national schema v0.1, and what the national
// pipeline (mednum-cli) makes of them in v1.
var oldServices = map[string]lieu.Service{
	"Devenir autonome dans les démarches administratives":           lieu.Demarches,
	"Réaliser des démarches administratives avec un accompagnement": lieu.Demarches,
	"Accompagner les démarches de santé":                            lieu.Demarches,
	"Prendre en main un smartphone ou une tablette":                 lieu.Outils,
	"Prendre en main un ordinateur":                                 lieu.Outils,
	"Utiliser le numérique au quotidien":                            lieu.Outils,
	"Favoriser mon insertion professionnelle":                       lieu.Insertion,
	"Créer et développer mon entreprise":                            lieu.Insertion,
	"Soutenir la parentalité et l'éducation avec le numérique":      lieu.Parentalite,
	"Créer avec le numérique":                                       lieu.Loisirs,
	"Approfondir ma culture numérique":                              lieu.Culture,
	"Promouvoir la citoyenneté numérique":                           lieu.Culture,
	"Accéder à une connexion internet":                              lieu.AccesInternet,
	"Accéder à du matériel":                                         lieu.AccesInternet,
	"S'équiper en matériel informatique":                            lieu.Materiel,
}

// serviceLabels are the labels of both versions, and the services they name.
var serviceLabels = func() map[string]lieu.Service {
	labels := make(map[string]lieu.Service, len(oldServices)+lieu.NumServices)
	for label, s := range oldServices {
		labels[label] = s
	}
	for _, s := range lieu.AllServices() {
		if s != lieu.Any {
			labels[s.Label()] = s
		}
	}
	return labels
}()

// serviceSlugs maps the slugs of the labels, and our own, to services.
var serviceSlugs = func() map[string]lieu.Service {
	slugs := make(map[string]lieu.Service, 3*len(serviceLabels))
	for label, s := range serviceLabels {
		slugs[source.Slug(label)] = s
		slugs[s.String()] = s
	}
	return slugs
}()

// garbledLabels match the labels whose accents were lost or misread: each letter with
// an accent is a question mark, or some characters that are not ASCII ("dÃ©marches").
var garbledLabels = func() map[*regexp.Regexp]lieu.Service {
	all := map[*regexp.Regexp]lieu.Service{}
	for label, s := range serviceLabels {
		var b strings.Builder
		for _, r := range label {
			switch {
			case r > unicode.MaxASCII:
				b.WriteString(`(?:[^\x00-\x7f]{1,4}|[?_])`)
			case r == '\'':
				b.WriteString(`.{1,4}`)
			default:
				b.WriteString(regexp.QuoteMeta(string(r)))
			}
		}
		all[regexp.MustCompile(`(?i)^`+b.String()+`$`)] = s
	}
	return all
}()

// serviceLabel reads the label of a service of v1 or of v0.1, a theme of data·inclusion
// ("numerique--…") or our own slug. Case, accents and apostrophes do not matter: the
// prose of the schema itself lacks an accent that its pattern demands.
func serviceLabel(label string) (lieu.Service, bool) {
	if theme, is := strings.CutPrefix(label, themePrefix); is {
		s, ok := themes[theme]
		return s, ok
	}
	s, ok := serviceSlugs[source.Slug(label)]
	return s, ok
}

// garbledService reads a label whose accents are damaged.
func garbledService(label string) (lieu.Service, bool) {
	for re, s := range garbledLabels {
		if re.MatchString(label) {
			return s, true
		}
	}
	return 0, false
}

// understanding counts the services that a file names, to tell a file of which none is
// understood.
type understanding struct {
	known, garbled, unknown int
	accented                int // known ones with accents as they should be
	first                   string
	firstRow                int
}

// readServices reads a field of services, and counts what is understood.
func (r *lieuxReader) readServices(c lieuRecord, u *understanding) (set lieu.Services) {
	for _, label := range valuesOf(c.get("services")) {
		if s, known := serviceLabel(label); known {
			u.known++
			if strings.ContainsFunc(label, func(r rune) bool { return r > unicode.MaxASCII && unicode.IsLetter(r) }) {
				u.accented++
			}
			set = set.With(s)
			continue
		}
		if u.first == "" {
			u.first, u.firstRow = label, c.row
		}
		if s, is := garbledService(label); is {
			u.garbled++
			set = set.With(s)
			r.note(c.file, "services", "accents abîmés, service reconnu malgré eux : noms et adresses le sont sans doute aussi (%s)")
			continue
		}
		u.unknown++
		r.Warn(c.file, c.row, "services", label, "service inconnu, laissé de côté ; attendu un des neuf libellés du schéma national v1.0.2")
	}
	return set
}

// verdict ends the import of a file of which no service is understood, or whose accents
// are all damaged.
func (u *understanding) verdict(file string) error {
	switch {
	case u.garbled > 0 && u.accented == 0:
		return source.FailAt(file, u.firstRow, "accents abîmés dans tout le fichier (services « %s ») ; attendu un texte en UTF-8, ou dans le codage d'un tableur (Windows-1252) : reprenez le fichier d'origine", source.Shorten(u.first))
	case u.unknown > 0 && u.known == 0:
		return source.FailAt(file, u.firstRow, "aucun service du fichier n'est compris (services « %s ») ; attendu les libellés du schéma national v1.0.2, ou une table des services du fichier dans une correspondance (--correspondance ; maillage import lieux --template en écrit un modèle)", source.Shorten(u.first))
	}
	return nil
}
