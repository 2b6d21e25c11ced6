package postgis

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
)

// The migrations, in order of name: 0001_… brings a database to version 1. They have
// the names of those of package gpkg, to be read side by side.
//
//go:embed migrations/*.sql
var migrations embed.FS

// What a server must have, as server_version_num and the version of PostGIS.
const (
	minServer      = 140000
	minServerName  = "14"
	minPostGISName = "3.1"
)

type querier interface {
	QueryRow(ctx context.Context, query string, args ...any) pgx.Row
}

// version is the version of the store behind q: 0 when there is none. The error says
// why the database is not one for this program.
func version(ctx context.Context, q querier) (int, error) {
	if err := fit(ctx, q); err != nil {
		return 0, err
	}
	var ours, other bool
	if err := q.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'maillage' AND tablename = 'maillage_migrations'),
			EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = 'maillage')`).Scan(&ours, &other); err != nil {
		return 0, err
	}
	if !ours {
		if other {
			return 0, ErrNotStore
		}
		return 0, nil
	}
	var latest int
	if err := q.QueryRow(ctx, "SELECT COALESCE(max(version), 0) FROM maillage.maillage_migrations").Scan(&latest); err != nil {
		return 0, err
	}
	names, err := migrationNames()
	if err != nil {
		return 0, err
	}
	if known := len(names); latest > known {
		return 0, fmt.Errorf("%w: version %d of the schema; this program knows up to %d", ErrNewer, latest, known)
	}
	return latest, nil
}

// fit says why a server cannot hold a store, if so.
func fit(ctx context.Context, q querier) error {
	var number int
	var server, encoding, postgis string
	if err := q.QueryRow(ctx, `
		SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('server_encoding'),
			COALESCE((SELECT extversion FROM pg_extension WHERE extname = 'postgis'), '')`).Scan(&number, &server, &encoding, &postgis); err != nil {
		return err
	}
	switch {
	case number < minServer:
		return fmt.Errorf("%w: PostgreSQL %s; expected %s or later", ErrUnfit, server, minServerName)
	case encoding != "UTF8":
		return fmt.Errorf("%w: a database encoded in %s; expected UTF8", ErrUnfit, encoding)
	case postgis == "":
		return ErrNoPostGIS
	case !atLeast(postgis, minPostGISName):
		return fmt.Errorf("%w: PostGIS %s; expected %s or later", ErrUnfit, postgis, minPostGISName)
	}
	return nil
}

// atLeast compares two versions by their first two numbers.
func atLeast(version, least string) bool {
	var a, b, c, d int
	_, errV := fmt.Sscanf(version, "%d.%d", &a, &b)
	_, errL := fmt.Sscanf(least, "%d.%d", &c, &d)
	return errV == nil && errL == nil && (a > c || a == c && b >= d)
}

// migrate brings the database to the version of this program, all at once. A new
// database gets everything.
func (s *Store) migrate(ctx context.Context) error {
	names, err := migrationNames()
	if err != nil {
		return err
	}
	// The usual case takes no lock: another process may be writing for long.
	latest, err := version(ctx, s.pool)
	if err != nil || latest == len(names) {
		return err
	}
	if latest == 0 && s.o.mustExist {
		return ErrNoStore
	}
	err = explain(s.transact(ctx, func(tx pgx.Tx) error { return bringUp(ctx, tx, names) }))
	if errors.Is(err, ErrForbidden) || errors.Is(err, ErrReadOnly) {
		return fmt.Errorf("%w: version %d of the schema, this program wants %d: %w", ErrOutdated, latest, len(names), err)
	}
	return err
}

func bringUp(ctx context.Context, tx pgx.Tx, names []string) error {
	latest, err := version(ctx, tx) // again: another process may have been faster
	if err != nil {
		return err
	}
	var schema bool // IF NOT EXISTS would ask for the right to create one, even if it is there
	if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'maillage')").Scan(&schema); err != nil {
		return err
	}
	if !schema {
		if _, err := tx.Exec(ctx, "CREATE SCHEMA maillage"); err != nil {
			return err
		}
	}
	for i, name := range names[latest:] {
		text, err := migrations.ReadFile("migrations/" + name)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, string(text)); err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
		if _, err := tx.Exec(ctx, "INSERT INTO maillage.maillage_migrations (version, name) VALUES ($1, $2)", latest+i+1, name); err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
	}
	return nil
}

func migrationNames() ([]string, error) {
	entries, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, nil
}
