// Package data is what the API answers as JSON, GeoJSON, CSV, workbooks and columns of
// values, one file for each noun. An endpoint has a type of its own for what it is asked
// (see [params]), and gives a reply of one snapshot.
//
// Minutes, hours a week and people are plain numbers. A figure that is unknown is absent
// from JSON, and is the largest value of its type in a column.
package data

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// AboutJSON is everything the map needs to start, in one request.
type AboutJSON struct {
	Edition     string         `json:"edition"`
	Program     string         `json:"program"`
	Departement Named          `json:"departement"`
	Bounds      [4]float64     `json:"bounds"`
	Population  int            `json:"population"`
	Params      aboutParams    `json:"params"`
	Counts      edition.Counts `json:"counts"`
	Inputs      any            `json:"inputs"` // manifests, as the store prints them
	Modelled    []string       `json:"modelled"`
	// Transit is what mode transit counts; absent: the edition does not have it.
	Transit     *edition.TransitJSON `json:"transit,omitempty"`
	Cells       []levelJSON          `json:"cells"`
	IFNBounds   []float64            `json:"ifn_bounds"` // see figures.FragilityBounds
	Levels      []typeJSON           `json:"levels"`
	Secteurs    []secteurJSON        `json:"secteurs"`
	Attribution string               `json:"attribution"`
}

type aboutParams struct {
	Resolution int         `json:"resolution"`
	CutoffMin  float64     `json:"cutoff_min"`
	MinHours   float64     `json:"min_hours_week"`
	Modes      []modeJSON  `json:"modes"`
	Services   []serviceOf `json:"services"`
}

type modeJSON struct {
	Code  geo.Mode `json:"code"`
	Label string   `json:"label"`
}

// serviceOf is a service and how many places of the territory are known to offer it: sites are points to visit,
// lieux count the stops of one tournée once.
type serviceOf struct {
	Code  lieu.Service `json:"code"`
	Label string       `json:"label"`
	Sites int          `json:"sites"`
	Lieux int          `json:"lieux"`
}

// levelJSON is one resolution of the pyramid: rows first to first+count-1.
type levelJSON struct {
	Resolution int   `json:"resolution"`
	First      int32 `json:"first"`
	Count      int   `json:"count"`
}

// typeJSON is a type of territoires that there are gaps of, and what one and many are called.
type typeJSON struct {
	Type   admin.Type `json:"type"`
	Label  string     `json:"label"`
	Plural string     `json:"plural"`
}

// secteurJSON is a secteur and where its name goes on a map: in its most populous
// commune.
type secteurJSON struct {
	Code string  `json:"code"`
	Nom  string  `json:"nom"`
	Lon  float64 `json:"lon"`
	Lat  float64 `json:"lat"`
}

func describe(e *edition.Edition) AboutJSON {
	out := AboutJSON{Edition: e.ID, Program: edition.Program, Population: e.Total, Counts: e.Counts(), Inputs: e.Inputs,
		Bounds:      [4]float64{e.Bounds.Min.Lon, e.Bounds.Min.Lat, e.Bounds.Max.Lon, e.Bounds.Max.Lat},
		Modelled:    e.ModelledSentences(),
		Attribution: Attribution(e),
		IFNBounds:   figures.FragilityBounds(e),
		Params:      aboutParams{Resolution: e.Params.Resolution, CutoffMin: e.Params.Cutoff.Minutes(), MinHours: e.Params.MinHours}}
	if e.Timetables != nil {
		out.Transit = e.TransitJSON()
	}
	for _, t := range e.Division.Territoires(admin.TypeDepartement) {
		out.Departement = Named{t.Code, t.Nom}
	}
	for _, m := range e.Params.Modes {
		out.Params.Modes = append(out.Params.Modes, modeJSON{m, m.Label()})
	}
	for _, service := range e.Params.Services {
		row := serviceOf{Code: service, Label: service.Label()}
		type place struct{ lieu, tournee int32 }
		seen := map[place]bool{}
		for i, s := range e.Sites {
			if e.SiteCommune[i] < 0 || !s.Services.Offers(service) {
				continue
			}
			row.Sites++
			p := place{lieu: s.Lieu}
			if s.Lieu < 0 {
				p.tournee = s.Tournee
			}
			seen[p] = true
		}
		row.Lieux = len(seen)
		out.Params.Services = append(out.Params.Services, row)
	}
	for _, l := range e.Pyramid.Levels {
		out.Cells = append(out.Cells, levelJSON{l.Resolution, l.First, len(l.Cells)})
	}
	for _, t := range e.Levels() {
		out.Levels = append(out.Levels, typeJSON{t, t.Label(), t.Plural()})
	}
	out.Secteurs = []secteurJSON{}
	for _, t := range e.Division.Territoires(admin.TypeSecteur) {
		if len(t.Communes) == 0 {
			continue
		}
		town := slices.MaxFunc(t.Communes, func(a, b int32) int {
			return cmp.Compare(e.Division.Communes[a].Population, e.Division.Communes[b].Population)
		})
		at := e.Division.Communes[town].Point
		out.Secteurs = append(out.Secteurs, secteurJSON{t.Code, t.Nom, at.Lon, at.Lat})
	}
	return out
}

// Attribution cites every source once, in the order of the inputs: plain text,
// for whoever shows figures of this edition.
func Attribution(e *edition.Edition) string {
	var parts []string
	for _, m := range e.Inputs {
		text := m.Source
		if text == "" {
			continue
		}
		var notes []string
		for _, n := range []string{m.Vintage, m.Licence} {
			if n != "" {
				notes = append(notes, n)
			}
		}
		if len(notes) > 0 {
			text += " (" + strings.Join(notes, ", ") + ")"
		}
		if !slices.Contains(parts, text) {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " ; ")
}

// About is the reply that describes the edition.
func About(s *snapshot.Snapshot) (*reply.Reply, error) {
	return s.AtOnce(snapshot.KeyOf("edition", params.None{}), func() (*reply.Reply, error) { return reply.JSON(reply.TypeJSON, describe(s.Edition)) })
}

// Edition answers /api/v1/edition.
func Edition(_ context.Context, s *snapshot.Snapshot, _ *params.Request, _ params.None) (*reply.Reply, error) {
	return About(s)
}

type EditionsJSON struct {
	Edition  string          `json:"edition"`
	Editions []EditionOfList `json:"editions"`
}

type EditionOfList struct {
	desk.EditionInfo
	Current bool                 `json:"current"`
	Transit *edition.TransitJSON `json:"transit,omitempty"` // of the one that is served, where it has timetables
}

// Editions answers /api/v1/editions.
func (b Beside) Editions(_ context.Context, snap *snapshot.Snapshot, _ *params.Request, _ params.None) (*reply.Reply, error) {
	out := EditionsJSON{Edition: snap.ID, Editions: []EditionOfList{}}
	for _, info := range b.History() {
		out.Editions = append(out.Editions, EditionOfList{info, info.ID == snap.ID, nil})
	}
	// The edition being served is part of the history even when whoever keeps it
	// has not caught up.
	if !slices.ContainsFunc(out.Editions, func(e EditionOfList) bool { return e.Current }) {
		out.Editions = slices.Insert(out.Editions, 0, EditionOfList{desk.EditionInfo{ID: snap.ID}, true, nil})
	}
	if snap.Timetables != nil {
		for i := range out.Editions {
			if out.Editions[i].Current {
				out.Editions[i].Transit = snap.TransitJSON()
			}
		}
	}
	return reply.JSON(reply.TypeJSON, out)
}
