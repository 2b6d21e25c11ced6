package edition

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Outline is the outline of a territoire: its commune's, its EPCI's as published,
// its own, or the outlines of its communes side by side.
func (e *Edition) Outline(ref admin.Ref) (orb.MultiPolygon, error) {
	t, ok := e.Division.Find(ref)
	if !ok {
		return nil, &UnknownTerritoireError{ref}
	}
	if ref.Type == admin.TypeEPCI {
		for _, x := range e.Division.EPCI {
			if x.Code == ref.Code {
				return x.Outline, nil
			}
		}
	}
	if t.Drawn != nil {
		return t.Drawn.Outline, nil
	}
	var mp orb.MultiPolygon
	for _, c := range t.Communes {
		mp = append(mp, e.Division.Communes[c].Outline...)
	}
	return mp, nil
}

// Layers are the results as tables for a GIS, for the edition's default question:
// its cells and its zones blanches. What is modelled is in the layers' titles.
func (e *Edition) Layers() ([]store.Layer, error) {
	q := e.Params.Query()
	if !e.HasMode(q.Mode) {
		return nil, nil
	}
	answer := e.Answer(q)
	note := ""
	if len(e.Modelled) > 0 {
		names := make([]string, len(e.Modelled))
		for i, m := range e.Modelled {
			names[i] = m.Name
		}
		note = " Modélisé : " + strings.Join(names, ", ") + "."
	}
	title := fmt.Sprintf("%s, %s, T = %g min, H = %g h/semaine, édition %s.%s",
		q.Service.Label(), q.Mode.Phrase(), q.Cutoff.Minutes(), q.MinHours, e.ID, note)
	cells, err := e.cellLayer(answer, e.ByTimetable(), title)
	if err != nil {
		return nil, err
	}
	zones, err := e.zoneLayer(answer, title)
	if err != nil {
		return nil, err
	}
	verify, err := e.verifyLayer(answer, title)
	if err != nil {
		return nil, err
	}
	return []store.Layer{cells, zones, verify}, nil
}

// TimetableQuery is the edition's question, by timetable.
func (e *Edition) TimetableQuery() coverage.Query { return e.DefaultQuery().By(geo.Transit) }

// ByTimetable answers it; nil: the edition has no timetables.
func (e *Edition) ByTimetable() *Answer {
	if q := e.TimetableQuery(); e.HasMode(q.Mode) {
		return e.Answer(q)
	}
	return nil
}

// cellLayer are the cells of an answer, and what their people find by timetable; nil: nothing is
// known of it.
func (e *Edition) cellLayer(a, bus *Answer, title string) (store.Layer, error) {
	rows, home, lacks := e.Rows(a), e.CellCommunes(), a.Lacks()
	base := e.Pyramid.Levels[len(e.Pyramid.Levels)-1]
	polygons := make([]orb.Polygon, len(base.Cells))
	for i, c := range base.Cells {
		mp, err := grid.Dissolve([]grid.Cell{c})
		if err != nil {
			return store.Layer{}, err
		}
		polygons[i] = mp[0]
	}
	columns := []store.Column{
		{Name: "h3", Type: "TEXT", Title: "indice H3"},
		{Name: "commune", Type: "TEXT", Title: "code de la commune principale"},
		{Name: "habitants", Type: "INTEGER", Title: "habitants", Unit: "habitants"},
		{Name: "classe", Type: "TEXT", Title: "classe de la plupart des habitants de la cellule : couverte, grise, blanche, inconnue ou inhabite"},
		{Name: "acces_min", Type: "REAL", Title: "temps moyen des habitants de la cellule vers le lieu le plus proche, en minutes", Unit: "minutes"},
		{Name: "heures_semaine", Type: "REAL", Title: "heures d'ouverture par semaine dans le temps d'accès maximal", Unit: "heures par semaine"},
		{Name: "agir_hab", Type: "REAL", Title: "où agir d'abord : " + coverage.LackFormula, Unit: "habitants"},
		{Name: "agir_rang", Type: "INTEGER", Title: "où agir d'abord : rang de la maille, 1 = le plus d'habitants fragiles sans aide suffisante connue ; vide : inconnu, ou personne"},
	}
	var times [][]float64
	for _, k := range PlaceColumns() {
		columns = append(columns, store.Column{Name: accessColumns[k].Name, Type: "REAL", Title: e.Told(k, a.Query.Mode, "habitants de la cellule"), Unit: "minutes"})
		times = append(times, e.CellTimes(k, a.Query.Mode))
	}
	var byBus *Rows
	if bus != nil {
		byBus = e.Rows(bus)
		when := fmt.Sprintf("en bus ou car (T = %g min, H = %g h/semaine, %s) : ", bus.Query.Cutoff.Minutes(), bus.Query.MinHours, e.TransitJSON().Sentences[0])
		columns = append(columns, store.Column{Name: "transit_classe", Type: "TEXT", Title: when + "classe de la plupart des habitants"},
			store.Column{Name: "transit_acces_min", Type: "REAL", Title: when + "temps moyen de l'aller, attente comprise, à pied où aucun bus ne le permet, en minutes", Unit: "minutes"},
			store.Column{Name: "transit_heures_semaine", Type: "REAL", Title: when + "heures d'ouverture où l'on peut y être et rentrer ; 0 dans la classe grise : ouvert quand aucun car ne le permet, ou seulement sur rendez-vous", Unit: "heures par semaine"})
	}
	return store.Layer{Name: "cells", Title: "Cellules H3 : classe, temps d'accès, heures. " + title, Geometry: "POLYGON",
		Columns: columns,
		Rows: func(yield func(store.LayerRow) bool) {
			for i, c := range base.Cells {
				row := base.First + int32(i)
				values := []any{c.String(), e.Division.Communes[home[row]].Code, int64(rows.People[row]),
					rows.Class[row].String(), orNil(rows.Minutes[row]), orNil(rows.Hours[row]), orNil(lacks.Rows[row]), rankOrNil(lacks.Rank[i])}
				for _, column := range times {
					values = append(values, orNil(column[i]))
				}
				if byBus != nil {
					values = append(values, byBus.Class[row].String(), orNil(byBus.Minutes[row]), orNil(byBus.Hours[row]))
				}
				if !yield(store.LayerRow{Geometry: polygons[i], Values: values}) {
					return
				}
			}
		}}, nil
}

