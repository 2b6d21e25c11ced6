package tiles

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// lines draws the lines of timetables, one feature a line, from stop to stop. No way of a line
// is drawn twice.
type lines struct{ list []busLine }

type busLine struct {
	id         uint64
	attributes []attribute
	shape      roadClass // of no class
}

// newLines prepares the lines that run in the reference weeks, and the stops where they call;
// their ids are their positions among those.
func newLines(e *edition.Edition) (*lines, *marks) {
	running, served := e.RunningLines()
	out := &lines{list: make([]busLine, len(running))}
	for i := range running {
		l := &running[i]
		feed := &e.Timetables.Feeds[l.Feed]
		line := &feed.Lines[l.Line]
		b := &out.list[i]
		b.id = uint64(i)
		b.attributes = []attribute{{"nom", textValue(cmp.Or(line.Short, line.Long, line.ID))}, {"n", realValue(weekly(l.Trips))}}
		if line.Short != "" && line.Long != "" {
			b.attributes = append(b.attributes, attribute{"long", textValue(line.Long)})
		}
		if a := line.Agency; a >= 0 && int(a) < len(feed.Agencies) && feed.Agencies[a].Name != "" {
			b.attributes = append(b.attributes, attribute{"exploitant", textValue(feed.Agencies[a].Name)})
		}
		if line.Type == transit.School {
			b.attributes = append(b.attributes, attribute{"scolaire", boolValue(true)})
		}
		if e.Timetables.IsModelled(l.Feed) {
			b.attributes = append(b.attributes, attribute{"modelise", boolValue(true)})
		}
		for _, way := range untrodden(l.Ways) {
			pts := make([]xy, len(way))
			for k, stop := range way {
				pts[k] = project(feed.Stops[stop].At)
			}
			b.shape.add(pts)
		}
		b.shape.index = newIndex(b.shape.lines.len(), func(k int) box { return b.shape.bounds[k].box() })
	}
	stops := make([]mark, len(served))
	for i := range served {
		s := &served[i]
		feed := &e.Timetables.Feeds[s.Feed]
		var names []string
		for _, l := range s.Lines {
			if name := cmp.Or(feed.Lines[l].Short, feed.Lines[l].Long, feed.Lines[l].ID); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		attributes := []attribute{{"nom", textValue(feed.Stops[s.Stop].Name)}, {"lignes", textValue(strings.Join(names, ", "))}, {"n", realValue(weekly(s.Trips))}}
		if s.OffStreets {
			attributes = append(attributes, attribute{"hors_rue", boolValue(true)})
		}
		if e.Timetables.IsModelled(s.Feed) {
			attributes = append(attributes, attribute{"modelise", boolValue(true)})
		}
		stops[i] = mark{id: uint64(i), at: project(feed.Stops[s.Stop].At), attributes: attributes}
	}
	return out, newMarks("arrets", stops)
}

// weekly is the mean of a week of so many in the reference weeks.
func weekly(trips int) float64 { return float64(trips) / lieu.WeeksPerCycle }

// untrodden cuts ways into runs of at least two stops, so that no two stops that follow each
// other are in two runs, whichever comes first.
func untrodden(ways [][]int32) (out [][]int32) {
	type pair struct{ a, b int32 }
	trodden := map[pair]bool{}
	for _, way := range ways {
		from := 0
		for k := 1; k < len(way); k++ {
			p := pair{min(way[k-1], way[k]), max(way[k-1], way[k])}
			if p.a != p.b && !trodden[p] {
				trodden[p] = true
				continue
			}
			if k-1 > from {
				out = append(out, way[from:k])
			}
			from = k
		}
		if len(way)-1 > from {
			out = append(out, way[from:])
		}
	}
	return out
}

func (l *lines) bounds() box {
	b := emptyBox
	for i := range l.list {
		b = b.union(l.list[i].shape.index.bounds())
	}
	return b
}

// encode draws the lines that touch a tile.
func (l *lines) encode(e *encoder, f *frame) {
	e.open("lignes")
	for i := range l.list {
		b := &l.list[i]
		if !b.shape.index.bounds().meets(f.reach) || !b.shape.draw(e, f) {
			continue
		}
		e.clearTags()
		for _, t := range b.attributes {
			e.tag(t.key, t.value)
		}
		e.feature(b.id, lineType)
	}
	e.close()
}
