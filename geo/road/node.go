package road

import "github.com/aisne-numerique/maillage/geo"

// NodeMeaning is what the tags of a node mean to each mode.
type NodeMeaning struct {
	Closed [geo.NumModes]bool     // nobody passes: a trip may end there, or turn round
	Wait   [geo.NumModes]geo.Cost // to pass it, or to arrive there from the road
}

// InterpretNode tells what the tags of a node mean in France.
func InterpretNode(tags map[string]string) NodeMeaning {
	var m NodeMeaning
	switch tags["barrier"] {
	case "bollard", "block", "jersey_barrier", "log":
		m.Closed[geo.Car] = !allowed(tags, false, "motorcar", "motor_vehicle", "vehicle", "access")
	}
	if tags["highway"] == "traffic_signals" {
		m.Wait[geo.Car] = 8 * geo.Second
	}
	return m
}

// TurnMeaning is what a turn restriction orders.
type TurnMeaning uint8

// The members of TurnMeaning.
const (
	NoOrder  TurnMeaning = iota // none for cars, at all times
	NotThere                    // "no_…": every turn from the way but to this one
	OnlyThat                    // "only_…": no other turn from the way
)

// InterpretTurn tells what a restriction orders to a car. Those for other vehicles, and
// those of some hours only, order nothing.
func InterpretTurn(tags map[string]string) TurnMeaning {
	value := tags["restriction"]
	switch {
	case len(value) > 3 && value[:3] == "no_":
		return NotThere
	case len(value) > 5 && value[:5] == "only_":
		return OnlyThat
	}
	return NoOrder
}
