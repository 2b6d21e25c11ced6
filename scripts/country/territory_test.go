package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"io"
	"testing"

	"github.com/aisne-numerique/maillage/fixtures"
)

// TestCopiesAreApart: no two communes, EPCI, lieux or nodes of the country have the same
// code, and all of them keep to their block.
func TestCopiesAreApart(t *testing.T) {
	files, manifest, err := fixtures.Aisne()
	if err != nil {
		t.Fatal(err)
	}
	departements := map[string]bool{"20": true} // which is left out
	for _, b := range blocks(44, 1.4) {
		if code := b.departement(); departements[code] || len(code) != 2 {
			t.Errorf("block %d: département %s", b.number, code)
		}
		departements[b.departement()] = true
	}
	all := blocks(3, 1.4)
	for _, e := range manifest {
		if left(e) {
			continue
		}
		var b bytes.Buffer
		if err := write(&b, files, e, all); err != nil {
			t.Fatal(e.File, err)
		}
		ids := map[string]int{}
		copies := 0
		switch e.Kind {
		case "communes", "epci":
			var of struct {
				Features []struct {
					Properties struct{ Code, EPCI string }
					Geometry   struct{ Coordinates any }
				}
			}
			if err := json.Unmarshal(b.Bytes(), &of); err != nil {
				t.Fatal(e.File, err)
			}
			copies = len(of.Features)
			for i, f := range of.Features {
				ids[f.Properties.Code]++
				if e.Kind == "communes" && f.Properties.EPCI != "" && f.Properties.EPCI[1:3] != f.Properties.Code[:2] {
					t.Fatalf("commune %s in EPCI %s", f.Properties.Code, f.Properties.EPCI)
				}
				within(t, all[i/(copies/len(all))], f.Geometry.Coordinates)
			}
		case "lieux":
			rows, err := csv.NewReader(&b).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			copies = len(rows) - 1
			for _, row := range rows[1:] {
				ids[row[0]]++
			}
		case "roads":
			zip, err := gzip.NewReader(&b)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(zip)
			if err != nil {
				t.Fatal(err)
			}
			for line := range bytes.Lines(text) {
				if m := osmNode.FindSubmatch(bytes.TrimRight(line, "\n")); m != nil {
					ids[string(m[2])]++
					copies++
				}
			}
		default:
			continue
		}
		if copies == 0 || len(ids) != copies || copies%len(all) != 0 {
			t.Errorf("%s: %d codes of %d", e.File, len(ids), copies)
		}
	}
}

func within(t *testing.T, b block, of any) {
	t.Helper()
	list := of.([]any)
	if lon, ok := list[0].(float64); ok {
		lat := list[1].(float64)
		if lon < b.lon || lon > b.lon+b.stretch*(east-west) || lat < b.lat || lat > b.lat+b.stretch*(north-south) {
			t.Fatalf("%v, %v is not in block %d", lon, lat, b.number)
		}
		return
	}
	for _, one := range list {
		within(t, b, one)
	}
}
