// Package street says what the tags of OSM ways and nodes mean to those who travel by
// streets: who may go there, how fast, and how long they wait. It knows no network.
//
//	Mode         car, bike or walk: those who need nothing but streets
//	Class        the rank of a road
//	Profile      what tags mean; read from data (see profile.json)
//	Meaning      what the tags of a way mean to every mode
//	NodeMeaning  what those of a node mean
//	TurnMeaning  what a turn restriction orders
package street

import (
	"fmt"

	"github.com/aisne-numerique/maillage/geo"
)

// Mode is a way to travel by streets alone, in the order of every table of this package and
// of networks. All ways to travel are [geo.Mode].
type Mode uint8

// The modes.
const (
	Car Mode = iota
	Bike
	Walk
	NumModes = iota
)

// Modes lists every mode, in order.
var Modes = [NumModes]Mode{Car, Bike, Walk}

var travelModes = [NumModes]geo.Mode{Car: geo.Car, Bike: geo.Bike, Walk: geo.Walk}

// Travel is m among all ways to travel.
func (m Mode) Travel() geo.Mode { return travelModes[m] }

func (m Mode) String() string { return m.Travel().String() }

// ModeOf is the mode of streets that a way to travel is; false when it needs more.
func ModeOf(travel geo.Mode) (Mode, bool) {
	for _, m := range Modes {
		if m.Travel() == travel {
			return m, true
		}
	}
	return 0, false
}

func parseMode(s string) (Mode, error) {
	for _, m := range Modes {
		if m.String() == s {
			return m, nil
		}
	}
	return 0, fmt.Errorf("mode %q: expected car, bike or walk", s)
}
