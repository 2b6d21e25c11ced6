package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os/exec"
	"slices"
	"syscall"
	"time"

	"github.com/aisne-numerique/maillage/scripts/maxrss"
)

// process is what one run of a program took.
type process struct {
	wall, processor time.Duration
	memory          int64 // bytes: the largest resident set
	stdout          []byte
}

// measure runs a program to its end, in a folder: valhalla leaves a list of duplicate
// ways where it runs. On Linux, the peak of a child is at least the
// memory of this program when it started it, some 15 MiB: the programs measured
// here use more by themselves.
func measure(dir string, command ...string) (process, error) {
	var stdout, stderr bytes.Buffer
	c := exec.Command(command[0], command[1:]...)
	c.Dir, c.Stdout, c.Stderr = dir, &stdout, &stderr
	start := time.Now()
	err := c.Run()
	wall := time.Since(start)
	if err != nil {
		const shown = 2000 // bytes of what it said last: valhalla logs on stdout
		said := bytes.TrimSpace(append(stdout.Bytes(), stderr.Bytes()...))
		return process{}, fmt.Errorf("run %q: %w\n%s", command, err, said[max(0, len(said)-shown):])
	}
	usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return process{}, fmt.Errorf("run %q: the system does not say what memory it took", command)
	}
	return process{wall, c.ProcessState.UserTime() + c.ProcessState.SystemTime(), usage.Maxrss * maxrss.Unit, stdout.Bytes()}, nil
}

// sample is several runs of one program.
type sample []process

func (s *sample) add(p process) { *s = append(*s, p) }

func (s sample) wall() time.Duration {
	return median(s, func(p process) time.Duration { return p.wall })
}
func (s sample) processor() time.Duration {
	return median(s, func(p process) time.Duration { return p.processor })
}
func (s sample) memory() int64 { return median(s, func(p process) int64 { return p.memory }) }

func (s sample) extremes() (lowest, highest time.Duration) {
	byWall := func(p, q process) int { return cmp.Compare(p.wall, q.wall) }
	return slices.MinFunc(s, byWall).wall, slices.MaxFunc(s, byWall).wall
}

// median is the middle of what of gives for each of all, at least one; of an even
// number, the upper middle.
func median[T any, N cmp.Ordered](all []T, of func(T) N) N {
	values := make([]N, len(all))
	for i, v := range all {
		values[i] = of(v)
	}
	slices.Sort(values)
	return values[len(values)/2]
}
