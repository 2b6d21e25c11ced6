package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/aisne-numerique/maillage/geo/dataset"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/store/postgis/jobs"
)

// exportOptions are what a worker needs to know of an export. The edition is named
// whole: the newest may be another one when the job's turn comes.
type exportOptions struct {
	Format       string `json:"format"`
	Out          string `json:"out"`
	Edition      string `json:"edition"`
	DecimalComma bool   `json:"decimal_comma,omitempty"`
}

// queueExport puts an export into the queue.
func (s *session) queueExport(c *exportCmd) error {
	return s.enqueue(c.JSON, func(st opened) (jobs.Args, error) {
		_, info, err := loadEdition(s.ctx, st, c.Edition)
		if err != nil {
			return nil, err
		}
		options, err := json.Marshal(exportOptions{c.Format, c.Out, info.ID, c.DecimalComma})
		return jobs.Export{Content: digest(options), Options: options}, err
	})
}

// exportJob writes what a job asks for.
func (s *session) exportJob(ctx context.Context, job jobs.Export, progress jobs.Progress) (err error) {
	var o exportOptions
	if err := json.Unmarshal(job.Options, &o); err != nil {
		return fmt.Errorf("options: %w", err)
	}
	st, err := openStore(ctx, s.store(), false)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	c := exportCmd{Format: o.Format, Out: o.Out, Edition: o.Edition, DecimalComma: o.DecimalComma}
	_, err = c.export(ctx, st, edition.Progress(progress))
	return err
}

// importOptions are an import's, with the sum of every file that it reads.
type importOptions struct {
	Import importCmd         `json:"import"`
	SHA256 map[string]string `json:"sha256"` // by path
}

// queueImport puts an import into the queue.
func (s *session) queueImport(c *importCmd) error {
	return s.enqueue(c.JSON, func(opened) (jobs.Args, error) {
		o := importOptions{Import: *c, SHA256: map[string]string{}}
		o.Import.Queue, o.Import.JSON, o.Import.Report = false, false, ""
		if _, err := os.Stat(c.Mapping); err == nil { // it may also name one that the program has
			if o.Import.Mapping, err = filepath.Abs(c.Mapping); err != nil {
				return nil, err
			}
		}
		for _, path := range o.Import.paths() {
			var err error
			if o.SHA256[path], err = fileSum(s.ctx, path); err != nil {
				return nil, err
			}
		}
		options, err := json.Marshal(o)
		return jobs.Import{Content: digest(options), Options: options}, err
	})
}

// importJob imports what a job asks for, once the files are those that it was asked for
// with.
func (s *session) importJob(ctx context.Context, job jobs.Import, progress jobs.Progress) (err error) {
	var o importOptions
	if err := json.Unmarshal(job.Options, &o); err != nil {
		return fmt.Errorf("options: %w", err)
	}
	for _, path := range o.Import.paths() {
		progress("vérification", 0, 0)
		sum, err := fileSum(ctx, path)
		if err != nil {
			return err
		}
		if sum != o.SHA256[path] {
			// Trying again would not bring the file back.
			return jobs.Final(fmt.Errorf("%s : le fichier a changé depuis la demande (SHA-256 %s ; attendu %s) : redemandez l'import", path, sum, o.SHA256[path]))
		}
	}
	st, err := openStore(ctx, s.store(), false)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	kind, err := dataset.Parse(o.Import.Kind)
	if err != nil {
		return err
	}
	options, err := o.Import.options(ctx)
	if err != nil {
		return err
	}
	_, err = load(ctx, st, kind, o.Import.Files, options, progressFunc(progress))
	return err
}

// paths are all the files that an import reads.
func (c *importCmd) paths() []string {
	all := slices.Concat(c.Files, c.Moves, c.Table)
	if filepath.IsAbs(c.Mapping) {
		all = append(all, c.Mapping)
	}
	return all
}

// enqueue puts one job into the queue of the store's database, and prints it.
func (s *session) enqueue(asJSON bool, args func(opened) (jobs.Args, error)) (err error) {
	st, db, err := openDatabase(s)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	a, err := args(st)
	if err != nil {
		return err
	}
	q, err := jobs.Open(s.ctx, db, quiet)
	if err != nil {
		return err
	}
	defer q.Close()
	j, _, err := q.Add(s.ctx, a)
	if err != nil {
		return err
	}
	return printJobs(s, []jobs.Job{j}, asJSON)
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func fileSum(ctx context.Context, path string) (_ string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer closing(f, &err)
	h := sha256.New()
	if _, err := io.Copy(h, source.Interruptible(ctx, f)); err != nil {
		return "", fmt.Errorf("%s : %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
