package crew

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/aisne-numerique/maillage/scripts/maxrss"
)

// Line is a line that a process wrote, and when.
type Line struct {
	At   time.Time
	Text string
}

// Process is a program that runs on.
type Process struct {
	name string
	cmd  *exec.Cmd
	done chan struct{}

	mu    sync.Mutex
	rest  []byte // of a line that is not whole
	lines []Line
	more  chan struct{} // closed when there is another line
}

// Start starts a process of the program; name tells it from others. Settings as
// "GOMAXPROCS=1" may come before the command, as in a shell.
func (c *Crew) Start(name string, args ...string) (*Process, error) {
	return c.StartOther(name, c.program, args...)
}

// StartOther is Start with another program.
func (c *Crew) StartOther(name, program string, args ...string) (*Process, error) {
	p := &Process{name: name, done: make(chan struct{}), more: make(chan struct{})}
	env := environment()
	for len(args) > 0 && strings.Contains(args[0], "=") {
		env, args = append(env, args[0]), args[1:]
	}
	p.cmd = exec.Command(program, args...)
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = env, p, p
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	// For whoever cleans up after this program, were it killed: see scripts/crew/run.
	pid := strconv.Itoa(p.cmd.Process.Pid)
	note := filepath.Join(os.TempDir(), pid+".pid")
	err := os.WriteFile(note, []byte(pid), 0o600)
	go func() {
		_ = p.cmd.Wait() // how it ended is in ProcessState
		_ = os.Remove(note)
		close(p.done)
	}()
	c.mu.Lock()
	c.processes = append(c.processes, p)
	c.mu.Unlock()
	return p, err
}

// Write takes what the process writes.
func (p *Process) Write(b []byte) (int, error) {
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rest = append(p.rest, b...)
	for {
		line, rest, whole := bytes.Cut(p.rest, []byte("\n"))
		if !whole {
			break
		}
		p.lines = append(p.lines, Line{now, string(line)})
		p.rest = rest
	}
	close(p.more)
	p.more = make(chan struct{})
	return len(b), nil
}

// Await waits for a line that holds every one of the words, and gives the first.
func (p *Process) Await(ctx context.Context, words ...string) (Line, error) {
	seen := 0
	for {
		p.mu.Lock()
		news, more := p.lines[seen:], p.more
		p.mu.Unlock()
		for _, l := range news {
			if holds(l.Text, words) {
				return l, nil
			}
		}
		seen += len(news)
		select {
		case <-more:
		case <-p.done:
			return Line{}, fmt.Errorf("%s ended (%v) before it wrote %q:\n%s", p.name, p.cmd.ProcessState, words, p.Last(10))
		case <-ctx.Done():
			return Line{}, fmt.Errorf("%s has not written %q: %w\n%s", p.name, words, ctx.Err(), p.Last(10))
		}
	}
}

func holds(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// Last is what the process wrote last, at most n lines.
func (p *Process) Last(n int) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	for _, l := range p.lines[max(0, len(p.lines)-n):] {
		b.WriteString(l.Text + "\n")
	}
	return b.String()
}

// Lines is how many lines the process wrote.
func (p *Process) Lines() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.lines)
}

// Wait waits until the process ends by itself, well.
func (p *Process) Wait(ctx context.Context) error {
	select {
	case <-p.done:
		if !p.cmd.ProcessState.Success() {
			return fmt.Errorf("%s ended (%v):\n%s", p.name, p.cmd.ProcessState, p.Last(10))
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", p.name, ctx.Err())
	}
}

// Memory is the most memory that the process has held so far, in bytes; zero where the
// system does not say so.
func (p *Process) Memory() int64 {
	if !p.Runs() {
		if use, ok := p.cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			return use.Maxrss * maxrss.Unit
		}
		return 0
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	var kib int64
	fmt.Sscan(rest, &kib)
	return kib << 10
}

// Processor is how long the process has run on a processor; zero where the system does
// not say so in /proc.
func (p *Process) Processor() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	// The name of the program, in parentheses, may hold spaces; user and system time are
	// the 12th and 13th field after it, in hundredths of a second.
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// Name is what Start was told.
func (p *Process) Name() string { return p.name }

// Runs reports whether the process has not ended.
func (p *Process) Runs() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// Kill ends the process at once, if it runs, and waits for its end.
func (p *Process) Kill() error {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill %s: %w", p.name, err)
	}
	<-p.done
	return nil
}

// patience is how long a process that is asked to end may take.
const patience = 30 * time.Second

// End asks the process to end, and wants it to do so with success.
func (p *Process) End() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("end %s: %w", p.name, err)
	}
	select {
	case <-p.done:
	case <-time.After(patience):
		return fmt.Errorf("%s has not ended %v after it was asked to:\n%s", p.name, patience, p.Last(10))
	}
	if !p.cmd.ProcessState.Success() {
		return fmt.Errorf("%s: %v:\n%s", p.name, p.cmd.ProcessState, p.Last(10))
	}
	return nil
}
