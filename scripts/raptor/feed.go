package main

import (
	"archive/zip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/aisne-numerique/maillage/geo/transit"
	"github.com/aisne-numerique/maillage/scripts/rider"
)

// id is how a stop, line, service or trip is called in what is written.
func id(kind string, number int32) string { return fmt.Sprint(kind, number) }

// write writes a plain feed for programs that read no frequencies, request stops nor school
// types, and of which one takes no time to change at a stop: a trip is written for each
// departure, boarding that is not regular is none, every line is a bus, and one is said to
// arrive later by what a change takes. The footpaths are transfers. The files are written beside
// the archive of them, too.
func write(path string, f *transit.Feed, walks *footpaths, from transit.Day) (trips int, err error) {
	file, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	z := zip.NewWriter(file)
	table := func(name string, header string, rows func(row func(...string))) error {
		w, err := z.Create(name)
		if err != nil {
			return err
		}
		beside, err := os.Create(filepath.Join(filepath.Dir(path), name))
		if err != nil {
			return err
		}
		out := csv.NewWriter(io.MultiWriter(w, beside))
		row := func(fields ...string) { _ = out.Write(fields) } // Flush tells
		row(strings.Split(header, ",")...)
		rows(row)
		out.Flush()
		return errors.Join(out.Error(), beside.Close())
	}
	zone := f.Agencies[0].Zone
	for _, t := range []struct {
		name, header string
		rows         func(row func(...string))
	}{
		{"agency.txt", "agency_id,agency_name,agency_url,agency_timezone", func(row func(...string)) {
			row("a", "a", "http://localhost", zone)
		}},
		{"stops.txt", "stop_id,stop_name,stop_lat,stop_lon", func(row func(...string)) {
			for i, s := range f.Stops {
				row(id("s", int32(i)), id("s", int32(i)), fmt.Sprint(s.At.Lat), fmt.Sprint(s.At.Lon))
			}
		}},
		{"routes.txt", "route_id,agency_id,route_short_name,route_long_name,route_type", func(row func(...string)) {
			for i := range f.Lines {
				row(id("l", int32(i)), "a", id("l", int32(i)), "", "3")
			}
		}},
		{"calendar.txt", "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date", func(row func(...string)) {
			for i := range f.Services {
				row(id("c", int32(i)), "0", "0", "0", "0", "0", "0", "0", compact(from-2), compact(from+transit.ReferenceDays))
			}
		}},
		{"calendar_dates.txt", "service_id,date,exception_type", func(row func(...string)) {
			for i := range f.Services {
				for _, day := range f.Services[i].Days {
					if day >= from-2 && day <= from+transit.ReferenceDays {
						row(id("c", int32(i)), compact(day), "1")
					}
				}
			}
		}},
		{"trips.txt", "route_id,service_id,trip_id", func(row func(...string)) {
			trips = each(f, from, func(t *transit.Trip, trip string, _ int32) { row(id("l", t.Line), id("c", t.Service), trip) })
		}},
		{"stop_times.txt", "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type", func(row func(...string)) {
			each(f, from, func(t *transit.Trip, trip string, later int32) {
				for k, c := range t.Calls {
					// A first arrival may be before midnight; nobody alights there.
					row(trip, clock(max(0, c.Arrive+later+rider.ChangeSeconds)), clock(c.Depart+later), id("s", c.Stop), fmt.Sprint(k+1), regular(c.Pickup), regular(c.Drop))
				}
			})
		}},
		{"transfers.txt", "from_stop_id,to_stop_id,transfer_type,min_transfer_time", func(row func(...string)) {
			for a, to := range walks.to {
				for _, w := range to {
					row(id("s", int32(a)), id("s", w.Stop), "2", fmt.Sprint(w.Seconds))
				}
			}
		}},
	} {
		if err := table(t.name, t.header, t.rows); err != nil {
			return 0, fmt.Errorf("write %s: %w", filepath.Join(path, t.name), err)
		}
	}
	if err := z.Close(); err != nil {
		return 0, err
	}
	return trips, file.Close()
}

// each visits the departures of the trips that run in the reference weeks, with a name and how
// much later than its calls each is.
func each(f *transit.Feed, from transit.Day, visit func(t *transit.Trip, trip string, later int32)) (count int) {
	for i := range f.Trips {
		t := &f.Trips[i]
		runs := false
		for _, day := range f.Services[t.Service].Days {
			runs = runs || day >= from-2 && day <= from+transit.ReferenceDays
		}
		if !runs || len(t.Calls) < 2 {
			continue
		}
		for k, later := range rider.Departures(t) {
			visit(t, fmt.Sprintf("t%d-%d", i, k), later)
			count++
		}
	}
	return count
}

func regular(b transit.Boarding) string {
	if b == transit.Regular {
		return "0"
	}
	return "1"
}

func compact(d transit.Day) string { return d.Date().Format("20060102") }

func clock(seconds int32) string {
	return fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}
