package tiles

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"testing"

	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/tiles/pmtiles"
)

// TestArchiveHoldsTheTilesOfEveryLayer compares each tile of the demonstration's archive
// (of the tiny world's, with the race detector) with those that the set serves, one layer
// after the other; the places where there should be none, all around, too.
func TestArchiveHoldsTheTilesOfEveryLayer(t *testing.T) {
	var e *edition.Edition
	if testing.Short() || raceEnabled {
		e = compute(t, tinyInputs())
	} else {
		e = editiontest.Aisne(t)
	}
	s, err := New(e)
	if err != nil {
		t.Fatal(err)
	}
	q := e.Params.Query()
	write := func() []byte {
		var out bytes.Buffer
		dir := t.TempDir()
		c, err := s.Archive(t.Context(), &out, dir, q, map[string]string{"edition": e.ID}, func(int, int) {})
		if err != nil {
			t.Fatal(err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
		t.Logf("%+v", c)
		return out.Bytes()
	}
	data := write()
	if !bytes.Equal(data, write()) {
		t.Error("written again, other bytes")
	}
	a, err := pmtiles.Open(bytes.NewReader(data), int64(len(data)))
	if err == nil {
		err = a.Check()
	}
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for z := MinZoom; z <= MaxZoom; z++ {
		lowX, lowY, highX, highY := 1<<z, 1<<z, 0, 0
		for _, id := range s.occupied() {
			if iz, x, y, _ := pmtiles.Address(id); iz == z {
				lowX, lowY, highX, highY = min(lowX, x), min(lowY, y), max(highX, x), max(highY, y)
			}
		}
		for x := max(0, lowX-1); x <= min(1<<z-1, highX+1); x++ {
			for y := max(0, lowY-1); y <= min(1<<z-1, highY+1); y++ {
				var want []byte
				for _, l := range s.layers {
					tile, err := s.Tile(t.Context(), l.Name, z, x, y, q)
					if errors.Is(err, ErrOutOfRange) {
						continue
					}
					if err != nil {
						t.Fatal(err)
					}
					want = append(want, tile.Data...)
				}
				got, err := a.Tile(z, x, y)
				if err != nil {
					t.Fatal(err)
				}
				if plain := gunzip(t, got); !bytes.Equal(plain, want) {
					t.Fatalf("tile %d/%d/%d: %d bytes; want %d", z, x, y, len(plain), len(want))
				}
				if got != nil {
					found++
				}
			}
		}
	}
	t.Logf("%d tiles", found)
	metadata, err := a.Metadata()
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		VectorLayers []struct{ ID string } `json:"vector_layers"`
		Attribution  string
		Maillage     map[string]string
	}
	if err := json.Unmarshal(metadata, &m); err != nil || len(m.VectorLayers) != 10 || m.Attribution == "" || m.Maillage["edition"] != e.ID {
		t.Errorf("metadata %s, %v", metadata, err)
	}
}

func gunzip(t *testing.T, data []byte) []byte {
	t.Helper()
	if data == nil {
		return nil
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}
