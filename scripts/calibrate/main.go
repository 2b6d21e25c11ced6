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
	flags.BoolVar(&c.speeds, "speeds", false, "write the speeds of both by kind of road")
	profile := flags.String("profile", "", "file of the profile; none, the default one")
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
	err := c.readProfile(*profile)
	if err == nil {
		err = c.all(flags.Args())
	}
	if err != nil {
		fmt.Fprintln(stderr, "calibrate:", err)
		return 1
	}
	return 0
}

type calibration struct {
	valhalla, program, work string
	pairs, worst            int
	seed                    uint64
	speeds                  bool
	profile                 *street.Profile
	out                     io.Writer
}

// readProfile reads the profile to try.
func (c *calibration) readProfile(path string) error {
	c.profile = street.DefaultProfile()
	if path == "" {
		return nil
	}
	text, err := os.ReadFile(path)
	if err == nil {
		c.profile, err = street.ParseProfile(text)
	}
	return err
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
		all := o.counted()
		fmt.Fprintln(c.out, all.row())
		if !all.passes() {
			missed++
		}
		if o.mode == street.Car {
			for _, some := range o.apart() {
				fmt.Fprintln(c.out, some.row())
			}
		}
	}
	fmt.Fprintln(c.out, legend)
	if missed > 0 {
		return fmt.Errorf("%d of %d missed: expected a median ratio of %.2f to %.2f, %.0f %% of the trips within %.0f %%, and at most %.0f %% that one alone makes",
			missed, len(outcomes), lowestMedian, highestMedian, 100*leastWithin, 100*tolerance, 100*mostAlone)
	}
	return nil
}

// extract compares the modes of one extract.
func (c *calibration) extract(extract, dir string) (of []outcome, err error) {
	n, x, err := network(extract, c.profile)
	if err != nil {
		return nil, err
	}
	r, err := startRival(c.valhalla, c.program, extract, dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Stop()) }()
	for _, m := range street.Modes {
		pairs := draw(x, m, c.pairs, rand.New(rand.NewPCG(c.seed, uint64(m))))
		theirs, err := r.trips(m, pairs, m == street.Car)
		if err != nil {
			return nil, err
		}
		ours := trips(n, m, pairs)
		refuse(pairs, theirs)
		o := compare(filepath.Base(extract), m, pairs, ours, theirs)
		of = append(of, o)
		e := &explainer{n, x, m, c.profile, r, newTracer(n, m)}
		if err := e.explain(c.out, o.counted(), c.worst); err != nil {
			return nil, err
		}
		if c.speeds {
			if err := e.speeds(c.out, o); err != nil {
				return nil, err
			}
		}
	}
	return of, nil
}
