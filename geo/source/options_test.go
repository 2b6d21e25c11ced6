package source

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/store"
)

func TestMovesFollowEachOther(t *testing.T) {
	m, err := ReadMoves([]Input{memory("2019.csv", []byte("ancien;nouveau\n02001;02002\n02005;02005\n")), memory("2024.csv", []byte("ancien,nouveau\n02002,02003\n02001,02002\n"))})
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]string{"02001": "02003", "02002": "02003", "02003": "02003", "02005": "02005", "02408": "02408"} {
		if got, moved := m.Current(code); got != want || moved != (got != code) {
			t.Errorf("Current(%s) = %s, %v; want %s", code, got, moved, want)
		}
	}
	if got, moved := (*Moves)(nil).Current("02001"); got != "02001" || moved {
		t.Errorf("no moves: %s, %v", got, moved)
	}
	if len(m.Files) != 2 || m.Files[1].Name != "2024.csv" {
		t.Errorf("files %v", m.Files)
	}
}

// TestWrongTables shows, word for word, what a person is told of the tables that
// options are read from.
func TestWrongTables(t *testing.T) {
	moves := func(in Input) error { _, err := ReadMoves([]Input{in}); return err }
	table := func(in Input) error { _, err := CommuneTable([]Input{in}); return err }
	mapping := func(in Input) error { _, err := ReadMapping(in); return err }
	for _, tt := range []struct {
		special string
		read    func(Input) error
		text    string
		want    string
	}{
		{"moves: not the columns", moves, "old,new\n", "mouvements: m:1: en-tête : colonnes absentes : ancien, nouveau ; colonnes lues : old, new"},
		{"moves: a code without its zero", moves, "ancien,nouveau\n2001,02002\n", "mouvements: m:2: ancien « 2001 » : code de commune sans son zéro initial ; attendu 02001 (colonne au format texte)"},
		{"moves: a commune that was divided", moves, "ancien,nouveau\n02001,02002\n02001,02003\n", "mouvements: m:3: ancien « 02001 » : déjà remplacé par 02002 à m:2 ; attendu un seul successeur"},
		{"moves: a circle", moves, "ancien,nouveau\n02009,02002\n02001,02002\n02002,02001\n", "mouvements: m:3: ancien « 02001 » : les mouvements tournent en rond ; attendu qu'ils mènent à un code actuel"},
		{"moves: a workbook", moves, "PK\x03\x04", "mouvements: m: c'est une archive zip ou un classeur (xlsx, ods) ; attendu un fichier CSV (texte, une ligne par enregistrement), en UTF-8"},
		{"moves: a line cut short", moves, "ancien,nouveau\n02001\n", "mouvements: m:2: 1 champs ; attendu 2, comme dans l'en-tête"},
		{"communes: no code", table, "nom,population\nLaon,1\n", "tableau des communes: m:1: en-tête : colonne absente : code"},
		{"communes: nothing but codes", table, "codgeo\n02408\n", "tableau des communes: m:1: en-tête : ni nom, ni epci, ni population ; attendu au moins l'un des trois à côté du code"},
		{"communes: twice the same", table, "code,nom\n02408,Laon\n02408,Laon\n", "tableau des communes: m:3: code « 02408 » : commune déjà présente à m:2"},
		{"communes: half a person", table, "CODGEO;PMUN2021\n02408;1,5\n", "tableau des communes: m:2: pmun2021 « 1,5 » : population non comprise ; attendu un nombre entier, positif ou nul"},
		{"communes: a SIREN of another length", table, "code,epci\n02408,2000\n", "tableau des communes: m:2: epci « 2000 » : SIREN non compris ; attendu neuf chiffres, comme 200072031"},
		{"mapping: no JSON", mapping, "colonne;variable", "correspondance: m: JSON invalide ; attendu un objet avec entete, code, lignes et colonnes"},
		{"mapping: a key that does not exist", mapping, `{"colones":{}}`, `correspondance: m: clé "colones" inconnue ; attendu entete, code, lignes et colonnes`},
		{"mapping: no columns", mapping, `{"entete":""}`, "correspondance: m: « colonnes » absent ou vide ; attendu au moins une colonne et sa variable"},
		{"mapping: a column of nothing", mapping, `{"colonnes":{"A":{}}}`, "correspondance: m: colonne « A » sans variable ; attendu un nom"},
		{"mapping: a direction that is none", mapping, `{"colonnes":{"A":{"variable":"a","sens":"up"}}}`, "correspondance: m: colonne « A » : sens « up » ; attendu hausse ou baisse"},
		{"mapping: one variable of two columns", mapping, `{"colonnes":{"A":{"variable":"a"},"B":{"variable":"a"}}}`, "correspondance: m: variable « a » donnée par deux colonnes"},
		{"mapping: one column twice, but for its capitals", mapping, `{"colonnes":{"A  b":{"variable":"a"},"a B":{"variable":"b"}}}`, "correspondance: m: colonne « a B » présente deux fois"},
		{"mapping: a header of another kind", mapping, `{"entete":"oui","colonnes":{}}`, "correspondance: m: « entete » vaut « oui » ; attendu « separe », ou rien"},
		{"mapping: half a filter", mapping, `{"lignes":{"colonne":"x"},"colonnes":{"A":{"variable":"a"}}}`, "correspondance: m: « lignes » incomplet ; attendu « colonne » et « garder »"},
		{"mapping: a type that is not the one", mapping, `{"colonnes":{"A":{"variable":7}}}`, "correspondance: m: « colonnes.variable » n'est pas du type attendu"},
		{"mapping: text after the end", mapping, `{"colonnes":{"A":{"variable":"a"}}} x`, "correspondance: m: du texte suit la fin de l'objet ; attendu un seul objet JSON"},
	} {
		if err := tt.read(memory("m", []byte(tt.text))); fmt.Sprint(err) != tt.want {
			t.Errorf("%s: got %v, want %s", tt.special, err, tt.want)
		}
	}
}

