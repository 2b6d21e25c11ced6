package fetch

import (
	"context"
	"fmt"
	"time"
)

// watchdog ends a request whose server has been silent for too long.
type watchdog struct {
	timer *time.Timer
	limit time.Duration
}

func (f *Fetcher) watch(cancel context.CancelCauseFunc) *watchdog {
	limit := f.Stall
	if limit == 0 {
		limit = time.Minute
	}
	return &watchdog{limit: limit, timer: time.AfterFunc(limit, func() {
		cancel(fmt.Errorf("le serveur n'a rien envoyé pendant %v", limit))
	})}
}

// Feed says that something came.
func (w *watchdog) Feed() { w.timer.Reset(w.limit) }

// Stop ends the watch.
func (w *watchdog) Stop() { w.timer.Stop() }

// cause is why a request ended: what the watchdog said, when it did.
func cause(ctx context.Context, err error) error {
	if c := context.Cause(ctx); c != nil && ctx.Err() != nil {
		return c
	}
	return err
}
