package ifn

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Origin says where values of a column come from.
type Origin struct {
	Dataset string `json:"dataset,omitempty"` // name of the import; several are joined by " + "
	Source  string `json:"source,omitempty"`  // who publishes, as to be cited
	Vintage string `json:"vintage,omitempty"` // empty: unknown
	Licence string `json:"licence,omitempty"`
	// How is French: "publié pour les EPCI", "moyenne des communes", "réunion d'IRIS"…
	How string `json:"how,omitempty"`
}

// Plus is what comes from both; How is that of o. What both say is said once.
func (o Origin) Plus(other Origin) Origin {
	add := func(to *string, s string) {
		if s != "" && !slices.Contains(strings.Split(*to, " + "), s) {
			*to = strings.TrimPrefix(*to+" + "+s, " + ")
		}
	}
	add(&o.Dataset, other.Dataset)
	add(&o.Source, other.Source)
	add(&o.Vintage, other.Vintage)
	add(&o.Licence, other.Licence)
	return o
}

// Feed is an origin, and the number of rows that it gives a value to.
type Feed struct {
	Origin
	Places int `json:"places"`
}

// SetFrom is [Table.Set] of a value that says where it comes from.
func (t *Table) SetFrom(code, name string, value float64, from Origin) error {
	if err := t.Set(code, name, value); err != nil {
		return err
	}
	c, i := t.columns[name], t.row[code]
	c.origin(i, len(t.places), from)
	return nil
}

// SetOrigin says that all values of a column come from one place.
func (t *Table) SetOrigin(name string, from Origin) {
	if c := t.columns[name]; c != nil {
		for i, v := range c.values {
			if v == v {
				c.origin(i, len(t.places), from)
			}
		}
	}
}

// Origin is where the value of a column at a position comes from; false when that was not
// said.
func (t *Table) Origin(name string, i int) (Origin, bool) {
	c := t.columns[name]
	if c == nil || c.from == nil || c.from[i] == 0 {
		return Origin{}, false
	}
	return c.origins[c.from[i]-1], true
}

// origin notes where the value of row i comes from.
func (c *column) origin(i, rows int, from Origin) {
	if c.from == nil {
		c.from = make([]uint16, rows)
	}
	at := slices.Index(c.origins, from)
	if at < 0 {
		at = len(c.origins)
		c.origins = append(c.origins, from)
	}
	c.from[i] = uint16(at + 1)
}

// feeds counts the rows of each origin, in the order in which they were named.
func (c *column) feeds() []Feed {
	if len(c.origins) == 0 {
		return nil
	}
	counts := make([]int, len(c.origins))
	for i, v := range c.values {
		if k := c.from[i]; k > 0 && v == v {
			counts[k-1]++
		}
	}
	var list []Feed
	for k, n := range counts {
		if n > 0 {
			list = append(list, Feed{c.origins[k], n})
		}
	}
	slices.SortStableFunc(list, func(a, b Feed) int { return b.Places - a.Places })
	return list
}

var years = regexp.MustCompile(`(?:19|20)[0-9]{2}`)

// Year is the last year that a vintage names: 2021 of "2021", "2018-01" or "T3 2021"; 0 for
// none.
func Year(vintage string) int {
	all := years.FindAllString(vintage, -1)
	if len(all) == 0 {
		return 0
	}
	year, _ := strconv.Atoi(all[len(all)-1]) // four digits
	return year
}
