// Package rival runs a program of other people that scripts compare ours with: it is asked,
// and answers, line by line.
package rival

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// Program is a running program: In is what it reads, Out what it writes. What it complains of
// goes to the standard error.
type Program struct {
	In      io.WriteCloser
	Out     *bufio.Reader
	process *exec.Cmd
}

// Start starts a command, which errors call by a name.
func Start(process *exec.Cmd, name string) (*Program, error) {
	process.Stderr = os.Stderr
	in, err := process.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return &Program{in, bufio.NewReader(out), process}, nil
}

// Stop tells the program that nothing more is asked, and waits for its end.
func (p *Program) Stop() error { return errors.Join(p.In.Close(), p.process.Wait()) }
