// Attack measures what visitors of a server notice, and how much memory it holds, while
// others ask too much. See scripts/attack/run, which runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/scripts/crew"
)

func main() {
	var a attack
	os.Exit(crew.Main("attack", &a.Report, a.define, a.all))
}

type attack struct {
	crew.Report
	program     string
	store       string
	seconds     int
	connections string
	seed        uint64
	crowds      []int
}

// The targets, on two processors.
const (
	mostColumn    = time.Second // a visitor's new column, 95 of 100
	mostUnrelated = 500 * time.Millisecond
	mostMemory    = 1 << 30
)

func (a *attack) define(flags *flag.FlagSet) func() string {
	flags.IntVar(&a.seconds, "seconds", 10, "how long each attack lasts")
	flags.StringVar(&a.connections, "connections", "8,30", "how many connections attack, by attack")
	flags.Uint64Var(&a.seed, "seed", 1, "of the questions")
	return func() string {
		for _, text := range strings.Split(a.connections, ",") {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 || n > 200 {
				return "expected numbers of connections from 1 to 200, as 8,30"
			}
			a.crowds = append(a.crowds, n)
		}
		if a.seconds < 1 || a.seconds > 120 {
			return "expected 1 to 120 seconds"
		}
		return ""
	}
}

func (a *attack) all(ctx context.Context, program string) error {
	a.Machine()
	fmt.Fprintf(a.Out, "seed %d\n", a.seed)
	dir, err := os.MkdirTemp("", "attack")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	a.program, a.store = program, filepath.Join(dir, "aisne.gpkg")
	if out, err := exec.CommandContext(ctx, program, "demo", "--no-serve", "--store", a.store).CombinedOutput(); err != nil {
		return fmt.Errorf("demo: %w\n%s", err, out)
	}
	for _, one := range []func(context.Context) error{a.questions, a.together, a.stops, a.readers} {
		if err := one(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintln(a.Out)
	a.Machine()
	return nil
}

// server is a maillage serve.
type server struct {
	cmd     *exec.Cmd
	address string // host and port
}

// serve runs what needs a server of its own, and ends the server.
func (a *attack) serve(ctx context.Context, do func(context.Context, *server) error) (err error) {
	out, in, err := os.Pipe()
	if err != nil {
		return err
	}
	defer out.Close()
	cmd := exec.CommandContext(ctx, a.program, "serve", "--addr", "127.0.0.1:0", "--store", a.store)
	cmd.Stderr = in
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second
	if err := cmd.Start(); err != nil {
		in.Close()
		return err
	}
	in.Close()
	_ = os.WriteFile(filepath.Join(os.TempDir(), "server.pid"), []byte(strconv.Itoa(cmd.Process.Pid)), 0o600) // for who cleans up
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	}()
	s := &server{cmd: cmd}
	lines := &reader{}
	if s.address, err = lines.address(out); err != nil {
		return err
	}
	go lines.rest(out)
	return do(ctx, s)
}

// peak is the most memory that the server held, in bytes.
func (s *server) peak() (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, after, ok := strings.Cut(string(text), "VmHWM:")
	if !ok {
		return 0, errors.New("no VmHWM")
	}
	kB, err := strconv.Atoi(strings.Fields(after)[0])
	return kB << 10, err
}

func (a *attack) memory(s *server, name string) error {
	peak, err := s.peak()
	if err == nil {
		a.Target(peak < mostMemory, name, "%d MiB", peak>>20)
	}
	return err
}
