package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/gpkg"
	"github.com/aisne-numerique/maillage/geo/store/postgis"
)

// opened is an open store, of either kind.
type opened interface {
	store.Store
	Check(ctx context.Context) error
}

// openStore opens the store that --store names: a file, or a database. Only imports,
// copies, migrations and the demonstration create one.
func openStore(ctx context.Context, name string, create bool) (opened, error) {
	var st opened
	var err error
	switch {
	case postgis.IsURL(name):
		var options []postgis.Option
		if !create {
			options = append(options, postgis.MustExist())
		}
		st, err = postgis.Open(ctx, name, options...)
		var file *fs.PathError // a certificate: the error names it
		if errors.As(err, &file) {
			return nil, file
		}
	case strings.Contains(name, "://"):
		scheme, _, _ := strings.Cut(name, "://")
		return nil, usagef("--store %s://… : attendu un fichier GeoPackage (.gpkg) ou une adresse postgres://utilisateur@serveur/base", scheme)
	default:
		var options []gpkg.Option
		if !create {
			options = append(options, gpkg.MustExist())
		}
		st, err = gpkg.Open(ctx, name, options...)
	}
	if err != nil {
		return nil, &storeError{shown(name), err}
	}
	return st, nil
}

// shown is the name of a store as it can be shown: without the password.
func shown(name string) string {
	if postgis.IsURL(name) {
		return postgis.Name(name)
	}
	return name
}

// loadEdition reads an edition of a store: the newest, or the one whose id begins
// with id.
func loadEdition(ctx context.Context, st store.Editions, id string) (*edition.Edition, store.EditionInfo, error) {
	all, err := st.Editions(ctx)
	if err != nil {
		return nil, store.EditionInfo{}, err
	}
	for _, info := range all {
		if !strings.HasPrefix(info.ID, id) {
			continue
		}
		e, err := readEdition(ctx, st, info.ID)
		return e, info, err
	}
	if id != "" {
		return nil, store.EditionInfo{}, fmt.Errorf("édition %s : %w", id, store.ErrNotFound)
	}
	return nil, store.EditionInfo{}, fmt.Errorf("édition : %w", store.ErrNotFound)
}

// edition reads an edition of the store that is named; it needs the store no more.
func (s *session) edition(id string) (_ *edition.Edition, err error) {
	st, err := openStore(s.ctx, s.store(), false)
	if err != nil {
		return nil, err
	}
	defer closing(st, &err)
	e, _, err := loadEdition(s.ctx, st, id)
	return e, err
}

// readEdition reads an edition. An error that is [refused] will be the same the next time.
func readEdition(ctx context.Context, st store.Editions, id string) (e *edition.Edition, err error) {
	err = st.ReadEdition(ctx, id, func(r io.Reader) error {
		var err error
		if e, err = edition.Read(r); err != nil {
			return refused{err}
		}
		return nil
	})
	return e, err
}

// refused is an error of bytes that were read as they are stored.
type refused struct{ error }

func (r refused) Unwrap() error { return r.error }
