package squares

import (
	"fmt"
	"slices"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/store"
)

// tally is what is told of the accepted squares of a file as a whole.
type tally struct {
	accepted, imputed int
	strange           []strange // by column, as they came
}

// strange are the values of a column that are not understood.
type strange struct {
	column, value string // the first value
	row, times    int
}

// count adds up the columns of a count: unknown where one of them is absent, empty or not
// a number of people.
func (t *tally) count(r squareRow, names []string) store.Counted {
	sum := store.Counted{Known: true}
	for _, name := range names {
		text, given := r.count(name)
		n, ok := source.ParseNumber(text)
		switch {
		case !given || text == "":
			sum.Known = false
		case !ok || n < 0 || n > source.MaxPeople:
			t.note(name, text, r.row)
			sum.Known = false
		}
		sum.Number += n
	}
	if !sum.Known {
		return store.Counted{}
	}
	return sum
}

func (t *tally) note(column, value string, row int) {
	at := slices.IndexFunc(t.strange, func(s strange) bool { return s.column == column })
	if at < 0 {
		t.strange = append(t.strange, strange{column, value, row, 1})
		return
	}
	t.strange[at].times++
}

func (t *tally) tell(rec *source.Recorder, file string) {
	if t.imputed > 0 {
		rec.Warn(file, 0, "", "", fmt.Sprintf("carreaux dont les chiffres sont imputés par l'INSEE pour le secret statistique, gardés : %d", t.imputed))
	}
	for _, s := range t.strange {
		rec.Warn(file, s.row, s.column, s.value, fmt.Sprintf("valeurs non comprises dans cette colonne, inconnues : %d, la première ici ; attendu un nombre positif ou nul", s.times))
	}
}
