// Command legend makes the copies of what the program says once and the map must say too:
// colours and bands (geo/legend), classes, modes, services, measures and layers of tiles.
//
//	go run ./scripts/legend
//
// Its test fails when a copy differs.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/legend"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/tiles"
)

const notice = "Made by `go run ./scripts/legend`, whose test compares them: change the tables of geo, geo/legend, geo/lieu and tiles instead."

func main() {
	for name, text := range copies() {
		if err := os.WriteFile(filepath.FromSlash(name), []byte(text), 0o644); err != nil {
			fmt.Fprintln(os.Stderr, "legend:", err)
			os.Exit(1)
		}
	}
}

// copies are the files, by their path from the root.
func copies() map[string]string {
	return map[string]string{
		"api/web/src/shared/legend.gen.ts": script(),
		"api/web/src/css/palette.css":      "/* " + notice + " */\n\n" + legend.CSS(),
	}
}

// entry is a key of an object in a script, whose order a reader and a menu keep.
type entry struct {
	key   string
	value any
}

type object []entry

func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, e := range o {
		if i > 0 {
			b.WriteString(", ")
		}
		value, err := json.Marshal(e.value)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%q: %s", e.key, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func script() string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "// %s\n", notice)
	write := func(name, comment string, value any) {
		text, err := json.MarshalIndent(value, "", "  ")
		if err != nil {
			panic(err) // of strings and numbers only
		}
		fmt.Fprintf(&b, "\n/** %s */\nexport const %s = %s as const;\n", comment, name, text)
	}

	var modes []string
	var byTimetable []string
	var modeLabels, french, english, thresholds object
	for _, m := range geo.Modes {
		modes = append(modes, m.String())
		if m == geo.Transit {
			byTimetable = append(byTimetable, m.String())
		}
		q := coverage.DefaultQuery().By(m)
		thresholds = append(thresholds, entry{m.String(), object{{"minutes", q.Cutoff.Minutes()}, {"hours", q.MinHours}}})
		modeLabels = append(modeLabels, entry{m.String(), m.Label()})
		french = append(french, entry{m.String(), m.Phrase()})
		english = append(english, entry{m.String(), m.English()})
	}
	write("MODES", "Modes of travel.", modes)
	write("BY_TIMETABLE", "Those that go by timetable: their answers are of dates, and their minutes come in steps.", byTimetable)
	write("THRESHOLDS", "Minutes and hours a week of a question of each mode, where nobody says others.", thresholds)
	write("MODE_LABELS", "As choices of a list, in French.", modeLabels)
	write("MODE_PHRASES", "At the end of a sentence.", object{{"fr", french}, {"en", english}})

	var services []string
	var serviceLabels object
	for _, s := range lieu.AllServices() {
		if s != lieu.Any {
			services = append(services, s.String())
			serviceLabels = append(serviceLabels, entry{s.String(), s.Label()})
		}
	}
	write("SERVICES", "Services of the national schema, in the order of the bits of a lieu's mask.", services)
	write("SERVICE_LABELS", "Their names in the schema.", serviceLabels)

	var classes, order []string
	var codes, classLabels, classMeanings, classByTimetable object
	for _, c := range coverage.Classes {
		classes = append(classes, c.String())
		codes = append(codes, entry{c.String(), int(c)})
	}
	for _, row := range legend.Classes {
		order = append(order, row.Class.String())
		classLabels = append(classLabels, entry{row.Class.String(), row.Label})
		classMeanings = append(classMeanings, entry{row.Class.String(), row.Meaning})
		classByTimetable = append(classByTimetable, entry{row.Class.String(), row.ByTimetable})
	}
	write("CLASSES", "Classes of inhabited places.", classes)
	write("CLASS_CODES", "Their numbers in the column `classe`.", codes)
	write("CLASS_ORDER", "From the worst to the best, the order in which a reader looks for gaps.", order)
	write("CLASS_LABELS", "In French.", classLabels)
	write("CLASS_MEANINGS", "In French, with {T} for the minutes of a question and {H} for its hours, as they are written with their units.", classMeanings)
	write("CLASS_MEANINGS_BY_TIMETABLE", "The same where one has to be there while it is open, and to come home.", classByTimetable)
	write("IF_KNOWN", "Those whom what is unknown could make couverts, in French.", legend.IfKnown)

	var states []string
	var stateLabels, stateByTimetable object
	for _, m := range legend.Moments {
		states = append(states, m.Name)
		stateLabels = append(stateLabels, entry{m.Name, m.Label})
		stateByTimetable = append(stateByTimetable, entry{m.Name, m.ByTimetable})
	}
	write("MOMENT_STATES", "What is found within reach at a moment, in the order of the column `ouvert`, from 1.", states)
	write("MOMENT_LABELS", "In French.", stateLabels)
	write("MOMENT_LABELS_BY_TIMETABLE", "In French, where one has to be there, and to come home.", stateByTimetable)

	var measures []string
	var measureLabels, measureTitles, measureByTimetable object
	for _, m := range legend.Measures {
		measures = append(measures, string(m.Measure))
		measureLabels = append(measureLabels, entry{string(m.Measure), m.Label})
		measureTitles = append(measureTitles, entry{string(m.Measure), m.Title})
		measureByTimetable = append(measureByTimetable, entry{string(m.Measure), m.ByTimetable})
	}
	write("MEASURES", "What the colours of the map may mean.", measures)
	write("MEASURE_LABELS", "As choices of a list, in French.", measureLabels)
	write("MEASURE_TITLES", "Over the legend, in French.", measureTitles)
	write("MEASURE_TITLES_BY_TIMETABLE", "The same by timetable.", measureByTimetable)
	write("TIME_BY_TIMETABLE", "What times are by timetable, in French.", legend.TimeByTimetable)
	write("HOUR_BY_TIMETABLE", "What hours are by timetable, in French.", legend.HourByTimetable)

	write("ACT_FORMULA", "What the measure of where to act first is of a cell, in French.", coverage.LackFormula)

	var palette, bounds, ramps object
	for _, n := range legend.Palette() {
		palette = append(palette, entry{n.Name, n.Colour})
	}
	for _, r := range legend.Ramps() {
		ramps = append(ramps, entry{r.Name, r.Colours})
		if r.Bounds != nil {
			bounds = append(bounds, entry{r.Name, r.Bounds})
		}
	}
	write("PALETTE", "Every colour, by its name in CSS.", palette)
	write("RAMPS", "Colours of the bands of a measure.", ramps)
	write("BOUNDS", "What cuts a measure into bands.", bounds)
	write("CROSSED", "Colours of need, in thirds from the least fragile, by thirds of another figure.", legend.Crossed)
	var scales object
	for _, s := range legend.Scales() {
		levels := make([]object, len(s.Levels))
		for i, l := range s.Levels {
			levels[i] = object{{"number", l.Number}, {"label", l.Label}}
		}
		scales = append(scales, entry{s.Column, object{{"label", s.Label}, {"source", s.Source}, {"levels", levels}}})
	}
	write("SCALES", "Classifications of communes that need is crossed with, in French, by the column of their number.", scales)

	var layers object
	for _, l := range tiles.Layers() {
		var sources []string
		for _, s := range l.Sources {
			sources = append(sources, s.Name)
		}
		layers = append(layers, entry{l.Name, object{{"minzoom", l.MinZoom}, {"maxzoom", l.MaxZoom}, {"sources", sources}}})
	}
	write("LAYERS", "Layers of tiles, their zooms and the source layers inside.", layers)
	return b.String()
}
