// Country makes an edition of the size of France, and measures what serves it. See
// scripts/country/run, which runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/fixtures"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/scripts/crew"
)

func main() {
	var c country
	os.Exit(crew.Main("country", &c.Report, c.define, c.all))
}

func (c *country) define(flags *flag.FlagSet) func() string {
	flags.IntVar(&c.departements, "departements", 44, "copies of the Aisne: 44 have 35 000 communes")
	flags.Float64Var(&c.stretch, "stretch", 1.4, "how much larger each copy is: 1.4 gives 44 of them a million cells at resolution 8")
	flags.IntVar(&c.resolution, "resolution", 8, "of the grid")
	flags.IntVar(&c.tiles, "tiles", 3000, "tiles of each layer to ask for")
	flags.Uint64Var(&c.seed, "seed", 1, "of the order of tiles")
	flags.StringVar(&c.keep, "keep", "", "a GeoPackage to write the country to, and keep")
	return func() string {
		if c.departements < 1 || c.departements > 90 || c.stretch <= 0 || c.tiles < 1 {
			return "expected 1 to 90 départements, a stretch above 0, tiles"
		}
		return ""
	}
}

type country struct {
	crew.Report
	crew         *crew.Crew
	departements int
	stretch      float64
	resolution   int
	tiles        int
	seed         uint64
	keep         string
}

// The targets.
const (
	mostStart         = 10 * time.Second
	mostMemory        = 2 << 30
	mostMemoryPostgis = 1536 << 20
	mostTile          = 50 * time.Millisecond
	mostExport        = 5 * time.Minute
)

func (c *country) all(ctx context.Context, program string) (err error) {
	c.Machine()
	if c.crew, err = crew.Gather(ctx, program); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.crew.Dismiss()) }()
	dir, err := os.MkdirTemp("", "country")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	store := filepath.Join(dir, "country.gpkg")
	_, err = os.Stat(c.keep)
	if err == nil {
		store = c.keep
		c.Title("%s is taken as it is", filepath.Base(store))
	} else {
		if err := c.build(ctx, dir, store); err != nil {
			return err
		}
		if c.keep != "" {
			if _, err := c.crew.Run(ctx, "copy", "--from", store, "--to", c.keep); err != nil {
				return err
			}
		}
	}
	c.Title("from a GeoPackage")
	if err := c.serve(ctx, store, mostMemory, true); err != nil {
		return err
	}
	c.Title("from PostGIS")
	db, err := c.crew.Database(ctx, "country", "")
	if err != nil {
		return err
	}
	begin := time.Now()
	if _, err := c.crew.Run(ctx, "copy", "--from", store, "--to", db); err != nil {
		return err
	}
	c.Figure("copied to the database", "%s", crew.Seconds(time.Since(begin)))
	if err := c.serve(ctx, db, mostMemoryPostgis, false); err != nil {
		return err
	}
	c.Title("as one file")
	archive := filepath.Join(dir, "country.pmtiles")
	begin = time.Now()
	if _, err := c.crew.Run(ctx, "export", "pmtiles", archive, "--store", store); err != nil {
		return err
	}
	took := time.Since(begin)
	info, err := os.Stat(archive)
	if err != nil {
		return err
	}
	c.Target(took <= mostExport, "export pmtiles", "%s, %d MiB", crew.Seconds(took), info.Size()>>20)
	fmt.Fprintln(c.Out)
	c.Machine()
	return nil
}

// build imports the country and computes it.
func (c *country) build(ctx context.Context, dir, store string) error {
	c.Title("%d copies of the Aisne, %g times as large, resolution %d", c.departements, c.stretch, c.resolution)
	files, manifest, err := fixtures.Aisne()
	if err != nil {
		return err
	}
	all := blocks(c.departements, c.stretch)
	for _, e := range manifest {
		if left(e) {
			continue
		}
		begin := time.Now()
		path := filepath.Join(dir, e.File)
		if err := create(path, files, e, all); err != nil {
			return err
		}
		made := time.Since(begin)
		e.Modelled = strings.TrimPrefix(e.Modelled+" ; pays modélisé : des copies de l'Aisne côte à côte", " ; ")
		begin = time.Now()
		if err := c.crew.ImportFile(ctx, store, path, e); err != nil {
			return err
		}
		c.Figure("import of "+e.Kind, "%s (made in %s)", crew.Seconds(time.Since(begin)), crew.Seconds(made))
	}
	begin := time.Now()
	p, err := c.crew.Start("compute", "compute", "--store", store, "--departement", edition.Together, "--resolution", fmt.Sprint(c.resolution), "--json")
	if err != nil {
		return err
	}
	if err := p.Wait(ctx); err != nil {
		return err
	}
	c.Figure("compute", "%s, %d MiB at most", crew.Seconds(time.Since(begin)), p.Memory()>>20)
	return nil
}

func create(path string, files fs.FS, e fixtures.Entry, all []block) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f, files, e, all), f.Close())
}

// serve measures a server from its start.
func (c *country) serve(ctx context.Context, store string, mostMemory int64, tiles bool) error {
	begin := time.Now()
	s, err := c.crew.Serve(ctx, "server", store)
	if err != nil {
		return err
	}
	var about struct{ Bounds [4]float64 }
	if err := s.JSON(ctx, "/tiles/cells.json", &about); err != nil {
		return err
	}
	box := about.Bounds
	first, err := crew.Ask(s.Address, []string{"/tiles/cells/6/" + crew.Slippy((box[0]+box[2])/2, (box[1]+box[3])/2, 6) + ".mvt"}, 1)
	if err != nil || first.Errors+first.Empty > 0 {
		return fmt.Errorf("first tile: %v (%w)", first, err)
	}
	took := time.Since(begin)
	c.Target(took <= mostStart, "start to first tile", "%s", crew.Seconds(took))
	c.Target(s.Memory() <= mostMemory, "memory then, at most", "%d MiB", s.Memory()>>20)
	if tiles {
		random := rand.New(rand.NewPCG(c.seed, 0))
		for _, layer := range []string{"cells", "zones", "communes", "epci", "roads", "lieux"} {
			var of struct{ MinZoom, MaxZoom int }
			if err := s.JSON(ctx, "/tiles/"+layer+".json", &of); err != nil {
				return err
			}
			var paths []string
			const minZoom, maxZoom = 5, 12
			for z := max(minZoom, of.MinZoom); z <= min(maxZoom, of.MaxZoom); z++ { // as many of each zoom, as far as there are
				all := crew.Shuffled(random, box, z, z)
				for _, t := range all[:min(c.tiles/(maxZoom-minZoom+1), len(all))] {
					paths = append(paths, "/tiles/"+layer+"/"+t+".mvt")
				}
			}
			random.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
			load, err := crew.Ask(s.Address, paths, 2)
			if err != nil {
				return err
			}
			c.Target(load.Errors == 0 && load.At(0.99) <= mostTile, fmt.Sprintf("%d tiles of %s, z5–z12, cold", len(paths), layer), "%v", load)
		}
		c.Target(s.Memory() <= mostMemory, "memory after tiles, at most", "%d MiB", s.Memory()>>20)
	}
	return s.End()
}
