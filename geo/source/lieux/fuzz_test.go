package lieux

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/store"
)

// seedFrom adds the wrong files of a folder to the corpus.
func seedFrom(f *testing.F, folder, ext string) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join("..", "testdata", folder, "*"+ext))
	if err != nil {
		f.Fatal(err)
	}
	if len(files) == 0 {
		f.Fatalf("no file in testdata/%s", folder)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
}

// honest imports a text and checks what must hold of any import: positions are
// positions, ids are set and unique, rows add up, the error comes last.
func honest(t *testing.T, data []byte, read func(context.Context, []source.Input, source.Options) (*source.Import[lieu.Lieu], error)) {
	imp, err := read(t.Context(), []source.Input{sourcetest.Memory("x", data)}, source.Options{MaxRejectShare: 1})
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	var end error
	for l, err := range imp.Rows {
		switch {
		case end != nil:
			t.Fatalf("a row after the error %v", end)
		case err != nil:
			if end = err; !strings.HasPrefix(err.Error(), "import lieux: ") {
				t.Fatalf("error without its import: %v", err)
			}
			continue
		case l.ID == "" || ids[l.ID]:
			t.Fatalf("id %q is empty or not new", l.ID)
		case l.Located && l.At.Check() != nil, !l.Located && (l.At.Lon != 0 || l.At.Lat != 0):
			t.Fatalf("position %+v", l)
		case l.Horaires.Known && l.Horaires.Text == "":
			t.Fatalf("hours known from nothing: %+v", l)
		case l.Services >= 1<<lieu.Any:
			t.Fatalf("services %b", l.Services)
		case store.CheckLieu(l) != nil:
			t.Fatalf("no store takes it: %v", store.CheckLieu(l))
		case strings.ContainsFunc(textOf(l)+l.Presentation+l.Commentaire+l.Publics, invisible):
			t.Fatalf("characters that are no text: %q", textOf(l))
		case l.NoPublic && l.AccueilInconnu:
			t.Fatal("no public, and unknown whether there is one")
		}
		ids[l.ID] = true
	}
	r := imp.Report
	if end == nil && r.Read != r.Accepted+r.Merged+r.Skipped+len(r.Rejected) {
		t.Fatalf("read %d, accepted %d, merged %d, skipped %d, rejected %d", r.Read, r.Accepted, r.Merged, r.Skipped, len(r.Rejected))
	}
}

// FuzzLieuxCSV reads tables of the national schema, and of any other with the template.
func FuzzLieuxCSV(f *testing.F) {
	seedFrom(f, "lieux", ".csv")
	seedFrom(f, "correspondance", ".csv")
	f.Add(nationalCSV(2))
	f.Add([]byte("id,nom,commune,code_postal,adresse,date_maj,services,geo_point_2d,telephone,courriels,itinerance,typologie\na,Mairie,Laon,2000,1 rue,2/5/24,aide-demarches,\"49,5, 3,6\",0612345678 / 0323000000,accueil@example.org,oui,BIB\n"))
	m, err := parseMapping([]byte(MappingTemplate))
	if err != nil {
		f.Fatal(err)
	}
	header := []byte(strings.Join(append(slices.Concat(lieuxColumns, newSchemaOnly), "code_insee", "horaires", "telephone", "position", "prise_rdv"), ";") + "\n")
	f.Fuzz(func(t *testing.T, data []byte) {
		honest(t, data, Lieux)
		honest(t, append(bytes.Clone(header), data...), Lieux)
		honest(t, data, func(ctx context.Context, in []source.Input, o source.Options) (*source.Import[lieu.Lieu], error) {
			o.Lieux = m
			return Lieux(ctx, in, o)
		})
	})
}

// FuzzMapping parses mappings, and reads a small list of each kind with those that are
// sound.
func FuzzMapping(f *testing.F) {
	f.Add([]byte(MappingTemplate))
	f.Add([]byte(`{"liste":"records.x","lignes":[{"colonne":"a","garder":["b"]}],"champs":{"nom":["a",{"colonnes":["b","c.d"],"entre":"-"}],"position":{"colonne":"e.0","ordre":"lon,lat"},"horaires":{"jours":{"lundi":"a"}},"id":null,"date_maj":{"colonne":"f","format":"JJ/MM/AAAA"},"services":{"colonne":"g","table":{"x":"y","*":""}}}}`))
	table := []byte("a,b,c.d,e.0,f,g\nMairie,1 rue,x,\"49.5,3.6\",02/05/2024,aide-demarches|x\noui,non,9h-12h,\"3.6 49.5\",45414,\n")
	objects := []byte(`{"records":{"x":[{"a":"Mairie","b":["1","2"],"c":{"d":[{"e":1}]},"e":["49.5,3.6"],"f":null,"g":true},{"a":{"b":1}}]},"items":[{"a":"b"}]}`)
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parseMapping(data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "ligne ") {
				t.Fatalf("error without a line: %v", err)
			}
			return
		}
		for _, list := range [][]byte{table, objects} {
			honest(t, list, func(ctx context.Context, in []source.Input, o source.Options) (*source.Import[lieu.Lieu], error) {
				o.Lieux = m
				return Lieux(ctx, in, o)
			})
		}
	})
}

func FuzzLieuxJSON(f *testing.F) {
	seedFrom(f, "lieux-v0.1", "json")
	f.Add([]byte(`{"total":1,"items":[{"id":"a","nom":"b","services":["Créer avec le numérique"]}],"next":null}`))
	f.Add([]byte("\ufeff{\"id\":\"a\",\"nom\":\"b\",\"pivot\":\"\"}\n"))
	f.Fuzz(func(t *testing.T, data []byte) { honest(t, data, Lieux) })
}

func FuzzDataInclusion(f *testing.F) {
	seedFrom(f, "data-inclusion", "json")
	f.Add([]byte(`{"structures":[{"id":"s","nom":"x","latitude":49.7,"longitude":3.7}],"services":[{"id":"v","structure_id":"s","thematiques":"numerique","latitude":49.8,"longitude":3.7}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if source.IsJSON(data) && !isDataInclusion(data) {
			data = bytes.Join([][]byte{[]byte(`{"structures":[{"id":"s","nom":"x"}],"services":`), data, {'}'}}, nil)
		}
		honest(t, data, Lieux)
	})
}

func FuzzFranceServices(f *testing.F) {
	seedFrom(f, "france-services", ".csv")
	header := []byte(strings.Join(franceServicesColumns, ",") + "\n")
	f.Add([]byte("4,France services,1 rue,02468,02250,Marle,49.7,3.7,09:00 - 12:00 / 13:30 - 17:00,,,,,00:00 - 00:00,Itinérante\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if !bytes.HasPrefix(data, []byte(`"id_fs"`)) {
			data = append(bytes.Clone(header), data...)
		}
		honest(t, data, FranceServices)
	})
}
