package outline

import (
	"context"
	"math"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
)

// CommuneTable reads tables, CSV or XLSX, with a column code (COG) and at least one of nom,
// epci (SIREN) and population (municipal), under any of the names that
// publishers give them. Any row that is not understood is an error.
func CommuneTable(ctx context.Context, in []source.Input) (*source.Attributes, error) {
	a := &source.Attributes{Of: map[string]source.CommuneFacts{}}
	at := map[string]source.Address{}
	err := sheet.ReadSmall(ctx, in, "tableau des communes", source.CommuneCodeNames, nil, &a.Files, func(r sheet.Row) error {
		code, field := r.First(source.CommuneCodeNames)
		if field == "" {
			return source.FailAt(r.Table.Name, 1, "en-tête : colonne absente : code")
		}
		code, _ = source.CommuneCode(code)
		bad := func(field, value, reason string) error {
			return source.Fatal{Rejection: source.NewFault(r.Table.Name, r.Line, field, value, reason)}
		}
		if why := source.CodeFault(code); why != "" {
			return bad(field, code, why)
		}
		if first, dup := at[code]; dup {
			return bad(field, code, "commune déjà présente à "+first.String())
		}
		at[code] = source.Address{File: r.Table.Name, Row: r.Line}
		var c source.CommuneFacts
		var nom, epci, people, peopleField string
		c.Nom, nom = r.First(source.CommuneNames)
		c.EPCI, epci = r.First(source.SirenNames)
		if c.EPCI = oneSIREN(c.EPCI); c.EPCI != "" && !sirenCode.MatchString(c.EPCI) {
			return bad(epci, c.EPCI, sirenFault)
		}
		if people, peopleField = peopleOf(r); people != "" {
			n, ok := source.ParseNumber(people)
			if !ok || n < 0 || n > source.MaxPeople || n != math.Trunc(n) {
				return bad(peopleField, people, "population non comprise ; attendu un nombre entier, positif ou nul")
			}
			count := int(n)
			c.Population = &count
		}
		if nom == "" && epci == "" && peopleField == "" {
			return source.FailAt(r.Table.Name, 1, "en-tête : ni nom, ni epci, ni population ; attendu au moins l'un des trois à côté du code")
		}
		a.Of[code] = c
		return nil
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

// peopleOf is the municipal population and its column.
func peopleOf(r sheet.Row) (value, column string) {
	if value, column = r.First(source.PopulationNames); column != "" {
		return value, column
	}
	for _, name := range r.Table.Header {
		if source.IsPMUN(name) {
			return r.Get(name), name
		}
	}
	return "", ""
}

// complete gives a commune what it lacks. The name of the table replaces the one
// of the outlines, which it returns: the table is of the current COG, and outlines
// are often published without the article ("Capelle" for "La Capelle").
func complete(a *source.Attributes, c *outlined) (renamed string) {
	if a == nil {
		return ""
	}
	known, ok := a.Of[c.Code]
	if !ok {
		return ""
	}
	if known.Nom != "" && known.Nom != c.Nom {
		renamed, c.Nom = c.Nom, known.Nom
	}
	if c.EPCI == "" {
		c.EPCI = known.EPCI
	}
	if !c.counted && known.Population != nil {
		c.Population, c.counted = *known.Population, true
	}
	return renamed
}
