package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// Thresholds of hints, metres.
const (
	apart    = 15  // between the points where each puts an end
	onRoad   = 10  // between a point of Valhalla's trip and a road of ours
	stretch  = 100 // of Valhalla's trip away from our roads
	walked   = 30  // from an end to a road
	sameness = 0.1 // of the lengths, for two trips to take the same way
)

// explainer tells why times differ, on one extract and by one mode.
type explainer struct {
	net     *road.Network
	file    *extent
	mode    street.Mode
	profile *street.Profile
	rival   *valhalla
	tracer  *tracer
}

// explain writes the trips of o whose times are farthest apart, and those that one alone
// makes, at most count of each, and what may explain it.
func (x *explainer) explain(w io.Writer, o outcome, count int) error {
	for _, told := range []struct {
		what  string
		trips []compared
	}{
		{"the trips farthest apart", o.worst(count)},
		{"trips that we alone make", o.weOnly[:min(count, len(o.weOnly))]},
		{"trips that Valhalla alone makes", o.theyOnly[:min(count, len(o.theyOnly))]},
	} {
		if len(told.trips) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n%s by %s, %s:\n", o.extract, o.mode, told.what)
		var pairs []pair
		for _, c := range told.trips {
			pairs = append(pairs, c.pair)
		}
		theirs, err := x.rival.trips(o.mode, pairs, true)
		if err != nil {
			return err
		}
		for i, c := range told.trips {
			if c.theirs.None == "" {
				c.theirs = theirs[i]
			}
			fmt.Fprintf(w, "  %.5f,%.5f → %.5f,%.5f  %s\n", c.from.at.Lon, c.from.at.Lat, c.to.at.Lon, c.to.at.Lat, x.tell(c))
		}
	}
	return nil
}

// tell says how c differs.
func (x *explainer) tell(c compared) string {
	said := []string{}
	var way *path
	if c.ours.Reach == geo.Reached {
		way = x.tracer.trace(c.pair, c.ours.Cost)
		ours := fmt.Sprintf("%.0f s", seconds(c.ours.Cost))
		if way != nil {
			ours += fmt.Sprintf(", %.0f m", way.metres)
		}
		if c.theirs.None == "" {
			ours = fmt.Sprintf("×%.2f  %s", c.ratio, ours)
		}
		said = append(said, ours)
	} else {
		said = append(said, "we: "+c.ours.Reach.String())
	}
	if c.theirs.None == "" {
		said = append(said, fmt.Sprintf("Valhalla %.0f s, %.0f m", c.theirs.Seconds, c.theirs.Metres))
	} else {
		said = append(said, "Valhalla: "+c.theirs.None)
	}
	return strings.Join(append(said, x.hints(c, way)...), "; ")
}

// hints tells what may explain the difference of c. way is ours, nil when it could not
// be followed.
func (x *explainer) hints(c compared, way *path) []string {
	said := x.endHints(c)
	they := c.theirs.None == ""
	var line []geo.LonLat
	if they {
		line = points(c.theirs.Shape)
		if away := awayFromRoads(x.net, x.mode, line); away > stretch {
			said = append(said, fmt.Sprintf("%.0f m of its way are closed or unknown to us", away))
		}
		if c.theirs.Ferry {
			said = append(said, "it takes a ferry")
		}
		if n := turnsRound(line); n > 0 {
			said = append(said, fmt.Sprintf("it turns round %d times", n))
		}
	}
	if way != nil {
		if way.byClass[street.Ferry].metres > 0 {
			said = append(said, "we take a ferry")
		}
		if n := turnsRound(way.shape); n > 0 {
			said = append(said, fmt.Sprintf("we turn round %d times", n))
		}
	}
	if way == nil || !they {
		return said
	}
	if ours, theirs := x.signals(way.shape), x.signals(line); ours+theirs > 0 {
		said = append(said, fmt.Sprintf("nodes with signals %d, its %d", ours, theirs))
	}
	said = append(said, fmt.Sprintf("waits %.0f s, its turns %.0f", way.waits, c.theirs.turns()))
	said = append(said, x.classes(c, way)...)
	ours, theirs := spent{way.metres, seconds(c.ours.Cost)}.kmh(), spent{c.theirs.Metres, c.theirs.Seconds}.kmh()
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

// endHints tells on what c starts and ends, and where each program puts that.
func (x *explainer) endHints(c compared) (said []string) {
	var line []geo.LonLat
	if c.theirs.None == "" {
		line = points(c.theirs.Shape)
	}
	kinds := map[endKind]string{driveEnd: "on a drive", trackEnd: "on a track"}
	for i, e := range []struct {
		name string
		end
	}{{"start", c.from}, {"end", c.to}} {
		var of []string
		if kind := kinds[e.kind]; kind != "" {
			of = append(of, kind)
		}
		s, reach := x.net.Snap(x.mode, e.at)
		switch d := geo.Distance(s.At, e.at); {
		case reach != geo.Reached:
			of = append(of, "away from our roads")
		case d > walked:
			of = append(of, fmt.Sprintf("%.0f m from our road", d))
		case line != nil && geo.Distance(s.At, line[i*(len(line)-1)]) > apart:
			of = append(of, fmt.Sprintf("on other roads, %.0f m apart", geo.Distance(s.At, line[i*(len(line)-1)])))
		}
		if len(of) > 0 {
			said = append(said, e.name+" "+strings.Join(of, ", "))
		}
	}
	return said
}

// classNames are short.
var classNames = map[street.Class]string{
	street.Motorway: "motorway", street.Primary: "primary", street.Secondary: "secondary",
	street.Tertiary: "tertiary", street.Local: "local", street.Minor: "minor", street.Ferry: "ferry",
}

// classes tells the speeds on both ways by class of road.
func (x *explainer) classes(c compared, way *path) (said []string) {
	theirs := map[street.Class]spent{}
	for _, e := range c.theirs.Edges {
		class := x.profile.Interpret(x.file.ways[e.Way]).Class
		theirs[class] = theirs[class].and(e.Metres, e.Metres/e.KMH*3.6)
	}
	all := maps.Clone(way.byClass)
	maps.Copy(all, theirs)
	for _, class := range slices.Sorted(maps.Keys(all)) {
		const short = 50 // metres
		o, t := way.byClass[class], theirs[class]
		var of []string
		if o.metres > short {
			of = append(of, fmt.Sprintf("%.0f m at %.0f", o.metres, o.kmh()))
		}
		if t.metres > short {
			of = append(of, fmt.Sprintf("its %.0f at %.0f", t.metres, t.kmh()))
		}
		if name := classNames[class]; name != "" && len(of) > 0 {
			said = append(said, name+" "+strings.Join(of, ", "))
		}
	}
	return said
}

// signals counts the points of a line that are nodes with traffic signals.
func (x *explainer) signals(line []geo.LonLat) (n int) {
	for _, p := range line {
		if x.file.signals[pointOf(p)] {
			n++
		}
	}
	return n
}

// turnsRound counts the points at which a line goes back where it came from.
func turnsRound(line []geo.LonLat) (n int) {
	for i := 2; i < len(line); i++ {
		if pointOf(line[i]) == pointOf(line[i-2]) && pointOf(line[i]) != pointOf(line[i-1]) {
			n++
		}
	}
	return n
}

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
