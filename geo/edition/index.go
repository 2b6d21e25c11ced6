package edition

import (
	"fmt"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/ifn"
)

// The columns of the index that the edition computes itself: the mean time by
// car, in minutes, of a territoire's people to the nearest lieu that teaches
// skills, and to the nearest that helps with administrative steps.
const (
	ColumnSkills = "acces_competences_min"
	ColumnSteps  = "acces_demarches_min"
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
	if level == admin.TypeSecteur || level == admin.TypeDepartement {
		o.MinCoverage = 0 // one row or a few: the reference decides
	}
	return o
}

// Indicators is the table of the index's variables for the territoires of a
// level: what was imported, and the access times of this edition.
func (e *Edition) Indicators(level admin.Type) (*ifn.Table, error) {
	places := make([]ifn.Place, len(e.Division.Communes))
	for i, c := range e.Division.Communes {
		places[i] = ifn.Place{Code: c.Code, Nom: c.Nom, Weight: float64(c.Population)}
	}
	communes, err := ifn.NewTable(places)
	if err != nil {
		return nil, fmt.Errorf("indicators: %w", err)
	}
	for _, v := range e.Variables {
		if _, ok := e.Division.Commune(v.Commune); !ok {
			continue // a neighbour's commune; the import reported it
		}
		if err := communes.Set(v.Commune, v.Name, v.Value); err != nil {
			return nil, fmt.Errorf("indicators: %w", err)
		}
	}
	table, territoires := communes, e.Division.Territoires(level)
	if level != admin.TypeCommune {
		groups := make([]ifn.Group, len(territoires))
		for i, t := range territoires {
			groups[i] = ifn.Group{Code: t.Code, Nom: t.Nom}
			for _, c := range t.Communes {
				groups[i].Rows = append(groups[i].Rows, int(c))
			}
		}
		if table, err = communes.Aggregate(groups, ifn.MinShare); err != nil {
			return nil, fmt.Errorf("indicators: %w", err)
		}
	}
	if !e.HasMode(geo.Car) {
		return table, nil
	}
	for column, service := range map[string]lieu.Service{ColumnSkills: lieu.Outils, ColumnSteps: lieu.Demarches} {
		near := &e.Access[geo.Car].Nearest[service]
		for _, t := range territoires {
			var times coverage.Sample
			for _, c := range t.Communes {
				for _, p := range e.ByCommune[c] {
					if near.Reach[p] == geo.Reached {
						times.Add(near.Cost[p].Minutes(), int(e.People[p]))
					}
				}
			}
			if mean, ok := times.Mean(); ok {
				if err := table.Set(t.Code, column, mean); err != nil {
					return nil, fmt.Errorf("indicators: %w", err)
				}
			}
		}
	}
	return table, nil
}

// IFN is the edition's index of every territoire of a level, by code. Communes
// are compared with each other; every other level is compared with the EPCI, so
// that a secteur and an EPCI with the same figures have the same score.
func (e *Edition) IFN(level admin.Type) map[string]IFNJSON { return e.index[level] }

// IndexReport computes the index of the level of a scope with any options, and gives
// the rows of the scope, ranked in their whole level.
func (e *Edition) IndexReport(scope Scope, structure *ifn.Structure, o ifn.Options) (*ifn.Result, error) {
	level := scope.Level
	table, err := e.Indicators(level)
	if err != nil {
		return nil, err
	}
	if o.Reference == nil && level != admin.TypeCommune && level != admin.TypeEPCI {
		if o.Reference, err = e.Indicators(admin.TypeEPCI); err != nil {
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
func (e *Edition) AgainstEPCI(o *ifn.Options) error {
	reference, err := e.Indicators(admin.TypeEPCI)
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

func (e *Edition) computeIndex() error {
	structure, err := ifn.Builtin(ifn.HDF2021)
	if err != nil {
		return err
	}
	e.index = map[admin.Type]map[string]IFNJSON{}
	for _, level := range []admin.Type{admin.TypeCommune, admin.TypeEPCI, admin.TypeSecteur, admin.TypeDepartement} {
		o := IFNOptions(level)
		o.Draws = 0
		r, err := e.IndexReport(Scope{Level: level}, structure, o)
		if err != nil {
			return err
		}
		rows := map[string]IFNJSON{}
		for i := range r.Rows {
			row := &r.Rows[i]
			rows[row.Code] = IFNJSON{Score: known(row.Score), Amenagement: known(row.Amenagement()), Publics: known(row.Publics()),
				Completeness: round(row.Completeness, 3)}
		}
		e.index[level] = rows
	}
	return nil
}

func known(v ifn.Value) *float64 {
	if !v.Known {
		return nil
	}
	x := round(v.V, 2)
	return &x
}
