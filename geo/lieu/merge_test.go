package lieu

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
)

// fere is a place in Fère-en-Tardenois, and metres north of it.
func fere(metres float64) geo.LonLat {
	return geo.NewPlane(geo.LonLat{Lon: 3.517, Lat: 49.196}).LonLat(0, metres)
}

func hours(t *testing.T, text string) Horaires {
	t.Helper()
	h, err := ParseHoraires(text)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestMergeDecides(t *testing.T) {
	base := Lieu{Commune: "02305", CommuneNom: "Fère-en-Tardenois", Located: true, At: fere(0), Adresse: "14 rue de la Goutte d'Or"}
	with := func(change func(*Lieu)) Lieu {
		l := base
		change(&l)
		return l
	}
	named := func(nom string, metres float64) Lieu {
		return with(func(l *Lieu) { l.Nom, l.At = nom, fere(metres) })
	}
	at := func(nom, adresse string, metres float64) Lieu {
		return with(func(l *Lieu) { l.Nom, l.Adresse, l.At = nom, adresse, fere(metres) })
	}
	for _, tt := range []struct {
		special string
		a, b    Lieu
		want    bool
	}{
		{"an antenna published twice, 107 m apart, with other apostrophes",
			at("France services Agglomération de la région de Château-Thierry - Antenne Fère-en-Tardenois", "14 rue de la Goutte d’Or", 0),
			named("France services multisites de la CA de la région de Château-Thierry - Site de Fère-en-Tardenois", 107), true},
		{"the same, 151 m apart", named("France services de Fère-en-Tardenois", 0), named("France services de Fère-en-Tardenois", 151), false},
		{"one library, two addresses, 79 m", at("Mediatheque De Fere-en-Tardenois", "2 GRANDE RUE", 0), at("Médiathèque de Fère-en-Tardenois", "place hôtel de ville", 79), true},
		{"one library, two addresses, 140 m", at("Mediatheque De Fere-en-Tardenois", "2 GRANDE RUE", 0), at("Médiathèque de Fère-en-Tardenois", "place hôtel de ville", 140), false},
		{"a library and a France Services in one building", named("Médiathèque de Fère-en-Tardenois", 0), named("France services de Fère-en-Tardenois", 0), false},
		{"a mairie and a France Services in one building", named("Mairie de Fère-en-Tardenois", 0), named("France services de Fère-en-Tardenois", 0), false},
		{"a France Services and a place with its name only", named("L'Escale", 0), named("France services L'Escale", 0), false},
		{"the kind comes from the typology", named("L'Escale", 0), with(func(l *Lieu) { l.Nom, l.Typologie = "L'Escale", "ASSO|BIB" }), false},
		{"two libraries of one street, one with a name of its own", named("Bibliothèque municipale", 0), named("Bibliothèque Paul Claudel", 10), false},
		{"two libraries named after two persons", named("Médiathèque Camille Claudel", 0), named("Médiathèque Paul Claudel", 10), false},
		{"a mairie and its annexe", named("Mairie", 0), named("Mairie annexe", 20), false},
		{"mairie, commune", named("MAIRIE", 0), named("Commune de FERE EN TARDENOIS", 30), true},
		{"an operator with two offices in one street", at("DEPARTEMENT DE L AISNE", "1 RUE ROBERT LECART", 0), at("Département de l'Aisne", "52 boulevard Gambetta", 60), false},
		{"an operator at one address", at("DEPARTEMENT DE L AISNE", "32 BD DU DOCTEUR CAMILLE GUERIN", 0), at("Département de l'Aisne", "32 boulevard du Dr Camille Guérin", 60), true},
		{"two associations in one house", named("Emmaüs Connect", 0), named("Emmaüs Solidarité", 0), false},
		{"a slip of the pen", named("Croix-Rouge française", 0), named("CROIX ROUGE FRANCAIS", 0), true},
		{"an address that says nothing", at("Loisirs et Culture", "NC NC NC", 0), named("LOISIRS ET CULTURE", 20), true},
		{"another house number, far", at("Espace Ressources", "3 rue Neuve", 0), at("Espace Ressources", "30 rue Neuve", 140), false},
		{"bis is another number", at("Accueil Jeunes", "3 bis rue Neuve", 0), at("Accueil Jeunes", "3 rue Neuve", 130), false},
		{"numbers in names are not alike", named("Atelier 11", 0), named("Atelier 12", 0), false},
		{"another commune", named("L'Escale", 0), with(func(l *Lieu) { l.Nom, l.Commune = "L'Escale", "02306" }), false},
		{"a commune that is not known", named("L'Escale", 0), with(func(l *Lieu) { l.Nom, l.Commune = "L'Escale", "" }), true},
		{"a bus and a place", named("France services du Vermandois", 0), with(func(l *Lieu) { l.Nom, l.Itinerant = "France services du Vermandois", true }), false},
		{"an office without public", named("Bibliothèque", 0), with(func(l *Lieu) { l.Nom, l.NoPublic = "Bibliothèque", true }), false},
		{"no position", named("L'Escale", 0), with(func(l *Lieu) { l.Nom, l.Located = "L'Escale", false }), false},
		{"names without a letter", named("—", 0), named("—", 0), false},
	} {
		tt.a.ID, tt.b.ID = "a", "b"
		kept, merges := Merge([]Lieu{tt.a, tt.b})
		if got := len(kept) == 1; got != tt.want || len(merges) != 2-len(kept) {
			m := newMatcher([]Lieu{tt.a, tt.b})
			score, _, _ := m.score(0, 1)
			t.Errorf("%s: merged is %v, want %v (score %.2f, %v, %v)", tt.special, got, tt.want, score, merges, m.features)
		}
	}
}

func TestMergeKeepsAllThatIsKnown(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2024, 8, d, 0, 0, 0, 0, time.UTC) }
	help := Services(0).With(Demarches)
	old := Lieu{ID: "z", Nom: "Médiathèque de Marle", CommuneNom: "Marle", CodePostal: "02250", Adresse: "1 rue Neuve", At: fere(0), Located: true,
		Typologie: "BIB", Services: help, Horaires: hours(t, "Mo 09:00-12:00"), Source: "s1", MisAJour: day(1), SiteWeb: "https://example.org/z",
		Frais: "Gratuit", Dispositif: "France Services|Aidants Connect", Merged: []string{"y"}}
	recent := Lieu{ID: "b", Nom: "Mediatheque", CommuneNom: "Marle", Commune: "02468", At: fere(10), Located: true, Services: help.With(Culture),
		Source: "s2", MisAJour: day(2), Dispositif: "Aidants Connect|Conseillers numériques", Horaires: Horaires{Text: "sur rendez-vous"}}
	want := Lieu{ID: "b", Nom: "Mediatheque", Commune: "02468", CommuneNom: "Marle", CodePostal: "02250", Adresse: "1 rue Neuve", At: fere(10), Located: true,
		Typologie: "BIB", Services: help.With(Culture), Horaires: old.Horaires, Source: "s2", MisAJour: day(2), SiteWeb: "https://example.org/z",
		Frais: "Gratuit", Dispositif: "Aidants Connect|Conseillers numériques|France Services", Merged: []string{"y", "z"}}
	given := []Lieu{old, recent}
	kept, merges := Merge(given)
	if diff := gocmp.Diff([]Lieu{want}, kept); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	if diff := gocmp.Diff([]Lieu{old, recent}, given); diff != "" {
		t.Errorf("the records given have changed:\n%s", diff)
	}
	if len(merges) != 1 || merges[0].Kept != "b" || merges[0].Absorbed != "z" || merges[0].Score != 0.65+0.15/2+0.20 || merges[0].Why != "deux bibliothèques à 10 m, noms semblables à 100 %, adresse inconnue" {
		t.Errorf("merges %+v", merges)
	}
}

