package gpkg_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/gpkg"
)

// computer is the argument that turns the test program into one that stores an edition with
// its record: computer PATH ID ROOM. No file may grow beyond ROOM bytes, as on a full disk.
const computer = "put-edition"

// editionBytes is more than what SQLite keeps in memory: pages spill to the disk meanwhile.
const editionBytes = 6 << 20

func putOnce(path, id, room string) error {
	most, err := strconv.ParseUint(room, 10, 64)
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ) // the write fails instead
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
		return err
	}
	fmt.Println("started")
	s, err := gpkg.Open(context.Background(), path)
	if err != nil {
		return err
	}
	defer s.Close()
	spots := store.Layer{Name: "spots", Title: "Points", Geometry: "POINT", Rows: func(yield func(store.LayerRow) bool) {
		for i := range 2000 {
			if !yield(store.LayerRow{Geometry: orb.Point{3 + float64(i)/1e4, 49}}) {
				return
			}
		}
	}}
	data := make([]byte, editionBytes)
	for i := range data {
		data[i] = byte(rand.Uint32())
	}
	return s.PutEdition(context.Background(), id, data, []store.Layer{spots}, store.Document{Kind: "record", ID: id, Data: bytes.Repeat([]byte("r"), 100_000)})
}

// together fails unless the editions and the records of a store are the same ones, and gives
// how many.
func together(t *testing.T, path string) int {
	t.Helper()
	s := open(t, path)
	defer s.Close()
	ctx := t.Context()
	must(t, s.Check(ctx))
	editions, err := s.Editions(ctx)
	must(t, err)
	records, err := s.Documents(ctx, "record")
	must(t, err)
	for _, e := range editions {
		if _, err := s.Edition(ctx, e.ID); err != nil {
			t.Error(err)
		}
		if _, err := s.Document(ctx, "record", e.ID); err != nil {
			t.Errorf("edition %s without its record: %v", e.ID, err)
		}
	}
	if len(records) != len(editions) {
		t.Errorf("%d records of %d editions", len(records), len(editions))
	}
	return len(editions)
}

// TestNoRecordWithoutItsEdition stores editions on a disk that is full after so many bytes,
// and kills who stores them at any time: what is left has both or none.
func TestNoRecordWithoutItsEdition(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	program, err := os.Executable()
	must(t, err)
	start := func(path, id string, room int64) *exec.Cmd {
		cmd := exec.Command(program, computer, path, id, fmt.Sprint(room))
		must(t, cmd.Start())
		return cmd
	}
	path := filepath.Join(t.TempDir(), "essai.gpkg")
	must(t, start(path, "e0", 1<<30).Wait())
	kept := together(t, path)
	if kept != 1 {
		t.Fatalf("%d editions after the first", kept)
	}
	refused := 0
	for i := range int64(8) { // from a disk that has room for next to nothing to one that has enough
		room := 64<<10 + i*editionBytes/6
		err := start(path, fmt.Sprint("full", i), room).Wait()
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			refused++
		} else if must(t, err); true {
			kept++
		}
		if got := together(t, path); got != kept {
			t.Errorf("room for %d bytes: %d editions, want %d", room, got, kept)
		}
	}
	if refused == 0 || refused == 8 {
		t.Errorf("%d of 8 refused for lack of room; want some", refused)
	}
	began := time.Now()
	must(t, start(path, "whole", 1<<30).Wait())
	whole := time.Since(began)
	old := together(t, path)
	for i := range 12 {
		cmd := start(path, fmt.Sprint("killed", i), 1<<30)
		time.Sleep(time.Duration(random.Int64N(int64(whole + whole/4))))
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
		together(t, path)
	}
	t.Logf("%d of 8 refused for lack of room; %d of 12 killed had stored theirs", refused, together(t, path)-old)
}
