package export

import (
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/publics"
	"github.com/aisne-numerique/maillage/geo/store"
)

// gapColumn is one column of a table of gaps; value gives nil for unknown.
type gapColumn struct {
	store.Column
	value func(*edition.GapRow) any
}

const (
	people  = "habitants"
	minutes = "minutes"
	weekly  = "heures par semaine"
	outOf10 = "points sur 10"
)

var gapColumns = []gapColumn{
	whole("rang", "rang par priorité, 1 = où agir d'abord", "", func(r *edition.GapRow) int { return r.Rank }),
	text("type", "commune, epci, secteur, departement ou type de territoires importés", func(r *edition.GapRow) string { return string(r.Type) }),
	text("code", "code officiel", func(r *edition.GapRow) string { return r.Code }),
	text("nom", "nom", func(r *edition.GapRow) string { return r.Nom }),
	whole("population_hab", "habitants", people, func(r *edition.GapRow) int { return r.Population }),
	{store.Column{Name: "population_entiere_hab", Type: "INTEGER", Title: "habitants du territoire entier, quand il passe la limite et que seule une partie est comptée", Unit: people}, func(r *edition.GapRow) any {
		if r.Partial == nil {
			return nil
		}
		return int64(r.Partial.Whole)
	}},
	whole("couverte_hab", "habitants couverts", people, func(r *edition.GapRow) int { return r.Classes.Couverte }),
	whole("grise_hab", "habitants en zone grise : trop peu d'heures", people, func(r *edition.GapRow) int { return r.Classes.Grise }),
	whole("blanche_hab", "habitants en zone blanche : rien à portée, connu ou possible", people, func(r *edition.GapRow) int { return r.Classes.Blanche }),
	whole("grise_sans_heure_hab", "dont, de la classe grise, habitants qui n'ont aucune heure : jamais ouvert sans rendez-vous ou, en bus ou car, ouvert quand aucun car ne le permet", people, func(r *edition.GapRow) int { return r.NoHours }),
	whole("inconnue_hab", "habitants à vérifier : rien de connu à portée, mais un lieu à interroger", people, func(r *edition.GapRow) int { return r.Classes.Inconnue }),
	whole("si_l_on_savait_hab", "si l'on savait : habitants de plus qui seraient couverts, au plus", people, func(r *edition.GapRow) int { return r.ToCheck.People }),
	whole("si_l_on_savait_services_hab", "dont selon les services d'un lieu", people, func(r *edition.GapRow) int { return r.ToCheck.Services }),
	whole("si_l_on_savait_horaires_hab", "dont selon les horaires d'un lieu", people, func(r *edition.GapRow) int { return r.ToCheck.Horaires }),
	whole("si_l_on_savait_tournee_hab", "dont selon les arrêts d'un service itinérant", people, func(r *edition.GapRow) int { return r.ToCheck.Tournee }),
	whole("si_l_on_savait_accueil_hab", "dont selon l'accueil du public", people, func(r *edition.GapRow) int { return r.ToCheck.Accueil }),
	access("acces_mediane_min", "temps d'accès médian", func(a *edition.AccessJSON) decimal.Two { return a.P50 }),
	access("acces_p90_min", "temps d'accès au 90e centile", func(a *edition.AccessJSON) decimal.Two { return a.P90 }),
	access("acces_moyenne_min", "temps d'accès moyen", func(a *edition.AccessJSON) decimal.Two { return a.Mean }),
	whole("sans_chemin_hab", "habitants sans chemin vers un lieu", people, func(r *edition.GapRow) int { return r.Unreached.NoPath }),
	whole("sans_route_hab", "habitants sans route à proximité", people, func(r *edition.GapRow) int { return r.Unreached.NoRoad }),
	hours("heures_moyenne_h_semaine", "heures d'ouverture à portée, en moyenne", func(h *edition.HoursJSON) decimal.Two { return h.Mean }),
	hours("heures_p10_h_semaine", "heures d'ouverture à portée, au 10e centile", func(h *edition.HoursJSON) decimal.Two { return h.P10 }),
	whole("lieux", "lieux et tournées du territoire dont on sait qu'ils rendent ce service", "", func(r *edition.GapRow) int { return r.Lieux }),
	index("ifn_score", "indice de fragilité numérique, 10 = le plus fragile", outOf10, func(i *edition.IFNJSON) *decimal.Two { return i.Score }),
	index("ifn_amenagement", "sous-indice Enjeux d'aménagement", outOf10, func(i *edition.IFNJSON) *decimal.Two { return i.Amenagement }),
	index("ifn_publics", "sous-indice Publics exposés", outOf10, func(i *edition.IFNJSON) *decimal.Two { return i.Publics }),
	{store.Column{Name: "ifn_completude", Type: "REAL", Title: "part connue des variables de l'indice, de 0 à 1"}, func(r *edition.GapRow) any {
		if r.IFN == nil {
			return nil
		}
		return float64(r.IFN.Completeness.Written())
	}},
	{store.Column{Name: "priorite", Type: "REAL", Title: "priorité"}, func(r *edition.GapRow) any { return float64(r.Priority.Written()) }},
}

