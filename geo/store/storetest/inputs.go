package storetest

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

func (e *exam) empty(t *testing.T) {
	s, ctx := e.fresh(t), context.Background()
	for _, on := range subjects {
		got, err := on.get(ctx, s)
		if err != nil {
			t.Errorf("%s of an empty store: %v", on.kind(), err)
		}
		if diff := cmp.Diff(on.rows(0, 0), got, exactly); diff != "" {
			t.Errorf("%s of an empty store: %v; want none", on.kind(), got)
		}
	}
	if m, err := s.Manifests(ctx); len(m) > 0 || err != nil {
		t.Errorf("Manifests() = %v, %v; want none", m, err)
	}
	if list, err := s.Editions(ctx); len(list) > 0 || err != nil {
		t.Errorf("Editions() = %v, %v; want none", list, err)
	}
	if _, err := s.Edition(ctx, "x"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Edition(x) of an empty store: %v; want ErrNotFound", err)
	}
}

func (e *exam) roundTrip(t *testing.T) {
	e.each(t, func(t *testing.T, s store.Store, on subject) {
		rows := on.rows(e.seed, 150)
		m := mustPut(t, s, on, "essai", rows)
		if m.Rows != 150 || m.Kind != on.kind() {
			t.Errorf("the manifest says %d rows of %q; want 150 of %q", m.Rows, m.Kind, on.kind())
		}
		expect(t, s, on, fmt.Sprintf("after one import of seed %d", e.seed), rows)
	})
}

func seq[T any](rows ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (e *exam) specialRows(t *testing.T) {
	s, ctx := e.fresh(t), context.Background()
	paris := time.FixedZone("CEST", 2*60*60)
	anywhere := geo.LonLat{Lon: 3.5, Lat: 49.2}
	for _, c := range []struct {
		name     string
		in, want lieu.Lieu
	}{
		{"only an id: everything else unknown", lieu.Lieu{ID: "a"}, lieu.Lieu{ID: "a"}},
		{"a position that means nothing", lieu.Lieu{ID: "a", At: anywhere}, lieu.Lieu{ID: "a"}},
		{"located at 0, 0, which is a position", lieu.Lieu{ID: "a", Located: true}, lieu.Lieu{ID: "a", Located: true}},
		{"unknown hours", lieu.Lieu{ID: "a", Horaires: lieu.Horaires{Text: "sur rendez-vous"}},
			lieu.Lieu{ID: "a", Horaires: lieu.Horaires{Text: "sur rendez-vous"}}},
		{"known never to open", lieu.Lieu{ID: "a", Horaires: lieu.Horaires{Known: true, Text: "off"}},
			lieu.Lieu{ID: "a", Horaires: lieu.Horaires{Known: true, Text: "off"}}},
		{"slots of unknown hours mean nothing", lieu.Lieu{ID: "a", Horaires: lieu.Horaires{Slots: lieu.Slots{1}}}, lieu.Lieu{ID: "a"}},
		{"a day with a clock and a zone: the day as written",
			lieu.Lieu{ID: "a", MisAJour: time.Date(2024, 8, 1, 0, 30, 15, 99, paris)}, // 31 July in UTC
			lieu.Lieu{ID: "a", MisAJour: time.Date(2024, 8, 1, 0, 0, 0, 0, time.UTC)}},
		{"the last day there is", lieu.Lieu{ID: "a", MisAJour: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)},
			lieu.Lieu{ID: "a", MisAJour: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)}},
		{"all nine services", lieu.Lieu{ID: "a", Services: 1<<lieu.Any - 1}, lieu.Lieu{ID: "a", Services: 1<<lieu.Any - 1}},
	} {
		if _, err := store.Lieux.Replace(ctx, s, manifest("essai"), seq(c.in)); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got, err := store.Lieux.All(ctx, s)
		if diff := cmp.Diff([]lieu.Lieu{c.want}, got, exactly); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", c.name, err, diff)
		}
		if len(got) == 1 && got[0].MisAJour.Location() != time.UTC {
			t.Errorf("%s: the day came back in %v; want UTC", c.name, got[0].MisAJour.Location())
		}
	}

	// The longest keys, of bytes that do not shrink when compressed.
	long := make([]byte, 250)
	_, _ = rand.NewChaCha8([32]byte{byte(e.seed)}).Read(long) // never fails
	key := hex.EncodeToString(long)
	longest := store.Variable{Level: store.LevelCommune, Code: key, Name: key[1:] + "x", Value: 1}
	if _, err := store.Variables.Replace(ctx, s, manifest(key[2:]+"yz"), seq(longest)); err != nil {
		t.Errorf("keys of 500 bytes: %v", err)
	}
	if v, err := store.Variables.All(ctx, s); err != nil || !slices.Equal(v, []store.Variable{longest}) {
		t.Errorf("keys of 500 bytes came back as %v, %v", v, err)
	}
	if _, err := store.Variables.Replace(ctx, s, manifest(key[2:]+"yz"), seq[store.Variable]()); err != nil {
		t.Fatal(err)
	}

	negative := math.Copysign(0, -1)
	if _, err := store.Variables.Replace(ctx, s, manifest("essai"), seq(store.Variable{Level: store.LevelCommune, Code: "02000", Name: "n", Value: negative})); err != nil {
		t.Fatal(err)
	}
	if v, err := store.Variables.All(ctx, s); err != nil || len(v) != 1 || math.Float64bits(v[0].Value) != 0 {
		t.Errorf("negative zero in a variable: %v, %v; want zero", v, err)
	}
	if _, err := store.Communes.Replace(ctx, s, manifest("essai"), seq(admin.Commune{Code: "02000", Point: geo.LonLat{Lon: negative, Lat: negative}})); err != nil {
		t.Fatal(err)
	}
	if c, err := store.Communes.All(ctx, s); err != nil || len(c) != 1 || math.Float64bits(c[0].Point.Lon)|math.Float64bits(c[0].Point.Lat) != 0 {
		t.Errorf("negative zero in the point of a commune: %v, %v; want zero", c, err)
	}
	tour := lieu.Tournee{ID: "t", Depot: anywhere}
	if _, err := store.Tournees.Replace(ctx, s, manifest("essai"), seq(tour)); err != nil {
		t.Fatal(err)
	}
	if got, err := store.Tournees.All(ctx, s); err != nil || len(got) != 1 || got[0].Depot != (geo.LonLat{}) || len(got[0].Stops) != 0 {
		t.Errorf("a tournée without depot and stops: %+v, %v; want no depot, no stops", got, err)
	}
}

