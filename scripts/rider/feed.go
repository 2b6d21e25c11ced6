package rider

import (
	"context"
	"fmt"
	"time"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/gtfs"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// Read reads the feeds of a file.
func Read(ctx context.Context, path string) (feeds []transit.Feed, err error) {
	imp, err := gtfs.GTFS(ctx, []source.Input{source.FromPath(path)}, source.Options{})
	if err != nil {
		return nil, err
	}
	for f, err := range imp.Rows {
		if err != nil {
			return nil, err
		}
		feeds = append(feeds, f)
	}
	return feeds, nil
}

// Plain are feeds without what programs leave out that know trips alone: trips that continue
// as others, rules of transfers, lines of schools, transport on demand. It tells how much that
// is.
func Plain(feeds ...transit.Feed) (plain []transit.Feed, left Left) {
	for _, f := range feeds {
		trips := f.Trips
		left.Transfers += len(f.Transfers)
		left.Zones += len(f.Zones)
		f.Transfers, f.Zones, f.Trips = nil, nil, nil
		for _, t := range trips {
			if f.Lines[t.Line].Type == transit.School {
				left.School++
				continue
			}
			if t.Block != "" {
				left.Blocks++
				t.Block = ""
			}
			f.Trips = append(f.Trips, t)
		}
		plain = append(plain, f)
	}
	return plain, left
}

// Left counts what plain feeds are without: Blocks are trips of one, School those of school
// lines.
type Left struct{ Transfers, Blocks, School, Zones int }

func (l Left) String() string {
	return fmt.Sprintf("%d rules of transfers, blocks of %d trips, %d school trips, %d zones on demand", l.Transfers, l.Blocks, l.School, l.Zones)
}

// Zone is the time zone of feeds; an error when they have several.
func Zone(feeds ...transit.Feed) (*time.Location, error) {
	name := feeds[0].Agencies[0].Zone
	for i := range feeds {
		for _, a := range feeds[i].Agencies {
			if a.Zone != name {
				return nil, fmt.Errorf("agencies in the zones %s and %s; expected one", name, a.Zone)
			}
		}
	}
	return time.LoadLocation(name)
}

// Weeks are the four weeks on which most trips of feeds run; no day is taken for a holiday.
func Weeks(feeds ...transit.Feed) (transit.Weeks, error) {
	return transit.ChooseWeeks(feeds, func(transit.Day) (is, known bool) { return false, true })
}
