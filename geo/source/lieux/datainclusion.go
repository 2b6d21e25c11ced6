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

// readStructures reads the structures of a file, each with its services.
func (r *lieuxReader) readStructures(f lieuxFile, s survey) error {
	r.NoteText(f.File)
	return f.each(
		func(c lieuRecord) error {
			if isService(c) {
				return nil // counted by readOffers
			}
			r.Read++
			r.offers.structures++
			mine := r.offers.of[c.get("id")]
			if len(mine) == 0 && c.get("id") != "" && !isDigital(c) {
				r.offers.idle++
				r.Skipped++
				return nil
			}
			if err := r.readStructure(c, mine, s); err != nil {
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

// place is a lieu that a structure makes, with the services that are given there.
type place struct {
	lieu   lieu.Lieu
	offers []*offer
	zones  zones
	away   bool // help without a visit
}

// readStructure makes the lieux of a structure: one of the services given at its
// address, one for each other address where it gives some, and one for those that are
// given without a visit. Services reserved to the residents of other places than those
// of the others are a lieu of their own too.
func (r *lieuxReader) readStructure(c lieuRecord, mine []*offer, s survey) error {
	if first, dup := r.seen[c.get("id")]; dup {
		r.Reject(c.file, c.row, "id", c.get("id"), "identifiant déjà présent à "+first.String())
		return nil
	}
	l, ok := r.readLieu(c, s)
	for _, o := range mine {
		if o.used = ok; !ok {
			o.refused = source.Address{File: c.file, Row: c.row}.String()
		}
	}
	if !ok {
		return nil
	}
	if len(mine) == 0 { // its own themes say what it does
		l.Services = r.readThemes(c)
		return r.keep(c, l, l.Services != 0)
	}
	places := r.placesOf(l, mine, s)
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
		r.combine(&p, i == 0)
		if err := r.keep(c, p.lieu, true); err != nil {
			return err
		}
	}
	return nil
}

// placesOf parts the services of a structure by where they are given, and for whom. The
// first place is the structure's own, with services or without.
func (r *lieuxReader) placesOf(l lieu.Lieu, mine []*offer, s survey) []place {
	places := []place{{lieu: l}}
	add := func(i int, o *offer) {
		if len(places[i].offers) == 0 {
			places[i].zones = o.zones
		}
		places[i].offers = append(places[i].offers, o)
	}
	for _, o := range mine {
		if !o.present {
			i := slices.IndexFunc(places, func(p place) bool {
				return p.away && p.offers[0].home == o.home && p.offers[0].distance == o.distance && slices.Equal(p.zones.all, o.zones.all)
			})
			if i < 0 {
				away := l
				away.ID, away.Horaires = o.id, lieu.Horaires{}
				places = append(places, place{lieu: away, away: true})
				i = len(places) - 1
			}
			add(i, o)
			continue
		}
		at := r.placeOf(o, l, s)
		here := func(p place) bool {
			return !p.away && (!at.Located || p.lieu.Located && geo.Distance(p.lieu.At, at.At) <= elsewhere)
		}
		i := slices.IndexFunc(places, func(p place) bool {
			return here(p) && (len(p.offers) == 0 || slices.Equal(p.zones.reserve, o.zones.reserve))
		})
		if i < 0 && !l.Located && (len(places[0].offers) == 0 || slices.Equal(places[0].zones.reserve, o.zones.reserve)) {
			// The structure has no position, its service has: that is where they are.
			places[0].lieu.At, places[0].lieu.Located = at.At, true
			l, i = places[0].lieu, 0
		}
		if i < 0 {
			if j := slices.IndexFunc(places, here); j >= 0 { // the same place, for others
				at = places[j].lieu
				at.ID = o.id
			}
			places = append(places, place{lieu: at})
			i = len(places) - 1
		}
		add(i, o)
	}
	return places
}

// placeOf is the lieu that a service makes by itself: its structure's, at the
// address of the service. It has no position when the service states none that can
// be used.
func (r *lieuxReader) placeOf(o *offer, structure lieu.Lieu, s survey) lieu.Lieu {
	at := structure
	at.ID, at.At, at.Located, at.Horaires = o.id, geo.LonLat{}, false, lieu.Horaires{}
	text := func(field string) string {
		return r.bound(o.record, field, withoutContacts(o.record.get(field)), maxName)
	}
	at.Commune, at.CommuneNom, at.CodePostal, at.Adresse = r.readCommuneCode(o.record), text("commune"), r.readPostcode(o.record), text("adresse")
	at.Complement = text("complement_adresse")
	if o.record.get("latitude") == "" || o.record.get("longitude") == "" {
		return at
	}
	if bad := r.locate(o.record, s, &at); bad != nil {
		r.Warn(o.record.file, o.record.row, bad.Field, bad.Value, "position du service laissée de côté : "+bad.Reason)
	}
	return at
}

// combine gives a lieu what its services say: their hours when they agree, those of
// the structure when they do not or say nothing.
func (r *lieuxReader) combine(p *place, atStructure bool) {
	l, list := &p.lieu, p.offers
	var frais, texts []string
	for _, o := range list {
		l.Services |= o.services
		frais = append(frais, source.SplitList(o.frais)...)
		if o.text != "" && !slices.Contains(texts, o.text) {
			texts = append(texts, o.text)
		}
		l.Distance, l.Domicile = l.Distance || o.distance, l.Domicile || o.home
	}
	l.Frais = joined(frais...)
	first := list[0].record
	switch {
	case len(texts) == 1:
		l.Horaires = parseHoraires(r.Recorder, first.file, first.row, "horaires", texts[0])
	case len(texts) > 1 && !(atStructure && l.Horaires.Known):
		l.Horaires = lieu.Horaires{Text: r.bound(first, "horaires", strings.Join(texts, " | "), maxText)}
		r.Warn(first.file, first.row, "horaires", l.Horaires.Text, "les services du même lieu ont des horaires différents et la structure n'en donne pas : laissés inconnus")
	}
	if p.away {
		l.NoPublic, l.Zone = true, p.zones.all
	} else {
		l.Reserve = p.zones.reserve
	}
	r.combineDetails(l, list)
}

// combineDetails gives a lieu the details of its services: publics when all of them are
// meant for some, what the structure lacks from the first that has it.
func (r *lieuxReader) combineDetails(l *lieu.Lieu, list []*offer) {
	var publics []string
	forAll := false
	for _, o := range list {
		of := lieu.Lieu{Nom: l.Nom, CommuneNom: l.CommuneNom}
		r.readDetails(o.record, &of)
		forAll = forAll || of.Publics == ""
		publics = append(publics, source.SplitList(of.Publics)...)
		for _, f := range []struct {
			into *string
			from string
		}{{&l.PriseEnCharge, of.PriseEnCharge}, {&l.Acces, of.Acces}, {&l.Accompagnement, of.Accompagnement}} {
			*f.into = joined(append(source.SplitList(*f.into), source.SplitList(f.from)...)...)
		}
		for _, f := range []struct {
			into *string
			from string
		}{{&l.Telephone, of.Telephone}, {&l.Courriel, of.Courriel}, {&l.RendezVous, of.RendezVous}, {&l.Resume, of.Resume}, {&l.Presentation, of.Presentation}} {
			if *f.into == "" {
				*f.into = f.from
			}
		}
	}
	if !forAll {
		l.Publics = joined(publics...)
	}
}

// endOffers accounts for what joined no structure.
func (r *lieuxReader) endOffers(files []lieuxFile) error {
	if r.offers.structures == 0 {
		return source.FailAt(files[0].Name, 0, "données data·inclusion sans aucune structure ; attendu les structures et leurs services, importés ensemble")
	}
	if r.offers.unknown != "" && r.offers.known == 0 {
		return source.FailAt(files[0].Name, 0, "aucune thématique numérique n'est comprise (« %s ») ; attendu celles du référentiel data·inclusion", source.Shorten(r.offers.unknown))
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
		r.Warn(files[0].Name, 0, "", "", fmt.Sprintf("laissés de côté : structures sans service numérique, %d ; services qui ne sont pas numériques, %d", r.offers.idle, r.offers.other))
	}
	return nil
}
