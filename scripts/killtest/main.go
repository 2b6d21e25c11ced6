// Killtest kills imports and computations of the real program at random moments, and checks
// that the store then holds either all of what it held or all of what is new.
//
//	go run ./scripts/killtest --maillage PATH [--kind lieux] [--rounds 20] [--rows 5000] [--seed N]
//
// It writes two files of one kind, A and B, of other values, imports A, then imports
// the file that the store does not hold, round after round, and sends SIGKILL
// between the start of the program and a little after the time that a whole import
// takes. After each kill it opens the store, which also recovers it, checks its
// integrity and compares every row. --kind compute kills computations of the demonstration,
// timetables included, instead: the rows must stay, and the editions be those that were there,
// or these and a whole new one. --kind all tries every kind in turn, and that. It prints a
// line of counts for each, and exits 1 when a round left anything else than A or B,
// 2 when it is used wrongly.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/gpkg"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("killtest", flag.ContinueOnError)
	flags.SetOutput(stderr)
	program := flags.String("maillage", "", "path of the maillage program to try (required)")
	rounds := flags.Int("rounds", 20, "number of imports to kill")
	rows := flags.Int("rows", 5000, "number of rows in each file that is made up")
	kind := flags.String("kind", "lieux", "what to import: one of "+strings.Join(kinds(), ", ")+"; compute; or all")
	seed := flags.Uint64("seed", 0, "replays the moments of an earlier run; 0 takes a new one")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *program == "" || *rounds < 1 || *rows < 1 || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "killtest: expected --maillage PATH, and at least one round and one row")
		flags.Usage()
		return 2
	}
	wanted, all := []string{*kind}, append(kinds(), computing)
	if *kind == "all" {
		wanted = all
	} else if !slices.Contains(all, *kind) {
		fmt.Fprintf(stderr, "killtest: --kind %s: expected one of %s, or all\n", *kind, strings.Join(all, ", "))
		return 2
	}
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	fmt.Fprintf(stdout, "killtest: seed %d\n", *seed)
	random := rand.New(rand.NewPCG(*seed, 0))
	for _, k := range wanted {
		if code := try(&trial{program: *program, kind: k, rows: *rows, random: random, log: stderr}, *rounds, stdout); code != 0 {
			return code
		}
	}
	return 0
}

// try runs one kind, in a folder that is kept when something is wrong.
func try(t *trial, rounds int, stdout io.Writer) int {
	var err error
	if t.dir, err = os.MkdirTemp("", "killtest"); err != nil {
		fmt.Fprintln(t.log, "killtest:", err)
		return 1
	}
	work, what, left := t.run, "an import", "%d left the old rows, %d the new, %d a mix\n"
	if t.kind == computing {
		work, what, left = t.compute, "a computation", "%d left the old editions, %d a new one too, %d something else\n"
	}
	if err := work(rounds); err != nil {
		fmt.Fprintf(t.log, "killtest: %s: %v\nkilltest: the files are kept in %s\n", t.kind, err, t.dir)
		return 1
	}
	fmt.Fprintf(stdout, "killtest: %-15s %d kills within %v, %s takes %v: "+left,
		t.kind, rounds, t.window().Round(time.Millisecond), what, t.whole.Round(time.Millisecond), t.old, t.new, t.mixed)
	if t.mixed > 0 {
		fmt.Fprintf(t.log, "killtest: the files are kept in %s\n", t.dir)
		return 1
	}
	if err := os.RemoveAll(t.dir); err != nil {
		fmt.Fprintln(t.log, "killtest:", err)
		return 1
	}
	return 0
}

// version is one of the two files, and what a store that imported it holds.
type version struct {
	name string
	file string
	sum  [sha256.Size]byte
}

type trial struct {
	program string
	kind    string
	dir     string
	rows    int
	random  *rand.Rand
	log     io.Writer

	whole           time.Duration // of an import that replaces another, or of a computation
	old, new, mixed int
}

