package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// feature is one feature of a collection, its members not yet read.
type feature struct {
	Type       string                     `json:"type"`
	Properties map[string]json.RawMessage `json:"properties"`
	Geometry   json.RawMessage            `json:"geometry"`
}

// eachFeature streams the features of a GeoJSON FeatureCollection, numbered from
// 1 in the whole file. Memory holds one feature. A feature that is JSON but not a
// feature is handed to bad; broken JSON ends the file.
func eachFeature(f file, use func(n int, ft feature) error, bad func(n int, reason string) error) error {
	if what := foreign(f.head); what != "" {
		return failAt(f.Name, 0, "c'est %s ; attendu du GeoJSON (FeatureCollection)", what)
	}
	if !isJSON(f.head) {
		return failAt(f.Name, 0, "ce n'est pas du JSON ; attendu du GeoJSON (FeatureCollection)")
	}
	s, err := f.open()
	if err != nil {
		return err
	}
	defer s.Close()
	if bytes.HasPrefix(f.head, bom) {
		if _, err := io.CopyN(io.Discard, s, int64(len(bom))); err != nil {
			return failAt(f.Name, 0, "%v", readable(err))
		}
	}
	g := geojson{name: f.Name, budget: &budget{Reader: s}}
	g.dec = json.NewDecoder(g.budget)
	if err := g.collection(use, bad); err != nil {
		return err
	}
	return s.verify()
}

// geojson reads one collection.
type geojson struct {
	name   string
	dec    *json.Decoder
	budget *budget
	n      int // features read
}

// budget fails when more than maxFeature bytes are read since it was renewed.
type budget struct {
	io.Reader
	used int
}

var errBudget = errors.New("objet de plus de 8 Mio")

func (b *budget) Read(p []byte) (int, error) {
	if b.used >= maxFeature {
		return 0, errBudget
	}
	n, err := b.Reader.Read(p[:min(len(p), maxFeature-b.used)])
	b.used += n
	return n, err
}

// broken ends the file at what the decoder could not read.
func (g *geojson) broken(err error) error {
	switch {
	case errors.Is(err, errBudget):
		return failAt(g.name, g.n+1, "objet de plus de 8 Mio ; attendu des contours plus simples, ou plusieurs objets")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return failAt(g.name, g.n+1, "le fichier s'arrête au milieu ; il est sans doute tronqué")
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return failAt(g.name, g.n+1, "JSON invalide après l'octet %d ; attendu du GeoJSON (FeatureCollection)", g.dec.InputOffset())
	}
	return failAt(g.name, g.n+1, "lecture interrompue : %v", err)
}

// token reads one token, renewing the budget.
func (g *geojson) token() (json.Token, error) {
	g.budget.used = 0
	t, err := g.dec.Token()
	if err != nil {
		return nil, g.broken(err)
	}
	return t, nil
}

func (g *geojson) collection(use func(int, feature) error, bad func(int, string) error) error {
	const want = "attendu un objet FeatureCollection"
	t, err := g.token()
	if err != nil {
		return err
	}
	if t != json.Delim('{') {
		return failAt(g.name, 0, "le JSON n'est pas un objet ; %s", want)
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
				return failAt(g.name, 0, "objet de type « %v » ; %s", t, want)
			}
		case "crs":
			if err := g.crs(); err != nil {
				return err
			}
		case "features":
			features = true
			if err := g.features(use, bad); err != nil {
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
		return failAt(g.name, 0, "membre « type » ou « features » absent ; %s", want)
	}
	g.budget.used = 0
	if _, err := g.dec.Token(); err != io.EOF {
		return failAt(g.name, 0, "du texte suit la fin de l'objet ; attendu un seul objet FeatureCollection")
	}
	return nil
}

// features streams the array of features.
func (g *geojson) features(use func(int, feature) error, bad func(int, string) error) error {
	t, err := g.token()
	if err != nil {
		return err
	}
	if t != json.Delim('[') {
		return failAt(g.name, 0, "« features » n'est pas une liste ; attendu [ … ]")
	}
	for g.dec.More() {
		g.budget.used = 0
		var raw json.RawMessage
		if err := g.dec.Decode(&raw); err != nil {
			return g.broken(err)
		}
		g.n++
		var ft feature
		if json.Unmarshal(raw, &ft) != nil || ft.Type != "Feature" {
			err = bad(g.n, "ce n'est pas un objet Feature ; attendu type, properties et geometry")
		} else {
			err = use(g.n, ft)
		}
		if err != nil {
			return err
		}
	}
	_, err = g.token()
	return err
}

// crs refuses any reference system but WGS 84 in degrees: RFC 7946 has no other,
// and files from before it name theirs here.
func (g *geojson) crs() error {
	g.budget.used = 0
	var raw json.RawMessage
	if err := g.dec.Decode(&raw); err != nil {
		return g.broken(err)
	}
	var crs *struct {
		Properties struct {
			Name string `json:"name"`
			Code int    `json:"code"`
		} `json:"properties"`
	}
	if err := json.Unmarshal(raw, &crs); err != nil {
		return failAt(g.name, 0, "système de coordonnées non compris ; attendu EPSG:4326 ou CRS84, ou pas de membre « crs »")
	}
	if crs == nil {
		return nil
	}
	name := crs.Properties.Name
	last := name[strings.LastIndexAny(name, ":/")+1:]
	if last == "4326" || strings.EqualFold(last, "CRS84") || name == "" && crs.Properties.Code == 4326 {
		return nil
	}
	return failAt(g.name, 0, "système de coordonnées « %s » ; attendu des degrés WGS 84 (EPSG:4326 ou CRS84) : reprojetez le fichier", newFault("", 0, "", name, "").Value)
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
