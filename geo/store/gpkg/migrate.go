package gpkg

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
)

// The migrations, in order of name: 0001_… brings a file to version 1.
//
//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks every GeoPackage: "GPKG".
const applicationID = 0x47504B47

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// version is the version of the file behind q: 0 for one that holds nothing at all.
// The error says why the file is not a store, or not one for this program.
func version(ctx context.Context, q querier) (int, error) {
	var things, id, latest int
	if err := q.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM sqlite_schema), application_id FROM pragma_application_id").Scan(&things, &id); err != nil {
		return 0, err
	}
	if things == 0 && id == 0 {
		return 0, nil
	}
	if id != applicationID {
		return 0, fmt.Errorf("%w: an SQLite file with application id %#x; expected %#x (GPKG)", ErrNotGeoPackage, id, applicationID)
	}
	var ours bool
	const find = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'maillage_migrations')"
	if err := q.QueryRowContext(ctx, find).Scan(&ours); err != nil {
		return 0, err
	}
	if !ours {
		return 0, ErrNotStore
	}
	if err := q.QueryRowContext(ctx, "SELECT COALESCE(max(version), 0) FROM maillage_migrations").Scan(&latest); err != nil {
		return 0, err
	}
	names, err := migrationNames()
	if err != nil {
		return 0, err
	}
	if known := len(names); latest > known {
		return 0, fmt.Errorf("%w: version %d of the file; this program knows up to %d", ErrNewer, latest, known)
	}
	return latest, nil
}

// recognise checks a file that is opened for reading: it must be at the version of
// this program, because it cannot be brought there.
func (s *Store) recognise(ctx context.Context) error {
	latest, err := version(ctx, s.read)
	if err != nil {
		return err
	}
	names, err := migrationNames()
	if err != nil {
		return err
	}
	if latest < len(names) {
		return fmt.Errorf("%w: version %d of the file; open it once for writing to bring it to %d", ErrReadOnly, latest, len(names))
	}
	return nil
}

// migrate brings the file to the version of this program, all at once. A new file
// gets everything.
func (s *Store) migrate(ctx context.Context) error {
	names, err := migrationNames()
	if err != nil {
		return err
	}
	// The usual case takes no lock: another process may be writing for long.
	if latest, err := version(ctx, s.write); err != nil || latest == len(names) {
		return err
	}
	return s.transact(ctx, func(tx *sql.Conn) error {
		latest, err := version(ctx, tx) // again: another process may have been faster
		if err != nil {
			return err
		}
		for i, name := range names[latest:] {
			text, err := migrations.ReadFile("migrations/" + name)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, string(text)); err != nil {
				return fmt.Errorf("migration %s: %w", name, err)
			}
			if _, err := tx.ExecContext(ctx, "INSERT INTO maillage_migrations (version, name) VALUES (?, ?)", latest+i+1, name); err != nil {
				return fmt.Errorf("migration %s: %w", name, err)
			}
		}
		return indexNewTables(ctx, tx)
	})
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
