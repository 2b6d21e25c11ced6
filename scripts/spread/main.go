// Spread measures how well people are put where a census counted them, by each method of
// spreading those of a commune. Run it by the script beside it:
//
//	scripts/spread/run --help
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/osm"
	"github.com/aisne-numerique/maillage/geo/spread"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("spread", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprintln(stderr, "usage: spread CENSUS.csv ROADS.osm.pbf...") }
	if err := flags.Parse(args); err == flag.ErrHelp {
		return 0
	} else if err != nil {
		return 2
	}
	if flags.NArg() < 2 {
		flags.Usage()
		return 2
	}
	worse, err := compare(context.Background(), flags.Arg(0), flags.Args()[1:], stdout)
	if err != nil {
		fmt.Fprintln(stderr, "spread:", err)
		return 1
	}
	if worse {
		fmt.Fprintln(stderr, "spread: people are put worse than evenly")
		return 1
	}
	return 0
}

// compare prints the share of people in a wrong cell, by method and by size of the communes
// that are made of the cells. It reports whether the method in use does worse than an even
// spread anywhere.
func compare(ctx context.Context, path string, roads []string, out io.Writer) (worse bool, err error) {
	c, err := readCensus(path)
	if err != nil {
		return false, err
	}
	var inputs []source.Input
	for _, r := range roads {
		inputs = append(inputs, source.FromPath(r))
	}
	imported, err := osm.Roads(ctx, inputs, source.Options{})
	if err != nil {
		return false, err
	}
	var s spread.Sources
	s.Houses = new(road.Houses)
	if s.Network, err = road.Build(imported.Rows, road.WithHouses(s.Houses)); err != nil {
		return false, err
	}
	fmt.Fprintf(out, "%d cells of resolution %d, %.0f people; %d edges of road, %d places with dwellings\n",
		len(c.cells), c.cells[0].Resolution(), c.total(), s.Network.Counts().Edges, len(s.Houses.Dwellings))
	fmt.Fprintf(out, "share of people in a wrong cell, %%, were the people of each commune alone known\n\n%-32s", "communes")
	divisions := c.divisions()
	for _, d := range divisions {
		fmt.Fprintf(out, "%14s", fmt.Sprintf("%d×%.0f", d.communes(), c.total()/float64(d.communes())))
	}
	fmt.Fprintln(out)
	even := make([]float64, len(divisions))
	for _, m := range methods {
		fmt.Fprintf(out, "%-32s", m.name)
		for i, d := range divisions {
			masses, err := m.weigh(ctx, d, s)
			if err != nil {
				return false, err
			}
			if masses == nil {
				fmt.Fprintf(out, "%14s", "–")
				continue
			}
			wrong := 100 * d.wrong(masses, c.people)
			fmt.Fprintf(out, "%14.1f", wrong)
			switch m.name {
			case uniform:
				even[i] = wrong
			case inUse:
				worse = worse || wrong > even[i]
			}
		}
		fmt.Fprintln(out)
	}
	return worse, nil
}

const (
	uniform = "uniform"
	inUse   = "in use: the best that is known"
)

// methods are those compared; one gives no masses where what it needs is not known.
var methods = []struct {
	name  string
	weigh func(context.Context, *division, spread.Sources) ([]spread.Mass, error)
}{
	{uniform, func(_ context.Context, d *division, _ spread.Sources) ([]spread.Mass, error) {
		return make([]spread.Mass, len(d.grid.Parts)), nil
	}},
	{"streets: all roads alike", byStreets(func(street.Frontage) float64 { return 1 })},
	{"streets: residential alone", byStreets(func(f street.Frontage) float64 {
		if f == street.Street {
			return 1
		}
		return 0
	})},
	{"streets: as calibrated", func(ctx context.Context, d *division, s spread.Sources) ([]spread.Mass, error) {
		return spread.ByStreets(ctx, d.grid, s.Network, s.Houses, spread.Calibrated)
	}},
	{"dwellings", func(ctx context.Context, d *division, s spread.Sources) ([]spread.Mass, error) {
		if len(s.Houses.Dwellings) == 0 {
			return nil, nil
		}
		return spread.ByDwellings(ctx, d.grid, s.Houses)
	}},
	{inUse, func(ctx context.Context, d *division, s spread.Sources) ([]spread.Mass, error) {
		masses, _, err := spread.Of(ctx, d.grid, d.population, s)
		return masses, err
	}},
}

// byStreets weighs by streets with one weight of each kind, in towns and in the fields.
func byStreets(weight func(street.Frontage) float64) func(context.Context, *division, spread.Sources) ([]spread.Mass, error) {
	var w spread.Weights
	for f := range w {
		if f := street.Frontage(f); f != street.NoFrontage {
			w[f].Fields, w[f].BuiltUp = weight(f), weight(f)
		}
	}
	return func(ctx context.Context, d *division, s spread.Sources) ([]spread.Mass, error) {
		return spread.ByStreets(ctx, d.grid, s.Network, s.Houses, w)
	}
}

// wrong is the share of people that a spread by these weights puts in another cell than
// the census: half of the sum of differences.
func (d *division) wrong(masses []spread.Mass, people []float64) float64 {
	weight := make([]float64, len(masses))
	for i, m := range masses {
		weight[i] = m.Weight
	}
	var differ, all float64
	for i, n := range grid.Apportion(d.grid.Parts, d.population, weight) {
		differ += math.Abs(float64(n) - people[i])
		all += people[i]
	}
	return differ / 2 / all
}
