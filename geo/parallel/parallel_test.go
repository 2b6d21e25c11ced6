package parallel_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/aisne-numerique/maillage/geo/parallel"
)

func TestChunksComeInOrderAndHoldEveryNumberOnce(t *testing.T) {
	for n := range 40 {
		for size := 1; size < 12; size++ {
			var got, want []int
			for _, c := range parallel.Of(n, size, func(from, to int) []int {
				var out []int
				for i := from; i < to; i++ {
					out = append(out, i)
				}
				return out
			}) {
				if len(c) == 0 || len(c) > size {
					t.Fatalf("n %d, size %d: a chunk of %d", n, size, len(c))
				}
				got = append(got, c...)
			}
			for i := range n {
				want = append(want, i)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("n %d, size %d: %v", n, size, got)
			}
		}
	}
}

func TestChunksEndAtAnError(t *testing.T) {
	refused := errors.New("refused")
	_, err := parallel.Map(context.Background(), 100, 3, func(from, _ int) (int, error) {
		if from == 30 {
			return 0, fmt.Errorf("chunk at %d: %w", from, refused)
		}
		return from, nil
	})
	if !errors.Is(err, refused) {
		t.Errorf("error: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := parallel.Map(ctx, 10, 1, func(_, _ int) (int, error) { return 0, nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("error of a context that ended: %v", err)
	}
}
