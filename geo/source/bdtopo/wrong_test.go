package bdtopo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// TestWrongFiles shows, word for word, what a person is told.
func TestWrongFiles(t *testing.T) {
	shp := func(shapes ...[][][3]float64) string { return sourcetest.ShapesOf(3, shapes...) }
	line := [][][3]float64{{{east, north, 0}, {east + 100, north, 0}}}
	zip := func(name, shp, dbf string) source.Input {
		return sourcetest.Memory("r.zip", sourcetest.Zipped(sourcetest.Member{Name: name + ".shp", Data: shp}, sourcetest.Member{Name: name + ".dbf", Data: dbf}, sourcetest.Member{Name: name + ".prj", Data: sourcetest.L93WKT}))
	}
	names := []string{"ID", "NATURE", "SENS", "IMPORTANCE", "POS_SOL", "ACCES_VL", "NAT_RESTR"}
	osm := sourcetest.Memory("r.osm", []byte(`<osm version="0.6"></osm>`))
	sound := zip("ROUTE", shp(line), sourcetest.DbfOf(names, []string{"TRONROUT0000000000000001", "Sentier", "NC", "5"}))
	for _, tt := range []struct {
		special string
		in      []source.Input
		o       source.Options
		want    string
	}{
		{"no layer of roads", []source.Input{zip("BATIMENT", shp(line), sourcetest.DbfOf([]string{"ID", "NATURE"}, []string{"x", "y"}))}, source.Options{},
			"erreur : import roads: r.zip: aucune couche de routes de la BD TOPO ; attendu troncon_de_route (colonnes cleabs, nature, sens_de_circulation) ou ROUTE (ID, NATURE, SENS) ; couches du fichier : BATIMENT"},
		{"a layer that is not there", []source.Input{sound}, source.Options{Layer: "RUE"}, "erreur : import roads: r.zip: pas de couche « RUE » ; couches du fichier : ROUTE"},
		{"a layer of something else", []source.Input{zip("RUE", shp(line), sourcetest.DbfOf([]string{"ID"}, []string{"x"}))}, source.Options{Layer: "rue"},
			"erreur : import roads: r.zip: la couche RUE n'a pas les colonnes attendues : cleabs et nature (ID et NATURE en version 2)"},
		{"beside a file of OSM", []source.Input{sound, osm}, source.Options{},
			"erreur : import roads: r.osm: ce n'est pas une livraison de la BD TOPO, comme l'autre fichier ; attendu des fichiers d'une seule origine : un GeoPackage ou des shapefiles de l'IGN, ou des extraits d'OpenStreetMap"},
		{"what is no GeoPackage, in a zip", []source.Input{sourcetest.Memory("r.zip", sourcetest.Zipped(sourcetest.Member{Name: "D002/bdt.gpkg", Data: "x"}))}, source.Options{},
			"erreur : import roads: r.zip › bdt.gpkg: ce n'est pas une livraison de la BD TOPO"},
		{"rows one by one", []source.Input{zip("TRONCON_DE_ROUTE", shp(line, nil, line, [][][3]float64{{{3, 49, 0}, {3.1, 49, 0}}}, [][][3]float64{{{east, north, 0}, {east, north, 0}}}, line),
			sourcetest.DbfOf(names, []string{"TRONROUT0000000000000001", "Toboggan", "Alterné", "9", "haut", "Réservé", "Barrière"}, []string{"a", "Sentier"}, []string{"", "Sentier"}, []string{"b", "Sentier"}, []string{"c", "Sentier"}, []string{"TRONROUT0000000000000001"}))},
			source.Options{MaxRejectShare: 1}, `lues 6, acceptées 1, réunies 1, refusées 4
refus : r.zip:2: geometry : ligne de moins de deux positions distinctes ; attendu un tronçon
refus : r.zip:3: id : identifiant absent ; attendu un texte comme TRONROUT0000000012345678
refus : r.zip:4: geometry « [3, 49] » : coordonnées en degrés ; attendu des mètres (EPSG:2154), ou un autre système (--crs 4326)
refus : r.zip:5: geometry : ligne de moins de deux positions distinctes ; attendu un tronçon
avis : r.zip: pas de couche non_communication : les interdictions de tourner ne sont pas connues
avis : r.zip:1: acces_vl « Réservé » : accès non compris, lus comme libres : 1
avis : r.zip:1: importance « 9 » : importances non comprises, lues comme 5 : 1
avis : r.zip:1: nat_restr « Barrière » : natures de restriction non comprises, qui ne sont pas suivies : 1
avis : r.zip:1: nature « Toboggan » : natures non comprises, lues comme des routes : 1
avis : r.zip:1: pos_sol « haut » : positions par rapport au sol non comprises, lues comme au sol : 1
avis : r.zip:1: sens « Alterné » : sens non compris, lus comme un double sens : 1
`},
	} {
		imp, err := Roads(t.Context(), tt.in, tt.o)
		if got := sourcetest.Transcript(t, imp, err); !strings.Contains(got, tt.want) {
			t.Errorf("%s: got\n%swant\n%s", tt.special, got, tt.want)
		}
	}
}

