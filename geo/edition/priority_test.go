package edition_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
)

func TestParsePriorities(t *testing.T) {
	want := []edition.Priority{{"dora", "*", "ignore"}, {"Hubik", "02", "complete"}, {"Hubik", "200072031", "prevaut"}}
	for name, text := range map[string]string{
		"CSV":       "source,territoire,role\nHubik,200072031,prevaut\nHubik,02,Complete\ndora,*,ignore\n",
		"semicolon": "\xef\xbb\xbfRôle;Source;Territoire\nprévaut;Hubik;200072031\nignore;dora;*\ncomplete;Hubik;02\n",
		"JSON":      `[{"source":"dora","territoire":"*","role":"ignore"},{"source":"Hubik","territoire":"02","role":"complete"},{"source":"Hubik","territoire":"200072031","role":"prevaut"}]`,
	} {
		if got, err := edition.ParsePriorities([]byte(text)); err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("%s: %v, %v; want %v", name, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"": "aucune ligne", "source,role\n": "colonne absente : territoire", "source,territoire,role\nHubik,02,gagne\n": "rôle « gagne » ; attendu prevaut, complete ou ignore",
		"source,territoire,role\n,02,ignore\n": "ligne 1 : source absente", "source,territoire,role\nHubik,,ignore\n": "ligne 1 : territoire absent",
		"source,territoire,role\nHubik,02,ignore\nhubik,02,prevaut\n": "donnés deux fois", "source,territoire,role\nHubik,02\n": "CSV non compris",
		`[{"source":"Hubik","ou":"02"}]`: "JSON non compris",
	} {
		if got, err := edition.ParsePriorities([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want %q", text, got, err, want)
		}
	}
}

// TestPrioritiesAgainstLeavingOut: an edition in which a source is ignored is that of inputs
// that never had it, and who changes class is who has another class in the two editions.
func TestPrioritiesAgainstLeavingOut(t *testing.T) {
	changed := 0
	for range 6 {
		seed := rand.Uint64()
		r := rand.New(rand.NewPCG(seed, 0))
		in := editiontest.Small(r)
		for i := range in.LieuRows {
			in.LieuRows[i].Source = fmt.Sprint("source ", i%2)
		}
		p := editiontest.SmallParams()
		plain := editiontest.Build(t, in, p)
		p.Priorities = []edition.Priority{{Source: "Source-0", Territoire: "02", Role: edition.Ignored}, {Source: "source 0", Territoire: in.CommuneRows[0].Code, Role: edition.Prevails}}
		got := editiontest.Build(t, in, p)
		without := *in
		without.LieuRows = slices.Clone(in.LieuRows)
		ignored := 0
		for i := len(without.LieuRows) - 1; i >= 0; i-- {
			l := &without.LieuRows[i]
			code := l.Commune
			if code == "" && l.Located {
				if at := plain.Division.At(l.At); len(at) > 0 {
					code = plain.Division.Communes[at[0]].Code
				}
			}
			if l.Source == "source 0" && code != "" && code != in.CommuneRows[0].Code {
				without.LieuRows = slices.Delete(without.LieuRows, i, i+1)
				ignored++
			}
		}
		want := editiontest.Build(t, &without, editiontest.SmallParams())
		if diff := cmp.Diff(want.Lieux, got.Lieux); diff != "" || got.Precedence.Ignored["source 0"] != ignored {
			t.Fatalf("seed %d: %v ignored, want %d; lieux differ: %s", seed, got.Precedence.Ignored, ignored, diff)
		}
		q := got.DefaultQuery()
		before, after, mine := plain.Answer(q).Class, want.Answer(q).Class, got.Answer(q).Class
		people, changes := 0, map[string]int{}
		for i, n := range got.People {
			if after[i] != mine[i] {
				t.Fatalf("seed %d: part %d is %v; without the source it is %v", seed, i, mine[i], after[i])
			}
			if before[i] != after[i] && n > 0 {
				people += int(n)
				changes[before[i].String()+" > "+after[i].String()] += int(n)
			}
		}
		if people != got.Precedence.People || cmp.Diff(changes, got.Precedence.Changes) != "" {
			t.Errorf("seed %d: %+v; want %d people, %v", seed, got.Precedence, people, changes)
		}
		if plain.ID == got.ID || plain.Precedence != nil {
			t.Errorf("seed %d: the table is not in the id, or told of without one", seed)
		}
		changed += people
	}
	if changed == 0 {
		t.Error("no table changed anybody's class")
	}
}
