package api

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/grid"
)

// cellJSON is one cell, of any resolution of the pyramid. Its figures are means
// over its people, or over its area where nobody lives.
type cellJSON struct {
	Edition    string            `json:"edition"`
	Params     edition.QueryJSON `json:"params"`
	Row        int32             `json:"row"`
	Cell       string            `json:"cell"`
	Resolution int               `json:"resolution"`
	AreaKm2    float64           `json:"area_km2"`
	People     int               `json:"people"`
	Classe     string            `json:"classe"`
	Communes   []cellCommune     `json:"communes"`
	AccessMin  *float64          `json:"access_min,omitempty"`
	Reach      string            `json:"reach"`
	HoursWeek  *float64          `json:"hours_week,omitempty"`
	Lieux      []cellLieu        `json:"lieux"`
	Moment     *cellMoment       `json:"moment,omitempty"` // absent when none was asked for
	IFN        *edition.IFNJSON  `json:"ifn,omitempty"`
}

// cellMoment says what its people find within reach at a moment of the week.
type cellMoment struct {
	Quand  string       `json:"quand"`
	People momentPeople `json:"people"`
}

type cellCommune struct {
	Code    string `json:"code"`
	Nom     string `json:"nom"`
	EPCI    string `json:"epci,omitempty"`
	EPCINom string `json:"epci_nom,omitempty"`
	People  int    `json:"people"`
}

type cellLieu struct {
	ID        string   `json:"id"`
	Nom       string   `json:"nom"`
	Commune   string   `json:"commune,omitempty"`
	Minutes   float64  `json:"minutes"`
	HoursWeek *float64 `json:"hours_week,omitempty"`
	Horaires  string   `json:"horaires,omitempty"`
	Moment    string   `json:"moment,omitempty"` // as the keys of momentPeople; absent when none was asked for
}

// maxCellLieux is how many lieux a cell lists.
const maxCellLieux = 6

// getCell answers /api/v1/acces/{row}.
func getCell(ctx context.Context, s *snapshot, r *request) (*reply, error) {
	row, err := position("row", r.arg)
	if err != nil || row >= s.Pyramid.Rows {
		return nil, problem.Wrap(problem.NotFound, "La maille « "+problem.Quotable(r.arg)+" » n'existe pas ; les mailles de cette édition vont de 0 à "+
			strconv.Itoa(s.Pyramid.Rows-1)+".", err)
	}
	a := asked{Query: r.asked.Query}
	if r.asked.AtMoment {
		a.Moment, a.AtMoment = r.asked.Moment, true
	}
	return s.cached(ctx, replyKey{route: "maille", asked: a, arg: strconv.Itoa(row)}, func(ctx context.Context) (*reply, error) {
		answer, err := s.answer(ctx, a.Query)
		if err != nil {
			return nil, err
		}
		var at *cellAt
		if a.AtMoment {
			w, err := s.week(ctx, a.Query)
			if err != nil {
				return nil, err
			}
			at = &cellAt{a.Moment, w.sets}
		}
		cell, err := s.cell(int32(row), answer, at)
		if err != nil {
			return nil, err
		}
		return jsonReply(typeJSON, cell)
	})
}

// cellAt is the moment that a cell is asked for, and the sites that its parts reach.
type cellAt struct {
	slot int
	sets *access.Sets
}

// cell is what is known of a row; at is nil when no moment was asked for.
func (s *snapshot) cell(row int32, a *edition.Answer, at *cellAt) (*cellJSON, error) {
	level, cell, _ := s.Pyramid.Row(row)
	area, err := cell.AreaKm2()
	if err != nil {
		return nil, err
	}
	parts := s.partsOf(level, row)
	out := &cellJSON{Edition: s.ID, Params: edition.NewQueryJSON(a.Query), Row: row, Cell: cell.String(), Resolution: level.Resolution,
		AreaKm2: rounded(area, 4), Communes: s.communesOf(parts), Lieux: []cellLieu{}}
	var tally coverage.Tally
	for _, p := range parts {
		tally.Add(a.Class[p], int(s.People[p]))
		out.People += int(s.People[p])
	}
	out.Classe = tally.Worst().String()
	weight := func(p int32) float64 { return float64(s.People[p]) }
	if out.People == 0 {
		weight = func(p int32) float64 { return s.Grid.Parts[p].AreaKm2 }
	}
	var times, hours mean
	var reach [geo.Reached + 1]float64
	for _, p := range parts {
		w := weight(p)
		reach[a.Nearest.Reach[p]] += w
		if at := a.Nearest.At(p); at.Reach == geo.Reached {
			times.add(at.Cost.Minutes(), w)
		}
		if h, ok := a.Supply.WeeklyHours(p); ok {
			hours.add(h, w)
		}
	}
	out.AccessMin, out.HoursWeek = times.value(1), hours.value(2)
	out.Reach = mostly(reach).String()
	out.Lieux = s.lieuxNear(parts, a, weight, at)
	if at != nil {
		var n [access.NumMoments]int
		for _, p := range parts {
			m := access.OutOfReach
			if set := at.sets.Of[p]; set >= 0 {
				m = at.sets.Moment(set, s.Sites, at.slot)
			}
			n[m] += int(s.People[p])
		}
		out.Moment = &cellMoment{momentText(at.slot), newMomentPeople(n)}
	}
	if i, ok := s.IFN(admin.TypeCommune)[s.Division.Communes[s.home[row]].Code]; ok {
		out.IFN = &i
	}
	return out, nil
}

