package source

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
)

// The columns of the national schema that a file of lieux cannot go without: the
// schema's own required ones that we use, and those that the product rests on.
var lieuxColumns = []string{"id", "nom", "commune", "code_postal", "adresse", "latitude", "longitude", "date_maj", "services"}

// Lieux reads CSV files of the national schema v1.0.2. Phones and mails are
// never kept.
//
// Rejected: no id or nom, an id already seen, coordinates that are not degrees,
// latitude and longitude swapped. Kept with a warning: no coordinates or 0/0
// (Located is false), services, horaires, code_insee, date_maj or site_web that
// are not understood, which are then unknown.
func Lieux(in []Input, o Options) (*Import[lieu.Lieu], error) {
	return open(store.Lieux, in, o, always("CSV, schéma lieux de médiation numérique v1.0.2"), readLieux)
}

func readLieux(rec *recorder, files []file, emit func(lieu.Lieu) error) error {
	seen := map[string]address{}
	for _, f := range files {
		middle, err := medianPosition(f)
		if err != nil {
			return err
		}
		err = eachRowOf(rec, f, lieuxColumns, func(r row) error {
			l, ok := readLieu(rec, r, middle)
			if !ok {
				return nil
			}
			if first, dup := seen[l.ID]; dup {
				rec.reject(f.Name, r.line, "id", l.ID, "identifiant déjà présent à "+first.String())
				return nil
			}
			seen[l.ID] = address{f.Name, r.line}
			return emit(l)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// readLieu reads one row. When it is not ok, the row is already rejected.
func readLieu(rec *recorder, r row, middle median) (l lieu.Lieu, ok bool) {
	file, line := r.t.name, r.line
	warn := func(field, value, reason string) { rec.warn(file, line, field, value, reason) }
	for _, field := range []string{"id", "nom"} {
		if r.get(field) == "" {
			rec.reject(file, line, field, "", "valeur absente ; chaque lieu doit en avoir une")
			return l, false
		}
	}
	l = lieu.Lieu{
		ID:         r.get("id"),
		Nom:        r.get("nom"),
		Commune:    strings.ToUpper(r.get("code_insee")),
		CommuneNom: r.get("commune"),
		CodePostal: r.get("code_postal"),
		Adresse:    r.get("adresse"),
		Typologie:  r.get("typologie"),
		Source:     r.get("source"),
		Frais:      r.get("frais_a_charge"),
		Dispositif: r.get("dispositif_programmes_nationaux"),
	}
	if bad := locate(rec, r, middle, &l); bad != nil {
		rec.reject(file, line, bad.field, bad.value, bad.reason)
		return l, false
	}
	for _, field := range []string{"commune", "code_postal", "adresse"} {
		if r.get(field) == "" {
			warn(field, "", "valeur absente ; le schéma national la rend obligatoire")
		}
	}
	if l.Commune != "" {
		if why := codeFault(l.Commune); why != "" {
			warn("code_insee", l.Commune, why)
			l.Commune = ""
		}
	}
	for _, label := range splitList(r.get("services")) {
		s, err := lieu.ParseService(label)
		if err != nil || s == lieu.Any || s.Label() != label {
			warn("services", label, "service inconnu, laissé de côté ; attendu un des neuf libellés du schéma national v1.0.2")
			continue
		}
		l.Services = l.Services.With(s)
	}
	l.Horaires = readHoraires(rec, r, "horaires")
	modes := splitList(r.get("itinerance"))
	l.Itinerant = slices.Contains(modes, "Itinérant") && !slices.Contains(modes, "Fixe")
	for _, m := range modes {
		if m != "Itinérant" && m != "Fixe" {
			warn("itinerance", m, "valeur non comprise, laissée de côté ; attendu Fixe ou Itinérant")
		}
	}
	for _, m := range splitList(r.get("modalites_acces")) {
		if strings.ReplaceAll(m, "’", "'") == "Ce lieu n'accueille pas de public" {
			l.NoPublic = true
		}
	}
	if text := r.get("date_maj"); text != "" {
		var known bool
		if l.MisAJour, known = readDate(text); !known {
			warn("date_maj", text, "date non comprise, laissée inconnue ; attendu AAAA-MM-JJ, comme 2024-08-01")
		}
	}
	for _, site := range splitList(r.get("site_web")) {
		switch {
		case !webAddress(site):
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

// readHoraires reads a column of hours; what is not understood is unknown, with
// a warning that gives the text.
func readHoraires(rec *recorder, r row, column string) lieu.Horaires {
	text := r.get(column)
	h, err := lieu.ParseHoraires(text)
	if err != nil {
		rec.warn(r.t.name, r.line, column, text, "horaires non compris, laissés inconnus : "+horairesReason(err))
	}
	return h
}

// locate fills the position of l. A lieu without coordinates is kept.
func locate(rec *recorder, r row, middle median, l *lieu.Lieu) *fault {
	lon, lat := r.get("longitude"), r.get("latitude")
	if lon == "" || lat == "" {
		rec.warn(r.t.name, r.line, "latitude, longitude", "", "coordonnées absentes ; le lieu est gardé mais ne compte dans aucun calcul")
		return nil
	}
	p, bad := parsePosition("longitude", lon, "latitude", lat)
	if bad != nil {
		return bad
	}
	if p == (geo.LonLat{}) {
		rec.warn(r.t.name, r.line, "latitude, longitude", lat+", "+lon, "coordonnées nulles ; le lieu est gardé mais ne compte dans aucun calcul")
		return nil
	}
	if middle.swapped(p) {
		return &fault{"latitude, longitude", lat + ", " + lon,
			"latitude et longitude échangées : les lieux du fichier sont autour de " + middle.String() + " ; attendu la latitude dans la colonne latitude"}
	}
	l.At, l.Located = p, true
	return nil
}

// median is the middle of the positions of one file: half are on each side, in
// longitude and in latitude. known is false below three positions.
type median struct {
	geo.LonLat
	known bool
}

// String is the median as latitude and longitude, to a tenth of a degree.
func (m median) String() string {
	return strconv.FormatFloat(m.Lat, 'f', 1, 64) + ", " + strconv.FormatFloat(m.Lon, 'f', 1, 64)
}

// swapped reports whether p with its two numbers exchanged is seven times nearer
// to the median than p itself, and p more than a degree away. With the median of
// mainland France, all of the mainland passes, and Mayotte, the overseas
// territory whose numbers look most like swapped ones, stays what it is.
func (m median) swapped(p geo.LonLat) bool {
	if !m.known {
		return false
	}
	direct := math.Abs(p.Lon-m.Lon) + math.Abs(p.Lat-m.Lat)
	exchanged := math.Abs(p.Lat-m.Lon) + math.Abs(p.Lon-m.Lat)
	return direct > 1 && exchanged*7 < direct
}

// medianPosition makes a pass over the coordinates of a file. When latitude and
// longitude are exchanged in all of the file, no row can show it: mainland
// France, seen in that mirror, lies off Somalia, where there is no lieu.
func medianPosition(f file) (median, error) {
	t, err := openTable(f, lieuxColumns...)
	if err != nil {
		return median{}, err
	}
	defer t.close()
	var lons, lats []float64
	err = t.each(func(r row) error {
		p, bad := parsePosition("longitude", r.get("longitude"), "latitude", r.get("latitude"))
		if bad == nil && p != (geo.LonLat{}) {
			lons, lats = append(lons, p.Lon), append(lats, p.Lat)
		}
		return nil
	}, nil)
	if err != nil || len(lons) < 3 {
		return median{}, err
	}
	slices.Sort(lons)
	slices.Sort(lats)
	m := median{geo.LonLat{Lon: lons[len(lons)/2], Lat: lats[len(lats)/2]}, true}
	if m.Lat > -6 && m.Lat < 11 && m.Lon > 41 && m.Lon < 52 {
		return m, failAt(f.Name, 0, "latitude et longitude échangées dans tout le fichier (médianes %s) ; attendu la latitude dans la colonne latitude", m)
	}
	return m, nil
}
