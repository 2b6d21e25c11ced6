package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestCopiesAreWhatTheTablesSay(t *testing.T) {
	for name, want := range copies() {
		got, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("%s is not what the tables say; run: go run ./scripts/legend", name)
		}
	}
}
