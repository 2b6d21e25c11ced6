package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/geo/edition"
)

// drawer is a desk.Store in memory, which can be shut.
type drawer struct {
	editions []desk.EditionInfo
	jobs     []desk.Job

	mu        sync.Mutex
	shut      error
	documents map[[2]string]desk.Document
	visits    map[desk.Visits]int64
}

func (d *drawer) open(do func()) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.shut == nil {
		do()
	}
	return d.shut
}

func (d *drawer) setShut(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut = err
}

func (d *drawer) Editions(context.Context) (out []desk.EditionInfo, err error) {
	err = d.open(func() { out = slices.Clone(d.editions) })
	return out, err
}

func (d *drawer) Jobs(context.Context) (out []desk.Job, err error) {
	err = d.open(func() { out = slices.Clone(d.jobs) })
	return out, err
}

func (d *drawer) Compute(context.Context) (j desk.Job, err error) {
	err = d.open(func() {
		j = desk.Job{ID: int64(len(d.jobs) + 1), Kind: "compute", State: "available", Created: "2026-11-25T12:00:00Z"}
		d.jobs = append(d.jobs, j)
	})
	return j, err
}

func (d *drawer) Cancel(_ context.Context, id int64) (j desk.Job, err error) {
	found := desk.ErrNoJob
	if err = d.open(func() {
		for i := range d.jobs {
			if d.jobs[i].ID == id {
				d.jobs[i].State = "cancelled"
				j, found = d.jobs[i], nil
			}
		}
	}); err == nil {
		err = found
	}
	return j, err
}

func (d *drawer) Documents(_ context.Context, kind string) (out []desk.Document, err error) {
	err = d.open(func() {
		for key, doc := range d.documents {
			if key[0] == kind {
				out = append(out, doc)
			}
		}
		slices.SortFunc(out, func(a, b desk.Document) int { return strings.Compare(a.ID, b.ID) })
	})
	return out, err
}

func (d *drawer) Document(_ context.Context, kind, id string) (out desk.Document, err error) {
	found := false
	if err = d.open(func() { out, found = d.documents[[2]string{kind, id}] }); err == nil && !found {
		err = desk.ErrNoDocument
	}
	return out, err
}

func (d *drawer) PutDocument(_ context.Context, kind, id string, data []byte) error {
	return d.open(func() {
		if d.documents == nil {
			d.documents = map[[2]string]desk.Document{}
		}
		d.documents[[2]string{kind, id}] = desk.Document{ID: id, Data: slices.Clone(data), Updated: time.Now().UTC().Format(time.RFC3339)}
	})
}

func (d *drawer) DeleteDocument(_ context.Context, kind, id string) error {
	return d.open(func() { delete(d.documents, [2]string{kind, id}) })
}

func (d *drawer) AddVisits(_ context.Context, visits []desk.Visits) error {
	return d.open(func() {
		if d.visits == nil {
			d.visits = map[desk.Visits]int64{}
		}
		for _, v := range visits {
			d.visits[desk.Visits{Day: v.Day, Page: v.Page}] += v.Count
		}
	})
}

func (d *drawer) Visits(context.Context) (out []desk.Visits, err error) {
	err = d.open(func() {
		for v, n := range d.visits {
			v.Count = n
			out = append(out, v)
		}
	})
	return out, err
}

// keep puts a record into the drawer as made at a time.
func (d *drawer) keep(t *testing.T, r *edition.Record, created string) {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.PutDocument(t.Context(), desk.KindRecord, r.Edition, data); err != nil {
		t.Fatal(err)
	}
	d.documents[[2]string{desk.KindRecord, r.Edition}] = desk.Document{ID: r.Edition, Data: data, Updated: created}
}

// TestIndicatorsFollowTheZones over three editions: the first is the reference, the last
// the one that is served.
func TestIndicatorsFollowTheZones(t *testing.T) {
	d := &drawer{}
	s, e := serving(t, Options{Desk: d})
	now := e.Record()
	var cell string // of a lieu
	for _, l := range now.Lieux {
		if l.Cell != "" {
			cell = l.Cell
		}
	}
	first := *now
	first.Edition, first.Lieux = "premiere", []edition.RecordLieu{}
	first.Blanches = append(slices.Clone(now.Blanches), edition.RecordCell{Cell: cell, People: 300})
	second := *now
	second.Edition, second.Resolution = "autre-grille", 5
	d.keep(t, &first, "2024-03-01T00:00:00Z")
	d.keep(t, &second, "2025-03-01T00:00:00Z")
	d.keep(t, now, "2026-03-01T00:00:00Z")
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := getJSON[data.IndicateursJSON](t, s, "/api/v1/indicateurs")
	if got.Reference != "premiere" || len(got.Editions) != 3 || got.Editions[0].ID != e.ID || got.Editions[1].Followed != nil {
		t.Fatalf("indicators = %+v", got)
	}
	f := got.Editions[0].Followed
	if f == nil || f.CoveredPeople != 300 || f.ZonePeople != now.Classes.Blanche+300 || len(f.NewLieux) == 0 {
		t.Errorf("followed = %+v", f)
	}
	if len(got.Years) != 2 || got.Years[0].Year != "2024" || len(got.Years[0].NewLieux) != 0 || len(got.Years[1].NewLieux) != len(f.NewLieux) {
		t.Errorf("years = %+v", got.Years)
	}
	if by := getJSON[data.IndicateursJSON](t, s, "/api/v1/indicateurs?reference="+e.ID); by.Reference != e.ID || by.Editions[0].Followed.CoveredPeople != 0 {
		t.Errorf("by the newest: %+v", by)
	}
	if rec := do(s, http.MethodGet, "/api/v1/indicateurs?reference=jamais"); rec.Code != http.StatusBadRequest {
		t.Errorf("an unknown reference: %d", rec.Code)
	}
}

