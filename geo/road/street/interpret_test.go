package street

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
)

// speeds writes a Use as "forward/backward" in km/h, one number when equal, "-"
// when closed, with a star when open at the ends of a trip alone.
func speeds(u Use) string {
	one := func(s Speed, ends bool) string {
		if s == 0 {
			return "-"
		}
		star := ""
		if ends {
			star = "*"
		}
		return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", s.KMH()), "0"), ".") + star
	}
	forward, backward := one(u.Forward, u.EndsForward), one(u.Backward, u.EndsBackward)
	if forward == backward {
		return forward
	}
	return forward + "/" + backward
}

// tagsOf reads tags, "key=value; key=value".
func tagsOf(s string) map[string]string {
	tags := map[string]string{}
	last := ""
	for _, f := range strings.Split(s, "; ") {
		k, v, ok := strings.Cut(f, "=")
		if !ok { // a value that goes on
			tags[last] += "; " + f
			continue
		}
		tags[k], last = v, k
	}
	return tags
}

func TestInterpret(t *testing.T) {
	for _, row := range []struct {
		name, tags      string
		class           Class
		car, bike, walk string
	}{
		{"85 % of 130 km/h, one way by nature", "highway=motorway", Motorway, "110.5/-", "-", "-"},
		{"a motorway that says it runs both ways", "highway=motorway; oneway=no", Motorway, "110.5", "-", "-"},
		{"dual carriageway, 110", "highway=trunk; oneway=yes", Motorway, "96.8/-", "17/-", "5"},
		{"two-way trunk, 88 % of 80", "highway=trunk", Motorway, "70.4", "17", "5"},
		{"motor road: no bicycle, no walker", "highway=trunk; motorroad=yes", Motorway, "70.4", "-", "-"},
		{"rural primary, 84 % of 80", "highway=primary", Primary, "72", "17", "5"},
		{"secondary, 74 % of 80", "highway=secondary", Secondary, "60", "17", "5"},
		{"tertiary, 62 % of 80", "highway=tertiary", Tertiary, "50.4", "17", "5"},
		{"a lane, 50 % of 80", "highway=unclassified", Local, "40", "17", "5"},
		{"a street, 68 % of 50", "highway=residential", Local, "35", "17", "5"},
		{"a link has the class of its road", "highway=secondary_link", Secondary, "48", "17", "5"},
		{"zone de rencontre, 20", "highway=living_street", Local, "20", "17", "5"},
		{"a sign is driven at 96 %", "highway=primary; maxspeed=50", Primary, "49", "17", "5"},
		{"a sign on a lane is driven at 88 %", "highway=unclassified; maxspeed=50", Local, "47", "17", "5"},
		{"a lane is too narrow for its sign", "highway=unclassified; maxspeed=80", Local, "60", "17", "5"},
		{"a sign each way", "highway=primary; maxspeed=70; maxspeed:backward=50", Primary, "68.6/49", "17", "5"},
		{"named limit", "highway=primary; maxspeed=FR:urban", Primary, "58", "17", "5"},
		{"named limit of another country", "highway=primary; maxspeed=DE:rural", Primary, "90", "17", "5"},
		{"named limit of a country that is not listed: by its name alone", "highway=primary; source:maxspeed=PL:urban", Primary, "58", "17", "5"},
		{"named limit of a region", "highway=primary; maxspeed:type=BE-VLG:rural", Primary, "63", "17", "5"},
		{"named zone", "highway=residential; zone:maxspeed=FR:30", Local, "28.2", "17", "5"},
		{"zone by another name", "highway=residential; source:maxspeed=FR:zone30", Local, "28.2", "17", "5"},
		{"zone by yet another", "highway=residential; maxspeed:type=DE:zone:30", Local, "28.2", "17", "5"},
		{"built-up area by zone:traffic", "highway=tertiary; zone:traffic=FR:urban", Tertiary, "50", "17", "5"},
		{"a number that is not the law's is a sign's", "highway=primary; maxspeed=70; source:maxspeed=FR:rural", Primary, "68.6", "17", "5"},
		{"the law's own number is no sign", "highway=unclassified; maxspeed=80; source:maxspeed=FR:rural", Local, "40", "17", "5"},
		{"nor is that of another year", "highway=unclassified; maxspeed=90; source:maxspeed=FR:rural", Local, "45", "17", "5"},
		{"nor is its name alone", "highway=unclassified; source:maxspeed=FR:rural", Local, "40", "17", "5"},
		{"in any case of letters", "highway=unclassified; maxspeed:type=fr:RURAL", Local, "40", "17", "5"},
		{"by zone", "highway=unclassified; zone:traffic=FR:rural", Local, "40", "17", "5"},
		{"the law's number in a town", "highway=primary; maxspeed=50; source:maxspeed=fr:urban", Primary, "58", "17", "5"},
		{"the law makes no street faster", "highway=residential; source:maxspeed=FR:rural", Local, "35", "17", "5"},
		{"a sign of cars alone", "highway=primary; maxspeed=90; maxspeed:motorcar=70", Primary, "68.6", "17", "5"},
		{"a sign of cars one way", "highway=primary; maxspeed=70; maxspeed:motorcar:backward=50", Primary, "68.6/49", "17", "5"},
		{"signs of lanes: the fastest", "highway=primary; maxspeed:lanes=50|70|", Primary, "68.6", "17", "5"},
		{"signs of lanes one way", "highway=primary; maxspeed=50; maxspeed:lanes:forward=50|70", Primary, "49", "17", "5"},
		{"both ways in one key", "highway=primary; maxspeed:both=70", Primary, "68.6", "17", "5"},
		{"source that names no limit", "highway=primary; source:maxspeed=sign", Primary, "72", "17", "5"},
		{"miles", "highway=primary; maxspeed=50 mph", Primary, "78.86", "17", "5"},
		{"none: France has a limit everywhere", "highway=motorway; maxspeed=none", Motorway, "110.5/-", "-", "-"},
		{"what cannot be read leaves the default", "highway=primary; maxspeed=quick", Primary, "72", "17", "5"},
		{"a list: the first", "highway=primary; maxspeed=70;50", Primary, "68.6", "17", "5"},
		{"walking pace", "highway=living_street; maxspeed=walk", Local, "5.88", "17", "5"},
		{"gravel slows all", "highway=unclassified; surface=gravel", Local, "22", "8.5", "4.85"},
		{"surface and smoothness are one ground: the worse counts", "highway=unclassified; surface=gravel; smoothness=very_bad", Local, "16", "8.5", "4.85"},
		{"too rough for a car", "highway=unclassified; smoothness=horrible", Local, "-", "6.8", "4.75"},
		{"a service road", "highway=service", Minor, "24", "17", "5"},
		{"a driveway", "highway=service; service=driveway", Minor, "10", "17", "5"},
		{"a sign does not make a driveway fast", "highway=service; service=driveway; maxspeed=50", Minor, "10", "17", "5"},
		{"service= of something else than a road says nothing", "highway=residential; service=driveway", Local, "35", "17", "5"},
		{"track that tells nothing: by car at the ends of a trip", "highway=track", Minor, "6*", "10.2", "4.9"},
		{"track that tells nothing, but names cars", "highway=track; motor_vehicle=yes", Minor, "6", "10.2", "4.9"},
		{"solid track", "highway=track; tracktype=grade1", Minor, "15.6*", "16.15", "5"},
		{"track of asphalt that tells no grade", "highway=track; surface=asphalt", Minor, "24*", "17", "5"},
		{"soft track", "highway=track; tracktype=grade5", Minor, "4.8*", "5.44", "4.75"},
		{"soft track that names cars", "highway=track; tracktype=grade5; motor_vehicle=yes", Minor, "4.8", "5.44", "4.75"},
		{"a street of asphalt that has a grade is no track", "highway=residential; surface=asphalt; tracktype=grade3", Local, "35", "17", "5"},
		{"a lane that has a grade alone", "highway=unclassified; tracktype=grade4", Local, "8.8", "7.65", "4.85"},
		{"surface and grade of a track are one ground: the worse counts", "highway=track; surface=gravel; tracktype=grade2", Minor, "6.96*", "8.5", "4.85"},
		{"farmers only", "highway=track; tracktype=grade1; motor_vehicle=agricultural", Minor, "-", "16.15", "5"},
		{"farmers and those who live there: the most permissive of a list", "highway=track; motor_vehicle=agricultural;destination", Minor, "6*", "10.2", "4.9"},
		{"farmers and foresters: a list that lets nobody else in", "highway=unclassified; motor_vehicle=agricultural;forestry", Local, "-", "17", "5"},
		{"a list with spaces, and a value that is not known", "highway=unclassified; motor_vehicle=forestry ;bees;delivery", Local, "40*", "17", "5"},
		{"a track open to all", "highway=track; access=yes", Minor, "6", "10.2", "4.9"},
		{"a private track", "highway=track; access=private", Minor, "6*", "10.2*", "4.9*"},
		{"private: for those whose trip starts or ends there", "highway=service; access=private", Minor, "24*", "17*", "5*"},
		{"private but for walkers", "highway=service; access=private; foot=yes", Minor, "24*", "17*", "5"},
		{"private for walkers alone", "highway=service; foot=private", Minor, "24", "17", "5*"},
		{"a road for nobody", "highway=service; access=no", Minor, "-", "-", "-"},
		{"a road for buses", "highway=service; access=no; bus=yes", Minor, "-", "-", "-"},
		{"a private footway is no car's", "highway=footway; access=private", Minor, "-", "-", "5*"},
		{"a square where one may deliver", "highway=pedestrian; motor_vehicle=delivery", Minor, "10*", "6", "5"},
		{"closed backwards to vehicles", "highway=unclassified; vehicle:backward=no", Local, "40/-", "17/-", "5"},
		{"closed forwards to cars", "highway=unclassified; motor_vehicle:forward=no", Local, "-/40", "17", "5"},
		{"riverains alone one way", "highway=residential; motor_vehicle:backward=destination", Local, "35/35*", "17", "5"},
		{"of a direction, the particular beats the general", "highway=residential; vehicle:backward=no; bicycle=yes", Local, "35/-", "17", "5"},
		{"the direction beats the whole", "highway=residential; bicycle=no; bicycle:forward=yes", Local, "35", "17/-", "5"},
		{"against one way, by name", "highway=residential; oneway=yes; bicycle:backward=yes", Local, "35/-", "17", "5"},
		{"against one way, riverains", "highway=residential; oneway=yes; motor_vehicle:backward=destination", Local, "35/35*", "17/-", "5"},
		{"a general key opens nothing against one way", "highway=residential; oneway=yes; vehicle:backward=yes", Local, "35/-", "17/-", "5"},
		{"a key of both directions opens nothing against one way", "highway=residential; oneway=yes; bicycle=yes", Local, "35/-", "17/-", "5"},
		{"a motorway is nobody else's, whatever its signs", "highway=motorway; foot=yes; bicycle=yes", Motorway, "110.5/-", "-", "-"},
		{"a motor road that lets walkers in", "highway=trunk; motorroad=yes; foot=yes", Motorway, "70.4", "-", "5"},
		{"no car climbs steps", "highway=steps; motor_vehicle=yes", Minor, "-", "-", "3.5"},
		{"riverains of a cycleway", "highway=cycleway; motor_vehicle=destination", Minor, "10*", "17", "5"},
		{"a square, at the pace of walkers", "highway=pedestrian", Minor, "-", "6", "5"},
		{"a square, both ways", "highway=pedestrian; oneway=yes", Minor, "-", "6", "5"},
		{"a square with a sign for bicycles", "highway=pedestrian; bicycle=yes", Minor, "-", "13", "5"},
		{"a square without bicycles", "highway=pedestrian; bicycle=no", Minor, "-", "-", "5"},
		{"the particular beats the general", "highway=residential; vehicle=no; motorcar=yes", Local, "35", "-", "5"},
		{"the general opens nothing", "highway=footway; access=yes", Minor, "-", "-", "5"},
		{"residents are at destination", "highway=residential; motor_vehicle=destination", Local, "35*", "17", "5"},
		{"unknown values say nothing", "highway=residential; access=unknown", Local, "35", "17", "5"},
		{"footway", "highway=footway", Minor, "-", "-", "5"},
		{"footway shared with bicycles", "highway=footway; bicycle=yes", Minor, "-", "13", "5"},
		{"bicycle pushed", "highway=footway; bicycle=dismount", Minor, "-", "4.5", "5"},
		{"cycleway", "highway=cycleway", Minor, "-", "17", "5"},
		{"a path that tells no surface", "highway=path", Minor, "-", "13", "5"},
		{"a hiking path", "highway=path; sac_scale=hiking", Minor, "-", "9.35", "5"},
		{"a track that a mountain trail follows", "highway=track; tracktype=grade3; sac_scale=mountain_hiking", Minor, "6*", "5.1", "4"},
		{"a mountain trail is nobody's way, whatever its signs", "highway=path; sac_scale=mountain_hiking; foot=designated", Minor, "-", "-", "-"},
		{"bicycle lane aside", "highway=primary; bicycle=use_sidepath", Primary, "72", "-", "5"},
		{"steps", "highway=steps", Minor, "-", "-", "3.5"},
		{"steps with a rail for bicycles", "highway=steps; bicycle=yes", Minor, "-", "1.5", "3.5"},
		{"one way", "highway=residential; oneway=yes", Local, "35/-", "17/-", "5"},
		{"one way, other spelling", "highway=residential; oneway=true", Local, "35/-", "17/-", "5"},
		{"one way backwards", "highway=residential; oneway=-1", Local, "-/35", "-/17", "5"},
		{"contraflow", "highway=residential; oneway=yes; oneway:bicycle=no", Local, "35/-", "17", "5"},
		{"contraflow lane on one side", "highway=residential; oneway=yes; cycleway:left:oneway=no", Local, "35/-", "17", "5"},
		{"one way for cars alone", "highway=residential; oneway:motor_vehicle=yes", Local, "35/-", "17", "5"},
		{"one way but for cars", "highway=residential; oneway=yes; oneway:motorcar=no", Local, "35", "17/-", "5"},
		{"one way for walkers too", "highway=footway; oneway:foot=yes", Minor, "-", "-", "5/-"},
		{"a roundabout is round", "highway=tertiary; junction=roundabout", Tertiary, "30/-", "17/-", "5"},
		{"roundabout that says it runs both ways", "highway=tertiary; junction=roundabout; oneway=no", Tertiary, "30", "17", "5"},
		{"a ferry that names nobody", "route=ferry; duration=10", Ferry, "20", "20", "20"},
		{"ferry for walkers", "route=ferry; vehicle=no", Ferry, "-", "-", "20"},
		{"a boat that names walkers and bicycles", "route=ferry; foot=yes; bicycle=yes", Ferry, "-", "20", "20"},
		{"a boat that names walkers", "route=ferry; foot=designated", Ferry, "-", "-", "20"},
		{"a boat that names passengers", "route=ferry; passenger=yes", Ferry, "-", "-", "20"},
		{"a boat that names bicycles", "route=ferry; bicycle=yes", Ferry, "-", "20", "20"},
		{"a boat that names walkers and cars", "route=ferry; foot=yes; motor_vehicle=yes", Ferry, "20", "20", "20"},
		{"a boat that names walkers and lorries", "route=ferry; foot=yes; hgv=yes", Ferry, "20", "20", "20"},
		{"a boat that carries lorries, but no cars", "route=ferry; foot=yes; hgv=yes; motorcar=no", Ferry, "-", "20", "20"},
		{"a boat in the course of a road", "route=ferry; ferry=secondary; foot=yes", Ferry, "20", "20", "20"},
		{"a boat that names those who are not carried", "route=ferry; bicycle=no", Ferry, "20", "-", "20"},
		{"a boat without cars", "route=ferry; motor_vehicle=no", Ferry, "-", "20", "20"},
		{"a boat without motor cars", "route=ferry; motorcar=no", Ferry, "-", "20", "20"},
		{"a private boat for walkers", "route=ferry; foot=private", Ferry, "-", "-", "20*"},
		{"a boat one way", "route=ferry; oneway=yes; motor_vehicle=yes", Ferry, "20/-", "20/-", "20/-"},
		{"a road for buses alone", "highway=busway", Minor, "-", "-", "-"},
		{"and bicycles", "highway=busway; bicycle=yes", Minor, "-", "17", "-"},
		{"a service road for buses", "highway=service; service=bus", Minor, "-", "17", "5"},
		{"for fire engines", "highway=service; service=emergency_access", Minor, "-", "17", "5"},
		{"and riverains", "highway=service; service=emergency_access; motor_vehicle=destination", Minor, "24*", "17", "5"},
		{"a highway of two kinds", "highway=unclassified;track", Local, "40", "17", "5"},
		{"a way of two surfaces: the worse", "highway=unclassified; surface=asphalt;gravel", Local, "22", "8.5", "4.85"},
		{"one way for vehicles", "highway=residential; oneway:vehicle=yes", Local, "35/-", "17/-", "5"},
		{"a track to stop runaways", "highway=escape", 0, "-", "-", "-"},
		{"a race track", "highway=raceway", 0, "-", "-", "-"},
		{"not built yet", "highway=construction", 0, "-", "-", "-"},
		{"not a road", "railway=rail", 0, "-", "-", "-"},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := DefaultProfile().Interpret(tagsOf(row.tags))
			got := fmt.Sprintln(m.Class, speeds(m.Use[Car]), speeds(m.Use[Bike]), speeds(m.Use[Walk]))
			if want := fmt.Sprintln(row.class, row.car, row.bike, row.walk); got != want {
				t.Errorf("Interpret(%s): class, car, bike, walk = %swant %s", row.tags, got, want)
			}
		})
	}
}

