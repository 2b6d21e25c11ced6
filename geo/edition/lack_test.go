package edition_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
)

// lackOf recounts the lack of the people whose row at a level is row, person by person; NaN:
// unknown, or nobody.
func lackOf(e *edition.Edition, a *edition.Answer, level int, row int32) float64 {
	people, unknown, fragile, cells := 0, 0, 0.0, map[int32]bool{}
	for part, n := range e.People {
		if n == 0 || e.Pyramid.Part[level][part] != row {
			continue
		}
		people += int(n)
		cells[e.Grid.Parts[part].Cell] = true
		indexed := e.IFN(admin.TypeCommune)[e.Division.Communes[e.Grid.Parts[part].Commune].Code].Score != nil
		switch class := a.Class[part]; {
		case class == coverage.Couverte:
		case class == coverage.Inconnue || !indexed:
			unknown += int(n)
		default:
			fragile += editiontest.Fragile(e, part)
		}
	}
	if people == 0 || 2*unknown > people {
		return math.NaN()
	}
	return fragile / float64(len(cells))
}

// TestLackAgainstRecounting is the naive twin: what is unknown is never counted, and no rank
// is better than that of a cell that lacks more.
func TestLackAgainstRecounting(t *testing.T) {
	known, unknown := 0, 0
	for seed := range uint64(24) {
		r := rand.New(rand.NewPCG(seed, 63))
		in := editiontest.Small(r)
		if seed%2 == 1 {
			in = editiontest.Unindexed(r)
		}
		e := editiontest.Build(t, in, editiontest.SmallParams())
		a := e.Answer(editiontest.SomeQuery(r))
		got := a.Lacks()
		for level, l := range e.Pyramid.Levels {
			for i := range l.Cells {
				row := l.First + int32(i)
				want := lackOf(e, a, level, row)
				if math.IsNaN(want) != math.IsNaN(got.Rows[row]) || math.Abs(want-got.Rows[row]) > 1e-3 {
					t.Fatalf("seed %d: row %d: %v, want %v", seed, row, got.Rows[row], want)
				}
				if math.IsNaN(want) {
					unknown++
				} else {
					known++
				}
			}
		}
		first := e.Pyramid.Levels[len(e.Pyramid.Levels)-1].First
		for c, rank := range got.Rank {
			lack, better := got.Rows[first+int32(c)], int32(0)
			if (rank > 0) != (lack > 0) {
				t.Fatalf("seed %d: cell %d has rank %d and lacks %v", seed, c, rank, lack)
			}
			for o := range got.Rank {
				if rank > 0 && got.Rows[first+int32(o)] > lack {
					better++
				}
			}
			if rank > 0 && rank != better+1 {
				t.Fatalf("seed %d: cell %d has rank %d, want %d", seed, c, rank, better+1)
			}
		}
	}
	if known < 500 || unknown < 100 {
		t.Errorf("%d known, %d unknown: too dull", known, unknown)
	}
}

// TestMoreHelpNeverRaisesTheLack: with the index as it is, who passes to a better class never
// adds to what is known to lack.
func TestMoreHelpNeverRaisesTheLack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 64))
	for range 1000 {
		index := coverage.Fragility{Score: 10 * r.Float64(), Known: r.IntN(4) > 0}
		people := r.Int32N(900)
		var before, after coverage.Lack
		before.Add(people, []coverage.Class{coverage.Blanche, coverage.Grise}[r.IntN(2)], index)
		after.Add(people, []coverage.Class{coverage.Grise, coverage.Couverte}[r.IntN(2)], index)
		if after.Fragile > before.Fragile || after.Unknown > before.Unknown {
			t.Fatalf("%+v from %+v", after, before)
		}
	}
}
