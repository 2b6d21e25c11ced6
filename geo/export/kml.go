package export

import (
	"bufio"
	"fmt"
	"html"
	"image/color"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	kmlgeom "github.com/twpayne/go-geom/encoding/kml"
	"github.com/twpayne/go-kml/v3"

	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/legend"
	"github.com/aisne-numerique/maillage/geo/store"
)

// kmlDigits is how exactly KML tells positions: a millionth of a degree is 11 cm.
const kmlDigits = 1e6

// opened are the folders that a viewer shows when it opens the file: areas that cover the
// same ground would hide each other.
var opened = []string{"epci", "zones_blanches", "lieux"}

// KML writes the tables but the cells, which are too many, as one document: a folder each,
// coloured as the map is. What a row says is in French, with its units.
func (r *Results) KML(w io.Writer) error {
	document, err := r.document()
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	if err := kml.KML(document).Write(out); err != nil {
		return fmt.Errorf("kml: %w", err)
	}
	return out.Flush()
}

// KMZ writes the same, compressed.
func (r *Results) KMZ(w io.Writer) error {
	document, err := r.document()
	if err != nil {
		return err
	}
	if err := kml.WriteKMZ(w, map[string]any{"doc.kml": document}); err != nil {
		return fmt.Errorf("kmz: %w", err)
	}
	return nil
}

func (r *Results) document() (kml.Element, error) {
	var about []string
	for _, pair := range r.About.Sentences() {
		about = append(about, line(pair[0], pair[1]))
	}
	document := kml.Document(kml.Name("maillage, édition "+r.About.Edition), kml.Open(true), kml.Description(strings.Join(about, breaks)))
	for _, s := range kmlStyles() {
		document.Add(s)
	}
	for _, l := range r.Layers {
		if l.Name == "cells" {
			continue
		}
		folder, err := r.kmlFolder(l)
		if err != nil {
			return nil, fmt.Errorf("layer %s: %w", l.Name, err)
		}
		document.Add(folder)
	}
	return document, nil
}

func (r *Results) kmlFolder(l store.Layer) (kml.Element, error) {
	visible := slices.Contains(opened, l.Name)
	name, _, _ := strings.Cut(l.Title, ".")
	name, _, _ = strings.Cut(name, ":")
	folder := kml.Folder(kml.Name(strings.TrimSpace(name)), kml.Visibility(visible), kml.Open(false), kml.Description(escaped(l.Title)))
	source := r.source()
	for row := range l.Rows {
		if row.Geometry == nil {
			continue
		}
		shape, err := kmlShape(row.Geometry)
		if err != nil {
			return nil, err
		}
		of := kmlRow{l, row.Values}
		title := of.title()
		folder.Add(kml.Placemark(kml.Name(title), kml.Visibility(visible), kml.Description(of.describe(title, source)), kml.StyleURL("#"+of.style()), shape))
	}
	return folder, nil
}

// source is what every row says of where it comes from.
func (r *Results) source() []string {
	var names []string
	for _, s := range r.About.Sources {
		if s.Source != "" && !slices.Contains(names, s.Source) {
			names = append(names, s.Source)
		}
	}
	lines := []string{line("Sources", strings.Join(names, " ; ")), line("Édition", r.About.Edition)}
	if len(r.About.Modelled) > 0 {
		lines = append(lines, line("Modélisé", r.About.modelled(", ", func(m edition.Modelled) string { return m.Name })))
	}
	return lines
}

// kmlRow is a row and what its values are.
type kmlRow struct {
	store.Layer
	values []any
}

// text is a value as it is read, empty where it is unknown or not there.
func (r kmlRow) text(column string) string {
	for i, c := range r.Columns {
		if c.Name == column {
			return kmlText(r.values[i])
		}
	}
	return ""
}

func kmlText(v any) string {
	if number, ok := v.(float64); ok {
		v = math.Round(number*100) / 100
	}
	return field(v, true)
}

func (r kmlRow) title() string {
	if r.Name == "zones_blanches" {
		return "Zone blanche " + r.text("rang") + " (" + r.text("commune") + ")"
	}
	if r.Name == "zones_a_verifier" {
		return "Zone à vérifier " + r.text("rang") + " (" + r.text("commune") + ")"
	}
	return r.text("nom")
}

