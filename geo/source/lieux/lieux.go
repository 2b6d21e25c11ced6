// Package lieux reads the lieux de médiation numérique and their tournées, in any of
// the layouts in which they are published.
package lieux

import (
	"context"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Lieux reads the lieux de médiation numérique, in any of the layouts in which they
// are published. The layout is told from the columns or keys of each file; files of
// several layouts may be read together.
//
//	national schema v1.0.2   CSV, XLSX; also as JSON
//	national schema v0.1     CSV, XLSX or JSON, its 15 services brought to the 9 of today
//	data·inclusion v0, v1    JSON, CSV, XLSX: structures and services, in one file or several
//	France Services          the official list, CSV or XLSX; see [FranceServices]
//	any other                with [source.Options.Lieux]; see [ReadMapping]
//
// JSON is a list of objects, an object that holds such lists, or one object per line
// (NDJSON). Lists of values are cut at "|" and at ";", or are JSON lists. Names of
// columns are compared without case, accents and signs, and usual slips are known
// (conditions_access). Columns that no layout has are passed over.
//
// Values are read as offices send them, and the report says so once per file: decimal
// commas, days before months, dates with a time, codes without their zero, latitude and
// longitude in one column (geo_point_2d).
//
// Every column of the national schema is kept (see [lieu.Details]). Of contacts, only
// those of the place are: see readPhones and readMails; those that were slipped into a
// name, an address, hours or free text are struck out. Control characters and those
// that turn the direction of writing are removed, long texts are cut, links are of the
// web. Who is received is told by the table at [reception].
//
// Rejected: no id or nom, an id already seen, coordinates that are not degrees
// (metres and lost decimal points are named as such), latitude and longitude swapped.
// Kept with a warning: no coordinates or 0/0 (Located is false), services, horaires,
// code_insee, date_maj or site_web that are not understood, which are then unknown. A
// file of which no service is understood, though it names some, ends the import, and so
// does one whose accents are all damaged.
//
// With [source.Options.Moves], codes of communes that were merged or renamed are those of
// today. Whether a commune is one, and the position in it, is asked when an edition is
// computed: whichever was imported first, communes or lieux.
func Lieux(ctx context.Context, in []source.Input, o source.Options) (*source.Import[lieu.Lieu], error) {
	return source.Open(ctx, store.Lieux, in, o, formatOf(o), func(rec *source.Recorder, files []source.File, emit func(lieu.Lieu) error) error {
		all, err := openAll(files, o)
		if err != nil {
			return err
		}
		return readLieux(rec, o, all, emit)
	})
}

// formatOf names the layouts of the files of an import, for the manifest. A file that
// cannot be told is told of when it is read.
func formatOf(o source.Options) func([]source.File) string {
	return func(files []source.File) string {
		var formats []string
		for _, f := range files {
			if l, err := openLieux(f, o); err == nil && !slices.Contains(formats, l.format()) {
				formats = append(formats, l.format())
			}
		}
		return strings.Join(formats, " ; ")
	}
}

func openAll(files []source.File, o source.Options) (all []lieuxFile, err error) {
	for _, f := range files {
		l, err := openLieux(f, o)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// lieuxReader is one import of lieux under way.
type lieuxReader struct {
	*source.Recorder
	o          source.Options
	seen       map[string]source.Address // by id
	emit       func(lieu.Lieu) error
	offers     *offers // of the data·inclusion files
	notes      notes
	understood understanding // of the file that is being read
}

func readLieux(rec *source.Recorder, o source.Options, files []lieuxFile, emit func(lieu.Lieu) error) error {
	r := &lieuxReader{Recorder: rec, o: o, seen: map[string]source.Address{}, emit: emit}
	var pairs []lieuxFile
	for _, f := range files {
		if f.layout == dataInclusion {
			pairs = append(pairs, f)
		}
	}
	if pairs != nil {
		if err := r.readOffers(pairs); err != nil {
			return err
		}
	}
	for _, f := range files {
		s, err := r.survey(f)
		if err != nil {
			return err
		}
		r.understood = understanding{}
		switch f.layout {
		case franceServices:
			err = r.readFranceServices(f, s)
		case dataInclusion:
			err = r.readStructures(f, s)
		default:
			err = r.readSchema(f, s)
		}
		if err != nil {
			return err
		}
		if err := r.understood.verdict(f.Name); err != nil {
			return err
		}
	}
	if pairs != nil {
		if err := r.endOffers(pairs); err != nil {
			return err
		}
	}
	r.tellNotes()
	return nil
}

// readSchema reads a file of the national schema.
func (r *lieuxReader) readSchema(f lieuxFile, s survey) error {
	return r.eachCounted(f, func(c lieuRecord) error {
		l, ok := r.readLieu(c, s)
		if !ok {
			return nil
		}
		return r.keep(c, l, l.Services != 0)
	})
}

// eachCounted reads the records of a file, counting them and rejecting those that
// are broken.
func (r *lieuxReader) eachCounted(f lieuxFile, use func(lieuRecord) error) error {
	r.NoteText(f.File)
	if f.m != nil {
		f.m.tell = func(field, sentence string) { r.note(f.Name, field, sentence) }
	}
	return f.each(
		func(c lieuRecord) error {
			if r.Read++; c.left {
				r.Skipped++
				return nil
			}
			if err := use(c); err != nil {
				return err
			}
			return r.Overflow()
		},
		func(row int, reason string) error {
			r.Read++
			r.Reject(f.Name, row, "", "", reason)
			return r.Overflow()
		})
}

// keep hands over a lieu, where services are given or not, unless its id was already seen.
func (r *lieuxReader) keep(c lieuRecord, l lieu.Lieu, gives bool) error {
	if first, dup := r.seen[l.ID]; dup {
		r.Reject(c.file, c.row, "id", l.ID, "identifiant déjà présent à "+first.String())
		return nil
	}
	reception(&l, gives)
	if l.AccueilInconnu {
		r.note(c.file, "", "rien ne dit que le public est reçu : accueil inconnu dans %s")
	}
	if l.Itinerant && !l.NoPublic {
		r.Warn(c.file, c.row, "itinerance", l.Nom, "ses arrêts ne sont pas dans ce fichier ; importez sa tournée : maillage import tournees FICHIER")
	}
	r.seen[l.ID] = source.Address{File: c.file, Row: c.row}
	if r.Sources == nil {
		r.Sources = map[string]int{}
	}
	r.Sources[l.Source]++
	return r.emit(l)
}
