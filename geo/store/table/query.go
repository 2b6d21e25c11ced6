package table

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Geometry makes what Scan of a database takes to read a geometry into a variable: NULL
// is nil.
type Geometry func(to *orb.Geometry) any

// Row is the current row of an answer.
type Row interface{ Scan(to ...any) error }

// Query reads the rows of a kind, in the order that the contract wants. It is one
// SELECT, so that it sees one moment of the database.
type Query[T any] struct {
	What string // for errors
	SQL  string
	scan func(row Row, geometry Geometry) (T, error)
}

// Scan reads one row. Geometries are read last, so that an error about them can name the
// row.
func (q Query[T]) Scan(row Row, geometry Geometry) (T, error) { return q.scan(row, geometry) }

// blob is bytes or text that are valid until the next row: no copy is made.
type blob []byte

// Scan takes what database/sql gives.
func (b *blob) Scan(src any) error {
	switch src := src.(type) {
	case nil:
		*b = nil
	case []byte:
		*b = src
	case string:
		*b = []byte(src)
	default:
		return fmt.Errorf("a %T; expected bytes", src)
	}
	return nil
}

// ScanBytes takes what pgx gives.
func (b *blob) ScanBytes(src []byte) error {
	*b = src
	return nil
}

// ReadManifests reads the datasets, sorted by (kind, dataset).
var ReadManifests = Query[store.Manifest]{"manifests", `
	SELECT kind, dataset, row_count, format, source, COALESCE(licence, ''), COALESCE(vintage, ''), COALESCE(modelled, ''), files
	FROM datasets ORDER BY kind, dataset`,
	func(row Row, _ Geometry) (m store.Manifest, err error) {
		var files blob
		if err := row.Scan(&m.Kind, &m.Dataset, &m.Rows, &m.Format, &m.Source, &m.Licence, &m.Vintage, &m.Modelled, &files); err != nil {
			return m, err
		}
		return m, json.Unmarshal(files, &m.Files)
	}}

// ManifestColumns are filled by [ManifestValues].
var ManifestColumns = []string{"kind", "dataset", "row_count", "format", "source", "licence", "vintage", "modelled", "files"}

// ManifestValues are the values of a row of datasets.
func ManifestValues(m store.Manifest) ([]any, error) {
	files, err := toJSON(append([]store.File{}, m.Files...)) // none is [], not null
	return []any{string(m.Kind), m.Dataset, m.Rows, m.Format, m.Source,
		optional(m.Licence), optional(m.Vintage), optional(m.Modelled), files}, err
}

// ReadCommunes reads the communes.
var ReadCommunes = Query[admin.Commune]{"communes", `
	SELECT code, nom, COALESCE(epci, ''), population_habitants, point_lon_deg, point_lat_deg, geom
	FROM communes ORDER BY dataset, position`,
	func(row Row, geometry Geometry) (c admin.Commune, err error) {
		var geom orb.Geometry
		if err := row.Scan(&c.Code, &c.Nom, &c.EPCI, &c.Population, &c.Point.Lon, &c.Point.Lat, geometry(&geom)); err != nil {
			return c, named(c.Code, err)
		}
		c.Outline, err = as[orb.MultiPolygon](geom)
		return c, named(c.Code, err)
	}}

// ReadEPCI reads the EPCI.
var ReadEPCI = Query[admin.EPCI]{"epci", `SELECT code, nom, geom FROM epci ORDER BY dataset, position`,
	func(row Row, geometry Geometry) (e admin.EPCI, err error) {
		var geom orb.Geometry
		if err := row.Scan(&e.Code, &e.Nom, geometry(&geom)); err != nil {
			return e, named(e.Code, err)
		}
		e.Outline, err = as[orb.MultiPolygon](geom)
		return e, named(e.Code, err)
	}}

// ReadSecteurs reads the secteurs.
var ReadSecteurs = Query[admin.Secteur]{"secteurs", `SELECT code, nom, communes FROM secteurs ORDER BY dataset, position`,
	func(row Row, _ Geometry) (sec admin.Secteur, err error) {
		var communes blob
		if err := row.Scan(&sec.Code, &sec.Nom, &communes); err != nil {
			return sec, err
		}
		return sec, named(sec.Code, json.Unmarshal(communes, &sec.Communes))
	}}

// ReadLieux reads the lieux.
var ReadLieux = Query[lieu.Lieu]{"lieux", `
	SELECT id, nom, COALESCE(commune, ''), COALESCE(commune_nom, ''), COALESCE(code_postal, ''),
		COALESCE(adresse, ''), COALESCE(typologie, ''), COALESCE(services, ''), COALESCE(horaires, ''),
		horaires_creneaux, itinerant, sans_public, COALESCE(source, ''), COALESCE(CAST(mis_a_jour AS TEXT), ''),
		COALESCE(site_web, ''), COALESCE(frais, ''), COALESCE(dispositif, ''), geom
	FROM lieux ORDER BY dataset, position`,
	func(row Row, geometry Geometry) (l lieu.Lieu, err error) {
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
	}}

