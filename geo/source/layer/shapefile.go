package layer

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"math"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
)

// Types of shapes (ESRI Shapefile Technical Description, 1998). Those with
// elevations or measures give them after the positions.
const (
	shapeNull     = 0
	shapePolygon  = 5
	shapePolygonZ = 15
	shapePolygonM = 25
)

// maxRings is how many rings an outline may have: France has 3 000 islands.
const maxRings = 10_000

// shapes is one layer of a zip of shapefiles.
type shapes struct {
	Layer
	shp, dbf *zip.File
	encoding string
}

// readShapefile streams the features of the layer of a zip of shapefiles that
// fits, numbered from 1 in the order of the file.
func readShapefile(rec *source.Recorder, o source.Options, f source.File, want Wanted, to Sink) error {
	a, err := source.OpenArchive(f)
	if err != nil {
		return err
	}
	defer a.Close()
	found, err := shapefiles(a)
	if err != nil {
		return err
	}
	layers := make([]Layer, len(found))
	for i, s := range found {
		layers[i] = s.Layer
	}
	l, err := chooseLayer(f.Name, layers, want, o.Layer)
	if err != nil {
		return err
	}
	s := found[slices.IndexFunc(found, func(s shapes) bool { return s.Name == l.Name })]
	crs, err := systemOf(rec, o, f.Name, s.CRS, func() string { return hintOf(a, s) })
	if err != nil {
		return err
	}
	if err := readShapes(rec, a, s, crs, to); err != nil {
		return err
	}
	return f.Verify()
}

// hintOf is what the box that a layer announces looks like; "" when that is unclear.
func hintOf(a *source.Archive, s shapes) string {
	r, err := a.Open(s.shp)
	if err != nil {
		return ""
	}
	defer r.Close()
	var h [68]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return ""
	}
	at := func(i int) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(h[36+8*i:])) }
	return resembling((at(0)+at(2))/2, (at(1)+at(3))/2)
}

// shapefiles lists the layers of an archive, in its order.
func shapefiles(a *source.Archive) ([]shapes, error) {
	var all []shapes
	for _, f := range a.Files {
		ext := path.Ext(f.Name)
		if !strings.EqualFold(ext, ".shp") || source.IsAside(f) {
			continue
		}
		base := strings.TrimSuffix(f.Name, ext)
		s := shapes{shp: f, dbf: a.Find(base + ".dbf")}
		s.Name = strings.TrimSuffix(source.MemberName(f), path.Ext(f.Name))
		if s.dbf == nil {
			return nil, a.Fault(f, "pas de fichier .dbf à côté ; attendu les fichiers .shp, .dbf et .prj de la couche")
		}
		wkt, err := small(a, base+".prj")
		if err != nil {
			return nil, err
		}
		s.CRS = systemOfWKT(wkt)
		if s.encoding, err = small(a, base+".cpg"); err != nil {
			return nil, err
		}
		r, err := a.Open(s.dbf)
		if err != nil {
			return nil, err
		}
		d, _, err := openDBF(r, s.encoding)
		r.Close()
		if err != nil {
			return nil, a.Fault(s.dbf, "%v", err)
		}
		for _, field := range d.fields {
			s.Columns = append(s.Columns, field.name)
		}
		all = append(all, s)
	}
	if all == nil {
		return nil, source.FailAt(a.Name, 0, "archive zip sans fichier .shp ; attendu une couche ESRI Shapefile (.shp, .dbf, .prj)")
	}
	return all, nil
}

// small reads a file of a few lines; "" when there is none.
func small(a *source.Archive, name string) (string, error) {
	f := a.Find(name)
	if f == nil {
		return "", nil
	}
	r, err := a.Open(f)
	if err != nil {
		return "", err
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, 16<<10))
	if err != nil {
		return "", a.Fault(f, "illisible ; l'archive est abîmée")
	}
	return string(text), nil
}

var (
	wktName      = regexp.MustCompile(`(?i)^\s*(PROJCS|GEOGCS|PROJCRS|GEOGCRS|GEODCRS)\s*\[\s*"([^"]*)"`)
	wktAuthority = regexp.MustCompile(`(?i)(?:AUTHORITY|ID)\s*\[\s*"EPSG"\s*,\s*"?(\d+)"?\s*\]\s*\]\s*$`)
)

