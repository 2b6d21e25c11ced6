package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/store/postgis"
	"github.com/aisne-numerique/maillage/scripts/crew"
)

const (
	// mostJob is how long a job may take, with a kill and being taken up.
	mostJob = 2 * time.Minute
	// whole is how many jobs are timed before any is killed.
	whole = 5
)

// kills kills one of two workers in the middle of a computation, round after round.
func (t *trial) kills(ctx context.Context) error {
	t.Title("kills: two workers, %d of them killed at work and replaced", t.rounds)
	if err := t.open(ctx, "morts"); err != nil {
		return err
	}
	k := kills{trial: t, random: t.random(2), steps: map[string]int{}}
	for range 2 {
		if err := k.hire(ctx); err != nil {
			return err
		}
	}
	var lasted []time.Duration
	for range whole {
		_, took, err := k.undisturbed(ctx)
		if err != nil {
			return err
		}
		lasted = append(lasted, took)
	}
	// The first runs fill the caches of the machine; the longest is no use as a window.
	k.window = crew.Median(lasted)
	for round := range t.rounds {
		if err := k.round(ctx); err != nil {
			return fmt.Errorf("round %d: %w", round+1, err)
		}
	}
	t.Figure("a computation that nobody kills", "%s (median of %d)", crew.Seconds(k.window), whole)
	var steps []string
	for _, name := range slices.Sorted(maps.Keys(k.steps)) {
		steps = append(steps, fmt.Sprintf("%s %d", name, k.steps[name]))
	}
	t.Figure("kills, by step", "%s", strings.Join(steps, ", "))
	t.Target(len(k.wrong) == 0, "whole after every kill", "%d rounds, %d wrong: one edition, its bytes, its record, no rest, doctor content", t.rounds, len(k.wrong))
	for _, w := range k.wrong {
		t.Figure("wrong", "%s", w)
	}
	t.Figure("taken up by another worker", "%d jobs; median %s, longest %s after the kill", len(k.taken), crew.Seconds(crew.Median(k.taken)), crew.Seconds(crew.Quantile(k.taken, 1)))
	t.Figure("done", "median %s, longest %s after the kill", crew.Seconds(crew.Median(k.done)), crew.Seconds(crew.Quantile(k.done, 1)))
	for _, w := range k.workers {
		if err := w.End(); err != nil {
			return err
		}
	}
	return nil
}

type kills struct {
	*trial
	random  *rand.Rand
	window  time.Duration
	hired   int
	asked   int
	workers []*crew.Process

	steps       map[string]int
	taken, done []time.Duration
	wrong       []string
}

func (k *kills) hire(ctx context.Context) error {
	k.hired++
	w, err := k.worker(ctx, fmt.Sprintf("worker %d", k.hired))
	k.workers = append(k.workers, w)
	return err
}

// enqueue asks for a computation that nobody has asked for before.
func (k *kills) enqueue(ctx context.Context) (job, error) {
	k.asked++
	return k.queue(ctx, "--resolution", "6", "--cutoff", fmt.Sprintf("%gm", 2+float64(k.asked)/10))
}

// undisturbed is a job that nobody kills, and how long it took.
func (k *kills) undisturbed(ctx context.Context) (job, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, mostJob)
	defer cancel()
	j, err := k.enqueue(ctx)
	if err != nil {
		return j, 0, err
	}
	w, begin, err := first(ctx, k.workers, "travail commencé", id(j))
	if err != nil {
		return j, 0, err
	}
	end, err := w.Await(ctx, "travail terminé", id(j))
	return j, end.At.Sub(begin.At), err
}

// round kills a worker once.
func (k *kills) round(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, mostJob)
	defer cancel()
	after := time.Duration(k.random.Int64N(int64(k.window)))
	j, err := k.enqueue(ctx)
	if err != nil {
		return err
	}
	victim, begin, err := first(ctx, k.workers, "travail commencé", id(j))
	if err != nil {
		return err
	}
	sleep(ctx, time.Until(begin.At.Add(after)))
	if err := victim.Kill(); err != nil {
		return err
	}
	killed := time.Now()
	step, state, err := k.progress(ctx, j)
	if err != nil {
		return err
	}
	k.workers = slices.DeleteFunc(k.workers, func(w *crew.Process) bool { return w == victim })
	if err := k.hire(ctx); err != nil {
		return err
	}
	if state == "completed" { // before the kill came
		k.steps["after the end"]++
	} else {
		k.steps[step]++
		w, line, err := first(ctx, k.workers, "travail commencé", id(j))
		if err != nil {
			return err
		}
		end, err := w.Await(ctx, "travail terminé", id(j))
		if err != nil {
			return err
		}
		k.taken, k.done = append(k.taken, line.At.Sub(killed)), append(k.done, end.At.Sub(killed))
	}
	for _, fault := range k.faults(ctx, j) {
		k.wrong = append(k.wrong, fmt.Sprintf("job %d, killed after %v (%s): %s", j.ID, after, step, fault))
	}
	return ctx.Err()
}

