package main

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/scripts/rival"
)

// rivalScript drives Valhalla from Node.
//
//go:embed rival.js
var rivalScript string

// costings are Valhalla's names of the modes, each with its default options: a car;
// a hybrid bicycle, 18 km/h on the flat; a walker at 5.1 km/h.
var costings = map[street.Mode]string{street.Car: "auto", street.Bike: "bicycle", street.Walk: "pedestrian"}

// options are those of Valhalla that are not its defaults: by car, the way that it thinks
// quickest, like ours, not one that avoids turns, gates, service roads, tracks and private
// roads at any cost. They change which way it takes, not the time that it gives to a way.
var options = [street.NumModes]map[string]any{street.Car: {
	"maneuver_penalty": 0, "gate_penalty": 0, "service_penalty": 0,
	"destination_only_penalty": 0, "private_access_penalty": 0, "use_tracks": 0.5, "use_living_streets": 0.5,
}, street.Bike: {}, street.Walk: {}}

// rivalTrip is what Valhalla answers.
type rivalTrip struct {
	Seconds float64 `json:"s"`
	Metres  float64 `json:"m"`
	Shape   string  `json:"shape"` // polyline of 6 decimals
	Ferry   bool    `json:"ferry"`
	None    string  `json:"none"` // why there is no trip; else empty

	Edges []rivalEdge `json:"edges"` // when they were asked for; Shape is then what they index
}

// rivalEdge is an edge of a trip of Valhalla.
type rivalEdge struct {
	Way    int64   `json:"way"`
	Metres float64 `json:"m"`
	KMH    float64 `json:"kmh"`
	Turn   float64 `json:"turn"`  // seconds at the node behind it
	First  int     `json:"first"` // points of the trip's shape
	Last   int     `json:"last"`
}

// turns is what the nodes of t take, in seconds; 0 without edges.
func (t rivalTrip) turns() (sum float64) {
	for _, e := range t.Edges {
		sum += e.Turn
	}
	return sum
}

// valhalla is a running Valhalla on the tiles of one extract.
type valhalla struct{ *rival.Program }

// startRival builds the tiles of an extract in a folder by a program, and starts
// there the Valhalla of an npm package.
func startRival(pkg, program, extract, dir string) (*valhalla, error) {
	tiles := filepath.Join(dir, "tiles")
	build := exec.Command(program, "-i", fmt.Sprintf(`{"mjolnir":{"tile_dir":%q}}`, tiles), extract)
	build.Dir = dir // it leaves files where it runs
	if said, err := build.CombinedOutput(); err != nil {
		const shown = 2000 // bytes of what it said last
		return nil, fmt.Errorf("build the tiles of %s: %w\n%s", extract, err, said[max(0, len(said)-shown):])
	}
	script := filepath.Join(dir, "rival.js")
	if err := os.WriteFile(script, []byte(rivalScript), 0o600); err != nil {
		return nil, err
	}
	running, err := rival.Start(exec.Command("node", script, pkg, tiles), "Valhalla")
	return &valhalla{running}, err
}

// trips asks for the trip of each pair, with its edges or without. Questions and answers
// flow side by side.
func (r *valhalla) trips(m street.Mode, pairs []pair, edges bool) ([]rivalTrip, error) {
	asked := make(chan error, 1)
	go func() {
		w := bufio.NewWriter(r.In)
		enc := json.NewEncoder(w)
		var err error
		for _, p := range pairs {
			err = errors.Join(err, enc.Encode(map[string]any{
				"costing": costings[m], "options": options[m], "edges": edges,
				"from": [2]float64{p.from.at.Lon, p.from.at.Lat}, "to": [2]float64{p.to.at.Lon, p.to.at.Lat},
			}))
		}
		asked <- errors.Join(err, w.Flush())
	}()
	answers := make([]rivalTrip, len(pairs))
	for i := range answers {
		line, err := r.Out.ReadBytes('\n')
		if err != nil {
			return nil, fmt.Errorf("ask Valhalla: answer %d of %d: %w", i+1, len(pairs), err)
		}
		if err := json.Unmarshal(line, &answers[i]); err != nil {
			return nil, fmt.Errorf("ask Valhalla: answer %d of %d: %w", i+1, len(pairs), err)
		}
	}
	return answers, <-asked
}

// points decodes a polyline of 6 decimals.
func points(polyline string) []geo.LonLat {
	var at []geo.LonLat
	var v [2]int64 // latitude, longitude
	for i := 0; i < len(polyline); {
		for axis := range v {
			var bits int64
			for shift := 0; i < len(polyline); shift += 5 {
				b := int64(polyline[i]) - 63
				i++
				bits |= b & 0x1f << shift
				if b < 0x20 {
					break
				}
			}
			v[axis] += bits>>1 ^ -(bits & 1)
		}
		at = append(at, geo.LonLat{Lon: float64(v[1]) / 1e6, Lat: float64(v[0]) / 1e6})
	}
	return at
}
