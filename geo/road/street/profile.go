package street

import (
	_ "embed"
	"slices"
	"sync"

	"github.com/aisne-numerique/maillage/geo"
)

// Profile says what tags mean to each mode: speeds, access, waits. It is read from
// data (see profile.json, which documents every figure), immutable, and safe for
// concurrent use.
type Profile struct {
	car struct {
		signed     float64 // share of a limit on a sign that is driven, where the highway tells none
		roundabout float64 // km/h: fastest on one
		slowest    float64 // km/h: however bad the ground, an open road is no slower
	}
	bike struct {
		speed  float64 // km/h, on asphalt
		shared float64 // km/h, at most, among walkers
		guest  float64 // km/h, at most, where walkers are at home
		pushed float64 // km/h
		steps  float64 // km/h
	}
	walk struct {
		speed float64 // km/h
		steps float64 // km/h
	}
	ferry struct {
		speed float64  // km/h, when its duration is not told
		berth geo.Cost // then, to put off and moor
		wait  float64  // share of the interval that is waited
	}
	highways        map[string]highway                    // by value of the highway tag
	services        map[string]float64                    // by value of the service tag: fastest by car, km/h
	noServices      map[string]bool                       // by the same: closed to cars that no tag names
	limits          map[string]float64                    // by name, km/h
	lawNames        struct{ town, rural map[string]bool } // those of limits without a sign, without country
	surfaces        map[string]ground
	tracktypes      map[string]ground
	smoothness      map[string]ground
	paths           map[string]ground          // of a highway that tells no surface
	trails          map[string]ground          // by value of sac_scale
	access          map[string]access          // by value of an access tag
	noStops         map[string]map[string]bool // by key and value, "*" any but no: nobody starts or ends there
	fastCarriageway float64                    // km/h: nor on a carriageway of its own whose limit is at least that
	barriers        map[string]barrier
	waits           map[string][NumModes]geo.Cost // by "key=value" of a node
	signals         float64                       // metres between those of one junction
	junctions       [NumModes]junction
}

// untoldTrack is the tracktype of a track that tells neither grade nor surface.
const untoldTrack = "untold"

// highway is what one value of the highway tag means when nothing else is said.
type highway struct {
	class  Class
	limit  float64 // km/h, for a car, without sign
	twoWay float64 // the same, of a road without central reservation
	driven float64 // share of the limit that is driven
	signed float64 // the same, of a limit on a sign
	town   float64 // the same, of the limit of built-up areas
	cap    float64 // km/h: the fastest at which it is driven, whatever its sign
	access [NumModes]access
	guests [NumModes]bool // let in at the pace of walkers
	never  [NumModes]bool // kept out whatever the access tags say
}

// limitOf is the limit without sign of a road that runs in dir.
func (h highway) limitOf(dir direction) float64 {
	if dir == bothWays {
		return h.twoWay
	}
	return h.limit
}

// ground is the share of the speed on asphalt that each mode keeps.
type ground struct {
	share  [NumModes]float64
	closed [NumModes]bool
}

// hard is asphalt, and what is said of a road that tells nothing.
var hard = ground{share: [NumModes]float64{1, 1, 1}}

// worse is a ground that is as bad as both: they describe the same one, so the
// lower share counts, not their product.
func (g ground) worse(h ground) ground {
	for m := range g.share {
		g.share[m] = min(g.share[m], h.share[m])
		g.closed[m] = g.closed[m] || h.closed[m]
	}
	return g
}

// barrier is what one value of the barrier tag means.
type barrier struct {
	closed [NumModes]bool
	narrow bool // no access tag lets those in whom its build stops, unless it names them
	wait   [NumModes]geo.Cost
}

// junction is what meeting other roads costs to a mode.
type junction struct {
	least        int      // edges of the mode that meet, from which a node is a junction
	yield, cross geo.Cost // on a lesser road; on the greatest
}

//go:embed profile.json
var profileJSON []byte

var defaultProfile = sync.OnceValue(func() *Profile {
	p, err := ParseProfile(profileJSON)
	if err != nil {
		panic(err) // a test reads it
	}
	return p
})

// ProfileText is the text of [DefaultProfile], with its sources.
func ProfileText() []byte { return slices.Clone(profileJSON) }

// DefaultProfile is the one that the package carries, for France.
func DefaultProfile() *Profile { return defaultProfile() }

// SignalsReach is how near each other signals of one junction are, in metres.
func (p *Profile) SignalsReach() float64 { return p.signals }
