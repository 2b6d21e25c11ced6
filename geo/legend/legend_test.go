package legend

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
)

var hex = regexp.MustCompile(`#[0-9a-fA-F]{6}\b`)

// TestColoursAreWrittenOnce: no source of the program, of its pages or of the map writes a
// colour; those that cannot take one from here hold only colours that are.
func TestColoursAreWrittenOnce(t *testing.T) {
	known := map[string]bool{}
	for _, n := range Palette() {
		known[string(n.Colour)] = true
	}
	own := map[string]bool{"cmd/maillage/gaps_html.go": true} // a report to print, with no map and no class drawn
	copies := map[string]bool{                                // a picture has no style sheet; the copies are compared by scripts/legend
		"api/web/public/favicon.svg": true, "api/web/src/shared/legend.gen.ts": true, "api/web/src/css/palette.css": true,
	}
	read := 0
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))
		if d.IsDir() {
			switch d.Name() {
			case "node_modules", "static", "testdata", "test-artifacts", "test-results", "e2e", "perf", "scripts", "docs", "fixtures", ".git", ".cache", "bin":
				return filepath.SkipDir
			}
			return nil
		}
		switch filepath.Ext(name) {
		case ".go", ".ts", ".css", ".html", ".svg":
		default:
			return nil
		}
		if own[name] || strings.HasPrefix(name, "geo/legend/") || strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, ".test.ts") {
			return nil
		}
		read++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, colour := range hex.FindAllString(string(text), -1) {
			switch {
			case !copies[name]:
				t.Errorf("%s writes %s: take it from geo/legend", name, colour)
			case !known[colour]:
				t.Errorf("%s writes %s, which geo/legend does not have", name, colour)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if read < 300 {
		t.Errorf("%d files read: the walk misses the sources", read)
	}
}

func TestEveryNameHasOneColour(t *testing.T) {
	seen := map[string]bool{}
	for _, n := range Palette() {
		if seen[n.Name] {
			t.Errorf("%s is there twice", n.Name)
		}
		seen[n.Name] = true
		if !hex.MatchString(string(n.Colour)) || len(n.Colour) != 7 || strings.ToLower(string(n.Colour)) != string(n.Colour) {
			t.Errorf("%s is %q", n.Name, n.Colour)
		}
	}
	for _, c := range coverage.Classes {
		if OfClass(c) == "" {
			t.Errorf("class %s has no colour", c)
		}
	}
	if OfClass(coverage.Uninhabited) != "" {
		t.Error("where nobody lives has a colour")
	}
	if len(Moments) != access.NumMoments {
		t.Errorf("%d moments, want %d", len(Moments), access.NumMoments)
	}
	for _, r := range []Ramp{Times, Hours, Gain, Shares} {
		if len(r.Colours) != len(r.Bounds)+1 {
			t.Errorf("%s: %d colours for %d bounds", r.Name, len(r.Colours), len(r.Bounds))
		}
	}
	blanche := OfClass(coverage.Blanche)
	for _, n := range Changes {
		if n.Colour == blanche {
			t.Errorf("%s has the colour of a zone blanche", n.Name)
		}
	}
}
