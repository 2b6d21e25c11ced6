package table

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aisne-numerique/maillage/geo/transit"
)

// TestCallsAreSmall: a trip of twenty calls, whose stops are anywhere among 10 000, takes less
// than a tenth of what it takes in memory as records of a database.
func TestCallsAreSmall(t *testing.T) {
	const seed, most = 1, 130
	r := rand.New(rand.NewPCG(seed, 0))
	var calls []transit.Call
	at := int32(8 * 3600)
	for range 20 {
		calls = append(calls, transit.Call{Stop: r.Int32N(10_000), Arrive: at, Depart: at + 30})
		at += 60 + r.Int32N(600)
	}
	if n := len(encodeCalls(calls)); n > most {
		t.Errorf("seed %d: %d bytes; want at most %d", seed, n, most)
	}
	year := make([]transit.Day, 0, 365)
	for d := transit.Day(20_454); d < 20_454+365; d++ {
		if d%7 < 5 {
			year = append(year, d)
		}
	}
	if n := len(encodeDays(year)); n > 2*53+2 {
		t.Errorf("a year of weekdays takes %d bytes", n)
	}
}

// TestDamagedLists: lists that were cut or changed give an error or other values, and ask for
// no memory that their bytes do not.
func TestDamagedLists(t *testing.T) {
	const seed = 2
	r := rand.New(rand.NewPCG(seed, 0))
	whole := encodeCalls([]transit.Call{{Stop: 3, Arrive: 100, Depart: 130, Pickup: transit.ByPhone}, {Stop: 70_000, Arrive: 500, Depart: 500}})
	for i := range whole {
		if _, err := decodeCalls(whole[:i]); err == nil {
			t.Errorf("calls cut at %d of %d bytes are read", i, len(whole))
		}
	}
	for range 20_000 {
		b := make([]byte, r.IntN(20))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		calls, _ := decodeCalls(b)
		frequencies, _ := decodeFrequencies(b)
		transfers, _ := decodeTransfers(b)
		stops, _ := decodeStops(b)
		if n := max(len(calls), len(frequencies), len(transfers), len(stops)); n > len(b) {
			t.Fatalf("seed %d: %d values from %d bytes", seed, n, len(b))
		}
		if days, err := decodeDays(b); err == nil && len(days) > len(b)*maxRun {
			t.Fatalf("seed %d: %d days", seed, len(days))
		}
	}
}

func TestDaysComeBack(t *testing.T) {
	for _, run := range []int{0, 1, 2, maxRun - 1, maxRun, maxRun + 1, 3*maxRun + 7} {
		var days []transit.Day
		for d := range run {
			days = append(days, transit.Day(d-500))
		}
		days = append(days, 90_000)
		got, err := decodeDays(encodeDays(days))
		if err != nil || !slices.Equal(got, days) {
			t.Errorf("a run of %d days: %d come back, %v", run, len(got), err)
		}
	}
}
