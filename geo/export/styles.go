package export

import (
	"fmt"
	"html"
	"strings"
)

// Styles are the QML with which QGIS opens the tables: the colours of the map's legend
// (api/web/src/palette.ts).
func Styles() map[string]string {
	shares := graduated(`100.0 * "blanche_hab" / nullif("population_hab", 0)`,
		band{0, 5, "#fdf0d2"}, band{5, 20, "#f8b074"}, band{20, 40, "#d35568"}, band{40, 70, "#a53a72"}, band{70, 100, "#431a50"})
	return map[string]string{
		"cells": categorized("classe", kind{"couverte", "#bfe3dc"}, kind{"grise", "#e2a033"}, kind{"blanche", "#8a1250"},
			kind{"inconnue", "#ccd4e2"}, kind{"inhabite", ""}),
		"zones_blanches": single(fill("0", "", "#8a1250", 0.6)),
		"communes":       shares,
		"epci":           shares,
		"secteurs":       shares,
		"lieux": single(`<symbol name="0" type="marker" alpha="1"><layer class="SimpleMarker" enabled="1" locked="0" pass="0"><Option type="Map">` +
			option("name", "circle") + option("color", rgba("#1d3f78")) + option("outline_color", rgba("#ffffff")) + option("size", "2.4") +
			option("size_unit", "MM") + `</Option></layer></symbol>`),
	}
}

type kind struct{ value, colour string }

type band struct {
	from, to int // per cent of the inhabitants
	colour   string
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

func graduated(expression string, bands ...band) string {
	var ranges, symbols strings.Builder
	for i, b := range bands {
		fmt.Fprintf(&ranges, `<range symbol="%d" lower="%d" upper="%d" label="%d à %d %% en zone blanche" render="true"/>`, i, b.from, b.to, b.from, b.to)
		symbols.WriteString(fill(fmt.Sprint(i), b.colour, "#6b6b6b", 0.2))
	}
	return qml(`<renderer-v2 type="graduatedSymbol" attr="` + html.EscapeString(expression) + `" graduatedMethod="GraduatedColor" symbollevels="0" enableorderby="0" forceraster="0"><ranges>` +
		ranges.String() + `</ranges><symbols>` + symbols.String() + `</symbols></renderer-v2>`)
}

// fill is a symbol of areas; an empty colour draws nothing. The width is in millimetres.
func fill(name, colour, outline string, width float64) string {
	style, line := "no", "no"
	if colour != "" {
		style = "solid"
	} else {
		colour = "#ffffff"
	}
	if outline != "" {
		line = "solid"
	} else {
		outline = "#ffffff"
	}
	return `<symbol name="` + name + `" type="fill" alpha="1"><layer class="SimpleFill" enabled="1" locked="0" pass="0"><Option type="Map">` +
		option("color", rgba(colour)) + option("style", style) + option("outline_color", rgba(outline)) + option("outline_style", line) +
		option("outline_width", fmt.Sprint(width)) + option("outline_width_unit", "MM") + `</Option></layer></symbol>`
}

func option(name, value string) string {
	return `<Option name="` + name + `" type="QString" value="` + value + `"/>`
}

// rgba writes #rrggbb as QGIS does.
func rgba(colour string) string {
	var r, g, b int
	_, _ = fmt.Sscanf(colour, "#%02x%02x%02x", &r, &g, &b) // the colours are constants
	return fmt.Sprintf("%d,%d,%d,255", r, g, b)
}
