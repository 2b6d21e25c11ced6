package edition

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/ifn"
)

// IFNFloor is the share of a sub-index's weight that must be known for it to have
// a score. Open data give three of the nine variables of Publics exposés for every
// commune; below that, nothing is shown.
const IFNFloor = 0.3

// IFNCoverage is the share of territoires that must be known for a column to
// count at all: what is published for a few towns would rank them among
// themselves.
const IFNCoverage = 0.5

// IFNOptions are the options that the edition's own index is computed with.
func IFNOptions(level admin.Type) ifn.Options {
	o := ifn.Defaults()
	o.MinCompleteness, o.MinCoverage, o.Level = IFNFloor, IFNCoverage, string(level)
	if againstEPCI(level) {
		o.MinCoverage = 0 // one row or a few: the reference decides
	}
	return o
}

// Indicators is the table of the index's variables for the territoires of a level: what was
// imported, and the access times of this edition. EPCI and the département have the values
// that were published for them, before those of their communes. Access is by car; see
// [Edition.IndicatorsBy].
func (e *Edition) Indicators(level admin.Type) (*ifn.Table, error) {
	return e.IndicatorsBy(level, geo.Car)
}

// IndicatorsBy are [Edition.Indicators] with the access times of a mode; they are unknown for
// one that the edition was not computed for.
func (e *Edition) IndicatorsBy(level admin.Type, by geo.Mode) (*ifn.Table, error) {
	communes, err := e.communes()
	if err != nil {
		return nil, fmt.Errorf("indicators: %w", err)
	}
	table, territoires := communes.table.Clone(), e.Division.Territoires(level)
	if level != admin.TypeCommune {
		groups := make([]ifn.Group, len(territoires))
		for i, t := range territoires {
			groups[i] = ifn.Group{Code: t.Code, Nom: t.Nom}
			for _, c := range t.Communes {
				groups[i].Rows = append(groups[i].Rows, int(c))
			}
			if t.Drawn != nil {
				e.inside(&groups[i], t.Drawn)
			}
		}
		if table, err = communes.table.Aggregate(groups, ifn.MinShare); err != nil {
			return nil, fmt.Errorf("indicators: %w", err)
		}
		if err := e.publish(table, store.Level(level)); err != nil {
			return nil, fmt.Errorf("indicators: %w", err)
		}
	}
	if !e.HasMode(by) {
		return table, nil
	}
	for _, c := range e.TimeColumns(by, territoires) {
		if err := table.SetColumn(c.Name, c.Minutes); err != nil {
			return nil, fmt.Errorf("indicators: %w", err)
		}
		table.SetOrigin(c.Name, ifn.Origin{How: "calculé sur le réseau routier, temps moyen des habitants " + by.Phrase()})
	}
	return table, nil
}

// inside makes a group of the people of each commune that live within an outline.
func (e *Edition) inside(g *ifn.Group, outline *admin.Drawn) {
	people := map[int]float64{}
	for _, s := range outline.Shares {
		people[int(e.Grid.Parts[s.Part].Commune)] += float64(s.People)
	}
	g.Rows = slices.Sorted(maps.Keys(people))
	for _, c := range g.Rows {
		g.Weights = append(g.Weights, people[c])
	}
}

// IFN is the edition's index of every territoire of a level, by code. Communes
// are compared with each other; every other level is compared with the EPCI, so
// that a secteur and an EPCI with the same figures have the same score.
func (e *Edition) IFN(level admin.Type) map[string]IFNJSON { return e.index[level] }

// IndexReport computes the index of the level of a scope with any options, and gives
// the rows of the scope, ranked in their whole level. Access is by car.
func (e *Edition) IndexReport(scope Scope, structure *ifn.Structure, o ifn.Options) (*ifn.Result, error) {
	return e.IndexReportBy(scope, structure, o, geo.Car)
}

// IndexReportBy is [Edition.IndexReport] with the access times of a mode, which the result
// names.
func (e *Edition) IndexReportBy(scope Scope, structure *ifn.Structure, o ifn.Options, by geo.Mode) (*ifn.Result, error) {
	level := scope.Level
	o.Newest, o.Mode = e.newest(), by.String()
	table, err := e.IndicatorsBy(level, by)
	if err != nil {
		return nil, err
	}
	if o.Reference == nil && againstEPCI(level) {
		if o.Reference, err = e.IndicatorsBy(admin.TypeEPCI, by); err != nil {
			return nil, err
		}
		o.ReferenceName = "EPCI du territoire"
	}
	result, err := structure.Compute(table, o)
	if err != nil || scope.Within == nil {
		return result, err
	}
	inside, err := e.Select(scope)
	if err != nil {
		return nil, err
	}
	rows := make([]ifn.Row, 0, len(inside))
	for _, t := range inside {
		if row, ok := result.Find(t.Code); ok {
			rows = append(rows, *row)
		}
	}
	result.Rows = rows
	return result, nil
}

