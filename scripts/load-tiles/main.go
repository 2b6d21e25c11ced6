// Load-tiles measures how fast a server answers with tiles, beside the least that a
// server can do. See scripts/load-tiles/run, which runs it.
package main

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/aisne-numerique/maillage/scripts/crew"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == bare {
		if err := serveBare(os.Args[2], os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "load-tiles:", err)
			os.Exit(1)
		}
	}
	var l load
	os.Exit(crew.Main("load-tiles", &l.Report, l.define, l.all))
}

// bare is the command by which this program runs itself as the least server.
const bare = "bare"

func (l *load) define(flags *flag.FlagSet) func() string {
	flags.IntVar(&l.warm, "warm", 50_000, "requests of each measure once tiles are kept")
	flags.Uint64Var(&l.seed, "seed", 1, "of the order of tiles")
	return func() string {
		if l.warm < 1 {
			return "expected one request at least"
		}
		return ""
	}
}

type load struct {
	crew.Report
	crew  *crew.Crew
	store string
	warm  int
	seed  uint64
}

// The targets, on two processors.
const (
	leastShare = 0.6 // of what the bare server does
	mostWarm   = 25 * time.Millisecond
	leastCold  = 5000 // a second
	mostCold   = 20 * time.Millisecond
	mostTile   = 150_000 // bytes
)

// layers are those whose tiles do not depend on a question.
var layers = []string{"cells", "communes", "epci", "roads", "lieux"}

func (l *load) all(ctx context.Context, program string) (err error) {
	l.Machine()
	fmt.Fprintf(l.Out, "seed %d\n", l.seed)
	if l.crew, err = crew.Gather(ctx, program); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.crew.Dismiss()) }()
	dir, err := os.MkdirTemp("", "load-tiles")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	l.store = filepath.Join(dir, "aisne.gpkg")
	if _, err := l.crew.Run(ctx, "demo", "--no-serve", "--store", l.store); err != nil {
		return err
	}
	paths, err := l.cold(ctx)
	if err != nil {
		return err
	}
	if err := l.hot(ctx, dir, paths); err != nil {
		return err
	}
	fmt.Fprintln(l.Out)
	l.Machine()
	return nil
}

// tiles are the paths of all tiles of the layers from zoom 6 to 13, as far as they go,
// that are not empty, in random order.
func (l *load) tiles(ctx context.Context, s *crew.Server) ([]string, error) {
	random := rand.New(rand.NewPCG(l.seed, 0))
	var out []string
	for _, layer := range layers {
		var about struct {
			Bounds           [4]float64
			MinZoom, MaxZoom int
		}
		if err := s.JSON(ctx, "/tiles/"+layer+".json", &about); err != nil {
			return nil, err
		}
		for _, t := range crew.Shuffled(random, about.Bounds, max(6, about.MinZoom), min(13, about.MaxZoom)) {
			out = append(out, "/tiles/"+layer+"/"+t+".mvt")
		}
	}
	random.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out, nil
}

// cold asks servers that have just started for every tile once, and gives the paths of
// the tiles that are not empty.
func (l *load) cold(ctx context.Context) ([]string, error) {
	l.Title("every tile once, none made before")
	var full []string
	for _, connections := range []int{1, 10, 100} {
		s, err := l.crew.Serve(ctx, "server", l.store)
		if err != nil {
			return nil, err
		}
		paths, err := l.tiles(ctx, s)
		if err != nil {
			return nil, err
		}
		load, err := crew.Ask(s.Address, paths, connections)
		if err != nil {
			return nil, err
		}
		reached := load.Errors == 0
		if connections == 10 {
			reached = reached && load.PerSecond() >= leastCold && load.At(0.99) <= mostCold
		}
		l.Target(reached, fmt.Sprintf("%d tiles, %d connections", len(paths), connections), "%v; processor %s", load, crew.Seconds(s.Processor()))
		if full == nil {
			largest := 0
			for i, path := range paths {
				largest = max(largest, load.Sizes[i])
				if load.Sizes[i] > 0 {
					full = append(full, path)
				}
			}
			l.Target(largest <= mostTile, "largest tile, gzip", "%.1f kB", float64(largest)/1000)
		}
		if err := s.End(); err != nil {
			return nil, err
		}
	}
	return full, nil
}

// hot measures a server that has made every tile, and the bare one, in turn.
func (l *load) hot(ctx context.Context, dir string, paths []string) error {
	s, err := l.crew.Serve(ctx, "server", l.store)
	if err != nil {
		return err
	}
	ready := map[string][]byte{}
	for _, path := range paths {
		if ready[path], err = fetch(ctx, s.Address+path); err != nil {
			return err
		}
	}
	file := filepath.Join(dir, "tiles.gob")
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(ready); err != nil {
		return err
	}
	if err := os.WriteFile(file, buf.Bytes(), 0o600); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	least, err := l.crew.StartOther("bare", self, bare, file)
	if err != nil {
		return err
	}
	line, err := least.Await(ctx, "http://")
	if err != nil {
		return err
	}
	l.Title("%d tiles that were made before, over and over, in random order", len(paths))
	var asked []string
	for len(asked) < l.warm {
		asked = append(asked, paths...)
	}
	asked = asked[:l.warm]
	for _, connections := range []int{1, 10, 100} {
		before := least.Processor()
		theirs, err := crew.Ask(line.Text, asked, connections)
		if err != nil {
			return err
		}
		l.Figure(fmt.Sprintf("bare server, %d connections", connections), "%v; processor %s", theirs, crew.Seconds(least.Processor()-before))
		before = s.Processor()
		ours, err := crew.Ask(s.Address, asked, connections)
		if err != nil {
			return err
		}
		share := ours.PerSecond() / theirs.PerSecond()
		reached := ours.Errors == 0
		if connections == 100 {
			reached = reached && share >= leastShare && ours.At(0.99) <= mostWarm
		}
		l.Target(reached, fmt.Sprintf("maillage, %d connections: %.0f %% of it", connections, 100*share), "%v; processor %s", ours, crew.Seconds(s.Processor()-before))
	}
	return errors.Join(least.Kill(), s.End())
}

// fetch gives the bytes of a tile as they are sent, compressed.
func fetch(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept-Encoding", "gzip") // asked for by hand: not undone
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", address, response.Status)
	}
	return io.ReadAll(response.Body)
}

// serveBare sends the bytes of a file by path, and does nothing else, until it is killed.
func serveBare(file string, stdout io.Writer) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	ready := map[string][]byte{}
	if err := errors.Join(gob.NewDecoder(f).Decode(&ready), f.Close()); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "http://%s\n", listener.Addr())
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := ready[r.URL.Path]
		h := w.Header()
		h["Content-Type"] = []string{"application/vnd.mapbox-vector-tile"}
		h["Content-Encoding"] = []string{"gzip"}
		h["Content-Length"] = []string{strconv.Itoa(len(body))}
		_, _ = w.Write(body)
	})}
	return server.Serve(listener)
}