func TestSpeedCost(t *testing.T) {
	for _, row := range []struct {
		name     string
		kmh      float64
		lengthDm uint32
		want     geo.Cost
	}{
		{"36 km/h is 1 m per decisecond", 36, 1000, 100},
		{"walking a kilometre takes 800 s", 4.5, 10_000, 8000},
		{"nothing is faster than a decisecond", 130, 1, 1},
		{"no length, no time", 50, 0, 0},
		{"half a decisecond rounds up", 36, 15, 2},
	} {
		if got := kmh(row.kmh).Cost(row.lengthDm); got != row.want {
			t.Errorf("%s: %g km/h over %d dm = %d ds, want %d", row.name, row.kmh, row.lengthDm, got, row.want)
		}
	}
}

func TestStop(t *testing.T) {
	for _, row := range []struct {
		name, tags string
		want       [NumModes]bool
	}{
		{"a street", "highway=residential", [NumModes]bool{true, true, true}},
		{"a path", "highway=path", [NumModes]bool{false, true, true}},
		{"a private drive", "highway=service; access=private", [NumModes]bool{true, true, true}},
		{"a motorway", "highway=motorway", [NumModes]bool{}},
		{"a link of one", "highway=motorway_link", [NumModes]bool{}},
		{"a motor road", "highway=primary; motorroad=yes", [NumModes]bool{}},
		{"a motor road that walkers may use", "highway=primary; motorroad=yes; foot=yes", [NumModes]bool{}},
		{"an expressway", "highway=trunk; expressway=yes", [NumModes]bool{}},
		{"a carriageway of a trunk road", "highway=trunk; oneway=yes", [NumModes]bool{}},
		{"one with its sign", "highway=primary; oneway=yes; maxspeed=110", [NumModes]bool{}},
		{"a boulevard", "highway=trunk; oneway=yes; maxspeed=50", [NumModes]bool{true, true, true}},
		{"a trunk road that runs both ways", "highway=trunk; maxspeed=90", [NumModes]bool{true, true, true}},
		{"a tunnel", "highway=residential; tunnel=yes", [NumModes]bool{}},
		{"a passage through a building", "highway=service; tunnel=building_passage", [NumModes]bool{}},
		{"no tunnel", "highway=residential; tunnel=no", [NumModes]bool{true, true, true}},
		{"a bridge", "highway=residential; bridge=viaduct", [NumModes]bool{}},
		{"a covered way", "highway=footway; covered=yes", [NumModes]bool{}},
		{"an arcade has doors", "highway=footway; covered=arcade", [NumModes]bool{false, false, true}},
		{"a ferry", "route=ferry", [NumModes]bool{}},
		{"a road closed to all but walkers", "highway=service; access=no; foot=yes", [NumModes]bool{false, false, true}},
	} {
		if got := DefaultProfile().Interpret(tagsOf(row.tags)).Stop; got != row.want {
			t.Errorf("%s: Interpret(%s).Stop = %v, want %v", row.name, row.tags, got, row.want)
		}
	}
}

