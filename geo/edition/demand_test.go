package edition_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// TestReservationsAreThoseOfTryingEverySite: zones that serve all day need no waiting, so that
// what counts is told by hours alone. One is of communes, one is drawn, and of one nobody says
// when it serves.
func TestReservationsAreThoseOfTryingEverySite(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var met [edition.Served + 1]int
	for world := range 40 {
		r := rand.New(rand.NewPCG(seed, uint64(world)))
		in := editiontest.SmallByBus(r)
		always := lieu.Horaires{Known: true, Text: "24/7"}
		for slot := range lieu.SlotsPerCycle {
			always.Slots.Add(slot)
		}
		some := in.CommuneRows[r.IntN(len(in.CommuneRows))].Code
		at := in.CommuneRows[r.IntN(len(in.CommuneRows))].Point
		box := geo.Bounds{Min: geo.LonLat{Lon: at.Lon - 0.01, Lat: at.Lat - 0.006}, Max: geo.LonLat{Lon: at.Lon + 0.03, Lat: at.Lat + 0.01}}
		in.OnDemandRows = []transit.Zone{
			{ID: "communes", Service: -1, Line: -1, Notice: 60, Communes: []string{some}, Hours: always},
			{ID: "contour", Service: -1, Line: -1, Notice: -1, Hours: always, Area: [][]geo.LonLat{{box.Min, {Lon: box.Max.Lon, Lat: box.Min.Lat}, box.Max, {Lon: box.Min.Lon, Lat: box.Max.Lat}, box.Min}}},
			{ID: "inconnue", Service: -1, Line: -1, Notice: -1, Communes: []string{in.CommuneRows[0].Code}, Hours: lieu.Horaires{Text: "sur demande"}},
		}
		in.ManifestRows = append(in.ManifestRows, store.Manifest{Kind: store.OnDemand.Kind, Dataset: "tad", Rows: 3})
		p := edition.DefaultParams()
		p.Resolution = 8
		e, _, err := edition.Build(context.Background(), in, p, nil)
		if err != nil {
			t.Fatal(err)
		}
		q := coverage.Query{Service: lieu.Any, Mode: geo.Transit, Cutoff: geo.Cost(1+r.IntN(8)) * transit.Step, MinHours: 3.5}
		a := e.Answer(q)
		got := a.Reservations()
		holds := func(zone int, at geo.LonLat, commune int32) bool {
			if zone == 1 {
				return box.Contains(at)
			}
			return commune >= 0 && e.Division.Communes[commune].Code == in.OnDemandRows[zone].Communes[0]
		}
		for part := range e.People {
			want := edition.NotServed
			sites, costs := e.Access[geo.Car].Within.Row(int32(part))
			for k, s := range sites {
				site := &e.Sites[s]
				ride := int32(costs[k]+9) / 10
				if e.People[part] == 0 || a.Hours.Slots[part] > 0 || ride > int32(q.Cutoff/geo.Second) || !site.Could(q.Service) {
					continue
				}
				sure := site.Of(q.Service) == 0 && site.Horaires.Known
				for zone := range in.OnDemandRows {
					if !holds(zone, e.Origins[part], e.Grid.Parts[part].Commune) || !holds(zone, site.At, e.SiteCommune[s]) {
						continue
					}
					switch {
					case sure && zone < 2 && visited(&site.Horaires, ride):
						want = edition.Served
					case (!sure || zone == 2) && want == edition.NotServed:
						want = edition.UnknownService
					}
				}
			}
			if got[part] != want {
				t.Fatalf("world %d, part %d: %d, want %d", world, part, got[part], want)
			}
			met[want]++
		}
		if e.Answer(coverage.Query{Service: lieu.Any, Mode: geo.Car, Cutoff: q.Cutoff}).Reservations() != nil {
			t.Error("reservations by car")
		}
		// Communes add up to the whole, and what was kept says the same.
		back, err := edition.Decode(encode(t, e))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range []*edition.Edition{e, back} {
			a := e.Answer(q)
			var sum edition.ReservationJSON
			for _, commune := range e.Division.Territoires("commune") {
				of := a.ReservationsOf(e.Residents.In(&commune))
				sum.People, sum.Unknown = sum.People+of.People, sum.Unknown+of.Unknown
			}
			whole := e.Division.Territoires("departement")[0]
			if d := cmp.Diff(&sum, a.ReservationsOf(e.Residents.In(&whole))); d != "" || !slices.Equal(a.Reservations(), got) {
				t.Errorf("world %d: communes add up to other people, or what was kept to others (-communes +whole):\n%s", world, d)
			}
		}
	}
	t.Logf("parts by state: %v", met)
	if slices.Min(met[:]) == 0 {
		t.Error("too dull to prove anything")
	}
}

// visited reports whether somebody who may come and leave at any time stays half an hour at a
// site that is a ride away, after 6:00 and before 20:00, within four hours.
func visited(h *lieu.Horaires, ride int32) bool {
	for day := range transit.ReferenceDays {
		stay := int32(0) // of the opening, as far as one can be there
		for slot := range lieu.SlotsPerDay {
			from, to := int32(slot*900), int32(slot*900+900)
			if !h.Slots.Has(day*lieu.SlotsPerDay + slot) {
				stay = 0
				continue
			}
			from, to = max(from, 6*3600+ride), min(to, 20*3600-ride)
			stay += max(0, to-from)
			// A slot that is left whole counts as soon as the stay is long enough; the one that
			// ends the opening may be cut.
			if stay >= 30*60 && 30*60+2*ride <= 4*3600 {
				return true
			}
		}
	}
	return false
}
