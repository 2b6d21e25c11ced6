package dataset

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/gtfs"
	"github.com/aisne-numerique/maillage/geo/source/stat"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// NameFor is the name of a dataset that is given none: its kind and what its content
// identifies, whatever is said of its producer. That is
//
//	lieux        the layout of a producer (France Services, data·inclusion), the one source of
//	             all records, or else the name of the first file
//	ifn          the published layout, with its vintage, and its level when that is not the
//	             commune's; else the mapping, or the name of the first file, with its year
//	gtfs         the agencies of the first feed, unless they are many; else the name of the first file
//	equipements  the layouts of the files, or else the name of the first file
//	territoires  their type, as their reader finds it (the name comes back empty)
//	others       the name of the first file, without year
//
// A dataset that held was imported under another name (as programs before 0.6 named them) and
// that is of the same file, or of the same layout, keeps its name: importing it again
// replaces it.
func (k Kind) NameFor(ctx context.Context, in []source.Input, o source.Options, held []store.Manifest) (string, error) {
	if k.About.Kind == store.Territoires.Kind || len(in) == 0 {
		return "", nil
	}
	stem, format := stemOf(in[0].Name), ""
	switch k.About.Kind {
	case store.Lieux.Kind:
		t := &taster{says: saysOf[k.About.Kind], said: map[string]bool{}}
		// What is wrong with the files is told by the import itself.
		_, err := k.Load(ctx, t, in, o, nil)
		if ctx.Err() != nil {
			return "", err
		}
		format = t.format
		if producer := t.producer(); producer != "" {
			stem = producer
		}
	case store.Equipements.Kind:
		t := &taster{} // of the layouts alone
		_, _ = k.Load(ctx, t, in, o, nil)
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		if o.Lieux == nil && t.format != "" { // FINESS places the sites of SAE
			stem = source.Slug(strings.Replace(t.format, "FINESS ; SAE", "SAE", 1))
		}
	case store.GTFS.Kind:
		stem = cmp.Or(source.Slug(gtfs.Name(ctx, in[:1])), stem)
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
	case store.Variables.Kind:
		stem = source.Slug(bare(in[0].Name))
		if known, err := stat.Name(ctx, in, o); err != nil || known != "" {
			return string(k.About.Kind) + ":" + known, err
		}
		if o.Mapping != nil && len(o.Mapping.Files) > 0 {
			stem = source.Slug(bare(o.Mapping.Files[0].Name))
		}
	}
	name := string(k.About.Kind) + ":" + stem
	if stem == string(k.About.Kind) || stem == "" {
		name = string(k.About.Kind)
	}
	var same []string
	for _, m := range held {
		switch {
		case m.Kind != k.About.Kind:
		case m.Dataset == name:
			return name, nil
		case m.Kind == store.GTFS.Kind: // of many towns the file is gtfs.zip, and no older program named them
		case len(m.Files) > 0 && stemOf(m.Files[0].Name) == stemOf(in[0].Name) && (format == "" || m.Format == format),
			producerOf(format) != "" && producerOf(m.Format) == producerOf(format):
			same = append(same, m.Dataset)
		}
	}
	if len(same) == 1 {
		return same[0], nil
	}
	return name, nil
}

// NamesItself reports whether what a file of this kind holds names its dataset, so that
// nobody else has to: see [Kind.NameFor].
func (k Kind) NamesItself() bool {
	switch k.About.Kind {
	case store.Lieux.Kind, store.Variables.Kind, store.Territoires.Kind, store.GTFS.Kind:
		return true
	}
	return false
}

// producerOf is the producer that a layout is of; empty: anybody's.
func producerOf(format string) string {
	switch {
	case strings.Contains(format, " ; "): // of several
		return ""
	case strings.Contains(format, "France Services"):
		return "france-services"
	case strings.Contains(format, "data·inclusion"):
		return "data-inclusion"
	}
	return ""
}

// vintage is a year, a day or a word of time at the end of a file's name.
var vintage = regexp.MustCompile(`([-_. ]+((19|20)\d\d([-_]?\d\d){0,2}|latest|v?\d+))+$`)

// bare is the name of a file without its extensions.
func bare(file string) string {
	for {
		ext := path.Ext(file)
		if len(ext) < 2 || len(ext) > 8 || strings.ContainsAny(ext, " ") || ext == file {
			return file
		}
		file = strings.TrimSuffix(file, ext)
	}
}

func stemOf(file string) string { return source.Slug(vintage.ReplaceAllString(bare(file), "")) }

