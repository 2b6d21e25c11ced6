// Package clustertest gives tests databases of their own, with PostGIS, on a private
// cluster.
package clustertest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/aisne-numerique/maillage/scripts/cluster"
)

// Server is a cluster that makes databases.
type Server struct {
	*cluster.Cluster
	made atomic.Int64
}

// Start starts a cluster; whoever starts one stops it. The error wraps
// [cluster.ErrMissing] where PostGIS is not installed.
func Start(ctx context.Context) (*Server, error) {
	c, err := cluster.Start(ctx, "postgis")
	if err != nil {
		return nil, err
	}
	// Every database is a copy of this one: copying files is quicker than making the
	// extension.
	if err = Exec(ctx, c.URL("postgres"), "CREATE DATABASE model"); err == nil {
		err = Exec(ctx, c.URL("model"), "CREATE EXTENSION postgis")
	}
	if err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return &Server{Cluster: c}, nil
}

// Database makes an empty database, dropped with the test, and gives its address.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("essai_%d", s.made.Add(1))
	if err := Exec(context.Background(), s.URL("postgres"), "CREATE DATABASE "+name+" TEMPLATE model STRATEGY file_copy"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := Exec(context.Background(), s.URL("postgres"), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return s.URL(name)
}

// Exec runs SQL as who the address says.
func Exec(ctx context.Context, address, query string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, query)
	return errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
}
