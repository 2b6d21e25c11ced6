package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"
	"github.com/xuri/excelize/v2"

	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/export"
)

// TestDrawnInEveryFile: every territoire that an outline draws is in each file with its people,
// how many of them are estimated, and its outline, whatever communes this cuts.
func TestDrawnInEveryFile(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	drawn, cut := 0, 0
	for n := range uint64(8) {
		e := editiontest.Build(t, editiontest.Small(rand.New(rand.NewPCG(seed, n))), editiontest.SmallParams())
		results, err := export.Of(e)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		none := func(int, int) {}
		if err := results.FolderCSV(dir, false, none); err != nil {
			t.Fatal(err)
		}
		if err := results.FolderGeoJSON(dir, none); err != nil {
			t.Fatal(err)
		}
		var kml, xlsx bytes.Buffer
		if err := results.KML(&kml); err != nil {
			t.Fatal(err)
		}
		if err := results.XLSX(&xlsx); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(&xlsx)
		if err != nil {
			t.Fatal(err)
		}
		for _, level := range e.Levels() {
			for _, tr := range e.Division.Territoires(level) {
				if tr.Drawn == nil {
					continue
				}
				drawn++
				cut += tr.Drawn.Estimated
				where := fmt.Sprintf("seed %d, %d: %s", seed, n, tr.Ref)
				name := "territoires_" + strings.ReplaceAll(string(level), "-", "_")
				want := map[string]string{"population_hab": strconv.Itoa(tr.Population), "contour_estimes_hab": strconv.Itoa(tr.Drawn.Estimated), "contour_deborde": map[bool]string{true: "1", false: "0"}[tr.Drawn.Beyond],
					"contour_publies_hab": "", "contour_publies_annee": tr.Drawn.Year}
				if tr.Drawn.Population > 0 {
					want["contour_publies_hab"] = strconv.Itoa(tr.Drawn.Population)
				}
				sameAs(t, where+" (CSV)", want, csvRow(t, filepath.Join(dir, name+".csv"), tr.Code))
				properties, area := geoJSONRow(t, filepath.Join(dir, name+".geojson"), tr.Code)
				sameAs(t, where+" (GeoJSON)", want, properties)
				if whole := planar.Area(tr.Drawn.Outline); math.Abs(area-whole) > 1e-4*whole {
					t.Errorf("%s: the outline has %v, drawn %v", where, area, whole)
				}
				if !strings.Contains(kml.String(), fmt.Sprintf("leur répartition est modélisée : %d", tr.Drawn.Estimated)) && tr.Drawn.Estimated > 0 {
					t.Errorf("%s: KML does not say how many of its people are estimated", where)
				}
				sameAs(t, where+" (XLSX)", want, xlsxRow(t, book, level.Plural(), tr.Code))
			}
		}
	}
	if drawn == 0 || cut == 0 {
		t.Errorf("%d outlines, %d people in cells that they cut: too dull", drawn, cut)
	}
}

func sameAs(t *testing.T, where string, want, got map[string]string) {
	t.Helper()
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s: %s is %q, want %q", where, name, got[name], value)
		}
	}
}

func csvRow(t *testing.T, path, code string) map[string]string {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rowOf(lines, slices.Index(lines[0], "code"), code, lines[0])
}

// rowOf is the row of a code, by the names of its columns.
func rowOf(lines [][]string, at int, code string, names []string) map[string]string {
	out := map[string]string{}
	for _, line := range lines[1:] {
		if at < len(line) && line[at] == code {
			for i, v := range line {
				out[names[i]] = v
			}
		}
	}
	return out
}

func geoJSONRow(t *testing.T, path, code string) (properties map[string]string, area float64) {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	fc, err := geojson.UnmarshalFeatureCollection(body)
	if err != nil {
		t.Fatal(err)
	}
	properties = map[string]string{}
	for _, f := range fc.Features {
		if f.Properties["code"] != code {
			continue
		}
		for name, v := range f.Properties {
			if number, ok := v.(float64); ok {
				v = json.Number(strconv.FormatFloat(number, 'f', -1, 64))
			}
			properties[name] = fmt.Sprint(v)
		}
		area = planar.Area(f.Geometry)
	}
	return properties, area
}

// xlsxRow reads a sheet by the titles of its columns, which the sheet of columns names.
func xlsxRow(t *testing.T, book *excelize.File, sheet, code string) map[string]string {
	t.Helper()
	lines, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	columns, err := book.GetRows("Colonnes")
	if err != nil {
		t.Fatal(err)
	}
	head := slices.IndexFunc(lines, func(line []string) bool { return slices.Contains(line, "code officiel") })
	if head < 0 {
		t.Fatalf("sheet %s has no codes: %v", sheet, lines[:min(3, len(lines))])
	}
	names := make([]string, len(lines[head]))
	for i, title := range lines[head] {
		at := slices.IndexFunc(columns, func(line []string) bool { return len(line) > 1 && line[1] == title })
		if at < 0 {
			t.Fatalf("sheet %s: %q is not told among the columns", sheet, title)
		}
		names[i] = columns[at][0]
	}
	return rowOf(lines[head:], slices.Index(lines[head], "code officiel"), code, names)
}
