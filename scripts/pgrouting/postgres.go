package main

import (
	"context"
	"fmt"
	"iter"
	"math"

	"github.com/jackc/pgx/v5"
)

// database is where pgRouting searches: the arcs of one mode at a time.
type database struct{ conn *pgx.Conn }

// prepare creates the extension, and says what searches.
func (d database) prepare(ctx context.Context) (versions string, err error) {
	if _, err := d.conn.Exec(ctx, "CREATE EXTENSION pgrouting CASCADE"); err != nil {
		return "", fmt.Errorf("create the extension: %w", err)
	}
	err = d.conn.QueryRow(ctx, "SELECT format('pgRouting %s, PostgreSQL %s', pgr_version(), current_setting('server_version'))").Scan(&versions)
	return versions, err
}

// load replaces the arcs. Costs are in deciseconds; pgRouting adds them as float8,
// which is exact below 2^53.
func (d database) load(ctx context.Context, arcs iter.Seq[arc]) (rows int64, err error) {
	if _, err := d.conn.Exec(ctx, `DROP TABLE IF EXISTS arcs;
		CREATE TABLE arcs (id bigint NOT NULL, source bigint NOT NULL, target bigint NOT NULL, cost float8 NOT NULL)`); err != nil {
		return 0, err
	}
	next, stop := iter.Pull(arcs)
	defer stop()
	id := int64(0)
	rows, err = d.conn.CopyFrom(ctx, pgx.Identifier{"arcs"}, []string{"id", "source", "target", "cost"},
		pgx.CopyFromFunc(func() ([]any, error) {
			a, ok := next()
			if !ok {
				return nil, nil
			}
			id++
			return []any{id, int64(a.source), int64(a.target), float64(a.cost)}, nil
		}))
	if err != nil {
		return 0, fmt.Errorf("copy the arcs: %w", err)
	}
	_, err = d.conn.Exec(ctx, "ALTER TABLE arcs ADD PRIMARY KEY (id); CREATE INDEX ON arcs (source); CREATE INDEX ON arcs (target); ANALYZE arcs")
	return rows, err
}

// costs asks pgRouting for each pair, in one call. Pairs without path are absent.
func (d database) costs(ctx context.Context, pairs []pair) (map[pair]int64, error) {
	if _, err := d.conn.Exec(ctx, "CREATE TEMPORARY TABLE IF NOT EXISTS pairs (source bigint NOT NULL, target bigint NOT NULL); TRUNCATE pairs"); err != nil {
		return nil, err
	}
	if _, err := d.conn.CopyFrom(ctx, pgx.Identifier{"pairs"}, []string{"source", "target"},
		pgx.CopyFromSlice(len(pairs), func(i int) ([]any, error) {
			return []any{int64(pairs[i].from), int64(pairs[i].to)}, nil
		})); err != nil {
		return nil, fmt.Errorf("copy the pairs: %w", err)
	}
	return d.read(ctx, `SELECT start_vid, end_vid, agg_cost FROM pgr_dijkstraCost(
		'SELECT id, source, target, cost FROM arcs', 'SELECT source, target FROM pairs', directed => true)`)
}

// nearest asks pgRouting for the cost from every node to the nearest of some, as one
// search over the arcs turned round, from a node joined to these at no cost, which it
// adds to the arcs. It gives pairs from the nodes to beyond.
func (d database) nearest(ctx context.Context, nodes []int32) (map[pair]int64, error) {
	if _, err := d.conn.Exec(ctx, `INSERT INTO arcs
		SELECT (SELECT max(id) FROM arcs) + row_number() OVER (), n, $1::bigint, 0 FROM unnest($2::bigint[]) n`, int64(beyond), nodes); err != nil {
		return nil, err
	}
	return d.read(ctx, fmt.Sprintf(`SELECT end_vid, start_vid, agg_cost FROM pgr_dijkstraCost(
		'SELECT id, target AS source, source AS target, cost FROM arcs', %d,
		(SELECT array_agg(DISTINCT source) FROM arcs), directed => true)`, beyond))
}

// beyond is the node that the nearest of several is searched from.
const beyond = math.MaxInt32

func (d database) read(ctx context.Context, query string) (map[pair]int64, error) {
	rows, err := d.conn.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	costs := map[pair]int64{}
	var from, to int64
	var cost float64
	_, err = pgx.ForEachRow(rows, []any{&from, &to, &cost}, func() error {
		if cost != math.Trunc(cost) || cost < 0 || cost > math.MaxUint32 {
			return fmt.Errorf("from %d to %d: cost %v: expected a whole number of deciseconds", from, to, cost)
		}
		costs[pair{int32(from), int32(to)}] = int64(cost)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("pgr_dijkstraCost: %w", err)
	}
	return costs, nil
}
