package main

import (
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/api"
	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/legend"
)

// truth is the demonstration as it is served, and how many figures were compared by view.
type truth struct {
	t        *testing.T
	e        *edition.Edition
	server   *api.Server
	compared map[string]int
}

// TestOneTruthOfTheDemonstration: a figure of a territoire is the same in every view of the
// demonstration: rows of the gaps are what all others are compared with. All EPCI, secteurs
// and the département are looked at, and some communes and sets of communes by lot.
func TestOneTruthOfTheDemonstration(t *testing.T) {
	e := editiontest.Aisne(t)
	w := &truth{t, e, api.New(api.Options{Version: edition.Program}), map[string]int{}}
	if err := publish(w.server, e); err != nil {
		t.Fatal(err)
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for _, question := range []string{"", "service=acces-internet&mode=walk&cutoff=20&min_hours=5", "service=insertion-professionnelle&mode=bike"} {
		sample := 8
		if question != "" {
			sample = 3
		}
		for _, level := range e.Levels() {
			gaps := read[data.GapsJSON](w, "/api/v1/gaps?level="+string(level)+"&"+question)
			w.commands(question, gaps)
			if question == "" {
				w.lists(level, gaps)
			}
			rows := slices.Clone(gaps.Territoires)
			switch level {
			case admin.TypeEPCI, admin.TypeSecteur, admin.TypeDepartement:
			default:
				random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
				rows = rows[:min(sample, len(rows))]
			}
			for i := range rows {
				w.territoire(question, &rows[i], gaps.Params.Unnamed)
			}
		}
	}
	whole := read[data.GapsJSON](w, "/api/v1/gaps?level=departement").Territoires[0]
	w.home(whole)
	w.edition(whole)
	w.exports(whole)
	t.Logf("figures compared: %v", w.compared)
	for view, n := range w.compared {
		if n == 0 {
			t.Errorf("%s: nothing was compared", view)
		}
	}
}

// same compares a figure of a view.
func (w *truth) same(view, name string, got, want any) {
	w.t.Helper()
	w.compared[view]++
	if fmt.Sprint(got) != fmt.Sprint(want) {
		w.t.Errorf("%s: %s: %v; the gaps say %v", view, name, got, want)
	}
}

func (w *truth) get(target string) []byte {
	w.t.Helper()
	rec := httptest.NewRecorder()
	w.server.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, target, nil))
	if rec.Code != http.StatusOK {
		w.t.Fatalf("GET %s = %d %s", target, rec.Code, rec.Body)
	}
	return rec.Body.Bytes()
}

func read[T any](w *truth, target string) (v T) {
	w.t.Helper()
	if err := json.Unmarshal(w.get(target), &v); err != nil {
		w.t.Fatalf("GET %s: %v", target, err)
	}
	return v
}

var (
	rowOf     = regexp.MustCompile(`(?s)<tr[^>]*><th scope="row">(.*?)</th><td[^>]*>(.*?)</td>`)
	tags      = regexp.MustCompile(`(?s)<small>.*?</small>|<[^>]*>`)
	swatchOf  = regexp.MustCompile(`<rect class="([a-z0-9-]+)" width="16" height="16"/>`)
	tableOf   = regexp.MustCompile(`(?s)<table[^>]*>\s*<caption>(.*?)</caption>(.*?)</table>`)
	figureOf  = regexp.MustCompile(`<strong>(.*?)</strong>`)
	premieres = regexp.MustCompile(`(?s)<script[^>]*id="premieres">(.*?)</script>`)
)

// tables reads the tables of a page as a reader would: by caption, the first cell of each
// row by the row's name, or by its class where it has a swatch.
func (w *truth) tables(target string) (body string, tables map[string]map[string]string) {
	body, tables = string(w.get(target)), map[string]map[string]string{}
	for _, table := range tableOf.FindAllStringSubmatch(body, -1) {
		rows := map[string]string{}
		for _, m := range rowOf.FindAllStringSubmatch(table[2], -1) {
			name := strings.TrimSpace(html.UnescapeString(tags.ReplaceAllString(m[1], "")))
			if swatch := swatchOf.FindStringSubmatch(m[1]); swatch != nil {
				name = swatch[1]
			}
			value, _, _ := strings.Cut(html.UnescapeString(tags.ReplaceAllString(m[2], "")), " (")
			rows[name] = value
		}
		tables[html.UnescapeString(table[1])] = rows
	}
	return html.UnescapeString(body), tables
}

// told are the figures of a row as pages write them.
func told(row *data.GapRowJSON) map[string]string {
	out := map[string]string{"p50": french.Unknown, "p90": french.Unknown, "hours": french.Unknown, "score": french.Unknown}
	if a := row.Access; a != nil {
		out["p50"], out["p90"] = french.Decimal(float64(a.P50))+" min", french.Decimal(float64(a.P90))+" min"
	}
	if h := row.Hours; h != nil {
		out["hours"] = french.Decimal(float64(h.Mean)) + " h"
	}
	if row.IFN != nil && row.IFN.Score != nil {
		out["score"] = french.Decimal(float64(*row.IFN.Score))
	}
	return out
}

func classes(c edition.ClassesJSON) map[string]int {
	return map[string]int{"couverte": c.Couverte, "grise": c.Grise, "blanche": c.Blanche, "inconnue": c.Inconnue}
}

