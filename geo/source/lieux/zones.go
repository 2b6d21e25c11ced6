package lieux

import (
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
)

// What producers of data·inclusion write of the place where their services are given is
// not always a fact. These are fillers, written everywhere by the tools that they fill
// their records with, and restrict nobody:
//
//   - the whole country ("france", 99100, zone_diffusion_type "pays"), a région, a
//     département: services of a place are for who comes to it
//   - a type of zone without its code (zone_diffusion_type "commune" and nothing else)
//   - the commune of each service, when all the services of a producer (ownZones of them
//     or more) are "reserved" to it
//   - publics "tous-publics" and its like: see publicWords
//
// A list of communes and EPCI alone does restrict, be it zone_eligibilite (v1) or
// zone_diffusion (v0). For help at a distance or at home, départements are kept too.

// ownZones is how many services of a producer show that it writes the commune of each.
const ownZones = 20

// zones are the codes of where a service is given.
type zones struct {
	all     []string // communes, EPCI, départements; nil: everywhere, or unknown
	reserve []string // those that restrict it to their residents; nil: it is for all
}

// readZones reads the zone of a service.
func (r *lieuxReader) readZones(c lieuRecord) (z zones) {
	list := valuesOf(c.get("zone_eligibilite"))
	if list == nil {
		switch source.Slug(c.get("zone_diffusion_type")) {
		case "pays", "region":
			return zones{}
		}
		list = valuesOf(c.get("zone_diffusion_code"))
	}
	restricts := true
	for _, text := range list {
		code := strings.ToUpper(blanksOf.Replace(text))
		switch {
		case code == "FRANCE", code == "FR", code == "FRA", code == "99100", code == "DEPARTEMENT", code == "COMMUNE", code == "EPCI":
			return zones{}
		case isDepartement(code):
			restricts = false
		case len(code) == 4 && source.CodeFault("0"+code) == "":
			code = "0" + code
		case isSiren(code), source.CodeFault(code) == "":
		default:
			r.note(c.file, "zone_eligibilite", "codes de zone non compris, laissés de côté dans %s ; attendu des codes de communes, d'EPCI ou de départements")
			continue
		}
		z.all = append(z.all, code)
	}
	slices.Sort(z.all)
	z.all = slices.Compact(z.all)
	if restricts {
		z.reserve = z.all
	}
	return z
}

func isDepartement(code string) bool {
	switch len(code) {
	case 2:
		return code == "2A" || code == "2B" || code >= "01" && code <= "95" && strings.Trim(code, "0123456789") == ""
	case 3:
		return code[:2] == "97" && code[2] >= '1' && code[2] <= '8' || code == "987" || code == "988"
	}
	return false
}

func isSiren(code string) bool { return len(code) == 9 && strings.Trim(code, "0123456789") == "" }

// fillers takes away the restrictions of producers that write the commune of each of
// their services.
func (r *lieuxReader) fillers(all []*offer) {
	own, other := map[string]int{}, map[string]int{}
	isOwn := func(o *offer) bool { return len(o.zones.reserve) == 1 && o.zones.reserve[0] == o.commune }
	for _, o := range all {
		if isOwn(o) {
			own[o.producer]++
		} else {
			other[o.producer]++
		}
	}
	for _, o := range all {
		if isOwn(o) && other[o.producer] == 0 && own[o.producer] >= ownZones {
			o.zones.reserve = nil
			r.note(o.record.file, "zone_eligibilite", "zone qui est la commune du service dans tous ceux du producteur : tenue pour un remplissage, et non pour une restriction, dans %s")
		}
	}
}
