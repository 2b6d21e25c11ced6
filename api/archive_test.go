package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/tiles"
	"github.com/aisne-numerique/maillage/tiles/pmtiles"
)

func archiveOf(t *testing.T, e *edition.Edition) *pmtiles.Archive {
	t.Helper()
	set, err := tiles.New(e)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "a.pmtiles"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	counts, err := set.Archive(t.Context(), f, t.TempDir(), e.Params.Query(), nil, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	a, err := pmtiles.Open(f, counts.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestTilesOfAnArchive: they are those of the server's layers, one after the other, with the
// same care for compression and tags; there is no need of an edition.
func TestTilesOfAnArchive(t *testing.T) {
	live, e := serving(t, Options{})
	s := New(Options{Archives: map[string]*pmtiles.Archive{"aisne": archiveOf(t, e)}})
	doc := getJSON[struct {
		Tiles            []string
		MinZoom, MaxZoom int
	}](t, s, "/pmtiles/aisne.json")
	if len(doc.Tiles) != 1 || !strings.HasSuffix(doc.Tiles[0], "/pmtiles/aisne/{z}/{x}/{y}.mvt") || doc.MinZoom != tiles.MinZoom || doc.MaxZoom != tiles.MaxZoom {
		t.Errorf("TileJSON: %+v", doc)
	}
	center := e.Bounds.Center()
	full := 0
	for z := tiles.MinZoom; z <= tiles.MaxZoom; z++ {
		n := math.Exp2(float64(z))
		x, y := int(n*(center.Lon+180)/360), int(n*(1-math.Asinh(math.Tan(center.Lat*math.Pi/180))/math.Pi)/2)
		at := fmt.Sprintf("/%d/%d/%d.mvt", z, x, y)
		var want []byte
		for _, l := range tiles.Layers() {
			if z >= l.MinZoom && z <= l.MaxZoom {
				want = append(want, do(live, http.MethodGet, "/tiles/"+l.Name+at).Body.Bytes()...)
			}
		}
		rec := do(s, http.MethodGet, "/pmtiles/aisne"+at)
		if !bytes.Equal(rec.Body.Bytes(), want) || rec.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s: %d, %d bytes, want %d", at, rec.Code, rec.Body.Len(), len(want))
		}
		if len(want) == 0 {
			continue
		}
		full++
		zipped := do(s, http.MethodGet, "/pmtiles/aisne"+at, "Accept-Encoding", "gzip")
		if zipped.Header().Get("Content-Encoding") != "gzip" || !bytes.Equal(gunzip(t, zipped.Body), want) {
			t.Errorf("%s: not compressed, or not to itself", at)
		}
		if again := do(s, http.MethodGet, "/pmtiles/aisne"+at, "If-None-Match", rec.Header().Get("ETag")); again.Code != http.StatusNotModified {
			t.Errorf("%s with its tag: %d", at, again.Code)
		}
	}
	if full < 5 {
		t.Errorf("%d tiles with something", full)
	}
}

// TestAddressesOfTiles: whatever is asked below an address of tiles is answered by nothing
// (204) or by a refusal with a sentence; never by an empty body that says it is compressed.
func TestAddressesOfTiles(t *testing.T) {
	_, e := serving(t, Options{})
	s := New(Options{Archives: map[string]*pmtiles.Archive{"aisne": archiveOf(t, e)}})
	if err := s.Publish(e); err != nil {
		t.Fatal(err)
	}
	huge := strings.Repeat("9", 3000)
	for _, tiles := range []string{"/tiles/cells", "/pmtiles/aisne"} {
		for _, row := range []struct {
			name, at string
			status   int
		}{
			{"a tile far away", "/8/0/0.mvt", 204},
			{"the last tile of a zoom", "/12/4095/4095.mvt", 204},
			{"x after the last", "/8/256/0.mvt", 400},
			{"y after the last", "/8/0/256.mvt", 400},
			{"no such zoom", "/99/0/0.mvt", 400},
			{"a zoom that is not drawn", "/3/4/2.mvt", 400},
			{"a negative zoom", "/-1/0/0.mvt", 400},
			{"a negative x", "/8/-1/0.mvt", 400},
			{"minus zero", "/8/0/-0.mvt", 400},
			{"a sign", "/8/+1/0.mvt", 400},
			{"a letter", "/8/a/0.mvt", 400},
			{"an exponent", "/8/1e2/0.mvt", 400},
			{"a fraction", "/8/1.5/0.mvt", 400},
			{"hexadecimal", "/8/0x10/0.mvt", 400},
			{"digits of another script", "/8/%D9%A1/0.mvt", 400},
			{"no number", "/8/0/.mvt", 400},
			{"2^32", "/8/4294967296/0.mvt", 400},
			{"2^64", "/8/18446744073709551616/0.mvt", 400},
			{"three thousand digits", "/8/" + huge + "/0.mvt", 400},
			{"six thousand digits", "/8/" + huge + "/" + huge + ".mvt", 400},
			{"ten kilobytes of parameters", "/8/0/0.mvt?q=" + strings.Repeat("a", 10_000), 400},
			{"a parameter that is not known", "/8/0/0.mvt?token=x", 400},
			{"a broken escape", "/8/0/0.mvt?a=%zz", 400},
			{"another format", "/8/0/0.png", 404},
			{"no format", "/8/0/0", 404},
			{"a part too many", "/8/0/0/0.mvt", 400},
			{"a part too few", "/8/0.mvt", 404},
			{"climbing out", "/../../../etc/passwd", 404},
			{"climbing out of a number", "/8/../../0.mvt", 400},
			{"climbing out, escaped", "/8/%2e%2e/%2e%2e%2f0.mvt", 400},
			{"a zero byte", "/8/0/0%00.mvt", 400},
			{"the layer itself", "", 404},
		} {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				rec := do(s, method, tiles+row.at, "Accept-Encoding", "gzip, br")
				if rec.Code != row.status || rec.Code == 204 && (rec.Body.Len() > 0 || rec.Header().Get("Content-Encoding") != "") {
					t.Errorf("%s: %s %s: %d %q %q, want %d", row.name, method, tiles+row.at, rec.Code, rec.Header().Get("Content-Encoding"), rec.Body, row.status)
				}
				var p problem.Details
				if err := json.Unmarshal(rec.Body.Bytes(), &p); rec.Code >= 400 && method == http.MethodGet && (err != nil || p.Detail == "") {
					t.Errorf("%s: %s: %q: no sentence", row.name, tiles+row.at, rec.Body)
				}
			}
		}
	}
	for _, target := range []string{"/tiles/autre/8/0/0.mvt", "/pmtiles/autre/8/0/0.mvt", "/pmtiles/..%2f..%2fetc.json", "/pmtiles/aisne", "/pmtiles/aisne.json/8/0/0.mvt"} {
		if rec := do(s, http.MethodGet, target); rec.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", target, rec.Code)
		}
	}
}

// TestTilesMadeAhead are those that are served, and nothing is left to make.
func TestTilesMadeAhead(t *testing.T) {
	_, e := serving(t, Options{})
	set, err := tiles.New(e)
	if err != nil {
		t.Fatal(err)
	}
	made, err := set.Warm(t.Context(), e.Params.Query())
	if err != nil || made == 0 {
		t.Errorf("%d tiles, %v", made, err)
	}
	small, err := tiles.New(e, tiles.CacheBytes(8<<10))
	if err != nil {
		t.Fatal(err)
	}
	if fewer, err := small.Warm(t.Context(), e.Params.Query()); err != nil || fewer >= made {
		t.Errorf("with 8 KiB: %d tiles of %d, %v", fewer, made, err)
	}
}
