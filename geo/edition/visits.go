package edition

import (
	"context"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// joinedHomes are the parts and the sites of an edition, joined to what runs.
type joinedHomes struct {
	net    *transit.Network
	starts network.Starts
	sites  network.Sites
}

// joinHomes joins them. Tables of access do not keep how, and one journey needs it.
func (e *Edition) joinHomes() *joinedHomes {
	j := &joinedHomes{net: e.transit()}
	starts, err := j.net.Starts(context.Background(), e.Origins)
	if err == nil {
		j.starts = starts
		j.sites, err = j.net.Sites(context.Background(), network.SitesOf(e.Sites))
	}
	if err != nil {
		panic(err) // of a context that ends
	}
	return j
}

// Visits lists how the people of a part get to a site by bus while it is open, and back, on
// each date of the reference weeks: see [transit.Network.Visits]. The edition must have
// timetables. The
// first call takes longer: it joins every part to the stops around.
func (e *Edition) Visits(part, site int32, limit geo.Cost) []transit.Visit {
	j := e.homes()
	return j.net.Visits(j.starts, part, j.sites, site, limit)
}

// NearestStop is the stop to which the people of a part walk soonest, and the seconds; ok is
// false when none is near enough. The edition must have timetables.
func (e *Edition) NearestStop(part int32) (stop, seconds int32, ok bool) {
	j := e.homes()
	return j.net.NearestStop(j.starts, part)
}

// StopName is the name of a stop (see [transit.Timetable.Stops]); empty: it has none.
func (e *Edition) StopName(stop int32) string {
	s := e.transit().Timetable().Stops()[stop]
	return e.Timetables.Feeds[s.Feed].Stops[s.Stop].Name
}
