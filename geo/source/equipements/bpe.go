package equipements

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
)

// readBPE reads a table of one row per equipement. Rows of no category, nine in ten of a
// national file, are dropped at their code.
func (r *reader) readBPE(t table) error {
	s, err := t.open()
	if err != nil {
		return err
	}
	defer s.Close()
	return sheet.EachRowIn(r.rec, s, func(row sheet.Row) error {
		category, ok := r.category(row.Get("typequ"))
		if !ok {
			return nil
		}
		text, field := row.First(communeColumns)
		commune, ok := r.commune(t.Name, row.Line, field, text)
		if !ok {
			return nil
		}
		e := equipement.Equipement{Category: category, Commune: commune, Nom: told(row.Get("nomrs"))}
		p, known, bad := r.position(t.Name, row, commune)
		if bad != nil {
			r.rec.Reject(t.Name, row.Line, bad.Field, bad.Value, bad.Reason)
			return nil
		}
		switch {
		case known && p == (geo.LonLat{}):
			r.rec.Skipped++ // overseas
			return nil
		case !known:
			e.Placement = equipement.ByCommune
			e.ID = commune
		default:
			if e.At = p; strings.Trim(row.Get("qualite_geoloc"), "12") == "" && row.Get("qualite_geoloc") != "" {
				e.Placement = equipement.ByAddress
			}
			e.ID = at(commune, p)
		}
		return r.keep(t.Name, row.Line, e)
	})
}

// category is that of a code; what has none is counted.
func (r *reader) category(code string) (equipement.Category, bool) {
	code = strings.ToUpper(code)
	c, ok := equipement.BPE.Of(code)
	if !ok {
		r.rec.Skipped++
		if _, known := r.unused[code]; known || len(r.unused) < source.MaxFaults {
			r.unused[code]++
		}
	}
	return c, ok
}

// told is a value of the BPE, which writes _Z for what does not apply and _U for what is not
// known.
func told(text string) string {
	if text == "_Z" || text == "_U" {
		return ""
	}
	return text
}

// overseas are the codes of communes whose coordinates are in no Lambert-93.
var overseas = regexp.MustCompile(`^9[78]`)

// position is that of a row; not known: it is to be placed at its commune. The zero position
// that is known is one of overseas, in another system.
func (r *reader) position(file string, row sheet.Row, commune string) (p geo.LonLat, known bool, bad *source.Fault) {
	x, y, lon, lat := told(row.Get("lambert_x")), told(row.Get("lambert_y")), told(row.Get("longitude")), told(row.Get("latitude"))
	quality, found := row.Get("qualite_xy"), row.Get("qualite_geoloc")
	switch {
	case lon == "" && lat == "" && x == "" && y == "":
		r.note(file, row.Line, "lambert_x, lambert_y", "équipements sans coordonnées, placés à leur commune : %d")
		return p, false, nil
	case found == "33" || strings.HasPrefix(quality, "M"):
		r.note(file, row.Line, "qualite_xy", "équipements dont l'INSEE a tiré la position au hasard dans la commune, ou l'a imputée (mauvaise qualité), placés à leur commune : %d")
		return p, false, nil
	case lon != "" && lat != "":
		p, bad = source.ParsePosition("longitude", source.DecimalPoint(lon), "latitude", source.DecimalPoint(lat))
		return p, true, bad
	case overseas.MatchString(commune):
		r.note(file, row.Line, "lambert_x, lambert_y", "équipements d'outre-mer laissés de côté, dont les coordonnées ne sont pas en Lambert-93 (EPSG:2154) ; attendu LONGITUDE et LATITUDE : %d")
		return geo.LonLat{}, true, nil
	}
	p, bad = lambert(x, y, "lambert_x", "lambert_y")
	return p, true, bad
}

// lambert reads metres of Lambert-93.
func lambert(x, y, xField, yField string) (geo.LonLat, *source.Fault) {
	east, ok := source.ParseNumber(x)
	north, fine := source.ParseNumber(y)
	if !ok || !fine {
		return geo.LonLat{}, &source.Fault{Field: xField + ", " + yField, Value: x + ", " + y, Reason: "nombres non compris ; attendu des mètres Lambert-93 (EPSG:2154), comme 745000.5 et 6940000"}
	}
	p, err := geo.Lambert93.ToLonLat(east, north)
	if err != nil || !source.InFrance(p) {
		return geo.LonLat{}, &source.Fault{Field: xField + ", " + yField, Value: x + ", " + y, Reason: "hors de France en Lambert-93 (EPSG:2154) ; attendu des mètres Lambert-93, comme 745000.5 et 6940000"}
	}
	return p, nil
}

