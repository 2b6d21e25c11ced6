package lieux

import (
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
)

// readLieu reads what the layouts have in common. When it is not ok, the record is
// already rejected. Whether the public is received is left to [reception].
func (r *lieuxReader) readLieu(c lieuRecord, s survey) (l lieu.Lieu, ok bool) {
	warn := func(field, value, reason string) { r.Warn(c.file, c.row, field, value, reason) }
	for _, field := range []string{"id", "nom"} {
		if c.get(field) == "" {
			r.Reject(c.file, c.row, field, "", "valeur absente ; chaque lieu doit en avoir une")
			return l, false
		}
	}
	if len(c.get("id")) > maxName {
		r.Reject(c.file, c.row, "id", c.get("id"), "identifiant trop long ; attendu 300 octets au plus")
		return l, false
	}
	text := func(field string) string { return r.bound(c, field, withoutContacts(c.get(field)), maxName) }
	list := func(field string) string {
		return r.bound(c, field, withoutContacts(joined(valuesOf(c.get(field))...)), maxList)
	}
	l = lieu.Lieu{
		ID:         c.get("id"),
		Nom:        text("nom"),
		Commune:    r.readCommuneCode(c),
		CommuneNom: text("commune"),
		CodePostal: r.readPostcode(c),
		Adresse:    text("adresse"),
		Typologie:  list("typologie"),
		Source:     text("source"),
		Frais:      r.bound(c, "frais_a_charge", readFrais(c), maxList),
		Dispositif: r.bound(c, "dispositif_programmes_nationaux", readDispositif(c), maxList),
	}
	if bad := r.locate(c, s, &l); bad != nil {
		r.Reject(c.file, c.row, bad.Field, bad.Value, bad.Reason)
		return l, false
	}
	for _, field := range []string{"commune", "code_postal", "adresse"} {
		if c.get(field) == "" {
			warn(field, "", "valeur absente ; le schéma national la rend obligatoire")
		}
	}
	l.Services = r.readServices(c, &r.understood)
	l.Horaires = parseHoraires(r.Recorder, c.file, c.row, "horaires", c.get("horaires"))
	l.Itinerant = r.readItinerance(c)
	l.MisAJour = r.readUpdated(c, s)
	l.SiteWeb = r.readAddress(c, "site_web")
	r.readDetails(c, &l)
	return l, true
}

// readItinerance reports whether a lieu is itinerant and nothing else: also as a column
// of yes or no.
func (r *lieuxReader) readItinerance(c lieuRecord) bool {
	const field = "itinerance"
	moves, fixed := false, false
	for _, m := range valuesOf(c.get(field)) {
		switch source.Slug(m) {
		case "itinerant", "itinerante", "itinerance":
			moves = true
			continue
		case "fixe":
			fixed = true
			continue
		}
		switch answerOf(m) {
		case affirmative:
			moves = true
		case negative:
			fixed = true
		case obscure:
			r.Warn(c.file, c.row, field, m, "valeur non comprise, laissée de côté ; attendu Fixe ou Itinérant")
		}
	}
	return moves && !fixed
}

// readAddress reads the first address of the web of a field. One without its scheme is
// given it.
func (r *lieuxReader) readAddress(c lieuRecord, field string) (kept string) {
	for _, site := range valuesOf(c.get(field)) {
		bare := strings.HasPrefix(strings.ToLower(site), "www.") && !strings.ContainsAny(site, " @")
		switch {
		case bare && source.WebAddress("https://"+site):
			r.note(c.file, field, "adresses web sans https://, complétées dans %s")
			site = "https://" + site
		case !source.WebAddress(site):
			r.Warn(c.file, c.row, field, "", "adresse web non comprise, laissée de côté ; attendu https://…")
			continue
		}
		if kept == "" {
			kept = site
		}
	}
	return kept
}

// parseHoraires reads a text of hours; what is not understood is unknown, with a
// warning that gives the text.
func parseHoraires(rec *source.Recorder, file string, row int, field, text string) lieu.Horaires {
	text = withoutContacts(text)
	if n := []rune(text); len(n) > maxText {
		text = string(n[:maxText])
	}
	h, notes, err := lieu.ParseHorairesNoted(text)
	if err != nil {
		rec.Warn(file, row, field, text, "horaires non compris, laissés inconnus : "+horairesReason(err))
	}
	for _, note := range notes {
		rec.Warn(file, row, field, text, "horaires à relire : "+note)
	}
	return h
}

// readFrais is what help costs, in the words of v1.
func readFrais(c lieuRecord) string {
	if v := c.get("frais_a_charge"); v != "" {
		return withoutContacts(joined(valuesOf(v)...))
	}
	var frais []string
	for _, v := range append(source.SplitList(c.get("conditions_acces")), valuesOf(c.get("frais"))...) {
		v, _, _ = strings.Cut(v, " : ") // "Gratuit : Je peux accéder gratuitement au lieu…"
		switch squeeze(v) {
		case "gratuit":
			v = "Gratuit"
		case "gratuitsouscondition", "gratuitsousconditions", "acceptelepassnumerique", "passnumerique":
			v = "Gratuit sous condition"
		case "payant", "adhesion":
			v = "Payant"
		default:
			continue // a sentence, which no screen has room for
		}
		frais = append(frais, v)
	}
	return joined(frais...)
}

// programmes are the names in v1 of the national programmes, by what v0.1 and
// data·inclusion call them.
var programmes = map[string]string{
	"cnfs": "Conseillers numériques", "conseillersnumeriques": "Conseillers numériques", "conseillernumerique": "Conseillers numériques",
	"franceservices": "France Services", "franceservice": "France Services",
	"aidantsconnect":           "Aidants Connect",
	"pointnumeriquecaf":        "Point d'accès numérique CAF",
	"grandesecolesdunumerique": "Grande école du numérique",
	"emmausconnect":            "Emmaüs Connect",
	"promeneursdunet":          "Promeneurs du net",
}

// readDispositif names the national programmes, in the words of v1 where it has some.
func readDispositif(c lieuRecord) string {
	if v := c.get("dispositif_programmes_nationaux"); v != "" {
		return withoutContacts(joined(valuesOf(v)...))
	}
	var names []string
	for _, v := range valuesOf(c.get("labels_nationaux")) {
		if name, ok := programmes[squeeze(v)]; ok {
			v = name
		}
		names = append(names, v)
	}
	for _, v := range valuesOf(c.get("reseaux_porteurs")) {
		if name, ok := programmes[squeeze(v)]; ok && !slices.Contains(names, name) { // most networks have nothing to do with digital help
			names = append(names, name)
		}
	}
	return withoutContacts(joined(names...))
}
