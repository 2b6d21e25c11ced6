package api

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
)

// fragilityBands is how many bands the index is shown in.
const fragilityBands = 5

// fragilityScores is the index of every commune, in points out of ten; NaN is unknown.
func fragilityScores(e *edition.Edition) []float64 {
	index := e.IFN(admin.TypeCommune)
	scores := make([]float64, len(e.Division.Communes))
	for i, c := range e.Division.Communes {
		scores[i] = math.NaN()
		if row, ok := index[c.Code]; ok && row.Score != nil {
			scores[i] = *row.Score
		}
	}
	return scores
}

// fragility is the index of the commune that each cell is mostly in.
func (s *snapshot) fragility() []byte {
	scores := fragilityScores(s.Edition)
	values := make([]float64, len(s.home))
	for row, commune := range s.home {
		values[row] = scores[commune]
	}
	return tenths(values)
}

// fragilityBounds are the bounds of the bands of the index, see [bandBounds].
func fragilityBounds(e *edition.Edition) []float64 {
	people := map[int]int{}
	for i, score := range fragilityScores(e) {
		if n := peopleOf(e, int32(i)); n > 0 && !math.IsNaN(score) {
			people[tenth(score)] += n
		}
	}
	return bandBounds(people)
}

// bandBounds cut a scale into bands of about as many people each, given the people by tenth
// of a point: ascending, in points; a bound belongs to the band above it. Scores that many
// share leave fewer than four; there is none when nobody's is known.
func bandBounds(people map[int]int) []float64 {
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

// tenth is a score as cells carry it.
func tenth(score float64) int { return int(math.Round(10 * score)) }

func peopleOf(e *edition.Edition, commune int32) (n int) {
	for _, part := range e.ByCommune[commune] {
		n += int(e.People[part])
	}
	return n
}

// fragilityRows are the people of a territoire by band, each with the colour of the map.
func fragilityRows(e *edition.Edition, t admin.Territoire) []classRow {
	bounds, scores := fragilityBounds(e), fragilityScores(e)
	byBand, unknown, population := make([]int, len(bounds)+1), 0, 0
	for _, commune := range t.Communes {
		n := peopleOf(e, commune)
		population += n
		if math.IsNaN(scores[commune]) {
			unknown += n
			continue
		}
		band, above := slices.BinarySearch(bounds, float64(tenth(scores[commune]))/10)
		if above {
			band++
		}
		byBand[band] += n
	}
	row := func(class, name string, n int) classRow {
		return classRow{Class: class, Name: name, People: frenchCount(n), Share: frenchShare(n, population)}
	}
	points := func(v float64) string { return strings.Replace(strconv.FormatFloat(v, 'f', 1, 64), ".", ",", 1) }
	var out []classRow
	for band, n := range byBand {
		name := "toutes les valeurs"
		switch {
		case len(bounds) == 0:
		case band == 0:
			name = "moins de " + points(bounds[0])
		case band == len(bounds):
			name = points(bounds[band-1]) + " ou plus"
		default:
			name = points(bounds[band-1]) + " à " + points(bounds[band])
		}
		out = append(out, row("ifn-"+strconv.Itoa(band), name, n))
	}
	if unknown > 0 {
		out = append(out, row("inconnue", "indice inconnu", unknown))
	}
	return out
}
