package main

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source/fetch"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// publisher serves the files of a made-up Somme at the addresses of the catalogue, which it
// has as if they were its own: what no file stands at is a 404.
type publisher struct {
	*httptest.Server
	files     map[string][]byte // by host and path
	catalogue string
}

func newPublisher(t *testing.T) *publisher {
	t.Helper()
	p := &publisher{files: sommeFiles(t)}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := p.files[strings.TrimPrefix(r.URL.Path, "/")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("ETag", fmt.Sprintf(`"%x"`, md5.Sum(body)))
		http.ServeContent(w, r, "", time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC), bytes.NewReader(body))
	}))
	t.Cleanup(p.Close)
	text := strings.ReplaceAll(string(fetch.Text()), "https://", p.URL+"/")
	text = strings.ReplaceAll(text, `"format": "osm.pbf"`, `"format": "osm"`) // which a test can write
	p.catalogue = filepath.Join(t.TempDir(), "catalogue.json")
	if err := os.WriteFile(p.catalogue, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

// fetch runs the command, and gives what it says.
func (p *publisher) fetch(args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = run(context.Background(), append([]string{"fetch", "--departement", "80", "--catalogue", p.catalogue}, args...), &o, &e)
	return code, o.String(), e.String()
}

// sommeFiles are two communes, in an EPCI, as every publisher tells of them.
func sommeFiles(t *testing.T) map[string][]byte {
	t.Helper()
	const west, south, side = 2.30, 49.90, 0.03
	outline := func(west, width float64) string {
		return fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]g,%[3]g],[%[2]g,%[3]g],[%[2]g,%[4]g],[%[1]g,%[4]g],[%[1]g,%[3]g]]]}`, west, west+width, south, south+side)
	}
	collection := func(features ...string) []byte {
		return []byte(`{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`)
	}
	feature := func(properties, geometry string) string {
		return `{"type":"Feature","properties":{` + properties + `},"geometry":` + geometry + `}`
	}
	squares := "idcar_200m,idcar_1km,idcar_nat,i_est_200,i_est_1km,lcog_geo,ind,men,men_pauv,men_1ind,ind_0_3,ind_4_5,ind_6_10,ind_11_17,ind_18_24,ind_25_39,ind_40_54,ind_55_64,ind_65_79,ind_80p,ind_inc\n"
	for i, people := range []float64{300, 200} {
		x, y, err := geo.LAEA.FromLonLat(geo.LonLat{Lon: west + side/2 + side*float64(i), Lat: south + side/2})
		if err != nil {
			t.Fatal(err)
		}
		id := func(size float64) string {
			return fmt.Sprintf("CRS3035RES%.0fmN%.0fE%.0f", size, math.Floor(y/size)*size, math.Floor(x/size)*size)
		}
		squares += fmt.Sprintf("%s,%s,%s,0,0,8000%d,%g,100,10,20,0,0,0,0,0,0,0,0,50,10,0\n", id(200), id(1000), id(200), i+1, people)
	}
	roads := `<osm version="0.6">`
	var refs string
	for i := range 7 {
		roads += fmt.Sprintf(`<node id="%d" lat="%g" lon="%g"/>`, i+1, south+side/2, west+0.01*float64(i))
		refs += fmt.Sprintf(`<nd ref="%d"/>`, i+1)
	}
	roads += `<way id="1">` + refs + `<tag k="highway" v="residential"/></way></osm>`
	zip := func(members ...sourcetest.Member) []byte { return sourcetest.Zipped(members...) }
	insee := func(name, table string) []byte {
		return zip(sourcetest.Member{Name: "meta_" + name, Data: "COD_VAR;LIB_VAR\r\nx;y\r\n"}, sourcetest.Member{Name: name, Data: strings.ReplaceAll(table, "\n", "\r\n")})
	}
	const insees = "www.insee.fr/fr/statistiques/fichier/"
	const gouv = "www.data.gouv.fr/api/1/datasets/r/"
	files := map[string][]byte{
		"geo.api.gouv.fr/departements/80/communes": collection(
			feature(`"code":"80001","nom":"Un","codeEpci":"200000801","population":300`, outline(west, side)),
			feature(`"code":"80002","nom":"Deux","codeEpci":"200000801","population":200`, outline(west+side, side))),
		"geo.api.gouv.fr/epcis": collection(feature(`"code":"200000801","nom":"CC des Deux","population":500`, outline(west, 2*side))),
		"cartographie.societenumerique.gouv.fr/api/lieux/exporter": []byte("id,nom,commune,code_postal,code_insee,adresse,latitude,longitude,date_maj,services,source,horaires\n" +
			"l1,Médiathèque,Un,80000,80001,1 rue,49.915,2.315,2026-05-02,Accès internet et matériel informatique,essai,Mo-Fr 09:00-12:00\n"),
		gouv + "31576dff-fd61-4de9-819f-32c2f880b142": []byte("id_fs,lib_fs,adresse,insee_com,code_postal,lib_com,latitude,longitude,h_lundi,h_mardi,h_mercredi,h_jeudi,h_vendredi,h_samedi,format_fs,telephone,mail,itinerance,commentaire\n" +
			`7,"France services des Deux",2 rue,80002,80000,Deux,49.915,2.345,09:00 - 12:00,,09:00 - 12:00,,,,Fixe,,,Non,` + "\n"),
		insees + "8735162/Filosofi2021_carreaux_200m_csv.zip":      zip(sourcetest.Member{Name: "f/carreaux_200m_mart.csv", Data: "x"}, sourcetest.Member{Name: "f/carreaux_200m_met.csv", Data: squares}, sourcetest.Member{Name: "f/carreaux_200m_reun.csv", Data: "x"}),
		insees + "8581444/base-cc-emploi-pop-active-2022_csv.zip":  insee("base-cc-emploi-pop-active-2022.CSV", "CODGEO;P22_POP1564;P22_ACT1564;P22_CHOM1564\n80001;180;120;12\n80002;120;80;20\n"),
		insees + "8202349/base-cc-logement-2021_csv.zip":           insee("base-cc-logement-2021.CSV", "CODGEO;P21_LOG;P21_RP;P21_RP_VOIT1P\n80001;110;100;90\n80002;110;100;60\n"),
		insees + "8581488/base-cc-diplomes-formation-2022_csv.zip": insee("base-cc-diplomes-formation-2022.CSV", "CODGEO;P22_NSCOL15P;P22_NSCOL15P_DIPLMIN\n80001;200;40\n80002;150;60\n"),
		insees + "8581696/base-cc-evol-struct-pop-2022_csv.zip":    insee("base-cc-evol-struct-pop-2022.CSV", "CODGEO;P22_POP;P22_POP75P\n80001;300;30\n80002;200;40\n"),
		insees + "7756729/base-cc-filosofi-2021-geo2025_csv.zip": zip(sourcetest.Member{Name: "DS_FILOSOFI_CC_metadata.csv", Data: "a;b\n"}, sourcetest.Member{Name: "DS_FILOSOFI_CC_data.csv",
			Data: "GEO;GEO_OBJECT;FILOSOFI_MEASURE;UNIT_MEASURE;UNIT_MULT;CONF_STATUS;OBS_STATUS;TIME_PERIOD;OBS_VALUE\n80001;COM;MED_SL;EUR;0;F;A;2021;20000\n80002;COM;MED_SL;EUR;0;F;A;2021;18000\n200000801;EPCI;PR_MD60;PT;0;F;A;2021;15.5\n"}),
		"data.arcep.fr/fixe/maconnexioninternet/statistiques/last/commune/commune_techno.csv": []byte("code_insee;nbr;elig_ftth;elig_coax;date\n80001;150;120;0;2026-06-30\n80002;100;100;0;2026-06-30\n"),
		"download.openstreetmap.fr/extracts/europe/france/haute_normandie-latest.osm.pbf":     []byte(`<osm version="0.6"><node id="11" lat="49.6" lon="1.6"/><node id="12" lat="49.61" lon="1.6"/><way id="3"><nd ref="11"/><nd ref="12"/><tag k="highway" v="residential"/></way></osm>`),
	}
	for _, region := range []string{"picardie", "nord-pas-de-calais"} {
		at := "download.geofabrik.de/europe/france/" + region + "-latest.osm.pbf"
		files[at] = []byte(roads)
		files[at+".md5"] = fmt.Appendf(nil, "%x  %s-latest.osm.pbf\n", md5.Sum(files[at]), region)
	}
	return files
}

// TestFetchAnotherDepartement downloads what is published of a département that is not the
// Aisne, from the addresses of the program's own catalogue, and computes.
func TestFetchAnotherDepartement(t *testing.T) {
	p := newPublisher(t)
	dir := t.TempDir()
	store := filepath.Join(dir, "80.gpkg")
	code, out, errs := p.fetch("--dir", filepath.Join(dir, "data"), "--store", store, "--import", "--json")
	if code != exitOK {
		t.Fatalf("fetch --import: exit %d: %s", code, errs)
	}
	var answer struct {
		Datasets []struct {
			Name, Kind, Error, Without, Skipped, Import, Millesime string
			Files                                                  []struct{ URL, Path string }
			Imported                                               struct {
				Accepted int
				Manifest struct{ Vintage, Licence, Dataset string }
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &answer); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	type row struct {
		accepted         int
		vintage, dataset string
		files            int
		missing, laid    bool
		lastURLEndsWith  string
	}
	got := map[string]row{}
	for _, d := range answer.Datasets {
		r := row{accepted: d.Imported.Accepted, vintage: d.Imported.Manifest.Vintage, dataset: d.Imported.Manifest.Dataset, files: len(d.Files), missing: d.Error != "", laid: d.Skipped != ""}
		if r.files > 0 {
			r.lastURLEndsWith = filepath.Base(d.Files[r.files-1].URL)
		}
		if r.missing && d.Without == "" {
			t.Errorf("%s is missed, and nothing says what is then unknown", d.Name)
		}
		got[d.Name] = r
	}
	for name, want := range map[string]row{
		"communes":        {accepted: 2, vintage: "2026-11-02", dataset: "communes", files: 1, lastURLEndsWith: "communes?fields=code,nom,codeEpci,population&format=geojson&geometry=contour"},
		"epci":            {accepted: 1, vintage: "2026-11-02", dataset: "epci", files: 1, lastURLEndsWith: "epcis?codeDepartement=80&fields=code,nom,population&format=geojson&geometry=contour"},
		"lieux":           {accepted: 1, vintage: "2026-11-02", dataset: "lieux:essai", files: 1, lastURLEndsWith: "exporter"},
		"france-services": {accepted: 1, vintage: "2026-11-02", dataset: "lieux:france-services", files: 1, lastURLEndsWith: "31576dff-fd61-4de9-819f-32c2f880b142"},
		"routes":          {accepted: 2, vintage: "2026-11-02", dataset: "routes", files: 3, lastURLEndsWith: "nord-pas-de-calais-latest.osm.pbf"},
		"population":      {accepted: 2, vintage: "2021", dataset: "population", files: 1, lastURLEndsWith: "Filosofi2021_carreaux_200m_csv.zip"},
	} {
		r := got[name]
		if name == "lieux" {
			want.dataset = r.dataset // by its content
		}
		if name == "france-services" {
			want.dataset = r.dataset
		}
		if r != want {
			t.Errorf("%s: %+v, want %+v", name, r, want)
		}
	}
	for name, vintage := range map[string]string{"emploi": "2022", "logement": "2021", "diplomes": "2022", "age": "2022", "filosofi": "2021"} {
		if r := got[name]; r.accepted == 0 || r.vintage != vintage || !strings.HasPrefix(r.dataset, "ifn:") {
			t.Errorf("%s: %+v, want a dataset of its own, of %s", name, r, vintage)
		}
	}
	if r := got["fibre"]; r.accepted == 0 {
		t.Errorf("fibre: %+v", r)
	}
	for _, name := range []string{"menages", "filosofi-2023", "qpv"} {
		if !got[name].missing {
			t.Errorf("%s: %+v, want it missed", name, got[name])
		}
	}
	if !got["gtfs"].laid || !got["couverture-4g"].laid {
		t.Errorf("what is not to be had by a command is asked for: %+v", got)
	}
	var o, e bytes.Buffer
	if code := run(context.Background(), []string{"compute", "--store", store, "--departement", "80", "--json"}, &o, &e); code != exitOK {
		t.Fatalf("compute: exit %d: %s", code, e.String())
	}
	var computed struct {
		Population float64
		Counts     struct{ Communes, EPCI, Lieux int }
	}
	if err := json.Unmarshal(o.Bytes(), &computed); err != nil || computed.Population != 500 || computed.Counts.Communes != 2 || computed.Counts.EPCI != 1 || computed.Counts.Lieux != 2 {
		t.Errorf("computed %+v, %v", computed, err)
	}

	// Once more: nothing is downloaded again, and what is optional counts when asked.
	code, out, errs = p.fetch("--dir", filepath.Join(dir, "data"), "--strict")
	if code != exitFailed || !strings.Contains(errs, "jeux facultatifs manqués (--strict) : menages,") || !strings.Contains(out, "sans menages : personnes de 75 ans et plus vivant seules inconnues") {
		t.Errorf("--strict: exit %d: %s\n%s", code, errs, out)
	}
	if strings.Contains(out, "reçu ") || strings.Count(out, "inchangé routes") != 3 {
		t.Errorf("downloaded again:\n%s", out)
	}
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "  maillage import roads ") && (!strings.Contains(line, "--dataset routes") || !strings.Contains(line, `--source '© les contributeurs d'\''OpenStreetMap`) || !strings.Contains(line, "--licence 'ODbL 1.0' --millesime 2026-11-02")) {
			t.Errorf("the import to paste: %s", line)
		}
	}
}

// TestFetchThatLacks says what lacks, and fails when it must.
func TestFetchThatLacks(t *testing.T) {
	p := newPublisher(t)
	only := func(names string, more ...string) (int, string, string) {
		return p.fetch(append([]string{"--dir", t.TempDir(), "--only", names}, more...)...)
	}
	squares := "www.insee.fr/fr/statistiques/fichier/8735162/Filosofi2021_carreaux_200m_csv.zip"
	whole := p.files[squares]
	p.files[squares] = sourcetest.Zipped(sourcetest.Member{Name: "carreaux_1km_met.csv", Data: "x"})
	if code, _, errs := only("population"); code != exitFailed || !strings.Contains(errs, "ce qui est publié n'a plus le nom que dit le catalogue : population") {
		t.Errorf("a pattern that matches nothing: exit %d: %s", code, errs)
	}
	p.files[squares] = []byte("<html><head><title>Maintenance</title></head></html>")
	if code, out, errs := only("population"); code != exitOK || !strings.Contains(out, "« Maintenance »") || !strings.Contains(out, "sans population : la population de chaque commune est répartie par un modèle") {
		t.Errorf("a page in the place of squares: exit %d: %s%s", code, out, errs)
	}
	p.files[squares] = whole
	p.files["download.geofabrik.de/europe/france/picardie-latest.osm.pbf.md5"] = []byte(strings.Repeat("0", 32) + "  x\n")
	if code, out, errs := only("routes", "--json"); code != exitFailed || !strings.Contains(errs, "manquent, et rien ne se calcule sans : routes") || !strings.Contains(out, "le producteur annonce 0000") {
		t.Errorf("a wrong checksum, and no other address: exit %d: %s%s", code, out, errs)
	}
	for special, tc := range map[string]struct {
		args []string
		want string
	}{
		"a dataset that is not there":    {[]string{"--departement", "80", "--only", "rien"}, "--only rien : pas de jeu de ce nom"},
		"no département":                 {nil, "--departement CODE"},
		"a département that is not":      {[]string{"--departement", "Somme"}, `département "Somme" : attendu un code`},
		"two things that do not go well": {[]string{"--departement", "80", "--check", "--import"}, "--check et --import"},
	} {
		var o, e bytes.Buffer
		if code := run(t.Context(), append([]string{"fetch"}, tc.args...), &o, &e); code != exitUsage || !strings.Contains(e.String(), tc.want) {
			t.Errorf("%s: exit %d: %s", special, code, e.String())
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var o, e bytes.Buffer
	if code := run(ctx, []string{"fetch", "--departement", "80", "--catalogue", p.catalogue, "--dir", t.TempDir()}, &o, &e); code != exitFailed || !strings.Contains(e.String(), "interrompu") {
		t.Errorf("after Ctrl-C: exit %d, %s", code, e.String())
	}
}

// TestFetchCheck asks, and downloads nothing.
func TestFetchCheck(t *testing.T) {
	p := newPublisher(t)
	dir := t.TempDir()
	check := func() (int, []checkedJSON, []string, string) {
		code, out, errs := p.fetch("--check", "--json", "--dir", dir)
		var answer struct {
			Addresses []checkedJSON
			Missing   []string
		}
		if err := json.Unmarshal([]byte(out), &answer); err != nil {
			t.Fatalf("%v: %s%s", err, out, errs)
		}
		return code, answer.Addresses, answer.Missing, errs
	}
	code, addresses, missing, errs := check()
	if code != exitOK || len(missing) > 0 {
		t.Errorf("exit %d, missing %v: %s", code, missing, errs)
	}
	squares := slices.IndexFunc(addresses, func(a checkedJSON) bool { return a.File == "population" && a.OK })
	if squares < 0 || addresses[squares].Bytes == nil || *addresses[squares].Bytes <= 0 || addresses[squares].Date != "2026-11-02" || addresses[squares].Millesime != "2021" {
		t.Errorf("squares: %+v", addresses)
	}
	delete(p.files, "geo.api.gouv.fr/epcis")
	code, _, missing, errs = check()
	if code != exitFailed || !slices.Equal(missing, []string{"epci"}) || !strings.Contains(errs, "aucune adresse ne répond pour : epci, et rien ne se calcule sans") {
		t.Errorf("a needed dataset does not answer: exit %d, missing %v: %s", code, missing, errs)
	}
	if _, out, _ := p.fetch("--check"); !strings.Contains(out, "404 Not Found") || !strings.Contains(out, "sans qpv : pas de résultats par quartier prioritaire") {
		t.Errorf("as a table:\n%s", out)
	}
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("something was written: %v", entries)
	}
}

// TestCatalogueIsOnesOwn: it is written, changed, and named by the environment.
func TestCatalogueIsOnesOwn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "catalogue.json")
	say := func(args ...string) (int, string) {
		var o, e bytes.Buffer
		code := run(t.Context(), append([]string{"fetch"}, args...), &o, &e)
		return code, o.String() + e.String()
	}
	if code, out := say("--write-catalogue", file); code != exitOK || !strings.Contains(out, "catalogue écrit dans") {
		t.Fatalf("exit %d: %s", code, out)
	}
	if code, out := say("--write-catalogue", file); code != exitFailed || !strings.Contains(out, "existe déjà") {
		t.Errorf("over a file: exit %d: %s", code, out)
	}
	text, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(text, fetch.Text()) {
		t.Fatalf("the catalogue that was written is another (%v)", err)
	}
	text = bytes.Replace(text, []byte("https://www.insee.fr/fr/statistiques/fichier/8735162/"), []byte("https://miroir.exemple.fr/"), 1)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MAILLAGE_CATALOGUE", file)
	code, out := say("--list", "--departement", "972")
	if code != exitOK || !strings.Contains(out, "1. https://miroir.exemple.fr/Filosofi2021_carreaux_200m_csv.zip, 2021") || !strings.Contains(out, "maillage import gtfs RESEAU.zip") {
		t.Errorf("exit %d: %s", code, out)
	}
	text = bytes.Replace(text, []byte(`["--type", "qpv"]`), []byte(`["--couleur", "bleu"]`), 1)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := say("--list", "--departement", "972"); code != exitFailed || !strings.Contains(out, `catalogue : jeu "qpv" : import :`) {
		t.Errorf("a flag that no import has: exit %d: %s", code, out)
	}
}