// What a road offers to cars outside and where houses stand around.
func TestTown(t *testing.T) {
	for _, row := range []struct{ name, tags, free, town string }{
		{"a primary road through a village, 116 % of 50", "highway=primary", "72", "58"},
		{"a trunk road", "highway=trunk", "70.4", "58"},
		{"a secondary one", "highway=secondary", "60", "55"},
		{"a tertiary one", "highway=tertiary", "50.4", "50"},
		{"a lane", "highway=unclassified", "40", "40"},
		{"a street is one of a town already", "highway=residential", "35", "35"},
		{"so is a yard", "highway=living_street", "20", "20"},
		{"a track is no faster in a village", "highway=track", "6*", "6*"},
		{"a sign tells the limit", "highway=primary; maxspeed=70", "68.6", "68.6"},
		{"a sign one way", "highway=primary; maxspeed:forward=70", "68.6/72", "68.6/58"},
		{"it says that it is in no town", "highway=primary; source:maxspeed=FR:rural", "72", "72"},
		{"it says that it is in one", "highway=primary; source:maxspeed=FR:urban", "58", "58"},
		{"the towns of Spain", "highway=primary; maxspeed=ES:urban", "34.8", "34.8"},
		{"a motorway under a town", "highway=motorway", "110.5/-", "110.5/-"},
		{"a carriageway of its own", "highway=trunk; oneway=yes", "96.8/-", "96.8/-"},
		{"one way through a village", "highway=primary; oneway=yes", "72/-", "58/-"},
		{"bad ground is bad everywhere", "highway=primary; surface=gravel", "39.6", "31.9"},
		{"a roundabout", "highway=primary; junction=roundabout", "30/-", "30/-"},
		{"a boat", "route=ferry; motor_vehicle=yes", "20", "20"},
		{"closed", "highway=primary; access=no", "-", "-"},
	} {
		m := DefaultProfile().Interpret(tagsOf(row.tags))
		if free, town := speeds(m.Use[Car]), speeds(m.Town); free != row.free || town != row.town {
			t.Errorf("%s: Interpret(%s): %s and %s in town, want %s and %s", row.name, row.tags, free, town, row.free, row.town)
		}
	}
}

