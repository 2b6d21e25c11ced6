package source

import (
	"errors"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
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
// Rows of the same tournee are one tour, in the order of its rows; nom, lieu_id,
// services (labels or slugs) and depot are read from its first row and may be
// left empty in the others. quand is in the opening_hours syntax. Tours come in
// the order of their first row.
//
// Rejected: no tournee or arret, a stop without a position. Kept with a warning:
// a commune, service, depot or quand that is not understood, a row that
// contradicts the first one of its tour.
func Tournees(in []Input, o Options) (*Import[lieu.Tournee], error) {
	return open(store.Tournees, in, o, always("CSV"), readTournees)
}

func readTournees(rec *recorder, files []file, emit func(lieu.Tournee) error) error {
	var tours []*lieu.Tournee
	first := map[string]row{} // by tournee: the row that says what the tour is
	byID := map[string]*lieu.Tournee{}
	err := eachRow(rec, files, tourneesColumns, func(r row) error {
		id := r.get("tournee")
		if id == "" {
			rec.reject(r.t.name, r.line, "tournee", "", "valeur absente ; attendu l'identifiant de la tournée")
			return nil
		}
		stop, ok := readStop(rec, r)
		if !ok {
			return nil
		}
		tour := byID[id]
		if tour == nil {
			t := readTour(rec, r, id)
			tour = &t
			byID[id] = tour
			first[id] = row{r.t, r.line, slices.Clone(r.fields)}
			tours = append(tours, tour)
		} else {
			rec.Merged++
			head := first[id]
			for _, field := range []string{"nom", "lieu_id", "services", "depot_lon", "depot_lat"} {
				if v := r.get(field); v != "" && v != head.get(field) {
					rec.warn(r.t.name, r.line, field, v, "diffère de la première ligne de la tournée ("+address{head.t.name, head.line}.String()+"), qui l'emporte")
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
func readTour(rec *recorder, r row, id string) lieu.Tournee {
	warn := func(field, value, reason string) { rec.warn(r.t.name, r.line, field, value, reason) }
	t := lieu.Tournee{ID: id, Nom: r.get("nom"), LieuID: r.get("lieu_id")}
	for _, label := range splitList(r.get("services")) {
		s, err := lieu.ParseService(label)
		if err != nil || s == lieu.Any {
			warn("services", label, "service inconnu, laissé de côté ; attendu un des neuf libellés du schéma national v1.0.2")
			continue
		}
		t.Services = t.Services.With(s)
	}
	if t.LieuID == "" && t.Services == 0 {
		warn("services", "", "ni service ni lieu_id : les arrêts ne compteront dans aucun calcul")
	}
	lon, lat := r.get("depot_lon"), r.get("depot_lat")
	if lon == "" && lat == "" {
		return t
	}
	p, bad := parsePosition("depot_lon", lon, "depot_lat", lat)
	if bad != nil {
		warn(bad.field, bad.value, "dépôt laissé inconnu : "+bad.reason)
		return t
	}
	t.Depot, t.HasDepot = p, true
	return t
}

func readStop(rec *recorder, r row) (lieu.Stop, bool) {
	s := lieu.Stop{Nom: r.get("arret"), Commune: r.get("commune")}
	if s.Nom == "" {
		rec.reject(r.t.name, r.line, "arret", "", "valeur absente ; attendu le nom de l'arrêt")
		return s, false
	}
	p, bad := parsePosition("lon", r.get("lon"), "lat", r.get("lat"))
	if bad == nil && p == (geo.LonLat{}) {
		bad = &fault{"lon, lat", "0, 0", "coordonnées nulles ; attendu la position de l'arrêt"}
	}
	if bad != nil {
		rec.reject(r.t.name, r.line, bad.field, bad.value, bad.reason)
		return s, false
	}
	s.At = p
	if s.Commune != "" {
		if why := codeFault(s.Commune); why != "" {
			rec.warn(r.t.name, r.line, "commune", s.Commune, why)
			s.Commune = ""
		}
	}
	s.Horaires = readHoraires(rec, r, "quand")
	if s.Horaires.Text == "" {
		rec.warn(r.t.name, r.line, "quand", "", "horaires absents : l'arrêt a des horaires inconnus")
	}
	return s, true
}

var secteursColumns = []string{"secteur", "code", "nom"}

// Secteurs reads CSV files with one row per commune: secteur (the name of the
// secteur), code and nom of the commune. The code of a secteur is made from its
// name; names that give the same code are one secteur. Secteurs come in the
// order of their first row, their communes sorted.
//
// Rejected: no secteur, a code that is not a commune's, a commune twice in one
// secteur.
func Secteurs(in []Input, o Options) (*Import[admin.Secteur], error) {
	return open(store.Secteurs, in, o, always("CSV"), readSecteurs)
}

func readSecteurs(rec *recorder, files []file, emit func(admin.Secteur) error) error {
	var secteurs []*admin.Secteur
	byCode := map[string]*admin.Secteur{}
	type member struct{ secteur, commune string }
	seen := map[member]address{}
	err := eachRow(rec, files, secteursColumns, func(r row) error {
		reject := func(field, value, reason string) error {
			rec.reject(r.t.name, r.line, field, value, reason)
			return nil
		}
		name, commune := r.get("secteur"), r.get("code")
		code := slug(name)
		if code == "" {
			return reject("secteur", name, "nom de secteur absent ; attendu des lettres ou des chiffres")
		}
		if why := codeFault(commune); why != "" {
			return reject("code", commune, why)
		}
		if first, dup := seen[member{code, commune}]; dup {
			return reject("code", commune, "commune déjà dans ce secteur à "+first.String())
		}
		seen[member{code, commune}] = address{r.t.name, r.line}
		s := byCode[code]
		if s == nil {
			s = &admin.Secteur{Code: code, Nom: name}
			byCode[code] = s
			secteurs = append(secteurs, s)
		} else {
			rec.Merged++
		}
		s.Communes = append(s.Communes, commune)
		return nil
	})
	if err != nil {
		return err
	}
	for _, s := range secteurs {
		slices.Sort(s.Communes)
		if err := emit(*s); err != nil {
			return err
		}
	}
	return nil
}
