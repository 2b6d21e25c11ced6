package api

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
	"github.com/aisne-numerique/maillage/ifn"
)

// The world of the tests: three square communes side by side, 0.04° wide and
// 0.03° high (2.9 × 3.3 km), each with a grid of streets. Arcy and Brécy are joined
// by their streets; Coincy is on its own, so nobody there reaches anything.
//
//	3.46      3.50      3.54      3.58
//	  ├─ Arcy ──┼─ Brécy ─┤  Coincy ─┤   49.53
//	  │ A  I    │  T  U   │          │
//	  └─────────┴─────────┴──────────┘   49.50
//
// A  Mairie d'Arcy: 40 h a week, every service
// U  Médiathèque de Brécy: unknown hours, internet access only
// I  a bus that parks in Arcy; T its one stop, 3 hours every second Tuesday
//
// A line runs along the streets of Arcy and Brécy, and one more stop is in Coincy: by transit
// some people there can go and come back.
const (
	west, south   = 3.46, 49.50
	width, height = 0.04, 0.03
)

type world struct{}

func (w world) inputs() *editiontest.Inputs {
	return &editiontest.Inputs{ManifestRows: w.manifests(), CommuneRows: w.communes(), EPCIRows: w.epci(), SecteurRows: w.secteurs(), LieuRows: w.lieux(),
		TourneeRows: w.tournees(), VariableRows: w.variables(), FeedRows: w.timetables(), WayRows: w.roads()}
}

func square(i int) orb.MultiPolygon {
	w := west + width*float64(i)
	return orb.MultiPolygon{{{{w, south}, {w + width, south}, {w + width, south + height}, {w, south + height}, {w, south}}}}
}

func (world) manifests() []store.Manifest {
	return []store.Manifest{
		{Kind: store.Communes.Kind, Dataset: "communes", Format: "geojson", Source: "Trois carrés", Licence: "Licence Ouverte 2.0", Vintage: "2024", Rows: 3,
			Files: []store.File{{Name: "communes.geojson", SHA256: "00", Bytes: 3}}},
		{Kind: store.EPCI.Kind, Dataset: "epci", Format: "geojson", Source: "Trois carrés", Licence: "Licence Ouverte 2.0", Vintage: "2024", Rows: 2},
		{Kind: store.Lieux.Kind, Dataset: "lieux", Format: "csv", Source: "La main", Rows: 5},
		{Kind: store.Roads.Kind, Dataset: "roads", Format: "osm", Source: "La main", Rows: 60, Modelled: "Routes modélisées : un quadrillage"},
		{Kind: store.GTFS.Kind, Dataset: "gtfs-cars-d-arcy", Format: "gtfs", Source: "Cars d'Arcy", Licence: "Licence Ouverte 2.0", Vintage: "2025", Rows: 1},
	}
}

func (world) timetables() []transit.Feed {
	at := func(lon float64) geo.LonLat { return geo.LonLat{Lon: lon, Lat: south + 0.016} }
	return []transit.Feed{editiontest.Line("2025-09-08", 12, []geo.LonLat{at(3.471), at(3.511), at(3.551)}, 600, 8*3600+1800, 10*3600, 12*3600+900, 16*3600)}
}

func (world) communes() []admin.Commune {
	var out []admin.Commune
	for i, c := range []struct {
		code, nom, epci string
		population      int
	}{{"02001", "Arcy", "200000001", 1003}, {"02002", "Brécy", "200000001", 517}, {"02003", "Coincy", "200000002", 211}} {
		out = append(out, admin.Commune{Code: c.code, Nom: c.nom, EPCI: c.epci, Population: c.population, Outline: square(i),
			Point: geo.LonLat{Lon: west + width*(float64(i)+0.5), Lat: south + height/2}})
	}
	return out
}

func (world) epci() []admin.EPCI {
	return []admin.EPCI{
		{Code: "200000001", Nom: "CC d'Arcy et Brécy", Outline: append(square(0), square(1)...)},
		{Code: "200000002", Nom: "CC de Coincy", Outline: square(2)},
	}
}

func (world) secteurs() []admin.Secteur {
	return []admin.Secteur{{Code: "levant", Nom: "Levant", Communes: []string{"02002", "02003"}}}
}

func hours(text string) lieu.Horaires {
	h, err := lieu.ParseHoraires(text)
	if err != nil {
		panic(err)
	}
	return h
}

