package editiontest

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Small makes a small territory at random: two to six square communes, some of them
// empty or in no EPCI, streets with gaps, one-way streets, paths and islands, lieux and
// tournées with hours known or not, variables with holes. Many journeys are equally long:
// places are often at crossroads of a regular lattice.
func Small(r *rand.Rand) *Inputs {
	in := &Inputs{}
	const west, south, width, height = 3.5, 49.5, 0.036, 0.024
	cols, rows := 1+r.IntN(3), 1+r.IntN(2)
	if cols*rows < 2 {
		cols = 2
	}
	epci := []string{"200000001", "200000002"}
	for y := range rows {
		for x := range cols {
			i := len(in.CommuneRows)
			w, s := west+width*float64(x), south+height*float64(y)
			c := admin.Commune{Code: fmt.Sprintf("02%03d", i+1), Nom: fmt.Sprintf("Commune %d", i+1), EPCI: epci[i%2], Population: r.IntN(900),
				Point:   geo.LonLat{Lon: w + width/2, Lat: s + height/2},
				Outline: orb.MultiPolygon{{{{w, s}, {w + width, s}, {w + width, s + height}, {w, s + height}, {w, s}}}}}
			switch r.IntN(6) {
			case 0:
				c.EPCI = ""
			case 1:
				c.Population = 0
			}
			in.CommuneRows = append(in.CommuneRows, c)
		}
	}
	for _, code := range epci {
		for _, c := range in.CommuneRows {
			if c.EPCI == code {
				in.EPCIRows = append(in.EPCIRows, admin.EPCI{Code: code, Nom: "EPCI " + code, Outline: c.Outline})
				break
			}
		}
	}
	for i := range r.IntN(3) {
		s := admin.Secteur{Code: fmt.Sprintf("secteur-%d", i), Nom: fmt.Sprintf("Secteur %d", i)}
		for _, c := range in.CommuneRows {
			if r.IntN(2) == 0 {
				s.Communes = append(s.Communes, c.Code)
			}
		}
		if len(s.Communes) > 0 {
			in.SecteurRows = append(in.SecteurRows, s)
		}
	}
	in.streets(r, west, south, width*float64(cols), height*float64(rows))
	for i := range 1 + r.IntN(7) {
		l := lieu.Lieu{ID: fmt.Sprintf("lieu-%d", i), Nom: fmt.Sprintf("Lieu %d", i), At: in.Place(r), Located: r.IntN(12) > 0, NoPublic: r.IntN(15) == 0,
			Itinerant: r.IntN(8) == 0, AccueilInconnu: r.IntN(9) == 0, Services: SomeServices(r), Horaires: SomeHours(r)}
		if r.IntN(4) == 0 {
			l.Commune = in.CommuneRows[r.IntN(len(in.CommuneRows))].Code
		}
		if r.IntN(6) == 0 { // for residents alone, of a commune, of an EPCI or of elsewhere
			c := in.CommuneRows[r.IntN(len(in.CommuneRows))]
			l.Reserve = []string{[]string{c.Code, c.EPCI, "200099999"}[r.IntN(3)]}
			if l.Reserve[0] == "" {
				l.Reserve = nil
			}
		}
		in.LieuRows = append(in.LieuRows, l)
	}
	for i := range r.IntN(3) {
		t := lieu.Tournee{ID: fmt.Sprintf("tour-%d", i), Nom: fmt.Sprintf("Tournée %d", i), Services: SomeServices(r)}
		if r.IntN(2) == 0 {
			t.LieuID, t.Services = in.LieuRows[r.IntN(len(in.LieuRows))].ID, 0
		}
		for s := range 1 + r.IntN(3) {
			t.Stops = append(t.Stops, lieu.Stop{Nom: fmt.Sprintf("Arrêt %d", s), At: in.Place(r), Horaires: SomeHours(r)})
		}
		in.TourneeRows = append(in.TourneeRows, t)
	}
	for _, c := range in.CommuneRows {
		for _, name := range []string{"distance_antenne_4g_2018_km", "part_locaux_1g_2019_pct", "revenu_median_uc_2021_eur", "taux_pauvrete_2021_pct",
			"part_65_ans_et_plus_2017_pct", "part_peu_ou_pas_diplomes_2017_pct", "demandeurs_emploi_abc_2019_pct", "part_prestations_sociales_2021_pct"} {
			if r.IntN(5) > 0 {
				in.VariableRows = append(in.VariableRows, store.Variable{Level: store.LevelCommune, Code: c.Code, Name: name, Value: float64(r.IntN(12))})
			}
		}
	}
	in.SetRows = append(in.SetRows, outlines(r, west, south, width*float64(cols), height*float64(rows))...)
	for _, k := range edition.Needed() {
		in.ManifestRows = append(in.ManifestRows, store.Manifest{Kind: k, Dataset: string(k)})
	}
	in.equipements(rand.New(rand.NewPCG(uint64(len(in.WayRows)), uint64(len(in.VariableRows)))))
	in.publics(rand.New(rand.NewPCG(uint64(len(in.VariableRows)), uint64(len(in.WayRows)))))
	return in
}

