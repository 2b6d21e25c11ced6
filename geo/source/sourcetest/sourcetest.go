// Package sourcetest makes files for tests of readers, and writes down what they tell.
package sourcetest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aisne-numerique/maillage/geo/source"
)

func Transcript[T any](t *testing.T, imp *source.Import[T], err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var end error
	for _, err := range imp.Rows {
		if end != nil {
			t.Errorf("a row after the error %v", end)
		}
		end = err
	}
	r := imp.Report
	var b strings.Builder
	fmt.Fprintf(&b, "lues %d, acceptées %d, réunies %d, refusées %d\n", r.Read, r.Accepted, r.Merged, len(r.Rejected))
	for _, x := range r.Rejected {
		fmt.Fprintln(&b, "refus :", x)
	}
	for _, x := range r.Warnings {
		fmt.Fprintln(&b, "avis :", x)
	}
	if end != nil {
		fmt.Fprintln(&b, "erreur :", end)
	}
	return b.String()
}

// Contacts is wider than what [withoutContacts] strikes out: any mail, and any ten
// digits or international number.
var Contacts = regexp.MustCompile(`\S@\S+\.\S|\+33|\b0[ .]?\d([ .-]?\d\d){4}\b`)

// RealFile is a published file kept beside the repository on some machines.
func RealFile(t testing.TB, name ...string) source.Input { return shared(t, "data", name) }

// CaseFile is a small input with a known answer, kept beside the repository on some machines.
func CaseFile(t testing.TB, name string) source.Input {
	return shared(t, "cases", []string{"files", name})
}

func shared(t testing.TB, folder string, name []string) source.Input {
	t.Helper()
	for up := ".."; len(up) < 20; up = filepath.Join(up, "..") {
		path := filepath.Join(append([]string{up, "shared", folder}, name...)...)
		if _, err := os.Stat(path); err == nil {
			return source.FromPath(path)
		}
	}
	t.Skip("published files are not there")
	return source.Input{}
}

// Rows reads an import to the end.
func Rows[T any](t *testing.T, imp *source.Import[T], err error) []T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var all []T
	for v, err := range imp.Rows {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	r := imp.Report
	beside := 0
	if r.Homes != nil {
		beside = r.Homes.Rows
	}
	if r.Manifest.Rows != len(all) || r.Accepted+beside != len(all) {
		t.Errorf("report says %d accepted and %d rows, read %d", r.Accepted, r.Manifest.Rows, len(all))
	}
	return all
}

// None fails when a report holds rejections or warnings.
func None(t *testing.T, faults []source.Rejection) {
	t.Helper()
	for _, f := range faults {
		t.Errorf("unexpected: %s", f)
	}
}

// Member is one file of a zip under test.
type Member struct{ Name, Data string }

// Zipped packs files; stored keeps them as they are, which is much faster.
func Zipped(members ...Member) []byte { return packed(zip.Deflate, members) }

func Stored(members ...Member) []byte { return packed(zip.Store, members) }

func packed(method uint16, members []Member) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		w, err := z.CreateHeader(&zip.FileHeader{Name: m.Name, Method: method})
		if err == nil {
			_, err = io.WriteString(w, m.Data)
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// SoundImport reads an import of arbitrary bytes: its counts add up, its errors have
// an address.
func SoundImport[T any](t *testing.T, imp *source.Import[T], err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var last error
	for _, last = range imp.Rows {
	}
	r := imp.Report
	if last == nil && r.Read != r.Accepted+r.Merged+r.Skipped+len(r.Rejected) {
		t.Fatalf("%d read, %d accepted, %d merged, %d rejected", r.Read, r.Accepted, r.Merged, len(r.Rejected))
	}
	if last != nil && !strings.HasPrefix(last.Error(), "import "+string(r.Kind)+": ") {
		t.Fatalf("error without an address: %v", last)
	}
}

// Memory is an input made of bytes.
func Memory(name string, data []byte) source.Input {
	return source.FromFS(fstest.MapFS{name: {Data: data}}, name)
}