// AgainstEPCI makes o compare every commune with its own EPCI, for ifn.Ratio.
func (e *Edition) AgainstEPCI(o *ifn.Options, by geo.Mode) error {
	reference, err := e.IndicatorsBy(admin.TypeEPCI, by)
	if err != nil {
		return err
	}
	at := map[string]int{}
	for i, t := range e.Division.Territoires(admin.TypeEPCI) {
		at[t.Code] = i
	}
	o.Reference, o.ReferenceName, o.ReferenceRow = reference, "EPCI de la commune", make([]int, len(e.Division.Communes))
	for i, c := range e.Division.Communes {
		row, ok := at[c.EPCI]
		if !ok {
			return fmt.Errorf("indicators: commune %s: EPCI %q is not in the edition", c.Code, c.EPCI)
		}
		o.ReferenceRow[i] = row
	}
	return nil
}

// againstEPCI reports whether the territoires of a level, being few, are compared with
// the EPCI.
func againstEPCI(level admin.Type) bool { return level != admin.TypeCommune && level != admin.TypeEPCI }

// Levels are the levels that have an index: commune, EPCI, the types of the sets, and last
// the département.
func (e *Edition) Levels() []admin.Type { return e.Division.Types() }

// Indexer computes the edition's index, and what it would be for other access times.
// It is immutable and safe for concurrent use.
type Indexer struct {
	territoires          [][]admin.Territoire // by level
	prepared             []*ifn.Prepared      // by level
	epci                 int                  // the level of EPCI
	amenagement, publics int                  // positions of the sub-indices
	timed                [AccessColumns]bool  // the columns that are known
}

// Index holds the index of every territoire, by level (see [Edition.Levels]) in the order
// of [admin.Division.Territoires].
type Index [][]IFNJSON

// IndexStructure is the structure of the index that editions have.
func IndexStructure() (*ifn.Structure, error) { return indexStructure() }

var countsBehind = sync.OnceValues(ifn.CountsBehind)

var indexStructure = sync.OnceValues(func() (*ifn.Structure, error) { return ifn.Builtin(ifn.HDF2021) })

func (e *Edition) newIndexer() (*Indexer, error) {
	structure, err := IndexStructure()
	if err != nil {
		return nil, err
	}
	x := &Indexer{}
	for k, sub := range structure.SubIndices {
		switch sub.ID {
		case ifn.Amenagement:
			x.amenagement = k
		case ifn.Publics:
			x.publics = k
		}
	}
	for k := range x.timed {
		x.timed[k] = e.Timed(k, geo.Car)
	}
	levels := e.Levels()
	x.territoires, x.prepared = make([][]admin.Territoire, len(levels)), make([]*ifn.Prepared, len(levels))
	x.epci = slices.Index(levels, admin.TypeEPCI)
	var epci *ifn.Table
	for k, level := range levels {
		x.territoires[k] = e.Division.Territoires(level)
		o := IFNOptions(level)
		o.Draws = 0
		table, err := e.Indicators(level)
		if err != nil {
			return nil, err
		}
		switch {
		case level == admin.TypeEPCI: // before those that are compared with it
			epci = table
		case againstEPCI(level):
			o.Reference = epci
		}
		if x.prepared[k], err = structure.Prepare(table, o); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// Index computes the index for other times by car, one for each of the columns that the
// edition computes; nil: for its own.
func (x *Indexer) Index(times *[AccessColumns]Times) Index {
	columns := make([]map[string][]float64, len(x.territoires))
	if times != nil {
		for k := range columns {
			columns[k] = map[string][]float64{}
			for i, column := range accessColumns {
				// A first place of a column makes it known.
				if x.timed[i] || slices.ContainsFunc(times[i].People, func(n int64) bool { return n > 0 }) {
					columns[k][column.Name] = times[i].means(x.territoires[k])
				}
			}
		}
	}
	out := make(Index, len(x.territoires))
	for k := range out {
		out[k] = make([]IFNJSON, len(x.territoires[k]))
		// All but communes and EPCI have a reference, the EPCI.
		for i, s := range x.prepared[k].Scores(columns[k], columns[x.epci]) {
			out[k][i] = IFNJSON{Score: known(s.Score), Amenagement: known(s.Subs[x.amenagement]), Publics: known(s.Subs[x.publics]),
				Completeness: decimal.Three(s.Completeness)}
		}
	}
	return out
}

// Indexer gives the index of the edition, and of changes to it.
func (e *Edition) Indexer() *Indexer { return e.indexer }

func (e *Edition) computeIndex() error {
	var err error
	if e.indexer, err = e.newIndexer(); err != nil {
		return err
	}
	e.index = map[admin.Type]map[string]IFNJSON{}
	for k, list := range e.indexer.Index(nil) {
		rows := make(map[string]IFNJSON, len(list))
		for i, t := range e.indexer.territoires[k] {
			rows[t.Code] = list[i]
		}
		e.index[e.Levels()[k]] = rows
	}
	return nil
}

func known(v ifn.Value) *decimal.Two {
	if !v.Known {
		return nil
	}
	x := decimal.Two(v.V)
	return &x
}