// TestTags shows what values mean, in OSM's words.
func TestTags(t *testing.T) {
	for _, tt := range []struct{ values, want string }{
		{"", "highway=unclassified oneway=no"},
		{"urbain=true", "highway=residential oneway=no zone:traffic=FR:urban"},
		{"importance=1", "highway=trunk oneway=no"},
		{"importance=2; nombre_de_voies=2", "highway=primary lanes=2 oneway=no"},
		{"importance=4; nature=Route à 2 chaussées; sens_de_circulation=Sens inverse", "highway=tertiary oneway=-1"},
		{"importance=6", "highway=service oneway=no"},
		{"nature=Type autoroutier; cpx_numero=A26; importance=1; sens_de_circulation=Sens direct; acces_vehicule_leger=A péage; vitesse_moyenne_vl=125", "average_speed=125 highway=motorway oneway=yes ref=A26 toll=yes"},
		{"nature=Type autoroutier; cpx_numero=N2; importance=2; acces_pieton=Libre", "highway=trunk motorroad=yes oneway=no ref=N2"},
		{"nature=Quasi-autoroute", "highway=trunk motorroad=yes oneway=no"},
		{"nature=Bretelle; importance=1; sens_de_circulation=Sens direct", "highway=motorway_link oneway=yes"},
		{"nature=Bretelle; importance=3", "highway=secondary_link oneway=no"},
		{"nature=Rond-point; importance=5; sens_de_circulation=Sens direct; vitesse_moyenne_vl=25", "average_speed=25 highway=unclassified junction=roundabout oneway=yes"},
		{"nature=Route empierrée; acces_vehicule_leger=Libre; vitesse_moyenne_vl=10", "average_speed=10 highway=track motor_vehicle=yes oneway=no tracktype=grade2"},
		{"nature=Route empierrée; acces_vehicule_leger=Libre; prive=true", "access=private highway=track oneway=no tracktype=grade2"},
		{"nature=Chemin; vitesse_moyenne_vl=1; sens_de_circulation=Sans objet", "highway=track tracktype=grade4"},
		{"nature=Sentier; acces_vehicule_leger=Physiquement impossible; acces_pieton=Restreint aux ayants droit", "foot=private highway=path motor_vehicle=no"},
		{"nature=Escalier; sens_de_circulation=Sens direct", "highway=steps"},
		{"nature=Piste cyclable; sens_de_circulation=Sens direct; acces_pieton=Interdit", "foot=no highway=cycleway oneway=yes"},
		{"prive=true; acces_pieton=Libre; vitesse_moyenne_vl=0", "access=private foot=yes highway=unclassified oneway=no"},
		{"acces_vehicule_leger=Restreint aux ayants droit", "highway=unclassified motor_vehicle=private oneway=no"},
		{"nature_de_la_restriction=Plot amovible", "highway=unclassified motor_vehicle=private oneway=no"},
		{"nature_de_la_restriction=Voie verte", "bicycle=designated foot=designated highway=unclassified motor_vehicle=no oneway=no"},
		{"nature_de_la_restriction=Double sens cyclable non matérialisé; sens_de_circulation=Sens direct", "highway=unclassified oneway:bicycle=no oneway=yes"},
		{"amenagement_cyclable_droit=Bande cyclable; sens_amenagement_cyclable_droit=Sens inverse; sens_de_circulation=Sens direct", "cycleway:right=lane highway=unclassified oneway:bicycle=no oneway=yes"},
		{"amenagement_cyclable_droit=Bande cyclable; sens_amenagement_cyclable_droit=Sens direct; sens_de_circulation=Sens direct", "cycleway:right=lane highway=unclassified oneway=yes"},
		{"position_par_rapport_au_sol=-2", "highway=unclassified layer=-2 oneway=no tunnel=yes"},
		{"position_par_rapport_au_sol=Gué ou radier", "ford=yes highway=unclassified oneway=no"},
		{"nature=Bac ou liaison maritime; acces_vehicule_leger=Physiquement impossible; vitesse_moyenne_vl=5", "bicycle=yes foot=yes motor_vehicle=no oneway=no route=ferry"},
	} {
		d := drawn{places: town.places, sections: []drawnSection{{"AB", tt.values}}}
		all, report := ways(t, d.shapefile(3))
		sourcetest.None(t, report.Rejected)
		var got []string
		for k, v := range all[0].Tags {
			got = append(got, k+"="+v)
		}
		slices.Sort(got)
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.values, s, tt.want)
		}
	}
}

