package layer

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
)

// shapes is one layer of shapefiles.
type shapes struct {
	Layer
	shp, dbf *member
	encoding string
	box      [4]float64 // of all its positions: west, south, east, north
}

// describe reads what the small files, and the headers of the large ones, say of a layer.
func (s *shapes) describe(b *bundle, base string) error {
	wkt, err := b.small(base + ".prj")
	if err != nil {
		return err
	}
	s.CRS = systemOfWKT(wkt)
	if s.encoding, err = b.small(base + ".cpg"); err != nil {
		return err
	}
	r, err := s.dbf.open()
	if err != nil {
		return err
	}
	d, _, err := openDBF(r, s.encoding)
	r.Close()
	if err != nil {
		return s.dbf.fault("%v", err)
	}
	for _, field := range d.fields {
		s.Columns = append(s.Columns, field.name)
	}
	if r, err = s.shp.open(); err != nil {
		return err
	}
	defer r.Close()
	var h [100]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return nil // told when the layer is read
	}
	for i := range s.box {
		s.box[i] = float(h[36+8*i:])
	}
	if kind, _, ok := flat(binary.LittleEndian.Uint32(h[32:])); ok {
		s.Type = shapeTypes[kind]
	}
	return nil
}

// readShapefile streams the features of a layer of shapefiles, numbered from 1 in the order
// of the file. choose picks it among those there are.
func readShapefile(rec *source.Recorder, o source.Options, f source.File, choose func([]Layer) (Layer, error), to Sink) error {
	b, err := openBundle(f)
	if err != nil {
		return err
	}
	defer b.close()
	found, err := shapefiles(b)
	if err != nil {
		return err
	}
	layers := make([]Layer, len(found))
	for i, s := range found {
		layers[i] = s.Layer
	}
	l, err := choose(layers)
	if err != nil {
		return err
	}
	s := found[slices.IndexFunc(found, func(s shapes) bool { return s.Name == l.Name })]
	crs, err := systemOf(rec, o, f.Name, s.CRS, func() string { return resembling((s.box[0]+s.box[2])/2, (s.box[1]+s.box[3])/2) })
	if err != nil {
		return err
	}
	if err := s.read(rec, b, crs, to); err != nil {
		return err
	}
	return b.verify()
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

// read streams a layer: its shapes and its attributes side by side.
func (s *shapes) read(rec *source.Recorder, b *bundle, crs geo.CRS, to Sink) error {
	table, err := s.dbf.open()
	if err != nil {
		return err
	}
	defer table.Close()
	d, known, err := openDBF(bufio.NewReader(table), s.encoding)
	if err != nil {
		return s.dbf.fault("%v", err)
	}
	if !known {
		rec.Warn(b.name, 0, "encodage", strings.TrimSpace(s.encoding), "non compris (fichier .cpg) ; textes lus comme de l'UTF-8, sinon du Windows-1252")
	}
	defer func() {
		if d.wrong > 0 {
			rec.Warn(b.name, 0, "encodage", strings.TrimSpace(s.encoding), fmt.Sprintf("annoncé par le fichier .cpg de %s ; textes qui n'en sont pas, lus en Windows-1252 : %d", s.Name, d.wrong))
		}
	}()
	file, err := s.shp.open()
	if err != nil {
		return err
	}
	defer file.Close()
	shp, reason := openSHP(bufio.NewReader(file))
	if reason != "" {
		return s.shp.fault("%s", reason)
	}
	for n := 1; ; n++ {
		record, reason := shp.next()
		if reason != "" {
			return s.shp.fault("objet %d : %s", n, reason)
		}
		values, deleted, err := d.next()
		switch {
		case err != nil && err != io.EOF:
			return s.dbf.fault("objet %d : %v", n, err)
		case (record == nil) != (err == io.EOF):
			return s.shp.fault("il n'a pas autant d'objets que le fichier .dbf ; la couche est tronquée")
		case record == nil:
			return nil
		case deleted:
			continue
		}
		ft := Feature{Attrs: make(map[string]Property, len(values)), CRS: crs}
		for i, field := range d.fields {
			ft.Attrs[field.name] = values[i]
		}
		ft.Outline = func() (orb.MultiPolygon, string, string) {
			outline, reason := decodeShape(b.ctx, record)
			if reason != "" {
				return nil, "", reason
			}
			return soundOutline(b.ctx, outline, crs)
		}
		ft.Vertices = func() ([][]Vertex, string) { return vertices(record) }
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
	if _, _, ok := flat(binary.LittleEndian.Uint32(h[32:])); !ok {
		return nil, "type de géométrie non admis ; attendu des points, des lignes ou des polygones"
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