// describe lists what is known, a line each. Viewers read it as HTML.
func (r kmlRow) describe(title string, source []string) string {
	lines := []string{"<b>" + escaped(title) + "</b>"}
	for i, c := range r.Columns {
		text := kmlText(r.values[i])
		if text == "" || c.Name == "nom" || c.Name == "type" {
			continue
		}
		if c.Unit != "" && !strings.Contains(c.Title, c.Unit) {
			text += " " + c.Unit
		}
		lines = append(lines, line(c.Title, text))
	}
	return strings.Join(append(lines, source...), breaks)
}

const breaks = "<br>\n"

func line(subject, text string) string { return escaped(subject) + " : " + escaped(text) }

// escaped keeps what data say from being read as HTML, or as a variable of a balloon.
func escaped(text string) string {
	return strings.ReplaceAll(html.EscapeString(text), "$[", "&#36;[")
}

// style is the name of the style of a row: for a territoire, that of the band of the share
// of its people who live in a zone blanche.
func (r kmlRow) style() string {
	var people, blanche int64
	for i, c := range r.Columns {
		switch n, _ := r.values[i].(int64); c.Name {
		case "population_hab":
			people = n
		case "blanche_hab":
			blanche = n
		}
	}
	switch {
	case r.Geometry == "POINT":
		return "lieu"
	case r.Name == "zones_blanches":
		return "zone"
	case r.Name == "zones_a_verifier":
		return "a-verifier"
	case people == 0:
		return "vide"
	}
	band := 0
	for _, bound := range legend.Shares.Bounds {
		if 100*float64(blanche) >= bound*float64(people) {
			band++
		}
	}
	return fmt.Sprintf("part-%d", band)
}

// kmlStyles are the styles that rows name. A balloon shows the description alone: what a
// name holds would be read as HTML there.
func kmlStyles() []kml.Element {
	balloon := func() kml.Element { return kml.BalloonStyle(kml.Text("$[description]")) }
	area := func(id string, ground kml.Element, outline legend.Colour, width float64) kml.Element {
		return kml.SharedStyle(id, kml.LineStyle(kml.Color(tinted(outline, 0xff)), kml.Width(width)), ground, balloon())
	}
	const through = 0xa6 // the ground shows through areas: 65 %
	out := []kml.Element{
		kml.SharedStyle("lieu", kml.IconStyle(kml.Color(tinted(legend.Ink, 0xff)), kml.Scale(0.8)), kml.LabelStyle(kml.Scale(0.7)), balloon()),
		area("zone", kml.PolyStyle(kml.Color(tinted(legend.OfClass(coverage.Blanche), through))), legend.Zone, 2),
		area("a-verifier", kml.PolyStyle(kml.Color(tinted(legend.OfClass(coverage.Inconnue), through))), legend.Border, 2),
		area("vide", kml.PolyStyle(kml.Fill(false)), legend.Border, 1),
	}
	for band, colour := range legend.Shares.Colours {
		out = append(out, area(fmt.Sprintf("part-%d", band), kml.PolyStyle(kml.Color(tinted(colour, through))), legend.Border, 1))
	}
	return out
}

// tinted is a colour that hides that much, of 255, of what is below: KML writes it aabbggrr,
// not multiplied.
func tinted(c legend.Colour, alpha uint8) color.Color {
	out := color.RGBA{A: alpha}
	_, _ = fmt.Sscanf(string(c), "#%02x%02x%02x", &out.R, &out.G, &out.B) // the colours are constants
	return out
}

// kmlShape writes a geometry in degrees, rounded to [kmlDigits].
func kmlShape(g orb.Geometry) (kml.Element, error) {
	switch g := orb.Round(orb.Clone(g), kmlDigits).(type) { // Round works in place
	case orb.Point:
		return kmlgeom.Encode(geom.NewPointFlat(geom.XY, g[:]))
	case orb.MultiPolygon:
		var flat []float64
		endss := make([][]int, len(g))
		for i, polygon := range g {
			for _, ring := range polygon {
				for _, p := range ring {
					flat = append(flat, p[0], p[1])
				}
				endss[i] = append(endss[i], len(flat))
			}
		}
		return kmlgeom.Encode(geom.NewMultiPolygonFlat(geom.XY, flat, endss))
	}
	return nil, fmt.Errorf("kml: a %s; expected points or multipolygons", g.GeoJSONType())
}
