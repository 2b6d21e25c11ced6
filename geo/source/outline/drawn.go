package outline

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"github.com/paulmach/orb"
	orbgeo "github.com/paulmach/orb/geo"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/layer"
)

// Attributes of outlines of territoires, as the ANCT, INSEE or whoever draws them name them.
var (
	drawnCodeNames = []string{"code_qp", "code_qpv", "code", "codgeo", "code_territoire", "id"}
	drawnNomNames  = []string{"lib_qp", "nom_qp", "nom_qpv", "nom", "libgeo", "libelle", "lib", "nom_territoire"}
	// drawnPopulation is a column of municipal population, and its year.
	drawnPopulation = regexp.MustCompile(`^(?:pop|population|pmun)(?:_?(?:mun|municipale))?(?:_?((?:19|20)[0-9]{2}|[0-9]{2}))?$`)
	wantedDrawn     = layer.Wanted{Noun: "territoire", Columns: [][]string{append(slices.Clone(drawnCodeNames), drawnNomNames...)}, More: [][]string{drawnCodeNames, drawnNomNames}}
)

// smallest is the area, in square metres, below which an outline is a sliver left by a
// drawing rather than a place where people live.
const smallest = 100.0

// drawn reads outlines of territoires.
type drawn struct {
	o     source.Options
	taken map[admin.Ref]source.Address // the territoires of tables beside
	emit  func(admin.Set) error

	features, points int
	named            int // without code
	first            admin.Set
	at               source.Address
}

func (d *drawn) read(rec *source.Recorder, files []source.File) error {
	if len(files) == 0 {
		return nil
	}
	err := eachPlace(rec, files, d.o, wantedDrawn, d.feature, d.emit)
	if d.points > 0 && d.points == d.features {
		return source.FailAt(files[0].Name, 0, "%d points et aucun contour : on ne peut pas savoir qui habite un territoire dont on n'a que le centre ; attendu des Polygon ou MultiPolygon (les contours des quartiers prioritaires sont publiés à part de leurs centroïdes)", d.points)
	}
	if d.named > 0 {
		rec.Warn(d.at.File, d.at.Row, "code", d.first.Nom, fmt.Sprintf("territoires sans code : %d ; le leur est fait de leur nom, comme « %s »", d.named, d.first.Code))
	}
	return err
}

func (d *drawn) feature(p place) (key string, s admin.Set, bad *source.Fault) {
	d.features++
	fault := func(field, value, reason string) (string, admin.Set, *source.Fault) {
		return "", s, &source.Fault{Field: field, Value: value, Reason: reason}
	}
	if p.Outline == nil {
		return fault("geometry", "", "géométrie absente ; attendu Polygon ou MultiPolygon")
	}
	// First of all: a file of centres is that, whatever else is wrong in it.
	outline, value, reason := p.Outline()
	if value == "Point" || value == "MultiPoint" {
		d.points++
		reason = "un point ; attendu le contour du territoire, Polygon ou MultiPolygon"
	}
	if reason != "" {
		return fault("geometry", value, reason)
	}
	codeName, code := p.find(drawnCodeNames)
	typ, asked := admin.Type(d.o.Type), true
	if typ == "" {
		if typ, asked = admin.Type(p.Attrs["type"].Text), false; typ == "" && (codeName == "code_qp" || codeName == "code_qpv") && code.Kind != layer.Absent {
			typ = "qpv"
		}
	}
	if err := typ.CheckSet(); err != nil && !asked {
		return fault("type", p.Attrs["type"].Text, "type du territoire absent ou illisible ; attendu des minuscules, des chiffres et des tirets, comme qpv (ou --type qpv pour tout le fichier) ; commune, epci et departement sont pris")
	}
	if s.Nom, bad = p.nom(drawnNomNames); bad != nil {
		return "", s, bad
	}
	s.Type, s.Code = typ, code.Text
	if s.Code == "" {
		s.Code = source.Slug(s.Nom)
	}
	if s.Nom == "" {
		s.Nom = s.Code
	}
	if !setCode.MatchString(s.Code) {
		return fault(codeName, code.Text, "code du territoire absent ou illisible ; attendu des lettres, des chiffres et des tirets, comme QN00201M")
	}
	ref := admin.Ref{Type: s.Type, Code: s.Code}
	if first, twice := d.taken[ref]; twice {
		return fault(codeName, s.Code, "territoire déjà fait de communes à "+first.String())
	}
	if at, crosses := selfCrossing(outline); crosses {
		return fault("geometry", source.PositionText(at[:]), "contour qui se croise lui-même : on ne peut pas dire ce qu'il entoure ; attendu un contour simple (dans QGIS : « Réparer les géométries »)")
	}
	if area := orbgeo.Area(outline); area < smallest {
		return fault("geometry", "", fmt.Sprintf("contour de %.0f m² : un reste de dessin, pas un territoire ; attendu au moins %.0f m²", area, smallest))
	}
	s.Outline = outline
	if s.Population, s.Year, bad = p.published(); bad != nil {
		return "", s, bad
	}
	if code.Text == "" {
		if d.named++; d.named == 1 {
			d.first, d.at = s, source.Address{File: p.file, Row: p.row}
		}
	}
	return ref.String(), s, nil
}

