package decimal_test

import (
	"encoding/json"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo/decimal"
)

// TestWritten: JSON has the decimals of each type, as big decimal arithmetic rounds them
// half away from zero, and the value itself keeps all of its own.
func TestWritten(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 10_000 {
		v := (random.Float64() - 0.5) * math.Pow10(random.IntN(8))
		all := struct {
			One   decimal.One
			Two   *decimal.Two
			Three decimal.Three
			Four  [2]decimal.Four
			None  *decimal.Two `json:",omitempty"`
		}{decimal.One(v), new(decimal.Two(v)), decimal.Three(v), [2]decimal.Four{decimal.Four(v), 1}, nil}
		data, err := json.Marshal(&all)
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			One, Two, Three json.Number
			Four            []json.Number
			None            *json.Number
		}
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		for digits, text := range map[int]json.Number{1: got.One, 2: got.Two, 3: got.Three, 4: got.Four[0]} {
			written, ok := new(big.Rat).SetString(text.String())
			exact := new(big.Rat).SetFloat64(v)
			if !ok {
				t.Fatalf("%v is written %q", v, text)
			}
			// Off by half a unit of the last decimal at most, but for what v itself cannot tell.
			off, _ := new(big.Rat).Sub(written, exact).Float64()
			if half := 0.5 * math.Pow10(-digits); math.Abs(off) > half*(1+1e-9)+1e-9*math.Abs(v) {
				t.Fatalf("%v is written %s with %d decimals: off by %v", v, text, digits, off)
			}
			if scaled := new(big.Rat).Mul(written, new(big.Rat).SetFloat64(math.Pow10(digits))); !scaled.IsInt() {
				t.Fatalf("%v is written %s: more than %d decimals", v, text, digits)
			}
		}
		if float64(all.One) != v || got.None != nil {
			t.Fatalf("%v was kept as %v; none is %v", v, all.One, got.None)
		}
	}
	for v, want := range map[decimal.Two]string{0.125: "0.13", -0.125: "-0.13", 3: "3", 2.5: "2.5", 1e15: "1000000000000000"} {
		if got, err := json.Marshal(v); err != nil || string(got) != want {
			t.Errorf("%v is written %s, %v; want %s", float64(v), got, err, want)
		}
	}
	if got, err := json.Marshal(decimal.One(math.NaN())); err == nil {
		t.Errorf("what is no number is written %s", got)
	}
}
