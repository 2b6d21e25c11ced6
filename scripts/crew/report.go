package crew

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Report prints figures, some beside their targets.
type Report struct {
	Out    io.Writer
	Missed int // targets
}

// Title begins a part.
func (r *Report) Title(format string, args ...any) {
	fmt.Fprintf(r.Out, "\n"+format+"\n", args...)
}

// Figure prints what was measured.
func (r *Report) Figure(name, format string, args ...any) {
	fmt.Fprintf(r.Out, "           %-46s %s\n", name, fmt.Sprintf(format, args...))
}

// Target prints what was measured, and whether it is what it must be.
func (r *Report) Target(reached bool, name, format string, args ...any) {
	verdict := "reached"
	if !reached {
		verdict = "MISSED"
		r.Missed++
	}
	fmt.Fprintf(r.Out, "  %-7s  %-46s %s\n", verdict, name, fmt.Sprintf(format, args...))
}

// Machine prints what the figures depend on.
func (r *Report) Machine() {
	load := "unknown"
	text, err := os.ReadFile("/proc/loadavg")
	if fields := strings.Fields(string(text)); err == nil && len(fields) >= 3 {
		load = strings.Join(fields[:3], " ")
	}
	fmt.Fprintf(r.Out, "%d processors, load %s: above the number of processors, times are longer than the work\n", runtime.NumCPU(), load)
}

// Median is the middle of all, of an even number the upper middle; zero of none.
func Median[T cmp.Ordered](all []T) T { return Quantile(all, 0.5) }

// Quantile is the value that a share of all are below; zero of none.
func Quantile[T cmp.Ordered](all []T, share float64) (q T) {
	if len(all) == 0 {
		return q
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

// Seconds writes a duration.
func Seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }
