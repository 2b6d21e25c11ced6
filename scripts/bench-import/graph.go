package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/osm"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/gpkg"
)

// steps says what `graph` did and how long each step took, on its standard output.
type steps struct {
	ImportSeconds float64 `json:"import_s"` // opening the store, reading the extract, writing the roads
	GraphSeconds  float64 `json:"graph_s"`  // reading the roads back, building the network and its three graphs
	Ways          int     `json:"ways"`
	Nodes         int     `json:"nodes"`
	Arcs          int     `json:"arcs"` // of the three modes together
}

func (s steps) String() string {
	return fmt.Sprintf("import %.2f s + graph %.2f s; %d ways, %d nodes, %d arcs", s.ImportSeconds, s.GraphSeconds, s.Ways, s.Nodes, s.Arcs)
}

// graph imports an extract in a store and builds the network of what it holds.
func graph(extract, path string, out io.Writer) (err error) {
	ctx := context.Background()
	start := time.Now()
	st, err := gpkg.Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := st.Close(); err == nil {
			err = cerr
		}
	}()
	imp, err := osm.Roads(ctx, []source.Input{source.FromPath(extract)}, source.Options{})
	if err != nil {
		return err
	}
	var m store.Manifest
	if m, err = store.Roads.Replace(ctx, st, imp.Manifest, imp.Rows); err != nil {
		return err
	}
	imported := time.Now()
	// As edition.Build does.
	network, err := road.Build(store.Ahead(store.Roads.Each(ctx, st), 128))
	if err != nil {
		return err
	}
	s := steps{ImportSeconds: imported.Sub(start).Seconds(), GraphSeconds: time.Since(imported).Seconds(),
		Ways: m.Rows, Nodes: network.Counts().Nodes}
	for _, mode := range street.Modes {
		s.Arcs += network.Counts().Arcs[mode]
	}
	return json.NewEncoder(out).Encode(s)
}

func parseSteps(stdout []byte) (s steps, err error) {
	if err := json.Unmarshal(stdout, &s); err != nil {
		return s, fmt.Errorf("read the steps of the graph: %w", err)
	}
	return s, nil
}

// middle is the median of each step; the counts are those of any run.
func middle(all []steps) steps {
	s := all[0]
	s.ImportSeconds = median(all, func(s steps) float64 { return s.ImportSeconds })
	s.GraphSeconds = median(all, func(s steps) float64 { return s.GraphSeconds })
	return s
}
