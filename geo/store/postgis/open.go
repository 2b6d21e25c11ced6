package postgis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/aisne-numerique/maillage/geo/store"
)

const (
	// defaultPatience is how long a write waits for another process to end its own.
	defaultPatience = 10 * time.Second
	// swapPatience is how long the swap of the results waits for who reads them.
	swapPatience = time.Minute
	// connectPatience is how long a connection may take to be made.
	connectPatience = 10 * time.Second
	// statementTimeout bounds what reads may cost the server. Writes have none: an
	// import lasts as long as its file.
	statementTimeout = 5 * time.Minute
	// maxConns is enough for a server and its import, and leaves the 100 connections
	// that PostgreSQL takes by default to others.
	maxConns = 8
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	name    string
	pool    *pgxpool.Pool
	writing chan struct{} // holds one token while a writer is at work
	o       options
	closing sync.Once
}

var _ store.Store = (*Store)(nil)

// Option changes how [Open] opens a database.
type Option func(*options)

type options struct {
	mustExist bool
	patience  time.Duration
}

// MustExist makes Open answer ErrNoStore, rather than make a store in the database.
func MustExist() Option { return func(o *options) { o.mustExist = true } }

// Patience is how long a write waits for another process that is writing, before it
// answers ErrBusy. The default is ten seconds.
func Patience(d time.Duration) Option { return func(o *options) { o.patience = d } }

// IsURL reports whether name is the address of a database, and not a file.
func IsURL(name string) bool {
	return strings.HasPrefix(name, "postgres://") || strings.HasPrefix(name, "postgresql://")
}

// Name is an address as it can be shown: who connects where, never the password.
func Name(address string) string {
	c, err := config(address)
	if err != nil {
		return "postgres://…"
	}
	return nameOf(c)
}

func nameOf(c *pgxpool.Config) string {
	at := c.ConnConfig
	u := url.URL{Scheme: "postgres", User: url.User(at.User), Host: net.JoinHostPort(at.Host, strconv.Itoa(int(at.Port))), Path: "/" + at.Database}
	if strings.HasPrefix(at.Host, "/") { // a socket
		u.Host, u.RawQuery = "", "host="+at.Host
	}
	return u.String()
}

// config reads an address, and gives what it leaves out a sane value.
func config(address string) (*pgxpool.Config, error) {
	if !IsURL(address) {
		return nil, ErrURL
	}
	c, err := pgxpool.ParseConfig(address)
	var file *fs.PathError
	switch {
	case errors.As(err, &file): // of a certificate, a service…
		return nil, file
	case err != nil:
		// Without the error: it quotes the address, where a part of the password can be
		// anywhere when the rest is malformed.
		return nil, ErrURL
	case strings.Contains(c.ConnConfig.Host+c.ConnConfig.Database, "@"):
		return nil, ErrURL // a password with "/", of which the end was taken for a database
	}
	if !strings.Contains(address, "pool_max_conns=") {
		c.MaxConns = min(c.MaxConns, maxConns)
	}
	if c.ConnConfig.ConnectTimeout == 0 {
		c.ConnConfig.ConnectTimeout = connectPatience
	}
	params := c.ConnConfig.RuntimeParams
	for name, value := range map[string]string{
		"application_name":  "maillage",
		"statement_timeout": strconv.FormatInt(statementTimeout.Milliseconds(), 10),
	} {
		params[name] = cmp.Or(params[name], value)
	}
	params["datestyle"] = "ISO, YMD" // what the queries of package table read
	c.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		// PostGIS may be in any schema, or not there, which [fit] tells.
		var path string
		var oid *uint32 // of its type geometry
		if err := conn.QueryRow(ctx, `SELECT set_config('search_path', 'maillage, ' || COALESCE(quote_ident(n.nspname), 'public'), false), t.oid
			FROM (SELECT) AS one LEFT JOIN pg_extension AS e ON e.extname = 'postgis' LEFT JOIN pg_namespace AS n ON n.oid = e.extnamespace
			LEFT JOIN pg_type AS t ON t.typnamespace = n.oid AND t.typname = 'geometry'`).Scan(&path, &oid); err != nil {
			return err
		}
		if oid != nil {
			conn.TypeMap().RegisterType(&pgtype.Type{Name: "geometry", OID: *oid, Codec: codec{}})
		}
		return nil
	}
	return c, nil
}

// Open opens the store in the database at an address, and makes it when there is
// none. A store of an earlier version of the program is brought up to date. The
// errors that a person can act on are listed at [ErrURL]; one more is an
// *fs.PathError, of a file that the address names.
func Open(ctx context.Context, address string, opts ...Option) (*Store, error) {
	o := options{patience: defaultPatience}
	for _, set := range opts {
		set(&o)
	}
	c, err := config(address)
	if err != nil {
		return nil, fmt.Errorf("open store: %s: %w", Name(address), err)
	}
	s := &Store{name: nameOf(c), writing: make(chan struct{}, 1), o: o}
	if s.pool, err = pgxpool.NewWithConfig(ctx, c); err == nil {
		if err = s.migrate(ctx); err != nil {
			s.pool.Close()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open store: %s: %w", s.name, explain(err))
	}
	return s, nil
}

// Close ends the connections. It waits for those in use: a loop over Roads is to end
// first. Close again does nothing.
func (s *Store) Close() error {
	s.closing.Do(s.pool.Close)
	return nil
}

// Pool makes another pool of connections to the same database, set up as the store's:
// for the queue of jobs, whose connections must not wait for those of reads. The caller
// closes it.
func (s *Store) Pool(ctx context.Context, maxConns int32) (*pgxpool.Pool, error) {
	c := s.pool.Config().Copy()
	c.MaxConns = maxConns
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("pool: %s: %w", s.name, explain(err))
	}
	return pool, nil
}

// Beside is the address of another database of the same server, for the same user.
func Beside(address, database string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || !IsURL(address) {
		return "", ErrURL // without the error, which quotes the address
	}
	u.Path, u.RawPath = "/"+database, ""
	return u.String(), nil
}
