// Bench-country measures the engine on a made-up country. Run it by the script beside
// it:
//
//	scripts/bench-country/run --help
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"syscall"
	"time"

	"github.com/aisne-numerique/maillage/geo/graph"
	"github.com/aisne-numerique/maillage/geo/graph/graphtest"
	"github.com/aisne-numerique/maillage/scripts/maxrss"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	b := bench{out: stdout}
	flags := flag.NewFlagSet("bench-country", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Uint64Var(&b.seed, "seed", 1, "seed of the country")
	flags.IntVar(&b.junctions, "junctions", graphtest.FranceJunctions, "junctions of the country")
	flags.IntVar(&b.sources, "sources", 50, "places of a service")
	flags.IntVar(&b.lieux, "lieux", 25_000, "places with hours")
	flags.IntVar(&b.repeat, "repeat", 5, "runs that a median is taken of")
	what := map[string]func(graph.Rows){"searches": b.searches, "lieux": b.hours}
	if len(args) == 0 || what[args[0]] == nil {
		fmt.Fprintln(stderr, "bench-country: expected searches or lieux")
		return 2
	}
	if err := flags.Parse(args[1:]); err == flag.ErrHelp {
		return 0
	} else if err != nil {
		return 2
	}
	if b.junctions < 4 || b.sources < 2 || b.lieux < 1 || b.lieux > 65_535 || b.repeat < 1 {
		fmt.Fprintln(stderr, "bench-country: expected 4 junctions, 2 sources, 1 to 65535 lieux and 1 run at least")
		return 2
	}
	in := graphtest.Country(b.junctions, b.seed)
	fmt.Fprintf(b.out, "\n%s, seed %d: %d nodes, %d arcs; %d processors\n", args[0], b.seed, in.Nodes(), len(in.Arcs), runtime.NumCPU())
	debug.FreeOSMemory()
	fmt.Fprintf(b.out, "  making it took %.4g bytes an arc\n", memory()/float64(len(in.Arcs)))
	what[args[0]](in)
	if b.missed > 0 {
		fmt.Fprintf(stderr, "bench-country: %d missed\n", b.missed)
		return 1
	}
	return 0
}

type bench struct {
	seed                              uint64
	junctions, sources, lieux, repeat int
	out                               io.Writer
	missed                            int
}

// target prints what was measured beside what it must not exceed, or must reach.
func (b *bench) target(what string, got float64, atMost bool, limit float64, unit string) {
	verdict, sign := "reached", "≤"
	if !atMost {
		sign = "≥"
	}
	if got > limit == atMost && got != limit {
		verdict = "MISSED"
		b.missed++
	}
	fmt.Fprintf(b.out, "  %-7s  %s: %.4g %s, target %s %g %s\n", verdict, what, got, unit, sign, limit, unit)
}

// same counts a target missed when two results differ.
func (b *bench) same(what string, equal bool) {
	if !equal {
		b.missed++
		fmt.Fprintf(b.out, "  DIFFERS  %s\n", what)
		return
	}
	fmt.Fprintf(b.out, "  equal    %s\n", what)
}

// median runs do several times and gives the median time in seconds.
func (b *bench) median(do func()) float64 {
	times := make([]float64, b.repeat)
	for i := range times {
		start := time.Now()
		do()
		times[i] = time.Since(start).Seconds()
	}
	return middle(times)
}

// middle is the median of times, which it sorts.
func middle(times []float64) float64 {
	slices.Sort(times)
	return times[len(times)/2]
}

// memory is the largest resident set of this process so far, in bytes.
func memory() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return -1
	}
	return float64(usage.Maxrss) * maxrss.Unit
}
