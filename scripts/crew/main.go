package crew

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// Main is the main of a program that measures: it reads its flags, runs it until it ends
// or is interrupted, and gives the code to exit with, which the file run beside the program
// states. define defines the flags, and gives what says in a sentence which of them are
// wrong, if any are; measure gets the path of the maillage to run.
func Main(name string, r *Report, define func(*flag.FlagSet) (wrong func() string), measure func(ctx context.Context, maillage string) error) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	r.Out = os.Stdout
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	maillage := flags.String("maillage", "", "path of the maillage program (required)")
	check := define(flags)
	if err := flags.Parse(os.Args[1:]); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	wrong := check()
	switch {
	case *maillage == "":
		wrong = "expected --maillage"
	case flags.NArg() > 0:
		wrong = fmt.Sprintf("%q: expected options only", flags.Arg(0))
	}
	if wrong != "" {
		fmt.Fprintf(os.Stderr, "%s: %s\n", name, wrong)
		flags.Usage()
		return 2
	}
	if err := measure(ctx, *maillage); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		return 1
	}
	if r.Missed > 0 {
		fmt.Fprintf(os.Stderr, "%s: %d missed\n", name, r.Missed)
		return 1
	}
	return 0
}
