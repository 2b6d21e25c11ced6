package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/source"
)

// published is a folder of published files kept beside the repository on some
// machines.
func published(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", "data"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("published files are not there")
	}
	return dir
}

// program runs maillage on one store.
type program struct {
	t     *testing.T
	store string
}

func (p *program) run(into any, args ...string) {
	p.t.Helper()
	var out, errs bytes.Buffer
	if code := run(context.Background(), append([]string{"--store", p.store}, args...), &out, &errs); code != exitOK {
		p.t.Fatalf("maillage %s: exit %d: %s", strings.Join(args, " "), code, errs.String())
	}
	if into != nil {
		if err := json.Unmarshal(out.Bytes(), into); err != nil {
			p.t.Fatalf("maillage %s: %v", strings.Join(args, " "), err)
		}
	}
}

// report imports and checks the counts of the report.
func (p *program) report(accepted, rejected int, args ...string) source.Report {
	p.t.Helper()
	var r source.Report
	p.run(&r, append(append([]string{"import"}, args...), "--json")...)
	if r.Accepted != accepted || len(r.Rejected) != rejected {
		p.t.Errorf("import %s: %d accepted and %d rejected, want %d and %d", strings.Join(args, " "), r.Accepted, len(r.Rejected), accepted, rejected)
	}
	return r
}

// TestThePublishedAisne imports every published file of the département, together,
// with the modelled roads of the demonstration: the numbers are those that the
// publishers state.
func TestThePublishedAisne(t *testing.T) {
	data := published(t)
	aisne := func(name string) string { return filepath.Join(data, "aisne", name) }
	p := &program{t, filepath.Join(t.TempDir(), "aisne.gpkg")}
	// The same communes in three formats and two reference systems; each replaces the
	// one before, of whatever name its file is.
	p.report(798, 0, "communes", aisne("limites-2024-l93-shp.zip"), "--layer", "communes-2024-l93", "--dataset", "communes")
	p.report(798, 0, "communes", aisne("limites-2024-l93.gpkg"), "--layer", "communes", "--dataset", "communes")
	p.report(798, 0, "communes", aisne("communes-2018.geojson"), "--moves", aisne("mouvements.csv"), "--attributs", aisne("facts/communes.csv"))
	p.report(798, 0, "communes", aisne("communes-2024.geojson"))
	p.report(20, 0, "epci", aisne("limites-2024-l93.gpkg"), "--layer", "epci", "--dataset", "epci")
	p.report(20, 0, "epci", aisne("epci-2024.geojson"))
	p.report(226, 0, "lieux", aisne("facts/lieux.csv"), "--dataset", "lieux")
	cnfs := p.report(452, 0, "lieux", aisne("conseillers-numeriques-2022.json"), "--dataset", "conseillers")
	services := p.report(249, 0, "france-services", aisne("france-services-2024-08.csv"), "--millesime", "2024-08-01")
	for _, r := range []source.Report{cnfs, services} {
		for _, w := range r.Warnings {
			if w.File == "" || w.Reason == "" {
				t.Errorf("a warning without address or reason: %+v", w)
			}
		}
	}
	p.report(5, 0, "secteurs", aisne("facts/secteurs.csv"))
	p.report(15240, 0, "ifn", aisne("facts/ifn-variables.csv"))
	p.run(nil, "import", "ifn", aisne("ifn-v1-2019.csv"), aisne("ifn-v1-2019-headers.csv"), "--correspondance", "ifn-v1-2019", "--dataset", "ifn-v1")
	p.report(1, 0, "lieux", filepath.Join(data, "schemas", "exemple-valide-v1.0.2.csv"), "--dataset", "exemple")
	p.report(45767, 0, "roads", filepath.Join("..", "..", "fixtures", "aisne", "roads.osm.gz"), "--modelise", "Réseau routier modélisé")
	var sum summary
	p.run(&sum, "compute", "--resolution", "8", "--json")
	if sum.Population != 527_468 || sum.Counts.Communes != 798 || sum.Counts.EPCI != 20 {
		t.Errorf("%d people, %d communes, %d EPCI", sum.Population, sum.Counts.Communes, sum.Counts.EPCI)
	}
	pairs := map[string]string{"france-services-1006": "france-services-3139", "france-services-1007": "france-services-3141", "france-services-1008": "france-services-3140"}
	same := map[string]bool{}
	for _, m := range sum.Merges {
		same[m.Kept+" "+m.Absorbed], same[m.Absorbed+" "+m.Kept] = true, true
	}
	for a, b := range pairs {
		if !same[a+" "+b] {
			t.Errorf("%s and %s, the same place, are not merged", a, b)
		}
	}
	index(t, p)
	indexOf2019(t, p, aisne("ifn-v1-2019.csv"))
	for _, secteur := range []string{"fere-en-tardenois", "marle", "neuilly-saint-front", "val-de-l-aisne", "charly-sur-marne"} {
		var gaps edition.GapReport
		p.run(&gaps, "gaps", "--territoire", "secteur:"+secteur, "--json")
		if len(gaps.Territoires) != 1 {
			t.Fatalf("secteur %s: %d rows", secteur, len(gaps.Territoires))
		}
		row := gaps.Territoires[0]
		c := row.Classes
		if row.Population == 0 || c.Couverte+c.Grise+c.Blanche+c.Inconnue != row.Population || row.Access == nil {
			t.Errorf("secteur %s: %+v", secteur, row)
		}
	}
}

