package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// The targets, of every extract and mode.
const (
	lowestMedian, highestMedian = 0.95, 1.05 // of the ratios of our times to Valhalla's
	tolerance                   = 0.25       // of Valhalla's time…
	leastWithin                 = 0.95       // …for this share of the trips that both make
	mostAlone                   = 0.05       // of the trips, those that one alone makes
)

// compared is a trip and its two answers.
type compared struct {
	pair
	mode   street.Mode
	ours   geo.Access
	theirs rivalTrip
	ratio  float64 // our time to theirs, of a trip that both make
}

// off is how far the times are apart, either way: 0 for equal times.
func (c compared) off() float64 { return math.Abs(math.Log(c.ratio)) }

func (c compared) within() bool { return math.Abs(c.ratio-1) <= tolerance }

// Valhalla crawls on a trip of which more than crawl metres are driven below crawlKMH.
const crawl, crawlKMH = 20, 3

// crawls reports whether Valhalla drives so slowly that its time says nothing of a car's:
// tracks of grade 5 or of none get 5 km/h, and half of that on soft ground.
func (c compared) crawls() bool {
	var metres float64
	for _, e := range c.theirs.Edges {
		if e.KMH < crawlKMH {
			metres += e.Metres
		}
	}
	return c.mode == street.Car && metres > crawl
}

// elsewhere is how far from an end of a trip, in metres, a program may put it: whoever puts
// it farther has not made that trip.
const elsewhere = 30

// refuse takes those trips of Valhalla's for unmade that do not start and end where they
// should; see sides for ours.
func refuse(pairs []pair, theirs []rivalTrip) {
	for i, p := range pairs {
		line := points(theirs[i].Shape)
		for k, e := range []end{p.from, p.to} {
			if len(line) == 0 {
				continue
			}
			if d := geo.Distance(line[k*(len(line)-1)], e.at); d > elsewhere && theirs[i].None == "" {
				theirs[i].None = fmt.Sprintf("puts the %s %.0f m away", [...]string{"start", "end"}[k], d)
			}
		}
	}
}

// outcome is the comparison of the trips of one extract and mode, or of some of them.
type outcome struct {
	extract  string
	mode     street.Mode
	what     string     // which trips, of some; else empty
	both     []compared // that both make, by ratio
	weOnly   []compared // that we alone make
	theyOnly []compared
	neither  []compared
}

// compare puts the answers side by side.
func compare(extract string, m street.Mode, pairs []pair, ours []geo.Access, theirs []rivalTrip) outcome {
	o := outcome{extract: extract, mode: m}
	for i, p := range pairs {
		c := compared{pair: p, mode: m, ours: ours[i], theirs: theirs[i]}
		we, they := ours[i].Reach == geo.Reached, theirs[i].None == ""
		switch {
		case we && they && theirs[i].Seconds > 0:
			c.ratio = seconds(ours[i].Cost) / theirs[i].Seconds
			o.both = append(o.both, c)
		case we:
			o.weOnly = append(o.weOnly, c)
		case they:
			o.theyOnly = append(o.theyOnly, c)
		default:
			o.neither = append(o.neither, c)
		}
	}
	slices.SortStableFunc(o.both, func(a, b compared) int { return cmp.Compare(a.ratio, b.ratio) })
	return o
}

// some are some trips of o, and what of.
func (o outcome) some(what string, in func(compared) bool) outcome {
	keep := func(all []compared) (kept []compared) {
		for _, c := range all {
			if in(c) {
				kept = append(kept, c)
			}
		}
		return kept
	}
	return outcome{o.extract, o.mode, what, keep(o.both), keep(o.weOnly), keep(o.theyOnly), keep(o.neither)}
}

// counted are the trips that count for the targets.
func (o outcome) counted() outcome {
	return o.some("", func(c compared) bool { return !c.crawls() })
}

// apart are the trips of o by car by their ends, and those that do not count: each is in
// one of them.
func (o outcome) apart() (all []outcome) {
	ends := [...]string{publicEnd: "public roads", driveEnd: "a drive", trackEnd: "a track"}
	for k, name := range ends {
		all = append(all, o.some("ends on "+name, func(c compared) bool { return !c.crawls() && c.worst() == endKind(k) }))
	}
	return append(all, o.some("Valhalla crawls*", compared.crawls))
}

// quantile is the ratio below which a share of the pairs are.
func (o outcome) quantile(share float64) float64 {
	return o.both[int(math.Round(share*float64(len(o.both)-1)))].ratio
}

// within is the share of the pairs within [tolerance].
func (o outcome) within() float64 {
	n := 0
	for _, c := range o.both {
		if c.within() {
			n++
		}
	}
	return float64(n) / float64(len(o.both))
}

// alone is the share of the trips that one alone makes.
func (o outcome) alone() float64 {
	n := len(o.weOnly) + len(o.theyOnly)
	return float64(n) / float64(max(n+len(o.both), 1))
}

// passes reports whether the targets are met.
func (o outcome) passes() bool {
	if len(o.both) == 0 {
		return false
	}
	m := o.quantile(0.5)
	return m >= lowestMedian && m <= highestMedian && o.within() >= leastWithin && o.alone() <= mostAlone
}

const header = "extract                      mode      n  median  within 25 %    p5   p95  only ours  only theirs  neither"

// legend says what a row stands for.
var legend = fmt.Sprintf("* more than %d m below %d km/h, slower than a walker: not in the figures of the mode", crawl, crawlKMH)

// row writes the figures of o under [header]. Targets are for a mode as a whole.
func (o outcome) row() string {
	name, verdict := o.extract, ""
	if o.what != "" {
		name = "  " + o.what
	} else if !o.passes() {
		verdict = "  MISSED"
	}
	if len(o.both) == 0 {
		return fmt.Sprintf("%-28s %-4s %6d  no trip that both make%s", name, o.mode, 0, verdict)
	}
	return fmt.Sprintf("%-28s %-4s %6d  %6.3f  %10.1f%%  %.2f  %.2f  %9d  %11d  %7d%s", name, o.mode, len(o.both),
		o.quantile(0.5), 100*o.within(), o.quantile(0.05), o.quantile(0.95), len(o.weOnly), len(o.theyOnly), len(o.neither), verdict)
}

// worst are the trips of both whose times are farthest apart.
func (o outcome) worst(count int) []compared {
	all := slices.Clone(o.both)
	slices.SortStableFunc(all, func(a, b compared) int { return cmp.Compare(b.off(), a.off()) })
	return all[:min(count, len(all))]
}
