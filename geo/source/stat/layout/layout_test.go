package layout

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// TestPublishedLayouts: each is sound, says what a citation needs, and can be named.
func TestPublishedLayouts(t *testing.T) {
	for _, l := range Published() {
		if l.Title == "" || len(l.Recognise) == 0 && l.ID != "ifn-v1-2019" {
			t.Errorf("%s: no title, or nothing to tell it by", l.ID)
		}
		if l.Import != "" {
			continue
		}
		if l.Source == "" || l.Licence == "" && l.ID != "ifn-v1-2019" {
			t.Errorf("%s: no publisher or licence", l.ID)
		}
		for _, c := range l.Variables {
			if c.Unit == "" || c.Variable != source.ColumnName(c.Variable) {
				t.Errorf("%s: %s has no unit, or no lower case", l.ID, c.Variable)
			}
		}
		m, err := Named(t.Context(), l.ID)
		if err != nil || m == nil || len(m.All()) == 0 || len(m.Files) != 1 {
			t.Errorf("%s named: %v, %v", l.ID, m, err)
		}
	}
	if m, err := Named(t.Context(), "carreaux"); m != nil || err != nil {
		t.Error("a name that is none's", m, err)
	}
}

func TestRecognise(t *testing.T) {
	for _, tt := range []struct{ header, want string }{
		{"CODGEO;P22_POP;P22_POP0014;P22_POP7589;P17_POP;P17_POP0014", "rp-population 2022"},
		{"IRIS;COM;P99_POP;P99_POP75P", "rp-population 1999"},
		{"CODGEO;P21_RP;P16_RP_VOIT1P", ""}, // two years do not make one
		{"code;P21_POP;taux", ""},           // people beside a user's own column
		{"IRIS;MED21", ""},
		{"CODGEO;MED21;TP6021", "filosofi 2021"},
		{"IRIS;DEC_MED20;DEC_TP6020", "filosofi-declares 2020"},
		{"GEO;GEO_OBJECT;FILOSOFI_MEASURE;OBS_VALUE", "filosofi-long"},
		{"GEO;EMPSTA_ENQ;AGE;EDUC;RP_MEASURE;OBS_VALUE", "rp-emploi-long"},
		{"code commune;champ;T4 2017;T1 2018", "arcep-observatoire 2018-T1"},
		{"code_insee;nom_com;nbr;type;elig_ftth;elig_cu", "arcep-eligibilite"},
		{"AN;DEPCOM;TYPEQU;LAMBERT_X", "autre-bpe"},
		{"idcar_200m;ind;men", "autre-carreaux"},
		{"", ""},
	} {
		got := ""
		if found := Recognise(strings.Split(tt.header, ";")); len(found) > 0 {
			got = strings.TrimSpace(found[0].ID + " " + found[0].When.String())
		}
		if got != tt.want {
			t.Errorf("%s: recognised as %q, want %q", tt.header, got, tt.want)
		}
	}
}