func TestMergeOfOneRecordInTwoDatasets(t *testing.T) {
	l := Lieu{ID: "a", Nom: "L'Escale", At: fere(0), Located: true}
	kept, merges := Merge([]Lieu{l, l})
	if diff := gocmp.Diff([]Lieu{l}, kept); diff != "" || len(merges) != 1 || merges[0].Absorbed != "a" {
		t.Errorf("merges %v (-want +got):\n%s", merges, diff)
	}
}

func TestMergeHours(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2024, 8, d, 0, 0, 0, 0, time.UTC) }
	record := func(id, source string, d int, horaires string) Lieu {
		return Lieu{ID: id, Nom: "L'Escale", Adresse: "1 rue Neuve", At: fere(0), Located: true, Source: source, MisAJour: day(d), Horaires: hours(t, horaires)}
	}
	for _, tt := range []struct {
		special string
		records []Lieu
		want    string
		text    string // when it differs
	}{
		{"the most recent wins", []Lieu{record("a", "s", 1, "Mo 09:00-12:00"), record("b", "s", 2, "Tu 09:00-12:00")}, "Tu 09:00-12:00", ""},
		{"the most recent that is known wins", []Lieu{record("a", "s", 1, "Mo 09:00-12:00"), record("b", "s", 2, "")}, "Mo 09:00-12:00", ""},
		{"one source, one day: one holds the other", []Lieu{record("a", "s", 1, "We 09:00-12:45"), record("b", "s", 1, "Tu,We 09:00-12:45")}, "Tu,We 09:00-12:45", ""},
		{"one source, one day: each its own", []Lieu{record("a", "s", 1, "We 09:00-12:00"), record("b", "s", 1, "Tu 09:00-12:00")}, "We 09:00-12:00, Tu 09:00-12:00", ""},
		{"a union that the syntax cannot say from both texts", []Lieu{record("a", "s", 1, "Mo-Fr 09:00-12:00; We off"), record("b", "s", 1, "Mo-Fr 14:00-17:00; Tu off")},
			"Mo,Th,Fr 09:00-12:00,14:00-17:00; Tu 09:00-12:00; We 14:00-17:00", "Mo-Fr 09:00-12:00; We off + Mo-Fr 14:00-17:00; Tu off"},
		{"two sources of one day: one of them", []Lieu{record("a", "s", 1, "Mo 09:00-12:00"), record("b", "t", 1, "Tu 09:00-12:00")}, "Mo 09:00-12:00", ""},
		{"never open is known", []Lieu{record("a", "s", 1, "Mo 09:00-12:00"), record("b", "s", 2, "off")}, "off", ""},
	} {
		kept, _ := Merge(tt.records)
		want := hours(t, tt.want)
		if tt.text != "" {
			want.Text = tt.text
		}
		if len(kept) != 1 {
			t.Fatalf("%s: %d lieux", tt.special, len(kept))
		}
		if diff := gocmp.Diff(want, kept[0].Horaires); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", tt.special, diff)
		}
	}
}

