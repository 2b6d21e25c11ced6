package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// TestMain lets the scripts run the real program: its own process, arguments,
// exit code and both outputs.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"maillage": func() { os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

func TestScripts(t *testing.T) {
	demo := filepath.Join(t.TempDir(), "demo.gpkg")
	if code := run(context.Background(), []string{"demo", "--no-serve", "--store", demo}, os.Stderr, os.Stderr); code != exitOK {
		t.Fatalf("maillage demo: exit %d", code)
	}
	fixtures, err := filepath.Abs(filepath.Join("..", "..", "fixtures", "aisne"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("DEMO", demo)
			env.Setenv("AISNE", fixtures)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"sums": sums, "status": status, "scenario": scenarioOf, "ogr": ogr, "pack": packFolder},
	})
}

// status runs `maillage` and checks its exit code: status CODE args…
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: status CODE args…")
	}
	err := ts.Exec("maillage", args[1:]...)
	got := 0
	if err != nil {
		if _, scan := fmt.Sscanf(err.Error(), "exit status %d", &got); scan != nil {
			ts.Fatalf("maillage: %v", err)
		}
	}
	if fmt.Sprint(got) != args[0] {
		ts.Fatalf("maillage %s: exit %d, want %s", strings.Join(args[1:], " "), got, args[0])
	}
}

// ogr looks at a file with GDAL, where there is one, and looks for texts in what it says:
// ogr FILE TEXT…
func ogr(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: ogr FILE TEXT…")
	}
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		ts.Logf("ogrinfo is not installed (Debian: gdal-bin); %s is not tried with GDAL", args[0])
		return
	}
	var out, warnings bytes.Buffer
	cmd := exec.Command(ogrinfo, "-ro", "-so", "-al", ts.MkAbs(args[0]))
	cmd.Stdout, cmd.Stderr = &out, &warnings
	if err := cmd.Run(); err != nil || warnings.Len() > 0 {
		ts.Fatalf("ogrinfo %s: %v: %s", args[0], err, &warnings)
	}
	for _, want := range args[1:] {
		if !strings.Contains(out.String(), want) {
			ts.Fatalf("ogrinfo %s does not say %q:\n%s", args[0], want, &out)
		}
	}
}

// packFolder makes a zip of the files of a folder: pack FILE FOLDER.
func packFolder(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: pack FILE FOLDER")
	}
	entries, err := os.ReadDir(ts.MkAbs(args[1]))
	if err != nil {
		ts.Fatalf("%v", err)
	}
	var members []sourcetest.Member
	for _, e := range entries {
		members = append(members, sourcetest.Member{Name: e.Name(), Data: ts.ReadFile(filepath.Join(args[1], e.Name()))})
	}
	if err := os.WriteFile(ts.MkAbs(args[0]), sourcetest.Zipped(members...), 0o600); err != nil {
		ts.Fatalf("%v", err)
	}
}

// scenarioOf takes the scenario out of an answer: scenario ANSWER FILE.
func scenarioOf(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: scenario ANSWER FILE")
	}
	var answer struct{ Scenario json.RawMessage }
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &answer); err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
	if err := os.WriteFile(ts.MkAbs(args[1]), answer.Scenario, 0o600); err != nil {
		ts.Fatalf("%v", err)
	}
}

// sums checks that in the gap reports given as files, the four classes of every
// row add up to its population, and prints the total: sums FILE TOTAL.
func sums(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sums FILE TOTAL")
	}
	var report struct {
		Territoires []struct {
			Nom        string
			Population int
			Classes    map[string]int
		}
	}
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &report); err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
	total := 0
	for _, row := range report.Territoires {
		sum := 0
		for _, n := range row.Classes {
			sum += n
		}
		if sum != row.Population || len(row.Classes) != 4 {
			ts.Fatalf("%s: classes %v add up to %d, population %d", row.Nom, row.Classes, sum, row.Population)
		}
		total += row.Population
	}
	if fmt.Sprint(total) != args[1] {
		ts.Fatalf("%s: %d people in all, want %s", args[0], total, args[1])
	}
}
