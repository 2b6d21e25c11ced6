package lieux

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
)

// lieuRecord is one row or object of a file of lieux. get gives the value of a
// field, "" when it is empty or absent; lists come with "|" between their values.
type lieuRecord struct {
	file string
	row  int
	get  func(field string) string
}

// fieldNames brings the names of columns and keys that publishers write to those of
// the national schema v1.0.2, or to those of v0.1 that it has no more. Left: the name
// as [squeeze] makes it.
var fieldNames = func() map[string]string {
	names := map[string]string{
		"conditionsaccess": "conditions_acces", "conditionacces": "conditions_acces", "conditionsdacces": "conditions_acces",
		"labelnationaux": "labels_nationaux", "labelsnationnaux": "labels_nationaux",
		"lat": "latitude", "lon": "longitude", "long": "longitude", "lng": "longitude",
		"insee": "code_insee", "codecommune": "code_insee", "cp": "code_postal",
		"horairesaccueil": "horaires", "horairesouverture": "horaires", "siteweb": "site_web", "datemaj": "date_maj", "datemiseajour": "date_maj",
	}
	for _, list := range [][]string{lieuxColumns, newSchemaOnly, oldSchemaOnly, {"code_insee", "typologie", "site_web", "horaires", "source",
		"thematiques", "structure_id", "siret", "rna", "lien_source", "reseaux_porteurs", "accessibilite_lieu", "modes_accueil", "frais", "description", "pivot"}, franceServicesColumns} {
		for _, name := range list {
			names[squeeze(name)] = name
		}
	}
	return names
}()

// squeeze keeps the letters and digits of a name, without case and accents.
func squeeze(name string) string { return strings.ReplaceAll(source.Slug(name), "-", "") }

// fieldName is the name that we know a column or key by; unknown ones keep theirs.
func fieldName(s string) string {
	if known, ok := fieldNames[squeeze(s)]; ok {
		return known
	}
	return source.ColumnName(s)
}

// columnsOf maps the fields that we know to the columns of a CSV file, as its
// header writes them. Of two columns for one field, the one with its exact name
// wins, then the first.
func columnsOf(f source.File) map[string]string {
	fields := sheet.HeaderOf(f, append(slices.Clone(lieuxColumns), franceServicesColumns...))
	names := make(map[string]string, len(fields))
	for _, c := range fields {
		column, name := source.ColumnName(c), fieldName(c)
		if _, taken := names[name]; !taken || column == name {
			names[name] = column
		}
	}
	return names
}

// eachLieuRecord reads the records of a file to the end. bad, when not nil, is told
// of those that are broken.
func eachLieuRecord(f source.File, use func(lieuRecord) error, bad func(row int, reason string) error) error {
	if source.IsJSON(f.Head) {
		return eachJSONRecord(f, use, bad)
	}
	var required []string
	names := columnsOf(f)
	switch layoutOf(f) {
	case franceServicesCSV:
		required = franceServicesColumns
	case oldSchemaCSV:
		required = oldLieuxColumns
	default:
		required = lieuxColumns
	}
	columns := make([]string, len(required))
	for i, field := range required {
		columns[i] = field
		if c, ok := names[field]; ok {
			columns[i] = c
		}
	}
	t, err := sheet.Open(f, columns...)
	if err != nil {
		return err
	}
	defer t.Close()
	return t.Each(func(r sheet.Row) error {
		return use(lieuRecord{f.Name, r.Line, func(field string) string {
			if c, ok := names[field]; ok {
				return r.Get(c)
			}
			return ""
		}})
	}, bad)
}

// readLieu reads what the layouts have in common. When it is not ok, the record is
// already rejected.
func (r *lieuxReader) readLieu(c lieuRecord, middle median) (l lieu.Lieu, ok bool) {
	warn := func(field, value, reason string) { r.Warn(c.file, c.row, field, value, reason) }
	for _, field := range []string{"id", "nom"} {
		if c.get(field) == "" {
			r.Reject(c.file, c.row, field, "", "valeur absente ; chaque lieu doit en avoir une")
			return l, false
		}
	}
	l = lieu.Lieu{
		ID:         c.get("id"),
		Nom:        withoutContacts(c.get("nom")),
		Commune:    strings.ToUpper(c.get("code_insee")),
		CommuneNom: c.get("commune"),
		CodePostal: c.get("code_postal"),
		Adresse:    withoutContacts(c.get("adresse")),
		Typologie:  strings.Join(source.SplitList(c.get("typologie")), "|"),
		Source:     c.get("source"),
		Frais:      readFrais(c),
		Dispositif: readDispositif(c),
	}
	if l.Commune != "" {
		if why := source.CodeFault(l.Commune); why != "" {
			warn("code_insee", l.Commune, why)
			l.Commune = ""
		}
	}
	if bad := r.locate(c, middle, &l); bad != nil {
		r.Reject(c.file, c.row, bad.Field, bad.Value, bad.Reason)
		return l, false
	}
	for _, field := range []string{"commune", "code_postal", "adresse"} {
		if c.get(field) == "" {
			warn(field, "", "valeur absente ; le schéma national la rend obligatoire")
		}
	}
	for _, label := range source.SplitList(c.get("services")) {
		s, known := serviceLabel(label)
		if !known {
			warn("services", label, "service inconnu, laissé de côté ; attendu un des neuf libellés du schéma national v1.0.2")
			continue
		}
		l.Services = l.Services.With(s)
	}
	l.Horaires = parseHoraires(r.Recorder, c.file, c.row, "horaires", c.get("horaires"))
	modes := source.SplitList(c.get("itinerance"))
	l.Itinerant = slices.Contains(modes, "Itinérant") && !slices.Contains(modes, "Fixe")
	for _, m := range modes {
		if m != "Itinérant" && m != "Fixe" {
			warn("itinerance", m, "valeur non comprise, laissée de côté ; attendu Fixe ou Itinérant")
		}
	}
	for _, m := range source.SplitList(c.get("modalites_acces")) {
		if strings.ReplaceAll(m, "’", "'") == "Ce lieu n'accueille pas de public" {
			l.NoPublic = true
		}
	}
	if text := c.get("date_maj"); text != "" {
		var known bool
		if l.MisAJour, known = readDate(text); !known {
			warn("date_maj", text, "date non comprise, laissée inconnue ; attendu AAAA-MM-JJ, comme 2024-08-01")
		}
	}
	for _, site := range source.SplitList(c.get("site_web")) {
		switch {
		case !source.WebAddress(site):
			warn("site_web", "", "adresse web non comprise, laissée de côté ; attendu https://…")
		case l.SiteWeb == "":
			l.SiteWeb = site
		}
	}
	return l, true
}

