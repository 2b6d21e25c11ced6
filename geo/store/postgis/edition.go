package postgis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/table"
)

const (
	// partBytes bounds one row: PostgreSQL holds a row whole in memory, more than once.
	partBytes = 1 << 20
	// stagePrefix is that of a table of results until it is whole; see open_layer.
	stagePrefix = "attente_"
	// channel carries the id of every edition that is stored.
	channel = "maillage_edition"
)

// PutEdition stores an edition with the documents beside it, and swaps its layers in. A
// layer "cells" becomes the table resultat_cells. Servers that [Store.Listen] are told.
func (s *Store) PutEdition(ctx context.Context, id string, data []byte, layers []store.Layer, beside ...store.Document) error {
	err := store.CheckEdition(id, layers, beside)
	if err == nil {
		err = s.transact(ctx, func(tx pgx.Tx) error { return putEdition(ctx, tx, id, data, layers, beside) })
	}
	if err != nil {
		return fmt.Errorf("put edition %s: %w", id, explain(err))
	}
	return nil
}

func putEdition(ctx context.Context, tx pgx.Tx, id string, data []byte, layers []store.Layer, beside []store.Document) error {
	fid, err := putBytes(ctx, tx, id, data)
	if err != nil {
		return err
	}
	for _, d := range beside {
		if err := putDocument(ctx, tx, "ON CONFLICT (kind, id) DO NOTHING", d.Kind, d.ID, d.Data); err != nil {
			return fmt.Errorf("document %s %s: %w", d.Kind, d.ID, err)
		}
	}
	names := []string{}
	for _, l := range layers {
		if err := putLayer(ctx, tx, l); err != nil {
			return fmt.Errorf("layer %s: %w", l.Name, err)
		}
		names = append(names, l.Name)
	}
	if _, err := tx.Exec(ctx, "SELECT swap_layers($1, $2)", fid, names); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "SELECT pg_notify($1, $2)", channel, id)
	return err
}

// putBytes makes the edition the newest, and stores its bytes unless it has them.
func putBytes(ctx context.Context, tx pgx.Tx, id string, data []byte) (fid int64, err error) {
	const turn = "(SELECT COALESCE(max(turn), 0) + 1 FROM editions)"
	digest := sha256.Sum256(data)
	sum, there := hex.EncodeToString(digest[:]), ""
	err = tx.QueryRow(ctx, "UPDATE editions SET turn = "+turn+" WHERE id = $1 RETURNING fid, sha256", id).Scan(&fid, &there)
	if err == nil && there != sum {
		err = store.ErrDiffers
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return fid, err
	}
	if err = tx.QueryRow(ctx, "INSERT INTO editions (id, turn, size_bytes, sha256) VALUES ($1, "+turn+", $2, $3) RETURNING fid",
		id, len(data), sum).Scan(&fid); err != nil {
		return 0, err
	}
	_, err = copyIn(ctx, tx, "edition_parts", []string{"edition", "part", "bytes"}, func(yield func([]any, error) bool) {
		part := 0
		for piece := range slices.Chunk(data, partBytes) {
			if !yield([]any{fid, part, piece}, nil) {
				return
			}
			part++
		}
	})
	return fid, err
}

// putLayer fills the table of a layer.
func putLayer(ctx context.Context, tx pgx.Tx, l store.Layer) error {
	type column struct {
		Name  string `json:"name"`
		Type  string `json:"type"`
		Title string `json:"title"`
	}
	list, names := []column{}, []string{"fid", "geom"}
	for _, c := range l.Columns {
		list, names = append(list, column{c.Name, c.Type, c.Title}), append(names, c.Name)
	}
	if _, err := tx.Exec(ctx, "SELECT open_layer($1, $2, $3, $4)", l.Name, l.Geometry, l.Title, list); err != nil {
		return err
	}
	_, err := copyIn(ctx, tx, stagePrefix+l.Name, names, func(yield func([]any, error) bool) {
		n := 0
		values := make([]any, len(names)) // sent before the next is asked for
		for row := range l.Rows {
			n++
			err := store.CheckLayerRow(l, row)
			if err == nil {
				err = store.CheckGeometry(l, row.Geometry)
			}
			if err == nil {
				values[0], values[1] = n, row.Geometry
				copy(values[2:], row.Values)
			}
			if err != nil {
				err = fmt.Errorf("row %d: %w", n, err)
			}
			if !yield(values, err) || err != nil {
				return
			}
		}
	})
	return err
}

// Editions lists the stored editions, newest first.
func (s *Store) Editions(ctx context.Context) ([]store.EditionInfo, error) {
	rows, err := s.pool.Query(ctx, "SELECT id, created_at, size_bytes FROM editions ORDER BY turn DESC")
	if err != nil {
		return nil, fmt.Errorf("read editions: %w", explain(err))
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e store.EditionInfo, err error) {
		var created time.Time
		err = row.Scan(&e.ID, &created, &e.Bytes)
		e.Created = created.UTC().Format("2006-01-02T15:04:05.000Z")
		return e, err
	})
	if err != nil {
		return nil, fmt.Errorf("read editions: %w", explain(err))
	}
	return list, nil
}

// Prune deletes all but the newest editions. The layers are of the newest, and stay.
func (s *Store) Prune(ctx context.Context, keep int) (gone []string, err error) {
	if err = store.CheckKeep(keep); err == nil {
		err = s.transact(ctx, func(tx pgx.Tx) error {
			rows, err := tx.Query(ctx, `
				WITH gone AS (DELETE FROM editions WHERE turn NOT IN (SELECT turn FROM editions ORDER BY turn DESC LIMIT $1) RETURNING id, turn)
				SELECT id FROM gone ORDER BY turn DESC`, keep)
			if err != nil {
				return err
			}
			gone, err = pgx.CollectRows(rows, pgx.RowTo[string])
			return err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("prune editions: %w", explain(err))
	}
	return gone, nil
}

// Edition reads the bytes of an edition, and checks them against their SHA-256.
func (s *Store) Edition(ctx context.Context, id string) ([]byte, error) {
	return table.Editions(s.edition).Edition(ctx, id)
}

// ReadEdition hands the bytes of an edition to read as they come, and says whether they
// were those stored. An error of read comes back when the store has none.
func (s *Store) ReadEdition(ctx context.Context, id string, read func(io.Reader) error) error {
	return table.Editions(s.edition).ReadEdition(ctx, id, read)
}

func (s *Store) edition(ctx context.Context, id string, read func(*table.EditionReader) error) error {
	rows, err := s.pool.Query(ctx, `
		SELECT e.size_bytes, e.sha256, p.bytes
		FROM editions AS e LEFT JOIN edition_parts AS p ON p.edition = e.fid
		WHERE e.id = $1 ORDER BY p.part`, id)
	if err != nil {
		return fmt.Errorf("edition %s: %w", id, explain(err))
	}
	defer rows.Close()
	err = read(table.NewEditionReader(rows, ErrDamaged))
	if err != nil {
		return fmt.Errorf("edition %s: %w", id, explain(err))
	}
	return nil
}