// A chain of lieux, each like the next, the ends too far apart: no group holds both ends.
func TestMergeDoesNotTravelAlongChains(t *testing.T) {
	var chain []Lieu
	for i := range 3 {
		chain = append(chain, Lieu{ID: fmt.Sprint(i), Nom: "Médiathèque", Adresse: "rue Neuve", At: fere(100 * float64(i)), Located: true})
	}
	kept, merges := Merge(chain)
	if len(kept) != 2 || len(merges) != 1 {
		t.Errorf("%d lieux, %d merges; want a pair and one alone", len(kept), len(merges))
	}
}

// randomLieux is a crowd in a square of side metres, of few names and addresses, so
// that many are alike.
func randomLieux(r *rand.Rand, n int, side float64) []Lieu {
	names := strings.Split("Mairie|Commune de Marle|Médiathèque|Mediatheque de Marle|Bibliothèque Paul Claudel|France services de Marle|France service|Emmaüs Connect|EMMAUS CONNECT|Emmaüs Solidarité|Département de l'Aisne|Departement de l Aisne|L'Escale|—", "|")
	streets := strings.Split("1 rue Neuve|1 r Neuve|12 rue Neuve|place de la Mairie|NC NC NC||2 Grande Rue", "|")
	plane := geo.NewPlane(geo.LonLat{Lon: 3.77, Lat: 49.74})
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	lieux := make([]Lieu, n)
	for i := range lieux {
		l := Lieu{ID: fmt.Sprintf("%s-%d", pick([]string{"a", "b"}), i), Nom: pick(names), Adresse: pick(streets), CommuneNom: pick([]string{"Marle", "MARLE", ""}),
			Commune: pick([]string{"02468", "02468", "02469", ""}), Located: r.IntN(20) > 0, Source: pick([]string{"s", "t"}), Services: Services(r.UintN(1 << Any)),
			Itinerant: r.IntN(20) == 0, NoPublic: r.IntN(20) == 0, Reserve: [][]string{nil, nil, nil, {"02468"}}[r.IntN(4)], MisAJour: time.Date(2024, 8, 1+r.IntN(3), 0, 0, 0, 0, time.UTC)}
		if l.Located {
			l.At = plane.LonLat(r.Float64()*side, r.Float64()*side)
		}
		if i > 0 && r.IntN(4) == 0 { // a twin, or nearly
			twin := lieux[r.IntN(i)]
			l.At, l.Nom, l.Adresse, l.Located = twin.At, twin.Nom, pick([]string{twin.Adresse, l.Adresse}), twin.Located
		}
		lieux[i] = l
	}
	return lieux
}

