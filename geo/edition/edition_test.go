package edition_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
)

func readAisne(t testing.TB) *editiontest.Inputs {
	t.Helper()
	in, err := editiontest.ReadAisne()
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func encode(t *testing.T, e *edition.Edition) []byte {
	t.Helper()
	b, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSameInputsGiveSameBytes(t *testing.T) {
	first := encode(t, editiontest.Aisne(t))
	// Once more from the files, on one processor instead of all.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	again, _, err := edition.Build(context.Background(), readAisne(t), edition.DefaultParams(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if again.ID != editiontest.Aisne(t).ID {
		t.Errorf("ids differ: %s and %s", again.ID, editiontest.Aisne(t).ID)
	}
	if !bytes.Equal(first, encode(t, again)) {
		t.Error("two computations of the same inputs differ")
	}
}

func TestIDDependsOnInputsParametersAndNothingElse(t *testing.T) {
	e := editiontest.Aisne(t)
	id := func(p edition.Params, in []store.Manifest) string {
		s, err := edition.ID(p, in)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if got := id(e.Params, e.Inputs); got != e.ID {
		t.Errorf("ID = %s, want the edition's %s", got, e.ID)
	}
	p := e.Params
	p.Cutoff++
	in := slices.Clone(e.Inputs)
	in[0].Files = slices.Clone(in[0].Files)
	in[0].Files[0].SHA256 = "00"
	if a, b := id(p, e.Inputs), id(e.Params, in); a == e.ID || b == e.ID || a == b {
		t.Errorf("another cut-off gives %s, another file %s, the edition has %s", a, b, e.ID)
	}
}

func TestDecodeGivesTheSameEdition(t *testing.T) {
	e := editiontest.Aisne(t)
	b := encode(t, e)
	back, err := edition.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b, encode(t, back)) {
		t.Error("an edition decoded and encoded again has other bytes")
	}
	q := e.Params.Query()
	if d := cmp.Diff(e.Answer(q), back.Answer(q), cmpopts.IgnoreUnexported(edition.Answer{})); d != "" {
		t.Errorf("answers differ: %s", d)
	}
	for _, level := range []admin.Type{admin.TypeCommune, admin.TypeEPCI, admin.TypeSecteur, admin.TypeDepartement} {
		if d := cmp.Diff(e.IFN(level), back.IFN(level)); d != "" {
			t.Errorf("index by %s differs: %s", level, d)
		}
		want, err := e.Gaps(e.Answer(q), edition.Scope{Level: level}) // the offer is in it
		if err != nil {
			t.Fatal(err)
		}
		got, err := back.Gaps(back.Answer(q), edition.Scope{Level: level})
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Errorf("gaps by %s differ: %v %s", level, err, d)
		}
	}
}

func TestDecodeRefusesDamage(t *testing.T) {
	b := encode(t, editiontest.Aisne(t))
	const seed = 2
	r := rand.New(rand.NewPCG(seed, 0))
	for trial := range 40 {
		bad := slices.Clone(b)
		if trial%2 == 0 {
			bad = bad[:r.IntN(len(bad))]
		} else {
			bad[9+r.IntN(len(bad)-9)] ^= 1 << r.IntN(8)
		}
		if _, err := edition.Decode(bad); !errors.Is(err, edition.ErrDamaged) {
			t.Fatalf("seed %d trial %d: Decode of a damaged edition: %v", seed, trial, err)
		}
	}
	newer := slices.Clone(b)
	newer[8] = 99
	const want = "decode edition: format 99: this program reads format 4; compute the edition again"
	if _, err := edition.Decode(newer); err == nil || err.Error() != want {
		t.Errorf("Decode of another format: %v, want %q", err, want)
	}
}

