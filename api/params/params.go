// Package params is what a request asks, read from its address.
//
// The table of parameters (table.go) has their names, what they must be in French, and
// their rows in openapi.json, which are made from it. An endpoint owns a small comparable
// type with what it needs and nothing else: it says where each parameter goes, and what is
// meant when it is not given. The value is also its key in caches: equal for equal
// questions, however they are written.
//
//	type gapsParams struct {
//		params.Question
//		Level admin.Type
//	}
//
//	func (p *gapsParams) Defaults(e *edition.Edition) { p.Question.Defaults(e); p.Level = admin.TypeCommune }
//	func (p *gapsParams) Bind() []params.Binding {
//		return append([]params.Binding{params.Level.To(&p.Level)}, p.Question.Bind()...)
//	}
package params

import (
	"net/url"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo/edition"
)

// Parameter is a row of the table, and how its values are read.
type Parameter[T any] struct {
	Row
	parse func(value string) (T, bool)
	// check says what an edition does not know of a value; nil: it knows all of them.
	check func(value T, e *edition.Edition) error
}

// Binding is a parameter that an endpoint accepts, and where its value goes.
type Binding struct {
	row   *Row
	read  func(value string) bool
	check func(e *edition.Edition) error
}

// To binds a parameter to where its value goes.
func (p *Parameter[T]) To(to *T) Binding {
	return Binding{&p.Row, func(value string) (ok bool) {
		*to, ok = p.parse(value)
		return ok
	}, func(e *edition.Edition) error {
		if p.check == nil {
			return nil
		}
		return p.check(*to, e)
	}}
}

// Asked is the constraint of what an endpoint asks: P is comparable, and a pointer to it
// says what is meant when nothing is given, and where parameters go, in the order that
// refusals list them.
type Asked[P comparable] interface {
	*P
	Bound
	Defaults(e *edition.Edition)
}

// Bound is what parameters can be read into.
type Bound interface{ Bind() []Binding }

// Read reads a query string. Every value is checked, also of those that the reply does
// not depend on; a name that is not accepted is refused, since a misspelt "cutof" would
// answer another question than the one meant.
func Read[P comparable, A Asked[P]](raw string, e *edition.Edition) (p P, err error) {
	A(&p).Defaults(e)
	if raw == "" { // an edition answers its own question
		return p, nil
	}
	return p, Into(A(&p), raw, e)
}

// Names lists the parameters that are read into P.
func Names[P comparable, A Asked[P]]() []string {
	var p P
	return names(A(&p).Bind())
}

func names(bindings []Binding) []string {
	out := make([]string, len(bindings))
	for i, b := range bindings {
		out[i] = b.row.Name
	}
	return out
}

// Into is [Read] over defaults that are there already.
func Into(to Bound, raw string, e *edition.Edition) error {
	bindings := to.Bind()
	values, err := url.ParseQuery(raw)
	if err != nil {
		return problem.Wrap(problem.Parameter, "Les paramètres de l'adresse sont mal écrits ; attendu nom=valeur, séparés par &.", err)
	}
	if err := onlyKnown(values, names(bindings)); err != nil {
		return err
	}
	for _, b := range bindings {
		if !values.Has(b.row.Name) {
			continue
		}
		if value := strings.TrimSpace(values.Get(b.row.Name)); !b.read(value) {
			return b.row.refused(value)
		}
	}
	for _, b := range bindings {
		if err := b.check(e); err != nil {
			return err
		}
	}
	return nil
}

// None is for addresses that accept no parameter.
type None struct{}

// Defaults does nothing.
func (*None) Defaults(*edition.Edition) {}

// Bind accepts nothing.
func (*None) Bind() []Binding { return nil }

// Nothing refuses a query string that has any parameter.
func Nothing(raw string) error { return Into(&None{}, raw, nil) }

// onlyKnown refuses names that are not accepted, and repeated ones.
func onlyKnown(values url.Values, accepts []string) error {
	given := make([]string, 0, len(values))
	for name := range values {
		given = append(given, name)
	}
	slices.Sort(given)
	for _, name := range given {
		switch {
		case slices.Contains(accepts, name) && len(values[name]) > 1:
			return problem.New(problem.Parameter, "Le paramètre « %s » est donné %d fois ; il faut une seule valeur.", name, len(values[name]))
		case slices.Contains(accepts, name):
		case len(accepts) == 0:
			return problem.New(problem.Parameter, "Le paramètre « %s » n'existe pas ici ; cette adresse n'en accepte aucun.", problem.Quotable(name))
		default:
			return problem.New(problem.Parameter, "Le paramètre « %s » n'existe pas ici ; paramètres acceptés : %s.", problem.Quotable(name), strings.Join(accepts, ", "))
		}
	}
	return nil
}

// refused says what a value must be.
func (r *Row) refused(value string) *problem.Error {
	if value == "" {
		return problem.New(problem.Parameter, "Le paramètre « %s » est vide ; il faut %s.", r.Name, r.expected)
	}
	return problem.New(problem.Parameter, "Le paramètre « %s » vaut « %s » ; il faut %s.", r.Name, problem.Quotable(value), r.expected)
}
