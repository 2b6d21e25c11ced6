package source_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/lieux"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// TestBadLieuxFiles is [TestBadFiles] for the other layouts of lieux.
func TestBadLieuxFiles(t *testing.T) {
	for _, tt := range []struct {
		folder string
		read   func(context.Context, []source.Input, source.Options) (*source.Import[lieu.Lieu], error)
	}{
		{"lieux-v0.1", lieux.Lieux}, {"data-inclusion", lieux.Lieux}, {"france-services", lieux.FranceServices},
	} {
		files, err := filepath.Glob(filepath.Join("testdata", tt.folder, "*.bad.*"))
		if err != nil {
			t.Fatal(err)
		}
		files = slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, ".want.txt") })
		if len(files) < minimum {
			t.Errorf("%s: %d wrong files, want at least %d", tt.folder, len(files), minimum)
		}
		for _, f := range files {
			t.Run(tt.folder+"/"+filepath.Base(f), func(t *testing.T) {
				imp, err := tt.read(t.Context(), []source.Input{source.FromPath(f)}, source.Options{})
				got := sourcetest.Transcript(t, imp, err)
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
				if sourcetest.Contacts.MatchString(got) {
					t.Errorf("%s: a phone or a mail is told: %s", f, got)
				}
				r := imp.Report
				if r.Accepted > 0 && r.Read != r.Accepted+r.Merged+r.Skipped+len(r.Rejected) {
					t.Errorf("%s: read %d, accepted %d, merged %d, skipped %d, rejected %d do not add up", f, r.Read, r.Accepted, r.Merged, r.Skipped, len(r.Rejected))
				}
			})
		}
	}
}
