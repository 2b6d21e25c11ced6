// Package admin holds the administrative geography: communes, EPCI, the département, and
// sets of communes of any type (secteurs, cantons…), as of one yearly code geography
// (COG). It does no I/O.
//
// Outlines are orb multipolygons in WGS 84 degrees, rings closed, outer rings
// counter-clockwise and holes clockwise (RFC 7946).
package admin

import (
	"cmp"
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

// Set is a named set of communes of any type but commune, EPCI and département. A set of
// type secteur is a secteur.
type Set struct {
	Type     Type
	Code     string
	Nom      string
	Communes []string // COG codes, sorted
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
//   - communes, EPCI and secteurs are sorted by code, sets by type and code; codes are
//     unique in their type
//   - every commune has an outline and a population ≥ 0
//   - a secteur or set names only communes that exist; a set names some
type Division struct {
	*Outlines
	EPCI     []EPCI
	Secteurs []Secteur
	Sets     []Set // by type and code; those that are not secteurs by their kind
	levels   map[Type]level
	types    []Type
}

// New sorts and checks the parts of a division.
func New(communes []Commune, epci []EPCI, secteurs []Secteur, sets ...Set) (*Division, error) {
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
	// Of a set, as of an EPCI, what is here: a file of all France has sets and communes
	// that are not.
	outside := func(code string) bool { _, ok := d.Commune(code); return !ok }
	d.Sets = nil
	named := map[Ref]bool{}
	for _, s := range d.Secteurs {
		named[Ref{TypeSecteur, s.Code}] = true
	}
	for _, s := range sets {
		if err := s.Type.CheckSet(); err != nil {
			return nil, err
		}
		ref := Ref{s.Type, s.Code}
		if named[ref] {
			return nil, fmt.Errorf("%s: named twice", ref)
		}
		named[ref] = true
		if s.Communes = slices.DeleteFunc(slices.Clone(s.Communes), outside); len(s.Communes) > 0 {
			d.Sets = append(d.Sets, s)
		}
	}
	slices.SortFunc(d.Sets, compareSets)
	d.index()
	return d, nil
}

// allSets are secteurs and sets, by type and code.
func (d *Division) allSets() []Set {
	all := slices.Clone(d.Sets)
	for _, s := range d.Secteurs {
		all = append(all, Set{TypeSecteur, s.Code, s.Nom, s.Communes})
	}
	slices.SortFunc(all, compareSets)
	return all
}

func compareSets(a, b Set) int {
	return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Code, b.Code))
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
