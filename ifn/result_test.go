package ifn

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// small is one complete place and one that knows too little.
func small(t testing.TB) *Result {
	t.Helper()
	s := twoByTwo(t)
	s.SubIndices[0].Variables[1].Inputs[0].Proxy = "autre chose que b"
	table := mustTable(t, Place{Code: "02408", Nom: "Laon", Weight: 100}, Place{Code: "02691", Nom: "Saint-Quentin", Weight: 300})
	mustSet(t, table, "a", 1, 2)
	mustSet(t, table, "b", 2, 2)
	mustSet(t, table, "c", 0, nan)
	o := Defaults()
	o.Level, o.ReferenceName = "commune", "departement:02"
	return mustCompute(t, s, table, o)
}

// TestJSON: the shape that scripts rely on; absent = unknown.
func TestJSON(t *testing.T) {
	got, err := json.Marshal(small(t))
	if err != nil {
		t.Fatal(err)
	}
	// Laon: a 2.5, b 5, c 5 (alone): left 3.75, right 5, index 4.375. Without a: 5;
	// without b: (2.5+5)/2 = 3.75; without c, right is gone: 3.75.
	want := `{"method":"percentile","formula":"` + Percentile.Formula() + `","level":"commune","reference":"departement:02","structure":"two","ranked":1,"min_completeness":0.4,"draws":200,` +
		`"rank_bounds":{"weight_low":0.5,"weight_high":2},"variables":[` +
		`{"id":"a","nom":"Variable a","sub_index":"left","weight":1,"direction":1,"column":"a","known":2,"known_people":1},` +
		`{"id":"b","nom":"Variable b","sub_index":"left","weight":1,"direction":1,"column":"b","proxy":"autre chose que b","known":2,"known_people":1},` +
		`{"id":"c","nom":"Variable c","sub_index":"right","weight":1,"direction":1,"column":"c","known":1,"known_people":0.25},` +
		`{"id":"d","nom":"Variable d","sub_index":"right","weight":1,"direction":1,"known":0}],` +
		`"completeness_report":{"level":"commune","places":2,"people":400,"known_share":0.5625,"variables":[` +
		`{"id":"b","nom":"Variable b","sub_index":"left","state":"approchée","reason":"approché : autre chose que b","places_unknown":0,"people_unknown":0,"index_share":0.25,"known_share":0.5625,"column":"b"},` +
		`{"id":"c","nom":"Variable c","sub_index":"right","state":"partielle","places_unknown":1,"people_unknown":300,"index_share":0.25,"known_share":0.75,"column":"c"},` +
		`{"id":"d","nom":"Variable d","sub_index":"right","state":"inconnue","places_unknown":2,"people_unknown":400,"index_share":0.25,"known_share":0.8125,"ranks":{"places":1,"mean":0,"max":0}}]},` +
		`"rows":[` +
		`{"code":"02408","nom":"Laon","score":4.375,"left":3.75,"right":5,"rank":1,"rank_low":1,"rank_high":1,"rank_min":1,"rank_max":1,"completeness":0.75,` +
		`"points":{"a":2.5,"b":5,"c":5},"contributions":{"a":0.625,"b":1.25,"c":2.5},"values":{"a":1,"b":2,"c":0},"missing":["d"],` +
		`"influence":[{"variable":"a","delta":-0.625,"rank_without":1},{"variable":"b","delta":0.625,"rank_without":1},{"variable":"c","delta":0.625,"rank_without":1}],` +
		`"sentence":"Laon : rang 1 sur 1 dans neuf pondérations sur dix, valeurs inconnues tirées au sort ; complétude 75 % ; manque : variable d ; par approximation : variable b"},` +
		`{"code":"02691","nom":"Saint-Quentin","left":6.25,"completeness":0.5,"points":{"a":7.5,"b":5},"values":{"a":2,"b":2},"missing":["c","d"],` +
		`"sentence":"Saint-Quentin : pas d'indice, données insuffisantes (Droite : 0 % du poids connu, 40 % requis) ; complétude 50 % ; manque : variable c, variable d ; par approximation : variable b"}]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}

// TestJSONOfPartsAndShares: parts under their variable, shares only where partial.
func TestJSONOfPartsAndShares(t *testing.T) {
	s := mustBuiltin(t, HDF2021)
	communes := mustTable(t, Place{Code: "1", Weight: 80}, Place{Code: "2", Weight: 20}, Place{Code: "3", Weight: 5})
	mustSet(t, communes, "acces_competences_min", 12, nan, 6)
	mustSet(t, communes, "acces_demarches_min", 4, 9, 6)
	epci, err := communes.Aggregate([]Group{{Code: "A", Nom: "A", Rows: []int{0, 1}}, {Code: "B", Nom: "B", Rows: []int{2}}}, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	r := mustCompute(t, s, epci, Defaults())
	data, err := json.Marshal(&r.Rows[0])
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Points map[string]float64
		Parts  map[string]map[string]float64
		Values map[string]float64
		Shares map[string]float64
		Rank   *int
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	want := got
	want.Points = map[string]float64{"acces_lieux": 5}
	want.Parts = map[string]map[string]float64{"acces_lieux": {"competences": 7.5, "demarches": 2.5}}
	want.Values = map[string]float64{"acces_lieux.competences": 12, "acces_lieux.demarches": 5}
	want.Shares = map[string]float64{"acces_lieux.competences": 0.8}
	want.Rank = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, data)
	}
	if p, _ := r.Rows[0].Point("acces_lieux"); math.Abs(p.Share-0.9) > 1e-12 {
		t.Errorf("share behind the variable %v, want (0.8+1)/2", p.Share)
	}
}

// TestJSONIsValid on random results of every method, numbers of any size included.
func TestJSONIsValid(t *testing.T) {
	s := mustBuiltin(t, HDF2021)
	r := rand.New(rand.NewPCG(2, 2))
	for _, m := range Methods() {
		table := randomTable(t, r, s, 30, 0.2)
		table.places[0].Nom = "Dit \"le Bourg\" <& fils>\u2028\xff"
		mustSet(t, table, "acces_urgences_min", append(make([]float64, 28), 1e300, 1e-300)...)
		o := Defaults()
		o.Method, o.Draws = m, 5
		data, err := json.Marshal(mustCompute(t, s, table, o))
		var got struct{ Rows []struct{ Nom string } }
		if err == nil {
			err = json.Unmarshal(data, &got)
		}
		if err != nil || len(got.Rows) != 30 {
			t.Fatalf("%s: %v, %d rows", m, err, len(got.Rows))
		}
		if want := "Dit \"le Bourg\" <& fils>\u2028\ufffd"; got.Rows[0].Nom != want {
			t.Errorf("%s: a name with signs to escape comes back as %q, want %q", m, got.Rows[0].Nom, want)
		}
	}
}

func TestSentence(t *testing.T) {
	tests := []struct {
		what string
		row  Row
		want string
	}{
		{"an interval", Row{Nom: "Portes de la Thiérache", Rank: 2, RankLow: 1, RankHigh: 3, Of: 19, Completeness: 7.0 / 9,
			Missing: []Missing{{"sans_voiture", "Ménages sans voiture"}, {"plus_75_isoles", "75 ans et plus vivant seuls"}}},
			"Portes de la Thiérache : rang 1 à 3 sur 19 dans neuf pondérations sur dix ; complétude 78 % ; manque : ménages sans voiture, 75 ans et plus vivant seuls"},
		{"one rank, and a proven range", Row{Nom: "A", Rank: 1, RankLow: 1, RankHigh: 1, RankMin: 1, RankMax: 2, Of: 19, Completeness: 1},
			"A : rang 1 sur 19 dans neuf pondérations sur dix ; rang 1 à 2 quel que soit chaque poids de la moitié au double du sien ; complétude 100 %"},
		{"unknown values", Row{Nom: "A", Rank: 2, RankLow: 1, RankHigh: 3, RankMin: 1, RankMax: 4, Drawn: true, Of: 19, Completeness: 1},
			"A : rang 1 à 3 sur 19 dans neuf pondérations sur dix, valeurs inconnues tirées au sort ; rang 1 à 4 quel que soit chaque poids de la moitié au double du sien et quelles que soient les valeurs inconnues ; complétude 100 %"},
		{"a range of all ranks is not worth saying", Row{Nom: "A", Rank: 2, RankLow: 1, RankHigh: 3, RankMin: 1, RankMax: 19, Of: 19, Completeness: 1},
			"A : rang 1 à 3 sur 19 dans neuf pondérations sur dix ; complétude 100 %"},
		{"no interval asked for claims nothing about weights", Row{Nom: "A", Rank: 4, Of: 19, Completeness: 0.999},
			"A : rang 4 sur 19 ; complétude 99 %"},
		{"no score, said by sub-index", Row{Nom: "A", Completeness: 0.001, Subs: []SubScore{
			{Nom: "Enjeux d'aménagement", Completeness: 0.6, Required: 0.4, Score: Value{5, true}},
			{Nom: "Publics exposés", Completeness: 1.0 / 3, Required: 0.4}}},
			"A : pas d'indice, données insuffisantes (Publics exposés : 33 % du poids connu, 40 % requis) ; complétude 1 %"},
		{"acronyms keep their capitals", Row{Nom: "A", Rank: 1, Of: 1, Completeness: 0.5, Missing: []Missing{{"x", "FTTH"}, {"y", "Écoles"}}},
			"A : rang 1 sur 1 ; complétude 50 % ; manque : FTTH, écoles"},
	}
	for _, tt := range tests {
		if got := tt.row.Sentence(); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.what, got, tt.want)
		}
	}
}

// TestLookups of what is not there.
func TestLookups(t *testing.T) {
	r := small(t)
	if _, ok := r.Find("75056"); ok {
		t.Error("found a place that is not in the table")
	}
	row, ok := r.Find("02691")
	if !ok || row.Nom != "Saint-Quentin" {
		t.Errorf("Find(02691) = %+v, %v", row, ok)
	}
	if _, ok := row.Point("z"); ok || row.Amenagement().Known || row.Publics().Known {
		t.Error("a structure without these ids answers them")
	}
}
