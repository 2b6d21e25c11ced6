package storetest

import (
	"math/rand/v2"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// randomFeed has a little of everything, and nothing at all now and then.
func randomFeed(r *rand.Rand, i int) transit.Feed {
	f := transit.Feed{Name: randomKey(r, i), Version: randomText(r)}
	for range r.IntN(3) {
		f.Agencies = append(f.Agencies, transit.Agency{ID: randomText(r), Name: randomText(r), Zone: randomText(r)})
	}
	for k := range r.IntN(5) {
		f.Stops = append(f.Stops, transit.Stop{ID: randomKey(r, k), Name: randomText(r), At: randomPosition(r), Kind: transit.StopKind(r.IntN(5)),
			Wheelchair: transit.Access(r.IntN(3)), Parent: int32(r.IntN(k+1)) - 1})
	}
	for k := range r.IntN(4) {
		f.Lines = append(f.Lines, transit.Line{ID: randomKey(r, k), Agency: int32(r.IntN(len(f.Agencies)+1)) - 1, Short: randomText(r), Long: randomText(r),
			Type: int32(r.IntN(1800)), Colour: []string{"", "FF8800"}[r.IntN(2)]})
	}
	for k := range r.IntN(4) {
		s := transit.Service{ID: randomKey(r, k)}
		day := transit.Day(r.IntN(40_000) - 10_000)
		for range r.IntN(60) {
			s.Days = append(s.Days, day)
			day += 1 + transit.Day(r.IntN(2)*r.IntN(400))
		}
		f.Services = append(f.Services, s)
	}
	if len(f.Stops) > 0 && len(f.Lines) > 0 && len(f.Services) > 0 {
		for k := range r.IntN(5) {
			f.Trips = append(f.Trips, randomTrip(r, &f, k))
		}
	}
	any := func(n int) int32 { return int32(r.IntN(n+1)) - 1 }
	for range r.IntN(4) {
		f.Transfers = append(f.Transfers, transit.Transfer{From: any(len(f.Stops)), To: any(len(f.Stops)), FromLine: any(len(f.Lines)), ToLine: any(len(f.Lines)),
			FromTrip: any(len(f.Trips)), ToTrip: any(len(f.Trips)), Type: uint8(r.IntN(6)), MinSeconds: int32(r.IntN(600)) - 1})
	}
	if len(f.Services) > 0 {
		for k := range r.IntN(3) {
			z := transit.Zone{ID: randomKey(r, k), Nom: randomText(r), Area: randomArea(r), Service: int32(r.IntN(len(f.Services))), From: int32(r.IntN(90_000)), To: int32(r.IntN(200_000)),
				Notice: int32(r.IntN(3000)) - 1, Phone: randomText(r), Line: any(len(f.Lines)), Trip: randomText(r), Pickup: transit.Boarding(r.IntN(4)), Drop: transit.Boarding(r.IntN(4))}
			for range r.IntN(len(f.Stops) + 1) {
				z.Stops = append(z.Stops, int32(r.IntN(len(f.Stops))))
			}
			f.Zones = append(f.Zones, z)
		}
	}
	return f
}

func randomTrip(r *rand.Rand, f *transit.Feed, k int) transit.Trip {
	t := transit.Trip{ID: randomKey(r, k), Line: int32(r.IntN(len(f.Lines))), Service: int32(r.IntN(len(f.Services))), Headsign: randomText(r), Direction: int8(r.IntN(3)) - 1,
		Block: randomText(r), Wheelchair: transit.Access(r.IntN(3))}
	at := int32(r.IntN(200_000)) - 20_000
	for range r.IntN(30) {
		c := transit.Call{Stop: int32(r.IntN(len(f.Stops))), Arrive: at, Depart: at + int32(r.IntN(2)*r.IntN(300))}
		if r.IntN(4) == 0 {
			c.Pickup, c.Drop = transit.Boarding(r.IntN(4)), transit.Boarding(r.IntN(4))
		}
		at = c.Depart + int32(r.IntN(5000))
		t.Calls = append(t.Calls, c)
	}
	for range r.IntN(3) {
		start := int32(r.IntN(90_000))
		t.Frequencies = append(t.Frequencies, transit.Frequency{Start: start, End: start + 1 + int32(r.IntN(20_000)), Headway: 1 + int32(r.IntN(3600)), Exact: r.IntN(2) == 0})
	}
	return t
}

// randomArea has outer rings and holes in any order: which is which only tells how they are drawn.
func randomArea(r *rand.Rand) (rings [][]geo.LonLat) {
	for range r.IntN(4) {
		var ring []geo.LonLat
		for _, p := range randomRing(r) {
			ring = append(ring, geo.LonLat{Lon: p[0], Lat: p[1]})
		}
		rings = append(rings, ring)
	}
	return rings
}

func randomZone(r *rand.Rand, i int) transit.Zone {
	z := transit.Zone{ID: randomKey(r, i), Nom: randomText(r), Communes: randomCodes(r), Service: -1, Line: -1, Notice: int32(r.IntN(3000)) - 1, Phone: randomText(r), Hours: randomHours(r)}
	if len(z.Communes) == 0 {
		z.Area = randomArea(r)
	}
	return z
}

// wrongFeeds make a sound feed one that no store takes, by what the refusal says.
func wrongFeeds() map[string]func(*transit.Feed) {
	return map[string]func(*transit.Feed){
		"no name":         func(f *transit.Feed) { f.Name = "" },
		"given twice":     func(f *transit.Feed) { f.Name = "a" },
		"stop 1 (\"s\")":  func(f *transit.Feed) { f.Stops = append(f.Stops, transit.Stop{ID: "s", Parent: -1}) },
		"parent 7":        func(f *transit.Feed) { f.Stops[0].Parent = 7 },
		"kind 5":          func(f *transit.Feed) { f.Stops[0].Kind = 5 },
		"line 1":          func(f *transit.Feed) { f.Trips[0].Line = 1 },
		"stop 9":          func(f *transit.Feed) { f.Trips[0].Calls[1].Stop = 9 },
		"call 1: arrives": func(f *transit.Feed) { f.Trips[0].Calls[1].Arrive = 50 },
		"pickup 4":        func(f *transit.Feed) { f.Trips[0].Calls[0].Pickup = 4 },
		"ascending":       func(f *transit.Feed) { f.Services[0].Days = []transit.Day{3, 3} },
		"frequency 0":     func(f *transit.Feed) { f.Trips[0].Frequencies = []transit.Frequency{{Start: 5, End: 9}} },
		"type 6": func(f *transit.Feed) {
			f.Transfers = []transit.Transfer{{FromLine: -1, ToLine: -1, FromTrip: -1, ToTrip: -1, Type: 6}}
		},
		"no service": func(f *transit.Feed) { f.Zones = []transit.Zone{{ID: "z", Service: -1, Line: -1}} },
		"ring 0":     func(f *transit.Feed) { f.Zones = []transit.Zone{{ID: "z", Line: -1, Area: [][]geo.LonLat{{{}, {}}}}} },
		"UTF-8":      func(f *transit.Feed) { f.Trips[0].Headsign = "\xff" },
	}
}

// plainFeed is a sound feed of one trip.
func plainFeed(name string) transit.Feed {
	return transit.Feed{Name: name, Agencies: []transit.Agency{{ID: "a", Name: "A", Zone: "Europe/Paris"}}, Stops: []transit.Stop{{ID: "s", Parent: -1}}, Lines: []transit.Line{{ID: "l"}},
		Services: []transit.Service{{ID: "j", Days: []transit.Day{20_000}}},
		Trips:    []transit.Trip{{ID: "t", Direction: -1, Calls: []transit.Call{{Arrive: 100, Depart: 100}, {Arrive: 160, Depart: 170}}}}}
}

func wrongFeed(wrong func(*transit.Feed)) transit.Feed {
	f := plainFeed("b")
	wrong(&f)
	return f
}
