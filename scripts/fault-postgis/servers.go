package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/aisne-numerique/maillage/scripts/crew"
)

// mostLag is how long a server may take to serve an edition that was stored.
const mostLag = 2 * time.Second

// servers publishes editions one after the other under two servers that are read.
func (t *trial) servers(ctx context.Context) error {
	t.Title("servers: two servers, two workers, %d readers, %d editions by the queue", t.readers, t.editions)
	if err := t.open(ctx, "serveurs"); err != nil {
		return err
	}
	var workers []*crew.Process
	var all []*server
	for _, name := range []string{"A", "B"} {
		w, err := t.worker(ctx, "worker "+name)
		if err != nil {
			return err
		}
		s, err := t.serve(ctx, "server "+name)
		if err != nil {
			return err
		}
		workers, all = append(workers, w), append(all, s)
	}
	// Told by the database at the commit, as the servers are.
	ear, err := pgx.Connect(ctx, t.db)
	if err != nil {
		return err
	}
	defer func() { _ = ear.Close(context.WithoutCancel(ctx)) }() // its database goes with the cluster
	if _, err := ear.Exec(ctx, "LISTEN maillage_edition"); err != nil {
		return err
	}
	r, err := read(ctx, t.random(3), t.readers, all...)
	if err != nil {
		return err
	}
	defer r.end()
	r.enter("while editions follow each other")
	lags, work := make([][]time.Duration, len(all)), make([][]time.Duration, len(all))
	published := 0
	for ; published < t.editions || r.fetched() < t.responses; published++ {
		if err := t.publish(ctx, fmt.Sprintf("%gm", 5+float64(published)/2), ear, all, lags, work); err != nil {
			return err
		}
	}
	r.end()
	r.report(&t.Report)
	t.Target(len(r.mixed) == 0, "responses of one edition each", "%d looked at, %d editions served, %d mixed", r.fetched(), len(r.editions), len(r.mixed))
	for _, m := range r.mixed {
		t.Figure("mixed", "%s", m)
	}
	for i, s := range all {
		t.Target(crew.Quantile(lags[i], 1) <= mostLag, s.Name()+" serves an edition after its commit", "%d editions: median %s, longest %s (≤ %v)", published,
			crew.Seconds(crew.Median(lags[i])), crew.Seconds(crew.Quantile(lags[i], 1)), mostLag)
		t.Figure("processor time of "+s.Name()+" meanwhile", "median %s: reading the edition, preparing it, and answering readers", crew.Seconds(crew.Median(work[i])))
	}
	for i := range all {
		if err := workers[i].End(); err != nil {
			return err
		}
		if err := all[i].End(); err != nil {
			return err
		}
	}
	return nil
}

// publish asks for one edition, and measures from its commit until each server serves it:
// the time that passes, and the work that the server does.
func (t *trial) publish(ctx context.Context, cutoff string, ear *pgx.Conn, all []*server, lags, work [][]time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, mostJob)
	defer cancel()
	j, err := t.queue(ctx, "--cutoff", cutoff)
	if err != nil {
		return err
	}
	told, err := ear.WaitForNotification(ctx)
	if err != nil {
		return fmt.Errorf("job %d: no edition: %w", j.ID, err)
	}
	commit := time.Now()
	errs := make([]error, len(all))
	var served sync.WaitGroup
	for i, s := range all {
		served.Go(func() {
			before := s.Processor()
			_, errs[i] = s.until(ctx, mostRecovery, "of the edition "+told.Payload, func(r ready) bool { return r.Edition == told.Payload })
			lags[i], work[i] = append(lags[i], time.Since(commit)), append(work[i], s.Processor()-before)
		})
	}
	served.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