// readDate reads a day, or the day of an RFC 3339 time.
func readDate(s string) (time.Time, bool) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, true
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, false
	}
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), true
}

// readHoraires reads a column of hours.
func readHoraires(rec *source.Recorder, r sheet.Row, column string) lieu.Horaires {
	return parseHoraires(rec, r.Table.Name, r.Line, column, r.Get(column))
}

// parseHoraires reads a text of hours; what is not understood is unknown, with a
// warning that gives the text.
func parseHoraires(rec *source.Recorder, file string, row int, field, text string) lieu.Horaires {
	text = withoutContacts(text)
	h, notes, err := lieu.ParseHorairesNoted(text)
	if err != nil {
		rec.Warn(file, row, field, text, "horaires non compris, laissés inconnus : "+horairesReason(err))
	}
	for _, note := range notes {
		rec.Warn(file, row, field, text, "horaires à relire : "+note)
	}
	return h
}

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

// serviceSlugs maps the slugs of the labels of both versions to services.
var serviceSlugs = func() map[string]lieu.Service {
	slugs := make(map[string]lieu.Service, len(oldServices)+lieu.NumServices)
	for label, s := range oldServices {
		slugs[source.Slug(label)] = s
	}
	for _, s := range lieu.AllServices() {
		if s != lieu.Any {
			slugs[source.Slug(s.Label())] = s
		}
	}
	return slugs
}()

// serviceLabel reads the label of a service of v1 or of v0.1. Case, accents and
// apostrophes do not matter: the prose of the schema itself lacks an accent that its
// pattern demands.
func serviceLabel(label string) (lieu.Service, bool) {
	s, ok := serviceSlugs[source.Slug(label)]
	return s, ok
}

// readFrais is what help costs, in the words of v1.
func readFrais(c lieuRecord) string {
	if v := c.get("frais_a_charge"); v != "" {
		return strings.Join(source.SplitList(v), "|")
	}
	var frais []string
	for _, v := range append(source.SplitList(c.get("conditions_acces")), source.SplitList(c.get("frais"))...) {
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
		if !slices.Contains(frais, v) {
			frais = append(frais, v)
		}
	}
	return strings.Join(frais, "|")
}

// programmes are the names in v1 of the national programmes, by what v0.1 and
// data·inclusion call them.
var programmes = map[string]string{
	"cnfs": "Conseillers numériques", "conseillersnumeriques": "Conseillers numériques",
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
		return strings.Join(source.SplitList(v), "|")
	}
	var names []string
	add := func(v string) {
		if !slices.Contains(names, v) {
			names = append(names, v)
		}
	}
	for _, v := range source.SplitList(c.get("labels_nationaux")) {
		if name, ok := programmes[squeeze(v)]; ok {
			v = name
		}
		add(v)
	}
	for _, v := range source.SplitList(c.get("reseaux_porteurs")) {
		if name, ok := programmes[squeeze(v)]; ok { // most networks have nothing to do with digital help
			add(name)
		}
	}
	return strings.Join(names, "|")
}

var (
	mail  = regexp.MustCompile(`[\pL\pN._%+-]+@[\pL\pN-]+(\.[\pL\pN-]+)*\.\pL{2,}`)
	phone = regexp.MustCompile(`(\+\d{2,3}|\b0)[ .]?(\(0\)[ .]?)?[1-9]([ .\x{00a0}\x{202f}-]?\d{2}){4}\b`)
)

// withoutContacts strikes mails and phones out of a text. "Médi@line" is a name.
func withoutContacts(s string) string {
	const shortest = len("0323000000")
	if len(s) < shortest || !strings.ContainsAny(s, "@+0") {
		return s
	}
	return phone.ReplaceAllString(mail.ReplaceAllString(s, "[courriel retiré]"), "[téléphone retiré]")
}
