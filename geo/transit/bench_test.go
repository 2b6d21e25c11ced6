//go:build unix

package transit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
)

// region is a made region of so many square kilometres: towns on a grid, lines of some
// calls between them on school days, some on Wednesdays and Saturdays, 30 000 stop_times in
// all; homes around stops and away from them, and sites in towns that are open on some days.
func region(r *rand.Rand) (f Feed, homes []geo.LonLat, sites []network.Site) {
	const side, gap = 16, 5000.0 // of stops, metres
	from := DayOf(2026, 9, 7)
	f.Agencies = []Agency{{"a", "Made", "Europe/Paris"}}
	for i := range side * side {
		x, y := float64(i%side)*gap+float64(r.IntN(1500)), float64(i/side)*gap+float64(r.IntN(1500))
		for range 3 { // villages have some stops each
			f.Stops = append(f.Stops, Stop{ID: fmt.Sprint(len(f.Stops)), At: place(x+float64(r.IntN(1200)), y+float64(r.IntN(1200))), Parent: -1})
		}
	}
	for _, days := range []int{0b0011011, 0b0000100, 0b0100000} { // Monday, Tuesday, Thursday, Friday; Wednesday; Saturday
		var s Service
		for d := from; d < from+ReferenceDays; d++ {
			if days>>d.weekday()&1 == 1 {
				s.Days = append(s.Days, d)
			}
		}
		f.Services = append(f.Services, s)
	}
	times := 0
	for line := 0; times < 30_000; line++ {
		f.Lines = append(f.Lines, Line{ID: fmt.Sprint(line), Type: 3})
		x, y := r.IntN(side), r.IntN(side)
		dx, dy := 1-r.IntN(3), 1-r.IntN(3)
		var route []int32
		for len(route) < 20 {
			for k := range int32(2) {
				route = append(route, int32(3*(y*side+x))+(int32(line)+k)%3)
			}
			if x+dx < 0 || x+dx >= side || dx == 0 && dy == 0 {
				dx = 1 - r.IntN(3)
			}
			if y+dy < 0 || y+dy >= side {
				dy = 1 - r.IntN(3)
			}
			x, y = min(max(x+dx, 0), side-1), min(max(y+dy, 0), side-1)
		}
		for service, trips := range []int{14, 8, 6} {
			for k := range trips {
				t := Trip{ID: fmt.Sprint(line, service, k), Line: int32(line), Service: int32(service)}
				at := int32(6*3600 + k*13*3600/trips + r.IntN(600))
				for c := range route {
					stop := route[c]
					if k%2 == 1 {
						stop = route[len(route)-1-c]
					}
					t.Calls = append(t.Calls, Call{Stop: stop, Arrive: at, Depart: at + 20})
					at += 120 + int32(c%2)*240
				}
				times += len(t.Calls)
				f.Trips = append(f.Trips, t)
			}
		}
	}
	around := func() geo.LonLat {
		p := f.Stops[r.IntN(len(f.Stops))].At
		return geo.LonLat{Lon: p.Lon + metre*float64(r.IntN(3000)-1500), Lat: p.Lat + metre*float64(r.IntN(3000)-1500)}
	}
	for range 20_000 {
		homes = append(homes, around())
	}
	for range 300 {
		h := &lieu.Horaires{Known: true}
		for day := range 7 * lieu.WeeksPerCycle {
			if day%7 < 5 && r.IntN(2) == 0 {
				for k := 36; k < 48; k++ {
					h.Slots.Add(day*lieu.SlotsPerDay + k)
					h.Slots.Add(day*lieu.SlotsPerDay + k + 20)
				}
			}
		}
		sites = append(sites, network.Site{At: f.Stops[r.IntN(len(f.Stops))].At, Horaires: h})
	}
	return f, homes, sites
}

