package api

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"

	"github.com/aisne-numerique/maillage/api/collections"
	"github.com/aisne-numerique/maillage/api/ogc"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/tiles"
)

type ogcLinks []ogc.Link

func (links ogcLinks) href(t *testing.T, rel, contentType string) string {
	t.Helper()
	for _, l := range links {
		if l.Rel == rel && (contentType == "" || l.Type == contentType) {
			return strings.TrimPrefix(l.Href, "http://example.com")
		}
	}
	t.Errorf("no link %q of type %q in %+v", rel, contentType, links)
	return ""
}

type ogcPageOfItems struct {
	Type                          string
	NumberMatched, NumberReturned int
	Links                         ogcLinks
	Features                      []struct {
		Type, ID   string
		Geometry   struct{ Coordinates json.RawMessage }
		Properties map[string]any
	}
}

const ogcAt = "/ogc/collections/communes/items"

// TestOGCIsReadable: browsers get pages, programs JSON, and caches know that it depends.
func TestOGCIsReadable(t *testing.T) {
	s, _ := serving(t, Options{BasePath: "/maillage"})
	for accept, want := range map[string]string{"text/html,application/xhtml+xml,*/*": reply.TypeHTML, "application/json": reply.TypeJSON, "application/geo+json, text/html": ogc.TypeGeoJSON, "": ogc.TypeGeoJSON} {
		rec := get(t, s, "/maillage"+ogcAt, "Accept", accept)
		got := rec.Header().Get("Content-Type")
		if got != want && !(want == reply.TypeJSON && got == ogc.TypeGeoJSON) || !strings.Contains(fmt.Sprint(rec.Header()["Vary"]), "Accept ") && !strings.Contains(fmt.Sprint(rec.Header()["Vary"]), "[Accept") {
			t.Errorf("Accept %q: %s, Vary %v", accept, got, rec.Header()["Vary"])
		}
	}
	body := get(t, s, "/maillage"+ogcAt+"?limit=1&f=html").Body.String()
	wellFormed(t, body)
	if !strings.Contains(body, "/maillage/ogc/collections/communes/items?after=") {
		t.Error("no link to the next page")
	}
}

// TestGDALReadsEveryCollection with its driver of OGC API, and counts what is there.
func TestGDALReadsEveryCollection(t *testing.T) {
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("ogrinfo is not installed (Debian: gdal-bin); the collections are not tried with GDAL")
	}
	s, _ := serving(t, Options{})
	server := httptest.NewServer(s.handler)
	defer server.Close()
	collections, err := s.current.Load().Collections(t.Context(), collections.Load)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range collections {
		// -al reads every feature, by pages of two.
		out, err := exec.Command(ogrinfo, "-ro", "-al", "-oo", "PAGE_SIZE=2", "OAPIF:"+server.URL+"/ogc", c.Name).CombinedOutput()
		if err != nil || strings.Contains(string(out), "ERROR") || strings.Contains(string(out), "Warning") {
			t.Errorf("%s: %v\n%.2000s", c.Name, err, out)
		}
		if read := strings.Count(string(out), "\nOGRFeature("); read != c.Len() || !strings.Contains(string(out), fmt.Sprintf("Feature Count: %d\n", c.Len())) {
			t.Errorf("%s: %d features read, want %d:\n%.800s", c.Name, read, c.Len(), out)
		}
	}
}

// TestGDALReadsTiles: its driver of vector tiles finds in each layer the features that are
// in the tile.
func TestGDALReadsTiles(t *testing.T) {
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("ogrinfo is not installed (Debian: gdal-bin); tiles are not tried with GDAL")
	}
	s, e := serving(t, Options{})
	center, n := e.Bounds.Center(), math.Exp2(tiles.MaxZoom)
	at := fmt.Sprintf("%d/%d/%d.mvt", tiles.MaxZoom, int(n*(center.Lon+180)/360), int(n*(1-math.Asinh(math.Tan(center.Lat*math.Pi/180))/math.Pi)/2))
	features := 0
	for _, l := range tiles.Layers() {
		body := do(s, http.MethodGet, "/tiles/"+l.Name+"/"+at).Body.Bytes()
		if len(body) == 0 {
			continue
		}
		layers, err := mvt.Unmarshal(body)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), l.Name+".mvt")
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(ogrinfo, "-ro", "-so", "-al", "MVT:"+file).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", l.Name, err, out)
		}
		for _, layer := range layers {
			features += len(layer.Features)
			if _, part, found := strings.Cut(string(out), "Layer name: "+layer.Name+"\n"); !found || !strings.Contains(part, fmt.Sprintf("Feature Count: %d\n", len(layer.Features))) {
				t.Errorf("%s: GDAL does not find %d features of %s:\n%s", l.Name, len(layer.Features), layer.Name, out)
			}
		}
	}
	if features == 0 {
		t.Error("nothing in the tile at the centre")
	}
}
