package transit

import (
	"time"

	"github.com/aisne-numerique/maillage/geo"
)

// The rules of journeys that are no options. Times are seconds of a day.
const (
	earliest = 6 * 3600  // nobody leaves home before
	latest   = 20 * 3600 // nor is home after
	maxRides = 3
	// changeSeconds is what a change from one ride to the next takes, beside the walk.
	changeSeconds = 120

	// Which slots count is told for journeys of at most so many steps of so many seconds.
	stepSeconds = int32(geo.TimetableStep / geo.Second)
	NumSteps    = 12
	longest     = NumSteps * stepSeconds // no journey is longer

	// mirror turns a time of a day into the same time looked at backwards.
	mirror = earliest + latest
)

// Step is the unit of cut-offs: which slots count is told for each multiple of it, up to the
// longest.
const Step = geo.TimetableStep

// Options are the parameters of a timetable network.
type Options struct {
	From Day            // the Monday on which the reference weeks start
	Zone *time.Location // of the territory: that of the hours of sites

	Stay, Away int32    // seconds: the shortest time at a site, the longest from home
	Walk       geo.Cost // the longest of each walk, inclusive

	OnRequest  bool // boarding or alighting that is asked for beforehand counts
	School     bool // school lines count
	Wheelchair bool // only stops and trips that are known to take wheelchairs count
}

// Default are the options of a territory, where nothing else is asked.
func Default(from Day, zone *time.Location) Options {
	return Options{From: from, Zone: zone, Stay: 30 * 60, Away: 4 * 3600, Walk: 18 * geo.Minute}
}

// Left counts what of the feeds no journey uses, on the reference weeks.
type Left struct {
	School     int // trips of school lines
	OnRequest  int // calls at which one boards or alights on request alone
	Wheelchair int // trips that take no wheelchairs, or do not say, where only those that do count
	Steps      int // the same of stops
	OffStreets int // stops that join no street
	Branches   int // trips that continue as another, which follows one already
	Rules      int // rules of transfers that name no stop
}
