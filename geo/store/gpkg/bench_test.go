package gpkg_test

import (
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/gpkg"
)

// generate gives n rows made by one.
func generate[T any](n int, one func(i int) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for i := range n {
			if !yield(one(i), nil) {
				return
			}
		}
	}
}

func plainVariable(i int) store.Variable {
	return store.Variable{Level: store.LevelCommune, Code: fmt.Sprintf("%05d", i/14), Name: fmt.Sprintf("variable_%d", i%14), Value: float64(i) / 7}
}

func plainLieu(i int) lieu.Lieu {
	l := lieu.Lieu{ID: fmt.Sprintf("lieu-%d", i), Nom: fmt.Sprintf("Espace numérique %d", i), Commune: fmt.Sprintf("02%03d", i%800),
		CommuneNom: "Fère-en-Tardenois", CodePostal: "02130", Adresse: fmt.Sprintf("%d rue de l’Église", i), Typologie: "BIB",
		At: geo.LonLat{Lon: 3 + float64(i%997)/1000, Lat: 49 + float64(i%787)/1000}, Located: true, Services: 1, Source: "essai"}
	l.Horaires.Known = true
	l.Horaires.Slots.Add(i % lieu.SlotsPerCycle)
	return l
}

func plainWay(i int) road.Way {
	w := road.Way{ID: int64(i), Tags: map[string]string{"highway": "residential", "name": "Rue de la Gare", "maxspeed": "50"}}
	for k := range 8 {
		w.Nodes = append(w.Nodes, int64(i*8+k))
		w.At = append(w.At, geo.LonLat{Lon: 3 + float64(i%997)/1000 + float64(k)/1e4, Lat: 49 + float64(i%787)/1000})
	}
	return w
}

// BenchmarkReplace imports a dataset over the one before.
func BenchmarkReplace(b *testing.B) {
	const n = 100_000
	ctx := context.Background()
	for _, kind := range []struct {
		name string
		put  func(s *gpkg.Store) error
	}{
		{"variables", func(s *gpkg.Store) error {
			_, err := store.Variables.Replace(ctx, s, store.Manifest{Dataset: "essai"}, generate(n, plainVariable))
			return err
		}},
		{"lieux", func(s *gpkg.Store) error {
			_, err := store.Lieux.Replace(ctx, s, store.Manifest{Dataset: "essai"}, generate(n, plainLieu))
			return err
		}},
		{"roads", func(s *gpkg.Store) error {
			_, err := store.Roads.Replace(ctx, s, store.Manifest{Dataset: "essai"}, generate(n, plainWay))
			return err
		}},
	} {
		for _, over := range []string{"empty", "full"} {
			b.Run(kind.name+"/over="+over, func(b *testing.B) {
				for range b.N {
					b.StopTimer()
					s, err := gpkg.Open(ctx, filepath.Join(b.TempDir(), "essai.gpkg"))
					if err != nil {
						b.Fatal(err)
					}
					if over == "full" {
						if err := kind.put(s); err != nil {
							b.Fatal(err)
						}
					}
					b.StartTimer()
					if err := kind.put(s); err != nil {
						b.Fatal(err)
					}
					b.StopTimer()
					s.Close()
				}
				b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			})
		}
	}
}

// BenchmarkRead reads everything that a computation needs.
func BenchmarkRead(b *testing.B) {
	const n = 100_000
	ctx := context.Background()
	s, err := gpkg.Open(ctx, filepath.Join(b.TempDir(), "essai.gpkg"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if _, err := store.Lieux.Replace(ctx, s, store.Manifest{Dataset: "essai"}, generate(n, plainLieu)); err != nil {
		b.Fatal(err)
	}
	if _, err := store.Roads.Replace(ctx, s, store.Manifest{Dataset: "essai"}, generate(n, plainWay)); err != nil {
		b.Fatal(err)
	}
	b.Run("lieux", func(b *testing.B) {
		for range b.N {
			if all, err := store.Lieux.All(ctx, s); len(all) != n || err != nil {
				b.Fatal(len(all), err)
			}
		}
		b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("roads", func(b *testing.B) {
		for range b.N {
			for _, err := range store.Roads.Each(ctx, s) {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}

// BenchmarkPutEdition stores the layer of a département's cells.
func BenchmarkPutEdition(b *testing.B) {
	const n = 80_000
	ctx := context.Background()
	cell := hexagon(orb.Point{3.5, 49.5})
	layer := store.Layer{Name: "cells", Title: "Mailles", Geometry: "POLYGON",
		Columns: []store.Column{{Name: "cell", Type: "TEXT"}, {Name: "access_min", Type: "REAL"}, {Name: "people", Type: "REAL"}},
		Rows: func(yield func(store.LayerRow) bool) {
			for i := range n {
				if !yield(store.LayerRow{Geometry: cell, Values: []any{"891f…", float64(i) / 3, nil}}) {
					return
				}
			}
		}}
	s, err := gpkg.Open(ctx, filepath.Join(b.TempDir(), "essai.gpkg"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for i := range b.N {
		if err := s.PutEdition(ctx, fmt.Sprint(i), make([]byte, 1<<20), []store.Layer{layer}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
