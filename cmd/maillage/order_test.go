package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/edition"
)

// smallFiles are small published files, one of each kind of dataset: lieux that are outside
// their commune, of an old code, of a neighbour; a secteur and a canton; a bus and its tour.
func smallFiles(t *testing.T) map[string][]string {
	t.Helper()
	dir := t.TempDir()
	square := func(code, nom, epci string, people int, west float64) string {
		return fmt.Sprintf(`{"type":"Feature","properties":{"code":"%s","nom":"%s","epci":"%s","population":%d},"geometry":{"type":"Polygon","coordinates":[[[%[5]g,49.5],[%[6]g,49.5],[%[6]g,49.53],[%[5]g,49.53],[%[5]g,49.5]]]}}`,
			code, nom, epci, people, west, west+0.03)
	}
	collection := func(features ...string) string {
		return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
	}
	lieux := "id,nom,commune,code_postal,code_insee,adresse,latitude,longitude,date_maj,services,source,itinerance,horaires\n"
	for i, row := range []string{"02001,1 rue,49.515,3.515", "02001,2 rue,49.515,3.535", "02001,3 rue,49.9,3.9", "02999,4 rue,49.515,3.545", ",5 rue,49.52,3.575", "51001,6 rue,49.51,3.565", "02002,7 rue,49.52,3.55"} {
		f := strings.Split(row, ",")
		lieux += fmt.Sprintf("l%d,Lieu %d,Un,02000,%s,%s,%s,%s,2024-05-02,Accès internet et matériel informatique,essai,%s,Mo-Fr 09:00-12:00\n", i, i, f[0], f[1], f[2], f[3],
			map[bool]string{true: "Itinérant"}[i == 6])
	}
	roads := `<osm version="0.6">`
	for i := range 10 {
		roads += fmt.Sprintf(`<node id="%d" lat="49.515" lon="%g"/>`, i+1, 3.5+0.01*float64(i))
	}
	roads += `<way id="1">`
	for i := range 10 {
		roads += fmt.Sprintf(`<nd ref="%d"/>`, i+1)
	}
	roads += `<tag k="highway" v="residential"/></way></osm>`
	files := map[string][]string{}
	for kind, text := range map[string]string{
		"communes": collection(square("02001", "Un", "200000001", 500, 3.5), square("02002", "Deux", "200000001", 300, 3.53), square("51001", "Trois", "200000001", 70, 3.56)),
		"epci":     collection(square("200000001", "CC", "", 0, 3.5)), "lieux": lieux, "roads": roads,
		"secteurs": "secteur,code,nom\nNord,02001,Un\nNord,02002,Deux\n", "territoires": "type,code,nom,commune\ncanton,0201,Canton,02001\ncanton,0201,Canton,02077\n",
		"tournees": "tournee,nom,lieu_id,services,depot_lon,depot_lat,arret,commune,lon,lat,quand\nbus,Bus,l6,,,,Mairie,02002,3.54,49.515,Tu 09:00-12:00\n",
		"ifn":      "code,taux_pauvrete\n02001,12\n02002,15\n02077,9\n",
	} {
		name := filepath.Join(dir, kind+map[bool]string{true: ".geojson", false: ".csv"}[strings.HasPrefix(text, "{")])
		if kind == "roads" {
			name = filepath.Join(dir, "roads.osm")
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		files[kind] = []string{"import", kind, name}
	}
	return files
}

// newestOf gives the id and the bytes of the newest edition of a store.
func newestOf(t *testing.T, path string) (string, []byte) {
	t.Helper()
	st, err := openStore(t.Context(), path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	all, err := st.Editions(t.Context())
	if err != nil || len(all) == 0 {
		t.Fatalf("%d editions, %v", len(all), err)
	}
	data, err := st.Edition(t.Context(), all[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return all[0].ID, data
}

// TestImportsInAnyOrder imports in an order and in its reverse, which put each pair of imports
// both ways round, and in orders at random: one edition, to the byte.
func TestImportsInAnyOrder(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	files := smallFiles(t)
	kinds := []string{"communes", "epci", "lieux", "roads", "secteurs", "territoires", "tournees", "ifn"}
	orders := [][]string{kinds, slices.Clone(kinds)}
	slices.Reverse(orders[1])
	for range 3 {
		shuffled := slices.Clone(kinds)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		orders = append(orders, shuffled)
	}
	var id string
	var data []byte
	for i, order := range orders {
		p := &program{t, filepath.Join(t.TempDir(), "store.gpkg")}
		for _, kind := range order {
			p.run(nil, files[kind]...)
		}
		var sum summary
		p.run(&sum, "compute", "--departement", "02", "--resolution", "8", "--json")
		gotID, got := newestOf(t, p.store)
		if i == 0 {
			id, data = gotID, got
			subjects := map[string]int{}
			for _, w := range sum.Warnings {
				subjects[w.Subject]++
			}
			// l1 is in Deux, l2 far away, l4 of the name of Un in Trois; l3 and two rows of other kinds have old codes.
			if subjects[edition.AboutPosition] != 3 || subjects[edition.AboutCode] != 3 || len(subjects) != 2 {
				t.Errorf("warned of %v: %v", subjects, sum.Warnings)
			}
		}
		if gotID != id || !bytes.Equal(got, data) {
			t.Errorf("imported as %v: edition %s of %d bytes; as %v: %s of %d", order, gotID, len(got), orders[0], id, len(data))
		}
		if i > 0 {
			continue
		}
		// Computing again changes nothing; an option that rows depend on is another edition.
		p.run(nil, "compute", "--departement", "02", "--resolution", "8")
		if again, _ := newestOf(t, p.store); again != id {
			t.Errorf("computed again: %s, then %s", id, again)
		}
		moves := filepath.Join(t.TempDir(), "mouvements.csv")
		if err := os.WriteFile(moves, []byte("ancien,nouveau\n02999,02002\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		p.run(nil, append(slices.Clone(files["lieux"]), "--moves", moves)...)
		p.run(&sum, "compute", "--departement", "02", "--resolution", "8", "--json")
		if sum.Edition == id {
			t.Error("lieux moved to the codes of today are the same edition")
		}
		for _, w := range sum.Warnings {
			if w.ID == "l3" {
				t.Errorf("a code that was moved: %v", w)
			}
		}
		// A dataset of another name that holds the same: named, with what mends.
		p.run(nil, append(slices.Clone(files["communes"]), "--dataset", "autre")...)
		told := p.fails("compute", "--departement", "02")
		if !strings.Contains(told, "« autre » et « communes »") || !strings.Contains(told, "maillage dataset remove communes:autre") {
			t.Errorf("two datasets of the same communes: %s", told)
		}
		p.run(nil, "dataset", "remove", "communes:autre")
		if told := p.fails("compute"); !strings.Contains(told, "02 Aisne (2 communes), 51 Marne (1 commune)") || !strings.Contains(told, "maillage compute --departement 02") {
			t.Errorf("communes of two départements: %s", told)
		}
		if told := p.fails("dataset", "remove", "autre"); !strings.Contains(told, "il n'existe pas. Le magasin contient : communes:communes") {
			t.Errorf("a dataset that is gone: %s", told)
		}
	}
}

// fails runs maillage, which must exit 1, and gives what it says.
func (p *program) fails(args ...string) string {
	p.t.Helper()
	var out, errs bytes.Buffer
	if code := run(context.Background(), append([]string{"--store", p.store}, args...), &out, &errs); code != exitFailed {
		p.t.Errorf("maillage %s: exit %d, want 1: %s", strings.Join(args, " "), code, errs.String())
	}
	return errs.String()
}

// TestTheBorderOfThePublishedAisne computes the published files with the communes around, and
// roads of the demonstration: there are none of the Aisne among them.
func TestTheBorderOfThePublishedAisne(t *testing.T) {
	dir := filepath.Join(published(t), "aisne")
	p := &program{t, filepath.Join(t.TempDir(), "aisne.gpkg")}
	p.report(798, 0, "communes", filepath.Join(dir, "communes-2024.geojson"))
	p.report(20, 0, "epci", filepath.Join(dir, "epci-2024.geojson"))
	p.report(2052, 0, "communes", filepath.Join(dir, "facts", "communes-voisines.csv"))
	p.report(452, 0, "lieux", filepath.Join(dir, "conseillers-numeriques-2022.json"))
	p.report(249, 0, "france-services", filepath.Join(dir, "france-services-2024-08.csv"))
	told := func() string {
		var out bytes.Buffer
		run(context.Background(), []string{"--store", p.store, "doctor"}, &out, &out) // the map may not be built
		return out.String()
	}
	before := told()
	for _, want := range []string{"aucune donnée : routes", "maillage import roads", "lieux sans position : ils ne comptent dans aucun calcul : 2", "bus dont les arrêts ne sont pas connus : 20", "aucune édition"} {
		if !strings.Contains(before, want) {
			t.Errorf("doctor does not say %q:\n%s", want, before)
		}
	}
	files := filepath.Join(filepath.Dir(filepath.Dir(published(t))), "shared", "cases", "files")
	if _, err := os.Stat(files); err == nil {
		p.report(2, 0, "lieux", filepath.Join(files, "b20b-meme-lieu-deux-cog.csv"), "--moves", filepath.Join(dir, "mouvements.csv"), "--dataset", "b20b")
		p.report(5, 0, "lieux", filepath.Join(files, "e2-sans-code-insee-loin.csv"), "--dataset", "e2")
	}
	p.run(nil, "import", "roads", filepath.Join("..", "..", "fixtures", "aisne", "roads.osm.gz"))
	var sum summary
	p.run(&sum, "compute", "--resolution", "7", "--json")
	subjects, far, merged := map[string]int{}, "", false
	for _, w := range sum.Warnings {
		subjects[w.Subject]++
		if w.Dataset == "e2" && w.Subject == edition.AboutPosition {
			far += w.ID + " " + w.Reason + "; "
		}
	}
	for _, m := range sum.Merges {
		merged = merged || m.Kept == "lieu-2" && m.Absorbed == "lieu-1"
	}
	if subjects[edition.AboutBus] != 20 || subjects[edition.AboutNowhere] != 2 || sum.Counts.Communes != 798 {
		t.Errorf("warned of %v, %d communes", subjects, sum.Counts.Communes)
	}
	if _, err := os.Stat(files); err == nil && (!merged || !strings.Contains(far, "lieu-1 position à") || strings.Count(far, "position à") != 1) {
		t.Errorf("the record of two codes merged: %v; what is said of Laon in Marseille: %q", merged, far)
	}
	var gaps struct {
		Territoires []struct {
			Code    string
			Partial *edition.PartialJSON
		}
	}
	p.run(&gaps, "gaps", "--level", "epci", "--json")
	partial := map[string]int{}
	for _, row := range gaps.Territoires {
		if row.Partial != nil {
			partial[row.Code] = row.Partial.Whole
		}
	}
	if len(partial) != 1 || partial["200070985"] < 15_000 {
		t.Errorf("EPCI that cross the border: %v; want 200070985 and most of its 19 829 people", partial)
	}
}
