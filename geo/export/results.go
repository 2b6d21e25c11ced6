package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
)

// About is where results come from.
type About struct {
	Edition    string             `json:"edition"`
	Program    string             `json:"program"`
	Params     edition.QueryJSON  `json:"params"`
	Resolution int                `json:"resolution"`
	Population int                `json:"population"`
	Sources    []Source           `json:"sources"`
	Modelled   []edition.Modelled `json:"modelled"`
	Priority   string             `json:"priority_formula"`
	// Timetables are what the columns by timetable count; absent: the edition has none.
	Timetables *edition.QueryJSON `json:"timetables,omitempty"`
	Files      []File             `json:"files,omitempty"` // of a folder
}

// Source is one input.
type Source struct {
	Kind    store.Kind `json:"kind"`
	Dataset string     `json:"dataset"`
	Source  string     `json:"source,omitempty"`
	Licence string     `json:"licence,omitempty"`
	Vintage string     `json:"vintage,omitempty"`
	Rows    int        `json:"rows"`
}

// File is one file of a folder.
type File struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Rows  int    `json:"rows"`
}

// Results are the tables of an edition: cells, zones_blanches, communes, epci, secteurs
// (when there are any), territoires_canton and the like, and lieux.
type Results struct {
	About  About
	Layers []store.Layer
	levels []admin.Type // that have a table of gaps
}

// layerOf names the table of gaps of a level.
func layerOf(level admin.Type) string {
	switch level {
	case admin.TypeCommune, admin.TypeSecteur:
		return string(level) + "s"
	case admin.TypeEPCI:
		return string(level)
	}
	return setLayers + strings.ReplaceAll(string(level), "-", "_")
}

// setLayers is what the names of tables of other sets of communes begin with.
const setLayers = "territoires_"

// Of makes the tables of an edition. The edition must have been computed for the mode
// of its default question.
func Of(e *edition.Edition) (*Results, error) {
	q := e.Params.Query()
	if !e.HasMode(q.Mode) {
		return nil, fmt.Errorf("édition %s : calculée sans le mode %s, celui des exports", e.ID, q.Mode)
	}
	r := &Results{About: AboutOf(e)}
	var err error
	if r.Layers, err = e.Layers(); err != nil {
		return nil, err
	}
	answer, byBus := e.Answer(q), e.ByTimetable()
	for _, level := range e.Levels() {
		if level == admin.TypeDepartement {
			continue
		}
		report, err := e.Gaps(answer, edition.Scope{Level: level})
		if err != nil {
			return nil, err
		}
		report.TellBus(answer)
		if len(report.Territoires) == 0 {
			continue
		}
		var bus *edition.GapReport
		if byBus != nil {
			if bus, err = e.Gaps(byBus, edition.Scope{Level: level}); err != nil {
				return nil, err
			}
		}
		layer, err := gapLayer(report, bus, e)
		if err != nil {
			return nil, err
		}
		layer.Name, layer.Title = layerOf(level), level.Plural()+" : écarts. "+r.About.question()
		r.Layers, r.levels = append(r.Layers, layer), append(r.levels, level)
	}
	lieux := lieuLayer(e)
	lieux.Title += " Édition " + e.ID + "."
	r.Layers = append(r.Layers, lieux)
	return r, nil
}

// AboutOf says where the results of an edition come from.
func AboutOf(e *edition.Edition) About {
	a := About{Edition: e.ID, Program: edition.Program, Params: e.QueryJSON(e.Params.Query()), Resolution: e.Params.Resolution,
		Population: e.Total, Sources: []Source{}, Modelled: append([]edition.Modelled{}, e.Modelled...), Priority: coverage.PriorityFormula(e.WithoutIndex())}
	if byBus := e.TimetableQuery(); e.HasMode(byBus.Mode) {
		asked := e.QueryJSON(byBus)
		a.Timetables = &asked
	}
	for _, m := range e.Inputs {
		a.Sources = append(a.Sources, Source{m.Kind, m.Dataset, m.Source, m.Licence, m.Vintage, m.Rows})
	}
	return a
}

func (a *About) question() string {
	text := fmt.Sprintf("%s, %s, T = %g min, H = %g h/semaine, édition %s.", a.Params.ServiceLabel, a.Params.Mode.Phrase(), a.Params.CutoffMin, a.Params.MinHours, a.Edition)
	if len(a.Modelled) > 0 {
		text += " Modélisé : " + a.modelled(", ", func(m edition.Modelled) string { return m.Name }) + "."
	}
	return text
}

// timetables are sentences on the columns by timetable.
func (a *About) timetables() []string {
	q := a.Timetables
	if q == nil || q.Transit == nil {
		return nil
	}
	return append([]string{fmt.Sprintf("colonnes transit_ : %s, T = %g min, H = %g h/semaine", q.Mode.Phrase(), q.CutoffMin, q.MinHours)}, q.Transit.Sentences...)
}

func (a *About) modelled(separator string, say func(edition.Modelled) string) string {
	parts := make([]string, len(a.Modelled))
	for i, m := range a.Modelled {
		parts[i] = say(m)
	}
	return strings.Join(parts, separator)
}

