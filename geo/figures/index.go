package figures

import (
	"cmp"
	"slices"

	"github.com/aisne-numerique/maillage/ifn"
)

// Contributions are the variables that make the index of a row, by position: those that add
// most first. What is unknown or weighs nothing is left out.
func Contributions(result *ifn.Result, row *ifn.Row) []int {
	order := make([]int, 0, len(row.Points))
	for v, point := range row.Points {
		if point.Contribution.Known && result.Sources[v].Weight > 0 {
			order = append(order, v)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(row.Points[j].Contribution.V, row.Points[i].Contribution.V) })
	return order
}
