package lieux

import (
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// Lists as regions and départements published them from 2021 to 2023, each with a
// mapping that an office could write: their columns, prose and crosses, without their
// places.
func TestRegionalLists(t *testing.T) {
	near := func(l lieu.Lieu, lon, lat float64) bool {
		return l.Located && geo.Distance(l.At, geo.LonLat{Lon: lon, Lat: lat}) < 500
	}
	for _, tt := range []struct {
		special, name, text, mapping string
		accepted, skipped            int
		holds                        func([]lieu.Lieu) bool
		told                         string
	}{
		{"crosses by service, Lambert-93 with decimal commas, Windows line ends", "l.csv",
			"Nom Usage;Nom de la structure;Adresse;Code Postal;Ville;X;Y;Aide aux démarches;Ateliers bureautique;Wifi;Horaires;Tél;Mail;Maj\r\n" +
				"Cyber-base;CC du Val;1, rue du Moulin;2000;LAON;745123,5;6940456,2;x;;X;Lundi au vendredi 9h-12h/14h-17h;03.23.00.00.00;contact@example.org;01/09/2022\r\n" +
				";EPN de Marle;2, place;2250;MARLE;758 999,5;6 959 000,1;;oui;non;;06.12.34.56.78;jean@example.org;15/10/2022\r\n",
			`{"crs":"2154","champs":{"nom":["Nom Usage","Nom de la structure"],"structure_parente":"Nom de la structure","x":"X","y":"Y","telephone":"Tél","courriels":"Mail","date_maj":"Maj",
				"services":[{"colonne":"Aide aux démarches","oui":"Aide aux démarches administratives"},{"colonne":"Ateliers bureautique","oui":"Maîtrise des outils numériques du quotidien"},{"colonne":"Wifi","oui":"Accès internet et matériel informatique"}],
				"source":{"valeur":"Région"}}}`, 2, 0,
			func(all []lieu.Lieu) bool {
				a, b := all[0], all[1]
				return a.Nom == "Cyber-base" && a.Structure == "CC du Val" && a.Horaires.Known && a.Horaires.WeeklyHours() == 30 && near(a, 3.6234, 49.5618) && a.CodePostal == "02000" &&
					a.Services == lieu.Services(0).With(lieu.Demarches).With(lieu.AccesInternet) && a.Telephone == "03 23 00 00 00" && a.Courriel == "contact@example.org" && a.MisAJour.Month() == 9 &&
					b.Nom == "EPN de Marle" && b.Services == lieu.Services(0).With(lieu.Outils) && b.Telephone == "" && b.Courriel == "" && b.Source == "Région" && !b.AccueilInconnu
			}, "numéros de mobile"},
		{"an export of an open data portal: objects with fields, lon and lat in one", "l.json",
			`{"nhits":2,"records":[{"recordid":"r1","fields":{"nom_lieu":"Fab'Lab du Parc","adr":{"voie":"3 rue","cp":"02200","insee":2722,"ville":"Soissons"},"geo_point_2d":[49.38,3.32],"prestations":["Démarches","Impression 3D","Autre"],"acces_libre":true}},
				{"recordid":"r2","fields":{"nom_lieu":"Le Hublot","adr":{"voie":"4 rue","cp":"02100","ville":"Saint-Quentin"},"geo_point_2d":[49.85,3.29],"prestations":[],"acces_libre":false}}]}`,
			`{"liste":"records","champs":{"id":"recordid","nom":"fields.nom_lieu","adresse":"fields.adr.voie","code_postal":"fields.adr.cp","code_insee":"fields.adr.insee","commune":"fields.adr.ville","position":"fields.geo_point_2d",
				"services":[{"colonne":"fields.prestations","table":{"Démarches":"Aide aux démarches administratives","Impression 3D":"Loisirs et créations numériques","*":""}},{"colonne":"fields.acces_libre","oui":"Accès internet et matériel informatique"}]}}`, 2, 0,
			func(all []lieu.Lieu) bool {
				return all[0].ID == "r1" && all[0].Commune == "02722" && near(all[0], 3.32, 49.38) && all[0].Services == lieu.Services(0).With(lieu.Demarches).With(lieu.Loisirs).With(lieu.AccesInternet) &&
					all[1].Services == 0 && near(all[1], 3.29, 49.85)
			}, "latitude puis longitude"},
		{"GeoJSON", "l.geojson",
			`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[3.62,49.56]},"properties":{"NOM":"Médiathèque","CODE_INSEE":"02408","SERVICES":"numerique--utiliser-le-numerique-au-quotidien"}}]}`,
			`{"liste":"features","champs":{"nom":"properties.nom","code_insee":"properties.code_insee","services":"properties.services","position":{"colonne":"geometry.coordinates","ordre":"lon,lat"}}}`, 1, 0,
			func(all []lieu.Lieu) bool {
				return near(all[0], 3.62, 49.56) && all[0].Commune == "02408" && all[0].Services == lieu.Services(0).With(lieu.Outils)
			}, ""},
		{"free text of services, commas, closed rows, a tab between columns", "l.tsv",
			"Structure\tVoie\tN°\tCP - Commune\tLat/Lon\tServices proposés\tEtat\n" +
				"Point numérique\true Haute\t12\t02000 Laon\t49,56 / 3,62\tAccompagnement aux e-démarches, Prêt de matériel\touvert\n" +
				"Ancien\true Basse\t1\t02000 Laon\t49,56 / 3,62\tRien\tFERMÉ\n",
			`{"separateurs":",","lignes":{"colonne":"Etat","ecarter":["fermé"]},"champs":{"nom":"Structure","adresse":{"colonnes":["N°","Voie"]},"code_postal":"CP - Commune","commune":"CP - Commune","position":"Lat/Lon",
				"services":{"colonne":"Services proposés","table":{"accompagnement aux e démarches":"Aide aux démarches administratives","Prêt de matériel":"Accès internet et matériel informatique"}}}}`, 1, 1,
			func(all []lieu.Lieu) bool {
				return all[0].Adresse == "12 rue Haute" && all[0].CodePostal == "02000" && all[0].Services.Len() == 2 && near(all[0], 3.62, 49.56)
			}, ""},
		{"days by column, typologies, who is received", "l.csv",
			"nom,cp,commune,adresse,lat,lon,type,lun,mar,mer,jeu,ven,sam,dim,public\n" +
				"Médiathèque,02000,Laon,1 rue,49.56,3.62,Bibliothèque,Fermé,10h-12h et 14h-18h,de 10h00 à 12h00,,14H-18H30,10-12h?,,OUI\n" +
				"Siège,02000,Laon,2 rue,49.56,3.62,Association,9h-12h,9h-12h,9h-12h,9h-12h,9h-12h,,,non\n",
			`{"champs":{"latitude":"lat","longitude":"lon","code_postal":"cp","typologie":{"colonne":"type","table":{"Bibliothèque":"BIB","Association":"ASSO"}},"horaires":{"jours":{"lundi":"lun","mardi":"mar","mercredi":"mer","jeudi":"jeu","vendredi":"ven","samedi":"sam","dimanche":"dim"}},
				"modalites_acces":{"colonne":"public","oui":"Se présenter","non":"Ce lieu n'accueille pas de public"}}}`, 2, 0,
			func(all []lieu.Lieu) bool {
				return !all[0].Horaires.Known && strings.Contains(all[0].Horaires.Text, "10-12h?") && all[0].Typologie == "BIB" && !all[0].NoPublic &&
					all[1].NoPublic && all[1].Horaires.WeeklyHours() == 15
			}, ""},
	} {
		got, told, err := readAll(t, tt.name, []byte(tt.text), source.Options{Lieux: mappingOf(t, tt.mapping)})
		if err != nil || len(got) != tt.accepted || !tt.holds(got) || !strings.Contains(told, tt.told) {
			t.Errorf("%s: %+v\ntold %s, %v", tt.special, got, told, err)
		}
	}
}

// A workbook of the national schema is read as a CSV is, whichever sheet and line its
// header is on; a sheet that is asked for must be there.
func TestWorkbooks(t *testing.T) {
	rows := [][]string{{"Lieux de médiation numérique du département"}, nil,
		{"id", "nom", "commune", "code_postal", "code_insee", "adresse", "latitude", "longitude", "date_maj", "services", "horaires", "telephone"},
		{"a", "Médiathèque", "Laon", "=2000", "=2408", "1 rue", "=49.564100000000003", "=3.6244", "=45414", "Aide aux démarches administratives", "Mo-Fr 09:00-12:00", "=323000000"}}
	got, told, err := readAll(t, "l.xlsx", sourcetest.XlsxOf(rows), source.Options{})
	if err != nil || len(got) != 1 || got[0].Commune != "02408" || got[0].CodePostal != "02000" || !got[0].Located || got[0].Services.Len() != 1 || got[0].Telephone != "03 23 00 00 00" || !got[0].Horaires.Known {
		t.Errorf("%+v, told %s, %v", got, told, err)
	}
	if got[0].MisAJour.Format("2006-01-02") != "2024-05-02" || !strings.Contains(told, "zéro initial") {
		t.Errorf("updated %v, told %s", got[0].MisAJour, told)
	}
	if _, _, err = readAll(t, "l.xlsx", sourcetest.XlsxOf(rows), source.Options{Layer: "Autre"}); err == nil || !strings.Contains(err.Error(), "pas de feuille « Autre »") {
		t.Errorf("another sheet: %v", err)
	}
	if _, _, err = readAll(t, "l.xlsx", sourcetest.XlsxOf([][]string{{"a", "b"}, {"c", "d"}}), source.Options{}); err == nil {
		t.Error("a workbook of something else is read")
	}
}
