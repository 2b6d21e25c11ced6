package outline_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/source"
)

// drawing is a GeoJSON of features.
func drawing(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func quarter(properties, geometry string) string {
	return `{"type":"Feature","properties":{` + properties + `},"geometry":` + geometry + `}`
}

const square = `{"type":"Polygon","coordinates":[[[3.4,49.1],[3.41,49.1],[3.41,49.11],[3.4,49.11],[3.4,49.1]]]}`

func readDrawn(t *testing.T, text string, o source.Options) (dataset string, sets []admin.Set, report *source.Report, end error) {
	t.Helper()
	o.MaxRejectShare = 1
	return readSets(t, "t.geojson", text, o)
}

func TestOutlinesOfTerritoires(t *testing.T) {
	for _, c := range []struct {
		name, properties, typ string
		want                  admin.Set
	}{
		{"a quartier prioritaire", `"code_qp":"QN00201M","lib_qp":"Europe","pop_mun_2018":"1 240"`, "", admin.Set{Type: "qpv", Code: "QN00201M", Nom: "Europe", Population: 1240, Year: "2018"}},
		{"the last of two years", `"code":"A","nom":"N","pop_mun_2018":10,"pop_mun_2020":12`, "petr", admin.Set{Type: "petr", Code: "A", Nom: "N", Population: 12, Year: "2020"}},
		{"a type of its own, no code", `"nom":"Vieux bourg","type":"quartier"`, "", admin.Set{Type: "quartier", Code: "vieux-bourg", Nom: "Vieux bourg"}},
		{"a secret", `"code":"A","nom":"N","population":"nd"`, "petr", admin.Set{Type: "petr", Code: "A", Nom: "N"}},
	} {
		dataset, sets, report, err := readDrawn(t, drawing(quarter(c.properties, square)), source.Options{Type: c.typ})
		if err != nil || len(sets) != 1 || len(report.Rejected) > 0 || dataset != string(c.want.Type) {
			t.Errorf("%s: dataset %q, %v, %v, %v", c.name, dataset, sets, report, err)
			continue
		}
		got := sets[0]
		if len(got.Outline) != 1 {
			t.Errorf("%s: no outline", c.name)
		}
		if got.Outline = nil; fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %+v; want %+v", c.name, got, c.want)
		}
	}
}

func TestOutlinesThatAreRefused(t *testing.T) {
	for _, c := range []struct{ name, properties, geometry, want string }{
		{"a bow-tie", `"code":"A","nom":"N"`, `{"type":"Polygon","coordinates":[[[3.4,49.1],[3.42,49.11],[3.42,49.1],[3.4,49.12],[3.4,49.1]]]}`, "se croise lui-même"},
		{"a sliver", `"code":"A","nom":"N"`, `{"type":"Polygon","coordinates":[[[3.4,49.1],[3.40001,49.1],[3.40001,49.10001],[3.4,49.1]]]}`, "un reste de dessin"},
		{"neither code nor name", `"x":1`, square, "code du territoire absent"},
		{"a population that is none", `"code":"A","nom":"N","population":"beaucoup"`, square, "attendu un nombre d'habitants"},
	} {
		_, _, report, err := readDrawn(t, drawing(quarter(`"code":"Z","nom":"Z"`, square), quarter(c.properties, c.geometry)), source.Options{Type: "petr"})
		if err != nil || len(report.Rejected) != 1 || !strings.Contains(report.Rejected[0].String(), c.want) || report.Rejected[0].Row != 2 {
			t.Errorf("%s: %v, %v; want %q", c.name, report.Rejected, err, c.want)
		}
	}
	point := quarter(`"code_qp":"QN1","lib_qp":"A"`, `{"type":"Point","coordinates":[3.4,49.1]}`)
	if _, _, _, err := readDrawn(t, drawing(point, point), source.Options{}); err == nil || !strings.Contains(err.Error(), "2 points et aucun contour") {
		t.Errorf("a file of points: %v", err)
	}
	// Centres of several at once, as they are published, are centres all the same.
	several := quarter(`"code_qp":"QN1, QN2","lib_qp":"A, B"`, `{"type":"Point","coordinates":[3.4,49.1]}`)
	if _, _, _, err := readDrawn(t, drawing(several, point), source.Options{}); err == nil || !strings.Contains(err.Error(), "2 points et aucun contour") {
		t.Errorf("a file of points of several: %v", err)
	}
	if _, _, report, err := readDrawn(t, drawing(quarter(`"code":"A","nom":"N"`, square), quarter(`"code":"A","nom":"N"`, square)), source.Options{}); err == nil || len(report.Rejected) != 2 || !strings.Contains(report.Rejected[0].Reason, "--type qpv") {
		t.Errorf("no type: %v, %v", report, err)
	}
}
