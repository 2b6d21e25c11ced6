package main

import (
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// meter shows progress on a terminal, and nothing elsewhere.
type meter struct {
	out io.Writer
	on  bool

	mu   sync.Mutex
	step string
	bar  *progressbar.ProgressBar
}

func newMeter(out io.Writer) *meter {
	f, ok := out.(*os.File)
	return &meter{out: out, on: ok && term.IsTerminal(int(f.Fd()))}
}

// show tells how much of a step is done; of = 0 when that is not known.
func (m *meter) show(step string, n, of int) {
	if !m.on {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if step != m.step {
		m.finish()
		m.step = step
		total := int64(of)
		if of == 0 {
			total = -1
		}
		m.bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(m.out), progressbar.OptionSetDescription(step),
			progressbar.OptionThrottle(80*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(24),
			progressbar.OptionShowCount())
	}
	// A progress bar that cannot be drawn is not worth failing for.
	if of > 0 && of != m.bar.GetMax() {
		m.bar.ChangeMax(of)
	}
	_ = m.bar.Set(n)
}

func (m *meter) finish() {
	if m.bar != nil {
		_ = m.bar.Clear()
		m.bar = nil
	}
}

// done clears the line.
func (m *meter) done() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.finish()
	m.step = ""
}
