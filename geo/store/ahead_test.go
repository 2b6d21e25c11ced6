package store

import (
	"errors"
	"iter"
	"testing"
)

func count(n int, last error, ended *bool) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		defer func() { *ended = true }()
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
		if last != nil {
			yield(-1, last)
		}
	}
}

func TestAheadGivesTheSameRowsAndEndsItsSequence(t *testing.T) {
	broken := errors.New("broken")
	for _, row := range []struct {
		name    string
		n, stop int // rows; where the loop stops
		err     error
	}{
		{"nothing", 0, -1, nil},
		{"an error alone", 0, -1, broken},
		{"less than a batch", 5, -1, nil},
		{"many batches, then an error", 5000, -1, broken},
		{"a loop that stops at once", 100_000, 0, nil},
		{"a loop that stops in the middle", 100_000, 70_000, broken},
	} {
		var ended bool
		var seen int
		var got error
		for v, err := range Ahead(count(row.n, row.err, &ended), 100) {
			if err != nil {
				got = err
				continue
			}
			if v != seen {
				t.Fatalf("%s: row %d is %d", row.name, seen, v)
			}
			if seen++; v == row.stop {
				break
			}
		}
		want, wantErr := row.n, row.err
		if row.stop >= 0 {
			want, wantErr = row.stop+1, nil
		}
		if seen != want || got != wantErr || !ended {
			t.Errorf("%s: %d rows, error %v, ended %v; want %d, %v, true", row.name, seen, got, ended, want, wantErr)
		}
	}
}
