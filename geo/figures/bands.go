package figures

import (
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/legend"
)

// Bands are the people of a territoire by band of a figure. Band k holds what is between
// Bounds[k-1] and Bounds[k]; the first and the last are open. With Apart, they add up to
// the population.
type Bands struct {
	Bounds []float64
	People []int // one more than bounds
	Apart  int   // people of no band
}

// ByTime counts the people of a territoire by time to the nearest lieu. A bound belongs to
// the band below it; apart are those who reach none.
func ByTime(e *edition.Edition, a *edition.Answer, t admin.Territoire) Bands {
	b := newBands(legend.Times.Bounds)
	for part, n := range inhabited(e, t) {
		if near := a.Nearest.At(part); near.Reach == geo.Reached {
			k, _ := slices.BinarySearch(b.Bounds, near.Cost.Minutes())
			b.People[k] += n
		} else {
			b.Apart += n
		}
	}
	return b
}

// ByHours counts the people of a territoire by open hours a week within the cut-off. A
// bound belongs to the band above it: enough is enough. Apart are those whose hours are
// unknown; far, in no band either, those of the zones blanches: nothing within the cut-off
// is another thing than a lieu that hardly opens.
func ByHours(e *edition.Edition, a *edition.Answer, t admin.Territoire) (b Bands, far int) {
	b = newBands(legend.Hours.Bounds)
	for part, n := range inhabited(e, t) {
		if a.Class[part] == coverage.Blanche {
			far += n
		} else if h, known := a.Hours.WeeklyHours(part); known {
			b.People[b.above(h)] += n
		} else {
			b.Apart += n
		}
	}
	return b, far
}

// fragilityBands is how many bands the index is shown in.
const fragilityBands = 5

// ByFragility counts the people of a territoire by the index of their commune. A bound
// belongs to the band above it; apart are those of communes without index.
func ByFragility(e *edition.Edition, t admin.Territoire) Bands {
	b, scores := newBands(FragilityBounds(e)), CommuneScores(e)
	for part, n := range inhabited(e, t) {
		commune := e.Grid.Parts[part].Commune
		if math.IsNaN(scores[commune]) {
			b.Apart += n
			continue
		}
		b.People[b.above(float64(Tenth(scores[commune]))/10)] += n
	}
	return b
}

// CommuneScores is the index of every commune; NaN is unknown.
func CommuneScores(e *edition.Edition) []float64 {
	index := e.IFN(admin.TypeCommune)
	scores := make([]float64, len(e.Division.Communes))
	for i, c := range e.Division.Communes {
		scores[i] = math.NaN()
		if row, ok := index[c.Code]; ok && row.Score != nil {
			scores[i] = float64(*row.Score)
		}
	}
	return scores
}

// FragilityBounds are the bounds of the bands of the index: see [boundsOf].
func FragilityBounds(e *edition.Edition) []float64 {
	people := map[int]int{}
	for i, score := range CommuneScores(e) {
		if n := peopleOf(e, int32(i)); n > 0 && !math.IsNaN(score) {
			people[Tenth(score)] += n
		}
	}
	return boundsOf(people)
}

// Tenth is a score in tenths of a point, as cells carry it: bands are cut on that scale, so
// that the map and tables agree.
func Tenth(score float64) int { return int(math.Round(10 * score)) }

// boundsOf cuts a scale into bands of about as many people each, given the people by tenth
// of a point: ascending, in points. Scores that many share leave fewer than four; there is
// none when nobody's is known.
func boundsOf(people map[int]int) []float64 {
	total := 0
	known := make([]int, 0, len(people))
	for at, n := range people {
		known = append(known, at)
		total += n
	}
	slices.Sort(known)
	bounds, below := []float64{}, 0
	for _, at := range known {
		if below > 0 && fragilityBands*below >= total*(len(bounds)+1) && len(bounds) < fragilityBands-1 {
			bounds = append(bounds, float64(at)/10)
		}
		below += people[at]
	}
	return bounds
}

func newBands(bounds []float64) Bands {
	return Bands{Bounds: bounds, People: make([]int, len(bounds)+1)}
}

// above is the band of a value, where a bound belongs to the band above it.
func (b *Bands) above(v float64) int {
	k, found := slices.BinarySearch(b.Bounds, v)
	if found {
		k++
	}
	return k
}

// inhabited gives the parts of a territoire and their people, but for those without any.
func inhabited(e *edition.Edition, t admin.Territoire) func(yield func(part int32, people int) bool) {
	return func(yield func(int32, int) bool) {
		for part, n := range e.Residents.In(&t) {
			if !yield(part, int(n)) {
				return
			}
		}
	}
}

func peopleOf(e *edition.Edition, commune int32) (n int) {
	for _, part := range e.ByCommune[commune] {
		n += int(e.People[part])
	}
	return n
}
