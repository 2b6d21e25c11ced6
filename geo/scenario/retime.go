package scenario

import (
	"cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/network"
)

// retime finds access times by timetable again, once journeys and who joins are up to date: the
// shortest way out of all that counts within the cut-off or, where nothing does, the walk to the
// nearest site (as the edition does). It looks at parts that walk elsewhere, that reached a site
// which is lost, or that reach one which joins.
func (v *evaluation) retime() {
	for first := 0; first < len(v.joined); {
		last := first
		for ; last < len(v.joined) && v.joined[last].part == v.joined[first].part; last++ {
		}
		v.retimePart(v.joined[first].part, v.joined[first:last])
		first = last
	}
	for _, part := range v.w.nearest.touched {
		v.retimePart(part, nil)
	}
	for _, label := range v.changes.lost {
		for _, set := range v.setsOfSite.of(label) {
			for _, part := range v.setParts.of(set) {
				v.retimePart(part, nil)
			}
		}
	}
}

// retimePart looks at a part that some sites join, once.
func (v *evaluation) retimePart(part int32, joins []joined) {
	times, p, service := v.w.journeys, v.plan, v.query.Service
	if times.marked[part] {
		return
	}
	time, label, found := v.within.Soonest(part, v.query.Cutoff, func(site uint16) bool {
		return p.had(int32(site), service) && p.has(int32(site), service)
	})
	for _, j := range joins { // in the order of sites
		if !network.Counts(j.slots) || !p.gains(j.label, service) {
			continue
		}
		if !found || cmp.Or(cmp.Compare(j.time, time), cmp.Compare(p.order[j.label], p.order[label])) < 0 {
			time, label, found = j.time, uint16(j.label), true
		}
	}
	if found {
		times.set(part, geo.Reached, time, label)
	} else {
		walk := &v.w.nearest.now
		times.set(part, walk.Reach[part], walk.Cost[part], walk.Site[part])
	}
}
