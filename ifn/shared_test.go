package ifn

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// sharedFile opens a reference file kept beside the repository, and skips the
// test where there is none.
func sharedFile(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "shared", "data", "aisne", name))
	if err != nil {
		t.Skipf("no reference data beside the repository: %v", err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// records reads a whole CSV file.
func records(t *testing.T, name string, comma rune) [][]string {
	t.Helper()
	r := csv.NewReader(sharedFile(t, name))
	r.Comma = comma
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// v1Axes are the axes of the first index and the first of their three columns in
// the published file: against the département, the EPCI, the région.
var v1Axes = []struct {
	column string
	at     int
}{{"v1_information", 22}, {"v1_interfaces", 25}, {"v1_administratives", 28}, {"v1_numeriques", 31}}

// v1Table reads the published axes at one reference level. Missing is written 0
// in that file; zeroIsMissing reads it as unknown.
func v1Table(t *testing.T, rows [][]string, level int, zeroIsMissing bool) *Table {
	t.Helper()
	places := make([]Place, len(rows))
	for i, r := range rows {
		places[i] = Place{Code: r[7], Nom: r[18], Weight: 1}
	}
	table := mustTable(t, places...)
	for _, axis := range v1Axes {
		values := make([]float64, len(rows))
		for i, r := range rows {
			values[i] = number(t, r[axis.at+level])
			if values[i] == 0 && zeroIsMissing {
				values[i] = math.NaN()
			}
		}
		mustSet(t, table, axis.column, values...)
	}
	return table
}

// v1Options are those of the structure itself.
func v1Options() Options { return Options{Method: Points, MinCompleteness: 0.4} }

// v1Rounding is one unit of the last of the nine published decimals. The axes
// are published rounded too, so that an aggregate can only be told that finely.
const v1Rounding = 1e-9

// TestPublishedV1 recomputes the three aggregates of every row of the published
// file, at the three reference levels, reading its 0 as unknown, and counting what is unknown
// as 0 as it does.
func TestPublishedV1(t *testing.T) {
	rows := records(t, "ifn-v1-2019.csv", ';')
	if len(rows) != 870 {
		t.Fatalf("%d rows, want 870", len(rows))
	}
	s, o := mustBuiltin(t, V12019), v1Options()
	for level, name := range []string{"département", "EPCI", "région"} {
		result := mustCompute(t, s, v1Table(t, rows, level, true), o)
		worst := 0.0
		for i, r := range rows {
			row := &result.Rows[i]
			for _, c := range []struct {
				what string
				got  Value
				at   int
			}{{"total", row.Score, 4}, {"access", row.Sub("acces"), 34}, {"skills", row.Sub("competences"), 37}} {
				want := number(t, r[c.at+level])
				off := math.Abs(c.got.V - want)
				worst = math.Max(worst, off)
				if !c.got.Known || off > v1Rounding {
					t.Errorf("%s, row %d (%s): %s %+v, published %v", name, i+1, r[18], c.what, c.got, want)
				}
			}
		}
		t.Logf("%s: 3 aggregates × %d rows reproduced, largest difference %.2g", name, len(rows), worst)
	}
}

// TestPublishedV1MissingMovesRanks: the published file writes a missing axis as 0
// and counts it, which makes places look less fragile than they may be.
func TestPublishedV1MissingMovesRanks(t *testing.T) {
	rows := records(t, "ifn-v1-2019.csv", ';')
	s, o := mustBuiltin(t, V12019), v1Options()
	asZero := mustCompute(t, s, v1Table(t, rows, 0, false), o)
	o.KeepUnknown = true
	asMissing := mustCompute(t, s, v1Table(t, rows, 0, true), o)
	incomplete, higher, moved := 0, 0, 0
	for i := range rows {
		zero, missing := &asZero.Rows[i], &asMissing.Rows[i]
		if len(missing.Missing) > 0 && missing.Score.Known {
			incomplete++
			if missing.Score.V > zero.Score.V {
				higher++
			}
		}
		if missing.Rank > 0 && missing.Rank != zero.Rank {
			moved++
		}
	}
	if incomplete == 0 || higher != incomplete {
		t.Errorf("%d of %d incomplete rows score higher once 0 is unknown; want all, and some", higher, incomplete)
	}
	if moved < len(rows)/2 {
		t.Errorf("%d of %d ranks move; want at least half", moved, len(rows))
	}
	t.Logf("%d rows incomplete, %d of %d ranks move", incomplete, moved, len(rows))
}

// aisne is the commune table of the reference variables, and its EPCI.
func aisne(t *testing.T) (communes *Table, epci []Group) {
	t.Helper()
	rows := records(t, filepath.Join("facts", "ifn-variables.csv"), ',')
	head, rows := rows[0], rows[1:]
	places := make([]Place, len(rows))
	at := map[string]int{}
	for i, r := range records(t, filepath.Join("facts", "epci.csv"), ',')[1:] {
		at[r[0]] = i
		epci = append(epci, Group{Code: r[0], Nom: r[1]})
	}
	for i, r := range rows {
		places[i] = Place{Code: r[0], Nom: r[1], Weight: number(t, r[3])}
		g := &epci[at[r[2]]]
		g.Rows = append(g.Rows, i)
	}
	communes = mustTable(t, places...)
	for _, r := range rows {
		for c, name := range head[4:] {
			if s := strings.TrimSpace(r[4+c]); s != "" {
				if err := communes.Set(r[0], name, number(t, s)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return communes, epci
}

// TestAisne pins what the reference variables of the Aisne support, without access
// times: which EPCI have an index at which floor, and which lead.
func TestAisne(t *testing.T) {
	communes, groups := aisne(t)
	s := mustBuiltin(t, HDF2021)
	epci, err := communes.Aggregate(groups, MinShare)
	if err != nil {
		t.Fatal(err)
	}
	wide := Defaults()
	wide.MinCompleteness, wide.MinCoverage = 0.3, 0.5
	for _, tt := range []struct {
		what   string
		table  *Table
		o      Options
		ranked int
	}{
		{"communes, default floor: only towns with published Filosofi rates", communes, Defaults(), 31},
		{"EPCI, default floor: only those with half their people in such towns", epci, Defaults(), 5},
		{"communes, 0.3 known, columns known for half the rows", communes, wide, 678},
		{"EPCI, same: all but the one with 80 inhabitants and no income", epci, wide, 19},
	} {
		if r := mustCompute(t, s, tt.table, tt.o); r.Ranked != tt.ranked {
			t.Errorf("%s: %d ranked, want %d", tt.what, r.Ranked, tt.ranked)
		}
	}

	r := mustCompute(t, s, epci, wide)
	// North: the four EPCI of Thiérache are the four most exposed by Publics exposés.
	north := map[string]bool{}
	for _, g := range groups {
		if strings.Contains(g.Nom, "Thiérache") || g.Nom == "CC des Trois Rivières" {
			north[g.Code] = true
		}
	}
	least, others := math.Inf(1), math.Inf(-1)
	seen := 0
	for i := range r.Rows {
		if p := r.Rows[i].Publics(); p.Known && north[r.Rows[i].Code] {
			least = math.Min(least, p.V)
			seen++
		} else if p.Known {
			others = math.Max(others, p.V)
		}
	}
	if seen != 4 || least <= others {
		t.Errorf("%d EPCI of Thiérache, least exposed %v by Publics exposés; the most exposed elsewhere is %v", seen, least, others)
	}
	// South, by Enjeux d'aménagement: Oulchy-le-Château comes second, and
	// Charly-sur-Marne is in the upper half.
	above := func(name string) int {
		var own float64
		for i := range r.Rows {
			if strings.Contains(r.Rows[i].Nom, name) {
				own = r.Rows[i].Amenagement().V
			}
		}
		n := 0
		for i := range r.Rows {
			if r.Rows[i].Amenagement().V > own {
				n++
			}
		}
		return n
	}
	if got := above("Oulchy"); got != 1 {
		t.Errorf("%d EPCI are worse equipped than Oulchy-le-Château, want 1", got)
	}
	if got := above("Charly"); got >= 10 {
		t.Errorf("%d EPCI are worse equipped than Charly-sur-Marne, want fewer than 10", got)
	}
}
