package table

import (
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
)

// lieux are rows of the table lieux.
var lieux = kind[lieu.Lieu]{
	rows: store.Lieux,
	tables: []Table{{"lieux", true, []string{"dataset", "position", "id", "nom", "commune", "commune_nom",
		"code_postal", "adresse", "typologie", "services", "horaires", "horaires_creneaux",
		"itinerant", "sans_public", "source", "mis_a_jour", "site_web", "frais", "dispositif"}}},
	encode: func(l lieu.Lieu, put func(int, orb.Geometry, ...any) error) error {
		return put(0, place(l.At, l.Located), l.ID, l.Nom, optional(l.Commune), optional(l.CommuneNom),
			optional(l.CodePostal), optional(l.Adresse), optional(l.Typologie), encodeServices(l.Services),
			optional(l.Horaires.Text), encodeSlots(&l.Horaires),
			l.Itinerant, l.NoPublic, optional(l.Source), encodeDay(l.MisAJour), optional(l.SiteWeb),
			optional(l.Frais), optional(l.Dispositif))
	},
	query: `
	SELECT id, nom, COALESCE(commune, ''), COALESCE(commune_nom, ''), COALESCE(code_postal, ''),
		COALESCE(adresse, ''), COALESCE(typologie, ''), COALESCE(services, ''), COALESCE(horaires, ''),
		horaires_creneaux, itinerant, sans_public, COALESCE(source, ''), COALESCE(CAST(mis_a_jour AS TEXT), ''),
		COALESCE(site_web, ''), COALESCE(frais, ''), COALESCE(dispositif, ''), geom
	FROM lieux ORDER BY dataset, position`,
	scan: func(row Row, geometry Geometry) (l lieu.Lieu, err error) {
		var geom orb.Geometry
		var slots blob
		var services, day string
		if err := row.Scan(&l.ID, &l.Nom, &l.Commune, &l.CommuneNom, &l.CodePostal,
			&l.Adresse, &l.Typologie, &services, &l.Horaires.Text,
			&slots, &l.Itinerant, &l.NoPublic, &l.Source, &day,
			&l.SiteWeb, &l.Frais, &l.Dispositif, geometry(&geom)); err != nil {
			return l, named(l.ID, err)
		}
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
		return l, named(l.ID, decodeSlots(slots, &l.Horaires))
	},
}.input()
