package gate

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestBudget(t *testing.T) {
	b := NewBudget(100, 40)
	hold := func(name, thing string, bytes int, fits bool) func() {
		t.Helper()
		release, err := b.Hold(name, thing, bytes)
		if fits != (err == nil) || !fits && !errors.Is(err, ErrBusy) {
			t.Fatalf("%s holds %s of %d bytes: %v", name, thing, bytes, err)
		}
		return release
	}
	one := hold("a", "x", 30, true)
	hold("a", "y", 20, false)            // more than its share
	again := hold("a", "x", 30, true)    // the same bytes
	shared := hold("b", "x", 30, true)   // as well
	hold("b", "z", 20, false)            // of b's share, x is 30 too
	large := hold("c", "all", 90, false) // does not fit beside x
	_ = large
	if got := b.Held(); got != 30 {
		t.Errorf("%d bytes are held", got)
	}
	one()
	one() // once
	again()
	if got := b.Held(); got != 30 {
		t.Errorf("%d bytes are held while b holds them", got)
	}
	shared()
	hold("c", "all", 200, true)() // alone, it is held
	if got := b.Held(); got != 0 || len(b.holders) != 0 || len(b.clients) != 0 {
		t.Errorf("%d bytes are held at the end, by %d", got, len(b.clients))
	}
}

// TestBudgetAgainstAList keeps a list of what is held and adds it up each time.
func TestBudgetAgainstAList(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	type holding struct {
		name    string
		thing   int
		release func()
	}
	const most, share = 1000, 300
	size := func(thing int) int { return 1 + thing*37%400 }
	b := NewBudget(most, share)
	var list []holding
	sum := func(of func(holding) bool, more int) int {
		seen, total := map[int]bool{}, 0
		for _, h := range list {
			if of(h) {
				seen[h.thing] = true
			}
		}
		seen[more] = true
		for thing := range seen {
			total += size(thing)
		}
		return total
	}
	refused := 0
	for range 20_000 {
		if len(list) > 0 && random.IntN(5) < 2 {
			i := random.IntN(len(list))
			list[i].release()
			list = append(list[:i], list[i+1:]...)
			continue
		}
		name, thing := fmt.Sprint(random.IntN(5)), random.IntN(20)
		all, own := sum(func(holding) bool { return true }, thing), sum(func(h holding) bool { return h.name == name }, thing)
		want := all <= max(most, size(thing)) && own <= max(share, size(thing))
		release, err := b.Hold(name, thing, size(thing))
		if (err == nil) != want {
			t.Fatalf("holding %d of %d bytes: %v; all would be %d, its own %d", thing, size(thing), err, all, own)
		}
		if err == nil {
			list = append(list, holding{name, thing, release})
		} else {
			refused++
		}
	}
	if refused == 0 {
		t.Error("nothing was refused")
	}
}
