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
//	national schema v1.0.2   CSV; also as JSON
//	national schema v0.1     CSV or JSON, its 15 services brought to the 9 of today
//	data·inclusion v0, v1    JSON: structures and services, in one file or several
//	France Services          the official list, CSV; see [FranceServices]
//
// JSON is a list of objects, an object that holds such lists, or one object per line
// (NDJSON). Lists of values are cut at "|" and at ";", or are JSON lists. Names of
// columns are compared without case, accents and signs, and usual slips are known
// (conditions_access). Columns that no layout has are passed over. Phones, mails and
// names of persons are never kept; those that were slipped into a name, an address
// or hours are struck out.
//
// Rejected: no id or nom, an id already seen, coordinates that are not degrees
// (Lambert-93 metres are named as such), latitude and longitude swapped. Kept with a
// warning: no coordinates or 0/0 (Located is false), services, horaires, code_insee,
// date_maj or site_web that are not understood, which are then unknown.
//
// With [source.Options.Outlines], a position up to 1 km outside the commune that the row
// names is kept with a warning: outlines are generalised, and addresses are often
// on a border. Further out one of the two is wrong, nobody knows which: the lieu is
// kept with its commune, its position is unknown.
func Lieux(ctx context.Context, in []source.Input, o source.Options) (*source.Import[lieu.Lieu], error) {
	return source.Open(ctx, store.Lieux, in, o, lieuxFormat, func(rec *source.Recorder, files []source.File, emit func(lieu.Lieu) error) error {
		return readLieux(rec, o, files, emit)
	})
}

// layout is how a file of lieux is written.
type layout uint8

const (
	schemaCSV layout = iota // also what none of the others is: its header says what lacks
	oldSchemaCSV
	schemaJSON
	dataInclusion
	franceServicesCSV
)

func (l layout) String() string {
	return [...]string{
		"CSV, schéma lieux de médiation numérique v1.0.2",
		"CSV, schéma lieux de médiation numérique v0.1",
		"JSON, schéma lieux de médiation numérique",
		"JSON, data·inclusion",
		"CSV, liste officielle France Services",
	}[l]
}

// The columns that a file of lieux cannot go without: the schema's own required
// ones that we use, and those that the product rests on. v0.1 did not require
// coordinates.
var (
	lieuxColumns    = []string{"id", "nom", "commune", "code_postal", "adresse", "latitude", "longitude", "date_maj", "services"}
	oldLieuxColumns = []string{"id", "nom", "commune", "code_postal", "adresse", "services"}
)

// The columns that only one version of the national schema has.
var (
	newSchemaOnly = []string{"itinerance", "frais_a_charge", "dispositif_programmes_nationaux", "modalites_acces", "publics_specifiquement_adresses", "prise_en_charge_specifique", "formations_labels", "fiche_acces_libre", "courriels"}
	oldSchemaOnly = []string{"conditions_acces", "labels_nationaux", "labels_autres", "publics_accueillis", "accessibilite", "cle_ban", "structure_id", "courriel"}
)

// layoutOf tells the layout of a file from its first bytes.
func layoutOf(f source.File) layout {
	if source.IsJSON(f.Head) {
		if isDataInclusion(f.Head) {
			return dataInclusion
		}
		return schemaJSON
	}
	names := columnsOf(f)
	has := func(list []string) bool {
		return slices.ContainsFunc(list, func(c string) bool { _, ok := names[c]; return ok })
	}
	switch {
	case has([]string{"id_fs"}) && has([]string{"format_fs", "lib_fs"}):
		return franceServicesCSV
	case has(oldSchemaOnly) && !has(newSchemaOnly):
		return oldSchemaCSV
	}
	return schemaCSV
}

// lieuxFormat is the format of an import, for the manifest.
func lieuxFormat(files []source.File) string {
	var formats []string
	for _, f := range files {
		if l := layoutOf(f).String(); !slices.Contains(formats, l) {
			formats = append(formats, l)
		}
	}
	return strings.Join(formats, " ; ")
}

// lieuxReader is one import of lieux under way.
type lieuxReader struct {
	*source.Recorder
	o      source.Options
	seen   map[string]source.Address // by id
	emit   func(lieu.Lieu) error
	offers *offers // of the data·inclusion files
}

func readLieux(rec *source.Recorder, o source.Options, files []source.File, emit func(lieu.Lieu) error) error {
	r := &lieuxReader{Recorder: rec, o: o, seen: map[string]source.Address{}, emit: emit}
	var pairs []source.File
	for _, f := range files {
		if layoutOf(f) == dataInclusion {
			pairs = append(pairs, f)
		}
	}
	if pairs != nil {
		if err := r.readOffers(pairs); err != nil {
			return err
		}
	}
	for _, f := range files {
		middle, err := medianPosition(f)
		if err != nil {
			return err
		}
		switch layoutOf(f) {
		case franceServicesCSV:
			err = r.readFranceServices(f, middle)
		case dataInclusion:
			err = r.readStructures(f, middle)
		default:
			err = r.readSchema(f, middle)
		}
		if err != nil {
			return err
		}
	}
	if pairs != nil {
		return r.endOffers(pairs)
	}
	return nil
}

// readSchema reads a file of the national schema.
func (r *lieuxReader) readSchema(f source.File, middle median) error {
	return r.eachCounted(f, func(c lieuRecord) error {
		l, ok := r.readLieu(c, middle)
		if !ok {
			return nil
		}
		return r.keep(c, l)
	})
}

// eachCounted reads the records of a file, counting them and rejecting those that
// are broken.
func (r *lieuxReader) eachCounted(f source.File, use func(lieuRecord) error) error {
	r.NoteText(f)
	return eachLieuRecord(f,
		func(c lieuRecord) error {
			r.Read++
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

// keep hands over a lieu, unless its id was already seen.
func (r *lieuxReader) keep(c lieuRecord, l lieu.Lieu) error {
	if first, dup := r.seen[l.ID]; dup {
		r.Reject(c.file, c.row, "id", l.ID, "identifiant déjà présent à "+first.String())
		return nil
	}
	r.seen[l.ID] = source.Address{File: c.file, Row: c.row}
	return r.emit(l)
}
