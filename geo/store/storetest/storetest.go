// Package storetest is the exam of a store: what it means to keep the contract of
// package store. Every implementation runs it in a test of its own:
//
//	func TestStore(t *testing.T) { storetest.Run(t, openEmpty) }
package storetest

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// Option adds to the exam what not every store, or test, can offer.
type Option func(*exam)

// Reopen lets the exam close a store and open the same again.
func Reopen(reopen func(t *testing.T, s store.Store) store.Store) Option {
	return func(e *exam) { e.reopen = reopen }
}

// Layers lets the exam look at the tables of results. read gives the rows of a
// layer in order, each its WKB ([]byte, or nil) and then its values; nil when there
// is no such layer.
func Layers(read func(t *testing.T, s store.Store, name string) [][]any) Option {
	return func(e *exam) { e.layer = read }
}

// Seed replays the random rows of a run that failed; it is printed by every run.
func Seed(seed uint64) Option { return func(e *exam) { e.seed = seed } }

type exam struct {
	open   func(t *testing.T) store.Store
	reopen func(t *testing.T, s store.Store) store.Store
	layer  func(t *testing.T, s store.Store, name string) [][]any
	seed   uint64
}

// Run examines the store that open gives. Each call of open gives another, empty
// store; Run closes it.
func Run(t *testing.T, open func(t *testing.T) store.Store, opts ...Option) {
	e := &exam{open: open, seed: rand.Uint64()}
	for _, set := range opts {
		set(e)
	}
	t.Logf("storetest: seed %d", e.seed)
	t.Run("an empty store reads as empty", e.empty)
	t.Run("rows come back as they went in", e.roundTrip)
	t.Run("rows with a meaning of their own", e.specialRows)
	t.Run("rows that cannot be kept are refused", e.refused)
	t.Run("manifests", e.manifests)
	t.Run("datasets", e.datasets)
	t.Run("rows come in the order of dataset and position", e.order)
	t.Run("an import replaces its own dataset only", e.onlyItsOwn)
	t.Run("an import that fails changes nothing", e.failing)
	t.Run("an import of no rows empties the dataset", e.emptying)
	t.Run("readers see the old rows until the import ends", e.oldRowsMeanwhile)
	t.Run("readers never see a mix", e.neverMixed)
	t.Run("imports run one at a time", e.oneWriter)
	t.Run("a loop over roads may end early", e.earlyEnd)
	t.Run("editions", e.editions)
	t.Run("documents beside an edition", e.beside)
	t.Run("large editions", e.largeEdition)
	t.Run("layers", e.layers)
	t.Run("pruning editions", e.pruning)
	t.Run("documents", e.documents)
	t.Run("visits", e.visits)
	t.Run("reopening", e.reopening)
	t.Run("a closed store answers errors", e.closed)
}

// fresh is an empty store that is closed with the test.
func (e *exam) fresh(t *testing.T) store.Store {
	t.Helper()
	s := e.open(t)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	})
	return s
}

// subject is one kind of rows under examination. Rows are a []T behind any.
type subject interface {
	kind() store.Kind
	// rows makes n rows; the same seed and n give the same.
	rows(seed uint64, n int) any
	// put replaces a dataset. before is called ahead of every row and after the
	// last, with the number of rows given so far; its error goes into the sequence.
	put(ctx context.Context, s store.Store, m store.Manifest, rows any, before func(i int) error) (store.Manifest, error)
	get(ctx context.Context, s store.Store) (any, error)
	join(a, b any) any
}

type family[T any] struct {
	of       store.Rows[T]
	generate func(r *rand.Rand, i int) T
}

func (f family[T]) kind() store.Kind { return f.of.Kind }

func (f family[T]) rows(seed uint64, n int) any {
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	rows := make([]T, n)
	for i := range rows {
		rows[i] = f.generate(r, i)
	}
	return rows
}

func (f family[T]) put(ctx context.Context, s store.Store, m store.Manifest, rows any, before func(i int) error) (store.Manifest, error) {
	return f.of.Replace(ctx, s, m, func(yield func(T, error) bool) {
		all := rows.([]T)
		for i := 0; i <= len(all); i++ {
			var err error
			if before != nil {
				err = before(i)
			}
			var row T
			if i < len(all) {
				row = all[i]
			}
			if (i < len(all) || err != nil) && !yield(row, err) {
				return
			}
		}
	})
}

func (f family[T]) get(ctx context.Context, s store.Store) (any, error) { return f.of.All(ctx, s) }

func (f family[T]) join(a, b any) any {
	return append(append([]T{}, a.([]T)...), b.([]T)...)
}

// subjects are all kinds of rows.
var subjects = []subject{
	family[admin.Commune]{store.Communes, randomCommune},
	family[admin.EPCI]{store.EPCI, randomEPCI},
	family[admin.Secteur]{store.Secteurs, randomSecteur},
	family[admin.Set]{store.Territoires, randomTerritoire},
	family[lieu.Lieu]{store.Lieux, randomLieu},
	family[lieu.Tournee]{store.Tournees, randomTournee},
	family[store.Variable]{store.Variables, randomVariable},
	family[store.Square]{store.Population, randomSquare},
	family[equipement.Equipement]{store.Equipements, randomEquipement},
	family[transit.Feed]{store.GTFS, randomFeed},
	family[transit.Zone]{store.OnDemand, randomZone},
	family[road.Way]{store.Roads, randomWay},
}

// exactly compares numbers by their bits, also inside geometries, whose own Equal
// would take -0 for 0; nil and empty are the same.
var exactly = cmp.Options{
	cmpopts.EquateEmpty(),
	cmp.Comparer(sameBits),
	cmp.Comparer(func(a, b geo.LonLat) bool { return sameBits(a.Lon, b.Lon) && sameBits(a.Lat, b.Lat) }),
	cmp.Comparer(func(a, b lieu.Slots) bool { return a == b }),
	cmp.FilterValues(func(a, b orb.MultiPolygon) bool { return len(a)+len(b) > 0 }, cmp.Comparer(sameOutline)),
}

func sameBits(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }

func sameOutline(a, b orb.MultiPolygon) bool {
	return slices.EqualFunc(a, b, func(a, b orb.Polygon) bool {
		return slices.EqualFunc(a, b, func(a, b orb.Ring) bool {
			return slices.EqualFunc(a, b, func(a, b orb.Point) bool { return sameBits(a[0], b[0]) && sameBits(a[1], b[1]) })
		})
	})
}

// expect compares all rows of a kind with what they should be.
func expect(t *testing.T, s store.Store, on subject, when string, want any) {
	t.Helper()
	got, err := on.get(context.Background(), s)
	if err != nil {
		t.Fatalf("%s: %s: %v", on.kind(), when, err)
	}
	if diff := cmp.Diff(want, got, exactly); diff != "" {
		t.Errorf("%s: %s (-want +got):\n%s", on.kind(), when, diff)
	}
}

// mustPut replaces a dataset, which must succeed.
func mustPut(t *testing.T, s store.Store, on subject, dataset string, rows any) store.Manifest {
	t.Helper()
	m, err := on.put(context.Background(), s, manifest(dataset), rows, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func manifest(dataset string) store.Manifest {
	return store.Manifest{Dataset: dataset, Format: "exam", Source: "storetest"}
}

// each runs do for every kind, on a store of its own.
func (e *exam) each(t *testing.T, do func(t *testing.T, s store.Store, on subject)) {
	for _, on := range subjects {
		t.Run(string(on.kind()), func(t *testing.T) { do(t, e.fresh(t), on) })
	}
}
