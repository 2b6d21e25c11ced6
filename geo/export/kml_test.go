package export

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/store"
)

// placemarks is a document as a viewer reads it.
type placemarks struct {
	Document struct {
		Name        string `xml:"name"`
		Description string `xml:"description"`
		Style       []struct {
			ID   string `xml:"id,attr"`
			Line string `xml:"LineStyle>color"`
			Poly string `xml:"PolyStyle>color"`
			Icon string `xml:"IconStyle>color"`
			Text string `xml:"BalloonStyle>text"`
		}
		Folder []struct {
			Name      string `xml:"name"`
			Visible   int    `xml:"visibility"`
			Placemark []struct {
				Name        string   `xml:"name"`
				Visible     int      `xml:"visibility"`
				Description string   `xml:"description"`
				Style       string   `xml:"styleUrl"`
				Point       string   `xml:"Point>coordinates"`
				Outer       []string `xml:"MultiGeometry>Polygon>outerBoundaryIs>LinearRing>coordinates"`
				Inner       []string `xml:"MultiGeometry>Polygon>innerBoundaryIs>LinearRing>coordinates"`
			}
		}
	}
}

// hostile is what a name may hold: HTML, a variable of a balloon, the end of a section of
// XML, characters that XML has not.
const hostile = `<script>alert("1")</script> & L'Aisne ]]> $[description]` + "\x01"

func kmlResults() *Results {
	square := func(lon, lat, size float64) orb.Ring {
		return orb.Ring{{lon, lat}, {lon + size, lat}, {lon + size, lat + size}, {lon, lat + size}, {lon, lat}}
	}
	outline := orb.MultiPolygon{{square(3, 49, 1), square(3.123456789, 49.25, 0.25)}, {square(5, 49, 1)}}
	gaps := []store.Column{{Name: "rang", Type: "INTEGER", Title: "rang"}, {Name: "type", Type: "TEXT", Title: "type"}, {Name: "nom", Type: "TEXT", Title: "nom"},
		{Name: "population_hab", Type: "INTEGER", Title: "habitants", Unit: "habitants"}, {Name: "blanche_hab", Type: "INTEGER", Title: "en zone blanche", Unit: "habitants"},
		{Name: "acces_moyenne_min", Type: "REAL", Title: "temps moyen, en minutes", Unit: "minutes"}, {Name: "heures", Type: "REAL", Title: "heures à portée", Unit: "heures par semaine"}}
	row := func(g orb.Geometry, values ...any) store.LayerRow { return store.LayerRow{Geometry: g, Values: values} }
	return &Results{
		About: About{Edition: "abc", Program: "maillage/test", Sources: []Source{{Source: "IGN <2018>"}, {Source: "ANCT"}, {Source: "IGN <2018>"}},
			Modelled: []edition.Modelled{{Name: "routes", Sentence: "Routes modélisées"}, {Name: "tournées", Sentence: "Tournées modélisées"}}},
		Layers: []store.Layer{
			{Name: "cells", Geometry: "POLYGON", Title: "Cellules", Rows: slices.Values([]store.LayerRow{row(orb.Polygon{square(3, 49, 1)})})},
			{Name: "zones_blanches", Geometry: "MULTIPOLYGON", Title: "Zones blanches : habitants sans lieu. Question.",
				Columns: []store.Column{{Name: "rang", Title: "rang"}, {Name: "commune", Title: "commune"}},
				Rows:    slices.Values([]store.LayerRow{row(outline, int64(1), "Hirson")})},
			{Name: "communes", Geometry: "MULTIPOLYGON", Title: "Communes : écarts. Question.", Columns: gaps, Rows: slices.Values([]store.LayerRow{
				row(outline, int64(1), "commune", hostile, int64(200), int64(40), 12.3456, nil),
				row(outline, int64(2), "commune", "Vide", int64(0), int64(0), nil, 17.5),
				row(nil, int64(3), "commune", "Sans contour", int64(9), int64(9), nil, nil)})},
			{Name: "epci", Geometry: "MULTIPOLYGON", Title: "EPCI : écarts", Columns: gaps, Rows: slices.Values([]store.LayerRow{
				row(outline, int64(1), "epci", "Tout blanc", int64(10), int64(10), 5.0, nil)})},
			{Name: "lieux", Geometry: "POINT", Title: "Lieux et arrêts.", Columns: []store.Column{{Name: "nom", Title: "nom"}},
				Rows: slices.Values([]store.LayerRow{row(orb.Point{3.12345678, -49}, "Mairie")})},
		},
	}
}

