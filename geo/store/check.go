package store

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
)

// The checks below say what a store refuses. They are here, and not in each
// store, so that all refuse the same rows with the same words.

// CheckManifest reports why m cannot be the manifest of a dataset: no dataset name or one
// that is too long (see [CheckLieu]), a file without a name or with a negative size, an
// option without a name or a value, or text that is not text.
func CheckManifest(m Manifest) error {
	if err := checkKey("dataset name", m.Dataset); err != nil {
		return err
	}
	for _, f := range m.Files {
		if f.Name == "" || f.Bytes < 0 {
			return fmt.Errorf("file %q of %d bytes: expected a name and a size", f.Name, f.Bytes)
		}
		if err := texts("file", f.Name, "sha256", f.SHA256); err != nil {
			return err
		}
	}
	for name, value := range m.Options {
		if name == "" || value == "" {
			return fmt.Errorf("option %q of value %q: expected a name and a value", name, value)
		}
		if err := texts("option", name, "value of option "+name, value); err != nil {
			return err
		}
	}
	return texts("format", m.Format, "source", m.Source,
		"licence", m.Licence, "vintage", m.Vintage, "modelled", m.Modelled, "note", m.Note)
}

// CheckCommune reports why c cannot be stored: no code, a negative population, a
// point or an outline that cannot be on Earth, a ring that is not closed, or text
// that is not text (see [CheckLieu]). An empty outline is accepted.
func CheckCommune(c admin.Commune) error {
	if err := checkKey("code", c.Code); err != nil {
		return err
	}
	if c.Population < 0 {
		return fmt.Errorf("population %d is negative", c.Population)
	}
	if err := c.Point.Check(); err != nil {
		return err
	}
	if err := checkOutline(c.Outline); err != nil {
		return err
	}
	return texts("nom", c.Nom, "epci", c.EPCI)
}

// CheckEPCI reports why e cannot be stored, as [CheckCommune].
func CheckEPCI(e admin.EPCI) error {
	if err := checkKey("code", e.Code); err != nil {
		return err
	}
	if e.Population < 0 {
		return fmt.Errorf("population %d is negative", e.Population)
	}
	if err := checkOutline(e.Outline); err != nil {
		return err
	}
	return texts("nom", e.Nom)
}

// CheckSecteur reports why s cannot be stored: no code, or text that is not text.
func CheckSecteur(s admin.Secteur) error {
	if err := checkKey("code", s.Code); err != nil {
		return err
	}
	for _, c := range s.Communes {
		if err := texts("commune", c); err != nil {
			return err
		}
	}
	return texts("nom", s.Nom)
}

// CheckLieu reports why l cannot be stored: no ID, a service outside the nine, a
// position that cannot be on Earth, a territoire that is no code, a date whose year is not 1…9999, or text that
// is not text: not UTF-8, or with a NUL character, which PostgreSQL cannot hold.
func CheckLieu(l lieu.Lieu) error {
	if err := checkKey("id", l.ID); err != nil {
		return err
	}
	if l.Located {
		if err := l.At.Check(); err != nil {
			return err
		}
	}
	if err := checkServices(l.Services); err != nil {
		return err
	}
	if err := cmp.Or(checkCodes("reserve", l.Reserve), checkCodes("zone", l.Zone)); err != nil {
		return err
	}
	for _, f := range l.Details.Fields() {
		if err := texts(f.Name, *f.Text); err != nil {
			return err
		}
	}
	if y := l.MisAJour.Year(); y < 1 || y > 9999 {
		return fmt.Errorf("date of update in year %d: outside 1…9999", y)
	}
	return texts("nom", l.Nom, "commune", l.Commune, "commune_nom", l.CommuneNom,
		"code_postal", l.CodePostal, "adresse", l.Adresse, "typologie", l.Typologie,
		"horaires", l.Horaires.Text, "source", l.Source, "site_web", l.SiteWeb,
		"frais", l.Frais, "dispositif", l.Dispositif)
}

// checkCodes wants codes that a list of codes can hold.
func checkCodes(field string, codes []string) error {
	for _, c := range codes {
		if c == "" || strings.ContainsFunc(c, func(r rune) bool { return !('0' <= r && r <= '9' || 'A' <= r && r <= 'Z') }) {
			return fmt.Errorf("%s %q: expected the code of a territoire, digits and capitals", field, c)
		}
	}
	return nil
}

