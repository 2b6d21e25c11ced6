package lieux

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
)

// layout is whose columns or keys a file has.
type layout uint8

const (
	schema    layout = iota // also what none of the others is: its header says what lacks
	oldSchema               // v0.1, told apart in tables only
	dataInclusion
	franceServices
	mapped // by a mapping
)

// lieuxFile is a file of lieux whose layout is told.
type lieuxFile struct {
	source.File
	layout layout
	sheet  string            // that was asked for, of a workbook
	header []string          // of a table
	names  map[string]string // the fields that we know, by the column of a table
	m      *mapper           // nil without a mapping
}

// The columns that a file of lieux cannot go without: the schema's own required
// ones that we use, and those that the product rests on. v0.1 did not require
// coordinates. Latitude and longitude may be in one column.
var (
	lieuxColumns    = []string{"id", "nom", "commune", "code_postal", "adresse", "latitude", "longitude", "date_maj", "services"}
	oldLieuxColumns = []string{"id", "nom", "commune", "code_postal", "adresse", "services"}
)

// The columns that only one version of the national schema has.
var (
	newSchemaOnly = []string{"itinerance", "frais_a_charge", "dispositif_programmes_nationaux", "modalites_acces", "publics_specifiquement_adresses", "prise_en_charge_specifique", "formations_labels", "autres_formations_labels", "fiche_acces_libre", "courriels"}
	oldSchemaOnly = []string{"conditions_acces", "labels_nationaux", "labels_autres", "publics_accueillis", "accessibilite", "cle_ban", "structure_id", "courriel"}
	// otherFields are fields of both versions, and those of data·inclusion.
	otherFields = []string{"code_insee", "typologie", "site_web", "horaires", "source", "pivot", "telephone", "complement_adresse", "presentation_resume",
		"presentation_detail", "structure_parente", "modalites_accompagnement", "prise_rdv",
		"thematiques", "siret", "rna", "lien_source", "reseaux_porteurs", "accessibilite_lieu", "modes_accueil", "frais", "description", "antenne", "types", "type",
		"publics", "profils", "modes_mobilisation", "modes_orientation_beneficiaire", "lien_mobilisation", "zone_eligibilite", "zone_diffusion_type",
		"zone_diffusion_code", "zone_diffusion_nom", "mail", "commentaire", "x", "y", "position"}
)

// fieldNames brings the names of columns and keys that publishers write to those of
// the national schema v1.0.2, or to those of v0.1 that it has no more. Left: the name
// as [squeeze] makes it.
var fieldNames = func() map[string]string {
	names := map[string]string{
		"conditionsaccess": "conditions_acces", "conditionacces": "conditions_acces", "conditionsdacces": "conditions_acces",
		"labelnationaux": "labels_nationaux", "labelsnationnaux": "labels_nationaux",
		"lat": "latitude", "lon": "longitude", "long": "longitude", "lng": "longitude",
		"insee": "code_insee", "codecommune": "code_insee", "cp": "code_postal",
		"horairesaccueil": "horaires", "horairesouverture": "horaires", "siteweb": "site_web", "datemaj": "date_maj", "datemiseajour": "date_maj",
		"geopoint2d": "position", "geopoint": "position", "coordonnees": "position", "coordonneesgps": "position", "latlon": "position", "latlong": "position",
		"coordx": "x", "coordy": "y", "xl93": "x", "yl93": "y", "lambertx": "x", "lamberty": "y", "xlambert93": "x", "ylambert93": "y",
	}
	for _, list := range [][]string{lieuxColumns, newSchemaOnly, oldSchemaOnly, otherFields, franceServicesColumns} {
		for _, name := range list {
			names[squeeze(name)] = name
		}
	}
	return names
}()

// squeeze keeps the letters and digits of a name, without case and accents.
func squeeze(name string) string { return strings.ReplaceAll(source.Slug(name), "-", "") }

// fieldName is the name that we know a column or key by; unknown ones keep theirs.
func fieldName(s string) string {
	if known, ok := fieldNames[squeeze(s)]; ok {
		return known
	}
	return source.ColumnName(s)
}

// openLieux tells the layout of a file from its header, or its first object.
func openLieux(f source.File, o source.Options) (lieuxFile, error) {
	l := lieuxFile{File: f, sheet: o.Layer}
	if o.Lieux != nil {
		l.layout, l.m = mapped, newMapper(o.Lieux)
	}
	if source.IsJSON(f.HeadText()) {
		if l.m == nil && isDataInclusion(f.HeadText()) {
			l.layout = dataInclusion
		}
		return l, nil
	}
	if source.IsZip(f.Head) {
		t, err := sheet.OpenSheet(f, l.sheet, l.isHeader)
		if err != nil {
			return l, err
		}
		l.header = t.Header
		t.Close()
	} else {
		for _, c := range sheet.HeaderOf(f, l.expected()) {
			l.header = append(l.header, source.ColumnName(c))
		}
	}
	l.names = map[string]string{}
	for _, column := range l.header {
		// Of two columns for one field, the one with its exact name wins, then the first.
		name := fieldName(column)
		if _, taken := l.names[name]; !taken || column == name {
			l.names[name] = column
		}
	}
	has := func(list ...string) bool {
		return slices.ContainsFunc(list, func(c string) bool { _, ok := l.names[c]; return ok })
	}
	switch {
	case l.m != nil:
		return l, l.m.resolve(f.Name, l.header)
	case has("id_fs") && has("format_fs", "lib_fs"):
		l.layout = franceServices
	case has("thematiques"), !has("services", "pivot") && l.shared(offerKeys) >= 2: // one is in many a list
		l.layout = dataInclusion
	case has(oldSchemaOnly...) && !has(newSchemaOnly...):
		l.layout = oldSchema
	}
	return l, nil
}