// Whatever its tags, a road is no faster in town, and open to the same.
func TestTownIsNeverFaster(t *testing.T) {
	p := DefaultProfile()
	values := []string{"", "30", "50", "80", "110", "FR:urban", "FR:rural", "DE:rural", "ES:urban", "FR:zone30", "sign", "none", "walk"}
	tried := 0
	for highway := range p.highways {
		for _, limit := range values {
			for _, source := range values {
				for _, more := range []string{"", "oneway=yes", "surface=gravel", "junction=roundabout", "maxspeed:backward=50", "access=private", "motorroad=yes", "service=driveway"} {
					tags := tagsOf(more)
					tags["highway"], tags["maxspeed"], tags["source:maxspeed"] = highway, limit, source
					m := p.Interpret(tags)
					free := m.Use[Car]
					if m.Town.Forward > free.Forward || m.Town.Backward > free.Backward ||
						(m.Town.Forward == 0) != (free.Forward == 0) || (m.Town.Backward == 0) != (free.Backward == 0) ||
						m.Town.EndsForward != free.EndsForward || m.Town.EndsBackward != free.EndsBackward {
						t.Fatalf("%v: %s, in town %s", tags, speeds(free), speeds(m.Town))
					}
					tried++
				}
			}
		}
	}
	t.Log(tried, "ways")
}