// TestWrongMappings shows, word for word, what a person is told.
func TestWrongMappings(t *testing.T) {
	one := func(formula string) string {
		return `{"variables":[{"variable":"a_nb","calcul":"A"},{"variable":"x","calcul":` + formula + `}]}`
	}
	for _, tt := range []struct{ text, want string }{
		{one(`{"ratio":["A"]}`), "« variables », numéro 2 : « ratio » : attendu deux termes"},
		{one(`{"difference":["A"]}`), "« variables », numéro 2 : « somme », « difference » ou « premier » sans assez de termes"},
		{one(`{"somme":["A",{"facteur":2}]}`), "« variables », numéro 2 : calcul non compris ; attendu l'un de colonne, variable, constante, ratio, somme, difference ou premier"},
		{one(`{"colonne":"A","variable":"a_nb"}`), "« variables », numéro 2 : calcul non compris ; attendu l'un de colonne, variable, constante, ratio, somme, difference ou premier"},
		{one(`{"variable":"b"}`), "« variables », numéro 2 : variable « b » inconnue ; attendu une variable donnée plus haut"},
		{one(`{"variable":"x"}`), "« variables », numéro 2 : variable « x » inconnue ; attendu une variable donnée plus haut"},
		{one(`{"colonne":"A","facteur":0}`), "« variables », numéro 2 : constante ou facteur qui n'est pas un nombre utile"},
		{one(`{"colonne":"A","ou":{"B":"1"}}`), "« variables », numéro 2 : « ou » choisit des lignes d'une table longue ; attendu « long »"},
		{one(`{"moyenne":["A"]}`), `clé "moyenne" inconnue ; attendu ` + keys},
		{one(`true`), "« variables.calcul » n'est pas du type attendu"},
		{one(strings.Repeat(`{"somme":[`, 30) + `"A"` + strings.Repeat(`]}`, 30)), "« variables », numéro 2 : plus de 12 calculs l'un dans l'autre"},
		{`{"variables":[{"variable":"x"}]}`, "« variables », numéro 1 sans « calcul » ; attendu une colonne ou une formule"},
		{`{"colonnes":{"A":{"variable":"x"}},"variables":[{"variable":"x","calcul":"B"}]}`, "variable « x » donnée deux fois : colonne « A » et « variables », numéro 1"},
		{`{"colonnes":{"A":{"variable":"x","calcul":"B"}}}`, "colonne « A » : « calcul » est un mot de « variables »"},
		{`{"niveau":"canton","colonnes":{"A":{"variable":"x"}}}`, "« niveau » vaut « canton » ; attendu iris, commune, epci ou departement"},
		{`{"long":{"nom":"n"},"colonnes":{"A":{"variable":"x"}}}`, "« long » incomplet ; attendu « valeur », et « nom » si une colonne nomme les valeurs"},
		{`{"ligne_entete":-1,"colonnes":{"A":{"variable":"x"}}}`, "« ligne_entete » : attendu le numéro d'une ligne, à partir de 1, sans « entete »"},
		{`{"lignes":[{"colonne":"A"}],"colonnes":{"A":{"variable":"x"}}}`, "« lignes » incomplet ; attendu « colonne » et « garder »"},
		{`{"lignes":[{"colone":"A"}],"colonnes":{"A":{"variable":"x"}}}`, `clé "colone" inconnue ; attendu ` + keys},
	} {
		_, err := Read(t.Context(), sourcetest.Memory("m.json", []byte(tt.text)))
		if got := errorText(err); got != "correspondance: m.json: "+tt.want {
			t.Errorf("%.80s: got %s\nwant %s", tt.text, got, tt.want)
		}
	}
	m, err := Read(t.Context(), sourcetest.Memory("modele.json", []byte(Template)))
	if err != nil {
		t.Fatal("the template:", err)
	}
	var names []string
	for _, c := range m.All() {
		names = append(names, c.Variable)
	}
	if diff := cmp.Diff("taux_pauvrete_pct population_nb population_75_ans_et_plus_nb part_75_ans_et_plus_pct menages_nb menages_sans_voiture_nb revenu_median_uc_eur densite_niveau", strings.Join(names, " ")); diff != "" {
		t.Errorf("variables of the template (-want +got):\n%s", diff)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func FuzzMapping(f *testing.F) {
	f.Add([]byte(Template))
	for _, l := range Published() {
		if data, err := published.ReadFile("published/" + l.ID + ".json"); err == nil {
			f.Add(data)
		}
	}
	f.Add([]byte(`{"variables":[{"variable":"x","calcul":{"ratio":["P{aa}_A{aa}",{"constante":1e308}],"facteur":1e308}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m := &source.Mapping{}
		if parse(data, m) != "" {
			return
		}
		for _, c := range m.All() {
			if c.Variable == "" || c.Formula == nil {
				t.Errorf("a variable without name or formula: %s", data)
			}
		}
		header := []string{"CODGEO", "P21_A21", "P22_A22", "T1 2018"}
		if w := WhenOf(m, header); w.Year < 0 || w != WhenOf(m, header) {
			t.Errorf("two times of one mapping: %v", w)
		}
	})
}