// expected are columns that tell a header, and the separator of a CSV.
func (l lieuxFile) expected() []string {
	all := slices.Concat(lieuxColumns, franceServicesColumns)
	if l.m != nil {
		for _, column := range l.m.columns() {
			all = append(all, source.ColumnName(column))
		}
	}
	return all
}

// isHeader tells the header of a sheet: it has columns of the mapping, or three that we
// know.
func (l lieuxFile) isHeader(fields []string) bool {
	found, needed := 0, 3
	if l.m != nil {
		needed = max(1, len(l.m.columns())/2)
		for _, column := range l.m.columns() {
			if _, ok := columnIn(fields, column); ok {
				found++
			}
		}
		return found >= needed
	}
	for _, c := range fields {
		if _, ok := fieldNames[squeeze(c)]; ok {
			found++
		}
	}
	return found >= needed
}

// format is the name of the layout, for the manifest.
func (l lieuxFile) format() string {
	container, name := "CSV", [...]string{"schéma lieux de médiation numérique v1.0.2", "schéma lieux de médiation numérique v0.1", "data·inclusion", "liste officielle France Services", "correspondance"}[l.layout]
	switch {
	case source.IsJSON(l.HeadText()):
		container, name = "JSON", strings.TrimSuffix(name, " v1.0.2")
	case source.IsZip(l.Head):
		container = "XLSX"
	}
	return container + ", " + name
}

// required are the columns that a table of the layout cannot go without.
func (l lieuxFile) required() []string {
	has := func(field string) bool { _, ok := l.names[field]; return ok }
	switch l.layout {
	case mapped:
		return nil
	case franceServices:
		return franceServicesColumns
	case oldSchema:
		return oldLieuxColumns
	case dataInclusion:
		return []string{"id"}
	}
	if has("position") || has("x") && has("y") {
		return slices.DeleteFunc(slices.Clone(lieuxColumns), func(c string) bool { return c == "latitude" || c == "longitude" })
	}
	return lieuxColumns
}

const mappingHint = " ; pour une liste dont les colonnes ont d'autres noms, donnez une correspondance (--correspondance ; maillage import lieux --template en écrit un modèle)"

// open opens a table of any format.
func (l lieuxFile) open() (*sheet.Table, error) {
	if source.IsZip(l.Head) {
		t, err := sheet.OpenSheet(l.File, l.sheet, l.isHeader)
		if err != nil {
			return nil, err
		}
		return t, l.complete(t)
	}
	var required []string
	if len(l.header) == 0 || len(l.header) == 1 && l.header[0] == "" {
		required = l.required() // which an empty file is told to lack
	}
	t, err := sheet.OpenAs(l.File, l.expected(), required, nil)
	if err != nil {
		return nil, err
	}
	return t, l.complete(t)
}

// complete closes a table that lacks columns, and says which.
func (l lieuxFile) complete(t *sheet.Table) error {
	var missing []string
	for _, field := range l.required() {
		if _, ok := l.names[field]; !ok {
			missing = append(missing, field)
		}
	}
	if missing == nil {
		return nil
	}
	t.Close()
	err := t.Lacks(missing...)
	if fatal := (source.Fatal{}); l.layout != franceServices && errors.As(err, &fatal) {
		fatal.Reason += mappingHint
		return fatal
	}
	return err
}

// lieuRecord is one row or object of a file of lieux. get gives the value of a
// field, "" when it is empty or absent; lists come with "|" between their values.
type lieuRecord struct {
	file string
	row  int
	list string // of a JSON object that holds several
	left bool   // out, by a mapping
	get  func(field string) string
	has  func(field string) bool // whether there is such a column or key, empty or not
}

// each reads the records of a file to the end. bad, when not nil, is told of those that
// are broken.
func (l lieuxFile) each(use func(lieuRecord) error, bad func(row int, reason string) error) error {
	if source.IsJSON(l.HeadText()) {
		return l.eachJSON(use, bad)
	}
	t, err := l.open()
	if err != nil {
		return err
	}
	defer t.Close()
	return t.Each(func(r sheet.Row) error {
		get := func(field string) string {
			if c, ok := l.names[field]; ok {
				return plain(r.Get(c))
			}
			return ""
		}
		has := func(field string) bool { _, ok := l.names[field]; return ok }
		c := lieuRecord{file: l.Name, row: r.Line, get: get, has: has}
		if l.m != nil {
			raw := func(column string) string { return plain(r.Get(l.m.at[column])) }
			c.left = !l.m.keeps(raw)
			c.get = l.m.get(raw, get)
		}
		return use(c)
	}, bad)
}

// isDataInclusion tells the records of data·inclusion from those of the national
// schema.
func isDataInclusion(head []byte) bool {
	s := shapeOf(bytes.TrimPrefix(head, source.BOM))
	if s.wrapper == "structures" || s.wrapper == "services" {
		return true
	}
	return offersOf(func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(s.keys, n) })
	})
}

// offersOf tells keys of data·inclusion. The national schema alone has services and a
// pivot in its records; v0.1 of it has a structure_id too.
func offersOf(has func(names ...string) bool) bool {
	switch {
	case has("thematiques"):
		return true
	case has("services", "pivot"):
		return false
	}
	return has(offerKeys...)
}

// offerKeys are keys that the records of data·inclusion have, and those of the national
// schema have not.
var offerKeys = []string{"structure_id", "siret", "rna", "lien_source", "reseaux_porteurs", "accessibilite_lieu", "description"}

// shared is how many of the fields a table has.
func (l lieuxFile) shared(fields []string) (n int) {
	for _, f := range fields {
		if _, ok := l.names[f]; ok {
			n++
		}
	}
	return n
}

// sortedKeys are the keys of a map, in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
