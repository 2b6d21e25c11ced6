// Doors compares journeys from door to door by timetable with those that trying every vehicle
// finds, in a town whose streets, feed and points are given: arrivals must be equal. Run it by
// the script beside it:
//
//	scripts/doors/run --help
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/aisne-numerique/maillage/geo/transit"
	"github.com/aisne-numerique/maillage/scripts/rider"
)

const (
	hour      = 3600
	mostShown = 10 // answers that differ
	// Who leaves after the last is home too late.
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
	flags := flag.NewFlagSet("doors", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&c.pairs, "pairs", 1000, "pairs of points")
	flags.IntVar(&c.departures, "departures", 12, "times at which one leaves, of each pair on a date of its own")
	flags.Uint64Var(&c.seed, "seed", 0, "replays the pairs of an earlier run; 0 takes new ones")
	if err := flags.Parse(args); err == flag.ErrHelp {
		return 0
	} else if err != nil {
		return 2
	}
	if c.pairs < 1 || c.departures < 1 || flags.NArg() < 3 {
		fmt.Fprintln(stderr, "doors: expected one feed or more, roads and points, at least one pair and one departure")
		flags.Usage()
		return 2
	}
	if c.seed == 0 {
		c.seed = rand.Uint64()
	}
	if err := c.all(ctx, flags.Args()[:flags.NArg()-2], flags.Arg(flags.NArg()-2), flags.Arg(flags.NArg()-1)); err != nil {
		fmt.Fprintln(stderr, "doors:", err)
		return 1
	}
	if c.wrong > 0 || c.byBus == 0 {
		fmt.Fprintf(stderr, "doors: %d arrivals differ, %d are by bus\n", c.wrong, c.byBus)
		return 1
	}
	fmt.Fprintln(stdout, "all equal")
	return 0
}

type comparison struct {
	pairs, departures int
	seed              uint64
	out               io.Writer

	wrong  int
	byBus  int // departures with an arrival by bus within the hour
	onFoot int // departures that are within the hour on foot
	sooner int // by bus than on foot, or by bus alone
	joined int // pairs that somebody gets between within the hour
}

// all compares every pair.
func (c *comparison) all(ctx context.Context, feeds []string, roads, points string) error {
	t, err := readTown(ctx, feeds, roads, points)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "seed %d\n", c.seed)
	for i := range t.feeds {
		fmt.Fprintf(c.out, "%s: %d stops, %d lines, %d trips\n", t.feeds[i].Name, len(t.feeds[i].Stops), len(t.feeds[i].Lines), len(t.feeds[i].Trips))
	}
	fmt.Fprintf(c.out, "%d stops join no street; 28 days from %v; left out for both: %v\n%s: %d points, of which %d join no street\n",
		t.offStops, t.from, t.left, filepath.Base(points), len(t.points), t.offPoints)
	random := rand.New(rand.NewPCG(c.seed, 0))
	outward := t.net.NewOutward(t.starts)
	vehicles := map[transit.Day][]rider.Vehicle{}
	var ours, naive time.Duration
	for range c.pairs {
		from := int32(random.IntN(len(t.points)))
		to := (from + 1 + random.Int32N(int32(len(t.points)-1))) % int32(len(t.points))
		day := t.from + transit.Day(random.IntN(transit.ReferenceDays))
		if vehicles[day] == nil {
			vehicles[day] = t.vehicles(day)
		}
		joined := false
		begin := time.Now()
		outward.Toward(t.sites, to, day)
		ours += time.Since(begin)
		for range c.departures {
			leave := first + random.Int32N(last-first+1)
			begin := time.Now()
			got, ok := outward.Arrival(from, leave)
			ours += time.Since(begin)
			if !ok || got > leave+hour {
				got = rider.Never
			}
			begin = time.Now()
			want := rider.Arrival(vehicles[day], t.changes, rider.Question{Leave: leave, Until: leave + hour, From: t.outOf[from], To: t.into[to], Rides: 3})
			naive += time.Since(begin)
			if got != want {
				if c.wrong++; c.wrong <= mostShown {
					fmt.Fprintf(c.out, "  DIFFERS %v %s, %s to %s: maillage %s, trying every vehicle %s\n",
						day, clock(leave), t.points[from].id, t.points[to].id, clock(got), clock(want))
				}
			}
			walk := t.walk(from, to)
			onFoot, byBus := walk <= hour, want != rider.Never
			joined = joined || onFoot || byBus
			c.count(onFoot, byBus, byBus && (!onFoot || want < leave+walk))
		}
		if joined {
			c.joined++
		}
	}
	all := c.pairs * c.departures
	fmt.Fprintf(c.out, "%d pairs, %d joined within an hour; %d departures: %d arrive by bus within the hour, %d on foot, %d by bus alone or sooner; %d differ\n",
		c.pairs, c.joined, all, c.byBus, c.onFoot, c.sooner, c.wrong)
	fmt.Fprintf(c.out, "maillage %.2f ms for each pair, all ways of the day from everywhere; trying every vehicle %.2f ms for each departure\n",
		ours.Seconds()*1000/float64(c.pairs), naive.Seconds()*1000/float64(all))
	return nil
}

func (c *comparison) count(onFoot, byBus, sooner bool) {
	for _, n := range []struct {
		is bool
		of *int
	}{{onFoot, &c.onFoot}, {byBus, &c.byBus}, {sooner, &c.sooner}} {
		if n.is {
			*n.of++
		}
	}
}

func clock(seconds int32) string {
	if seconds == rider.Never {
		return "none"
	}
	return fmt.Sprintf("%02d:%02d:%02d", seconds/hour, seconds/60%60, seconds%60)
}
