package road

import "testing"

// Who may go where, how fast, and where they wait: what tags mean, on the road.
func TestDrawnTags(t *testing.T) {
	const square = "A---B\n" +
		"|   |\n" +
		"|   |\n" +
		"D---C"
	const through = "X---A-M-B---Y\n" +
		"    |   |\n" +
		"    |   |\n" +
		"    D---C"
	around := func(short string) []string {
		return []string{"XA highway=residential", "AMB " + short, "BY highway=residential", "ADCB highway=residential"}
	}
	const water = "A---B-----------C---D"
	boat := func(tags string) []string {
		return []string{"AB highway=residential", "BC route=ferry " + tags, "CD highway=residential"}
	}
	for _, d := range []drawing{
		{
			name: "a list of those who may pass that names no traveller of ours", art: square,
			roads:    []string{"AB highway=residential motor_vehicle=agricultural;forestry", "BCDA highway=residential"},
			journeys: []string{"A→B car 20m0s", "A→B bike 15m0s"},
		},
		{
			name: "closed to vehicles one way", art: square,
			roads:    []string{"AB highway=residential vehicle:backward=no", "BCDA highway=residential"},
			journeys: []string{"A→B car 8m0s", "B→A car 20m0s", "A→B bike 15m0s", "B→A bike 37m30s", "B→A walk 53m20s"},
		},
		{
			name: "closed to cars the other way", art: square,
			roads:    []string{"AB highway=residential motor_vehicle:forward=no", "BCDA highway=residential"},
			journeys: []string{"A→B car 20m0s", "B→A car 8m0s", "A→B bike 15m0s"},
		},
		{
			name: "one way, but for bicycles by their own key", art: square,
			roads:    []string{"AB highway=residential oneway=yes bicycle:backward=yes", "BCDA highway=residential"},
			journeys: []string{"A→B car 8m0s", "B→A car 20m0s", "A→B bike 15m0s", "B→A bike 15m0s"},
		},
		{
			name: "a road for those who live there is no short cut, but where a trip ends", art: through,
			roads:    around("highway=residential motor_vehicle=destination"),
			journeys: []string{"X→Y car 36m0s", "X→M car 12m0s", "M→Y car 12m0s", "X→Y bike 45m0s"},
		},
		{
			name: "so is a private one, for all", art: through,
			roads:    around("highway=residential access=private"),
			journeys: []string{"X→Y car 36m0s", "X→M car 12m0s", "X→Y bike 1h7m30s", "X→Y walk 4h0m0s"},
		},
		{
			name: "riverains one way", art: through,
			roads:    around("highway=residential motor_vehicle:backward=destination"),
			journeys: []string{"X→Y car 24m0s", "Y→X car 36m0s", "Y→M car 12m0s"},
		},
		{
			name: "a private gate is opened by those who live behind it, and by nobody else", art: through,
			roads: around("highway=residential"), marks: "M barrier=gate access=private",
			journeys: []string{"X→Y car 36m0s", "X→M car 12m20s", "Y→X bike 1h7m30s"},
		},
		{
			name: "a gate at the mouth of a private drive closes no street", art: "A---M---B\n    |\n    H",
			roads: []string{"AMB highway=residential", "MH highway=service"}, marks: "M barrier=gate access=private",
			journeys: []string{"A→B car 16m20s", "A→H car 16m20s"},
		},
		{
			name: "a farm at the end of a track", art: "A---M---B\n    |\n    |\n    H",
			roads:    []string{"AMB highway=residential", "MH highway=track"},
			journeys: []string{"A→H car 38m0s", "H→B car 38m0s"},
		},
		{
			name: "a track is no short cut", art: through,
			roads:    around("highway=track tracktype=grade1"),
			journeys: []string{"X→Y car 36m0s", "X→M car 13m0s"},
		},
		{
			name: "but where it lets cars in", art: through,
			roads:    around("highway=track tracktype=grade1 motor_vehicle=yes"),
			journeys: []string{"X→Y car 26m0s"},
		},
		{
			name: "a private drive", art: "A---M---B\n    |\n    |\n    H",
			roads:    []string{"AMB highway=residential", "MH highway=service service=driveway access=private"},
			journeys: []string{"A→H car 26m0s", "H→B car 26m0s", "A→H bike 26m15s"},
		},
		{
			name: "bicycles are guests of walkers", art: "A---B",
			roads:    []string{"AB highway=pedestrian"},
			journeys: []string{"A→B bike 40m0s", "A→B walk 53m20s", "A→B car no_road"},
		},
		{
			name: "a bollard that lets all pass", art: "A---B---E",
			roads: []string{"ABE highway=residential"}, marks: "B barrier=bollard access=yes",
			journeys: []string{"A→E car 16m0s"},
		},
		{
			name: "a limit of the law is no sign, a lane is too narrow for its own", art: "A---B---C---D---E",
			roads: []string{
				"AB highway=unclassified", "BC highway=unclassified source:maxspeed=FR:rural",
				"CD highway=unclassified maxspeed=80 maxspeed:type=fr:rural", "DE highway=unclassified maxspeed=80",
			},
			journeys: []string{"A→B car 6m0s", "B→C car 6m0s", "C→D car 6m0s", "D→E car 4m0s"},
		},
		{
			name: "a trunk road that runs both ways, and a main road in a town by its tag", art: "A---B---C",
			roads:    []string{"AB highway=trunk", "BC highway=primary source:maxspeed=FR:urban"},
			journeys: []string{"A→B car 3m25s", "B→C car 4m8s"},
		},
		{
			name: "a boat that names walkers and bicycles", art: water, roads: boat("foot=yes bicycle=yes duration=00:05"),
			journeys: []string{"A→D car no_path", "A→D bike 35m0s", "B→C walk 5m0s"},
		},
		{
			name: "a boat's time in letters", art: water, roads: boat("duration=1h30 motor_vehicle=yes"),
			journeys: []string{"A→D car 1h46m0s"},
		},
		{
			name: "by ISO", art: water, roads: boat("duration=PT1H30M"),
			journeys: []string{"A→D car 1h46m0s"},
		},
		{
			name: "a boat without a time: 20 km/h, and a minute to put off and moor", art: water, roads: boat("duration=quick"),
			journeys: []string{"A→D car 53m0s"},
		},
		{
			name: "half an interval is waited", art: water, roads: boat("duration=00:05 interval=02:00"),
			journeys: []string{"A→D car 1h21m0s", "D→A car 1h21m0s", "B→C walk 1h5m0s"},
		},
		{
			name: "once on a line of several ways", art: "A---B-----X-----C---D",
			roads:    []string{"AB highway=residential", "BX route=ferry duration=6 interval=20", "XC route=ferry duration=6 interval=20", "CD highway=residential"},
			journeys: []string{"A→D car 38m0s", "D→A car 38m0s"},
		},
		{
			name: "and again where it comes ashore, for those who may", art: "A---B-----X-----C---D",
			roads:    []string{"AB highway=residential", "BX route=ferry duration=6 interval=20", "XC route=ferry duration=6 interval=20", "CD highway=residential", "XA highway=footway"},
			journeys: []string{"B→C walk 32m0s", "A→D car 38m0s"},
		},
		{
			name: "a stop keeps those waiting whom it faces", art: "A---M---B",
			roads: []string{"AMB highway=residential"}, marks: "M highway=stop direction=forward",
			journeys: []string{"A→B car 16m4s", "B→A car 16m0s", "A→B bike 30m2s", "B→A bike 30m0s"},
		},
		{
			name: "whatever way its road is drawn", art: "A---M---B",
			roads: []string{"BMA highway=residential"}, marks: "M highway=stop direction=backward",
			journeys: []string{"A→B car 16m4s", "B→A car 16m0s"},
		},
		{
			name: "at the end of its road, those who come by it", art: "A---M---B\n    |\n    |\n    |\n    H",
			roads: []string{"AMB highway=residential", "HM highway=residential"}, marks: "M highway=stop direction=forward",
			journeys: []string{"H→B car 16m4s", "A→B car 16m0s", "B→A car 16m0s", "A→H car 16m0s"},
		},
		{
			name: "without a direction, too", art: "A---M---B\n    |\n    |\n    |\n    H",
			roads: []string{"AMB highway=residential", "HM highway=residential"}, marks: "M highway=give_way",
			journeys: []string{"H→B car 16m2s", "A→B car 16m0s"},
		},
		{
			name: "all who come to a stop of all", art: "A---M---B\n    |\n    |\n    |\n    H",
			roads: []string{"AMB highway=residential", "HM highway=residential"}, marks: "M highway=stop stop=all",
			journeys: []string{"H→B car 16m4s", "A→B car 16m4s", "B→H car 16m4s"},
		},
		{
			name: "those who come to the nearest junction", art: "A-----M-B---C\n        |\n        D", metres: 100,
			roads: []string{"AMB highway=residential", "BC highway=residential", "BD highway=residential"}, marks: "M highway=stop",
			journeys: []string{"A→C car 2m28s", "C→A car 2m24s"},
		},
		{
			name: "whatever the junction is made of", art: "A-----M-B---C\n        |\n        D", metres: 100,
			roads: []string{"MA highway=residential", "BM highway=residential", "CBD highway=residential"}, marks: "M highway=stop",
			journeys: []string{"A→C car 2m28s", "C→A car 2m24s"},
		},
		{
			name: "where no junction tells, who comes either way", art: "A-----M-----B", metres: 100,
			roads: []string{"AMB highway=residential"}, marks: "M highway=stop",
			journeys: []string{"A→B car 2m28s", "B→A car 2m28s"},
		},
		{
			name: "signals of one junction keep waiting once", art: "A---M-N---B", metres: 10,
			roads: []string{"AMNB highway=residential"}, marks: "M highway=traffic_signals; N highway=traffic_signals",
			journeys: []string{"A→B car 17s", "B→A car 17s", "M→B car 7s"},
		},
		{
			name: "a level crossing of two tracks does so, too", art: "A---MN---B", metres: 10,
			roads: []string{"AMNB highway=residential"}, marks: "M railway=level_crossing; N railway=level_crossing",
			journeys: []string{"A→B car 16s"},
		},
		{
			name: "those of two keep waiting twice", art: "A---M----N---B", metres: 10,
			roads: []string{"AMNB highway=residential"}, marks: "M highway=traffic_signals; N highway=traffic_signals",
			journeys: []string{"A→B car 26s"},
		},
		{
			name: "of four arms, whatever way is gone", metres: 10,
			art: "          A\n" +
				"          |\n" +
				"          |\n" +
				"          M\n" +
				"          |\n" +
				"D-------P-X-N-------B\n" +
				"          |\n" +
				"          O\n" +
				"          |\n" +
				"          |\n" +
				"          C",
			roads:    []string{"AMX highway=residential", "BNX highway=residential", "COX highway=residential", "DPX highway=residential"},
			marks:    "M highway=traffic_signals; N highway=crossing crossing=traffic_signals; O highway=traffic_signals; P highway=traffic_signals",
			journeys: []string{"A→C car 17s", "A→B car 23s", "D→B car 29s", "B→C car 23s"},
		},
		{
			name: "signals that face one way", art: "A---M---B", metres: 100,
			roads: []string{"AMB highway=residential"}, marks: "M highway=traffic_signals traffic_signals:direction=backward",
			journeys: []string{"A→B car 1m36s", "B→A car 1m41s"},
		},
		{
			name: "signals above others are of another junction", art: "A---M---B\nC---N---D", metres: 10,
			roads: []string{"AMB highway=residential", "CND highway=residential layer=1", "AC highway=residential"},
			marks: "M highway=traffic_signals; N highway=traffic_signals", journeys: []string{"B→D car 30s"},
		},
	} {
		t.Run(d.name, func(t *testing.T) { d.check(t) })
	}
}