// CheckTournee reports why t cannot be stored, as [CheckLieu].
func CheckTournee(t lieu.Tournee) error {
	if err := checkKey("id", t.ID); err != nil {
		return err
	}
	if t.HasDepot {
		if err := t.Depot.Check(); err != nil {
			return fmt.Errorf("depot: %w", err)
		}
	}
	if err := checkServices(t.Services); err != nil {
		return err
	}
	for i, s := range t.Stops {
		if err := s.At.Check(); err != nil {
			return fmt.Errorf("stop %d: %w", i+1, err)
		}
		if err := texts("nom", s.Nom, "commune", s.Commune, "horaires", s.Horaires.Text); err != nil {
			return fmt.Errorf("stop %d: %w", i+1, err)
		}
	}
	return texts("nom", t.Nom, "lieu_id", t.LieuID)
}

// CheckVariable reports why v cannot be stored: no level, no code, no name, or a value
// that is not a finite number. A missing value has no row; it is not NaN.
func CheckVariable(v Variable) error {
	if err := cmp.Or(checkKey("code", v.Code), checkKey("name", v.Name)); err != nil {
		return err
	}
	if !slices.Contains(Levels(), v.Level) {
		return fmt.Errorf("level %q: expected iris, commune, epci or departement", v.Level)
	}
	if !finite(v.Value) {
		return fmt.Errorf("value %v: not a finite number; a missing value has no row", v.Value)
	}
	return nil
}

// CheckSquare reports why q cannot be stored: no name, a corner that is not a finite
// number, no side, or people or counts that are negative or not a number.
func CheckSquare(q Square) error {
	if err := checkKey("id", q.ID); err != nil {
		return err
	}
	switch {
	case !finite(q.West) || !finite(q.South):
		return fmt.Errorf("corner %v, %v: not finite numbers", q.West, q.South)
	case !(q.Size > 0) || !finite(q.Size):
		return fmt.Errorf("side %v m: expected more than 0", q.Size)
	case !(q.People >= 0) || !finite(q.People):
		return fmt.Errorf("people %v: expected a number of at least 0", q.People)
	case q.Imputed >= numImputations:
		return fmt.Errorf("imputation %d: not one that a square has", q.Imputed)
	}
	for i, c := range q.Counts {
		if !(c.Number >= 0) || !finite(c.Number) || !c.Known && c.Number != 0 {
			return fmt.Errorf("count %d, %v: expected a number of at least 0, and none where it is unknown", i, c.Number)
		}
	}
	return nil
}

// CheckEquipement reports why e cannot be stored: no ID, or what [equipement.Equipement.Check]
// finds, or text that is not text.
func CheckEquipement(e equipement.Equipement) error {
	return cmp.Or(checkKey("id", e.ID), e.Check(), texts("nom", e.Nom, "commune", e.Commune))
}

// CheckWay reports why w cannot be stored: as many positions as nodes are needed,
// each on Earth. A way may have any number of nodes, none included. Its marks are in
// the order of its nodes.
func CheckWay(w road.Way) error {
	if len(w.Nodes) != len(w.At) {
		return fmt.Errorf("%d nodes with %d positions", len(w.Nodes), len(w.At))
	}
	for i, p := range w.At {
		if err := p.Check(); err != nil {
			return fmt.Errorf("node %d: %w", i+1, err)
		}
	}
	last := -1
	for _, m := range w.Marks {
		if m.Node <= last || m.Node >= len(w.Nodes) {
			return fmt.Errorf("mark of node %d: expected ascending, below %d", m.Node, len(w.Nodes))
		}
		last = m.Node
		if err := checkTags(m.Tags); err != nil {
			return err
		}
	}
	for _, t := range w.Turns {
		if err := checkTags(t.Tags); err != nil {
			return err
		}
	}
	return checkTags(w.Tags)
}

func checkTags(tags map[string]string) error {
	for k, v := range tags {
		if err := texts("tag", k, "value", v); err != nil {
			return err
		}
	}
	return nil
}

