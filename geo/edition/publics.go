package edition

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/publics"
	"github.com/aisne-numerique/maillage/geo/spread"
	"github.com/aisne-numerique/maillage/geo/store"
)

// publics says who lives in each part, by the squares of the communes that they cover, and by
// what is known of the others.
func (b *builder) publics(ctx context.Context, methods []spread.Method) error {
	e := b.e
	in := publics.Inputs{Parts: e.Grid.Parts, People: e.People, Population: make([]int, len(e.Division.Communes))}
	for c := range in.Population {
		in.Population[c] = e.Division.Communes[c].Population
	}
	given := map[string]*publics.Given{}
	for _, v := range e.Variables {
		c, ok := e.Division.Commune(v.Code)
		if !ok || v.Level != store.LevelCommune {
			continue
		}
		column := given[v.Name]
		if column == nil {
			column = &publics.Given{Values: make([]float64, len(in.Population)), Vintage: e.origin(store.LevelCommune, v.Name).Vintage}
			for i := range column.Values {
				column.Values[i] = math.NaN()
			}
			given[v.Name] = column
		}
		column.Values[c] = v.Value
	}
	in.Column = func(name string) *publics.Given { return given[name] }
	if slices.Contains(methods, spread.Squares) {
		counts, err := spread.CountsOf(ctx, e.Grid, b.squares)
		if err != nil {
			return err
		}
		in.Squares = &publics.Squares{Counts: counts, Covered: make([]bool, len(methods))}
		for c, m := range methods {
			in.Squares.Covered[c] = m == spread.Squares
		}
		in.Squares.Source, in.Squares.Vintage = told(originsOf(store.Population.Kind, e.Inputs))
	}
	e.Publics = publics.Build(in)
	return nil
}

// told are the sources and the vintages of datasets, each once.
func told(from origins) (source, vintage string) {
	var sources, vintages []string
	for _, m := range from {
		if m.Source != "" && !slices.Contains(sources, m.Source) {
			sources = append(sources, m.Source)
		}
		if m.Vintage != "" && !slices.Contains(vintages, m.Vintage) {
			vintages = append(vintages, m.Vintage)
		}
	}
	return strings.Join(sources, " ; "), strings.Join(vintages, ", ")
}

// Publics are the people by public of every unit, for an answer; nil when nothing is known
// of them.
func (a *Answer) Publics() []publics.Sum { return a.publics() }

// PublicsOf is what is told of the publics of a territoire, given the sum of each of its
// units; nil when nothing is known of them.
func (e *Edition) PublicsOf(t *admin.Territoire, of func(unit int32) *publics.Sum) *publics.Figures {
	if e.Publics == nil {
		return nil
	}
	return e.Publics.Of(publics.In(t.Units, of))
}

// PublicsIn is what is told of the publics of some parts, of those of their people who live in
// a territoire (nil: all); nil when nothing is known of them.
func (e *Edition) PublicsIn(a *Answer, parts []int32, in *coverage.Inside) *publics.Figures {
	if e.Publics == nil {
		return nil
	}
	var sum publics.Sum
	for _, p := range parts {
		n := e.People[p]
		if in != nil {
			n = in.People(p)
		}
		e.addPublics(&sum, p, n, a.Class[p])
	}
	return e.Publics.Of(sum)
}

// AddPublics adds the publics of a part, of a class; nothing when nothing is known of them.
func (e *Edition) AddPublics(sum *publics.Sum, part int32, class coverage.Class) {
	e.addPublics(sum, part, e.People[part], class)
}

func (e *Edition) addPublics(sum *publics.Sum, part, n int32, class coverage.Class) {
	if n > 0 && e.Publics != nil {
		e.Publics.Add(sum, publics.Live{Part: part, Commune: e.Grid.Parts[part].Commune, N: n, Of: e.People[part]}, class)
	}
}
