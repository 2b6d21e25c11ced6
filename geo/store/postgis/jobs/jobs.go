package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"github.com/aisne-numerique/maillage/geo/store/postgis"
)

// schema is where the queue is, beside the store's.
const schema = "maillage_jobs"

// maxAttempts is how often a job is tried, by any worker.
const maxAttempts = 25

// ErrNoJob is wrapped by what is answered for a job that is not in the queue.
var ErrNoJob = errors.New("no such job")

// Compute asks for an edition. Content names what it is computed from (the id that the
// edition will have, say): two jobs of the same content are one.
type Compute struct {
	Database string          `json:"database,omitempty" river:"unique"` // beside that of the queue; empty: that one
	Content  string          `json:"content" river:"unique"`
	Params   json.RawMessage `json:"params"`
}

// Kind is the name of the kind of job.
func (Compute) Kind() string { return "compute" }

// Import asks for an import of files that every worker can read.
type Import struct {
	Database string          `json:"database,omitempty" river:"unique"`
	Content  string          `json:"content" river:"unique"` // of the files and options
	Options  json.RawMessage `json:"options"`
}

// Kind is the name of the kind of job.
func (Import) Kind() string { return "import" }

// Export asks for files made from an edition, where every worker can write.
type Export struct {
	Database string          `json:"database,omitempty" river:"unique"`
	Content  string          `json:"content" river:"unique"` // edition, format and place
	Options  json.RawMessage `json:"options"`
}

// Kind is the name of the kind of job.
func (Export) Kind() string { return "export" }

// Args is one of the kinds of job above.
type Args = river.JobArgs

// Final makes an error of a handler one that trying again would not mend: the job is
// cancelled.
func Final(err error) error { return river.JobCancel(err) }

// Progress is told what a job is doing: the step (French), and how much of how much of
// it is done; of = 0 when that is not known. It may be called at any rate.
type Progress func(step string, n, of int)

// Handlers do the work. An error fails the attempt.
type Handlers struct {
	Compute func(ctx context.Context, job Compute, progress Progress) error
	Import  func(ctx context.Context, job Import, progress Progress) error
	Export  func(ctx context.Context, job Export, progress Progress) error
}

// Job is one job of the queue.
type Job struct {
	ID        int64
	Kind      string
	Database  string
	State     string // of River: available, running, retryable, completed, cancelled, discarded, scheduled
	Attempt   int
	Created   time.Time
	Finished  time.Time // zero: it is not
	Step      string    // French
	Done      float64   // of the step, 0 to 1
	LastError string
}

// Queue is the queue of a database. It is safe for concurrent use.
type Queue struct {
	pool *pgxpool.Pool
	log  *slog.Logger
	asks *river.Client[pgx.Tx] // adds, lists and cancels

	letting sync.WaitGroup // lets go of the locks of jobs that ended
	stopped chan struct{}  // closed once nothing more is written of them
}

// Open opens the queue of the database of a store, and makes it when there is none.
func Open(ctx context.Context, st *postgis.Store, log *slog.Logger) (*Queue, error) {
	const conns = 3
	q, err := open(ctx, st, log, conns)
	if err != nil {
		return nil, fmt.Errorf("queue of jobs: %w", err)
	}
	return q, nil
}

func open(ctx context.Context, st *postgis.Store, log *slog.Logger, conns int32) (*Queue, error) {
	pool, err := st.Pool(ctx, conns)
	if err != nil {
		return nil, err
	}
	q := &Queue{pool: pool, log: log, stopped: make(chan struct{})}
	if err = q.migrate(ctx); err == nil {
		q.asks, err = river.NewClient(riverpgxv5.New(pool), &river.Config{Schema: schema, Logger: log})
	}
	if err != nil {
		pool.Close()
		return nil, err
	}
	return q, nil
}

// Close ends the connections.
func (q *Queue) Close() { q.pool.Close() }

// queueLock is the advisory lock of migrations: "mlgjobs" in ASCII.
const queueLock = 0x6d6c676a6f6273

