package crew

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// Load is what a server did under many readers.
type Load struct {
	Times  []time.Duration // of every request, until the last byte of its response
	Sizes  []int           // of every body, as sent
	Wall   time.Duration
	Bytes  int64  // of bodies, as sent
	Empty  int    // responses 204
	Errors int    // responses that are neither 200 nor 204, and requests without response
	First  string // of the errors
}

// PerSecond is the number of responses a second.
func (l *Load) PerSecond() float64 { return float64(len(l.Times)) / l.Wall.Seconds() }

// At is the time that a share of all requests took at most.
func (l *Load) At(share float64) time.Duration { return Quantile(l.Times, share) }

func (l *Load) String() string {
	ms := func(share float64) float64 { return float64(l.At(share).Microseconds()) / 1000 }
	text := fmt.Sprintf("%6.0f/s  p50 %6.2f  p95 %6.2f  p99 %6.2f ms  %5.1f MiB  %d empty  %d errors", l.PerSecond(), ms(0.5), ms(0.95), ms(0.99), float64(l.Bytes)/(1<<20), l.Empty, l.Errors)
	if l.First != "" {
		text += ", as " + l.First
	}
	return text
}

// Ask asks a server (as http://127.0.0.1:1234) for each path once, in their order, by so
// many connections that each wait for a response before they ask again. Responses may
// come compressed.
func Ask(server string, paths []string, connections int) (*Load, error) {
	address, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	client := &fasthttp.HostClient{Addr: address.Host, MaxConns: connections, ReadTimeout: time.Minute}
	defer client.CloseIdleConnections()
	out := &Load{Times: make([]time.Duration, len(paths)), Sizes: make([]int, len(paths))}
	var next, bytes, empty, errors atomic.Int64
	var once sync.Once
	var all sync.WaitGroup
	begin := time.Now()
	for range connections {
		all.Go(func() {
			request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
			defer fasthttp.ReleaseRequest(request)
			defer fasthttp.ReleaseResponse(response)
			request.Header.Set("Accept-Encoding", "gzip")
			for i := int(next.Add(1)) - 1; i < len(paths); i = int(next.Add(1)) - 1 {
				request.SetRequestURI(server + paths[i])
				sent := time.Now()
				err := client.Do(request, response)
				out.Times[i] = time.Since(sent)
				switch status := response.StatusCode(); {
				case err != nil || status != http.StatusOK && status != http.StatusNoContent:
					errors.Add(1)
					once.Do(func() { out.First = fmt.Sprintf("%s: %d %v", paths[i], status, err) })
				case status == http.StatusNoContent:
					empty.Add(1)
				default:
					out.Sizes[i] = len(response.Body())
					bytes.Add(int64(out.Sizes[i]))
				}
			}
		})
	}
	all.Wait()
	out.Wall = time.Since(begin)
	out.Bytes, out.Empty, out.Errors = bytes.Load(), int(empty.Load()), int(errors.Load())
	return out, nil
}

// Slippy is the tile of a position, as x/y.
func Slippy(lon, lat float64, z int) string {
	n := math.Exp2(float64(z))
	x := n * (lon + 180) / 360
	y := n * (1 - math.Asinh(math.Tan(lat*math.Pi/180))/math.Pi) / 2
	return fmt.Sprintf("%d/%d", int(x), int(y))
}

// Shuffled is a path of every tile, without its layer, of a range of zooms in a box
// (west, south, east, north), in random order.
func Shuffled(random *rand.Rand, box [4]float64, minZoom, maxZoom int) []string {
	var out []string
	for z := minZoom; z <= maxZoom; z++ {
		var x0, y0, x1, y1 int
		fmt.Sscanf(Slippy(box[0], box[3], z), "%d/%d", &x0, &y0)
		fmt.Sscanf(Slippy(box[2], box[1], z), "%d/%d", &x1, &y1)
		for x := x0; x <= x1; x++ {
			for y := y0; y <= y1; y++ {
				out = append(out, fmt.Sprintf("%d/%d/%d", z, x, y))
			}
		}
	}
	random.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}
