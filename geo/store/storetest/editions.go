package storetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/aisne-numerique/maillage/geo/store"
)

func (e *exam) editions(t *testing.T) {
	s, ctx := e.fresh(t), context.Background()
	put := func(id string, data []byte) {
		t.Helper()
		if err := s.PutEdition(ctx, id, data, nil); err != nil {
			t.Fatal(err)
		}
	}
	list := func(when string, want ...string) []store.EditionInfo {
		t.Helper()
		infos, err := s.Editions(ctx)
		var ids []string
		for _, info := range infos {
			ids = append(ids, info.ID)
			if at, err := time.Parse(time.RFC3339, info.Created); err != nil || at.Location() != time.UTC || time.Since(at) > time.Hour {
				t.Errorf("edition %s was created %q; want a recent RFC 3339 time in UTC", info.ID, info.Created)
			}
		}
		if !slices.Equal(ids, want) || err != nil {
			t.Errorf("Editions() %s = %v, %v; want %v", when, ids, err, want)
		}
		return infos
	}
	contents := map[string][]byte{
		"b":     []byte("the first"),
		"a":     {},
		"été/1": {0, 0xff, 0, '\'', '\n', 0},
	}
	put("b", contents["b"])
	put("a", contents["a"])
	put("été/1", contents["été/1"])
	before := list("newest first", "été/1", "a", "b")
	for id, want := range contents {
		if got, err := s.Edition(ctx, id); !bytes.Equal(got, want) || err != nil {
			t.Errorf("Edition(%s) = %q, %v; want %q", id, got, err, want)
		}
	}
	for _, info := range before {
		if info.Bytes != int64(len(contents[info.ID])) {
			t.Errorf("edition %s of %d bytes; want %d", info.ID, info.Bytes, len(contents[info.ID]))
		}
	}
	if err := s.PutEdition(ctx, "b", []byte("other bytes under a known id"), nil); !errors.Is(err, store.ErrDiffers) {
		t.Errorf("other bytes under a known id: %v; want ErrDiffers", err)
	}
	list("after other bytes under a known id", "été/1", "a", "b")
	put("b", contents["b"])
	after := list("after a known id came again", "b", "été/1", "a")
	if got, err := s.Edition(ctx, "b"); !bytes.Equal(got, contents["b"]) || err != nil {
		t.Errorf("Edition(b) after it came again = %q, %v; want the first bytes", got, err)
	}
	if diff := cmp.Diff(before[2], after[0]); diff != "" {
		t.Errorf("a known id that comes again changes only its place (-want +got):\n%s", diff)
	}
	for _, id := range []string{"", "B", "b ", "%"} {
		if _, err := s.Edition(ctx, id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Edition(%q): %v; want ErrNotFound", id, err)
		}
		read := func(r io.Reader) error { return errors.New("nothing was to be read") }
		if err := s.ReadEdition(ctx, id, read); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("ReadEdition(%q): %v; want ErrNotFound", id, err)
		}
	}
	enough := errors.New("enough")
	if err := s.ReadEdition(ctx, "b", func(io.Reader) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("ReadEdition(b): %v; want what reading reported", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.PutEdition(cancelled, "c", []byte("x"), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("PutEdition cancelled: %v; want context.Canceled", err)
	}
	if err := s.PutEdition(ctx, "", []byte("x"), nil); err == nil {
		t.Error("an edition without id: accepted")
	}
	list("after editions that were refused", "b", "été/1", "a")
}

// beside are documents that go in with an edition, or not at all.
func (e *exam) beside(t *testing.T) {
	s, ctx := e.fresh(t), context.Background()
	if err := s.PutDocument(ctx, "record", "old", []byte("as it was")); err != nil {
		t.Fatal(err)
	}
	check := func(when string, want ...string) {
		t.Helper()
		all, err := s.Documents(ctx, "record")
		var got []string
		for _, d := range all {
			got = append(got, d.ID+"="+string(d.Data))
		}
		if !slices.Equal(got, want) || err != nil {
			t.Errorf("documents %s: %v, %v; want %v", when, got, err, want)
		}
	}
	doc := func(id, data string) store.Document {
		return store.Document{Kind: "record", ID: id, Data: []byte(data)}
	}
	if err := s.PutEdition(ctx, "a", []byte("1"), nil, doc("a", "first"), doc("old", "anew"), store.Document{Kind: "record", ID: "empty"}); err != nil {
		t.Fatal(err)
	}
	check("of the first", "a=first", "empty=", "old=as it was")
	if err := s.PutEdition(ctx, "a", []byte("1"), nil, doc("a", "second")); err != nil {
		t.Fatal(err)
	}
	check("after the same again", "a=first", "empty=", "old=as it was")
	bad := store.Layer{Name: "spots", Geometry: "POINT", Rows: rowsOf(store.LayerRow{Geometry: orb.Point{3e6, 49}})}
	for what, err := range map[string]error{
		"other bytes":                   s.PutEdition(ctx, "a", []byte("2"), nil, doc("b", "x")),
		"a layer that cannot be":        s.PutEdition(ctx, "b", []byte("2"), []store.Layer{bad}, doc("b", "x")),
		"a second document of no kind":  s.PutEdition(ctx, "b", []byte("2"), nil, doc("b", "x"), store.Document{ID: "b"}),
		"a document larger than may be": s.PutEdition(ctx, "b", []byte("2"), nil, doc("b", strings.Repeat("x", 5<<20))),
	} {
		if err == nil {
			t.Errorf("%s: accepted", what)
		}
	}
	check("after editions that were refused", "a=first", "empty=", "old=as it was")
	if _, err := s.Edition(ctx, "b"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an edition whose document was refused: %v; want ErrNotFound", err)
	}
}

func (e *exam) pruning(t *testing.T) {
	s, ctx := e.fresh(t), context.Background()
	if gone, err := s.Prune(ctx, 1); len(gone) > 0 || err != nil {
		t.Errorf("Prune(1) of an empty store = %v, %v; want nothing", gone, err)
	}
	spots := store.Layer{Name: "spots", Title: "Points", Geometry: "POINT", Rows: rowsOf(store.LayerRow{Geometry: orb.Point{3, 49}})}
	for _, id := range []string{"a", "b", "c", "d", "b"} { // b comes again: it is the newest
		if err := s.PutEdition(ctx, id, []byte("bytes of "+id), []store.Layer{spots}); err != nil {
			t.Fatal(err)
		}
	}
	if gone, err := s.Prune(ctx, 0); err == nil {
		t.Errorf("Prune(0) = %v; want an error: the newest is always kept", gone)
	}
	for _, c := range []struct {
		keep       int
		gone, left []string
	}{
		{5, nil, []string{"b", "d", "c", "a"}},
		{2, []string{"c", "a"}, []string{"b", "d"}},
		{1, []string{"d"}, []string{"b"}},
		{1, nil, []string{"b"}},
	} {
		gone, err := s.Prune(ctx, c.keep)
		if !slices.Equal(gone, c.gone) || err != nil {
			t.Errorf("Prune(%d) = %v, %v; want %v", c.keep, gone, err, c.gone)
		}
		var left []string
		list, err := s.Editions(ctx)
		for _, info := range list {
			left = append(left, info.ID)
		}
		if !slices.Equal(left, c.left) || err != nil {
			t.Errorf("after Prune(%d): %v, %v; want %v", c.keep, left, err, c.left)
		}
	}
	if got, err := s.Edition(ctx, "b"); string(got) != "bytes of b" || err != nil {
		t.Errorf("Edition(b) after pruning = %q, %v", got, err)
	}
	if _, err := s.Edition(ctx, "d"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Edition(d) after pruning: %v; want ErrNotFound", err)
	}
	if e.layer != nil && len(e.layer(t, s, "spots")) != 1 {
		t.Error("pruning took the layers of the newest")
	}
}

// largeEdition is several times what a row of a database takes at once.
func (e *exam) largeEdition(t *testing.T) {
	s, ctx := e.fresh(t), context.Background()
	data := make([]byte, 40<<20+7)
	r := rand.NewChaCha8([32]byte{byte(e.seed), byte(e.seed >> 8)})
	_, _ = r.Read(data) // ChaCha8 never fails
	if err := s.PutEdition(ctx, "large", data, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.PutEdition(ctx, "exact", data[:16<<20], nil); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for id, want := range map[string][]byte{"large": data, "exact": data[:16<<20]} {
		all.Go(func() {
			if got, err := s.Edition(ctx, id); !bytes.Equal(got, want) || err != nil {
				t.Errorf("Edition(%s): %d bytes, %v; want the %d that went in", id, len(got), err, len(want))
			}
			var got bytes.Buffer
			err := s.ReadEdition(ctx, id, func(r io.Reader) error {
				_, err := io.CopyBuffer(&got, struct{ io.Reader }{r}, make([]byte, 12345))
				return err
			})
			if !bytes.Equal(got.Bytes(), want) || err != nil {
				t.Errorf("ReadEdition(%s): %d bytes, %v; want the %d that went in", id, got.Len(), err, len(want))
			}
		})
	}
	all.Wait()
}

func rowsOf(rows ...store.LayerRow) iter.Seq[store.LayerRow] { return slices.Values(rows) }

func (e *exam) layers(t *testing.T) {
	s, ctx := e.fresh(t), context.Background()
	square := orb.Polygon{{{3, 49}, {3.5, 49}, {3.5, 49.5}, {3, 49}}, {{3.1, 49.1}, {3.2, 49.1}, {3.2, 49.2}, {3.1, 49.1}}}
	spot := orb.Point{3.5, 49.25}
	cells := store.Layer{Name: "cells", Title: "Mailles : heures par semaine (population modélisée)", Geometry: "POLYGON",
		Columns: []store.Column{
			{Name: "cell", Type: "TEXT", Title: "Maille"},
			{Name: "order", Type: "INTEGER", Title: "Un mot de SQL"},
			{Name: "hours_week", Type: "REAL", Title: "Heures par semaine"}},
		Rows: rowsOf(
			store.LayerRow{Geometry: square, Values: []any{"891f…", int64(math.MaxInt64), 17.5}},
			store.LayerRow{Geometry: nil, Values: []any{nil, nil, nil}},
			store.LayerRow{Geometry: square, Values: []any{"", int64(math.MinInt64), -0.1}},
		)}
	communes := store.Layer{Name: "communes", Title: "Communes : résultats", Geometry: "POINT",
		Columns: []store.Column{{Name: "nom", Type: "TEXT", Title: "Nom"}},
		Rows:    rowsOf(store.LayerRow{Geometry: spot, Values: []any{"Fère"}})}
	inputs := subjects[0].rows(e.seed, 5)
	mustPut(t, s, subjects[0], "essai", inputs)

	expectLayer := func(when, name string, want [][]any) {
		t.Helper()
		if e.layer == nil {
			return
		}
		if diff := cmp.Diff(want, e.layer(t, s, name)); diff != "" {
			t.Errorf("layer %s %s (-want +got):\n%s", name, when, diff)
		}
	}
	ofCells := [][]any{
		{wkb.MustMarshal(square), "891f…", int64(math.MaxInt64), 17.5},
		{nil, nil, nil, nil},
		{wkb.MustMarshal(square), "", int64(math.MinInt64), -0.1}}
	if err := s.PutEdition(ctx, "e1", []byte("1"), []store.Layer{cells, communes}); err != nil {
		t.Fatal(err)
	}
	expectLayer("of the first edition", "cells", ofCells)
	expectLayer("of the name of an input", "communes", [][]any{{wkb.MustMarshal(spot), "Fère"}})
	expect(t, s, subjects[0], "beside a layer of the same name", inputs)

	change := func(do func(*store.Layer)) []store.Layer {
		l := cells
		l.Columns = slices.Clone(cells.Columns)
		do(&l)
		return []store.Layer{communes, l}
	}
	row := func(g orb.Geometry, values ...any) []store.Layer {
		return change(func(l *store.Layer) {
			l.Rows = rowsOf(store.LayerRow{Geometry: square, Values: []any{"a", nil, nil}}, store.LayerRow{Geometry: g, Values: values})
		})
	}
	for _, c := range []struct {
		name   string
		layers []store.Layer
	}{
		{"a name that would need quotes", change(func(l *store.Layer) { l.Name = `a"; DROP TABLE communes; --` })},
		{"a name in capitals", change(func(l *store.Layer) { l.Name = "Cells" })},
		{"two layers of a name", change(func(l *store.Layer) { l.Name = "communes" })},
		{"a geometry of another kind", change(func(l *store.Layer) { l.Geometry = "CIRCLE" })},
		{"a column of another type", change(func(l *store.Layer) { l.Columns[0].Type = "DATE" })},
		{"a column named geom", change(func(l *store.Layer) { l.Columns[0].Name = "geom" })},
		{"two columns of a name", change(func(l *store.Layer) { l.Columns[0].Name = "order" })},
		{"too few values", row(square, "a")},
		{"a value of another type", row(square, "a", 1.5, nil)},
		{"an int, which is not an int64", row(square, "a", 1, nil)},
		{"NaN, which is not unknown", row(square, "a", nil, math.NaN())},
		{"text that is not text", row(square, "\xff", nil, nil)},
		{"a point among polygons", row(spot, "a", nil, nil)},
		{"a ring that is not closed", row(orb.Polygon{{{3, 49}, {3.5, 49}, {3.5, 49.5}, {3, 49.1}}}, "a", nil, nil)},
		{"a polygon without ring", row(orb.Polygon{{}}, "a", nil, nil)},
		{"a polygon in metres", row(orb.Polygon{{{7e5, 6e6}, {8e5, 6e6}, {8e5, 7e6}, {7e5, 6e6}}}, "a", nil, nil)},
	} {
		if err := s.PutEdition(ctx, "e2", []byte("2"), c.layers); err == nil {
			t.Errorf("a layer with %s: accepted", c.name)
		}
	}
	if _, err := s.Edition(ctx, "e2"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an edition whose layers were refused: %v; want ErrNotFound", err)
	}
	expectLayer("after layers that were refused", "cells", ofCells)

	zones := store.Layer{Name: "zones", Title: "Zones blanches", Geometry: "MULTIPOLYGON",
		Columns: []store.Column{{Name: "people", Type: "REAL", Title: "Habitants"}}, Rows: rowsOf()}
	if err := s.PutEdition(ctx, "e3", []byte("3"), []store.Layer{zones}); err != nil {
		t.Fatal(err)
	}
	expectLayer("of the edition before", "cells", nil)
	expectLayer("without rows", "zones", [][]any{})
	if err := s.PutEdition(ctx, "e1", []byte("1"), []store.Layer{cells}); err != nil {
		t.Fatal(err)
	}
	expectLayer("of an edition that came again", "cells", ofCells)
	expectLayer("of the edition before", "zones", nil)
}
