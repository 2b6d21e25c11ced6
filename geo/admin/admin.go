// Package admin holds the administrative geography: communes, EPCI, secteurs and
// the département, as of one yearly code geography (COG). It does no I/O.
//
// Outlines are orb multipolygons in WGS 84 degrees, rings closed, outer rings
// counter-clockwise and holes clockwise (RFC 7946).
package admin

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
)

// Commune is one commune. Population is the legal municipal population, in
// inhabitants. EPCI is the SIREN of its EPCI, empty when it has none.
type Commune struct {
	Code       string // COG code, five characters, leading zero kept
	Nom        string
	EPCI       string
	Population int
	Point      geo.LonLat // a point inside, for the label
	Outline    orb.MultiPolygon
}

// EPCI is an établissement public de coopération intercommunale. Its population
// is the sum of its communes in the territory, so it is not kept here.
type EPCI struct {
	Code    string // SIREN, nine digits
	Nom     string
	Outline orb.MultiPolygon
}

// Secteur is a named set of communes.
type Secteur struct {
	Code     string // slug of the name, for addresses: "fere-en-tardenois"
	Nom      string
	Communes []string // COG codes, sorted
}

// Type is the kind of a territoire.
type Type string

// The kinds of territoire.
const (
	TypeCommune     Type = "commune"
	TypeEPCI        Type = "epci"
	TypeSecteur     Type = "secteur"
	TypeDepartement Type = "departement"
)

// ParseType reads a kind of territoire.
func ParseType(s string) (Type, error) {
	switch t := Type(s); t {
	case TypeCommune, TypeEPCI, TypeSecteur, TypeDepartement:
		return t, nil
	}
	return "", fmt.Errorf("territoire type %q: expected commune, epci, secteur or departement", s)
}

// Ref names a territoire, written "epci:200072031".
type Ref struct {
	Type Type
	Code string
}

func (r Ref) String() string { return string(r.Type) + ":" + r.Code }

// ParseRef reads "type:code".
func ParseRef(s string) (Ref, error) {
	typ, code, ok := strings.Cut(s, ":")
	if !ok || code == "" {
		return Ref{}, fmt.Errorf("territoire %q: expected type:code, as epci:200072031", s)
	}
	t, err := ParseType(typ)
	if err != nil {
		return Ref{}, err
	}
	return Ref{t, code}, nil
}

// Territoire is any territoire, resolved to the positions of its communes.
type Territoire struct {
	Ref
	Nom        string
	Population int
	Communes   []int32 // positions in Division.Communes, ascending
	Bounds     geo.Bounds
}

// Division is the whole administrative geography of one territory, immutable
// after New. Invariants (see New):
//   - communes, EPCI and secteurs are sorted by code, codes are unique
//   - every commune has an outline and a population ≥ 0
//   - a secteur names only communes that exist
type Division struct {
	*Outlines
	EPCI     []EPCI
	Secteurs []Secteur
	levels   map[Type]level
}

// New sorts and checks the parts of a division.
func New(communes []Commune, epci []EPCI, secteurs []Secteur) (*Division, error) {
	sort.Slice(communes, func(i, j int) bool { return communes[i].Code < communes[j].Code })
	for i, c := range communes {
		if i > 0 && c.Code == communes[i-1].Code {
			return nil, fmt.Errorf("commune %s: named twice", c.Code)
		}
		if len(c.Outline) == 0 {
			return nil, fmt.Errorf("commune %s (%s): no outline", c.Code, c.Nom)
		}
		if c.Population < 0 {
			return nil, fmt.Errorf("commune %s (%s): population %d is negative", c.Code, c.Nom, c.Population)
		}
	}
	d := &Division{Outlines: NewOutlines(communes), EPCI: epci, Secteurs: secteurs}
	sort.Slice(d.EPCI, func(i, j int) bool { return d.EPCI[i].Code < d.EPCI[j].Code })
	sort.Slice(d.Secteurs, func(i, j int) bool { return d.Secteurs[i].Code < d.Secteurs[j].Code })
	for i := 1; i < len(d.EPCI); i++ {
		if d.EPCI[i].Code == d.EPCI[i-1].Code {
			return nil, fmt.Errorf("epci %s: named twice", d.EPCI[i].Code)
		}
	}
	// An EPCI of which no commune is here, as of a file of all France, is no territoire of
	// this division: it has neither people nor extent.
	here := map[string]bool{}
	for _, c := range d.Communes {
		here[c.EPCI] = true
	}
	d.EPCI = slices.DeleteFunc(slices.Clone(d.EPCI), func(e EPCI) bool { return !here[e.Code] })
	for i, s := range d.Secteurs {
		if i > 0 && s.Code == d.Secteurs[i-1].Code {
			return nil, fmt.Errorf("secteur %s: named twice", s.Code)
		}
		for _, c := range s.Communes {
			if _, ok := d.Commune(c); !ok {
				return nil, fmt.Errorf("secteur %s: commune %s is not among the communes", s.Nom, c)
			}
		}
	}
	d.index()
	return d, nil
}

// Departement is the code of the département: the common prefix of the commune
// codes (two characters, three overseas). A territory over several départements
// answers the one with most communes.
func (d *Division) Departement() string {
	count := map[string]int{}
	for _, c := range d.Communes {
		n := 2
		if strings.HasPrefix(c.Code, "97") || strings.HasPrefix(c.Code, "98") {
			n = 3
		}
		if len(c.Code) >= n {
			count[c.Code[:n]]++
		}
	}
	best := ""
	for k, n := range count {
		if n > count[best] || n == count[best] && k < best {
			best = k
		}
	}
	return best
}
