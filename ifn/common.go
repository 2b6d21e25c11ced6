package ifn

import (
	"slices"
	"strings"
)

// Common is what every row of a list lacks: it is said once of all, where their sentences
// stand together.
type Common struct {
	Missing []Missing // unknown everywhere
	Proxies []string  // by another thing than themselves, everywhere
	Old     []string  // names of the variables that are fed by old values, whichever the row
}

// Common is what the rows of a result have in common, of those given; nothing of fewer than two, whose
// sentences say all.
func (r *Result) Common(rows []Row) (c Common) {
	if len(rows) < 2 {
		return c
	}
	for i := range r.Sources {
		for _, leaf := range r.Sources[i].Leaves() {
			if leaf.Fed && leaf.Old != "" {
				c.Old = append(c.Old, leaf.Nom)
			}
		}
	}
	c.Missing, c.Proxies = slices.Clone(rows[0].Missing), slices.Clone(rows[0].Proxies)
	for i := range rows[1:] {
		row := &rows[i+1]
		c.Missing = slices.DeleteFunc(c.Missing, func(m Missing) bool { return !slices.Contains(row.Missing, m) })
		c.Proxies = slices.DeleteFunc(c.Proxies, func(p string) bool { return !slices.Contains(row.Proxies, p) })
	}
	return c
}

// Sentence says in French what all lack; "" when it is nothing.
func (c *Common) Sentence() string {
	missing := make([]string, len(c.Missing))
	for i, m := range c.Missing {
		missing[i] = m.Nom
	}
	var said []string
	for _, x := range []struct {
		words string
		names []string
	}{{"manque : ", missing}, {"par approximation : ", c.Proxies}, {"ancien : ", c.Old}} {
		if len(x.names) > 0 {
			said = append(said, x.words+uncapitalized(x.names))
		}
	}
	return strings.Join(said, " ; ")
}

// uncapitalized lists names inside a sentence.
func uncapitalized(names []string) string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = uncapital(name)
	}
	return strings.Join(out, ", ")
}
