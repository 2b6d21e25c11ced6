package edition_test

import (
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// TestToCheckIsWhatKnowingCanLift: were all that is unknown of the lieux as good as it can be,
// those to check would be couverts, and nobody else. Territories are computed anew for it.
func TestToCheckIsWhatKnowingCanLift(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	always := editiontest.Hours(t, "24/7")
	lifted := [len(lieu.Doubts)]int{}
	for world := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, world))
		in := editiontest.Small(r)
		e := editiontest.Build(t, in, editiontest.SmallParams())
		best := *in
		best.LieuRows, best.TourneeRows = nil, nil
		toured := map[string]bool{}
		for _, tour := range in.TourneeRows {
			toured[tour.LieuID] = true
			if at := indexOf(in.LieuRows, tour.LieuID); tour.Services == 0 && (at < 0 || in.LieuRows[at].Services == 0) {
				tour.Services = lieu.NineServices
			}
			stops := append([]lieu.Stop{}, tour.Stops...)
			for i := range stops {
				if !stops[i].Horaires.Known {
					stops[i].Horaires = always
				}
			}
			tour.Stops = stops
			best.TourneeRows = append(best.TourneeRows, tour)
		}
		for _, l := range in.LieuRows {
			if l.Itinerant && !toured[l.ID] {
				l.Itinerant, l.Horaires = false, always
			}
			if l.AccueilInconnu = false; l.Services == 0 {
				l.Services = lieu.NineServices
			}
			if !l.Horaires.Known {
				l.Horaires = always
			}
			best.LieuRows = append(best.LieuRows, l)
		}
		known := editiontest.Build(t, &best, editiontest.SmallParams())
		for range 4 {
			q := editiontest.SomeQuery(r)
			if !e.Named.Offers(q.Service) {
				continue // that nobody names it is not a fault of one lieu
			}
			was, is := gap(t, e, q), gap(t, known, q)
			if want := was.Classes.Couverte + was.ToCheck.People; is.Classes.Couverte != want {
				t.Fatalf("world %d, %+v: %d couverts were all known; want the %d that are and the %d to check", world, q, is.Classes.Couverte, was.Classes.Couverte, was.ToCheck.People)
			}
			for k, n := range []int{was.ToCheck.Services, was.ToCheck.Horaires, was.ToCheck.Tournee, was.ToCheck.Accueil} {
				if n > was.ToCheck.People {
					t.Fatalf("world %d: %d by one doubt of %d", world, n, was.ToCheck.People)
				}
				lifted[k] += n
			}
			if is.Classes.Inconnue > 0 || is.Classes.Blanche != was.Classes.Blanche {
				t.Fatalf("world %d, %+v: %+v were all known, %+v before", world, q, is.Classes, was.Classes)
			}
		}
	}
	for k, n := range lifted {
		if n == 0 {
			t.Errorf("nobody was lifted by %s: too dull to prove anything", lieu.Doubts[k].Key)
		}
	}
}

// TestNamingServicesAlone: to learn that lieux of unknown services offer all nine, and nothing
// of their hours, changes no class of the question "tous" where these are unknown.
func TestNamingServicesAlone(t *testing.T) {
	for world := range uint64(20) {
		r := rand.New(rand.NewPCG(world, 7))
		in := editiontest.Small(r)
		for i := range in.LieuRows {
			if l := &in.LieuRows[i]; l.Services == 0 || r.IntN(3) == 0 {
				l.Services, l.Horaires = 0, lieu.Horaires{}
			}
		}
		e := editiontest.Build(t, in, editiontest.SmallParams())
		named := *in
		named.LieuRows = append([]lieu.Lieu{}, in.LieuRows...)
		for i := range named.LieuRows {
			if named.LieuRows[i].Services == 0 {
				named.LieuRows[i].Services = lieu.NineServices
			}
		}
		for i, tour := range named.TourneeRows {
			if at := indexOf(in.LieuRows, tour.LieuID); at >= 0 && in.LieuRows[at].Services == 0 {
				named.TourneeRows[i].Services = 0 // hours of stops are known: leave them alone
				named.LieuRows[at].Services = 0
			}
		}
		known := editiontest.Build(t, &named, editiontest.SmallParams())
		q := editiontest.SomeQuery(r)
		q.Service = lieu.Any
		if was, is := gap(t, e, q), gap(t, known, q); was.Classes != is.Classes {
			t.Fatalf("world %d, %+v: %+v once services are named, %+v before", world, q, is.Classes, was.Classes)
		}
	}
}

