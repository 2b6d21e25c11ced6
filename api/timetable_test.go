package api

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/export"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// servingEvenings is a world whose mairie opens in the evening alone, when no bus goes home.
func servingEvenings(t *testing.T) (*Server, *edition.Edition) {
	t.Helper()
	in := world{}.inputs()
	in.LieuRows[0].Horaires = hours("Mo-Fr 18:30-19:30")
	in.TourneeRows = nil
	params := edition.DefaultParams()
	params.Resolution = resolution
	e, _, err := edition.Build(context.Background(), in, params, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := New(Options{})
	if err := s.Publish(e); err != nil {
		t.Fatal(err)
	}
	return s, e
}

// TestAnswersByTimetableSayTheirDates: whatever is asked by bus says which weeks it is of, and
// what they leave out; what is asked by streets does not.
func TestAnswersByTimetableSayTheirDates(t *testing.T) {
	s, e := serving(t, Options{})
	told := e.TransitJSON()
	if told.Left.School == 0 || told.Left.OnRequest == 0 || told.From == "" {
		t.Fatalf("%+v: too dull", told)
	}
	for _, target := range []string{"/api/v1/gaps", "/api/v1/territoires/epci:200000001", "/api/v1/zones-blanches", "/api/v1/acces/40", "/api/v1/moment", "/api/v1/repartition", "/api/v1/lieux/mairie"} {
		params := getJSON[struct{ Params edition.QueryJSON }](t, s, target+"?mode=transit").Params
		if params.Mode != geo.Transit || params.CutoffMin != 45 || params.Transit == nil || params.Transit.From != told.From || len(params.Transit.Sentences) != len(told.Sentences) {
			t.Errorf("%s: %+v", target, params)
		}
		if params := getJSON[struct{ Params edition.QueryJSON }](t, s, target+"?mode=walk").Params; params.Transit != nil {
			t.Errorf("%s on foot: %+v", target, params.Transit)
		}
	}
	if about := getJSON[data.AboutJSON](t, s, "/api/v1/edition"); about.Transit == nil || about.Transit.To != told.To {
		t.Errorf("/api/v1/edition: %+v", about.Transit)
	}
	if all := getJSON[data.EditionsJSON](t, s, "/api/v1/editions"); all.Editions[0].Transit == nil {
		t.Errorf("/api/v1/editions: %+v", all)
	}
	for target, says := range map[string]string{"/territoires/epci:200000001": "Horaires de transport du ", "/embed?territoire=epci:200000001": "Horaires de transport du ",
		"/tiles/zones.json": "horaires de transport du "} {
		separator := "?"
		if strings.Contains(target, "?") {
			separator = "&"
		}
		if body := get(t, s, target+separator+"mode=transit").Body.String(); !strings.Contains(body, says) {
			t.Errorf("%s by bus does not say %q", target, says)
		}
		if body := get(t, s, target).Body.String(); strings.Contains(body, says) {
			t.Errorf("%s by car says %q", target, says)
		}
	}
	if body := get(t, s, "/territoires/epci:200000001?mode=transit").Body.String(); !strings.Contains(body, "ne se calculent pas en bus ou car") {
		t.Error("the page by bus does not say that times to care are not computed")
	}
}

// TestCutOffsByTimetableAreSteps: those that nothing is searched for are refused, in every form.
func TestCutOffsByTimetableAreSteps(t *testing.T) {
	s, _ := serving(t, Options{})
	for _, target := range []string{"/api/v1/gaps?mode=transit&cutoff=47", "/api/v1/moment?cutoff=12.5&mode=transit", "/api/v1/acces?mesure=minutes&mode=transit&cutoff=1",
		"/embed?territoire=epci:200000001&mode=transit&cutoff=33"} {
		rec := do(s, http.MethodGet, target)
		if rec.Code != http.StatusBadRequest || !strings.Contains(rec.Body.String(), "en bus ou car, il faut un multiple de 5 minutes, de 5 à 60") {
			t.Errorf("%s: %d %s", target, rec.Code, rec.Body)
		}
	}
	for minutes := 5; minutes <= 60; minutes += 5 {
		if got := getJSON[edition.GapReport](t, s, fmt.Sprintf("/api/v1/gaps?mode=transit&cutoff=%d", minutes)).Params.CutoffMin; got != float64(minutes) {
			t.Errorf("asked %d min, answered %g", minutes, got)
		}
	}
	get(t, s, "/api/v1/gaps?mode=car&cutoff=47")
}

// TestWhoFindsNoHour: the people of the class grise to whom a lieu opens when no bus goes are
// those of its parts without any slot, in gaps, pages, cells and exports.
func TestWhoFindsNoHour(t *testing.T) {
	s, e := servingEvenings(t)
	a := e.Answer(e.TimetableQuery())
	want := 0
	for part, n := range e.People {
		if a.Class[part] == coverage.Grise && a.Hours.Slots[part] == 0 {
			want += int(n)
		}
	}
	if want == 0 {
		t.Fatal("everybody finds some hour: too dull")
	}
	row := getJSON[edition.GapReport](t, s, "/api/v1/gaps?mode=transit&level=departement").Territoires[0]
	if row.NoHours != want || row.NoHours > row.Classes.Grise {
		t.Errorf("%d people without an hour of %d, want %d", row.NoHours, row.Classes.Grise, want)
	}
	const says = "ouvert quand aucun car ne le permet"
	if body := get(t, s, "/territoires/departement:02?mode=transit").Body.String(); !strings.Contains(body, says) {
		t.Errorf("the page does not say %q", says)
	}
	cells := 0
	first := e.Pyramid.Levels[len(e.Pyramid.Levels)-1].First
	for cell := int(first); cell < e.Pyramid.Rows; cell++ {
		c := getJSON[data.CellJSON](t, s, fmt.Sprintf("/api/v1/acces/%d?mode=transit", cell))
		if c.Classe == coverage.Grise.String() && c.HoursWeek != nil && *c.HoursWeek == 0 {
			cells++
			if !c.Opens || !strings.HasPrefix(c.Sentence, "Ouvert quand aucun car ne le permet") {
				t.Errorf("cell %d: opens %t, %q", cell, c.Opens, c.Sentence)
			}
			for _, l := range c.Lieux {
				if l.ID == "mairie" && (l.Counted == nil || *l.Counted != 0 || *l.HoursWeek != 5) {
					t.Errorf("cell %d: %+v", cell, l)
				}
			}
		}
	}
	if cells == 0 {
		t.Error("no cell is without an hour: too dull")
	}
	results, err := export.Of(e)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, l := range results.Layers {
		for i, c := range l.Columns {
			if l.Name != "communes" || c.Name != "transit_sans_heure_hab" {
				continue
			}
			for row := range l.Rows {
				sum += int(row.Values[i].(int64))
			}
		}
	}
	if sum != want {
		t.Errorf("exports have %d people without an hour, want %d", sum, want)
	}
	if about := fmt.Sprint(results.About.Sentences()); !strings.Contains(about, "horaires de transport du ") {
		t.Errorf("exports do not say their dates: %s", about)
	}
}

// TestMomentsByTimetableHaveDates: each is a date of the reference weeks on the day that was
// asked, with those who find a lieu open in its week of the cycle.
func TestMomentsByTimetableHaveDates(t *testing.T) {
	s, e := serving(t, Options{})
	q := e.TimetableQuery()
	sets := e.Access[geo.Transit].Sets(e.Sites, q.Service, q.Appointments, q.Cutoff)
	some := 0
	for _, at := range []struct {
		moment    string
		day, slot int
	}{{"2T10:00", 1, 40}, {"3T14:30", 2, 58}, {"7T10:00", 6, 40}} {
		got := getJSON[struct {
			Dates []struct {
				Date   string
				Ouvert int
			}
		}](t, s, "/api/v1/moment?mode=transit&moment="+at.moment).Dates
		if len(got) != lieu.WeeksPerCycle {
			t.Fatalf("%s: %+v", at.moment, got)
		}
		for _, d := range got {
			date, err := time.Parse(time.DateOnly, d.Date)
			if err != nil || (int(date.Weekday())+6)%7 != at.day || d.Date < e.TransitJSON().From || d.Date > e.TransitJSON().To {
				t.Errorf("%s: %+v", at.moment, d)
			}
			_, iso := date.ISOWeek()
			slot := (iso-1)%lieu.WeeksPerCycle*lieu.SlotsPerWeek + at.day*lieu.SlotsPerDay + at.slot
			want := 0
			for part, n := range e.People {
				set := sets.Of[part]
				if set < 0 {
					continue
				}
				for k, site := range sets.Members[set] {
					open := sets.Counted[set][k]
					if open == nil {
						open = e.Sites[site].Horaires.Count(q.Appointments)
					}
					if e.Sites[site].Of(q.Service) == 0 && open.Has(slot) {
						want += int(n)
						break
					}
				}
			}
			if some += want; d.Ouvert != want {
				t.Errorf("%s on %s: %d people, want %d", at.moment, d.Date, d.Ouvert, want)
			}
		}
	}
	if some == 0 {
		t.Error("nobody ever finds a lieu open: too dull")
	}
	if body := get(t, s, "/api/v1/moment?mode=car").Body.String(); strings.Contains(body, `"dates"`) {
		t.Error("a moment by car has dates")
	}
}

// TestMinutesByTimetableAreOfACutOff: their column is that of the answer, whose cut-off says what
// counts.
func TestMinutesByTimetableAreOfACutOff(t *testing.T) {
	s, e := serving(t, Options{})
	differ := false
	var before []byte
	for _, cutoff := range []geo.Cost{10, 30, 60} {
		q := e.TimetableQuery()
		q.Cutoff = cutoff * geo.Minute
		got := get(t, s, fmt.Sprintf("/api/v1/acces?mesure=minutes&mode=transit&cutoff=%d", cutoff)).Body.Bytes()
		for row, want := range e.Rows(e.Answer(q)).Minutes {
			n := int(got[2*row]) | int(got[2*row+1])<<8
			if known := !math.IsNaN(want); known != (n != data.NoValue) || known && n != int(min(data.NoValue-1, math.Round(10*want))) {
				t.Fatalf("%d min, row %d: %d, want %g", cutoff, row, n, want)
			}
		}
		differ = differ || before != nil && !slices.Equal(before, got)
		before = got
	}
	if !differ {
		t.Error("the cut-off changes nothing: too dull")
	}
	if access.Horizon%geo.TimetableStep != 0 {
		t.Error("the longest cut-off is no step")
	}
}
