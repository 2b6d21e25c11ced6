package graph

import "github.com/aisne-numerique/maillage/geo"

// Label is a distance and the source it leads to: cost<<32 | owner. Labels compare
// by cost, then owner, so that one comparison serves both and a tie is won by the
// lowest source.
type Label uint64

// Unreached is the label of a node from which no source is reached. It is above
// every label of a distance up to [MaxCost], and so is its sum with any cost, which
// does not overflow: a search needs no test for it.
const Unreached Label = 1 << 63

// NewLabel is the label of a cost, at most MaxCost, and an owner, at least 0.
func NewLabel(c geo.Cost, owner int32) Label { return Label(c)<<32 | Label(uint32(owner)) }

// Plus is l after an arc of cost c.
func (l Label) Plus(c geo.Cost) Label { return l + Label(c)<<32 }

// Cost is the distance of a label that is not Unreached.
func (l Label) Cost() geo.Cost { return geo.Cost(l >> 32) }

// Owner is the source of a label that is not Unreached.
func (l Label) Owner() int32 { return int32(uint32(l)) }

// Reached reports whether l is a distance of at most MaxCost.
func (l Label) Reached() bool { return l < Unreached }

// Seed is the distance from a node to a source that is beside it.
type Seed struct {
	Node  int32
	Label Label
}
