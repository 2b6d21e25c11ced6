package lieux

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/store"
)

// MappingTemplate is a mapping to fill in, with remarks; it reads
// testdata/correspondance/exemple.csv as it is.
//
//go:embed template.json
var MappingTemplate string

// mappedFields are the fields that a mapping may tell: those of the national schema
// v1.0.2, and how else a position may be written.
var mappedFields = []string{
	"id", "nom", "commune", "code_postal", "code_insee", "adresse", "complement_adresse", "latitude", "longitude", "position", "x", "y",
	"typologie", "telephone", "courriels", "site_web", "horaires", "presentation_resume", "presentation_detail", "source", "itinerance",
	"structure_parente", "date_maj", "services", "publics_specifiquement_adresses", "prise_en_charge_specifique", "frais_a_charge",
	"dispositif_programmes_nationaux", "formations_labels", "autres_formations_labels", "modalites_acces", "modalites_accompagnement",
	"fiche_acces_libre", "prise_rdv", "commentaire",
}

// severalOf are the fields of several values.
var severalOf = func() map[string]bool {
	set := map[string]bool{}
	for _, f := range []string{"typologie", "telephone", "courriels", "site_web", "itinerance", "services", "publics_specifiquement_adresses", "prise_en_charge_specifique",
		"frais_a_charge", "dispositif_programmes_nationaux", "formations_labels", "autres_formations_labels", "modalites_acces", "modalites_accompagnement"} {
		set[f] = true
	}
	return set
}()

// The keys of a mapping.
var (
	mappingKeys = []string{"champs", "crs", "separateurs", "lignes", "liste"}
	valueKeys   = []string{"colonne", "colonnes", "entre", "jours", "valeur", "oui", "non", "table", "separateurs", "inconnu", "sinon", "format", "ordre"}
	rowKeys     = []string{"colonne", "garder", "ecarter"}
	dayKeys     = []string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"}
)

// ReadMapping reads a mapping: a JSON object that says which columns of a table, or keys
// of JSON, are which fields of the national schema.
//
//	champs       by field of the schema (or position, x, y): a value, or a list of values
//	crs          EPSG code of x and y: "EPSG:2154"
//	separateurs  characters between the values of a list; those of a value come first
//	lignes       {"colonne", "garder": […]} or {"colonne", "ecarter": […]}, or a list of them
//	liste        path of the list of records in a JSON file: "data.lieux"
//
// A value is the name of a column or the path of a key ("adresse.voie"); or null: the
// field is not read; or an object:
//
//	colonne, or colonnes (joined by "entre"), or jours ({"lundi": column, …}), or valeur (a constant)
//	oui, non     what a column of yes or no stands for
//	table        what each text stands for; "*" any other text; "" nothing
//	separateurs  characters between the values of a list
//	inconnu      texts that stand for no value
//	sinon        the value when there is none
//	format       of a date: "JJ/MM/AAAA"
//	ordre        of a position in one column: "lat,lon" or "lon,lat"
//
// Of a list of values, all are taken where the schema has several, else the first that is
// not empty. Fields that the mapping does not name are read from the columns that have
// their name. Keys that begin with "_" are remarks. A key that does not exist is an
// error, which gives its path and line: it would be a wish that nothing fulfils. more are
// fields that lists of another kind have beside (see [EachMapped]).
func ReadMapping(ctx context.Context, in source.Input, more ...string) (*source.LieuMapping, error) {
	fail := func(err error) (*source.LieuMapping, error) {
		return nil, fmt.Errorf("correspondance: %s: %w", in.Name, err)
	}
	f, err := source.Inspect(ctx, in)
	if err != nil {
		return fail(err)
	}
	if f.Bytes > source.MaxRecord {
		return fail(fmt.Errorf("fichier de plus de 1 Mio ; attendu une correspondance (JSON)"))
	}
	s, err := f.Open()
	if err != nil {
		return fail(err)
	}
	defer s.Close()
	data, err := io.ReadAll(io.LimitReader(s, source.MaxRecord))
	if err != nil {
		return fail(source.Readable(err))
	}
	m, err := parseMapping(bytes.TrimPrefix(data, source.BOM), more...)
	if err != nil {
		return fail(err)
	}
	m.Files = []store.File{f.File}
	return m, nil
}

func parseMapping(data []byte, more ...string) (*source.LieuMapping, error) {
	root, err := parseNode(data)
	if err != nil {
		return nil, err
	}
	m := &source.LieuMapping{Fields: map[string][]source.LieuValue{}}
	if err := root.object("un objet avec « champs »", mappingKeys); err != nil {
		return nil, err
	}
	for _, k := range root.members {
		switch k.key {
		case "champs":
			err = parseFields(k, m, slices.Concat(mappedFields, more))
		case "separateurs":
			m.Separators, err = k.text()
		case "liste":
			var path string
			if path, err = k.text(); err == nil {
				m.List = strings.Split(path, ".")
			}
		case "crs":
			var name string
			if name, err = k.text(); err == nil {
				if m.CRS, err = geo.ParseCRS(name); err != nil {
					err = k.fault("« %s » ; attendu EPSG:4326, EPSG:2154, EPSG:3857 ou EPSG:3035", name)
				}
			}
		case "lignes":
			for _, row := range k.list() {
				if err = parseRows(row, m); err != nil {
					break
				}
			}
		}
		if err != nil {
			return nil, err
		}
	}
	if len(m.Fields) == 0 {
		return nil, root.fault("« champs » absent ou vide ; attendu les champs du schéma et leurs colonnes")
	}
	return m, nil
}