// TestMergedCommunes joins what moves say, by hand.
func TestMergedCommunes(t *testing.T) {
	square := func(x float64) string {
		return fmt.Sprintf(`"geometry":{"type":"Polygon","coordinates":[[[%v,49],[%v,49],[%v,50],[%v,50],[%v,49]]]}`, x, x+1, x+1, x, x)
	}
	outline := func(x float64) orb.Polygon { return orb.Polygon{{{x, 49}, {x + 1, 49}, {x + 1, 50}, {x, 50}, {x, 49}}} }
	data := collection(
		`{"type":"Feature","properties":{"code":"02001","nom":"A","population":10},`+square(1)+`}`,
		`{"type":"Feature","properties":{"code":"02002","nom":"B","epci":"200043495","population":5},`+square(2)+`}`,
		`{"type":"Feature","properties":{"code":"02003","nom":"C","population":3},`+square(3)+`}`,
		`{"type":"Feature","properties":{"code":"02004","nom":"D"},`+square(4)+`}`)
	moves, err := ReadMoves([]Input{memory("m.csv", []byte("ancien,nouveau\n02001,02002\n02004,02005\n"))})
	if err != nil {
		t.Fatal(err)
	}
	table, err := CommuneTable([]Input{memory("t.csv", []byte("code,nom,epci,population\n02005,D-sur-Aisne,200040426,0\n02003,C,200040426,99\n"))})
	if err != nil {
		t.Fatal(err)
	}
	imp, err := Communes([]Input{memory("c.geojson", data)}, Options{Moves: moves, Attributes: table})
	want := []admin.Commune{
		{Code: "02003", Nom: "C", EPCI: "200040426", Population: 3, Point: geo.LonLat{Lon: 3.5, Lat: 49.5}, Outline: orb.MultiPolygon{outline(3)}},
		{Code: "02002", Nom: "B", EPCI: "200043495", Population: 15, Point: geo.LonLat{Lon: 2.5, Lat: 49.5}, Outline: orb.MultiPolygon{outline(2), outline(1)}},
		{Code: "02005", Nom: "D-sur-Aisne", EPCI: "200040426", Population: 0, Point: geo.LonLat{Lon: 4.5, Lat: 49.5}, Outline: orb.MultiPolygon{outline(4)}},
	}
	if diff := cmp.Diff(want, rows(t, imp, err)); diff != "" {
		t.Errorf("communes (-want +got):\n%s", diff)
	}
	var told []string
	for _, w := range imp.Report.Warnings {
		told = append(told, w.String())
	}
	if diff := cmp.Diff([]string{
		"c.geojson:1: code « 02001 » : ancienne commune ; réunie à 02002",
		"c.geojson:4: code « 02004 » : ancien code de commune ; lu sous le code actuel 02005",
		"c.geojson: nom : communes dont le nom est celui du tableau des communes, comme « D-sur-Aisne » au lieu de « D » : 1",
	}, told); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if r := imp.Report; r.Read != 4 || r.Merged != 1 || len(r.Manifest.Files) != 3 {
		t.Errorf("%d read, %d merged, files %v", r.Read, r.Merged, r.Manifest.Files)
	}
}

