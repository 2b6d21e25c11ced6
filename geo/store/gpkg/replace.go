package gpkg

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"time"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
)

// input says where the rows of a kind go.
type input[T any] struct {
	kind   store.Kind
	tables []table // the rows of the first carry (dataset, position) of the import
	check  func(T) error
	key    func(T) string // for errors
	// encode puts the records of a row, what follows (dataset, position), in the
	// tables by number.
	encode func(row T, put func(table int, g geometry, values ...any)) error
}

// encoded is a row with what is to be inserted for it.
type encoded[T any] struct {
	row     T
	records []record
}

type record struct {
	table  int
	geom   geometry
	values []any
}

type table struct {
	name    string
	spatial bool
	columns []string
}

// ReplaceCommunes swaps in a dataset of communes.
func (s *Store) ReplaceCommunes(ctx context.Context, m store.Manifest, rows iter.Seq2[admin.Commune, error]) (store.Manifest, error) {
	return replace(ctx, s, m, rows, input[admin.Commune]{
		kind: store.Communes,
		tables: []table{{"communes", true, []string{"dataset", "position", "code", "nom", "epci",
			"population_habitants", "point_lon_deg", "point_lat_deg"}}},
		check: store.CheckCommune,
		key:   func(c admin.Commune) string { return c.Code },
		encode: func(c admin.Commune, put func(int, geometry, ...any)) error {
			g, err := encodeGeometry(c.Outline)
			if err != nil {
				return err
			}
			put(0, g, c.Code, c.Nom, optional(c.EPCI), c.Population, c.Point.Lon, c.Point.Lat)
			return nil
		},
	})
}

// ReplaceEPCI swaps in a dataset of EPCI.
func (s *Store) ReplaceEPCI(ctx context.Context, m store.Manifest, rows iter.Seq2[admin.EPCI, error]) (store.Manifest, error) {
	return replace(ctx, s, m, rows, input[admin.EPCI]{
		kind:   store.EPCI,
		tables: []table{{"epci", true, []string{"dataset", "position", "code", "nom"}}},
		check:  store.CheckEPCI,
		key:    func(e admin.EPCI) string { return e.Code },
		encode: func(e admin.EPCI, put func(int, geometry, ...any)) error {
			g, err := encodeGeometry(e.Outline)
			if err != nil {
				return err
			}
			put(0, g, e.Code, e.Nom)
			return nil
		},
	})
}

// ReplaceSecteurs swaps in a dataset of secteurs.
func (s *Store) ReplaceSecteurs(ctx context.Context, m store.Manifest, rows iter.Seq2[admin.Secteur, error]) (store.Manifest, error) {
	return replace(ctx, s, m, rows, input[admin.Secteur]{
		kind:   store.Secteurs,
		tables: []table{{"secteurs", false, []string{"dataset", "position", "code", "nom", "communes"}}},
		check:  store.CheckSecteur,
		key:    func(sec admin.Secteur) string { return sec.Code },
		encode: func(sec admin.Secteur, put func(int, geometry, ...any)) error {
			communes, err := toJSON(append([]string{}, sec.Communes...)) // none is [], not null
			if err != nil {
				return err
			}
			put(0, geometry{}, sec.Code, sec.Nom, communes)
			return nil
		},
	})
}

// ReplaceLieux swaps in a dataset of lieux.
func (s *Store) ReplaceLieux(ctx context.Context, m store.Manifest, rows iter.Seq2[lieu.Lieu, error]) (store.Manifest, error) {
	return replace(ctx, s, m, rows, input[lieu.Lieu]{
		kind: store.Lieux,
		tables: []table{{"lieux", true, []string{"dataset", "position", "id", "nom", "commune", "commune_nom",
			"code_postal", "adresse", "typologie", "services", "horaires", "horaires_creneaux",
			"itinerant", "sans_public", "source", "mis_a_jour", "site_web", "frais", "dispositif"}}},
		check: store.CheckLieu,
		key:   func(l lieu.Lieu) string { return l.ID },
		encode: func(l lieu.Lieu, put func(int, geometry, ...any)) error {
			g, err := encodePoint(l.At, l.Located)
			if err != nil {
				return err
			}
			put(0, g, l.ID, l.Nom, optional(l.Commune), optional(l.CommuneNom),
				optional(l.CodePostal), optional(l.Adresse), optional(l.Typologie), encodeServices(l.Services),
				optional(l.Horaires.Text), encodeSlots(&l.Horaires),
				l.Itinerant, l.NoPublic, optional(l.Source), encodeDay(l.MisAJour), optional(l.SiteWeb),
				optional(l.Frais), optional(l.Dispositif))
			return nil
		},
	})
}

