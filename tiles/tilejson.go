package tiles

import (
	"encoding/json"
	"fmt"
	"html"
	"math"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
)

// tileJSON is a TileJSON 3.0 document.
type tileJSON struct {
	TileJSON     string        `json:"tilejson"`
	Name         string        `json:"name"`
	Description  string        `json:"description"`
	Version      string        `json:"version"`
	Attribution  string        `json:"attribution,omitempty"`
	Scheme       string        `json:"scheme"`
	Tiles        []string      `json:"tiles"`
	MinZoom      int           `json:"minzoom"`
	MaxZoom      int           `json:"maxzoom"`
	Bounds       [4]float64    `json:"bounds"`
	Center       [3]float64    `json:"center"`
	VectorLayers []vectorLayer `json:"vector_layers"`
}

type vectorLayer struct {
	ID          string            `json:"id"`
	Description string            `json:"description"`
	MinZoom     int               `json:"minzoom"`
	MaxZoom     int               `json:"maxzoom"`
	Fields      map[string]string `json:"fields"`
}

// homeZoom is the zoom at which a département fills a screen.
const homeZoom = 8

// TileJSON describes a layer in TileJSON 3.0. baseURL is where the layers are, as
// "https://carte.example/tiles"; what follows a "?" in it goes to the end of each
// tile's address. q is the question that these ask, which a layer that depends on it tells of.
// The error is [ErrUnknownLayer].
func (s *Set) TileJSON(layer, baseURL string, q coverage.Query) ([]byte, error) {
	i, err := s.layer(layer)
	if err != nil {
		return nil, err
	}
	l := s.layers[i]
	base, query, asks := strings.Cut(baseURL, "?")
	address := strings.TrimRight(base, "/") + "/" + l.Name + "/{z}/{x}/{y}.mvt"
	if asks {
		address += "?" + query
	}
	b := s.geographic()
	c := b.Center()
	doc := tileJSON{
		TileJSON: "3.0.0", Name: l.Title, Version: "1.0.0", Scheme: "xyz",
		Description: l.Title + ". Édition " + s.edition.ID + ".",
		Attribution: attribution(s.edition),
		Tiles:       []string{address},
		MinZoom:     l.MinZoom, MaxZoom: l.MaxZoom,
		Bounds: [4]float64{degrees(b.Min.Lon), degrees(b.Min.Lat), degrees(b.Max.Lon), degrees(b.Max.Lat)},
		Center: [3]float64{degrees(c.Lon), degrees(c.Lat), max(homeZoom, float64(l.MinZoom))},
	}
	if t := s.edition.QueryJSON(q).Transit; t != nil && l.Asks {
		doc.Description += " En bus ou car : " + strings.Join(t.Sentences, " ; ") + "."
	}
	doc.VectorLayers = l.vectorLayers()
	out, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("tilejson of layer %s: %w", layer, err)
	}
	return out, nil
}

// geographic is the box around the territory; the whole world when there is none.
func (s *Set) geographic() geo.Bounds {
	if b := s.edition.Bounds; !b.Empty() {
		return b
	}
	return geo.Bounds{Min: geo.LonLat{Lon: -180, Lat: -maxLatitude}, Max: geo.LonLat{Lon: 180, Lat: maxLatitude}}
}

// vectorLayers describes the source layers of a layer.
func (l *Layer) vectorLayers() []vectorLayer {
	var all []vectorLayer
	for _, src := range l.Sources {
		v := vectorLayer{ID: src.Name, Description: src.Title, MinZoom: src.MinZoom, MaxZoom: l.MaxZoom, Fields: map[string]string{}}
		for _, f := range src.Fields {
			v.Fields[f.Name] = f.describe()
		}
		all = append(all, v)
	}
	return all
}

// degrees keeps a position to six decimals (11 cm).
func degrees(v float64) float64 { return math.Round(v*1e6) / 1e6 }

// describe is the field in one French sentence: type, unit, meaning.
func (f Field) describe() string {
	text := string(f.Type)
	if f.Unit != "" {
		text += " (" + f.Unit + ")"
	}
	text += " : " + f.Meaning
	if f.Optional {
		text += " ; absent si inconnu"
	}
	return text
}

// attribution cites every source of the edition and names what is modelled, as
// HTML, which is how maps show it.
func attribution(e *edition.Edition) string {
	var parts []string
	for _, m := range e.Inputs {
		if m.Source == "" {
			continue
		}
		var notes []string
		for _, n := range []string{m.Vintage, m.Licence} {
			if n != "" {
				notes = append(notes, n)
			}
		}
		text := "© " + m.Source
		if len(notes) > 0 {
			text += " (" + strings.Join(notes, ", ") + ")"
		}
		if text = html.EscapeString(text); !slices.Contains(parts, text) {
			parts = append(parts, text)
		}
	}
	var modelled []string
	for _, m := range e.Modelled {
		modelled = append(modelled, html.EscapeString(m.Name))
	}
	if len(modelled) > 0 {
		parts = append(parts, "données modélisées : "+strings.Join(modelled, ", "))
	}
	return strings.Join(parts, " ; ")
}