// publics adds what tells how many people and households of some kinds live in communes, with
// holes.
func (in *Inputs) publics(r *rand.Rand) {
	for _, c := range in.CommuneRows {
		for _, of := range [...]struct {
			name string
			most int
		}{{"personnes_seules_nb", 150}, {"menages_pauvres_nb", 90}, {"population_80_ans_et_plus_nb", 70}} {
			if r.IntN(4) > 0 {
				in.VariableRows = append(in.VariableRows, store.Variable{Level: store.LevelCommune, Code: c.Code, Name: of.name, Value: float64(r.IntN(of.most))})
			}
		}
	}
}

// equipements makes some lieux France Services, and adds equipements, some of which are placed
// at their commune.
func (in *Inputs) equipements(r *rand.Rand) {
	for i := range in.LieuRows {
		if r.IntN(3) == 0 {
			in.LieuRows[i].Dispositif = "Aidants Connect|France Services"
		}
	}
	some := []equipement.Category{equipement.Urgences, equipement.Generaliste, equipement.FranceServices, equipement.ServicesPublics, equipement.Mairie}
	for i := range r.IntN(9) {
		e := equipement.Equipement{ID: fmt.Sprintf("equipement-%d", i), Category: some[r.IntN(len(some))], Placement: equipement.Placement(r.IntN(3))}
		if e.Commune = in.CommuneRows[r.IntN(len(in.CommuneRows))].Code; e.Located() {
			e.At = in.Place(r)
		}
		in.PlaceRows = append(in.PlaceRows, e)
	}
	if n := len(in.PlaceRows); n > 0 {
		in.ManifestRows = append(in.ManifestRows, store.Manifest{Kind: store.Equipements.Kind, Dataset: "equipements", Rows: n})
	}
}

// Unindexed is Small where the index of some communes is unknown, or, one time in three, of
// all: their variables are not there.
func Unindexed(r *rand.Rand) *Inputs {
	in := Small(r)
	unknown, all := map[string]bool{}, r.IntN(3) == 0
	for _, c := range in.CommuneRows {
		unknown[c.Code] = all || r.IntN(2) == 0
	}
	in.VariableRows = slices.DeleteFunc(in.VariableRows, func(v store.Variable) bool { return unknown[v.Code] })
	return in
}

// Fragile is how many of the people of a part are fragile, by the definition: inhabitants ×
// index ÷ 10; none where the index is unknown.
func Fragile(e *edition.Edition, part int) float64 {
	score := e.IFN(admin.TypeCommune)[e.Division.Communes[e.Grid.Parts[part].Commune].Code].Score
	if score == nil {
		return 0
	}
	return float64(e.People[part]) * float64(*score) / 10
}

// outlines draws two halves of a box along a broken line, which share it, and at times a
// quarter that overlaps both and may reach outside.
func outlines(r *rand.Rand, west, south, width, height float64) []admin.Set {
	var line []orb.Point // from south to north
	for k := range 5 {
		line = append(line, orb.Point{west + width*(0.2+0.6*r.Float64()), south + height*float64(k)/4})
	}
	half := func(code string, side float64) admin.Set {
		ring := orb.Ring(slices.Clone(line))
		ring = append(ring, orb.Point{side, south + height}, orb.Point{side, south}, line[0])
		if ring.Orientation() != orb.CCW {
			ring.Reverse()
		}
		return admin.Set{Type: "moitie", Code: code, Nom: "Moitié " + code, Outline: orb.MultiPolygon{{ring}}}
	}
	sets := []admin.Set{half("ouest", west), half("est", west+width)}
	if r.IntN(2) == 0 {
		w, s := west+width*(r.Float64()-0.1), south+height*(r.Float64()-0.1)
		x, y := w+0.01*r.Float64()+0.002, s+0.01*r.Float64()+0.002
		sets = append(sets, admin.Set{Type: "qpv", Code: "QN1", Nom: "Un quartier", Outline: orb.MultiPolygon{{{{w, s}, {x, s}, {x, y}, {w, y}, {w, s}}}}, Population: 100, Year: "2018"})
	}
	return sets
}

