package ifn

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Place is one row of a [Table]. Weight is its population, in inhabitants: it
// weighs aggregates and reference values, never the scores.
type Place struct {
	Code   string
	Nom    string
	Weight float64
}

// Table holds the values of places, by column. NaN is "unknown"; there is no
// other missing value. Fill it first, then share it: it is safe for any number of
// concurrent readers once filled. Invariants: codes are unique; every column has
// one value per place, finite or NaN.
type Table struct {
	places  []Place
	row     map[string]int // code → position
	byCode  []int          // positions in order of code: sums run in this order, so that the order of rows changes no bit
	columns map[string]*column
	counts  map[string]Counts
	joined  Joined
}

type column struct {
	values  []float64
	shares  []float64 // share of the population known, 0…1; nil: 1 where known
	counted []bool    // of an aggregate: whether it was made from counts; nil: none was
	known   int
	origins []Origin // where values come from
	from    []uint16 // position + 1 among origins of each row; nil: not said
}

// Counts are the columns of the counts behind a percentage: 100·Part/Whole.
type Counts struct{ Part, Whole string }

// Joined says in French what [Table.Aggregate] does to the places of a table: where counts
// are added up, and where values are averaged.
type Joined struct{ Sum, Mean string }

// NewTable returns a table of those places without columns, in the order given.
// An empty or repeated code, or a weight that is negative or not finite, is an error.
func NewTable(places []Place) (*Table, error) {
	t := &Table{places: slices.Clone(places), row: make(map[string]int, len(places)), columns: map[string]*column{}}
	for i, p := range t.places {
		if p.Code == "" {
			return nil, fmt.Errorf("table: row %d: no code", i+1)
		}
		if _, dup := t.row[p.Code]; dup {
			return nil, fmt.Errorf("table: place %s: named twice", p.Code)
		}
		if !(p.Weight >= 0) || math.IsInf(p.Weight, 0) {
			return nil, fmt.Errorf("table: place %s: weight %v: expected a number of at least 0", p.Code, p.Weight)
		}
		t.row[p.Code] = i
		t.byCode = append(t.byCode, i)
	}
	slices.SortFunc(t.byCode, func(a, b int) int { return strings.Compare(t.places[a].Code, t.places[b].Code) })
	return t, nil
}

// SetCounts says which counts are behind which columns, and in what words places are joined.
func (t *Table) SetCounts(behind map[string]Counts, words Joined) { t.counts, t.joined = behind, words }

// Clone is a table of the same places and columns, to be changed on its own.
func (t *Table) Clone() *Table {
	out := *t
	out.columns = make(map[string]*column, len(t.columns))
	for name, c := range t.columns {
		copied := *c
		copied.values, copied.from, copied.shares = slices.Clone(c.values), slices.Clone(c.from), slices.Clone(c.shares)
		copied.origins = slices.Clone(c.origins)
		out.columns[name] = &copied
	}
	return &out
}

// Len is the number of places.
func (t *Table) Len() int { return len(t.places) }

// Place returns the place at a position.
func (t *Table) Place(i int) Place { return t.places[i] }

// Row returns the position of a code.
func (t *Table) Row(code string) (int, bool) {
	i, ok := t.row[code]
	return i, ok
}

// SetColumn sets a whole column, one value per place in the table's order, NaN =
// unknown. It replaces the column of that name.
func (t *Table) SetColumn(name string, values []float64) error {
	if name == "" {
		return errors.New("table: column without a name")
	}
	if len(values) != len(t.places) {
		return fmt.Errorf("table: column %s: %d values for %d places", name, len(values), len(t.places))
	}
	c := &column{values: slices.Clone(values)}
	for i, v := range c.values {
		if math.IsInf(v, 0) {
			return fmt.Errorf("table: column %s: place %s: infinite value", name, t.places[i].Code)
		}
		if !math.IsNaN(v) {
			c.known++
		}
	}
	t.columns[name] = c
	return nil
}

// Set sets one value, in a column made on demand with every other value unknown.
// An unknown code is an error, as is a value that is not finite: a missing value
// is one that is never set.
func (t *Table) Set(code, name string, value float64) error {
	i, ok := t.row[code]
	switch {
	case !ok:
		return fmt.Errorf("table: column %s: place %q: not in the table", name, code)
	case name == "":
		return errors.New("table: column without a name")
	case math.IsNaN(value) || math.IsInf(value, 0):
		return fmt.Errorf("table: column %s: place %s: value %v: not a finite number", name, code, value)
	}
	c := t.columns[name]
	if c == nil {
		c = &column{values: unknown(len(t.places))}
		t.columns[name] = c
	}
	if math.IsNaN(c.values[i]) {
		c.known++
	}
	c.values[i] = value
	if c.shares != nil {
		c.shares[i] = 1
	}
	return nil
}

func unknown(n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = math.NaN()
	}
	return values
}

// Columns lists the names of the columns, sorted.
func (t *Table) Columns() []string {
	names := make([]string, 0, len(t.columns))
	for name := range t.columns {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Value returns the value of a column at a position, unknown when the column does
// not exist.
func (t *Table) Value(name string, i int) Value {
	c := t.columns[name]
	if c == nil || math.IsNaN(c.values[i]) {
		return Value{}
	}
	return Value{V: c.values[i], Known: true}
}

// Share is the share of the place's population behind its value, 0…1: of an
// aggregate, the population of the members whose value is known; of a place that
// was set directly, 1 where known.
func (t *Table) Share(name string, i int) float64 {
	c := t.columns[name]
	if c == nil {
		return 0
	}
	return c.share(i)
}

// SetShare says what share of the people of a place, 0…1, is behind a value that was set.
func (t *Table) SetShare(name string, i int, share float64) {
	c := t.columns[name]
	if c.shares == nil {
		c.shares = make([]float64, len(t.places))
		for k := range c.shares {
			if !math.IsNaN(c.values[k]) {
				c.shares[k] = 1
			}
		}
	}
	c.shares[i] = share
}

func (c *column) share(i int) float64 {
	switch {
	case c.shares != nil:
		return c.shares[i]
	case math.IsNaN(c.values[i]):
		return 0
	}
	return 1
}