// Sentences are what to know of the results: pairs of a subject and a sentence.
func (a *About) Sentences() [][2]string {
	all := [][2]string{
		{"Édition", a.Edition},
		{"Programme", a.Program},
		{"Question", a.question()},
		{"Mailles", fmt.Sprintf("H3, résolution %d", a.Resolution)},
		{"Habitants", fmt.Sprint(a.Population)},
		{"Valeur vide", "inconnue ; elle n'est jamais comptée comme 0"},
		{"Priorité", a.Priority},
	}
	for _, s := range a.timetables() {
		all = append(all, [2]string{"Horaires de transport", s})
	}
	for _, s := range a.Sources {
		facts := []string{s.Source}
		for _, f := range []string{s.Vintage, s.Licence} {
			if f != "" {
				facts = append(facts, f)
			}
		}
		all = append(all, [2]string{"Source : " + string(s.Kind), strings.Join(facts, ", ")})
	}
	for _, m := range a.Modelled {
		all = append(all, [2]string{"Modélisé : " + m.Name, m.Sentence})
	}
	return all
}

func lieuLayer(e *edition.Edition) store.Layer {
	var rows []store.LayerRow
	add := func(at geo.LonLat, values ...any) {
		rows = append(rows, store.LayerRow{Geometry: orb.Point{at.Lon, at.Lat}, Values: values})
	}
	hours := func(h *lieu.Horaires) (text, weekly any) {
		if !h.Known {
			return textOrNil(h.Text), nil
		}
		return textOrNil(h.Text), h.WeeklyHours()
	}
	missing := map[int32]string{} // by lieu
	for i := range e.Sites {
		if s := &e.Sites[i]; s.Tournee < 0 {
			missing[s.Lieu] = s.Of(lieu.Any).InWords()
		}
	}
	for i := range e.Lieux {
		l := &e.Lieux[i]
		if !l.Located {
			continue
		}
		kind := "lieu"
		switch {
		case l.Itinerant:
			kind = "siège d'une tournée"
		case l.NoPublic:
			kind = "sans accueil du public"
		}
		place := e.LieuPlace(i)
		text, weekly := hours(&l.Horaires)
		var updated any
		if !l.MisAJour.IsZero() {
			updated = l.MisAJour.UTC().Format("2006-01-02")
		}
		add(l.At, l.ID, kind, l.Nom, textOrNil(place.Code), textOrNil(place.Nom), departement(place.Code), outside(e.LieuCommune[i]), nil, textOrNil(l.Adresse), services(l.Services), text, weekly,
			textOrNil(l.Typologie), textOrNil(l.Source), updated, textOrNil(missing[int32(i)]))
	}
	for i, s := range e.Sites {
		if s.Tournee < 0 {
			continue
		}
		place := e.SitePlace(int32(i))
		text, weekly := hours(&e.Sites[i].Horaires)
		kind := "arrêt d'une tournée"
		if e.Tournees[s.Tournee].Modelled {
			kind = "arrêt modélisé d'une tournée"
		}
		add(s.At, fmt.Sprintf("%s#%d", e.Tournees[s.Tournee].ID, s.Stop+1), kind, s.Nom, textOrNil(place.Code), textOrNil(place.Nom),
			departement(place.Code), outside(e.SiteCommune[i]), textOrNil(e.TourneeModel(s.Tournee)), nil, services(s.Services), text, weekly, nil, nil, nil, textOrNil(e.Sites[i].Of(lieu.Any).InWords()))
	}
	return store.Layer{Name: "lieux", Title: "Lieux de médiation numérique et arrêts des tournées.", Geometry: "POINT",
		Columns: []store.Column{
			{Name: "id", Type: "TEXT", Title: "identifiant dans les données d'origine ; d'un arrêt : sa tournée et son rang"},
			{Name: "genre", Type: "TEXT", Title: "lieu, arrêt (modélisé) d'une tournée, siège d'une tournée ou sans accueil du public"},
			{Name: "nom", Type: "TEXT", Title: "nom"},
			{Name: "commune", Type: "TEXT", Title: "code de la commune"},
			{Name: "commune_nom", Type: "TEXT", Title: "nom de la commune"},
			{Name: "departement", Type: "TEXT", Title: "code du département"},
			{Name: "dehors", Type: "INTEGER", Title: "1 hors du territoire, où un lieu compte pour les habitants du territoire sans être l'un des siens"},
			{Name: "modelise", Type: "TEXT", Title: "comment l'arrêt est modélisé ; vide : observé"},
			{Name: "adresse", Type: "TEXT", Title: "adresse"},
			{Name: "services", Type: "TEXT", Title: "services connus du schéma national, séparés par |"},
			{Name: "horaires", Type: "TEXT", Title: "horaires, tels que publiés"},
			{Name: "heures_semaine", Type: "REAL", Title: "heures d'ouverture par semaine, en moyenne sur quatre semaines", Unit: "heures par semaine"},
			{Name: "typologie", Type: "TEXT", Title: "typologie du schéma national"},
			{Name: "source", Type: "TEXT", Title: "source"},
			{Name: "mis_a_jour", Type: "TEXT", Title: "date de mise à jour par la source"},
			{Name: "a_demander", Type: "TEXT", Title: "ce qu'on en ignore et qui empêche de le compter"},
		}, Rows: slices.Values(rows)}
}

func departement(commune string) any { return textOrNil(admin.DepartementOf(commune)) }

// outside is 1 for a commune that is none of the territory's.
func outside(home int32) any {
	if home < 0 {
		return int64(1)
	}
	return int64(0)
}

func services(set lieu.Services) any {
	var names []string
	for _, s := range set.List() {
		names = append(names, s.String())
	}
	return textOrNil(strings.Join(names, "|"))
}

func textOrNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}