// saysOf gives what of a row tells one dataset of its kind from another: the source of a
// lieu, the name of a variable, the lines of a feed.
var saysOf = map[store.Kind]func(row any) []string{
	store.Lieux.Kind:     func(row any) []string { return []string{row.(lieu.Lieu).Source} },
	store.Variables.Kind: func(row any) []string { return []string{row.(store.Variable).Name} },
	store.GTFS.Kind: func(row any) (lines []string) {
		for _, l := range row.(transit.Feed).Lines {
			lines = append(lines, cmp.Or(strings.TrimSpace(l.Short+" "+l.Long), l.ID))
		}
		return lines
	},
}

// note adds what is said to a set.
func note(to map[string]bool, said []string) {
	for _, one := range said {
		to[one] = true
	}
}

// taster keeps what rows say, and no row.
type taster struct {
	says   func(row any) []string
	said   map[string]bool
	format string
}

func (t *taster) Replace(_ context.Context, m store.Manifest, rows iter.Seq2[any, error]) (store.Manifest, error) {
	if t.format = m.Format; t.says == nil {
		return m, nil
	}
	for row, err := range rows {
		if err != nil {
			return m, err
		}
		note(t.said, t.says(row))
	}
	return m, nil
}

// producer is the one that all records are of; empty: none, or several.
func (t *taster) producer() string {
	if p := producerOf(t.format); p != "" {
		return p
	}
	if len(t.said) != 1 {
		return ""
	}
	for one := range t.said {
		return source.Slug(one)
	}
	return ""
}

// OtherError refuses to replace a dataset by something else, which was not asked by name.
type OtherError struct {
	Kind    store.Kind
	Dataset string
	Was, Is []string // what the rows say: their sources, their variables, their lines
}

func (e *OtherError) Error() string {
	what := map[store.Kind]string{store.Lieux.Kind: "sources", store.Variables.Kind: "variables", store.GTFS.Kind: "lignes"}[e.Kind]
	return fmt.Sprintf("le jeu « %s » a d'autres %s (%s) que ce fichier (%s), qui le remplacerait. Pour garder les deux : --dataset NOUVEAU-NOM ; pour le remplacer : --dataset %s",
		e.Dataset, what, few(e.Was), few(e.Is), e.Dataset)
}

func few(list []string) string {
	const shown = 4
	if len(list) > shown {
		return fmt.Sprintf("%s… %d en tout", strings.Join(list[:shown], ", "), len(list))
	}
	return strings.Join(list, ", ")
}

// Guarded is a store that refuses, with an [OtherError], to replace a dataset by rows of other
// sources, other variables or other lines: for imports whose dataset nobody named.
func Guarded(to interface {
	store.Inputs
	store.Importer
}) store.Importer {
	return guard{to, to}
}

type guard struct {
	store.Inputs
	to store.Importer
}

func (g guard) Replace(ctx context.Context, m store.Manifest, rows iter.Seq2[any, error]) (store.Manifest, error) {
	says := saysOf[m.Kind]
	if says == nil {
		return g.to.Replace(ctx, m, rows)
	}
	was, err := g.said(ctx, m, says)
	if err != nil {
		return m, err
	}
	is := map[string]bool{}
	return g.to.Replace(ctx, m, func(yield func(any, error) bool) {
		for row, err := range rows {
			if err == nil {
				note(is, says(row))
			}
			if !yield(row, err) {
				return
			}
		}
		if other(was, is, m.Kind) {
			yield(nil, &OtherError{m.Kind, m.Dataset, named(was), named(is)})
		}
	})
}

// said is what the rows of a dataset say, as it is stored.
func (g guard) said(ctx context.Context, m store.Manifest, says func(any) []string) (map[string]bool, error) {
	held, err := g.Manifests(ctx)
	if err != nil {
		return nil, err
	}
	first, rows := 0, 0
	for _, h := range held { // sorted by dataset, as rows are
		if h.Kind == m.Kind && h.Dataset < m.Dataset {
			first += h.Rows
		}
		if h.Kind == m.Kind && h.Dataset == m.Dataset {
			rows = h.Rows
		}
	}
	said, n := map[string]bool{}, 0
	if rows == 0 {
		return said, nil
	}
	for row, err := range g.Read(ctx, m.Kind) {
		if err != nil {
			return nil, err
		}
		if n++; n > first && n <= first+rows {
			note(said, says(row))
		}
	}
	return said, nil
}

// other reports whether what is held would be lost: variables that do not come again, or
// sources or lines of which none does.
func other(was, is map[string]bool, kind store.Kind) bool {
	lost, again := 0, 0
	for _, one := range named(was) {
		if is[one] {
			again++
		} else {
			lost++
		}
	}
	if kind != store.Variables.Kind {
		return lost > 0 && again == 0 && len(named(is)) > 0
	}
	return lost > 0
}

// named are the texts of a set but for the empty one, sorted.
func named(set map[string]bool) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(set)), func(s string) bool { return s == "" })
}