// TestGeoJSONInEverySystem draws one square in each, named before and after the
// features, or asked for.
func TestGeoJSONInEverySystem(t *testing.T) {
	corners := []geo.LonLat{{Lon: 3.6, Lat: 49.5}, {Lon: 3.7, Lat: 49.5}, {Lon: 3.7, Lat: 49.6}, {Lon: 3.6, Lat: 49.6}, {Lon: 3.6, Lat: 49.5}}
	for _, crs := range []geo.CRS{geo.WGS84, geo.Lambert93, geo.WebMercator, geo.LAEA} {
		var positions []string
		for _, c := range corners {
			x, y, err := crs.FromLonLat(c)
			if err != nil {
				t.Fatal(err)
			}
			positions = append(positions, positionText([]float64{x, y}))
		}
		feature := `{"type":"Feature","properties":{"INSEE_COM":"02408","NOM":"Laon","POPULATION":1},"geometry":{"type":"Polygon","coordinates":[[` + strings.Join(positions, ",") + `]]}}`
		member := fmt.Sprintf(`"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::%d"}}`, crs)
		for _, tt := range []struct {
			special, text string
			o             Options
		}{
			{"named first", `{"type":"FeatureCollection",` + member + `,"features":[` + feature + `]}`, Options{}},
			{"named last", `{"features":[` + feature + `],` + member + `,"type":"FeatureCollection"}`, Options{}},
			{"asked for", `{"type":"FeatureCollection","features":[` + feature + `]}`, Options{CRS: crs}},
		} {
			imp, err := Communes([]Input{memory("c.geojson", []byte(tt.text))}, tt.o)
			got := rows(t, imp, err)
			for i, p := range got[0].Outline[0][0] {
				if d := geo.Distance(corners[i], geo.LonLat{Lon: p[0], Lat: p[1]}); d > 0.01 {
					t.Errorf("%s, %s: corner %d is %v m off", crs, tt.special, i, d)
				}
			}
		}
	}
}

func TestMappedVariables(t *testing.T) {
	m, err := ReadMapping(memory("m.json", []byte("\ufeff"+`{"entete":"separe","code":{"colonne":"COM","zeros":true},
		"lignes":{"colonne":"Type  iris","garder":["Commune"]},
		"colonnes":{"Score global":{"variable":"score","sens":"hausse","unite":"indice","millesime":"2019","inconnu":["0"]},"revenu":{"variable":"revenu_eur","sens":"baisse","unite":"€"}}}`)))
	if err != nil {
		t.Fatal(err)
	}
	header := memory("entetes.csv", []byte("\ufeffCOM;Score  GLOBAL;Type Iris;Revenu;x"))
	data := memory("ifn.csv", []byte("2553;95,5;Commune;21150;a\r\n2554;0;Commune;0;a\r\n2555;1;Iris d'habitat;2;a\r\n1234;1;Commune;s;a\r\n2556;3;Iris d'habitat;2;a\r\n"))
	imp, err := Variables([]Input{header, data}, Options{Mapping: m})
	want := []store.Variable{{Commune: "02553", Name: "score", Value: 95.5}, {Commune: "02553", Name: "revenu_eur", Value: 21150}, {Commune: "02554", Name: "revenu_eur", Value: 0}, {Commune: "01234", Name: "score", Value: 1}}
	if diff := cmp.Diff(want, rows(t, imp, err)); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	none(t, imp.Report.Rejected)
	if w := imp.Report.Warnings; len(w) != 1 || w[0].String() != "ifn.csv:3: type iris « Iris d'habitat » : lignes laissées de côté, qui ne sont pas des communes entières : 2" {
		t.Errorf("warnings %v", w)
	}
	if diff := cmp.Diff([]Column{{Variable: "revenu_eur", Direction: LessFragile, Unit: "€"}, {Variable: "score", Direction: MoreFragile, Unit: "indice", Vintage: "2019", Unknown: []string{"0"}}}, imp.Report.Variables); diff != "" {
		t.Errorf("variables of the report (-want +got):\n%s", diff)
	}
	if r := imp.Report; r.Skipped != 2 || r.Read != 6 {
		t.Errorf("%d read, %d skipped; want four values and two rows, and these two", r.Read, r.Skipped)
	}
	if n := len(imp.Manifest.Files); n != 3 {
		t.Errorf("%d files in the manifest, want the mapping too: 3", n)
	}
	for _, tt := range []struct {
		special string
		in      []Input
		want    string
	}{
		{"the header is forgotten", []Input{data}, "import ifn: ifn.csv: l'en-tête est dans un fichier à part (« entete » de la correspondance) ; attendu le fichier d'en-tête et le fichier de données"},
		{"two headers", []Input{header, header, data}, "import ifn: entetes.csv: second fichier d'une seule ligne ; attendu un seul fichier d'en-tête"},
		{"a column is missing", []Input{memory("h.csv", []byte("COM;Score global;Type iris")), data}, "import ifn: ifn.csv: en-tête : colonne absente : revenu ; colonnes lues : com, score global, type iris"},
		{"the column of the filter is missing", []Input{memory("h.csv", []byte("COM;Score global;revenu;a;b")), data}, "import ifn: ifn.csv: en-tête : colonne absente : Type  iris ; colonnes lues : com, score global, revenu, a, b"},
		{"the column of codes is missing", []Input{memory("h.csv", []byte("code;Score global;revenu;a;b")), data}, "import ifn: ifn.csv: en-tête : colonne absente : COM ; colonnes lues : code, score global, revenu, a, b"},
	} {
		imp, err := Variables(tt.in, Options{Mapping: m})
		if err != nil {
			t.Fatal(err)
		}
		var last error
		for _, last = range imp.Rows {
		}
		if fmt.Sprint(last) != tt.want {
			t.Errorf("%s: got %v, want %s", tt.special, last, tt.want)
		}
	}
}

