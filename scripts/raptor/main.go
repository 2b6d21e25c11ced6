// Raptor compares the timetable searches of maillage with those of two programs that other
// people wrote, on the same feeds: arrivals must be equal, or differ for a reason that is
// known, and times are printed side by side. Run it by the script beside it, which installs
// them:
//
//	scripts/raptor/run --help
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/aisne-numerique/maillage/scripts/rider"
)

const (
	hour     = 3600
	maxRides = 3
	// Questions leave between these, so that an hour later nobody is home too late.
	first, last = 6 * hour, 19 * hour
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	c := comparison{out: stdout}
	flags := flag.NewFlagSet("raptor", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.node, "node", "node", "program of Node")
	flags.StringVar(&c.script, "rivals", "", "path of rivals.mjs (required)")
	flags.StringVar(&c.work, "work", "", "folder for feeds, which are left there (required)")
	flags.IntVar(&c.questions, "questions", 2000, "questions about each feed")
	flags.IntVar(&c.dates, "dates", 4, "dates they are about")
	flags.BoolVar(&c.noLoops, "no-loops", false, "leave out, for all, trips that call twice at a stop")
	walk := flags.Int("walk", 120, "seconds of the longest footpath, before those that follow each other are joined")
	flags.Uint64Var(&c.seed, "seed", 0, "replays the questions of an earlier run; 0 takes new ones")
	if err := flags.Parse(args); err == flag.ErrHelp {
		return 0
	} else if err != nil {
		return 2
	}
	c.walk = int32(*walk)
	if c.script == "" || c.work == "" || c.questions < 1 || c.dates < 1 || flags.NArg() == 0 {
		fmt.Fprintln(stderr, "raptor: expected --rivals, --work, at least one question, one date and one feed")
		flags.Usage()
		return 2
	}
	if c.seed == 0 {
		c.seed = rand.Uint64()
	}
	fmt.Fprintf(stdout, "seed %d\n", c.seed)
	var err error
	for _, path := range flags.Args() {
		feeds, of := rider.Read(ctx, path)
		err = errors.Join(err, of)
		for i := range feeds {
			if of := c.feed(ctx, filepath.Base(path), feeds[i]); of != nil {
				err = errors.Join(err, fmt.Errorf("%s: %w", filepath.Base(path), of))
			}
		}
	}
	if err != nil {
		fmt.Fprintln(stderr, "raptor:", err)
		return 1
	}
	if c.wrong > 0 || c.asked == 0 {
		fmt.Fprintf(stderr, "raptor: %d answers differ for no known reason, of %d questions\n", c.wrong, c.asked)
		return 1
	}
	fmt.Fprintf(stdout, "\nof %d questions none is answered otherwise by trying every vehicle, nor by another program for no known reason\n", c.asked)
	return 0
}
