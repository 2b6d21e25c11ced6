package edition

import (
	"cmp"
	"slices"

	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// Ask is a lieu of which something is unknown, and whom it matters to.
type Ask struct {
	Site  int32      // the first of the lieu, or of the tournée
	Doubt lieu.Doubt // what is unknown of it, for the service
	// Lift is the people, not couverts, whom this lieu alone would make couverts were what is
	// unknown of it as good as it can be: "jusqu'à". Other lieux may lift them too.
	Lift int
	// Near is the people of the class inconnue who have it within the cut-off.
	Near int
}

// Asks lists the lieux to ask, for some parts (nil: all): by the people whom they could lift,
// then by those who depend on them, most first. Those that matter to nobody are left out.
func (e *Edition) Asks(a *Answer, parts []int32) []Ask { return e.asks(a, parts, nil) }

// asks are those of the people of a territoire; nil: of everywhere.
func (e *Edition) asks(a *Answer, parts []int32, in *coverage.Inside) []Ask {
	type people struct{ waiting, inconnue int } // not couverts; of the class inconnue
	bySet := make([]people, len(a.Sets.Members))
	count := func(part int32) {
		set, n := a.Sets.Of[part], int(e.People[part])
		if in != nil {
			n = int(in.People(part))
		}
		if set < 0 || n == 0 || a.Class[part] == coverage.Couverte {
			return
		}
		bySet[set].waiting += n
		if a.Class[part] == coverage.Inconnue {
			bySet[set].inconnue += n
		}
	}
	if parts == nil {
		for part := range e.People {
			count(int32(part))
		}
	}
	for _, part := range parts {
		count(part)
	}
	asks := map[int32]*Ask{} // by owner
	for set, n := range bySet {
		if n.waiting == 0 {
			continue
		}
		a.Sets.Doubtful(set, e.Sites, func(site uint16, doubt lieu.Doubt, slots uint16) {
			owner := e.Sites[site].Owner()
			x := asks[owner]
			if x == nil {
				x = &Ask{Site: int32(site)}
				asks[owner] = x
			}
			x.Site, x.Doubt = min(x.Site, int32(site)), x.Doubt|doubt
			if x.Near += n.inconnue; coverage.Enough(slots, a.Query.MinHours) {
				x.Lift += n.waiting
			}
		})
	}
	out := make([]Ask, 0, len(asks))
	for _, x := range asks {
		if x.Lift > 0 || x.Near > 0 {
			out = append(out, *x)
		}
	}
	slices.SortFunc(out, func(a, b Ask) int {
		return cmp.Or(cmp.Compare(b.Lift, a.Lift), cmp.Compare(b.Near, a.Near), cmp.Compare(a.Site, b.Site))
	})
	return out
}

// ZoneToVerify is a connected group of cells that hold people of the class inconnue, and the
// lieux to ask, those that most of them depend on first.
type ZoneToVerify struct {
	coverage.Zone
	Asks []Ask
}

// ToVerify lists the zones à vérifier of an answer: apart from zones blanches, since nobody
// knows that there is no help.
func (e *Edition) ToVerify(a *Answer) []ZoneToVerify {
	zones := e.Ground().Zones(coverage.Inconnue, a.Class, a.Nearest)
	out := make([]ZoneToVerify, len(zones))
	for i, z := range zones {
		out[i] = ZoneToVerify{z, e.AsksIn(a, z.Cells, nil)}
	}
	return out
}

// AskJSON is an [Ask] as commands and HTTP give it, everywhere.
type AskJSON struct {
	Lieu       string   `json:"lieu"` // id of the lieu, or of a tournée without one
	ID         string   `json:"id"`   // of its feature among the lieux; of a tournée, its first stop's
	Nom        string   `json:"nom"`
	Typologie  string   `json:"typologie,omitempty"` // French, "médiathèque"; absent: unknown
	Commune    string   `json:"commune,omitempty"`   // code; absent outside the territory
	CommuneNom string   `json:"commune_nom,omitempty"`
	Missing    []string `json:"missing"` // keys of what is unknown, as in to_check
	Action     string   `json:"action"`  // French: what is to be done
	// People are whom it matters to: before building, Lift; in a zone à vérifier or a cell, those
	// there who have nothing known within the cut-off, and this lieu.
	People int `json:"people"`
	// Lift are those whom it alone could make couverts, at most: of all, or of a zone or cell.
	Lift int `json:"lift"`
	// Here are those of Lift whom a scenario concerns; absent: nothing was built.
	Here *int `json:"people_here,omitempty"`
}

// AskJSON writes a lieu to ask, for those whom it could lift.
func (e *Edition) AskJSON(x Ask) AskJSON {
	s := &e.Sites[x.Site]
	out := AskJSON{ID: e.SiteID(x.Site), Nom: s.Nom, Missing: x.Doubt.Keys(), People: x.Lift, Lift: x.Lift}
	if s.Tournee >= 0 { // the tournée, rather than one of its stops
		out.Lieu, out.Nom = e.Tournees[s.Tournee].ID, e.TourName(s.Tournee)
	}
	if l := e.LieuOf(x.Site); l != nil {
		out.Lieu, out.Typologie, out.CommuneNom = l.ID, french.Typology(l), l.CommuneNom
	}
	if home := e.SiteCommune[x.Site]; home >= 0 {
		out.Commune, out.CommuneNom = e.Division.Communes[home].Code, e.Division.Communes[home].Nom
	}
	out.Action = "renseigner " + x.Doubt.InWords() + " de « " + out.Nom + " »"
	if out.CommuneNom != "" {
		out.Action += " (" + out.CommuneNom + ")"
	}
	return out
}

// AsksIn lists the lieux that people of the class inconnue in some cells depend on, those of
// most people first: those of a territoire (nil: of everywhere).
func (e *Edition) AsksIn(a *Answer, cells []int32, in *coverage.Inside) []Ask {
	parts := []int32{} // nil would be all
	for _, cell := range cells {
		for part := e.Grid.First[cell]; part < e.Grid.First[cell+1]; part++ {
			if a.Class[part] == coverage.Inconnue {
				parts = append(parts, part)
			}
		}
	}
	asks := e.asks(a, parts, in)
	slices.SortStableFunc(asks, func(a, b Ask) int { return cmp.Compare(b.Near, a.Near) })
	return asks
}

// LieuOf is the lieu that a site is of; nil for a tournée without one.
func (e *Edition) LieuOf(site int32) *lieu.Lieu {
	if i := e.Sites[site].Lieu; i >= 0 {
		return &e.Lieux[i]
	}
	return nil
}
