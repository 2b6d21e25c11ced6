package store

import (
	"cmp"
	"context"
	"fmt"
	"iter"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// Kind is what the rows of a dataset are, by name.
type Kind string

// About is what is said of a kind in any message, in French.
type About struct {
	Kind     Kind
	Nom      string // what the rows are, plural: "routes"
	Modelled string // what of them may be modelled, when that is not all: "contours des communes"
	Counted  string // what a report of an import counts, singular; empty: "ligne"
}

// Rows says what the rows of a kind are. They are found by their keys, which are never
// given twice in a dataset; those of roads may be.
type Rows[T any] struct {
	About
	Check func(T) error  // why a row cannot be stored
	Key   func(T) string // its key, for errors
}

// The kinds of dataset. [Kinds] lists them, geo/dataset says how they are read.
var (
	Communes = Rows[admin.Commune]{About{"communes", "communes", "contours des communes", "objet"},
		CheckCommune, func(c admin.Commune) string { return c.Code }}
	EPCI = Rows[admin.EPCI]{About{"epci", "EPCI", "contours des EPCI", "objet"},
		CheckEPCI, func(e admin.EPCI) string { return e.Code }}
	Secteurs = Rows[admin.Secteur]{About{"secteurs", "secteurs", "", ""},
		CheckSecteur, func(s admin.Secteur) string { return s.Code }}
	// Territoires are sets of communes of any type, of which those of type secteur are
	// secteurs; or outlines.
	Territoires = Rows[admin.Set]{About{"territoires", "territoires", "contours des territoires", ""},
		CheckTerritoire, func(s admin.Set) string { return string(s.Type) + ":" + s.Code }}
	Lieux = Rows[lieu.Lieu]{About{"lieux", "lieux", "", ""},
		CheckLieu, func(l lieu.Lieu) string { return l.ID }}
	Tournees = Rows[lieu.Tournee]{About{"tournees", "tournées", "", ""},
		CheckTournee, func(t lieu.Tournee) string { return t.ID }}
	Variables = Rows[Variable]{About{"ifn", "variables de l'IFN", "", "valeur"},
		CheckVariable, func(v Variable) string { return string(v.Level) + " " + v.Code + " " + v.Name }}
	Population = Rows[Square]{About{"population", "population", "", "carreau"},
		CheckSquare, func(q Square) string { return q.ID }}
	Equipements = Rows[equipement.Equipement]{About{"equipements", "équipements", "", ""},
		CheckEquipement, func(e equipement.Equipement) string { return e.Key() }}
	// GTFS are timetables: a row is a whole feed.
	GTFS = Rows[transit.Feed]{About{"gtfs", "réseaux de transport (GTFS)", "horaires des transports", ""},
		CheckFeed, func(f transit.Feed) string { return f.Name }}
	OnDemand = Rows[transit.Zone]{About{"tad", "zones de transport à la demande", "", ""},
		CheckOnDemand, func(z transit.Zone) string { return z.ID }}
	Roads = Rows[road.Way]{About{"roads", "routes", "", "route"},
		CheckWay, func(w road.Way) string { return fmt.Sprint(w.ID) }}
)

// Kinds lists the kinds, in the order in which a store is copied.
func Kinds() []About {
	return []About{Communes.About, EPCI.About, Secteurs.About, Territoires.About, Lieux.About, Tournees.About, Variables.About, Population.About, Equipements.About, GTFS.About, OnDemand.About, Roads.About}
}

// Of is what is said of a kind; the zero About for one that there is not.
func (k Kind) Of() About {
	for _, a := range Kinds() {
		if a.Kind == k {
			return a
		}
	}
	return About{}
}

// Number says how many rows a dataset of the kind has, in French: those of timetables are feeds.
func (a About) Number(n int) string {
	one, many := "ligne", "lignes"
	if a.Kind == GTFS.Kind {
		one, many = "réseau", "réseaux"
	}
	if n > 1 {
		one = many
	}
	return fmt.Sprint(n, " ", one)
}

// CanBeModelled names what a dataset of the kind may have modelled.
func (a About) CanBeModelled() string {
	if a.Modelled != "" {
		return a.Modelled
	}
	return a.Nom
}

// Each reads the rows of every dataset one at a time. The loop holds a connection and
// sees the rows as they were when it began, until it ends.
func (r Rows[T]) Each(ctx context.Context, in Inputs) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for row, err := range in.Read(ctx, r.Kind) {
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			if !yield(row.(T), nil) {
				return
			}
		}
	}
}

// All reads the rows of every dataset.
func (r Rows[T]) All(ctx context.Context, in Inputs) ([]T, error) {
	var all []T
	for row, err := range r.Each(ctx, in) {
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, nil
}

// Replace swaps in a dataset. m.Kind is that of the rows, or empty.
func (r Rows[T]) Replace(ctx context.Context, to Importer, m Manifest, rows iter.Seq2[T, error]) (Manifest, error) {
	if m.Kind != "" && m.Kind != r.Kind {
		return Manifest{}, fmt.Errorf("replace %s: %s: manifest of kind %q", r.Kind, m.Dataset, m.Kind)
	}
	m.Kind = r.Kind
	return to.Replace(ctx, m, func(yield func(any, error) bool) {
		for row, err := range rows {
			if !yield(row, err) {
				return
			}
		}
	})
}

// CheckTerritoire reports why s cannot be stored: a type that no set of communes has, no
// code, communes beside an outline, an outline that is none, a population below zero, or text
// that is not text.
func CheckTerritoire(s admin.Set) error {
	if err := s.Type.CheckSet(); err != nil {
		return err
	}
	switch {
	case len(s.Outline) > 0 && len(s.Communes) > 0:
		return fmt.Errorf("both an outline and %d communes", len(s.Communes))
	case len(s.Outline) == 0 && (s.Population != 0 || s.Year != ""):
		return fmt.Errorf("a published population without outline")
	case s.Population < 0:
		return fmt.Errorf("population %d is negative", s.Population)
	}
	if err := cmp.Or(checkOutline(s.Outline), texts("population_annee", s.Year)); err != nil {
		return err
	}
	return CheckSecteur(admin.Secteur{Code: s.Code, Nom: s.Nom, Communes: s.Communes})
}
