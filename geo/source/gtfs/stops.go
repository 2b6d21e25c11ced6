package gtfs

import (
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// rawStop is a stop before its parent is known.
type rawStop struct {
	transit.Stop
	parent  string
	line    int
	located bool
}

// readStops reads stops, stations and the rest. Those without coordinates are left out: a
// station takes the middle of its stops, a boarding area or a node those of its parent.
func (f *feed) readStops() error {
	const file = "stops.txt"
	var raw []rawStop
	_, err := f.each(file, []string{"stop_id"}, []string{"stop_name", "stop_lat", "stop_lon", "location_type", "parent_station", "wheelchair_boarding"}, func(c cells) error {
		s := rawStop{line: c.line, parent: c.v[5]}
		s.ID, s.Name, s.Parent = c.v[0], c.v[1], -1
		s.Kind = transit.StopKind(f.choice(file, c.line, "location_type", c.v[4], int(transit.BoardingArea)))
		s.Wheelchair = transit.Access(f.choice(file, c.line, "wheelchair_boarding", c.v[6], int(transit.No)))
		if c.v[2] != "" || c.v[3] != "" {
			at, bad := source.ParsePosition("stop_lon", source.DecimalPoint(c.v[3]), "stop_lat", source.DecimalPoint(c.v[2]))
			if bad != nil && c.v[2] != "" && c.v[3] != "" {
				f.reject(file, c.line, bad.Field, bad.Value, bad.Reason)
				f.stops.lose(s.ID)
				return nil
			}
			s.At, s.located = at, bad == nil && at != geo.LonLat{}
		}
		if !s.located {
			s.At = geo.LonLat{}
		}
		if !f.newRow(&f.stops, file, "stop_id", c.line, s.ID, len(raw), func(n int32) bool {
			was := raw[n]
			was.line = s.line
			return was == s
		}) {
			return nil
		}
		f.text += len(s.Name) + len(s.parent)
		raw = append(raw, s)
		return nil
	})
	if err != nil {
		return err
	}
	f.placeStops(file, raw)
	return nil
}

// placeStops links stops with their parents, gives places to those that have none, and keeps
// those that have one.
func (f *feed) placeStops(file string, raw []rawStop) {
	for i := range raw {
		s := &raw[i]
		if s.parent == "" {
			continue
		}
		p, ok := f.stops.of[s.parent]
		switch {
		case !ok:
			f.note(file, s.line, "parent_station", s.parent, "arrêts d'une gare absente de stops.txt, gardés sans elle : %d")
		case s.Kind == transit.Station, raw[p].Kind != transit.Station && !(s.Kind == transit.BoardingArea && raw[p].Kind == transit.Platform):
			f.note(file, s.line, "parent_station", s.parent, "arrêts dont la gare n'en est pas une (location_type), gardés sans elle : %d")
		default:
			s.Parent = p
		}
	}
	middles := make(map[int32][3]float64) // of stations: sums of positions, and how many
	for i := range raw {
		if s := &raw[i]; s.Parent >= 0 && s.located {
			m := middles[s.Parent]
			middles[s.Parent] = [3]float64{m[0] + s.At.Lon, m[1] + s.At.Lat, m[2] + 1}
		}
	}
	for i := range raw {
		if m, ok := middles[int32(i)]; ok && !raw[i].located {
			raw[i].At, raw[i].located = geo.LonLat{Lon: m[0] / m[2], Lat: m[1] / m[2]}, true
			f.note(file, raw[i].line, "stop_lat, stop_lon", "", "gares sans coordonnées, placées au milieu de leurs arrêts : %d")
		}
	}
	for range 2 { // a boarding area has a platform, which has a station
		for i := range raw {
			s := &raw[i]
			if s.Parent < 0 {
				continue
			}
			p := &raw[s.Parent]
			if !s.located && p.located {
				s.At, s.located = p.At, true
				f.note(file, s.line, "stop_lat, stop_lon", "", "arrêts sans coordonnées, placés à leur gare : %d")
			}
			if s.Wheelchair == transit.Unknown {
				s.Wheelchair = p.Wheelchair
			}
		}
	}
	number := make([]int32, len(raw))
	for i := range raw {
		s := &raw[i]
		if number[i] = int32(len(f.out.Stops)); !s.located {
			number[i] = nowhere
			f.stops.of[s.ID] = nowhere
			f.skip(file, s.line, 1, "arrêts sans coordonnées, où personne ne peut être conduit, laissés de côté : %d")
			continue
		}
		f.stops.of[s.ID] = number[i]
		f.out.Stops = append(f.out.Stops, s.Stop)
	}
	for i := range f.out.Stops {
		if s := &f.out.Stops[i]; s.Parent >= 0 {
			s.Parent = max(-1, number[s.Parent]) // one that is nowhere: none
		}
	}
}
