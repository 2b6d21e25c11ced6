package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/store/postgis"
	"github.com/aisne-numerique/maillage/geo/store/postgis/jobs"
)

type workerCmd struct {
	Concurrency int `placeholder:"N" help:"Travaux menés à la fois ; par défaut un par deux processeurs. Un calcul de département prend 1 Gio de mémoire environ."`
}

func (c *workerCmd) Run(s *session) (err error) {
	n := c.Concurrency
	switch {
	case n < 0 || n > 64:
		return usagef("--concurrency %d : attendu 1 à 64", n)
	case n == 0:
		n = max(1, runtime.GOMAXPROCS(0)/2)
	}
	st, db, err := openDatabase(s)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	fmt.Fprintf(s.stderr, "maillage attend des travaux dans %s, %d à la fois (Ctrl-C pour arrêter ; ce qui est en cours sera repris par un autre)\n", shown(s.store()), n)
	return jobs.Work(s.ctx, db, n, jobs.Handlers{
		Compute: func(ctx context.Context, job jobs.Compute, progress jobs.Progress) error {
			return s.computeJob(ctx, job, progress)
		},
		Import: func(ctx context.Context, job jobs.Import, progress jobs.Progress) error {
			return s.importJob(ctx, job, progress)
		},
		Export: func(ctx context.Context, job jobs.Export, progress jobs.Progress) error {
			return s.exportJob(ctx, job, progress)
		},
	}, s.log)
}

// openDatabase opens the store that --store names, which must be a database: a file has
// no queue.
func openDatabase(s *session) (opened, *postgis.Store, error) {
	if !postgis.IsURL(s.store()) {
		return nil, nil, usagef("--store %s : la file de travaux demande une base (postgres://utilisateur@serveur/base)", s.store())
	}
	st, err := openStore(s.ctx, s.store(), false)
	if err != nil {
		return nil, nil, err
	}
	return st, st.(*postgis.Store), nil
}

// computeJob computes and keeps the edition that a job asks for, in its database.
func (s *session) computeJob(ctx context.Context, job jobs.Compute, progress jobs.Progress) (err error) {
	var p edition.Params
	if err := json.Unmarshal(job.Params, &p); err != nil {
		return fmt.Errorf("parameters: %w", err)
	}
	name := s.store()
	if job.Database != "" {
		if name, err = postgis.Beside(name, job.Database); err != nil {
			return err
		}
	}
	st, err := openStore(ctx, name, false)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	e, _, err := edition.Build(ctx, st, p, edition.Progress(progress))
	if err != nil {
		return err
	}
	progress("enregistrement", 0, 0)
	return keep(ctx, st, e, &summary{Seconds: map[string]float64{}}, 0)
}

// queueCompute puts computations into the queue: of the store itself, or of databases
// beside it.
func (s *session) queueCompute(p edition.Params, databases []string, asJSON bool) (err error) {
	st, db, err := openDatabase(s)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	q, err := jobs.Open(s.ctx, db, quiet)
	if err != nil {
		return err
	}
	defer q.Close()
	if len(databases) == 0 {
		databases = []string{""}
	}
	var added []jobs.Job
	for _, name := range databases {
		j, err := s.addCompute(q, st, p, name)
		if err != nil {
			return err
		}
		added = append(added, j)
	}
	return printJobs(s, added, asJSON)
}

// addCompute puts one computation into the queue, named by the edition that it gives.
func (s *session) addCompute(q *jobs.Queue, st opened, p edition.Params, database string) (j jobs.Job, err error) {
	if database != "" {
		name, err := postgis.Beside(s.store(), database)
		if err != nil {
			return j, err
		}
		if st, err = openStore(s.ctx, name, false); err != nil {
			return j, err
		}
		defer closing(st, &err)
	}
	args, err := computeArgs(s.ctx, st, p)
	if err != nil {
		return j, err
	}
	args.Database = database
	j, _, err = q.Add(s.ctx, args)
	return j, err
}

func computeArgs(ctx context.Context, st opened, p edition.Params) (jobs.Compute, error) {
	held, err := st.Manifests(ctx)
	if err != nil {
		return jobs.Compute{}, err
	}
	id, err := edition.ID(p, held)
	if err != nil {
		return jobs.Compute{}, err
	}
	params, err := json.Marshal(p)
	if err != nil {
		return jobs.Compute{}, fmt.Errorf("parameters: %w", err)
	}
	return jobs.Compute{Content: id, Params: params}, nil
}

type jobsCmd struct {
	List   jobsListCmd   `cmd:"" default:"withargs" help:"Liste les travaux, les plus récents d'abord."`
	Cancel jobsCancelCmd `cmd:"" help:"Arrête un travail, ou l'ôte de la file. Exemple : maillage jobs cancel 12"`
}

type jobsListCmd struct {
	JSON bool `name:"json" help:"Écrit la liste en JSON."`
}

var quiet = slog.New(slog.DiscardHandler)

func (c *jobsListCmd) Run(s *session) (err error) {
	st, db, err := openDatabase(s)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	q, err := jobs.Open(s.ctx, db, quiet)
	if err != nil {
		return err
	}
	defer q.Close()
	list, err := q.List(s.ctx)
	if err != nil {
		return err
	}
	return printJobs(s, list, c.JSON)
}

type jobsCancelCmd struct {
	ID int64 `arg:"" help:"Numéro du travail."`
}

func (c *jobsCancelCmd) Run(s *session) (err error) {
	st, db, err := openDatabase(s)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	q, err := jobs.Open(s.ctx, db, quiet)
	if err != nil {
		return err
	}
	defer q.Close()
	j, err := q.Cancel(s.ctx, c.ID)
	if errors.Is(err, jobs.ErrNoJob) {
		return fmt.Errorf("travail %d : il n'existe pas ; voir maillage jobs", c.ID)
	}
	if err != nil {
		return err
	}
	return printJobs(s, []jobs.Job{j}, false)
}

// jobStates are the states of jobs, for people.
var jobStates = map[string]string{"available": "en attente", "running": "en cours", "retryable": "à reprendre", "scheduled": "prévu",
	"pending": "en attente", "completed": "terminé", "cancelled": "annulé", "discarded": "abandonné"}

func printJobs(s *session, list []jobs.Job, asJSON bool) error {
	if asJSON {
		return writeJSON(s.stdout, jobsJSON(list))
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(s.stdout, "aucun travail")
		return err
	}
	t := newTable("n°", "travail", "base", "état", "essai", "étape", "créé le (UTC)", "erreur")
	for _, j := range list {
		state := jobStates[j.State]
		step := j.Step
		if j.State == "running" && j.Done > 0 {
			step += " " + decimal(100*j.Done, 0) + " %"
		}
		t.add(strconv.FormatInt(j.ID, 10), j.Kind, j.Database, state, strconv.Itoa(j.Attempt), step, j.Created.UTC().Format(time.DateTime), firstLine(j.LastError))
	}
	return t.write(s.stdout)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
