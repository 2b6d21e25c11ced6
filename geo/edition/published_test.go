package edition_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/dataset"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/ifn"
)

// sirens are numbers that EPCI have: their last digit is right.
var sirens = [3]string{"200071785", "200072031", "240200501"}

// mayenne is a made-up dozen of communes of three EPCI in another département than that of
// the demonstration, with streets, lieux and equipements, and no variable.
func mayenne(r *rand.Rand) *editiontest.Inputs {
	const west, south, width, height, cols, rows = -0.8, 48.0, 0.036, 0.024, 4, 3
	in := &editiontest.Inputs{}
	for i := range cols * rows {
		w, s := west+width*float64(i%cols), south+height*float64(i/cols)
		in.CommuneRows = append(in.CommuneRows, admin.Commune{Code: fmt.Sprintf("53%03d", i+1), Nom: fmt.Sprintf("Commune %d", i+1), EPCI: sirens[i/cols],
			Population: 200 + r.IntN(900), Point: geo.LonLat{Lon: w + width/2, Lat: s + height/2},
			Outline: orb.MultiPolygon{{{{w, s}, {w + width, s}, {w + width, s + height}, {w, s + height}, {w, s}}}}})
	}
	for k := range rows {
		in.EPCIRows = append(in.EPCIRows, admin.EPCI{Code: sirens[k], Nom: fmt.Sprintf("EPCI %d", k+1), Outline: in.CommuneRows[k*cols].Outline})
	}
	const step, nx, ny = 0.006, 25, 13
	at := func(x, y int) geo.LonLat {
		return geo.LonLat{Lon: west + step*(float64(x)-0.5), Lat: south + step*(float64(y)-0.5)}
	}
	link := func(x, y, x2, y2 int) {
		in.WayRows = append(in.WayRows, road.Way{ID: int64(len(in.WayRows) + 1), Nodes: []int64{int64(y*100 + x + 1), int64(y2*100 + x2 + 1)},
			At: []geo.LonLat{at(x, y), at(x2, y2)}, Tags: map[string]string{"highway": "residential"}})
	}
	for y := range ny {
		for x := range nx {
			if x+1 < nx {
				link(x, y, x+1, y)
			}
			if y+1 < ny {
				link(x, y, x, y+1)
			}
		}
	}
	for i, services := range []lieu.Services{lieu.Services(0).With(lieu.Demarches), lieu.Services(0).With(lieu.Outils), lieu.Services(0).With(lieu.Demarches).With(lieu.Outils)} {
		in.LieuRows = append(in.LieuRows, lieu.Lieu{ID: fmt.Sprint("lieu-", i), Nom: fmt.Sprint("Lieu ", i), At: in.Place(r), Located: true, Services: services,
			Dispositif: []string{"", "France Services", ""}[i]})
	}
	for i, category := range []equipement.Category{equipement.Urgences, equipement.Generaliste, equipement.Generaliste, equipement.Specialiste} {
		in.PlaceRows = append(in.PlaceRows, equipement.Equipement{ID: fmt.Sprint("equipement-", i), Category: category, Commune: in.CommuneRows[3*i].Code, At: in.CommuneRows[3*i].Point, Placement: equipement.ByCoordinates})
	}
	for _, k := range edition.Needed() {
		in.ManifestRows = append(in.ManifestRows, store.Manifest{Kind: k, Dataset: string(k)})
	}
	in.ManifestRows = append(in.ManifestRows, store.Manifest{Kind: store.Equipements.Kind, Dataset: "equipements", Rows: len(in.PlaceRows)})
	return in
}

