package lieux

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
)

// elsewhere is how far from its structure a service is given at another place, in
// metres: nearer, two geocoders disagree.
const elsewhere = 200

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
	services lieu.Services
	frais    string
	text     string // hours as written, without contacts
	used     bool
	refused  string // where its structure was, when that was refused
}

// offers are the services of the data·inclusion files, read before the structures.
type offers struct {
	of         map[string][]*offer // by structure
	structures int                 // records of structures read
	idle       int                 // structures without digital service
	other      int                 // services that are not digital, or given at a distance only
}

// isService tells the records of services from those of structures.
func isService(c lieuRecord) bool { return c.get("structure_id") != "" || c.get("thematiques") != "" }

// readOffers reads the services of all the data·inclusion files.
func (r *lieuxReader) readOffers(files []source.File) error {
	r.offers = &offers{of: map[string][]*offer{}}
	seen := map[string]source.Address{}
	services := 0
	for _, f := range files {
		err := eachLieuRecord(f, func(c lieuRecord) error {
			if !isService(c) {
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
			return nil
		}, nil)
		if err != nil {
			return err
		}
	}
	if services == 0 {
		return source.FailAt(files[0].Name, 0, "données data·inclusion sans aucun service ; attendu les structures et leurs services, importés ensemble")
	}
	return nil
}

// readOffer reads one service. When it is not ok, it is counted as skipped or
// rejected.
func (r *lieuxReader) readOffer(c lieuRecord) (o *offer, ok bool) {
	digital := false
	o = &offer{record: c, id: c.get("id"), frais: readFrais(c), text: withoutContacts(c.get("horaires"))}
	var unknown []string
	for _, theme := range source.SplitList(c.get("thematiques")) {
		name, is := strings.CutPrefix(theme, "numerique--")
		digital = digital || is || theme == "numerique"
		if s, known := themes[name]; is && known {
			o.services = o.services.With(s)
		} else if is {
			unknown = append(unknown, theme)
		}
	}
	if !digital || c.get("modes_accueil") == "a-distance" {
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
	for _, theme := range unknown {
		r.Warn(c.file, c.row, "thematiques", theme, "thématique numérique inconnue, laissée de côté ; attendu une de celles du référentiel data·inclusion")
	}
	return o, true
}

// readStructures reads the structures of a file, each with its services.
func (r *lieuxReader) readStructures(f source.File, middle median) error {
	r.NoteText(f)
	return eachLieuRecord(f,
		func(c lieuRecord) error {
			if isService(c) {
				return nil // counted by readOffers
			}
			r.Read++
			r.offers.structures++
			mine := r.offers.of[c.get("id")]
			if len(mine) == 0 && c.get("id") != "" {
				r.offers.idle++
				r.Skipped++
				return nil
			}
			if err := r.readStructure(c, mine, middle); err != nil {
				return err
			}
			return r.Overflow()
		},
		func(row int, reason string) error {
			r.Read++
			r.Reject(f.Name, row, "", "", reason)
			return r.Overflow()
		})
}

// readStructure makes the lieux of a structure: one of the services given at its
// address, and one for each other address where it gives some.
func (r *lieuxReader) readStructure(c lieuRecord, mine []*offer, middle median) error {
	if first, dup := r.seen[c.get("id")]; dup {
		r.Reject(c.file, c.row, "id", c.get("id"), "identifiant déjà présent à "+first.String())
		return nil
	}
	l, ok := r.readLieu(c, middle)
	for _, o := range mine {
		if o.used = ok; !ok {
			o.refused = source.Address{File: c.file, Row: c.row}.String()
		}
	}
	if !ok {
		return nil
	}
	type place struct {
		lieu   lieu.Lieu
		offers []*offer
	}
	places := []place{{lieu: l}}
	for _, o := range mine {
		at := r.placeOf(o, l, middle)
		i := slices.IndexFunc(places, func(p place) bool {
			return !at.Located || p.lieu.Located && geo.Distance(p.lieu.At, at.At) <= elsewhere
		})
		if i < 0 && !l.Located {
			// The structure has no position, its service has: that is where they are.
			places[0].lieu.At, places[0].lieu.Located = at.At, true
			l, i = places[0].lieu, 0
		}
		if i < 0 {
			places = append(places, place{lieu: at})
			i = len(places) - 1
		}
		places[i].offers = append(places[i].offers, o)
	}
	if len(places[0].offers) == 0 {
		r.Skipped++ // all its services are elsewhere
	}
	for i, p := range places {
		switch {
		case len(p.offers) == 0:
			continue
		case i == 0:
			r.Merged += len(p.offers)
		default:
			r.Merged += len(p.offers) - 1 // the first stands for the lieu
		}
		r.combine(&p.lieu, p.offers, i == 0)
		if err := r.keep(c, p.lieu); err != nil {
			return err
		}
	}
	return nil
}

// placeOf is the lieu that a service makes by itself: its structure's, at the
// address of the service. It has no position when the service states none that can
// be used.
func (r *lieuxReader) placeOf(o *offer, structure lieu.Lieu, middle median) lieu.Lieu {
	at := structure
	at.ID, at.At, at.Located, at.Horaires = o.id, geo.LonLat{}, false, lieu.Horaires{}
	at.Commune, at.CommuneNom, at.CodePostal, at.Adresse = "", o.record.get("commune"), o.record.get("code_postal"), withoutContacts(o.record.get("adresse"))
	if code := strings.ToUpper(o.record.get("code_insee")); source.CodeFault(code) == "" {
		at.Commune = code
	}
	if o.record.get("latitude") == "" || o.record.get("longitude") == "" {
		return at
	}
	if bad := r.locate(o.record, middle, &at); bad != nil {
		r.Warn(o.record.file, o.record.row, bad.Field, bad.Value, "position du service laissée de côté : "+bad.Reason)
	}
	return at
}

// combine gives a lieu what its services say: their hours when they agree, those of
// the structure when they do not or say nothing.
func (r *lieuxReader) combine(l *lieu.Lieu, list []*offer, atStructure bool) {
	var frais, texts []string
	for _, o := range list {
		l.Services |= o.services
		for _, v := range source.SplitList(o.frais) {
			if !slices.Contains(frais, v) {
				frais = append(frais, v)
			}
		}
		if o.text != "" && !slices.Contains(texts, o.text) {
			texts = append(texts, o.text)
		}
	}
	l.Frais = strings.Join(frais, "|")
	first := list[0].record
	switch {
	case len(texts) == 1:
		l.Horaires = parseHoraires(r.Recorder, first.file, first.row, "horaires", texts[0])
	case len(texts) > 1 && !(atStructure && l.Horaires.Known):
		l.Horaires = lieu.Horaires{Text: strings.Join(texts, " | ")}
		r.Warn(first.file, first.row, "horaires", l.Horaires.Text, "les services du même lieu ont des horaires différents et la structure n'en donne pas : laissés inconnus")
	}
}

// endOffers accounts for what joined no structure.
func (r *lieuxReader) endOffers(files []source.File) error {
	if r.offers.structures == 0 {
		return source.FailAt(files[0].Name, 0, "données data·inclusion sans aucune structure ; attendu les structures et leurs services, importés ensemble")
	}
	var lost []*offer
	for _, list := range r.offers.of {
		for _, o := range list {
			if !o.used {
				lost = append(lost, o)
			}
		}
	}
	rank := map[string]int{}
	for i, f := range files {
		rank[f.Name] = i
	}
	slices.SortFunc(lost, func(a, b *offer) int {
		if d := rank[a.record.file] - rank[b.record.file]; d != 0 {
			return d
		}
		return a.record.row - b.record.row
	})
	for _, o := range lost {
		reason := "structure absente des fichiers ; attendu les structures et leurs services, importés ensemble"
		if o.refused != "" {
			reason = "structure refusée à " + o.refused
		}
		r.Reject(o.record.file, o.record.row, "structure_id", o.record.get("structure_id"), reason)
		if err := r.Overflow(); err != nil {
			return err
		}
	}
	if n := r.offers.idle + r.offers.other; n > 0 {
		r.Warn(files[0].Name, 0, "", "", fmt.Sprintf("laissés de côté : structures sans service numérique, %d ; services qui ne sont pas numériques ou donnés seulement à distance, %d", r.offers.idle, r.offers.other))
	}
	return nil
}