// CheckEdition reports why an edition cannot be stored: no id or one that is too long
// (see [CheckLieu]), layers that cannot be (see [CheckLayer]) or are named twice, or
// documents that cannot be (see [CheckDocument]).
func CheckEdition(id string, layers []Layer, beside []Document) error {
	if err := checkKey("id", id); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, l := range layers {
		if err := CheckLayer(l); err != nil {
			return err
		}
		if seen[l.Name] {
			return fmt.Errorf("layer %s: named twice", l.Name)
		}
		seen[l.Name] = true
	}
	for _, d := range beside {
		if err := CheckDocument(d.Kind, d.ID, d.Data); err != nil {
			return err
		}
	}
	return nil
}

// CheckKeep reports why Prune cannot keep that many editions: it keeps the newest.
func CheckKeep(keep int) error {
	if keep < 1 {
		return fmt.Errorf("keep %d: expected at least 1", keep)
	}
	return nil
}

const maxDocument = 4 << 20

// CheckDocument reports why a document cannot be stored: a kind that is not 1 to 40 of
// a-z, 0-9 and _, starting with a letter; an id that is empty, of more than 500 bytes,
// or not text; more than 4 MiB.
func CheckDocument(kind, id string, data []byte) error {
	if !layerName.MatchString(kind) {
		return fmt.Errorf("kind %q: expected 1 to 40 of a-z, 0-9 and _, starting with a letter", kind)
	}
	if len(data) > maxDocument {
		return fmt.Errorf("document of %d bytes; expected at most %d", len(data), maxDocument)
	}
	return checkKey("id", id)
}

// CheckVisits reports why v cannot be counted: a day that is not 2006-01-02, a page
// that is empty, of more than 500 bytes, or not text, or a negative count.
func CheckVisits(v Visits) error {
	if _, err := time.Parse(time.DateOnly, v.Day); err != nil {
		return fmt.Errorf("day %q: expected YYYY-MM-DD", v.Day)
	}
	if v.Count < 0 {
		return fmt.Errorf("count %d is negative", v.Count)
	}
	return checkKey("page", v.Page)
}

// layerName is what a layer or one of its columns may be called: an identifier
// that needs no quoting anywhere, and leaves room for a prefix within the 63
// bytes of PostgreSQL.
var layerName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// CheckLayer reports why l cannot be stored. The names of a layer and of its
// columns are 1 to 40 of a-z, 0-9 and _, starting with a letter; columns are not
// named twice, nor "fid" or "geom", which every layer has.
func CheckLayer(l Layer) error {
	if !layerName.MatchString(l.Name) {
		return fmt.Errorf("layer %q: expected a name of 1 to 40 of a-z, 0-9 and _", l.Name)
	}
	switch l.Geometry {
	case "POLYGON", "MULTIPOLYGON", "POINT":
	default:
		return fmt.Errorf("layer %s: geometry %q: expected POLYGON, MULTIPOLYGON or POINT", l.Name, l.Geometry)
	}
	if err := texts("title", l.Title); err != nil {
		return fmt.Errorf("layer %s: %w", l.Name, err)
	}
	seen := map[string]bool{"fid": true, "geom": true}
	for _, c := range l.Columns {
		if !layerName.MatchString(c.Name) {
			return fmt.Errorf("layer %s: column %q: expected a name of 1 to 40 of a-z, 0-9 and _", l.Name, c.Name)
		}
		if seen[c.Name] {
			return fmt.Errorf("layer %s: column %s: named twice, or reserved", l.Name, c.Name)
		}
		seen[c.Name] = true
		switch c.Type {
		case "TEXT", "INTEGER", "REAL":
		default:
			return fmt.Errorf("layer %s: column %s: type %q: expected TEXT, INTEGER or REAL", l.Name, c.Name, c.Type)
		}
		if err := texts("title", c.Title); err != nil {
			return fmt.Errorf("layer %s: column %s: %w", l.Name, c.Name, err)
		}
	}
	return nil
}

