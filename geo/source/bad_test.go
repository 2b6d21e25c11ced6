package source_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/lieux"
	"github.com/aisne-numerique/maillage/geo/source/osm"
	"github.com/aisne-numerique/maillage/geo/source/outline"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/source/squares"
	"github.com/aisne-numerique/maillage/geo/source/stat"
	"github.com/aisne-numerique/maillage/geo/store"
)

var rewrite = flag.Bool("rewrite", false, "write the expected sentences of testdata/*/*.want.txt anew")

// minimum is how many ways to be wrong each kind shows.
const minimum = 5

// TestBadFiles reads one file per way to be wrong. Beside NAME.bad.csv,
// NAME.bad.csv.want.txt holds all that a person is told, word for word.
func TestBadFiles(t *testing.T) {
	for _, kind := range []store.Kind{store.Communes.Kind, store.EPCI.Kind, store.Lieux.Kind, store.Secteurs.Kind, store.Tournees.Kind, store.Variables.Kind, store.Roads.Kind, store.Population.Kind} {
		files, err := filepath.Glob(filepath.Join("testdata", string(kind), "*.bad.*"))
		if err != nil {
			t.Fatal(err)
		}
		files = slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, ".want.txt") })
		if len(files) < minimum {
			t.Errorf("%s: %d wrong files, want at least %d", kind, len(files), minimum)
		}
		for _, f := range files {
			t.Run(string(kind)+"/"+filepath.Base(f), func(t *testing.T) {
				got := told(t, kind, f)
				if *rewrite {
					if err := os.WriteFile(f+".want.txt", []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(f + ".want.txt")
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Errorf("what is told of %s (-want +got):\n%s", f, diff)
				}
			})
		}
	}
}

// told imports a file of a kind and writes down all that a person is told.
func told(t *testing.T, kind store.Kind, path string) string {
	t.Helper()
	in, o := []source.Input{source.FromPath(path)}, source.Options{}
	switch kind {
	case store.Communes.Kind:
		imp, err := outline.Communes(t.Context(), in, o)
		return sourcetest.Transcript(t, imp, err)
	case store.EPCI.Kind:
		imp, err := outline.EPCI(t.Context(), in, o)
		return sourcetest.Transcript(t, imp, err)
	case store.Lieux.Kind:
		imp, err := lieux.Lieux(t.Context(), in, o)
		return sourcetest.Transcript(t, imp, err)
	case store.Secteurs.Kind:
		imp, err := outline.Secteurs(t.Context(), in, o)
		return sourcetest.Transcript(t, imp, err)
	case store.Tournees.Kind:
		imp, err := lieux.Tournees(t.Context(), in, o)
		return sourcetest.Transcript(t, imp, err)
	case store.Variables.Kind:
		imp, err := stat.Variables(t.Context(), in, o)
		return sourcetest.Transcript(t, imp, err)
	case store.Population.Kind:
		imp, err := squares.Population(t.Context(), in, o)
		return sourcetest.Transcript(t, imp, err)
	default:
		imp, err := osm.Roads(t.Context(), in, o)
		return sourcetest.Transcript(t, imp, err)
	}
}
