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
	"slices"
	"strings"
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

	// AccueilInconnu is true where neither the source nor the type of the record says that
	// the public is received: an administrative seat, a registration alone.
	AccueilInconnu bool `json:",omitempty"`
	// Reserve lists the communes and EPCI to whose residents the services are reserved, by
	// code; nil: they are for all.
	Reserve []string `json:",omitempty"`
	// Distance and Domicile are help without a visit, by telephone or at home; Zone is where,
	// by code of commune, EPCI or département (nil: unknown), at the hours of Horaires. They
	// make nobody covered.
	Distance bool     `json:",omitempty"`
	Domicile bool     `json:",omitempty"`
	Zone     []string `json:",omitempty"`

	// Planned is true for a lieu of a scenario: it offers what it says, and nothing else.
	Planned bool `json:",omitempty"`

	Details

	// Merged holds the ids of the records that [Merge] found to be this same lieu,
	// sorted; nil when there are none.
	Merged []string `json:",omitempty"`
}

// IsFranceServices reports whether a source says that l is a France Services, fixed or a bus:
// by its programmes or labels, or by its type.
func (l *Lieu) IsFranceServices() bool {
	for _, list := range [...]string{l.Dispositif, l.Labels, l.AutresLabels} {
		for _, v := range strings.Split(list, "|") {
			if w := Words(v); len(w) >= 2 && strings.Join(w[len(w)-2:], " ") == "france services" {
				return true
			}
		}
	}
	return slices.Contains(strings.Split(l.Typologie, "|"), "RFS")
}

// Details are what the national schema says of a lieu beside what is computed with, as
// published; several values have "|" between them. Empty: unknown.
type Details struct {
	Complement     string `json:",omitempty"` // complement_adresse
	Telephone      string `json:",omitempty"` // of the place; never of a person
	Courriel       string `json:",omitempty"` // functional (accueil@…); never of a person
	Publics        string `json:",omitempty"` // publics_specifiquement_adresses
	PriseEnCharge  string `json:",omitempty"` // prise_en_charge_specifique
	Labels         string `json:",omitempty"` // formations_labels
	AutresLabels   string `json:",omitempty"` // autres_formations_labels
	Acces          string `json:",omitempty"` // modalites_acces
	Accompagnement string `json:",omitempty"` // modalites_accompagnement
	RendezVous     string `json:",omitempty"` // prise_rdv: an address of the web
	AccesLibre     string `json:",omitempty"` // fiche_acces_libre: an address of the web
	Resume         string `json:",omitempty"` // presentation_resume
	Presentation   string `json:",omitempty"` // presentation_detail
	Structure      string `json:",omitempty"` // structure_parente
	Commentaire    string `json:",omitempty"` // remarks on hours and permanences, as France Services writes them
}

// Fields are the fields of d, each by the name of its column.
func (d *Details) Fields() []DetailField {
	return []DetailField{
		{"complement", &d.Complement}, {"telephone", &d.Telephone}, {"courriel", &d.Courriel}, {"publics", &d.Publics},
		{"prise_en_charge", &d.PriseEnCharge}, {"labels", &d.Labels}, {"autres_labels", &d.AutresLabels},
		{"modalites_acces", &d.Acces}, {"modalites_accompagnement", &d.Accompagnement}, {"rendez_vous", &d.RendezVous},
		{"acces_libre", &d.AccesLibre}, {"resume", &d.Resume}, {"presentation", &d.Presentation}, {"structure", &d.Structure},
		{"commentaire", &d.Commentaire},
	}
}

// DetailField is one field of [Details].
type DetailField struct {
	Name string
	Text *string
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
	Planned  bool `json:",omitempty"` // see [Lieu]
	// Modelled is true where the stops are a model, so that nobody is sent there. It is that
	// of the dataset, which says how; stores keep it there.
	Modelled bool `json:",omitempty"`
}

// StopNom is how a stop is told, after nom, the name of who comes: with a mark when it is
// a model, wherever it is told.
func (t *Tournee) StopNom(nom string, stop int) string {
	nom += " — " + t.Stops[stop].Nom
	if t.Modelled {
		nom += " (modélisé)"
	}
	return nom
}
