package ifn_test

import (
	"fmt"
	"math"

	"github.com/aisne-numerique/maillage/ifn"
)

// Two communes and an incomplete third, by access time and income alone.
func ExampleStructure_Compute() {
	structure, err := ifn.Builtin(ifn.HDF2021)
	if err != nil {
		fmt.Println(err)
		return
	}
	table, err := ifn.NewTable([]ifn.Place{{Code: "02001", Nom: "Abbécourt"}, {Code: "02002", Nom: "Achery"}, {Code: "02003", Nom: "Acy"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for name, values := range map[string][]float64{
		"acces_competences_min":     {21, 12, 9},
		"acces_demarches_min":       {14, 12, 8},
		"revenu_median_uc_2021_eur": {19_800, 22_300, math.NaN()},
	} {
		if err := table.SetColumn(name, values); err != nil {
			fmt.Println(err)
			return
		}
	}
	options := ifn.Defaults()
	options.MinCompleteness = 0.1 // one variable in five, and one in nine, are known
	result, err := structure.Compute(table, options)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range result.Rows {
		row := &result.Rows[i]
		if !row.Score.Known {
			fmt.Printf("%s: no index, %d variables missing\n", row.Nom, len(row.Missing))
			continue
		}
		fmt.Printf("%s: %.2f, rank %d of %d\n", row.Nom, row.Score.V, row.Rank, row.Of)
	}
	// Output:
	// Abbécourt: 7.92, rank 1 of 2
	// Achery: 3.75, rank 2 of 2
	// Acy: no index, 13 variables missing
}
