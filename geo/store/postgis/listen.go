package postgis

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	firstPause = time.Second      // before connecting again
	lastPause  = 4 * time.Second  // the pause doubles up to this: how long news may be missed once the server is back
	silence    = 30 * time.Second // after which a connection is tried
)

// Listen tells of new editions, until ctx ends: a signal says that there may be one,
// whoever stored it. Signals that nobody has taken are one. There is one at the start
// of every connection, since what came before it was missed.
//
// A connection of its own is made again when it is lost, after a pause that grows to
// some seconds; lost, which may be nil, is told why. A server that cannot do without
// the news also looks at [Store.Editions] now and then.
func (s *Store) Listen(ctx context.Context, lost func(error)) <-chan struct{} {
	signals := make(chan struct{}, 1)
	go func() {
		defer close(signals)
		pause := firstPause
		for ctx.Err() == nil {
			heard, err := s.hear(ctx, signals)
			if ctx.Err() != nil {
				return
			}
			if lost != nil {
				lost(fmt.Errorf("listen for editions: %s: %w", s.name, explain(err)))
			}
			if heard {
				pause = firstPause
			}
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
			pause = min(2*pause, lastPause)
		}
	}()
	return signals
}

// hear listens on one connection until it is lost. heard is whether there was one.
func (s *Store) hear(ctx context.Context, signals chan<- struct{}) (heard bool, err error) {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return false, err
	}
	defer func() {
		end, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = conn.Close(end) // it is lost, or no longer wanted
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return false, err
	}
	for {
		select {
		case signals <- struct{}{}:
		default: // one is waiting
		}
		for {
			err := within(ctx, silence, func(ctx context.Context) error {
				_, err := conn.WaitForNotification(ctx)
				return err
			})
			if err == nil {
				break
			}
			if ctx.Err() != nil || conn.IsClosed() {
				return true, err
			}
			// Nothing was said: a connection that a firewall has dropped says nothing either.
			if err := within(ctx, connectPatience, conn.Ping); err != nil {
				return true, err
			}
		}
	}
}

// within calls do with a deadline.
func within(ctx context.Context, d time.Duration, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return do(ctx)
}
