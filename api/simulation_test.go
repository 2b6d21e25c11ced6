package api

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb/geojson"

	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/figures"
)

// sendBody sends a body with a token, if any.
func sendBody(s *Server, method, target, body, token string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, target, strings.NewReader(body))
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	rec := httptest.NewRecorder()
	s.Handler().ServeHTTP(rec, req)
	return rec
}

const closeMairie = `{"name":"Sans la mairie","actions":[{"do":"close_lieu","id":"mairie"}]}`

// TestSimulationRecoloursTheMap: the rows that it gives are, level by level, those whose
// column would change.
func TestSimulationRecoloursTheMap(t *testing.T) {
	s, e := serving(t, Options{})
	rec := sendBody(s, http.MethodPost, "/api/v1/simulation?mode=walk&cutoff=10", closeMairie, "")
	if rec.Code != http.StatusOK {
		t.Fatalf("simulation: %d %s", rec.Code, rec.Body)
	}
	heldReply(t, "Difference", rec)
	var got data.SimulationJSON
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Lost.People == 0 || len(got.Map.Rows) == 0 || len(got.Map.Rows) != len(got.Map.Before) || len(got.Map.Rows) != len(got.Map.After) {
		t.Fatalf("difference: lost %+v, map %+v", got.Lost, got.Map)
	}
	column := get(t, s, "/api/v1/acces?mesure=classe&mode=walk&cutoff=10").Body.Bytes()
	seen := map[int]bool{}
	for i, row := range got.Map.Rows {
		level, _, ok := e.Pyramid.Row(row)
		if !ok || int32(column[row]) != got.Map.Before[i] || got.Map.Before[i] == got.Map.After[i] {
			t.Errorf("row %d: before %d, the column has %d; after %d", row, got.Map.Before[i], column[row], got.Map.After[i])
		}
		seen[level.Resolution] = true
	}
	// The cells of the finest level are told twice: by name and by row.
	finest := e.Pyramid.Levels[len(e.Pyramid.Levels)-1]
	named := map[string]string{}
	for _, c := range got.Cells {
		named[c.Cell] = c.ClassAfter
	}
	names := map[int32]string{}
	for _, class := range []coverage.Class{coverage.Couverte, coverage.Grise, coverage.Blanche, coverage.Inconnue} {
		names[int32(data.ClassNumber[class])] = class.String()
	}
	for i, row := range got.Map.Rows {
		if level, cell, _ := e.Pyramid.Row(row); level.Resolution == finest.Resolution && named[cell.String()] != names[got.Map.After[i]] {
			t.Errorf("cell %s: %q by name, %q by row", cell, named[cell.String()], names[got.Map.After[i]])
		}
	}
	if len(seen) < 2 {
		t.Errorf("rows of the resolutions %v only", seen)
	}
	rec = sendBody(s, http.MethodPost, "/api/v1/simulation?mode=walk&cutoff=10&mailles=non", closeMairie, "")
	var short data.SimulationJSON
	if err := json.Unmarshal(rec.Body.Bytes(), &short); err != nil {
		t.Fatal(err)
	}
	if short.Cells == nil || len(short.Cells) != 0 || len(got.Cells) == 0 {
		t.Errorf("mailles=non: %d cells, %d without it", len(short.Cells), len(got.Cells))
	}
	if diff := cmp.Diff(got.Map, short.Map); diff != "" {
		t.Errorf("map with mailles=non (-with +without):\n%s", diff)
	}
}

// TestSimulationDrivesTheTours: of two stops that open at once, the second is late, and
// named.
func TestSimulationDrivesTheTours(t *testing.T) {
	s, _ := serving(t, Options{})
	body := `{"name":"x","actions":[{"do":"add_tournee","nom":"Trop vite","services":["tous"],"stops":[` +
		`{"nom":"Premier","lon":3.47,"lat":49.515,"when":"Mo 09:00-12:00"},{"nom":"Second","lon":3.52,"lat":49.515,"when":"Mo 12:00-15:00"}]}]}`
	var got data.SimulationJSON
	rec := sendBody(s, http.MethodPost, "/api/v1/simulation", body, "")
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || rec.Code != http.StatusOK {
		t.Fatalf("%d %s, %v", rec.Code, rec.Body, err)
	}
	if len(got.Tours) != 1 || got.Tours[0].Feasible || len(got.Tours[0].Late) == 0 || got.Tours[0].Late[0].Stop != "Second" {
		t.Errorf("tours = %+v", got.Tours)
	}
}

func TestSimulationRefusesWithAnAddress(t *testing.T) {
	s, _ := serving(t, Options{})
	for body, want := range map[string]string{
		`{"name":"x","actions":[{"do":"close_lieu","id":"jamais"}]}`: "jamais",
		`{"name":"x","actions":[{"do":"add_lieu","lon":3}]}`:         "lat",
		`{"name":"x"`: "Le scénario est refusé",
	} {
		rec := sendBody(s, http.MethodPost, "/api/v1/simulation", body, "")
		if rec.Code != http.StatusBadRequest || !strings.Contains(rec.Body.String(), want) {
			t.Errorf("%s: %d %s; want a 400 that says %q", body, rec.Code, rec.Body, want)
		}
	}
}