// naiveMerge compares every record with every other, and asks each time whether two
// groups are one.
func naiveMerge(lieux []Lieu) (kept []Lieu, merges []MergeRecord) {
	m := newMatcher(canonical(lieux))
	var pairs []pair
	for j := range m.lieux {
		for i := range j {
			if score, _, one := m.score(i, j); one {
				pairs = append(pairs, pair{i, j, score})
			}
		}
	}
	twins := func(p pair) bool { return m.twin(p.i) == m.twin(p.j) }
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(-compareBool(twins(a), twins(b)), -cmp.Compare(a.score, b.score), cmp.Compare(a.i, b.i), cmp.Compare(a.j, b.j))
	})
	for _, p := range pairs {
		a, b := m.group[p.i], m.group[p.j]
		complete := a != b
		for _, i := range m.members[a] {
			for _, j := range m.members[b] {
				_, _, one := m.score(min(i, j), max(i, j))
				complete = complete && one
			}
		}
		if complete {
			m.join(a, b)
		}
	}
	return m.result()
}

func TestMergeAgainstNaiveTwinInAnyOrder(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 1))
		lieux := randomLieux(r, 5+r.IntN(120), []float64{50, 300, 2000}[seed%3])
		wantKept, wantMerges := naiveMerge(lieux)
		for range 3 {
			kept, merges := Merge(lieux)
			if diff := gocmp.Diff(wantKept, kept); diff != "" {
				t.Fatalf("seed %d: kept (-naive +got):\n%s", seed, diff)
			}
			if diff := gocmp.Diff(wantMerges, merges); diff != "" {
				t.Fatalf("seed %d: merges (-naive +got):\n%s", seed, diff)
			}
			r.Shuffle(len(lieux), func(i, j int) { lieux[i], lieux[j] = lieux[j], lieux[i] })
		}
		if len(wantKept)+len(wantMerges) != len(lieux) {
			t.Fatalf("seed %d: %d kept and %d merged of %d", seed, len(wantKept), len(wantMerges), len(lieux))
		}
		for _, m := range wantMerges {
			if m.Score < MergeThreshold || m.Score > 1+1e-9 || m.DistanceM > MergeDistance || m.Why == "" {
				t.Fatalf("seed %d: %+v", seed, m)
			}
		}
	}
}

// What a source reserves to some stays apart from what it gives to all; of another source,
// services for all are for all.
func TestMergeKeepsWhatIsReservedApart(t *testing.T) {
	at := geo.LonLat{Lon: 3.4, Lat: 49.04}
	all := Lieu{ID: "a", Nom: "Centre social", Source: "dora", At: at, Located: true, Services: Services(0).With(Outils)}
	some := all
	some.ID, some.Services, some.Reserve = "b", Services(0).With(Demarches), []string{"02168"}
	other := all
	other.ID, other.Source = "c", "hub"
	if kept, _ := Merge([]Lieu{all, some}); len(kept) != 2 || kept[0].Services.Offers(Demarches) || kept[1].Reserve == nil {
		t.Errorf("of one source: %+v", kept)
	}
	same := some
	same.ID = "d"
	if kept, _ := Merge([]Lieu{some, same}); len(kept) != 1 || len(kept[0].Reserve) != 1 {
		t.Errorf("reserved to the same: %+v", kept)
	}
	if kept, _ := Merge([]Lieu{other, some}); len(kept) != 1 || kept[0].Reserve != nil {
		t.Errorf("of two sources: %+v", kept)
	}
}

