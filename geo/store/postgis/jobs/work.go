package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/aisne-numerique/maillage/geo/store/postgis"
)

const (
	// jobLock is the first half of the advisory lock of a running job: "mlgj" in ASCII.
	// The second is the job's id.
	jobLock = 0x6d6c676a
	// watch is how often a worker looks for jobs that a dead one left, and whether it
	// still holds its own.
	watch = 2 * time.Second
	// grace is how long a job may run before its worker must have its lock.
	grace = 5 * time.Second
	// settle is how long jobs are left alone once the database is back: workers that
	// lived on write down, within that time, what became of theirs. A job that was given
	// back before would be marked by them while another does it, and be done once more.
	settle = 15 * time.Second
	// written is how often a worker looks whether River has written down how a job ended.
	written = 100 * time.Millisecond
	// told is how often progress is written down.
	told = time.Second
	// never is longer than any job: River's own rescue of stuck jobs goes by the time that
	// they took, and would start long ones twice.
	never = 30 * 24 * time.Hour
	// softStop is how long jobs under way may go on when a worker is to end.
	softStop = 3 * time.Second
)

// cancelled is true of a row of a job that somebody asked to cancel while it ran: River
// marks it so, for its worker to end it. One whose worker died is ended here.
const cancelled = "(metadata ? 'cancel_attempted_at')"

// errLost is why a job is stopped when the lock's connection is lost.
var errLost = errors.New("the worker lost its connection to the database")

// Work does the jobs of the queue of a store, at most n at a time, until ctx ends. Jobs
// under way are then stopped, and left to other workers.
func Work(ctx context.Context, st *postgis.Store, n int, h Handlers, log *slog.Logger) error {
	const others = 4 // River's listener and maintenance, progress
	q, err := open(ctx, st, log, int32(n+others))
	if err != nil {
		return fmt.Errorf("work: %w", err)
	}
	defer q.Close()
	workers := river.NewWorkers()
	add(workers, q, h.Compute)
	add(workers, q, h.Import)
	add(workers, q, h.Export)
	client, err := river.NewClient(riverpgxv5.New(q.pool), &river.Config{Schema: schema, Logger: log, Workers: workers,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: n}}, FetchOnlyKnownKinds: true,
		JobTimeout: -1, RescueStuckJobsAfter: never, SoftStopTimeout: softStop})
	if err != nil {
		return fmt.Errorf("work: %w", err)
	}
	if err := client.Start(ctx); err != nil {
		return fmt.Errorf("work: %w", err)
	}
	var trouble time.Time // when the database last did not answer
	for ctx.Err() == nil {
		err := within(ctx, func(ctx context.Context) error {
			if time.Since(trouble) < settle {
				return q.pool.Ping(ctx)
			}
			return q.rescue(ctx)
		})
		if err != nil && ctx.Err() == nil {
			trouble = time.Now()
			log.Warn("lecture de la file", "erreur", err)
		}
		wait(ctx, watch)
	}
	<-client.Stopped()
	close(q.stopped)
	q.letting.Wait()
	return nil
}

// within bounds how long the database may take: one whose machine hangs never answers.
func within(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, 2*watch)
	defer cancel()
	return do(ctx)
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// add registers what does one kind of jobs; nil does none.
func add[T river.JobArgs](workers *river.Workers, q *Queue, do func(context.Context, T, Progress) error) {
	if do == nil {
		return
	}
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[T]) error {
		start := time.Now()
		q.log.Info("travail commencé", "id", job.ID, "genre", job.Kind, "essai", job.Attempt)
		err := q.holding(ctx, job.JobRow, func(ctx context.Context) error { return do(ctx, job.Args, q.progress(ctx, job.ID)) })
		if err != nil {
			q.log.Warn("travail interrompu", "id", job.ID, "genre", job.Kind, "essai", job.Attempt, "erreur", err)
			return err
		}
		q.log.Info("travail terminé", "id", job.ID, "genre", job.Kind, "durée", time.Since(start))
		return nil
	}))
}

// holding runs do while a connection of its own holds the lock of a job, and lets go of
// it once the table says how the job ended. The context of do ends when that connection
// does.
func (q *Queue) holding(ctx context.Context, job *rivertype.JobRow, do func(context.Context) error) error {
	conn, err := q.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	// The connection goes with its lock: given back to the pool it would hold on to it.
	held := conn.Hijack()
	defer func() { q.letting.Go(func() { q.letGo(context.WithoutCancel(ctx), held, job) }) }()
	// Wait: a worker that was thought dead may be about to stop.
	if _, err := held.Exec(ctx, "SELECT pg_advisory_lock($1, $2)", jobLock, int32(job.ID)); err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var watching sync.WaitGroup
	defer watching.Wait()
	done := make(chan struct{})
	defer close(done)
	watching.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(watch):
			}
			if err := within(context.WithoutCancel(ctx), held.Ping); err != nil {
				stop(errLost)
				return
			}
		}
	})
	if err := do(ctx); err != nil {
		if cause := context.Cause(ctx); errors.Is(cause, errLost) {
			return fmt.Errorf("%w: %w", cause, err)
		}
		return err
	}
	return nil
}

