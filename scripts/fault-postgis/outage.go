package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/scripts/crew"
)

const (
	// mostRefusal is how long a write may take to be refused while the database is away.
	mostRefusal = 6 * time.Second
	// mostSilence is how long a server may take to tell that its database does not answer:
	// it looks every five seconds, and waits as long.
	mostSilence = 12 * time.Second
	// mostRecovery is how long servers and workers may take to be as before, once the
	// database is back.
	mostRecovery = time.Minute
	// usual is how long readers read while nothing is wrong.
	usual = 8 * time.Second
)

// outage stops PostgreSQL, then freezes it, under readers of one server and a worker
// that is at work.
func (t *trial) outage(ctx context.Context) error {
	t.Title("outage: PostgreSQL stopped for %v, then frozen for %v; %d readers, one server, one worker", t.away, t.frozen, t.readers)
	if err := t.open(ctx, "panne"); err != nil {
		return err
	}
	token, err := t.token(ctx)
	if err != nil {
		return err
	}
	w, err := t.worker(ctx, "worker")
	if err != nil {
		return err
	}
	s, err := t.serve(ctx, "server")
	if err != nil {
		return err
	}
	r, err := read(ctx, t.random(1), t.readers, s)
	if err != nil {
		return err
	}
	defer r.end()
	r.enter("before")
	sleep(ctx, usual)

	asked, err := t.queue(ctx, "--cutoff", "12m")
	if err != nil {
		return err
	}
	soon, cancel := context.WithTimeout(ctx, start)
	defer cancel()
	if _, err := w.Await(soon, "travail commencé", id(asked)); err != nil {
		return err
	}
	sleep(ctx, time.Second)
	written := s.Lines() + w.Lines()
	r.enter("while it is stopped")
	if err := t.crew.Crash(ctx); err != nil {
		return err
	}
	if err := t.without(ctx, s, token, t.away); err != nil {
		return err
	}
	r.enter("once it is back")
	if err := t.crew.Restart(ctx); err != nil {
		return err
	}
	if err := t.back(ctx, s); err != nil {
		return err
	}
	t.Figure("lines that server and worker wrote meanwhile", "%d", s.Lines()+w.Lines()-written)
	if err := t.taken(ctx, asked, s, w); err != nil {
		return err
	}
	if err := t.elsewhere(ctx, s); err != nil {
		return err
	}
	status, _, body, _, err := s.ask(ctx, token)
	if err != nil {
		return err
	}
	t.Target(status == http.StatusAccepted, "a write once it is back", "%d", status)
	var again job
	if err := json.Unmarshal(body, &again); err != nil {
		return fmt.Errorf("POST /api/v1/travaux: %w: %s", err, body)
	}
	soon, cancel = context.WithTimeout(ctx, mostRecovery)
	defer cancel()
	if _, err := w.Await(soon, "travail terminé", id(again)); err != nil {
		return err
	}

	r.enter("while it is frozen")
	if err := t.crew.Freeze(); err != nil {
		return err
	}
	if err := t.without(ctx, s, token, t.frozen); err != nil {
		return err
	}
	r.enter("once it goes on")
	if err := t.crew.Thaw(); err != nil {
		return err
	}
	if err := t.back(ctx, s); err != nil {
		return err
	}
	sleep(ctx, usual)
	r.end()
	r.report(&t.Report)
	t.Target(s.Runs() && w.Runs(), "server and worker", "still those of the start")
	if err := w.End(); err != nil {
		return err
	}
	return s.End()
}

// id is how the log of a worker names a job.
func id(j job) string { return fmt.Sprintf(" id=%d ", j.ID) }

func (t *trial) token(ctx context.Context) (string, error) {
	said, err := t.crew.Run(ctx, "token", "create", "essai", "--json", "--store", t.db)
	if err != nil {
		return "", err
	}
	var made struct{ Token string }
	if err := json.Unmarshal([]byte(said), &made); err != nil || made.Token == "" {
		return "", fmt.Errorf("token create --json: %v: %s", err, said)
	}
	return made.Token, nil
}