// put1 imports one row after a good one, and gives the error.
func put1[T any](s store.Store, of store.Rows[T], good, bad T) func() error {
	return func() error {
		_, err := of.Replace(context.Background(), s, manifest("essai"), seq(good, bad))
		return err
	}
}

func (e *exam) refused(t *testing.T) {
	s := e.fresh(t)
	for _, on := range subjects {
		mustPut(t, s, on, "essai", on.rows(e.seed, 3))
	}
	nan, inf := math.NaN(), math.Inf(1)
	square := orb.Ring{{3, 49}, {4, 49}, {4, 50}, {3, 49}}
	commune := func(change func(*admin.Commune)) func() error {
		bad := admin.Commune{Code: "b"}
		change(&bad)
		return put1(s, store.Communes, admin.Commune{Code: "a"}, bad)
	}
	lieux := func(change func(*lieu.Lieu)) func() error {
		bad := lieu.Lieu{ID: "b"}
		change(&bad)
		return put1(s, store.Lieux, lieu.Lieu{ID: "a"}, bad)
	}
	tournee := func(change func(*lieu.Tournee)) func() error {
		bad := lieu.Tournee{ID: "b"}
		change(&bad)
		return put1(s, store.Tournees, lieu.Tournee{ID: "a"}, bad)
	}
	variable := func(bad store.Variable) func() error {
		return put1(s, store.Variables, store.Variable{Level: store.LevelCommune, Code: "a", Name: "n"}, bad)
	}
	way := func(bad road.Way) func() error { return put1(s, store.Roads, road.Way{ID: 1}, bad) }
	outline := func(rings ...orb.Ring) func() error {
		return commune(func(c *admin.Commune) { c.Outline = orb.MultiPolygon{rings} })
	}
	for _, c := range []struct {
		name string
		put  func() error
		want string // in the error, beside the number of the row
	}{
		{"a commune without code", commune(func(c *admin.Commune) { c.Code = "" }), "no code"},
		{"a commune given twice", commune(func(c *admin.Commune) { c.Code = "a" }), "twice"},
		{"fewer than no inhabitants", commune(func(c *admin.Commune) { c.Population = -1 }), "negative"},
		{"a name in Latin-1", commune(func(c *admin.Commune) { c.Nom = "F\xe8re" }), "UTF-8"},
		{"a NUL character", commune(func(c *admin.Commune) { c.Nom = "a\x00b" }), "NUL"},
		{"a label at NaN", commune(func(c *admin.Commune) { c.Point.Lat = nan }), "finite"},
		{"an outline in Lambert metres", outline(orb.Ring{{7e5, 6e6}, {7e5, 7e6}, {8e5, 7e6}, {7e5, 6e6}}), "metres"},
		{"a NaN in a hole", outline(square, orb.Ring{{3, 49}, {nan, 49}, {3, 50}, {3, 49}}), "finite"},
		{"an open ring", outline(square[:3]), "closed"},
		{"a ring that ends at minus zero", outline(orb.Ring{{0, 49}, {1, 49}, {1, 50}, {math.Copysign(0, -1), 49}}), "closed"},
		{"a polygon without ring", outline(), "no ring"},
		{"an EPCI without code", put1(s, store.EPCI, admin.EPCI{Code: "a"}, admin.EPCI{}), "no code"},
		{"an EPCI given twice", put1(s, store.EPCI, admin.EPCI{Code: "a"}, admin.EPCI{Code: "a"}), "twice"},
		{"a secteur without code", put1(s, store.Secteurs, admin.Secteur{Code: "a"}, admin.Secteur{}), "no code"},
		{"a secteur given twice", put1(s, store.Secteurs, admin.Secteur{Code: "a"}, admin.Secteur{Code: "a"}), "twice"},
		{"a secteur with a commune that is not text", put1(s, store.Secteurs, admin.Secteur{Code: "a"},
			admin.Secteur{Code: "b", Communes: []string{"\xff"}}), "UTF-8"},
		{"a lieu without id", lieux(func(l *lieu.Lieu) { l.ID = "" }), "no id"},
		{"an id longer than keys may be", lieux(func(l *lieu.Lieu) { l.ID = strings.Repeat("é", 251) }), "502 bytes"},
		{"a lieu given twice", lieux(func(l *lieu.Lieu) { l.ID = "a" }), "twice"},
		{"a lieu at latitude 148", lieux(func(l *lieu.Lieu) { l.Located, l.At.Lat = true, 148 }), "148"},
		{"a lieu at infinity", lieux(func(l *lieu.Lieu) { l.Located, l.At.Lon = true, inf }), "finite"},
		{"a tenth service", lieux(func(l *lieu.Lieu) { l.Services = 1 << lieu.Any }), "services"},
		{"a year that no date has", lieux(func(l *lieu.Lieu) { l.MisAJour = time.Date(12024, 1, 1, 0, 0, 0, 0, time.UTC) }), "12024"},
		{"hours that are not text", lieux(func(l *lieu.Lieu) { l.Horaires.Text = "\xff" }), "UTF-8"},
		{"a tournée without id", tournee(func(t *lieu.Tournee) { t.ID = "" }), "no id"},
		{"a tournée given twice", tournee(func(t *lieu.Tournee) { t.ID = "a" }), "twice"},
		{"a depot at NaN", tournee(func(t *lieu.Tournee) { t.HasDepot, t.Depot.Lon = true, nan }), "depot"},
		{"a stop at NaN", tournee(func(t *lieu.Tournee) { t.Stops = []lieu.Stop{{}, {At: geo.LonLat{Lat: nan}}} }), "stop 2"},
		{"a variable that is NaN", variable(store.Variable{Level: store.LevelCommune, Code: "b", Name: "n", Value: nan}), "finite"},
		{"a variable that is infinite", variable(store.Variable{Level: store.LevelCommune, Code: "b", Name: "n", Value: -inf}), "finite"},
		{"a variable without name", variable(store.Variable{Level: store.LevelCommune, Code: "b"}), "no name"},
		{"a variable of no unit", variable(store.Variable{Level: store.LevelCommune, Name: "n"}), "no code"},
		{"a variable of no level", variable(store.Variable{Code: "b", Name: "n"}), "level"},
		{"a variable given twice", variable(store.Variable{Level: store.LevelCommune, Code: "a", Name: "n", Value: 1}), "twice"},
		{"a way with a node of no position", way(road.Way{ID: 2, Nodes: []int64{1}}), "positions"},
		{"a way through NaN", way(road.Way{ID: 2, Nodes: []int64{1}, At: []geo.LonLat{{Lat: nan}}}), "node 1"},
		{"a mark beyond the nodes", way(road.Way{ID: 2, Marks: []road.Mark{{Node: 0}}}), "mark of node 0"},
		{"a restriction that is not text", way(road.Way{ID: 2, Turns: []road.Turn{{Tags: map[string]string{"except": "\xff"}}}}), "UTF-8"},
		{"a tag that is not text", way(road.Way{ID: 2, Tags: map[string]string{"name": "\xff"}}), "UTF-8"},
	} {
		refused(t, c.name, c.put(), c.want)
	}
	for want, wrong := range wrongFeeds() {
		refused(t, "a feed with "+want, put1(s, store.GTFS, plainFeed("a"), wrongFeed(wrong))(), want)
	}
	refused(t, "a zone of a feed among those of none", put1(s, store.OnDemand, transit.Zone{ID: "a", Service: -1, Line: -1}, transit.Zone{ID: "b", Line: -1})(), "service")
	refused(t, "a zone given twice", put1(s, store.OnDemand, transit.Zone{ID: "a", Service: -1, Line: -1}, transit.Zone{ID: "a", Service: -1, Line: -1})(), "twice")
	for _, on := range subjects {
		expect(t, s, on, "after imports that were refused", on.rows(e.seed, 3))
	}
}

