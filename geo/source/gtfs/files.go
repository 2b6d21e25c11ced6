package gtfs

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
)

// readNames are the files that are read, beside locations.geojson.
var readNames = []string{"agency.txt", "stops.txt", "routes.txt", "calendar.txt", "calendar_dates.txt", "trips.txt", "stop_times.txt",
	"frequencies.txt", "transfers.txt", "feed_info.txt", "location_groups.txt", "location_group_stops.txt", "booking_rules.txt"}

// needed are the files without which nothing is understood.
var needed = []string{"agency.txt", "routes.txt", "trips.txt", "stop_times.txt"}

const locationsName = "locations.geojson"

func isRead(name string) bool { return name == locationsName || slices.Contains(readNames, name) }

// pack is the files of one feed.
type pack struct {
	name    string // of the feed
	address string // of the whole, for what is missing
	files   map[string]member
	unread  []member
}

// member is a file of a feed: within an archive, or itself.
type member struct {
	source.File                // the archive, or the file
	archive     *source.Member // nil: it is no archive
	label       string         // of a member, as reports call it
}

// open reads through a member, to learn how it is written.
func (m member) open(ctx context.Context) (source.File, error) {
	if m.archive == nil {
		return m.File, nil
	}
	return source.InspectMember(ctx, m.File, m.archive.Name, m.label)
}

// gather sorts files into feeds.
func gather(files []source.File) (packs []*pack, err error) {
	var loose *pack
	for _, f := range files {
		if source.IsArchive(f.Head) {
			found, err := unpack(f)
			if err != nil {
				return nil, err
			}
			packs = append(packs, found...)
			continue
		}
		name := strings.ToLower(path.Base(f.Name))
		if !strings.HasSuffix(name, ".txt") && name != locationsName {
			what := source.Foreign(f.Head)
			if what != "" {
				what = "c'est " + what + " ; "
			}
			return nil, source.FailAt(f.Name, 0, "%sattendu un réseau GTFS : une archive zip de agency.txt, stops.txt, routes.txt, trips.txt, stop_times.txt…, ou ces fichiers eux-mêmes", what)
		}
		if loose == nil {
			loose = &pack{name: "réseau", address: f.Name, files: map[string]member{}}
			packs = append(packs, loose)
		}
		loose.put(name, member{File: f})
	}
	return packs, nil
}

func (p *pack) put(name string, m member) {
	if isRead(name) {
		p.files[name] = m
	} else {
		p.unread = append(p.unread, m)
	}
}

// unpack finds the feeds of an archive: one in each folder that has trips, or stops.
func unpack(f source.File) ([]*pack, error) {
	a, err := source.OpenArchive(f)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	of := map[string]*pack{}
	var folders []string
	for _, m := range a.Files {
		if name := strings.ToLower(m.Base()); !m.IsAside() && (name == "trips.txt" || name == "stops.txt" || name == "stop_times.txt" || name == "routes.txt") && of[path.Dir(m.Name)] == nil {
			of[path.Dir(m.Name)] = &pack{files: map[string]member{}}
			folders = append(folders, path.Dir(m.Name))
		}
	}
	if len(folders) == 0 {
		var names []string
		for _, m := range a.Files {
			if !m.IsAside() {
				names = append(names, m.Base())
			}
		}
		return nil, source.FailAt(f.Name, 0, "archive sans stops.txt, routes.txt, trips.txt ni stop_times.txt ; attendu un réseau GTFS ; fichiers de l'archive : %s", source.Shorten(strings.Join(names, ", ")))
	}
	slices.Sort(folders)
	var packs []*pack
	for _, folder := range folders {
		p := of[folder]
		p.name, p.address = stem(f.Name), f.Name
		if len(folders) > 1 {
			p.name += "/" + folder
			p.address += " › " + source.Shorten(folder)
		}
		packs = append(packs, p)
	}
	for _, m := range a.Files {
		p := of[path.Dir(m.Name)]
		if p == nil || m.IsAside() {
			continue
		}
		label := m.Base()
		if len(folders) > 1 {
			label = m.Name
		}
		p.put(strings.ToLower(m.Base()), member{File: f, archive: m, label: label})
	}
	return packs, nil
}

// stem is the name of a file without its end.
func stem(name string) string { return strings.TrimSuffix(path.Base(name), path.Ext(name)) }

// rows is how many rows a file that is not read has: lines that have something, but for the
// header.
func (m member) rows(ctx context.Context) (int, error) {
	var r io.ReadCloser
	var err error
	if m.archive != nil {
		a, err := source.OpenArchive(m.File)
		if err != nil {
			return 0, err
		}
		defer a.Close()
		at := a.Find(m.archive.Name)
		if at == nil {
			return 0, source.FailAt(m.Name, 0, "le fichier a changé pendant l'import ; recommencez")
		}
		if r, err = a.Open(at); err != nil {
			return 0, err
		}
	} else if r, err = m.Input.Open(); err != nil {
		return 0, source.FailAt(m.Name, 0, "%v", source.Readable(err))
	}
	defer r.Close()
	n, some := 0, false
	b := make([]byte, 64<<10)
	for {
		k, err := r.Read(b)
		for rest := b[:k]; len(rest) > 0; {
			at := bytes.IndexByte(rest, '\n')
			line := rest
			if at >= 0 {
				line, rest = rest[:at], rest[at+1:]
			} else {
				rest = nil
			}
			some = some || len(bytes.TrimSpace(line)) > 0
			if at >= 0 && some {
				n, some = n+1, false
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			if some {
				n++
			}
			return max(0, n-1), nil
		case err != nil && ctx.Err() != nil:
			return 0, ctx.Err()
		case err != nil:
			return 0, source.FailAt(m.Name, 0, "archive illisible ; elle est sans doute tronquée ou abîmée")
		}
	}
}

// cells are the fields of a row that were asked for, in that order; "" for those that are
// empty or whose column is absent. They hold until the next row.
type cells struct {
	line int
	v    []string
}

// each reads a file of the feed. present is false when the feed has none, or one without even
// a header. required columns come first in the cells, then optional ones.
func (f *feed) each(name string, required, optional []string, use func(cells) error) (present bool, err error) {
	m, ok := f.pack.files[name]
	if !ok {
		return false, nil
	}
	file, err := m.open(f.ctx)
	if err != nil {
		return false, err
	}
	if len(bytes.TrimSpace(bytes.TrimPrefix(file.Head, source.BOM))) == 0 && !slices.Contains(needed, name) {
		f.tally.Note(file.Name, 0, "", "", "fichiers vides, sans en-tête : %d")
		return false, nil
	}
	f.at[name] = file.Name
	t, err := sheet.OpenAs(file, slices.Concat(required, optional), required, nil)
	if err != nil {
		return false, err
	}
	defer t.Close()
	columns := make([]int, 0, len(required)+len(optional))
	for _, c := range slices.Concat(required, optional) {
		columns = append(columns, t.Column([]string{c}))
	}
	c := cells{v: make([]string, len(columns))}
	return true, sheet.EachRowIn(f.rec, t, func(r sheet.Row) error {
		c.line = r.Line
		for i, k := range columns {
			if c.v[i] = ""; k >= 0 {
				c.v[i] = source.Clean(r.Fields[k])
			}
		}
		if err := use(c); err != nil {
			return err
		}
		return f.room(file.Name, r.Line)
	})
}