func TestPeopleAddUpExactly(t *testing.T) {
	e := editiontest.Aisne(t)
	const population = 527_468 // municipal population 2021 of the 798 communes (INSEE)
	if e.Total != population {
		t.Errorf("the territory holds %d people, want %d", e.Total, population)
	}
	const seed = 9
	r := rand.New(rand.NewPCG(seed, 0))
	queries := []coverage.Query{e.Params.Query()}
	for range 6 {
		queries = append(queries, coverage.Query{Service: lieu.Service(r.IntN(lieu.NumServices)), Mode: e.Params.Modes[r.IntN(len(e.Params.Modes))],
			Cutoff: geo.Minute + geo.Cost(r.IntN(int(access.Horizon-geo.Minute))), MinHours: 40 * r.Float64()})
	}
	for _, q := range queries {
		a := e.Answer(q)
		byCode := map[string]edition.ClassesJSON{}
		for _, level := range []admin.Type{admin.TypeCommune, admin.TypeEPCI, admin.TypeSecteur, admin.TypeDepartement} {
			report, err := e.Gaps(a, edition.Scope{Level: level})
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range report.Territoires {
				c := row.Classes
				if sum := c.Couverte + c.Grise + c.Blanche + c.Inconnue; sum != row.Population {
					t.Fatalf("seed %d, %+v: %s %s: classes add up to %d, population %d", seed, q, level, row.Nom, sum, row.Population)
				}
				if level == admin.TypeCommune {
					byCode[row.Code] = c
					continue
				}
				tr, _ := e.Division.Find(admin.Ref{Type: level, Code: row.Code})
				var sum edition.ClassesJSON
				for _, i := range tr.Communes {
					m := byCode[e.Division.Communes[i].Code]
					sum = edition.ClassesJSON{Couverte: sum.Couverte + m.Couverte, Grise: sum.Grise + m.Grise,
						Blanche: sum.Blanche + m.Blanche, Inconnue: sum.Inconnue + m.Inconnue}
				}
				if sum != c {
					t.Fatalf("seed %d, %+v: %s %s holds %+v, its communes %+v", seed, q, level, row.Nom, c, sum)
				}
			}
		}
		blanche := 0
		for _, z := range e.Zones(a) {
			blanche += z.People
		}
		if report, _ := e.Gaps(a, edition.Scope{Level: admin.TypeDepartement}); report.Territoires[0].Classes.Blanche != blanche {
			t.Errorf("%+v: zones blanches hold %d people, the class %d", q, blanche, report.Territoires[0].Classes.Blanche)
		}
	}
}

// TestNearestAgreesWithReach compares the two searches that made the tables: the
// nearest site by the multi-source search is the cheapest of the bounded ones.
func TestNearestAgreesWithReach(t *testing.T) {
	e := editiontest.Aisne(t)
	for _, mode := range e.Params.Modes {
		table := e.Access[mode]
		if table.Within.Counted != nil {
			continue // by timetable the nearest is on foot: see transit_test.go
		}
		for _, service := range []lieu.Service{lieu.Demarches, lieu.Insertion, lieu.Any} {
			near := &table.Nearest[service]
			for p := range e.Grid.Parts {
				row, costs := table.Within.Row(int32(p))
				best, site := geo.Cost(math.MaxUint32), int32(-1)
				for j, s := range row {
					if e.Sites[s].Services.Offers(service) && geo.Cost(costs[j]) < best {
						best, site = geo.Cost(costs[j]), int32(s)
					}
				}
				within := near.At(int32(p)).Within(access.Horizon)
				if within != (site >= 0) || within && (near.Cost[p] != best || near.SiteOf(int32(p)) != site) {
					t.Fatalf("%s %s part %d: nearest says %v at site %d, reach lists say %v at site %d",
						mode, service, p, near.At(int32(p)), near.Site[p], best, site)
				}
			}
		}
	}
}

// TestFereIsNearAndYetSeldomOpen is the case that the product was built for: the
// sector of Fère-en-Tardenois has a lieu within 15 minutes of most of its people,
// and few open hours.
func TestFereIsNearAndYetSeldomOpen(t *testing.T) {
	e := editiontest.Aisne(t)
	a := e.Answer(e.Params.Query())
	report, err := e.Gaps(a, edition.Scope{Level: admin.TypeSecteur})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Territoires) != 5 {
		t.Fatalf("%d secteurs, want the roadmap's five", len(report.Territoires))
	}
	whole, err := e.Gaps(a, edition.Scope{Level: admin.TypeDepartement})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range report.Territoires {
		if row.Code != "fere-en-tardenois" {
			continue
		}
		near := row.Population - row.Classes.Blanche
		if 2*near < row.Population {
			t.Errorf("%d of %d people are within 15 minutes, want most", near, row.Population)
		}
		if c := row.Classes; c.Grise <= max(c.Couverte, c.Blanche, c.Inconnue) {
			t.Errorf("%+v: want more people with a lieu open for few hours than in any other class", c)
		}
		if mean := whole.Territoires[0].Hours.Mean; row.Hours.Mean > 0.7*mean {
			t.Errorf("%.1f h a week, the département has %.1f: want far fewer", row.Hours.Mean, mean)
		}
		return
	}
	t.Error("no secteur fere-en-tardenois")
}

