package outline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/layer"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
)

// isTable reports whether a file is a table, CSV or XLSX, rather than a layer.
func isTable(f source.File) bool {
	switch {
	case source.IsZip(f.Head):
		a, err := source.OpenArchive(f)
		if err != nil {
			return false
		}
		defer a.Close()
		return a.Find("xl/workbook.xml") != nil
	case source.IsSQLite(f.Head), source.IsShape(f.Head):
		return false
	}
	return source.Foreign(f.Head) == "" && !source.IsJSON(f.HeadText()) && len(f.Head) > 0
}

// format names the formats of layers and tables.
func format(files []source.File) string {
	layers, tables := parted(files)
	var names []string
	for _, name := range []string{sheet.Format(tables), layer.Format(layers)} {
		if name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// openTable opens a table whose header is told by some columns.
func openTable(f source.File, o source.Options, known []string) (*sheet.Table, error) {
	if source.IsZip(f.Head) && o.Layer != "" {
		return sheet.OpenSheet(f, o.Layer, func(fields []string) bool {
			return slices.ContainsFunc(fields, func(c string) bool { return slices.Contains(known, source.ColumnName(c)) })
		})
	}
	return sheet.OpenAs(f, known, nil, nil)
}

// eachTableRow reads the rows of a table as features that draw nothing.
func eachTableRow(rec *source.Recorder, o source.Options, f source.File, to layer.Sink) error {
	t, err := openTable(f, o, source.CommuneCodeNames)
	if err != nil {
		return err
	}
	defer t.Close()
	if t.Column(source.CommuneCodeNames) < 0 {
		return t.Lacks(source.CommuneCodeNames[0])
	}
	if t.Column(lonNames) < 0 || t.Column(latNames) < 0 {
		return source.FailAt(f.Name, t.HeaderLine, "en-tête : ni contours, ni colonnes lon et lat ; attendu la position de chaque commune, ou des contours que cette table complète (--attributs)")
	}
	rec.NoteText(f)
	return t.Each(
		func(r sheet.Row) error {
			ft := layer.Feature{Attrs: make(map[string]layer.Property, len(r.Fields))}
			for i, name := range t.Header {
				if text := source.Clean(r.Fields[i]); text != "" {
					ft.Attrs[name] = layer.Property{Kind: layer.Textual, Text: text}
				}
			}
			for _, names := range [][]string{source.PopulationNames, {"pmun"}} {
				for name, a := range ft.Attrs {
					if slices.Contains(names, name) || source.IsPMUN(name) {
						if v, ok := source.ParseNumber(a.Text); ok {
							ft.Attrs[name] = layer.Property{Kind: layer.Numeric, Text: strconv.FormatFloat(v, 'f', -1, 64)}
						}
					}
				}
			}
			return to.Use(r.Line, ft)
		}, to.Bad)
}

var (
	lonNames = []string{"lon", "longitude", "lng", "x"}
	latNames = []string{"lat", "latitude", "y"}
)

// position reads where a commune without outline is.
func (p place) position() (geo.LonLat, *source.Fault) {
	lonName, lon := p.find(lonNames)
	latName, lat := p.find(latNames)
	decimal := func(s string) string { return strings.Replace(s, ",", ".", 1) }
	return source.ParsePosition(lonName, decimal(lon.Text), latName, decimal(lat.Text))
}

// Columns of tables of EPCI, as DGCL and INSEE publish them: one row per EPCI, or one per
// commune of it.
var (
	tableSirenNames  = []string{"siren_epci", "code_epci", "codeepci", "epci", "siren_groupement", "code_siren", "siren"}
	tableNomNames    = []string{"epci_nom", "nom_epci", "libepci", "lib_epci", "raison_sociale", "nom_groupement", "nom_du_groupement", "nom_complet"}
	tablePeopleNames = []string{"total_pop_mun", "population_epci", "epci_population"}
)

// epciTable puts together the EPCI of tables, which draw nothing: their outlines are those
// of their communes.
type epciTable struct {
	rec   *source.Recorder
	o     source.Options
	drawn map[string]bool // EPCI of layers
	order []string
	rows  map[string]*admin.EPCI
	at    map[string]source.Address
	none  int // rows of communes that have no EPCI
}

// read takes the rows of a table. Two names for one EPCI end the import.
func (e *epciTable) read(f source.File) error {
	t, err := openTable(f, e.o, slices.Concat(tableSirenNames, epciCodeNames))
	if err != nil {
		return err
	}
	defer t.Close()
	siren, nom := t.Column(tableSirenNames), t.Column(tableNomNames)
	people := t.Column(tablePeopleNames)
	if siren < 0 { // a table of EPCI alone
		siren = t.Column(epciCodeNames)
	}
	if byCommune := t.Column([]string{"insee", "codgeo", "code_insee", "code_commune", "insee_com", "dep_com"}) >= 0; !byCommune && nom < 0 {
		nom = t.Column(epciNames)
	}
	if people < 0 && nom >= 0 && slices.Contains(epciNames, t.Header[nom]) {
		people = t.Column(source.PopulationNames)
	}
	switch {
	case siren < 0:
		return t.Lacks("siren")
	case nom < 0:
		return t.Lacks("nom")
	}
	return sheet.EachRowIn(e.rec, t, func(r sheet.Row) error {
		code, name := oneSIREN(source.Clean(r.Fields[siren])), source.Clean(r.Fields[nom])
		here := source.Address{File: f.Name, Row: r.Line}
		switch {
		case code == "":
			e.none++
			e.rec.Skipped++
			return nil
		case !sirenCode.MatchString(code):
			e.rec.Reject(f.Name, r.Line, t.Header[siren], code, sirenFault)
			return nil
		case name == "":
			e.rec.Reject(f.Name, r.Line, t.Header[nom], "", nomFault)
			return nil
		}
		known := e.rows[code]
		switch {
		case e.drawn[code]:
			e.rec.Reject(f.Name, r.Line, t.Header[siren], code, "EPCI dont le contour est dans un autre fichier de cet import ; attendu une seule fois")
			return nil
		case known == nil:
			known = &admin.EPCI{Code: code, Nom: name}
			e.rows[code], e.at[code], e.order = known, here, append(e.order, code)
		case known.Nom != name:
			return source.FailAt(f.Name, r.Line, "l'EPCI %s s'appelle « %s » ; il s'appelait « %s » à %s", code, source.Shorten(name), source.Shorten(known.Nom), e.at[code])
		default:
			e.rec.Merged++
		}
		if people >= 0 {
			if v, ok := source.ParseNumber(source.Clean(r.Fields[people])); ok && v >= 0 && v <= source.MaxPeople {
				known.Population = int(v)
			}
		}
		return nil
	})
}

// finish hands them over.
func (e *epciTable) finish(file string, emit func(admin.EPCI) error) error {
	for _, code := range e.order {
		if err := emit(*e.rows[code]); err != nil {
			return err
		}
	}
	if e.none > 0 {
		e.rec.Warn(file, 0, "", "", fmt.Sprintf("lignes de communes sans EPCI, laissées de côté : %d", e.none))
	}
	if len(e.order) > 0 {
		e.rec.Warn(file, 0, "", "", fmt.Sprintf("EPCI sans contour : %d ; leur contour sera celui de leurs communes, dont l'EPCI est dit par leur fichier ou par cette table (import communes --attributs)", len(e.order)))
	}
	return nil
}