// A mean speed that is told is the one driven, under the law of the road; other modes keep
// their own.
func TestMeanSpeed(t *testing.T) {
	for _, row := range []struct {
		tags string
		want float64 // km/h, by car
		mean bool
	}{
		{"highway=unclassified; average_speed=45", 45, true},
		{"highway=unclassified; average_speed=95", 80, true},
		{"highway=unclassified; average_speed=45; maxspeed=30", 45, true},
		{"highway=residential; junction=roundabout; average_speed=35", 35, true},
		{"highway=track; motor_vehicle=yes; tracktype=grade2; average_speed=10", 10, true},
		{"highway=track; motor_vehicle=yes; average_speed=1", 3, true},
		{"highway=motorway; average_speed=125", 125, true},
	} {
		m := DefaultProfile().Interpret(tagsOf(row.tags))
		if got := m.Use[Car].Forward.KMH(); got != row.want || m.Mean != row.mean || m.Town != m.Use[Car] {
			t.Errorf("%s: %g km/h, mean %t, in town %v; want %g, %t, the same", row.tags, got, m.Mean, m.Town, row.want, row.mean)
		}
	}
	for _, tags := range []string{"highway=unclassified; average_speed=0", "highway=unclassified; average_speed=-5", "highway=unclassified; average_speed=1e9", "highway=unclassified; average_speed=NaN", "highway=unclassified; average_speed="} {
		m, plain := DefaultProfile().Interpret(tagsOf(tags)), DefaultProfile().Interpret(tagsOf("highway=unclassified"))
		if m != plain {
			t.Errorf("%s is no speed, and yet it changes what the road means", tags)
		}
	}
}