// migrate makes the tables of River and ours, or brings them up to date.
func (q *Queue) migrate(ctx context.Context) error {
	migrator, err := rivermigrate.New(riverpgxv5.New(q.pool), &rivermigrate.Config{Schema: schema, Logger: q.log})
	if err != nil {
		return err
	}
	var ours bool
	if err := q.pool.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", schema+".progress").Scan(&ours); err != nil {
		return err
	}
	if ours {
		// The usual case changes nothing, and asks for no right to.
		if found, err := migrator.Validate(ctx, nil); err == nil && found.OK {
			return nil
		}
	}
	// One transaction per step of River's, as it must be: a value of an enum cannot be
	// used by the transaction that adds it. Each step is whole, and the next program goes
	// on from there.
	return pgx.BeginFunc(ctx, q.pool, func(lock pgx.Tx) error {
		if _, err := lock.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(queueLock)); err != nil {
			return err
		}
		var there bool // IF NOT EXISTS would ask for the right to create one, even if it is there
		if err := lock.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)", schema).Scan(&there); err != nil {
			return err
		}
		if !there {
			if _, err := q.pool.Exec(ctx, "CREATE SCHEMA "+schema); err != nil {
				return err
			}
		}
		if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
			return err
		}
		_, err := q.pool.Exec(ctx, `CREATE TABLE IF NOT EXISTS `+schema+`.progress (
			job        bigint PRIMARY KEY REFERENCES `+schema+`.river_job (id) ON DELETE CASCADE,
			step       text NOT NULL,
			done       double precision NOT NULL CHECK (done BETWEEN 0 AND 1),
			updated_at timestamptz NOT NULL DEFAULT now()
		)`)
		return err
	})
}

// Add puts a job into the queue. It is false when one with the same content waits or
// runs already: that one is answered.
func (q *Queue) Add(ctx context.Context, args river.JobArgs) (Job, bool, error) {
	r, err := q.asks.Insert(ctx, args, &river.InsertOpts{MaxAttempts: maxAttempts, UniqueOpts: river.UniqueOpts{ByArgs: true,
		ByState: []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
			rivertype.JobStateRetryable, rivertype.JobStateScheduled}}})
	if err != nil {
		return Job{}, false, fmt.Errorf("add a job: %w", err)
	}
	return jobOf(r.Job), !r.UniqueSkippedAsDuplicate, nil
}

// listed is how many jobs List tells of.
const listed = 200

// List tells of the newest jobs, newest first.
func (q *Queue) List(ctx context.Context) ([]Job, error) {
	rows, err := q.pool.Query(ctx, `
		SELECT j.id, j.kind, COALESCE(j.args->>'database', ''), j.state::text, j.attempt, j.created_at, j.finalized_at,
			COALESCE(p.step, ''), COALESCE(p.done, 0), COALESCE(j.errors[cardinality(j.errors)]->>'error', '')
		FROM `+schema+`.river_job AS j LEFT JOIN `+schema+`.progress AS p ON p.job = j.id
		WHERE j.kind IN ('compute', 'import', 'export') ORDER BY j.id DESC LIMIT $1`, listed)
	if err == nil {
		var all []Job
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (j Job, err error) {
			var finished *time.Time
			err = row.Scan(&j.ID, &j.Kind, &j.Database, &j.State, &j.Attempt, &j.Created, &finished, &j.Step, &j.Done, &j.LastError)
			if finished != nil {
				j.Finished = *finished
			}
			return j, err
		})
		if err == nil {
			return all, nil
		}
	}
	return nil, fmt.Errorf("list jobs: %w", err)
}

// Cancel stops a job, or takes it out of the queue. A job that has ended stays as it is.
func (q *Queue) Cancel(ctx context.Context, id int64) (Job, error) {
	row, err := q.asks.JobCancel(ctx, id)
	if errors.Is(err, rivertype.ErrNotFound) {
		err = ErrNoJob
	}
	if err != nil {
		return Job{}, fmt.Errorf("cancel job %d: %w", id, err)
	}
	return jobOf(row), nil
}

func jobOf(row *rivertype.JobRow) Job {
	j := Job{ID: row.ID, Kind: row.Kind, State: string(row.State), Attempt: row.Attempt, Created: row.CreatedAt}
	if row.FinalizedAt != nil {
		j.Finished = *row.FinalizedAt
	}
	if n := len(row.Errors); n > 0 {
		j.LastError = row.Errors[n-1].Error
	}
	var args struct{ Database string }
	if json.Unmarshal(row.EncodedArgs, &args) == nil { // else it is told without
		j.Database = args.Database
	}
	return j
}
