package layout

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
)

// When is what {aa}, {aaaa} and {t} stand for in names of columns. The zero value is none.
type When struct {
	Year, Quarter int
}

// String is the vintage: "2021", "2018-T1"; "" for none.
func (w When) String() string {
	switch {
	case w.Year == 0:
		return ""
	case w.Quarter == 0:
		return strconv.Itoa(w.Year)
	}
	return fmt.Sprintf("%d-T%d", w.Year, w.Quarter)
}

// Compare orders by time.
func (w When) Compare(o When) int {
	return cmp.Or(cmp.Compare(w.Year, o.Year), cmp.Compare(w.Quarter, o.Quarter))
}

// Name is the folded name of a column at that time.
func (w When) Name(name string) string {
	return strings.NewReplacer("{aaaa}", strconv.Itoa(w.Year), "{aa}", fmt.Sprintf("%02d", w.Year%100), "{t}", strconv.Itoa(w.Quarter)).Replace(Fold(name))
}

// timed reports whether a name of a column holds a time.
func timed(name string) bool { return strings.Contains(name, "{aa") || strings.Contains(name, "{t}") }

// pivot is the last year that two digits stand for, less 2000.
const pivot = 60

// timeOf is a reader of the time that a folded column has in the place that a name gives it.
func timeOf(name string) func(column string) (w When, ok bool) {
	name = Fold(name)
	start, _, _ := strings.Cut(name, "{")
	pattern := strings.NewReplacer(`\{aaaa\}`, `(?P<aaaa>\d{4})`, `\{aa\}`, `(?P<aa>\d\d)`, `\{t\}`, `(?P<t>[1-4])`).Replace(regexp.QuoteMeta(name))
	re, err := regexp.Compile("^" + pattern + "$")
	if err != nil { // a time twice
		return func(string) (When, bool) { return When{}, false }
	}
	return func(column string) (w When, ok bool) {
		if !strings.HasPrefix(column, start) {
			return w, false
		}
		m := re.FindStringSubmatch(column)
		if m == nil {
			return w, false
		}
		for i, group := range re.SubexpNames() {
			n, _ := strconv.Atoi(m[i]) // digits
			switch {
			case group == "aaaa":
				w.Year = n
			case group == "aa" && n <= pivot:
				w.Year = 2000 + n
			case group == "aa":
				w.Year = 1900 + n
			case group == "t":
				w.Quarter = n
			}
		}
		return w, true
	}
}

// header is the set of the folded columns of a table.
type header map[string]bool

func headerOf(columns []string) header {
	h := make(header, len(columns))
	for _, c := range columns {
		h[Fold(c)] = true
	}
	delete(h, "")
	return h
}

// has counts how many of some names the table has at a time.
func (h header) has(names []string, w When) int {
	n := 0
	for _, name := range names {
		if h[w.Name(name)] {
			n++
		}
	}
	return n
}

// newest is the time at which the table has most of the names, at least so many; of several
// the newest.
func (h header) newest(names []string, least int) (best When, ok bool) {
	candidates := map[When]bool{{}: true}
	for _, name := range names {
		if !timed(name) {
			continue
		}
		delete(candidates, When{})
		read := timeOf(name)
		for column := range h {
			if w, ok := read(column); ok {
				candidates[w] = true
			}
		}
	}
	most := -1
	for w := range candidates {
		if n := h.has(names, w); n >= least && (n > most || n == most && w.Compare(best) > 0) {
			best, most, ok = w, n, true
		}
	}
	return best, ok
}

// WhenOf is the time of the columns that a mapping reads, in a table of that header.
func WhenOf(m *source.Mapping, columns []string) When {
	var names []string
	for _, c := range m.All() {
		if c.Formula != nil {
			c.Formula.Walk(func(f *source.Formula) {
				if m.Long == nil && timed(f.Column) {
					names = append(names, f.Column)
				}
			})
		}
	}
	if m.Long != nil && timed(m.Long.Value) {
		names = append(names, m.Long.Value)
	}
	w, _ := headerOf(columns).newest(names, 0)
	return w
}
