package edition

import "github.com/aisne-numerique/maillage/geo"

// CalledStop is a place at which vehicles of the timetables call.
type CalledStop struct {
	Nom string
	At  geo.LonLat
}

// CalledStops lists the stops at which some trip of the timetables calls, in the order of their
// feeds; of those at one position the first.
func (e *Edition) CalledStops() []CalledStop {
	if e.Timetables == nil {
		return nil
	}
	var out []CalledStop
	seen := map[geo.LonLat]bool{}
	for i := range e.Timetables.Feeds {
		f := &e.Timetables.Feeds[i]
		called := make([]bool, len(f.Stops))
		for k := range f.Trips {
			for _, c := range f.Trips[k].Calls {
				called[c.Stop] = true
			}
		}
		for k := range f.Stops {
			if s := &f.Stops[k]; called[k] && !seen[s.At] {
				seen[s.At] = true
				out = append(out, CalledStop{s.Name, s.At})
			}
		}
	}
	return out
}

// CommuneAt is the commune of a position, -1 outside the territory.
func (e *Edition) CommuneAt(p geo.LonLat) int32 { return e.home("", &p) }