// territoire compares the page, the embeds and the JSON of one territoire.
func (w *truth) territoire(question string, row *data.GapRowJSON, unnamed bool) {
	ref := string(row.Type) + ":" + row.Code
	name, figures := ref+"?"+question, told(row)
	own := read[data.TerritoireJSON](w, "/api/v1/territoires/"+name)
	want, _ := json.Marshal(row)
	got, _ := json.Marshal(own.GapRowJSON)
	w.same("JSON of a territoire", name, string(got), string(want))

	body, tables := w.tables("/territoires/" + name)
	embed, embedded := w.tables("/embed?territoire=" + ref + "&" + question)
	if !strings.Contains(body, row.Headline) {
		w.t.Errorf("page of %s does not say %q", name, row.Headline)
	}
	if first, rest := french.Opened(row.Headline); !strings.Contains(embed, "<strong>"+first+"</strong> "+rest) {
		w.t.Errorf("embed of %s does not say %q", name, row.Headline)
	}
	for class, n := range classes(row.Classes) {
		w.same("page, classes", name+" "+class, tables["Habitants par classe"][class], french.Count(n))
		w.same("embed, classes", name+" "+class, embedded["Habitants par classe"][class], french.Count(n))
	}
	page := tables["Temps, heures et besoin"]
	for title, value := range map[string]string{"Temps médian jusqu'à un lieu qui rend ce service": figures["p50"], "Neuf habitants sur dix à moins de": figures["p90"],
		"Ouverture moyenne par semaine à portée": figures["hours"], "Fragilité numérique, sur 10": figures["score"],
		"Lieux dont on sait qu'ils rendent ce service":                french.Count(row.Lieux),
		legend.IfKnown + " : habitants de plus qui seraient couverts": french.Count(row.ToCheck.People)} {
		w.same("page, figures", name+" "+title, page[title], value)
	}
	for caption := range tables {
		if text, ok := strings.CutPrefix(caption, "Apport de chaque variable à l'indice, "); ok {
			w.same("page, index", name, strings.TrimSuffix(text, " sur 10"), figures["score"])
		}
	}
	o := row.Offer
	w.same("lieux", name, o.Certain, row.Lieux)
	if o.Lieux > 0 && strings.Contains(body, "<h2>Lieux</h2>\n<p>") && !strings.Contains(body, "Aucun lieu sur ce territoire") && !strings.Contains(body, french.Offer(o.Public, o.Points, o.Certain, o.Maybe)) {
		w.t.Errorf("page of %s does not say %q", name, french.Offer(o.Public, o.Points, o.Certain, o.Maybe))
	}

	bands := read[data.BandsJSON](w, "/api/v1/repartition?territoire="+ref+"&"+question)
	captions := []struct {
		couche, page, embed, figure string
		bands                       []int
		apart                       int
	}{
		{"temps", "Habitants selon le temps jusqu'au lieu le plus proche dont on sait qu'il rend ce service", "Habitants selon le temps d'accès", figures["p50"], bands.Minutes.People, bands.Minutes.Unknown},
		{"heures", "Habitants selon l'ouverture par semaine, connue, à portée", "Habitants selon l'ouverture à portée", figures["hours"], append([]int{bands.Hours.Nothing}, bands.Hours.People...), bands.Hours.Unknown},
		{"fragilite", "", "Habitants selon l'indice de leur commune", figures["score"], bands.Index.People, bands.Index.Unknown},
	}
	for _, c := range captions {
		sum := c.apart
		for _, n := range c.bands {
			sum += n
		}
		w.same("bands", name+" "+c.couche, sum, row.Population)
		embed, embedded := w.tables("/embed?couche=" + c.couche + "&territoire=" + ref + "&" + question)
		if m := figureOf.FindStringSubmatch(embed); m == nil {
			w.t.Errorf("embed %s of %s has no figure", c.couche, name)
		} else {
			w.same("embed, figures", name+" "+c.couche, strings.TrimSuffix(m[1], " sur 10"), c.figure)
		}
		w.bands("embed, bands", name+" "+c.couche, embedded[c.embed], c.bands, c.apart)
		if c.page != "" {
			w.bands("page, bands", name+" "+c.couche, tables[c.page], c.bands, c.apart)
		}
	}
	w.same("bands", name+" nothing within the cut-off", bands.Hours.Nothing, row.Classes.Blanche)
	w.zones(name, ref, question, body, row)
}

// bands compares a table of bands: the people of all its rows, zeros left out, in any order.
func (w *truth) bands(view, name string, table map[string]string, people []int, apart int) {
	var got, want []string
	for _, text := range table {
		if text != "0" {
			got = append(got, text)
		}
	}
	for _, n := range append(slices.Clone(people), apart) {
		if n > 0 {
			want = append(want, french.Count(n))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	w.same(view, name, got, want)
}

// zones compares the people of the zones of a territoire with its classes.
func (w *truth) zones(name, ref, question, body string, row *data.GapRowJSON) {
	zones := read[data.ZonesJSON](w, "/api/v1/zones-blanches?territoire="+ref+"&"+question)
	blanche, verify := 0, 0
	for _, z := range zones.Zones {
		blanche += z.People
	}
	for _, z := range zones.Verify {
		verify += z.People
	}
	for what, n := range map[string][2]int{"blanche": {blanche, row.Classes.Blanche}, "inconnue": {verify, row.Classes.Inconnue},
		"people": {zones.People, row.Classes.Blanche}, "a_verifier_people": {zones.ToVerify, row.Classes.Inconnue}} {
		w.same("JSON of zones", name+" "+what, n[0], n[1])
	}
	w.same("JSON of zones", name, zones.Sentence, row.Headline)
	for _, caption := range []struct{ zones, people int }{{len(zones.Zones), blanche}, {len(zones.Verify), verify}} {
		if text := french.Of(caption.zones, "zone", "zones") + ", " + french.People(caption.people) + " d'ici"; caption.zones > 0 && !strings.Contains(body, text) {
			w.t.Errorf("page of %s does not say %q", name, text)
		}
	}
}
