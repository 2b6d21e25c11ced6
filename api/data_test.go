package api

import (
	"encoding/binary"
	"math"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"

	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/ifn"
)

func TestClassesAddUpToThePopulation(t *testing.T) {
	s, e := serving(t, Options{})
	for _, question := range []string{"", "mode=walk&cutoff=5", "service=acces-internet&min_hours=1", "service=insertion-professionnelle&mode=bike&cutoff=3"} {
		var totals []edition.ClassesJSON
		for _, level := range []string{"departement", "epci", "commune"} {
			report := getJSON[edition.GapReport](t, s, "/api/v1/gaps?level="+level+"&"+question)
			var total edition.ClassesJSON
			for _, row := range report.Territoires {
				c := row.Classes
				if sum := c.Couverte + c.Grise + c.Blanche + c.Inconnue; sum != row.Population {
					t.Errorf("%s: %s %s: classes add up to %d, population %d", question, level, row.Nom, sum, row.Population)
				}
				total = edition.ClassesJSON{Couverte: total.Couverte + c.Couverte, Grise: total.Grise + c.Grise,
					Blanche: total.Blanche + c.Blanche, Inconnue: total.Inconnue + c.Inconnue}
			}
			totals = append(totals, total)
		}
		if totals[0] != totals[1] || totals[0] != totals[2] {
			t.Errorf("%s: département, EPCI and communes disagree: %v", question, totals)
		}
		zones := getJSON[data.ZonesJSON](t, s, "/api/v1/zones-blanches?"+question)
		people := 0
		for i, z := range zones.Zones {
			people += z.People
			if z.Rank != i+1 || z.ID != i+1 {
				t.Errorf("%s: zone %d has rank %d, id %d", question, i, z.Rank, z.ID)
			}
		}
		if people != totals[0].Blanche || zones.People != people {
			t.Errorf("%s: zones hold %d people (%d said), class blanche %d", question, people, zones.People, totals[0].Blanche)
		}
	}
	if about := getJSON[data.AboutJSON](t, s, "/api/v1/edition"); about.Population != e.Total || e.Total != 1003+517+211 {
		t.Errorf("population = %d, want %d", about.Population, e.Total)
	}
}

