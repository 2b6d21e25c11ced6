package street

import (
	"fmt"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
)

func TestInterpretNode(t *testing.T) {
	const all, car, ride, none = "[true true true]", "[true false false]", "[true true false]", "[false false false]"
	const ends = "ends [true true true]"
	for _, row := range []struct {
		name, tags, closed string             // "[car bike walk]", "ends" where open to those alone who start or end beyond
		wait               [NumModes]geo.Cost // ds, of any kind
	}{
		{"a bollard stops cars", "barrier=bollard", car, [3]geo.Cost{}},
		{"a bollard that goes down for some cars", "barrier=bollard; motor_vehicle=yes", none, [3]geo.Cost{}},
		{"a bollard that lets all pass", "barrier=bollard; access=yes", none, [3]geo.Cost{}},
		{"a block that lets vehicles pass", "barrier=block; vehicle=yes", none, [3]geo.Cost{}},
		{"a bollard for residents", "barrier=bollard; access=private", ends, [3]geo.Cost{}},
		{"no tag makes a stile wide", "barrier=stile; access=yes", ride, [3]geo.Cost{0, 200, 50}},
		{"but its own", "barrier=stile; bicycle=yes", car, [3]geo.Cost{0, 200, 50}},
		{"a bollard for walkers and bicycles", "barrier=bollard; foot=yes; bicycle=yes", car, [3]geo.Cost{}},
		{"a gate that says who passes", "barrier=gate; access=yes; motor_vehicle=no", car, [3]geo.Cost{200, 100, 50}},
		{"a gate for farmers and those who live there", "barrier=gate; motor_vehicle=agricultural;destination", "ends [true false false]", [3]geo.Cost{200, 100, 50}},
		{"a gate that is shut to all", "barrier=gate; access=no", all, [3]geo.Cost{200, 100, 50}},
		{"a gate that tells nothing is opened", "barrier=gate", none, [3]geo.Cost{200, 100, 50}},
		{"a private gate", "barrier=gate; access=private", ends, [3]geo.Cost{200, 100, 50}},
		{"a private gate that walkers pass", "barrier=gate; access=private; foot=yes", "ends [true true false]", [3]geo.Cost{200, 100, 50}},
		{"a gate that is locked", "barrier=gate; locked=yes", all, [3]geo.Cost{200, 100, 50}},
		{"a lift gate for residents", "barrier=lift_gate; motor_vehicle=residents", "ends [true false false]", [3]geo.Cost{100, 50, 0}},
		{"a cycle barrier slows bicycles", "barrier=cycle_barrier", car, [3]geo.Cost{0, 50, 0}},
		{"a stile is for walkers", "barrier=stile", ride, [3]geo.Cost{0, 200, 50}},
		{"a wall", "barrier=wall", all, [3]geo.Cost{}},
		{"a barrier that is not listed", "barrier=kerb", none, [3]geo.Cost{}},
		{"an unlisted barrier with a sign", "barrier=yes; motor_vehicle=no", car, [3]geo.Cost{}},
		{"no barrier", "barrier=no; access=no", none, [3]geo.Cost{}},
		{"access without barrier is of something else", "highway=bus_stop; access=no", none, [3]geo.Cost{}},
		{"traffic signals", "highway=traffic_signals", none, [3]geo.Cost{50, 50, 50}},
		{"a crossing with signals", "highway=crossing; crossing=traffic_signals", none, [3]geo.Cost{40, 40, 50}},
		{"a crossing without", "highway=crossing", none, [3]geo.Cost{}},
		{"a stop", "highway=stop", none, [3]geo.Cost{40, 20, 0}},
		{"a level crossing with its gate: the longer wait", "railway=level_crossing; barrier=lift_gate", none, [3]geo.Cost{100, 50, 0}},
	} {
		m := DefaultProfile().InterpretNode(tagsOf(row.tags))
		for mode := range m.Wait {
			m.Wait[mode] = max(m.Wait[mode], m.Sign[mode], m.Signal[mode])
		}
		got := fmt.Sprint(m.Closed)
		if m.Ends != ([NumModes]bool{}) {
			got = fmt.Sprint("ends ", m.Ends)
			if m.Closed != ([NumModes]bool{}) {
				got = fmt.Sprint(m.Closed, " and ", got)
			}
		}
		if got != row.closed || m.Wait != row.wait {
			t.Errorf("%s: InterpretNode(%s) closed %s, waits %v, want %s, %v", row.name, row.tags, got, m.Wait, row.closed, row.wait)
		}
	}
}

