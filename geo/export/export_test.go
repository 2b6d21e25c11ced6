package export

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/aisne-numerique/maillage/geo/store"
)

// layer has a value of each type, each unknown once, and a ring wound the wrong way.
func layer() store.Layer {
	ring := orb.Ring{{3, 49}, {3, 50}, {4, 50}, {3, 49}}
	return store.Layer{Name: "essai", Title: "Essai", Geometry: "POLYGON",
		Columns: []store.Column{{Name: "nom", Type: "TEXT"}, {Name: "hab", Type: "INTEGER"}, {Name: "min", Type: "REAL"}},
		Rows: slices.Values([]store.LayerRow{
			{Geometry: orb.Polygon{ring}, Values: []any{`L'"Aisne", ; ici`, int64(0), 12.5}},
			{Values: []any{nil, nil, nil}},
		})}
}

func TestCSV(t *testing.T) {
	for _, c := range []struct {
		comma bool
		want  string
	}{
		{false, "nom,hab,min,edition\r\n\"L'\"\"Aisne\"\", ; ici\",0,12.5,abc\r\n,,,abc\r\n"},
		{true, "nom;hab;min;edition\r\n\"L'\"\"Aisne\"\", ; ici\";0;12,5;abc\r\n;;;abc\r\n"},
	} {
		var out bytes.Buffer
		if err := CSV(&out, layer(), Style{DecimalComma: c.comma, Last: [][2]string{{"edition", "abc"}}}); err != nil || out.String() != c.want {
			t.Errorf("decimal comma %t: %v\n%q\nwant\n%q", c.comma, err, out.String(), c.want)
		}
	}
}

// No text of a published file becomes a formula; numbers stay numbers, below zero too.
func TestCSVHoldsNoFormula(t *testing.T) {
	l := layer()
	texts := []string{"=1+1", "+33", "-2 places", "@SUM(A1)", "\t=1", "\r=1", "L'Aisne", "a=b", "'=1"}
	l.Rows = func(yield func(store.LayerRow) bool) {
		for _, text := range texts {
			if !yield(store.LayerRow{Values: []any{text, int64(-3), -1.5}}) {
				return
			}
		}
	}
	for _, comma := range []bool{false, true} {
		var out bytes.Buffer
		if err := CSV(&out, l, Style{DecimalComma: comma, Last: [][2]string{{"modelise", "=2"}}}); err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(&out)
		last := "-1.5"
		if comma {
			r.Comma, last = ';', "-1,5"
		}
		lines, err := r.ReadAll()
		if err != nil || len(lines) != len(texts)+1 {
			t.Fatalf("%v, %d lines", err, len(lines))
		}
		for i, line := range lines[1:] {
			if strings.ContainsAny(line[0][:1], "=+-@\t\r") || strings.TrimPrefix(line[0], "'") != strings.TrimPrefix(strings.Trim(texts[i], "\r"), "'") {
				t.Errorf("%q is written %q", texts[i], line[0])
			}
			if line[1] != "-3" || line[2] != last || line[3] != "'=2" {
				t.Errorf("numbers and the last column: %q", line[1:])
			}
		}
	}
}

func TestGeoJSON(t *testing.T) {
	var out bytes.Buffer
	if err := GeoJSON(&out, layer(), &About{Edition: "abc", Sources: []Source{{Licence: "Licence Ouverte 2.0"}}}); err != nil {
		t.Fatal(err)
	}
	fc, err := geojson.UnmarshalFeatureCollection(out.Bytes())
	if err != nil || len(fc.Features) != 2 {
		t.Fatalf("%v\n%s", err, &out)
	}
	if fc.ExtraMembers["edition"] != "abc" || fc.ExtraMembers["sources"] == nil || fc.ExtraMembers["title"] != "Essai" {
		t.Errorf("of the collection: %v", fc.ExtraMembers)
	}
	first, second := fc.Features[0], fc.Features[1]
	if first.Properties["hab"] != 0.0 || first.Properties["min"] != 12.5 {
		t.Errorf("properties %v", first.Properties)
	}
	if second.Geometry != nil || len(second.Properties) != 0 {
		t.Errorf("what is unknown is there: %v, %v", second.Geometry, second.Properties)
	}
}

// TestWind turns the rings of outlines as RFC 7946 asks for; those of an edition are looked
// at by the tests of /ogc.
func TestWind(t *testing.T) {
	outer, hole := orb.Ring{{0, 0}, {0, 4}, {4, 4}, {0, 0}}, orb.Ring{{1, 2}, {2, 3}, {1, 3}, {1, 2}}
	mp := orb.MultiPolygon{{outer, hole}}
	wind(mp)
	if outer.Orientation() != orb.CCW || hole.Orientation() != orb.CW {
		t.Errorf("outer ring %v, hole %v", outer, hole)
	}
}

// TestStylesAreXML: QGIS passes over a style that it cannot parse, and says nothing.
func TestStylesAreXML(t *testing.T) {
	for name, qml := range Styles() {
		d := xml.NewDecoder(bytes.NewReader([]byte(qml)))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
		}
	}
}
