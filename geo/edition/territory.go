package edition

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
)

// InputError is what is wrong with what was imported: a French sentence that says what, and
// what mends it.
type InputError struct{ Sentence string }

func (e *InputError) Error() string { return e.Sentence }

func wrongInput(format string, args ...any) error {
	return &InputError{fmt.Sprintf(format, args...)}
}

// neighbourMargin is how far around the territory communes are kept as neighbours, in metres.
const neighbourMargin = 60_000

// territory is what the communes of a store, and what groups them, make for one département.
type territory struct {
	known    *admin.Outlines // every commune of the store
	epci     map[string]bool // every EPCI of the store
	division *admin.Division
	sets     []admin.Set // every set of communes of the store, and the datasets they are from
	ofSets   origins
	away     []int // those of them, by position, whose outline is wholly elsewhere
	// only is set when the store has the outlines of no other département: to choose it is
	// to choose nothing.
	only bool
}

// readTerritory reads the administrative geography. departement may be empty when the store
// has the outlines of one alone.
func readTerritory(ctx context.Context, in store.Inputs, held []store.Manifest, departement string) (*territory, error) {
	communes, _, err := readOnce(ctx, in, store.Communes, held)
	if err != nil {
		return nil, err
	}
	epci, _, err := readOnce(ctx, in, store.EPCI, held)
	if err != nil {
		return nil, err
	}
	secteurs, _, err := readOnce(ctx, in, store.Secteurs, held)
	if err != nil {
		return nil, err
	}
	sets, ofSets, err := readOnce(ctx, in, store.Territoires, held)
	if err != nil {
		return nil, err
	}
	t := &territory{known: admin.NewOutlines(slices.Clone(communes)), epci: map[string]bool{}, sets: sets, ofSets: ofSets}
	for _, e := range epci {
		t.epci[e.Code] = true
	}
	if departement, t.only, err = choose(communes, departement); err != nil {
		return nil, err
	}
	here, outside := []admin.Commune{}, []admin.Commune{}
	box := geo.EmptyBounds()
	for _, c := range communes {
		switch {
		case !within(departement, c.Code) || departement == Together && len(c.Outline) == 0:
			outside = append(outside, c)
		case len(c.Outline) == 0:
			return nil, wrongInput("commune %s (%s) : sans contour, dans le département %s que l'on calcule. Importez les contours de toutes ses communes : maillage import communes FICHIER", c.Code, c.Nom, departement)
		default:
			here = append(here, c)
			b := c.Outline.Bound()
			box = box.Union(geo.Bounds{Min: geo.LonLat{Lon: b.Min[0], Lat: b.Min[1]}, Max: geo.LonLat{Lon: b.Max[0], Lat: b.Max[1]}})
		}
	}
	if secteurs, err = t.cut(secteurs, departement); err != nil {
		return nil, err
	}
	for _, s := range sets {
		if s.Type == admin.TypeSecteur && slices.ContainsFunc(secteurs, func(o admin.Secteur) bool { return o.Code == s.Code }) {
			return nil, wrongInput("secteur %s (%s) : il est parmi les secteurs et parmi les territoires. Retirez l'un des deux jeux (maillage dataset list, puis maillage dataset remove NOM)", s.Code, s.Nom)
		}
	}
	t.division, err = admin.NewAmong(neighbours(here, outside, box), here, epci, secteurs, t.inside(sets, here)...)
	return t, err
}

// inside leaves out, and lists, the outlines that no place of the territory is in.
func (t *territory) inside(sets []admin.Set, here []admin.Commune) (kept []admin.Set) {
	outlines := admin.NewOutlines(here)
	for i, s := range sets {
		if len(s.Outline) > 0 && !touches(s.Outline, outlines) {
			t.away = append(t.away, i)
			continue
		}
		kept = append(kept, s)
	}
	return kept
}