func TestFacing(t *testing.T) {
	const sign, signal = "sign", "signal"
	for _, row := range []struct {
		tags, kind string
		want       Facing
	}{
		{"highway=stop", sign, Untold},
		{"highway=stop; direction=forward", sign, ComingForward},
		{"highway=give_way; direction=backward", sign, ComingBackward},
		{"highway=stop; direction=both", sign, Everybody},
		{"highway=stop; stop=all", sign, Everybody},
		{"highway=stop; stop=minor", sign, Untold},
		{"highway=stop; direction=N", sign, Untold},
		{"highway=traffic_signals", signal, Untold},
		{"highway=traffic_signals; traffic_signals:direction=backward", signal, ComingBackward},
		{"highway=traffic_signals; direction=forward", signal, ComingForward},
		{"highway=crossing; crossing=traffic_signals", signal, Untold},
		{"highway=crossing; crossing:signals=yes", signal, Untold},
		{"highway=traffic_signals;crossing; traffic_signals:direction=forward", signal, ComingForward},
		{"railway=level_crossing", signal, Untold},
		{"railway=crossing; direction=forward", "", Untold},
		{"barrier=gate; direction=forward", "", Untold},
	} {
		m := DefaultProfile().InterpretNode(tagsOf(row.tags))
		kind := ""
		switch {
		case m.Sign != [NumModes]geo.Cost{}:
			kind = sign
		case m.Signal != [NumModes]geo.Cost{}:
			kind = signal
		}
		if kind != row.kind || m.Faces != row.want {
			t.Errorf("InterpretNode(%s): %q that faces %d, want %q, %d", row.tags, kind, m.Faces, row.kind, row.want)
		}
	}
}

func TestInterpretTurn(t *testing.T) {
	for _, row := range []struct {
		name, tags string
		want       TurnMeaning
	}{
		{"not left", "type=restriction; restriction=no_left_turn", NotThere},
		{"straight on only", "restriction=only_straight_on", OnlyThat},
		{"not round", "restriction=no_u_turn", NotThere},
		{"two orders", "restriction=no_left_turn;no_u_turn", NotThere},
		{"no entry", "restriction=no_entry", NotThere},
		{"a value that is unknown", "restriction=no_way", NoOrder},
		{"nothing", "type=restriction", NoOrder},
		{"for lorries", "restriction:hgv=no_left_turn", NoOrder},
		{"for cars", "restriction:motorcar=no_left_turn", NotThere},
		{"for motor vehicles", "restriction:motor_vehicle=only_right_turn", OnlyThat},
		{"the particular beats the general", "restriction=no_left_turn; restriction:motorcar=none", NoOrder},
		{"except buses", "restriction=no_left_turn; except=bus;bicycle", NotThere},
		{"except cars too", "restriction=no_left_turn; except=psv;motorcar", NoOrder},
		{"at some hours", "restriction:conditional=no_left_turn @ (Mo-Fr 07:00-09:00)", NoOrder},
		{"at some hours, the old way", "restriction=no_left_turn; hour_on=07:00; hour_off=09:00", NoOrder},
		{"for cars, at some hours", "restriction:motorcar:conditional=no_left_turn @ (07:00-09:00)", NoOrder},
	} {
		if got := InterpretTurn(tagsOf(row.tags)); got != row.want {
			t.Errorf("%s: InterpretTurn(%s) = %d, want %d", row.name, row.tags, got, row.want)
		}
	}
}

func TestJunctionWait(t *testing.T) {
	for _, row := range []struct {
		name            string
		mode            Mode
		class, greatest Class
		degree          int
		want            geo.Cost // ds
	}{
		{"a lane gives way to a main road", Car, Local, Primary, 3, 25},
		{"the main road hardly slows down", Car, Primary, Primary, 3, 2},
		{"streets among themselves", Car, Local, Local, 4, 2},
		{"a road that goes on is no junction", Car, Local, Primary, 2, 0},
		{"a dead end", Car, Local, Local, 1, 0},
		{"a bicycle gives way", Bike, Minor, Tertiary, 3, 10},
		{"a walker does not stop", Walk, Minor, Primary, 4, 0},
	} {
		if got := DefaultProfile().JunctionWait(row.mode, row.class, row.greatest, row.degree); got != row.want {
			t.Errorf("%s: JunctionWait(%s, %d, %d, %d) = %d ds, want %d", row.name, row.mode, row.class, row.greatest, row.degree, got, row.want)
		}
	}
}