// TestAnotherDepartementFromPublishedFiles reads files of the published layouts, without a
// mapping, and compares every value of every EPCI with what is computed here from the numbers
// that the files were written from.
func TestAnotherDepartementFromPublishedFiles(t *testing.T) {
	r := rand.New(rand.NewPCG(53, 1))
	in := mayenne(r)
	n := len(in.CommuneRows)
	epciOf := func(c int) int { return c / 4 }
	want := map[string][3]float64{}

	load := func(file, vintage, text string) {
		t.Helper()
		kind, err := dataset.Parse("ifn")
		if err != nil {
			t.Fatal(err)
		}
		files := fstest.MapFS{file: {Data: []byte(text)}}
		report, err := kind.Load(context.Background(), in, []source.Input{source.FromFS(files, file)}, source.Options{Dataset: file, Vintage: vintage}, nil)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if len(report.Rejected) > 0 {
			t.Fatalf("%s: %v", file, report.Rejected[0])
		}
	}
	// counts writes a file of counts of communes: parts that are at most the whole. The
	// percentage of an EPCI is that of the sums.
	counts := func(file, vintage, separator, head string, whole, part func(row []float64) float64, column string, draw func() []float64) {
		t.Helper()
		var parts, wholes [3]float64
		text := strings.Builder{}
		text.WriteString(head + "\n")
		for c := range n {
			row := draw()
			text.WriteString(in.CommuneRows[c].Code)
			for _, x := range row {
				fmt.Fprintf(&text, "%s%v", separator, x)
			}
			text.WriteByte('\n')
			parts[epciOf(c)] += part(row)
			wholes[epciOf(c)] += whole(row)
		}
		load(file, vintage, text.String())
		var shares [3]float64
		for k := range shares {
			shares[k] = 100 * parts[k] / wholes[k]
		}
		want[column] = shares
	}
	first := func(row []float64) float64 { return row[0] }
	second := func(row []float64) float64 { return row[1] }
	some := func() []float64 {
		whole := float64(40 + r.IntN(400))
		return []float64{whole, float64(r.IntN(int(whole)))}
	}
	counts("base-cc-emploi-pop-active-2021.csv", "", ";", "CODGEO;P21_ACT1564;P21_CHOM1564", first, second, "taux_chomage_15_64_ans_pct", some)
	counts("base-cc-logement-2021.csv", "", ";", "CODGEO;P21_RP;P21_RP_VOIT1P", first, func(row []float64) float64 { return row[0] - row[1] }, "part_menages_sans_voiture_pct", some)
	counts("base-cc-diplomes-formation-2021.csv", "", ";", "CODGEO;P21_NSCOL15P;P21_NSCOL15P_DIPLMIN", first, second, "part_sans_diplome_15_ans_et_plus_pct", some)
	counts("base-cc-evol-struct-pop-2021.csv", "", ";", "CODGEO;P21_POP;P21_POP75P", first, second, "part_75_ans_et_plus_pct", some)
	counts("base-cc-coupl-fam-men-2021.csv", "", ";", "CODGEO;P21_POP80P;P21_POP80P_PSEUL", first, second, "part_80_ans_et_plus_seuls_pct", some)
	counts("commune_techno.csv", "2025", ",", "code_insee,nbr,elig_ftth", first, second, "part_locaux_ftth_pct", some)

	// A rate that is secret for most communes and published for every EPCI.
	text := "CODGEO;MED21;TP6021;PPSOC21\n"
	for c := range n {
		text += fmt.Sprintf("%s;%d;s;s\n", in.CommuneRows[c].Code, 18000+r.IntN(9000))
	}
	load("cc_filosofi_2021_COM.csv", "", text)
	text = "CODGEO;MED21;TP6021;PPSOC21\n"
	var income, poverty, benefits [3]float64
	for k := range 3 {
		income[k], poverty[k], benefits[k] = float64(18000+r.IntN(9000)), float64(5+r.IntN(20)), float64(2+r.IntN(9))
		text += fmt.Sprintf("%s;%v;%v;%v\n", in.EPCIRows[k].Code, income[k], poverty[k], benefits[k])
	}
	load("cc_filosofi_2021_EPCI.csv", "", text)
	want["revenu_median_uc_eur"], want["taux_pauvrete_pct"], want["part_prestations_sociales_pct"] = income, poverty, benefits

	// Values of communes without counts: means by people.
	mean := func(file, vintage, head, column string) {
		t.Helper()
		var sum, people [3]float64
		text := head + "\n"
		for c := range n {
			x := float64(r.IntN(100))
			text += fmt.Sprintf("%s,%v\n", in.CommuneRows[c].Code, x)
			sum[epciOf(c)] += x * float64(in.CommuneRows[c].Population)
			people[epciOf(c)] += float64(in.CommuneRows[c].Population)
		}
		load(file, vintage, text)
		var means [3]float64
		for k := range means {
			means[k] = sum[k] / people[k]
		}
		want[column] = means
	}
	mean("couverture.csv", "2024", "code_insee,part_population_couverte_4g_pct", "part_population_couverte_4g_pct")
	mean("neet.csv", "2021", "codgeo,part_non_inseres", "part_neet_15_24_ans_pct")

	e := editiontest.Build(t, in, editiontest.SmallParams())
	// Times, part by part: people times minutes to the nearest place.
	for _, column := range []string{edition.ColumnSkills, edition.ColumnSteps, edition.ColumnPublic, edition.ColumnEmergency, edition.ColumnGeneralist, edition.ColumnSpecialist} {
		k := 0
		for edition.AccessColumnAt(k).Name != column {
			k++
		}
		var sum, people, means [3]float64
		for p, part := range e.Grid.Parts {
			if a := e.TimeOf(k, geo.Car, int32(p)); a.Reach == geo.Reached {
				at := epciOf(int(part.Commune))
				sum[at] += float64(e.People[p]) * a.Cost.Minutes()
				people[at] += float64(e.People[p])
			}
		}
		for k := range means {
			means[k] = sum[k] / people[k]
		}
		want[column] = means
	}

	structure, err := edition.IndexStructure()
	if err != nil {
		t.Fatal(err)
	}
	result, err := e.IndexReport(edition.Scope{Level: admin.TypeEPCI}, structure, edition.IFNOptions(admin.TypeEPCI))
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for i := range result.Rows {
		row := &result.Rows[i]
		if row.Completeness < 0.9 || !row.Score.Known {
			t.Errorf("%s: completeness %v, score %+v, missing %v; want at least 0.9", row.Code, row.Completeness, row.Score, row.Missing)
		}
		for v := range result.Sources {
			leaves := result.Sources[v].Leaves()
			for k, src := range leaves {
				point := &row.Points[v]
				if len(result.Sources[v].Parts) > 0 {
					point = &row.Points[v].Parts[k]
				}
				values, computed := want[src.Column]
				if !computed || !point.Value.Known || math.Abs(point.Value.V-values[i]) > 1e-9*values[i] {
					t.Errorf("%s: %s by %q: %+v; want %v", row.Code, src.Nom, src.Column, point.Value, values)
				}
				if src.Column == "taux_pauvrete_pct" && (src.Vintage != "2021" || len(src.Feeds) != 1 || src.Feeds[0].How != "publié pour les EPCI" || !strings.HasPrefix(src.Source, "INSEE")) {
					t.Errorf("poverty comes from %+v; want INSEE, 2021, published for EPCI", src)
				}
				compared++
			}
		}
	}
	if compared != 3*17 {
		t.Errorf("%d values compared; want 17 of each of 3 EPCI", compared)
	}
	for _, text := range result.Warnings {
		t.Error("a warning on recent files:", text)
	}
	if n := ifn.Year(result.Sources[0].Vintage); n != 2025 {
		t.Errorf("fibre is of %d", n)
	}
}
