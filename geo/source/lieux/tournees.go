package lieux

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
	"github.com/aisne-numerique/maillage/geo/store"
)

// horairesReason is the sentence of err without the text, which the report shows
// beside it.
func horairesReason(err error) string {
	var h *lieu.HorairesError
	if errors.As(err, &h) {
		return h.AtReason()
	}
	return err.Error()
}

var tourneesColumns = []string{"tournee", "nom", "lieu_id", "services", "depot_lon", "depot_lat", "arret", "commune", "lon", "lat", "quand"}

// Tournees reads CSV files with one row per stop:
//
//	tournee,nom,lieu_id,services,depot_lon,depot_lat,arret,commune,lon,lat,quand
//
// Decimal commas, and codes of communes without their zero, are read.
//
// Rows of the same tournee are one tour, in the order of its rows; nom, lieu_id,
// services (labels or slugs) and depot are read from its first row and may be
// left empty in the others. quand is in the opening_hours syntax. Tours come in
// the order of their first row.
//
// Rejected: no tournee or arret, a stop without a position. Kept with a warning:
// a commune, service, depot or quand that is not understood, a row that
// contradicts the first one of its tour.
func Tournees(ctx context.Context, in []source.Input, o source.Options) (*source.Import[lieu.Tournee], error) {
	return source.Open(ctx, store.Tournees, in, o, sheet.Format, func(rec *source.Recorder, files []source.File, emit func(lieu.Tournee) error) error {
		return readTournees(rec, o.Moves, files, emit)
	})
}

func readTournees(rec *source.Recorder, moves *source.Moves, files []source.File, emit func(lieu.Tournee) error) error {
	var tours []*lieu.Tournee
	first := map[string]sheet.Row{} // by tournee: the row that says what the tour is
	byID := map[string]*lieu.Tournee{}
	err := sheet.EachRow(rec, files, tourneesColumns, func(r sheet.Row) error {
		id := r.Get("tournee")
		if id == "" {
			rec.Reject(r.Table.Name, r.Line, "tournee", "", "valeur absente ; attendu l'identifiant de la tournée")
			return nil
		}
		stop, ok := readStop(rec, moves, r)
		if !ok {
			return nil
		}
		tour := byID[id]
		if tour == nil {
			t := readTour(rec, r, id)
			tour = &t
			byID[id] = tour
			first[id] = sheet.Row{Table: r.Table, Line: r.Line, Fields: slices.Clone(r.Fields)}
			tours = append(tours, tour)
		} else {
			rec.Merged++
			head := first[id]
			for _, field := range []string{"nom", "lieu_id", "services", "depot_lon", "depot_lat"} {
				if v := r.Get(field); v != "" && v != head.Get(field) {
					rec.Warn(r.Table.Name, r.Line, field, v, "diffère de la première ligne de la tournée ("+source.Address{File: head.Table.Name, Row: head.Line}.String()+"), qui l'emporte")
				}
			}
		}
		tour.Stops = append(tour.Stops, stop)
		return nil
	})
	if err != nil {
		return err
	}
	for _, t := range tours {
		if err := emit(*t); err != nil {
			return err
		}
	}
	return nil
}

// readTour reads what the first row of a tour says of it as a whole.
func readTour(rec *source.Recorder, r sheet.Row, id string) lieu.Tournee {
	warn := func(field, value, reason string) { rec.Warn(r.Table.Name, r.Line, field, value, reason) }
	t := lieu.Tournee{ID: id, Nom: plain(r.Get("nom")), LieuID: r.Get("lieu_id")}
	for _, label := range source.SplitList(r.Get("services")) {
		s, known := serviceLabel(label)
		if !known {
			warn("services", label, "service inconnu, laissé de côté ; attendu un des neuf libellés du schéma national v1.0.2")
			continue
		}
		t.Services = t.Services.With(s)
	}
	if t.LieuID == "" && t.Services == 0 {
		warn("services", "", "ni service ni lieu_id : les arrêts ne compteront dans aucun calcul")
	}
	lon, lat := r.Get("depot_lon"), r.Get("depot_lat")
	if lon == "" && lat == "" {
		return t
	}
	p, bad := source.ParsePosition("depot_lon", source.DecimalPoint(lon), "depot_lat", source.DecimalPoint(lat))
	if bad != nil {
		warn(bad.Field, bad.Value, "dépôt laissé inconnu : "+bad.Reason)
		return t
	}
	t.Depot, t.HasDepot = p, true
	return t
}

func readStop(rec *source.Recorder, moves *source.Moves, r sheet.Row) (lieu.Stop, bool) {
	s := lieu.Stop{Nom: plain(r.Get("arret")), Commune: strings.ToUpper(r.Get("commune"))}
	if len(s.Commune) == 4 && source.CodeFault("0"+s.Commune) == "" {
		s.Commune = "0" + s.Commune
	}
	if s.Nom == "" {
		rec.Reject(r.Table.Name, r.Line, "arret", "", "valeur absente ; attendu le nom de l'arrêt")
		return s, false
	}
	p, bad := source.ParsePosition("lon", source.DecimalPoint(r.Get("lon")), "lat", source.DecimalPoint(r.Get("lat")))
	if bad == nil && p == (geo.LonLat{}) {
		bad = &source.Fault{Field: "lon, lat", Value: "0, 0", Reason: "coordonnées nulles ; attendu la position de l'arrêt"}
	}
	if bad != nil {
		rec.Reject(r.Table.Name, r.Line, bad.Field, bad.Value, bad.Reason)
		return s, false
	}
	s.At = p
	if s.Commune != "" {
		if why := source.CodeFault(s.Commune); why != "" {
			rec.Warn(r.Table.Name, r.Line, "commune", s.Commune, why)
			s.Commune = ""
		}
		s.Commune = moves.Now(rec, r.Table.Name, r.Line, "commune", s.Commune)
	}
	s.Horaires = parseHoraires(rec, r.Table.Name, r.Line, "quand", plain(r.Get("quand")))
	if s.Horaires.Text == "" {
		rec.Warn(r.Table.Name, r.Line, "quand", "", "horaires absents : l'arrêt a des horaires inconnus")
	}
	return s, true
}
