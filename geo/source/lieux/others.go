package lieux

import (
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
)

// Mapped is a record of a list of another kind, read by a mapping.
type Mapped struct {
	File    string
	Row     int
	Get     func(field string) string // as [ReadMapping] names fields
	At      geo.LonLat
	Located bool
	Fault   *source.Fault // of a position that is there and cannot be one
}

// EachMapped reads the records of files by the mapping of o, as lieux are read: names of
// columns, positions, sheets and lists in JSON. It counts them, and rejects those that are
// broken.
func EachMapped(rec *source.Recorder, o source.Options, files []source.File, use func(Mapped) error) error {
	all, err := openAll(files, o)
	if err != nil {
		return err
	}
	r := &lieuxReader{Recorder: rec, o: o}
	for _, f := range all {
		s, err := r.survey(f)
		if err != nil {
			return err
		}
		err = r.eachCounted(f, func(c lieuRecord) error {
			p, form, bad := s.position(c)
			return use(Mapped{File: c.file, Row: c.row, Get: c.get, At: p, Located: bad == nil && form != nowhere && p != geo.LonLat{}, Fault: bad})
		})
		if err != nil {
			return err
		}
	}
	r.tellNotes()
	return nil
}
