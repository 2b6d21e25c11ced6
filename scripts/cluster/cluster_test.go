package cluster

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestClusterIsPrivateAndLeavesNothing(t *testing.T) {
	// As a caller's shell would point to a cluster of the machine.
	t.Setenv("PGPORT", "1")
	t.Setenv("PGDATA", "/nowhere")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c, err := Start(ctx)
	if errors.Is(err, ErrMissing) {
		t.Skipf("not tried: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	conn, err := pgx.Connect(ctx, c.DSN())
	if err != nil {
		t.Fatal(err)
	}
	var listen, fsync, data string
	if err := conn.QueryRow(ctx, "SELECT current_setting('listen_addresses'), current_setting('fsync'), current_setting('data_directory')").
		Scan(&listen, &fsync, &data); err != nil {
		t.Fatal(err)
	}
	if listen != "" || fsync != "off" || data != c.data() {
		t.Errorf("listens to %q, fsync %s, data in %s; want no address, off, %s", listen, fsync, data, c.data())
	}
	// The connection is left open: stopping must not wait for it.
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := conn.Ping(ctx); err == nil {
		t.Error("a stopped cluster still answers")
	}
	if _, err := os.Stat(c.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is left: %v", c.dir, err)
	}
}

func TestFaults(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c, err := Start(ctx)
	if errors.Is(err, ErrMissing) {
		t.Skipf("not tried: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	exec := func(query string) error {
		short, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		conn, err := pgx.Connect(short, c.DSN()+" synchronous_commit=on")
		if err != nil {
			return err
		}
		_, err = conn.Exec(short, query)
		return errors.Join(err, conn.Close(short))
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(exec("CREATE TABLE kept (n int)"))
	must(c.Crash(ctx))
	if err := exec("SELECT"); err == nil {
		t.Error("a crashed cluster answers")
	}
	must(c.Restart(ctx))
	must(exec("INSERT INTO kept VALUES (1)"))
	must(c.Freeze())
	if err := exec("SELECT"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a frozen cluster: %v; want no answer", err)
	}
	must(c.Thaw())
	must(exec("INSERT INTO kept VALUES (2)"))
	must(c.Freeze()) // for Stop
}

func TestMissingNamesThePackages(t *testing.T) {
	_, err := find([]string{t.TempDir()}, []string{"pgrouting", "hstore"})
	if !errors.Is(err, ErrMissing) {
		t.Fatalf("find in an empty folder: %v; want ErrMissing", err)
	}
	for _, word := range []string{"postgresql-15,", "postgresql-15-pgrouting", "extension hstore"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not name %s", err, word)
		}
	}
}

func TestFindWantsTheExtension(t *testing.T) {
	// Two installations, of which the second alone has the extension.
	var folders []string
	for range 2 {
		dir := t.TempDir()
		for name, text := range map[string]string{"initdb": "", "pg_ctl": "", "postgres": "", "pg_config": "#!/bin/sh\necho " + dir + "\n"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		folders = append(folders, dir)
	}
	if err := os.Mkdir(filepath.Join(folders[1], "extension"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folders[1], "extension", "pgrouting.control"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := find(folders, nil); got != folders[0] || err != nil {
		t.Errorf("find without extension: %s, %v; want %s", got, err, folders[0])
	}
	if got, err := find(folders, []string{"pgrouting"}); got != folders[1] || err != nil {
		t.Errorf("find with an extension: %s, %v; want %s", got, err, folders[1])
	}
}

func TestQuote(t *testing.T) {
	if got, want := quote(`a\b'c`, `\'`), `'a\\b\'c'`; got != want {
		t.Errorf("quote for a connection: %s; want %s", got, want)
	}
}
