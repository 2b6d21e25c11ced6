// Pgrouting compares the searches of maillage with those of pgRouting, on the same
// arcs: costs must be equal, and times are printed side by side. Run it by the script
// beside it, which installs pgRouting:
//
//	scripts/pgrouting/run --help
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
	"runtime"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/scripts/cluster"
)

const (
	leastPairs  = 1000 // of all modes together: fewer prove too little
	sources     = 50   // of the search of the nearest
	repetitions = 20   // of that search, of which the mean is printed: one is too short
	mostShown   = 10   // disagreements, of each comparison
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("pgrouting", flag.ContinueOnError)
	flags.SetOutput(stderr)
	pairs := flags.Int("pairs", 1000, "pairs of nodes compared in each mode")
	seed := flags.Uint64("seed", 0, "replays the pairs of an earlier run; 0 takes a new one")
	if err := flags.Parse(args); err == flag.ErrHelp {
		return 0
	} else if err != nil {
		return 2
	}
	if *pairs*len(street.Modes) < leastPairs || flags.NArg() > 1 {
		fmt.Fprintf(stderr, "pgrouting: expected at most one extract, and at least %d pairs in all modes together\n", leastPairs)
		flags.Usage()
		return 2
	}
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	c := comparison{pairs: *pairs, seed: *seed, out: stdout}
	if err := c.all(ctx, flags.Arg(0)); err != nil {
		fmt.Fprintln(stderr, "pgrouting:", err)
		return 1
	}
	if c.wrong > 0 || c.compared < leastPairs {
		fmt.Fprintf(stderr, "pgrouting: %d costs differ, of %d pairs compared\n", c.wrong, c.compared)
		return 1
	}
	fmt.Fprintf(stdout, "\nthe same cost for all of %d pairs, and from every node to the nearest of %d\n", c.compared, sources)
	return 0
}

type comparison struct {
	pairs           int
	seed            uint64
	out             io.Writer
	compared, wrong int
}

// all compares every mode, on a cluster that lives as long as this call.
func (c *comparison) all(ctx context.Context, extract string) (err error) {
	net, err := network(extract)
	if err != nil {
		return err
	}
	pg, err := cluster.Start(ctx, "pgrouting", "postgis")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pg.Stop()) }()
	conn, err := pgx.Connect(ctx, pg.DSN())
	if err != nil {
		return err
	}
	db := database{conn}
	versions, err := db.prepare(ctx)
	if err != nil {
		return err
	}
	name := "the demonstration"
	if extract != "" {
		name = filepath.Base(extract)
	}
	fmt.Fprintf(c.out, "roads of %s: %d nodes, %d edges\n%s; %d processors; seed %d\n",
		name, net.Counts().Nodes, net.Counts().Edges, versions, runtime.NumCPU(), c.seed)
	for _, mode := range street.Modes {
		if err := c.mode(ctx, db, net, mode); err != nil {
			return fmt.Errorf("%s: %w", mode, err)
		}
	}
	return nil
}

// mode compares pairs of nodes, then the nearest of some nodes from every node.
func (c *comparison) mode(ctx context.Context, db database, net *road.Network, mode street.Mode) error {
	g := newRoads(net, mode)
	if len(g.inMain) < 2 {
		fmt.Fprintf(c.out, "\n%s: no roads, nothing to compare\n", mode)
		return nil
	}
	start := time.Now()
	rows, err := db.load(ctx, g.arcs())
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "\n%s: %d arcs, %d nodes in the main component, %d in islands; loaded and indexed in %.2f s\n",
		mode, rows, len(g.inMain), len(g.islands), time.Since(start).Seconds())
	random := rand.New(rand.NewPCG(c.seed, uint64(mode)))
	if err := c.comparePairs(ctx, db, g, draw(random, g.inMain, g.islands, c.pairs)); err != nil {
		return err
	}
	return c.compareNearest(ctx, db, g, pick(random, g.inMain, sources))
}

func (c *comparison) comparePairs(ctx context.Context, db database, g *roads, pairs []pair) error {
	// Each call reads every arc: one with a single pair tells how long that takes.
	start := time.Now()
	if _, err := db.costs(ctx, pairs[:1]); err != nil {
		return err
	}
	one := time.Since(start)
	start = time.Now()
	theirs, err := db.costs(ctx, pairs)
	if err != nil {
		return err
	}
	theirTime := time.Since(start)

	s := g.searcher()
	s.toward(pairs[0].to) // the first call allocates
	ours := make(map[pair]int64, len(pairs))
	start = time.Now()
	for _, p := range pairs {
		if cost := s.toward(p.to)(p.from); cost != noPath {
			ours[p] = cost
		}
	}
	ourTime := time.Since(start)

	o := compare(pairs, ours, theirs)
	c.compared += len(pairs)
	c.report(fmt.Sprintf("%d pairs", len(pairs)), o)
	n := len(pairs)
	fmt.Fprintf(c.out, "  pgr_dijkstraCost  %8.3f s, %7.3f ms per pair; one call with one pair %.0f ms\n",
		theirTime.Seconds(), milliseconds(theirTime)/float64(n), milliseconds(one))
	fmt.Fprintf(c.out, "  maillage          %8.3f s, %7.3f ms per pair: a whole field, from every node to one; %.1f times as fast\n",
		ourTime.Seconds(), milliseconds(ourTime)/float64(n), theirTime.Seconds()/ourTime.Seconds())
	return nil
}

func (c *comparison) compareNearest(ctx context.Context, db database, g *roads, to []int32) error {
	start := time.Now()
	theirs, err := db.nearest(ctx, to)
	if err != nil {
		return err
	}
	theirTime := time.Since(start)

	s := g.searcher()
	cost := s.toward(to...) // the first call allocates
	start = time.Now()
	for range repetitions {
		cost = s.toward(to...)
	}
	ourTime := time.Since(start) / repetitions

	ours := map[pair]int64{}
	var pairs []pair
	for v := range int32(g.out.Nodes()) {
		p := pair{v, beyond}
		pairs = append(pairs, p)
		if c := cost(v); c != noPath {
			ours[p] = c
		}
	}
	c.report(fmt.Sprintf("all %d nodes to the nearest of %d", len(pairs), len(to)), compare(pairs, ours, theirs))
	fmt.Fprintf(c.out, "  pgr_dijkstraCost  %8.1f ms\n  maillage          %8.3f ms; %.0f times as fast\n",
		milliseconds(theirTime), milliseconds(ourTime), theirTime.Seconds()/ourTime.Seconds())
	return nil
}

func (c *comparison) report(what string, o outcome) {
	fmt.Fprintf(c.out, "  %s: %d equal costs, %d without path for both, %d differ\n", what, o.equal, o.noPath, len(o.wrong))
	for _, d := range o.wrong[:min(len(o.wrong), mostShown)] {
		fmt.Fprintf(c.out, "    DIFFERS %s\n", d)
	}
	c.wrong += len(o.wrong)
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1000 }
