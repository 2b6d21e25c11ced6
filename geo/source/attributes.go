package source

import (
	"math"

	"github.com/aisne-numerique/maillage/geo/store"
)

// Attributes is what a table says of communes whose outlines are published alone.
// Read it with [CommuneTable].
type Attributes struct {
	Files []store.File
	of    map[string]attributes
}

// attributes of one commune; what the table does not give is nil or "".
type attributes struct {
	nom, epci  string
	population *int
}

// CommuneTable reads CSV files with a column code (COG) and at least one of nom,
// epci (SIREN) and population (municipal), under any of the names that
// publishers give them. Any row that is not understood is an error.
func CommuneTable(in []Input) (*Attributes, error) {
	a := &Attributes{of: map[string]attributes{}}
	at := map[string]address{}
	err := readSmallTable(in, "tableau des communes", nil, &a.Files, func(r row) error {
		code, field := r.first(communeCodeNames)
		if field == "" {
			return failAt(r.t.name, 1, "en-tête : colonne absente : code")
		}
		bad := func(field, value, reason string) error {
			return fatal{newFault(r.t.name, r.line, field, value, reason)}
		}
		if why := codeFault(code); why != "" {
			return bad(field, code, why)
		}
		if first, dup := at[code]; dup {
			return bad(field, code, "commune déjà présente à "+first.String())
		}
		at[code] = address{r.t.name, r.line}
		var c attributes
		var nom, epci, people, peopleField string
		c.nom, nom = r.first(communeNames)
		c.epci, epci = r.first(sirenNames)
		if c.epci = oneSIREN(c.epci); c.epci != "" && !sirenCode.MatchString(c.epci) {
			return bad(epci, c.epci, sirenFault)
		}
		if people, peopleField = r.people(); people != "" {
			n, ok := parseNumber(people)
			if !ok || n < 0 || n > maxPeople || n != math.Trunc(n) {
				return bad(peopleField, people, "population non comprise ; attendu un nombre entier, positif ou nul")
			}
			count := int(n)
			c.population = &count
		}
		if nom == "" && epci == "" && peopleField == "" {
			return failAt(r.t.name, 1, "en-tête : ni nom, ni epci, ni population ; attendu au moins l'un des trois à côté du code")
		}
		a.of[code] = c
		return nil
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

// first is the value of the first of the named columns that the table has, and the
// name of that column, "" when it has none.
func (r row) first(names []string) (value, column string) {
	for _, name := range names {
		if _, ok := r.t.columns[name]; ok {
			return r.get(name), name
		}
	}
	return "", ""
}

// people is the municipal population and its column.
func (r row) people() (value, column string) {
	if value, column = r.first(populationNames); column != "" {
		return value, column
	}
	for _, name := range r.t.header {
		if isPMUN(name) {
			return r.get(name), name
		}
	}
	return "", ""
}

// complete gives a commune what it lacks. The name of the table replaces the one
// of the outlines, which it returns: the table is of the current COG, and outlines
// are often published without the article ("Capelle" for "La Capelle").
func (a *Attributes) complete(c *outlined) (renamed string) {
	if a == nil {
		return ""
	}
	known, ok := a.of[c.Code]
	if !ok {
		return ""
	}
	if known.nom != "" && known.nom != c.Nom {
		renamed, c.Nom = c.Nom, known.nom
	}
	if c.EPCI == "" {
		c.EPCI = known.epci
	}
	if !c.counted && known.population != nil {
		c.Population, c.counted = *known.population, true
	}
	return renamed
}
