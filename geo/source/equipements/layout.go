package equipements

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
)

// kind is whose columns a file has.
type kind uint8

const (
	bpe kind = iota
	counted
	countedWide
	saeID
	saeUrgences
	saeUrgences2
	saeOther
	finess      // rows of two sorts, without a header
	finessTable // with one
	plain       // ours: id, categorie, nom, code_insee, and longitude and latitude where they are known
)

func (k kind) layout() equipement.Layout {
	switch k {
	case saeID, saeUrgences, saeUrgences2, saeOther:
		return equipement.SAE
	case finess, finessTable:
		return equipement.FINESS
	case plain:
		return "maillage"
	}
	return equipement.BPE
}

// table is a file whose layout is told.
type table struct {
	source.File
	of      kind
	layer   string
	header  []string
	vintage string // empty: not told
}

// Columns by which layouts are told, and read. In lower case.
var (
	typeColumns    = []string{"typequ", "facility_type"}
	communeColumns = []string{"depcom", "com", "codgeo", "geo", "code_commune", "code_insee"}
	countColumns   = []string{"nb_equip", "obs_value", "nb"}
	yearColumns    = []string{"an", "time_period", "annee"}
	wideColumn     = regexp.MustCompile(`^nb_([a-g]\d{3})$`)
)

const wanted = "attendu la BPE (TYPEQU, avec LAMBERT_X et LAMBERT_Y, LONGITUDE et LATITUDE, ou un nombre par commune), la SAE (tables ID et URGENCES), l'extraction FINESS, ou une correspondance (--correspondance)"

// tell finds the layout of a file from its first lines.
func tell(f source.File, layer string) (table, error) {
	t := table{File: f, layer: layer}
	if head := f.HeadText(); !source.IsZip(f.Head) && (strings.HasPrefix(string(head), "finess;") || strings.HasPrefix(string(head), "structureet;")) {
		t.of = finess
		if fields := strings.Split(strings.TrimSpace(strings.SplitN(string(head), "\n", 2)[0]), ";"); len(fields) > 3 && len(fields[3]) >= 4 {
			t.vintage = fields[3]
		}
		return t, nil
	}
	s, err := t.open()
	if err != nil {
		return t, err
	}
	defer s.Close()
	t.header = s.Header
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(s.Header, n) })
	}
	wide := slices.ContainsFunc(s.Header, wideColumn.MatchString)
	switch {
	case has(CategoryField) && has("code_insee") && has("id"):
		t.of = plain
	case has("fi") && has("cominsee"):
		t.of = saeID
	case has("fi") && has("autsu"):
		t.of = saeUrgences
	case has("fi") && has("urg") && has("bor"):
		t.of = saeUrgences2
	case has("fi") && has("bor"):
		t.of = saeOther
	case has("nofinesset") && has("categetab"):
		t.of = finessTable
	case has(typeColumns...) && has(countColumns...) && !has("lambert_x", "longitude"):
		t.of = counted
	case has("typequ") && has(communeColumns...):
		t.of = bpe
	case wide && has(communeColumns...):
		t.of = countedWide
	default:
		return t, source.FailAt(f.Name, s.HeaderLine, "en-tête d'aucune présentation connue ; %s ; colonnes lues : %s", wanted, source.Shorten(strings.Join(s.Header, ", ")))
	}
	t.vintage = firstYear(s)
	return t, nil
}

// open opens the table.
func (t *table) open() (*sheet.Table, error) {
	known := slices.Concat(typeColumns, communeColumns, countColumns, []string{"fi", "bor", "nofinesset", "lambert_x", "longitude", CategoryField})
	if source.IsZip(t.Head) {
		return sheet.OpenSheet(t.File, t.layer, func(fields []string) bool {
			return slices.ContainsFunc(fields, func(f string) bool {
				name := source.ColumnName(f)
				return slices.Contains(known, name) || wideColumn.MatchString(name)
			})
		})
	}
	return sheet.OpenAs(t.File, known, nil, nil)
}

// firstYear is the year of the first row; the newest of several is for who reads them.
func firstYear(s *sheet.Table) (year string) {
	_ = s.Each(func(r sheet.Row) error { // what is wrong is told when it is read
		year, _ = r.First(yearColumns)
		return errEnough
	}, nil)
	if len(year) == 4 && strings.Trim(year, "0123456789") == "" {
		return year
	}
	return ""
}

type enough struct{}

func (enough) Error() string { return "no more rows wanted" }

var errEnough = enough{}
