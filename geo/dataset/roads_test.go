package dataset

import (
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// TestRoadsOfTwoOrigins has the reader of roads told by how a file starts, whatever its name.
func TestRoadsOfTwoOrigins(t *testing.T) {
	kind, err := Parse("roads")
	if err != nil {
		t.Fatal(err)
	}
	osm := sourcetest.Memory("a.shp", []byte(`<osm version="0.6"><node id="1" lat="49" lon="3"/><node id="2" lat="49.1" lon="3"/><way id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way></osm>`))
	topo := sourcetest.Memory("b.osm.pbf", sourcetest.Zipped(
		sourcetest.Member{Name: "ROUTE.SHP", Data: sourcetest.ShapesOf(13, [][][3]float64{{{745_000, 6_940_000, 80}, {746_000, 6_940_000, 80}}})},
		sourcetest.Member{Name: "ROUTE.DBF", Data: sourcetest.DbfOf([]string{"ID", "NATURE", "SENS"}, []string{"TRONROUT0000000000000001", "Chemin", "Double"})},
		sourcetest.Member{Name: "ROUTE.PRJ", Data: sourcetest.L93WKT}))
	for _, tt := range []struct {
		special string
		in      []source.Input
		format  string
		fault   string
	}{
		{"OpenStreetMap", []source.Input{osm}, "OSM XML", ""},
		{"BD TOPO", []source.Input{topo}, "Shapefile", ""},
		{"both", []source.Input{osm, topo}, "", "import roads: a.shp: ce n'est pas une livraison de la BD TOPO, comme l'autre fichier"},
		{"neither", []source.Input{sourcetest.Memory("x.csv", []byte("a,b\n1,2\n"))}, "", "attendu un fichier OpenStreetMap"},
	} {
		report, err := kind.Check(t.Context(), tt.in, source.Options{}, nil)
		switch {
		case tt.fault == "" && (err != nil || report.Accepted != 1 || report.Manifest.Format != tt.format):
			t.Errorf("%s: %v, %+v; want one road of %s", tt.special, err, report, tt.format)
		case tt.fault != "" && (err == nil || !strings.Contains(err.Error(), tt.fault)):
			t.Errorf("%s: %v, want %s", tt.special, err, tt.fault)
		}
	}
}
