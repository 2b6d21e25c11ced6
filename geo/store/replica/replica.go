// Package replica copies a store into another, losslessly, whatever keeps them.
package replica

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"

	"github.com/aisne-numerique/maillage/geo/store"
)

// Options say what a store does not know of what it keeps.
type Options struct {
	Documents []string                            // kinds of documents
	Layers    func([]byte) ([]store.Layer, error) // makes the layers of an edition again
	Progress  func(step string, n, of int)        // is told how far it is; step is French
}

// Sum is what was copied.
type Sum struct {
	Datasets  []store.Manifest `json:"datasets"`
	Editions  []string         `json:"editions"` // oldest first, as copied
	Rows      int              `json:"rows"`
	Documents int              `json:"documents"` // scenarios, tokens, records of editions…
	Bytes     int64            `json:"bytes"`     // of the editions
	Warnings  []string         `json:"-"`
}

// Copy copies all of a store: its datasets, its editions, which keep their order, and what
// people wrote beside. held are the manifests that from had when it was looked at: a store
// that changed meanwhile is an error, for each read sees one moment, all of them do not.
func Copy(ctx context.Context, from, to store.Store, held []store.Manifest, o Options) (*Sum, error) {
	sum := &Sum{Datasets: held, Editions: []string{}, Warnings: []string{}}
	if err := o.inputs(ctx, held, from, to); err != nil {
		return nil, err
	}
	for _, d := range held {
		sum.Rows += d.Rows
	}
	if err := o.editions(ctx, from, to, sum); err != nil {
		return nil, err
	}
	var err error
	if sum.Documents, err = o.beside(ctx, from, to); err != nil {
		return nil, err
	}
	after, err := from.Manifests(ctx)
	if err == nil && !reflect.DeepEqual(held, after) {
		err = errors.New("le magasin a changé pendant sa copie : recommencez avec --replace")
	}
	return sum, err
}

// inputs copies every dataset.
func (o *Options) inputs(ctx context.Context, held []store.Manifest, from, to store.Store) error {
	of := map[store.Kind][]store.Manifest{}
	for _, d := range held { // sorted by dataset, as rows are
		of[d.Kind] = append(of[d.Kind], d)
	}
	for _, about := range store.Kinds() {
		if err := o.rows(ctx, of[about.Kind], from, to); err != nil {
			return err
		}
	}
	return nil
}

// rows copies the datasets of a kind. A reader gives the rows of all of them, in the order
// of the manifests, which say how many each has.
func (o *Options) rows(ctx context.Context, held []store.Manifest, from, to store.Store) error {
	if len(held) == 0 {
		return nil
	}
	next, stop := iter.Pull2(from.Read(ctx, held[0].Kind))
	defer stop()
	for _, d := range held {
		step := fmt.Sprintf("copie %s « %s »", d.Kind, d.Dataset)
		written, err := to.Replace(ctx, d, func(yield func(any, error) bool) {
			for n := range d.Rows {
				if n%512 == 0 {
					o.Progress(step, n, d.Rows)
				}
				row, err, ok := next()
				if !ok {
					err = fmt.Errorf("%d lignes ; l'import en avait écrit %d", n, d.Rows)
				}
				if !yield(row, err) || err != nil {
					return
				}
			}
		})
		if err == nil && !reflect.DeepEqual(written, d) {
			err = fmt.Errorf("manifeste %+v ; attendu %+v", written, d)
		}
		if err != nil {
			return fmt.Errorf("copie de %s « %s » : %w", d.Kind, d.Dataset, err)
		}
	}
	if _, err, ok := next(); ok {
		return errors.Join(fmt.Errorf("copie de %s : plus de lignes que les imports n'en avaient écrit", held[0].Kind), err)
	}
	return nil
}

// beside copies what people wrote beside the data, and the counts of visits unless there
// are some: added twice they would be wrong. It gives the number of documents.
func (o *Options) beside(ctx context.Context, from, to store.Store) (int, error) {
	n := 0
	for _, kind := range o.Documents {
		documents, err := from.Documents(ctx, kind)
		if err != nil {
			return n, err
		}
		for _, d := range documents {
			if err := to.PutDocument(ctx, kind, d.ID, d.Data); err != nil {
				return n, err
			}
			n++
		}
	}
	visits, err := from.Visits(ctx)
	if err != nil {
		return n, err
	}
	if there, err := to.Visits(ctx); err != nil || len(there) > 0 {
		return n, err
	}
	return n, to.AddVisits(ctx, visits)
}

// editions copies every edition, oldest first, which keeps their order, and gives the last
// its layers.
func (o *Options) editions(ctx context.Context, from, to store.Store, sum *Sum) error {
	list, err := from.Editions(ctx)
	if err != nil {
		return err
	}
	slices.Reverse(list)
	for i, info := range list {
		o.Progress("copie des éditions", i, len(list))
		data, err := from.Edition(ctx, info.ID)
		if err != nil {
			return err
		}
		var layers []store.Layer
		if i == len(list)-1 {
			if layers, err = o.Layers(data); err != nil {
				sum.Warnings = append(sum.Warnings, fmt.Sprintf("édition %s : copiée, sans tables pour un SIG (%v)", info.ID, err))
			}
		}
		if err := to.PutEdition(ctx, info.ID, data, layers); err != nil {
			return err
		}
		sum.Editions = append(sum.Editions, info.ID)
		sum.Bytes += int64(len(data))
	}
	return nil
}
