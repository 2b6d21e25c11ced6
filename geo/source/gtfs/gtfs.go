// Package gtfs reads timetables of public transport as they are published (GTFS Schedule,
// https://gtfs.org/documentation/schedule/reference, with GTFS-Flex), and transport on demand
// as its organisers tell it.
package gtfs

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// Limits of what an import holds in memory, all its feeds together. A record of stop_times
// takes 36 bytes while it is read and 16 once it is a call: the bound is some 600 MiB.
const (
	maxCalls    = 12_000_000
	maxEntities = 3_000_000   // stops, lines, services and their exceptions, trips, transfers, frequencies, zones
	maxDays     = 40_000_000  // of services
	maxText     = 256 << 20   // bytes of ids, names and areas
	maxID       = 500         // bytes of an id: what a store takes for a key
	maxRuns     = 100_000_000 // departures that frequencies stand for
)

// GTFS reads feeds: archives (zip, 7z) of the files of GTFS, which may be in a folder of it, or in
// several, a feed in each; or those files themselves, which are one feed.
//
// A file that lacks makes the feed be refused when nothing can be understood without it
// (agency.txt, routes.txt, trips.txt, stop_times.txt, stops.txt unless there are zones, one of
// calendar.txt and calendar_dates.txt), and so does a column of that sort. A row is rejected
// where the field's validator calls it an error: an id that is absent or given twice, a
// reference to nothing, a time, date or number that is none. What depends on a row that was
// rejected is skipped, and counted. A trip whose times go back is rejected; one of fewer than
// two calls is skipped.
//
// What is kept with a flaw is counted in a warning: stops without coordinates, which nobody can
// be led to and which trips pass; times that a trip does not tell, which are laid between its
// others by shape_dist_traveled, or evenly; one of arrival and departure alone; values outside
// their list. What is not read is counted by file. Times are kept in seconds of the service
// day; dates of a calendar and its exceptions are one list of days.
//
// No margin is cut here: as for roads, what is far from a territory is left out when an
// edition is built.
func GTFS(ctx context.Context, in []source.Input, o source.Options) (*source.Import[transit.Feed], error) {
	var who about
	format := func(files []source.File) string {
		who = identify(files)
		return "GTFS"
	}
	imp, err := source.Open(ctx, store.GTFS, in, o, format, func(rec *source.Recorder, files []source.File, emit func(transit.Feed) error) error {
		return read(rec, o, files, emit)
	})
	if err == nil {
		m := &imp.Manifest
		m.Source, m.Vintage = cmp.Or(m.Source, strings.Join(who.agencies, " ; ")), cmp.Or(m.Vintage, who.period)
		imp.Report.Manifest = *m
	}
	return imp, err
}

// reader is one import under way.
type reader struct {
	ctx   context.Context
	rec   *source.Recorder
	o     source.Options
	tally source.Tally
	sum   source.Timetables
	names map[string]bool // of feeds

	calls, entities, days, text, runs int
}

func read(rec *source.Recorder, o source.Options, files []source.File, emit func(transit.Feed) error) error {
	r := &reader{ctx: files[0].Context(), rec: rec, o: o, names: map[string]bool{}, sum: source.Timetables{Unread: map[string]int{}}}
	packs, err := gather(files)
	if err != nil {
		return err
	}
	for _, p := range packs {
		stood := rec.Read - rec.Merged - rec.Skipped - len(rec.Rejected)
		f, err := r.feed(p)
		if err != nil {
			return err
		}
		r.add(f)
		if err := emit(*f); err != nil {
			return err
		}
		rec.Made(rec.Read - rec.Merged - rec.Skipped - len(rec.Rejected) - stood)
	}
	r.tally.Tell(rec)
	r.tellUnread(files[0].Name)
	if len(r.sum.Unread) == 0 {
		r.sum.Unread = nil
	}
	rec.Timetables = &r.sum
	return nil
}

// add counts what a feed holds.
func (r *reader) add(f *transit.Feed) {
	s := &r.sum
	s.Feeds++
	s.Agencies += len(f.Agencies)
	s.Stops += len(f.Stops)
	s.Lines += len(f.Lines)
	s.Services += len(f.Services)
	s.Trips += len(f.Trips)
	s.Transfers += len(f.Transfers)
	s.Zones += len(f.Zones)
	for _, l := range f.Lines {
		if l.Type == transit.School {
			s.SchoolLines++
		}
	}
	for i := range f.Trips {
		t := &f.Trips[i]
		s.Calls += len(t.Calls)
		s.Frequencies += len(t.Frequencies)
		if f.Lines[t.Line].Type == transit.School {
			s.SchoolTrips++
		}
		for _, c := range t.Calls {
			if c.Pickup >= transit.ByPhone || c.Drop >= transit.ByPhone {
				s.OnRequest++
			}
		}
	}
	if first, last, ok := f.Span(); ok {
		if s.First == "" || first.String() < s.First {
			s.First = first.String()
		}
		s.Last = max(s.Last, last.String())
	}
}

// tellUnread says which files are not read, and how many rows they have.
func (r *reader) tellUnread(file string) {
	if len(r.sum.Unread) == 0 {
		return
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(r.sum.Unread)) {
		names = append(names, fmt.Sprintf("%s (%d lignes)", source.Shorten(name), r.sum.Unread[name]))
	}
	const shown = 20
	more := ""
	if len(names) > shown {
		names, more = names[:shown], fmt.Sprintf("… %d en tout", len(names))
	}
	r.rec.Warn(file, 0, "", "", "fichiers qui ne sont pas lus : "+strings.Join(names, ", ")+more)
}

// name is that of a feed, which no other has.
func (r *reader) name(want string) string {
	name := want
	for n := 2; r.names[name]; n++ {
		name = fmt.Sprintf("%s (%d)", want, n)
	}
	r.names[name] = true
	return name
}

// room ends an import that grows beyond a bound.
func (r *reader) room(file string, line int) error {
	switch {
	case r.calls > maxCalls:
		return source.FailAt(file, line, "plus de %d passages (stop_times) ; attendu les réseaux d'une région : importez-les séparément, ou découpez-les", maxCalls)
	case r.entities > maxEntities, r.text > maxText:
		return source.FailAt(file, line, "plus de %d lignes, hors passages, ou de %d Mio de textes et de contours ; attendu les réseaux d'une région", maxEntities, maxText>>20)
	case r.days > maxDays:
		return source.FailAt(file, line, "plus de %d jours de service en tout ; attendu des calendriers de quelques années", maxDays)
	case r.runs > maxRuns:
		return source.FailAt(file, line, "fréquences de plus de %d départs en tout ; attendu des intervalles (headway_secs) de l'ordre de la minute", maxRuns)
	}
	return nil
}
