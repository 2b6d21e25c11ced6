// Bybus measures what timetables add to the computation of the demonstration: the same store
// with its modelled timetables and without, computed in turn.
//
//	go run ./scripts/bybus --maillage PATH [--rounds 3]
//
// It prints, for both, the least of the rounds of elapsed time, of processor time and of peak
// memory, and exits 1 when timetables add more than the design allows: 2 s, or 200 MiB. On a
// machine that does other work, the processor time is the one to look at.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/aisne-numerique/maillage/fixtures"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/scripts/maxrss"
)

// What timetables may add.
const (
	mostTime   = 2 * time.Second
	mostMemory = 200 << 20 // bytes
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bybus", flag.ContinueOnError)
	flags.SetOutput(stderr)
	program := flags.String("maillage", "", "path of the maillage program to measure (required)")
	rounds := flags.Int("rounds", 3, "how often each computation is run")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *program == "" || *rounds < 1 || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "bybus: expected --maillage PATH, and at least one round")
		flags.Usage()
		return 2
	}
	without, with, err := measure(*program, *rounds)
	if err != nil {
		fmt.Fprintln(stderr, "bybus:", err)
		return 1
	}
	fmt.Fprintf(stdout, "without timetables: %v\nwith timetables:    %v\n", without, with)
	added := cost{with.elapsed - without.elapsed, with.processor - without.processor, with.peak - without.peak}
	fmt.Fprintf(stdout, "they add            %v (at most %v, %d MiB)\n", added, mostTime, mostMemory>>20)
	// Elapsed time is what people wait for; a machine that is busy makes it longer, never shorter.
	if min(added.elapsed, added.processor) > mostTime || added.peak > mostMemory {
		return 1
	}
	return 0
}

// cost is what a computation takes.
type cost struct {
	elapsed, processor time.Duration
	peak               int64 // bytes
}

func (c cost) String() string {
	return fmt.Sprintf("%6.2f s elapsed, %6.2f s of processors, %4d MiB at most", c.elapsed.Seconds(), c.processor.Seconds(), c.peak>>20)
}

func measure(program string, rounds int) (without, with cost, err error) {
	dir, err := os.MkdirTemp("", "bybus")
	if err != nil {
		return without, with, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	stores := [2]string{filepath.Join(dir, "sans.gpkg"), filepath.Join(dir, "avec.gpkg")}
	for i, path := range stores {
		if _, err := spent(program, "demo", "--no-serve", "--store", path); err != nil {
			return without, with, err
		}
		if i > 0 {
			continue
		}
		_, manifest, err := fixtures.Aisne()
		if err != nil {
			return without, with, err
		}
		for _, entry := range manifest {
			if entry.Kind == string(store.GTFS.Kind) {
				if _, err := spent(program, "dataset", "remove", entry.Dataset, "--store", path); err != nil {
					return without, with, err
				}
			}
		}
	}
	var least [2]cost
	for round := range rounds {
		for i, path := range stores {
			c, err := spent(program, "compute", "--store", path)
			if err != nil {
				return without, with, err
			}
			if round == 0 {
				least[i] = c
			}
			least[i] = cost{min(least[i].elapsed, c.elapsed), min(least[i].processor, c.processor), min(least[i].peak, c.peak)}
		}
	}
	return least[0], least[1], nil
}

// spent runs the program, and tells what it took.
func spent(program string, args ...string) (cost, error) {
	cmd := exec.Command(program, args...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	start := time.Now()
	err := cmd.Run()
	elapsed := time.Since(start)
	if err != nil {
		return cost{}, fmt.Errorf("%s: %w: %s", args[0], err, said.Bytes())
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return cost{}, errors.New("the system does not tell what a process took")
	}
	return cost{elapsed, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), usage.Maxrss * maxrss.Unit}, nil
}
