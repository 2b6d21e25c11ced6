package edition

import (
	"context"
	"iter"
	"slices"
	"sync"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/parallel"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// ByReservation tells of each part what transport on demand gives to who finds no hour by
// timetable. It is a state beside the classes, which it never changes.
type ByReservation uint8

// The states of ByReservation.
const (
	NotServed      ByReservation = iota // there are hours by timetable, or none by reservation
	UnknownService                      // there may be: a zone, or a site in it, whose hours are unknown
	Served                              // some hour of some site counts by reservation
)

// ReservationJSON is the people of a territoire who have no hour by timetable and could have
// some by transport on demand. Whether they could of others is unknown.
type ReservationJSON struct {
	People  int `json:"people"`
	Unknown int `json:"unknown"`
}

// demand is transport on demand, and the zones of every part and site.
type demand struct {
	*transit.Demand
	parts, sites [][]heldBy
}

// heldBy are the zones that hold a place, a walk away (seconds): that to the nearest stop of
// zones that are groups of stops; 0: they hold the place itself.
type heldBy struct {
	walk  int32
	zones []int32 // ascending
}

// readOnDemand keeps the zones that stand in no feed and touch the territory.
func (t *Timetables) readOnDemand(ctx context.Context, in store.Inputs, d *admin.Division) error {
	box := boxOf(d)
	for z, err := range store.OnDemand.Each(ctx, in) {
		if err != nil {
			return err
		}
		here := func(code string) bool { _, ok := d.Commune(code); return ok }
		if slices.ContainsFunc(z.Communes, here) || meets(around(z.Area), box) {
			t.OnDemand = append(t.OnDemand, z)
		}
	}
	return nil
}

// around is the box around rings.
func around(rings [][]geo.LonLat) geo.Bounds {
	box := geo.EmptyBounds()
	for _, ring := range rings {
		for _, p := range ring {
			box = box.Extend(p)
		}
	}
	return box
}

// meets reports whether two boxes have a point in common; an empty one has none.
func meets(a, b geo.Bounds) bool {
	return a.Min.Lon <= b.Max.Lon && b.Min.Lon <= a.Max.Lon && a.Min.Lat <= b.Max.Lat && b.Min.Lat <= a.Max.Lat
}

// countZones is how many zones are on demand.
func (t *Timetables) countZones() int {
	n := len(t.OnDemand)
	for i := range t.Feeds {
		n += len(t.Feeds[i].Zones)
	}
	return n
}

// onDemand readies transport on demand: it is laid out when it is first asked for.
func (e *Edition) onDemand() error {
	if e.Timetables == nil || e.Timetables.countZones() == 0 || !e.HasMode(geo.Car) {
		return nil
	}
	o, err := e.transitOptions()
	if err != nil {
		return err
	}
	d, err := transit.NewDemand(e.Timetables.Feeds, e.Timetables.OnDemand, o)
	if err != nil {
		return err
	}
	e.demand = sync.OnceValue(func() *demand {
		return &demand{d,
			e.held(d, e.Origins, func(i int32) string { return e.Division.Communes[e.Grid.Parts[i].Commune].Code }),
			e.held(d, e.sitesAt(), e.siteCode)}
	})
	return nil
}

func (e *Edition) sitesAt() []geo.LonLat {
	at := make([]geo.LonLat, len(e.Sites))
	for i := range e.Sites {
		at[i] = e.Sites[i].At
	}
	return at
}

// siteCode is the code of the commune of a site; empty: unknown.
func (e *Edition) siteCode(site int32) string {
	if c := e.SiteCommune[site]; c >= 0 {
		return e.Division.Communes[c].Code
	}
	if s := &e.Sites[site]; s.Tournee < 0 && s.Lieu >= 0 {
		return e.Lieux[s.Lieu].Commune
	}
	return ""
}

// held are the zones of each of some places: those of its commune, those whose area it is in,
// and those with a stop that one walks to, or from.
func (e *Edition) held(d *transit.Demand, at []geo.LonLat, commune func(int32) string) [][]heldBy {
	out := make([][]heldBy, len(at))
	add := func(place, walk, zone int32) {
		k := slices.IndexFunc(out[place], func(h heldBy) bool { return h.walk == walk })
		if k < 0 {
			k = len(out[place])
			out[place] = append(out[place], heldBy{walk: walk})
		}
		out[place][k].zones = append(out[place][k].zones, zone)
	}
	of, box := map[string][]int32{}, make([]geo.Bounds, len(d.Zones))
	for z := range d.Zones {
		box[z] = around(d.Zones[z].Area)
		for _, code := range d.Zones[z].Communes {
			of[code] = append(of[code], int32(z))
		}
	}
	for i, p := range at {
		zones := slices.Clone(of[commune(int32(i))])
		for z := range d.Zones {
			if box[z].Contains(p) && insideRings(d.Zones[z].Area, p) {
				zones = append(zones, int32(z))
			}
		}
		slices.Sort(zones)
		for _, z := range slices.Compact(zones) {
			add(int32(i), 0, z)
		}
	}
	walks := e.walksToZones(d, at)
	for z := range d.Zones {
		for place, walk := range walks[z] {
			if walk >= 0 {
				add(int32(place), walk, int32(z))
			}
		}
	}
	return out
}

// walksToZones are, for each zone that is a group of stops, the walks of places to the nearest
// of them, in seconds; -1: too long. Of other zones there is none.
func (e *Edition) walksToZones(d *transit.Demand, at []geo.LonLat) [][]int32 {
	out := make([][]int32, len(d.Zones))
	if !slices.ContainsFunc(d.Zones, func(z transit.DemandZone) bool { return len(z.Stops) > 0 }) {
		return out
	}
	var stops []network.Site
	var zoneOf []int32
	for z := range d.Zones {
		for _, s := range d.Zones[z].Stops {
			stops, zoneOf = append(stops, network.Site{At: e.Timetables.Feeds[d.Zones[z].Feed].Stops[s].At, Horaires: &lieu.Horaires{}}), append(zoneOf, int32(z))
		}
	}
	walk, ctx := e.walking(), context.Background()
	starts, err := walk.Starts(ctx, at)
	if err != nil {
		panic(err) // of a context that ends
	}
	ends, err := walk.Sites(ctx, stops)
	if err != nil {
		panic(err)
	}
	search, every := walk.NewSearch(), starts.Index(network.All(len(at)))
	for stop, z := range zoneOf {
		if out[z] == nil {
			out[z] = slices.Repeat([]int32{-1}, len(at))
		}
		search.Reach(ends, int32(stop), e.Params.Transit.Walk, nil, every, func(place int32, cost, _ geo.Cost, _ *network.Slots) {
			if s := cost.WholeSeconds(); out[z][place] < 0 || s < out[z][place] {
				out[z][place] = s
			}
		})
	}
	return out
}

// insideRings is the rule of even and odd: holes are rings as well.
func insideRings(rings [][]geo.LonLat, p geo.LonLat) bool {
	inside := false
	for _, ring := range rings {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a.Lat > p.Lat) != (b.Lat > p.Lat) && p.Lon < a.Lon+(p.Lat-a.Lat)/(b.Lat-a.Lat)*(b.Lon-a.Lon) {
				inside = !inside
			}
		}
	}
	return inside
}

