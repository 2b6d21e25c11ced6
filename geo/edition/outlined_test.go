package edition_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/store"
)

// TestOutlinesInDoubtAreTold: those elsewhere, those that go on beyond the border, those whose
// published population is far from ours, and how many people two of one type have in common;
// nothing of those that are as they should be.
func TestOutlinesInDoubtAreTold(t *testing.T) {
	for seed := range uint64(5) {
		r := rand.New(rand.NewPCG(seed, 61))
		in := editiontest.Small(r)
		for i := range in.CommuneRows {
			in.CommuneRows[i].Population = 200 + 10*i
		}
		total := 0
		box := in.CommuneRows[0].Outline.Bound()
		for _, c := range in.CommuneRows {
			box, total = box.Union(c.Outline.Bound()), total+c.Population
		}
		moved := func(b orb.Bound, east float64) orb.MultiPolygon {
			b.Min[0] += east
			b.Max[0] += east
			return orb.MultiPolygon{{b.ToRing()}}
		}
		first := in.CommuneRows[0].Outline
		in.SetRows = []admin.Set{
			{Type: "tout", Code: "exact", Nom: "A", Outline: moved(box, 0), Population: total},
			{Type: "loin", Code: "ailleurs-1", Nom: "B", Outline: moved(box, 2)},
			{Type: "loin", Code: "ailleurs-2", Nom: "C", Outline: moved(box, 3)},
			{Type: "au-dela", Code: "sort", Nom: "D", Outline: moved(box, 0.02)},
			{Type: "double", Code: "un", Nom: "E", Outline: first, Population: in.CommuneRows[0].Population * 2, Year: "2018"},
			{Type: "double", Code: "deux", Nom: "F", Outline: moved(box, 0)},
		}
		in.ManifestRows = append(in.ManifestRows, store.Manifest{Kind: store.Territoires.Kind, Dataset: "dessins", Rows: len(in.SetRows)})
		e := editiontest.Build(t, in, editiontest.SmallParams())
		var got []string
		for _, w := range e.Warnings {
			if w.Subject == edition.AboutOutline {
				got = append(got, w.String())
			}
		}
		for _, want := range []string{
			"territoires « dessins », loin:ailleurs-1 : contour hors du territoire calculé, comme les 2 de ce type et de ce jeu : aucun n'est compté",
			"territoires « dessins », au-dela:sort : le contour sort du territoire calculé",
			fmt.Sprintf("territoires « dessins », double:un : population « %s » : habitants publiés en 2018 ; estimés dans le contour : %s, soit 50%s%% de moins", french.Count(400), french.Count(200), french.Thin),
			"territoires « dessins » : type « double » : " + french.People(200) + " vivent dans deux contours de ce type ou plus",
		} {
			if !slices.ContainsFunc(got, func(text string) bool { return strings.HasPrefix(text, want) }) {
				t.Errorf("seed %d: not told: %s", seed, want)
			}
		}
		if len(got) != 4 {
			t.Errorf("seed %d: %d warnings of outlines, want 4:\n%s", seed, len(got), strings.Join(got, "\n"))
		}
		if !slices.ContainsFunc(e.ModelledSentences(), func(text string) bool {
			return strings.HasPrefix(text, "Population de 4 territoires dessinés par leur contour modélisée")
		}) {
			t.Errorf("seed %d: outlines are not said to be modelled: %q", seed, e.ModelledSentences())
		}
	}
	in := editiontest.Small(rand.New(rand.NewPCG(1, 61)))
	in.SetRows = nil
	if said := strings.Join(editiontest.Build(t, in, editiontest.SmallParams()).ModelledSentences(), " "); strings.Contains(said, "contour") {
		t.Errorf("no outline, and %q", said)
	}
}

// TestPeopleOfTwoOutlines counts those who are in both of two that cut cells, by what both, and
// either, have: |A ∩ B| = |A| + |B| − |A ∪ B|.
func TestPeopleOfTwoOutlines(t *testing.T) {
	tried := 0
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 62))
		in := editiontest.Small(r)
		b := in.CommuneRows[0].Outline.Bound()
		for _, c := range in.CommuneRows {
			b = b.Union(c.Outline.Bound())
		}
		band := func(from, to float64) orb.MultiPolygon {
			w := b.Max[0] - b.Min[0]
			return orb.MultiPolygon{{orb.Bound{Min: orb.Point{b.Min[0] + from*w, b.Min[1]}, Max: orb.Point{b.Min[0] + to*w, b.Max[1]}}.ToRing()}}
		}
		from, middle, half, to := 0.1*r.Float64(), 0.3+0.1*r.Float64(), 0.5+0.1*r.Float64(), 0.8+0.1*r.Float64()
		in.SetRows = []admin.Set{
			{Type: "bande", Code: "a", Nom: "A", Outline: band(from, half)}, {Type: "bande", Code: "b", Nom: "B", Outline: band(middle, to)},
			{Type: "union", Code: "u", Nom: "U", Outline: band(from, to)},
		}
		e := editiontest.Build(t, in, editiontest.SmallParams())
		n := func(typ admin.Type, code string) int {
			tr, _ := e.Division.Find(admin.Ref{Type: typ, Code: code})
			return tr.Population
		}
		both := n("bande", "a") + n("bande", "b") - n("union", "u")
		want := ""
		if both > 0 {
			want = french.People(both) + " vivent dans deux contours"
			tried++
		}
		got := ""
		for _, w := range e.Warnings {
			if w.Subject == edition.AboutOutline && w.Field == "type" {
				got = w.Reason
			}
		}
		if !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("seed %d: %q, want %q", seed, got, want)
		}
	}
	if tried < 6 {
		t.Errorf("%d overlaps: too dull", tried)
	}
}