// TestForbiddenTurns: exits that leave the node are so many turns, those that follow each
// other a path.
func TestForbiddenTurns(t *testing.T) {
	d := drawn{places: map[rune][3]float64{'A': {0, 0, 0}, 'B': {100, 0, 0}, 'C': {200, 0, 0}, 'D': {300, 0, 0}, 'E': {100, 100, 0}}}
	for _, s := range []string{"AB", "BC", "CD", "BE", "CB"} {
		d.sections = append(d.sections, drawnSection{shape: s})
	}
	for _, tt := range []struct{ ban, want string }{
		{"1 2 B", "B→1002"},
		{"1 2,4 B", "B→1002 B→1004"},
		{"1 2,3 B", "over 1002→1003"},
		{"1 3,2 B", "over 1002→1003"},
		{"4 1 B", "B→1001"},
		{"2 5 C", "C→1005"},
		{"2 5 B", "B→1005"},
		{"1 1 B", "B→1001"},
		{"1 3 B", ""},
		{"1 2 A", ""},
		{"1 9 B", ""},
	} {
		d.bans = []string{tt.ban}
		all, report := ways(t, d.shapefile(3))
		place := map[int64]string{}
		for i, w := range all {
			for k, id := range []int64{w.Nodes[0], w.Nodes[len(w.Nodes)-1]} {
				place[id] = string(d.sections[i].shape[k])
			}
		}
		var got []string
		for _, w := range all {
			for _, turn := range w.Turns {
				got = append(got, turnText(turn, place))
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.ban, s, tt.want)
		}
		if counted := strings.Contains(told(report), "qui ne sont pas suivies : 1"); counted != (tt.want == "") {
			t.Errorf("%s: told %s", tt.ban, told(report))
		}
	}
}

func turnText(turn road.Turn, place map[int64]string) string {
	if len(turn.Over) > 0 {
		return "over " + fmt.Sprint(turn.Over[0]) + "→" + fmt.Sprint(turn.To)
	}
	return place[turn.Via] + "→" + fmt.Sprint(turn.To)
}

// TestNodes joins sections at their ends alone, on one level, whatever the order of the
// sections.
func TestNodes(t *testing.T) {
	const seed = 11
	rnd := rand.New(rand.NewPCG(seed, 0))
	for round := range 300 {
		// Places of a small grid; sections between them, each on the ground or 5 m above it,
		// some without a height.
		type spot struct {
			x, y  int
			above bool
		}
		var ends []end
		want := map[int]spot{}
		for i := range 2 + rnd.IntN(20) {
			s := spot{rnd.IntN(3), rnd.IntN(3), rnd.IntN(3) == 0}
			v := vertex{at: gridPlace(s.x, s.y), z: 80 + rnd.Float64()}
			if s.above {
				v.z += 5
			}
			ends, want[i] = append(ends, v.end()), s
		}
		given := slices.Clone(ends)
		rnd.Shuffle(len(given), func(i, j int) { given[i], given[j] = given[j], given[i] })
		l, m := levelsOf(slices.Clone(ends)), levelsOf(given)
		for i := range ends {
			for j := range ends {
				same := want[i] == want[j]
				if got := l.node(ends[i]) == l.node(ends[j]); got != same {
					t.Fatalf("seed %d, round %d: %v and %v at one node: %t, want %t", seed, round, ends[i], ends[j], got, same)
				}
			}
			if l.node(ends[i]) != m.node(ends[i]) {
				t.Fatalf("seed %d, round %d: the node of %v depends on the order", seed, round, ends[i])
			}
		}
	}
	seen := map[int64]bool{}
	for _, way := range []int64{1, 2, 1 << 43, 1<<44 + 1, wayID("x"), wayID("y")} {
		for part := range 2 {
			for i := range 70_000 {
				id := interior(way, part, i)
				if id <= 0 || seen[id] {
					t.Fatalf("vertex %d of part %d of way %d has the id %d of another", i, part, way, id)
				}
				seen[id] = true
			}
		}
	}
}
