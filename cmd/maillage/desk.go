package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/postgis"
	"github.com/aisne-numerique/maillage/geo/store/postgis/jobs"
)

// keeper lets a server write to a store, which it must not know.
type keeper struct {
	opened
	queue *lateQueue // nil: the store can have none
}

// newKeeper gives the store's queue along, where it can have one; close ends what was
// opened.
func newKeeper(s *session, st opened) (d keeper, close func()) {
	d = keeper{opened: st}
	if db, ok := st.(*postgis.Store); ok {
		d.queue = &lateQueue{db: db, log: s.log}
		return d, d.queue.close
	}
	return d, func() {}
}

// lateQueue is the queue of a database, opened once it can be: a role that may only read
// cannot make the queue, and serves before any worker has.
type lateQueue struct {
	db  *postgis.Store
	log *slog.Logger

	mu     sync.Mutex
	queue  *jobs.Queue
	missed bool // and told
}

// open gives the queue; the error wraps [desk.ErrNoQueue].
func (l *lateQueue) open(ctx context.Context) (*jobs.Queue, error) {
	if l == nil {
		return nil, desk.ErrNoQueue
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.queue != nil {
		return l.queue, nil
	}
	q, err := jobs.Open(ctx, l.db, quiet)
	if err != nil {
		if !l.missed {
			l.log.Warn("pas encore de file de travaux", "erreur", err)
		}
		l.missed = true
		return nil, fmt.Errorf("%w: %w", desk.ErrNoQueue, err)
	}
	l.queue = q
	return q, nil
}

func (l *lateQueue) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.queue != nil {
		l.queue.Close()
	}
}

func (d keeper) Editions(ctx context.Context) ([]desk.EditionInfo, error) {
	all, err := d.opened.Editions(ctx)
	out := make([]desk.EditionInfo, len(all))
	for i, e := range all {
		out[i] = desk.EditionInfo{ID: e.ID, Created: e.Created}
	}
	return out, err
}

func (d keeper) Documents(ctx context.Context, kind string) ([]desk.Document, error) {
	all, err := d.opened.Documents(ctx, kind)
	out := make([]desk.Document, len(all))
	for i, doc := range all {
		out[i] = desk.Document{ID: doc.ID, Data: doc.Data, Updated: doc.Updated}
	}
	return out, err
}

func (d keeper) Document(ctx context.Context, kind, id string) (desk.Document, error) {
	doc, err := d.opened.Document(ctx, kind, id)
	if errors.Is(err, store.ErrNotFound) {
		err = fmt.Errorf("%w: %w", desk.ErrNoDocument, err)
	}
	return desk.Document{ID: doc.ID, Data: doc.Data, Updated: doc.Updated}, err
}

func (d keeper) AddVisits(ctx context.Context, visits []desk.Visits) error {
	out := make([]store.Visits, len(visits))
	for i, v := range visits {
		out[i] = store.Visits(v)
	}
	return d.opened.AddVisits(ctx, out)
}

func (d keeper) Visits(ctx context.Context) ([]desk.Visits, error) {
	all, err := d.opened.Visits(ctx)
	out := make([]desk.Visits, len(all))
	for i, v := range all {
		out[i] = desk.Visits(v)
	}
	return out, err
}

func (d keeper) Jobs(ctx context.Context) ([]desk.Job, error) {
	q, err := d.queue.open(ctx)
	if err != nil {
		return nil, nil // no queue, no jobs
	}
	list, err := q.List(ctx)
	return jobsJSON(list), err
}

// Compute asks for the edition of what the store holds now.
func (d keeper) Compute(ctx context.Context) (desk.Job, error) {
	q, err := d.queue.open(ctx)
	if err != nil {
		return desk.Job{}, err
	}
	args, err := computeArgs(ctx, d.opened, edition.DefaultParams())
	if err != nil {
		return desk.Job{}, err
	}
	j, _, err := q.Add(ctx, args)
	return jobJSON(j), err
}

// Cancel stops a job.
func (d keeper) Cancel(ctx context.Context, id int64) (desk.Job, error) {
	q, err := d.queue.open(ctx)
	if err != nil {
		return desk.Job{}, err
	}
	j, err := q.Cancel(ctx, id)
	if errors.Is(err, jobs.ErrNoJob) {
		err = fmt.Errorf("%w: %w", desk.ErrNoJob, err)
	}
	return jobJSON(j), err
}

func jobsJSON(list []jobs.Job) []desk.Job {
	out := make([]desk.Job, len(list))
	for i, j := range list {
		out[i] = jobJSON(j)
	}
	return out
}

func jobJSON(j jobs.Job) desk.Job {
	out := desk.Job{ID: j.ID, Kind: j.Kind, State: j.State, Store: j.Database, Attempt: j.Attempt, Created: j.Created.UTC().Format(time.RFC3339),
		Step: j.Step, Done: j.Done, Error: firstLine(j.LastError)}
	if !j.Finished.IsZero() {
		out.Finished = j.Finished.UTC().Format(time.RFC3339)
	}
	return out
}

// recordOf is what is kept to follow the territory once the edition is gone. It is stored
// with the edition, both or none; a record that is there keeps its date: that of the first
// computation.
func recordOf(e *edition.Edition) (store.Document, error) {
	data, err := e.Record().Encode()
	return store.Document{Kind: desk.KindRecord, ID: e.ID, Data: data}, err
}