// ReplaceTournees swaps in a dataset of tournées.
func (s *Store) ReplaceTournees(ctx context.Context, m store.Manifest, rows iter.Seq2[lieu.Tournee, error]) (store.Manifest, error) {
	return replace(ctx, s, m, rows, input[lieu.Tournee]{
		kind: store.Tournees,
		tables: []table{
			{"tournees", true, []string{"dataset", "position", "id", "nom", "lieu_id", "services"}},
			{"stops", true, []string{"dataset", "position", "rang", "nom", "commune", "horaires", "horaires_creneaux"}},
		},
		check: store.CheckTournee,
		key:   func(t lieu.Tournee) string { return t.ID },
		encode: func(t lieu.Tournee, put func(int, geometry, ...any)) error {
			g, err := encodePoint(t.Depot, t.HasDepot)
			if err != nil {
				return err
			}
			put(0, g, t.ID, optional(t.Nom), optional(t.LieuID), encodeServices(t.Services))
			for rang, stop := range t.Stops {
				if g, err = encodePoint(stop.At, true); err != nil {
					return err
				}
				put(1, g, rang, stop.Nom, optional(stop.Commune),
					optional(stop.Horaires.Text), encodeSlots(&stop.Horaires))
			}
			return nil
		},
	})
}

// ReplaceVariables swaps in a dataset of variables of the IFN.
func (s *Store) ReplaceVariables(ctx context.Context, m store.Manifest, rows iter.Seq2[store.Variable, error]) (store.Manifest, error) {
	return replace(ctx, s, m, rows, input[store.Variable]{
		kind:   store.Variables,
		tables: []table{{"ifn_variables", false, []string{"dataset", "position", "commune", "nom", "valeur"}}},
		check:  store.CheckVariable,
		key:    func(v store.Variable) string { return v.Commune + " " + v.Name },
		encode: func(v store.Variable, put func(int, geometry, ...any)) error {
			put(0, geometry{}, v.Commune, v.Name, v.Value)
			return nil
		},
	})
}

// ReplacePopulation swaps in a dataset of squares of the population grid.
func (s *Store) ReplacePopulation(ctx context.Context, m store.Manifest, rows iter.Seq2[store.Square, error]) (store.Manifest, error) {
	return replace(ctx, s, m, rows, input[store.Square]{
		kind:   store.Population,
		tables: []table{{"population_carreaux", false, []string{"dataset", "position", "id", "ouest_m", "sud_m", "cote_m", "habitants"}}},
		check:  store.CheckSquare,
		key:    func(q store.Square) string { return q.ID },
		encode: func(q store.Square, put func(int, geometry, ...any)) error {
			put(0, geometry{}, q.ID, q.West, q.South, q.Size, q.People)
			return nil
		},
	})
}

// ReplaceRoads swaps in a dataset of ways.
func (s *Store) ReplaceRoads(ctx context.Context, m store.Manifest, rows iter.Seq2[road.Way, error]) (store.Manifest, error) {
	return replace(ctx, s, m, rows, input[road.Way]{
		kind:   store.Roads,
		tables: []table{{"roads", true, []string{"dataset", "position", "osm_id", "highway", "tags", "nodes", "marks", "turns"}}},
		check:  store.CheckWay,
		key:    func(w road.Way) string { return fmt.Sprint(w.ID) },
		encode: func(w road.Way, put func(int, geometry, ...any)) error {
			line := make(orb.LineString, len(w.At))
			for i, p := range w.At {
				line[i] = point(p)
			}
			g, err := encodeGeometry(line)
			if err != nil {
				return err
			}
			tags := "{}"
			if len(w.Tags) > 0 {
				if tags, err = toJSON(w.Tags); err != nil {
					return err
				}
			}
			marks, err := optionalJSON(w.Marks)
			if err != nil {
				return err
			}
			turns, err := optionalJSON(w.Turns)
			if err != nil {
				return err
			}
			put(0, g, w.ID, optional(w.Tags["highway"]), tags, encodeNodes(w.Nodes), marks, turns)
			return nil
		},
	})
}

