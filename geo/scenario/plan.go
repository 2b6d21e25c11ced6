package scenario

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// plan is what a scenario makes of the lieux, tournées and sites of an edition. Sites
// have labels: those of the edition their positions there, others the next numbers.
type plan struct {
	lieux    []lieu.Lieu
	tournees []lieu.Tournee
	sites    []lieu.Site
	home     []int32 // commune of every site, -1 outside the territory
	old      []lieu.Site
	order    []int32 // of every label: its position in sites, -1: closed
	label    []int32 // of every position in sites
	serves   access.Serves
	running  *timetables // nil: as in the edition
}

// Apply gives the lieux and tournées of an edition after a scenario: what a new
// computation would read, merged already. Errors are [*Error].
func (s *Scenario) Apply(e *edition.Edition) ([]lieu.Lieu, []lieu.Tournee, error) {
	w, err := s.apply(e)
	if err != nil {
		return nil, nil, err
	}
	return w.lieux, w.tournees, nil
}

// Running gives the timetables of an edition after a scenario; nil: it changes none. Errors are
// [*Error].
func (s *Scenario) Running(e *edition.Edition) ([]transit.Feed, error) {
	w, err := s.apply(e)
	if err != nil || w.running == nil {
		return nil, err
	}
	return w.running.feeds, nil
}

