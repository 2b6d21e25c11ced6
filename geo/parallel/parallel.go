// Package parallel shares work among the processors without its results telling how many
// there were.
package parallel

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// Map runs a function on the numbers from 0 to n-1, size of them at a time, on every
// processor, and gives the results in their order. It ends at the first error, or when
// ctx does; run must not depend on any other run.
func Map[T any](ctx context.Context, n, size int, run func(from, to int) (T, error)) ([]T, error) {
	out := make([]T, (n+size-1)/size)
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	for k := range out {
		work.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			var err error
			out[k], err = run(k*size, min((k+1)*size, n))
			return err
		})
	}
	return out, work.Wait()
}

// Of is [Map] for work that is short and cannot fail.
func Of[T any](n, size int, run func(from, to int) T) []T {
	out, _ := Map(context.Background(), n, size, func(from, to int) (T, error) { return run(from, to), nil })
	return out
}
