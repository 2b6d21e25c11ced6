package layer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
)

// readGeoJSON streams the features of a FeatureCollection, numbered from 1 in the
// whole file. Memory holds one feature. A feature that is JSON but not a feature is
// handed to bad; broken JSON ends the file.
func readGeoJSON(rec *source.Recorder, o source.Options, f source.File, to Sink) error {
	if what := source.Foreign(f.Head); what != "" {
		return source.FailAt(f.Name, 0, "c'est %s ; attendu du GeoJSON (FeatureCollection), un GeoPackage ou un zip de shapefiles", what)
	}
	if fault := f.TextFault(); fault != "" {
		return source.FailAt(f.Name, 0, "%s", fault)
	}
	if !source.IsJSON(f.HeadText()) {
		return source.FailAt(f.Name, 0, "ce n'est pas du JSON ; attendu du GeoJSON (FeatureCollection), un GeoPackage ou un zip de shapefiles")
	}
	said, err := declaredCRS(f)
	if err != nil {
		return err
	}
	if said == "" {
		said = geo.WGS84.String() // RFC 7946 has no other, and no member to say so
	}
	crs, err := systemOf(rec, o, f.Name, said, nil)
	if err != nil {
		return err
	}
	rec.NoteText(f)
	s, err := f.OpenText()
	if err != nil {
		return err
	}
	defer s.Close()
	g := newGeoJSON(f, s)
	g.said = said
	err = g.collection(func(n int, raw json.RawMessage) error {
		ft, ok := readFeature(f.Context(), raw, crs)
		if !ok {
			return to.Bad(n, "ce n'est pas un objet Feature ; attendu type, properties et geometry")
		}
		return to.Use(n, ft)
	})
	if err != nil {
		return err
	}
	return s.Verify()
}

// readFeature reads one element of the list of features.
func readFeature(ctx context.Context, raw json.RawMessage, crs geo.CRS) (Feature, bool) {
	var object struct {
		Type       string                     `json:"type"`
		ID         json.RawMessage            `json:"id"`
		Properties map[string]json.RawMessage `json:"properties"`
		Geometry   json.RawMessage            `json:"geometry"`
	}
	if json.Unmarshal(raw, &object) != nil || object.Type != "Feature" {
		return Feature{}, false
	}
	ft := Feature{ID: jsonProperty(object.ID).Text, Attrs: make(map[string]Property, len(object.Properties))}
	// In the order of bytes capitals come first: of two names that differ by them, the
	// one in lower case stays.
	for _, name := range slices.Sorted(maps.Keys(object.Properties)) {
		ft.Attrs[source.ColumnName(name)] = jsonProperty(object.Properties[name])
	}
	ft.Outline = func() (orb.MultiPolygon, string, string) { return readOutline(ctx, object.Geometry, crs) }
	return ft, true
}

func jsonProperty(raw json.RawMessage) Property {
	raw = bytes.TrimSpace(raw)
	var text string
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return Property{}
	case json.Unmarshal(raw, &text) == nil:
		return Property{Textual, source.Clean(text)}
	case raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9':
		return Property{Numeric, string(raw)}
	}
	return Property{other, string(raw)}
}

// declaredCRS is the reference system that a file names, "" when it names none.
// GeoJSON from before RFC 7946 does, in a member that may come after the features:
// only when the file holds its name is it read for it.
func declaredCRS(f source.File) (string, error) {
	s, err := f.OpenText()
	if err != nil {
		return "", err
	}
	defer s.Close()
	holds, err := contains(s, []byte(`"crs"`))
	if err != nil {
		return "", source.FailAt(f.Name, 0, "%v", source.Readable(err))
	}
	if !holds {
		return "", nil
	}
	again, err := f.OpenText()
	if err != nil {
		return "", err
	}
	defer again.Close()
	said, err := newGeoJSON(f, again).declared()
	var refused source.Fatal
	if errors.As(err, &refused) && refused.Field == "crs" {
		return "", err
	}
	return said, nil // what is broken elsewhere is told by the reading proper
}

// contains reports whether a text holds a mark, without keeping it.
func contains(r io.Reader, mark []byte) (bool, error) {
	window := make([]byte, 0, 64<<10)
	for {
		n, err := r.Read(window[len(window):cap(window)])
		window = window[:len(window)+n]
		if bytes.Contains(window, mark) {
			return true, nil
		}
		if keep := len(mark) - 1; len(window) > keep {
			window = window[:copy(window, window[len(window)-keep:])]
		}
		switch {
		case err == io.EOF:
			return false, nil
		case err != nil:
			return false, err
		}
	}
}

func newGeoJSON(f source.File, r io.Reader) *geojson {
	g := &geojson{name: f.Name, budget: &source.Budget{Reader: r}}
	g.dec = json.NewDecoder(g.budget)
	return g
}

