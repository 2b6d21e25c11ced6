package source

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Communes reads GeoJSON collections of communes, with these properties:
//
//	code          COG code, a text of five characters
//	nom           name
//	epci or siren SIREN of the EPCI; empty or absent when it has none
//	population    municipal population, an integer
//	point         [lon, lat], optional: a point inside, for the label
//
// An outline is a Polygon or MultiPolygon, with holes, in WGS 84 degrees; it is
// wound as RFC 7946 wants. A point that is absent is computed; one that is not
// inside is computed again, with a warning. Everything else that is wrong rejects
// the commune: a population that is unknown is not zero.
func Communes(in []Input, o Options) (*Import[admin.Commune], error) {
	return open(store.Communes, in, o, always("GeoJSON"), func(rec *recorder, files []file, emit func(admin.Commune) error) error {
		return eachPlace(rec, files, readCommune, emit)
	})
}

// EPCI reads GeoJSON collections of EPCI, outlined like communes: properties code
// or siren (nine digits) and nom. Their population is the sum of their communes
// and is not read.
func EPCI(in []Input, o Options) (*Import[admin.EPCI], error) {
	return open(store.EPCI, in, o, always("GeoJSON"), func(rec *recorder, files []file, emit func(admin.EPCI) error) error {
		return eachPlace(rec, files, readEPCI, emit)
	})
}

// eachPlace reads features, makes a row of each and rejects codes seen before.
func eachPlace[T any](rec *recorder, files []file, read func(place) (code string, row T, bad *fault), emit func(T) error) error {
	seen := map[string]address{}
	for _, f := range files {
		use := func(n int, ft feature) error {
			rec.Read++
			code, row, bad := read(place{rec, f.Name, n, ft})
			if bad == nil {
				first, dup := seen[code]
				if !dup {
					seen[code] = address{f.Name, n}
					return emit(row)
				}
				bad = &fault{"code", code, "code déjà présent à " + first.String()}
			}
			rec.reject(f.Name, n, bad.field, bad.value, bad.reason)
			return rec.overflow()
		}
		bad := func(n int, reason string) error {
			rec.Read++
			rec.reject(f.Name, n, "", "", reason)
			return rec.overflow()
		}
		if err := eachFeature(f, use, bad); err != nil {
			return err
		}
	}
	return nil
}

// place is one feature and where it stands.
type place struct {
	rec  *recorder
	file string
	row  int
	feature
}

// text reads a property written as a text; number reports that it is a number.
func (p place) text(name string) (value string, number bool) {
	raw := p.Properties[name]
	if json.Unmarshal(raw, &value) == nil {
		return clean(value), false
	}
	return string(raw), len(raw) > 0 && (raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9')
}

// siren reads the first of the named properties that is not empty. A SIREN has no
// leading zero to lose, so one written as a number is as good.
func (p place) siren(names ...string) (string, *fault) {
	for _, name := range names {
		v, _ := p.text(name)
		if v != "" && !sirenCode.MatchString(v) {
			return "", &fault{name, v, "SIREN non compris ; attendu neuf chiffres, comme 200072031"}
		}
		if v != "" {
			return v, nil
		}
	}
	return "", nil
}

// nom reads the name, which every place must have.
func (p place) nom() (string, *fault) {
	v, number := p.text("nom")
	if v == "" || number || p.Properties["nom"][0] != '"' {
		return "", &fault{"nom", v, "nom absent ; attendu un texte"}
	}
	return v, nil
}

func readCommune(p place) (code string, c admin.Commune, bad *fault) {
	code, number := p.text("code")
	if number {
		return code, c, &fault{"code", code, "code écrit comme un nombre, qui perd son zéro initial ; attendu un texte de cinq caractères, comme \"02408\""}
	}
	if why := codeFault(code); why != "" {
		return code, c, &fault{"code", code, why}
	}
	c.Code = code
	if c.Nom, bad = p.nom(); bad != nil {
		return code, c, bad
	}
	if c.EPCI, bad = p.siren("epci", "siren"); bad != nil {
		return code, c, bad
	}
	if c.Population, bad = p.population(); bad != nil {
		return code, c, bad
	}
	outline, value, reason := readOutline(p.Geometry)
	if reason != "" {
		return code, c, &fault{"geometry", value, reason}
	}
	c.Outline = outline
	c.Point = p.point(outline)
	return code, c, nil
}

func readEPCI(p place) (code string, e admin.EPCI, bad *fault) {
	if e.Code, bad = p.siren("code", "siren"); bad != nil {
		return e.Code, e, bad
	}
	if e.Code == "" {
		return e.Code, e, &fault{"code", "", "SIREN absent ; attendu neuf chiffres dans la propriété code ou siren"}
	}
	if e.Nom, bad = p.nom(); bad != nil {
		return e.Code, e, bad
	}
	outline, value, reason := readOutline(p.Geometry)
	if reason != "" {
		return e.Code, e, &fault{"geometry", value, reason}
	}
	e.Outline = outline
	return e.Code, e, nil
}

func (p place) population() (int, *fault) {
	raw := bytes.TrimSpace(p.Properties["population"])
	if len(raw) == 0 || string(raw) == "null" {
		return 0, &fault{"population", "", "population absente ; attendu un nombre entier, 0 seulement si la commune est inhabitée"}
	}
	n, err := strconv.ParseUint(string(raw), 10, 31)
	if err != nil {
		return 0, &fault{"population", string(raw), "population non comprise ; attendu un nombre entier, positif ou nul"}
	}
	return int(n), nil
}

// point reads the optional point of a commune, or computes one.
func (p place) point(outline orb.MultiPolygon) geo.LonLat {
	raw, ok := p.Properties["point"]
	if !ok || string(raw) == "null" {
		return innerPoint(outline)
	}
	var at []float64
	if json.Unmarshal(raw, &at) == nil && len(at) == 2 {
		if q := (geo.LonLat{Lon: at[0], Lat: at[1]}); inside(outline, q) {
			return q
		}
	}
	p.rec.warn(p.file, p.row, "point", string(raw), "point hors du contour, recalculé ; attendu [longitude, latitude] dans la commune")
	return innerPoint(outline)
}
