package table

import (
	"fmt"
	"iter"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Table is a table and the columns that an import fills.
type Table struct {
	Name    string
	Spatial bool     // it has a column geom, before the others
	Columns []string // dataset and position are the first two
}

// Input says where the rows of a kind go.
type Input[T any] struct {
	Kind   store.Kind
	Tables []Table // a row has one record in the first, and any number in the others, which go with it
	check  func(T) error
	key    func(T) string // for errors
	// encode puts the records of a row, what follows (dataset, position), in the
	// tables by number. A geometry is nil where there is none.
	encode func(row T, put func(table int, g orb.Geometry, values ...any) error) error
}

// Communes are rows of the table communes.
var Communes = Input[admin.Commune]{
	Kind: store.Communes,
	Tables: []Table{{"communes", true, []string{"dataset", "position", "code", "nom", "epci",
		"population_habitants", "point_lon_deg", "point_lat_deg"}}},
	check: store.CheckCommune,
	key:   func(c admin.Commune) string { return c.Code },
	encode: func(c admin.Commune, put func(int, orb.Geometry, ...any) error) error {
		return put(0, outline(c.Outline), c.Code, c.Nom, optional(c.EPCI), c.Population, number(c.Point.Lon), number(c.Point.Lat))
	},
}

// EPCI are rows of the table epci.
var EPCI = Input[admin.EPCI]{
	Kind:   store.EPCI,
	Tables: []Table{{"epci", true, []string{"dataset", "position", "code", "nom"}}},
	check:  store.CheckEPCI,
	key:    func(e admin.EPCI) string { return e.Code },
	encode: func(e admin.EPCI, put func(int, orb.Geometry, ...any) error) error {
		return put(0, outline(e.Outline), e.Code, e.Nom)
	},
}

// Secteurs are rows of the table secteurs.
var Secteurs = Input[admin.Secteur]{
	Kind:   store.Secteurs,
	Tables: []Table{{"secteurs", false, []string{"dataset", "position", "code", "nom", "communes"}}},
	check:  store.CheckSecteur,
	key:    func(sec admin.Secteur) string { return sec.Code },
	encode: func(sec admin.Secteur, put func(int, orb.Geometry, ...any) error) error {
		communes, err := toJSON(append([]string{}, sec.Communes...)) // none is [], not null
		if err != nil {
			return err
		}
		return put(0, nil, sec.Code, sec.Nom, communes)
	},
}

// Lieux are rows of the table lieux.
var Lieux = Input[lieu.Lieu]{
	Kind: store.Lieux,
	Tables: []Table{{"lieux", true, []string{"dataset", "position", "id", "nom", "commune", "commune_nom",
		"code_postal", "adresse", "typologie", "services", "horaires", "horaires_creneaux",
		"itinerant", "sans_public", "source", "mis_a_jour", "site_web", "frais", "dispositif"}}},
	check: store.CheckLieu,
	key:   func(l lieu.Lieu) string { return l.ID },
	encode: func(l lieu.Lieu, put func(int, orb.Geometry, ...any) error) error {
		return put(0, place(l.At, l.Located), l.ID, l.Nom, optional(l.Commune), optional(l.CommuneNom),
			optional(l.CodePostal), optional(l.Adresse), optional(l.Typologie), encodeServices(l.Services),
			optional(l.Horaires.Text), encodeSlots(&l.Horaires),
			l.Itinerant, l.NoPublic, optional(l.Source), encodeDay(l.MisAJour), optional(l.SiteWeb),
			optional(l.Frais), optional(l.Dispositif))
	},
}

// Tournees are rows of the table tournees, and their stops of the table stops.
var Tournees = Input[lieu.Tournee]{
	Kind: store.Tournees,
	Tables: []Table{
		{"tournees", true, []string{"dataset", "position", "id", "nom", "lieu_id", "services"}},
		{"stops", true, []string{"dataset", "position", "rang", "nom", "commune", "horaires", "horaires_creneaux"}},
	},
	check: store.CheckTournee,
	key:   func(t lieu.Tournee) string { return t.ID },
	encode: func(t lieu.Tournee, put func(int, orb.Geometry, ...any) error) error {
		if err := put(0, place(t.Depot, t.HasDepot), t.ID, optional(t.Nom), optional(t.LieuID), encodeServices(t.Services)); err != nil {
			return err
		}
		for rang, stop := range t.Stops {
			if err := put(1, point(stop.At), rang, stop.Nom, optional(stop.Commune),
				optional(stop.Horaires.Text), encodeSlots(&stop.Horaires)); err != nil {
				return err
			}
		}
		return nil
	},
}

// Variables are rows of the table ifn_variables.
var Variables = Input[store.Variable]{
	Kind:   store.Variables,
	Tables: []Table{{"ifn_variables", false, []string{"dataset", "position", "commune", "nom", "valeur"}}},
	check:  store.CheckVariable,
	key:    func(v store.Variable) string { return v.Commune + " " + v.Name },
	encode: func(v store.Variable, put func(int, orb.Geometry, ...any) error) error {
		return put(0, nil, v.Commune, v.Name, number(v.Value))
	},
}

// Population are rows of the table population_carreaux.
var Population = Input[store.Square]{
	Kind:   store.Population,
	Tables: []Table{{"population_carreaux", false, []string{"dataset", "position", "id", "ouest_m", "sud_m", "cote_m", "habitants"}}},
	check:  store.CheckSquare,
	key:    func(q store.Square) string { return q.ID },
	encode: func(q store.Square, put func(int, orb.Geometry, ...any) error) error {
		return put(0, nil, q.ID, number(q.West), number(q.South), number(q.Size), number(q.People))
	},
}

// Roads are rows of the table roads.
var Roads = Input[road.Way]{
	Kind:   store.Roads,
	Tables: []Table{{"roads", true, []string{"dataset", "position", "osm_id", "highway", "tags", "nodes", "marks", "turns"}}},
	check:  store.CheckWay,
	key:    func(w road.Way) string { return fmt.Sprint(w.ID) },
	encode: func(w road.Way, put func(int, orb.Geometry, ...any) error) error {
		tags := "{}"
		if len(w.Tags) > 0 {
			var err error
			if tags, err = toJSON(w.Tags); err != nil {
				return err
			}
		}
		marks, err := optionalJSON(w.Marks)
		if err != nil {
			return err
		}
		turns, err := optionalJSON(w.Turns)
		if err != nil {
			return err
		}
		return put(0, line(w.At), w.ID, optional(w.Tags["highway"]), tags, encodeNodes(w.Nodes), marks, turns)
	},
}

// outline is nil, which is NULL, for one without parts.
func outline(mp orb.MultiPolygon) orb.Geometry {
	if len(mp) == 0 {
		return nil
	}
	return mp
}

func place(at geo.LonLat, known bool) orb.Geometry {
	if !known {
		return nil
	}
	return point(at)
}

// line has the point of a way of one node twice: a line of one point is none, and
// PostGIS refuses it. The nodes say how many points there are.
func line(at []geo.LonLat) orb.Geometry {
	switch len(at) {
	case 0:
		return nil
	case 1:
		return orb.LineString{point(at[0]), point(at[0])}
	}
	l := make(orb.LineString, len(at))
	for i, p := range at {
		l[i] = point(p)
	}
	return l
}

func point(p geo.LonLat) orb.Point    { return orb.Point{p.Lon, p.Lat} }
func position(p orb.Point) geo.LonLat { return geo.LonLat{Lon: p[0], Lat: p[1]} }

// Encoded is a row with what is to be inserted for it.
type Encoded[T, G any] struct {
	Row     T
	Records []Record[G]
}

// Record is one row of a table, by number: its geometry as the database wants it,
// and its values.
type Record[G any] struct {
	Table  int
	Geom   G
	Values []any // one per column of the table
}

// Encode checks and encodes the rows of a dataset. The first error ends it.
func Encode[T, G any](in Input[T], dataset string, rows iter.Seq2[T, error], geometry func(orb.Geometry) (G, error)) iter.Seq2[Encoded[T, G], error] {
	return func(yield func(Encoded[T, G], error) bool) {
		at := 0
		for row, err := range rows {
			e := Encoded[T, G]{Row: row}
			if err == nil {
				if err = in.check(row); err == nil {
					err = in.encode(row, func(table int, g orb.Geometry, values ...any) error {
						geom, err := geometry(g)
						e.Records = append(e.Records, Record[G]{table, geom, append([]any{dataset, at}, values...)})
						return err
					})
				}
				if err != nil {
					err = in.At(at, row, err)
				}
			}
			if !yield(e, err) || err != nil {
				return
			}
			at++
		}
	}
}

// At adds the address of a row to an error.
func (in Input[T]) At(position int, row T, err error) error {
	return fmt.Errorf("row %d (%q): %w", position+1, in.key(row), err)
}