func whole(name, title, unit string, of func(*edition.GapRow) int) gapColumn {
	return gapColumn{store.Column{Name: name, Type: "INTEGER", Title: title, Unit: unit}, func(r *edition.GapRow) any { return int64(of(r)) }}
}

func text(name, title string, of func(*edition.GapRow) string) gapColumn {
	return gapColumn{store.Column{Name: name, Type: "TEXT", Title: title}, func(r *edition.GapRow) any { return of(r) }}
}

func access(name, title string, of func(*edition.AccessJSON) decimal.Two) gapColumn {
	return gapColumn{store.Column{Name: name, Type: "REAL", Title: title + ", en minutes", Unit: minutes}, func(r *edition.GapRow) any {
		if r.Access == nil {
			return nil
		}
		return float64(of(r.Access).Written())
	}}
}

func hours(name, title string, of func(*edition.HoursJSON) decimal.Two) gapColumn {
	return gapColumn{store.Column{Name: name, Type: "REAL", Title: title + ", par semaine", Unit: weekly}, func(r *edition.GapRow) any {
		if r.Hours == nil {
			return nil
		}
		return float64(of(r.Hours).Written())
	}}
}

func index(name, title, unit string, of func(*edition.IFNJSON) *decimal.Two) gapColumn {
	return gapColumn{store.Column{Name: name, Type: "REAL", Title: title, Unit: unit}, func(r *edition.GapRow) any {
		if r.IFN == nil || of(r.IFN) == nil {
			return nil
		}
		return float64(of(r.IFN).Written())
	}}
}

// ByRank gives the rows of a report, first to act first.
func ByRank(r *edition.GapReport) []edition.GapRow {
	rows := slices.Clone(r.Territoires)
	slices.SortStableFunc(rows, func(a, b edition.GapRow) int { return a.Rank - b.Rank })
	return rows
}

// Gaps is a report of an edition as a table without geometry, first to act first.
func Gaps(r *edition.GapReport, e *edition.Edition) store.Layer {
	l := store.Layer{Name: r.Level, Geometry: "MULTIPOLYGON"}
	columns := slices.Concat(gapColumns, drawnColumns(r), publicColumns(r), busColumns(r), timeColumns(r, e))
	for _, c := range columns {
		l.Columns = append(l.Columns, c.Column)
	}
	sorted := ByRank(r)
	rows := make([]store.LayerRow, len(sorted))
	for i := range sorted {
		for _, c := range columns {
			rows[i].Values = append(rows[i].Values, c.value(&sorted[i]))
		}
	}
	l.Rows = slices.Values(rows)
	return l
}

// drawnColumns say how the people of outlines are known, where some territoire is one.
func drawnColumns(r *edition.GapReport) []gapColumn {
	if !slices.ContainsFunc(r.Territoires, func(row edition.GapRow) bool { return row.Drawn != nil }) {
		return nil
	}
	of := func(name, typ, title, unit string, value func(d *edition.DrawnJSON) any) gapColumn {
		return gapColumn{store.Column{Name: name, Type: typ, Title: title, Unit: unit}, func(r *edition.GapRow) any {
			if r.Drawn == nil {
				return nil
			}
			return value(r.Drawn)
		}}
	}
	return []gapColumn{
		of("contour_estimes_hab", "INTEGER", "dont habitants de mailles que le contour coupe : leur répartition est modélisée", people, func(d *edition.DrawnJSON) any { return int64(d.Estimated) }),
		of("contour_publies_hab", "INTEGER", "habitants selon qui publie le contour ; vide : rien n'est publié", people, func(d *edition.DrawnJSON) any {
			if d.Published == 0 {
				return nil
			}
			return int64(d.Published)
		}),
		of("contour_publies_annee", "TEXT", "année de ces habitants publiés", "", func(d *edition.DrawnJSON) any { return textOrNil(d.Year) }),
		of("contour_deborde", "INTEGER", "1 quand le contour continue hors du territoire, où personne n'est compté", "", func(d *edition.DrawnJSON) any {
			if d.Beyond {
				return int64(1)
			}
			return int64(0)
		}),
	}
}

