package main

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
)

const (
	vertices = 40   // of the outline of a commune
	spacing  = 0.05 // degrees between communes, some 4 km
	cellSize = 0.0025
)

// place is the i-th point of a square of n points around the middle of France.
func place(i, n int, spacing float64) geo.LonLat {
	side := int(math.Ceil(math.Sqrt(float64(n))))
	return geo.LonLat{Lon: 2.5 + spacing*float64(i%side-side/2), Lat: 46.5 + spacing*float64(i/side-side/2)}
}

func (l *load) makeCommunes() iter.Seq2[admin.Commune, error] {
	return func(yield func(admin.Commune, error) bool) {
		r := rand.New(rand.NewPCG(l.seed, 1))
		for i := range l.communes {
			at := place(i, l.communes, spacing)
			ring := make(orb.Ring, vertices+1)
			for k := range vertices {
				sin, cos := math.Sincos(2 * math.Pi * float64(k) / vertices)
				reach := spacing * (0.4 + 0.2*r.Float64())
				ring[k] = orb.Point{at.Lon + reach*cos, at.Lat + reach*sin}
			}
			ring[vertices] = ring[0]
			if !yield(admin.Commune{Code: fmt.Sprintf("%05d", i), Nom: fmt.Sprintf("Commune-sur-Essai %d", i), EPCI: fmt.Sprint(200000000 + i/40),
				Population: r.IntN(5000), Point: at, Outline: orb.MultiPolygon{{ring}}}, nil) {
				return
			}
		}
	}
}

func (l *load) makeLieux() iter.Seq2[lieu.Lieu, error] {
	return func(yield func(lieu.Lieu, error) bool) {
		r := rand.New(rand.NewPCG(l.seed, 2))
		for i := range l.lieux {
			x := lieu.Lieu{ID: fmt.Sprintf("Coop-numérique_%024x", i), Nom: fmt.Sprintf("Espace numérique de la médiathèque %d", i), Commune: fmt.Sprintf("%05d", i%l.communes),
				CommuneNom: "Commune-sur-Essai", CodePostal: fmt.Sprintf("%05d", i%96000), Adresse: fmt.Sprintf("%d rue de l’Église", r.IntN(200)), Typologie: "BIB",
				At: place(i, l.lieux, 1.2*spacing), Located: true, Services: lieu.Services(1 + r.IntN(500)), Source: "essai", SiteWeb: "https://exemple.fr/"}
			x.Horaires.Known, x.Horaires.Text = true, "Mo-Fr 09:00-12:00,14:00-17:30"
			for day := range 20 {
				for slot := range 12 + r.IntN(14) {
					x.Horaires.Slots.Add((day/5*7+day%5)*96 + 36 + slot)
				}
			}
			if !yield(x, nil) {
				return
			}
		}
	}
}

// layer is a table of results like that of an edition's cells.
func (l *load) layer() store.Layer {
	return store.Layer{Name: "cells", Title: "Cellules", Geometry: "POLYGON",
		Columns: []store.Column{
			{Name: "h3", Type: "TEXT", Title: "indice H3"},
			{Name: "commune", Type: "TEXT", Title: "code de la commune principale"},
			{Name: "habitants", Type: "INTEGER", Title: "habitants"},
			{Name: "classe", Type: "TEXT", Title: "classe"},
			{Name: "acces_min", Type: "REAL", Title: "temps moyen, en minutes"},
			{Name: "heures_semaine", Type: "REAL", Title: "heures d'ouverture par semaine"},
		},
		Rows: func(yield func(store.LayerRow) bool) {
			r := rand.New(rand.NewPCG(l.seed, 3))
			for i := range l.cells {
				at := place(i, l.cells, 2*cellSize)
				ring := make(orb.Ring, 7)
				for k := range 6 {
					sin, cos := math.Sincos(float64(k) * math.Pi / 3)
					ring[k] = orb.Point{at.Lon + cellSize*cos, at.Lat + cellSize*sin}
				}
				ring[6] = ring[0]
				var hours any // unknown for some
				if h := r.Float64(); h > 0.1 {
					hours = 40 * h
				}
				if !yield(store.LayerRow{Geometry: orb.Polygon{ring}, Values: []any{fmt.Sprintf("89%013x", i), fmt.Sprintf("%05d", i%l.communes),
					int64(r.IntN(200)), "couverte", 60 * r.Float64(), hours}}) {
					return
				}
			}
		}}
}
