package gpkg

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"slices"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Every read is one SELECT, so that it sees one moment of the file.

// Manifests lists the datasets, sorted by (kind, dataset).
func (s *Store) Manifests(ctx context.Context) ([]store.Manifest, error) {
	return readAll(ctx, s, "manifests", `
		SELECT kind, dataset, row_count, format, source, COALESCE(licence, ''), COALESCE(vintage, ''), COALESCE(modelled, ''), files
		FROM datasets ORDER BY kind, dataset`,
		func(rows *sql.Rows) (m store.Manifest, err error) {
			var files []byte
			if err := rows.Scan(&m.Kind, &m.Dataset, &m.Rows, &m.Format, &m.Source, &m.Licence, &m.Vintage, &m.Modelled, &files); err != nil {
				return m, err
			}
			return m, json.Unmarshal(files, &m.Files)
		})
}

// Communes reads the communes of every dataset.
func (s *Store) Communes(ctx context.Context) ([]admin.Commune, error) {
	return readAll(ctx, s, "communes", `
		SELECT geom, code, nom, COALESCE(epci, ''), population_habitants, point_lon_deg, point_lat_deg
		FROM communes ORDER BY dataset, position`,
		func(rows *sql.Rows) (c admin.Commune, err error) {
			var geom sql.RawBytes
			if err := rows.Scan(&geom, &c.Code, &c.Nom, &c.EPCI, &c.Population, &c.Point.Lon, &c.Point.Lat); err != nil {
				return c, err
			}
			c.Outline, err = decodeAs[orb.MultiPolygon](geom)
			return c, named(c.Code, err)
		})
}

// EPCI reads the EPCI of every dataset.
func (s *Store) EPCI(ctx context.Context) ([]admin.EPCI, error) {
	return readAll(ctx, s, "epci", `SELECT geom, code, nom FROM epci ORDER BY dataset, position`,
		func(rows *sql.Rows) (e admin.EPCI, err error) {
			var geom sql.RawBytes
			if err := rows.Scan(&geom, &e.Code, &e.Nom); err != nil {
				return e, err
			}
			e.Outline, err = decodeAs[orb.MultiPolygon](geom)
			return e, named(e.Code, err)
		})
}

// Secteurs reads the secteurs of every dataset.
func (s *Store) Secteurs(ctx context.Context) ([]admin.Secteur, error) {
	return readAll(ctx, s, "secteurs", `SELECT code, nom, communes FROM secteurs ORDER BY dataset, position`,
		func(rows *sql.Rows) (sec admin.Secteur, err error) {
			var communes []byte
			if err := rows.Scan(&sec.Code, &sec.Nom, &communes); err != nil {
				return sec, err
			}
			return sec, named(sec.Code, json.Unmarshal(communes, &sec.Communes))
		})
}

