package bdtopo

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// TestHomes counts dwellings where buildings tell them, else by footprint and height.
func TestHomes(t *testing.T) {
	names := []string{"ID", "USAGE1", "USAGE2", "LEGER", "ETAT", "N:NB_LOGTS", "N:NB_ETAGES", "N:HAUTEUR"}
	line := sourcetest.ShapesOf(13, [][][3]float64{{{east, north, 80}, {east + 100, north, 80}}})
	for _, tt := range []struct {
		special, row string
		side         float64 // metres
		want         string
	}{
		{"told", "Résidentiel,,Non,En service,12,4,12", 20, "12"},
		{"told of another use", "Commercial et services,Résidentiel,Non,En service,3,,", 20, "3"},
		{"told of a use that is not", "Indifférencié,,Non,En service,1,,", 10, "1"},
		{"told: none", "Résidentiel,,Non,En service,0,2,6", 20, ""},
		{"a house", "Résidentiel,,Non,En service,,2,6", 10, "1"},
		{"a house of which nothing is told", "Résidentiel,,Non,En service,,,", 10, "1"},
		{"five floors of 400 m²", "Résidentiel,,Non,En service,,5,", 20, "17.58"},
		{"as high as five floors", "Résidentiel,,Non,En service,,,15.2", 20, "17.58"},
		{"a small one", "Résidentiel,,Non,En service,,1,3", 4, ""},
		{"a large house", "Résidentiel,,Non,En service,,2,6", 13, "1"},
		{"told: more than any has", "Résidentiel,,Non,En service,99999,4,12", 20, "2000"},
		{"a shed", "Résidentiel,,Oui,En service,,1,3", 5, ""},
		{"a factory", "Industriel,,Non,En service,,1,9", 80, ""},
		{"ruins", "Résidentiel,,Non,En ruine,12,4,12", 20, ""},
	} {
		row := append([]string{"BATIMENT0000000000000001"}, strings.Split(latin1(tt.row), ",")...)
		shp := sourcetest.ShpOf(15, []orb.Ring{sourcetest.Box(0, 0, tt.side)}, []orb.Ring{sourcetest.Box(0, 0, tt.side)})
		in := sourcetest.Memory("d.zip", sourcetest.Zipped(
			sourcetest.Member{Name: "TRONCON_DE_ROUTE.shp", Data: line}, sourcetest.Member{Name: "TRONCON_DE_ROUTE.dbf", Data: sourcetest.DbfOf([]string{"ID", "NATURE", "SENS"}, []string{"TRONROUT0000000000000001", "Chemin", "Double"})},
			sourcetest.Member{Name: "TRONCON_DE_ROUTE.prj", Data: sourcetest.L93WKT},
			// The building comes twice, as in two deliveries.
			sourcetest.Member{Name: "BATIMENT.shp", Data: shp}, sourcetest.Member{Name: "BATIMENT.dbf", Data: sourcetest.DbfOf(names, row, row)}, sourcetest.Member{Name: "BATIMENT.prj", Data: sourcetest.L93WKT}))
		all, report := ways(t, in)
		sourcetest.None(t, report.Rejected)
		got := ""
		for _, w := range all[1:] {
			got += w.Tags["homes"]
			middle, _ := geo.Lambert93.ToLonLat(east+tt.side/2, north+tt.side/2)
			if d := geo.Distance(w.At[0], middle); d > 0.1 {
				t.Errorf("%s: %.1f m from the building", tt.special, d)
			}
		}
		var a, b float64
		_, _ = fmt.Sscan(got, &a)
		_, _ = fmt.Sscan(tt.want, &b)
		if (got == "") != (tt.want == "") || math.Abs(a-b) > 0.006*b || report.Read != 1 || report.Accepted != 1 {
			t.Errorf("%s: homes=%s, want %s; %d read, %d accepted", tt.special, got, tt.want, report.Read, report.Accepted)
		}
		var counted source.Homes
		if tt.want != "" {
			counted = source.Homes{Dwellings: int(math.Round(b)), Buildings: 1, Rows: 1}
		}
		if h := report.Homes; h == nil && tt.want != "" || h != nil && *h != counted {
			t.Errorf("%s: told %+v, want %+v", tt.special, h, counted)
		}
		if estimated := strings.Contains(told(report), "bâtiments habités sans nombre"); estimated != (tt.want != "" && strings.Split(tt.row, ",")[4] == "") {
			t.Errorf("%s: told %s", tt.special, told(report))
		}
	}
}