// systemOfWKT is the reference system that a .prj file describes, as ParseCRS
// reads it: by the code at its end when there is one, else by the names that ESRI,
// GDAL and IGN give to the systems we know. Otherwise it is the name itself.
func systemOfWKT(wkt string) string {
	if code := wktAuthority.FindStringSubmatch(wkt); code != nil {
		if c, err := geo.ParseCRS(code[1]); err == nil {
			return c.String()
		}
	}
	m := wktName.FindStringSubmatch(wkt)
	if m == nil {
		return strings.TrimSpace(wkt)
	}
	projected := strings.HasPrefix(strings.ToUpper(m[1]), "PROJ")
	name := strings.ReplaceAll(source.Slug(m[2]), "-", "")
	switch {
	case projected && strings.Contains(name, "lambert93"):
		return geo.Lambert93.String()
	case projected && (strings.Contains(name, "webmercator") || strings.Contains(name, "pseudomercator")):
		return geo.WebMercator.String()
	case projected && strings.Contains(name, "laea") && strings.HasPrefix(name, "etrs"):
		return geo.LAEA.String()
	case !projected && (strings.Contains(name, "wgs1984") || strings.Contains(name, "wgs84") ||
		strings.Contains(name, "rgf1993") || strings.Contains(name, "rgf93") || strings.Contains(name, "etrs1989") || strings.Contains(name, "etrs89")):
		return geo.WGS84.String()
	}
	return m[2]
}

// readShapes streams a layer: its shapes and its attributes side by side.
func readShapes(rec *source.Recorder, a *source.Archive, s shapes, crs geo.CRS, to Sink) error {
	table, err := a.Open(s.dbf)
	if err != nil {
		return err
	}
	defer table.Close()
	d, known, err := openDBF(bufio.NewReader(table), s.encoding)
	if err != nil {
		return a.Fault(s.dbf, "%v", err)
	}
	if !known {
		rec.Warn(a.Name, 0, "encodage", strings.TrimSpace(s.encoding), "non compris (fichier .cpg) ; textes lus comme de l'UTF-8, sinon du Windows-1252")
	}
	file, err := a.Open(s.shp)
	if err != nil {
		return err
	}
	defer file.Close()
	shp, reason := openSHP(bufio.NewReader(file))
	if reason != "" {
		return a.Fault(s.shp, "%s", reason)
	}
	for n := 1; ; n++ {
		record, reason := shp.next()
		if reason != "" {
			return a.Fault(s.shp, "objet %d : %s", n, reason)
		}
		values, deleted, err := d.next()
		switch {
		case err != nil && err != io.EOF:
			return a.Fault(s.dbf, "objet %d : %v", n, err)
		case (record == nil) != (err == io.EOF):
			return a.Fault(s.shp, "il n'a pas autant d'objets que le fichier .dbf ; la couche est tronquée")
		case record == nil:
			return nil
		case deleted:
			continue
		}
		ft := Feature{Attrs: make(map[string]Property, len(values))}
		for i, field := range d.fields {
			ft.Attrs[field.name] = values[i]
		}
		ft.Outline = func() (orb.MultiPolygon, string, string) {
			outline, reason := decodeShape(a.Context(), record)
			if reason != "" {
				return nil, "", reason
			}
			return soundOutline(a.Context(), outline, crs)
		}
		if err := to.Use(n, ft); err != nil {
			return err
		}
	}
}

// shp reads the shapes of a layer.
type shp struct {
	r      io.Reader
	left   int64 // bytes still to come, as the header says
	record []byte
}

func openSHP(r io.Reader) (*shp, string) {
	var h [100]byte
	if _, err := io.ReadFull(r, h[:]); err != nil || binary.BigEndian.Uint32(h[:]) != 9994 || binary.LittleEndian.Uint32(h[28:]) != 1000 {
		return nil, "ce n'est pas un fichier .shp ; attendu une couche ESRI Shapefile"
	}
	switch binary.LittleEndian.Uint32(h[32:]) {
	case shapePolygon, shapePolygonZ, shapePolygonM:
	default:
		return nil, "la couche n'est pas faite de surfaces ; attendu des polygones"
	}
	return &shp{r: r, left: 2*int64(binary.BigEndian.Uint32(h[24:])) - int64(len(h))}, ""
}