// without watches a server while its database is away, for so long.
func (t *trial) without(ctx context.Context, s *server, token string, long time.Duration) error {
	back := time.Now().Add(long)
	type refusal struct {
		status int
		header http.Header
		body   []byte
		took   time.Duration
		err    error
	}
	refused := make(chan refusal, 1)
	go func() {
		var a refusal
		a.status, a.header, a.body, a.took, a.err = s.ask(ctx, token)
		refused <- a
	}()
	took, err := s.until(ctx, mostSilence, "degraded", func(r ready) bool { return r.Status == "degraded" })
	if err != nil {
		return err
	}
	t.Target(true, "/readyz says degraded", "after %s", crew.Seconds(took))
	a := <-refused
	if a.err != nil {
		return a.err
	}
	var problem struct{ Detail string }
	_ = json.Unmarshal(a.body, &problem) // judged by what it gives
	clear := a.status == http.StatusServiceUnavailable && a.header.Get("Content-Type") == "application/problem+json" && problem.Detail != ""
	t.Target(clear && a.took <= mostRefusal, "a write is refused", "%d %s after %s (≤ %v): %s", a.status, a.header.Get("Content-Type"), crew.Seconds(a.took), mostRefusal, problem.Detail)
	always, sentence := true, ""
	for time.Now().Before(back) && ctx.Err() == nil {
		r, err := s.ready(ctx)
		if err != nil {
			return err
		}
		always, sentence = always && r.code == http.StatusOK && r.Status == "degraded" && strings.Contains(r.Store, "lectures"), r.Store
		sleep(ctx, 100*time.Millisecond)
	}
	t.Target(always, "/readyz meanwhile", "200, degraded: %s", sentence)
	return ctx.Err()
}

// back waits for a server to see that its database is back.
func (t *trial) back(ctx context.Context, s *server) error {
	took, err := s.until(ctx, mostRecovery, "ok", func(r ready) bool { return r.Status == "ok" })
	if err != nil {
		return err
	}
	t.Target(true, "/readyz says ok by itself", "after %s", crew.Seconds(took))
	return nil
}

// taken waits for a job that was under way when the database went, and for the server to
// serve its edition.
func (t *trial) taken(ctx context.Context, asked job, s *server, w *crew.Process) error {
	edition, err := t.content(ctx, asked)
	if err != nil {
		return err
	}
	begin := time.Now()
	soon, cancel := context.WithTimeout(ctx, mostRecovery)
	defer cancel()
	if _, err := w.Await(soon, "travail terminé", id(asked)); err != nil {
		return err
	}
	done := time.Since(begin)
	state, err := t.ends(ctx, asked)
	if err != nil {
		return err
	}
	j, err := t.job(ctx, asked.ID)
	if err != nil {
		return err
	}
	t.Target(state == "completed" && j.Attempt == 2, "the job under way is done by the same worker", "after %s: %s, attempt %d", crew.Seconds(done), state, j.Attempt)
	if _, err := s.until(ctx, mostRecovery, "of the edition of the job", func(r ready) bool { return r.Edition == edition }); err != nil {
		return err
	}
	t.Target(true, "its edition is served", "after %s", crew.Seconds(time.Since(begin)))
	return nil
}

// elsewhere computes an edition by a command, which the server is to serve by itself.
func (t *trial) elsewhere(ctx context.Context, s *server) error {
	said, err := t.crew.Run(ctx, "compute", "--cutoff", "20m", "--json", "--store", t.db)
	if err != nil {
		return err
	}
	var sum struct{ Edition string }
	if err := json.Unmarshal([]byte(said), &sum); err != nil {
		return fmt.Errorf("compute --json: %w", err)
	}
	took, err := s.until(ctx, mostRecovery, "of the edition "+sum.Edition, func(r ready) bool { return r.Edition == sum.Edition })
	if err != nil {
		return err
	}
	t.Target(true, "an edition computed elsewhere is served", "%s after the command ended", crew.Seconds(took))
	return nil
}
