package layer

import (
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
)

// bundle is where the files of shapefiles are: an archive, or a .shp and what lies beside
// it. A file that is given twice is that of the first.
type bundle struct {
	name    string // of the input
	files   []member
	ctx     context.Context
	archive *source.Archive // nil for files that are not packed
	verify  func() error    // that what was read is what was hashed
}

// member is one file of a bundle.
type member struct {
	name  string // with the folders of an archive
	open  func() (io.ReadCloser, error)
	fault func(format string, args ...any) error // ends the import at this file
}

func openBundle(f source.File) (*bundle, error) {
	b := &bundle{name: f.Name, ctx: f.Context()}
	if source.IsShape(f.Head) {
		parts := append([]source.File{f}, f.Beside...)
		for _, part := range parts {
			b.files = append(b.files, member{
				name:  part.Name,
				open:  func() (io.ReadCloser, error) { return part.Open() },
				fault: func(format string, args ...any) error { return source.FailAt(part.Name, 0, format, args...) },
			})
		}
		b.verify = func() error {
			for _, part := range parts {
				if err := part.Verify(); err != nil {
					return err
				}
			}
			return nil
		}
		return b, nil
	}
	a, err := source.OpenArchive(f)
	if err != nil {
		return nil, err
	}
	b.archive, b.verify = a, f.Verify
	for _, m := range a.Files {
		if m.IsAside() {
			continue
		}
		name := m.Name
		if base := m.Base(); base != path.Base(name) {
			name = strings.TrimSuffix(name, path.Base(name)) + base
		}
		b.files = append(b.files, member{
			name:  name,
			open:  func() (io.ReadCloser, error) { return a.Open(m) },
			fault: func(format string, args ...any) error { return a.Fault(m, format, args...) },
		})
	}
	return b, nil
}

func (b *bundle) close() {
	if b.archive != nil {
		b.archive.Close()
	}
}

// find gives the file of that path, in capitals or not; nil when there is none.
func (b *bundle) find(name string) *member {
	for i := range b.files {
		if strings.EqualFold(b.files[i].name, name) {
			return &b.files[i]
		}
	}
	return nil
}

// small reads a file of a few lines; "" when there is none.
func (b *bundle) small(name string) (string, error) {
	m := b.find(name)
	if m == nil {
		return "", nil
	}
	r, err := m.open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, 16<<10))
	if err != nil {
		return "", m.fault("illisible ; le fichier est abîmé")
	}
	return string(text), nil
}

// shapefiles lists the layers of a bundle, in its order.
func shapefiles(b *bundle) ([]shapes, error) {
	named := map[string]int{}
	for _, f := range b.files {
		if base := path.Base(f.name); strings.EqualFold(path.Ext(base), ".shp") {
			named[strings.ToLower(strings.TrimSuffix(base, path.Ext(base)))]++
		}
	}
	var all []shapes
	for i := range b.files {
		f := &b.files[i]
		ext := path.Ext(f.name)
		if !strings.EqualFold(ext, ".shp") {
			continue
		}
		base := strings.TrimSuffix(f.name, ext)
		s := shapes{shp: f, dbf: b.find(base + ".dbf")}
		s.Name = path.Base(base)
		if named[strings.ToLower(s.Name)] > 1 { // once per territory: its folder tells which
			s.Name = path.Join(path.Base(path.Dir(base)), s.Name)
		}
		if s.dbf == nil {
			return nil, f.fault("pas de fichier .dbf à côté ; attendu les fichiers .shp, .dbf et .prj de la couche")
		}
		if err := s.describe(b, base); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	if all == nil {
		return nil, source.FailAt(b.name, 0, "%s", b.without())
	}
	return all, nil
}

// without says that a bundle has no layer.
func (b *bundle) without() string {
	for _, f := range b.files {
		if strings.EqualFold(path.Ext(f.name), ".gpkg") {
			return fmt.Sprintf("archive de plusieurs GeoPackages, comme %s ; décompressez-la, puis importez celui qu'il faut", source.Shorten(path.Base(f.name)))
		}
	}
	return "archive sans fichier .shp ; attendu une couche ESRI Shapefile (.shp, .dbf, .prj)"
}
