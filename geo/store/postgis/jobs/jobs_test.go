package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/aisne-numerique/maillage/geo/store/postgis"
	"github.com/aisne-numerique/maillage/geo/store/postgis/jobs"
	"github.com/aisne-numerique/maillage/scripts/cluster"
)

// workerOf is the environment variable that makes this test program a worker of the
// database that it names, whose jobs never end.
const workerOf = "MAILLAGE_TEST_WORKER_OF"

func TestMain(m *testing.M) {
	if dsn := os.Getenv(workerOf); dsn != "" {
		if err := workForEver(dsn); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func workForEver(dsn string) error {
	st, err := postgis.Open(context.Background(), dsn)
	if err != nil {
		return err
	}
	return jobs.Work(context.Background(), st, 1, jobs.Handlers{Compute: func(ctx context.Context, _ jobs.Compute, progress jobs.Progress) error {
		progress("accès", 1, 4)
		<-ctx.Done()
		return ctx.Err()
	}}, slog.New(slog.DiscardHandler))
}

// open starts a private cluster with an empty store, whose commits outlive a crash.
func open(t *testing.T) (*postgis.Store, *jobs.Queue, *cluster.Cluster) {
	t.Helper()
	ctx := t.Context()
	c, err := cluster.Start(ctx, "postgis")
	if errors.Is(err, cluster.ErrMissing) {
		t.Skipf("not tried: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	conn, err := pgx.Connect(ctx, c.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, "CREATE EXTENSION postgis; ALTER DATABASE postgres SET synchronous_commit = on"); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(ctx); err != nil {
		t.Fatal(err)
	}
	st, err := postgis.Open(ctx, c.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	q, err := jobs.Open(ctx, st, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	return st, q, c
}

// until waits for a job to satisfy a condition.
func until(t *testing.T, q *jobs.Queue, id int64, what string, ok func(jobs.Job) bool) jobs.Job {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		all, err := q.List(t.Context())
		if err != nil {
			t.Fatalf("List: %v", err)
		}
		for _, j := range all {
			if j.ID == id && ok(j) {
				return j
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("job %d is not %s after a minute: %+v", id, what, all)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func state(want string) func(jobs.Job) bool { return func(j jobs.Job) bool { return j.State == want } }

func TestQueue(t *testing.T) {
	st, q, c := open(t)
	ctx := t.Context()
	add := func(content string) jobs.Job {
		t.Helper()
		j, fresh, err := q.Add(ctx, jobs.Compute{Content: content, Params: json.RawMessage(`{"n":1}`)})
		if err != nil || !fresh {
			t.Fatalf("Add(%s) = %v, %v", content, fresh, err)
		}
		return j
	}
	first := add("a")
	if again, fresh, err := q.Add(ctx, jobs.Compute{Content: "a", Params: json.RawMessage(`{"n":2}`)}); err != nil || fresh || again.ID != first.ID {
		t.Fatalf("the same content again: job %d, fresh %v, %v; want job %d", again.ID, fresh, err, first.ID)
	}
	if _, err := q.Cancel(ctx, 12345); !errors.Is(err, jobs.ErrNoJob) {
		t.Errorf("Cancel of no job: %v; want ErrNoJob", err)
	}

	// A worker in another process takes it, and is killed.
	worker := exec.Command(os.Args[0])
	worker.Env = append(os.Environ(), workerOf+"="+c.URL("postgres"))
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, q, first.ID, "under way", func(j jobs.Job) bool { return j.State == "running" && j.Step == "accès" && j.Done == 0.25 })
	if err := worker.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = worker.Wait() // killed: an error, as wanted
	killed := time.Now()

	// Another takes it up; one fails the first time; one is cancelled under way.
	var failed atomic.Bool
	started := make(chan struct{})
	working, stop := context.WithCancel(ctx)
	var workers sync.WaitGroup
	workers.Go(func() {
		err := jobs.Work(working, st, 2, jobs.Handlers{Compute: func(ctx context.Context, job jobs.Compute, progress jobs.Progress) error {
			switch job.Content {
			case "fails once":
				if failed.CompareAndSwap(false, true) {
					return errors.New("not today")
				}
			case "to cancel":
				close(started)
				<-ctx.Done()
				return ctx.Err()
			}
			progress("synthèse", 0, 0)
			return nil
		}}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Error(err)
		}
	})
	j := until(t, q, first.ID, "completed", state("completed"))
	t.Logf("taken up and completed %v after the kill", time.Since(killed).Round(time.Millisecond))
	if j.Attempt != 2 || j.LastError != "the worker is gone" || j.Finished.IsZero() || j.Step != "synthèse" {
		t.Errorf("taken up: %+v", j)
	}
	second, third := add("fails once"), add("to cancel")
	<-started
	if _, err := q.Cancel(ctx, third.ID); err != nil {
		t.Fatal(err)
	}
	until(t, q, third.ID, "cancelled", state("cancelled"))
	if j := until(t, q, second.ID, "completed", state("completed")); j.Attempt != 2 || j.LastError != "not today" {
		t.Errorf("failed once: %+v", j)
	}
	if j, fresh, err := q.Add(ctx, jobs.Compute{Content: "a", Params: json.RawMessage(`{}`)}); err != nil || !fresh || j.ID == first.ID {
		t.Errorf("the content of a completed job: %+v, fresh %v, %v; want another job", j, fresh, err)
	}
	stop()
	workers.Wait()
}

// A job that was cancelled, and whose worker was killed before it could look, is not begun
// again.
func TestCancelledStaysCancelled(t *testing.T) {
	st, q, c := open(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	job, _, err := q.Add(ctx, jobs.Compute{Content: "a", Params: json.RawMessage("{}")})
	if err != nil {
		t.Fatal(err)
	}
	worker := exec.Command(os.Args[0])
	worker.Env = append(os.Environ(), workerOf+"="+c.URL("postgres"))
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, q, job.ID, "under way", func(j jobs.Job) bool { return j.State == "running" && j.Done == 0.25 })
	if err := worker.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if j, err := q.Cancel(ctx, job.ID); err != nil || j.State != "running" {
		t.Fatalf("Cancel: %+v, %v; want it to be for the worker to end", j, err)
	}
	if err := worker.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = worker.Wait() // killed: an error, as wanted
	var workers sync.WaitGroup
	workers.Go(func() {
		err := jobs.Work(ctx, st, 1, jobs.Handlers{Compute: func(context.Context, jobs.Compute, jobs.Progress) error {
			t.Error("the cancelled job was begun again")
			return nil
		}}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Error(err)
		}
	})
	if j := until(t, q, job.ID, "cancelled", state("cancelled")); j.Attempt != 1 || j.Finished.IsZero() {
		t.Errorf("cancelled: %+v", j)
	}
	stop()
	workers.Wait()
}

// A worker outlives its database, stops the job that it can no longer hold, and does it
// once more when the database is back: once, whether it was away for long or not.
func TestOutage(t *testing.T) {
	st, q, c := open(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	begun, ended := make(chan struct{}, 10), make(chan error, 10)
	var workers sync.WaitGroup
	workers.Go(func() {
		err := jobs.Work(ctx, st, 1, jobs.Handlers{Compute: func(ctx context.Context, job jobs.Compute, progress jobs.Progress) error {
			begun <- struct{}{}
			for range 100 { // longer than the grace of an attempt, and than it takes to see that the lock is lost
				select {
				case <-ctx.Done():
					ended <- ctx.Err()
					return ctx.Err()
				case <-time.After(100 * time.Millisecond):
				}
			}
			ended <- nil
			return nil
		}}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Error(err)
		}
	})
	for i, away := range []time.Duration{0, 10 * time.Second} {
		job, _, err := q.Add(ctx, jobs.Compute{Content: fmt.Sprint(i), Params: json.RawMessage("{}")})
		if err != nil {
			t.Fatal(err)
		}
		<-begun
		time.Sleep(5500 * time.Millisecond) // beyond that grace: another worker may take the job up from now on
		if err := c.Crash(ctx); err != nil {
			t.Fatal(err)
		}
		time.Sleep(away)
		if err := c.Restart(ctx); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err == nil {
			t.Errorf("away for %v: the job went on without its lock", away)
		}
		back := time.Now()
		done := until(t, q, job.ID, "completed", state("completed"))
		t.Logf("away for %v: done %v later", away, time.Since(back).Round(time.Millisecond))
		if done.Attempt != 2 || len(begun) != 1 {
			t.Errorf("away for %v: attempt %d, begun %d times more; want 2 and once", away, done.Attempt, len(begun))
		}
		<-begun
		<-ended
	}
	stop()
	workers.Wait()
}

// The lock of a job is held until the table says how it ended: without it, the job would
// be taken for one that a dead worker left.
func TestLockOutlastsTheJob(t *testing.T) {
	st, q, c := open(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	begun := make(chan struct{})
	var workers sync.WaitGroup
	workers.Go(func() {
		err := jobs.Work(ctx, st, 1, jobs.Handlers{Compute: func(ctx context.Context, job jobs.Compute, progress jobs.Progress) error {
			begun <- struct{}{}
			return nil
		}}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Error(err)
		}
	})
	conn, err := pgx.Connect(ctx, c.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	for i := range 10 {
		job, _, err := q.Add(ctx, jobs.Compute{Content: fmt.Sprint(i), Params: json.RawMessage("{}")})
		if err != nil {
			t.Fatal(err)
		}
		<-begun
		for ended := false; !ended; {
			// As whoever looks for jobs that were left: the lock, then the table.
			err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
				var free bool
				if err := tx.QueryRow(ctx, "SELECT pg_try_advisory_xact_lock(x'6d6c676a'::int, $1)", int32(job.ID)).Scan(&free); err != nil || !free {
					return err
				}
				var now string
				if err := tx.QueryRow(ctx, "SELECT state::text FROM maillage_jobs.river_job WHERE id = $1", job.ID).Scan(&now); err != nil {
					return err
				}
				if now == "running" {
					return errors.New("the job runs, says the table, and nobody holds its lock")
				}
				ended = true
				return nil
			})
			if err != nil {
				t.Fatalf("job %d: %v", job.ID, err)
			}
		}
	}
	stop()
	workers.Wait()
}
