package table

import (
	"strings"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
)

// lieux are rows of the table lieux.
var lieux = kind[lieu.Lieu]{
	rows: store.Lieux,
	tables: []Table{{"lieux", true, append([]string{"dataset", "position", "id", "nom", "commune", "commune_nom",
		"code_postal", "adresse", "typologie", "services", "horaires", "horaires_creneaux",
		"itinerant", "sans_public", "source", "mis_a_jour", "site_web", "frais", "dispositif",
		"accueil_inconnu", "a_distance", "a_domicile", "reserve", "zone", "rendez_vous_creneaux"}, detailColumns()...)}},
	encode: func(l lieu.Lieu, put func(int, orb.Geometry, ...any) error) error {
		values := []any{l.ID, l.Nom, optional(l.Commune), optional(l.CommuneNom),
			optional(l.CodePostal), optional(l.Adresse), optional(l.Typologie), encodeServices(l.Services),
			optional(l.Horaires.Text), encodeSlots(&l.Horaires),
			l.Itinerant, l.NoPublic, optional(l.Source), encodeDay(l.MisAJour), optional(l.SiteWeb),
			optional(l.Frais), optional(l.Dispositif),
			l.AccueilInconnu, l.Distance, l.Domicile, encodeCodes(l.Reserve), encodeCodes(l.Zone), encodeRendezVous(&l.Horaires)}
		for _, f := range l.Details.Fields() {
			values = append(values, optional(*f.Text))
		}
		return put(0, place(l.At, l.Located), values...)
	},
	query: `
	SELECT id, nom, COALESCE(commune, ''), COALESCE(commune_nom, ''), COALESCE(code_postal, ''),
		COALESCE(adresse, ''), COALESCE(typologie, ''), COALESCE(services, ''), COALESCE(horaires, ''),
		horaires_creneaux, itinerant, sans_public, COALESCE(source, ''), COALESCE(CAST(mis_a_jour AS TEXT), ''),
		COALESCE(site_web, ''), COALESCE(frais, ''), COALESCE(dispositif, ''),
		accueil_inconnu, a_distance, a_domicile, COALESCE(reserve, ''), COALESCE(zone, ''), rendez_vous_creneaux,
		COALESCE(` + strings.Join(detailColumns(), ", ''), COALESCE(") + `, ''), geom
	FROM lieux ORDER BY dataset, position`,
	scan: func(row Row, geometry Geometry) (l lieu.Lieu, err error) {
		var geom orb.Geometry
		var slots, rendezVous blob
		var services, day, reserve, zone string
		to := []any{&l.ID, &l.Nom, &l.Commune, &l.CommuneNom, &l.CodePostal,
			&l.Adresse, &l.Typologie, &services, &l.Horaires.Text,
			&slots, &l.Itinerant, &l.NoPublic, &l.Source, &day,
			&l.SiteWeb, &l.Frais, &l.Dispositif,
			&l.AccueilInconnu, &l.Distance, &l.Domicile, &reserve, &zone, &rendezVous}
		for _, f := range l.Details.Fields() {
			to = append(to, f.Text)
		}
		if err := row.Scan(append(to, geometry(&geom))...); err != nil {
			return l, named(l.ID, err)
		}
		l.Reserve, l.Zone = decodeCodes(reserve), decodeCodes(zone)
		if l.Located = geom != nil; l.Located {
			at, err := as[orb.Point](geom)
			if err != nil {
				return l, named(l.ID, err)
			}
			l.At = position(at)
		}
		if l.Services, err = decodeServices(services); err != nil {
			return l, named(l.ID, err)
		}
		if l.MisAJour, err = decodeDay(day); err != nil {
			return l, named(l.ID, err)
		}
		return l, named(l.ID, decodeSlots(slots, rendezVous, &l.Horaires))
	},
}.input()

// detailColumns are the columns of the details of a lieu.
func detailColumns() (names []string) {
	for _, f := range new(lieu.Details).Fields() {
		names = append(names, f.Name)
	}
	return names
}
