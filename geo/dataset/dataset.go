// Package dataset is the table of the kinds of dataset that can be imported: how each is
// read, and what its template is. What its rows are is said by package store; ARCHITECTURE.md
// has the recipe for adding one.
package dataset

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/bdtopo"
	"github.com/aisne-numerique/maillage/geo/source/equipements"
	"github.com/aisne-numerique/maillage/geo/source/gtfs"
	"github.com/aisne-numerique/maillage/geo/source/lieux"
	"github.com/aisne-numerique/maillage/geo/source/osm"
	"github.com/aisne-numerique/maillage/geo/source/outline"
	"github.com/aisne-numerique/maillage/geo/source/squares"
	"github.com/aisne-numerique/maillage/geo/source/stat"
	"github.com/aisne-numerique/maillage/geo/source/stat/layout"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Kind is one kind of dataset, as people import it.
type Kind struct {
	Name     string      // the word of the command; two words may give rows of the same kind
	About    store.About // what is said of its rows
	Template string      // a file to fill in: for the formats that are our own, one that imports as it is; for lieux and ifn a mapping
	load     func(ctx context.Context, to store.Importer, in []source.Input, o source.Options, show Progress) (*source.Report, error)
	check    func(ctx context.Context, in []source.Input, o source.Options, show Progress) (*source.Report, error)
}

// Progress is told how many rows were read, now and then.
type Progress func(rows int)

// kinds are in the order in which they are listed.
var kinds = []Kind{
	of("communes", store.Communes, outline.Communes, ""),
	of("epci", store.EPCI, outline.EPCI, ""),
	of("lieux", store.Lieux, lieux.Lieux, lieux.MappingTemplate),
	of("france-services", store.Lieux, lieux.FranceServices, ""),
	of("population", store.Population, squares.Population, ""),
	of("secteurs", store.Secteurs, outline.Secteurs,
		"secteur,code,nom\nFère-en-Tardenois,02305,Fère-en-Tardenois\nFère-en-Tardenois,02203,Coulonges-Cohan\n"),
	of("territoires", store.Territoires, outline.Territoires,
		"type,code,nom,commune\ncanton,0201,Bohain-en-Vermandois,02095\nbassin-de-vie,02095,Bohain-en-Vermandois,02095\n"),
	of("tournees", store.Tournees, lieux.Tournees,
		"tournee,nom,lieu_id,services,depot_lon,depot_lat,arret,commune,lon,lat,quand\n"+
			"bus-nord,Bus France services du Nord,,Aide aux démarches administratives|Accès internet et matériel informatique,3.6244,49.5639,Place de la mairie,02468,3.7706,49.7381,week 1-53/2 Tu 09:00-12:00\n"+
			"bus-nord,Bus France services du Nord,,Aide aux démarches administratives|Accès internet et matériel informatique,3.6244,49.5639,Parking de l'école,02468,3.7750,49.7400,week 2-53/2 Th 14:00-17:00\n"),
	of("ifn", store.Variables, stat.Variables, layout.Template),
	of("equipements", store.Equipements, equipements.Equipements, equipements.Template),
	of("gtfs", store.GTFS, gtfs.GTFS, ""),
	of("tad", store.OnDemand, gtfs.OnDemand, gtfs.Template),
	of("roads", store.Roads, either(bdtopo.Takes, bdtopo.Roads, osm.Roads), ""),
}

// reader reads files of a kind.
type reader[T any] = func(context.Context, []source.Input, source.Options) (*source.Import[T], error)

// either is a reader for files of two origins: the first, where it takes one of them by how
// it starts, else the second. What is wrong with the others is for the reader to say.
func either[T any](takes func(head []byte) bool, first, second reader[T]) reader[T] {
	return func(ctx context.Context, in []source.Input, o source.Options) (*source.Import[T], error) {
		for _, input := range in {
			if head, err := source.Start(input); err == nil && takes(head) {
				return first(ctx, in, o)
			}
		}
		return second(ctx, in, o)
	}
}

// Names are the names of all kinds, in the order in which they are listed.
func Names() []string { return names(func(Kind) bool { return true }) }

// WithTemplate are the names of the kinds that have a template.
func WithTemplate() []string { return names(func(k Kind) bool { return k.Template != "" }) }

func names(listed func(Kind) bool) []string {
	var all []string
	for _, k := range kinds {
		if listed(k) {
			all = append(all, k.Name)
		}
	}
	return all
}

// Parse finds a kind by its name. The error is a French sentence.
func Parse(name string) (Kind, error) {
	for _, k := range kinds {
		if k.Name == name {
			return k, nil
		}
	}
	return Kind{}, fmt.Errorf("import %q : attendu %s", name, strings.Join(Names(), ", "))
}

// Load reads files into a store, all or nothing. The report comes back even when the
// import fails, if reading began. show may be nil.
func (k Kind) Load(ctx context.Context, to store.Importer, in []source.Input, o source.Options, show Progress) (*source.Report, error) {
	if show == nil {
		show = func(int) {}
	}
	report, err := k.load(ctx, to, in, o, show)
	return report, k.placed(ctx, in, err)
}

// placed adds to what is wrong with files which command takes them, when another does.
func (k Kind) placed(ctx context.Context, in []source.Input, err error) error {
	if err == nil || ctx.Err() != nil || k.About.Kind == store.Variables.Kind {
		return err
	}
	if told := stat.Misplaced(ctx, in, k.Name); told != "" {
		return fmt.Errorf("%w. %s", err, told)
	}
	return err
}

// Check reads files as Load does, and keeps nothing: the report says what Load would.
func (k Kind) Check(ctx context.Context, in []source.Input, o source.Options, show Progress) (*source.Report, error) {
	if show == nil {
		show = func(int) {}
	}
	report, err := k.check(ctx, in, o, show)
	return report, k.placed(ctx, in, err)
}

// of is a kind whose rows are T.
func of[T any](name string, rows store.Rows[T], read reader[T], template string) Kind {
	load := func(ctx context.Context, to store.Importer, in []source.Input, o source.Options, show Progress) (*source.Report, error) {
		imp, err := read(ctx, in, o)
		if err != nil {
			return nil, err
		}
		show(0)
		var fault error // of the files: a sentence with an address, without what the store adds
		manifest, err := rows.Replace(ctx, to, imp.Manifest, counted(ctx, imp.Rows, show, &fault))
		if fault != nil {
			return imp.Report, fault
		}
		if err != nil {
			return imp.Report, err
		}
		imp.Report.Manifest = manifest
		return imp.Report, nil
	}
	check := func(ctx context.Context, in []source.Input, o source.Options, show Progress) (*source.Report, error) {
		imp, err := read(ctx, in, o)
		if err != nil {
			return nil, err
		}
		show(0)
		var fault error
		imp.Report.DryRun = true
		for row, err := range counted(ctx, imp.Rows, show, &fault) {
			if err == nil {
				err = rows.Check(row)
			}
			if err != nil {
				return imp.Report, err
			}
		}
		return imp.Report, nil
	}
	return Kind{name, rows.About, template, load, check}
}

// counted gives rows, shows how many, and keeps the error that ended them.
func counted[T any](ctx context.Context, rows iter.Seq2[T, error], show Progress, fault *error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		n := 0
		for row, err := range rows {
			if n++; n%512 == 0 {
				show(n)
			}
			if err == nil {
				err = ctx.Err()
			}
			*fault = err
			if !yield(row, err) {
				return
			}
		}
	}
}
