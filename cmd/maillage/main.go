// Command maillage shows who is far from help with digital life, and what would
// change that. See `maillage --help`.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signalled(os.Stderr)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// signalled is a context that the first Ctrl-C ends, or the first SIGTERM: work stops as
// it should. The second ends the process at once, as a shell expects: 128 and the number
// of the signal.
func signalled(stderr io.Writer) (context.Context, context.CancelFunc) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		first := <-signals
		cancel()
		if first == os.Interrupt {
			fmt.Fprintln(stderr, "\nmaillage: arrêt demandé ; Ctrl-C une seconde fois pour arrêter net.")
		}
		if second := <-signals; second == os.Interrupt {
			os.Exit(128 + int(syscall.SIGINT))
		}
		os.Exit(128 + int(syscall.SIGTERM))
	}()
	return ctx, cancel
}
