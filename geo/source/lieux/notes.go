package lieux

import (
	"fmt"
	"strings"
)

// notes counts what many rows of a file have in common, so that a report says it once
// per file and not once per row.
type notes struct {
	order []note
	rows  map[note]int
}

// note is one such thing. With %s the sentence takes the number of rows ("3 lignes"),
// without, the number comes after it.
type note struct{ file, field, sentence string }

func (r *lieuxReader) note(file, field, sentence string) { r.noteMany(file, field, sentence, 1) }

func (r *lieuxReader) noteMany(file, field, sentence string, n int) {
	if r.notes.rows == nil {
		r.notes.rows = map[note]int{}
	}
	k := note{file, field, sentence}
	if r.notes.rows[k] == 0 {
		r.notes.order = append(r.notes.order, k)
	}
	r.notes.rows[k] += n
}

// tellNotes writes the notes into the report, in the order in which they first came.
func (r *lieuxReader) tellNotes() {
	for _, k := range r.notes.order {
		n := r.notes.rows[k]
		rows := fmt.Sprintf("%d lignes", n)
		if n == 1 {
			rows = "1 ligne"
		}
		if strings.Contains(k.sentence, "%s") {
			r.Warn(k.file, 0, k.field, "", fmt.Sprintf(k.sentence, rows))
		} else {
			r.Warn(k.file, 0, k.field, "", fmt.Sprintf("%s : %d", k.sentence, n))
		}
	}
	r.notes = notes{}
}
