package main

import (
	"archive/zip"
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// The targets of a feed of four million calls.
const (
	mostFeed       = time.Minute
	mostFeedMemory = 1 << 30
)

// callsOfTrip is how many calls a trip of the made-up feed has.
const callsOfTrip = 20

// feed measures the import of a feed of many calls.
func (b *bench) feed() error {
	if b.calls == 0 {
		fmt.Fprintln(b.out, "\ntimetables: no calls asked for, not measured")
		return nil
	}
	file := filepath.Join(b.work, "reseau.zip")
	size, err := createFeed(file, b.calls, b.seed)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\ntimetables: %d calls made up with seed %d, %s\n", b.calls, b.seed, mib(size))
	store := filepath.Join(b.work, "feed.gpkg")
	var s sample
	for range b.repeat {
		if err := remove(store); err != nil {
			return err
		}
		p, err := measure(b.work, b.maillage, "--store", store, "import", "gtfs", file)
		if err != nil {
			return err
		}
		s.add(p)
	}
	b.row("maillage import gtfs", &s, "")
	b.target("wall time", s.wall().Seconds(), mostFeed.Seconds(), "%.1f s")
	b.target("memory", float64(s.memory())/(1<<20), mostFeedMemory/(1<<20), "%.0f MiB")
	return nil
}

// createFeed makes up a feed and gives the bytes of its archive. The same calls and seed give
// the same file.
func createFeed(path string, calls int, seed uint64) (size int64, err error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	err = writeFeed(f, calls, seed)
	info, serr := f.Stat()
	if err = cmp.Or(err, serr, f.Close()); err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// writeFeed writes a feed of trips of lines that follow each other's stops, all week, in
// school weeks or at weekends. The rows of stop_times stand in the order of their trips, but
// those of each trip in none.
func writeFeed(w io.Writer, calls int, seed uint64) error {
	r := rand.New(rand.NewPCG(seed, 7))
	trips := max(1, calls/callsOfTrip)
	lines, stops := trips/200+1, trips/10+callsOfTrip
	z := zip.NewWriter(w)
	file := func(name string, write func(b *bufio.Writer)) error {
		to, err := z.Create(name)
		if err != nil {
			return err
		}
		b := bufio.NewWriterSize(to, 1<<16)
		write(b)
		return b.Flush()
	}
	for _, part := range []struct {
		name  string
		write func(b *bufio.Writer)
	}{
		{"agency.txt", func(b *bufio.Writer) {
			fmt.Fprint(b, "agency_id,agency_name,agency_url,agency_timezone\n1,Réseau inventé,https://reseau.example,Europe/Paris\n")
		}},
		{"stops.txt", func(b *bufio.Writer) {
			fmt.Fprintln(b, "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station")
			for i := range stops {
				fmt.Fprintf(b, "FR:02000:%d,Arrêt %d,%.6f,%.6f,0,\n", i, i, 49+r.Float64(), 3+r.Float64())
			}
		}},
		{"routes.txt", func(b *bufio.Writer) {
			fmt.Fprintln(b, "route_id,agency_id,route_short_name,route_long_name,route_type")
			for i := range lines {
				fmt.Fprintf(b, "L%d,1,%d,Ligne %d,3\n", i, i, i)
			}
		}},
		{"calendar.txt", func(b *bufio.Writer) {
			fmt.Fprint(b, "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"+
				"semaine,1,1,1,1,1,0,0,20260101,20261231\nscolaire,1,1,0,1,1,0,0,20260105,20260703\nweekend,0,0,0,0,0,1,1,20260101,20261231\n")
		}},
		{"trips.txt", func(b *bufio.Writer) {
			fmt.Fprintln(b, "route_id,service_id,trip_id,trip_headsign,direction_id")
			for i := range trips {
				fmt.Fprintf(b, "L%d,%s,course:%d:LOC,Gare,%d\n", i%lines, []string{"semaine", "scolaire", "weekend"}[i%3], i, i%2)
			}
		}},
		{"stop_times.txt", func(b *bufio.Writer) {
			fmt.Fprintln(b, "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type,shape_dist_traveled")
			for i := range trips {
				first, start := (i%lines)*(stops-callsOfTrip)/lines, 5*3600+r.IntN(16*3600)
				for _, k := range r.Perm(callsOfTrip) {
					at := start + 150*k
					fmt.Fprintf(b, "course:%d:LOC,%02d:%02d:%02d,%02d:%02d:%02d,FR:02000:%d,%d,0,0,%d\n", i,
						at/3600, at/60%60, at%60, (at+30)/3600, (at+30)/60%60, (at+30)%60, first+k, k+1, 800*k)
				}
			}
		}},
	} {
		if err := file(part.name, part.write); err != nil {
			return err
		}
	}
	return z.Close()
}
