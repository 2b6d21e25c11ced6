package data

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/sheet"
)

// AskSaved reads the scenario that a request names, and what is asked about it: its own
// question, but for the parameters.
func AskSaved(ctx context.Context, d *desk.Desk, snap *snapshot.Snapshot, r *params.Request, of *params.Question, all params.Bound) (one desk.SavedScenario, err error) {
	if one, err = d.Saved(ctx, r.Arg); err != nil {
		return one, err
	}
	of.Query = one.Scenario.Params.Query(snap.DefaultQuery())
	return one, params.Into(all, r.Raw, snap.Edition)
}

// Scenario gives a saved scenario to whoever has its link.
func (b Beside) Scenario(ctx context.Context, id string) (*reply.Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, desk.Timeout)
	defer cancel()
	one, err := b.Desk.Saved(ctx, id)
	if err != nil {
		return nil, err
	}
	r, err := reply.JSON(reply.TypeJSON, one)
	if err != nil {
		return nil, err
	}
	r.Cache = reply.CacheRevalid // it may be changed
	return r, nil
}

type differenceParams struct {
	params.Question
	Format params.Format
}

func (p *differenceParams) Bind() []params.Binding {
	return append([]params.Binding{params.DifferenceFormat.To(&p.Format)}, p.Question.Bind()...)
}

// Difference says what a saved scenario changes in the edition that is served, which
// may be another than it was made on: as JSON, the cells as GeoJSON, the territoires as
// CSV.
func (b Beside) Difference(asking context.Context, snap *snapshot.Snapshot, request *params.Request) (*reply.Reply, error) {
	ctx, cancel := context.WithTimeout(asking, desk.Timeout)
	defer cancel()
	var a differenceParams
	one, err := AskSaved(ctx, b.Desk, snap, request, &a.Question, &a)
	if err != nil {
		return nil, err
	}
	d, err := Simulate(asking, snap, a.Query, one.Scenario) // the store has had its time
	if err != nil {
		return nil, err
	}
	var r *reply.Reply
	switch a.Format {
	case params.JSON:
		r, err = reply.JSON(reply.TypeJSON, DifferenceJSON{*d, one.Edition, one.Edition == "" || strings.HasPrefix(snap.ID, one.Edition)})
	case params.GeoJSON:
		var fc *geojson.FeatureCollection
		if fc, err = changedCells(d.Difference); err == nil {
			r, err = reply.JSON(reply.TypeGeoJSON, fc)
		}
	case params.CSV:
		r, err = reply.File(reply.TypeCSV, "scenario-"+one.ID+".csv", func(w io.Writer) error { return changedTerritoires(w, d.Difference) })
	default:
		return nil, a.Format.Refused("pour un scénario, il faut json, geojson ou csv")
	}
	if err != nil {
		return nil, err
	}
	r.Cache = reply.CacheRevalid
	return r, nil
}

// DifferenceJSON is a replayed scenario. SameEdition is false when it was made on
// another edition than the one it is replayed on.
type DifferenceJSON struct {
	SimulationJSON
	MadeOn      string `json:"made_on,omitempty"`
	SameEdition bool   `json:"same_edition"`
}

func changedCells(d *scenario.Difference) (*geojson.FeatureCollection, error) {
	fc := geojson.NewFeatureCollection()
	fc.ExtraMembers = geojson.Properties{"edition": d.Edition, "scenario": d.Scenario.Name, "params": d.Params, "modelled": d.Modelled}
	for _, change := range d.Cells {
		cell, err := grid.ParseCell(change.Cell)
		if err != nil {
			return nil, err
		}
		ring, err := cell.Ring()
		if err != nil {
			return nil, err
		}
		line := make(orb.Ring, 0, len(ring)+1)
		for _, p := range ring {
			line = append(line, orb.Point{p.Lon, p.Lat})
		}
		if line[0] != line[len(line)-1] {
			line = append(line, line[0])
		}
		if line.Orientation() == orb.CW { // RFC 7946 wants outer rings counterclockwise
			line.Reverse()
		}
		f := geojson.NewFeature(orb.Polygon{line})
		f.Properties = geojson.Properties{"cell": change.Cell, "commune": change.Commune, "people": change.People,
			"class_before": change.ClassBefore, "class_after": change.ClassAfter}
		for name, v := range map[string]*float64{"access_min_before": change.AccessBefore, "access_min_after": change.AccessAfter,
			"hours_week_before": change.HoursBefore, "hours_week_after": change.HoursAfter} {
			if v != nil {
				f.Properties[name] = *v
			}
		}
		fc.Append(f)
	}
	return fc, nil
}

// changedTerritoires writes RFC 4180: a row per territoire that changes, an empty field
// for unknown.
func changedTerritoires(w io.Writer, d *scenario.Difference) error {
	out := csv.NewWriter(w)
	head := []string{"type", "code", "nom", "population_hab"}
	for _, name := range []string{"couverte_hab", "grise_hab", "blanche_hab", "inconnue_hab", "acces_mediane_min", "heures_moyenne_h_semaine", "lieux", "ifn_score", "priorite"} {
		head = append(head, name+"_avant", name+"_apres")
	}
	_ = out.Write(append(head, "scenario", "edition", "modelise"))
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	figures := func(r *edition.GapRow) []string {
		list := []string{strconv.Itoa(r.Classes.Couverte), strconv.Itoa(r.Classes.Grise), strconv.Itoa(r.Classes.Blanche), strconv.Itoa(r.Classes.Inconnue), "", "", strconv.Itoa(r.Lieux), "", number(float64(r.Priority.Written()))}
		if r.Access != nil {
			list[4] = number(float64(r.Access.P50.Written()))
		}
		if r.Hours != nil {
			list[5] = number(float64(r.Hours.Mean.Written()))
		}
		if r.IFN != nil && r.IFN.Score != nil {
			list[7] = number(float64(r.IFN.Score.Written()))
		}
		return list
	}
	for i := range d.Territoires {
		t := &d.Territoires[i]
		line := []string{string(t.Type), t.Code, sheet.Safe(t.Nom), strconv.Itoa(t.Before.Population)}
		before, after := figures(&t.Before), figures(&t.After)
		for k := range before {
			line = append(line, before[k], after[k])
		}
		_ = out.Write(append(line, sheet.Safe(d.Scenario.Name), d.Edition, sheet.Safe(strings.Join(d.Modelled, " ; "))))
	}
	out.Flush()
	return out.Error() // the first failed Write comes back here
}