// readCounts reads a table of how many there are in each commune, which says no more than that
// there are some.
func (r *reader) readCounts(t table) error {
	year, err := r.newest(t)
	if err != nil {
		return err
	}
	s, err := t.open()
	if err != nil {
		return err
	}
	defer s.Close()
	return sheet.EachRowIn(r.rec, s, func(row sheet.Row) error {
		text, field := row.First(communeColumns)
		code, is := unitOf(text, row.Get("geo_object"))
		when, _ := row.First(yearColumns)
		measure := row.Get("bpe_measure")
		if !is || year != "" && when != year || measure != "" && !strings.HasPrefix(strings.ToUpper(measure), "FACILIT") {
			r.rec.Skipped++
			return nil
		}
		if t.of == counted {
			kind, _ := row.First(typeColumns)
			if kind == "_T" {
				r.rec.Skipped++
				return nil
			}
			count, column := row.First(countColumns)
			return r.keepCount(t.Name, row.Line, field, code, kind, column, count)
		}
		// A row of several columns is counted once.
		accepted, merged, rejected := r.rec.Accepted, r.rec.Merged, len(r.rec.Rejected)
		for i, name := range s.Header {
			if m := wideColumn.FindStringSubmatch(name); m != nil {
				if _, ok := equipement.BPE.Of(strings.ToUpper(m[1])); ok {
					if err := r.keepCount(t.Name, row.Line, field, code, m[1], name, source.Clean(row.Fields[i])); err != nil {
						return err
					}
				}
			}
		}
		for range r.rec.Accepted - accepted - 1 {
			r.rec.Beside()
		}
		if joined := r.rec.Merged > merged; r.rec.Accepted == accepted && len(r.rec.Rejected) == rejected && joined {
			merged++
		} else if r.rec.Accepted == accepted && len(r.rec.Rejected) == rejected {
			r.rec.Skipped++
		}
		r.rec.Merged = merged
		return nil
	})
}

// keepCount keeps a code of a commune that has some.
func (r *reader) keepCount(file string, row int, field, code, kind, column, count string) error {
	category, ok := r.category(kind)
	if !ok {
		return nil
	}
	n, fine := 0.0, true
	if count = told(count); count != "" {
		n, fine = source.ParseNumber(count)
	}
	switch {
	case !fine || n < 0:
		r.rec.Reject(file, row, column, count, "nombre non compris ; attendu combien il y en a dans la commune")
		return nil
	case n == 0:
		if column != "nb_"+kind {
			r.rec.Skipped++
		}
		return nil
	}
	commune, ok := r.commune(file, row, field, code)
	if !ok {
		return nil
	}
	r.note(file, row, "", "équipements comptés par commune, placés à leur commune (par catégorie) : %d")
	return r.keep(file, row, equipement.Equipement{ID: commune, Category: category, Commune: commune, Placement: equipement.ByCommune})
}

// newest is the last year of a table of several; empty: it tells none.
func (r *reader) newest(t table) (year string, err error) {
	if !slices.ContainsFunc(yearColumns, func(c string) bool { return slices.Contains(t.header, c) }) {
		return "", nil
	}
	s, err := t.open()
	if err != nil {
		return "", err
	}
	defer s.Close()
	several := false
	err = s.Each(func(row sheet.Row) error {
		when, _ := row.First(yearColumns)
		several = several || year != "" && when != year
		year = max(year, when)
		return nil
	}, nil)
	if err == nil && several {
		r.rec.Warn(t.Name, 0, "", "", fmt.Sprintf("plusieurs années dans le fichier : seule la plus récente, %s, est lue", year))
	}
	return year, err
}

// unitOf is the code of a commune, or of an arrondissement of a town, that the column GEO
// names: 2024-COM-02408, COM-02408, or 02408 of the object COM.
func unitOf(text, object string) (code string, is bool) {
	for _, level := range []string{"COM", "ARM"} {
		if before, after, found := strings.Cut(text, level+"-"); found {
			if _, err := strconv.Atoi(strings.TrimSuffix(before, "-")); before == "" || err == nil {
				return after, true
			}
		}
	}
	return text, object == "" && !strings.Contains(text, "-") || object == "COM" || object == "ARM"
}