func (s *Scenario) apply(e *edition.Edition) (*writer, error) {
	w := &writer{e: e, lieux: slices.Clone(e.Lieux), tournees: slices.Clone(e.Tournees), lieu: map[string]int{}, tournee: map[string]int{}}
	for i, l := range e.Lieux {
		for _, absorbed := range l.Merged {
			w.lieu[absorbed] = i
		}
	}
	for i, l := range e.Lieux { // a lieu's own id comes before those that others absorbed
		w.lieu[l.ID] = i
	}
	for i, t := range e.Tournees {
		w.tournee[t.ID] = i
	}
	for i := range s.Actions {
		if err := w.apply(i+1, &s.Actions[i]); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// writer applies actions one after the other. Lieux and tournées keep their positions:
// one that closes stays in the list, and receives nobody.
type writer struct {
	e             *edition.Edition
	lieux         []lieu.Lieu
	tournees      []lieu.Tournee
	lieu, tournee map[string]int // position by id
	running       *timetables    // nil: as in the edition
}

func (w *writer) apply(number int, a *Action) error {
	fail := func(field, value, expected string) error {
		return &Error{Action: number, Do: a.Do, Field: field, Value: value, Expected: expected}
	}
	if a.Lon != nil {
		if err := w.near(a.At(), "lon, lat", fail); err != nil {
			return err
		}
	}
	for k, stop := range a.Stops {
		if err := w.near(geo.LonLat{Lon: stop.Lon, Lat: stop.Lat}, fmt.Sprintf("stops[%d].lon, lat", k+1), fail); err != nil {
			return err
		}
	}
	switch a.Do {
	case AddLine, ShiftTrip:
		return w.run(number, a, fail)
	case AddLieu:
		id, err := w.newID(w.lieu, number, a, fail)
		if err != nil {
			return err
		}
		nom := a.Nom
		if nom == "" {
			nom = "Nouveau lieu " + strconv.Itoa(number)
		}
		w.lieu[id] = len(w.lieux)
		w.lieux = append(w.lieux, lieu.Lieu{ID: id, Nom: nom, At: a.At(), Located: true, Services: a.services, Horaires: a.horaires, Planned: true})
		return nil
	case AddTournee:
		id, err := w.newID(w.tournee, number, a, fail)
		if err != nil {
			return err
		}
		t := lieu.Tournee{ID: id, Nom: a.Nom, Services: a.services, Stops: a.lieuStops(), Planned: true}
		if t.Nom == "" {
			t.Nom = "Nouvelle tournée " + strconv.Itoa(number)
		}
		if a.Depot != nil {
			t.Depot, t.HasDepot = *a.Depot, true
		}
		w.tournee[id] = len(w.tournees)
		w.tournees = append(w.tournees, t)
		return nil
	case SetTournee, RemoveTournee:
		i, ok := w.tournee[a.ID]
		if !ok {
			return fail("id", a.ID, "l'identifiant d'une tournée de l'édition, ou donné par une action qui précède")
		}
		t := &w.tournees[i]
		if a.Do == RemoveTournee {
			if len(t.Stops) == 0 {
				return fail("id", a.ID, "une tournée qui a encore des arrêts")
			}
			t.Stops = nil
			return nil
		}
		if a.Nom != "" {
			t.Nom = a.Nom
		}
		if a.services != 0 {
			t.Services = a.services
		}
		if a.Depot != nil {
			t.Depot, t.HasDepot = *a.Depot, true
		}
		if a.Stops != nil {
			t.Stops = a.lieuStops()
		}
		return nil
	}
	i, ok := w.lieu[a.ID]
	if !ok {
		return fail("id", a.ID, "l'identifiant d'un lieu de l'édition, ou donné par une action qui précède")
	}
	l := &w.lieux[i]
	switch {
	case l.Itinerant:
		return fail("id", a.ID, "un lieu fixe ; celui-ci est itinérant : set_tournee ou remove_tournee changent sa tournée")
	case l.NoPublic:
		return fail("id", a.ID, "un lieu qui reçoit du public")
	case a.Do == CloseLieu && !l.Located:
		return fail("id", a.ID, "un lieu dont la position est connue : celui-ci ne compte pas")
	}
	switch a.Do {
	case CloseLieu:
		l.NoPublic = true
	case MoveLieu:
		// The commune that the source names was that of the old address.
		l.At, l.Located, l.Commune = a.At(), true, ""
	case SetHours:
		l.Horaires = a.horaires
	case SetServices:
		l.Services = a.services
	}
	return nil
}

// near refuses places from which nobody of the territory can come within the hour.
func (w *writer) near(p geo.LonLat, field string, fail func(field, value, expected string) error) error {
	if w.e.Surroundings().Contains(p) {
		return nil
	}
	expected := fmt.Sprintf("une position à moins de %d km du territoire", edition.RoadMargin/1000)
	if w.e.Surroundings().Contains(geo.LonLat{Lon: p.Lat, Lat: p.Lon}) {
		expected += " (longitude et latitude semblent inversées)"
	}
	return fail(field, fmt.Sprintf("%v, %v", p.Lon, p.Lat), expected)
}

// newID is the id of something added: the one asked for, or one of ours.
func (w *writer) newID(taken map[string]int, number int, a *Action, fail func(field, value, expected string) error) (string, error) {
	id := a.ID
	if id == "" {
		id = "nouveau-" + strconv.Itoa(number)
	}
	if _, again := taken[id]; again {
		return "", fail("id", id, "un identifiant qui n'est pas déjà pris")
	}
	return id, nil
}

func (a *Action) lieuStops() []lieu.Stop {
	out := make([]lieu.Stop, len(a.Stops))
	for i, s := range a.Stops {
		out[i] = lieu.Stop{Nom: s.Nom, Commune: s.Commune, At: geo.LonLat{Lon: s.Lon, Lat: s.Lat}, Horaires: a.hours[i]}
	}
	return out
}

// plan applies a scenario and labels the sites. Where not every slot counts, journeys depend
// on hours: a site of other hours is another site.
func (s *Scenario) plan(e *edition.Edition, everySlot bool) (*plan, error) {
	p := &plan{old: e.Sites}
	w, err := s.apply(e)
	if err != nil {
		return nil, err
	}
	p.lieux, p.tournees, p.running = w.lieux, w.tournees, w.running
	p.sites = lieu.Sites(p.lieux, p.tournees, e.Named)
	p.serves = e.Serves(p.sites)
	if most := min(access.MaxSites, len(e.Sites)+MaxPoints); len(p.sites) > most {
		return nil, &Error{Field: "actions", Value: fmt.Sprintf("%d points d'accueil", len(p.sites)), Expected: fmt.Sprintf("au plus %d : %d de plus que l'édition", most, most-len(e.Sites))}
	}
	// A site keeps its label while its lieu or stop stays where it is, and what is unknown of
	// it but for hours stays unknown. Both lists are in
	// the same order, so that one pass finds them.
	p.order = make([]int32, len(e.Sites), len(e.Sites)+len(p.sites))
	for i := range p.order {
		p.order[i] = -1
	}
	p.label, p.home = make([]int32, len(p.sites)), make([]int32, len(p.sites))
	at := 0
	for i := range p.sites {
		site := &p.sites[i]
		for at < len(e.Sites) && before(&e.Sites[at], site) {
			at++
		}
		if at < len(e.Sites) && !before(site, &e.Sites[at]) && site.At == e.Sites[at].At && asSure(site, &e.Sites[at]) && (everySlot || site.Horaires.Same(&e.Sites[at].Horaires)) {
			p.label[i], p.order[at] = int32(at), int32(i)
		} else {
			p.label[i] = int32(len(p.order))
			p.order = append(p.order, int32(i))
		}
		p.home[i] = e.CommuneOf(site, p.lieux, p.tournees)
	}
	if len(p.order) > access.MaxSites { // labels are kept in 16 bits
		return nil, &Error{Field: "actions", Value: fmt.Sprintf("%d points d'accueil, avant et après ensemble", len(p.order)), Expected: fmt.Sprintf("au plus %d", access.MaxSites)}
	}
	return p, nil
}

// asSure reports whether what two sites may offer is unknown alike.
func asSure(a, b *lieu.Site) bool {
	return a.May == b.May && a.Unsaid == b.Unsaid && a.Doubt == b.Doubt
}

// before tells the order of sites: fixed lieux, then stops.
func before(a, b *lieu.Site) bool {
	key := func(s *lieu.Site) (int32, int32) {
		if s.Tournee < 0 {
			return -1, s.Lieu
		}
		return s.Tournee, s.Stop
	}
	aTour, aStop := key(a)
	bTour, bStop := key(b)
	return aTour < bTour || aTour == bTour && aStop < bStop
}

// had reports whether the site of a label offered a service before.
func (p *plan) had(label int32, s lieu.Service) bool {
	return int(label) < len(p.old) && p.old[label].Offers(s)
}

// has reports whether the site of a label offers a service after.
func (p *plan) has(label int32, s lieu.Service) bool {
	return p.order[label] >= 0 && p.sites[p.order[label]].Offers(s)
}

// gains reports whether the site of a label newly offers a service.
func (p *plan) gains(label int32, s lieu.Service) bool { return p.has(label, s) && !p.had(label, s) }

// could and can are had and has, counting what may be offered.
func (p *plan) could(label int32, s lieu.Service) bool {
	return int(label) < len(p.old) && p.old[label].Could(s)
}

func (p *plan) can(label int32, s lieu.Service) bool {
	return p.order[label] >= 0 && p.sites[p.order[label]].Could(s)
}

// joins reports whether the site of a label newly offers a service, or may.
func (p *plan) joins(label int32, s lieu.Service) bool { return p.can(label, s) && !p.could(label, s) }

// site is that of a label after.
func (p *plan) site(label int32) *lieu.Site { return &p.sites[p.order[label]] }

// position is where a label is.
func (p *plan) position(label int32) geo.LonLat {
	if i := p.order[label]; i >= 0 {
		return p.sites[i].At
	}
	return p.old[label].At
}

// changes are labels by what becomes of a service there.
type changes struct {
	lost, gained []int32 // sites that are known to offer it, or no longer
	left, joined []int32 // those, and sites that may
	rescheduled  []int32 // that offer it, or may, at other hours
}

// any reports whether some site comes or goes.
func (c *changes) any() bool { return len(c.lost)+len(c.gained)+len(c.left)+len(c.joined) > 0 }

// changes lists what becomes of the sites that offer a service.
func (p *plan) changes(s lieu.Service) (c changes) {
	for label := range int32(len(p.order)) {
		had, has := p.had(label, s), p.has(label, s)
		switch {
		case had && !has:
			c.lost = append(c.lost, label)
		case has && !had:
			c.gained = append(c.gained, label)
		}
		could, can := p.could(label, s), p.can(label, s)
		switch {
		case could && !can:
			c.left = append(c.left, label)
		case can && !could:
			c.joined = append(c.joined, label)
		case can && !p.old[label].Horaires.Same(&p.site(label).Horaires):
			c.rescheduled = append(c.rescheduled, label)
		}
	}
	return c
}