func TestLongVariables(t *testing.T) {
	m, err := ReadMapping(memory("m.json", []byte(`{"colonnes":{"TAUX":{"variable":"taux_pauvrete_pct"}}}`)))
	if err != nil {
		t.Fatal(err)
	}
	moves, err := ReadMoves([]Input{memory("m.csv", []byte("ancien,nouveau\n02077,02564\n"))})
	if err != nil {
		t.Fatal(err)
	}
	data := memory("v.csv", []byte("code,variable,valeur\n02408,taux,\"12,5\"\n02408,revenu,\"21\u202f150\"\n02001,taux,N/A\n02077,taux,3\n"))
	for _, tt := range []struct {
		special string
		o       Options
		want    []store.Variable
		refused string
	}{
		{"as they are named", Options{}, []store.Variable{{Commune: "02408", Name: "taux", Value: 12.5}, {Commune: "02408", Name: "revenu", Value: 21150}, {Commune: "02077", Name: "taux", Value: 3}}, ""},
		{"mapped: others are left out", Options{Mapping: m}, []store.Variable{{Commune: "02408", Name: "taux_pauvrete_pct", Value: 12.5}, {Commune: "02077", Name: "taux_pauvrete_pct", Value: 3}}, ""},
		{"a commune that was merged", Options{Moves: moves, MaxRejectShare: .5}, []store.Variable{{Commune: "02408", Name: "taux", Value: 12.5}, {Commune: "02408", Name: "revenu", Value: 21150}},
			"v.csv:5: code « 02077 » : ancienne commune, réunie à 02564 : ses valeurs ne s'ajoutent pas ; attendu la commune actuelle"},
	} {
		imp, err := Variables([]Input{data}, tt.o)
		if diff := cmp.Diff(tt.want, rows(t, imp, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.special, diff)
		}
		refused := ""
		if r := imp.Report.Rejected; len(r) > 0 {
			refused = r[0].String()
		}
		if refused != tt.refused {
			t.Errorf("%s: refused %s, want %s", tt.special, refused, tt.refused)
		}
	}
}

func TestRealIFN(t *testing.T) {
	m, ok, err := BuiltinMapping("ifn-v1-2019")
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	imp, err := Variables([]Input{realFile(t, "aisne", "ifn-v1-2019.csv"), realFile(t, "aisne", "ifn-v1-2019-headers.csv")}, Options{Mapping: m})
	count := map[string]int{}
	for _, v := range rows(t, imp, err) {
		count[v.Name]++
		if !cogCode.MatchString(v.Commune) || v.Commune[:2] != "02" {
			t.Fatalf("commune %q", v.Commune)
		}
	}
	none(t, imp.Report.Rejected)
	var told []string
	for _, w := range imp.Report.Warnings {
		told = append(told, w.Value+" "+w.Reason)
	}
	if diff := cmp.Diff([]string{
		"Iris d'activité lignes laissées de côté, qui ne sont pas des communes entières : 3",
		"Iris d'habitat lignes laissées de côté, qui ne sont pas des communes entières : 76",
	}, told); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	// The interfaces axis is missing, written 0, in 114 of the 870 rows, and the
	// information axis in 9.
	if n := count["v1_interfaces"]; n >= 791 || n < 791-114 {
		t.Errorf("%d communes have a value for interfaces; want 677 to 790, the zeros being unknown", n)
	}
	if n := count["v1_information"]; n >= 791 || n < 791-9 {
		t.Errorf("%d communes have a value for information; want 782 to 790", n)
	}
	if count["v1_administratives"] != 790 || count["v1_numeriques"] != 791 { // one 0 among the former
		t.Errorf("values %v; want 790 and 791 for the two skills", count)
	}
}
