package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"html"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/export"
)

var (
	printedRow  = regexp.MustCompile(`(?s)<tr>(.*?)</tr>`)
	printedCell = regexp.MustCompile(`(?s)<t[dh][^>]*>(.*?)</t[dh]>`)
	columns     = regexp.MustCompile(` {2,}`)
	placemark   = regexp.MustCompile(`(?s)<Placemark>.*?</Placemark>`)
)

// commands compares what `maillage gaps` writes in each of its formats, all rows.
func (w *truth) commands(question string, gaps data.GapsJSON) {
	q := w.e.Params.Query()
	q.Service, q.Mode, q.MinHours, q.Cutoff = gaps.Params.Service, gaps.Params.Mode, gaps.Params.MinHours, geo.Cost(gaps.Params.CutoffMin*float64(geo.Minute))
	report, err := w.e.Gaps(w.e.Answer(q), edition.Scope{Level: admin.Type(gaps.Level)})
	if err != nil {
		w.t.Fatal(err)
	}
	write := func(to func(io.Writer) error) string {
		var b bytes.Buffer
		if err := to(&b); err != nil {
			w.t.Fatal(err)
		}
		return b.String()
	}
	rows := map[string]*data.GapRowJSON{}
	for i := range gaps.Territoires {
		rows[gaps.Territoires[i].Code] = &gaps.Territoires[i]
	}
	one := func(row *data.GapRowJSON, unknown string) (median, hours, score string) {
		median, hours, score = unknown, unknown, unknown
		if row.Access != nil {
			median = tenths(row.Access.P50)
		}
		if row.Hours != nil {
			hours = tenths(row.Hours.Mean)
		}
		if row.IFN != nil && row.IFN.Score != nil {
			score = tenths(*row.IFN.Score)
		}
		return
	}
	n := 0
	for _, line := range strings.Split(write(func(to io.Writer) error { return gapsTable(to, report, q) }), "\n") {
		cells := columns.Split(strings.TrimSpace(line), -1)
		if len(cells) != 13 || rows[cells[1]] == nil {
			continue
		}
		n++
		row := rows[cells[1]]
		median, hours, score := one(row, unknownText)
		c := row.Classes
		cells[3], _, _ = strings.Cut(cells[3], " sur ")
		w.same("gaps table", question+" "+cells[1], cells[3:], []any{row.Population, c.Blanche, c.Grise, c.Inconnue, c.Couverte, row.ToCheck.People, median, hours, row.Lieux, score})
	}
	w.same("gaps table", question+" rows", n, len(rows))
	n = -1 // the head
	for _, m := range printedRow.FindAllStringSubmatch(write(func(to io.Writer) error { return gapsHTML(to, report, w.e, q) }), -1) {
		n++
		var cells []string
		for _, cell := range printedCell.FindAllStringSubmatch(m[1], -1) {
			name, _, _ := strings.Cut(cell[1], "<br>")
			cells = append(cells, html.UnescapeString(name))
		}
		if n == 0 {
			continue
		}
		for _, row := range rows { // the page has ranks and names, no codes
			if strconv.Itoa(row.Rank) != cells[0] {
				continue
			}
			median, hours, score := one(row, "inconnu")
			c := row.Classes
			w.same("gaps HTML", question+" "+row.Code, cells[1:], []any{row.Nom, row.Population, c.Blanche, c.Grise, c.Inconnue, c.Couverte, row.ToCheck.People, median, hours, row.Lieux, score})
		}
	}
	w.same("gaps HTML", question+" rows", n, len(rows))
	w.table("gaps CSV", strings.NewReader(write(func(to io.Writer) error { return gapsCSV(to, report, w.e) })), rows)
	var collection struct {
		Features []struct {
			Properties struct {
				edition.GapRow
				edition.ClassesJSON
			} `json:"properties"`
		} `json:"features"`
	}
	if err := json.Unmarshal([]byte(write(func(to io.Writer) error { return gapsGeoJSON(to, report, w.e) })), &collection); err != nil {
		w.t.Fatal(err)
	}
	w.same("gaps GeoJSON", question+" rows", len(collection.Features), len(rows))
	for i := range collection.Features {
		p := &collection.Features[i].Properties
		row := rows[p.Code]
		got, _ := json.Marshal([]any{p.ClassesJSON, p.Population, p.ToCheck, p.Access, p.Hours, p.Lieux, p.IFN, p.Rank, p.Priority, p.Unreached})
		want, _ := json.Marshal([]any{row.Classes, row.Population, row.ToCheck, row.Access, row.Hours, row.Lieux, row.IFN, row.Rank, row.Priority, row.Unreached})
		w.same("gaps GeoJSON", question+" "+p.Code, string(got), string(want))
	}
}

