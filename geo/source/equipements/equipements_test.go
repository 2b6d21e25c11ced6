package equipements_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/equipements"
	"github.com/aisne-numerique/maillage/geo/source/lieux"
)

// files writes texts as files, name then text.
func files(t *testing.T, texts ...string) (in []source.Input) {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(texts); i += 2 {
		path := filepath.Join(dir, texts[i])
		if err := os.WriteFile(path, []byte(texts[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
		in = append(in, source.FromPath(path))
	}
	return in
}

// read gives rows as lines "category id commune placement lon,lat nom".
func read(t *testing.T, o source.Options, in []source.Input) (rows []string, r *source.Report, err error) {
	t.Helper()
	imp, err := equipements.Equipements(context.Background(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range imp.Rows {
		if err != nil {
			return rows, imp.Report, err
		}
		if err := e.Check(); err != nil {
			t.Errorf("%+v: %v", e, err)
		}
		where := "-"
		if e.Located() {
			where = fmt.Sprintf("%.3f,%.3f", e.At.Lon, e.At.Lat)
		}
		rows = append(rows, strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s", e.Category, e.Commune, e.Placement, where, e.Nom)))
	}
	r = imp.Report
	if r.Read != r.Accepted+r.Merged+r.Skipped+len(r.Rejected) {
		t.Errorf("read %d = accepted %d + merged %d + skipped %d + rejected %d does not hold", r.Read, r.Accepted, r.Merged, r.Skipped, len(r.Rejected))
	}
	return rows, r, nil
}

func warned(r *source.Report, words string) bool {
	return slices.ContainsFunc(r.Warnings, func(w source.Rejection) bool { return strings.Contains(w.String(), words) })
}

// lambert is a position as the BPE writes it.
func lambert(t *testing.T, lon, lat float64) string {
	t.Helper()
	x, y, err := geo.Lambert93.FromLonLat(geo.LonLat{Lon: lon, Lat: lat})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%.2f;%.2f", x, y)
}

func TestPublishedLayouts(t *testing.T) {
	old := "AN;BV2012;DEP;DEPCOM;DCIRIS;LAMBERT_X;LAMBERT_Y;QUALITE_XY;REG;TYPEQU\n" +
		"2018;x;02;02408;;" + lambert(t, 3.62, 49.56) + ";Bonne;32;D201\n" +
		"2018;x;02;02408;;" + lambert(t, 3.62, 49.56) + ";Bonne;32;D201\n" + // of the same practice
		"2018;x;02;2408;;" + strings.ReplaceAll(lambert(t, 3.63, 49.57), ".", ",") + ";Acceptable;32;D202\n" +
		"2018;x;02;02691;;;;;32;D106\n" +
		"2018;x;02;02691;;" + lambert(t, 3.3, 49.85) + ";Mauvaise;32;D106\n" +
		"2018;x;02;02168;;" + lambert(t, 3.4, 49.05) + ";Bonne;32;B207\n" +
		"2018;x;974;97411;;338000.1;7690000.2;Bonne;04;D201\n" +
		"2018;x;02;02168;;abc;6900000;Bonne;32;A122\n"
	recent := `"AN";"NOMRS";"DEPCOM";"TYPEQU";"LAMBERT_X";"LAMBERT_Y";"LONGITUDE";"LATITUDE";"QUALITE_XY";"EPSG";"QUALITE_GEOLOC"` + "\n" +
		`"2024";"DOCTEUR X";"02408";"D265";"1";"2";"3.62";"49.56";"B";"2154";"11"` + "\n" +
		`"2024";"MAIRIE DE LAON";"02408";"A129";"";"";"3.625";"49.565";"B";"2154";"_Z"` + "\n" +
		`"2024";"";"02408";"D266";"";"";"3.7";"49.6";"M";"2154";"33"` + "\n" +
		`"2024";"";"97411";"F307";"338000";"7690000";"55.45";"-20.88";"B";"2975";"11"` + "\n" +
		`"2024";"";"97608";"D106";"";"";"";"";"_U";"4471";"_Z"` + "\n"
	for _, c := range []struct {
		name, text string
		want       []string
		warn       []string
		rejected   int
	}{
		{"BPE of 2018", old, []string{"medecin-generaliste 02408 coordonnées 3.620,49.560", "medecin-specialiste 02408 coordonnées 3.630,49.570", "urgences 02691 commune -"},
			[]string{"placés à leur commune : 1", "au hasard dans la commune", "d'outre-mer laissés de côté", "B207 (1)", "sans leur zéro initial"}, 1},
		{"BPE of 2024", recent, []string{"medecin-generaliste 02408 adresse 3.620,49.560", "mairie 02408 coordonnées 3.625,49.565 MAIRIE DE LAON",
			"medecin-specialiste 02408 commune -", "bibliotheque 97411 adresse 55.450,-20.880", "urgences 97608 commune -"}, []string{"au hasard"}, 0},
		{"counts", "DEPCOM;TYPEQU;NB_EQUIP\n02408;D201;12\n02408;D202;0\n02408;A128;1\n02691;D203;2\n02691;D208;1\n02001;X999;3\n",
			[]string{"medecin-generaliste 02408 commune -", "france-services 02408 commune -", "medecin-specialiste 02691 commune -"}, []string{"X999 (1)", "comptés par commune"}, 0},
		{"counts, one column for each", "CODGEO;LIBGEO;NB_A101;NB_D201;NB_D202;NB_D203\n02408;Laon;1;12;2;1\n02001;Abbécourt;0;0;0;0\n",
			[]string{"medecin-generaliste 02408 commune -", "medecin-specialiste 02408 commune -"}, nil, 0},
		{"Melodi", "GEO;GEO_OBJECT;FACILITY_DOM;FACILITY_SDOM;FACILITY_TYPE;BPE_MEASURE;TIME_PERIOD;OBS_VALUE\n" +
			"02408;COM;D;D2;D265;FACILITIES;2024;12\n02408;COM;D;D2;_T;FACILITIES;2024;40\n02;DEP;D;D2;D265;FACILITIES;2024;400\n02691;COM;D;D1;D106;FACILITIES;2023;1\n2024-COM-02168;;A;A1;A122;FACILITIES;2024;1\n",
			[]string{"medecin-generaliste 02408 commune -", "services-publics 02168 commune -"}, []string{"seule la plus récente, 2024"}, 0},
		{"FINESS", "finess;etalab;96;2026-05-12\n" +
			"structureet;020000999;020000001;MSP DE LAON;;;;1;R;X;;;408;02;AISNE;02000 LAON;;;603;Maison de santé;;;;;;;;;;;;\n" +
			"structureet;020000888;020000001;PHARMACIE;;;;1;R;X;;;408;02;AISNE;02000 LAON;;;620;Pharmacie;;;;;;;;;;;;\n" +
			"structureet;020000777;020000001;MSP DE GUISE;;;;1;R;X;;;361;02;AISNE;02120 GUISE;;;603;Maison de santé;;;;;;;;;;;;\n" +
			"structureet;970000777;020000001;MSP;;;;1;R;X;;;105;9A;GUADELOUPE;97100 BASSE TERRE;;;603;Maison de santé;;;;;;;;;;;;\n" +
			"geolocalisation;020000999;" + lambert(t, 3.62, 49.56) + ";1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / Lambert-93 (Métropole);2026-05-04\n" +
			"geolocalisation;020000777;" + lambert(t, 3.6, 49.9) + ";4,ATLASANTE,.,ADMIN-EXPRESS-2023,EPSG:2154 RGF93 / Lambert-93 (Métropole);2026-05-04\n" +
			"geolocalisation;970000777;657242.9;1795384.4;2,ATLASANTE,96,BAN,EPSG:5490 RGAF09/UTM Zone 20N (Antilles);2026-05-04\n",
			[]string{"medecin-generaliste 02408 adresse 3.620,49.560", "medecin-generaliste 02361 commune -"}, []string{"620 (1)", "outre-mer", "tables ID et URGENCES", "au milieu de leur commune"}, 0},
	} {
		for _, encode := range []bool{false, true} {
			text := c.text
			if encode { // as INSEE and DREES wrote them once
				var err error
				if text, err = charmap.Windows1252.NewEncoder().String(text); err != nil {
					t.Fatal(err)
				}
			}
			rows, r, err := read(t, source.Options{MaxRejectShare: 0.5}, files(t, "f.csv", text))
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			if d := cmp.Diff(c.want, rows); d != "" || len(r.Rejected) != c.rejected {
				t.Errorf("%s: %s\nrejected %v", c.name, d, r.Rejected)
			}
			for _, w := range c.warn {
				if !warned(r, w) {
					t.Errorf("%s: no warning of %q in %v", c.name, w, r.Warnings)
				}
			}
		}
	}
}

const (
	saeID  = "bor;an;fi;rs;COMINSEE;NOMCOM\nID;2023;020000162;CH SAINT-QUENTIN;02691;SAINT QUENTIN\nID;2023;020000089;CH GUISE;02361;GUISE\nID;2023;510002470;AMH;51454;REIMS\n"
	saeUrg = "BOR;AN;FI;RS;FI_EJ;AUTSU;AUTGEN;AUTSAIS;AUTPED;EMG\nURGENCES;2023;20000162;CH SAINT-QUENTIN;020000063;1;1;0;1;1\nURGENCES;2023;020000089;CH GUISE;020000022;0;0;0;0;\n" +
		"URGENCES;2023;510002470;AMH;510000029;1;0;0;1;0\nURGENCES;2023;999999999;INCONNU;;1;1;0;0;\n"
)

func TestSAEIsTwoTables(t *testing.T) {
	want := []string{"urgences 02691 commune - CH SAINT-QUENTIN", "urgences 51454 commune - AMH"}
	for _, order := range [][]string{{"ID.csv", saeID, "U.csv", saeUrg}, {"U.csv", saeUrg, "ID.csv", saeID}} {
		rows, r, err := read(t, source.Options{MaxRejectShare: 0.5}, files(t, order...))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, rows); d != "" || len(r.Rejected) != 1 || r.Rejected[0].Value != "999999999" {
			t.Errorf("%s; rejected %v", d, r.Rejected)
		}
		if !warned(r, "enfants seuls") || r.Manifest.Vintage != "2023" || !strings.HasPrefix(r.Manifest.Source, "DREES") {
			t.Errorf("warnings %v, manifest %+v", r.Warnings, r.Manifest)
		}
	}
	for name, order := range map[string][]string{"la table ID de la SAE ne dit pas": {"ID.csv", saeID}, "donnez avec elle la table ID": {"U.csv", saeUrg}} {
		if _, _, err := read(t, source.Options{}, files(t, order...)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%q: %v", name, err)
		}
	}
	// FINESS places the sites.
	finess := "finess;etalab;96;2026-05-12\nstructureet;020000162;020000063;CH;;;;1;R;X;;;691;02;AISNE;02100 ST QUENTIN;;;355;CH;;;;;;;;;;;;\n" +
		"geolocalisation;020000162;" + lambert(t, 3.29, 49.84) + ";1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / Lambert-93 (Métropole);2026-05-04\n"
	rows, _, err := read(t, source.Options{MaxRejectShare: 0.5}, files(t, "F.csv", finess, "ID.csv", saeID, "U.csv", saeUrg))
	if want[0] = "urgences 02691 adresse 3.290,49.840 CH SAINT-QUENTIN"; err != nil || !slices.Equal(rows, want) {
		t.Errorf("%v, %v; want %v", rows, err, want)
	}
}

func TestAnyListByAMapping(t *testing.T) {
	in := files(t, "m.json", `{"champs": {"id": "ref", "nom": "lib", "code_insee": "insee", "position": "geo", "categorie": {"colonne": "type", "table": {"Gendarmerie nationale": "services-publics", "Hôtel de ville": "mairie"}}}}`,
		"l.csv", "ref;lib;insee;geo;type\n1;Laon;02408;49.56, 3.62;Hôtel de ville\n2;Guise;02361;;gendarmerie nationale\n3;X;02361;;piscine\n1;Laon;02408;49.56, 3.62;Hôtel de ville\n")
	m, err := lieux.ReadMapping(context.Background(), in[0], equipements.CategoryField)
	if err != nil {
		t.Fatal(err)
	}
	rows, r, err := read(t, source.Options{Lieux: m, MaxRejectShare: 0.5}, in[1:])
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"mairie 02408 coordonnées 3.620,49.560 Laon", "services-publics 02361 commune - Guise"}
	if d := cmp.Diff(want, rows); d != "" || len(r.Rejected) != 1 || r.Rejected[0].Field != "categorie" || r.Merged != 1 {
		t.Errorf("%s; rejected %v, merged %d", d, r.Rejected, r.Merged)
	}
	template := files(t, "t.json", equipements.Template)
	if _, err := lieux.ReadMapping(context.Background(), template[0], equipements.CategoryField); err != nil {
		t.Errorf("the template: %v", err)
	}
	if _, err := lieux.ReadMapping(context.Background(), template[0]); err == nil {
		t.Error("a mapping of lieux takes a category")
	}
}

func TestWrongFiles(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"another table", "code;nom\n02408;Laon\n", "en-tête d'aucune présentation connue"},
		{"nothing of ours", "DEPCOM;TYPEQU;NB_EQUIP\n02408;B207;1\n", "rien à importer"},
		{"degrees as Lambert", "DEPCOM;TYPEQU;LAMBERT_X;LAMBERT_Y\n02408;D201;3.62;49.56\n", "hors de France en Lambert-93"},
		{"a count that is none", "DEPCOM;TYPEQU;NB_EQUIP\n02408;D201;beaucoup\n", "nombre non compris"},
		{"no commune", "DEPCOM;TYPEQU;NB_EQUIP\nLaon;D201;1\n", "code de commune non compris"},
	} {
		if _, _, err := read(t, source.Options{}, files(t, "f.csv", c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", c.name, err, c.want)
		}
	}
}

// TestRealSAE reads the tables of seven départements, when they are there.
func TestRealSAE(t *testing.T) {
	const dir = "../../../../shared/data/stat"
	names, err := filepath.Glob(filepath.Join(dir, "SAE_2023-*.csv"))
	if err != nil || len(names) < 2 {
		t.Skipf("no tables of SAE in %s", dir)
	}
	var in []source.Input
	for _, n := range names {
		in = append(in, source.FromPath(n))
	}
	rows, r, err := read(t, source.Options{}, in)
	if err != nil {
		t.Fatal(err)
	}
	aisne := 0
	for _, row := range rows {
		if strings.HasPrefix(row, fmt.Sprintf("%s 02", equipement.Urgences)) {
			aisne++
		}
	}
	if aisne != 7 || len(r.Rejected) > 0 {
		t.Errorf("%d emergency departments in the Aisne of %d, rejected %v; want 7", aisne, len(rows), r.Rejected)
	}
}
