package fetch

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

func archive(t *testing.T, files ...[2]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		out, err := w.Create(f[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write([]byte(f[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFetchTakesTheFileOutOfItsArchive(t *testing.T) {
	p, f, at := world(t)
	d := at("/fichier.csv")
	d.Addresses[0].Unzip = "*200M*.csv"
	p.content = archive(t, [2]string{"lisez-moi.txt", "rien"}, [2]string{"dossier/carreaux_200m_met.csv", "idcar_200m,ind\n"})
	for _, fresh := range []bool{true, false} {
		r, err := f.Fetch(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(r.Path)
		if err != nil || string(got) != "idcar_200m,ind\n" || filepath.Base(r.Path) != "essai.csv" || r.Fresh != fresh {
			t.Errorf("%s: %q, fresh %v (%v)", r.Path, got, r.Fresh, err)
		}
	}
}

func TestFetchTakesTheFileOutOfA7z(t *testing.T) {
	p, f, at := world(t)
	d := at("/fichier.csv")
	d.Addresses[0].Unzip = "communes.csv"
	p.content = sourcetest.Seven{Method: "lzma", Packed: true}.Of(sourcetest.Member{Name: "a/notice.pdf", Data: "%PDF"}, sourcetest.Member{Name: "a/Communes.csv", Data: "code\n02408\n"})
	r, err := f.Fetch(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(r.Path); err != nil || string(got) != "code\n02408\n" {
		t.Errorf("%q, %v", got, err)
	}
	// The catalogue changes its mind: what is downloaded already is looked into again.
	d.Addresses[0].Unzip, d.Addresses[0].Format = "notice.pdf", "pdf"
	if r, err = f.Fetch(context.Background(), d); err != nil || r.Fresh {
		t.Fatalf("another file of the archive: %+v, %v", r, err)
	}
	if got, err := os.ReadFile(r.Path); err != nil || string(got) != "%PDF" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestFetchRefusesArchives(t *testing.T) {
	for name, tc := range map[string]struct {
		content func(t *testing.T) []byte
		want    string
	}{
		"not an archive":   {func(*testing.T) []byte { return []byte("a,b\n") }, "le serveur a envoyé un autre fichier ; attendu une archive"},
		"without the file": {func(t *testing.T) []byte { return archive(t, [2]string{"a.txt", "x"}) }, "aucun fichier *.csv dans l'archive, qui contient : a.txt"},
		"a bomb":           {func(t *testing.T) []byte { return archive(t, [2]string{"a.csv", strings.Repeat("0", 10_000_000)}) }, "fois plus gros ; attendu au plus 200 fois"},
		"two that match":   {func(t *testing.T) []byte { return archive(t, [2]string{"a.csv", "x"}, [2]string{"b/B.CSV", "x"}) }, "2 fichiers *.csv dans l'archive, comme a.csv et b/B.CSV ; attendu un seul"},
		"a page in it": {func(t *testing.T) []byte {
			return archive(t, [2]string{"a.csv", "<html><title>Accès refusé</title>"})
		}, "une page web (HTML) intitulée « Accès refusé »"},
		"a locked 7z": {func(*testing.T) []byte {
			return sourcetest.Seven{Method: "aes"}.Of(sourcetest.Member{Name: "a.csv", Data: "x"})
		}, "protégé par un mot de passe"},
		"an archive cut short": {func(t *testing.T) []byte { b := archive(t, [2]string{"a.csv", "x"}); return b[:len(b)-9] }, "archive zip sans liste de fichiers ; elle est sans doute tronquée"},
	} {
		p, f, at := world(t)
		d := at("/fichier.csv")
		d.Addresses[0].Unzip, p.content = "*.csv", tc.content(t)
		if err := os.MkdirAll(f.Dir, 0o755); err != nil {
			t.Fatal(err)
		}
		before := filepath.Join(f.Dir, "essai.csv")
		if err := os.WriteFile(before, []byte("ancien"), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Fetch(context.Background(), d); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want a sentence with %q", name, err, tc.want)
		}
		if got, err := os.ReadFile(before); err != nil || string(got) != "ancien" {
			t.Errorf("%s: the file of last time is %q (%v)", name, got, err)
		}
		var pattern *PatternError
		if _, err := f.Fetch(context.Background(), d); errors.As(err, &pattern) != (name == "without the file" || name == "two that match") {
			t.Errorf("%s: %v: the catalogue is to blame: %v", name, err, pattern)
		}
		if left, _ := filepath.Glob(filepath.Join(f.Dir, "*.part")); len(left) > 0 {
			t.Errorf("%s: left behind: %v", name, left)
		}
	}
}
