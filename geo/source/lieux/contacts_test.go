package lieux

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

func TestWithoutContacts(t *testing.T) {
	for _, tt := range []struct{ special, text, want string }{
		{"a name with an at sign", "Médi@line", "Médi@line"},
		{"a mail", "écrire à Marie.Le-Gall+a@ville-de-laon.fr, merci", "écrire à [courriel retiré], merci"},
		{"a mail with accents", "rené@exemple.fr", "[courriel retiré]"},
		{"a phone in pairs", "Mo 09:00-12:00 \"03 23 00 00 00\"", "Mo 09:00-12:00 \"[téléphone retiré]\""},
		{"dots", "tél. 06.12.34.56.78", "tél. [téléphone retiré]"},
		{"no-break blanks", "03\u00a023\u00a000\u202f00\u00a000", "[téléphone retiré]"},
		{"international", "+33 (0)3 23 00 00 00 ou +33323000000", "[téléphone retiré] ou [téléphone retiré]"},
		{"two phones, a mail", "0323000000/0323000001 a@b.fr", "[téléphone retiré]/[téléphone retiré] [courriel retiré]"},
		{"a number of an office", "265 901 785 00", "265 901 785 00"},
		{"hours are no phone", "Mo-Fr 08:30-12:00,13:30-17:00", "Mo-Fr 08:30-12:00,13:30-17:00"},
		{"a postcode", "02100 SAINT-QUENTIN CEDEX 05", "02100 SAINT-QUENTIN CEDEX 05"},
		{"nothing", "", ""},
	} {
		if got := withoutContacts(tt.text); got != tt.want {
			t.Errorf("%s: withoutContacts(%q) = %q, want %q", tt.special, tt.text, got, tt.want)
		}
	}
}

// textOf is all the text of a lieu.
func textOf(l lieu.Lieu) string {
	all := []string{l.Horaires.Text}
	for v, i := reflect.ValueOf(l), 0; i < v.NumField(); i++ {
		if f := v.Field(i); f.Kind() == reflect.String {
			all = append(all, f.String())
		}
	}
	return strings.Join(append(all, l.Merged...), " | ")
}

// Each layout with contacts everywhere a producer has put some: none comes out, in
// a lieu or in the report.
func TestNoLayoutTellsOfPersons(t *testing.T) {
	const person = `"telephone":"+33323000000","courriel":"a@example.org","courriels":"b@example.org","contact":"Mme Le Gall","contact_nom_prenom":"Mme Le Gall","aidants":[{"nom":"Mme Le Gall","courriel":"c@example.org"}],"prise_rdv":"mailto:d@example.org","site_web":"e@example.org"`
	for _, tt := range []struct{ special, name, text string }{
		{"v1.0.2", "l.csv", "id,nom,commune,code_postal,adresse,latitude,longitude,date_maj,services,telephone,courriels,horaires,site_web\na,Mairie 0323000000,Laon,02000,1 rue (a@example.org),49.56,3.62,,,+33323000000,a@example.org,\"Mo 09:00-12:00 \"\"03 23 00 00 00\"\"\",a@example.org\n"},
		{"v0.1", "l.json", `[{"id":"a","nom":"Mairie","services":"","commune":"Laon","code_postal":"02000","adresse":"1 rue","latitude":49.56,"longitude":3.62,"horaires":"sur rdv au 03.23.00.00.00",` + person + `}]`},
		{"data·inclusion", "d.ndjson", `{"id":"s","nom":"Mairie","description":"appeler Mme Le Gall","latitude":49.56,"longitude":3.62,` + person + "}\n" + `{"id":"v","structure_id":"s","thematiques":["numerique"],"horaires_accueil":"sur rdv, a@example.org","adresse":"1 rue, 03 23 00 00 00",` + person + "}\n"},
		{"France Services", "f.csv", "id_fs,lib_fs,adresse,insee_com,code_postal,lib_com,latitude,longitude,h_lundi,h_mardi,h_mercredi,h_jeudi,h_vendredi,h_samedi,format_fs,mail,telephone,commentaire\n4,France services,1 rue,02468,02250,Marle,49.7,3.7,rdv 0323000000,,,,,,Fixe,a@example.org,0323000000,Bus : Mme Le Gall 0323000000\n"},
	} {
		imp, err := Lieux(t.Context(), []source.Input{sourcetest.Memory(tt.name, []byte(tt.text))}, source.Options{})
		lieux := sourcetest.Rows(t, imp, err)
		if len(lieux) != 1 {
			t.Fatalf("%s: %d lieux", tt.special, len(lieux))
		}
		for _, all := range []string{textOf(lieux[0]), fmt.Sprint(imp.Report.Warnings)} {
			if sourcetest.Contacts.MatchString(all) || regexp.MustCompile("Le Gall|example").MatchString(all) {
				t.Errorf("%s: a person is told of: %s", tt.special, all)
			}
		}
	}
}
