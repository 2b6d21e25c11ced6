package table

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
)

// roads are rows of the table roads.
var roads = kind[road.Way]{
	rows:   store.Roads,
	tables: []Table{{"roads", true, []string{"dataset", "position", "osm_id", "highway", "tags", "nodes", "marks", "turns"}}},
	encode: func(w road.Way, put func(int, orb.Geometry, ...any) error) error {
		tags := "{}"
		if len(w.Tags) > 0 {
			var err error
			if tags, err = toJSON(w.Tags); err != nil {
				return err
			}
		}
		marks, err := optionalJSON(w.Marks)
		if err != nil {
			return err
		}
		turns, err := optionalJSON(w.Turns)
		if err != nil {
			return err
		}
		return put(0, line(w.At), w.ID, optional(w.Tags["highway"]), tags, encodeNodes(w.Nodes), marks, turns)
	},
	query: `SELECT osm_id, tags, nodes, marks, turns, geom FROM roads ORDER BY dataset, position`,
	scan: func(row Row, geometry Geometry) (w road.Way, err error) {
		var geom orb.Geometry
		var tags, nodes, marks, turns blob
		if err := row.Scan(&w.ID, &tags, &nodes, &marks, &turns, geometry(&geom)); err != nil {
			return w, named(fmt.Sprint(w.ID), err)
		}
		line, err := as[orb.LineString](geom)
		if err != nil {
			return w, named(fmt.Sprint(w.ID), err)
		}
		if len(line) == 2 && line[0] == line[1] && countNodes(nodes) == 1 {
			line = line[:1] // see line
		}
		if w.Tags, err = decodeTags(tags); err != nil {
			return w, named(fmt.Sprint(w.ID), err)
		}
		if w.Nodes, err = decodeNodes(nodes, len(line)); err != nil {
			return w, named(fmt.Sprint(w.ID), err)
		}
		if marks != nil {
			err = json.Unmarshal(marks, &w.Marks)
		}
		if err == nil && turns != nil {
			err = json.Unmarshal(turns, &w.Turns)
		}
		for _, p := range line {
			w.At = append(slices.Grow(w.At, len(line)-len(w.At)), position(p))
		}
		return w, named(fmt.Sprint(w.ID), err)
	},
}.input()
