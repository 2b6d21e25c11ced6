// Package equipements reads the places that people need beside the lieux de médiation, in the
// layouts in which they are published: emergency departments, doctors, public services.
package equipements

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/lieux"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
	"github.com/aisne-numerique/maillage/geo/store"
)

// CategoryField is the field of a mapping that names the category, beside those of lieux.
const CategoryField = "categorie"

// Template is a mapping of any list, to fill in.
const Template = `{
  "_": "Quelle colonne d'une liste est quel champ d'un équipement. Mots comme pour les lieux ; « categorie » : urgences, medecin-generaliste, medecin-specialiste, france-services, services-publics, mairie, poste ou bibliotheque.",
  "champs": {
    "id": "identifiant",
    "nom": "nom",
    "code_insee": "code_commune",
    "latitude": "latitude",
    "longitude": "longitude",
    "categorie": {"valeur": "mairie"}
  }
}
`

// maxKept bounds the memory of an import: the national BPE has 300 000 places of our
// categories.
const maxKept = 2_000_000

// Equipements reads files of any of these layouts, told by their columns; those of one command
// belong together.
//
//	BPE     INSEE, one row per equipement (TYPEQU with LAMBERT_X and LAMBERT_Y, or LONGITUDE and
//	        LATITUDE), 2018 to 2025
//	BPE     counted by commune: TYPEQU and NB_EQUIP; NB_D201 and the like, one column per type;
//	        GEO, FACILITY_TYPE and OBS_VALUE
//	SAE     DREES, the tables ID and URGENCES (or URGENCES2), by the number FI
//	FINESS  the extraction of établissements, with positions: of maisons de santé, and of the
//	        sites of SAE
//	ours    id, categorie, nom, code_insee, and longitude and latitude where they are known
//	any     with [source.Options.Lieux]: see [lieux.ReadMapping] and [CategoryField]
//
// Codes of no category are skipped and counted. Several of one category at one place, or of one
// id, are one. Names of practitioners are not kept. Coordinates are Lambert-93 (EPSG:2154);
// those of overseas, in other systems, are left out and counted unless degrees stand beside. A
// row without coordinates, or whose coordinates were drawn at random in its commune (INSEE) or
// are its middle (FINESS), is placed at its commune.
//
// Rejected: coordinates that are no numbers or nowhere in France, a code that is no commune's
// where it is needed, a count that is no number.
func Equipements(ctx context.Context, in []source.Input, o source.Options) (*source.Import[equipement.Equipement], error) {
	r := &reader{o: o, seen: map[string]bool{}, unused: map[string]int{}}
	imp, err := source.Open(ctx, store.Equipements, in, o, r.format, r.read)
	if err == nil {
		m := &imp.Manifest
		m.Source, m.Licence, m.Vintage = cmp.Or(m.Source, r.producer()), cmp.Or(m.Licence, r.licence()), cmp.Or(m.Vintage, r.vintage)
		imp.Report.Manifest = *m
	}
	return imp, err
}

// reader is one import under way.
type reader struct {
	o       source.Options
	rec     *source.Recorder
	emit    func(equipement.Equipement) error
	tables  []table
	fault   error
	vintage string

	seen   map[string]bool // by key
	unused map[string]int  // rows by code of no category
	tally  source.Tally
}

// note counts a row; the sentence takes the number of them.
func (r *reader) note(file string, row int, field, sentence string) {
	r.tally.Note(file, row, field, "", sentence)
}

