package source_test

import (
	"fmt"
	"testing"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/outline"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/source/stat/layout"
)

// TestWrongTables shows, word for word, what a person is told of the tables that
// options are read from.
func TestWrongTables(t *testing.T) {
	moves := func(in source.Input) error { _, err := outline.ReadMoves(t.Context(), []source.Input{in}); return err }
	table := func(in source.Input) error {
		_, err := outline.CommuneTable(t.Context(), []source.Input{in})
		return err
	}
	mapping := func(in source.Input) error { _, err := layout.Read(t.Context(), in); return err }
	for _, tt := range []struct {
		special string
		read    func(source.Input) error
		text    string
		want    string
	}{
		{"moves: not the columns", moves, "old,new\n", "mouvements: m:1: en-tête : colonnes absentes : ancien, nouveau ; colonnes lues : old, new"},
		{"moves: a code that is none", moves, "ancien,nouveau\nLaon,02002\n", "mouvements: m:2: ancien « Laon » : code de commune non compris ; attendu cinq caractères, comme 02408"},
		{"moves: a commune that was divided", moves, "ancien,nouveau\n02001,02002\n02001,02003\n", "mouvements: m:3: ancien « 02001 » : déjà remplacé par 02002 à m:2 ; attendu un seul successeur"},
		{"moves: a circle", moves, "ancien,nouveau\n02009,02002\n02001,02002\n02002,02001\n", "mouvements: m:3: ancien « 02001 » : les mouvements tournent en rond ; attendu qu'ils mènent à un code actuel"},
		{"moves: a workbook", moves, "PK\x03\x04", "mouvements: m: archive zip sans liste de fichiers ; elle est sans doute tronquée"},
		{"moves: a line cut short", moves, "ancien,nouveau\n02001\n", "mouvements: m:2: 1 champs ; attendu 2, comme dans l'en-tête"},
		{"communes: no code", table, "nom,population\nLaon,1\n", "tableau des communes: m:1: en-tête : colonne absente : code"},
		{"communes: nothing but codes", table, "codgeo\n02408\n", "tableau des communes: m:1: en-tête : ni nom, ni epci, ni population ; attendu au moins l'un des trois à côté du code"},
		{"communes: twice the same", table, "code,nom\n02408,Laon\n02408,Laon\n", "tableau des communes: m:3: code « 02408 » : commune déjà présente à m:2"},
		{"communes: half a person", table, "CODGEO;PMUN2021\n02408;1,5\n", "tableau des communes: m:2: pmun2021 « 1,5 » : population non comprise ; attendu un nombre entier, positif ou nul"},
		{"communes: a SIREN of another length", table, "code,epci\n02408,2000\n", "tableau des communes: m:2: epci « 2000 » : SIREN non compris ; attendu neuf chiffres, comme 200072031"},
		{"mapping: no JSON", mapping, "colonne;variable", "correspondance: m: JSON invalide ; attendu un objet avec entete, code, poids, lignes, long, niveau, colonnes et variables (maillage import ifn --template les montre)"},
		{"mapping: a key that does not exist", mapping, `{"colones":{}}`, `correspondance: m: clé "colones" inconnue ; attendu entete, code, poids, lignes, long, niveau, colonnes et variables (maillage import ifn --template les montre)`},
		{"mapping: no columns", mapping, `{"entete":""}`, "correspondance: m: « colonnes » et « variables » absents ou vides ; attendu au moins une variable"},
		{"mapping: a column of nothing", mapping, `{"colonnes":{"A":{}}}`, "correspondance: m: colonne « A » sans variable ; attendu un nom"},
		{"mapping: a direction that is none", mapping, `{"colonnes":{"A":{"variable":"a","sens":"up"}}}`, "correspondance: m: colonne « A » : sens « up » ; attendu hausse ou baisse"},
		{"mapping: one variable of two columns", mapping, `{"colonnes":{"A":{"variable":"a"},"B":{"variable":"a"}}}`, "correspondance: m: variable « a » donnée deux fois : colonne « A » et colonne « B »"},
		{"mapping: one column twice, but for its capitals", mapping, `{"colonnes":{"A  b":{"variable":"a"},"a B":{"variable":"b"}}}`, "correspondance: m: colonne « a B » présente deux fois"},
		{"mapping: a header of another kind", mapping, `{"entete":"oui","colonnes":{}}`, "correspondance: m: « entete » vaut « oui » ; attendu « separe », ou rien"},
		{"mapping: half a filter", mapping, `{"lignes":{"colonne":"x"},"colonnes":{"A":{"variable":"a"}}}`, "correspondance: m: « lignes » incomplet ; attendu « colonne » et « garder »"},
		{"mapping: a type that is not the one", mapping, `{"colonnes":{"A":{"variable":7}}}`, "correspondance: m: « colonnes.variable » n'est pas du type attendu"},
		{"mapping: text after the end", mapping, `{"colonnes":{"A":{"variable":"a"}}} x`, "correspondance: m: du texte suit la fin de l'objet ; attendu un seul objet JSON"},
	} {
		if err := tt.read(sourcetest.Memory("m", []byte(tt.text))); fmt.Sprint(err) != tt.want {
			t.Errorf("%s: got %v, want %s", tt.special, err, tt.want)
		}
	}
}
