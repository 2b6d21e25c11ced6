package edition

import (
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/road"
)

// Links are how places are joined to the network of one mode. They are of a build: they are
// not kept.
type Links struct {
	Homes LinkJSON `json:"homes"` // inhabited parts
	Sites LinkJSON `json:"sites"`
}

// LinkJSON is how places of one kind are joined.
type LinkJSON struct {
	Joined int      `json:"joined"`
	Off    int      `json:"off_network"` // no road within [road.SnapCap]
	Twice  int      `json:"twice"`       // of those joined, to two roads: the nearer one is cut off
	Tied   int      `json:"tied"`        // of those joined: another road is exactly as near
	Leg    *LegJSON `json:"leg_m,omitempty"`
}

// LegJSON is the walk between places and their road, in metres: in a straight line, the
// shorter one where there are two. It is part of every journey. Absent: nobody is joined.
type LegJSON struct {
	Mean decimal.One `json:"mean"`
	P90  decimal.One `json:"p90"`
	Max  decimal.One `json:"max"`
}

// newLinks counts the legs of a table that was computed just now.
func newLinks(t *access.Table, people []int32) *Links {
	return &Links{
		Homes: newLinkJSON(t.Leg, func(part int) bool { return people[part] > 0 }),
		Sites: newLinkJSON(t.SiteLeg, func(int) bool { return true }),
	}
}

func newLinkJSON(legs network.Legs, counts func(place int) bool) (l LinkJSON) {
	var metres []float64
	sum := 0.0
	for i, reach := range legs.Reach {
		switch {
		case !counts(i):
		case reach != geo.Reached:
			l.Off++
		default:
			l.Joined++
			m := legs.Cost[i].Minutes() / 60 * road.AccessKMH * 1000
			metres, sum = append(metres, m), sum+m
			if legs.Joints[i]&network.Twice != 0 {
				l.Twice++
			}
			if legs.Joints[i]&network.Tied != 0 {
				l.Tied++
			}
		}
	}
	if l.Joined > 0 {
		slices.Sort(metres)
		rank := (9*l.Joined + 9) / 10 // the least that nine in ten do not exceed
		l.Leg = &LegJSON{decimal.One(sum / float64(l.Joined)), decimal.One(metres[rank-1]), decimal.One(metres[l.Joined-1])}
	}
	return l
}
