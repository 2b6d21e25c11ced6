package postgis

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Why a database cannot be used.
var (
	// ErrURL: the address cannot be read, or is not that of a PostgreSQL database.
	ErrURL = errors.New("not an address as postgres://user@host:5432/database (in a password, write / @ : ? # % as %2F %40 %3A %3F %23 %25)")
	// ErrUnreachable: no server answers there, or it does not take connections.
	ErrUnreachable = errors.New("no server answers")
	// ErrTLS: the connection cannot be encrypted as the address wants it.
	ErrTLS = errors.New("no encrypted connection")
	// ErrPassword: the server refuses the user or the password.
	ErrPassword = errors.New("user or password refused")
	// ErrNoDatabase: the server has no such database.
	ErrNoDatabase = errors.New("no such database")
	// ErrNoPostGIS: the database does not have the extension postgis.
	ErrNoPostGIS = errors.New("the extension postgis is not created in the database")
	// ErrUnfit: the server, PostGIS or the encoding of the database is not fit for use.
	ErrUnfit = errors.New("unfit server")
	// ErrNoStore: the database holds no store, and [MustExist] asks for one.
	ErrNoStore = errors.New("no store in this database")
	// ErrNotStore: the schema maillage holds something else. It is left as it was.
	ErrNotStore = errors.New("a schema maillage that this program did not make")
	// ErrNewer: a store of a later version of the program. It is left as it was.
	ErrNewer = errors.New("made by a newer version of maillage")
	// ErrOutdated: the schema is not that of this program, and the role may not change it.
	ErrOutdated = errors.New("the schema is to be brought up to date by a role that may")
	// ErrForbidden: the role lacks a right.
	ErrForbidden = errors.New("permission denied")
	// ErrReadOnly: a write to a server that follows another, or to a session that may not.
	ErrReadOnly = errors.New("read-only server or session")
	// ErrBusy: another program writes, or holds what is to be swapped, and did not end in time.
	ErrBusy = errors.New("another program is writing to the database")
	// ErrDependent: an object of a person, as a view, depends on a table of results.
	ErrDependent = errors.New("something depends on a table of results")
	// ErrFull: the server has no disk, memory or connection left.
	ErrFull = errors.New("the server has no room left")
	// ErrTimeout: a statement took longer than statement_timeout allows.
	ErrTimeout = errors.New("a statement was stopped by a timeout")
	// ErrDamaged: what is stored contradicts itself.
	ErrDamaged = errors.New("damaged store")
)

// kinds are the errors above by SQLSTATE, whole or its class of two letters.
var kinds = map[string]error{
	"08": ErrUnreachable, "57P": ErrUnreachable,
	"28": ErrPassword, "3D000": ErrNoDatabase, "42501": ErrForbidden, "25006": ErrReadOnly,
	"55P03": ErrBusy, "40P01": ErrBusy, "2BP01": ErrDependent, "53": ErrFull, "57014": ErrTimeout,
	"XX001": ErrDamaged, "XX002": ErrDamaged,
}

// explain adds the kind of error above to an error of PostgreSQL that has one.
func explain(err error) error {
	var server *pgconn.PgError
	var connect *pgconn.ConnectError
	var network net.Error
	var certificate *tls.CertificateVerificationError
	switch {
	case err == nil || errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &server):
		for _, n := range []int{5, 3, 2} {
			if kind := kinds[server.Code[:min(n, len(server.Code))]]; kind != nil {
				return mark(kind, err)
			}
		}
		if server.Detail != "" {
			return fmt.Errorf("%w: %s", err, server.Detail)
		}
	case errors.As(err, &certificate), strings.Contains(err.Error(), "server refused TLS"): // pgx has no name for it
		return mark(ErrTLS, err)
	case errors.As(err, &connect): // also when the time to connect is over
		return mark(ErrUnreachable, err)
	case errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &network), errors.Is(err, io.ErrUnexpectedEOF):
		return mark(ErrUnreachable, err)
	}
	return err
}

// mark adds a kind, once.
func mark(kind, err error) error {
	if errors.Is(err, kind) {
		return err
	}
	return fmt.Errorf("%w: %w", kind, err)
}

// duplicate reports at which row of a COPY, from 1, a key was met a second time.
func duplicate(err error) (row int, detail string, ok bool) {
	var server *pgconn.PgError
	if !errors.As(err, &server) || server.Code != "23505" {
		return 0, "", false
	}
	// "COPY communes, line 2", in the language of the server. No name has a digit.
	digits := strings.IndexAny(server.Where, "0123456789")
	if digits < 0 {
		return 0, "", false
	}
	if _, err := fmt.Sscanf(server.Where[digits:], "%d", &row); err != nil {
		return 0, "", false
	}
	return row, server.Detail, true
}