// next reads the content of the next record, valid until the one after; nil at the
// end.
func (s *shp) next() (_ []byte, reason string) {
	const cut = "fichier tronqué"
	if s.left <= 0 {
		return nil, ""
	}
	var h [8]byte
	if _, err := io.ReadFull(s.r, h[:]); err != nil {
		return nil, cut
	}
	n := 2 * int64(binary.BigEndian.Uint32(h[4:]))
	s.left -= int64(len(h)) + n
	switch {
	case n > source.MaxFeature:
		return nil, "objet de plus de 8 Mio ; attendu des contours plus simples"
	case n < 4 || s.left < 0:
		return nil, cut
	}
	if int64(cap(s.record)) < n {
		s.record = make([]byte, n)
	}
	s.record = s.record[:n]
	if _, err := io.ReadFull(s.r, s.record); err != nil {
		return nil, cut
	}
	return s.record, ""
}

// decodeShape reads the polygons of a record: rings wound clockwise are outlines,
// the others holes of the smallest outline around them. A ring wound as a hole with
// no outline around is an outline: some programs do not wind as they should.
func decodeShape(ctx context.Context, b []byte) (_ orb.MultiPolygon, reason string) {
	const cut = "géométrie non comprise ; attendu un polygone"
	switch binary.LittleEndian.Uint32(b) {
	case shapeNull:
		return nil, "géométrie absente ; attendu un polygone"
	case shapePolygon, shapePolygonZ, shapePolygonM:
	default:
		return nil, cut
	}
	const head = 4 + 32 + 8 // type, box, counts
	if len(b) < head {
		return nil, cut
	}
	parts, points := int64(binary.LittleEndian.Uint32(b[36:])), int64(binary.LittleEndian.Uint32(b[40:]))
	if head+4*parts+16*points > int64(len(b)) {
		return nil, cut
	}
	if parts > maxRings {
		return nil, "plus de 10 000 anneaux ; attendu des contours plus simples"
	}
	starts, positions := b[head:head+4*parts], b[head+4*parts:]
	var rings []orb.Ring
	for i := range parts {
		from, to := int64(binary.LittleEndian.Uint32(starts[4*i:])), points
		if i+1 < parts {
			to = int64(binary.LittleEndian.Uint32(starts[4*i+4:]))
		}
		if from > to || to > points {
			return nil, cut
		}
		ring := make(orb.Ring, to-from)
		for k := range ring {
			at := positions[16*(from+int64(k)):]
			x, y := math.Float64frombits(binary.LittleEndian.Uint64(at)), math.Float64frombits(binary.LittleEndian.Uint64(at[8:]))
			if math.IsNaN(x+y) || math.IsInf(x+y, 0) {
				return nil, "position non comprise ; attendu des nombres"
			}
			ring[k] = orb.Point{x, y}
		}
		rings = append(rings, ring)
	}
	return nest(ctx, rings), ""
}

// nest makes polygons of rings.
func nest(ctx context.Context, rings []orb.Ring) orb.MultiPolygon {
	type outer struct {
		orb.Bound
		area float64
	}
	var mp orb.MultiPolygon
	var outers []outer
	add := func(r orb.Ring) {
		mp = append(mp, orb.Polygon{r})
		outers = append(outers, outer{r.Bound(), math.Abs(signedArea(r))})
	}
	var holes []orb.Ring
	for _, r := range rings {
		// What is no ring at all is an outline too: it will be told of as such.
		if len(r) < 4 || r[0] != r[len(r)-1] || r.Orientation() != orb.CCW {
			add(r)
		} else {
			holes = append(holes, r)
		}
	}
	wound := len(outers)
	for _, h := range holes {
		if ctx.Err() != nil {
			return nil // a hole may be looked for in ten thousand outlines
		}
		p, best := InnerPoint(orb.MultiPolygon{{h}}), -1
		for i := range wound {
			if outers[i].Contains(orb.Point{p.Lon, p.Lat}) && (best < 0 || outers[i].area < outers[best].area) &&
				Inside(orb.MultiPolygon{mp[i][:1]}, p) {
				best = i
			}
		}
		if best < 0 {
			add(h)
		} else {
			mp[best] = append(mp[best], h)
		}
	}
	return mp
}

// signedArea is the area of a ring in the units of its coordinates, positive when
// it is wound counter-clockwise.
func signedArea(r orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		sum += (r[i-1][0]-r[0][0])*(r[i][1]-r[0][1]) - (r[i][0]-r[0][0])*(r[i-1][1]-r[0][1])
	}
	return sum / 2
}