func parseFields(n node, m *source.LieuMapping, fields []string) error {
	if err := n.object("un objet : { \"champ\": \"colonne\" }", fields); err != nil {
		return err
	}
	for _, field := range n.members {
		m.Fields[field.key] = []source.LieuValue{}
		for _, v := range field.list() {
			value, ok, err := parseValue(v, field.key)
			if err != nil {
				return err
			}
			if ok {
				m.Fields[field.key] = append(m.Fields[field.key], value)
			}
		}
	}
	return nil
}

func parseRows(n node, m *source.LieuMapping) error {
	if err := n.object("un filtre de lignes", rowKeys); err != nil {
		return err
	}
	var f source.RowFilter
	var err error
	keep := false
	for _, k := range n.members {
		switch k.key {
		case "colonne":
			f.Column, err = k.text()
		default:
			if f.Keep != nil {
				return k.fault("« garder » et « ecarter » ensemble ; attendu l'un des deux")
			}
			keep = k.key == "garder"
			f.Keep, err = k.texts()
		}
		if err != nil {
			return err
		}
	}
	if f.Column == "" || len(f.Keep) == 0 {
		return n.fault("filtre incomplet ; attendu « colonne », et « garder » ou « ecarter »")
	}
	if keep {
		m.Keep = append(m.Keep, f)
	} else {
		m.Drop = append(m.Drop, f)
	}
	return nil
}

// parseValue reads one value of a field; not ok for null.
func parseValue(n node, field string) (v source.LieuValue, ok bool, err error) {
	switch n.kind {
	case kindNull:
		return v, false, nil
	case kindText:
		column, err := n.text()
		v.Columns = []string{column}
		return v, true, err
	}
	if err := n.object("un nom de colonne, ou un objet", valueKeys); err != nil {
		return v, false, err
	}
	origins := 0
	for _, k := range n.members {
		switch k.key {
		case "colonne":
			var column string
			column, err = k.text()
			v.Columns = []string{column}
			origins++
		case "colonnes":
			v.Columns, err = k.texts()
			origins++
		case "jours":
			v.Days, err = parseDays(k)
			origins++
		case "valeur":
			v.Constant, err = k.text()
			origins++
		case "entre":
			v.Between, err = k.anyText()
		case "oui":
			v.Yes, err = k.text()
		case "non":
			v.No, err = k.text()
		case "separateurs":
			v.Separators, err = k.anyText()
		case "inconnu":
			v.Unknown, err = k.texts()
		case "sinon":
			v.Else, err = k.text()
		case "table":
			v.Table, err = parseTable(k)
		case "format":
			v.Format, err = parseFormat(k, field)
		case "ordre":
			v.LonFirst, err = parseOrder(k, field)
			v.Ordered = true
		}
		if err != nil {
			return v, false, err
		}
	}
	switch {
	case origins != 1:
		return v, false, n.fault("attendu une de ces clés, et une seule : colonne, colonnes, jours, valeur")
	case v.Table != nil && v.Yes+v.No != "":
		return v, false, n.fault("« table » avec « oui » ou « non » ; attendu l'un des deux")
	case v.Days != [7]string{} && field != "horaires":
		return v, false, n.fault("« jours » : seul le champ horaires a une colonne par jour")
	}
	return v, true, nil
}

func parseDays(n node) (days [7]string, err error) {
	if err := n.object("une colonne par jour", dayKeys); err != nil {
		return days, err
	}
	for _, k := range n.members {
		if i := slices.Index(dayKeys, k.key); i >= 0 {
			if days[i], err = k.text(); err != nil {
				return days, err
			}
		}
	}
	if days == [7]string{} {
		return days, n.fault("aucun jour ; attendu { \"lundi\": \"colonne\", … }")
	}
	return days, nil
}

// parseTable reads what texts stand for, by their folded form.
func parseTable(n node) (map[string]string, error) {
	if n.kind != kindObject {
		return nil, n.fault("attendu un objet : { \"texte du fichier\": \"valeur\" }")
	}
	table, from := map[string]string{}, map[string]string{}
	for _, k := range n.members {
		to, err := k.anyText()
		if err != nil {
			return nil, err
		}
		key := folded(k.key)
		if first, twice := from[key]; twice && table[key] != to {
			return nil, k.fault("« %s » et « %s » sont le même texte, sans accents ni majuscules, avec deux valeurs", first, k.key)
		}
		table[key], from[key] = source.Clean(to), k.key
	}
	if len(table) == 0 {
		return nil, n.fault("table vide ; attendu { \"texte du fichier\": \"valeur\" }")
	}
	return table, nil
}

var dateWords = strings.NewReplacer("AAAA", "2006", "AA", "06", "MM", "01", "JJ", "02", "HH", "15", "mm", "04", "ss", "05", "M", "1", "J", "2")

func parseFormat(n node, field string) (string, error) {
	text, err := n.text()
	if err != nil {
		return "", err
	}
	if field != "date_maj" {
		return "", n.fault("seul le champ date_maj a un format")
	}
	format := dateWords.Replace(text)
	if !strings.Contains(text, "AA") || !strings.Contains(text, "M") || !strings.Contains(text, "J") {
		return "", n.fault("« %s » ; attendu une année (AAAA), un mois (MM) et un jour (JJ), comme JJ/MM/AAAA", text)
	}
	return format, nil
}

func parseOrder(n node, field string) (lonFirst bool, err error) {
	text, err := n.text()
	switch {
	case err != nil:
		return false, err
	case field != "position":
		return false, n.fault("seul le champ position a un ordre")
	case text == "lat,lon":
		return false, nil
	case text == "lon,lat":
		return true, nil
	}
	return false, n.fault("« %s » ; attendu lat,lon ou lon,lat", text)
}
