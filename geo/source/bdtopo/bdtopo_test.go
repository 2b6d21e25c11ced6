package bdtopo

import (
	"encoding/binary"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/sqlite"
)

// drawn is a made delivery: a row is a section, of letters for places and of values for
// columns.
type drawn struct {
	places   map[rune][3]float64 // metres east and north of a corner near Laon, and height
	sections []drawnSection
	bans     []string // "entry exits at", cleabs by number
}

type drawnSection struct {
	shape  string
	values string // "nature=Route à 1 chaussée; prive=true"
}

const east, north = 745_000, 6_940_000

func cleabs(n int) string { return fmt.Sprintf("TRONROUT%016d", 1000+n) }

// columns of version 3, in a GeoPackage and in a shapefile, and of version 2.
var dialects = []struct{ long, short, old string }{
	{"cleabs", "ID", "ID"}, {"nature", "NATURE", "NATURE"}, {"nom_collaboratif_gauche", "NOM_COLL_G", "NOM_VOIE_G"}, {"importance", "IMPORTANCE", "IMPORTANCE"},
	{"fictif", "FICTIF", "FICTIF"}, {"position_par_rapport_au_sol", "POS_SOL", "POS_SOL"}, {"etat_de_l_objet", "ETAT", "ETAT"},
	{"nombre_de_voies", "NB_VOIES", "NB_VOIES"}, {"prive", "PRIVE", ""}, {"sens_de_circulation", "SENS", "SENS"}, {"urbain", "URBAIN", ""},
	{"vitesse_moyenne_vl", "VIT_MOY_VL", ""}, {"acces_vehicule_leger", "ACCES_VL", ""}, {"acces_pieton", "ACCES_PED", ""}, {"periode_de_fermeture", "FERMETURE", ""},
	{"nature_de_la_restriction", "NAT_RESTR", ""}, {"amenagement_cyclable_droit", "CYCLABLE_D", ""}, {"sens_amenagement_cyclable_droit", "SENS_CYC_D", ""},
	{"cpx_numero", "NUMERO", "NUMERO"}, {"cpx_classement_administratif", "CL_ADMIN", "CL_ADMIN"}, {"franchisst", "", "FRANCHISST"},
}

func (s drawnSection) value(long string) string {
	for _, pair := range strings.Split(s.values, "; ") {
		if k, v, ok := strings.Cut(pair, "="); ok && k == long {
			return v
		}
	}
	return map[string]string{"nature": "Route à 1 chaussée", "importance": "5", "etat_de_l_objet": "En service", "sens_de_circulation": "Double sens", "position_par_rapport_au_sol": "0"}[long]
}

func (d drawn) lines(shape string) [][3]float64 {
	var all [][3]float64
	for _, c := range shape {
		p := d.places[c]
		all = append(all, [3]float64{east + p[0], north + p[1], p[2]})
	}
	return all
}

// wkbLine is a LineString with elevations, as GDAL writes it in a GeoPackage; wkbPoint a
// point.
func wkbLine(points [][3]float64) []byte {
	b := binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32([]byte{'G', 'P', 0, 1}, 2154)[:8], 0)[:8]
	b = binary.LittleEndian.AppendUint32(append(b, 1), 1002)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(points)))
	for _, p := range points {
		for _, v := range p {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
	}
	return b
}

