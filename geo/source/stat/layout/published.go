package layout

import (
	"cmp"
	"context"
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Layout is how a publisher lays out a table. Its JSON is a mapping with what tells it:
//
//	reconnait   lists of columns: a table that has all of one of them is of this layout
//	sauf        columns that no table of this layout has
//	groupe      layouts that one table may join: the "dossier complet" has those of the census
//	import      the kind of dataset that the table is of, when it is not ifn: it is then
//	            recognised to be told apart, and has no variables
type Layout struct {
	source.Mapping
	ID        string     `json:"-"`
	Recognise [][]string `json:"reconnait"`
	Except    []string   `json:"sauf"`
	Group     string     `json:"groupe"`
	Import    string     `json:"import"`
}

//go:embed published/*.json
var published embed.FS

// Published are the layouts that are known, by name.
var Published = sync.OnceValue(func() []*Layout {
	names, err := fs.Glob(published, "published/*.json")
	if err != nil {
		panic(err) // the pattern is ours
	}
	var all []*Layout
	for _, name := range names { // sorted
		data, err := published.ReadFile(name)
		if err != nil {
			panic(err) // embedded
		}
		l := &Layout{ID: strings.TrimSuffix(path.Base(name), ".json")}
		if reason := l.read(data); reason != "" {
			panic(name + ": " + reason) // ours: tested
		}
		all = append(all, l)
	}
	return all
})

// read reads the JSON of a layout.
func (l *Layout) read(data []byte) (reason string) {
	if reason := decode(data, l); reason != "" || l.Import != "" {
		return reason
	}
	return check(&l.Mapping)
}

// Named is a mapping that comes with the program, by name; nil when there is none of that name.
//
//	ifn-v1-2019  the axes of the index of 2019, against the département: its file
//	             without a header line, and the header line beside it. The 0 of
//	             that file is unknown.
//	others       published layouts, which are recognised without being named
func Named(ctx context.Context, name string) (*source.Mapping, error) {
	for _, l := range Published() {
		if l.ID == name && l.Import == "" {
			f, err := source.Inspect(ctx, source.FromFS(published, "published/"+name+".json"))
			m := l.Mapping
			m.Files = []store.File{f.File}
			return &m, err
		}
	}
	return nil, nil
}

// Names are the names of the mappings that come with the program.
func Names() []string {
	var names []string
	for _, l := range Published() {
		if l.Import == "" {
			names = append(names, l.ID)
		}
	}
	return names
}

// HeaderNames are names of columns that tell a header from titles above it, as
// source.ColumnName gives them: those of codes and those that layouts are recognised by.
var HeaderNames = sync.OnceValue(func() []string {
	var names []string
	for _, l := range Published() {
		for _, c := range append([]string{l.Code.Name}, slices.Concat(l.Recognise...)...) {
			if c != "" && !timed(c) {
				names = append(names, source.ColumnName(c))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
})

// Found is a layout that a header is of, and when it is of.
type Found struct {
	*Layout
	When When
	of   int // columns that it was recognised by
}

// Recognise finds the layouts that a header is of, those recognised by most columns first.
func Recognise(header []string) []Found {
	h := headerOf(header)
	var all []Found
	for _, l := range Published() {
		if slices.ContainsFunc(l.Except, func(c string) bool { return h[Fold(c)] }) {
			continue
		}
		best := Found{Layout: l}
		for _, columns := range l.Recognise {
			if when, ok := h.newest(columns, len(columns)); ok && len(columns) > best.of {
				best.When, best.of = when, len(columns)
			}
		}
		if best.of > 0 {
			all = append(all, best)
		}
	}
	slices.SortStableFunc(all, func(a, b Found) int { return cmp.Compare(b.of, a.of) })
	return all
}
