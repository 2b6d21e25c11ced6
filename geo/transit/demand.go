package transit

import (
	"cmp"
	"fmt"
	"time"

	"github.com/aisne-numerique/maillage/geo/lieu"
)

// span is a time of a day, in seconds: from its first to its last.
type span struct{ from, to int32 }

// Demand is transport on demand on the reference weeks: zones in which people ride from door
// to door when they have asked beforehand. Its zones are numbered from 0.
type Demand struct {
	Zones   []DemandZone
	options Options
}

// DemandZone is one zone. Feed is the number of its feed; -1: it stands in none. Known is
// false where nobody says when it serves, in words that are understood.
type DemandZone struct {
	*Zone
	Feed  int32
	Known bool
	days  [ReferenceDays][]span // of the cycle
}

// NewDemand lays zones on the reference weeks: those of feeds, and those that stand in none.
// The error is a time zone that is not known.
func NewDemand(feeds []Feed, own []Zone, o Options) (*Demand, error) {
	d := &Demand{options: o}
	for i := range own {
		z := DemandZone{Zone: &own[i], Feed: -1, Known: own[i].Hours.Known}
		open := own[i].Hours.Count(true)
		for day := range z.days {
			for slot := 0; slot < lieu.SlotsPerDay; slot++ {
				from := slot
				for slot < lieu.SlotsPerDay && open.Has(day*lieu.SlotsPerDay+slot) {
					slot++
				}
				if slot > from {
					z.days[day] = append(z.days[day], span{int32(from) * slotSeconds, int32(slot) * slotSeconds})
				}
			}
		}
		d.Zones = append(d.Zones, z)
	}
	for f := range feeds {
		feed := &feeds[f]
		for i := range feed.Zones {
			z := DemandZone{Zone: &feed.Zones[i], Feed: int32(f), Known: true}
			if err := z.lay(feed, o); err != nil {
				return nil, err
			}
			d.Zones = append(d.Zones, z)
		}
	}
	return d, nil
}

// lay finds when a zone of a feed serves on the days of the cycle. A window may begin on the
// day before, or pass midnight.
func (z *DemandZone) lay(feed *Feed, o Options) error {
	zone := o.Zone
	agency := int32(-1)
	if z.Line >= 0 {
		agency = feed.Lines[z.Line].Agency
	}
	if agency >= 0 {
		var err error
		if zone, err = time.LoadLocation(cmp.Or(feed.Agencies[agency].Zone, o.Zone.String())); err != nil {
			return fmt.Errorf("fuseau horaire « %s » de l'exploitant « %s » : inconnu ; attendu un nom de la base IANA, comme Europe/Paris", feed.Agencies[agency].Zone, feed.Agencies[agency].Name)
		}
	}
	for _, on := range feed.Services[z.Service].Days {
		for day := max(o.From, on-1); day <= on+Day(max(z.To, 0)/86400)+1 && day < o.From+ReferenceDays; day++ {
			shift := int32(zero(on, zone) - zero(day, o.Zone))
			if w := (span{max(z.From+shift, earliest), min(z.To+shift, latest)}); w.from < w.to {
				z.days[day.cycleDay()] = append(z.days[day.cycleDay()], w)
			}
		}
	}
	return nil
}

// When says in words when a zone serves: as its organiser wrote it or, of a feed, between which
// times of the service day. Empty: nobody said.
func (z *DemandZone) When() string {
	if z.Feed < 0 {
		return z.Hours.Text
	}
	return fmt.Sprintf("%d:%02d-%d:%02d", z.From/3600, z.From/60%60, z.To/3600, z.To/60%60)
}

