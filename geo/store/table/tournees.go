package table

import (
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
)

// tournees are rows of the table tournees.
var tournees = kind[lieu.Tournee]{
	rows: store.Tournees,
	tables: []Table{
		{"tournees", true, []string{"dataset", "position", "id", "nom", "lieu_id", "services"}},
		{"stops", true, []string{"dataset", "position", "rang", "nom", "commune", "horaires", "horaires_creneaux", "rendez_vous_creneaux"}},
	},
	encode: func(t lieu.Tournee, put func(int, orb.Geometry, ...any) error) error {
		if err := put(0, place(t.Depot, t.HasDepot), t.ID, optional(t.Nom), optional(t.LieuID), encodeServices(t.Services)); err != nil {
			return err
		}
		for rang, stop := range t.Stops {
			if err := put(1, point(stop.At), rang, stop.Nom, optional(stop.Commune),
				optional(stop.Horaires.Text), encodeSlots(&stop.Horaires), encodeRendezVous(&stop.Horaires)); err != nil {
				return err
			}
		}
		return nil
	},
	query: `
	SELECT COALESCE(s.rang, 0), t.id, COALESCE(t.nom, ''), COALESCE(t.lieu_id, ''), COALESCE(t.services, ''),
		COALESCE(s.nom, ''), COALESCE(s.commune, ''), COALESCE(s.horaires, ''), s.horaires_creneaux, s.rendez_vous_creneaux, t.geom, s.geom
	FROM tournees AS t LEFT JOIN stops AS s ON s.dataset = t.dataset AND s.position = t.position
	ORDER BY t.dataset, t.position, s.rang`,
	// A record is a tournée with its first stop, or another stop alone.
	scan: func(row Row, geometry Geometry) (t lieu.Tournee, err error) {
		var depot, at orb.Geometry
		var slots, rendezVous blob
		var rang int
		var services string
		var stop lieu.Stop
		if err := row.Scan(&rang, &t.ID, &t.Nom, &t.LieuID, &services,
			&stop.Nom, &stop.Commune, &stop.Horaires.Text, &slots, &rendezVous, geometry(&depot), geometry(&at)); err != nil {
			return t, named(t.ID, err)
		}
		if at != nil { // nil by the outer join: a tournée without stops
			p, err := as[orb.Point](at)
			if err != nil {
				return t, named(t.ID, err)
			}
			stop.At = position(p)
			if err := decodeSlots(slots, rendezVous, &stop.Horaires); err != nil {
				return t, named(t.ID, err)
			}
			t.Stops = []lieu.Stop{stop}
		}
		if rang > 0 {
			return lieu.Tournee{Stops: t.Stops}, nil
		}
		if t.HasDepot = depot != nil; t.HasDepot {
			p, err := as[orb.Point](depot)
			if err != nil {
				return t, named(t.ID, err)
			}
			t.Depot = position(p)
		}
		t.Services, err = decodeServices(services)
		return t, named(t.ID, err)
	},
	joins: func(last *lieu.Tournee, next lieu.Tournee) bool {
		if next.ID != "" { // no tournée has none
			return false
		}
		last.Stops = append(last.Stops, next.Stops...)
		return true
	},
}.input()