// indexOf2019 holds the published scores of 2019 against those that the command computes of what
// was imported, for every commune that the file gives whole and that still is one.
func indexOf2019(t *testing.T, p *program, path string) {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	reader := csv.NewReader(bytes.NewReader(body))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	const iris, total = 7, 4 // the columns of the code and of the score against the département
	// Scores and what they are made of are published with nine decimals: each was rounded once.
	const lastDecimal = 1.01e-9
	published := map[string]float64{}
	for _, row := range rows {
		if code := fmt.Sprintf("%09s", row[iris]); strings.HasSuffix(code, "0000") {
			if published[code[:5]], err = strconv.ParseFloat(row[total], 64); err != nil {
				t.Fatal(err)
			}
		}
	}
	var r struct {
		Rows []struct {
			Code  string
			Score *float64
		}
	}
	p.run(&r, "ifn", "--structure", "ifn-v1-2019", "--level", "commune", "--json")
	same := 0
	for _, row := range r.Rows {
		want, ok := published[row.Code]
		if !ok {
			continue
		}
		if row.Score == nil {
			t.Errorf("%s: no score of 2019, published %v", row.Code, want)
		} else if math.Abs(*row.Score-want) > lastDecimal {
			t.Errorf("%s: score of 2019 %v, published %v", row.Code, *row.Score, want)
		}
		same++
	}
	t.Logf("%d communes of the %d that are published whole", same, len(published))
	if same < 700 {
		t.Errorf("only %d communes compared", same)
	}
}

// index pins what the roadmap of the département says of its needs, where its published
// variables support it: the north is the most exposed by Publics exposés; in the south,
// where people are better off than the département, access weighs more. Of the nine
// variables of Publics exposés three are published for every commune.
func index(t *testing.T, p *program) {
	t.Helper()
	var r struct {
		Ranked int
		Rows   []struct {
			Nom                         string
			Amenagement, Publics, Score *float64
			RankLow                     int `json:"rank_low"`
			RankHigh                    int `json:"rank_high"`
			Completeness                float64
			Missing                     []string
			Values                      map[string]float64
			Sentence                    string
		}
	}
	p.run(&r, "ifn", "--level", "epci", "--json")
	if r.Ranked != 19 || len(r.Rows) != 20 {
		t.Fatalf("%d EPCI ranked of %d; want 19 of 20", r.Ranked, len(r.Rows))
	}
	publics := map[string]float64{}
	for _, row := range r.Rows {
		if row.Score == nil {
			if row.Nom != "CC de l'Est de la Somme" {
				t.Errorf("%s has no score: %s", row.Nom, row.Sentence)
			}
			continue
		}
		publics[row.Nom] = *row.Publics
		// Our own access times feed both parts of the variable, everywhere.
		if !(row.Values["acces_lieux.competences"] > 0 && row.Values["acces_lieux.demarches"] > 0) {
			t.Errorf("%s: access times %v", row.Nom, row.Values)
		}
		if row.Completeness < 0.5 || row.Completeness > 0.6 || len(row.Missing) != 7 || row.RankLow < 1 || row.RankHigh > 19 {
			t.Errorf("%s: completeness %v, missing %v, rank %d to %d", row.Nom, row.Completeness, row.Missing, row.RankLow, row.RankHigh)
		}
	}
	for _, north := range []string{"CC des Portes de la Thiérache", "CC de la Thiérache du Centre", "CC Thiérache Sambre et Oise", "CC des Trois Rivières"} {
		above := 0
		for _, v := range publics {
			if v > publics[north] {
				above++
			}
		}
		if above > 3 {
			t.Errorf("%s: %d EPCI are more exposed by Publics exposés; the four of the Thiérache lead", north, above)
		}
	}
	for _, row := range r.Rows {
		switch row.Nom {
		case "CC du Canton d'Oulchy-le-Château", "CC du Canton de Charly-sur-Marne", "CC Retz en Valois":
			// Retz en Valois is a little below the mean: roads lead across the border, to help and
			// public services of Oise.
			if *row.Amenagement <= *row.Publics || *row.Amenagement < 4 {
				t.Errorf("%s, in the south: Enjeux d'aménagement %v, Publics exposés %v; want access to weigh more", row.Nom, *row.Amenagement, *row.Publics)
			}
		case "CA de la Région de Château-Thierry":
			// The data do not support it there: its town is well served.
			if *row.Amenagement > *row.Publics {
				t.Errorf("%s: Enjeux d'aménagement %v exceeds Publics exposés %v now: say so in this test", row.Nom, *row.Amenagement, *row.Publics)
			}
		}
	}
}

