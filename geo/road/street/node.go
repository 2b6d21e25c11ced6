package street

import (
	"strings"

	"github.com/aisne-numerique/maillage/geo"
)

// NodeMeaning is what the tags of a node mean to each mode.
type NodeMeaning struct {
	Closed [NumModes]bool     // nobody passes: a journey may end there, or turn round
	Ends   [NumModes]bool     // those alone pass whose trip starts or ends beyond
	Wait   [NumModes]geo.Cost // to pass it, or to arrive there from the road
	Sign   [NumModes]geo.Cost // the same, at a sign to stop or give way that Faces some of those who come
	Signal [NumModes]geo.Cost // the same, at signals and level crossings, once in a junction; they face as signs do
	Faces  Facing
}

// Facing is whom a sign or signals at a node face, by the direction of the way that they
// are on.
type Facing uint8

// The facings.
const (
	Untold         Facing = iota // a sign, those who come to the nearest junction; signals, everybody
	Everybody                    // who comes by any road
	ComingForward                // in the direction of the way
	ComingBackward               // against it
)

// And is what both meanings order together.
func (m NodeMeaning) And(o NodeMeaning) NodeMeaning {
	if m.faces() && o.faces() && m.Faces != o.Faces {
		m.Faces = Everybody
	} else {
		m.Faces = max(m.Faces, o.Faces)
	}
	for i := range m.Wait {
		m.Closed[i] = m.Closed[i] || o.Closed[i]
		m.Ends[i] = m.Ends[i] || o.Ends[i]
		m.Wait[i] = max(m.Wait[i], o.Wait[i])
		m.Sign[i] = max(m.Sign[i], o.Sign[i])
		m.Signal[i] = max(m.Signal[i], o.Signal[i])
	}
	return m
}

// faces reports whether there is a sign or signals.
func (m NodeMeaning) faces() bool {
	return m.Sign != [NumModes]geo.Cost{} || m.Signal != [NumModes]geo.Cost{}
}

// InterpretNode tells what the tags of a node mean: barriers, by their kind and their
// access tags, and waits. A barrier that is locked, or that closes by nature, is passed
// by those alone that its access tags let in.
func (p *Profile) InterpretNode(tags map[string]string) NodeMeaning {
	var m NodeMeaning
	if kind := tags["barrier"]; kind != "" && kind != "no" {
		b := p.barriers[kind]
		for _, mode := range Modes {
			granted := p.rightAt(tags, b, mode)
			m.Closed[mode] = granted == closed
			m.Ends[mode] = granted == atEnds
		}
		m.Wait = b.wait
	}
	for _, key := range [...]string{"highway", "railway", "crossing", "crossing:signals"} {
		for value := range strings.SplitSeq(tags[key], ";") {
			tag := key + "=" + strings.TrimSpace(value)
			into := &m.Wait
			switch tag {
			case "highway=stop", "highway=give_way":
				into = &m.Sign
			case "highway=traffic_signals", "crossing=traffic_signals", "crossing:signals=yes", "railway=level_crossing":
				into = &m.Signal // of several tracks, each has its node
			}
			for mode, wait := range p.waits[tag] {
				into[mode] = max(into[mode], wait)
			}
		}
	}
	if m.faces() {
		m.Faces = facingOf(tags)
	}
	return m
}

func facingOf(tags map[string]string) Facing {
	for _, k := range [...]string{"traffic_signals:direction", "direction"} {
		switch strings.ToLower(strings.TrimSpace(tags[k])) {
		case "forward":
			return ComingForward
		case "backward":
			return ComingBackward
		case "both":
			return Everybody
		}
	}
	if tags["stop"] == "all" {
		return Everybody
	}
	return Untold
}

// TurnMeaning is what a turn restriction orders.
type TurnMeaning uint8

// The members of TurnMeaning.
const (
	NoOrder  TurnMeaning = iota // none for cars, at all times
	NotThere                    // "no_…": every turn from the way but to this one
	OnlyThat                    // "only_…": no other turn from the way
)

// turns are the values of a restriction (OSM wiki, Relation:restriction).
var turns = map[string]TurnMeaning{
	"no_left_turn": NotThere, "no_right_turn": NotThere, "no_straight_on": NotThere,
	"no_u_turn": NotThere, "no_entry": NotThere, "no_exit": NotThere,
	"only_left_turn": OnlyThat, "only_right_turn": OnlyThat, "only_straight_on": OnlyThat,
	"only_u_turn": OnlyThat,
}

// InterpretTurn tells what a restriction orders to a car, by its most particular key.
// Those for other vehicles (restriction:hgv), those of some hours (restriction:
// conditional, day_on), those that except cars, and values that are not known order
// nothing.
func InterpretTurn(tags map[string]string) TurnMeaning {
	for _, k := range accessKeys[Car] {
		if v, told := tags["restriction:"+k.name]; told {
			return turnOf(v)
		}
	}
	for _, k := range [...]string{"day_on", "day_off", "hour_on", "hour_off"} {
		if tags[k] != "" {
			return NoOrder
		}
	}
	if exceptsCars(tags["except"]) {
		return NoOrder
	}
	return turnOf(tags["restriction"])
}

// turnOf is what a value orders, of a list the first that is known.
func turnOf(values string) TurnMeaning {
	for v := range strings.SplitSeq(values, ";") {
		if t := turns[strings.TrimSpace(v)]; t != NoOrder {
			return t
		}
	}
	return NoOrder
}

// exceptsCars tells whether cars are among those that a restriction leaves alone.
func exceptsCars(except string) bool {
	for who := range strings.FieldsFuncSeq(except, func(r rune) bool { return r == ';' || r == ',' || r == ' ' }) {
		switch who {
		case "motorcar", "motor_vehicle", "vehicle":
			return true
		}
	}
	return false
}
