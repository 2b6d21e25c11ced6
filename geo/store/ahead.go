package store

import "iter"

// Ahead gives what rows gives, in the same order, while rows runs in a goroutine of
// its own, some batches of rows ahead: reading a file and writing its rows to a
// database take a processor each. Small rows want large batches, handed over at once. When the loop over Ahead ends, rows has ended; it
// may have been asked for some rows more than the loop has seen. A panic of rows goes
// on in the loop.
func Ahead[T any](rows iter.Seq2[T, error], batchRows int) iter.Seq2[T, error] {
	const batches = 4
	type row struct {
		value T
		err   error
	}
	return func(yield func(T, error) bool) {
		full, stop := make(chan []row, batches), make(chan struct{})
		var panicked any
		go func() {
			defer close(full)
			defer func() { panicked = recover() }()
			var batch []row
			send := func() bool {
				select {
				case full <- batch:
					batch = nil
					return true
				case <-stop:
					return false
				}
			}
			for value, err := range rows {
				if batch == nil {
					batch = make([]row, 0, batchRows)
				}
				if batch = append(batch, row{value, err}); len(batch) == batchRows && !send() {
					return
				}
			}
			send()
		}()
		defer func() {
			close(stop)
			for range full { // until rows has ended
			}
		}()
		for batch := range full {
			for _, r := range batch {
				if !yield(r.value, r.err) {
					return
				}
			}
		}
		if panicked != nil {
			panic(panicked)
		}
	}
}
