//go:build !race

package stat

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// bombFile names the workbook that this process is to import, and do no more.
const bombFile = "MAILLAGE_TEST_BOMB"

func TestMain(m *testing.M) {
	if path := os.Getenv(bombFile); path != "" {
		imp, err := Variables(context.Background(), []source.Input{source.FromPath(path)}, source.Options{MaxRejectShare: 1})
		if err == nil {
			for _, err = range imp.Rows {
			}
		}
		status, _ := os.ReadFile("/proc/self/status")
		_, peak, _ := strings.Cut(string(status), "VmHWM:")
		peak, _, _ = strings.Cut(strings.TrimSpace(peak), " ")
		fmt.Print(peak, " ", err) // what the parent is told of its children counts its own memory
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// part is a file of a workbook: start, then middle many times, then end.
type part struct {
	name, start, middle string
	times               int
	end                 string
}

func workbookOf(t *testing.T, parts ...part) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.times + 2 {
			text := p.middle
			switch i {
			case 0:
				text = p.start
			case p.times + 1:
				text = p.end
			}
			if _, err := io.WriteString(w, text); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bombe.xlsx")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestBombs imports workbooks that hold far more than they weigh, each in a process of
// its own, whose largest memory must stay within 300 MiB.
func TestBombs(t *testing.T) {
	const most = 300 << 10 // KiB
	book, rels := part{"xl/workbook.xml", sourcetest.BookXML, "", 0, ""}, part{"xl/_rels/workbook.xml.rels", sourcetest.RelsXML, "", 0, ""}
	sheet := part{"xl/worksheets/sheet2.xml", `<worksheet><sheetData><row><c t="inlineStr"><is><t>code</t></is></c><c t="inlineStr"><is><t>x</t></is></c></row>`, "", 0, "</sheetData></worksheet>"}
	cells := sheet
	cells.middle, cells.times = "<row>"+strings.Repeat("<c><v>1</v></c>", 16_384)+"</row>", 60
	rows := sheet
	rows.middle, rows.times = strings.Repeat("<row/>", 1000), 600 // small: any ratio will do
	cell := sheet
	cell.start += "<row><c><v>"
	var odd strings.Builder // so that it inflates to a hundred times what it weighs, and is let in
	for random := rand.New(rand.NewPCG(1, 2)); odd.Len() < 400; {
		fmt.Fprintf(&odd, "%x", random.Uint64())
	}
	cell.middle, cell.times = odd.String()+strings.Repeat("a", 40_000), 25_000 // nearly a gibibyte
	for name, parts := range map[string][]part{
		"names of sheets, beyond the bound":   {{"xl/workbook.xml", `<workbook xmlns:r="r"><sheets>`, `<sheet name="` + strings.Repeat("feuille sans fin ", 4000) + `" r:id="rId2"/>`, 3000, "</sheets></workbook>"}, rels, sheet},
		"names of sheets, within the bound":   {{"xl/workbook.xml", `<workbook xmlns:r="r"><sheets>`, `<sheet name="` + strings.Repeat("x", 200) + `" r:id="rId2"/>`, 16_000, "</sheets></workbook>"}, rels, sheet},
		"one name of a sheet":                 {{"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet r:id="rId2" name="`, "x", 4<<20 - 200, `"/></sheets></workbook>`}, rels, sheet},
		"shared texts, many":                  {book, rels, sheet, {"xl/sharedStrings.xml", "<sst>", "<si><t>un texte</t></si>", 2_000_000, "</sst>"}},
		"shared texts, empty":                 {book, rels, sheet, {"xl/sharedStrings.xml", "<sst>", "<si></si>", 2_100_000, "</sst>"}},
		"shared texts, long":                  {book, rels, sheet, {"xl/sharedStrings.xml", "<sst>", "<si><t>" + strings.Repeat("un texte ", 3000) + "</t></si>", 2400, "</sst>"}},
		"elements one inside the other":       {book, rels, sheet, {"xl/sharedStrings.xml", "<sst>", strings.Repeat("<si><r>", 100), 5_900, ""}},
		"a cell of a gibibyte":                {book, rels, cell},
		"as many columns as the format has":   {book, rels, cells},
		"rows without end, and without cells": {book, rels, rows},
	} {
		t.Run(name, func(t *testing.T) {
			path := workbookOf(t, parts...)
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			child := exec.Command(os.Args[0])
			child.Env = append(os.Environ(), bombFile+"="+path)
			told, err := child.Output()
			if err != nil {
				t.Fatal(err)
			}
			var peak int // KiB
			if _, err := fmt.Sscan(string(told), &peak); err != nil {
				t.Fatalf("%s: %v", told, err)
			}
			t.Logf("%d kB of file, %d MiB at most: %s", info.Size()/1000, peak>>10, told)
			if peak > most {
				t.Errorf("%d MiB at most; want %d", peak>>10, most>>10)
			}
		})
	}
}
