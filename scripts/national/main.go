// National computes many départements by the queue, with more and fewer workers, and
// prints how long that takes. See scripts/national/run, which runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/aisne-numerique/maillage/scripts/crew"
)

func main() {
	var n national
	os.Exit(crew.Main("national", &n.Report, n.define, n.all))
}

func (n *national) define(flags *flag.FlagSet) func() string {
	flags.IntVar(&n.departements, "departements", 12, "how many to compute")
	flags.IntVar(&n.resolution, "resolution", 9, "of the grid: 9 is that of an edition that is served")
	return func() string {
		if n.departements < 2 || n.departements > 99 {
			return "expected 2 to 99 départements"
		}
		return ""
	}
}

type national struct {
	crew.Report
	crew                     *crew.Crew
	departements, resolution int
	lieux                    []variant
}

// settings are those of one measure.
type settings struct {
	workers int
	single  bool // one processor each
}

func (s settings) String() string {
	text := fmt.Sprintf("%d worker", s.workers)
	if s.workers > 1 {
		text += "s"
	}
	if s.single {
		text += ", one processor each"
	}
	return text
}

func (n *national) all(ctx context.Context, program string) (err error) {
	n.Machine()
	if n.crew, err = crew.Gather(ctx, program); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.crew.Dismiss()) }()
	begin := time.Now()
	if err := n.inputs(ctx); err != nil {
		return err
	}
	n.Title("%d départements of the size of the Aisne, resolution %d; inputs imported in %s", n.departements, n.resolution, crew.Seconds(time.Since(begin)))
	var editions []string
	walls := map[settings]time.Duration{}
	for _, s := range []settings{{2, false}, {1, false}, {2, true}, {1, true}} {
		wall, got, err := n.measure(ctx, s)
		if err != nil {
			return fmt.Errorf("%v: %w", s, err)
		}
		walls[s] = wall
		if editions == nil {
			editions = got
			distinct := len(slices.Compact(slices.Sorted(slices.Values(got))))
			n.Target(distinct == n.departements, "editions", "%d, %d different", len(got), distinct)
		} else {
			n.Target(slices.Equal(got, editions), "the same editions", "%v", s)
		}
	}
	for _, single := range []bool{false, true} {
		one, two := settings{1, single}, settings{2, single}
		n.Figure(fmt.Sprintf("%v over %v", one, two), "%.2f", walls[one].Seconds()/walls[two].Seconds())
	}
	fmt.Fprintln(n.Out)
	n.Machine()
	return nil
}

// queue is the database of the queue, which holds an empty store.
const queue = "national"

// mostJobs is how long one measure may take.
const mostJobs = time.Hour

// measure computes every département once, and gives the time from the start of the first
// job to the end of the last, and the editions in the order of the départements.
func (n *national) measure(ctx context.Context, s settings) (wall time.Duration, editions []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, mostJobs)
	defer cancel()
	names, err := n.fresh(ctx)
	if err != nil {
		return 0, nil, err
	}
	db, err := n.crew.Database(ctx, queue, "")
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, n.crew.Drop(context.WithoutCancel(ctx), queue)) }()
	if _, err := n.crew.Run(ctx, "migrate", "--store", db); err != nil {
		return 0, nil, err
	}
	if _, err := n.crew.Run(ctx, "compute", "--queue", "--databases", names, "--resolution", fmt.Sprint(n.resolution), "--store", db); err != nil {
		return 0, nil, err
	}
	var workers []*crew.Process
	for i := range s.workers {
		args := []string{"worker", "--concurrency", "1", "--store", db}
		if s.single {
			args = append([]string{"GOMAXPROCS=1"}, args...)
		}
		w, err := n.crew.Start(fmt.Sprintf("worker %d", i+1), args...)
		if err != nil {
			return 0, nil, err
		}
		workers = append(workers, w)
	}
	done, err := n.done(ctx, db, workers)
	if err != nil {
		return 0, nil, err
	}
	var processor time.Duration
	for _, w := range workers {
		processor += w.Processor()
		if err := w.End(); err != nil {
			return 0, nil, err
		}
	}
	wall = done.last.Sub(done.first)
	n.Figure(s.String(), "%s; a job %s (median; %s to %s); %s of processor", crew.Seconds(wall), crew.Seconds(crew.Median(done.jobs)),
		crew.Seconds(slices.Min(done.jobs)), crew.Seconds(slices.Max(done.jobs)), crew.Seconds(processor))
	for i := range n.departements {
		var id string
		if err := n.read(ctx, n.crew.URL(departement(i)), "SELECT string_agg(id, ' ') FROM maillage.editions", &id); err != nil {
			return 0, nil, err
		}
		editions = append(editions, id)
	}
	return wall, editions, nil
}

// times are when jobs began and ended.
type times struct {
	first, last time.Time
	jobs        []time.Duration
}

// done waits until every job is.
func (n *national) done(ctx context.Context, db string, workers []*crew.Process) (t times, err error) {
	for {
		var completed, failed int
		if err := n.read(ctx, db, "SELECT count(*) FILTER (WHERE state = 'completed'), count(*) FILTER (WHERE attempt > 1 OR state = 'discarded') FROM maillage_jobs.river_job",
			&completed, &failed); err != nil {
			return t, err
		}
		if failed > 0 {
			return t, fmt.Errorf("%d jobs failed:\n%s", failed, workers[0].Last(10))
		}
		if completed == n.departements {
			break
		}
		for _, w := range workers {
			if !w.Runs() {
				return t, fmt.Errorf("%s ended:\n%s", w.Name(), w.Last(10))
			}
		}
		select {
		case <-ctx.Done():
			return t, ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
	var seconds []float64
	err = n.read(ctx, db, "SELECT min(attempted_at), max(finalized_at), array_agg(EXTRACT(epoch FROM finalized_at - attempted_at)::float8) FROM maillage_jobs.river_job",
		&t.first, &t.last, &seconds)
	for _, s := range seconds {
		t.jobs = append(t.jobs, time.Duration(s*float64(time.Second)))
	}
	return t, err
}

// read reads one row of a database.
func (n *national) read(ctx context.Context, db, query string, into ...any) error {
	conn, err := pgx.Connect(ctx, db)
	if err != nil {
		return err
	}
	err = conn.QueryRow(ctx, query).Scan(into...)
	return errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
}