func (e *Edition) zoneLayer(a *Answer, title string) (store.Layer, error) {
	zones := e.Zones(a)
	outlines := make([]orb.MultiPolygon, len(zones))
	for i, z := range zones {
		var err error
		if outlines[i], err = e.ZoneOutline(z.Cells); err != nil {
			return store.Layer{}, err
		}
	}
	return store.Layer{Name: "zones_blanches", Title: "Zones blanches : habitants sans rien à portée. " + title, Geometry: "MULTIPOLYGON",
		Columns: []store.Column{
			{Name: "rang", Type: "INTEGER", Title: "rang par habitants"},
			{Name: "commune", Type: "TEXT", Title: "nom de la commune principale"},
			{Name: "habitants", Type: "INTEGER", Title: "habitants", Unit: "habitants"},
			{Name: "surface_km2", Type: "REAL", Title: "surface des cellules, en km²", Unit: "km²"},
			{Name: "acces_min", Type: "REAL", Title: "temps médian vers le lieu le plus proche, en minutes", Unit: "minutes"},
		},
		Rows: func(yield func(store.LayerRow) bool) {
			for i, z := range zones {
				minutes := math.NaN()
				if z.Median.Reach == geo.Reached {
					minutes = z.Median.Cost.Minutes()
				}
				if !yield(store.LayerRow{Geometry: outlines[i], Values: []any{int64(i + 1), e.Division.Communes[z.Communes[0].Commune].Nom,
					int64(z.People), z.AreaKm2, orNil(minutes)}}) {
					return
				}
			}
		}}, nil
}

// verifyLayer are the zones à vérifier, and whom to ask.
func (e *Edition) verifyLayer(a *Answer, title string) (store.Layer, error) {
	zones := e.ToVerify(a)
	outlines := make([]orb.MultiPolygon, len(zones))
	for i, z := range zones {
		var err error
		if outlines[i], err = e.ZoneOutline(z.Cells); err != nil {
			return store.Layer{}, err
		}
	}
	return store.Layer{Name: "zones_a_verifier", Title: "Zones à vérifier : habitants sans rien de connu à portée, mais avec un lieu dont quelque chose est inconnu. " + title, Geometry: "MULTIPOLYGON",
		Columns: []store.Column{
			{Name: "rang", Type: "INTEGER", Title: "rang par habitants"},
			{Name: "commune", Type: "TEXT", Title: "nom de la commune principale"},
			{Name: "habitants", Type: "INTEGER", Title: "habitants", Unit: "habitants"},
			{Name: "surface_km2", Type: "REAL", Title: "surface des cellules, en km²", Unit: "km²"},
			{Name: "a_interroger", Type: "TEXT", Title: "lieux à interroger, ceux dont dépendent le plus d'habitants d'abord, séparés par |"},
			{Name: "a_demander", Type: "TEXT", Title: "ce qu'on ignore de ces lieux"},
		},
		Rows: func(yield func(store.LayerRow) bool) {
			for i, z := range zones {
				var whom []string
				var what lieu.Doubt
				for _, ask := range z.Asks {
					x := e.AskJSON(ask)
					text := x.Nom
					if x.CommuneNom != "" {
						text += " (" + x.CommuneNom + ")"
					}
					whom, what = append(whom, text), what|ask.Doubt
				}
				if !yield(store.LayerRow{Geometry: outlines[i], Values: []any{int64(i + 1), e.Division.Communes[z.Communes[0].Commune].Nom,
					int64(z.People), z.AreaKm2, strings.Join(whom, " | "), what.InWords()}}) {
					return
				}
			}
		}}, nil
}

// ZoneOutline is the dissolved outline of cells of the grid, by position.
func (e *Edition) ZoneOutline(cells []int32) (orb.MultiPolygon, error) {
	set := make([]grid.Cell, len(cells))
	for i, c := range cells {
		set[i] = e.Grid.Cells[c]
	}
	return grid.Dissolve(set)
}

func rankOrNil(rank int32) any {
	if rank == 0 {
		return nil
	}
	return int64(rank)
}

func orNil(v float64) any {
	if math.IsNaN(v) {
		return nil
	}
	return v
}
