package admin

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
)

// country is a map of side × side communes whose corners were moved at random: each
// shares its borders with its neighbours, EPCI are of eight communes, secteurs of some.
// Every fifth commune has a hole, which is an enclave of the commune after it; every
// seventh has a second part, far away.
func country(tb testing.TB, r *rand.Rand, side int) *Division {
	tb.Helper()
	corners := make([][]orb.Point, side+1)
	for y := range corners {
		for x := 0; x <= side; x++ {
			corners[y] = append(corners[y], orb.Point{3 + (float64(x)+0.4*r.Float64())/100, 49 + (float64(y)+0.4*r.Float64())/100})
		}
	}
	ring := func(cx, cy, half float64) orb.Ring {
		return orb.Ring{{cx - half, cy - half}, {cx + half, cy - half}, {cx + half, cy + half}, {cx - half, cy + half}, {cx - half, cy - half}}
	}
	var communes []Commune
	for y := range side {
		for x := range side {
			outer := orb.Ring{corners[y][x], corners[y][x+1], corners[y+1][x+1], corners[y+1][x], corners[y][x]}
			n := len(communes)
			communes = append(communes, Commune{Code: fmt.Sprintf("%05d", n), Nom: fmt.Sprint("Commune ", n), EPCI: fmt.Sprintf("%09d", n/8),
				Population: r.IntN(3000), Outline: orb.MultiPolygon{{outer}}})
		}
	}
	for n := range communes {
		c := &communes[n]
		if n%5 == 0 && n+1 < len(communes) {
			at := c.Outline.Bound().Center()
			hole := ring(at[0], at[1], 0.001)
			enclave := orb.Polygon{slices.Clone(hole)}
			hole.Reverse()
			c.Outline[0] = append(c.Outline[0], hole)
			communes[n+1].Outline = append(communes[n+1].Outline, enclave)
		}
		if n%7 == 0 {
			c.Outline = append(c.Outline, orb.Polygon{ring(2+0.01*float64(n%100), 48+0.01*float64(n/100), 0.003)})
		}
	}
	var epci []EPCI
	for n := 0; n < len(communes); n += 8 {
		epci = append(epci, EPCI{Code: fmt.Sprintf("%09d", n/8), Nom: fmt.Sprint("EPCI ", n/8)})
	}
	var secteurs []Secteur
	for n := range 20 {
		s := Secteur{Code: fmt.Sprintf("secteur-%02d", n), Nom: fmt.Sprint("Secteur ", n)}
		for i := range communes {
			if r.IntN(20) == 0 {
				s.Communes = append(s.Communes, communes[i].Code)
			}
		}
		secteurs = append(secteurs, s)
	}
	r.Shuffle(len(communes), func(i, j int) { communes[i], communes[j] = communes[j], communes[i] })
	r.Shuffle(len(epci), func(i, j int) { epci[i], epci[j] = epci[j], epci[i] })
	d, err := New(communes, epci, secteurs)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func random(tb testing.TB) *rand.Rand {
	seed := uint64(time.Now().UnixNano())
	tb.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// TestAtAgainstEveryOutline asks for points inside, on borders, on corners, in holes, on
// the borders of holes, and outside, and compares with a look at every outline.
func TestAtAgainstEveryOutline(t *testing.T) {
	r := random(t)
	d := country(t, r, 20)
	naive := func(p geo.LonLat) []int32 {
		var in []int32
		for i := range d.Communes {
			if d.Communes[i].Distance(p) == 0 && d.Communes[i].Contains(p) {
				in = append(in, int32(i))
			}
		}
		return in
	}
	held := map[int]int{} // points, by how many communes hold them
	try := func(p geo.LonLat) []int32 {
		t.Helper()
		got := d.At(p)
		if diff := cmp.Diff(naive(p), got); diff != "" {
			t.Fatalf("At(%v): %s", p, diff)
		}
		held[len(got)]++
		return got
	}
	at := func(p orb.Point) geo.LonLat { return geo.LonLat{Lon: p[0], Lat: p[1]} }
	for range 2000 {
		try(geo.LonLat{Lon: 1.9 + 1.5*r.Float64(), Lat: 47.9 + 1.5*r.Float64()})
	}
	for i := range d.Communes {
		for part, polygon := range d.Communes[i].Outline {
			for k, ring := range polygon {
				for j := 1; j < len(ring); j++ {
					middle := orb.Point{(ring[j-1][0] + ring[j][0]) / 2, (ring[j-1][1] + ring[j][1]) / 2}
					try(at(middle))
					on := try(at(ring[j]))
					if k == 0 && !slices.Contains(on, int32(i)) {
						t.Fatalf("commune %d, part %d: a corner of its outer border is not in it", i, part)
					}
				}
				if k > 0 { // the enclave is of another commune alone
					if in := try(at(ring.Bound().Center())); len(in) != 1 || in[0] == int32(i) {
						t.Fatalf("commune %d: its hole is in %v; want its enclave's commune alone", i, in)
					}
				}
			}
		}
	}
	if held[0] == 0 || held[1] == 0 || held[2] == 0 || held[4] == 0 {
		t.Errorf("points by how many communes hold them: %v; want some outside, inside, on borders and at corners of four", held)
	}
	if got := (&Division{Outlines: NewOutlines(nil)}).At(geo.LonLat{Lon: 3, Lat: 49}); got != nil {
		t.Errorf("At of no commune = %v", got)
	}
}

// TestOutlinesOfAnyList: a store may hold a code twice, or a commune whose outline is
// not known.
func TestOutlinesOfAnyList(t *testing.T) {
	o := NewOutlines([]Commune{{Code: "02001", Outline: square(3, 49)}, {Code: "02002"}, {Code: "02001", Outline: square(3, 49)}})
	if got := o.At(geo.LonLat{Lon: 3.5, Lat: 49.5}); !slices.Equal(got, []int32{0, 2}) {
		t.Errorf("At = %v; want both rows", got)
	}
	if i, ok := o.Commune("02001"); !ok || i != 2 {
		t.Errorf("Commune(02001) = %d, %v; want the last", i, ok)
	}
}

// TestFindAgainstGatheringAgain compares every territoire with one that is made of the
// communes anew.
func TestFindAgainstGatheringAgain(t *testing.T) {
	d := country(t, random(t), 12)
	gather := func(ref Ref, nom string, member func(Commune) bool) Territoire {
		want := Territoire{Ref: ref, Nom: nom, Bounds: geo.EmptyBounds()}
		for i, c := range d.Communes {
			if !member(c) {
				continue
			}
			want.Communes, want.Units = append(want.Communes, int32(i)), append(want.Units, int32(i))
			want.Population += c.Population
			b := c.Outline.Bound()
			want.Bounds = want.Bounds.Extend(geo.LonLat{Lon: b.Min[0], Lat: b.Min[1]}).Extend(geo.LonLat{Lon: b.Max[0], Lat: b.Max[1]})
		}
		return want
	}
	want := map[Type][]Territoire{
		TypeDepartement: {gather(Ref{TypeDepartement, "00"}, "Territoire 00", func(Commune) bool { return true })},
	}
	for _, c := range d.Communes {
		want[TypeCommune] = append(want[TypeCommune], gather(Ref{TypeCommune, c.Code}, c.Nom, func(o Commune) bool { return o.Code == c.Code }))
	}
	for _, e := range d.EPCI {
		want[TypeEPCI] = append(want[TypeEPCI], gather(Ref{TypeEPCI, e.Code}, e.Nom, func(o Commune) bool { return o.EPCI == e.Code }))
	}
	for _, s := range d.Secteurs {
		want[TypeSecteur] = append(want[TypeSecteur], gather(Ref{TypeSecteur, s.Code}, s.Nom, func(o Commune) bool { return slices.Contains(s.Communes, o.Code) }))
	}
	for typ, rows := range want {
		if diff := cmp.Diff(rows, d.Territoires(typ), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("Territoires(%s): %s", typ, diff)
		}
		for _, row := range rows {
			if got, ok := d.Find(row.Ref); !ok || !cmp.Equal(row, got, cmpopts.EquateEmpty()) {
				t.Errorf("Find(%s) = %+v, %v; want %+v", row.Ref, got, ok, row)
			}
		}
		for _, code := range []string{"", "nulle-part"} {
			if got, ok := d.Find(Ref{typ, code}); ok || got.Communes != nil {
				t.Errorf("Find(%s:%s) = %+v, %v", typ, code, got, ok)
			}
		}
	}
	if got, ok := d.Find(Ref{"pays", "00"}); ok {
		t.Errorf("Find of another type = %+v", got)
	}
}

// national is about the number of communes of France.
const national = 187

func BenchmarkFind(b *testing.B) {
	d := country(b, rand.New(rand.NewPCG(1, 2)), national)
	for i := 0; b.Loop(); i++ {
		if _, ok := d.Find(Ref{TypeCommune, d.Communes[i*7919%len(d.Communes)].Code}); !ok {
			b.Fatal("not found")
		}
	}
	b.ReportMetric(float64(len(d.Communes)), "communes")
}

func BenchmarkAt(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	d := country(b, r, national)
	for b.Loop() {
		d.At(geo.LonLat{Lon: 3 + 1.87*r.Float64(), Lat: 49 + 1.87*r.Float64()})
	}
	b.ReportMetric(float64(len(d.Communes)), "communes")
}

func BenchmarkNew(b *testing.B) {
	d := country(b, rand.New(rand.NewPCG(1, 2)), national)
	for b.Loop() {
		if _, err := New(d.Communes, d.EPCI, d.Secteurs); err != nil {
			b.Fatal(err)
		}
	}
}
