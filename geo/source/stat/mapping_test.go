package stat

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/outline"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/source/stat/layout"
	"github.com/aisne-numerique/maillage/geo/store"
)

func mapping(t *testing.T, text string) *source.Mapping {
	t.Helper()
	m, err := layout.Read(t.Context(), table("m.json", text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestMappingsCompute: every word of the language, and what each refuses.
func TestMappingsCompute(t *testing.T) {
	any := source.Options{MaxRejectShare: 1}
	for _, tt := range []struct {
		special, mapping, table, want string
	}{
		{"the template, on a table that it describes", layout.Template,
			"Code INSEE;Type;Population;75 à 89 ans;90 ans et plus;Ménages;Ménages ayant une voiture;Revenu médian (k€);Densité;Taux de pauvreté\n" +
				"02408;commune;24 304;2000;430,4;10000;7500;19,5;petites villes;21,5 %\n02001;commune;500;40;s;0;0;nd;Bourgs Ruraux;x\nE1;epci;1;1;1;1;1;1;Villes;1\n",
			"02408 taux_pauvrete_pct 21.5\n02408 population_nb 24304\n02408 population_75_ans_et_plus_nb 2430.4\n02408 part_75_ans_et_plus_pct 10\n02408 menages_nb 10000\n02408 menages_sans_voiture_nb 2500\n02408 revenu_median_uc_eur 19500\n02408 densite_niveau 3\n" +
				"02001 population_nb 500\n02001 menages_nb 0\n02001 menages_sans_voiture_nb 0\n02001 densite_niveau 5\n" +
				"avis : v.csv: valeurs que la source ne donne pas (secret, non disponible…), lues comme inconnues : « nd » 1, « s » 2\navis : v.csv:4: type « epci » : lignes laissées de côté, qui ne sont pas des communes entières : 1\n"},
		{"what a unit does not allow", `{"colonnes":{"p":{"variable":"p","unite":"%"},"n":{"variable":"n","unite":"ménages"}},"variables":[{"variable":"r_pct","calcul":{"ratio":["n","d"],"facteur":100}},{"variable":"m_nb","calcul":{"difference":["n","d"]}}]}`,
			"code;p;n;d\n02001;8 950;4;2\n02002;-1;1;2\n02003;100;0;0\n02004;0;5;5\n",
			"02001 n 4\n02001 m_nb 2\n02002 n 1\n02002 r_pct 50\n02003 p 100\n02003 n 0\n02003 m_nb 0\n02004 p 0\n02004 n 5\n02004 r_pct 100\n02004 m_nb 0\n" +
				"refus : v.csv:2: p « 8 950 » : part hors de son unité ; attendu de 0 à 100 %\nrefus : v.csv:2: n « 4 » : r_pct vaut 200 : part hors de son unité ; attendu de 0 à 100 %\nrefus : v.csv:3: p « -1 » : part hors de son unité ; attendu de 0 à 100 %\n" +
				"refus : v.csv:3: n « 1 » : m_nb vaut -1 : nombre négatif ; attendu 0 ou davantage\n" +
				"avis : v.csv: valeurs que la source ne donne pas (secret, non disponible…), lues comme inconnues : « 0 au dénominateur » 1\n"},
		{"a term that is secret, a cell that is no number", `{"variables":[{"variable":"r","calcul":{"ratio":["a","b"]}},{"variable":"s","calcul":{"somme":["a",{"constante":1},2]}}]}`,
			"code;a;b\n02001;c;2\n02002;1;deux\n02003;1;4\n",
			"02002 s 4\n02003 r 0.25\n02003 s 4\nrefus : v.csv:3: b « deux » : nombre non compris ; attendu un nombre, ou une cellule vide si la valeur est inconnue\n" +
				"avis : v.csv: valeurs que la source ne donne pas (secret, non disponible…), lues comme inconnues : « c » 2\n"},
		{"the first of several columns, the newest of several years", `{"variables":[{"variable":"x","calcul":{"premier":["zz{aa}",{"somme":["P{aa}_A","P{aa}_B"]}]}}]}`,
			"code;P17_A;P17_B;P22_A;P22_B\n02001;1;2;3;4\n", "02001 x 7\n"},
		{"a text that is not known", `{"variables":[{"variable":"d","calcul":{"colonne":"D","valeurs":{"Bourg":2}}}]}`, "code;D\n02001;bourg\n02002;Hameau\n02003;nd\n",
			"02001 d 2\nrefus : v.csv:3: d « Hameau » : texte non compris ; attendu l'un de ceux que la présentation connaît, ou une cellule vide si la valeur est inconnue\navis : v.csv: valeurs que la source ne donne pas (secret, non disponible…), lues comme inconnues : « nd » 1\n"},
		{"the line of the header", `{"ligne_entete":3,"code":{"colonne":"Zone"},"colonnes":{"Taux":{"variable":"t"}}}`, "Zone;Taux\nNotes;x\nZone;Taux\n02001;3\n", "02001 t 3\n"},
		{"a long table, its rows chosen by two columns", `{"code":{"colonne":"Lieu"},"long":{"valeur":"V","puissance":"P10"},"periode":"An","lignes":{"colonne":"Type","garder":["a"]},
			"variables":[{"variable":"h_nb","calcul":{"ou":{"Age":"75","Sexe":"T"}}},{"variable":"n_nb","calcul":{"ou":{"Age":"T","Sexe":"T"}}},{"variable":"p_pct","calcul":{"ratio":[{"variable":"h_nb"},{"variable":"n_nb"}],"facteur":100}}]}`,
			"Type;Lieu;Age;Sexe;An;P10;V\na;02001;75;T;2021;0;30\na;02001;75;F;2021;0;20\na;02001;T;T;2021;3;0,3\nb;02001;T;T;2021;0;9\na;02001;T;T;2015;0;7\na;02002;T;T;2021;0;s\na;02002;75;T;2021;0;3\na;02003;T;T;2021;0;5\na;02003;T;T;2021;0;6\na;02003;75;T;2021;0;6\n",
			"02001 h_nb 30\n02001 n_nb 300\n02001 p_pct 10\n02002 h_nb 3\n02003 h_nb 6\nrefus : v.csv:9: v « 5 » : une autre valeur à la ligne 10 (« 6 ») ; attendu une seule valeur\n" +
				"avis : v.csv: valeurs que la source ne donne pas (secret, non disponible…), lues comme inconnues : « s » 2\navis : v.csv:6: an « 2015 » : lignes laissées de côté, plus anciennes que 2021 : 1\navis : v.csv:5: type « b » : lignes laissées de côté, qui ne sont pas des communes entières : 1\n"},
		{"EPCI, and codes that are none", `{"niveau":"epci","colonnes":{"t":{"variable":"t"}}}`, "EPCI;t\n200071785;1\n200071786;2\n", "200071785 t 1\nrefus : v.csv:3: epci « 200071786 » : code d'EPCI non compris ; attendu un SIREN de neuf chiffres, comme 200071785\n"},
	} {
		o := any
		o.Mapping = mapping(t, tt.mapping)
		got := imported(t, o, table("v.csv", tt.table))
		var kept []string
		for line := range strings.Lines(got) {
			if !strings.Contains(line, "ne nourrit une variable") {
				kept = append(kept, line)
			}
		}
		if diff := cmp.Diff(tt.want, strings.Join(kept, "")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.special, diff)
		}
	}
	if got := imported(t, source.Options{MaxRejectShare: 1}, table("v.csv", "code;part_pct;x_nb\n02001;8950;-1\n02002;50;3\n")); !strings.HasPrefix(got, "02002 part_pct 50\n02002 x_nb 3\nrefus : v.csv:2: part_pct « 8950 » : part hors de son unité") || !strings.Contains(got, "x_nb « -1 » : nombre négatif") {
		t.Errorf("without a mapping: %s", got)
	}
}

const employment = "CODGEO;P21_CHOM1564;P21_ACT1564\n"

// TestSeveralLayouts: what does not belong together is told, and what is of another kind.
func TestSeveralLayouts(t *testing.T) {
	a := table("emploi.csv", employment+"02001;1;10\n")
	for _, tt := range []struct {
		special string
		in      []source.Input
		want    string
	}{
		{"two layouts", []source.Input{a, table("filo.csv", "CODGEO;MED21;TP6021\n02001;1;2\n")},
			"filo.csv: présentation « INSEE, Filosofi : revenus et pauvreté, une ligne par territoire », à côté de « emploi.csv » : présentation « INSEE, recensement : emploi – population active » ; importez chacune à part, elle a son jeu"},
		{"one that is of none", []source.Input{a, table("mien.csv", "code;taux\n02001;1\n")},
			"mien.csv: présentation qui n'est pas connue, à côté de « emploi.csv » : présentation « INSEE, recensement : emploi – population active » ; importez chacune à part, elle a son jeu"},
		{"two years", []source.Input{a, table("avant.csv", "CODGEO;P15_CHOM1564;P15_ACT1564\n02001;1;10\n")},
			"avant.csv: données de 2015, à côté de celles de 2021 (emploi.csv) ; importez chaque millésime à part : chacun a son jeu"},
		{"equipment", []source.Input{table("bpe.csv", "AN;DEPCOM;TYPEQU;LAMBERT_X\n2024;02408;A128;1\n")},
			"bpe.csv:1: c'est la base permanente des équipements de l'INSEE, pas une table de variables ; importez-le ainsi : maillage import equipements FICHIER"},
		{"regions", []source.Input{table("emploi11.txt", employment+"01;1;10\n02;1;10\n11;1;10\n24;1;10\n32;1;10\n")}, "emploi11.txt: codes de régions ; attendu des communes, des IRIS, des EPCI ou des départements"},
		{"living areas", []source.Input{table("cc_emploi_2021_BV2022.csv", employment+"02001;1;10\n")}, "cc_emploi_2021_BV2022.csv: le nom du fichier dit un zonage (BV) dont les codes se confondent avec d'autres ; attendu les communes (COM), les IRIS, les EPCI ou les départements (DEP)"},
		{"squares", []source.Input{table("c.csv", "idcar_200m,ind,men\nCRS3035RES200mN2029800E4252400,1,2\n")},
			"c.csv:1: c'est le carroyage de l'INSEE, pas une table de variables ; importez-le ainsi : maillage import population FICHIER"},
	} {
		if got := imported(t, source.Options{}, tt.in...); got != "erreur : import ifn: "+tt.want+"\n" {
			t.Errorf("%s: told %s", tt.special, got)
		}
	}
	// Communes, EPCI and IRIS of one census go together; each keeps its level.
	imp, err := Variables(t.Context(), []source.Input{a, table("emploi.csv", "CODGEO,P21_CHOM1564,P21_ACT1564\n200071785,3,10\n"), table("ic.csv", "IRIS,COM,P21_CHOM1564,P21_ACT1564\n024080101,02408,1,4\n020010000,02001,1,10\n")}, source.Options{})
	want := []store.Variable{{Level: "commune", Code: "02001", Name: "chomeurs_15_64_ans_nb", Value: 1}, {Level: "commune", Code: "02001", Name: "actifs_15_64_ans_nb", Value: 10}, {Level: "commune", Code: "02001", Name: "taux_chomage_15_64_ans_pct", Value: 10},
		{Level: "epci", Code: "200071785", Name: "chomeurs_15_64_ans_nb", Value: 3}, {Level: "epci", Code: "200071785", Name: "actifs_15_64_ans_nb", Value: 10}, {Level: "epci", Code: "200071785", Name: "taux_chomage_15_64_ans_pct", Value: 30},
		{Level: "iris", Code: "024080101", Name: "chomeurs_15_64_ans_nb", Value: 1}, {Level: "iris", Code: "024080101", Name: "actifs_15_64_ans_nb", Value: 4}, {Level: "iris", Code: "024080101", Name: "taux_chomage_15_64_ans_pct", Value: 25},
		{Level: "iris", Code: "020010000", Name: "chomeurs_15_64_ans_nb", Value: 1}, {Level: "iris", Code: "020010000", Name: "actifs_15_64_ans_nb", Value: 10}, {Level: "iris", Code: "020010000", Name: "taux_chomage_15_64_ans_pct", Value: 10}}
	if diff := cmp.Diff(want, sourcetest.Rows(t, imp, err)); diff != "" {
		t.Errorf("three levels (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"taux_chomage_15_64_ans_pct"}, imp.Report.Feeds); diff != "" {
		t.Errorf("what feeds the index (-want +got):\n%s", diff)
	}
	// A file of all the bases of the census is read by each, under one name.
	all := table("dossier_complet.csv", "CODGEO;P21_CHOM1564;P21_ACT1564;P21_RP;P21_RP_VOIT1P;P21_POP;P21_POP0014;P21_POP7589;P21_POP90P;MED20;TP6020\n02001;1;10;100;80;300;1;20;10;9;9\n")
	got := imported(t, source.Options{}, all)
	for _, want := range []string{"taux_chomage_15_64_ans_pct 10\n", "part_menages_sans_voiture_pct 20\n", "part_75_ans_et_plus_pct 10\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("all bases: no %s in %s", want, got)
		}
	}
	if name, err := Name(t.Context(), []source.Input{all}, source.Options{}); name != "rp-2021" || err != nil {
		t.Errorf("all bases: named %q, %v", name, err)
	}
	// A workbook with a sheet for each level is read by that of communes; the web service of
	// INSEE writes levels before codes.
	book := sourcetest.Memory("base.xlsx", sourcetest.XlsxOf([][]string{{"CODGEO", "P21_CHOM1564", "P21_ACT1564"}, {"\"02001", "=1", "=10"}}))
	if got := imported(t, source.Options{}, book); !strings.HasPrefix(got, "02001 chomeurs_15_64_ans_nb 1\n") {
		t.Errorf("a workbook: %s", got)
	}
	service := table("to-csv.csv", "GEO;AGE;SEX;EMPSTA_ENQ;EDUC;RP_MEASURE;TIME_PERIOD;OBS_VALUE\n2023-COM-02001;Y15T64;_T;2;_T;POP;2022;1\n2023-COM-02001;Y15T64;_T;1T2;_T;POP;2022;4\n2023-DEP-02;Y15T64;_T;2;_T;POP;2022;7\n2023-EPCI-200071785;Y15T64;_T;2;_T;POP;2022;8\n")
	imp, err = Variables(t.Context(), []source.Input{service}, source.Options{})
	want = []store.Variable{{Level: "commune", Code: "02001", Name: "chomeurs_15_64_ans_nb", Value: 1}, {Level: "commune", Code: "02001", Name: "actifs_15_64_ans_nb", Value: 4}, {Level: "commune", Code: "02001", Name: "taux_chomage_15_64_ans_pct", Value: 25},
		{Level: "departement", Code: "02", Name: "chomeurs_15_64_ans_nb", Value: 7}, {Level: "epci", Code: "200071785", Name: "chomeurs_15_64_ans_nb", Value: 8}}
	if diff := cmp.Diff(want, sourcetest.Rows(t, imp, err)); diff != "" {
		t.Errorf("codes with their level (-want +got):\n%s", diff)
	}
	// What the user says goes before what the layout knows.
	imp, err = Variables(t.Context(), []source.Input{a}, source.Options{Source: "Moi", Vintage: "2020"})
	if err != nil || imp.Manifest.Source != "Moi" || imp.Manifest.Vintage != "2020" || imp.Manifest.Licence != "Licence Ouverte 2.0" {
		t.Errorf("manifest %+v, %v", imp.Manifest, err)
	}
}

// TestMovesOfVariables: former communes are joined, their counts added, their shares computed
// again or weighted; moves to communes of which the present alone is there are kept.
func TestMovesOfVariables(t *testing.T) {
	moves, err := outline.ReadMoves(t.Context(), []source.Input{table("m.csv", "ancien,nouveau\n02077,02564\n02695,02053\n02800,02900\n")})
	if err != nil {
		t.Fatal(err)
	}
	o := source.Options{Moves: moves, MaxRejectShare: 1}
	told := func(text string) string {
		var kept []string
		for line := range strings.Lines(text) {
			if !strings.Contains(line, "ne nourrit une variable") {
				kept = append(kept, line)
			}
		}
		return strings.Join(kept, "")
	}
	for _, tt := range []struct{ special, table, want string }{
		{"counts behind a share", employment + "02077;10;100\n02564;40;100\n02800;1;4\n02001;1;2\n",
			"02564 chomeurs_15_64_ans_nb 50\n02564 actifs_15_64_ans_nb 200\n02564 taux_chomage_15_64_ans_pct 25\n02900 chomeurs_15_64_ans_nb 1\n02900 actifs_15_64_ans_nb 4\n02900 taux_chomage_15_64_ans_pct 25\n02001 chomeurs_15_64_ans_nb 1\n02001 actifs_15_64_ans_nb 2\n02001 taux_chomage_15_64_ans_pct 50\n" +
				"avis : v.csv: communes actuelles dont les valeurs sont celles d'anciennes communes, effectifs ajoutés et parts pondérées : 2\n"},
		{"a secret part", employment + "02077;s;100\n02564;40;100\n", "02564 actifs_15_64_ans_nb 200\navis : v.csv: valeurs que la source ne donne pas (secret, non disponible…), lues comme inconnues : « s » 2\n" +
			"avis : v.csv: communes actuelles dont les valeurs sont celles d'anciennes communes, effectifs ajoutés et parts pondérées : 1\navis : v.csv: valeurs de communes laissées inconnues, faute de connaître assez de leurs IRIS, arrondissements ou anciennes communes : 2\n"},
		{"weighted by people", "code;taux_pct;population\n02077;10;100\n02564;20;300\n", "02564 taux_pct 17.5\n02564 population 400\navis : v.csv: communes actuelles dont les valeurs sont celles d'anciennes communes, effectifs ajoutés et parts pondérées : 1\n"},
		{"the present commune alone", "code;taux_pct\n02564;20\n", "02564 taux_pct 20\n"},
	} {
		if diff := cmp.Diff(tt.want, told(imported(t, o, table("v.csv", tt.table)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.special, diff)
		}
	}
	imp, err := Variables(t.Context(), []source.Input{table("v.csv", "code;taux_pct\n02564;20\n2053;1\n02695;4\n")}, o)
	if err != nil || imp.Manifest.Options[store.LaterMoves] != "02077>02564" {
		t.Errorf("moves kept: %v, %v", imp.Manifest.Options, err)
	}
}

// TestRealStatistics reads files as they were published: some are held beside the repository
// on some machines.
func TestRealStatistics(t *testing.T) {
	for _, tt := range []struct {
		file, name string
		rows       int
		want       []store.Variable
	}{
		{"cc_filosofi_2021_COM-02-voisins.csv", "filosofi-2021", 13021, []store.Variable{{Level: "commune", Code: "02001", Name: "revenu_median_uc_eur", Value: 21150}, {Level: "commune", Code: "02001", Name: "menages_fiscaux_nb", Value: 192}}},
		{"BASE_TD_FILO_IRIS_2021_DEC-02-voisins.csv", "filosofi-declares-2021-iris", 2880, []store.Variable{{Level: "iris", Code: "021680101", Name: "revenu_declare_median_uc_eur", Value: 16920}, {Level: "iris", Code: "021680101", Name: "taux_bas_revenus_declares_pct", Value: 38}}},
		{"base-cc-logement-2021-extrait-02-voisins.csv", "rp-logement-2021", 4463, []store.Variable{{Level: "commune", Code: "02001", Name: "menages_nb", Value: 193.18460663665}}},
		{"ftthCommunes-2018T1-02-voisins.csv", "arcep-observatoire-2018-t1", 4492, []store.Variable{{Level: "commune", Code: "02001", Name: "locaux_ftth_nb", Value: 246}}},
		{"ftthEpci-2018T1.csv", "arcep-observatoire-2018-t1-epci", 1264, []store.Variable{{Level: "epci", Code: "200000172", Name: "locaux_ftth_nb", Value: 1303}}},
		{"grille-densite-02-voisins.csv", "densite", 4459, []store.Variable{{Level: "commune", Code: "02001", Name: "densite_niveau", Value: 4}, {Level: "commune", Code: "02002", Name: "densite_niveau", Value: 6}}},
	} {
		in := []source.Input{sourcetest.RealFile(t, "stat", tt.file)}
		name, err := Name(t.Context(), in, source.Options{})
		if err != nil || name != tt.name {
			t.Errorf("%s: named %q, %v; want %q", tt.file, name, err, tt.name)
		}
		imp, err := Variables(t.Context(), in, source.Options{})
		got := sourcetest.Rows(t, imp, err)
		if len(got) != tt.rows {
			t.Errorf("%s: %d values, want %d", tt.file, len(got), tt.rows)
			continue
		}
		if diff := cmp.Diff(tt.want, got[:len(tt.want)]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.file, diff)
		}
		sourcetest.None(t, imp.Report.Rejected)
	}
	got := imported(t, source.Options{}, sourcetest.RealFile(t, "aisne", "facts", "territoires-aisne.csv"))
	if !strings.HasPrefix(got, "02001 densite_niveau 4\n") || strings.Count(got, " densite_niveau ") != 798 || strings.Count(got, " ruralite_niveau ") != 751 {
		t.Errorf("typologies: %.400s", got)
	}
	if got := imported(t, source.Options{}, sourcetest.RealFile(t, "stat", "SAE_2023-URGENCES-02-voisins.csv")); !strings.Contains(got, "maillage import equipements FICHIER") {
		t.Errorf("emergency departments: %s", got)
	}
	if got := imported(t, source.Options{}, sourcetest.RealFile(t, "stat", "base-cc-logement-2021-extrait-02-voisins.csv")); !strings.Contains(got, "colonnes absentes : P21_RP_VOIT1P ; variables qui n'en sont pas tirées : menages_sans_voiture_nb, part_menages_sans_voiture_pct") {
		t.Errorf("a base without cars: %.300s", got)
	}
}
