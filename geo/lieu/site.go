package lieu

import "github.com/aisne-numerique/maillage/geo"

// Site is one point where help is given, or may be, at some hours. Lieu is the position of
// its lieu in the edition, or -1 for a tournée without one.
type Site struct {
	Lieu     int32
	Tournee  int32 // position of its tournée, -1 for a fixed lieu
	Stop     int32 // position of the stop in its tournée, -1 for a fixed lieu
	Nom      string
	At       geo.LonLat
	Services Services // known to be offered to who comes here
	Horaires Horaires
	// May are the services that it may offer beside: those that its source does not speak of,
	// or all it has where it is not known whether, or where, the public is received.
	May    Services `json:",omitempty"`
	Unsaid Services `json:",omitempty"` // those of May that no source speaks of
	Doubt  Doubt    `json:",omitempty"` // DoubtTournee, DoubtAccueil or neither
	// Reserve are the territoires to whose residents it is reserved, by code; nil: it is for all.
	Reserve []string `json:",omitempty"`
	// FranceServices is true for the place of a lieu that is known to be one.
	FranceServices bool `json:",omitempty"`
}

// Doubt is what is not known of a site, a bit each, that keeps it from being counted for a
// service.
type Doubt uint8

// The bits of Doubt.
const (
	DoubtServices Doubt = 1 << iota // whether it offers the service
	DoubtHoraires                   // when it is open
	DoubtTournee                    // where a bus stops: only its base is known
	DoubtAccueil                    // whether the public is received
)

// Doubts lists the bits of Doubt, in order, each by its key in JSON and by what is to be asked
// of the lieu, in French.
var Doubts = [...]struct {
	Doubt    Doubt
	Key, Nom string
}{{DoubtServices, "services", "les services"}, {DoubtHoraires, "horaires", "les horaires"},
	{DoubtTournee, "tournee", "les arrêts"}, {DoubtAccueil, "accueil", "l'accueil du public"}}

// Keys are the keys of the bits of d, in order; never nil.
func (d Doubt) Keys() []string {
	keys := []string{}
	for _, x := range Doubts {
		if d&x.Doubt != 0 {
			keys = append(keys, x.Key)
		}
	}
	return keys
}

// InWords says in French what is to be asked: "les services et les horaires".
func (d Doubt) InWords() string {
	text := ""
	for _, x := range Doubts {
		if d&x.Doubt == 0 {
			continue
		}
		if d &^= x.Doubt; text == "" {
			text = x.Nom
		} else if d == 0 {
			text += " et " + x.Nom
		} else {
			text += ", " + x.Nom
		}
	}
	return text
}

// Offers reports whether the site is known to offer a service, or to be what [FranceServices]
// asks for.
func (s *Site) Offers(service Service) bool {
	if service == FranceServices {
		return s.FranceServices
	}
	return s.Services.Offers(service)
}

// Could reports whether the site offers a service, or may.
func (s *Site) Could(service Service) bool {
	return s.Offers(service) || service != FranceServices && s.May.Offers(service)
}

// Of is what is not known of the site for a service that it could offer; 0: nothing.
func (s *Site) Of(service Service) Doubt {
	d := s.Doubt
	// What is not known to be offered is in doubt, whatever else is.
	if !s.Services.Offers(service) && (d == 0 || s.Unsaid == NineServices || service != Any && s.Unsaid.Offers(service)) {
		d |= DoubtServices
	}
	// The hours at which a bus is out say nothing of its base.
	if !s.Horaires.Known && d&DoubtTournee == 0 {
		d |= DoubtHoraires
	}
	return d
}

// Owner tells the sites of one lieu from those of others: its position or, for a tournée
// without a lieu, minus its position minus one.
func (s *Site) Owner() int32 {
	if s.Lieu >= 0 {
		return s.Lieu
	}
	return -1 - s.Tournee
}

// Named is the services that some source speaks of: those that a lieu or a tournée offers.
// Of the others nobody says who offers them.
func Named(lieux []Lieu, tournees []Tournee) (named Services) {
	for i := range lieux {
		named |= lieux[i].Services
	}
	for i := range tournees {
		named |= tournees[i].Services
	}
	return named
}

// Sites lists the points where the lieux and tournées can be visited, or may be, in order:
// fixed lieux and bases of buses first, then every stop. named are the services that some
// source speaks of (see [Named]).
//
// A lieu gives no site when it has no position or receives no public. One whose source
// names no service may offer any of the nine; one of which nobody says that the public is
// received may offer what it has. An itinerant lieu has sites at the stops of its tournée;
// where it has no tournée, its base stands for stops that are not known.
func Sites(lieux []Lieu, tournees []Tournee, named Services) []Site {
	byID := make(map[string]int32, len(lieux))
	for i := range lieux {
		byID[lieux[i].ID] = int32(i)
		for _, absorbed := range lieux[i].Merged {
			byID[absorbed] = int32(i)
		}
	}
	of := func(t *Tournee) (lieu int32, known bool) {
		lieu, known = byID[t.LieuID]
		return lieu, known && t.LieuID != ""
	}
	toured := make([]bool, len(lieux))
	for t := range tournees {
		if i, ok := of(&tournees[t]); ok {
			toured[i] = true
		}
	}
	var sites []Site
	for i := range lieux {
		l := &lieux[i]
		if !l.Located || l.NoPublic || l.Itinerant && toured[i] {
			continue
		}
		s := Site{Lieu: int32(i), Tournee: -1, Stop: -1, Nom: l.Nom, At: l.At, Horaires: l.Horaires, Reserve: l.Reserve}
		switch {
		case l.Itinerant:
			s.Doubt, s.Horaires = DoubtTournee, Horaires{}
		case l.AccueilInconnu:
			s.Doubt = DoubtAccueil
		}
		s.FranceServices = s.Doubt == 0 && l.IsFranceServices()
		sites = append(sites, s.offering(l.Services, named, l.Planned))
	}
	for t := range tournees {
		tour := &tournees[t]
		at, nom, services, reserve := int32(-1), tour.Nom, tour.Services, []string(nil)
		if i, ok := of(tour); ok {
			at, reserve = i, lieux[i].Reserve
			if nom == "" {
				nom = lieux[i].Nom
			}
			if services == 0 {
				services = lieux[i].Services
			}
		}
		for k, stop := range tour.Stops {
			s := Site{Lieu: at, Tournee: int32(t), Stop: int32(k), Nom: tour.StopNom(nom, k), At: stop.At, Horaires: stop.Horaires, Reserve: reserve}
			s.FranceServices = at >= 0 && lieux[at].IsFranceServices()
			sites = append(sites, s.offering(services, named, tour.Planned))
		}
	}
	return sites
}

// offering is the site with what its source says that it offers; 0: nothing. One that is
// planned says all.
func (s Site) offering(services, named Services, planned bool) Site {
	switch {
	case services == 0:
		s.Unsaid = NineServices
	case !planned:
		s.Unsaid = NineServices &^ named &^ services
	}
	if s.Services, s.May = services, s.Unsaid; s.Doubt != 0 {
		s.Services, s.May = 0, services|s.Unsaid
	}
	return s
}
