package source

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Tally counts what is told once for all rows of a file that it is true of. The zero value
// is ready.
type Tally struct{ of map[note]*noted }

type note struct{ file, field, sentence string }

type noted struct {
	times, row int // row is the first
	value      string
}

// Note counts a row; the sentence takes the number of them. value is what the field holds,
// where that helps: that of the first row is shown.
func (t *Tally) Note(file string, row int, field, value, sentence string) {
	t.Add(1, file, row, field, value, sentence)
}

// Add counts n rows, of which row is the first.
func (t *Tally) Add(n int, file string, row int, field, value, sentence string) {
	key := note{file, field, sentence}
	if t.of == nil {
		t.of = map[note]*noted{}
	}
	if at := t.of[key]; at != nil {
		at.times += n
		return
	}
	t.of[key] = &noted{n, row, value}
}

// Tell warns of what was counted, by file, field and sentence.
func (t *Tally) Tell(rec *Recorder) {
	for _, n := range slices.SortedFunc(maps.Keys(t.of), func(a, b note) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.field, b.field), cmp.Compare(a.sentence, b.sentence))
	}) {
		at := t.of[n]
		rec.Warn(n.file, at.row, n.field, at.value, fmt.Sprintf(n.sentence, at.times))
	}
}