// exportedOf are the figures of a row as tables have them.
func exportedOf(row *data.GapRowJSON) map[string]any {
	out := map[string]any{"rang": row.Rank, "population_hab": row.Population, "couverte_hab": row.Classes.Couverte, "grise_hab": row.Classes.Grise, "blanche_hab": row.Classes.Blanche,
		"inconnue_hab": row.Classes.Inconnue, "si_l_on_savait_hab": row.ToCheck.People, "lieux": row.Lieux, "acces_mediane_min": nil, "acces_p90_min": nil, "heures_moyenne_h_semaine": nil}
	if row.Access != nil {
		out["acces_mediane_min"], out["acces_p90_min"] = float64(row.Access.P50), float64(row.Access.P90)
	}
	if row.Hours != nil {
		out["heures_moyenne_h_semaine"] = float64(row.Hours.Mean)
	}
	return out
}

// table compares a CSV of gaps.
func (w *truth) table(view string, file io.Reader, rows map[string]*data.GapRowJSON) {
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		w.t.Fatal(err)
	}
	w.same(view, "rows", len(lines)-1, len(rows))
	at := map[string]int{}
	for i, name := range lines[0] {
		at[name] = i
	}
	for _, line := range lines[1:] {
		code := line[at["code"]]
		for column, want := range exportedOf(rows[code]) {
			if want == nil {
				want = ""
			}
			w.same(view, code+" "+column, line[at[column]], want)
		}
	}
}

// layerOf is the table of exports, and the collection, of a level.
func layerOf(level admin.Type) string {
	switch level {
	case admin.TypeCommune, admin.TypeSecteur:
		return string(level) + "s"
	case admin.TypeEPCI:
		return string(level)
	}
	return "territoires_" + strings.ReplaceAll(string(level), "-", "_")
}

type features struct {
	Features []struct {
		Properties map[string]any `json:"properties"`
	} `json:"features"`
	Matched int `json:"numberMatched"`
}

// lists compares what answers the default question alone: collections, the list of
// territoires, and the index.
func (w *truth) lists(level admin.Type, gaps data.GapsJSON) {
	rows := map[string]*data.GapRowJSON{}
	for i := range gaps.Territoires {
		rows[gaps.Territoires[i].Code] = &gaps.Territoires[i]
	}
	for _, row := range read[struct{ Territoires []data.TerritoireRow }](w, "/api/v1/territoires?type="+string(level)).Territoires {
		w.same("JSON of territoires", row.Code, []any{row.Population, row.Lieux}, []any{rows[row.Code].Population, rows[row.Code].Lieux})
	}
	if level == admin.TypeDepartement {
		return
	}
	items := read[features](w, "/ogc/collections/"+layerOf(level)+"/items?f=json&limit=10000")
	w.features("collections", items, rows)
}

// features compares GeoJSON of gaps.
func (w *truth) features(view string, items features, rows map[string]*data.GapRowJSON) {
	w.same(view, "rows", len(items.Features), len(rows))
	for _, f := range items.Features {
		code := f.Properties["code"].(string)
		for column, want := range exportedOf(rows[code]) {
			w.same(view, code+" "+column, f.Properties[column], want)
		}
	}
}

// home compares the answers that the home page carries, and the other figures of the whole.
func (w *truth) home(whole data.GapRowJSON) {
	m := premieres.FindSubmatch(w.get("/"))
	if m == nil {
		w.t.Log("the map was not built: the home page is not compared")
		return
	}
	var answers map[string]json.RawMessage
	if err := json.Unmarshal(m[1], &answers); err != nil {
		w.t.Fatal(err)
	}
	for address, body := range answers {
		var got, want any
		if json.Unmarshal(body, &got) != nil || json.Unmarshal(w.get("/"+address), &want) != nil {
			w.t.Fatalf("home page: %s is no JSON", address)
		}
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(want)
		w.same("home page", address, string(a), string(b))
	}
}