func wkbPoint(p [3]float64) []byte {
	b := binary.LittleEndian.AppendUint32([]byte{'G', 'P', 0, 1}, 2154)
	b = binary.LittleEndian.AppendUint32(append(b, 1), 1)
	for _, v := range p[:2] {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return b
}

// geopackage writes a delivery of version 3.
func (d drawn) geopackage(t *testing.T) source.Input {
	t.Helper()
	path := filepath.Join(t.TempDir(), "BDT_3-5_GPKG_LAMB93_D002.gpkg")
	db := sqlite.Open(path, sqlite.Options{Mode: "rwc"})
	defer db.Close()
	exec := func(query string, args ...any) {
		if _, err := db.Exec(query, args...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	exec(`PRAGMA journal_mode = DELETE;
		CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT);
		INSERT INTO gpkg_spatial_ref_sys VALUES ('RGF93 / Lambert-93', 2154, 'EPSG', 2154, '');
		CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, srs_id INTEGER);
		CREATE TABLE gpkg_geometry_columns (table_name TEXT PRIMARY KEY, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER);
		INSERT INTO gpkg_contents VALUES ('troncon_de_route', 'features', 2154), ('non_communication', 'features', 2154), ('commune', 'features', 2154);
		INSERT INTO gpkg_geometry_columns VALUES ('troncon_de_route', 'geometrie', 'LINESTRING', 2154), ('non_communication', 'geometrie', 'POINT', 2154), ('commune', 'geometrie', 'MULTIPOLYGON', 2154);
		CREATE TABLE commune (fid INTEGER PRIMARY KEY, geometrie BLOB, cleabs TEXT, nature TEXT, code_insee TEXT);
		CREATE TABLE non_communication (fid INTEGER PRIMARY KEY, geometrie BLOB, cleabs TEXT, lien_vers_troncon_entree TEXT, liens_vers_troncon_sortie TEXT)`)
	var columns, marks []string
	for _, c := range dialects {
		if c.short == "" {
			continue
		}
		kind := "TEXT"
		switch c.long {
		case "fictif", "prive", "urbain":
			kind = "BOOLEAN"
		case "vitesse_moyenne_vl", "nombre_de_voies":
			kind = "INTEGER"
		}
		columns, marks = append(columns, c.long+" "+kind), append(marks, "?")
	}
	exec("CREATE TABLE troncon_de_route (fid INTEGER PRIMARY KEY, geometrie BLOB, " + strings.Join(columns, ", ") + ")")
	for i, s := range d.sections {
		args := []any{wkbLine(d.lines(s.shape))}
		for _, c := range dialects {
			v := s.value(c.long)
			switch {
			case c.short == "":
				continue
			case c.long == "cleabs":
				v = cleabs(i + 1)
			case c.long == "fictif" || c.long == "prive" || c.long == "urbain":
				args = append(args, v == "true")
				continue
			}
			if v == "" {
				args = append(args, nil)
			} else {
				args = append(args, v)
			}
		}
		exec("INSERT INTO troncon_de_route VALUES (NULL, ?, "+strings.Join(marks, ", ")+")", args...)
	}
	for i, b := range d.bans {
		entry, exits, at := d.ban(b)
		exec("INSERT INTO non_communication VALUES (NULL, ?, ?, ?, ?)", wkbPoint(at), fmt.Sprintf("NON_COMM%016d", i), entry, exits)
	}
	return source.FromPath(path)
}

// ban reads "1 2,3 B": from section 1 to sections 2 and 3, at B.
func (d drawn) ban(s string) (entry, exits string, at [3]float64) {
	f := strings.Fields(s)
	number := func(s string) string {
		var n int
		_, _ = fmt.Sscan(s, &n)
		return cleabs(n)
	}
	var all []string
	for _, e := range strings.Split(f[1], ",") {
		all = append(all, number(e))
	}
	return number(f[0]), strings.Join(all, "/"), d.lines(f[2])[0]
}

// shapefile writes a delivery in a zip, as IGN packs it: with folders, extensions in
// capitals, Latin-1 under a .cpg that says UTF-8.
func (d drawn) shapefile(version int) source.Input {
	var names []string
	var rows [][]string
	var shapes [][][][3]float64
	for i, s := range d.sections {
		shapes = append(shapes, [][][3]float64{d.lines(s.shape)})
		var row []string
		for _, c := range dialects {
			name := map[int]string{2: c.old, 3: c.short}[version]
			if name == "" {
				continue
			}
			if i == 0 {
				names = append(names, name)
			}
			v := s.value(c.long)
			switch {
			case c.long == "cleabs":
				v = cleabs(i + 1)
			case c.long == "fictif" || c.long == "prive" || c.long == "urbain":
				v = map[bool]string{true: "Oui", false: "Non"}[v == "true"]
			case version == 2 && c.long == "sens_de_circulation":
				v = strings.TrimSuffix(strings.TrimPrefix(strings.ToUpper(v[:1])+v[1:], "Sens "), " sens")
				v = strings.ToUpper(v[:1]) + v[1:]
			case version == 2 && v == "":
				v = "NC"
			}
			row = append(row, latin1(v))
		}
		rows = append(rows, row)
	}
	stem := map[int]string{2: "A_RESEAU_ROUTIER/ROUTE", 3: "TRANSPORT/TRONCON_DE_ROUTE"}[version]
	stem = "BDTOPO/1_DONNEES_LIVRAISON/" + stem
	members := []sourcetest.Member{
		{Name: stem + ".SHP", Data: sourcetest.ShapesOf(13, shapes...)}, {Name: stem + ".DBF", Data: sourcetest.DbfOf(names, rows...)},
		{Name: stem + ".PRJ", Data: sourcetest.L93WKT}, {Name: stem + ".cpg", Data: "UTF-8"},
	}
	if version == 2 { // a part of the same, for maps
		part := strings.TrimSuffix(stem, "ROUTE") + "ROUTE_PRIMAIRE"
		members = append(members, sourcetest.Member{Name: part + ".SHP", Data: sourcetest.ShapesOf(13, shapes[:1]...)},
			sourcetest.Member{Name: part + ".DBF", Data: sourcetest.DbfOf(names, rows[0])}, sourcetest.Member{Name: part + ".PRJ", Data: sourcetest.L93WKT})
	}
	if version == 3 {
		var bans [][]string
		var at [][][][3]float64
		for i, b := range d.bans {
			entry, exits, p := d.ban(b)
			bans = append(bans, []string{fmt.Sprintf("NON_COMM%016d", i), entry, exits})
			at = append(at, [][][3]float64{{p}})
		}
		stem = "BDTOPO/1_DONNEES_LIVRAISON/TRANSPORT/NON_COMMUNICATION"
		members = append(members, sourcetest.Member{Name: stem + ".SHP", Data: sourcetest.ShapesOf(1, at...)},
			sourcetest.Member{Name: stem + ".DBF", Data: sourcetest.DbfOf([]string{"ID", "ID_TR_ENT", "ID_TR_SOR"}, bans...)}, sourcetest.Member{Name: stem + ".PRJ", Data: sourcetest.L93WKT})
	}
	return sourcetest.Memory("BDTOPO.zip", sourcetest.Zipped(members...))
}

// latin1 writes a text as IGN's older shapefiles have it.
func latin1(s string) string {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r))
	}
	return string(b)
}

// gridPlace is a place of a small grid, in degrees.
func gridPlace(x, y int) geo.LonLat {
	return geo.LonLat{Lon: 3.6 + 0.01*float64(x), Lat: 49.5 + 0.01*float64(y)}
}
