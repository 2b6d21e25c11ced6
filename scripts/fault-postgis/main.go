// Fault-postgis shows what servers and workers that share a PostgreSQL database do when
// the database goes away, when workers are killed, and while editions follow each other.
// See scripts/fault-postgis/run, which runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/scripts/crew"
)

func main() {
	var t trial
	os.Exit(crew.Main("fault-postgis", &t.Report, t.define, t.all))
}

// parts are what can be tried, in order.
var parts = []struct {
	name string
	try  func(*trial, context.Context) error
}{
	{"outage", (*trial).outage},
	{"kills", (*trial).kills},
	{"servers", (*trial).servers},
}

func (t *trial) define(flags *flag.FlagSet) func() string {
	var names []string
	for _, p := range parts {
		names = append(names, p.name)
	}
	only := flags.String("only", strings.Join(names, ","), "which parts to try")
	flags.DurationVar(&t.away, "outage", time.Minute, "how long PostgreSQL is stopped")
	flags.DurationVar(&t.frozen, "frozen", 15*time.Second, "how long PostgreSQL answers nothing, its connections open")
	flags.IntVar(&t.readers, "readers", 50, "requests made at the same time")
	flags.IntVar(&t.rounds, "rounds", 30, "workers to kill")
	flags.IntVar(&t.editions, "editions", 6, "editions that follow each other under two servers")
	flags.IntVar(&t.responses, "responses", 10_000, "responses to look at meanwhile, at least")
	flags.Uint64Var(&t.seed, "seed", 0, "replays the moments of an earlier run; 0 takes a new one")
	return func() string {
		t.wanted = strings.Split(*only, ",")
		for _, name := range t.wanted {
			if !slices.Contains(names, name) {
				return fmt.Sprintf("--only %s: expected some of %s", *only, strings.Join(names, ", "))
			}
		}
		if t.away < mostSilence || t.frozen < mostSilence || min(t.readers, t.rounds, t.editions, t.responses) < 1 {
			return fmt.Sprint("expected durations of ", mostSilence, " at least, and numbers of one at least")
		}
		if t.seed == 0 {
			t.seed = rand.Uint64()
		}
		return ""
	}
}

// trial is one run of this program.
type trial struct {
	crew.Report
	crew *crew.Crew
	db   string // address of the database of the part that is tried

	away, frozen                         time.Duration
	readers, rounds, editions, responses int
	seed                                 uint64
	wanted                               []string // parts
}

// demo is the database of the demonstration, which every part takes a copy of.
const demo = "demo"

func (t *trial) all(ctx context.Context, program string) (err error) {
	t.Machine()
	fmt.Fprintf(t.Out, "seed %d\n", t.seed)
	if t.crew, err = crew.Gather(ctx, program); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.crew.Dismiss()) }()
	db, err := t.crew.Database(ctx, demo, "")
	if err != nil {
		return err
	}
	if _, err := t.crew.Run(ctx, "demo", "--no-serve", "--store", db); err != nil {
		return err
	}
	for _, p := range parts {
		if !slices.Contains(t.wanted, p.name) {
			continue
		}
		if err := p.try(t, ctx); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	fmt.Fprintln(t.Out)
	t.Machine()
	return nil
}

// random gives each part its own moments, whatever parts come before it.
func (t *trial) random(part uint64) *rand.Rand { return rand.New(rand.NewPCG(t.seed, part)) }