// TestSavedScenarios: with a token they are saved, renamed, listed and deleted; with the
// link they are read, replayed and kept as files.
func TestSavedScenarios(t *testing.T) {
	d := &drawer{}
	s, e := serving(t, Options{Desk: d})
	if err := d.PutDocument(t.Context(), desk.KindToken, desk.TokenID("mlg_vrai"), []byte(`{"name":"essai"}`)); err != nil {
		t.Fatal(err)
	}
	if rec := sendBody(s, http.MethodPost, "/api/v1/scenarios", closeMairie, ""); rec.Code != http.StatusUnauthorized {
		t.Fatalf("saved without a token: %d", rec.Code)
	}
	rec := sendBody(s, http.MethodPost, "/api/v1/scenarios", closeMairie, "mlg_vrai")
	heldReply(t, "ScenarioInfo", rec)
	var info desk.ScenarioInfo
	if err := json.Unmarshal(rec.Body.Bytes(), &info); err != nil || rec.Code != http.StatusCreated || len(info.ID) < 20 || info.Edition != e.ID {
		t.Fatalf("saved: %d %s, %v", rec.Code, rec.Body, err)
	}
	link := "/api/v1/scenarios/" + info.ID
	if got := getJSON[desk.SavedScenario](t, s, link); got.Scenario.Name != "Sans la mairie" || len(got.Scenario.Actions) != 1 {
		t.Errorf("read again: %+v", got)
	}
	replayed := getJSON[data.DifferenceJSON](t, s, link+"/difference?mode=walk&cutoff=10")
	if replayed.Lost.People == 0 || !replayed.SameEdition || replayed.MadeOn != e.ID {
		t.Errorf("replayed: lost %+v, same edition %v", replayed.Lost, replayed.SameEdition)
	}
	cells, err := geojson.UnmarshalFeatureCollection(get(t, s, link+"/difference?mode=walk&cutoff=10&format=geojson").Body.Bytes())
	if err != nil || len(cells.Features) != len(replayed.Cells) {
		t.Errorf("GeoJSON: %v, %d features, want %d", err, len(cells.Features), len(replayed.Cells))
	}
	lines, err := csv.NewReader(bytes.NewReader(get(t, s, link+"/difference?mode=walk&cutoff=10&format=csv").Body.Bytes())).ReadAll()
	if err != nil || len(lines) != len(replayed.Territoires)+1 {
		t.Errorf("CSV: %v, %d lines, want %d", err, len(lines), len(replayed.Territoires)+1)
	}
	renamed := strings.Replace(closeMairie, "Sans la mairie", "Autre nom", 1)
	if rec := sendBody(s, http.MethodPut, link, renamed, "mlg_vrai"); rec.Code != http.StatusOK {
		t.Errorf("renamed: %d %s", rec.Code, rec.Body)
	}
	rec = sendBody(s, http.MethodGet, "/api/v1/scenarios", "", "mlg_vrai")
	heldReply(t, "Scenarios", rec)
	if !strings.Contains(rec.Body.String(), "Autre nom") || rec.Code != http.StatusOK {
		t.Errorf("list: %d %s", rec.Code, rec.Body)
	}
	if rec := sendBody(s, http.MethodGet, "/api/v1/scenarios", "", ""); rec.Code != http.StatusUnauthorized {
		t.Errorf("the list without a token: %d", rec.Code)
	}
	if rec := sendBody(s, http.MethodDelete, link, "", "mlg_vrai"); rec.Code != http.StatusNoContent {
		t.Errorf("deleted: %d %s", rec.Code, rec.Body)
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodGet} {
		if rec := sendBody(s, method, link, closeMairie, "mlg_vrai"); rec.Code != http.StatusNotFound {
			t.Errorf("%s once deleted: %d", method, rec.Code)
		}
	}
}

// TestGainsAreWhatSimulationsSay: the best places bring, opened, what they were said to.
func TestGainsAreWhatSimulationsSay(t *testing.T) {
	t.Run("walk", func(t *testing.T) { gainsAreSimulated(t, "mode=walk&cutoff=10") })
	t.Run("transit", func(t *testing.T) { gainsAreSimulated(t, "mode=transit&cutoff=30&min_hours=1") })
}

func gainsAreSimulated(t *testing.T, question string) {
	s, e := serving(t, Options{})
	gains := getJSON[data.GainsJSON](t, s, "/api/v1/gains?"+question+"&limit=5&services=aide-demarches")
	if len(gains.Places) == 0 || gains.Places[0].Covered == 0 || len(gains.Services) != 1 {
		t.Fatalf("gains = %+v", gains)
	}
	for _, p := range gains.Places {
		body := fmt.Sprintf(`{"name":"x","actions":[{"do":"add_lieu","lon":%v,"lat":%v,"services":["aide-demarches"],"horaires":%q}]}`, p.Lon, p.Lat, gains.Horaires)
		var got data.SimulationJSON
		rec := sendBody(s, http.MethodPost, "/api/v1/simulation?"+question, body, "")
		heldReply(t, "Difference", rec)
		if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if (got.Params.Mode == geo.Transit) != (got.Params.Transit != nil) {
			t.Errorf("params of a simulation: %+v", got.Params)
		}
		if more := got.After.Classes.Couverte - got.Before.Classes.Couverte; more != p.Covered {
			t.Errorf("place %d: %d people covered, said to be %d", p.Rank, more, p.Covered)
		}
	}
	column := get(t, s, "/api/v1/gains?"+question+"&services=aide-demarches&format=colonne").Body.Bytes()
	if len(column) != 4*e.Pyramid.Rows {
		t.Fatalf("column of %d bytes for %d rows", len(column), e.Pyramid.Rows)
	}
	most := uint32(0)
	for i := 0; i < len(column); i += 4 {
		if v := binary.LittleEndian.Uint32(column[i:]); v != figures.NoGain {
			most = max(most, v)
		}
	}
	if strings.Contains(question, "walk") && int(most) > gains.Places[0].Covered || most == 0 {
		t.Errorf("the column goes to %d, the list to %d", most, gains.Places[0].Covered)
	}
}
