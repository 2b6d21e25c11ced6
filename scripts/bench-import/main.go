// Bench-import measures imports at their real size, each in its own process: wall
// time, and peak memory as the system counts it. Run it by the script beside it,
// which builds the programs and installs the one that roads are compared with:
//
//	scripts/bench-import/run --help
//
// It calls itself for one thing that no command does alone: `bench-import graph
// EXTRACT STORE` imports an extract in a new store, reads the roads back and builds
// their network, in one process, as an edition would.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 && args[0] == "graph" {
		if len(args) != 3 {
			fmt.Fprintln(stderr, "bench-import: expected graph EXTRACT STORE")
			return 2
		}
		if err := graph(args[1], args[2], stdout); err != nil {
			fmt.Fprintln(stderr, "bench-import:", err)
			return 1
		}
		return 0
	}
	b := bench{out: stdout}
	flags := flag.NewFlagSet("bench-import", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&b.maillage, "maillage", "", "path of the maillage program (required)")
	flags.StringVar(&b.valhalla, "valhalla", "", "path of valhalla_build_tiles; without it, roads are not compared")
	flags.StringVar(&b.work, "work", "", "folder for stores and tiles, which are left there (required)")
	flags.IntVar(&b.rows, "rows", 25_000, "rows of the file of lieux")
	flags.IntVar(&b.calls, "calls", 4_000_000, "calls of the feed of timetables; 0: not measured")
	flags.IntVar(&b.repeat, "repeat", 3, "processes that a median is taken of")
	flags.Uint64Var(&b.seed, "seed", 1, "seed of the file of lieux")
	if err := flags.Parse(args); err == flag.ErrHelp {
		return 0
	} else if err != nil {
		return 2
	}
	if b.maillage == "" || b.work == "" || b.rows < 1 || b.calls < 0 || b.repeat < 1 {
		fmt.Fprintln(stderr, "bench-import: expected --maillage and --work, at least one row and one repetition")
		flags.Usage()
		return 2
	}
	extracts := flags.Args()
	if err := b.absolute(extracts); err != nil {
		fmt.Fprintln(stderr, "bench-import:", err)
		return 1
	}
	if err := b.all(extracts); err != nil {
		fmt.Fprintln(stderr, "bench-import:", err)
		return 1
	}
	if b.missed > 0 {
		fmt.Fprintf(stderr, "bench-import: %d missed\n", b.missed)
		return 1
	}
	return 0
}

// The targets.
const (
	mostMemory = 300 << 20       // bytes, of any import
	mostLieux  = 5 * time.Second // for the lieux of the nation
	mostRoads  = 0.25            // of the wall time of valhalla_build_tiles
)

type bench struct {
	maillage, valhalla, work string
	rows, calls, repeat      int
	seed                     uint64
	out                      io.Writer
	missed                   int // targets
}

// absolute makes every path absolute: the programs run in the folder of the work.
func (b *bench) absolute(extracts []string) (err error) {
	paths := []*string{&b.maillage, &b.work}
	if b.valhalla != "" {
		paths = append(paths, &b.valhalla)
	}
	for i := range extracts {
		paths = append(paths, &extracts[i])
	}
	for _, path := range paths {
		if *path, err = filepath.Abs(*path); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) all(extracts []string) error {
	fmt.Fprintf(b.out, "%d processors; load %s before\n", runtime.NumCPU(), load())
	if err := b.lieux(); err != nil {
		return err
	}
	if err := b.feed(); err != nil {
		return err
	}
	for _, extract := range extracts {
		if err := b.roads(extract); err != nil {
			return err
		}
	}
	if len(extracts) == 0 {
		fmt.Fprintln(b.out, "\nroads: no extract given, not measured")
	}
	fmt.Fprintf(b.out, "\nload %s after\n", load())
	return nil
}

// load is the mean number of processes that ran or waited to, over one, five and
// fifteen minutes: above the number of processors, wall times are longer than the
// work.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if fields := strings.Fields(string(text)); err == nil && len(fields) >= 3 {
		return strings.Join(fields[:3], " ")
	}
	return "unknown"
}

