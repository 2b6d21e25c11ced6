package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/gpkg"
)

// openStore opens the store that --store names. Only imports and the
// demonstration create one.
func openStore(ctx context.Context, name string, create bool) (*gpkg.Store, error) {
	if strings.Contains(name, "://") {
		return nil, usagef("--store %s : cette version lit un fichier GeoPackage (.gpkg)", strings.SplitN(name, "://", 2)[0]+"://…")
	}
	var options []gpkg.Option
	if !create {
		options = append(options, gpkg.MustExist())
	}
	st, err := gpkg.Open(ctx, name, options...)
	if err != nil {
		return nil, &storeError{name, err}
	}
	return st, nil
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
		data, err := st.Edition(ctx, info.ID)
		if err != nil {
			return nil, info, err
		}
		e, err := edition.Decode(data)
		return e, info, err
	}
	if id != "" {
		return nil, store.EditionInfo{}, fmt.Errorf("édition %s : %w", id, store.ErrNotFound)
	}
	return nil, store.EditionInfo{}, fmt.Errorf("édition : %w", store.ErrNotFound)
}
