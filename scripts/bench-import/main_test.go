package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/gtfs"
	"github.com/aisne-numerique/maillage/geo/source/lieux"
)

func madeLieux(t *testing.T, rows int, seed uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := writeLieux(&b, rows, seed); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A file that the reader refused, or found odd, would measure something else.
func TestLieuxAreSoundAndVarious(t *testing.T) {
	const rows = 2000
	file := madeLieux(t, rows, 1)
	imp, err := lieux.Lieux(t.Context(), []source.Input{{Name: "lieux.csv", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(file)), nil
	}}}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	communes, known, services := map[string]bool{}, 0, 0
	for l, err := range imp.Rows {
		if err != nil {
			t.Fatal(err)
		}
		if !l.Located {
			t.Errorf("%s has no position", l.ID)
		}
		communes[l.Commune] = true
		if l.Horaires.Known {
			known++
		}
		services += l.Services.Len()
	}
	if r := imp.Report; r.Accepted != rows || len(r.Rejected) > 0 {
		t.Errorf("accepted %d of %d, rejected %v", r.Accepted, rows, r.Rejected)
	}
	for _, w := range imp.Report.Warnings {
		if w.Field != "horaires" && w.Field != "itinerance" && !strings.Contains(w.Reason, "accueil inconnu") {
			t.Errorf("unexpected warning: %s", w)
		}
	}
	if len(communes) != len(centres) {
		t.Errorf("lieux in %d communes; want %d", len(communes), len(centres))
	}
	if share := float64(known) / rows; share < 0.6 || share > 0.8 {
		t.Errorf("known hours in %.2f of the rows; want 0.6 to 0.8", share)
	}
	if mean := float64(services) / rows; mean < 2 || mean > 5 {
		t.Errorf("%.1f services a lieu; want 2 to 5", mean)
	}
	if mean := len(file) / rows; mean < 1000 || mean > 1500 {
		t.Errorf("%d bytes a row; want 1000 to 1500", mean)
	}
}

func TestLieuxDependOnTheSeedAlone(t *testing.T) {
	if !bytes.Equal(madeLieux(t, 50, 7), madeLieux(t, 50, 7)) {
		t.Error("one seed, two files")
	}
	if bytes.Equal(madeLieux(t, 50, 7), madeLieux(t, 50, 8)) {
		t.Error("two seeds, one file")
	}
}

func TestGraphCountsWhatItBuilt(t *testing.T) {
	extract := filepath.Join(t.TempDir(), "tiny.osm")
	// A street of two edges, the second of which is one-way for cars and bikes.
	const osm = `<osm version="0.6">
<node id="1" lat="49.50" lon="3.50"/><node id="2" lat="49.50" lon="3.51"/><node id="3" lat="49.50" lon="3.52"/>
<way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
<way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="oneway" v="yes"/></way>
</osm>`
	if err := os.WriteFile(extract, []byte(osm), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := run([]string{"graph", extract, filepath.Join(t.TempDir(), "roads.gpkg")}, &out, &errs); code != 0 {
		t.Fatalf("graph: exit %d: %s", code, &errs)
	}
	s, err := parseSteps(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if want := (steps{s.ImportSeconds, s.GraphSeconds, 2, 3, 3 + 3 + 4}); s != want {
		t.Errorf("graph: %+v; want %+v", s, want)
	}
	if s.ImportSeconds <= 0 || s.GraphSeconds <= 0 {
		t.Errorf("graph took %v and %v s; want more than none", s.ImportSeconds, s.GraphSeconds)
	}
}

func TestSample(t *testing.T) {
	s := sample{{wall: 3 * time.Second, memory: 1}, {wall: time.Second, memory: 9}, {wall: 2 * time.Second, memory: 4}}
	lowest, highest := s.extremes()
	if s.wall() != 2*time.Second || s.memory() != 4 || lowest != time.Second || highest != 3*time.Second {
		t.Errorf("wall %v, memory %d, %v to %v; want 2s, 4, 1s to 3s", s.wall(), s.memory(), lowest, highest)
	}
}

func TestTargets(t *testing.T) {
	var out bytes.Buffer
	b := bench{out: &out}
	b.target("memory", 300, 300, "%.0f MiB")
	b.target("wall time", 5.01, 5, "%.2f s")
	if b.missed != 1 || !strings.Contains(out.String(), "reached  memory: 300 MiB, target ≤ 300 MiB") ||
		!strings.Contains(out.String(), "MISSED   wall time: 5.01 s, target ≤ 5.00 s") {
		t.Errorf("missed %d:\n%s", b.missed, &out)
	}
}

func TestMeasureTellsWhatAProgramSaid(t *testing.T) {
	if _, err := measure(t.TempDir(), "sh", "-c", "echo no such road; exit 3"); err == nil || !strings.Contains(err.Error(), "no such road") {
		t.Errorf("measure a program that fails: %v; want its words", err)
	}
	p, err := measure(t.TempDir(), "sh", "-c", "echo done")
	if err != nil || string(p.stdout) != "done\n" || p.wall <= 0 || p.memory < 1<<16 {
		t.Errorf("measure: %+v, %v; want some time, some memory and its words", p, err)
	}
}

func TestWrongUse(t *testing.T) {
	for name, args := range map[string][]string{
		"no program":         {},
		"no repetition":      {"--maillage", "x", "--work", "y", "--repeat", "0"},
		"an unknown flag":    {"--fast"},
		"graph with no file": {"graph"},
	} {
		var errs bytes.Buffer
		if code := run(args, io.Discard, &errs); code != 2 || errs.Len() == 0 {
			t.Errorf("%s: exit %d, %q; want 2 and a sentence", name, code, &errs)
		}
	}
}

func TestFeedIsSound(t *testing.T) {
	const calls = 40_000
	var b bytes.Buffer
	if err := writeFeed(&b, calls, 1); err != nil {
		t.Fatal(err)
	}
	imp, err := gtfs.GTFS(t.Context(), []source.Input{{Name: "reseau.zip", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(b.Bytes())), nil
	}}}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range imp.Rows {
		if err != nil {
			t.Fatal(err)
		}
	}
	if r := imp.Report; r.Timetables.Calls != calls || r.Read != r.Accepted || len(r.Warnings) > 0 {
		t.Errorf("%+v, %d of %d rows accepted, warnings %v", r.Timetables, r.Accepted, r.Read, r.Warnings)
	}
}