// TestReadsGoOnWithoutTheStore, and /readyz tells; what was counted is not lost.
func TestReadsGoOnWithoutTheStore(t *testing.T) {
	d := &drawer{editions: []desk.EditionInfo{{ID: "ancienne", Created: "2024-01-01T00:00:00Z"}}, jobs: []desk.Job{{ID: 7, Kind: "compute", State: "running"}}}
	s, _ := serving(t, Options{Desk: d})
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.setShut(errors.New("no route to host"))
	s.desk.Count("carte")
	s.desk.Count("carte")
	if err := s.Refresh(t.Context()); err == nil {
		t.Error("Refresh() of a shut desk: no error")
	}
	for _, a := range samples {
		if rec := do(s, http.MethodGet, a.target); rec.Code >= 300 && rec.Code != http.StatusNotFound {
			t.Errorf("%s without the store: %d", a.target, rec.Code)
		}
	}
	if got := getJSON[data.EditionsJSON](t, s, "/api/v1/editions"); len(got.Editions) != 2 {
		t.Errorf("editions without the store = %+v", got)
	}
	if got := getJSON[data.TravauxJSON](t, s, "/api/v1/travaux"); len(got.Jobs) != 1 {
		t.Errorf("jobs without the store = %+v", got)
	}
	if got := getJSON[map[string]string](t, s, "/readyz"); got["status"] != "degraded" || !strings.Contains(got["store"], "ne répond pas depuis") {
		t.Errorf("readyz without the store = %v", got)
	}
	d.setShut(nil)
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := getJSON[map[string]string](t, s, "/readyz"); got["status"] != "ok" || got["store"] != "" {
		t.Errorf("readyz with the store again = %v", got)
	}
	day := desk.Visits{Day: time.Now().UTC().Format(time.DateOnly), Page: "carte"}
	if n := d.visits[day]; n < 2 {
		t.Errorf("%d visits were written, want the 2 counted while the store was away", n)
	}
}

// TestWritingWantsATokenAndAStore: jobs are asked for and cancelled by who has a token;
// without the store, the refusal says that nothing was done.
func TestWritingWantsATokenAndAStore(t *testing.T) {
	d := &drawer{}
	s, _ := serving(t, Options{Desk: d})
	if err := d.PutDocument(t.Context(), desk.KindToken, desk.TokenID("mlg_vrai"), []byte(`{"name":"essai"}`)); err != nil {
		t.Fatal(err)
	}
	send := func(method, target, token string) (int, map[string]any, http.Header) {
		t.Helper()
		header := []string{}
		if token != "" {
			header = append(header, "Authorization", "Bearer "+token)
		}
		rec := do(s, method, target, header...)
		var body map[string]any
		if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil {
			t.Fatalf("%s %s: %v in %q", method, target, err, rec.Body)
		}
		return rec.Code, body, rec.Header()
	}
	for _, token := range []string{"", "mlg_faux"} {
		if code, body, h := send(http.MethodPost, "/api/v1/travaux", token); code != http.StatusUnauthorized || h.Get("WWW-Authenticate") == "" || !strings.Contains(body["detail"].(string), "jeton") {
			t.Errorf("with the token %q: %d, %v", token, code, body)
		}
	}
	code, job, _ := send(http.MethodPost, "/api/v1/travaux", "mlg_vrai")
	if code != http.StatusAccepted || job["state"] != "available" {
		t.Fatalf("a computation asked for: %d, %v", code, job)
	}
	if code, job, _ := send(http.MethodDelete, "/api/v1/travaux/1", "mlg_vrai"); code != http.StatusOK || job["state"] != "cancelled" {
		t.Errorf("cancelled: %d, %v", code, job)
	}
	for target, want := range map[string]int{"/api/v1/travaux/99": http.StatusNotFound, "/api/v1/travaux/un": http.StatusBadRequest} {
		if code, body, _ := send(http.MethodDelete, target, "mlg_vrai"); code != want {
			t.Errorf("DELETE %s: %d, %v; want %d", target, code, body, want)
		}
	}
	d.setShut(errors.New("no route to host"))
	code, body, h := send(http.MethodPost, "/api/v1/travaux", "mlg_vrai")
	if code != http.StatusServiceUnavailable || h.Get("Retry-After") == "" || !strings.Contains(body["detail"].(string), "Rien n'a été changé") {
		t.Errorf("without the store: %d, %v", code, body)
	}
}
