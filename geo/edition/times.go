package edition

import (
	"math"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// The columns of the index that the edition computes itself: the mean time, in minutes, of a
// territoire's people to the nearest lieu that teaches skills, to the nearest that helps with
// administrative steps, and to the nearest equipement of some categories.
const (
	ColumnSkills     = "acces_competences_min"
	ColumnSteps      = "acces_demarches_min"
	ColumnPublic     = "acces_services_publics_min"
	ColumnEmergency  = "acces_urgences_min"
	ColumnGeneralist = "acces_generaliste_min"
	ColumnSpecialist = "acces_specialiste_min"
)

// NoService is what an access column has that no lieu feeds.
const NoService lieu.Service = lieu.NumTargets

// AccessColumn is a column of the index that the edition computes itself: the time to the
// nearest of the lieux that offer a service, and of the equipements of some categories.
type AccessColumn struct {
	Name       string
	Nom        string       // French, after "temps jusqu'": what the nearest is
	Service    lieu.Service // NoService: none
	Categories []equipement.Category
}

// AccessColumns is the number of columns that the edition computes itself.
const AccessColumns = 6

var accessColumns = [AccessColumns]AccessColumn{
	{ColumnSkills, "au lieu le plus proche pour apprendre le numérique", lieu.Outils, nil},
	{ColumnSteps, "au lieu le plus proche pour une aide aux démarches", lieu.Demarches, nil},
	{ColumnPublic, "aux services publics les plus proches", lieu.FranceServices, []equipement.Category{equipement.FranceServices, equipement.ServicesPublics}},
	{ColumnEmergency, "aux urgences les plus proches", NoService, []equipement.Category{equipement.Urgences}},
	{ColumnGeneralist, "au médecin généraliste le plus proche", NoService, []equipement.Category{equipement.Generaliste}},
	{ColumnSpecialist, "au médecin spécialiste le plus proche", NoService, []equipement.Category{equipement.Specialiste}},
}

// Title is what the column is, in French: "Temps jusqu'aux urgences les plus proches".
func (c AccessColumn) Title() string { return "Temps jusqu'" + c.Nom }

// AccessColumnAt is the k-th of these columns.
func AccessColumnAt(k int) AccessColumn { return accessColumns[k] }

// Times are, for every unit, the people who reach a place and the sum of their times, in
// deciseconds. Sums of whole numbers do not depend on their order, so that equal means are
// equal bit for bit, and stay so after changes.
type Times struct {
	People []int64
	Sum    []int64
}

// Timed reports whether the edition knows a place that the k-th column is the time to, and
// computed journeys by a mode of streets. Where it does not, nobody's time is known: nobody is
// far. By timetable a time is of a cut-off, and of hours: the index has none.
func (e *Edition) Timed(k int, m geo.Mode) bool {
	if !e.HasMode(m) || m == geo.Transit {
		return false
	}
	c := &accessColumns[k]
	for _, category := range c.Categories {
		if e.Closest[m][category] != nil {
			return true
		}
	}
	if c.Service != lieu.FranceServices { // lieux there always are
		return c.Service != NoService
	}
	if e.Access[m].Nearest[c.Service].Reach == nil { // of an edition of before 0.8
		return false
	}
	for i := range e.Sites {
		if e.Sites[i].Offers(c.Service) {
			return true
		}
	}
	return false
}

// Floor is the journey of a part to the nearest equipement of the k-th column, and its
// position; -1: none is reached. No scenario changes it.
func (e *Edition) Floor(k int, m geo.Mode, part int32) (geo.Access, int32) {
	best, place := geo.Access{}, int32(-1)
	for _, category := range accessColumns[k].Categories {
		if c := e.Closest[m][category]; c != nil {
			if a := c.At(part); Nearer(a, best) {
				best, place = a, c.Place[part]
			}
		}
	}
	return best, place
}

// Nearer reports whether a leads there sooner than b, or says more of why it does not.
func Nearer(a, b geo.Access) bool {
	if a.Reach == geo.Reached && b.Reach == geo.Reached {
		return a.Cost < b.Cost
	}
	return a.Reach > b.Reach
}

// Times are those of the k-th column by a mode, which the edition must have. They are shared,
// and not to be changed.
func (e *Edition) Times(k int, m geo.Mode) Times { return e.times[k][m]() }

// sumTimes sums them up.
func (e *Edition) sumTimes(k int, m geo.Mode) Times {
	t := Times{make([]int64, e.Residents.Units()), make([]int64, e.Residents.Units())}
	costs := make([]geo.Access, len(e.People))
	for part := range costs {
		costs[part] = e.TimeOf(k, m, int32(part))
	}
	for u := range t.People {
		for part, people := range e.Residents.Of(int32(u)) {
			if costs[part].Reach == geo.Reached {
				t.People[u] += int64(people)
				t.Sum[u] += int64(people) * int64(costs[part].Cost)
			}
		}
	}
	return t
}

// TimeOf is the journey of a part that counts in the k-th column: to the nearest lieu or
// equipement.
func (e *Edition) TimeOf(k int, m geo.Mode, part int32) geo.Access {
	best, _ := e.Floor(k, m, part)
	if s := accessColumns[k].Service; s != NoService {
		if near := &e.Access[m].Nearest[s]; near.Reach != nil {
			if a := near.At(part); !Nearer(best, a) {
				best = a
			}
		}
	}
	return best
}

// PlaceColumns are the numbers of the columns that equipements feed: times to care and to
// public services.
func PlaceColumns() (list []int) {
	for k := range accessColumns {
		if accessColumns[k].Categories != nil {
			list = append(list, k)
		}
	}
	return list
}

// Told is the title of the k-th column by a mode, of so many people ("habitants de la maille"):
// what gives the places, or that nothing does.
func (e *Edition) Told(k int, m geo.Mode, of string) string {
	c := accessColumns[k]
	text := c.Title() + ", " + m.Phrase() + ", en minutes, moyenne des " + of + " qui en atteignent"
	if why := french.NoPlaceTimes(m); why != "" {
		return text + " (" + why + ")"
	}
	if !e.Timed(k, m) {
		return text + " (inconnu : aucun jeu de données ne dit où ils sont)"
	}
	return text + " (" + e.PlaceSources(c) + ")"
}

// CellTimes are, for every finest cell of the pyramid, the mean time of its people in the k-th
// column by a mode, in minutes; NaN where nobody lives or nobody reaches a place, and
// everywhere where it is not known.
func (e *Edition) CellTimes(k int, m geo.Mode) []float64 {
	finest := len(e.Pyramid.Levels) - 1
	base := e.Pyramid.Levels[finest]
	sums := make([]coverage.Mean, len(base.Cells))
	if e.Timed(k, m) {
		for part, people := range e.People {
			if a := e.TimeOf(k, m, int32(part)); people > 0 && a.Reach == geo.Reached {
				sums[e.Pyramid.Part[finest][part]-base.First].Add(uint32(a.Cost), people)
			}
		}
	}
	out := make([]float64, len(sums))
	for i := range sums {
		out[i] = sums[i].Minutes()
	}
	return out
}

// TimeColumn is one of the columns for the territoires of a list.
type TimeColumn struct {
	AccessColumn
	Minutes   []float64 // mean of those who reach a place; NaN where nobody does
	Unreached []int     // inhabitants who reach none
}

// TimeColumns are the columns that are known by a mode; none where the edition was not
// computed for it.
func (e *Edition) TimeColumns(m geo.Mode, territoires []admin.Territoire) (columns []TimeColumn) {
	all := make([]int, e.Residents.Units()) // people
	for u := range all {
		for _, people := range e.Residents.Of(int32(u)) {
			all[u] += int(people)
		}
	}
	for k := range accessColumns {
		if !e.Timed(k, m) {
			continue
		}
		times := e.Times(k, m)
		c := TimeColumn{accessColumns[k], times.means(territoires), make([]int, len(territoires))}
		for i, t := range territoires {
			for _, u := range t.Units {
				c.Unreached[i] += all[u] - int(times.People[u])
			}
		}
		columns = append(columns, c)
	}
	return columns
}

// means are the mean times of territoires, in minutes; NaN where nobody reaches a place.
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