// CheckLayerRow reports why the values of r do not fit the columns of l: another
// number of values, another type than the column's, a number that is not finite,
// or text that is not text. Any column takes nil.
func CheckLayerRow(l Layer, r LayerRow) error {
	if len(r.Values) != len(l.Columns) {
		return fmt.Errorf("%d values for %d columns", len(r.Values), len(l.Columns))
	}
	for i, v := range r.Values {
		c := l.Columns[i]
		fits := v == nil
		switch v := v.(type) {
		case string:
			fits = c.Type == "TEXT"
			if err := texts(c.Name, v); err != nil {
				return err
			}
		case int64:
			fits = c.Type == "INTEGER"
		case float64:
			fits = c.Type == "REAL"
			if !finite(v) {
				return fmt.Errorf("%s: value %v: not a finite number; unknown is nil", c.Name, v)
			}
		}
		if !fits {
			return fmt.Errorf("%s: a %T does not fit %s", c.Name, v, c.Type)
		}
	}
	return nil
}

// CheckGeometry reports why g cannot be the geometry of a row of l: another type than
// the layer's, or positions and rings as [CheckCommune] refuses. nil is no geometry.
func CheckGeometry(l Layer, g orb.Geometry) error {
	if g == nil {
		return nil
	}
	name, err := "", error(nil)
	switch g := g.(type) {
	case orb.Point:
		name, err = "POINT", checkPoint(g)
	case orb.Polygon:
		if name = "POLYGON"; len(g) > 0 {
			err = checkPolygon(g)
		}
	case orb.MultiPolygon:
		name, err = "MULTIPOLYGON", checkOutline(g)
	}
	if name != l.Geometry {
		return fmt.Errorf("geometry: a %s; expected %s", g.GeoJSONType(), l.Geometry)
	}
	if err != nil {
		return fmt.Errorf("geometry: %w", err)
	}
	return nil
}

// checkOutline wants positions on Earth and closed rings of at least four points,
// which is what every GIS needs of a polygon.
func checkOutline(mp orb.MultiPolygon) error {
	for i, poly := range mp {
		if err := checkPolygon(poly); err != nil {
			return fmt.Errorf("outline: polygon %d: %w", i+1, err)
		}
	}
	return nil
}

func checkPolygon(poly orb.Polygon) error {
	if len(poly) == 0 {
		return errors.New("no ring")
	}
	for j, ring := range poly {
		if len(ring) < 4 || !samePoint(ring[0], ring[len(ring)-1]) {
			return fmt.Errorf("ring %d: not closed, or fewer than 4 points", j+1)
		}
		for _, p := range ring {
			if err := checkPoint(p); err != nil {
				return fmt.Errorf("ring %d: %w", j+1, err)
			}
		}
	}
	return nil
}

func checkPoint(p orb.Point) error { return geo.LonLat{Lon: p[0], Lat: p[1]}.Check() }

// samePoint tells -0 from 0: PostGIS does, and would not call such a ring closed.
func samePoint(a, b orb.Point) bool {
	return sameBits(geo.LonLat{Lon: a[0], Lat: a[1]}, geo.LonLat{Lon: b[0], Lat: b[1]})
}

func checkServices(set lieu.Services) error {
	if extra := set >> lieu.Any; extra != 0 {
		return fmt.Errorf("services %#x: outside the nine of the national schema", uint16(set))
	}
	return nil
}

// maxKey bounds what a row is found by, in bytes. A database keeps keys in an index,
// which takes no long text: PostgreSQL, 2 704 bytes for the dataset and the two keys
// of a variable.
const maxKey = 500

// checkKey refuses a key that is none, too long, or not text.
func checkKey(name, key string) error {
	switch {
	case key == "":
		return fmt.Errorf("no %s", name)
	case len(key) > maxKey:
		return fmt.Errorf("%s of %d bytes; expected at most %d", name, len(key), maxKey)
	}
	return texts(name, key)
}

// texts checks pairs of a field's name and its text.
func texts(pairs ...string) error {
	for i := 0; i < len(pairs); i += 2 {
		switch name, text := pairs[i], pairs[i+1]; {
		case !utf8.ValidString(text):
			return fmt.Errorf("%s %q: not UTF-8", name, text)
		case strings.IndexByte(text, 0) >= 0:
			return fmt.Errorf("%s %q: holds a NUL character", name, text)
		}
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
