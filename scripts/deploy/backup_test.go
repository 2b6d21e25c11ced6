// Package deploy_test tries what scripts/deploy/README.md says.
package deploy_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/aisne-numerique/maillage/scripts/cluster"
	"github.com/aisne-numerique/maillage/scripts/cluster/clustertest"
)

// TestBackup saves a database that holds the demonstration, loses it, and puts it back
// into another and into the same one.
func TestBackup(t *testing.T) {
	for _, program := range []string{"pg_dump", "pg_restore", "psql"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("not tried: %v (Debian package postgresql-client)", err)
		}
	}
	server, err := clustertest.Start(t.Context())
	if errors.Is(err, cluster.ErrMissing) {
		t.Skipf("not tried: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir()
	maillage := filepath.Join(dir, "maillage")
	run(t, "go", "build", "-o", maillage, "../../cmd/maillage")
	t.Setenv("MAILLAGE", maillage)
	roles := func(db string) { run(t, "psql", "--no-psqlrc", "--quiet", "--file", "roles.sql", db) }
	as := func(role, db string) string {
		return server.URL(db[strings.LastIndex(db, "/")+1:strings.Index(db, "?")], role)
	}

	db := server.Database(t)
	roles(db)
	owner := as("maillage_migrate", db)
	run(t, maillage, "migrate", "--store", owner)
	run(t, maillage, "demo", "--no-serve", "--resolution", "7", "--store", owner)
	run(t, maillage, "token", "create", "essai", "--store", owner)
	run(t, maillage, "compute", "--queue", "--cutoff", "20m", "--resolution", "7", "--store", owner)
	gaps := run(t, maillage, "gaps", "--level", "epci", "--format", "csv", "--store", owner)
	want := content(t, db)
	if len(want) < 15 || want["maillage_jobs.river_job"].rows != 1 || want["maillage.editions"].rows != 1 || want["maillage.resultat_cells"].rows == 0 {
		t.Fatalf("the database to save holds %v", want)
	}

	folder := filepath.Join(dir, "sauvegardes")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	files := strings.Fields(run(t, "./backup", owner, folder))
	if len(files) != 2 {
		t.Fatalf("backup wrote %q; want a dump and a GeoPackage", files)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 2 {
		t.Errorf("in the folder of backups: %v, %v; want two files", left, err)
	}
	if got := run(t, maillage, "gaps", "--level", "epci", "--format", "csv", "--store", files[1]); got != gaps {
		t.Error("the GeoPackage gives other figures")
	}

	other := server.Database(t)
	roles(other)
	if err := clustertest.Exec(t.Context(), db, "UPDATE maillage.communes SET nom = 'perdu'; DROP TABLE maillage.lieux CASCADE; CREATE TABLE maillage.plus_tard (n int)"); err != nil {
		t.Fatal(err)
	}
	for what, to := range map[string]string{"another database": other, "the same database": db} {
		run(t, "./restore", files[0], to)
		same(t, what, want, content(t, to))
		// Each role has its rights, also on what is yet to come.
		if got := run(t, maillage, "gaps", "--level", "epci", "--format", "csv", "--store", as("maillage_read", to)); got != gaps {
			t.Errorf("%s: other figures", what)
		}
		run(t, maillage, "compute", "--resolution", "6", "--store", as("maillage_write", to))
		if said := run(t, maillage, "jobs", "--store", as("maillage_read", to)); !strings.Contains(said, "en attente") {
			t.Errorf("%s: jobs:\n%s", what, said)
		}
		if err := clustertest.Exec(t.Context(), as("maillage_read", to), "DELETE FROM maillage.editions"); err == nil {
			t.Errorf("%s: the role that reads may delete editions", what)
		}
		if err := clustertest.Exec(t.Context(), as("maillage_migrate", to), "CREATE TABLE maillage.a_venir (n int)"); err != nil {
			t.Error(err)
		}
		if err := clustertest.Exec(t.Context(), as("maillage_write", to), "INSERT INTO maillage.a_venir VALUES (1)"); err != nil {
			t.Errorf("%s: the role that writes, on a table to come: %v", what, err)
		}
	}

	// A file that is cut short leaves the database as it is.
	short := filepath.Join(dir, "court.dump")
	whole, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(short, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	before := content(t, db)
	if said, err := exec.Command("./restore", short, db).CombinedOutput(); err == nil {
		t.Errorf("half a dump was restored:\n%s", said)
	}
	same(t, "after half a dump", before, content(t, db))
}

// run runs a command that must succeed, and gives what it printed.
func run(t *testing.T, command string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command, args...)
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", command, strings.Join(args, " "), err, errs.String())
	}
	return string(out)
}

// table is what a table holds.
type table struct {
	rows int
	sum  string // of every value of every row
}

func content(t *testing.T, db string) map[string]table {
	t.Helper()
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	rows, err := conn.Query(ctx, "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('maillage', 'maillage_jobs')")
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]table{}
	for _, name := range names {
		var of table
		if err := conn.QueryRow(ctx, "SELECT count(*), COALESCE(md5(string_agg(h, '' ORDER BY h)), '') FROM (SELECT md5(t::text) AS h FROM "+name+" AS t) AS hashes").Scan(&of.rows, &of.sum); err != nil {
			t.Fatal(err)
		}
		out[name] = of
	}
	return out
}

func same(t *testing.T, what string, want, got map[string]table) {
	t.Helper()
	for name, of := range want {
		if got[name] != of {
			t.Errorf("%s: table %s: %d rows, want %d, or other values", what, name, got[name].rows, of.rows)
		}
	}
	for name := range got {
		if _, there := want[name]; !there {
			t.Errorf("%s: table %s was not in the backup", what, name)
		}
	}
}