func TestRowsAgreeWithParts(t *testing.T) {
	e := editiontest.Aisne(t)
	a := e.Answer(e.Params.Query())
	rows := e.Rows(a)
	home := e.CellCommunes()
	for level, l := range e.Pyramid.Levels {
		people := 0
		for i := range l.Cells {
			people += int(rows.People[l.First+int32(i)])
		}
		if people != e.Total {
			t.Errorf("resolution %d holds %d people, want %d", l.Resolution, people, e.Total)
		}
		// The naive twin, on a sample of cells: gather the parts of the cell again.
		for i := 0; i < len(l.Cells); i += 1 + len(l.Cells)/200 {
			row := l.First + int32(i)
			var tally coverage.Tally
			minutes, timed := 0.0, 0
			byCommune := map[int32]int{}
			for p, r := range e.Pyramid.Part[level] {
				if r != row {
					continue
				}
				n := int(e.People[p])
				tally.Add(a.Class[p], n)
				byCommune[e.Grid.Parts[p].Commune] += n
				if a.Nearest.Reach[p] == geo.Reached {
					minutes += a.Nearest.Cost[p].Minutes() * float64(n)
					timed += n
				}
			}
			if got, want := rows.Class[row], tally.Worst(); got != want {
				t.Fatalf("row %d: class %v, want %v", row, got, want)
			}
			if timed > 0 && math.Abs(rows.Minutes[row]-minutes/float64(timed)) > 1e-9 {
				t.Fatalf("row %d: %v min, want %v", row, rows.Minutes[row], minutes/float64(timed))
			}
			if timed == 0 && !math.IsNaN(rows.Minutes[row]) {
				t.Fatalf("row %d: %v min for nobody", row, rows.Minutes[row])
			}
			for c, n := range byCommune {
				if n > byCommune[home[row]] {
					t.Fatalf("row %d: home is commune %d with %d people, commune %d has %d", row, home[row], byCommune[home[row]], c, n)
				}
			}
		}
	}
}

func TestEverythingModelledIsSaid(t *testing.T) {
	e := editiontest.Aisne(t)
	var names []string
	for _, m := range e.Modelled {
		names = append(names, m.Name)
	}
	for _, want := range []string{"secteurs", "routes", "tournées", "répartition de la population"} {
		if !slices.Contains(names, want) {
			t.Errorf("%q is not said to be modelled; said: %q", want, names)
		}
	}
	if report, err := e.Gaps(e.Answer(e.Params.Query()), edition.Scope{Level: admin.TypeEPCI}); err != nil || len(report.Modelled) != len(names) {
		t.Errorf("the gap report says %d modelled inputs, want %d (%v)", len(report.Modelled), len(names), err)
	}
}

func TestBuildNamesWhatIsMissing(t *testing.T) {
	var missing *edition.MissingError
	if _, _, err := edition.Build(context.Background(), &editiontest.Inputs{}, edition.DefaultParams(), nil); !errors.As(err, &missing) || missing.Kind != store.Communes.Kind {
		t.Errorf("Build of an empty store: %v, want a MissingError for communes", err)
	}
	p := edition.DefaultParams()
	p.Resolution = 12
	const want = "compute: resolution 12: expected 5 to 10"
	if _, _, err := edition.Build(context.Background(), &editiontest.Inputs{}, p, nil); err == nil || err.Error() != want {
		t.Errorf("Build at resolution 12: %v, want %q", err, want)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := edition.Build(ctx, readAisne(t), edition.DefaultParams(), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Build after Ctrl-C: %v", err)
	}
}

func TestLayersHoldEveryCellAndZone(t *testing.T) {
	e := editiontest.Aisne(t)
	layers, err := e.Layers()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"cells": e.Counts().Cells, "zones_blanches": len(e.Zones(e.Answer(e.Params.Query()))),
		"zones_a_verifier": len(e.ToVerify(e.Answer(e.Params.Query())))}
	for _, l := range layers {
		n, people := 0, int64(0)
		for row := range l.Rows {
			if len(row.Values) != len(l.Columns) || row.Geometry == nil {
				t.Fatalf("layer %s row %d: %d values for %d columns, geometry %v", l.Name, n, len(row.Values), len(l.Columns), row.Geometry)
			}
			for i, c := range l.Columns {
				if c.Name == "habitants" {
					people += row.Values[i].(int64)
				}
			}
			n++
		}
		if n != want[l.Name] {
			t.Errorf("layer %s has %d rows, want %d", l.Name, n, want[l.Name])
		}
		if l.Name == "cells" && int(people) != e.Total {
			t.Errorf("layer cells holds %d people, want %d", people, e.Total)
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	in := readAisne(b)
	parts := 0
	for b.Loop() {
		e, _, err := edition.Build(context.Background(), in, edition.DefaultParams(), nil)
		if err != nil {
			b.Fatal(err)
		}
		parts = e.Counts().Parts
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)*1e9/float64(parts), "ns/part")
}

func BenchmarkDecode(b *testing.B) {
	data, err := editiontest.Aisne(b).Encode()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := edition.Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}
