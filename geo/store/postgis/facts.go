package postgis

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Facts are what a person who looks after the database wants to know.
type Facts struct {
	Server  string // version of PostgreSQL
	PostGIS string // version of the extension
	Version int    // of the schema
	Latest  int    // that this program knows

	Role                        string
	Reads, Writes, Migrates     bool // what the role may do with the store
	StatementTimeout            string
	Connections, MaxConnections int

	// Fixes are statements that make again the indexes that are missing, or invalid
	// since their making was interrupted.
	Fixes []Fix
}

// Fix is an index that is not as it should be, and the statements that mend it.
type Fix struct {
	Index string
	SQL   string
}

// Facts looks at the server, at the schema and at what the role may do.
func (s *Store) Facts(ctx context.Context) (f Facts, err error) {
	names, err := migrationNames()
	if err == nil {
		f.Latest = len(names)
		err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
			if f.Version, err = version(ctx, tx); err != nil {
				return err
			}
			if err := tx.QueryRow(ctx, `
				SELECT current_setting('server_version'), (SELECT extversion FROM pg_extension WHERE extname = 'postgis'),
					current_user, current_setting('statement_timeout'), current_setting('max_connections')::int,
					(SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::int,
					bool_and(has_table_privilege(c.oid, 'SELECT')),
					bool_and(has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))
						AND (SELECT bool_and(has_function_privilege(p.oid, 'EXECUTE')) FROM pg_proc AS p WHERE p.pronamespace = n.oid),
					bool_and(pg_has_role(c.relowner, 'USAGE')) AND has_schema_privilege(n.oid, 'CREATE')
				FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
				WHERE n.nspname = 'maillage' AND c.relkind = 'r'
				GROUP BY n.oid`).Scan(&f.Server, &f.PostGIS, &f.Role, &f.StatementTimeout, &f.MaxConnections, &f.Connections,
				&f.Reads, &f.Writes, &f.Migrates); err != nil {
				return err
			}
			f.Fixes, err = fixes(ctx, tx)
			return err
		})
	}
	if err != nil {
		return Facts{}, fmt.Errorf("examine store: %s: %w", s.name, explain(err))
	}
	return f, nil
}

// made finds, in a migration, where a table begins or is altered, unique keys that it gets and
// loses, and the indexes of geometries.
var made = regexp.MustCompile(`(?m)^(?:CREATE|ALTER) TABLE (\w+)|CONSTRAINT (\w+) UNIQUE (\([^)]*\))|DROP CONSTRAINT (\w+)|^CREATE INDEX (\w+) ON (\w+) USING gist`)

// indexes are those that a store must have, by name, as its migrations make them: the table,
// and the key of those that are unique.
func indexes() (map[string]string, error) {
	names, err := migrationNames()
	if err != nil {
		return nil, err
	}
	on := map[string]string{}
	for _, name := range names {
		text, err := migrations.ReadFile("migrations/" + name)
		if err != nil {
			return nil, err
		}
		var table string
		for _, m := range made.FindAllStringSubmatch(string(text), -1) {
			switch {
			case m[1] != "":
				table = m[1]
			case m[2] != "":
				on[m[2]] = table + " " + m[3]
			case m[4] != "":
				delete(on, m[4])
			default:
				on[m[5]] = m[6]
			}
		}
	}
	return on, nil
}

func fixes(ctx context.Context, tx pgx.Tx) ([]Fix, error) {
	valid := map[string]bool{}
	rows, err := tx.Query(ctx, `
		SELECT c.relname::text, i.indisvalid AND i.indisready FROM pg_index AS i
		JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
		WHERE n.nspname = 'maillage'`)
	if err != nil {
		return nil, err
	}
	var name string
	var sound bool
	if _, err := pgx.ForEachRow(rows, []any{&name, &sound}, func() error { valid[name] = sound; return nil }); err != nil {
		return nil, err
	}
	wanted, err := indexes()
	if err != nil {
		return nil, err
	}
	results, err := sentences(ctx, tx, "SELECT table_name FROM result_layers")
	if err != nil {
		return nil, err
	}
	for _, table := range results {
		wanted[table+"_geom"] = table
	}
	var list []Fix
	for name, on := range wanted {
		sound, there := valid[name]
		switch table, key, unique := strings.Cut(on, " "); {
		case sound:
		case there:
			list = append(list, Fix{name, "REINDEX INDEX maillage." + name + ";"})
		case unique:
			list = append(list, Fix{name, "ALTER TABLE maillage." + table + " ADD CONSTRAINT " + name + " UNIQUE " + key + ";"})
		default:
			list = append(list, Fix{name, "CREATE INDEX " + name + " ON maillage." + table + " USING gist (geom);"})
		}
	}
	slices.SortFunc(list, func(a, b Fix) int { return strings.Compare(a.Index, b.Index) })
	return list, nil
}
