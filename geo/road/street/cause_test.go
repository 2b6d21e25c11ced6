package street

import (
	"slices"
	"testing"
)

func TestNotObeyed(t *testing.T) {
	for _, row := range []struct {
		name, tags string
		want       []Cause
	}{
		{"a street", "highway=residential; maxspeed=30", nil},
		{"closed at night", "highway=residential; motor_vehicle:conditional=no @ (22:00-06:00)", []Cause{AccessIfs}},
		{"to one direction", "highway=residential; vehicle:forward:conditional=no @ Mo-Fr", []Cause{AccessIfs}},
		{"closed to heavy lorries", "highway=residential; motor_vehicle:conditional=no @ (weight>3.5)", nil},
		{"closed to heavy ones, and at night", "highway=residential; vehicle:conditional=no @ (weight>3.5); no @ (22:00-06:00)", []Cause{AccessIfs}},
		{"to lorries alone", "highway=residential; access:hgv:conditional=no @ (22:00-06:00)", nil},
		{"one way at times", "highway=residential; oneway:conditional=yes @ (Mo-Fr 07:00-09:00)", []Cause{OnewayIfs}},
		{"slower in the rain", "highway=motorway; maxspeed:conditional=110 @ wet", []Cause{SpeedIfs}},
		{"two keys, one cause", "highway=residential; maxspeed:forward:conditional=30 @ Mo-Fr; maxspeed:conditional=30 @ Mo-Fr", []Cause{SpeedIfs}},
		{"a lane that turns", "highway=residential; oneway=reversible", []Cause{Reversible}},
		{"a limit that says nothing", "highway=residential; maxspeed=quick", []Cause{SpeedUnread}},
		{"limits that are no number", "highway=motorway; maxspeed=none; maxspeed:forward=signals; maxspeed:backward=fr:Urban", nil},
		{"a boat that tells its time", "route=ferry; duration=1h30; interval=30", nil},
		{"a boat that does not", "route=ferry; duration=quick; interval=on demand", []Cause{DurationUnread, IntervalUnread}},
		{"a boat of the day", "route=ferry; opening_hours=Mo-Sa 08:00-18:00", []Cause{BoatByTimetable}},
		{"a boat of all days", "route=ferry; opening_hours=Mo-Su 00:00-24:00; seasonal=no", nil},
		{"a boat of summers", "route=ferry; seasonal=summer", []Cause{BoatByTimetable}},
		{"a road that is of summers", "highway=track; seasonal=summer", nil},
	} {
		slices.Sort(row.want)
		if got := NotObeyed(tagsOf(row.tags)); !slices.Equal(got, row.want) {
			t.Errorf("%s: NotObeyed(%s) = %q, want %q", row.name, row.tags, got, row.want)
		}
	}
}

func TestTurnNotObeyed(t *testing.T) {
	for _, row := range []struct {
		name, tags string
		want       []Cause
	}{
		{"obeyed", "restriction=no_left_turn", nil},
		{"obeyed by all but buses", "restriction=no_left_turn; except=bus", nil},
		{"of lorries", "restriction:hgv=no_left_turn", []Cause{ByVehicle}},
		{"of some days, for all but buses", "restriction=no_left_turn; except=psv; day_on=Monday", []Cause{ByHour}},
		{"not of cars", "restriction=no_left_turn; except=motorcar", []Cause{ByVehicle}},
		{"at some hours", "restriction:conditional=no_left_turn @ (07:00-09:00)", []Cause{ByHour}},
		{"at some hours, the old way", "restriction=no_left_turn; hour_on=07:00; hour_off=09:00", []Cause{ByHour}},
		{"of lorries at some hours", "restriction:hgv:conditional=no_left_turn @ (07:00-09:00)", []Cause{ByHour}},
		{"of no kind that is known", "restriction=no_way", []Cause{OfUnknownKind}},
		{"of no kind", "type=restriction", []Cause{OfUnknownKind}},
	} {
		if got := TurnNotObeyed(tagsOf(row.tags)); !slices.Equal(got, row.want) {
			t.Errorf("%s: TurnNotObeyed(%s) = %q, want %q", row.name, row.tags, got, row.want)
		}
	}
}