// touches reports whether an outline has a place in common with communes: one of its border,
// taken every 100 m or so, or the point of a commune inside it.
func touches(outline orb.MultiPolygon, communes *admin.Outlines) bool {
	const pace = 0.001 // degrees
	for _, polygon := range outline {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				n := int(max(math.Abs(b[0]-a[0]), math.Abs(b[1]-a[1]))/pace) + 1
				for k := range n {
					f := float64(k) / float64(n)
					if len(communes.At(geo.LonLat{Lon: a[0] + f*(b[0]-a[0]), Lat: a[1] + f*(b[1]-a[1])})) > 0 {
						return true
					}
				}
			}
		}
	}
	area := admin.NewArea(outline)
	return slices.ContainsFunc(communes.Communes, func(c admin.Commune) bool { return area.Contains(c.Point) })
}

// Together is the choice of all that has an outline, as one territory: a region, a country.
const Together = "tous"

// within reports whether a commune is of what was chosen.
func within(departement, commune string) bool {
	return departement == Together || admin.DepartementOf(commune) == departement
}

// choose finds the département to compute among those that have outlines.
func choose(communes []admin.Commune, asked string) (departement string, only bool, err error) {
	drawn := map[string]int{}
	for _, c := range communes {
		if len(c.Outline) > 0 {
			drawn[admin.DepartementOf(c.Code)]++
		}
	}
	codes := slices.Sorted(maps.Keys(drawn))
	list := make([]string, len(codes))
	for i, code := range codes {
		noun := "communes"
		if drawn[code] == 1 {
			noun = "commune"
		}
		list[i] = fmt.Sprintf("%s %s (%d %s)", code, admin.DepartementNom(code), drawn[code], noun)
	}
	switch {
	case len(codes) == 0:
		return "", false, wrongInput("aucune commune n'a de contour : celles qui n'ont qu'un point ne servent que de voisines. Importez des contours : maillage import communes FICHIER")
	case asked == "" && len(codes) > 1:
		return "", false, wrongInput("les communes importées sont de plusieurs départements : %s. Dites lequel calculer ; les autres seront ses voisins : maillage compute --departement %s (ou « tous », comme un seul territoire)", strings.Join(list, ", "), codes[0])
	case asked == "" || asked == Together && len(codes) == 1:
		return codes[0], true, nil
	case asked == Together:
		return Together, false, nil
	case drawn[asked] == 0 && len(codes) == 1:
		return "", false, wrongInput("--departement %s : les communes importées sont celles du département %s", asked, list[0])
	case drawn[asked] == 0:
		return "", false, wrongInput("--departement %s : les communes importées sont celles d'autres départements : %s", asked, strings.Join(list, ", "))
	}
	return asked, len(codes) == 1, nil
}

// cut leaves of secteurs what is in the département. A commune that the store does not know
// is an error: the secteur would be smaller than whoever drew it believes.
func (t *territory) cut(secteurs []admin.Secteur, departement string) (cut []admin.Secteur, err error) {
	for _, s := range secteurs {
		var in []string
		for _, code := range s.Communes {
			if _, ok := t.known.Commune(code); !ok {
				return nil, wrongInput("secteur %s : la commune %s n'est pas parmi les communes. Corrigez la table des secteurs, ou donnez celle des communes fusionnées : maillage import secteurs --moves FICHIER", s.Nom, code)
			}
			if within(departement, code) {
				in = append(in, code)
			}
		}
		if len(in) > 0 || len(s.Communes) == 0 {
			s.Communes = in
			cut = append(cut, s)
		}
	}
	return cut, nil
}

// neighbours are the communes near the territory, and those of its EPCI wherever they are.
func neighbours(here, outside []admin.Commune, box geo.Bounds) (list []admin.Neighbour) {
	shared := map[string]bool{}
	for _, c := range here {
		shared[c.EPCI] = c.EPCI != ""
	}
	around := widened(box, neighbourMargin)
	for _, c := range outside {
		if shared[c.EPCI] || around.Contains(c.Point) {
			list = append(list, admin.Neighbour{Code: c.Code, Nom: c.Nom, EPCI: c.EPCI, Population: c.Population, Point: c.Point})
		}
	}
	return list
}

