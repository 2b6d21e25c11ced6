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
	"github.com/tidwall/rtree"

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

// EPCI is an établissement public de coopération intercommunale. Its people in the
// territory are the sum of its communes there; Population is what its publisher says of the
// whole, on either side of a border, 0 when it says nothing.
type EPCI struct {
	Code       string // SIREN, nine digits
	Nom        string
	Outline    orb.MultiPolygon
	Population int `json:",omitempty"`
}

// Neighbour is a commune outside the territory: what names a lieu that stands there.
type Neighbour struct {
	Code       string     `json:"code"`
	Nom        string     `json:"nom"`
	EPCI       string     `json:"epci,omitempty"` // SIREN; empty when it has none
	Population int        `json:"population"`
	Point      geo.LonLat `json:"point"` // inside it
}

// Departement is the code of its département.
func (n *Neighbour) Departement() string { return DepartementOf(n.Code) }

// Secteur is a named set of communes.
type Secteur struct {
	Code     string // slug of the name, for addresses: "fere-en-tardenois"
	Nom      string
	Communes []string // COG codes, sorted
}

// Set is a named set of communes of any type but commune, EPCI and département, or a surface
// of such a type that an outline draws, whatever communes it cuts. A set of communes of type
// secteur is a secteur.
type Set struct {
	Type     Type
	Code     string
	Nom      string
	Communes []string         // COG codes, sorted; none where there is an outline
	Outline  orb.MultiPolygon `json:"-"` // nil: its communes make it
	// Population is what its publisher says of an outline, 0 when it says nothing, as of Year
	// ("2018"; empty: not said).
	Population int    `json:",omitempty"`
	Year       string `json:",omitempty"`
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

// Territoire is any territoire, resolved to what its people are added up from.
type Territoire struct {
	Ref
	Nom        string
	Population int
	// Units are whose people it has, ascending: communes, by their position in
	// Division.Communes, or one outline, by a number after theirs (see [Division.Units]).
	// Whatever is summed of a territoire is summed over units.
	Units []int32
	// Drawn is what an outline has; nil: communes make the territoire.
	Drawn *Drawn
	// Whole is the people of an EPCI that crosses the border, of which Population are here;
	// 0 when all that is known of it is here.
	Whole    int
	Communes []int32 // positions in Division.Communes, ascending; none of an outline
	Bounds   geo.Bounds
}

// Division is the whole administrative geography of one territory, immutable
// after New. Invariants (see New):
//   - communes, EPCI and secteurs are sorted by code, sets by type and code; codes are
//     unique in their type
//   - every commune has an outline and a population ≥ 0; an EPCI without outline gets that
//     of its communes here
//   - a secteur or set names only communes that exist; a set names some, or has an outline
type Division struct {
	*Outlines
	EPCI     []EPCI
	Secteurs []Secteur
	Sets     []Set // by type and code; those that are not secteurs by their kind
	// Neighbours are communes around the territory, by code.
	Neighbours []Neighbour
	levels     map[Type]level
	types      []Type
	drawn      []*Drawn             // of the sets that have an outline, in their order
	boxes      *rtree.RTreeG[int32] // of the outlines
}

// New sorts and checks the parts of a division that has no neighbours.
func New(communes []Commune, epci []EPCI, secteurs []Secteur, sets ...Set) (*Division, error) {
	return NewAmong(nil, communes, epci, secteurs, sets...)
}

// NewAmong is [New] among neighbours, which are no communes of the division.
func NewAmong(neighbours []Neighbour, communes []Commune, epci []EPCI, secteurs []Secteur, sets ...Set) (*Division, error) {
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
	d := &Division{Outlines: NewOutlines(communes), EPCI: epci, Secteurs: secteurs, Neighbours: neighbours, boxes: &rtree.RTreeG[int32]{}}
	slices.SortFunc(d.Neighbours, func(a, b Neighbour) int { return cmp.Compare(a.Code, b.Code) })
	for i, n := range d.Neighbours {
		if _, here := d.Commune(n.Code); here || i > 0 && n.Code == d.Neighbours[i-1].Code {
			return nil, fmt.Errorf("commune %s: named twice", n.Code)
		}
	}
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
	d.draw()
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
		if len(s.Outline) > 0 {
			if len(s.Communes) > 0 {
				return nil, fmt.Errorf("%s: both communes and an outline", ref)
			}
			d.Sets = append(d.Sets, s)
			continue
		}
		if s.Communes = slices.DeleteFunc(slices.Clone(s.Communes), outside); len(s.Communes) > 0 {
			d.Sets = append(d.Sets, s)
		}
	}
	slices.SortFunc(d.Sets, compareSets)
	d.drawSets()
	d.index()
	return d, nil
}

// draw gives an outline to EPCI that were published without: that of their communes.
func (d *Division) draw() {
	of := map[string][]orb.MultiPolygon{}
	for _, c := range d.Communes {
		of[c.EPCI] = append(of[c.EPCI], c.Outline)
	}
	for i := range d.EPCI {
		if e := &d.EPCI[i]; len(e.Outline) == 0 {
			e.Outline = Dissolve(of[e.Code])
		}
	}
}

// allSets are secteurs and sets, by type and code.
func (d *Division) allSets() []Set {
	all := slices.Clone(d.Sets)
	for _, s := range d.Secteurs {
		all = append(all, Set{Type: TypeSecteur, Code: s.Code, Nom: s.Nom, Communes: s.Communes})
	}
	slices.SortFunc(all, compareSets)
	return all
}

func compareSets(a, b Set) int {
	return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Code, b.Code))
}

// Neighbour is the commune outside the territory that has a code.
func (d *Division) Neighbour(code string) (Neighbour, bool) {
	i, ok := slices.BinarySearchFunc(d.Neighbours, code, func(n Neighbour, code string) int { return cmp.Compare(n.Code, code) })
	if !ok {
		return Neighbour{}, false
	}
	return d.Neighbours[i], true
}

// Departement is the code of the département of the communes. A territory over several
// answers the one with most communes.
func (d *Division) Departement() string {
	count := map[string]int{}
	for _, c := range d.Communes {
		if of := DepartementOf(c.Code); of != "" {
			count[of]++
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
