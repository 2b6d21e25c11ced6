// Package bdtopo reads the roads of IGN's BD TOPO: version 3 in a GeoPackage or in
// shapefiles, version 2 in shapefiles. They come out as OSM would tag them, so that what
// tags mean to travel has one home, and ids of nodes are made of positions.
package bdtopo

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/layer"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Takes recognises a file that may be of BD TOPO from its first bytes: a GeoPackage, an
// archive, a .shp.
func Takes(head []byte) bool {
	return source.IsSQLite(head) || source.IsArchive(head) || source.IsShape(head)
}

// Roads reads the layers of road sections (troncon_de_route; ROUTE, ROUTE_PRIMAIRE and others
// in version 2) and the forbidden turns (non_communication) of files. Layers are told by
// their columns, and so are buildings (batiment), whose dwellings come last, by cells of
// about a hectare; under the names of a database, of IGN's shapefiles, or as GDAL cuts them.
//
// A section is cut by IGN at every crossing on its own level: sections meet at their ends,
// where those are at one place, and nowhere else. Its id is the number in its cleabs. A
// section that several files have is read once.
//
// Two passes: the first finds where ends lie above each other, and the sections between
// which turns are forbidden; the second gives the ways.
//
// Left out, and counted: sections that are not in service. Rejected: those without id, or
// that draw no line.
func Roads(ctx context.Context, in []source.Input, o source.Options) (*source.Import[road.Way], error) {
	return source.Open(ctx, store.Roads, in, o, layer.Format, func(rec *source.Recorder, files []source.File, emit func(road.Way) error) error {
		r := reader{ctx: ctx, rec: rec, o: o, emit: emit, told: notes{}, levels: levels{}, slugs: map[string]string{}, turns: turns{touched: map[string]*section{}}}
		for _, f := range files {
			if err := r.choose(f); err != nil {
				return err
			}
		}
		if err := r.survey(); err != nil {
			return err
		}
		if err := r.read(); err != nil {
			return err
		}
		if err := r.countHomes(); err != nil {
			return err
		}
		r.told.tell(rec)
		return nil
	})
}

// reader is one import under way.
type reader struct {
	ctx  context.Context
	rec  *source.Recorder
	o    source.Options
	emit func(road.Way) error
	told notes

	roads     []found // layers of sections
	bans      []found // layers of forbidden turns
	buildings []found
	levels    levels
	turns     turns
	seen      map[int64]bool
	slugs     map[string]string // of the values of few words
}

// found is a layer of a file.
type found struct {
	file source.File
	layer.Layer
}

// whole are the names of layers that have every section: beside one of them, ROUTE_PRIMAIRE
// and CHEMIN are parts of the same for maps.
var whole = regexp.MustCompile(`(?i)(^|_)(troncon_de_route|route)(_bdt.*)?$`)

// choose finds the layers of a file that are read.
func (r *reader) choose(f source.File) error {
	if !Takes(f.Head) {
		return source.FailAt(f.Name, 0, "ce n'est pas une livraison de la BD TOPO, comme l'autre fichier ; attendu des fichiers d'une seule origine : un GeoPackage ou des shapefiles de l'IGN, ou des extraits d'OpenStreetMap")
	}
	layers, err := layer.Layers(f)
	if err != nil {
		return err
	}
	var roads []layer.Layer
	names := make([]string, len(layers))
	others := len(r.bans) + len(r.buildings)
	for i, l := range layers {
		names[i] = l.Name
		switch {
		case r.o.Layer != "" && strings.EqualFold(l.Name, r.o.Layer) || r.o.Layer == "" && isRoads(l):
			roads = append(roads, l)
		case hasColumn(l, colEntry) && hasColumn(l, colExits):
			r.bans = append(r.bans, found{f, l})
		case isBuildings(l):
			r.buildings = append(r.buildings, found{f, l})
		}
	}
	if every := slices.DeleteFunc(slices.Clone(roads), func(l layer.Layer) bool { return !whole.MatchString(l.Name) }); len(every) > 0 {
		roads = every
	}
	known := source.Shorten(strings.Join(names, ", "))
	switch {
	case len(roads) == 0 && r.o.Layer != "":
		return source.FailAt(f.Name, 0, "pas de couche « %s » ; couches du fichier : %s", r.o.Layer, known)
	case len(roads) == 0 && len(r.bans)+len(r.buildings) == others:
		return source.FailAt(f.Name, 0, "aucune couche de routes de la BD TOPO ; attendu troncon_de_route (colonnes cleabs, nature, sens_de_circulation) ou ROUTE (ID, NATURE, SENS) ; couches du fichier : %s", known)
	}
	for _, l := range roads {
		if !hasColumn(l, colID) || !hasColumn(l, colNature) {
			return source.FailAt(f.Name, 0, "la couche %s n'a pas les colonnes attendues : cleabs et nature (ID et NATURE en version 2)", l.Name)
		}
		r.roads = append(r.roads, found{f, l})
	}
	return nil
}

