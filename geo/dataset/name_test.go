package dataset

import (
	"context"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

func file(name, text string) source.Input {
	return source.Input{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

const header = "id,nom,commune,code_postal,adresse,latitude,longitude,date_maj,services,source,itinerance\n"

func lieuxOf(sources ...string) string {
	text := header
	for i, s := range sources {
		text += string(rune('a'+i)) + ",Lieu,Laon,02000,1 rue,49.5,3.6,2024-05-02,Accès internet et matériel informatique," + s + ",\n"
	}
	return text
}

// feedOf is a timetable as far as its agencies.
func feedOf(agencies ...string) source.Input {
	text := "agency_name,agency_timezone\n"
	for _, a := range agencies {
		text += a + ",Europe/Paris\n"
	}
	return file("reseau-2026.zip", string(sourcetest.Zipped(sourcetest.Member{Name: "agency.txt", Data: text}, sourcetest.Member{Name: "trips.txt", Data: "trip_id\n"})))
}

// TestNamesDoNotDependOnTheProducerSaid: what a file holds names its dataset.
func TestNamesDoNotDependOnTheProducerSaid(t *testing.T) {
	held := func(kind store.Kind, dataset, format string, files ...string) (m store.Manifest) {
		m = store.Manifest{Kind: kind, Dataset: dataset, Format: format}
		for _, f := range files {
			m.Files = append(m.Files, store.File{Name: f})
		}
		return m
	}
	const schema = "CSV, schéma lieux de médiation numérique v1.0.2"
	for _, c := range []struct {
		kind string
		in   source.Input
		held []store.Manifest
		want string
	}{
		{"lieux", file("mediation-2024.csv", lieuxOf("Hubik", "Hubik")), nil, "lieux:hubik"},
		{"lieux", file("mediation-2024.csv", lieuxOf("Hubik", "dora")), nil, "lieux:mediation"},
		{"lieux", file("mediation-2024.csv", lieuxOf("")), nil, "lieux:mediation"},
		{"lieux", file("lieux.csv", lieuxOf("a", "b")), nil, "lieux"},
		{"communes", file("communes-2024.geojson", ""), nil, "communes"},
		{"communes", file("communes-voisines.csv", ""), nil, "communes:communes-voisines"},
		{"communes", file("Limites 2024-01-01.gpkg", ""), nil, "communes:limites"},
		{"roads", file("picardie-latest.osm.pbf", ""), nil, "roads:picardie"},
		{"ifn", file("base-cc-logement-2021.csv", ""), nil, "ifn:base-cc-logement-2021"},
		{"territoires", file("cantons.csv", ""), nil, ""},
		{"gtfs", feedOf("Cars de l'Aisne"), nil, "gtfs:cars-de-l-aisne"},
		{"gtfs", feedOf("Cars de l'Aisne", "Keolis", "Cars de l'Aisne"), nil, "gtfs:cars-de-l-aisne-keolis"},
		{"gtfs", feedOf("a", "b", "c", "d"), nil, "gtfs:reseau"},
		{"gtfs", feedOf("Keolis"), []store.Manifest{held("gtfs", "gtfs:cars", "GTFS", "reseau-2026.zip")}, "gtfs:keolis"},
		{"gtfs", file("reseau-2026.zip", "x"), nil, "gtfs:reseau"},
		// As they were named before.
		{"communes", file("limites-2025.geojson", ""), []store.Manifest{held("communes", "communes:ign", "GeoJSON", "limites-2024.geojson")}, "communes:ign"},
		{"communes", file("limites-2025.geojson", ""), []store.Manifest{held("communes", "communes:ign", "GeoJSON", "communes.geojson"), held("epci", "x", "", "limites.geojson")}, "communes:limites"},
		{"communes", file("limites.geojson", ""), []store.Manifest{held("communes", "communes:ign", "", "limites.geojson"), held("communes", "communes:limites", "", "autre.geojson")}, "communes:limites"},
		{"lieux", file("mediation.csv", lieuxOf("Hubik")), []store.Manifest{held("lieux", "lieux:departement", schema, "mediation-2023.csv")}, "lieux:departement"},
	} {
		k, err := Parse(c.kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, said := range []string{"", "Département de l'Aisne"} {
			got, err := k.NameFor(t.Context(), []source.Input{c.in}, source.Options{Source: said}, c.held)
			if err != nil || got != c.want {
				t.Errorf("%s %s is named %q, %v; want %q", c.kind, c.in.Name, got, err, c.want)
			}
		}
	}
}

// shelf is a store of one kind of rows.
type shelf struct {
	held []store.Manifest
	rows []any
}

func (s *shelf) Manifests(context.Context) ([]store.Manifest, error) { return s.held, nil }

func (s *shelf) Read(context.Context, store.Kind) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for _, r := range s.rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (s *shelf) Replace(_ context.Context, m store.Manifest, rows iter.Seq2[any, error]) (store.Manifest, error) {
	for _, err := range rows {
		if err != nil {
			return m, err
		}
		m.Rows++
	}
	return m, nil
}

// TestOtherRowsAreNotReplacedUnasked: other variables, another producer's lieux.
func TestOtherRowsAreNotReplacedUnasked(t *testing.T) {
	variable := func(names ...string) (rows []any) {
		for _, n := range names {
			rows = append(rows, store.Variable{Level: store.LevelCommune, Code: "02001", Name: n})
		}
		return rows
	}
	s := &shelf{rows: append(variable("first"), variable("a", "b")...), held: []store.Manifest{
		{Kind: "ifn", Dataset: "a", Rows: 1}, {Kind: "ifn", Dataset: "b", Rows: 2}}}
	for _, c := range []struct {
		dataset string
		is      []any
		refused bool
	}{
		{"b", variable("a", "b"), false}, {"b", variable("a", "b", "c"), false}, {"b", variable("a"), true}, {"b", variable("c"), true},
		{"a", variable("first"), false}, {"a", variable("a"), true}, {"c", variable("x"), false},
	} {
		_, err := Guarded(s).Replace(t.Context(), store.Manifest{Kind: "ifn", Dataset: c.dataset}, func(yield func(any, error) bool) {
			for _, r := range c.is {
				if !yield(r, nil) {
					return
				}
			}
		})
		var other *OtherError
		if errors.As(err, &other) != c.refused {
			t.Errorf("dataset %s replaced by %v: %v; want refused %v", c.dataset, c.is, err, c.refused)
		}
	}
	cars := func(lines ...string) (f transit.Feed) {
		for _, l := range lines {
			f.Lines = append(f.Lines, transit.Line{ID: l, Short: l, Long: "vers " + l})
		}
		return f
	}
	s = &shelf{rows: []any{cars("1", "2")}, held: []store.Manifest{{Kind: "gtfs", Dataset: "gtfs:keolis", Rows: 1}}}
	for _, c := range []struct {
		is      transit.Feed
		refused bool
	}{{cars("1", "3"), false}, {cars("A", "B"), true}} {
		_, err := Guarded(s).Replace(t.Context(), store.Manifest{Kind: "gtfs", Dataset: "gtfs:keolis"}, func(yield func(any, error) bool) { yield(c.is, nil) })
		var other *OtherError
		if errors.As(err, &other) != c.refused || c.refused && !strings.Contains(err.Error(), "le jeu « gtfs:keolis » a d'autres lignes (1 vers 1, 2 vers 2) que ce fichier (A vers A, B vers B), qui le remplacerait") {
			t.Errorf("a timetable of other lines: %v; want refused %v", err, c.refused)
		}
	}
	if was, is := map[string]bool{"a": true, "": true}, map[string]bool{"b": true}; !other(was, is, store.Lieux.Kind) || other(was, map[string]bool{"": true}, store.Lieux.Kind) || other(map[string]bool{"": true}, is, store.Lieux.Kind) {
		t.Error("lieux of another source replace those of one; without source they are let be")
	}
}
