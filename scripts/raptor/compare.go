package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/transit"
	"github.com/aisne-numerique/maillage/scripts/rider"
)

type comparison struct {
	node, script, work string
	questions, dates   int
	walk               int32
	noLoops            bool
	seed               uint64
	out                io.Writer
	asked, wrong       int
}

// question asks when who is at a stop at a time is at another by bus, within an hour.
type question struct{ from, to, leave int32 }

// feed compares the answers about one feed.
func (c *comparison) feed(ctx context.Context, name string, whole transit.Feed) (err error) {
	plain, left := rider.Plain(whole)
	f := plain[0]
	loops := len(f.Trips)
	if c.noLoops {
		f.Trips = slices.DeleteFunc(f.Trips, func(t transit.Trip) bool { return loop(t.Calls) })
	}
	loops -= len(f.Trips)
	zone, err := rider.Zone(f)
	if err != nil {
		return err
	}
	weeks, err := rider.Weeks(f)
	if err != nil {
		return err
	}
	walks := newFootpaths(&f, c.walk)
	path := filepath.Join(c.work, "feed.zip")
	trips, err := write(path, &f, walks, weeks.From)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "\n%s (%s): %d stops, %d trips of the 28 days from %v, one for each departure; %d footpaths, the longest %d s; left out for all: %v, %d trips that call twice at a stop\n",
		name, f.Name, len(f.Stops), trips, weeks.From, walks.count, walks.longest, left, loops)
	ours, err := newOurs(ctx, f, walks, weeks.From, zone)
	if err != nil {
		return err
	}
	others := map[string]*other{}
	for _, program := range rivals {
		r, err := startRival(c.node, c.script, program, path)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, r.Stop()) }()
		others[program] = &other{rival: r, reasons: map[string][]string{}}
	}
	random := rand.New(rand.NewPCG(c.seed, 0))
	asked, arrive, naive := 0, 0, time.Duration(0)
	for _, day := range c.drawDates(random, &f, weeks.From) {
		d := newDate(&f, day, rider.Vehicles(&f, day, zone), walks)
		questions := d.draw(random, c.questions/c.dates)
		found := ours.ask(day, questions)
		begin := time.Now()
		for i, q := range questions {
			want := d.arrival(q, d.vehicles, maxRides, q.leave+hour)
			if found[i] != want {
				c.wrong++
				fmt.Fprintf(c.out, "  DIFFERS %s: maillage %s, trying every vehicle %s\n", d.describe(q), told(found[i]), told(want))
			}
			if asked++; want != rider.Never {
				arrive++
			}
		}
		naive += time.Since(begin)
		for _, program := range rivals {
			o := others[program]
			said, err := o.rival.ask(day.String(), questions)
			if err != nil {
				return fmt.Errorf("%s: %w", program, err)
			}
			o.add(c, d, program, questions, found, said)
		}
	}
	c.asked += asked
	per := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(max(asked, 1)) }
	fmt.Fprintf(c.out, "  %d questions on %d dates, of which %d have an arrival within the hour\n", asked, c.dates, arrive)
	fmt.Fprintf(c.out, "  %-24s %8.3f ms each; each finds all ways of the day from everywhere\n  %-24s %8.3f ms\n", "maillage", per(ours.time), "trying every vehicle", per(naive))
	for _, program := range rivals {
		o := others[program]
		fmt.Fprintf(c.out, "  %-24s %8.3f ms, %.1f times as long; read and prepared in %.1f s; %d equal, %d differ for a reason, %d for none\n",
			program, per(o.ask), o.ask.Seconds()/ours.time.Seconds(), o.prepare.Seconds(), o.equal, o.explained, o.wrong)
		for _, why := range slices.Sorted(maps.Keys(o.reasons)) {
			fmt.Fprintf(c.out, "    %5d %s, for example %s\n", len(o.reasons[why]), why, o.reasons[why][0])
		}
	}
	return nil
}

// loop reports whether some stop is called at twice.
func loop(calls []transit.Call) bool {
	seen := map[int32]bool{}
	for _, c := range calls {
		if seen[c.Stop] {
			return true
		}
		seen[c.Stop] = true
	}
	return false
}

// other is what was found of a program.
type other struct {
	rival                   *running
	equal, explained, wrong int
	reasons                 map[string][]string // questions by reason
	prepare, ask            time.Duration
}