// published reads the population of the last year that a feature gives, and that year; what
// is empty, or a secret, is not said.
func (p place) published() (people int, year string, bad *source.Fault) {
	for _, name := range p.sortedNames() {
		m := drawnPopulation.FindStringSubmatch(name)
		a := p.Attrs[name]
		if m == nil || a.Kind == layer.Absent || a.Text == "" || a.Text == "s" || a.Text == "nd" || a.Text == "ns" {
			continue
		}
		v, ok := source.ParseNumber(a.Text)
		if !ok || v < 0 || v > source.MaxPeople {
			return 0, "", &source.Fault{Field: name, Value: a.Show(), Reason: "population non comprise ; attendu un nombre d'habitants"}
		}
		of := m[1]
		if len(of) == 2 {
			of = "20" + of
		}
		if people == 0 || of >= year {
			people, year = int(v+0.5), of
		}
	}
	if people == 0 {
		year = ""
	}
	return people, year, nil
}

// selfCrossing finds where an edge of an outline goes across another. Rings may touch.
func selfCrossing(outline orb.MultiPolygon) (orb.Point, bool) {
	type edge struct{ a, b orb.Point }
	var edges []edge
	for _, polygon := range outline {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				if b[0] < a[0] {
					a, b = b, a
				}
				edges = append(edges, edge{a, b})
			}
		}
	}
	slices.SortFunc(edges, func(p, q edge) int { return cmp.Compare(p.a[0], q.a[0]) })
	side := func(p, q, r orb.Point) float64 { return (q[0]-p[0])*(r[1]-p[1]) - (q[1]-p[1])*(r[0]-p[0]) }
	var open []edge // that reach as far east as the one at hand
	for _, e := range edges {
		open = slices.DeleteFunc(open, func(o edge) bool { return o.b[0] < e.a[0] })
		for _, o := range open {
			if max(o.a[1], o.b[1]) < min(e.a[1], e.b[1]) || min(o.a[1], o.b[1]) > max(e.a[1], e.b[1]) {
				continue
			}
			// Roundings of a crossing of 1e-12 degrees are not told from touching.
			s1, s2, s3, s4 := side(o.a, o.b, e.a), side(o.a, o.b, e.b), side(e.a, e.b, o.a), side(e.a, e.b, o.b)
			const tiny = 1e-15
			if min(s1, s2) < -tiny && max(s1, s2) > tiny && min(s3, s4) < -tiny && max(s3, s4) > tiny {
				t := s3 / (s3 - s4)
				return orb.Point{o.a[0] + t*(o.b[0]-o.a[0]), o.a[1] + t*(o.b[1]-o.a[1])}, true
			}
		}
		open = append(open, e)
	}
	return orb.Point{}, false
}

// drawnType is the type of the outlines of a file by their first feature; empty: it does not say.
func drawnType(f source.File, o source.Options) (typ string) {
	rec := &source.Recorder{Report: &source.Report{}}
	enough := fmt.Errorf("enough")
	_ = layer.Each(rec, o, f, wantedDrawn, layer.Sink{Use: func(_ int, ft layer.Feature) error {
		typ = ft.Attrs["type"].Text
		if typ == "" && (ft.Attrs["code_qp"].Kind != layer.Absent || ft.Attrs["code_qpv"].Kind != layer.Absent) {
			typ = "qpv"
		}
		return enough
	}, Bad: func(int, string) error { return enough }})
	return typ
}