// processor is the time that all processors have given to this program: a machine that does
// other things takes longer, but not more.
func processor() time.Duration {
	var use syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &use) != nil {
		return 0
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// BenchmarkSites: all that is asked of a feed of 30 000 stop_times and 300 sites, each step by
// itself; homes are 20 000. The walks are those of a network without streets, and told apart.
func BenchmarkSites(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 7))
	feed, homes, ends := region(r)
	ctx := context.Background()
	begin := time.Now()
	t, err := Compile([]Feed{feed}, Default(DayOf(2026, 9, 7), zone))
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("compiled in %v: %d trips, %d stops, %d different dates, %d patterns", time.Since(begin), len(feed.Trips), len(t.stops), len(t.tables), len(t.tables[0].patterns))
	n, err := New(ctx, t, flat{river: -1})
	if err != nil {
		b.Fatal(err)
	}
	from, err := n.Starts(ctx, homes)
	if err != nil {
		b.Fatal(err)
	}
	to, err := n.Sites(ctx, ends)
	if err != nil {
		b.Fatal(err)
	}
	walks := make([][]link, len(ends))
	one := n.NewSearch().(*search)
	steps, reached := 0, 0
	for site := range ends {
		row := one.row(from.(*starts), to.(*sites), int32(site))
		walks[site] = slices.Clone(one.walks)
		steps, reached = steps+len(row.steps), reached+len(row.starts)
	}
	b.Logf("%d pairs of home and site within the hour, %d steps by bus", reached, steps)
	b.Run("profiles", func(b *testing.B) { // out and back on every date, no homes
		before := processor()
		for b.Loop() {
			for site := range ends {
				for _, table := range t.tables {
					one.out.search(table, &n.into, walks[site])
					one.back.search(table.back, &n.outOf, walks[site])
				}
			}
		}
		b.ReportMetric((processor()-before).Seconds()*1e3/float64(b.N), "cpu-ms/op")
	})
	b.Run("scan", func(b *testing.B) { // what a profile is a multiple of: each time looked at once
		sum, before := int32(0), processor()
		for b.Loop() {
			for range ends {
				for _, table := range t.tables {
					for _, time := range table.times {
						sum += time
					}
					for _, time := range table.back.times {
						sum -= time
					}
				}
			}
		}
		b.ReportMetric(float64(sum&1), "sum")
		b.ReportMetric((processor()-before).Seconds()*1e3/float64(b.N), "cpu-ms/op")
	})
	b.Run("walks", func(b *testing.B) {
		before := processor()
		for b.Loop() {
			for site := range ends {
				one.walk.Reach(to.(*sites).Sites, int32(site), geo.Cost(longest)*geo.Second, nil, from.(*starts).every, func(int32, geo.Cost, geo.Cost, *network.Slots) {})
			}
		}
		b.ReportMetric((processor()-before).Seconds()*1e3/float64(b.N), "cpu-ms/op")
	})
	b.Run("all", func(b *testing.B) { // on every processor
		before := processor()
		for b.Loop() {
			to, _ := n.Sites(ctx, ends)
			var work sync.WaitGroup
			var next atomic.Int32
			for range runtime.GOMAXPROCS(0) {
				work.Go(func() {
					s := n.NewSearch().(*search)
					for site := next.Add(1) - 1; int(site) < len(ends); site = next.Add(1) - 1 {
						s.find(from.(*starts), to.(*sites), []int32{site})
					}
				})
			}
			work.Wait()
		}
		b.ReportMetric((processor()-before).Seconds()*1e3/float64(b.N), "cpu-ms/op")
	})
}

// TestProfilesAllocateNothing once they are warm.
func TestProfilesAllocateNothing(t *testing.T) {
	feed, _, _ := region(rand.New(rand.NewPCG(7, 7)))
	table, err := Compile([]Feed{feed}, Default(DayOf(2026, 9, 7), zone))
	if err != nil {
		t.Fatal(err)
	}
	n, err := New(context.Background(), table, flat{river: -1})
	if err != nil {
		t.Fatal(err)
	}
	s := n.NewSearch().(*search)
	every := func() {
		for stop := int32(0); stop < 50; stop++ {
			walks := [1]link{{stop, 60}}
			for _, day := range table.tables {
				s.out.search(day, &n.into, walks[:])
				s.back.search(day.back, &n.outOf, walks[:])
			}
		}
	}
	every()
	if allocs := testing.AllocsPerRun(2, every); allocs > 0 {
		t.Errorf("%v allocations", allocs)
	}
}
