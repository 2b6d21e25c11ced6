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
}

type column struct {
	values []float64
	shares []float64 // share of the population known, 0…1; nil: 1 where known
	known  int
}

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

func (c *column) share(i int) float64 {
	switch {
	case c.shares != nil:
		return c.shares[i]
	case math.IsNaN(c.values[i]):
		return 0
	}
	return 1
}

// IsCount reports whether a column holds counts, by its name: counts end in _nb.
// A count grows with the population of a place, so it is neither a variable of
// the index nor something to average.
func IsCount(name string) bool { return strings.HasSuffix(name, "_nb") }

// MinShare is the share of a group's population that must be known for
// [Table.Aggregate] to give a value, unless the caller states another: a half.
// Values published only for towns say little of the countryside around them.
const MinShare = 0.5

// Group is a set of places, by position, that makes one place of a larger kind:
// the communes of an EPCI or of a secteur.
type Group struct {
	Code string
	Nom  string
	Rows []int
}

// Aggregate returns a table of the groups. The weight of a group is the sum of its
// members'. Each value is the population-weighted mean of the members' known
// values, and is unknown when they hold less than minShare of the group's
// population (0…1, usually [MinShare]) or none of it. Counts are left out (see
// [IsCount]). A place may be in several groups or in none.
//
// The mean is exact for shares of the population. For shares of something else
// (households, premises) it is an approximation, and so is the mean of medians,
// which is not the median of the whole.
func (t *Table) Aggregate(groups []Group, minShare float64) (*Table, error) {
	if !(minShare >= 0 && minShare <= 1) {
		return nil, fmt.Errorf("aggregate: minimum share %v: expected 0 to 1", minShare)
	}
	order := make([]int, len(t.places)) // position → place in order of code
	for k, i := range t.byCode {
		order[i] = k
	}
	members := make([][]int, len(groups))
	places := make([]Place, len(groups))
	for g, group := range groups {
		rows := slices.Clone(group.Rows)
		for _, i := range rows {
			if i < 0 || i >= len(t.places) {
				return nil, fmt.Errorf("aggregate: group %s: row %d: outside 0…%d", group.Code, i, len(t.places)-1)
			}
		}
		slices.SortFunc(rows, func(a, b int) int { return order[a] - order[b] })
		if n := len(rows); len(slices.Compact(slices.Clone(rows))) != n {
			return nil, fmt.Errorf("aggregate: group %s: a place is named twice", group.Code)
		}
		members[g] = rows
		places[g] = Place{Code: group.Code, Nom: group.Nom}
		for _, i := range rows {
			places[g].Weight += t.places[i].Weight
		}
	}
	out, err := NewTable(places)
	if err != nil {
		return nil, fmt.Errorf("aggregate: %w", err)
	}
	for name, c := range t.columns {
		if IsCount(name) {
			continue
		}
		agg := &column{values: unknown(len(groups)), shares: make([]float64, len(groups))}
		for g, rows := range members {
			mean, known := t.mean(c, rows)
			if places[g].Weight == 0 {
				continue
			}
			agg.shares[g] = min(1, known/places[g].Weight)
			// The tolerance lets a share that is exactly minShare on paper pass.
			if known > 0 && agg.shares[g] >= minShare-tolerance {
				agg.values[g] = mean
				agg.known++
			}
		}
		out.columns[name] = agg
	}
	return out, nil
}

// tolerance absorbs the rounding of sums when a share is compared with a floor.
const tolerance = 1e-9

// mean is the population-weighted mean of the known values among rows, which must
// be in order of code, and the population that is known. The mean of nobody is NaN.
func (t *Table) mean(c *column, rows []int) (mean, known float64) {
	sum, weight := 0.0, 0.0
	for _, i := range rows {
		if v := c.values[i]; !math.IsNaN(v) {
			w := t.places[i].Weight
			sum += w * v
			weight += w
			known += w * c.share(i)
		}
	}
	if weight == 0 {
		return math.NaN(), 0
	}
	return sum / weight, known
}