// refused wants an error of an import that names its dataset, the row and what is wrong.
func refused(t *testing.T, name string, err error, want string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: accepted", name)
		return
	}
	for _, want := range []string{"essai", "row 2", want} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %q does not say %q", name, err, want)
		}
	}
}

func (e *exam) manifests(t *testing.T) {
	s, ctx := e.fresh(t), context.Background()
	full := store.Manifest{
		Kind: store.Lieux.Kind, Dataset: "é \"cité\"", Format: "schema-1.0.2-csv", Source: "Département de l’Aisne & co",
		Licence: "Licence Ouverte 2.0", Vintage: "2024-08", Modelled: "Positions approchées\nà la commune", Note: "Sans les bibliothèques <des voisins>", Rows: 99,
		Files: []store.File{
			{Name: "mediation <1>.csv", SHA256: strings.Repeat("0a", 32), Bytes: 1 << 40},
			{Name: "b.csv", SHA256: strings.Repeat("ff", 32)}},
		Options: map[string]string{"couche": "communes \"2024\"", "crs": "EPSG:2154"},
	}
	put := func(m store.Manifest, rows int) store.Manifest {
		t.Helper()
		got, err := store.Lieux.Replace(ctx, s, m, seq(family[lieu.Lieu]{generate: randomLieu}.rows(e.seed, rows).([]lieu.Lieu)...))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	bare := store.Manifest{Dataset: "Z"}
	first, second := put(full, 2), put(bare, 1)
	epci := mustPut(t, s, subjects[1], "a", subjects[1].rows(e.seed, 4))

	full.Rows = 2 // what was written, whatever the caller said
	if diff := cmp.Diff(full, first); diff != "" {
		t.Errorf("the manifest of a Replace (-want +got):\n%s", diff)
	}
	bare.Kind, bare.Rows = store.Lieux.Kind, 1
	check := func(when string, want ...store.Manifest) {
		t.Helper()
		got, err := s.Manifests(ctx)
		if diff := cmp.Diff(want, got, exactly); diff != "" || err != nil {
			t.Errorf("Manifests() %s: %v (-want +got):\n%s", when, err, diff)
		}
	}
	check("by kind, then by the bytes of the dataset", epci, bare, full)
	if diff := cmp.Diff(bare, second, exactly); diff != "" {
		t.Errorf("a manifest with nothing but a name (-want +got):\n%s", diff)
	}

	bare.Vintage, bare.Rows = "2025", 3
	put(bare, 3)
	check("after a second import of a dataset", epci, bare, full)

	for _, c := range []struct {
		name string
		m    store.Manifest
	}{
		{"no dataset name", store.Manifest{Kind: store.Lieux.Kind}},
		{"a dataset name longer than keys may be", store.Manifest{Dataset: strings.Repeat("a", 501)}},
		{"another kind than the method's", store.Manifest{Kind: store.EPCI.Kind, Dataset: "Z"}},
		{"a source that is not text", store.Manifest{Dataset: "Z", Source: "\xff"}},
		{"a file without name", store.Manifest{Dataset: "Z", Files: []store.File{{Bytes: 1}}}},
		{"an option without value", store.Manifest{Dataset: "Z", Options: map[string]string{"couche": ""}}},
		{"an option without name", store.Manifest{Dataset: "Z", Options: map[string]string{"": "communes"}}},
		{"an option that is not text", store.Manifest{Dataset: "Z", Options: map[string]string{"couche": "\xff"}}},
	} {
		if _, err := store.Lieux.Replace(ctx, s, c.m, seq[lieu.Lieu]()); err == nil {
			t.Errorf("a manifest with %s: accepted", c.name)
		}
	}
	check("after manifests that were refused", epci, bare, full)
}

func (e *exam) order(t *testing.T) {
	e.each(t, func(t *testing.T, s store.Store, on subject) {
		// Bytes, not letters: Z before a, é last. Imported in another order.
		sorted := []string{"B", "Z", "a", "b", "b2", "é"}
		want := on.rows(0, 0)
		for i := range sorted {
			want = on.join(want, on.rows(e.seed+uint64(i), 4))
		}
		for _, i := range []int{3, 0, 5, 2, 4, 1, 3} { // the fourth twice: it keeps its place
			mustPut(t, s, on, sorted[i], on.rows(e.seed+uint64(i), 4))
		}
		expect(t, s, on, "after imports in another order", want)
	})
}

func (e *exam) onlyItsOwn(t *testing.T) {
	s := e.fresh(t)
	for _, on := range subjects {
		mustPut(t, s, on, "a", on.rows(1, 5))
		mustPut(t, s, on, "b", on.rows(2, 6))
	}
	for i, on := range subjects {
		mustPut(t, s, on, "a", on.rows(3, 7))
		for j, other := range subjects {
			a := other.rows(1, 5)
			if j <= i {
				a = other.rows(3, 7)
			}
			expect(t, s, other, fmt.Sprintf("after an import of %s", on.kind()), other.join(a, other.rows(2, 6)))
		}
	}
}

func (e *exam) emptying(t *testing.T) {
	e.each(t, func(t *testing.T, s store.Store, on subject) {
		mustPut(t, s, on, "a", on.rows(e.seed, 5))
		mustPut(t, s, on, "b", on.rows(e.seed, 4))
		if m := mustPut(t, s, on, "a", on.rows(0, 0)); m.Rows != 0 {
			t.Errorf("an import of nothing wrote %d rows", m.Rows)
		}
		expect(t, s, on, "after an import of nothing", on.rows(e.seed, 4))
		if m, err := s.Manifests(context.Background()); len(m) != 2 || err != nil {
			t.Errorf("Manifests() = %v, %v; want both datasets", m, err)
		}
	})
}