// origins are the datasets of a kind, in the order of their rows.
type origins []store.Manifest

func originsOf(kind store.Kind, held []store.Manifest) (from origins) {
	for _, m := range held {
		if m.Kind == kind {
			from = append(from, m)
		}
	}
	return from
}

// dataset is the one that a row comes from, by its position among all; empty when the
// manifests do not say.
func (o origins) dataset(row int) string {
	if k := o.of(row); k >= 0 {
		return o[k].Dataset
	}
	return ""
}

// of is the position of the dataset that a row comes from; -1 when the manifests do not say.
func (o origins) of(row int) int {
	for k, m := range o {
		if row < m.Rows {
			return k
		}
		row -= m.Rows
	}
	return -1
}

// readOnce reads the rows of a kind, and the datasets that they come from. A key that two
// datasets give is an error that names both.
func readOnce[T any](ctx context.Context, in store.Inputs, of store.Rows[T], held []store.Manifest) (rows []T, from origins, err error) {
	from = originsOf(of.Kind, held)
	first := map[string]int{}
	for row, err := range of.Each(ctx, in) {
		if err != nil {
			return nil, nil, err
		}
		if key := of.Key(row); len(from) > 1 {
			if at, given := first[key]; given {
				return nil, nil, givenTwice(of.About, key, from.dataset(at), from.dataset(len(rows)))
			}
			first[key] = len(rows)
		}
		rows = append(rows, row)
	}
	return rows, from, nil
}

// givenTwice says that two datasets give one key.
func givenTwice(about store.About, key, one, other string) error {
	return wrongInput("%s : « %s » est dans deux jeux, « %s » et « %s ». Retirez celui qui est de trop : maillage dataset remove %s, ou maillage dataset remove %s",
		about.Nom, key, one, other, DatasetRef(about.Kind, one), DatasetRef(about.Kind, other))
}

// DatasetRef names a dataset on the command line, whatever other kinds have of that name.
func DatasetRef(kind store.Kind, dataset string) string {
	if !strings.HasPrefix(dataset, string(kind)+":") {
		dataset = string(kind) + ":" + dataset
	}
	return quoted(dataset)
}

// quoted is a text as one word of a command line.
func quoted(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("-_./:", r) && !('0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
	}) {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}

// byNom finds communes by name, folded.
type byNom map[string][]*admin.Commune

func (t *territory) byNom() byNom {
	all := byNom{}
	for i := range t.known.Communes {
		c := &t.known.Communes[i]
		all[foldNom(c.Nom)] = append(all[foldNom(c.Nom)], c)
	}
	return all
}

// find is the one commune of a name and a postcode, which tells the département: of some
// communes alone the postcode is that of a town across the border. Nil: none, or several.
func (b byNom) find(nom, postcode string) *admin.Commune {
	var found *admin.Commune
	for _, c := range b[foldNom(nom)] {
		if postcode != "" && !strings.HasPrefix(postcode, cmp.Or(corsica[admin.DepartementOf(c.Code)], admin.DepartementOf(c.Code))) {
			continue
		}
		if found != nil {
			return nil
		}
		found = c
	}
	return found
}

// corsica has postcodes of its own.
var corsica = map[string]string{"2A": "20", "2B": "20"}

// foldNom is the name of a commune as files write it in many ways: SAINT QUENTIN, St-Quentin
// Cedex, Paris 12e Arrondissement.
func foldNom(nom string) string {
	words := lieu.Words(nom)
	for i, w := range words {
		switch w {
		case "st":
			words[i] = "saint"
		case "ste":
			words[i] = "sainte"
		}
	}
	for len(words) > 1 && (words[len(words)-1] == "cedex" || words[len(words)-1] == "arrondissement" || words[len(words)-1][0] >= '0' && words[len(words)-1][0] <= '9') {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}