func (world) lieux() []lieu.Lieu {
	every := lieu.Services(1<<lieu.Any - 1)
	return []lieu.Lieu{
		{ID: "mairie", Nom: "Mairie d'Arcy", Commune: "02001", Adresse: "1 place de la Mairie", At: geo.LonLat{Lon: 3.47, Lat: 49.515}, Located: true,
			Services: every, Horaires: hours("Mo-Fr 09:00-17:00"), Source: "La main", MisAJour: time.Date(2024, 8, 1, 0, 0, 0, 0, time.UTC),
			SiteWeb: "https://arcy.example", Frais: "Gratuit"},
		{ID: "mediatheque", Nom: "Médiathèque de Brécy", Commune: "02002", At: geo.LonLat{Lon: 3.518, Lat: 49.525}, Located: true,
			Services: lieu.Services(0).With(lieu.AccesInternet), Horaires: lieu.Horaires{Text: "sur rendez-vous"}, SiteWeb: "javascript:alert(1)"},
		{ID: "bus", Nom: "Bus numérique", Commune: "02001", At: geo.LonLat{Lon: 3.48, Lat: 49.515}, Located: true, Itinerant: true,
			Services: lieu.Services(0).With(lieu.Demarches).With(lieu.Outils)},
		{ID: "nulle-part", Nom: "Point inconnu", Commune: "02002", Services: every},
		{ID: "bureau", Nom: "Bureau sans accueil", CommuneNom: "Ailleurs", At: geo.LonLat{Lon: 3.47, Lat: 49.6}, Located: true, NoPublic: true, Services: every},
	}
}

func (world) tournees() []lieu.Tournee {
	return []lieu.Tournee{{ID: "tour", Nom: "Tournée du bus", LieuID: "bus", Stops: []lieu.Stop{
		{Nom: "Brécy, place", Commune: "02002", At: geo.LonLat{Lon: 3.52, Lat: 49.515}, Horaires: hours("week 1-53/2 Tu 09:00-12:00")}}}}
}

// variables are known in Arcy and Brécy, and nothing is in Coincy.
func (world) variables() []store.Variable {
	structure, err := ifn.Builtin(ifn.HDF2021)
	if err != nil {
		panic(err)
	}
	var out []store.Variable
	for i, column := range structure.Columns() {
		if column == edition.ColumnSkills || column == edition.ColumnSteps {
			continue
		}
		out = append(out, store.Variable{Level: store.LevelCommune, Code: "02001", Name: column, Value: float64(10 + i)},
			store.Variable{Level: store.LevelCommune, Code: "02002", Name: column, Value: float64(30 - i)})
	}
	return out
}

// roads are streets every 0.005° both ways. Those of Brécy stop 1.3 km from
// Coincy: farther than anybody walks to a road.
func (world) roads() []road.Way {
	const step = 0.005
	var ways []road.Way
	street := func(at func(k int) (i, j int), n int) {
		w := road.Way{ID: int64(len(ways) + 1), Tags: map[string]string{"highway": "residential"}}
		for k := range n {
			i, j := at(k)
			w.Nodes = append(w.Nodes, int64(1+i*100+j))
			w.At = append(w.At, geo.LonLat{Lon: west + 0.001 + step*float64(i), Lat: south + 0.001 + step*float64(j)})
		}
		ways = append(ways, w)
	}
	for _, island := range [][2]int{{0, 13}, {16, 24}} {
		for j := range 6 {
			street(func(k int) (int, int) { return island[0] + k, j }, island[1]-island[0])
		}
		for i := island[0]; i < island[1]; i++ {
			street(func(k int) (int, int) { return i, k }, 6)
		}
	}
	return ways
}

// editionAt is the world's edition at a resolution, computed once.
func editionAt(t testing.TB, resolution int) *edition.Edition {
	t.Helper()
	worlds.Lock()
	defer worlds.Unlock()
	if e := worlds.byResolution[resolution]; e != nil {
		return e
	}
	params := edition.DefaultParams()
	params.Resolution = resolution
	e, _, err := edition.Build(context.Background(), world{}.inputs(), params, nil)
	if err != nil {
		t.Fatal(err)
	}
	if worlds.byResolution == nil {
		worlds.byResolution = map[int]*edition.Edition{}
	}
	worlds.byResolution[resolution] = e
	return e
}

var worlds struct {
	sync.Mutex
	byResolution map[int]*edition.Edition
}

const resolution = 9

// serving is a server that has the world's edition.
func serving(t testing.TB, o Options) (*Server, *edition.Edition) {
	t.Helper()
	s, e := New(o), editionAt(t, resolution)
	if err := s.Publish(e); err != nil {
		t.Fatal(err)
	}
	return s, e
}

// do sends one request; headers are name, value, name, value…
func do(s *Server, method, target string, headers ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, target, nil)
	for pair := range slices.Chunk(headers, 2) {
		req.Header.Add(pair[0], pair[1])
	}
	rec := httptest.NewRecorder()
	s.Handler().ServeHTTP(rec, req)
	return rec
}

func get(t testing.TB, s *Server, target string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	rec := do(s, http.MethodGet, target, headers...)
	if rec.Code != http.StatusOK {
		t.Fatalf("GET %s = %d %s; want 200", target, rec.Code, rec.Body)
	}
	return rec
}

func getJSON[T any](t testing.TB, s *Server, target string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(get(t, s, target).Body.Bytes(), &v); err != nil {
		t.Fatalf("GET %s: %v", target, err)
	}
	return v
}

func gunzip(t testing.TB, r io.Reader) []byte {
	t.Helper()
	z, err := gzip.NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