// Each tells the slots of a site that count by reservation, and stops when told false. home
// and site are the numbers of the zones that hold them, ascending; ride is what the ride takes
// from door to door, each way, in seconds; open are the slots of the site; longest is the
// cut-off, in seconds.
//
// The rule is that of timetables. A slot counts when one may leave home at h ≥ 06:00 and be at
// the site at a = h + ride before it, and leave at r after it to be home at r + ride ≤ 20:00,
// each end of each ride while a zone that holds the place serves: with o1 and o2 the ends of the
// opening, max(a, o1) − h and r + ride − min(r, o2) at most longest, min(r, o2) − max(a, o1) at
// least the stay, and away from home no longer than allowed. A ride is within a zone or, by a
// published trip, from a zone of it to a later one.
func (d *Demand) Each(home, site []int32, ride int32, open *lieu.Slots, longest int32, tell func(slot int) bool) {
	if ride > longest {
		return
	}
	for day := range ReferenceDays {
		out, back := d.ends(home, site, day, ride, 0), d.ends(site, home, day, ride, ride)
		if len(out) == 0 || len(back) == 0 {
			continue
		}
		at := func(slot int) int32 { return int32(slot-day*lieu.SlotsPerDay) * slotSeconds }
		first, last := 0, -1 // of the opening, and the one after it; it may begin or end on another day
		for slot := day * lieu.SlotsPerDay; slot < (day+1)*lieu.SlotsPerDay; slot++ {
			if !open.Has(slot) {
				continue
			}
			if slot >= last {
				for first = slot; first > 0 && open.Has(first-1); first-- {
				}
				for last = slot + 1; last < lieu.SlotsPerCycle && open.Has(last); last++ {
				}
			}
			if d.counts(out, back, ride, span{at(first), at(last)}, span{at(slot), at(slot + 1)}, longest) && !tell(slot) {
				return
			}
		}
	}
}

// ends are when rides may be at the site on a day: those that come there or, where lead is the
// ride, those that leave. from are the zones of where they start, to those of where they end.
func (d *Demand) ends(from, to []int32, day int, ride, lead int32) (out []span) {
	for _, f := range from {
		for _, t := range to {
			if !d.between(f, t) {
				continue
			}
			for i, a := range d.Zones[f].days[day] {
				for j, b := range d.Zones[t].days[day] {
					if f == t && i != j { // a zone does not serve between its hours
						continue
					}
					// At the end of the ride: within b, and a ride after a.
					w := span{max(a.from+ride, b.from), min(a.to+ride, b.to)}
					if lead == 0 {
						w.from = max(w.from, earliest+ride)
					} else {
						w.to = min(w.to, latest)
					}
					if w.from <= w.to {
						out = append(out, span{w.from - lead, w.to - lead})
					}
				}
			}
		}
	}
	return out
}

// between reports whether people ride from a zone to another.
func (d *Demand) between(from, to int32) bool {
	f, t := &d.Zones[from], &d.Zones[to]
	if f.Pickup == Forbidden || t.Drop == Forbidden {
		return false
	}
	return from == to || f.Feed >= 0 && f.Feed == t.Feed && f.Trip == t.Trip && from < to
}

// Joined reports whether people ride from a place to another and back, at whatever times: home
// and site are as for Each.
func (d *Demand) Joined(home, site []int32) bool {
	return d.anyBetween(home, site) && d.anyBetween(site, home)
}

func (d *Demand) anyBetween(from, to []int32) bool {
	for _, f := range from {
		for _, t := range to {
			if d.between(f, t) {
				return true
			}
		}
	}
	return false
}

// counts reports whether a slot of an opening counts, by the times at which one may come and
// leave.
func (d *Demand) counts(out, back []span, ride int32, opening, slot span, longest int32) bool {
	slack := longest - ride // for waits before a closed door, or after it
	for _, o := range out {
		// Whoever comes before the opening comes as late as they can: to come earlier gives no
		// more time at the site. So they either come later, or at one time.
		come := span{max(o.from, min(o.to, opening.from), opening.from-slack), min(o.to, slot.from)}
		if come.from > come.to {
			continue
		}
		for _, b := range back {
			leave := span{max(b.from, slot.to), min(b.to, max(b.from, opening.to), opening.to+slack)}
			if leave.from > leave.to {
				continue
			}
			longestStay := min(leave.to, opening.to) - max(come.from, opening.from)
			shortestStay := min(leave.from, opening.to) - max(come.to, opening.from)
			waits := leave.from - come.to - shortestStay // the same of all choices
			if longestStay >= d.options.Stay && max(shortestStay, d.options.Stay)+waits+2*ride <= d.options.Away {
				return true
			}
		}
	}
	return false
}
