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
	for target, want := range map[string]int{"/pmtiles/aisne/8/0/0.mvt": 204, "/pmtiles/aisne/8/256/0.mvt": 400, "/pmtiles/aisne/99/0/0.mvt": 400, "/pmtiles/aisne/-1/0/0.mvt": 400,
		"/pmtiles/aisne/8/a/0.mvt": 400, "/pmtiles/aisne/8/0/0.png": 404, "/pmtiles/autre/8/0/0.mvt": 404, "/pmtiles/..%2f..%2fetc.json": 404, "/pmtiles/aisne": 404} {
		rec := do(s, http.MethodGet, target)
		if rec.Code != want {
			t.Errorf("%s: %d, want %d", target, rec.Code, want)
		}
		var p problem
		if err := json.Unmarshal(rec.Body.Bytes(), &p); want >= 400 && (err != nil || p.Detail == "") {
			t.Errorf("%s: %v, no sentence", target, err)
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
