package lieux

import (
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
)

func TestReception(t *testing.T) {
	const open = "Mo-Fr 09:00-12:00,14:00-17:00"
	for _, tt := range []struct {
		special   string
		l         lieu.Lieu
		hours     string
		public    bool // not said that there is none
		uncertain bool
	}{
		{"a registration alone, with the hours of its offices", lieu.Lieu{Nom: "Association Familles", Dispositif: "Aidants Connect", Services: 1}, open, true, true},
		{"two registrations", lieu.Lieu{Nom: "Solidarité 02", Dispositif: "Aidants Connect|Certification PIX", Typologie: "ASSO", Services: 1}, open, true, true},
		{"registered by its source", lieu.Lieu{Nom: "Familles rurales", Source: "Aidants Connect", Services: 1}, open, true, true},
		{"a label of a training", lieu.Lieu{Nom: "Familles rurales", Details: lieu.Details{Labels: "Formé à « Mon Espace Santé »"}, Services: 1}, open, true, true},
		{"a registration of a library", lieu.Lieu{Nom: "Jean-Macé", Typologie: "BIB", Dispositif: "Aidants Connect"}, "", true, false},
		{"a registration of a CCAS, by its name", lieu.Lieu{Nom: "CCAS de Guise", Dispositif: "Aidants Connect"}, "", true, false},
		{"a registration of a mairie", lieu.Lieu{Nom: "MAIRIE DE LA CAPELLE", Dispositif: "Aidants Connect"}, "", true, false},
		{"a registration of a commune", lieu.Lieu{Nom: "Commune d'Anizy-le-Grand", Typologie: "MUNI", Dispositif: "Aidants Connect"}, open, true, false},
		{"a registration where one comes", lieu.Lieu{Nom: "Association X", Dispositif: "Aidants Connect", Details: lieu.Details{Acces: "Se présenter"}}, "", true, false},
		{"a registration of a France Services", lieu.Lieu{Nom: "Espace Val", Dispositif: "Aidants Connect|France Services"}, "", true, false},
		{"a seat", lieu.Lieu{Nom: "CC du Val", Typologie: "EPCI", Services: 1}, open, true, true},
		{"a seat, by its name", lieu.Lieu{Nom: "Communauté de communes Thiérache du Centre", Services: 1}, open, true, true},
		{"a département", lieu.Lieu{Nom: "DEPARTEMENT DE L AISNE", Services: 1}, open, true, true},
		{"a seat where a conseiller has hours", lieu.Lieu{Nom: "CC PICARDIE DES CHATEAUX", Dispositif: "Conseillers numériques", Services: 1}, open, true, false},
		{"a seat where a conseiller has none", lieu.Lieu{Nom: "DEPARTEMENT DE L AISNE", Dispositif: "Aidants Connect|Conseillers numériques", Services: 1}, "", true, true},
		{"an antenna where a conseiller has none", lieu.Lieu{Nom: "antenne u1", Dispositif: "Conseillers numériques", Services: 1}, "", true, true},
		{"a library, of which nothing else is known", lieu.Lieu{Nom: "Bibliothèque municipale", Typologie: "BIB"}, "", true, false},
		{"a library, by its source", lieu.Lieu{Nom: "Jean-Macé", Source: "bibliotheques"}, "", true, false},
		{"a France Services, by telephone first", lieu.Lieu{Nom: "France services Le Nouvion", Typologie: "RFS", Details: lieu.Details{Acces: "Téléphoner|Contacter par mail"}}, "", true, false},
		{"a list of an office", lieu.Lieu{Nom: "Le Hublot", Services: 1}, "", true, false},
		{"hours and nothing else", lieu.Lieu{Nom: "Le Hublot"}, open, true, false},
		{"an address and nothing else", lieu.Lieu{Nom: "Le Hublot"}, "", true, true},
		{"said that there is none", lieu.Lieu{Nom: "Mairie", Details: lieu.Details{Acces: "Ce lieu n’accueille pas de public|Téléphoner"}}, open, false, false},
		{"at a distance alone", lieu.Lieu{Nom: "Hotline", Services: 1, Distance: true, Details: lieu.Details{Accompagnement: "À distance"}}, open, false, false},
		{"at a distance too", lieu.Lieu{Nom: "Le Hublot", Services: 1, Distance: true, Details: lieu.Details{Accompagnement: "À distance|En autonomie"}}, open, true, false},
		{"workshops of a registration", lieu.Lieu{Nom: "Familles", Dispositif: "Aidants Connect", Details: lieu.Details{Accompagnement: "Dans un atelier collectif"}}, "", true, false},
	} {
		l := tt.l
		l.Horaires = horaires(t, tt.hours)
		reception(&l, l.Services != 0)
		if l.NoPublic != !tt.public || l.AccueilInconnu != tt.uncertain {
			t.Errorf("%s: no public %v, unknown %v; want %v, %v", tt.special, l.NoPublic, l.AccueilInconnu, !tt.public, tt.uncertain)
		}
	}
	// Said once per file.
	got, told, err := readAll(t, "l.csv", lieuxCSV(map[string]string{"nom": "Association X", "dispositif_programmes_nationaux": "Aidants Connect", "horaires": open}), source.Options{})
	if err != nil || !got[0].AccueilInconnu || !strings.Contains(told, "rien ne dit que le public est reçu : accueil inconnu dans 1 ligne") {
		t.Errorf("%+v, told %s, %v", got, told, err)
	}
}
