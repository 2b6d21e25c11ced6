package web

import (
	"errors"
	"io/fs"
	"os"
	"testing"
)

func TestFilesAnswersWhetherTheMapWasBuilt(t *testing.T) {
	_, err := os.Stat("static/index.html")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	files, built := Files()
	if want := err == nil; built != want {
		t.Fatalf("Files says built: %t, want %t", built, want)
	}
	if !built {
		if files != nil {
			t.Error("Files gave files of a map that was not built")
		}
		return
	}
	if page, err := fs.ReadFile(files, "index.html"); err != nil || len(page) == 0 {
		t.Errorf("index.html: %d bytes, %v", len(page), err)
	}
}