// TestAsksAreCountedPersonByPerson: each lieu by itself, from the table of journeys; zones à
// vérifier hold all people of the class, each once.
func TestAsksAreCountedPersonByPerson(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	listed := 0
	for world := uint64(0); world < 25 || listed < 20 && world < 500; world++ {
		r := rand.New(rand.NewPCG(seed, world))
		e := editiontest.Build(t, editiontest.Small(r), editiontest.SmallParams())
		q := editiontest.SomeQuery(r)
		a := e.Answer(q)
		within := e.Access[q.Mode].Within
		want := map[int32]edition.Ask{} // by owner
		for part, people := range e.People {
			if people == 0 || a.Class[part] == coverage.Couverte {
				continue
			}
			row, costs := within.Row(int32(part))
			reach := map[int32][]*lieu.Site{}
			var known []*lieu.Site
			for j, n := range row {
				s := &e.Sites[n]
				if geo.Cost(costs[j]) > q.Cutoff || !s.Could(q.Service) {
					continue
				}
				if s.Of(q.Service) == 0 {
					known = append(known, s)
					continue
				}
				reach[s.Owner()] = append(reach[s.Owner()], s)
				ask, ok := want[s.Owner()]
				if !ok {
					ask.Site = int32(n)
				}
				ask.Site, ask.Doubt = min(ask.Site, int32(n)), ask.Doubt|s.Of(q.Service)
				want[s.Owner()] = ask
			}
			for owner, sites := range reach {
				slots := 0
				for slot := range lieu.SlotsPerCycle {
					open := false
					for _, s := range append(sites, known...) {
						open = open || !s.Horaires.Known || s.Doubt == lieu.DoubtTournee || s.Horaires.Count(q.Appointments).Has(slot)
					}
					if open {
						slots++
					}
				}
				ask := want[owner]
				if float64(slots)/16 >= q.MinHours {
					ask.Lift += int(people)
				}
				if a.Class[part] == coverage.Inconnue {
					ask.Near += int(people)
				}
				want[owner] = ask
			}
		}
		got := e.Asks(a, nil)
		for i, ask := range got {
			listed++
			if w := want[e.Sites[ask.Site].Owner()]; ask != w {
				t.Fatalf("world %d: %+v, counting gives %+v", world, ask, w)
			}
			if i > 0 && ask.Lift > got[i-1].Lift {
				t.Fatalf("world %d: %+v after %+v", world, ask, got[i-1])
			}
			delete(want, e.Sites[ask.Site].Owner())
		}
		for _, w := range want {
			if w.Lift+w.Near > 0 {
				t.Fatalf("world %d: %+v is not listed", world, w)
			}
		}
		people, cells := 0, map[int32]bool{}
		for _, z := range e.ToVerify(a) {
			people += z.People
			for _, c := range z.Cells {
				if cells[c] {
					t.Fatalf("world %d: cell %d is in two zones", world, c)
				}
				cells[c] = true
			}
			if len(z.Asks) == 0 || z.Asks[0].Near == 0 {
				t.Fatalf("world %d: a zone of %d people with nobody to ask", world, z.People)
			}
		}
		if classes := gap(t, e, q).Classes; people != classes.Inconnue {
			t.Fatalf("world %d: %d people in zones à vérifier, %d of the class", world, people, classes.Inconnue)
		}
	}
	if listed < 20 {
		t.Errorf("%d lieux to ask: too dull to prove anything", listed)
	}
}

func indexOf(lieux []lieu.Lieu, id string) int {
	for i := range lieux {
		if id != "" && lieux[i].ID == id {
			return i
		}
	}
	return -1
}

// gap is the gap analysis of the whole territory.
func gap(t *testing.T, e *edition.Edition, q coverage.Query) edition.GapRow {
	t.Helper()
	report, err := e.Gaps(e.Answer(q), edition.Scope{Level: admin.TypeDepartement})
	if err != nil || len(report.Territoires) != 1 {
		t.Fatalf("%d départements, %v", len(report.Territoires), err)
	}
	return report.Territoires[0]
}

// TestNamingServicesInTheAisne: the libraries of the demonstration, of which no source says
// what they offer, are given all nine services; their hours stay unknown. No class of the
// question "tous" changes, and nobody is to check any more for services.
func TestNamingServicesInTheAisne(t *testing.T) {
	in, err := editiontest.ReadAisne()
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for i := range in.LieuRows {
		if l := &in.LieuRows[i]; l.Services == 0 {
			l.Services, l.Horaires = lieu.NineServices, lieu.Horaires{}
			named++
		}
	}
	if named < 100 {
		t.Fatalf("%d lieux of unknown services; want those of the libraries", named)
	}
	// By car alone, and merged as it was: what is one lieu is told by names and addresses.
	params := edition.DefaultParams()
	params.Modes = []geo.Mode{geo.Car}
	known, _, err := edition.Build(t.Context(), in, params, nil)
	if err != nil {
		t.Fatal(err)
	}
	q := known.Params.Query()
	e := editiontest.Aisne(t)
	was, is := e.Answer(q), known.Answer(q)
	changed := 0
	for part, people := range e.People {
		if people > 0 && was.Class[part] != is.Class[part] {
			changed += int(people)
		}
	}
	if changed > 0 {
		t.Errorf("%d people change class once services are named", changed)
	}
	if row := gap(t, known, q); row.ToCheck.Services > 0 || row.ToCheck.Horaires == 0 {
		t.Errorf("to check: %+v; want hours alone", row.ToCheck)
	}
}
