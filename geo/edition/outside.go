package edition

import (
	"cmp"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
)

// Outside reports whether a lieu stands outside the territory: it counts for who lives
// inside, and is none of the territory's.
func (e *Edition) Outside(i int) bool {
	return e.LieuCommune[i] < 0 && (e.Lieux[i].Located || e.abroad(e.Lieux[i].Commune))
}

// home is the position of the commune that has a code, else of the one that holds a place
// (nil: unknown); -1 outside the territory. A cell at the border reaches across it: a code
// of another département is believed before a place.
func (e *Edition) home(code string, at *geo.LonLat) int32 {
	if c, ok := e.Division.Commune(code); ok {
		return c
	}
	if at != nil && !e.abroad(code) {
		if p, ok := e.Grid.PartAt(*at); ok {
			return e.Grid.Parts[p].Commune
		}
	}
	return -1
}

// abroad reports whether a commune is one of another département than those computed.
func (e *Edition) abroad(commune string) bool {
	d := admin.DepartementOf(commune)
	return d != "" && e.Params.Departement != Together && !slices.ContainsFunc(e.Division.Territoires(admin.TypeDepartement), func(t admin.Territoire) bool { return t.Code == d })
}

// Place is the commune of a lieu or of a stop. Empty is unknown.
type Place struct {
	Code, Nom   string
	Departement string // its code; outside the territory
}

// String is how the commune is told: outside the territory with its département, as
// "Fourmies (59, Nord)".
func (p Place) String() string {
	switch d := p.Departement; {
	case d == "":
		return p.Nom
	case p.Nom == "":
		return admin.DepartementNom(d) + " (" + d + ")"
	default:
		return p.Nom + " (" + d + ", " + admin.DepartementNom(d) + ")"
	}
}

// LieuPlace is the commune of a lieu.
func (e *Edition) LieuPlace(i int) Place {
	l := &e.Lieux[i]
	return e.place(e.LieuCommune[i], l.Commune, l.CommuneNom, l.Located)
}

// SitePlace is the commune of a site.
func (e *Edition) SitePlace(site int32) Place {
	s := &e.Sites[site]
	code, nom := "", ""
	if s.Tournee >= 0 {
		code = e.Tournees[s.Tournee].Stops[s.Stop].Commune
	} else {
		code, nom = e.Lieux[s.Lieu].Commune, e.Lieux[s.Lieu].CommuneNom
	}
	return e.place(e.SiteCommune[site], code, nom, true)
}

// place is the commune at a position in the division, or else the one that a source names.
func (e *Edition) place(home int32, code, published string, located bool) Place {
	if home >= 0 {
		c := &e.Division.Communes[home]
		return Place{Code: c.Code, Nom: c.Nom}
	}
	p := Place{Nom: published}
	if n, ok := e.Division.Neighbour(code); ok {
		p.Nom = cmp.Or(n.Nom, published)
	}
	if d := admin.DepartementOf(code); d != "" && located {
		p.Code, p.Departement = code, d
	}
	return p
}
