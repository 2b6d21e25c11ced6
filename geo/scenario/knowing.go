package scenario

import (
	"cmp"
	"slices"

	"github.com/aisne-numerique/maillage/geo/edition"
)

// mostAsked is how many lieux to ask are told before what building would bring.
const mostAsked = 3

// Knowing lists the lieux of which something is unknown, and whose knowledge alone could make
// most people couverts: what can be had before anything is built.
func (b *Base) Knowing() []edition.AskJSON {
	out := []edition.AskJSON{}
	for _, x := range b.asks() {
		if len(out) < mostAsked && x.Lift > 0 {
			out = append(out, b.e.AskJSON(x))
		}
	}
	return out
}

// knowing lists them for the people whom a scenario changes: those who could be lifted
// without it, most first. People counts everybody whom a lieu could lift, Here those.
func (v *evaluation) knowing() []edition.AskJSON {
	out := []edition.AskJSON{}
	if len(v.moved) == 0 {
		return out
	}
	whole := map[int32]int{} // people by site
	for _, x := range v.was.asks() {
		whole[x.Site] = x.Lift
	}
	here := v.e.Asks(v.was.answer, v.moved)
	slices.SortStableFunc(here, func(a, b edition.Ask) int { return cmp.Compare(b.Lift, a.Lift) })
	for _, x := range here {
		if len(out) == mostAsked || x.Lift == 0 {
			break
		}
		row := v.e.AskJSON(x)
		if all, ok := whole[x.Site]; ok {
			row.People, row.Lift = all, all
		}
		row.Here = &x.Lift
		out = append(out, row)
	}
	return out
}