// TestOtherCountries computes editions of real OpenStreetMap extracts: nothing is
// tied to the Aisne, or to France.
func TestOtherCountries(t *testing.T) {
	data := published(t)
	for _, tc := range []struct {
		name, extract string
		box           [4]float64 // drawn by hand around the country: west, south, east, north
		people        int
		lieu          [2]float64
		near          float64 // share of people who must be within 15 minutes by car of the lieu
	}{
		{"Liechtenstein", "liechtenstein-2021.osm.pbf", [4]float64{9.47, 47.05, 9.64, 47.27}, 39_000, [2]float64{9.5215, 47.1410}, 0.6}, // Vaduz
		{"Monaco", "monaco.osm.pbf", [4]float64{7.409, 43.725, 7.440, 43.752}, 38_000, [2]float64{7.4206, 43.7316}, 0.95},
		{"Bayreuth, nord", "north-bayreuth-2014.osm.pbf", [4]float64{11.49, 49.975, 11.60, 50.04}, 20_000, [2]float64{11.557, 50.004}, 0.6},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			write := func(name, text string) string {
				path := filepath.Join(dir, name)
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
				return path
			}
			w, s, e, n := tc.box[0], tc.box[1], tc.box[2], tc.box[3]
			m := (s + n) / 2
			square := func(s, n float64) string {
				return fmt.Sprintf(`[[[%v,%v],[%v,%v],[%v,%v],[%v,%v],[%v,%v]]]`, w, s, e, s, e, n, w, n, w, s)
			}
			feature := func(properties, geometry string) string {
				return `{"type":"Feature","properties":{` + properties + `},"geometry":{"type":"Polygon","coordinates":` + geometry + `}}`
			}
			collection := func(features ...string) string {
				return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
			}
			p := &program{t, filepath.Join(dir, "store.gpkg")}
			p.report(2, 0, "communes", write("communes.geojson", collection(
				feature(fmt.Sprintf(`"code":"99101","nom":"Sud","epci":"999999999","population":%d`, tc.people/2), square(s, m)),
				feature(fmt.Sprintf(`"code":"99102","nom":"Nord","epci":"999999999","population":%d`, tc.people-tc.people/2), square(m, n)))))
			p.report(1, 0, "epci", write("epci.geojson", collection(feature(`"code":"999999999","nom":"Tout"`, square(s, n)))))
			p.report(1, 0, "lieux", write("lieux.csv", "id,pivot,nom,commune,code_postal,adresse,latitude,longitude,horaires,date_maj,services\n"+
				fmt.Sprintf("a,00000000000000,Maison,Ici,00000,1 rue,%v,%v,Mo-Fr 09:00-17:00,2024-01-01,Aide aux démarches administratives\n", tc.lieu[1], tc.lieu[0])))
			p.run(nil, "import", "roads", filepath.Join(data, "osm", tc.extract))
			var sum summary
			p.run(&sum, "compute", "--json")
			if sum.Population != tc.people || sum.Counts.Nodes < 500 || sum.OffNetwork["car"] != 0 {
				t.Errorf("%d people, %d nodes, %v sites off the network", sum.Population, sum.Counts.Nodes, sum.OffNetwork)
			}
			if l := sum.Links["car"]; l == nil || l.Sites.Joined != 1 || l.Homes.Joined == 0 || l.Homes.Leg == nil || l.Homes.Leg.Max > road.SnapCap {
				t.Errorf("links by car: %+v", l)
			}
			var gaps edition.GapReport
			p.run(&gaps, "gaps", "--level", "epci", "--json")
			c := gaps.Territoires[0].Classes
			if near := float64(c.Couverte) / float64(tc.people); near < tc.near || c.Couverte+c.Grise+c.Blanche+c.Inconnue != tc.people {
				t.Errorf("%.2f of the people are covered, want at least %.2f; classes %+v", near, tc.near, c)
			}
		})
	}
}