func TestTheIslandIsAZoneBlanche(t *testing.T) {
	s, _ := serving(t, Options{})
	zones := getJSON[data.ZonesJSON](t, s, "/api/v1/zones-blanches").Zones
	if len(zones) != 1 {
		t.Fatalf("%d zones, want that of Coincy alone", len(zones))
	}
	z := zones[0]
	if z.People != 211 || z.Nom != "Coincy" || z.Lieu != nil || z.AccessMin != nil {
		t.Errorf("zone = %+v; want 211 people of Coincy who reach nothing", z)
	}
	if diff := cmp.Diff([]data.Named{{Code: "200000002", Nom: "CC de Coincy"}}, z.EPCI); diff != "" {
		t.Errorf("epci (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]data.Named{{Code: "levant", Nom: "Levant"}}, z.Secteurs); diff != "" {
		t.Errorf("secteurs (-want +got):\n%s", diff)
	}
	if z.Center[0] < 3.53 || z.Center[0] > 3.59 || z.BBox[0] > z.Center[0] || z.BBox[2] < z.Center[0] || z.BBox[1] > z.Center[1] || z.BBox[3] < z.Center[1] {
		t.Errorf("bbox %v, center %v", z.BBox, z.Center)
	}
	if got := getJSON[data.ZonesJSON](t, s, "/api/v1/zones-blanches?territoire=commune:02001"); len(got.Zones) != 0 || got.People != 0 {
		t.Errorf("zones of Arcy = %+v, want none", got)
	}
	// Everyone but the island's people is within 15 minutes of a lieu by car.
	row := getJSON[edition.GapReport](t, s, "/api/v1/gaps?level=departement").Territoires[0]
	if row.Classes.Blanche != 211 || row.Unreached.NoPath != 211 {
		t.Errorf("département: %d blanche, %d without a path; want 211 both", row.Classes.Blanche, row.Unreached.NoPath)
	}
}

func TestATerritoireHasItsRowAndItsCommunes(t *testing.T) {
	s, _ := serving(t, Options{})
	page := getJSON[data.TerritoireJSON](t, s, "/api/v1/territoires/epci:200000001?mode=walk&cutoff=12")
	report := getJSON[data.GapsJSON](t, s, "/api/v1/gaps?level=epci&mode=walk&cutoff=12")
	if diff := cmp.Diff(report.Territoires[0], page.GapRowJSON); diff != "" {
		t.Errorf("row differs from gaps (-gaps +territoire):\n%s", diff)
	}
	inside := getJSON[data.GapsJSON](t, s, "/api/v1/gaps?level=commune&territoire=epci:200000001&mode=walk&cutoff=12")
	if diff := cmp.Diff(inside.Territoires, page.Communes); diff != "" || len(page.Communes) != 2 {
		t.Errorf("communes differ from gaps (-gaps +territoire):\n%s", diff)
	}
	const headline = "828 habitants n'ont rien à 12 min à pied."
	if got := inside.Territoires[0]; got.Headline != headline || got.Offer.Certain != got.Lieux || got.Offer.Lieux != 2 || got.Offer.Points != 1 {
		t.Errorf("Arcy: %q, %+v beside %d lieux; want %q", got.Headline, got.Offer, got.Lieux, headline)
	}
	if page.RankOf != 2 || page.Params.CutoffMin != 12 {
		t.Errorf("rank_of %d, params %+v", page.RankOf, page.Params)
	}
}

func TestLieuxSayWhatIsKnown(t *testing.T) {
	s, _ := serving(t, Options{})
	got := getJSON[data.LieuxJSON](t, s, "/api/v1/lieux")
	byID := map[string]data.LieuProperties{}
	var ids []string
	for _, f := range got.Features {
		ids = append(ids, f.ID)
		byID[f.ID] = f.Properties
	}
	if want := []string{"bureau", "bus", "mairie", "mediatheque", "tour#1"}; !slices.Equal(ids, want) {
		t.Fatalf("features %q, want %q", ids, want)
	}
	if diff := cmp.Diff([]data.LieuRef{{ID: "nulle-part", Nom: "Point inconnu", Commune: "Brécy"}}, got.SansPosition); diff != "" {
		t.Errorf("sans_position (-want +got):\n%s", diff)
	}
	if m := byID["mairie"]; m.HoursWeek == nil || *m.HoursWeek != 40 || m.Commune != "Arcy" || m.Maj != "2024-08-01" || len(m.Services) != 9 || m.SiteWeb != "https://arcy.example" {
		t.Errorf("mairie = %+v", m)
	}
	if m := byID["mediatheque"]; m.HoursWeek != nil || m.Horaires != "sur rendez-vous" || m.SiteWeb != "" || len(m.ServiceCodes) != 1 {
		t.Errorf("médiathèque = %+v; want unknown hours absent, the text kept, and no link to a script", m)
	}
	if m := byID["bureau"]; m.Public || m.Commune != "Ailleurs" || m.CommuneCode != "" {
		t.Errorf("bureau = %+v", m)
	}
	// 3 hours every second week.
	if m := byID["tour#1"]; m.Kind != "arret" || m.Tournee != "Tournée du bus" || m.HoursWeek == nil || *m.HoursWeek != 1.5 || m.Commune != "Brécy" || len(m.Services) != 2 {
		t.Errorf("stop = %+v", m)
	}
	inBrecy := getJSON[data.LieuxJSON](t, s, "/api/v1/lieux?territoire=commune:02002")
	if len(inBrecy.Features) != 2 || inBrecy.Features[0].ID != "mediatheque" || inBrecy.Features[1].ID != "tour#1" || len(inBrecy.SansPosition) != 1 {
		t.Errorf("lieux of Brécy = %+v", inBrecy)
	}
}

// values decodes a column of 16-bit values; NaN is "no value".
func values(b []byte) []float64 {
	out := make([]float64, len(b)/2)
	for i := range out {
		out[i] = math.NaN()
		if n := binary.LittleEndian.Uint16(b[2*i:]); n != math.MaxUint16 {
			out[i] = float64(n) / 10
		}
	}
	return out
}

// rowOf is where a part is counted at a level, from H3 alone.
func rowOf(t *testing.T, e *edition.Edition, level, part int) int32 {
	t.Helper()
	parent, err := e.Grid.Cells[e.Grid.Parts[part].Cell].Parent(e.Pyramid.Levels[level].Resolution)
	if err != nil {
		t.Fatal(err)
	}
	row, ok := e.Pyramid.Find(parent)
	if !ok {
		t.Fatalf("cell %s is not in the pyramid", parent)
	}
	return row
}

func TestColumnsAgreeWithTheNaiveSumOfParts(t *testing.T) {
	s, e := serving(t, Options{})
	about := getJSON[data.AboutJSON](t, s, "/api/v1/edition")
	last := about.Cells[len(about.Cells)-1]
	rows := int(last.First) + last.Count
	for _, q := range []coverage.Query{
		coverage.DefaultQuery(),
		{Service: 7, Mode: geo.Walk, Cutoff: 12 * geo.Minute, MinHours: 1},
		{Service: 1, Mode: geo.Bike, Cutoff: 5 * geo.Minute, MinHours: 30},
	} {
		query := "?service=" + q.Service.String() + "&mode=" + q.Mode.String() + "&cutoff=" + strconv.FormatFloat(q.Cutoff.Minutes(), 'f', -1, 64) +
			"&min_hours=" + strconv.FormatFloat(q.MinHours, 'f', -1, 64)
		column := func(mesure string, width int) []byte {
			b := get(t, s, "/api/v1/acces"+query+"&mesure="+mesure).Body.Bytes()
			if len(b) != rows*width {
				t.Fatalf("%s: %d bytes, want %d rows of %d", mesure, len(b), rows, width)
			}
			return b
		}
		classes, people := column("classe", 1), column("personnes", 4)
		minutes, hours := values(column("minutes", 2)), values(column("heures", 2))

		type cell struct {
			people         [5]int
			times, opening sum
		}
		cells := make([]cell, rows)
		a := e.Answer(q)
		for level := range e.Pyramid.Levels {
			for p, n := range e.People {
				c := &cells[rowOf(t, e, level, p)]
				c.people[a.Class[p]] += int(n)
				if a.Nearest.Reach[p] == geo.Reached {
					c.times.add(a.Nearest.Cost[p].Minutes(), float64(n))
				}
				if h, ok := a.Hours.WeeklyHours(int32(p)); ok {
					c.opening.add(h, float64(n))
				}
			}
		}
		shown := map[byte]int{}
		for row, c := range cells {
			total := c.people[1] + c.people[2] + c.people[3] + c.people[4]
			if got := int(binary.LittleEndian.Uint32(people[4*row:])); got != total {
				t.Fatalf("%s: row %d: %d people, want %d", query, row, got, total)
			}
			class := classes[row]
			shown[class]++
			if (class == 0) != (total == 0) || class > 4 {
				t.Fatalf("%s: row %d: class %d with %d people", query, row, class, total)
			}
			for other := 1; other <= 4; other++ {
				if class > 0 && c.people[other] > c.people[class] {
					t.Errorf("%s: row %d: class %d of %d people, but %d are in %d", query, row, class, c.people[class], c.people[other], other)
				}
			}
			for _, m := range []struct {
				name string
				got  float64
				want float64
			}{{"minutes", minutes[row], c.times.mean()}, {"heures", hours[row], c.opening.mean()}} {
				if math.IsNaN(m.want) != math.IsNaN(m.got) || math.Abs(m.got-m.want) > 0.0501 {
					t.Errorf("%s: row %d: %s = %v, want the mean %v", query, row, m.name, m.got, m.want)
				}
			}
		}
		if len(shown) < 3 {
			t.Errorf("%s: only classes %v are shown; the world is too simple for this question", query, shown)
		}
	}
}

func TestTheIndexOfACellIsItsCommunes(t *testing.T) {
	s, e := serving(t, Options{})
	column := values(get(t, s, "/api/v1/acces?mesure=ifn").Body.Bytes())
	if len(column) != e.Pyramid.Rows {
		t.Fatalf("%d values, want %d", len(column), e.Pyramid.Rows)
	}
	known, unknown := 0, 0
	for row, got := range column {
		cell := getJSON[data.CellJSON](t, s, "/api/v1/acces/"+strconv.Itoa(row))
		if len(cell.Communes) == 1 && cell.Communes[0].Code == "02003" && (cell.IFN != nil && cell.IFN.Score != nil || !math.IsNaN(got)) {
			t.Errorf("row %d is in Coincy, whose index is unknown: %v, %+v", row, got, cell.IFN)
		}
		switch {
		case math.IsNaN(got):
			unknown++
		case cell.IFN == nil || cell.IFN.Score == nil || math.Abs(got-float64(*cell.IFN.Score)) > 0.0501:
			t.Errorf("row %d: column %v, detail %+v", row, got, cell.IFN)
		default:
			known++
		}
	}
	if known == 0 || unknown == 0 {
		t.Errorf("%d known, %d unknown; want some of both", known, unknown)
	}
}

func TestTheDetailOfACellAgreesWithTheColumns(t *testing.T) {
	s, e := serving(t, Options{})
	const query = "?mode=bike&cutoff=8&min_hours=1&service=acces-internet"
	classes := get(t, s, "/api/v1/acces"+query).Body.Bytes()
	minutes := values(get(t, s, "/api/v1/acces"+query+"&mesure=minutes").Body.Bytes())
	hours := values(get(t, s, "/api/v1/acces"+query+"&mesure=heures").Body.Bytes())
	names := []string{"inhabite", "couverte", "grise", "blanche", "inconnue"}
	listed := map[int]int{}
	for row := range e.Pyramid.Rows {
		cell := getJSON[data.CellJSON](t, s, "/api/v1/acces/"+strconv.Itoa(row)+query)
		if cell.Classe != names[classes[row]] {
			t.Errorf("row %d: classe %s, column %s", row, cell.Classe, names[classes[row]])
		}
		people := 0
		for _, c := range cell.Communes {
			people += c.People
		}
		if people != cell.People {
			t.Errorf("row %d: %d people, its communes %d", row, cell.People, people)
		}
		if cell.People > 0 {
			if (cell.AccessMin == nil) != math.IsNaN(minutes[row]) || cell.AccessMin != nil && math.Abs(*cell.AccessMin-minutes[row]) > 0.101 {
				t.Errorf("row %d: access_min %v, column %v", row, cell.AccessMin, minutes[row])
			}
			if (cell.HoursWeek == nil) != math.IsNaN(hours[row]) || cell.HoursWeek != nil && math.Abs(*cell.HoursWeek-hours[row]) > 0.0501 {
				t.Errorf("row %d: hours_week %v, column %v", row, cell.HoursWeek, hours[row])
			}
		}
		if (cell.Reach == "reached") != (len(cell.Lieux) > 0) {
			t.Errorf("row %d: reach %s with %d lieux", row, cell.Reach, len(cell.Lieux))
		}
		if !slices.IsSortedFunc(cell.Lieux, func(a, b data.CellLieu) int { return int(math.Copysign(1, a.Minutes-b.Minutes)) }) {
			t.Errorf("row %d: lieux are not nearest first: %+v", row, cell.Lieux)
		}
		for _, l := range cell.Lieux {
			if l.ID != "mairie" && l.ID != "mediatheque" {
				t.Errorf("row %d: %s does not offer the service", row, l.ID)
			}
			if (l.HoursWeek == nil) != (l.ID == "mediatheque") {
				t.Errorf("row %d: %s has hours %v", row, l.ID, l.HoursWeek)
			}
			if len(cell.Lieux) > 1 && l.Minutes > 8 {
				t.Errorf("row %d: %s at %v min is beyond the cut-off and not alone", row, l.ID, l.Minutes)
			}
		}
		listed[len(cell.Lieux)]++
	}
	if listed[0] == 0 || listed[1] == 0 || listed[2] == 0 {
		t.Errorf("cells by number of lieux: %v; want some of 0, 1 and 2", listed)
	}
}

func TestTilesAreServed(t *testing.T) {
	s, _ := serving(t, Options{})
	for _, layer := range []string{"cells", "zones", "epci", "communes", "roads", "lieux"} {
		rec := get(t, s, "/tiles/"+layer+"/11/1043/698.mvt?mode=walk&cutoff=5")
		if rec.Body.Len() == 0 || rec.Header().Get("Content-Type") != "application/vnd.mapbox-vector-tile" {
			t.Errorf("%s: %d bytes of %q", layer, rec.Body.Len(), rec.Header().Get("Content-Type"))
		}
		empty := do(s, http.MethodGet, "/tiles/"+layer+"/11/0/0.mvt")
		if empty.Code != http.StatusNoContent || empty.Body.Len() != 0 || empty.Header().Get("X-Maillage-Edition") == "" {
			t.Errorf("%s: a tile of the ocean = %d with %d bytes, want 204", layer, empty.Code, empty.Body.Len())
		}
	}
	near := get(t, s, "/tiles/zones/11/1043/698.mvt?mode=walk&cutoff=5").Body.String()
	if far := get(t, s, "/tiles/zones/11/1043/698.mvt?mode=walk&cutoff=20").Body.String(); near == far {
		t.Error("zones do not depend on the cut-off")
	}
	if get(t, s, "/tiles/cells/11/1043/698.mvt?cutoff=5").Header().Get("ETag") != get(t, s, "/tiles/cells/11/1043/698.mvt").Header().Get("ETag") {
		t.Error("cells depend on the cut-off")
	}
}

// TestTilesNameWhatJSONNames: the map goes from a feature to its JSON by these.
func TestTilesNameWhatJSONNames(t *testing.T) {
	s, e := serving(t, Options{})
	features := func(layer string) []*geojson.Feature {
		layers, err := mvt.Unmarshal(get(t, s, "/tiles/"+layer+"/10/521/349.mvt?mode=walk&cutoff=5").Body.Bytes())
		if err != nil || len(layers) == 0 || layers[0].Name != layer || len(layers[0].Features) == 0 {
			t.Fatalf("%s: %d layers, %v", layer, len(layers), err)
		}
		return layers[0].Features
	}
	for _, f := range features("communes") {
		want, got := e.IFN(admin.TypeCommune)[f.Properties["code"].(string)].Score, f.Properties["ifn"]
		if (got == nil) != (want == nil) || want != nil && got != float64(want.Written()) {
			t.Errorf("communes: %v has the index %v, want %v", f.Properties["nom"], got, want)
		}
	}
	ids := map[any]bool{}
	for _, f := range getJSON[data.LieuxJSON](t, s, "/api/v1/lieux").Features {
		ids[f.ID] = true
	}
	for _, f := range features("lieux") {
		if !ids[f.Properties["ref"]] {
			t.Errorf("lieux: %v is no id of /api/v1/lieux", f.Properties["ref"])
		}
	}
	zones := getJSON[data.ZonesJSON](t, s, "/api/v1/zones-blanches?mode=walk&cutoff=5").Zones
	for _, f := range features("zones") {
		if rank := int(f.ID.(float64)); rank < 1 || rank > len(zones) || zones[rank-1].Nom != f.Properties["nom"] || float64(zones[rank-1].People) != f.Properties["people"] {
			t.Errorf("zones: feature %v %v is not that of /api/v1/zones-blanches", f.ID, f.Properties)
		}
	}
	for _, f := range features("cells") {
		row := int(f.ID.(float64))
		if level, _, ok := e.Pyramid.Row(int32(row)); !ok || float64(level.Resolution) != f.Properties["r"] {
			t.Errorf("cells: row %d of resolution %v", row, f.Properties["r"])
		}
	}
}

func TestTheIndexIsTheEditions(t *testing.T) {
	s, e := serving(t, Options{})
	type index struct {
		Level string
		Rows  []struct {
			Code  string
			Score *float64
		}
	}
	got := getJSON[index](t, s, "/api/v1/ifn?level=commune")
	if got.Level != "commune" || len(got.Rows) != 3 {
		t.Fatalf("index = %+v", got)
	}
	for _, row := range got.Rows {
		want := e.IFN(admin.TypeCommune)[row.Code].Score
		if (row.Score == nil) != (want == nil) || want != nil && math.Abs(*row.Score-float64(*want)) > 0.0051 {
			t.Errorf("%s: score %v, the edition's %v", row.Code, row.Score, want)
		}
	}
}

// TestPointsGiveTheIndexAgain: what the map is given of the index is enough to compute it.
func TestPointsGiveTheIndexAgain(t *testing.T) {
	s, e := serving(t, Options{})
	type weighed struct {
		ID       string
		SubIndex string `json:"sub_index"`
		Weight   float64
	}
	type points struct {
		MinCompleteness float64   `json:"min_completeness"`
		SubIndices      []weighed `json:"sub_indices"`
		Variables       []weighed
		Territoires     []struct {
			Code          string
			Population    int
			Points, Known map[string]float64
		}
	}
	for _, level := range []admin.Type{admin.TypeCommune, admin.TypeEPCI} {
		got := getJSON[points](t, s, "/api/v1/ifn/points?level="+string(level))
		people := e.Division.Territoires(level)
		if len(got.Territoires) != len(people) {
			t.Fatalf("%s: %d territoires, want %d", level, len(got.Territoires), len(people))
		}
		for i, row := range got.Territoires {
			sum, total, scored := 0.0, 0.0, true
			for _, sub := range got.SubIndices {
				mean, known, all := 0.0, 0.0, 0.0
				for _, v := range got.Variables {
					if v.SubIndex != sub.ID {
						continue
					}
					all += v.Weight
					if p, ok := row.Points[v.ID]; ok {
						share, partly := row.Known[v.ID]
						if !partly {
							share = 1
						}
						mean += v.Weight * share * p
						known += v.Weight * share
					}
				}
				scored = scored && known > 0 && known/all >= got.MinCompleteness-1e-9
				sum += sub.Weight * mean / known
				total += sub.Weight
			}
			want := e.IFN(level)[row.Code].Score
			if (want != nil) != scored || want != nil && math.Abs(float64(*want)-sum/total) > 1e-9 || row.Population != people[i].Population {
				t.Errorf("%s: %+v: score %v, %v; the edition's %v", row.Code, row, sum/total, scored, want)
			}
		}
	}
}

// TestTheIndexIsAsked: of one territoire, ranked among all; by weights; and as files.
func TestTheIndexIsAsked(t *testing.T) {
	s, e := serving(t, Options{})
	type index struct {
		Method, Formula string
		Ranked          int
		Variables       []struct {
			ID     string
			Weight float64
		}
		Rows []struct {
			Code string
			Rank int
		}
	}
	all := getJSON[index](t, s, "/api/v1/ifn")
	one := getJSON[index](t, s, "/api/v1/ifn?territoire=commune:02002&weights=fibre:0,publics:2")
	if len(one.Rows) != 1 || one.Rows[0].Code != "02002" || one.Ranked != all.Ranked || one.Formula != ifn.Percentile.Formula() {
		t.Errorf("index of one commune = %+v; of all, %+v", one, all)
	}
	for _, v := range one.Variables {
		if want := map[bool]float64{true: 0, false: 1}[v.ID == "fibre"]; v.Weight != want {
			t.Errorf("%s weighs %v, want %v", v.ID, v.Weight, want)
		}
	}
	for format, contentType := range map[string]string{"csv": reply.TypeCSV, "xlsx": reply.TypeXLSX} {
		r := get(t, s, "/api/v1/ifn?format="+format)
		if got := r.Header().Get("Content-Type"); r.Code != http.StatusOK || got != contentType || r.Body.Len() == 0 {
			t.Errorf("%s: %d, %s, %d bytes", format, r.Code, got, r.Body.Len())
		}
		if got, want := r.Header().Get("Content-Disposition"), `attachment; filename="ifn-`+e.ID+"."+format+`"`; got != want {
			t.Errorf("%s: Content-Disposition %s, want %s", format, got, want)
		}
	}
}

// sum is of values carried by people.
type sum struct{ total, people float64 }

func (s *sum) add(value, people float64) {
	s.total += value * people
	s.people += people
}

// mean is NaN when nobody carries a value.
func (s *sum) mean() float64 { return s.total / s.people }

// TestCompletenessIsTheReportOfTheIndex: the map asks for what the index lacks alone, and gets
// what /api/v1/ifn says, under any weights.
func TestCompletenessIsTheReportOfTheIndex(t *testing.T) {
	s, _ := serving(t, Options{})
	for _, question := range []string{"level=commune", "level=epci", "level=epci&weights=publics:2,fibre:0"} {
		whole := getJSON[struct {
			Report map[string]any `json:"completeness_report"`
		}](t, s, "/api/v1/ifn?"+question)
		alone := getJSON[map[string]any](t, s, "/api/v1/ifn/completude?"+question)
		delete(alone, "edition")
		if diff := cmp.Diff(whole.Report, alone); diff != "" || len(alone) == 0 {
			t.Errorf("%s: %s", question, diff)
		}
	}
}
