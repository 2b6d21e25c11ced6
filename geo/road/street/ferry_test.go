package street

import (
	"testing"

	"github.com/aisne-numerique/maillage/geo"
)

func TestFerryTimes(t *testing.T) {
	const minute = geo.Minute
	for _, row := range []struct {
		name, tags      string
		duration, board geo.Cost
	}{
		{"a duration", "route=ferry; duration=1h30", 90 * minute, 0},
		{"half an interval", "route=ferry; duration=00:05; interval=02:00", 5 * minute, 60 * minute},
		{"an interval in minutes", "route=ferry; duration=5; interval=30", 5 * minute, 15 * minute},
		{"an interval that varies: the longest", "route=ferry; duration=5; interval=00:30-01:00", 5 * minute, 30 * minute},
		{"an interval that is not read", "route=ferry; duration=5; interval=often", 5 * minute, 0},
		{"no duration: a minute to put off and moor", "route=ferry", 0, minute},
		{"one that is not read, and an interval", "route=ferry; duration=a while; interval=30 min", 0, 16 * minute},
		{"a street that has a duration", "highway=residential; duration=10; interval=10", 0, 0},
	} {
		if m := DefaultProfile().Interpret(tagsOf(row.tags)); m.Duration != row.duration || m.Board != row.board {
			t.Errorf("%s: Interpret(%s): %d ds, board %d, want %d, %d", row.name, row.tags, m.Duration, m.Board, row.duration, row.board)
		}
	}
}
