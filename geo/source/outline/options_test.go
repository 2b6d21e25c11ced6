package outline

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

func TestMovesFollowEachOther(t *testing.T) {
	m, err := ReadMoves(t.Context(), []source.Input{sourcetest.Memory("2019.csv", []byte("ancien;nouveau\n02001;02002\n02005;02005\n")), sourcetest.Memory("2024.csv", []byte("ancien,nouveau\n02002,02003\n02001,02002\n"))})
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]string{"02001": "02003", "02002": "02003", "02003": "02003", "02005": "02005", "02408": "02408"} {
		if got, moved := m.Current(code); got != want || moved != (got != code) {
			t.Errorf("Current(%s) = %s, %v; want %s", code, got, moved, want)
		}
	}
	if got, moved := (*source.Moves)(nil).Current("02001"); got != "02001" || moved {
		t.Errorf("no moves: %s, %v", got, moved)
	}
	if len(m.Files) != 2 || m.Files[1].Name != "2024.csv" {
		t.Errorf("files %v", m.Files)
	}
}

// TestMergedCommunes joins what moves say, by hand.
func TestMergedCommunes(t *testing.T) {
	square := func(x float64) string {
		return fmt.Sprintf(`"geometry":{"type":"Polygon","coordinates":[[[%v,49],[%v,49],[%v,50],[%v,50],[%v,49]]]}`, x, x+1, x+1, x, x)
	}
	outline := func(x float64) orb.Polygon { return orb.Polygon{{{x, 49}, {x + 1, 49}, {x + 1, 50}, {x, 50}, {x, 49}}} }
	data := collection(
		`{"type":"Feature","properties":{"code":"02001","nom":"A","population":10},`+square(1)+`}`,
		`{"type":"Feature","properties":{"code":"02002","nom":"B","epci":"200043495","population":5},`+square(2)+`}`,
		`{"type":"Feature","properties":{"code":"02003","nom":"C","population":3},`+square(3)+`}`,
		`{"type":"Feature","properties":{"code":"02004","nom":"D"},`+square(4)+`}`)
	moves, err := ReadMoves(t.Context(), []source.Input{sourcetest.Memory("m.csv", []byte("ancien,nouveau\n02001,02002\n02004,02005\n"))})
	if err != nil {
		t.Fatal(err)
	}
	table, err := CommuneTable(t.Context(), []source.Input{sourcetest.Memory("t.csv", []byte("code,nom,epci,population\n02005,D-sur-Aisne,200040426,0\n02003,C,200040426,99\n"))})
	if err != nil {
		t.Fatal(err)
	}
	imp, err := Communes(t.Context(), []source.Input{sourcetest.Memory("c.geojson", data)}, source.Options{Moves: moves, Attributes: table})
	want := []admin.Commune{
		{Code: "02003", Nom: "C", EPCI: "200040426", Population: 3, Point: geo.LonLat{Lon: 3.5, Lat: 49.5}, Outline: orb.MultiPolygon{outline(3)}},
		{Code: "02002", Nom: "B", EPCI: "200043495", Population: 15, Point: geo.LonLat{Lon: 2.5, Lat: 49.5}, Outline: orb.MultiPolygon{outline(2), outline(1)}},
		{Code: "02005", Nom: "D-sur-Aisne", EPCI: "200040426", Population: 0, Point: geo.LonLat{Lon: 4.5, Lat: 49.5}, Outline: orb.MultiPolygon{outline(4)}},
	}
	if diff := cmp.Diff(want, sourcetest.Rows(t, imp, err)); diff != "" {
		t.Errorf("communes (-want +got):\n%s", diff)
	}
	var told []string
	for _, w := range imp.Report.Warnings {
		told = append(told, w.String())
	}
	if diff := cmp.Diff([]string{
		"c.geojson:1: code « 02001 » : ancienne commune ; réunie à 02002",
		"c.geojson:4: code « 02004 » : ancien code de commune ; lu sous le code actuel 02005",
		"c.geojson: nom : communes dont le nom est celui du tableau des communes, comme « D-sur-Aisne » au lieu de « D » : 1",
	}, told); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if r := imp.Report; r.Read != 4 || r.Merged != 1 || len(r.Manifest.Files) != 3 {
		t.Errorf("%d read, %d merged, files %v", r.Read, r.Merged, r.Manifest.Files)
	}
}

// TestGeoJSONInEverySystem draws one square in each, named before and after the
// features, or asked for.
func TestGeoJSONInEverySystem(t *testing.T) {
	corners := []geo.LonLat{{Lon: 3.6, Lat: 49.5}, {Lon: 3.7, Lat: 49.5}, {Lon: 3.7, Lat: 49.6}, {Lon: 3.6, Lat: 49.6}, {Lon: 3.6, Lat: 49.5}}
	for _, crs := range []geo.CRS{geo.WGS84, geo.Lambert93, geo.WebMercator, geo.LAEA} {
		var positions []string
		for _, c := range corners {
			x, y, err := crs.FromLonLat(c)
			if err != nil {
				t.Fatal(err)
			}
			positions = append(positions, source.PositionText([]float64{x, y}))
		}
		feature := `{"type":"Feature","properties":{"INSEE_COM":"02408","NOM":"Laon","POPULATION":1},"geometry":{"type":"Polygon","coordinates":[[` + strings.Join(positions, ",") + `]]}}`
		member := fmt.Sprintf(`"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::%d"}}`, crs)
		for _, tt := range []struct {
			special, text string
			o             source.Options
		}{
			{"named first", `{"type":"FeatureCollection",` + member + `,"features":[` + feature + `]}`, source.Options{}},
			{"named last", `{"features":[` + feature + `],` + member + `,"type":"FeatureCollection"}`, source.Options{}},
			{"asked for", `{"type":"FeatureCollection","features":[` + feature + `]}`, source.Options{CRS: crs}},
		} {
			imp, err := Communes(t.Context(), []source.Input{sourcetest.Memory("c.geojson", []byte(tt.text))}, tt.o)
			got := sourcetest.Rows(t, imp, err)
			for i, p := range got[0].Outline[0][0] {
				if d := geo.Distance(corners[i], geo.LonLat{Lon: p[0], Lat: p[1]}); d > 0.01 {
					t.Errorf("%s, %s: corner %d is %v m off", crs, tt.special, i, d)
				}
			}
		}
	}
}