// geojson reads one collection.
type geojson struct {
	name   string
	dec    *json.Decoder
	budget *source.Budget
	said   string // the reference system in use, as declared
	n      int    // features read
}

// broken ends the file at what the decoder could not read.
func (g *geojson) broken(err error) error {
	switch {
	case errors.Is(err, source.ErrBudget):
		return source.FailAt(g.name, g.n+1, "objet de plus de 8 Mio ; attendu des contours plus simples, ou plusieurs objets")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return source.FailAt(g.name, g.n+1, "le fichier s'arrête au milieu ; il est sans doute tronqué")
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return source.FailAt(g.name, g.n+1, "JSON invalide après l'octet %d ; attendu du GeoJSON (FeatureCollection)", g.dec.InputOffset())
	}
	return source.FailAt(g.name, g.n+1, "lecture interrompue : %v", err)
}

// token reads one token, renewing the budget.
func (g *geojson) token() (json.Token, error) {
	g.budget.Renew()
	t, err := g.dec.Token()
	if err != nil {
		return nil, g.broken(err)
	}
	return t, nil
}

func (g *geojson) collection(use func(int, json.RawMessage) error) error {
	const want = "attendu un objet FeatureCollection"
	t, err := g.token()
	if err != nil {
		return err
	}
	if t != json.Delim('{') {
		return source.FailAt(g.name, 0, "le JSON n'est pas un objet ; %s", want)
	}
	typ, features := "", false
	for g.dec.More() {
		t, err := g.token()
		if err != nil {
			return err
		}
		switch t {
		case "type":
			if t, err = g.token(); err != nil {
				return err
			}
			typ, _ = t.(string)
			if typ != "FeatureCollection" {
				return source.FailAt(g.name, 0, "objet de type « %v » ; %s", t, want)
			}
		case "crs":
			// Read before, except when its name was written with escapes.
			said, err := g.crs()
			if err != nil {
				return err
			}
			if said != "" && said != g.said {
				return source.FailAt(g.name, 0, "système de coordonnées « %s » annoncé trop tard ; attendu au début du fichier", said)
			}
		case "features":
			features = true
			if err := g.features(use); err != nil {
				return err
			}
		default:
			if err := g.skip(); err != nil {
				return err
			}
		}
	}
	if _, err := g.token(); err != nil { // the closing brace
		return err
	}
	if typ == "" || !features {
		return source.FailAt(g.name, 0, "membre « type » ou « features » absent ; %s", want)
	}
	g.budget.Renew()
	if _, err := g.dec.Token(); err != io.EOF {
		return source.FailAt(g.name, 0, "du texte suit la fin de l'objet ; attendu un seul objet FeatureCollection")
	}
	return nil
}

// features streams the array of features.
func (g *geojson) features(use func(int, json.RawMessage) error) error {
	t, err := g.token()
	if err != nil {
		return err
	}
	if t != json.Delim('[') {
		return source.FailAt(g.name, 0, "« features » n'est pas une liste ; attendu [ … ]")
	}
	for g.dec.More() {
		g.budget.Renew()
		var raw json.RawMessage
		if err := g.dec.Decode(&raw); err != nil {
			return g.broken(err)
		}
		g.n++
		if err := use(g.n, raw); err != nil {
			return err
		}
	}
	_, err = g.token()
	return err
}

// declared finds the member crs among those of the collection.
func (g *geojson) declared() (string, error) {
	if t, err := g.token(); err != nil || t != json.Delim('{') {
		return "", err
	}
	for g.dec.More() {
		t, err := g.token()
		if err != nil {
			return "", err
		}
		if t == "crs" {
			return g.crs()
		}
		if err := g.skip(); err != nil {
			return "", err
		}
	}
	return "", nil
}

// crs reads the name of a reference system; "" for null.
func (g *geojson) crs() (string, error) {
	g.budget.Renew()
	var raw json.RawMessage
	if err := g.dec.Decode(&raw); err != nil {
		return "", g.broken(err)
	}
	var crs *struct {
		Properties struct {
			Name string `json:"name"`
			Code int    `json:"code"`
		} `json:"properties"`
	}
	err := json.Unmarshal(raw, &crs)
	switch {
	case err == nil && crs == nil:
		return "", nil
	case err == nil && crs.Properties.Name != "":
		return crs.Properties.Name, nil
	case err == nil && crs.Properties.Code != 0:
		return "EPSG:" + strconv.Itoa(crs.Properties.Code), nil
	}
	return "", source.Fatal{Rejection: source.Rejection{File: g.name, Field: "crs", Reason: "système de coordonnées non compris ; attendu EPSG:4326, 2154, 3857 ou 3035, ou pas de membre « crs »"}}
}

// skip passes over one value, whatever its size, a token at a time.
func (g *geojson) skip() error {
	for depth := 0; ; {
		t, err := g.token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}
