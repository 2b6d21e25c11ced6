package lieux

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
)

func TestPhoneNumbers(t *testing.T) {
	for _, tt := range []struct {
		text, want string
		mobile     bool
	}{
		{"+33323000000", "03 23 00 00 00", false},
		{"03 23 00 00 00", "03 23 00 00 00", false},
		{"03.23.00.00.00", "03 23 00 00 00", false},
		{"0033 3 23 00 00 00", "03 23 00 00 00", false},
		{"+33 (0)3 23 00 00 00", "03 23 00 00 00", false},
		{"323000000", "03 23 00 00 00", false}, // its zero was taken away
		{"33323000000", "03 23 00 00 00", false},
		{"0800 00 00 00", "08 00 00 00 00", false},
		{"09 70 00 00 00", "09 70 00 00 00", false},
		{"3646", "3646", false},
		{"+262262000000", "02 62 00 00 00", false},
		{"+590 590 00 00 00", "05 90 00 00 00", false},
		{"06 12 34 56 78", "06 12 34 56 78", true},
		{"+33 6 12 34 56 78", "06 12 34 56 78", true},
		{"00336 12 34 56 78", "06 12 34 56 78", true},
		{"+33 (0) 7 12 34 56 78", "07 12 34 56 78", true},
		{"612345678", "06 12 34 56 78", true},
		{"+262 692 00 00 00", "06 92 00 00 00", true},
		{"Mme Le Gall", "", false}, {"03 23 00", "", false}, {"0023000000", "", false}, {"", "", false},
	} {
		got, mobile, ok := phoneNumber(tt.text)
		if ok != (tt.want != "") || ok && (got != tt.want || mobile != tt.mobile) {
			t.Errorf("%q gives %q, mobile %v, %v; want %q, %v", tt.text, got, mobile, ok, tt.want, tt.mobile)
		}
	}
}

func TestFunctionalMails(t *testing.T) {
	const nom, commune = "Médiathèque Jean-Macé", "Château-Thierry"
	for _, kept := range []string{"accueil@example.org", "contact@example.org", "mairie@laon.example", "mairie.chateau-thierry@example.org", "mediatheque@example.org", "mediatheque.jean-mace@example.org",
		"bibliotheque02@example.org", "ccas@example.org", "info@example.org", "secretariat@example.org", "franceservices02@example.org", "france-services@example.org", "mairiechateauthierry@example.org", "espace_numerique@example.org"} {
		if !functional(kept, nom, commune) {
			t.Errorf("%s is one of a function", kept)
		}
	}
	for _, dropped := range []string{"a@example.org", "marie.le-gall@example.org", "jdupont@example.org", "dupont.mairie@example.org", "accueil.durand@example.org", "infodupont@example.org", "mairie.laon@example.org" /* elsewhere */, "jean-mace@example.org", "@example.org", "contact", strings.Repeat("info", 200_000) + "@example.org"} {
		if functional(dropped, nom, commune) {
			t.Errorf("%s may be one of a person", dropped)
		}
	}
}

// Contacts that are dropped are counted, once per file and column.
func TestContactsAreCounted(t *testing.T) {
	text := "id,nom,commune,code_postal,adresse,date_maj,latitude,longitude,services,telephone,courriels\n"
	for i, c := range [][2]string{{"03 23 00 00 00 / 06 12 34 56 78", "accueil@example.org|jean.dupont@example.org"}, {"0323000001/0712345678", "jean@example.org;mairie@example.org"}, {"demander Jean", ""}} {
		text += fmt.Sprintf("%d,Mairie,Laon,02000,1 rue,,49.5,3.6,,\"%s\",\"%s\"\n", i, c[0], c[1])
	}
	got, told, err := readAll(t, "l.csv", []byte(text), source.Options{})
	if err != nil || got[0].Telephone != "03 23 00 00 00" || got[1].Telephone != "03 23 00 00 01" || got[2].Telephone != "" || got[0].Courriel != "accueil@example.org" || got[1].Courriel != "mairie@example.org" {
		t.Errorf("%+v, %v", got, err)
	}
	for _, want := range []string{"telephone : numéros de mobile (06, 07) laissés de côté, comme ceux d'une personne : 2", "telephone : numéros de téléphone non compris, laissés de côté : 1", "laissées de côté : 2"} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is not told: %s", want, told)
		}
	}
	if strings.Contains(told, "ean") {
		t.Errorf("a person is told of: %s", told)
	}
}

