package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFetchThenImport downloads real formats from a local publisher and runs the
// import commands that it prints.
func TestFetchThenImport(t *testing.T) {
	server := httptest.NewServer(http.FileServer(http.Dir(filepath.Join("..", "..", "fixtures", "aisne"))))
	defer server.Close()
	dir := t.TempDir()
	entry := func(name, kind, file, format string) string {
		return fmt.Sprintf(`{"name":%q,"kind":%q,"title":"t","url":%q,"format":%q,"source":"l'ANCT","licence":"LO","rhythm":"r"}`,
			name, kind, server.URL+"/"+file, format)
	}
	catalogue := filepath.Join(dir, "catalogue.json")
	text := `{"version":"essai","datasets":[` + entry("communes", "communes", "communes.geojson", "geojson") + "," +
		entry("lieux", "lieux", "lieux.csv", "csv") + `]}`
	if err := os.WriteFile(catalogue, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	args := []string{"fetch", "--departement", "02", "--dir", filepath.Join(dir, "data"), "--catalogue", catalogue}
	if code := run(context.Background(), args, &out, &errs); code != exitOK {
		t.Fatalf("fetch: exit %d: %s", code, errs.String())
	}
	commands := 0
	for line := range strings.Lines(out.String()) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "maillage import ") {
			continue
		}
		commands++
		if !strings.Contains(line, `--source 'l'\''ANCT'`) {
			t.Errorf("%s: the source is not quoted for a shell", line)
		}
		words := strings.Fields(strings.ReplaceAll(line, `'l'\''ANCT'`, "ANCT"))[1:]
		if code := run(context.Background(), append([]string{"--store", filepath.Join(dir, "x.gpkg")}, words...), &errs, &errs); code != exitOK {
			t.Errorf("%s: exit %d: %s", line, code, errs.String())
		}
	}
	if commands != 2 {
		t.Errorf("%d import commands printed, want 2:\n%s", commands, out.String())
	}
	out.Reset()
	if code := run(context.Background(), args, &out, &errs); code != exitOK || strings.Count(out.String(), "inchangé") != 2 {
		t.Errorf("second fetch: exit %d, want two unchanged files:\n%s", code, out.String())
	}
	out.Reset()
	if code := run(context.Background(), append([]string{"--store", filepath.Join(dir, "y.gpkg")}, append(args, "--import")...), &out, &errs); code != exitOK ||
		!strings.Contains(out.String(), "lieux : 226 lignes lues, 226 acceptées") {
		t.Errorf("fetch --import: exit %d: %s%s", code, out.String(), errs.String())
	}
	server.Close()
	errs.Reset()
	short := append([]string{}, args...)
	short[4] = filepath.Join(dir, "ailleurs")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if code := run(ctx, short, &out, &errs); code != exitFailed || !strings.Contains(errs.String(), "interrompu") {
		t.Errorf("after Ctrl-C: exit %d, %s", code, errs.String())
	}
}
