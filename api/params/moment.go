package params

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo/lieu"
)

// Moments are slots of a week, from Monday 00:00.
const (
	// UsualMoment is Wednesday at half past five in the afternoon: after work and school.
	UsualMoment = 2*lieu.SlotsPerDay + 17*lieu.SlotsPerHour + 30/lieu.SlotMinutes
	// NoMoment is that none was asked for.
	NoMoment = -1
)

// parseMoment reads a day of the week (1: Monday) and an hour, as 3T17:30; the quarter of
// an hour that holds it counts.
func parseMoment(text string) (slot int, ok bool) {
	day, hour, found := strings.Cut(text, "T")
	h, m, split := strings.Cut(hour, ":")
	d, err1 := strconv.Atoi(day)
	hh, err2 := strconv.Atoi(h)
	mm, err3 := strconv.Atoi(m)
	if !found || !split || err1 != nil || err2 != nil || err3 != nil || len(day) != 1 || len(h) != 2 || len(m) != 2 || d < 1 || d > 7 || hh < 0 || hh > 23 || mm < 0 || mm > 59 {
		return 0, false
	}
	return (d-1)*lieu.SlotsPerDay + (60*hh+mm)/lieu.SlotMinutes, true
}

// MomentText writes a moment as addresses have it.
func MomentText(slot int) string {
	minutes := slot % lieu.SlotsPerDay * lieu.SlotMinutes
	return fmt.Sprintf("%dT%02d:%02d", slot/lieu.SlotsPerDay+1, minutes/60, minutes%60)
}
