package outline

import (
	"encoding/json"
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

// collection wraps features into a GeoJSON text.
func collection(features ...string) []byte {
	return []byte(`{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`)
}

func TestCommunes(t *testing.T) {
	// A square with a hole, both wound the wrong way, with elevations; and a
	// commune of two parts without EPCI.
	data := collection(
		`{"type":"Feature","id":1,"properties":{"code":"02408","nom":"Laon","siren":"200043495","population":24000,"point":[3.5,49.5]},"geometry":{"type":"Polygon","coordinates":[
			[[3,49,80],[3,50,80],[4,50,80],[4,49,80],[3,49,80]],[[3.6,49.6],[3.8,49.6],[3.8,49.8],[3.6,49.8],[3.6,49.6]]]}}`,
		`{"type":"Feature","properties":{"code":"2A004","nom":" Ajaccio ","epci":null,"population":0},"geometry":{"type":"MultiPolygon","coordinates":[[[[8,41],[9,41],[9,42],[8,42],[8,41]]],[[[6,41],[6.5,41],[6.5,42],[6,42],[6,41]]]]}}`)
	imp, err := Communes(t.Context(), []source.Input{sourcetest.Memory("c.geojson", append([]byte("\ufeff"), data...))}, source.Options{})
	got := sourcetest.Rows(t, imp, err)
	want := []admin.Commune{
		{Code: "02408", Nom: "Laon", EPCI: "200043495", Population: 24000, Point: geo.LonLat{Lon: 3.5, Lat: 49.5}, Outline: orb.MultiPolygon{{
			{{3, 49}, {4, 49}, {4, 50}, {3, 50}, {3, 49}}, {{3.6, 49.6}, {3.6, 49.8}, {3.8, 49.8}, {3.8, 49.6}, {3.6, 49.6}}}}},
		{Code: "2A004", Nom: "Ajaccio", Point: geo.LonLat{Lon: 8.5, Lat: 41.5}, Outline: orb.MultiPolygon{
			{{{8, 41}, {9, 41}, {9, 42}, {8, 42}, {8, 41}}}, {{{6, 41}, {6.5, 41}, {6.5, 42}, {6, 42}, {6, 41}}}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("communes (-want +got):\n%s", diff)
	}
	if w := imp.Report.Warnings; len(w) != 1 || w[0].String() != "c.geojson:2: epci « Ajaccio » : communes sans EPCI : 1 ; leurs habitants ne compteront dans aucun" {
		t.Errorf("warnings %v", w)
	}
}

func TestEPCI(t *testing.T) {
	square := `"geometry":{"type":"Polygon","coordinates":[[[3,49],[4,49],[4,50],[3,50],[3,49]]]}`
	imp, err := EPCI(t.Context(), []source.Input{sourcetest.Memory("e.geojson", collection(
		`{"type":"Feature","properties":{"code":"200043495","nom":"CA du Pays de Laon"},`+square+`}`,
		`{"type":"Feature","properties":{"siren":200040426,"nom":"CC du Val de l'Oise","population":"?"},`+square+`}`))}, source.Options{})
	outline := orb.MultiPolygon{{{{3, 49}, {4, 49}, {4, 50}, {3, 50}, {3, 49}}}}
	want := []admin.EPCI{{Code: "200043495", Nom: "CA du Pays de Laon", Outline: outline}, {Code: "200040426", Nom: "CC du Val de l'Oise", Outline: outline}}
	if diff := cmp.Diff(want, sourcetest.Rows(t, imp, err)); diff != "" {
		t.Errorf("EPCI (-want +got):\n%s", diff)
	}
}

func TestReferenceSystems(t *testing.T) {
	const feature = `{"type":"Feature","properties":{"code":"02408","nom":"Laon","population":1},"geometry":{"type":"Polygon","coordinates":[[[3,49],[4,49],[4,50],[3,49]]]}}`
	for _, tt := range []struct {
		special, crs string
		ok           bool
	}{
		{"null", `null`, true},
		{"CRS84 with a version", `{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}`, true},
		{"EPSG:4326 as a URN", `{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4326"}}`, true},
		{"EPSG:4326 in short", `{"type":"name","properties":{"name":"EPSG:4326"}}`, true},
		{"as an address", `{"type":"name","properties":{"name":"http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}`, true},
		{"as a number", `{"type":"EPSG","properties":{"code":4326}}`, true},
		{"Lambert-93", `{"type":"name","properties":{"name":"EPSG:2154"}}`, false},
		{"ends like 4326 but is not", `{"type":"name","properties":{"name":"EPSG:14326"}}`, false},
		{"a link", `{"type":"link","properties":{"href":"http://example.org/crs"}}`, false},
		{"a text", `"EPSG:4326"`, false},
	} {
		for _, text := range []string{
			`{"type":"FeatureCollection","crs":` + tt.crs + `,"features":[` + feature + `]}`,
			`{"features":[` + feature + `],"bbox":[3,49,{"deep":[[]]},50],"crs":` + tt.crs + `,"type":"FeatureCollection"}`,
		} {
			imp, err := Communes(t.Context(), []source.Input{sourcetest.Memory("c.geojson", []byte(text))}, source.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var last error
			for _, last = range imp.Rows {
			}
			if (last == nil) != tt.ok {
				t.Errorf("%s: error %v, want one: %v", tt.special, last, !tt.ok)
			}
		}
	}
}

func FuzzGeoJSON(f *testing.F) {
	const props = `"properties":{"code":"02408","nom":"Laon","population":1}`
	for _, s := range []string{
		string(collection(`{"type":"Feature",` + props + `,"geometry":{"type":"Polygon","coordinates":[[[3,49],[4,49],[4,50],[3,49]]]}}`)),
		string(collection(`{"type":"Feature",`+props+`,"geometry":{"type":"MultiPolygon","coordinates":[[[[3,49],[4,49],[4,50],[3,49]],[]]]}}`, `7`, `null`)),
		`{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:4326"}},"features":[]}`,
		`{"features":{}}`, `[`, `{"type":"FeatureCollection","features":[{"type":"Feature"`, "\ufeff{}", `{"x":[[[[{}]]]]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		imp, err := Communes(t.Context(), []source.Input{sourcetest.Memory("c.geojson", data)}, source.Options{MaxRejectShare: 1})
		if err != nil {
			t.Fatal(err)
		}
		var last error
		for c, err := range imp.Rows {
			if last = err; err != nil {
				continue
			}
			for _, polygon := range c.Outline {
				for i, ring := range polygon {
					if len(ring) < 4 || ring[0] != ring[len(ring)-1] || (ring.Orientation() == orb.CCW) != (i == 0) {
						t.Fatalf("%q: ring %v", data, ring)
					}
				}
			}
			if c.Point.Check() != nil || c.Code == "" || c.Nom == "" || c.Population < 0 {
				t.Fatalf("%q: commune %+v", data, c)
			}
		}
		r := imp.Report
		if last == nil && r.Read != r.Accepted+len(r.Rejected) {
			t.Fatalf("%q: %d read, %d accepted, %d rejected", data, r.Read, r.Accepted, len(r.Rejected))
		}
		if _, err := json.Marshal(r); err != nil {
			t.Fatal(err)
		}
		if last != nil && !strings.HasPrefix(fmt.Sprint(last), "import communes: ") {
			t.Fatalf("%q: error without an address: %v", data, last)
		}
	})
}
