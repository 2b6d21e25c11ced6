package fetch

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
	d.Unzip = "*200m*.csv"
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

func TestFetchRefusesArchives(t *testing.T) {
	for name, tc := range map[string]struct {
		content func(t *testing.T) []byte
		want    string
	}{
		"not an archive":       {func(*testing.T) []byte { return []byte("<html>") }, "essai.zip : zip: not a valid zip file"},
		"without the file":     {func(t *testing.T) []byte { return archive(t, [2]string{"a.txt", "x"}) }, "essai.zip : aucun fichier *.csv dans l'archive, qui contient : a.txt"},
		"a bomb":               {func(t *testing.T) []byte { return archive(t, [2]string{"a.csv", strings.Repeat("0", 10_000_000)}) }, "une fois décompressé, pour une archive de"},
		"an archive cut short": {func(t *testing.T) []byte { b := archive(t, [2]string{"a.csv", "x"}); return b[:len(b)-9] }, "essai.zip : zip: not a valid zip file"},
	} {
		p, f, at := world(t)
		d := at("/fichier.csv")
		d.Unzip, p.content = "*.csv", tc.content(t)
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
		if left, _ := filepath.Glob(filepath.Join(f.Dir, "*.part")); len(left) > 0 {
			t.Errorf("%s: left behind: %v", name, left)
		}
	}
}
