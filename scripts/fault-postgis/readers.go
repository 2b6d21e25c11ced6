package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aisne-numerique/maillage/scripts/crew"
)

// think is how long a reader waits before its next request: people do, and without it
// the readers would measure the processors.
const think = 200 * time.Millisecond

// impatience is when a reader counts a request as failed.
const impatience = 10 * time.Second

// phase is what readers met while something else went on.
type phase struct {
	name    string
	fetched int
	failed  int
	times   []time.Duration
}

// readers fetch what the map does, from servers by turns, and look at each response.
type readers struct {
	servers []*server
	paths   []string
	client  *http.Client
	stop    context.CancelFunc
	ended   sync.WaitGroup

	mu       sync.Mutex
	phases   []*phase // the last is now
	failures []string // the first few
	mixed    []string // responses that are not of one edition
	bodies   map[string][sha256.Size]byte
	editions map[string]int // responses of each
}

// read starts n readers.
func read(ctx context.Context, random *rand.Rand, n int, servers ...*server) (*readers, error) {
	r := &readers{servers: servers, bodies: map[string][sha256.Size]byte{}, editions: map[string]int{},
		client: &http.Client{Timeout: impatience, Transport: &http.Transport{MaxIdleConnsPerHost: n}}}
	var err error
	if r.paths, err = paths(ctx, random, servers[0]); err != nil {
		return nil, err
	}
	ctx, r.stop = context.WithCancel(ctx)
	for range n {
		own := rand.New(rand.NewPCG(random.Uint64(), 0))
		r.ended.Go(func() {
			for sleep(ctx, time.Duration(own.Int64N(int64(think)))); ctx.Err() == nil; sleep(ctx, think) {
				r.fetch(ctx, r.servers[own.IntN(len(r.servers))], r.paths[own.IntN(len(r.paths))])
			}
		})
	}
	return r, nil
}

// end ends the readers and waits for them.
func (r *readers) end() {
	r.stop()
	r.ended.Wait()
}

// paths are what is asked for: half of it tiles of the whole territory, half of it the API.
func paths(ctx context.Context, random *rand.Rand, s *server) ([]string, error) {
	var all []string
	for _, layer := range []string{"cells", "communes", "roads", "lieux"} {
		var about struct {
			Bounds           [4]float64
			MinZoom, MaxZoom int
		}
		if err := s.JSON(ctx, "/tiles/"+layer+".json", &about); err != nil {
			return nil, err
		}
		for range 75 {
			z := about.MinZoom + random.IntN(about.MaxZoom-about.MinZoom+1)
			lon := about.Bounds[0] + random.Float64()*(about.Bounds[2]-about.Bounds[0])
			lat := about.Bounds[1] + random.Float64()*(about.Bounds[3]-about.Bounds[1])
			all = append(all, fmt.Sprintf("/tiles/%s/%d/%s.mvt", layer, z, crew.Slippy(lon, lat, z)))
		}
	}
	for range 25 {
		all = append(all, "/api/v1/edition", "/api/v1/editions", "/api/v1/indicateurs", "/api/v1/travaux", "/api/v1/lieux", "/api/v1/zones-blanches",
			"/api/v1/gaps", "/api/v1/gaps?level=epci",
			fmt.Sprintf("/api/v1/gaps?level=epci&cutoff=%d", 5+random.IntN(20)),
			fmt.Sprintf("/api/v1/gaps?level=epci&mode=bike&cutoff=%d", 5+random.IntN(20)),
			"/api/v1/territoires?type=epci", "/api/v1/acces")
	}
	return all, nil
}

func (r *readers) fetch(ctx context.Context, s *server, path string) {
	begin := time.Now()
	rsp, err := r.get(ctx, s.Address+path)
	took := time.Since(begin)
	if ctx.Err() != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.phases[len(r.phases)-1]
	now.fetched++
	now.times = append(now.times, took)
	const shown = 5
	if err != nil {
		now.failed++
		if len(r.failures) < shown {
			r.failures = append(r.failures, fmt.Sprintf("%s %s: %v", s.Name(), path, err))
		}
		return
	}
	r.editions[rsp.edition]++
	if fault := r.compare(path, rsp); fault != "" && len(r.mixed) < shown {
		r.mixed = append(r.mixed, s.Name()+" "+path+": "+fault)
	}
}

type response struct {
	edition string // of the header
	body    []byte
	json    bool
}

func (r *readers) get(ctx context.Context, address string) (response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return response{}, err
	}
	rsp, err := r.client.Do(req)
	if err != nil {
		return response{}, err
	}
	defer rsp.Body.Close()
	body, err := io.ReadAll(rsp.Body)
	switch {
	case err != nil:
		return response{}, err
	case rsp.StatusCode != http.StatusOK && rsp.StatusCode != http.StatusNoContent: // a tile where nothing is
		return response{}, fmt.Errorf("%s", rsp.Status)
	case rsp.Header.Get("X-Maillage-Edition") == "":
		return response{}, fmt.Errorf("%s without X-Maillage-Edition", rsp.Status)
	}
	return response{rsp.Header.Get("X-Maillage-Edition"), body, strings.Contains(rsp.Header.Get("Content-Type"), "json")}, nil
}

// beside tells of what is beside the edition, and changes while it is served.
var beside = map[string]bool{"/api/v1/editions": true, "/api/v1/indicateurs": true, "/api/v1/travaux": true}

// compare says why a response is not of the edition that it names, if so: a body names
// another, or is not what any server answered for this edition before.
func (r *readers) compare(path string, rsp response) string {
	if rsp.json {
		var body struct{ Edition string }
		if err := json.Unmarshal(rsp.body, &body); err != nil {
			return err.Error()
		}
		if body.Edition != "" && body.Edition != rsp.edition {
			return "the body is of edition " + body.Edition + ", the header of " + rsp.edition
		}
	}
	if beside[path] {
		return ""
	}
	key, sum := rsp.edition+" "+path, sha256.Sum256(rsp.body)
	before, known := r.bodies[key]
	if known && before != sum {
		return "two bodies for edition " + rsp.edition
	}
	r.bodies[key] = sum
	return ""
}

// enter begins a phase.
func (r *readers) enter(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.phases = append(r.phases, &phase{name: name})
}

// fetched is how many responses came so far.
func (r *readers) fetched() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.phases {
		n += p.fetched
	}
	return n
}

// report prints what the readers met; they have ended.
func (r *readers) report(to *crew.Report) {
	failed := 0
	for _, p := range r.phases {
		failed += p.failed
		to.Target(p.failed == 0, "reads "+p.name, "%d, %d failed; median %s, 99 %% below %s, slowest %s", p.fetched, p.failed,
			crew.Seconds(crew.Median(p.times)), crew.Seconds(crew.Quantile(p.times, 0.99)), crew.Seconds(crew.Quantile(p.times, 1)))
	}
	for _, f := range r.failures {
		to.Figure("a failed read", "%s", f)
	}
}
