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

// Times are, for every unit, the people who reach a site of one service by car and
// the sum of their times, in deciseconds. Sums of whole numbers do not depend on their
// order, so that equal means are equal bit for bit, and stay so after changes.
type Times struct {
	People []int64
	Sum    []int64
}

// Times sums the times by car to a service; the edition must have that mode.
func (e *Edition) Times(service lieu.Service) Times {
	t := Times{make([]int64, e.Residents.Units()), make([]int64, e.Residents.Units())}
	near := &e.Access[geo.Car].Nearest[service]
	for u := range t.People {
		for part, people := range e.Residents.Of(int32(u)) {
			if near.Reach[part] == geo.Reached {
				t.People[u] += int64(people)
				t.Sum[u] += int64(people) * int64(near.Cost[part])
			}
		}
	}
	return t
}

// means are the mean times of territoires, in minutes; NaN where nobody reaches a site.
func (t *Times) means(territoires []admin.Territoire) []float64 {
	out := make([]float64, len(territoires))
	for i, tr := range territoires {
		var people, sum int64
		for _, u := range tr.Units {
			people += t.People[u]
			sum += t.Sum[u]
		}
		if out[i] = math.NaN(); people > 0 {
			out[i] = float64(sum) / (float64(geo.Minute) * float64(people))
		}
	}
	return out
}