func TestKML(t *testing.T) {
	r := kmlResults()
	var out, again, zipped bytes.Buffer
	for _, err := range []error{r.KML(&out), r.KML(&again), r.KMZ(&zipped)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Error("the same results gave other bytes")
	}
	z, err := zip.NewReader(bytes.NewReader(zipped.Bytes()), int64(zipped.Len()))
	if err != nil || len(z.File) != 1 || z.File[0].Name != "doc.kml" {
		t.Fatalf("KMZ: %v, %v", z, err)
	}
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	if inside, err := io.ReadAll(f); err != nil || !bytes.Equal(inside, out.Bytes()) {
		t.Errorf("KMZ holds another document (%v)", err)
	}

	var got placemarks
	if err := xml.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	d := got.Document
	styles := map[string]bool{}
	for _, s := range d.Style {
		styles["#"+s.ID] = true
		if s.Text != "$[description]" {
			t.Errorf("style %s: the balloon shows %q", s.ID, s.Text)
		}
	}
	// Zones are drawn #4a0a2b and filled #8a1250, lieux #14213d; the highest share is #431a50.
	for _, s := range d.Style {
		want := map[string][3]string{"zone": {"ff2b0a4a", "a650128a", ""}, "lieu": {"", "", "ff3d2114"}, "part-4": {"ff6b6b6b", "a6501a43", ""}}
		if w, ok := want[s.ID]; ok && w != [3]string{s.Line, s.Poly, s.Icon} {
			t.Errorf("style %s: %s, %s, %s; want %v (aabbggrr)", s.ID, s.Line, s.Poly, s.Icon, w)
		}
	}
	if !strings.Contains(d.Name, "abc") || !strings.Contains(d.Description, "Source") || !strings.Contains(d.Description, "Routes modélisées") {
		t.Errorf("document %q: %q", d.Name, d.Description)
	}
	type mark struct {
		folder, name, style string
		visible             int
	}
	var marks []mark
	for _, f := range d.Folder {
		for _, p := range f.Placemark {
			marks = append(marks, mark{f.Name, p.Name, p.Style, p.Visible})
			if p.Visible != f.Visible {
				t.Errorf("%s in %s: visible %d, its folder %d", p.Name, f.Name, p.Visible, f.Visible)
			}
			if !styles[p.Style] {
				t.Errorf("%s: no style %s", p.Name, p.Style)
			}
			for _, want := range []string{"Édition : abc", "Sources : IGN &lt;2018&gt; ; ANCT", "Modélisé : routes, tournées"} {
				if !strings.Contains(p.Description, want) {
					t.Errorf("%s: %q does not say %q", p.Name, p.Description, want)
				}
			}
			if strings.Contains(p.Description, "<script") || strings.Contains(p.Description, "$[") {
				t.Errorf("%s: %q holds what data wrote", p.Name, p.Description)
			}
		}
	}
	if diff := cmp.Diff([]mark{
		{"Zones blanches", "Zone blanche 1 (Hirson)", "#zone", 1},
		{"Communes", strings.ReplaceAll(hostile, "\x01", "\ufffd"), "#part-2", 0}, // 20 %: the bound belongs to the band above
		{"Communes", "Vide", "#vide", 0},
		{"EPCI", "Tout blanc", "#part-4", 1},
		{"Lieux et arrêts", "Mairie", "#lieu", 1},
	}, marks, cmp.AllowUnexported(mark{})); diff != "" {
		t.Errorf("placemarks (-want +got):\n%s", diff)
	}
	first := d.Folder[1].Placemark[0]
	if len(first.Outer) != 2 || len(first.Inner) != 1 || first.Inner[0] != "3.123457,49.25 3.373457,49.25 3.373457,49.5 3.123457,49.5 3.123457,49.25" {
		t.Errorf("outline %q, holes %q", first.Outer, first.Inner)
	}
	for want, is := range map[string]bool{
		"habitants : 200<br>": true, "en zone blanche : 40 habitants<br>": true, "temps moyen, en minutes : 12,35<br>": true,
		"heures à portée": false, "type : ": false, "nom : ": false, "&lt;script&gt;alert": true,
	} {
		if strings.Contains(first.Description, want) != is {
			t.Errorf("%q; contains %q: want %t", first.Description, want, is)
		}
	}
	if at := d.Folder[3].Placemark[0].Point; at != "3.123457,-49" {
		t.Errorf("point %q", at)
	}
	if rows := slices.Collect(r.Layers[2].Rows); rows[0].Geometry.(orb.MultiPolygon)[0][1][0][0] != 3.123456789 {
		t.Error("writing rounded the results themselves")
	}
	r.Layers[4].Rows = slices.Values([]store.LayerRow{{Geometry: orb.LineString{{3, 49}}, Values: []any{"ligne"}}})
	if err := r.KML(io.Discard); err == nil || !strings.Contains(err.Error(), "layer lieux") {
		t.Errorf("a line: %v; want an error that names the layer", err)
	}
}
