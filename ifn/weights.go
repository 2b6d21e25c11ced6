package ifn

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxWeight keeps sums of weights far from overflow; a thousandth of it already
// silences every other variable.
const maxWeight = 1e6

// Weights replaces the weights of a structure, by id. An id that is not named
// keeps the structure's own weight; 0 takes a variable or a sub-index out.
type Weights struct {
	SubIndices map[string]float64 `json:"sub_indices,omitempty"`
	Variables  map[string]float64 `json:"variables,omitempty"`
}

// ParseWeights reads weights from JSON:
//
//	{"sub_indices": {"publics": 2}, "variables": {"pauvrete": 3, "fibre": 0}}
//
// Whether the ids exist is checked against a structure (see [Weights.Check]).
func ParseWeights(data []byte) (Weights, error) {
	var w Weights
	if err := decodeStrict(data, &w); err != nil {
		return Weights{}, fmt.Errorf("weights: %w", err)
	}
	return w, nil
}

// ParseWeightList reads weights from a text that fits in an address, the ids of s with
// their weights:
//
//	publics:2,pauvrete:3,fibre:0
//
// An id that s does not have, or that is given twice, is an error, and so is what
// [Weights.Check] refuses.
func ParseWeightList(text string, s *Structure) (Weights, error) {
	w := Weights{SubIndices: map[string]float64{}, Variables: map[string]float64{}}
	for item := range strings.SplitSeq(text, ",") {
		id, number, ok := strings.Cut(strings.TrimSpace(item), ":")
		weight, err := strconv.ParseFloat(number, 64)
		if !ok || err != nil {
			return Weights{}, fmt.Errorf("weights: %q: expected id:weight", item)
		}
		into := w.Variables
		for _, sub := range s.SubIndices {
			if sub.ID == id {
				into = w.SubIndices
			}
		}
		if _, twice := into[id]; twice {
			return Weights{}, fmt.Errorf("weights: %s: given twice", id)
		}
		into[id] = weight
	}
	return w, w.Check(s)
}

// String writes weights as [ParseWeightList] reads them, in the order of the ids.
func (w Weights) String() string {
	var items []string
	for _, weights := range []map[string]float64{w.SubIndices, w.Variables} {
		for id, weight := range weights {
			items = append(items, id+":"+strconv.FormatFloat(weight, 'g', -1, 64))
		}
	}
	slices.Sort(items)
	return strings.Join(items, ",")
}

// Check reports an id that s does not have, a weight outside 0…1 000 000, and weights that leave nothing to compute: no sub-index above 0,
// or a sub-index above 0 none of whose variables is.
func (w Weights) Check(s *Structure) error {
	_, _, err := w.resolve(s)
	return err
}

// resolve gives one weight per sub-index and one per variable, in the order of
// the structure.
func (w Weights) resolve(s *Structure) (subs, vars []float64, err error) {
	known := map[string]bool{}
	for _, sub := range s.SubIndices {
		known[sub.ID] = true
	}
	if err := checkWeights("sub-index", w.SubIndices, known); err != nil {
		return nil, nil, err
	}
	clear(known)
	for _, sub := range s.SubIndices {
		for _, v := range sub.Variables {
			known[v.ID] = true
		}
	}
	if err := checkWeights("variable", w.Variables, known); err != nil {
		return nil, nil, err
	}
	used := 0
	for _, sub := range s.SubIndices {
		ws := or(w.SubIndices, sub.ID, sub.Weight)
		subs = append(subs, ws)
		total := 0.0
		for _, v := range sub.Variables {
			wv := or(w.Variables, v.ID, v.Weight)
			vars = append(vars, wv)
			total += wv
		}
		if ws > 0 {
			used++
			if total == 0 {
				return nil, nil, fmt.Errorf("weights: sub-index %s: every variable weighs 0; give the sub-index 0 to leave it out", sub.ID)
			}
		}
	}
	if used == 0 {
		return nil, nil, errors.New("weights: every sub-index weighs 0")
	}
	return subs, vars, nil
}

func or(m map[string]float64, id string, otherwise float64) float64 {
	if w, ok := m[id]; ok {
		return w
	}
	return otherwise
}

// checkWeights walks ids in order, so that the same fault gives the same message.
func checkWeights(what string, weights map[string]float64, known map[string]bool) error {
	ids := make([]string, 0, len(weights))
	for id := range weights {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		if !known[id] {
			return fmt.Errorf("weights: %s %q: not in the structure", what, id)
		}
		if w := weights[id]; !(w >= 0 && w <= maxWeight) {
			return fmt.Errorf("weights: %s %s: weight %v: expected a number from 0 to %.0f", what, id, w, maxWeight)
		}
	}
	return nil
}