// lieux measures the import of the lieux of the nation.
func (b *bench) lieux() error {
	file := filepath.Join(b.work, "lieux.csv")
	size, err := createLieux(file, b.rows, b.seed)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\nlieux: %d rows made up with seed %d, %s\n", b.rows, b.seed, mib(size))
	store := filepath.Join(b.work, "lieux.gpkg")
	command := []string{b.maillage, "--store", store, "import", "lieux", file}
	var empty, over sample
	for i := range b.repeat + 1 {
		if err := remove(store); err != nil {
			return err
		}
		for _, s := range []*sample{&empty, &over} {
			p, err := measure(b.work, command...)
			if err != nil {
				return err
			}
			if i > 0 { // the first is not counted
				s.add(p)
			}
		}
	}
	b.row("maillage import lieux, empty store", &empty, "")
	b.row("maillage import lieux, over as many", &over, "")
	for _, s := range []*sample{&empty, &over} {
		b.target("wall time", s.wall().Seconds(), mostLieux.Seconds(), "%.2f s")
		b.target("memory", float64(s.memory())/(1<<20), mostMemory/(1<<20), "%.0f MiB")
	}
	return nil
}

// roads measures the import of an extract with its graph, against valhalla's.
func (b *bench) roads(extract string) error {
	info, err := os.Stat(extract)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\nroads: %s, %s\n", filepath.Base(extract), mib(info.Size()))
	self, err := os.Executable()
	if err != nil {
		return err
	}
	store, tiles := filepath.Join(b.work, "roads.gpkg"), filepath.Join(b.work, "tiles")
	config := fmt.Sprintf(`{"mjolnir":{"tile_dir":%q}}`, tiles)
	type rival struct {
		name    string
		command []string
		sample  sample
	}
	rivals := []*rival{
		{name: "maillage import roads", command: []string{b.maillage, "--store", store, "import", "roads", extract}},
		{name: "import, then graph from the store", command: []string{self, "graph", extract, store}},
	}
	const ours = 1
	if b.valhalla != "" {
		rivals = append(rivals,
			&rival{name: "valhalla_build_tiles, one thread", command: []string{b.valhalla, "-i", config, "-j", "1", extract}},
			&rival{name: "valhalla_build_tiles, all threads", command: []string{b.valhalla, "-i", config, extract}})
	}
	var steps []steps
	for i := range b.repeat + 1 {
		for k, r := range rivals {
			if err := remove(store); err != nil {
				return err
			}
			if err := os.RemoveAll(tiles); err != nil {
				return err
			}
			if err := os.Mkdir(tiles, 0o755); err != nil { // valhalla expects it
				return err
			}
			p, err := measure(b.work, r.command...)
			if err != nil {
				return err
			}
			if i == 0 {
				continue
			}
			r.sample.add(p)
			if k == ours {
				s, err := parseSteps(p.stdout)
				if err != nil {
					return err
				}
				steps = append(steps, s)
			}
		}
	}
	mine := &rivals[ours].sample
	for _, r := range rivals {
		note := ""
		if r.name == rivals[ours].name {
			note = middle(steps).String()
		}
		b.row(r.name, &r.sample, note)
	}
	for _, r := range rivals[ours+1:] {
		b.target("wall time over "+r.name, mine.wall().Seconds()/r.sample.wall().Seconds(), mostRoads, "%.3f")
	}
	b.target("memory", float64(mine.memory())/(1<<20), mostMemory/(1<<20), "%.0f MiB")
	return nil
}

// row prints the medians of one program, and the extremes of its wall time.
func (b *bench) row(name string, s *sample, note string) {
	lowest, highest := s.extremes()
	fmt.Fprintf(b.out, "  %-36s %6.2f s wall (%.2f to %.2f), %6.2f s of processor, %s",
		name, s.wall().Seconds(), lowest.Seconds(), highest.Seconds(), s.processor().Seconds(), mib(s.memory()))
	if note != "" {
		fmt.Fprintf(b.out, "; %s", note)
	}
	fmt.Fprintln(b.out)
}

// target prints what was measured beside what it must not exceed.
func (b *bench) target(what string, got, most float64, format string) {
	verdict := "reached"
	if got > most {
		verdict = "MISSED"
		b.missed++
	}
	fmt.Fprintf(b.out, "  %-7s  %s: "+format+", target ≤ "+format+"\n", verdict, what, got, most)
}

// remove removes a store and what SQLite leaves beside one.
func remove(store string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.RemoveAll(store + suffix); err != nil {
			return err
		}
	}
	return nil
}

func mib(bytes int64) string { return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20)) }
