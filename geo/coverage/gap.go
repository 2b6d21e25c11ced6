package coverage

import (
	"cmp"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/grid"
)

// Gap is the gap analysis of one territoire. Figures are of inhabitants, never
// means over communes. The classes add up to the population exactly, and so do
// the communes of an EPCI.
type Gap struct {
	Territoire admin.Territoire
	Classes    Tally
	// Access summarises the time to the nearest lieu, in minutes, over the people
	// who reach one.
	Access Distribution
	// NoPath, NoRoad and Unknown count the people who reach none, by cause.
	NoPath, NoRoad, Unknown int
	// Hours summarises the open hours a week within the cut-off over the people
	// for whom they are known; people with no lieu within it have 0 for certain.
	Hours    Distribution
	Priority float64
	Rank     int // 1 = first to act; among the rows computed together
}

// Distribution holds population-weighted figures; Known is false when nobody
// carries a value, and then the figures mean nothing.
type Distribution struct {
	Known               bool
	P10, P50, P90, Mean float64
}

// PriorityFormula says in French how Priority is made, for people who read it.
const PriorityFormula = "(habitants en zone blanche + ½ habitants en zone grise + ¼ habitants de classe inconnue) × (indice de fragilité ÷ 5, ou 1 si l'indice est inconnu)"

// Gaps computes one row for every territoire, ranked by priority. ifn gives the
// fragility score (0–10) of a territoire, or false when it is unknown.
func Gaps(territoires []admin.Territoire, byCommune [][]int32, people []int32, class []Class, near *access.Nearest, supply *access.Supply, ifn func(admin.Ref) (float64, bool)) []Gap {
	rows := make([]Gap, len(territoires))
	for k, t := range territoires {
		row := Gap{Territoire: t}
		var times, hours Sample
		for _, c := range t.Communes {
			for _, i := range byCommune[c] {
				n := int(people[i])
				if n == 0 {
					continue
				}
				row.Classes.Add(class[i], n)
				switch near.Reach[i] {
				case geo.Reached:
					times.Add(near.Cost[i].Minutes(), n)
				case geo.NoPath:
					row.NoPath += n
				case geo.NoRoadNearby:
					row.NoRoad += n
				default:
					row.Unknown += n
				}
				if h, ok := supply.WeeklyHours(i); ok {
					hours.Add(h, n)
				}
			}
		}
		row.Access, row.Hours = times.distribution(), hours.distribution()
		need := 1.0
		if score, ok := ifn(t.Ref); ok {
			need = score / 5
		}
		row.Priority = (float64(row.Classes[Blanche]) + float64(row.Classes[Grise])/2 + float64(row.Classes[Inconnue])/4) * need
		rows[k] = row
	}
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rows[b].Priority, rows[a].Priority) })
	for rank, i := range order {
		rows[i].Rank = rank + 1
	}
	return rows
}

// PartsByCommune lists the parts of every commune.
func PartsByCommune(g *grid.Grid, communes int) [][]int32 {
	out := make([][]int32, communes)
	for i, p := range g.Parts {
		out[p.Commune] = append(out[p.Commune], int32(i))
	}
	return out
}

func (s *Sample) distribution() Distribution {
	var d Distribution
	d.Mean, d.Known = s.Mean()
	d.P10, _ = s.Percentile(0.1)
	d.P50, _ = s.Percentile(0.5)
	d.P90, _ = s.Percentile(0.9)
	return d
}