// format tells the layouts, for the manifest.
func (r *reader) format(files []source.File) string {
	if r.o.Lieux != nil {
		return "correspondance"
	}
	var names []string
	for _, f := range files {
		t, err := tell(f, r.o.Layer)
		if err != nil {
			r.fault = cmp.Or(r.fault, err)
			continue
		}
		r.tables = append(r.tables, t)
		r.vintage = max(r.vintage, t.vintage)
		if name := string(t.of.layout()); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ; ")
}

// producers are who publishes a layout, to be cited.
var producers = map[equipement.Layout]string{
	equipement.BPE:    "INSEE, base permanente des équipements",
	equipement.SAE:    "DREES, statistique annuelle des établissements de santé",
	equipement.FINESS: "FINESS, extraction des établissements",
}

func (r *reader) producer() string {
	var all []string
	for _, t := range r.tables {
		if p := producers[t.of.layout()]; p != "" && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return strings.Join(all, " ; ")
}

func (r *reader) licence() string {
	if r.producer() == "" {
		return ""
	}
	return "Licence Ouverte 2.0"
}

func (r *reader) read(rec *source.Recorder, files []source.File, emit func(equipement.Equipement) error) error {
	r.rec, r.emit = rec, emit
	err := r.fault
	switch {
	case err != nil:
	case r.o.Lieux != nil:
		err = lieux.EachMapped(rec, r.o, files, r.mapped)
	default:
		err = r.readTables()
	}
	if err != nil {
		return err
	}
	r.tell(files[0].Name)
	return nil
}

// readTables reads each layout in turn: what FINESS knows of a site of SAE places it.
func (r *reader) readTables() error {
	of := map[kind][]table{}
	for _, t := range r.tables {
		of[t.of] = append(of[t.of], t)
	}
	places := map[string]placed{} // by FI
	wanted, err := r.emergencies(of)
	if err != nil {
		return err
	}
	for _, t := range slices.Concat(of[finess], of[finessTable]) {
		if err := r.readFiness(t, wanted, places); err != nil {
			return err
		}
	}
	if err := r.placeEmergencies(wanted, places); err != nil {
		return err
	}
	for _, t := range of[bpe] {
		if err := r.readBPE(t); err != nil {
			return err
		}
	}
	for _, t := range of[plain] {
		if err := r.each(t, func(row sheet.Row) error { return r.ours(t.Name, row) }); err != nil {
			return err
		}
	}
	for _, t := range slices.Concat(of[counted], of[countedWide]) {
		if err := r.readCounts(t); err != nil {
			return err
		}
	}
	return nil
}

// keep hands over an equipement, unless there is one of its key.
func (r *reader) keep(file string, row int, e equipement.Equipement) error {
	if e.Category.OfPersons() {
		e.Nom = ""
	}
	key := e.Key()
	if r.seen[key] {
		r.rec.Merged++
		return nil
	}
	if len(r.seen) == maxKept {
		return source.FailAt(file, row, "plus de %d équipements de nos catégories : ce n'est pas un fichier publié ; découpez-le par région", maxKept)
	}
	r.seen[key] = true
	return r.emit(e)
}

// at is the key of what has no id: its commune, and its position to a metre.
func at(commune string, p geo.LonLat) string {
	return fmt.Sprintf("%s@%.5f,%.5f", commune, p.Lon, p.Lat)
}

// commune is a code as published, which must be one.
func (r *reader) commune(file string, row int, field, text string) (string, bool) {
	code, padded := source.CommuneCode(text)
	if fault := source.CodeFault(code); fault != "" {
		r.rec.Reject(file, row, field, text, fault)
		return "", false
	}
	if padded && len(text) == 4 {
		r.note(file, row, field, "codes de commune sans leur zéro initial, rétabli : %d")
	}
	return r.o.Moves.Now(r.rec, file, row, field, code), true
}

// ours takes a row of a table of our own.
func (r *reader) ours(file string, row sheet.Row) error {
	c := lieux.Mapped{File: file, Row: row.Line, Get: row.Get}
	if lon, lat := row.Get("longitude"), row.Get("latitude"); lon != "" || lat != "" {
		c.At, c.Fault = source.ParsePosition("longitude", source.DecimalPoint(lon), "latitude", source.DecimalPoint(lat))
		c.Located = c.Fault == nil
	}
	return r.mapped(c)
}

// mapped takes a record of any list.
func (r *reader) mapped(c lieux.Mapped) error {
	text := source.Clean(c.Get(CategoryField))
	category, err := equipement.ParseCategory(text)
	if err != nil {
		r.rec.Reject(c.File, c.Row, CategoryField, text, err.Error())
		return nil
	}
	if c.Fault != nil {
		r.rec.Reject(c.File, c.Row, c.Fault.Field, c.Fault.Value, c.Fault.Reason)
		return nil
	}
	e := equipement.Equipement{ID: source.Clean(c.Get("id")), Category: category, Nom: source.Clean(c.Get("nom"))}
	if code := source.Clean(c.Get("code_insee")); code != "" || !c.Located {
		var ok bool
		if e.Commune, ok = r.commune(c.File, c.Row, "code_insee", code); !ok {
			return nil
		}
	}
	if e.At, e.Placement = c.At, equipement.ByCoordinates; !c.Located {
		e.At, e.Placement = geo.LonLat{}, equipement.ByCommune
		r.note(c.File, c.Row, "latitude, longitude", "équipements sans coordonnées, placés à leur commune : %d")
	}
	if e.ID == "" {
		e.ID = at(e.Commune, e.At)
	}
	return r.keep(c.File, c.Row, e)
}

// tell says what was counted.
func (r *reader) tell(file string) {
	r.tally.Tell(r.rec)
	if len(r.unused) == 0 {
		return
	}
	rows := 0
	codes := slices.Sorted(maps.Keys(r.unused))
	for _, code := range codes {
		rows += r.unused[code]
	}
	shown := codes
	if len(shown) > 12 {
		shown = shown[:12]
	}
	for i, code := range shown {
		shown[i] = fmt.Sprintf("%s (%d)", code, r.unused[code])
	}
	more := ""
	if len(codes) > len(shown) {
		more = "…"
	}
	r.rec.Warn(file, 0, "", "", fmt.Sprintf("codes lus qui ne sont d'aucune de nos catégories : %d, dans %d lignes laissées de côté : %s%s", len(codes), rows, strings.Join(shown, ", "), more))
}
