package ifn

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

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
	// Weights are the people of each of Rows that are in the group; nil: all of them. Counts
	// are not added up where some are not.
	Weights []float64
}

// Aggregate returns a table of the groups. The weight of a group is the sum of its
// members'. Each value is the population-weighted mean of the members' known
// values, and is unknown when they hold less than minShare of the group's
// population (0…1, usually [MinShare]) or none of it. A percentage whose counts (see
// [Table.SetCounts]) are known for all members is that of their sums, which is exact. A count
// (see [IsCount]) is the sum of its members', unknown unless all are known. A place may be in
// several groups or in none.
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
	members, weights := make([][]int, len(groups)), make([][]float64, len(groups))
	places := make([]Place, len(groups))
	for g, group := range groups {
		rows := slices.Clone(group.Rows)
		if group.Weights != nil && len(group.Weights) != len(rows) {
			return nil, fmt.Errorf("aggregate: group %s: %d weights for %d rows", group.Code, len(group.Weights), len(rows))
		}
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
		weights[g] = make([]float64, len(rows))
		for k, i := range rows {
			if weights[g][k] = t.places[i].Weight; group.Weights != nil {
				weights[g][k] = group.Weights[slices.Index(group.Rows, i)]
			}
			places[g].Weight += weights[g][k]
		}
	}
	out, err := NewTable(places)
	if err != nil {
		return nil, fmt.Errorf("aggregate: %w", err)
	}
	out.counts = t.counts
	for name, c := range t.columns {
		agg := &column{values: unknown(len(groups)), shares: make([]float64, len(groups)), counted: make([]bool, len(groups))}
		behind := t.counts[name]
		part, whole := t.columns[behind.Part], t.columns[behind.Whole]
		for g, rows := range members {
			if parted := groups[g].Weights != nil; IsCount(name) {
				if sum, all := sumOf(c, rows); all && !parted {
					agg.values[g], agg.shares[g], agg.counted[g] = sum, 1, true
					agg.known++
				}
			} else if share, ok := percentage(c, part, whole, rows); ok && !parted {
				agg.values[g], agg.shares[g], agg.counted[g] = share, 1, true
				agg.known++
			} else if places[g].Weight > 0 {
				mean, known := c.mean(rows, weights[g])
				agg.shares[g] = min(1, known/places[g].Weight)
				// The tolerance lets a share that is exactly minShare on paper pass.
				if known > 0 && agg.shares[g] >= minShare-tolerance {
					agg.values[g] = mean
					agg.known++
				}
			}
			if c.from != nil && agg.values[g] == agg.values[g] {
				agg.origin(g, len(groups), t.join(c, rows, agg.counted[g]))
			}
		}
		out.columns[name] = agg
	}
	return out, nil
}

// sumOf is the sum of a count over rows, and whether all are known; of no row, nothing is.
func sumOf(c *column, rows []int) (sum float64, all bool) {
	for _, i := range rows {
		if math.IsNaN(c.values[i]) {
			return 0, false
		}
		sum += c.values[i]
	}
	return sum, len(rows) > 0
}

// rounding is how far a published percentage is from that of its counts: half of its last
// decimal, and a little.
const rounding = 0.06

// percentage is that of the summed counts behind a column. Counts that do not give the
// column's own values, being of another year, are not behind them.
func percentage(c, part, whole *column, rows []int) (float64, bool) {
	if part == nil || whole == nil {
		return 0, false
	}
	for _, i := range rows {
		if w := whole.values[i]; !(w > 0 || w == 0 && !(part.values[i] > 0)) || c.values[i] == c.values[i] && w > 0 && !(math.Abs(100*part.values[i]/w-c.values[i]) <= rounding) {
			return 0, false
		}
	}
	p, all := sumOf(part, rows)
	w, alike := sumOf(whole, rows)
	return 100 * p / w, all && alike && w > 0
}

// join says where a value made of others comes from.
func (t *Table) join(c *column, rows []int, counted bool) Origin {
	out := Origin{How: t.joined.Mean}
	if counted {
		out.How = t.joined.Sum
	}
	var seen []Origin
	for _, i := range rows {
		if k := c.from[i]; k > 0 && c.values[i] == c.values[i] && !slices.Contains(seen, c.origins[k-1]) {
			seen = append(seen, c.origins[k-1])
		}
	}
	slices.SortFunc(seen, func(a, b Origin) int {
		return cmp.Or(strings.Compare(b.Vintage, a.Vintage), strings.Compare(a.Dataset, b.Dataset), strings.Compare(a.How, b.How))
	})
	for _, o := range seen {
		if o.How != "" && !strings.HasPrefix(o.How, "publié") && !strings.Contains(out.How, o.How) {
			out.How += " (" + o.How + ")"
		}
		out = out.Plus(o)
	}
	return out
}

// Counted reports whether a value of an aggregate was made from counts.
func (t *Table) Counted(name string, i int) bool {
	c := t.columns[name]
	return c != nil && c.counted != nil && c.counted[i]
}

// Forget makes a value unknown.
func (t *Table) Forget(name string, i int) {
	if c := t.columns[name]; c != nil && !math.IsNaN(c.values[i]) {
		c.values[i] = math.NaN()
		c.known--
	}
}

// tolerance absorbs the rounding of sums when a share is compared with a floor.
const tolerance = 1e-9

// mean is the mean of the known values among rows, which must be in order of code, by the
// people of each, and the people that are known. The mean of nobody is NaN.
func (c *column) mean(rows []int, people []float64) (mean, known float64) {
	sum, weight := 0.0, 0.0
	for k, i := range rows {
		if v := c.values[i]; !math.IsNaN(v) {
			w := people[k]
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
