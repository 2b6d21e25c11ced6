package lieux

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
)

// Who is received. A record does not always describe a place where the public comes: a
// registration (Aidants Connect) is made at the seat of an association, an EPCI is
// given with its offices. The first line that holds decides:
//
//	1  "Ce lieu n'accueille pas de public", or help at a distance only    no public
//	2  "Se présenter" among the modalités d'accès                         received
//	3  the typologie is one of receivingTypes                             received
//	4  the name is one of receivingNames ("Mairie de…", "CCAS")           received
//	5  the source is one of receivingSources                              received
//	6  a programme of receivingProgrammes ("France Services")             received
//	7  "En autonomie" or "Dans un atelier collectif"                      received
//	8  the place of work of a conseiller numérique, with known hours      received
//	9  nothing but registrations: programmes and labels of registrations  unknown
//	10 a seat: typologies of seats alone, or a name of seatNames
//	   ("Communauté de communes…", "Département de…")                     unknown
//	11 known hours, or services that it names, or that are given there    received
//	12 the place of work of a conseiller numérique, or anything else      unknown
//
// Hours alone do not tell for a registration or a seat (9, 10): offices have hours too.
var (
	// receivingTypes are the typologies of the national schema (those of data·inclusion)
	// of places where the public comes as a matter of course.
	receivingTypes = wordSet(`BIB RFS MSAP CCAS CIAS CS EVS CSC MUNI MAIRIE CAF CPAM MSA CARSAT ML PE FT CAP_EMPLOI MDS MDE MDEF
		MDPH MQ MJC PAD PIJ_BIJ PIMMS TIERS_LIEUX FABLAB EPN CYBERBASE ESPACE_NUM LA_POSTE CFP CIDFF RESSOURCERIE LUDOTHEQUE`)
	// seatTypes are those of administrations, which have offices.
	seatTypes = wordSet(`CC CD CT DEPT REG EPCI CITMET DEETS DRAAF UDAF CCONS ETAT SYNDICAT`)

	receivingSources = wordSet(`franceservices bibliotheques bibliotheque mediatheques emmausconnect pimms`)

	receivingProgrammes = wordSet(`franceservices pointdaccesnumeriquecaf bibliothequesnumeriquedereference
		emmausconnect relaisnumeriqueemmausconnect pointrelaiscaf campusconnecte`)
	// registrations say who was trained or registered, not that anybody is received.
	registrations = wordSet(`aidantsconnect certificationpix grandeecoledunumerique lacroixrouge promeneursdunet
		formeamonespacesante formeaduplexillettrisme lesbonsclics aptic frenchtech`)

	// Beginnings of names, as slugs.
	receivingNames = regexp.MustCompile(`^(?:la-|le-|les-|l-|espace-|antenne-|pole-|maison-|service-|salle-)*(?:` +
		`mairie|hotel-de-ville|commune-d|ville-d|bibliotheque|mediatheque|ludotheque|ccas|cias|centre-communal-d-action|centre-intercommunal-d-action|` +
		`centres?-(?:social|sociaux|socio|socioculturel|culturel)|(?:de-)?vie-sociale?|evs|france-services?|services-au-public|msap|mfs|mission-locale|` +
		`de-quartier|quartier|espace-public-numerique|public-numerique|epn|cyber|multimedia|numerique|du-numerique|point-numerique|point-d-acces|tiers-lieu|fab-?lab|` +
		`mjc|des-jeunes|jeunes|pimms|point-information|information-jeunesse|bij|pij|departementale|des-solidarites|des-services|unites?-territoriales?-d-actions?-sociales?|` +
		`utas|mdsi?|foyer-rural|emmaus-connect|de-l-emploi|agence-postale|agence-(?:france-travail|pole-emploi)|sous-prefecture|prefecture|gip-maison-dep)(?:-|$|\w)`)
	// anywhere in a name
	receivingWords = regexp.MustCompile(`(?:^|-)(?:tiers-lieux?|centres?-social|centres-sociaux|france-services|mediatheque|espace-numerique|ccas|ressourcerie|recyclerie|action-sociale)(?:-|$)`)
	seatNames      = regexp.MustCompile(`^(?:la-|le-|les-|l-)*(?:communautes?-(?:de-|d-)?(?:communes|agglomeration|urbaine)|metropole|agglomeration|cc-|ca-|departement-d|conseil-(?:departemental|regional|general)|` +
		`region-|syndicat-|siege|direction-|association-departementale|federation-|union-departementale|gip-|gie-|pays-|petr-)`)
)

// reception applies the table above to a lieu that is read but for it. acces and
// accompagnement are in the words of the schema v1. gives: services are given there, known
// or not.
func reception(l *lieu.Lieu, gives bool) {
	acces, accompagnement := slugs(l.Acces), slugs(l.Accompagnement)
	if slices.Contains(acces, "ce-lieu-n-accueille-pas-de-public") {
		l.NoPublic = true
	}
	comes := slices.Contains(acces, "se-presenter")
	if l.Distance && !comes && len(accompagnement) == 1 {
		l.NoPublic = true // at a distance alone
	}
	if !l.NoPublic {
		l.AccueilInconnu = !comes && !received(l, accompagnement, gives)
	}
}

func received(l *lieu.Lieu, accompagnement []string, gives bool) bool {
	types := strings.Split(l.Typologie, "|")
	name := source.Slug(l.Nom)
	var programmes []string
	for _, v := range strings.Split(joined(l.Dispositif, l.Labels, l.AutresLabels), "|") {
		if v != "" {
			programmes = append(programmes, squeeze(v))
		}
	}
	adviser := slices.Contains(programmes, "conseillersnumeriques") || slices.Contains(programmes, "conseillernumerique")
	is := func(set map[string]bool) func(string) bool { return func(v string) bool { return set[v] } }
	not := func(set map[string]bool) func(string) bool { return func(v string) bool { return !set[v] } }
	origin := squeeze(l.Source)
	switch {
	case slices.ContainsFunc(types, is(receivingTypes)), receivingNames.MatchString(name), receivingWords.MatchString(name), receivingSources[origin],
		slices.ContainsFunc(programmes, is(receivingProgrammes)),
		slices.Contains(accompagnement, "en-autonomie"), slices.Contains(accompagnement, "dans-un-atelier-collectif"):
		return true
	case adviser && l.Horaires.Known:
		return true
	case programmes != nil && !slices.ContainsFunc(programmes, not(registrations)), programmes == nil && registrations[origin]:
		return false
	case l.Typologie != "" && !slices.ContainsFunc(types, not(seatTypes)), seatNames.MatchString(name):
		return false
	case adviser:
		return false
	}
	return l.Horaires.Known || gives
}

func slugs(list string) []string {
	var all []string
	for _, v := range source.SplitList(list) {
		all = append(all, source.Slug(v))
	}
	return all
}