// window is the time within which imports are killed: a little longer than a whole
// import, so that some kills come after the last commit.
func (t *trial) window() time.Duration { return t.whole * 5 / 4 }

func (t *trial) run(rounds int) error {
	versions := [2]version{{name: "A"}, {name: "B"}}
	for i := range versions {
		v := &versions[i]
		v.file = filepath.Join(t.dir, v.name)
		if err := write(t.kind, v.file, v.name, t.rows); err != nil {
			return err
		}
		// In a store of its own: what an import that nobody kills leaves.
		alone := filepath.Join(t.dir, v.name+".gpkg")
		if err := t.importWhole(v.file, alone); err != nil {
			return err
		}
		count, sum, err := content(alone)
		if err != nil {
			return err
		}
		if count == 0 {
			return fmt.Errorf("import of %s: no row in the store", v.file)
		}
		v.sum = sum
	}
	if versions[0].sum == versions[1].sum {
		return errors.New("the two files leave the same rows: nothing could be told")
	}
	store := filepath.Join(t.dir, "essai.gpkg")
	for _, v := range []version{versions[1], versions[0]} { // B, then A over it
		start := time.Now()
		if err := t.importWhole(v.file, store); err != nil {
			return err
		}
		t.whole = time.Since(start)
	}
	held := 0 // the position of what the store holds
	for round := range rounds {
		next := versions[1-held]
		while := time.Duration(t.random.Int64N(int64(t.window())))
		if err := t.importKilled(next.file, store, while); err != nil {
			return err
		}
		count, sum, err := content(store)
		switch {
		case err != nil:
			t.mixed++
			fmt.Fprintf(t.log, "killtest: round %d, killed after %v: %v\n", round+1, while, err)
			return nil // nothing can be said of later rounds
		case sum == versions[held].sum:
			t.old++
		case sum == next.sum:
			t.new++
			held = 1 - held
		default:
			t.mixed++
			fmt.Fprintf(t.log, "killtest: round %d, killed after %v: %d rows, neither all of A nor all of B\n", round+1, while, count)
			return nil
		}
	}
	return nil
}

func (t *trial) command(file, store string) (*exec.Cmd, *bytes.Buffer) {
	cmd := exec.Command(t.program, "import", t.kind, file, "--store", store, "--dataset", "essai")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	return cmd, &said
}

func (t *trial) importWhole(file, store string) error {
	cmd, said := t.command(file, store)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("import of %s: %w: %s", file, err, said)
	}
	return nil
}

// importKilled starts an import and kills it after a while. That it ended before is
// no error; that it failed by itself is.
func (t *trial) importKilled(file, store string, while time.Duration) error {
	cmd, said := t.command(file, store)
	if err := killed(cmd, while); err != nil {
		return fmt.Errorf("import of %s: %w: %s", file, err, said)
	}
	return nil
}

// killed starts a program and kills it after a while. The error is not that it was killed.
func killed(cmd *exec.Cmd, while time.Duration) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	time.Sleep(while)
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		return err
	}
	return nil
}

// content opens a store, checks it, and sums up all its inputs: how many rows, and a
// hash of every field of every row in order.
func content(path string) (count int, sum [sha256.Size]byte, err error) {
	ctx := context.Background()
	s, err := gpkg.Open(ctx, path, gpkg.MustExist())
	if err != nil {
		return 0, sum, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.Check(ctx); err != nil {
		return 0, sum, err
	}
	hash := sha256.New()
	rows := json.NewEncoder(hash)
	for _, about := range store.Kinds() {
		for row, err := range s.Read(ctx, about.Kind) {
			if err != nil {
				return 0, sum, err
			}
			count++
			if err := rows.Encode(row); err != nil {
				return 0, sum, err
			}
		}
	}
	return count, [sha256.Size]byte(hash.Sum(nil)), nil
}