// first waits until one of several processes writes a line.
func first(ctx context.Context, all []*crew.Process, words ...string) (*crew.Process, crew.Line, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type found struct {
		p    *crew.Process
		line crew.Line
		err  error
	}
	lines := make(chan found, len(all))
	for _, p := range all {
		go func() {
			line, err := p.Await(ctx, words...)
			lines <- found{p, line, err}
		}()
	}
	var errs []error
	for range all {
		f := <-lines
		if f.err == nil {
			return f.p, f.line, nil
		}
		errs = append(errs, f.err)
	}
	return nil, crew.Line{}, errors.Join(errs...)
}

// progress is what the queue says of a job: its step, and its state.
func (t *trial) progress(ctx context.Context, j job) (step, state string, err error) {
	err = t.read(ctx, `SELECT COALESCE(p.step, 'before the first'), j.state::text
		FROM maillage_jobs.river_job AS j LEFT JOIN maillage_jobs.progress AS p ON p.job = j.id WHERE j.id = $1`, j.ID, &step, &state)
	return step, state, err
}

// content is the id of the edition that a job is to give.
func (t *trial) content(ctx context.Context, j job) (id string, err error) {
	err = t.read(ctx, "SELECT args->>'content' FROM maillage_jobs.river_job WHERE id = $1", j.ID, &id)
	return id, err
}

// read reads one row of the database, on a connection of its own: one that lasts would
// not outlive a crash of the server.
func (t *trial) read(ctx context.Context, query string, about any, into ...any) error {
	conn, err := pgx.Connect(ctx, t.db)
	if err != nil {
		return err
	}
	err = conn.QueryRow(ctx, query, about).Scan(into...)
	return errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
}

// faults are what is wrong in the store once a job is done.
func (k *kills) faults(ctx context.Context, j job) (found []string) {
	note := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	if state, err := k.ends(ctx, j); err != nil || state != "completed" {
		note("state %s, %v", state, err)
	}
	content, err := k.content(ctx, j)
	if err != nil {
		note("%v", err)
	}
	for what, query := range map[string]string{
		"editions of its id":                  "SELECT count(*) - 1 FROM maillage.editions WHERE id = $1",
		"editions more or less than jobs":     "SELECT count(*) - 1 - (SELECT count(*) FROM maillage_jobs.river_job) FROM maillage.editions WHERE $1 <> ''",
		"bytes of the edition more or less":   "SELECT sum(length(p.bytes)) - max(e.size_bytes) FROM maillage.editions AS e JOIN maillage.edition_parts AS p ON p.edition = e.fid WHERE e.id = $1",
		"pieces of no edition":                "SELECT count(*) FROM maillage.edition_parts WHERE edition NOT IN (SELECT fid FROM maillage.editions) AND $1 <> ''",
		"tables of results that nobody ended": "SELECT count(*) FROM pg_tables WHERE schemaname = 'maillage' AND tablename LIKE 'attente%' AND $1 <> ''",
		"locks of jobs that nobody does":      "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = x'6d6c676a'::int AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND $1 <> ''",
	} {
		n, err := k.settles(ctx, query, content)
		if err != nil || n != 0 {
			note("%s: %d, %v", what, n, err)
		}
	}
	if err := k.readable(ctx, content); err != nil {
		note("%v", err)
	}
	if err := k.doctor(ctx); err != nil {
		note("%v", err)
	}
	return found
}

// ends waits a little for a job to have ended: its worker says so before the queue does.
func (t *trial) ends(ctx context.Context, j job) (state string, err error) {
	for begin := time.Now(); ; sleep(ctx, 50*time.Millisecond) {
		told, err := t.job(ctx, j.ID)
		if err != nil || told.State != "running" || time.Since(begin) > 5*time.Second {
			return told.State, err
		}
	}
}

// settles reads a number that is to be 0, a second later if it is not at once: a lock is
// let go of a little after the worker says that it is done.
func (k *kills) settles(ctx context.Context, query, content string) (n int, err error) {
	for begin := time.Now(); ; sleep(ctx, 50*time.Millisecond) {
		err = k.read(ctx, query, content, &n)
		if err != nil || n == 0 || time.Since(begin) > time.Second {
			return n, err
		}
	}
}

// readable reads an edition and its record as a server does.
func (k *kills) readable(ctx context.Context, id string) (err error) {
	st, err := postgis.Open(ctx, k.db, postgis.MustExist())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	data, err := st.Edition(ctx, id)
	if err != nil {
		return err
	}
	if e, err := edition.Decode(data); err != nil || e.ID != id {
		return fmt.Errorf("edition %s: %v", id, err)
	}
	doc, err := st.Document(ctx, desk.KindRecord, id)
	if err != nil {
		return err
	}
	_, err = edition.DecodeRecord(doc.Data)
	return err
}

// doctor runs maillage doctor, which may only find that the map was not built.
func (k *kills) doctor(ctx context.Context) error {
	said, failed := k.crew.Run(ctx, "doctor", "--json", "--store", k.db)
	var told struct {
		Findings []struct {
			Name, Value string
			OK          bool
		}
	}
	if err := json.Unmarshal([]byte(said), &told); err != nil {
		return fmt.Errorf("doctor --json: %w: %s: %v", err, said, failed)
	}
	for _, f := range told.Findings {
		if !f.OK && f.Name != "carte" {
			return fmt.Errorf("doctor: %s: %s", f.Name, f.Value)
		}
	}
	return nil
}
