package scenario

import "github.com/aisne-numerique/maillage/geo/publics"

// movePublics passes the publics of the parts whose class changes to their new class, in
// every unit that holds some of them.
func (v *evaluation) movePublics() {
	table := v.e.Publics
	if table == nil {
		return
	}
	v.after.moved = map[int32]*publics.Sum{}
	for _, part := range v.changed {
		from, to := v.before(part).Class, v.now(part).Class
		if from == to || v.e.People[part] == 0 {
			continue
		}
		live := publics.Live{Part: part, Commune: v.e.Grid.Parts[part].Commune, Of: v.e.People[part]}
		for unit, n := range v.e.Residents.Holding(part) {
			sum := v.after.moved[unit]
			if sum == nil {
				copied := v.state.publics[unit]
				sum = &copied
				v.after.moved[unit] = sum
			}
			live.N = n
			table.Move(sum, live, from, to)
		}
	}
}
