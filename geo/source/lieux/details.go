package lieux

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
)

// vocabulary brings the words of v0.1 and of data·inclusion to those of v1, by their
// slugs up to " : ". A word that v1 has not is kept as it was published; "" is dropped.
type vocabulary map[string]string

var (
	// publicWords hold both who help is meant for and what it makes allowance for, which
	// v1 parted; the latter begin with "+".
	publicWords = vocabulary{
		"seniors-65-ans": "Seniors", "seniors-65": "Seniors", "familles-enfants": "Familles et/ou enfants", "familles": "Familles et/ou enfants",
		"jeunes-16-26-ans": "Jeunes", "jeunes-16-26": "Jeunes", "jeunes": "Jeunes", "seniors": "Seniors", "femmes": "Femmes", "etudiants": "Étudiants",
		"uniquement-femmes": "Femmes", "adultes": "Adultes",
		"public-langues-etrangeres": "+Langues étrangères (autres)", "deficience-visuelle": "+Déficience visuelle", "surdite": "+Surdité",
		"handicaps-psychiques": "+Handicaps mentaux", "handicaps-mentaux": "+Handicaps mentaux", "handicaps-moteurs": "+Handicaps moteurs",
		"personnes-en-situation-d-illettrisme": "+Illettrisme", "personnes-en-situation-illettrisme": "+Illettrisme",
		"personnes-handicapees": "Personnes en situation de handicap", "personnes-en-situation-de-handicap": "Personnes en situation de handicap",
		"demandeurs-emploi": "Demandeurs d'emploi", "demandeurs-d-emploi": "Demandeurs d'emploi", "actifs": "Actifs", "beneficiaires-des-minimas-sociaux": "Bénéficiaires de minima sociaux",
		"beneficiaires-rsa": "Bénéficiaires du RSA", "personnes-exilees": "Personnes exilées", "residents-qpv-frr": "Habitants de QPV ou FRR", "residents-qpv-zrr": "Habitants de QPV ou ZRR",
		"retraites": "Seniors",
		// Everybody is no public of its own: producers write it everywhere.
		"tous-publics": "", "tout-public": "", "tous-public": "", "tous": "", "tout-le-monde": "",
	}
	helpWords = vocabulary{
		"seul": "En autonomie", "avec-de-l-aide": "Accompagnement individuel", "a-ma-place": "Accompagnement individuel", "dans-un-atelier": "Dans un atelier collectif",
		"autonomie": "En autonomie", "accompagnement": "Accompagnement individuel", "atelier": "Dans un atelier collectif",
	}
	accessWords = vocabulary{
		"se-presenter": "Se présenter", "telephoner": "Téléphoner", "envoyer-un-mail": "Contacter par mail", "envoyer-un-courriel": "Contacter par mail", "envoyer-un-email": "Contacter par mail",
		"prendre-rdv": "Prendre un RDV en ligne", "prendre-un-rdv": "Prendre un RDV en ligne", "utiliser-lien-mobilisation": "Prendre un RDV en ligne",
		"envoyer-un-mail-avec-une-fiche-de-prescription": "Envoyer un mail avec une fiche de prescription",
		"autre": "",
	}
)

// in brings the values of a field to the words of v1.
func (v vocabulary) in(text string) (words []string) {
	for _, w := range valuesOf(text) {
		short, _, _ := strings.Cut(w, " : ")
		if known, ok := v[source.Slug(short)]; ok {
			w = known
		}
		if w != "" {
			words = append(words, w)
		}
	}
	return words
}

// only is the values that the vocabulary has.
func (v vocabulary) only(text string) (words []string) {
	for _, w := range valuesOf(text) {
		if known, ok := v[source.Slug(w)]; ok {
			words = append(words, known)
		}
	}
	return words
}

// readDetails reads what the schema says beside what is computed with: v1, and its
// equivalents in v0.1 and data·inclusion.
func (r *lieuxReader) readDetails(c lieuRecord, l *lieu.Lieu) {
	list := func(field string, words ...string) string {
		return r.bound(c, field, withoutContacts(joined(words...)), maxList)
	}
	free := func(most int, fields ...string) string {
		for _, field := range fields {
			if v := withoutPersons(c.get(field)); v != "" {
				return r.bound(c, field, v, most)
			}
		}
		return ""
	}
	several := func(fields ...string) string {
		var all []string
		for _, field := range fields {
			all = append(all, valuesOf(c.get(field))...)
		}
		return joined(all...)
	}
	publics, allowances := partPublics(publicWords.in(several("publics_specifiquement_adresses", "publics_accueillis", "publics", "profils")))
	l.Details = lieu.Details{
		Complement:     free(maxName, "complement_adresse"),
		Telephone:      r.readPhones(c, c.get("telephone")),
		Courriel:       r.readMails(c, joined(c.get("courriels"), c.get("courriel"), c.get("mail")), l.Nom, l.CommuneNom),
		Publics:        list("publics_specifiquement_adresses", publics...),
		PriseEnCharge:  list("prise_en_charge_specifique", append(valuesOf(c.get("prise_en_charge_specifique")), allowances...)...),
		Labels:         list("formations_labels", valuesOf(c.get("formations_labels"))...),
		AutresLabels:   list("autres_formations_labels", append(valuesOf(c.get("autres_formations_labels")), valuesOf(c.get("labels_autres"))...)...),
		Acces:          list("modalites_acces", accessWords.in(several("modalites_acces", "modes_mobilisation", "modes_orientation_beneficiaire"))...),
		Accompagnement: list("modalites_accompagnement", append(helpWords.in(c.get("modalites_accompagnement")), helpWords.only(several("types", "type"))...)...),
		RendezVous:     cmp.Or(r.readAddress(c, "prise_rdv"), r.readAddress(c, "lien_mobilisation")),
		Resume:         free(maxName, "presentation_resume"),
		Presentation:   free(maxText, "presentation_detail", "description"),
		Structure:      free(maxName, "structure_parente"),
		Commentaire:    free(maxText, "commentaire"),
	}
	for _, field := range []string{"fiche_acces_libre", "accessibilite_lieu", "accessibilite"} {
		if l.AccesLibre == "" {
			l.AccesLibre = r.readAddress(c, field)
		}
	}
	ways := slugs(joined(l.Accompagnement, l.Acces))
	l.Distance = l.Distance || slices.Contains(ways, "a-distance")
	l.Domicile = l.Domicile || slices.ContainsFunc(ways, func(w string) bool { return strings.HasSuffix(w, "a-domicile") })
}

// partPublics parts those whom help is meant for from what it makes allowance for.
func partPublics(words []string) (publics, allowances []string) {
	for _, w := range words {
		if allowance, is := strings.CutPrefix(w, "+"); is {
			allowances = append(allowances, allowance)
		} else {
			publics = append(publics, w)
		}
	}
	return publics, allowances
}