func encodePoint(at geo.LonLat, known bool) (geometry, error) {
	if !known {
		return geometry{}, nil
	}
	return encodeGeometry(point(at))
}

// replace swaps in a dataset in one transaction: the old rows go, the new come.
func replace[T any](ctx context.Context, s *Store, m store.Manifest, rows iter.Seq2[T, error], in input[T]) (store.Manifest, error) {
	fail := func(err error) (store.Manifest, error) {
		return store.Manifest{}, fmt.Errorf("replace %s: %s: %w", in.kind, m.Dataset, explain(err))
	}
	if err := store.CheckManifest(m, in.kind); err != nil {
		return fail(err)
	}
	m.Kind, m.Rows = in.kind, 0
	err := s.transact(ctx, func(tx *sql.Conn) error {
		// The rows of the other tables belong to those of the first, and go with them.
		remove := fmt.Sprintf(`DELETE FROM "%s" WHERE dataset = ?`, in.tables[0].name)
		if _, err := tx.ExecContext(ctx, remove, m.Dataset); err != nil {
			return err
		}
		to := make([]*bulk, len(in.tables))
		for i, t := range in.tables {
			var err error
			if to[i], err = newBulk(ctx, tx, t.name, t.spatial, t.columns...); err != nil {
				return err
			}
			defer to[i].close()
		}
		for r, err := range store.Ahead(in.encodeAll(rows, m.Dataset), rowsAhead) {
			if err != nil {
				return err
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			for _, rec := range r.records {
				err := to[rec.table].add(rec.geom, rec.values...)
				if isDuplicate(err) {
					err = fmt.Errorf("given twice: %w", err)
				}
				if err != nil {
					return in.at(m.Rows, r.row, err)
				}
			}
			m.Rows++
		}
		for _, b := range to {
			if err := b.finish(ctx); err != nil {
				return err
			}
		}
		return putManifest(ctx, tx, m)
	})
	if err != nil {
		return fail(err)
	}
	return m, nil
}

// rowsAhead is the number of rows encoded at a time, ahead of those inserted.
const rowsAhead = 128

// encodeAll checks and encodes rows.
func (in *input[T]) encodeAll(rows iter.Seq2[T, error], dataset string) iter.Seq2[encoded[T], error] {
	return func(yield func(encoded[T], error) bool) {
		position := 0
		for row, err := range rows {
			e := encoded[T]{row: row}
			if err == nil {
				if err = in.check(row); err == nil {
					err = in.encode(row, func(table int, g geometry, values ...any) {
						e.records = append(e.records, record{table, g, append([]any{dataset, position}, values...)})
					})
				}
				if err != nil {
					err = in.at(position, row, err)
				}
			}
			if !yield(e, err) || err != nil {
				return
			}
			position++
		}
	}
}

// at adds the address of a row to an error.
func (in *input[T]) at(position int, row T, err error) error {
	return fmt.Errorf("row %d (%q): %w", position+1, in.key(row), err)
}

func putManifest(ctx context.Context, tx *sql.Conn, m store.Manifest) error {
	files, err := toJSON(append([]store.File{}, m.Files...)) // none is [], not null
	if err != nil {
		return err
	}
	now := timestamp(time.Now())
	if _, err := tx.ExecContext(ctx, "DELETE FROM datasets WHERE kind = ? AND dataset = ?", m.Kind, m.Dataset); err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, `
		INSERT INTO datasets (kind, dataset, row_count, format, source, licence, vintage, modelled, files, imported_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		m.Kind, m.Dataset, m.Rows, m.Format, m.Source,
		optional(m.Licence), optional(m.Vintage), optional(m.Modelled), files, now); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE gpkg_contents SET last_change = ? WHERE table_name = 'datasets'", now)
	return err
}