// reservations tells what transport on demand gives to each part that has no hour by
// timetable. A ride takes what a car takes from door to door, and the walks to and from stops
// where zones are groups of them.
func (e *Edition) reservations(a *Answer) []ByReservation {
	if a.Query.Mode != geo.Transit || e.demand == nil {
		return nil
	}
	d := e.demand()
	out := make([]ByReservation, len(e.People))
	within := &e.Access[geo.Car].Within
	longest := int32(a.Query.Cutoff / geo.Second)
	parallel.Of(len(out), 256, func(from, to int) struct{} {
		for part := int32(from); part < int32(to); part++ {
			if e.People[part] == 0 || a.Hours.Slots[part] > 0 || len(d.parts[part]) == 0 {
				continue
			}
			sites, costs := within.Row(part)
			for k, site := range sites {
				if geo.Cost(costs[k]) <= a.Query.Cutoff && out[part] != Served {
					out[part] = max(out[part], d.gives(part, int32(site), &e.Sites[site], a.Query, geo.Cost(costs[k]).WholeSeconds(), longest))
				}
			}
		}
		return struct{}{}
	})
	return out
}

// gives tells what one site is to one part by reservation.
func (d *demand) gives(part, number int32, site *lieu.Site, q coverage.Query, ride, longest int32) (state ByReservation) {
	if !site.Could(q.Service) {
		return NotServed
	}
	sure := site.Of(q.Service) == 0 && site.Horaires.Known
	for _, home := range d.parts[part] {
		for _, there := range d.sites[number] {
			total := home.walk + ride + there.walk
			if total > longest {
				continue
			}
			if sure {
				d.Each(home.zones, there.zones, total, site.Horaires.Count(q.Appointments), longest, func(int) bool {
					state = Served
					return false
				})
			}
			if state == Served {
				return state
			}
			// Of zones, those that stand in no feed alone may not say when they serve.
			unsure := func(z int32) bool {
				_, both := slices.BinarySearch(there.zones, z)
				return both && !d.Zones[z].Known
			}
			if !sure && d.Joined(home.zones, there.zones) || slices.ContainsFunc(home.zones, unsure) {
				state = UnknownService
			}
		}
	}
	return state
}

// Reservations are what transport on demand gives to the parts that have no hour by timetable;
// nil by other modes, and where nothing is known to be on demand.
func (a *Answer) Reservations() []ByReservation { return a.reserved() }

// ReservationsOf sums up the people of some parts; nil where Reservations is.
func (a *Answer) ReservationsOf(parts iter.Seq2[int32, int32]) *ReservationJSON {
	state := a.Reservations()
	if state == nil {
		return nil
	}
	out := &ReservationJSON{}
	for part, people := range parts {
		switch state[part] {
		case Served:
			out.People += int(people)
		case UnknownService:
			out.Unknown += int(people)
		}
	}
	return out
}

// ZonesOf are the zones of transport on demand that hold the homes of some parts, ascending.
func (e *Edition) ZonesOf(parts []int32) (out []transit.DemandZone) {
	if e.demand == nil {
		return nil
	}
	d := e.demand()
	holds := make([]bool, len(d.Zones))
	for _, p := range parts {
		for _, h := range d.parts[p] {
			for _, z := range h.zones {
				holds[z] = true
			}
		}
	}
	for z, ok := range holds {
		if ok {
			out = append(out, d.Zones[z])
		}
	}
	return out
}