// streets draws a lattice with gaps over a box and a little beyond.
func (in *Inputs) streets(r *rand.Rand, west, south, width, height float64) {
	const step = 0.006
	nx, ny := int(width/step)+2, int(height/step)+2
	at := func(x, y int) geo.LonLat {
		return geo.LonLat{Lon: west + step*(float64(x)-0.5), Lat: south + step*(float64(y)-0.5)}
	}
	kinds := []string{"residential", "residential", "tertiary", "secondary", "unclassified", "living_street", "path", "cycleway", "footway", "motorway"}
	ditch := -1 // no street crosses it
	if r.IntN(3) == 0 {
		ditch = r.IntN(nx)
	}
	link := func(x, y, x2, y2 int) {
		if r.IntN(4) == 0 || x2 != x && x == ditch {
			return
		}
		tags := map[string]string{"highway": kinds[r.IntN(len(kinds))]}
		if r.IntN(5) == 0 {
			tags["oneway"] = "yes"
		}
		if r.IntN(5) == 0 {
			tags["access"] = []string{"private", "destination"}[r.IntN(2)]
		}
		from, to := int64(y*1000+x+1), int64(y2*1000+x2+1)
		a, b := at(x, y), at(x2, y2)
		if r.IntN(2) == 0 {
			from, to, a, b = to, from, b, a
		}
		way := road.Way{ID: int64(len(in.WayRows) + 1), Nodes: []int64{from, to}, At: []geo.LonLat{a, b}, Tags: tags}
		if r.IntN(4) == 0 { // sometimes to a road that does not meet it: that orders nothing
			way.Turns = []road.Turn{{Via: way.Nodes[r.IntN(2)], To: way.ID + int64(1+r.IntN(2)), Tags: map[string]string{"restriction": "no_left_turn"}}}
		}
		in.WayRows = append(in.WayRows, way)
	}
	for y := range ny {
		for x := range nx {
			if x+1 < nx {
				link(x, y, x+1, y)
			}
			if y+1 < ny {
				link(x, y, x, y+1)
			}
		}
	}
	// Two nodes that all modes reach, so that there is a network.
	in.WayRows = append(in.WayRows, road.Way{ID: int64(len(in.WayRows) + 1), Nodes: []int64{1, 2}, At: []geo.LonLat{at(0, 0), at(1, 0)},
		Tags: map[string]string{"highway": "residential"}})
}

// Place is a place among the streets, often at a crossroads.
func (in *Inputs) Place(r *rand.Rand) geo.LonLat {
	w := in.WayRows[r.IntN(len(in.WayRows))]
	if r.IntN(2) == 0 {
		return w.At[0]
	}
	a, b, f := w.At[0], w.At[1], r.Float64()
	return geo.LonLat{Lon: a.Lon + f*(b.Lon-a.Lon) + 0.004*(r.Float64()-0.5), Lat: a.Lat + f*(b.Lat-a.Lat) + 0.004*(r.Float64()-0.5)}
}

// SomeServices is a few services, seldom none.
func SomeServices(r *rand.Rand) (set lieu.Services) {
	if r.IntN(12) == 0 {
		return 0
	}
	for _, s := range []lieu.Service{lieu.Demarches, lieu.Outils, lieu.AccesInternet} {
		if r.IntN(2) == 0 {
			set = set.With(s)
		}
	}
	return set.With(lieu.Service(r.IntN(int(lieu.Any))))
}

// SomeHours are hours known three times in four, now and then never open.
func SomeHours(r *rand.Rand) lieu.Horaires {
	h := lieu.Horaires{Text: SomeHoursText(r)}
	h, err := lieu.ParseHoraires(h.Text)
	if err != nil {
		panic(err)
	}
	if h.Known && r.IntN(6) == 0 { // an afternoon by appointment, after the hours
		h.RendezVous = &lieu.Slots{}
		for slot := range 8 {
			h.RendezVous.Add(r.IntN(7*lieu.WeeksPerCycle)*lieu.SlotsPerDay + 20*lieu.SlotsPerHour + slot)
		}
	}
	return h
}

// SomeHoursText is a text of opening hours; empty: unknown.
func SomeHoursText(r *rand.Rand) string {
	days := []string{"Mo-Fr", "Mo", "Tu,Th", "We-Sa", "week 1-53/2 Tu", "Fr"}
	switch r.IntN(8) {
	case 0, 1:
		return ""
	case 2:
		return "Mo-Su off"
	}
	from := 8 + r.IntN(6)
	return fmt.Sprintf("%s %02d:00-%02d:%02d", days[r.IntN(len(days))], from, from+1+r.IntN(6), 15*r.IntN(4))
}

// SmallParams are parameters that leave the lieux of [Small] as they are.
func SmallParams() edition.Params {
	p := edition.DefaultParams()
	p.NoMerge = true
	return p
}

// SomeQuery is a question, at the horizon now and then.
func SomeQuery(r *rand.Rand) coverage.Query {
	q := coverage.Query{Service: lieu.Any, Mode: street.Modes[r.IntN(street.NumModes)].Travel(), Cutoff: geo.Minute * geo.Cost(1+r.IntN(20)), MinHours: float64(r.IntN(40))}
	if r.IntN(5) == 0 {
		q.Cutoff = access.Horizon
	}
	if r.IntN(2) == 0 {
		q.Service = []lieu.Service{lieu.Demarches, lieu.Outils, lieu.AccesInternet, lieu.Materiel}[r.IntN(4)]
	}
	q.Appointments = r.IntN(4) == 0
	return q
}

// Names are the slugs of some services.
func Names(set lieu.Services) (names []string) {
	for _, s := range set.List() {
		names = append(names, s.String())
	}
	return names
}
