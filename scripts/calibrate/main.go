// Calibrate compares the travel times of the default profile with those of Valhalla,
// on real extracts. Run it by the script beside it, which installs Valhalla:
//
//	scripts/calibrate/run --help
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/aisne-numerique/maillage/geo/road/street"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	c := calibration{out: stdout}
	flags := flag.NewFlagSet("calibrate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.valhalla, "valhalla", "", "folder of Valhalla's npm package (required)")
	flags.StringVar(&c.program, "program", "", "path of valhalla_build_tiles (required)")
	flags.StringVar(&c.work, "work", "", "folder for tiles, which are left there (required)")
	flags.IntVar(&c.pairs, "pairs", 2000, "trips of each extract and mode")
	flags.IntVar(&c.worst, "worst", 10, "trips explained of each extract and mode")
	flags.Uint64Var(&c.seed, "seed", 1, "seed of the ends of the trips")
	if err := flags.Parse(args); err == flag.ErrHelp {
		return 0
	} else if err != nil {
		return 2
	}
	if c.valhalla == "" || c.program == "" || c.work == "" || c.pairs < 1 || flags.NArg() == 0 {
		fmt.Fprintln(stderr, "calibrate: expected --valhalla, --program, --work, at least one pair and one extract")
		flags.Usage()
		return 2
	}
	if err := c.all(flags.Args()); err != nil {
		fmt.Fprintln(stderr, "calibrate:", err)
		return 1
	}
	return 0
}

type calibration struct {
	valhalla, program, work string
	pairs, worst            int
	seed                    uint64
	out                     io.Writer
}

// all compares every extract and mode, and sums up. The error tells a program that
// failed, or targets missed.
func (c *calibration) all(extracts []string) error {
	fmt.Fprintf(c.out, "%d trips of each extract and mode, seed %d\n", c.pairs, c.seed)
	var outcomes []outcome
	for i, extract := range extracts {
		dir := filepath.Join(c.work, fmt.Sprint(i))
		if err := os.Mkdir(dir, 0o700); err != nil {
			return err
		}
		of, err := c.extract(extract, dir)
		if err != nil {
			return err
		}
		outcomes = append(outcomes, of...)
	}
	missed := 0
	fmt.Fprintf(c.out, "\n%s\n", header)
	for _, o := range outcomes {
		fmt.Fprintln(c.out, o.row())
		if !o.passes() {
			missed++
		}
	}
	if missed > 0 {
		return fmt.Errorf("%d of %d missed: expected a median ratio of %.1f to %.1f, and %.0f %% of the trips within %.0f %%",
			missed, len(outcomes), lowestMedian, highestMedian, 100*leastWithin, 100*tolerance)
	}
	return nil
}

// extract compares the modes of one extract.
func (c *calibration) extract(extract, dir string) (of []outcome, err error) {
	n, err := network(extract)
	if err != nil {
		return nil, err
	}
	r, err := startRival(c.valhalla, c.program, extract, dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.stop()) }()
	for _, m := range street.Modes {
		pairs := draw(n, m, c.pairs, rand.New(rand.NewPCG(c.seed, uint64(m))))
		theirs, err := r.trips(m, pairs)
		if err != nil {
			return nil, err
		}
		o := compare(filepath.Base(extract), m, pairs, trips(n, m, pairs), theirs)
		of = append(of, o)
		if c.worst > 0 {
			fmt.Fprintf(c.out, "\n%s by %s, the trips farthest apart:\n", o.extract, m)
			o.explain(c.out, n, c.worst)
		}
	}
	return of, nil
}
