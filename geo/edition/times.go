package edition

import (
	"math"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// The columns of the index that the edition computes itself: the mean time by
// car, in minutes, of a territoire's people to the nearest lieu that teaches
// skills, and to the nearest that helps with administrative steps.
const (
	ColumnSkills = "acces_competences_min"
	ColumnSteps  = "acces_demarches_min"
)

// accessColumns are the columns that the edition computes itself, and the service that
// each is the time to.
var accessColumns = [AccessColumns]struct {
	name    string
	service lieu.Service
}{{ColumnSkills, lieu.Outils}, {ColumnSteps, lieu.Demarches}}

// AccessColumns is the number of columns that the edition computes itself.
const AccessColumns = 2

// AccessService is the service that the k-th of these columns is the time to.
func AccessService(k int) lieu.Service { return accessColumns[k].service }

// Times are, for every commune, the people who reach a site of one service by car and
// the sum of their times, in deciseconds. Sums of whole numbers do not depend on their
// order, so that equal means are equal bit for bit, and stay so after changes.
type Times struct {
	People []int64
	Sum    []int64
}

// Times sums the times by car to a service; the edition must have that mode.
func (e *Edition) Times(service lieu.Service) Times {
	t := Times{make([]int64, len(e.ByCommune)), make([]int64, len(e.ByCommune))}
	near := &e.Access[geo.Car].Nearest[service]
	for i, p := range e.Grid.Parts {
		if near.Reach[i] == geo.Reached {
			t.People[p.Commune] += int64(e.People[i])
			t.Sum[p.Commune] += int64(e.People[i]) * int64(near.Cost[i])
		}
	}
	return t
}

// means are the mean times of territoires, in minutes; NaN where nobody reaches a site.
func (t *Times) means(territoires []admin.Territoire) []float64 {
	out := make([]float64, len(territoires))
	for i, tr := range territoires {
		var people, sum int64
		for _, c := range tr.Communes {
			people += t.People[c]
			sum += t.Sum[c]
		}
		if out[i] = math.NaN(); people > 0 {
			out[i] = float64(sum) / (float64(geo.Minute) * float64(people))
		}
	}
	return out
}