func isRoads(l layer.Layer) bool {
	lines := l.Type == "" || strings.Contains(l.Type, "LINE") || strings.Contains(l.Type, "CURVE") || l.Type == "GEOMETRY"
	return lines && hasColumn(l, colID) && hasColumn(l, colNature) &&
		(hasColumn(l, colSense) || strings.HasPrefix(strings.ToUpper(l.Name), "CHEMIN"))
}

// survey is the first pass.
func (r *reader) survey() error {
	if len(r.roads) == 0 {
		return source.FailAt(append(r.bans, r.buildings...)[0].file.Name, 0, "aucune couche de routes de la BD TOPO ; attendu troncon_de_route ou ROUTE")
	}
	for _, b := range r.bans {
		if err := r.readBans(b); err != nil {
			return err
		}
	}
	if len(r.bans) == 0 {
		r.told.add(note{r.roads[0].file.Name, "", "", "pas de couche non_communication : les interdictions de tourner ne sont pas connues"}, 0)
	}
	silent := &source.Recorder{Report: &source.Report{}} // what is wrong is told by the second pass
	var ends []end
	for _, l := range r.roads {
		err := layer.EachOf(silent, r.o, l.file, l.Layer, layer.Sink{Use: func(_ int, ft layer.Feature) error {
			a := attributes{ft.Attrs}
			if _, out := r.outOfService(a); out {
				return nil
			}
			lines, bad := endsOf(ft)
			if bad != nil {
				return nil
			}
			elevate(a, lines)
			for _, line := range lines {
				ends = append(ends, line.ends()...)
			}
			r.turns.touch(a.text(colID), lines)
			return nil
		}})
		if err != nil {
			return err
		}
	}
	r.levels = levelsOf(ends)
	r.turns.resolve(r.levels, &r.told)
	return r.ctx.Err()
}

// read is the second pass.
func (r *reader) read() error {
	r.seen = map[int64]bool{}
	for _, l := range r.roads {
		err := layer.EachOf(r.rec, r.o, l.file, l.Layer, layer.Sink{Use: func(n int, ft layer.Feature) error {
			r.rec.Read++
			return r.section(l.file.Name, n, ft)
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

// section makes ways of one section.
func (r *reader) section(file string, n int, ft layer.Feature) error {
	a := attributes{ft.Attrs}
	reject := func(f source.Fault) error {
		r.rec.Reject(file, n, f.Field, f.Value, f.Reason)
		return r.rec.Overflow()
	}
	cleabs := a.text(colID)
	if cleabs == "" {
		return reject(source.Fault{Field: colID.name(a), Reason: "identifiant absent ; attendu un texte comme TRONROUT0000000012345678"})
	}
	id := wayID(cleabs)
	if r.seen[id] {
		r.rec.Merged++
		return nil
	}
	r.seen[id] = true
	if state, out := r.outOfService(a); out {
		r.rec.Skipped++
		r.told.add(note{file, colState.name(a), state, "tronçons qui ne sont pas en service, laissés de côté"}, n)
		return nil
	}
	lines, bad := linesOf(ft)
	if bad != nil {
		return reject(*bad)
	}
	elevate(a, lines)
	tags := r.tags(a, func(c column, reason string) { r.told.add(note{file, c.name(a), a.text(c), reason}, n) })
	for part, line := range lines {
		w := road.Way{ID: id, Tags: tags, Nodes: make([]int64, len(line)), At: make([]geo.LonLat, len(line)), Turns: r.turns.of[id]}
		for i, v := range line {
			w.At[i] = v.at
			w.Nodes[i] = interior(id, part, i)
		}
		for _, i := range []int{0, len(line) - 1} {
			w.Nodes[i] = r.levels.node(line[i].end())
		}
		if err := r.emit(w); err != nil {
			return err
		}
	}
	return nil
}

// outOfService tells a section that nobody drives, and its state.
func (r *reader) outOfService(a attributes) (state string, out bool) {
	state = a.text(colState)
	switch r.slug(state) {
	case "en-projet", "en-construction", "non-exploite", "en-ruine", "detruit", "hors-service", "ferme":
		return state, true
	}
	return state, false
}

// slug is [source.Slug] of values that come again.
func (r *reader) slug(s string) string {
	const most = 10_000 // a column of other things has no end
	if v, ok := r.slugs[s]; ok || s == "" {
		return v
	}
	v := source.Slug(s)
	if len(r.slugs) < most {
		r.slugs[s] = v
	}
	return v
}

// note is something that is told once of a file, with how many rows it is true of.
type note struct{ file, field, value, reason string }

type notes map[note]*struct{ rows, first int }

func (n notes) add(what note, row int) {
	if n[what] == nil {
		n[what] = &struct{ rows, first int }{first: row}
	}
	n[what].rows++
}

func (n notes) tell(rec *source.Recorder) {
	all := make([]note, 0, len(n))
	for what := range n {
		all = append(all, what)
	}
	slices.SortFunc(all, func(a, b note) int {
		return slices.Compare([]string{a.file, a.field, a.value, a.reason}, []string{b.file, b.field, b.value, b.reason})
	})
	for _, what := range all {
		reason := what.reason
		if n[what].first > 0 {
			reason = fmt.Sprintf("%s : %d", reason, n[what].rows)
		}
		rec.Warn(what.file, n[what].first, what.field, what.value, reason)
	}
}