// edition compares the figures of the whole edition.
func (w *truth) edition(whole data.GapRowJSON) {
	about := read[data.AboutJSON](w, "/api/v1/edition")
	w.same("JSON of the edition", "population", about.Population, whole.Population)
	w.same("JSON of the edition", "lieux", about.Counts.Lieux, whole.Offer.Lieux)
	w.same("JSON of the edition", "points", about.Counts.Sites, whole.Offer.Points)
	indicators := read[data.IndicateursJSON](w, "/api/v1/indicateurs").Editions[0]
	w.same("indicators", "classes", indicators.Classes, whole.Classes)
	w.same("indicators", "zones", indicators.Zones.People, whole.Classes.Blanche)
	w.same("indicators", "lieux", indicators.Lieux, whole.Offer.Public)
	w.same("indicators", "population", indicators.Population, whole.Population)
	moment := read[struct{ People data.MomentPeople }](w, "/api/v1/moment?level=departement&moment=2T10:00").People
	w.same("moment", "nothing within the cut-off", moment.Aucun, whole.Classes.Blanche)
	w.same("moment", "people", moment.Ouvert+moment.Parfois+moment.Inconnu+moment.Ferme+moment.Aucun, whole.Population)
	people, classe := w.get("/api/v1/acces?mesure=personnes"), w.get("/api/v1/acces?mesure=classe")
	for _, level := range about.Cells {
		sum := 0
		for row := int(level.First); row < int(level.First)+level.Count; row++ {
			n := int(people[4*row]) | int(people[4*row+1])<<8 | int(people[4*row+2])<<16 | int(people[4*row+3])<<24
			sum += n
			if (n == 0) != (classe[row] == 0) {
				w.t.Errorf("row %d: %d people, class %d", row, n, classe[row])
			}
		}
		w.same("columns of cells", "people at resolution "+strconv.Itoa(level.Resolution), sum, whole.Population)
	}
}

// exports compares the files of exports.
func (w *truth) exports(whole data.GapRowJSON) {
	results, err := export.Of(w.e)
	if err != nil {
		w.t.Fatal(err)
	}
	dir := w.t.TempDir()
	quiet := func(int, int) {}
	for _, err := range []error{os.Mkdir(filepath.Join(dir, "csv"), 0o755), os.Mkdir(filepath.Join(dir, "geojson"), 0o755), results.FolderCSV(filepath.Join(dir, "csv"), false, quiet), results.FolderGeoJSON(filepath.Join(dir, "geojson"), quiet)} {
		if err != nil {
			w.t.Fatal(err)
		}
	}
	var kml bytes.Buffer
	if err := results.KML(&kml); err != nil {
		w.t.Fatal(err)
	}
	sum := func(view, layer, column string, want int) {
		lines, err := csv.NewReader(bytes.NewReader(w.file(dir, "csv", layer+".csv"))).ReadAll()
		if err != nil {
			w.t.Fatal(err)
		}
		total := 0
		for i, name := range lines[0] {
			for _, line := range lines[1:] {
				if name == column {
					n, _ := strconv.Atoi(line[i])
					total += n
				}
			}
		}
		w.same(view, layer+" "+column, total, want)
	}
	sum("CSV of exports", "cells", "habitants", whole.Population)
	sum("CSV of exports", "zones_blanches", "habitants", whole.Classes.Blanche)
	sum("CSV of exports", "zones_a_verifier", "habitants", whole.Classes.Inconnue)
	for layer, want := range map[string]int{"zones_blanches": whole.Classes.Blanche, "zones_a_verifier": whole.Classes.Inconnue} {
		var file features
		if err := json.Unmarshal(w.file(dir, "geojson", layer+".geojson"), &file); err != nil {
			w.t.Fatal(err)
		}
		items := read[features](w, "/ogc/collections/"+layer+"/items?f=json&limit=10000")
		for view, of := range map[string]features{"GeoJSON of exports": file, "collections": items} {
			total := 0.0
			for _, f := range of.Features {
				total += f.Properties["habitants"].(float64)
			}
			w.same(view, layer, total, want)
		}
	}
	marks := placemark.FindAllString(kml.String(), -1)
	for _, level := range w.e.Levels() {
		if level == admin.TypeDepartement {
			continue
		}
		gaps := read[data.GapsJSON](w, "/api/v1/gaps?level="+string(level))
		rows := map[string]*data.GapRowJSON{}
		for i := range gaps.Territoires {
			rows[gaps.Territoires[i].Code] = &gaps.Territoires[i]
		}
		w.table("CSV of exports", bytes.NewReader(w.file(dir, "csv", layerOf(level)+".csv")), rows)
		var file features
		if err := json.Unmarshal(w.file(dir, "geojson", layerOf(level)+".geojson"), &file); err != nil {
			w.t.Fatal(err)
		}
		w.features("GeoJSON of exports", file, rows)
		if level != admin.TypeEPCI {
			continue
		}
		for _, row := range rows {
			for _, mark := range marks {
				if !strings.Contains(mark, "code officiel : "+row.Code) {
					continue
				}
				for subject, n := range map[string]int{"habitants couverts": row.Classes.Couverte, "habitants en zone blanche : rien à portée, connu ou possible": row.Classes.Blanche} {
					w.same("KML", row.Code+" "+subject, strings.Contains(mark, subject+" : "+strconv.Itoa(n)), true)
				}
			}
		}
	}
	if w.compared["KML"] == 0 {
		w.t.Error("KML: nothing was compared")
	}
}

func (w *truth) file(path ...string) []byte {
	w.t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}
