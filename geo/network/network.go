// Package network is the contract of what access, scenarios and editions need of any way to
// travel: how long a journey takes from where people live to a site, and which slots of the
// site count there. Streets keep it (see [github.com/aisne-numerique/maillage/geo/road]);
// networktest is its exam.
//
// # Journeys
//
// A journey goes from a start, where somebody lives, to a site. What a start and a site are
// to each other is a list of steps, cheapest first: within a cut-off of that cost, at least
// those slots of the site count there. Slots of a step hold those of the steps before, and are
// open slots of the site; nil is all of them. A step counts when it has a slot, or nil. By
// streets there is one step, whose slots are nil.
//
// The time of a step is the shortest way out of all that counts within its cost, which is no
// less: by timetable it may be the way back that needs the cut-off. A step gives more slots
// than the one before, or less time. By streets time and cost are one.
//
// The cost of a journey is that of the first step that counts. One that does not says that
// the site would be within reach were it open at other times: it is no blank on the map, and
// gives no hours.
//
// Costs of one network are integers, the same for each search, in any order, on any number
// of processors. Among sites that are equally far the first is the nearest.
package network

import (
	"context"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// Slots are slots of the cycle.
type Slots = lieu.Slots

// Site is where a journey ends.
type Site struct {
	At       geo.LonLat
	Horaires *lieu.Horaires // of which slots may count; not to be changed
}

// Legs are the access legs on foot between places and the network, the shortest where there
// are several; every cost includes one. Their Reach is Reached or NoRoadNearby.
type Legs struct {
	Reach  []geo.Reach
	Cost   []geo.Cost
	Joints []Joint // nil where nobody told, as in a table that was kept
}

// Joint is what is particular to how a place is joined, as bits.
type Joint uint8

// The bits of a Joint.
const (
	// Twice is a place that is on two parts of the network, of which the nearer one is cut
	// off: a journey takes the cheaper.
	Twice Joint = 1 << iota
	// Tied is a place to which another part of the network is exactly as near.
	Tied
)

// Network is one way to travel. It is immutable and safe for concurrent use.
type Network interface {
	// EverySlot reports whether all open slots of a site count for whoever reaches it: steps
	// never have slots, and the hours of sites change no journey.
	EverySlot() bool

	// Starts joins the places where journeys start to the network, Sites those where they
	// end. The error is that of ctx. What they give is of this network alone.
	Starts(ctx context.Context, at []geo.LonLat) (Starts, error)
	Sites(ctx context.Context, sites []Site) (Sites, error)

	// NewSearch is the scratch space of one goroutine.
	NewSearch() Search

	// Raise makes a ceiling of fields, all of the same starts: what lies under it is as near
	// to somebody as the nearest site of one of the fields, or nearer. Sites for which gone,
	// if any, answers true are as if they were not there. dst, if any, is a ceiling of this
	// network that is not used any more.
	Raise(dst Ceiling, fields []KeptField, gone func(field int, site int32) bool) Ceiling
}

// Starts are places where journeys start.
type Starts interface {
	Legs() Legs
	// Index prepares some starts for [Search.Reach]: its origin i is the start some[i].
	Index(some []int32) Origins
}

// Sites are places where journeys end.
type Sites interface {
	Legs() Legs
}

// Origins is an index of starts. KeptField and Ceiling are what [Field.Keep] and
// [Network.Raise] give. Only the network that made them knows what is inside.
type (
	Origins   any
	KeptField any
	Ceiling   any
)

// Emit takes one step of the journeys from an origin to the site that is searched for. The
// slots, when they are not nil, are valid until it returns.
type Emit func(origin int32, cost, time geo.Cost, slots *Slots)

// Search is the scratch space of one goroutine. What it emits is in an order that depends on
// its arguments alone; steps of one origin follow each other, cheapest first.
type Search interface {
	// Nearest finds the nearest of some sites (ascending) from every start. The
	// Field is valid until the next call of Nearest on this Search; Reach leaves it alone.
	Nearest(starts Starts, sites Sites, some []int32) Field

	// Reach emits the steps of each origin to a site that cost at most limit (inclusive).
	//
	// With a ceiling, every origin from which the site lies under it comes too, with the step
	// that is its cost. Others may come with them, at too great a cost: one that is above
	// limit and above the ceiling. emit must not use the Search.
	Reach(sites Sites, site int32, limit geo.Cost, ceiling Ceiling, origins Origins, emit Emit)
}

// Field is the journey from everywhere to the nearest of some sites.
type Field interface {
	// At is the journey of a start, and the site; -1 when there is none: NoPath, or
	// NoRoadNearby for a start off the network.
	At(start int32) (geo.Access, int32)
	// Keep gives what ceilings are made of. It stays valid.
	Keep() KeptField
}

// All are the numbers of so many places.
func All(count int) []int32 {
	out := make([]int32, count)
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

// Counts reports whether a step of these slots counts.
func Counts(slots *Slots) bool { return slots == nil || *slots != (Slots{}) }

// SitesOf lists where some sites are, and their hours.
func SitesOf(sites []lieu.Site) []Site {
	out := make([]Site, len(sites))
	for i := range sites {
		out[i] = Site{sites[i].At, &sites[i].Horaires}
	}
	return out
}