// letGo closes the connection that holds the lock of a job that was worked on. River
// writes down how it ended a little later: a job that runs and whose lock nobody holds
// would be taken for one that a dead worker left, and be done again.
// Once River has stopped it writes nothing more.
func (q *Queue) letGo(ctx context.Context, held *pgx.Conn, job *rivertype.JobRow) {
	for under, stopped := true, false; under && !stopped; {
		err := within(ctx, func(ctx context.Context) error {
			return held.QueryRow(ctx, "SELECT EXISTS (SELECT FROM "+schema+".river_job WHERE id = $1 AND state = 'running' AND attempt = $2)", job.ID, job.Attempt).Scan(&under)
		})
		if err != nil { // the lock is lost, or about to be
			break
		}
		select {
		case <-q.stopped:
			stopped = true
		case <-time.After(written):
		}
	}
	end, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_ = held.Close(end) // the server sees it gone either way
}

// rescue gives jobs that dead workers left back to the queue, but for those that were
// cancelled meanwhile: those that run, says the
// table, and whose lock nobody holds; not while locks may be missing because the server
// was started again.
func (q *Queue) rescue(ctx context.Context) error {
	conn, err := q.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	rows, err := conn.Query(ctx, `
		SELECT id FROM `+schema+`.river_job AS j
		WHERE state = 'running' AND attempted_at < now() - $1::interval
			AND pg_postmaster_start_time() < now() - $3::interval -- a restart that was too short to be seen
			AND NOT EXISTS (
			SELECT FROM pg_locks AS l WHERE l.locktype = 'advisory' AND l.classid = $2 AND l.objid = j.id AND l.objsubid = 2 AND l.granted
				AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))`, grace, jobLock, settle)
	if err != nil {
		return err
	}
	left, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	for _, id := range left {
		if err := q.giveBack(ctx, conn, id); err != nil {
			return err
		}
	}
	return nil
}

func (q *Queue) giveBack(ctx context.Context, conn *pgxpool.Conn, id int64) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		var free bool // and ours until the end of the transaction
		if err := tx.QueryRow(ctx, "SELECT pg_try_advisory_xact_lock($1, $2)", jobLock, int32(id)).Scan(&free); err != nil || !free {
			return err
		}
		tag, err := tx.Exec(ctx, `
			UPDATE `+schema+`.river_job SET
				state = (CASE WHEN `+cancelled+` THEN 'cancelled' WHEN attempt >= max_attempts THEN 'discarded' ELSE 'available' END)::`+schema+`.river_job_state,
				finalized_at = CASE WHEN `+cancelled+` OR attempt >= max_attempts THEN now() END,
				scheduled_at = CASE WHEN `+cancelled+` OR attempt >= max_attempts THEN scheduled_at ELSE now() END,
				errors = array_append(errors, jsonb_build_object('at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
					'attempt', attempt, 'error', 'the worker is gone', 'trace', ''))
			WHERE id = $1 AND state = 'running' AND attempted_at < now() - $2::interval`, id, grace)
		if err == nil && tag.RowsAffected() > 0 {
			q.log.Warn("travail repris à un ouvrier disparu", "id", id)
		}
		return err
	})
}

// progress writes down how far a job is, once a second at most. Progress that cannot be
// written is not worth failing for.
func (q *Queue) progress(ctx context.Context, id int64) Progress {
	var mu sync.Mutex
	var last time.Time
	var lastStep string
	return func(step string, n, of int) {
		mu.Lock()
		defer mu.Unlock()
		if step == lastStep && time.Since(last) < told {
			return
		}
		last, lastStep = time.Now(), step
		done := 0.0
		if of > 0 {
			done = min(1, max(0, float64(n)/float64(of)))
		}
		if _, err := q.pool.Exec(ctx, `INSERT INTO `+schema+`.progress (job, step, done) VALUES ($1, $2, $3)
			ON CONFLICT (job) DO UPDATE SET step = excluded.step, done = excluded.done, updated_at = now()`, id, step, done); err != nil && ctx.Err() == nil {
			q.log.Warn("progression non écrite", "id", id, "erreur", err)
		}
	}
}