// Lieux reads the lieux of every dataset.
func (s *Store) Lieux(ctx context.Context) ([]lieu.Lieu, error) {
	return readAll(ctx, s, "lieux", `
		SELECT geom, id, nom, COALESCE(commune, ''), COALESCE(commune_nom, ''), COALESCE(code_postal, ''),
			COALESCE(adresse, ''), COALESCE(typologie, ''), COALESCE(services, ''), COALESCE(horaires, ''),
			horaires_creneaux, itinerant, sans_public, COALESCE(source, ''), COALESCE(mis_a_jour, ''),
			COALESCE(site_web, ''), COALESCE(frais, ''), COALESCE(dispositif, '')
		FROM lieux ORDER BY dataset, position`,
		func(rows *sql.Rows) (l lieu.Lieu, err error) {
			var geom, slots sql.RawBytes
			var services, day string
			if err := rows.Scan(&geom, &l.ID, &l.Nom, &l.Commune, &l.CommuneNom, &l.CodePostal,
				&l.Adresse, &l.Typologie, &services, &l.Horaires.Text,
				&slots, &l.Itinerant, &l.NoPublic, &l.Source, &day,
				&l.SiteWeb, &l.Frais, &l.Dispositif); err != nil {
				return l, err
			}
			if l.Located = geom != nil; l.Located {
				at, err := decodeAs[orb.Point](geom)
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
		})
}

// Tournees reads the tournées of every dataset, with their stops.
func (s *Store) Tournees(ctx context.Context) ([]lieu.Tournee, error) {
	type row struct {
		fid  int64
		tour lieu.Tournee
		stop *lieu.Stop
	}
	rows, err := readAll(ctx, s, "tournees", `
		SELECT t.fid, t.geom, t.id, COALESCE(t.nom, ''), COALESCE(t.lieu_id, ''), COALESCE(t.services, ''),
			s.geom, COALESCE(s.nom, ''), COALESCE(s.commune, ''), COALESCE(s.horaires, ''), s.horaires_creneaux
		FROM tournees AS t LEFT JOIN stops AS s ON s.dataset = t.dataset AND s.position = t.position
		ORDER BY t.dataset, t.position, s.rang`,
		func(rows *sql.Rows) (r row, err error) {
			var depot, at, slots sql.RawBytes
			var services string
			var stop lieu.Stop
			if err := rows.Scan(&r.fid, &depot, &r.tour.ID, &r.tour.Nom, &r.tour.LieuID, &services,
				&at, &stop.Nom, &stop.Commune, &stop.Horaires.Text, &slots); err != nil {
				return r, err
			}
			if r.tour.HasDepot = depot != nil; r.tour.HasDepot {
				p, err := decodeAs[orb.Point](depot)
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
			p, err := decodeAs[orb.Point](at)
			if err != nil {
				return r, named(r.tour.ID, err)
			}
			stop.At, r.stop = position(p), &stop
			return r, named(r.tour.ID, decodeSlots(slots, &stop.Horaires))
		})
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
	return tours, err
}

// Variables reads the variables of every dataset.
func (s *Store) Variables(ctx context.Context) ([]store.Variable, error) {
	return readAll(ctx, s, "variables", `SELECT commune, nom, valeur FROM ifn_variables ORDER BY dataset, position`,
		func(rows *sql.Rows) (v store.Variable, err error) {
			return v, rows.Scan(&v.Commune, &v.Name, &v.Value)
		})
}

// Population reads the squares of the population grid of every dataset.
func (s *Store) Population(ctx context.Context) ([]store.Square, error) {
	return readAll(ctx, s, "population", `SELECT id, ouest_m, sud_m, cote_m, habitants FROM population_carreaux ORDER BY dataset, position`,
		func(rows *sql.Rows) (q store.Square, err error) {
			return q, rows.Scan(&q.ID, &q.West, &q.South, &q.Size, &q.People)
		})
}

// Roads reads the ways of every dataset, one at a time. The loop holds a connection
// and sees the rows as they were when it began, until it ends.
func (s *Store) Roads(ctx context.Context) iter.Seq2[road.Way, error] {
	return each(ctx, s, "roads", `SELECT geom, osm_id, tags, nodes, marks, turns FROM roads ORDER BY dataset, position`,
		func(rows *sql.Rows) (w road.Way, err error) {
			var geom, tags, nodes, marks, turns sql.RawBytes
			if err := rows.Scan(&geom, &w.ID, &tags, &nodes, &marks, &turns); err != nil {
				return w, err
			}
			line, err := decodeAs[orb.LineString](geom)
			if err != nil {
				return w, named(fmt.Sprint(w.ID), err)
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
		})
}

// named adds the key of a row to an error about it.
func named(key string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", key, err)
}

// each runs a query and gives its rows; the first error ends it.
func each[T any](ctx context.Context, s *Store, what, query string, scan func(*sql.Rows) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		rows, err := s.read.QueryContext(ctx, query)
		if err != nil {
			yield(zero, fmt.Errorf("read %s: %w", what, explain(err)))
			return
		}
		defer rows.Close()
		for rows.Next() {
			row, err := scan(rows)
			if err != nil {
				yield(zero, fmt.Errorf("read %s: %w", what, explain(err)))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(zero, fmt.Errorf("read %s: %w", what, explain(err)))
		}
	}
}

// readAll is each, collected.
func readAll[T any](ctx context.Context, s *Store, what, query string, scan func(*sql.Rows) (T, error)) ([]T, error) {
	var all []T
	for row, err := range each(ctx, s, what, query, scan) {
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, nil
}

// scanAll reads and closes rows.
func scanAll[T any](rows *sql.Rows, scan func(*sql.Rows) (T, error)) ([]T, error) {
	defer rows.Close()
	var all []T
	for rows.Next() {
		row, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}
