package figures_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/publics"
	"github.com/aisne-numerique/maillage/geo/scenario"
)

// TestServedBy: those within reach of a lieu are those whose journeys say so, part by part, and
// those who depend on it are those who lose when a scenario closes it.
func TestServedBy(t *testing.T) {
	depend, told := 0, 0
	worlds(t, 40, func(_ *rand.Rand, e *edition.Edition, a *edition.Answer) {
		b, err := scenario.NewEngine(e).Base(a.Query)
		if err != nil {
			t.Fatal(err)
		}
		for i := range e.Sites {
			s, served := &e.Sites[i], figures.ServedBy(e, a, int32(i))
			var sum publics.Sum
			within := 0
			for part, people := range e.People {
				if row, costs := e.Access[a.Query.Mode].Within.Row(int32(part)); people > 0 && s.Could(a.Query.Service) {
					for j, site := range row {
						if int(site) == i && geo.Cost(costs[j]) <= a.Query.Cutoff {
							within += int(people)
							e.AddPublics(&sum, int32(part), a.Class[part])
						}
					}
				}
			}
			same(t, "within", served.Within, within, sum, e)
			if s.Tournee >= 0 || e.SiteCommune[i] < 0 || e.Lieux[s.Lieu].Itinerant {
				continue // no scenario closes a stop alone, nor a bus
			}
			body, err := json.Marshal(scenario.Scenario{Name: "fermeture", Actions: []scenario.Action{{Do: scenario.CloseLieu, ID: e.Lieux[s.Lieu].ID}}})
			if err != nil {
				t.Fatal(err)
			}
			plan, err := scenario.Parse(body)
			if err != nil {
				t.Fatal(err)
			}
			d, err := b.Evaluate(context.Background(), plan)
			if err != nil {
				t.Fatal(err)
			}
			lost := publics.Sum{}
			if d.Lost.Publics != nil {
				lost = d.Lost.Publics.Sum
				told++
			}
			same(t, "depend", served.Depend, d.Lost.People, lost, e)
			if d.Lost.People > 0 {
				depend++
			}
		}
	})
	if depend < 10 || told == 0 {
		t.Errorf("%d lieux on which somebody depends, %d with publics: too dull", depend, told)
	}
}

func same(t *testing.T, what string, got *figures.Whom, people int, sum publics.Sum, e *edition.Edition) {
	t.Helper()
	var want *publics.Figures
	if people > 0 && e.Publics != nil {
		want = e.Publics.Of(sum)
	}
	if diff := cmp.Diff(&figures.Whom{People: people, Publics: want}, got); diff != "" {
		t.Fatalf("%s: %s", what, diff)
	}
}
