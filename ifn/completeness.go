package ifn

import (
	"cmp"
	"math"
	"slices"
)

// Completeness says which variables a level lacks, what that changes, and where to get them.
type Completeness struct {
	Level  string `json:"level"`
	Places int    `json:"places"`
	People int    `json:"people"`
	// KnownShare is the mean completeness of the places, by their people, 0…1.
	KnownShare float64 `json:"known_share"`
	// Lacks are the variables, or parts, that are unknown somewhere, old or approximated, in
	// the order of the structure.
	Lacks []Lack `json:"variables"`
}

// State says what is wrong with a variable.
type State string

// The states of a variable that something is wrong with, the worst first.
const (
	StateUnknown State = "inconnue"  // everywhere
	StatePartial State = "partielle" // known of some places
	StateOld     State = "ancienne"
	StateProxy   State = "approchée" // by another thing than itself
)

// Lack is a variable that is missing, or a part ("acces_soins.urgences").
type Lack struct {
	Variable string `json:"id"`
	Nom      string `json:"nom"`
	SubIndex string `json:"sub_index"`
	State    State  `json:"state"`
	Reason   string `json:"reason,omitempty"` // French: why it is old, what stands for it

	PlacesUnknown int `json:"places_unknown"`
	PeopleUnknown int `json:"people_unknown"`

	// IndexShare is the share of the index's weight, 0…1, and of its completeness, that the
	// variable is.
	IndexShare float64 `json:"index_share"`
	// KnownShare is what [Completeness.KnownShare] would be, were it known everywhere.
	KnownShare float64 `json:"known_share"`
	// Ranks is how far the rank of a place that lacks it moves when its value alone goes from
	// the best of the scale to the worst; absent where no ranked place lacks it.
	Ranks *Spread `json:"ranks,omitempty"`

	Column  string   `json:"column,omitempty"` // what feeds it now
	Vintage string   `json:"vintage,omitempty"`
	Obtain  []Obtain `json:"obtain,omitempty"`
}

// Spread is a number of ranks, over the places concerned.
type Spread struct {
	Places int     `json:"places"`
	Mean   float64 `json:"mean"`
	Max    int     `json:"max"`
}

// completeness tells of every leaf that weighs something.
func (m *model) completeness(r *Result, t *Table) *Completeness {
	c := &Completeness{Level: r.Level, Places: m.rows, Lacks: []Lack{}}
	var people, known float64
	var scores []float64 // of the ranked rows, ascending
	for _, i := range t.byCode {
		people += t.places[i].Weight
		known += t.places[i].Weight * r.Rows[i].Completeness
		if r.Rows[i].Score.Known {
			scores = append(scores, r.Rows[i].Score.V)
		}
	}
	c.People = int(math.Round(people))
	if people > 0 {
		c.KnownShare = math.Round(1e4*known/people) / 1e4
	}
	slices.Sort(scores)
	effective := make([]float64, m.vars)
	m.effective(effective, func() float64 { return 1 })
	at := 0
	for v := range r.Sources {
		src := &r.Sources[v]
		for _, leaf := range src.Leaves() {
			l := &m.leaves[at]
			at++
			share := effective[v] / m.scale * l.weight
			lack := Lack{Variable: leaf.Variable, Nom: leaf.Nom, SubIndex: leaf.SubIndex, Column: leaf.Column, Vintage: leaf.Vintage,
				IndexShare: math.Round(1e4*share) / 1e4, Obtain: l.def.Obtain}
			if l.part >= 0 {
				lack.Variable = src.Variable + "." + leaf.Variable
			}
			if lack.IndexShare > 0 && m.lacks(&lack, l, &leaf, r, t, scores) {
				if lack.KnownShare = c.KnownShare; people > 0 {
					lack.KnownShare = math.Round(1e4*min(1, (known+share*float64(lack.PeopleUnknown))/people)) / 1e4
				}
				c.Lacks = append(c.Lacks, lack)
			}
		}
	}
	return c
}

// lacks fills in what is wrong with a leaf, and reports whether something is.
func (m *model) lacks(lack *Lack, l *leaf, src *Source, r *Result, t *Table, scores []float64) bool {
	people, spread, moved := 0.0, Spread{}, 0
	ends := r.Method.ends(nil)
	for _, i := range t.byCode {
		if l.column != nil && !math.IsNaN(l.points[i]) {
			continue
		}
		lack.PlacesUnknown++
		people += t.places[i].Weight
		if !r.Rows[i].Score.Known || ends[0] > ends[1] {
			continue // no rank to move, or no ends to move between
		}
		ranks := m.rankAt(i, l, ends[0], scores, r.Rows[i].Score.V) - m.rankAt(i, l, ends[1], scores, r.Rows[i].Score.V)
		spread.Places++
		moved += ranks
		spread.Max = max(spread.Max, ranks)
	}
	lack.PeopleUnknown = int(math.Round(people))
	if spread.Places > 0 {
		spread.Mean = math.Round(10*float64(moved)/float64(spread.Places)) / 10
		lack.Ranks = &spread
	}
	switch {
	case lack.PlacesUnknown == len(r.Rows):
		lack.State = StateUnknown
	case lack.PlacesUnknown > 0:
		lack.State = StatePartial
	case src.Old != "":
		lack.State = StateOld
	case src.Proxy != "":
		lack.State = StateProxy
	default:
		return false
	}
	if lack.Reason = cmp.Or(src.SparseReason(len(r.Rows)), src.Old); src.Proxy != "" {
		if lack.Reason != "" {
			lack.Reason += " ; "
		}
		lack.Reason += "approché : " + src.Proxy
	}
	return true
}

// rankAt is the rank of a row among the scores of all when an unknown leaf has these points.
func (m *model) rankAt(row int, l *leaf, points float64, scores []float64, own float64) int {
	at := row*m.vars + l.variable
	share, was := m.share[at], m.points[at]
	m.share[at], m.points[at] = share+l.weight, was+l.weight*points
	score := m.index(row, m.weights)
	m.share[at], m.points[at] = share, was
	above := len(scores) - upTo(scores, score)
	if own > score+1/rankUnit {
		above-- // the row itself
	}
	return above + 1
}

// upTo is how many of the sorted scores are at most x, to the resolution of ranks.
func upTo(sorted []float64, x float64) int {
	n, _ := slices.BinarySearchFunc(sorted, x+0.5/rankUnit, func(v, x float64) int {
		if v > x {
			return 1
		}
		return -1
	})
	return n
}
