package api

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
)

// The benchmarks ask the demonstration edition (798 communes, 82 000 cells) one
// question after another that nobody asked before, so nothing but the edition
// itself is in memory.

func BenchmarkColdGapsOfCommunes(b *testing.B) { cold(b, "/api/v1/gaps?level=commune") }

func BenchmarkColdColumnOfClasses(b *testing.B) { cold(b, "/api/v1/acces?mesure=classe") }

func BenchmarkColdZones(b *testing.B) { cold(b, "/api/v1/zones-blanches?") }

// BenchmarkOtherHours moves the slider of hours: the trips are already known.
func BenchmarkOtherHours(b *testing.B) {
	s, n := demonstration(b), 0
	for b.Loop() {
		n++
		get(b, s, fmt.Sprintf("/api/v1/gaps?level=commune&min_hours=%d.%03d", n/1000%168, n%1000), "Accept-Encoding", "gzip")
	}
}

// BenchmarkWarmGaps asks what was just asked.
func BenchmarkWarmGaps(b *testing.B) {
	s := demonstration(b)
	for b.Loop() {
		get(b, s, "/api/v1/gaps?level=commune", "Accept-Encoding", "gzip")
	}
}

// BenchmarkWarmTile answers with a tile that was made before: what the server adds to
// sending its bytes.
func BenchmarkWarmTile(b *testing.B) {
	s := demonstration(b)
	get(b, s, warmTile)
	r := httptest.NewRequest(http.MethodGet, warmTile, nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	w := nowhere{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		s.Handler().ServeHTTP(w, r)
	}
}

const warmTile = "/tiles/cells/9/262/174.mvt"

// nowhere is a response that is not sent.
type nowhere struct{ header http.Header }

func (w nowhere) Header() http.Header       { return w.header }
func (nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (nowhere) WriteHeader(int)             {}

func BenchmarkPublish(b *testing.B) {
	s := demonstration(b)
	e := s.current.Load().Edition
	for b.Loop() {
		if err := s.Publish(e); err != nil {
			b.Fatal(err)
		}
	}
}

func cold(b *testing.B, target string) {
	s, n := demonstration(b), 0
	for b.Loop() {
		n++
		rec := do(s, http.MethodGet, fmt.Sprintf("%s&cutoff=%d.%03d", target, 10+n/1000%40, n%1000), "Accept-Encoding", "gzip")
		if rec.Code != http.StatusOK {
			b.Fatalf("%d %s", rec.Code, rec.Body)
		}
	}
}

// demonstration is a server of the demonstration edition.
func demonstration(b *testing.B) *Server {
	b.Helper()
	s := New(Options{})
	if err := s.Publish(editiontest.Aisne(b)); err != nil {
		b.Fatal(err)
	}
	return s
}

// BenchmarkSimulation adds one lieu somewhere in the demonstration, over HTTP on the
// local network: the difference as JSON, read whole. Target: p99 of 30 ms.
func BenchmarkSimulation(b *testing.B) {
	s := demonstration(b)
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	e := s.current.Load().Edition
	random := rand.New(rand.NewPCG(1, 1))
	var took []time.Duration
	ask := func() {
		commune := e.Division.Communes[random.IntN(len(e.Division.Communes))]
		body := fmt.Sprintf(`{"name":"x","actions":[{"do":"add_lieu","lon":%v,"lat":%v,"services":["tous"],"horaires":"Mo-Fr 09:00-17:00"}]}`, commune.Point.Lon, commune.Point.Lat)
		start := time.Now()
		rec, err := http.Post(server.URL+"/api/v1/simulation", "application/json", strings.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		defer rec.Body.Close()
		if _, err := io.Copy(io.Discard, rec.Body); err != nil || rec.StatusCode != http.StatusOK {
			b.Fatalf("%d, %v", rec.StatusCode, err)
		}
		took = append(took, time.Since(start))
	}
	ask() // prepares the question
	took = nil
	for b.Loop() {
		ask()
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(took[len(took)/2]), "ms/p50")
	b.ReportMetric(ms(took[len(took)*99/100]), "ms/p99")
}
