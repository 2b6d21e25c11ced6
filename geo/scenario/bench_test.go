package scenario

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// percentiles reports the median and the 99th percentile of some times.
func percentiles(b *testing.B, times []time.Duration) {
	slices.Sort(times)
	at := func(p float64) float64 {
		return float64(times[int(p*float64(len(times)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(at(0.5), "ms/p50")
	b.ReportMetric(at(0.99), "ms/p99")
}

// somewhere is where people of the demonstration live.
func somewhere(r *rand.Rand, e *edition.Edition) geo.LonLat {
	for {
		if p := r.IntN(len(e.People)); e.People[p] > 0 {
			return e.Origins[p]
		}
	}
}

// BenchmarkAddLieu adds one lieu anywhere in the demonstration, with random services and
// hours, and writes the whole difference. Targets: p50 5 ms, p99 20 ms.
func BenchmarkAddLieu(b *testing.B) { benchmark(b, geo.Car, oneMore) }

// BenchmarkAddLieuByBus is the same by timetable. Target: p50 30 ms.
func BenchmarkAddLieuByBus(b *testing.B) { benchmark(b, geo.Transit, oneMore) }

func oneMore(r *rand.Rand, e *edition.Edition) Action {
	at, hours := somewhere(r, e), "Mo-Fr 09:00-17:00"
	if r.IntN(3) == 0 {
		hours = "Tu 09:00-12:00"
	}
	return Action{Do: AddLieu, Lon: &at.Lon, Lat: &at.Lat, Services: editiontest.Names(editiontest.SomeServices(r).With(lieu.Demarches)), Horaires: &hours}
}

// BenchmarkCloseLieu closes any lieu of the demonstration.
func BenchmarkCloseLieu(b *testing.B) {
	benchmark(b, geo.Car, func(r *rand.Rand, e *edition.Edition) Action {
		return Action{Do: CloseLieu, ID: anySite(r, e)}
	})
}

// BenchmarkMoveLieu moves any lieu to anywhere.
func BenchmarkMoveLieu(b *testing.B) {
	benchmark(b, geo.Car, func(r *rand.Rand, e *edition.Edition) Action {
		at := somewhere(r, e)
		return Action{Do: MoveLieu, ID: anySite(r, e), Lon: &at.Lon, Lat: &at.Lat}
	})
}

func anySite(r *rand.Rand, e *edition.Edition) string {
	for {
		if s := e.Sites[r.IntN(len(e.Sites))]; s.Tournee < 0 {
			return e.Lieux[s.Lieu].ID
		}
	}
}

// processor is the time that the process has spent on processors.
func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func benchmark(b *testing.B, m geo.Mode, action func(*rand.Rand, *edition.Edition) Action) {
	e := editiontest.Aisne(b)
	if !e.HasMode(m) {
		b.Skip("the demonstration has no mode ", m)
	}
	base, err := NewEngine(e).Base(e.Params.Query().By(m))
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	var times []time.Duration
	var busy time.Duration // of all processors, which others may share
	size, first := 0, true
	for b.Loop() {
		s := parse(b, Scenario{Name: "essai", Actions: []Action{action(r, e)}})
		if first {
			if _, err := base.Evaluate(context.Background(), s); err != nil {
				b.Fatal(err)
			}
			first = false
		}
		start, used := time.Now(), processor(b)
		d, err := base.Evaluate(context.Background(), s)
		if err != nil {
			b.Fatal(err)
		}
		data, err := json.Marshal(d)
		if err != nil {
			b.Fatal(err)
		}
		times, busy = append(times, time.Since(start)), busy+processor(b)-used
		size += len(data)
	}
	percentiles(b, times)
	b.ReportMetric(busy.Seconds()*1000/float64(len(times)), "cpu-ms/op")
	b.ReportMetric(float64(size)/1024/float64(len(times)), "KiB/difference")
}

// BenchmarkBase prepares a question for scenarios, the engine being there.
func BenchmarkBase(b *testing.B) {
	e := editiontest.Aisne(b)
	engine := NewEngine(e)
	if _, err := engine.Base(e.Params.Query()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := engine.Base(e.Params.Query()); err != nil {
			b.Fatal(err)
		}
	}
}
