package api

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/export"
	"github.com/aisne-numerique/maillage/geo/french"
)

// peopleByClass reads the table of classes of a page, as a reader would.
var peopleByClass = regexp.MustCompile(`(?s)<rect class="(couverte|grise|blanche|inconnue)" width="16" height="16"/>.*?</th><td>([^<]*)</td>`)

// TestOneTruthPerFigure: the classes of a territoire, its headline, its lieux and its zones
// are the same on its page, in its embed, among the gaps, in its own JSON, among the zones
// and in the tables of exports, for several questions.
func TestOneTruthPerFigure(t *testing.T) {
	s, e := serving(t, Options{})
	for _, question := range []string{"", "mode=walk&cutoff=12", "service=acces-internet&mode=walk&cutoff=20", "min_hours=40"} {
		for _, level := range []admin.Type{admin.TypeCommune, admin.TypeEPCI, admin.TypeSecteur, admin.TypeDepartement} {
			gaps := getJSON[data.GapsJSON](t, s, "/api/v1/gaps?level="+string(level)+"&"+question)
			for _, row := range gaps.Territoires {
				ref := string(row.Type) + ":" + row.Code
				name := ref + "?" + question
				own := getJSON[data.TerritoireJSON](t, s, "/api/v1/territoires/"+name)
				if own.Classes != row.Classes || own.ToCheck != row.ToCheck || own.Headline != row.Headline || own.GapRowJSON.Offer != row.Offer {
					t.Errorf("%s: its JSON says %+v, the gaps %+v", name, own.GapRowJSON, row)
				}
				if row.Offer.Certain != row.Lieux || row.Offer.Certain+row.Offer.Maybe > row.Offer.Public || row.Offer.Public > row.Offer.Lieux {
					t.Errorf("%s: %d lieux, counted as %+v", name, row.Lieux, row.Offer)
				}
				zones := getJSON[data.ZonesJSON](t, s, "/api/v1/zones-blanches?territoire="+ref+"&"+question)
				blanche, verify := 0, 0
				for _, z := range zones.Zones {
					blanche += z.People
				}
				for _, z := range zones.Verify {
					verify += z.People
					for _, ask := range z.Ask {
						if ask.People > z.People || ask.Lift > ask.People || len(ask.Missing) == 0 || ask.ID == "" || ask.Lieu == "" {
							t.Errorf("%s: %d people of %d depend on %q, of which %q is unknown", name, ask.People, z.People, ask.Nom, ask.Missing)
						}
					}
				}
				if blanche != row.Classes.Blanche || zones.People != blanche || verify != row.Classes.Inconnue || zones.ToVerify != verify || zones.Sentence != row.Headline {
					t.Errorf("%s: zones of %d (said: %d) and %d (%d) people, %q; the gaps %+v, %q", name, blanche, zones.People, verify, zones.ToVerify, zones.Sentence, row.Classes, row.Headline)
				}
				first, rest := french.Opened(row.Headline)
				for view, told := range map[string]string{"/territoires/" + name: row.Headline, "/embed?territoire=" + ref + "&" + question: "<strong>" + first + "</strong> " + rest} {
					body := strings.ReplaceAll(html.UnescapeString(get(t, s, view).Body.String()), "&#39;", "'")
					if !strings.Contains(body, told) {
						t.Errorf("%s does not say %q", view, told)
					}
					read := map[string]string{}
					for _, m := range peopleByClass.FindAllStringSubmatch(body, -1) {
						read[m[1]] = m[2]
					}
					for class, n := range map[coverage.Class]int{coverage.Couverte: row.Classes.Couverte, coverage.Grise: row.Classes.Grise, coverage.Blanche: row.Classes.Blanche, coverage.Inconnue: row.Classes.Inconnue} {
						if read[class.String()] != french.Count(n) {
							t.Errorf("%s: %q people of class %s, the gaps %d", view, read[class.String()], class, n)
						}
					}
				}
			}
		}
	}
	results, err := export.Of(e)
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]int64{}
	for _, l := range results.Layers {
		for row := range l.Rows {
			for i, c := range l.Columns {
				if n, ok := row.Values[i].(int64); ok {
					sums[l.Name+" "+c.Name] += n
				}
			}
		}
	}
	whole := getJSON[edition.GapReport](t, s, "/api/v1/gaps?level=departement").Territoires[0]
	for column, want := range map[string]int{"communes blanche_hab": whole.Classes.Blanche, "communes inconnue_hab": whole.Classes.Inconnue, "communes si_l_on_savait_hab": whole.ToCheck.People,
		"zones_blanches habitants": whole.Classes.Blanche, "zones_a_verifier habitants": whole.Classes.Inconnue, "cells habitants": whole.Population} {
		if fmt.Sprint(sums[column]) != fmt.Sprint(want) {
			t.Errorf("exports: %s adds up to %d, the gaps say %d", column, sums[column], want)
		}
	}
}