func TestNearKnowsNoSeams(t *testing.T) {
	for _, tt := range []struct {
		special string
		a, b    geo.LonLat
	}{
		{"across the 180th meridian", geo.LonLat{Lon: 179.9999, Lat: -17}, geo.LonLat{Lon: -179.9999, Lat: -17}},
		{"around the pole", geo.LonLat{Lon: 0, Lat: 89.9995}, geo.LonLat{Lon: 180, Lat: 89.9995}},
		{"across the equator and the first meridian", geo.LonLat{Lon: -0.0003, Lat: -0.0003}, geo.LonLat{Lon: 0.0003, Lat: 0.0003}},
	} {
		kept, _ := Merge([]Lieu{{ID: "a", Nom: "Mairie", At: tt.a, Located: true}, {ID: "b", Nom: "Mairie", At: tt.b, Located: true}})
		if len(kept) != 1 {
			t.Errorf("%s, %.0f m: two lieux, want one", tt.special, geo.Distance(tt.a, tt.b))
		}
	}
}

// Values from W. E. Winkler, "Overview of Record Linkage and Current Research
// Directions", US Census Bureau RRS 2006-2, table 6, to three digits.
func TestJaroWinkler(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want float64
	}{
		{"shackleford", "shackelford", 0.982}, {"galloway", "calloway", 0.917},
		{"lampley", "campley", 0.905}, {"michelle", "michael", 0.921}, {"martha", "marhta", 0.961},
		{"dwayne", "duane", 0.840}, {"abcvwxyz", "cabvwxyz", 0.958}, {"jones", "johnson", 0.832},
		{"same", "same", 1}, {"abcd", "efgh", 0}, {"11", "12", 0}, {"1234", "1235", 0}, {"", "abcd", 0},
	} {
		for _, got := range []float64{jaroWinkler(tt.a, tt.b), jaroWinkler(tt.b, tt.a)} {
			if d := got - tt.want; d > 0.0006 || d < -0.0006 {
				t.Errorf("jaroWinkler(%q, %q) = %.4f, want %.3f", tt.a, tt.b, got, tt.want)
			}
		}
	}
}

// BenchmarkMerge is the lieux of France: 25 000 records, one in five published twice,
// in 6 000 communes.
func BenchmarkMerge(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	kinds := strings.Fields("Médiathèque Mairie France-services Association Espace Atelier")
	var lieux []Lieu
	for i := range 25_000 {
		commune := r.IntN(6000)
		at := geo.LonLat{Lon: -1 + 8*float64(commune%100)/100 + r.Float64()*0.02, Lat: 43 + 7*float64(commune/100)/60 + r.Float64()*0.02}
		l := Lieu{ID: fmt.Sprint(i), Nom: fmt.Sprintf("%s de la ville %d", kinds[r.IntN(len(kinds))], commune), Adresse: fmt.Sprintf("%d rue du Général de Gaulle", r.IntN(90)),
			Commune: fmt.Sprintf("%05d", commune), CommuneNom: fmt.Sprint("Ville ", commune), At: at, Located: true, Source: "s"}
		if i > 0 && r.IntN(5) == 0 {
			l = lieux[r.IntN(i)]
			l.ID, l.Nom = fmt.Sprint(i), strings.ToUpper(l.Nom)
		}
		lieux = append(lieux, l)
	}
	merged := 0
	for b.Loop() {
		_, merges := Merge(lieux)
		merged = len(merges)
	}
	b.ReportMetric(float64(merged), "merges")
	b.ReportMetric(float64(len(lieux)*b.N)/b.Elapsed().Seconds(), "lieux/s")
}
