// Load-postgis measures a nation's worth of rows going into PostGIS and out again. Run
// it by the script beside it, which installs PostGIS:
//
//	scripts/load-postgis/run --help
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/postgis"
	"github.com/aisne-numerique/maillage/scripts/cluster"
	"github.com/aisne-numerique/maillage/scripts/maxrss"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// load is what is measured.
type load struct {
	communes, lieux, cells int
	edition                int // bytes
	target                 time.Duration
	seed                   uint64
	out                    io.Writer
	written                time.Duration
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("load-postgis", flag.ContinueOnError)
	flags.SetOutput(stderr)
	l := load{out: stdout}
	flags.IntVar(&l.communes, "communes", 35_000, "communes, with outlines")
	flags.IntVar(&l.lieux, "lieux", 25_000, "lieux, with hours")
	flags.IntVar(&l.cells, "cells", 1_000_000, "cells of results")
	mib := flags.Int("edition", 256, "size of the edition in MiB")
	target := flags.Int("target", 60, "seconds that all that is written may take")
	flags.Uint64Var(&l.seed, "seed", 1, "of the rows")
	if err := flags.Parse(args); err == flag.ErrHelp {
		return 0
	} else if err != nil {
		return 2
	}
	if l.communes < 1 || l.lieux < 1 || l.cells < 1 || *mib < 1 || *target < 1 || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "load-postgis: expected sizes of at least 1, and no argument")
		return 2
	}
	l.edition, l.target = *mib<<20, time.Duration(*target)*time.Second
	if err := l.all(ctx); err != nil {
		fmt.Fprintln(stderr, "load-postgis:", err)
		return 1
	}
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fmt.Fprintln(stderr, "load-postgis:", err)
		return 1
	}
	verdict, code := "reached", 0
	if l.written > l.target {
		verdict, code = "MISSED", 1
	}
	fmt.Fprintf(stdout, "written in %.1f s, target %g s: %s; largest resident set %d MiB, of which the edition twice is %d\n",
		l.written.Seconds(), l.target.Seconds(), verdict, usage.Maxrss*maxrss.Unit>>20, 2*l.edition>>20)
	return code
}

// all measures on a cluster that lives as long as this call.
func (l *load) all(ctx context.Context) (err error) {
	server, err := cluster.Start(ctx, "postgis")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	address := server.URL("postgres")
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	var version string
	if _, err = conn.Exec(ctx, "CREATE EXTENSION postgis"); err == nil {
		err = conn.QueryRow(ctx, "SELECT 'PostgreSQL ' || current_setting('server_version') || ', PostGIS ' || postgis_lib_version()").Scan(&version)
	}
	if err = errors.Join(err, conn.Close(ctx)); err != nil {
		return err
	}
	fmt.Fprintf(l.out, "%s; seed %d\n", version, l.seed)
	st, err := postgis.Open(ctx, address)
	if err != nil {
		return err
	}
	if err = l.fill(ctx, st); err == nil {
		err = l.read(ctx, st)
	}
	return errors.Join(err, st.Close())
}

const id = "load"

// bytes of the edition: as those of a real one, they do not shrink.
func (l *load) bytes() []byte {
	data := make([]byte, l.edition)
	_, _ = rand.NewChaCha8([32]byte{byte(l.seed)}).Read(data) // never fails
	return data
}

func (l *load) fill(ctx context.Context, st *postgis.Store) error {
	manifest := store.Manifest{Dataset: "essai", Format: "load", Source: "load-postgis"}
	if err := l.write("communes", l.communes, func() error {
		_, err := store.Communes.Replace(ctx, st, manifest, l.makeCommunes())
		return err
	}); err != nil {
		return err
	}
	if err := l.write("lieux", l.lieux, func() error {
		_, err := store.Lieux.Replace(ctx, st, manifest, l.makeLieux())
		return err
	}); err != nil {
		return err
	}
	data := l.bytes()
	if err := l.write("bytes of the edition, MiB", l.edition>>20, func() error { return st.PutEdition(ctx, id, data, nil) }); err != nil {
		return err
	}
	return l.write("cells of results", l.cells, func() error { return st.PutEdition(ctx, id, data, []store.Layer{l.layer()}) })
}

// write measures what goes in.
func (l *load) write(what string, n int, do func() error) error {
	took, err := l.measure("write", what, n, do)
	l.written += took
	return err
}

func (l *load) measure(verb, what string, n int, do func() error) (time.Duration, error) {
	start := time.Now()
	if err := do(); err != nil {
		return 0, err
	}
	took := time.Since(start)
	fmt.Fprintf(l.out, "%-6s %9d %-26s %6.2f s  %9.0f/s\n", verb, n, what, took.Seconds(), float64(n)/took.Seconds())
	return took, nil
}

// read reads back, and compares what there is a number or bytes for.
func (l *load) read(ctx context.Context, st *postgis.Store) error {
	for _, step := range []struct {
		what string
		n    int
		do   func() error
	}{
		{"communes", l.communes, func() error {
			rows, err := store.Communes.All(ctx, st)
			return expect(len(rows), l.communes, "communes", err)
		}},
		{"lieux", l.lieux, func() error {
			rows, err := store.Lieux.All(ctx, st)
			return expect(len(rows), l.lieux, "lieux", err)
		}},
		{"bytes of the edition, MiB", l.edition >> 20, func() error {
			data, err := st.Edition(ctx, id)
			if err == nil && !bytes.Equal(data, l.bytes()) {
				err = errors.New("the bytes of the edition are not those that went in")
			}
			return err
		}},
		{"whole store checked", 1, func() error { return st.Check(ctx) }},
	} {
		if _, err := l.measure("read", step.what, step.n, step.do); err != nil {
			return err
		}
	}
	return nil
}

func expect(got, want int, what string, err error) error {
	if err == nil && got != want {
		err = fmt.Errorf("%d %s came back; want %d", got, what, want)
	}
	return err
}
