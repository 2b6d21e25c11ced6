package stat

import (
	"fmt"
	"maps"
	"slices"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
	"github.com/aisne-numerique/maillage/geo/source/stat/layout"
	"github.com/aisne-numerique/maillage/geo/store"
)

// rowRules say which rows of a table are read, at what level, and count those that are not,
// by what they are.
type rowRules struct {
	level    store.Level // of every row; "": told by codes
	levels   map[string]store.Level
	levelAt  int // negative: no such column
	newest   string
	periodAt int
	filters  []rowFilter
	left     map[leftOut]int
	first    map[leftOut]int // line of the first of them
}

// rowFilter keeps rows by a column.
type rowFilter struct {
	at   int
	keep []string
}

// leftOut is why a row is left out.
type leftOut struct{ column, value, why string }

const (
	notWhole = "lignes laissées de côté, qui ne sont pas des communes entières"
	notLevel = "lignes laissées de côté, d'un niveau qui n'est pas lu"
	notNew   = "lignes laissées de côté, plus anciennes que"
)

func newRowRules(s *shape, t *sheet.Table) (rowRules, error) {
	r := rowRules{level: s.level, levelAt: -1, periodAt: -1, newest: s.newest, left: map[leftOut]int{}, first: map[leftOut]int{}}
	m := s.mapping
	if m == nil {
		return r, nil
	}
	if m.Levels != nil {
		if r.levelAt, r.levels = columnOf(t.Header, layout.Fold(m.Levels.Column)), m.Levels.Levels; r.levelAt < 0 && s.layout == "" {
			return r, t.Lacks(m.Levels.Column)
		}
	}
	if s.newest != "" {
		r.periodAt = columnOf(t.Header, layout.Fold(m.Period))
	}
	for _, f := range m.Rows {
		at := columnOf(t.Header, layout.Fold(f.Column))
		switch {
		case at >= 0:
			r.filters = append(r.filters, rowFilter{at, f.Keep})
		case !f.Optional:
			return r, t.Lacks(f.Column)
		}
	}
	return r, nil
}

// take says whether a row is read, and its level.
func (r *rowRules) take(header, fields []string) (level store.Level, out leftOut, keep bool) {
	level = r.level
	for _, f := range r.filters {
		if value := source.Clean(fields[f.at]); !slices.Contains(f.keep, value) {
			return level, leftOut{header[f.at], value, notWhole}, false
		}
	}
	if r.levelAt >= 0 {
		value, ok := source.Clean(fields[r.levelAt]), false
		if level, ok = r.levels[value]; !ok {
			return level, leftOut{header[r.levelAt], value, notLevel}, false
		}
	}
	if r.periodAt >= 0 {
		if value := source.Clean(fields[r.periodAt]); period(value) != r.newest {
			return level, leftOut{header[r.periodAt], value, notNew + " " + r.newest}, false
		}
	}
	return level, leftOut{}, true
}

// leave counts a row that is left out.
func (r *rowRules) leave(out leftOut, line int) {
	out.value = source.Shorten(out.value)
	if r.left[out] == 0 {
		if len(r.left) == source.MaxFaults {
			out.value = "…"
		}
		r.first[out] = line
	}
	r.left[out]++
}

// tell warns of the rows that were left out.
func (r *rowRules) tell(rec *source.Recorder, file string) {
	order := slices.SortedFunc(maps.Keys(r.left), func(a, b leftOut) int {
		return slices.Compare([]string{a.column, a.value, a.why}, []string{b.column, b.value, b.why})
	})
	for _, out := range order {
		rec.Warn(file, r.first[out], out.column, out.value, fmt.Sprintf("%s : %d", out.why, r.left[out]))
	}
}
