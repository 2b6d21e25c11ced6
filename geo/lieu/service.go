package lieu

import (
	"fmt"
	"math/bits"
	"strings"
)

// Service is one of the nine services of the national schema v1.0.2, or [Any].
type Service uint8

// The nine services, in the schema's order, and Any: help of any known kind.
const (
	Demarches Service = iota
	Outils
	Insertion
	Securite
	Parentalite
	Loisirs
	Culture
	AccesInternet
	Materiel
	Any
	NumServices = iota // the nine and Any
)

// FranceServices is no service but what a lieu is; the nearest is looked for as that of a
// service is. Nobody is covered by it, and no source of lieux, no scenario and no person names
// it as a service.
const (
	FranceServices Service = NumServices
	NumTargets             = NumServices + 1 // what the nearest site is looked for
)

var serviceTable = [NumServices]struct{ slug, label string }{
	{"aide-demarches", "Aide aux démarches administratives"},
	{"maitrise-outils", "Maîtrise des outils numériques du quotidien"},
	{"insertion-professionnelle", "Insertion professionnelle via le numérique"},
	{"utilisation-securisee", "Utilisation sécurisée du numérique"},
	{"parentalite-education", "Parentalité et éducation avec le numérique"},
	{"loisirs-creations", "Loisirs et créations numériques"},
	{"comprehension-monde", "Compréhension du monde numérique"},
	{"acces-internet", "Accès internet et matériel informatique"},
	{"acquisition-materiel", "Acquisition de matériel informatique à prix solidaire"},
	{"tous", "Tous les services (au moins un)"},
}

// AllServices lists the nine services and Any, in order.
func AllServices() []Service {
	all := make([]Service, NumServices)
	for i := range all {
		all[i] = Service(i)
	}
	return all
}

// String is the service's slug, as used in commands and addresses.
func (s Service) String() string { return serviceTable[s].slug }

// Label is the service's name in the national schema.
func (s Service) Label() string { return serviceTable[s].label }

// MarshalText writes the slug.
func (s Service) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the slug or the schema's name.
func (s *Service) UnmarshalText(b []byte) error {
	v, err := ParseService(string(b))
	*s = v
	return err
}

// ParseService reads a slug or the exact name in the schema.
func ParseService(text string) (Service, error) {
	for i, row := range serviceTable {
		if text == row.slug || text == row.label {
			return Service(i), nil
		}
	}
	slugs := make([]string, NumServices)
	for i, row := range serviceTable {
		slugs[i] = row.slug
	}
	return 0, fmt.Errorf("service %q: expected one of %s", text, strings.Join(slugs, ", "))
}

// Services is a set of the nine services. The empty set means that none is known.
type Services uint16

// NineServices is the set of all nine.
const NineServices Services = 1<<Any - 1

// With returns the set with s added; adding Any adds nothing.
func (set Services) With(s Service) Services {
	if s == Any {
		return set
	}
	return set | 1<<s
}

// Offers reports whether the set holds s; every non-empty set offers Any.
func (set Services) Offers(s Service) bool {
	if s == Any {
		return set != 0
	}
	return set&(1<<s) != 0
}

// Len is the number of services in the set.
func (set Services) Len() int { return bits.OnesCount16(uint16(set)) }

// List gives the services in order.
func (set Services) List() []Service {
	list := make([]Service, 0, set.Len())
	for s := Service(0); s < Any; s++ {
		if set.Offers(s) {
			list = append(list, s)
		}
	}
	return list
}