// add compares its answers with ours.
func (o *other) add(c *comparison, d *date, program string, questions []question, ours []int32, said answers) {
	o.prepare += said.prepare
	o.ask += said.ask
	for i, q := range questions {
		if said.arrive[i] == ours[i] {
			o.equal++
			continue
		}
		var again []int32
		for _, mended := range said.again {
			again = append(again, mended[i])
		}
		text := fmt.Sprintf("%s: maillage %s, %s %s", d.describe(q), told(ours[i]), program, told(said.arrive[i]))
		if why := d.explain(program, q, ours[i], said.arrive[i], again); why != "" {
			o.explained++
			o.reasons[why] = append(o.reasons[why], text)
			continue
		}
		o.wrong++
		c.wrong++
		fmt.Fprintf(c.out, "  DIFFERS %s\n", text)
	}
}

func (d *date) describe(q question) string {
	return fmt.Sprintf("%v %s, %s to %s", d.day, clock(q.leave), d.feed.Stops[q.from].ID, d.feed.Stops[q.to].ID)
}

func told(at int32) string {
	if at == rider.Never {
		return "none"
	}
	return clock(at)
}

// drawDates draws dates of the reference weeks on which something runs.
func (c *comparison) drawDates(random *rand.Rand, f *transit.Feed, from transit.Day) (days []transit.Day) {
	var all []transit.Day
	used := map[int32]bool{}
	for i := range f.Trips {
		used[f.Trips[i].Service] = true
	}
	for service := range used {
		all = append(all, f.Services[service].Days...)
	}
	slices.Sort(all)
	all = slices.DeleteFunc(slices.Compact(all), func(d transit.Day) bool { return d < from || d >= from+transit.ReferenceDays })
	random.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
	for i := range c.dates {
		days = append(days, all[i%len(all)])
	}
	return days
}

// draw makes questions: half of them between any two stops where something calls on the date,
// half from a stop to a later one of a vehicle, or of another that calls there, leaving a
// while before it. One does not walk all the way.
func (d *date) draw(random *rand.Rand, count int) (out []question) {
	called := map[int32]bool{}
	var daily []*rider.Vehicle
	for i := range d.vehicles {
		v := &d.vehicles[i]
		for _, c := range v.Calls {
			called[c.Stop] = called[c.Stop] || v.On == d.day
		}
		if v.Calls[0].Depart >= first && v.Calls[0].Depart < last {
			daily = append(daily, v)
		}
	}
	maps.DeleteFunc(called, func(_ int32, there bool) bool { return !there })
	stops := slices.Sorted(maps.Keys(called))
	for tries := 0; len(stops) > 0 && len(out) < count && tries < 100*count; tries++ {
		q := question{stops[random.IntN(len(stops))], stops[random.IntN(len(stops))], first + random.Int32N(last-first)}
		if tries%2 == 0 && len(daily) > 0 {
			v := daily[random.IntN(len(daily))]
			at := random.IntN(len(v.Calls) - 1)
			to := at + 1 + random.IntN(len(v.Calls)-at-1)
			q = question{v.Calls[at].Stop, v.Calls[to].Stop, v.Calls[at].Depart - random.Int32N(hour/2)}
			if random.IntN(2) == 0 {
				w := daily[random.IntN(len(daily))]
				q.to = w.Calls[random.IntN(len(w.Calls))].Stop
			}
		}
		walked := slices.ContainsFunc(d.walks.around(q.from), func(w rider.Walk) bool { return w.Stop == q.to })
		if q.leave >= first && q.leave <= last && !walked && called[q.from] && called[q.to] {
			out = append(out, q)
		}
	}
	return out
}

// ours is maillage with a feed.
type ours struct {
	outward *transit.Outward
	to      network.Sites
	time    time.Duration
}

func newOurs(ctx context.Context, f transit.Feed, walks *footpaths, from transit.Day, zone *time.Location) (*ours, error) {
	o := transit.Default(from, zone)
	o.Walk = geo.Cost(walks.longest) * geo.Second
	table, err := transit.Compile([]transit.Feed{f}, o)
	if err != nil {
		return nil, err
	}
	net, err := transit.New(ctx, table, walks)
	if err != nil {
		return nil, err
	}
	sites := make([]network.Site, len(f.Stops))
	for i := range sites {
		sites[i] = network.Site{At: walks.at[i], Horaires: &lieu.Horaires{}}
	}
	starts, err := net.Starts(ctx, walks.at)
	if err != nil {
		return nil, err
	}
	to, err := net.Sites(ctx, sites)
	if err != nil {
		return nil, err
	}
	return &ours{outward: net.NewOutward(starts), to: to}, nil
}

// ask answers the questions of a date, each by a search of its own.
func (o *ours) ask(day transit.Day, questions []question) (out []int32) {
	begin := time.Now()
	for _, q := range questions {
		o.outward.Toward(o.to, q.to, day)
		at, ok := o.outward.Arrival(q.from, q.leave)
		if !ok || at > q.leave+hour {
			at = rider.Never
		}
		out = append(out, at)
	}
	o.time += time.Since(begin)
	return out
}
