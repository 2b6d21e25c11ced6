package edition_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
)

// TestRecordSumsTheEditionUp against the gap analysis of the département.
func TestRecordSumsTheEditionUp(t *testing.T) {
	e := editiontest.Aisne(t)
	r := e.Record()
	gaps, err := e.Gaps(e.Answer(e.Params.Query()), edition.Scope{Level: admin.TypeDepartement})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(gaps.Territoires[0].Classes, r.Classes); diff != "" {
		t.Errorf("classes (-want +got):\n%s", diff)
	}
	people, lieux := 0, 0
	for _, c := range r.Blanches {
		people += c.People
	}
	for i := range e.Lieux {
		if !e.Lieux[i].NoPublic && !e.Outside(i) {
			lieux++
		}
	}
	if people != r.Classes.Blanche || len(r.Lieux) != lieux || r.Zones != len(e.Zones(e.Answer(e.Params.Query()))) {
		t.Errorf("%d people in cells, %d in zones; %d lieux of %d; %d zones", people, r.Classes.Blanche, len(r.Lieux), lieux, r.Zones)
	}
	var byCommune edition.ClassesJSON
	lieux = 0
	for i, c := range r.Communes {
		if c.Code != e.Division.Communes[i].Code || c.Classes.Total() != e.Division.Communes[i].Population {
			t.Errorf("commune %d: %+v", i, c)
		}
		byCommune = byCommune.Plus(c.Classes)
		lieux += c.Lieux
	}
	if byCommune != r.Classes || lieux > len(r.Lieux) {
		t.Errorf("communes add up to %+v of %+v, %d lieux of %d", byCommune, r.Classes, lieux, len(r.Lieux))
	}
	data, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := edition.DecodeRecord(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, again); diff != "" {
		t.Errorf("written and read (-want +got):\n%s", diff)
	}
	large := *r
	for len(large.Blanches) < 300_000 {
		large.Blanches = append(large.Blanches, r.Blanches...)
	}
	pressed, err := large.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if again, err = edition.DecodeRecord(pressed); err != nil || !cmp.Equal(&large, again) {
		t.Errorf("a record of many cells is not read as written: %v", err)
	}
	if len(pressed) > 4<<20 { // what a store takes
		t.Errorf("a record of %d cells takes %d bytes", len(large.Blanches), len(pressed))
	}
	if _, err := edition.DecodeRecord(pressed[:len(pressed)/2]); !errors.Is(err, edition.ErrDamaged) {
		t.Errorf("half of a record: %v", err)
	}
	t.Logf("a record of %d bytes, %d cells, types %v", len(data), len(r.Blanches), r.Types)
}