// TourStop is a tournée, without its stops, beside one of them; nil when it has none.
type TourStop struct {
	fid  int64
	tour lieu.Tournee
	stop *lieu.Stop
}

// ReadTourStops reads the stops in the order of their tournées; [GatherTours] puts
// them together.
var ReadTourStops = Query[TourStop]{"tournees", `
	SELECT t.fid, t.id, COALESCE(t.nom, ''), COALESCE(t.lieu_id, ''), COALESCE(t.services, ''),
		COALESCE(s.nom, ''), COALESCE(s.commune, ''), COALESCE(s.horaires, ''), s.horaires_creneaux, t.geom, s.geom
	FROM tournees AS t LEFT JOIN stops AS s ON s.dataset = t.dataset AND s.position = t.position
	ORDER BY t.dataset, t.position, s.rang`,
	func(row Row, geometry Geometry) (r TourStop, err error) {
		var depot, at orb.Geometry
		var slots blob
		var services string
		var stop lieu.Stop
		if err := row.Scan(&r.fid, &r.tour.ID, &r.tour.Nom, &r.tour.LieuID, &services,
			&stop.Nom, &stop.Commune, &stop.Horaires.Text, &slots, geometry(&depot), geometry(&at)); err != nil {
			return r, named(r.tour.ID, err)
		}
		if r.tour.HasDepot = depot != nil; r.tour.HasDepot {
			p, err := as[orb.Point](depot)
			if err != nil {
				return r, named(r.tour.ID, err)
			}
			r.tour.Depot = position(p)
		}
		if r.tour.Services, err = decodeServices(services); err != nil {
			return r, named(r.tour.ID, err)
		}
		if at == nil { // the outer join: a tournée without stops
			return r, nil
		}
		p, err := as[orb.Point](at)
		if err != nil {
			return r, named(r.tour.ID, err)
		}
		stop.At, r.stop = position(p), &stop
		return r, named(r.tour.ID, decodeSlots(slots, &stop.Horaires))
	}}

// GatherTours gives each tournée its stops.
func GatherTours(rows []TourStop) []lieu.Tournee {
	var tours []lieu.Tournee
	for i, r := range rows {
		if i == 0 || rows[i-1].fid != r.fid {
			tours = append(tours, r.tour)
		}
		if r.stop != nil {
			last := &tours[len(tours)-1]
			last.Stops = append(last.Stops, *r.stop)
		}
	}
	return tours
}

// ReadVariables reads the variables of the IFN.
var ReadVariables = Query[store.Variable]{"variables", `SELECT commune, nom, valeur FROM ifn_variables ORDER BY dataset, position`,
	func(row Row, _ Geometry) (v store.Variable, err error) {
		return v, row.Scan(&v.Commune, &v.Name, &v.Value)
	}}

// ReadPopulation reads the squares of the population grid.
var ReadPopulation = Query[store.Square]{"population", `SELECT id, ouest_m, sud_m, cote_m, habitants FROM population_carreaux ORDER BY dataset, position`,
	func(row Row, _ Geometry) (q store.Square, err error) {
		return q, row.Scan(&q.ID, &q.West, &q.South, &q.Size, &q.People)
	}}

// ReadRoads reads the ways.
var ReadRoads = Query[road.Way]{"roads", `SELECT osm_id, tags, nodes, marks, turns, geom FROM roads ORDER BY dataset, position`,
	func(row Row, geometry Geometry) (w road.Way, err error) {
		var geom orb.Geometry
		var tags, nodes, marks, turns blob
		if err := row.Scan(&w.ID, &tags, &nodes, &marks, &turns, geometry(&geom)); err != nil {
			return w, named(fmt.Sprint(w.ID), err)
		}
		line, err := as[orb.LineString](geom)
		if err != nil {
			return w, named(fmt.Sprint(w.ID), err)
		}
		if len(line) == 2 && line[0] == line[1] && countNodes(nodes) == 1 {
			line = line[:1] // see line
		}
		if w.Tags, err = decodeTags(tags); err != nil {
			return w, named(fmt.Sprint(w.ID), err)
		}
		if w.Nodes, err = decodeNodes(nodes, len(line)); err != nil {
			return w, named(fmt.Sprint(w.ID), err)
		}
		if marks != nil {
			err = json.Unmarshal(marks, &w.Marks)
		}
		if err == nil && turns != nil {
			err = json.Unmarshal(turns, &w.Turns)
		}
		for _, p := range line {
			w.At = append(slices.Grow(w.At, len(line)-len(w.At)), position(p))
		}
		return w, named(fmt.Sprint(w.ID), err)
	}}

// as is a geometry that must be a G; NULL is the zero G.
func as[G orb.Geometry](g orb.Geometry) (G, error) {
	of, ok := g.(G)
	if !ok && g != nil {
		return of, fmt.Errorf("geometry: a %s; expected a %s", g.GeoJSONType(), of.GeoJSONType())
	}
	return of, nil
}

// named adds the key of a row to an error about it.
func named(key string, err error) error {
	if err == nil || key == "" {
		return err
	}
	return fmt.Errorf("%s: %w", key, err)
}
