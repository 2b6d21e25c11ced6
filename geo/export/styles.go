package export

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/legend"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Styles are the QML with which QGIS opens the tables: the colours of the map's legend
// (geo/legend).
func Styles(layers ...store.Layer) map[string]string {
	shares := graduated(`100.0 * "blanche_hab" / nullif("population_hab", 0)`, legend.Shares)
	var classes []kind
	for _, c := range append(slices.Clone(coverage.Classes), coverage.Uninhabited) {
		classes = append(classes, kind{c.String(), legend.OfClass(c)})
	}
	styles := map[string]string{
		"cells":            categorized("classe", classes...),
		"zones_blanches":   single(fill("0", "", legend.Zone, 0.6)),
		"zones_a_verifier": single(fill("0", "", legend.OfClass(coverage.Inconnue), 0.6)),
		"communes":         shares,
		"epci":             shares,
		"secteurs":         shares,
		"lieux": single(`<symbol name="0" type="marker" alpha="1"><layer class="SimpleMarker" enabled="1" locked="0" pass="0"><Option type="Map">` +
			option("name", "circle") + option("color", rgba(legend.Ink)) + option("outline_color", rgba(legend.Paper)) + option("size", "2.4") +
			option("size_unit", "MM") + `</Option></layer></symbol>`),
	}
	for _, l := range layers {
		if strings.HasPrefix(l.Name, setLayers) {
			styles[l.Name] = shares
		}
	}
	return styles
}

type kind struct {
	value  string
	colour legend.Colour
}

func qml(renderer string) string {
	return `<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>` + "\n" + `<qgis version="3.28" styleCategories="Symbology">` + renderer + "</qgis>\n"
}

func single(symbol string) string {
	return qml(`<renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0" forceraster="0"><symbols>` + symbol + `</symbols></renderer-v2>`)
}

func categorized(attribute string, kinds ...kind) string {
	var categories, symbols strings.Builder
	for i, k := range kinds {
		fmt.Fprintf(&categories, `<category symbol="%d" value="%s" label="%s" render="true" type="string"/>`, i, k.value, k.value)
		symbols.WriteString(fill(fmt.Sprint(i), k.colour, "", 0))
	}
	return qml(`<renderer-v2 type="categorizedSymbol" attr="` + attribute + `" symbollevels="0" enableorderby="0" forceraster="0"><categories>` +
		categories.String() + `</categories><symbols>` + symbols.String() + `</symbols></renderer-v2>`)
}

// graduated draws a share, in per cent, by the bands of a ramp.
func graduated(expression string, ramp legend.Ramp) string {
	var ranges, symbols strings.Builder
	from := 0.0
	for i, colour := range ramp.Colours {
		to := 100.0
		if i < len(ramp.Bounds) {
			to = ramp.Bounds[i]
		}
		fmt.Fprintf(&ranges, `<range symbol="%d" lower="%g" upper="%g" label="%g à %g %% en zone blanche" render="true"/>`, i, from, to, from, to)
		symbols.WriteString(fill(fmt.Sprint(i), colour, legend.Border, 0.2))
		from = to
	}
	return qml(`<renderer-v2 type="graduatedSymbol" attr="` + html.EscapeString(expression) + `" graduatedMethod="GraduatedColor" symbollevels="0" enableorderby="0" forceraster="0"><ranges>` +
		ranges.String() + `</ranges><symbols>` + symbols.String() + `</symbols></renderer-v2>`)
}

// fill is a symbol of areas; an empty colour draws nothing. The width is in millimetres.
func fill(name string, colour, outline legend.Colour, width float64) string {
	style, line := "no", "no"
	if colour != "" {
		style = "solid"
	} else {
		colour = legend.Paper
	}
	if outline != "" {
		line = "solid"
	} else {
		outline = legend.Paper
	}
	return `<symbol name="` + name + `" type="fill" alpha="1"><layer class="SimpleFill" enabled="1" locked="0" pass="0"><Option type="Map">` +
		option("color", rgba(colour)) + option("style", style) + option("outline_color", rgba(outline)) + option("outline_style", line) +
		option("outline_width", fmt.Sprint(width)) + option("outline_width_unit", "MM") + `</Option></layer></symbol>`
}

func option(name, value string) string {
	return `<Option name="` + name + `" type="QString" value="` + value + `"/>`
}

// rgba writes #rrggbb as QGIS does.
func rgba(colour legend.Colour) string {
	var r, g, b int
	_, _ = fmt.Sscanf(string(colour), "#%02x%02x%02x", &r, &g, &b) // the colours are constants
	return fmt.Sprintf("%d,%d,%d,255", r, g, b)
}