func TestWithoutPersons(t *testing.T) {
	for text, want := range map[string]string{
		"Permanence de Mme Le Gall le mardi":          "Permanence de [nom retiré] le mardi",
		"demander M. Dupont au 03 23 00 00 00":        "demander [nom retiré] au [téléphone retiré]",
		"écrire à jean.dupont (at) example.org":       "écrire à [courriel retiré]",
		"Madame la maire reçoit le lundi":             "Madame la maire reçoit le lundi",
		"Permanence à la mairie de Fresnoy-le-Grand.": "Permanence à la mairie de Fresnoy-le-Grand.",
	} {
		if got := withoutPersons(text); got != want {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
}

// Every column of v1.0.2, and its equivalents in v0.1.
func TestEveryColumnIsKept(t *testing.T) {
	v1 := `[{"id":"a","pivot":"00000000000000","nom":"Mairie","commune":"Laon","code_postal":"02000","adresse":"1 rue","latitude":49.5,"longitude":3.6,"services":"",
		"complement_adresse":"bâtiment B","telephone":"+33323000000","courriels":"mairie@example.org","publics_specifiquement_adresses":"Jeunes|Seniors|Femmes","prise_en_charge_specifique":"Surdité|Illettrisme",
		"formations_labels":"Fabriques de Territoire","autres_formations_labels":"Label et la bête","modalites_acces":"Se présenter|Téléphoner","modalites_accompagnement":"En autonomie|À distance",
		"prise_rdv":"https://rdv.example","fiche_acces_libre":"https://acces.example/1","presentation_resume":"Résumé","presentation_detail":"Détail\nen deux lignes","structure_parente":"Ville de Laon"}]`
	want := lieu.Details{Complement: "bâtiment B", Telephone: "03 23 00 00 00", Courriel: "mairie@example.org", Publics: "Jeunes|Seniors|Femmes", PriseEnCharge: "Surdité|Illettrisme",
		Labels: "Fabriques de Territoire", AutresLabels: "Label et la bête", Acces: "Se présenter|Téléphoner", Accompagnement: "En autonomie|À distance",
		RendezVous: "https://rdv.example", AccesLibre: "https://acces.example/1", Resume: "Résumé", Presentation: "Détail en deux lignes", Structure: "Ville de Laon"}
	got, _, err := readAll(t, "l.json", []byte(v1), source.Options{})
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if diff := cmp.Diff(want, got[0].Details); diff != "" || !got[0].Distance || got[0].NoPublic {
		t.Errorf("v1 (-want +got), %+v:\n%s", got[0], diff)
	}
	old := `[{"id":"a","pivot":"00000000000000","nom":"Mairie","commune":"Laon","code_postal":"02000","adresse":"1 rue","latitude":49.5,"longitude":3.6,"services":"","cle_ban":"02408_0380_00001",
		"courriel":"mairie@example.org","publics_accueillis":"Seniors (+ 65 ans);Familles/enfants;Déficience visuelle;Personnes en situation d'illettrisme;Handicaps mentaux : déficiences limitant les activités d'une personne",
		"modalites_accompagnement":"Seul : j'ai accès à du matériel et une connexion;Dans un atelier : j'apprends collectivement à utiliser le numérique;A ma place : une personne habilitée fait les démarches à ma place",
		"labels_autres":"SudLabs;Nièvre médiation numérique","accessibilite":"https://acces.example/1","prise_rdv":"javascript:alert(1)"}]`
	want = lieu.Details{Courriel: "mairie@example.org", Publics: "Seniors|Familles et/ou enfants", PriseEnCharge: "Déficience visuelle|Illettrisme|Handicaps mentaux",
		Accompagnement: "En autonomie|Dans un atelier collectif|Accompagnement individuel", AutresLabels: "SudLabs|Nièvre médiation numérique", AccesLibre: "https://acces.example/1"}
	if got, _, err = readAll(t, "l.json", []byte(old), source.Options{}); err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if diff := cmp.Diff(want, got[0].Details); diff != "" || got[0].Commune != "02408" {
		t.Errorf("v0.1, commune %q (-want +got):\n%s", got[0].Commune, diff)
	}
	list := "id_fs,lib_fs,adresse,insee_com,code_postal,lib_com,latitude,longitude,h_lundi,h_mardi,h_mercredi,h_jeudi,h_vendredi,h_samedi,format_fs,mail,telephone,commentaire,prise_rdv,complement_adresse\n" +
		`4,France services,1 rue,2468,2250,Marle,"49,7","3,7",,,,,,,Fixe,marle@france-services.example|accueil@example.org,06 12 34 56 78,Permanence\x20le\x20lundi\x20\xE0\x20Voulpaix,Oui,mairie` + "\n"
	got, told, err := readAll(t, "f.csv", []byte(list), source.Options{})
	want = lieu.Details{Complement: "mairie", Courriel: "accueil@example.org", Acces: "Téléphoner|Contacter par mail", Commentaire: "Permanence le lundi à Voulpaix"}
	if err != nil || len(got) != 1 || got[0].CodePostal != "02250" || got[0].AccueilInconnu {
		t.Fatalf("%+v, told %s, %v", got, told, err)
	}
	if diff := cmp.Diff(want, got[0].Details); diff != "" || !strings.Contains(told, "mobile") {
		t.Errorf("France Services, told %s (-want +got):\n%s", told, diff)
	}
}
