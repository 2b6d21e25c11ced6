package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aisne-numerique/maillage/api"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/store"
)

// desk lets a server write to a store, which it must not know.
type desk struct{ store.Store }

func (d desk) Editions(ctx context.Context) ([]api.EditionInfo, error) {
	all, err := d.Store.Editions(ctx)
	out := make([]api.EditionInfo, len(all))
	for i, e := range all {
		out[i] = api.EditionInfo{ID: e.ID, Created: e.Created}
	}
	return out, err
}

func (d desk) Documents(ctx context.Context, kind string) ([]api.Document, error) {
	all, err := d.Store.Documents(ctx, kind)
	out := make([]api.Document, len(all))
	for i, doc := range all {
		out[i] = api.Document{ID: doc.ID, Data: doc.Data, Updated: doc.Updated}
	}
	return out, err
}

func (d desk) Document(ctx context.Context, kind, id string) (api.Document, error) {
	doc, err := d.Store.Document(ctx, kind, id)
	if errors.Is(err, store.ErrNotFound) {
		err = fmt.Errorf("%w: %w", api.ErrNoDocument, err)
	}
	return api.Document{ID: doc.ID, Data: doc.Data, Updated: doc.Updated}, err
}

func (d desk) AddVisits(ctx context.Context, visits []api.Visits) error {
	out := make([]store.Visits, len(visits))
	for i, v := range visits {
		out[i] = store.Visits(v)
	}
	return d.Store.AddVisits(ctx, out)
}

func (d desk) Visits(ctx context.Context) ([]api.Visits, error) {
	all, err := d.Store.Visits(ctx)
	out := make([]api.Visits, len(all))
	for i, v := range all {
		out[i] = api.Visits(v)
	}
	return out, err
}

func (d desk) Jobs(ctx context.Context) ([]api.Job, error) { return nil, nil }

// keepRecord keeps what is needed to follow the territory once the edition is gone. A
// record that is there keeps its date: that of the first computation.
func keepRecord(ctx context.Context, st store.Documents, e *edition.Edition) error {
	if _, err := st.Document(ctx, api.KindRecord, e.ID); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	data, err := json.Marshal(e.Record())
	if err != nil {
		return fmt.Errorf("record of edition %s: %w", e.ID, err)
	}
	return st.PutDocument(ctx, api.KindRecord, e.ID, data)
}
