// Package lieu holds the lieux de médiation numérique: what they offer, where,
// and when they are open. It does no I/O and knows nothing of roads.
//
//	Lieu     a place of the national schema v1.0.2, fixed or itinerant
//	Tournee  an itinerant service: stops × days × hours over a 4-week cycle
//	Site     one point where a lieu can be visited: a fixed lieu has one, a
//	         tournée one per stop. Access times lead to sites.
//	Horaires a set of 15-minute slots over the 4-week cycle, or unknown
//
// Sources overlap: [Merge] makes one lieu of the records that describe it.
package lieu

import (
	"time"

	"github.com/aisne-numerique/maillage/geo"
)

// Lieu is one lieu de médiation numérique. Only fields that the product shows or
// computes with are kept; names, mails and phones of persons never are.
type Lieu struct {
	ID         string // unique in its dataset
	Nom        string
	Commune    string // COG code; empty when unknown
	CommuneNom string // as published
	CodePostal string
	Adresse    string
	At         geo.LonLat
	Located    bool // false: the source has no usable coordinates, At means nothing
	Typologie  string
	Services   Services // zero: the source names none, i.e. unknown
	Horaires   Horaires
	Itinerant  bool // a base address, not a place to visit: only its tournée's stops are
	NoPublic   bool // "Ce lieu n'accueille pas de public"
	Source     string
	MisAJour   time.Time // zero: unknown
	SiteWeb    string
	Frais      string // as published ("Gratuit"); empty: unknown
	Dispositif string // as published ("France Services"); empty: none or unknown

	// Merged holds the ids of the records that [Merge] found to be this same lieu,
	// sorted; nil when there are none.
	Merged []string `json:",omitempty"`
}

// Stop is one stop of a tournée.
type Stop struct {
	Nom      string
	Commune  string // COG code; empty when unknown
	At       geo.LonLat
	Horaires Horaires
}

// Tournee is the tour of an itinerant service. LieuID names the lieu it serves
// (its services and name come from there) or is empty, in which case Nom and
// Services stand alone.
type Tournee struct {
	ID       string
	Nom      string
	LieuID   string
	Services Services
	Depot    geo.LonLat
	HasDepot bool
	Stops    []Stop
}

// Site is one point where help is given, at some hours. Lieu is the position of
// its lieu in the edition, or -1 for a tournée without one.
type Site struct {
	Lieu     int32
	Tournee  int32 // position of its tournée, -1 for a fixed lieu
	Stop     int32 // position of the stop in its tournée, -1 for a fixed lieu
	Nom      string
	At       geo.LonLat
	Services Services
	Horaires Horaires
}

// Sites lists the points where the lieux and tournées can be visited, in order:
// fixed lieux first, then every stop. A lieu gives no site when it has no
// position, receives no public, offers no known service, or is itinerant (its
// stops do, through its tournée).
func Sites(lieux []Lieu, tournees []Tournee) []Site {
	byID := make(map[string]int32, len(lieux))
	var sites []Site
	for i, l := range lieux {
		byID[l.ID] = int32(i)
		for _, absorbed := range l.Merged {
			byID[absorbed] = int32(i)
		}
		if !l.Located || l.NoPublic || l.Itinerant || l.Services == 0 {
			continue
		}
		sites = append(sites, Site{Lieu: int32(i), Tournee: -1, Stop: -1, Nom: l.Nom, At: l.At, Services: l.Services, Horaires: l.Horaires})
	}
	for t, tour := range tournees {
		at, nom, services := int32(-1), tour.Nom, tour.Services
		if i, ok := byID[tour.LieuID]; ok && tour.LieuID != "" {
			at = i
			if nom == "" {
				nom = lieux[i].Nom
			}
			if services == 0 {
				services = lieux[i].Services
			}
		}
		if services == 0 {
			continue
		}
		for s, stop := range tour.Stops {
			sites = append(sites, Site{Lieu: at, Tournee: int32(t), Stop: int32(s), Nom: nom + " — " + stop.Nom,
				At: stop.At, Services: services, Horaires: stop.Horaires})
		}
	}
	return sites
}
