package grid

import (
	"cmp"
	"slices"
)

// Apportion shares the population of every commune among its parts in proportion to
// weight (any unit, ≥ 0), in whole inhabitants, so that the parts of a commune
// add up to its population exactly. A commune whose parts all weigh nothing is
// shared by area.
//
// Shares are rounded by largest remainder; ties go to a fixed scramble of the
// part's position rather than to the first, which would pull people to one side.
// The result is people per part.
func Apportion(parts []Part, population []int, weight []float64) []int32 {
	byCommune := make([][]int32, len(population))
	for i, p := range parts {
		byCommune[p.Commune] = append(byCommune[p.Commune], int32(i))
	}
	people := make([]int32, len(parts))
	type rest struct {
		part int32
		frac float64
	}
	var rests []rest
	for c, members := range byCommune {
		if population[c] == 0 || len(members) == 0 {
			continue
		}
		total := 0.0
		for _, i := range members {
			total += weight[i]
		}
		w := func(i int32) float64 { return weight[i] }
		if total <= 0 {
			total = 0
			for _, i := range members {
				total += parts[i].AreaKm2
			}
			w = func(i int32) float64 { return parts[i].AreaKm2 }
		}
		rests = rests[:0]
		left := population[c]
		for _, i := range members {
			exact := float64(population[c]) * w(i) / total
			whole := int32(exact)
			people[i] = whole
			left -= int(whole)
			rests = append(rests, rest{i, exact - float64(whole)})
		}
		slices.SortFunc(rests, func(a, b rest) int {
			if d := cmp.Compare(b.frac, a.frac); d != 0 {
				return d
			}
			return cmp.Compare(scramble(a.part), scramble(b.part))
		})
		// Rounding can leave one more or one fewer than the number of parts allows.
		for k := 0; left > 0; k = (k + 1) % len(rests) {
			people[rests[k].part]++
			left--
		}
		for k := len(rests) - 1; left < 0; k = (k + len(rests) - 1) % len(rests) {
			if people[rests[k].part] > 0 {
				people[rests[k].part]--
				left++
			}
		}
	}
	return people
}

// scramble is the 32-bit finalizer of MurmurHash3, a bijection.
func scramble(i int32) uint32 {
	h := uint32(i)
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	return h ^ h>>16
}
