package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/store/gpkg"
)

// computing is the word for killing computations, in the place of a kind.
const computing = "compute"

// compute kills computations of the demonstration, each with a cut-off of its own, so that
// each would store an edition that is not there.
func (t *trial) compute(rounds int) error {
	path := filepath.Join(t.dir, "essai.gpkg")
	if said, err := exec.Command(t.program, "demo", "--no-serve", "--store", path).CombinedOutput(); err != nil {
		return fmt.Errorf("demo: %w: %s", err, said)
	}
	command := func(minutes float64) (*exec.Cmd, *bytes.Buffer) {
		var said bytes.Buffer
		cmd := exec.Command(t.program, "compute", "--cutoff", strconv.FormatFloat(minutes, 'f', 1, 64)+"m", "--store", path)
		cmd.Stdout, cmd.Stderr = &said, &said
		return cmd, &said
	}
	// One that nobody kills, to know how long it takes.
	start := time.Now()
	const first, step = 20, 0.1 // minutes; the demonstration has 15
	if cmd, said := command(first); cmd.Run() != nil {
		return fmt.Errorf("compute: %s", said)
	}
	t.whole = time.Since(start)
	_, rows, err := content(path)
	if err != nil {
		return err
	}
	held, err := editions(path, nil)
	if err != nil {
		return err
	}
	for round := range rounds {
		// The same question until it is answered: then another.
		cmd, said := command(first + step*float64(len(held)))
		while := time.Duration(t.random.Int64N(int64(t.window())))
		if err := killed(cmd, while); err != nil {
			return fmt.Errorf("compute: %w: %s", err, said)
		}
		_, after, err := content(path)
		if err != nil || after != rows {
			t.mixed++
			fmt.Fprintf(t.log, "killtest: round %d, killed after %v: the rows are not those that were there (%v)\n", round+1, while, err)
			return nil
		}
		now, err := editions(path, held)
		switch {
		case err == nil && slices.Equal(now, held):
			t.old++
		case err == nil && len(now) == len(held)+1 && slices.Equal(now[1:], held):
			t.new++
			held = now
		default:
			t.mixed++
			fmt.Fprintf(t.log, "killtest: round %d, killed after %v: editions %v, then %v (%v)\n", round+1, while, held, now, err)
			return nil
		}
	}
	return nil
}

// editions lists those of a store, newest first, and reads those that are not known to be
// whole.
func editions(path string, known []string) (ids []string, err error) {
	ctx := context.Background()
	s, err := gpkg.Open(ctx, path, gpkg.MustExist())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	list, err := s.Editions(ctx)
	if err != nil {
		return nil, err
	}
	for _, info := range list {
		ids = append(ids, info.ID)
		if slices.Contains(known, info.ID) {
			continue
		}
		err := s.ReadEdition(ctx, info.ID, func(r io.Reader) error {
			_, err := edition.Read(r)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("edition %s: %w", info.ID, err)
		}
		if _, err := s.Document(ctx, desk.KindRecord, info.ID); err != nil {
			return nil, fmt.Errorf("record of edition %s: %w", info.ID, err)
		}
	}
	return ids, nil
}
