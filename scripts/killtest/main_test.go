package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestUsage(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
	}{
		{"no program", nil},
		{"no round", []string{"--maillage", "x", "--rounds", "0"}},
		{"an unknown flag", []string{"--maillage", "x", "--fast"}},
		{"a stray argument", []string{"--maillage", "x", "y"}},
	} {
		var out, errs bytes.Buffer
		if code := run(c.args, &out, &errs); code != 2 || out.Len() > 0 || !strings.Contains(errs.String(), "-maillage") {
			t.Errorf("%s: exit %d, %q, %q; want 2 and the usage", c.name, code, &out, &errs)
		}
	}
}

// The programs below stand for a maillage that does not do what it should.
func TestAProgramThatFailsIsNotASuccess(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir) // what a failure keeps goes with the test
	silent := filepath.Join(dir, "silent")
	if err := os.WriteFile(silent, []byte("#!/bin/sh\nexit 0\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, program, want string }{
		{"no such program", filepath.Join(dir, "absent"), "no such file"},
		{"one that imports nothing", silent, "file does not exist"},
	} {
		var out, errs bytes.Buffer
		if code := run([]string{"--maillage", c.program, "--rows", "10"}, &out, &errs); code != 1 || !strings.Contains(errs.String(), c.want) {
			t.Errorf("%s: exit %d, %q; want 1 and %q", c.name, code, &errs, c.want)
		}
	}
}

func TestFilesOfTwoNamesDifferInEveryRow(t *testing.T) {
	read := func(file, name string) [][]string {
		t.Helper()
		path := filepath.Join(t.TempDir(), file)
		if err := writeLieux(path, name, 250); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll() // refuses rows of another length than the header
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	a, again, b := read("a", "A"), read("again", "A"), read("b", "B")
	if len(a) != 251 || len(b) != 251 || len(a[0]) != 32 {
		t.Fatalf("%d and %d rows of %d columns; want 251 of 32", len(a), len(b), len(a[0]))
	}
	places := map[string]bool{}
	for i := 1; i < len(a); i++ {
		if strings.Join(a[i], ";") != strings.Join(again[i], ";") {
			t.Errorf("row %d of the same name differs", i)
		}
		if strings.Join(a[i], ";") == strings.Join(b[i], ";") {
			t.Errorf("row %d of both names is the same", i)
		}
		places[a[i][8]+" "+a[i][9]] = true
	}
	if len(places) != 250 {
		t.Errorf("%d places for 250 lieux", len(places))
	}
}
