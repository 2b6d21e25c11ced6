package stat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/source/stat/layout"
	"github.com/aisne-numerique/maillage/geo/store"
)

// imported reads tables and writes down the values, then what is told.
func imported(t *testing.T, o source.Options, in ...source.Input) string {
	t.Helper()
	imp, err := Variables(t.Context(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for v, err := range imp.Rows {
		if err != nil {
			fmt.Fprintln(&b, "erreur :", err)
			break
		}
		fmt.Fprintf(&b, "%s %s %.6g\n", v.Code, v.Name, v.Value)
	}
	r := imp.Report
	if n := r.Accepted + r.Merged + r.Skipped + len(r.Rejected); n != r.Read {
		t.Errorf("%d read; %d accepted, %d merged, %d skipped, %d rejected", r.Read, r.Accepted, r.Merged, r.Skipped, len(r.Rejected))
	}
	for _, x := range r.Rejected {
		fmt.Fprintln(&b, "refus :", x)
	}
	for _, x := range r.Warnings {
		fmt.Fprintln(&b, "avis :", x)
	}
	return b.String()
}

func table(name, text string) source.Input { return sourcetest.Memory(name, []byte(text)) }

// TestRowsOfOneCommune: several rows, parts, and codes that lost their form.
func TestRowsOfOneCommune(t *testing.T) {
	any := source.Options{MaxRejectShare: 1}
	for _, tt := range []struct {
		special string
		in      []source.Input
		o       source.Options
		want    string
	}{
		{"numbers as tables write them", []source.Input{table("v.csv", "code;taux\n02408;12,5 %\n02722;12.5%\n02361;1\u202f234,5\n02381;\n02168;#N/A\n02001;c\n02002;s\n02003;n.d.\n02004;-\n02006;//\n02007;…\n02008;7\u00a0%\n")}, any,
			"02408 taux 12.5\n02722 taux 12.5\n02361 taux 1234.5\n02008 taux 7\navis : v.csv: valeurs que la source ne donne pas (secret, non disponible…), lues comme inconnues : « #N/A » 1, « - » 1, « // » 1, « c » 1, « n.d. » 1, « s » 1, « … » 1\n"},
		{"the same row twice", []source.Input{table("v.csv", "code,taux,part\n02408,12,3\n02001,1,\n02408,12,3\n")}, any,
			"02408 taux 12\n02408 part 3\n02001 taux 1\n"},
		{"two rows that differ in one value", []source.Input{table("v.csv", "code,taux,part\n02408,12,3\n02001,1,2\n02408,13,3\n")}, any,
			"02408 part 3\n02001 taux 1\n02001 part 2\nrefus : v.csv:2: taux « 12 » : 02408 a une autre valeur à v.csv:4 (13) ; attendu une seule valeur\nrefus : v.csv:4: taux « 13 » : 02408 a une autre valeur à v.csv:2 (12) ; attendu une seule valeur\n"},
		{"a third row like the first", []source.Input{table("v.csv", "code,taux\n02408,12\n02408,13\n02408,12\n02001,1\n")}, any,
			"02001 taux 1\nrefus : v.csv:2: taux « 12 » : 02408 a une autre valeur à v.csv:3 (13) ; attendu une seule valeur\nrefus : v.csv:3: taux « 13 » : 02408 a une autre valeur à v.csv:2 (12) ; attendu une seule valeur\nrefus : v.csv:4: taux « 12 » : 02408 a une autre valeur à v.csv:3 (13) ; attendu une seule valeur\n"},
		{"a value that one of the rows does not give", []source.Input{table("v.csv", "code,taux\n02408,\n02408,13\n")}, any, "02408 taux 13\n"},
		{"two files with other columns", []source.Input{table("a.csv", "code,taux\n02408,12\n"), table("b.csv", "code,part\n02408,3\n")}, any, "02408 taux 12\n02408 part 3\n"},
		{"long, the same value twice, and two that differ", []source.Input{table("v.csv", "code,variable,valeur\n02408,taux,12\n02408,taux,12\n02408,part,3\n02001,taux,1\n02001,taux,2\n")}, any,
			"02408 taux 12\n02408 part 3\nrefus : v.csv:5: valeur « 1 » : 02001 a une autre valeur à v.csv:6 (2) ; attendu une seule valeur\nrefus : v.csv:6: valeur « 2 » : 02001 a une autre valeur à v.csv:5 (1) ; attendu une seule valeur\n"},
		{"a wide table and a long one that agree, and do not", []source.Input{table("a.csv", "code,taux,part\n02408,12,3\n"), table("b.csv", "code,variable,valeur\n02408,taux,12\n02408,part,4\n")}, any,
			"02408 taux 12\nrefus : a.csv:2: part « 3 » : 02408 a une autre valeur à b.csv:3 (4) ; attendu une seule valeur\nrefus : b.csv:3: valeur « 4 » : 02408 a une autre valeur à a.csv:2 (3) ; attendu une seule valeur\n"},
		{"codes without their zero", []source.Input{table("v.csv", "code,taux\n2408,1\n2001.0,2\n60057,3\n'02002,4\n")}, any,
			"02408 taux 1\n02001 taux 2\n60057 taux 3\n02002 taux 4\navis : v.csv:2: code « 2408 » : codes sans leur zéro initial, qui leur est rendu : 2\n"},
		{"IRIS with their people", []source.Input{table("v.csv", "IRIS;LIBIRIS;part_pct;P21_POP\n024080101;A;10;100\n024080102;B;20;300\n20010000;C;5;50\n")}, any,
			"02408 part_pct 17.5\n02408 p21_pop 400\n02001 part_pct 5\n02001 p21_pop 50\n"},
		{"people of IRIS in another file", []source.Input{table("v.csv", "IRIS;MED21\n024080101;20000\n024080102;s\n024080103;10000\n"), table("pop.csv", "IRIS,COM,P21_POP\n024080101,02408,100\n024080102,02408,100\n024080103,02408,300\n027220101,02722,9\n")}, any,
			"02408 med21 12500\n02408 p21_pop 500\n02722 p21_pop 9\n"},
		{"less than half of the people", []source.Input{table("v.csv", "IRIS;taux;P21_POP\n024080101;10;100\n024080102;ns;300\n020010000;5;1\n")}, any,
			"02408 p21_pop 400\n02001 taux 5\n02001 p21_pop 1\n"},
		{"IRIS beside the code of their commune, without people", []source.Input{table("v.csv", "IRIS;COM;taux\n024080101;02408;10\n024080102;02408;20\n020010000;02001;5\n")}, any,
			"024080101 taux 10\n024080102 taux 20\n02001 taux 5\n"},
		{"IRIS without people, twice", []source.Input{table("v.csv", "IRIS;taux\n024080101;10\n024080102;20\n024080101;10\n024080102;21\n")}, any,
			"024080101 taux 10\nrefus : v.csv:3: taux « 20 » : 024080102 a une autre valeur à v.csv:5 (21) ; attendu une seule valeur\nrefus : v.csv:5: taux « 21 » : 024080102 a une autre valeur à v.csv:3 (20) ; attendu une seule valeur\n"},
		{"IRIS of four digits", []source.Input{table("v.csv", "IRIS;COM;taux;population\n0101;02408;10;1\n0102;02408;20;1\n0000;02001;5;1\n")}, any, "02408 taux 15\n02408 population 2\n02001 taux 5\n02001 population 1\n"},
		{"one IRIS without people spoils its commune", []source.Input{table("v.csv", "IRIS;taux;P21_POP\n024080101;10;100\n024080102;20;\n027220101;1;1\n")}, any,
			"024080101 taux 10\n024080101 p21_pop 100\n024080102 taux 20\n02722 taux 1\n02722 p21_pop 1\n"},
		{"an IRIS twice, with two values", []source.Input{table("v.csv", "IRIS;taux;P21_POP\n024080101;10;100\n024080102;20;900\n024080101;11;100\n")}, any,
			"02408 p21_pop 1000\n02408 taux 20\nrefus : v.csv:2: taux « 10 » : 024080101 a une autre valeur à v.csv:4 (11) ; attendu une seule valeur\nrefus : v.csv:4: taux « 11 » : 024080101 a une autre valeur à v.csv:2 (10) ; attendu une seule valeur\n"},
		{"communes and their IRIS", []source.Input{table("v.csv", "codgeo;taux\n02408;12\n024080101;10\n024080102;20\n")}, any, "02408 taux 12\navis : v.csv: lignes d'IRIS ou d'arrondissements laissées de côté, leur commune ayant la sienne : 2\n"},
		{"arrondissements with their people", []source.Input{table("v.csv", "code;taux;population\n75112;10;100\n75101;20;300\n69381;1;5\n02408;3;7\n")}, any,
			"75056 taux 17.5\n75056 population 400\n69123 taux 1\n69123 population 5\n02408 taux 3\n02408 population 7\n"},
		{"arrondissements beside their town", []source.Input{table("v.csv", "code;taux\n75056;9\n75112;10\n")}, any, "75056 taux 9\navis : v.csv: lignes d'IRIS ou d'arrondissements laissées de côté, leur commune ayant la sienne : 1\n"},
		{"arrondissements alone", []source.Input{table("v.csv", "code;taux\n13201;9\n02408;1\n")}, any,
			"02408 taux 1\nrefus : v.csv:2: code « 13201 » : arrondissement de 13055 ; attendu une ligne pour la commune entière, ou la population de chaque arrondissement (colonne population, ici ou dans un second fichier) pour les réunir\n"},
	} {
		got := imported(t, tt.o, tt.in...)
		// What is said of joining is tried apart.
		var kept []string
		for line := range strings.Lines(got) {
			if !strings.Contains(line, "réunies selon leur population") && !strings.Contains(line, "laissées inconnues, faute") && !strings.Contains(line, "valeurs gardées par IRIS") && !strings.Contains(line, "ne nourrit une variable") && !strings.Contains(line, "colonne sans aucun nombre") && !strings.Contains(line, "« 20010000 »") &&
				!strings.Contains(line, "inconnues : « s » 1") && !strings.Contains(line, "inconnues : « ns » 1") {
				kept = append(kept, line)
			}
		}
		if diff := cmp.Diff(tt.want, strings.Join(kept, "")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.special, diff)
		}
	}
	got := imported(t, any, table("v.csv", "IRIS;taux;P21_POP\n024080101;10;100\n024080102;ns;300\n"))
	for _, want := range []string{"avis : v.csv: communes dont les valeurs sont celles de leurs IRIS ou arrondissements, réunies selon leur population : 1\n", "avis : v.csv: valeurs de communes laissées inconnues, faute de connaître assez de leurs IRIS, arrondissements ou anciennes communes : 1\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("told\n%swant %s", got, want)
		}
	}
	m, err := layout.Read(t.Context(), table("m.json", `{"poids":"Habitants 2021","colonnes":{"Taux":{"variable":"taux_pct"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := imported(t, source.Options{Mapping: m}, table("v.csv", "iris;Taux;Habitants  2021\n024080101;10;1\n024080102;20;3\n")); !strings.HasPrefix(got, "02408 taux_pct 17.5\n") {
		t.Errorf("with a mapping that names the people: %s", got)
	}
}

// TestJoinAgainstWritingOut joins random IRIS, and does it again by hand.
func TestJoinAgainstWritingOut(t *testing.T) {
	for seed := range uint64(40) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		var csv strings.Builder
		csv.WriteString("IRIS;taux;nb_logements;P21_POP\n")
		type part struct {
			people, rate, count float64
			known               bool
		}
		communes, order := map[string][]part{}, []string{}
		for range 1 + rnd.IntN(6) {
			code := fmt.Sprintf("02%03d", 100+rnd.IntN(800))
			if communes[code] != nil {
				continue
			}
			order = append(order, code)
			for i := range 1 + rnd.IntN(5) {
				p := part{float64(rnd.IntN(50)), float64(rnd.IntN(1000)) / 8, float64(rnd.IntN(90)), rnd.IntN(4) > 0}
				communes[code] = append(communes[code], p)
				rate := fmt.Sprint(p.rate)
				if !p.known {
					rate = "s"
				}
				fmt.Fprintf(&csv, "%s%04d;%s;%v;%v\n", code, 101+i, strings.Replace(rate, ".", ",", 1), p.count, p.people)
			}
		}
		var want []store.Variable
		for _, code := range order {
			all, known, weighted, count := 0.0, 0.0, 0.0, 0.0
			for _, p := range communes[code] {
				all, count = all+p.people, count+p.count
				if p.known {
					known, weighted = known+p.people, weighted+p.people*p.rate
				}
			}
			if known > 0 && known*2 >= all {
				want = append(want, store.Variable{Level: store.LevelCommune, Code: code, Name: "taux", Value: weighted / known})
			}
			want = append(want, store.Variable{Level: store.LevelCommune, Code: code, Name: "nb_logements", Value: count}, store.Variable{Level: store.LevelCommune, Code: code, Name: "p21_pop", Value: all})
		}
		imp, err := Variables(t.Context(), []source.Input{table("v.csv", csv.String())}, source.Options{})
		got := sourcetest.Rows(t, imp, err)
		byName := cmpopts.SortSlices(func(a, b store.Variable) bool { return a.Code+a.Name < b.Code+b.Name })
		near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9*max(1, math.Abs(a)) })
		if diff := cmp.Diff(want, got, byName, near); diff != "" {
			t.Fatalf("seed %d:\n%s(-want +got):\n%s", seed, csv.String(), diff)
		}
	}
}

func TestCasesOfVariables(t *testing.T) {
	for name, want := range map[string]string{
		"ifn-pourcent.csv": "02408 taux_pauvrete_2021_pct 12.5\n02722 taux_pauvrete_2021_pct 12.5\nrefus : ifn-pourcent.csv:4: taux_pauvrete_2021_pct « 1 234,5 » : part hors de son unité ; attendu de 0 à 100 %\n",
		"ifn-doublon.csv":  "erreur : import ifn: 2 refus sur 2 valeurs, plus que la part admise de 20 % ; le premier est ifn-doublon.csv:2: part des 75 ans ou plus, 2021 « 12 » : 02408 a une autre valeur à ifn-doublon.csv:3 (13) ; attendu une seule valeur\n",
		"ifn-iris.csv":     "02001 part_75_ans_et_plus_pct 8.5\n02002 part_75_ans_et_plus_pct 9.5\n",
	} {
		if got := imported(t, source.Options{}, sourcetest.CaseFile(t, name)); !strings.HasPrefix(got, want) {
			t.Errorf("%s: got\n%.600s", name, got)
		}
	}
	// Of a town cut into IRIS there is no value: not that of the first.
	if got := imported(t, source.Options{}, sourcetest.CaseFile(t, "ifn-iris.csv")); strings.Contains(got, "\n02691 ") || !strings.Contains(got, "\n026910101 part_75_ans_et_plus_pct 11.2\n") {
		t.Errorf("IRIS without people: %s", got)
	}
	imp, err := Variables(t.Context(), []source.Input{sourcetest.CaseFile(t, "ifn-codes-nombres.xlsx")}, source.Options{})
	got := sourcetest.Rows(t, imp, err)
	communes := map[string]bool{}
	for _, v := range got {
		communes[v.Code] = true
	}
	if len(communes) != 798 || got[0].Code != "02001" || got[0].Value != 12.5 {
		t.Errorf("a workbook of codes that are numbers: %d communes, the first value %+v; want 798, and 12.5 for 0.125 shown as a share", len(communes), got[0])
	}
	sourcetest.None(t, imp.Report.Rejected)
}
