package source

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/store"
)

// Unpack gives the file that an archive was sent for: the one of a gzip, the table, layer or
// GeoPackage of a zip or 7z. Any other file comes back as it is, and so do archives that are
// a format of their own: workbooks, shapefiles, timetables; of roads, all but those of a
// GeoPackage. Of several files in an archive, asked names one. Limits are those of [Archive].
func Unpack(ctx context.Context, f File, kind store.Kind, asked string) (File, error) {
	switch {
	case IsGzip(f.Head) && kind != store.Roads.Kind: // a format of roads
		return inspectInner(ctx, f, strings.TrimSuffix(f.Name, ".gz"), func() (io.ReadCloser, error) { return openGzip(ctx, f) })
	case !IsArchive(f.Head), kind == store.GTFS.Kind: // a feed is all the files of an archive
		return f, nil
	}
	a, err := OpenArchive(f)
	if err != nil && Is7z(f.Head) {
		return f, err
	}
	if err != nil {
		return f, nil // its reader says why
	}
	defer a.Close()
	member, err := a.wanted(asked)
	if kind == store.Roads.Kind && !strings.EqualFold(path.Ext(member), ".gpkg") {
		return f, nil
	}
	if err != nil || member == "" {
		return f, err
	}
	return InspectMember(ctx, f, member, path.Base(member))
}

// InspectMember reads through the file of that path in an archive. name is how reports call
// it, after the archive's.
func InspectMember(ctx context.Context, f File, member, name string) (File, error) {
	return inspectInner(ctx, f, name, func() (io.ReadCloser, error) {
		a, err := OpenArchive(f)
		if err != nil {
			return nil, err
		}
		m := a.Find(member)
		if m == nil {
			a.Close()
			return nil, FailAt(f.Name, 0, "le fichier a changé pendant l'import ; recommencez")
		}
		r, err := a.Open(m)
		if err != nil {
			a.Close()
			return nil, err
		}
		return inner{r, []io.Closer{r, a.closer}}, nil
	})
}

func inspectInner(ctx context.Context, f File, name string, open func() (io.ReadCloser, error)) (File, error) {
	got, err := Inspect(ctx, Input{Name: f.Name + " › " + Shorten(name), Open: open})
	var told Fatal
	if err != nil && !errors.As(err, &told) && ctx.Err() == nil {
		err = FailAt(f.Name, 0, "archive illisible ; elle est sans doute tronquée ou abîmée")
	}
	return got, err
}

// inner is a file within another, closed with it.
type inner struct {
	io.Reader
	closers []io.Closer
}

func (i inner) Close() (err error) {
	for _, c := range i.closers {
		err = errors.Join(err, c.Close())
	}
	return err
}

// readable are the ends of names of files that are read.
var readable = []string{".csv", ".tsv", ".tab", ".txt", ".json", ".geojson", ".ndjson", ".jsonl", ".xlsx", ".gpkg"}

// packed are the ends of names of archives, which are not looked into when they are in another.
var packed = []string{".7z", ".zip", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst"}

// besideData are words of names of what is sent with data to explain it.
var besideData = []string{"meta", "dictionnaire", "lisez", "lire", "readme", "documentation", "notice", "licence", "license", "varmod"}

// wanted is the path of the file that an archive was sent for; "" when it is a format of
// its own, or has nothing that is read.
func (a *Archive) wanted(asked string) (string, error) {
	var data, beside, archives []string
	for _, f := range a.Files {
		name := strings.ToLower(path.Base(f.Name))
		ext := path.Ext(name)
		switch {
		case f.IsAside():
		case f.Name == "xl/workbook.xml", f.Name == "mimetype", f.Name == "[Content_Types].xml", name == "stops.txt", ext == ".shp":
			return "", nil
		case slices.Contains(packed, ext):
			archives = append(archives, path.Base(f.Name))
		case !slices.Contains(readable, ext):
		case asked != "" && (strings.EqualFold(f.Name, asked) || strings.EqualFold(path.Base(f.Name), asked) || strings.EqualFold(strings.TrimSuffix(name, ext), asked)):
			return f.Name, nil
		case slices.ContainsFunc(besideData, func(word string) bool { return strings.Contains(name, word) }):
			beside = append(beside, f.Name)
		default:
			data = append(data, f.Name)
		}
	}
	if data == nil {
		data = beside
	}
	switch {
	case len(data) == 0 && archives != nil:
		return "", FailAt(a.Name, 0, "archive d'archives (%s) ; décompressez-la, puis importez celle qu'il faut", Shorten(strings.Join(archives, ", ")))
	case len(data) == 0:
		return "", nil
	case len(data) > 1:
		names, seen := make([]string, len(data)), map[string]bool{}
		for i, name := range data {
			if names[i] = path.Base(name); seen[names[i]] {
				copy(names, data) // with their folders, which tell them apart
				break
			}
			seen[names[i]] = true
		}
		return "", FailAt(a.Name, 0, "archive de plusieurs fichiers ; choisissez-en un (--layer) parmi : %s", Shorten(strings.Join(names, ", ")))
	}
	return data[0], nil
}

// openGzip inflates a file, within the limits of archives.
func openGzip(ctx context.Context, f File) (io.ReadCloser, error) {
	r, err := f.Input.Open()
	if err != nil {
		return nil, FailAt(f.Name, 0, "%v", Readable(err))
	}
	z, err := gzip.NewReader(Interruptible(ctx, r))
	if err != nil {
		r.Close()
		return nil, FailAt(f.Name, 0, "fichier gzip illisible ; il est sans doute tronqué ou abîmé")
	}
	most := min(maxMember, max(freeFile, maxRatio*f.Bytes))
	return inner{&bounded{z, most, f.Name}, []io.Closer{z, r}}, nil
}

// bounded ends an import that inflates beyond a bound.
type bounded struct {
	r    io.Reader
	left int64
	name string
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, FailAt(b.name, 0, "décompressé, il serait plus de %d fois plus gros, ou de plus de %d Mio ; attendu les données seules", maxRatio, maxMember>>20)
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left+1)])
	b.left -= int64(n)
	if err != nil && err != io.EOF {
		err = FailAt(b.name, 0, "fichier gzip abîmé ou tronqué ; téléchargez-le à nouveau")
	}
	return n, err
}
