package gpkg_test

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/gpkg"
)

// importer is the argument that turns the test program into one that imports, for
// the tests below to kill: importer PATH VERSION ROWS.
const importer = "import-until-killed"

func TestMain(m *testing.M) {
	flag.Parse()
	var err error
	switch flag.Arg(0) {
	case importer:
		err = importOnce(flag.Arg(1), flag.Arg(2), flag.Arg(3))
	case computer:
		err = putOnce(flag.Arg(1), flag.Arg(2), flag.Arg(3))
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func importOnce(path, version, rows string) error {
	v, err := strconv.Atoi(version)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(rows)
	if err != nil {
		return err
	}
	fmt.Println("started")
	s, err := gpkg.Open(context.Background(), path)
	if err != nil {
		return err
	}
	if _, err := store.Lieux.Replace(context.Background(), s, manifest(), generate(n, versionOf(v))); err != nil {
		return err
	}
	return s.Close()
}

// versionOf makes rows that differ in every version.
func versionOf(v int) func(int) lieu.Lieu {
	return func(i int) lieu.Lieu {
		l := plainLieu(i)
		l.Nom = fmt.Sprintf("%s, version %d", l.Nom, v)
		return l
	}
}

// runAndKill starts the importer and kills it after a while from its start; a
// negative while lets it end. It reports how long it ran.
func runAndKill(t *testing.T, path string, version, rows int, while time.Duration) time.Duration {
	t.Helper()
	program, err := os.Executable()
	must(t, err)
	cmd := exec.Command(program, importer, path, strconv.Itoa(version), strconv.Itoa(rows))
	cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0") // else a second of sleep under -race
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "started\n" {
		_ = cmd.Wait()
		t.Fatalf("the importer said %q, %v: %s", line, err, &said)
	}
	start := time.Now()
	if while >= 0 {
		time.Sleep(while)
		_ = cmd.Process.Kill() // SIGKILL; it may have ended
	}
	err = cmd.Wait()
	if while < 0 && err != nil || said.Len() > 0 {
		t.Fatalf("the importer: %v: %s", err, &said)
	}
	return time.Since(start)
}

func TestKilledImportLeavesTheOldRowsOrTheNew(t *testing.T) {
	const rounds, count = 20, 1000
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "essai.gpkg")

	expected := func(v int) []lieu.Lieu {
		all := make([]lieu.Lieu, count)
		for i := range all {
			all[i] = versionOf(v)(i)
		}
		return all
	}
	runAndKill(t, path, 0, count, -1)
	whole := runAndKill(t, path, 0, count, -1) // the time of an import over another
	stored, old, new := 0, 0, 0
	for round := 1; round <= rounds; round++ {
		while := time.Duration(random.Int64N(int64(whole + whole/4))) // some after the commit
		runAndKill(t, path, round, count, while)
		s := open(t, path)
		got, err := store.Lieux.All(ctx, s)
		must(t, err)
		switch {
		case reflect.DeepEqual(got, expected(stored)):
			old++
		case reflect.DeepEqual(got, expected(round)):
			stored = round
			new++
		default:
			t.Errorf("round %d, killed after %v of %v: %d rows that are neither the old nor the new", round, while, whole, len(got))
		}
		if err := s.Check(ctx); err != nil {
			t.Errorf("round %d, killed after %v of %v: %v", round, while, whole, err)
		}
		must(t, s.Close())
	}
	t.Logf("%d rounds over %v: %d left the old rows, %d the new", rounds, whole, old, new)
}

func TestKilledWhileCreating(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	ctx, dir := context.Background(), t.TempDir()
	whole := runAndKill(t, filepath.Join(dir, "whole.gpkg"), 0, 1, -1)
	for round := range 8 {
		path := filepath.Join(dir, fmt.Sprintf("%d.gpkg", round))
		while := time.Duration(random.Int64N(int64(whole)))
		runAndKill(t, path, 0, 1, while)
		s, err := gpkg.Open(ctx, path)
		if err != nil {
			t.Errorf("killed after %v of %v: %v", while, whole, err)
			continue
		}
		if err := s.Check(ctx); err != nil {
			t.Errorf("killed after %v of %v: %v", while, whole, err)
		}
		must(t, s.Close())
	}
}