// publicColumns are the people and households by public: of each of which something is known
// in some row, those of all classes, those of blanche, and the inhabitants for whom it is
// unknown. They are whole: a share of a commune is no more precise.
func publicColumns(r *edition.GapReport) (columns []gapColumn) {
	for _, k := range publics.Kinds() {
		at := slices.IndexFunc(r.Territoires, func(row edition.GapRow) bool { return slices.Contains(row.Publics.Told(), k) })
		if at < 0 {
			continue
		}
		about := &r.Territoires[at].Publics.Columns[k]
		from := about.Source
		if about.Vintage != "" {
			from += ", " + about.Vintage
		}
		title := about.Nom + " (" + from + ")"
		if about.Estimate {
			title = about.Nom + " (estimation : part de la commune ; " + from + ")"
		}
		add := func(name, title, unit string, of func(s *publics.Sum) int64) {
			columns = append(columns, gapColumn{store.Column{Name: k.String() + name, Type: "INTEGER", Title: title, Unit: unit}, func(row *edition.GapRow) any {
				if !slices.Contains(row.Publics.Told(), k) {
					return nil
				}
				return of(&row.Publics.Sum)
			}})
		}
		rounded := func(n int64) int64 { return (n + publics.Thousandth/2) / publics.Thousandth }
		add("_nb", title, string(k.Unit()), func(s *publics.Sum) int64 { return rounded(s.Total(k)) })
		add("_blanche_nb", title+", en zone blanche", string(k.Unit()), func(s *publics.Sum) int64 { return rounded(s.Amount[coverage.Blanche][k]) })
		add("_inconnu_hab", "habitants pour qui le nombre est inconnu : "+about.Nom, people, func(s *publics.Sum) int64 { return int64(s.Unknown[k]) })
	}
	return columns
}

// busColumns are what buses add to walking, and whom they leave out, for a question by transit.
func busColumns(r *edition.GapReport) []gapColumn {
	if !slices.ContainsFunc(r.Territoires, func(row edition.GapRow) bool { return row.Bus != nil }) {
		return nil
	}
	of := func(name, title, unit string, value func(b *edition.Bus) any) gapColumn {
		return gapColumn{store.Column{Name: name, Type: "INTEGER", Title: title, Unit: unit}, func(r *edition.GapRow) any {
			if r.Bus == nil {
				return nil
			}
			return value(r.Bus)
		}}
	}
	return []gapColumn{
		of("a_pied_hab", "habitants qui ont assez d'heures à pied seulement, aux mêmes seuils", people, func(b *edition.Bus) any { return int64(b.OnFoot) }),
		of("bus_de_plus_hab", "habitants de plus qui les ont en bus ou car", people, func(b *edition.Bus) any { return int64(b.More()) }),
		of("bus_sans_hab", "habitants qui ne les ont ni en bus ou car, ni à pied", people, func(b *edition.Bus) any { return int64(b.Without) }),
		of("bus_sans_menages_sans_voiture_nb", "dont ménages sans voiture (estimation quand seule la part de la commune est connue)", string(publics.Households), func(b *edition.Bus) any {
			if b.Carless == nil {
				return nil
			}
			return int64(math.Round(float64(*b.Carless)))
		}),
		of("bus_sans_menages_inconnu_hab", "dont habitants de communes où ces ménages sont inconnus", people, func(b *edition.Bus) any { return int64(b.CarlessUnknown) }),
	}
}