// partsOf lists the parts of a row. H3 numbers the children of a cell in one run,
// so the parts of a row follow each other, in the order of the rows.
func (s *snapshot) partsOf(level grid.Level, row int32) []int32 {
	var out []int32
	for i, l := range s.Pyramid.Levels {
		if l.Resolution != level.Resolution {
			continue
		}
		rows := s.Pyramid.Part[i]
		first, _ := slices.BinarySearch(rows, row)
		for p := first; p < len(rows) && rows[p] == row; p++ {
			out = append(out, int32(p))
		}
	}
	return out
}

// mostly is Reached when anybody reaches a lieu, else the most frequent cause.
func mostly(weight [geo.Reached + 1]float64) geo.Reach {
	if weight[geo.Reached] > 0 {
		return geo.Reached
	}
	best := geo.Unknown
	for _, r := range []geo.Reach{geo.NoRoadNearby, geo.NoPath} {
		if weight[r] > weight[best] {
			best = r
		}
	}
	return best
}

// communesOf lists the communes of parts, those of most people first.
func (s *snapshot) communesOf(parts []int32) []cellCommune {
	people := map[int32]int{}
	for _, p := range parts {
		people[s.Grid.Parts[p].Commune] += int(s.People[p])
	}
	out := make([]cellCommune, 0, len(people))
	for i, n := range people {
		c := &s.Division.Communes[i]
		out = append(out, cellCommune{c.Code, c.Nom, c.EPCI, s.epci[c.EPCI], n})
	}
	slices.SortFunc(out, func(a, b cellCommune) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.Code, b.Code))
	})
	return out
}

// lieuxNear lists the sites within the cut-off, nearest first: the mean time of
// the parts that reach each. Where there is none, it lists the nearest one alone,
// however far; nothing when no part reaches any. At a moment, those that are open
// come before those of unknown hours, and these before those that are closed.
func (s *snapshot) lieuxNear(parts []int32, a *edition.Answer, weight func(int32) float64, at *cellAt) []cellLieu {
	times := map[int32]*mean{}
	add := func(site int32, cost geo.Cost, w float64) {
		if times[site] == nil {
			times[site] = &mean{}
		}
		times[site].add(cost.Minutes(), w)
	}
	// A part without people among inhabited ones weighs nothing: its lieux are not
	// those of the cell's people.
	for _, p := range parts {
		if weight(p) == 0 {
			continue
		}
		row, costs := s.Access[a.Query.Mode].Within.Row(p)
		for j, site := range row {
			if geo.Cost(costs[j]) <= a.Query.Cutoff && s.Sites[site].Services.Offers(a.Query.Service) {
				add(int32(site), geo.Cost(costs[j]), weight(p))
			}
		}
	}
	most := maxCellLieux
	if len(times) == 0 {
		most = 1
		for _, p := range parts {
			if a.Nearest.Reach[p] == geo.Reached && weight(p) > 0 {
				add(a.Nearest.SiteOf(p), a.Nearest.Cost[p], weight(p))
			}
		}
	}
	sites := make([]int32, 0, len(times))
	for site := range times {
		sites = append(sites, site)
	}
	moment := func(site int32) access.Moment {
		if at == nil {
			return access.EveryWeek
		}
		return access.MomentOf(&s.Sites[site].Horaires, at.slot)
	}
	slices.SortFunc(sites, func(x, y int32) int {
		return cmp.Or(cmp.Compare(moment(y), moment(x)), cmp.Compare(times[x].of(), times[y].of()), cmp.Compare(x, y))
	})
	out := []cellLieu{}
	for _, site := range sites[:min(most, len(sites))] {
		l := cellLieu{ID: siteID(s.Edition, site), Nom: s.Sites[site].Nom, Commune: s.siteCommune(site),
			Minutes: rounded(times[site].of(), 1), Horaires: s.Sites[site].Horaires.Text}
		if h := &s.Sites[site].Horaires; h.Known {
			l.HoursWeek = ptr(rounded(h.WeeklyHours(), 2))
		}
		if at != nil {
			l.Moment = momentNames[moment(site)]
		}
		out = append(out, l)
	}
	return out
}

// siteCommune is the name of the commune of a site, "" when it is unknown.
func (s *snapshot) siteCommune(site int32) string {
	if c := s.SiteHome[site]; c >= 0 {
		return s.Division.Communes[c].Nom
	}
	if i := s.Sites[site].Lieu; i >= 0 && s.Sites[site].Tournee < 0 {
		return s.Lieux[i].CommuneNom
	}
	return ""
}

// mean is a weighted mean. The zero value is of nothing.
type mean struct{ sum, weight float64 }

func (m *mean) add(value, weight float64) {
	m.sum += value * weight
	m.weight += weight
}

// of is the mean; it means nothing when the weight is zero.
func (m *mean) of() float64 { return m.sum / m.weight }

// value is the mean rounded for printing, nil when nothing carries one.
func (m *mean) value(decimals int) *float64 {
	if m.weight == 0 {
		return nil
	}
	return ptr(rounded(m.of(), decimals))
}

func ptr[T any](v T) *T { return &v }

// rounded rounds for printing, half away from zero.
func rounded(v float64, decimals int) float64 {
	k := math.Pow10(decimals)
	return math.Round(v*k) / k
}
