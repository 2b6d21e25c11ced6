// Package crew runs the built program as several processes on one private PostgreSQL,
// for measures of what they do together: servers, workers, commands. Nothing is left of
// them when a crew is dismissed.
package crew

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"github.com/aisne-numerique/maillage/fixtures"
	"github.com/aisne-numerique/maillage/scripts/cluster"
)

// Crew is a private cluster and the processes that use it.
type Crew struct {
	*cluster.Cluster
	program string // the maillage to run

	mu        sync.Mutex
	processes []*Process
}

// model is the database that others are made of: with PostGIS, and empty.
const model = "model"

// Gather starts a cluster for a program. Whoever gathers a crew dismisses it.
func Gather(ctx context.Context, program string) (*Crew, error) {
	program, err := filepath.Abs(program)
	if err != nil {
		return nil, err
	}
	if _, err := exec.LookPath(program); err != nil {
		return nil, err
	}
	server, err := cluster.Start(ctx, "postgis")
	if err != nil {
		return nil, err
	}
	c := &Crew{Cluster: server, program: program}
	if err = c.Exec(ctx, "postgres", "CREATE DATABASE "+model); err == nil {
		err = c.Exec(ctx, model, "CREATE EXTENSION postgis")
	}
	if err != nil {
		return nil, errors.Join(err, c.Dismiss())
	}
	return c, nil
}

// Dismiss kills every process and stops the cluster.
func (c *Crew) Dismiss() error {
	c.mu.Lock()
	all := c.processes
	c.mu.Unlock()
	var errs []error
	for _, p := range all {
		errs = append(errs, p.Kill())
	}
	return errors.Join(append(errs, c.Stop())...)
}

// Database makes a database and gives its address. It is a copy of another, which
// nobody may be connected to; without one, it holds PostGIS alone. Commits in it
// survive a crash of the server.
func (c *Crew) Database(ctx context.Context, name, of string) (string, error) {
	if of == "" {
		of = model
	}
	for _, query := range []string{
		"CREATE DATABASE " + quoted(name) + " TEMPLATE " + quoted(of) + " STRATEGY file_copy",
		"ALTER DATABASE " + quoted(name) + " SET synchronous_commit = on",
	} {
		if err := c.Exec(ctx, "postgres", query); err != nil {
			return "", err
		}
	}
	return c.URL(name), nil
}

// Drop drops a database, whoever is connected to it.
func (c *Crew) Drop(ctx context.Context, name string) error {
	return c.Exec(ctx, "postgres", "DROP DATABASE "+quoted(name)+" WITH (FORCE)")
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }

// Exec runs SQL in a database as the superuser.
func (c *Crew) Exec(ctx context.Context, database, query string) error {
	conn, err := pgx.Connect(ctx, c.URL(database))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, query)
	return errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
}

// Run runs a command of the program to its end, and gives what it printed.
func (c *Crew) Run(ctx context.Context, args ...string) (string, error) {
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, c.program, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = environment(), &out, &errs
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("maillage %s: %w\n%s", strings.Join(args, " "), err, bytes.TrimSpace(errs.Bytes()))
	}
	return out.String(), nil
}

// Import writes a file of a territory and imports it into a store.
func (c *Crew) Import(ctx context.Context, store, path string, data []byte, e fixtures.Entry) error {
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return err
	}
	return c.ImportFile(ctx, store, path, e)
}

// ImportFile imports a file of a territory into a store.
func (c *Crew) ImportFile(ctx context.Context, store, path string, e fixtures.Entry) error {
	_, err := c.Run(ctx, "import", e.Kind, path, "--store", store, "--dataset", e.Dataset, "--source", e.Source, "--licence", e.Licence,
		"--millesime", e.Vintage, "--modelise", e.Modelled)
	return err
}

// environment is that of this program, but for what configures maillage, PostgreSQL and
// the number of processors.
func environment() []string {
	var out []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "PG") && !strings.HasPrefix(e, "MAILLAGE_") && !strings.HasPrefix(e, "GOMAXPROCS=") {
			out = append(out, e)
		}
	}
	return out
}