// timeColumns are the times to care and to public services, by the mode of the question, and
// the inhabitants who reach none: empty where no dataset says where the places are.
func timeColumns(r *edition.GapReport, e *edition.Edition) (columns []gapColumn) {
	at := make(map[admin.Ref]int, len(r.Territoires))
	territoires := make([]admin.Territoire, 0, len(r.Territoires))
	refOf := func(row *edition.GapRow) admin.Ref { return admin.Ref{Type: row.Type, Code: row.Code} }
	for i := range r.Territoires {
		ref := refOf(&r.Territoires[i])
		if t, ok := e.Division.Find(ref); ok {
			at[ref] = len(territoires)
			territoires = append(territoires, t)
		}
	}
	m := r.Params.Mode
	known := map[string]edition.TimeColumn{}
	for _, c := range e.TimeColumns(m, territoires) {
		known[c.Name] = c
	}
	add := func(name, typ, title, unit string, column string, of func(c *edition.TimeColumn, at int) any) {
		columns = append(columns, gapColumn{store.Column{Name: name, Type: typ, Title: title, Unit: unit}, func(row *edition.GapRow) any {
			c, ok := known[column]
			i, found := at[refOf(row)]
			if !ok || !found {
				return nil
			}
			return of(&c, i)
		}})
	}
	for _, k := range edition.PlaceColumns() {
		c := edition.AccessColumnAt(k)
		add(c.Name, "REAL", e.Told(k, m, "habitants"), minutes, c.Name, func(c *edition.TimeColumn, at int) any {
			if math.IsNaN(c.Minutes[at]) {
				return nil
			}
			return decimal.Round(c.Minutes[at], 2)
		})
		add(strings.TrimSuffix(c.Name, "_min")+"_non_atteint_hab", "INTEGER", "habitants qui n'en atteignent pas, "+m.Phrase()+" : "+strings.TrimPrefix(c.Title(), "Temps jusqu'"), people, c.Name,
			func(c *edition.TimeColumn, at int) any { return int64(c.Unreached[at]) })
	}
	return columns
}

// timetableColumns are what the same people find by timetable.
var timetableColumns = []gapColumn{
	whole("transit_couverte_hab", "en bus ou car : habitants couverts", people, func(r *edition.GapRow) int { return r.Classes.Couverte }),
	whole("transit_grise_hab", "en bus ou car : habitants de la classe grise, trop peu d'heures où l'on peut y être et rentrer", people, func(r *edition.GapRow) int { return r.Classes.Grise }),
	whole("transit_sans_heure_hab", "en bus ou car : dont habitants pour qui c'est ouvert quand aucun car ne le permet, ou seulement sur rendez-vous", people, func(r *edition.GapRow) int { return r.NoHours }),
	whole("transit_blanche_hab", "en bus ou car : habitants en zone blanche", people, func(r *edition.GapRow) int { return r.Classes.Blanche }),
	whole("transit_inconnue_hab", "en bus ou car : habitants à vérifier", people, func(r *edition.GapRow) int { return r.Classes.Inconnue }),
	access("transit_mediane_min", "en bus ou car : temps de l'aller médian, attente comprise, à pied où aucun bus ne le permet", func(a *edition.AccessJSON) decimal.Two { return a.P50 }),
	hours("transit_heures_moyenne_h_semaine", "en bus ou car : heures d'ouverture où l'on peut y être et rentrer, en moyenne", func(h *edition.HoursJSON) decimal.Two { return h.Mean }),
}

// gapLayer is a report as a table with the outlines of its territoires, and what bus, if any,
// says of the same territoires.
func gapLayer(r, bus *edition.GapReport, e *edition.Edition) (store.Layer, error) {
	l := Gaps(r, e)
	rows, sorted := slices.Collect(l.Rows), ByRank(r)
	byBus := map[admin.Ref]*edition.GapRow{}
	if bus != nil {
		for i := range bus.Territoires {
			row := &bus.Territoires[i]
			byBus[admin.Ref{Type: row.Type, Code: row.Code}] = row
		}
		for _, c := range timetableColumns {
			l.Columns = append(l.Columns, c.Column)
			for i := range rows {
				rows[i].Values = append(rows[i].Values, c.value(byBus[admin.Ref{Type: sorted[i].Type, Code: sorted[i].Code}]))
			}
		}
	}
	for i := range rows {
		outline, err := e.Outline(admin.Ref{Type: sorted[i].Type, Code: sorted[i].Code})
		if err != nil {
			return l, err
		}
		if len(outline) == 0 {
			continue
		}
		outline = outline.Clone() // the edition's own stays as it is
		wind(outline)
		rows[i].Geometry = outline
	}
	l.Rows = slices.Values(rows)
	return l, nil
}

// wind turns rings as RFC 7946 asks for: outer ones counterclockwise. Those of cells and
// zones are so.
func wind(mp orb.MultiPolygon) {
	for _, polygon := range mp {
		for i, ring := range polygon {
			if want := (map[bool]orb.Orientation{true: orb.CCW, false: orb.CW})[i == 0]; ring.Orientation() != want {
				ring.Reverse()
			}
		}
	}
}
