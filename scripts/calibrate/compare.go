package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// The targets, of every extract and mode.
const (
	lowestMedian, highestMedian = 0.9, 1.1 // of the ratios of our times to Valhalla's
	tolerance                   = 0.25     // of Valhalla's time…
	leastWithin                 = 0.9      // …for this share of the pairs
)

// compared is a pair that both reach.
type compared struct {
	pair
	ours   geo.Access
	theirs rivalTrip
	ratio  float64 // our time to theirs
}

// off is how far the times are apart, either way: 0 for equal times.
func (c compared) off() float64 { return math.Abs(math.Log(c.ratio)) }

func (c compared) within() bool { return math.Abs(c.ratio-1) <= tolerance }

// outcome is the comparison of one extract and mode.
type outcome struct {
	extract                   string
	mode                      street.Mode
	both                      []compared // by ratio
	neither, weOnly, theyOnly int        // pairs that nobody, or one alone, reaches
}

// compare puts the answers side by side.
func compare(extract string, m street.Mode, pairs []pair, ours []geo.Access, theirs []rivalTrip) outcome {
	o := outcome{extract: extract, mode: m}
	for i, p := range pairs {
		we, they := ours[i].Reach == geo.Reached, theirs[i].None == ""
		switch {
		case we && they && theirs[i].Seconds > 0:
			seconds := float64(ours[i].Cost) / float64(geo.Second)
			o.both = append(o.both, compared{p, ours[i], theirs[i], seconds / theirs[i].Seconds})
		case we:
			o.weOnly++
		case they:
			o.theyOnly++
		default:
			o.neither++
		}
	}
	slices.SortFunc(o.both, func(a, b compared) int { return cmp.Compare(a.ratio, b.ratio) })
	return o
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

// passes reports whether the targets are met.
func (o outcome) passes() bool {
	if len(o.both) == 0 {
		return false
	}
	m := o.quantile(0.5)
	return m >= lowestMedian && m <= highestMedian && o.within() >= leastWithin
}

const header = "extract                      mode      n  median  within 25 %    p5   p95  only ours  only theirs  neither"

// row writes the figures of o under [header].
func (o outcome) row() string {
	if len(o.both) == 0 {
		return fmt.Sprintf("%-28s %-4s %6d  no pair to compare: MISSED", o.extract, o.mode, 0)
	}
	verdict := ""
	if !o.passes() {
		verdict = "  MISSED"
	}
	return fmt.Sprintf("%-28s %-4s %6d  %6.3f  %10.1f%%  %.2f  %.2f  %9d  %11d  %7d%s", o.extract, o.mode, len(o.both),
		o.quantile(0.5), 100*o.within(), o.quantile(0.05), o.quantile(0.95), o.weOnly, o.theyOnly, o.neither, verdict)
}

// explain writes the pairs whose times are farthest apart, and what may explain it.
func (o outcome) explain(w io.Writer, n *road.Network, count int) {
	worst := slices.Clone(o.both)
	slices.SortFunc(worst, func(a, b compared) int { return cmp.Compare(b.off(), a.off()) })
	for _, c := range worst[:min(count, len(worst))] {
		way := trace(n, o.mode, c.pair)
		ours := "?"
		if way != nil {
			ours = fmt.Sprintf("%.0f", way.metres)
		}
		fmt.Fprintf(w, "  %.5f,%.5f → %.5f,%.5f  ×%.2f  %.0f s, %s m; Valhalla %.0f s, %.0f m: %s\n",
			c.from.Lon, c.from.Lat, c.to.Lon, c.to.Lat, c.ratio,
			float64(c.ours.Cost)/float64(geo.Second), ours, c.theirs.Seconds, c.theirs.Metres,
			strings.Join(hints(n, o.mode, c, way), "; "))
	}
}

// Thresholds of hints, metres.
const (
	apart    = 15  // between the points where each puts an end
	onRoad   = 10  // between a point of Valhalla's trip and a road of ours
	stretch  = 100 // of Valhalla's trip away from our roads
	sameness = 0.1 // of the lengths, for two trips to take the same way
)

// hints tells what may explain the difference of c. way may be nil.
func hints(n *road.Network, m street.Mode, c compared, way *path) []string {
	var said []string
	line := points(c.theirs.Shape)
	for i, end := range []struct {
		name string
		at   geo.LonLat
	}{{"start", c.from}, {"end", c.to}} {
		s, _ := n.Snap(m, end.at)
		if d := geo.Distance(s.At, line[i*(len(line)-1)]); d > apart {
			said = append(said, fmt.Sprintf("%s on other roads, %.0f m apart", end.name, d))
		}
	}
	if away := awayFromRoads(n, m, line); away > stretch {
		said = append(said, fmt.Sprintf("%.0f m of its way are closed or unknown to us", away))
	}
	if c.theirs.Ferry {
		said = append(said, "it takes a ferry")
	}
	if way == nil {
		return append(said, "our way could not be followed")
	}
	if way.byClass[street.Ferry] > 0 {
		said = append(said, "we take a ferry")
	}
	if minor := way.byClass[street.Minor] / way.metres; m == street.Car && minor > 0.2 {
		said = append(said, fmt.Sprintf("%.0f %% of our way is service road or track", 100*minor))
	}
	ours, theirs := speed(way.metres, float64(c.ours.Cost)/float64(geo.Second)), speed(c.theirs.Metres, c.theirs.Seconds)
	switch ratio := way.metres / c.theirs.Metres; {
	case ratio > 1+sameness:
		said = append(said, fmt.Sprintf("our way is longer, at %.0f km/h against %.0f: it has a way that is closed to us, or slow", ours, theirs))
	case ratio < 1-sameness:
		said = append(said, fmt.Sprintf("our way is shorter, at %.0f km/h against %.0f: its way is detoured by a turn, a barrier or a preference", ours, theirs))
	default:
		said = append(said, fmt.Sprintf("same length, at %.0f km/h against %.0f: limits, surface or junctions", ours, theirs))
	}
	return said
}

func speed(metres, seconds float64) float64 { return metres / seconds * 3.6 }

// awayFromRoads is the length of a line that runs farther than [onRoad] from every
// road of the mode.
func awayFromRoads(n *road.Network, m street.Mode, line []geo.LonLat) float64 {
	var sum float64
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		middle := geo.LonLat{Lon: (a.Lon + b.Lon) / 2, Lat: (a.Lat + b.Lat) / 2}
		s, reach := n.Snap(m, middle)
		if reach != geo.Reached || geo.Distance(s.At, middle) > onRoad {
			sum += geo.Distance(a, b)
		}
	}
	return sum
}
