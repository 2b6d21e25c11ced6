package main

import (
	"io"

	"github.com/aisne-numerique/maillage/geo/store"
)

// templates are files to fill in, for the formats that are our own. They import as
// they are: an example is the shortest documentation.
var templates = map[store.Kind]string{
	store.Tournees: "tournee,nom,lieu_id,services,depot_lon,depot_lat,arret,commune,lon,lat,quand\n" +
		"bus-nord,Bus France services du Nord,,Aide aux démarches administratives|Accès internet et matériel informatique,3.6244,49.5639,Place de la mairie,02468,3.7706,49.7381,week 1-53/2 Tu 09:00-12:00\n" +
		"bus-nord,Bus France services du Nord,,Aide aux démarches administratives|Accès internet et matériel informatique,3.6244,49.5639,Parking de l'école,02468,3.7750,49.7400,week 2-53/2 Th 14:00-17:00\n",
	store.Secteurs: "secteur,code,nom\nFère-en-Tardenois,02305,Fère-en-Tardenois\nFère-en-Tardenois,02203,Coulonges-Cohan\n",
}

func writeTemplate(w io.Writer, kind store.Kind) error {
	text, ok := templates[kind]
	if !ok {
		return usagef("--template : des modèles existent pour tournees et secteurs ; %s suit un format publié", kind)
	}
	_, err := io.WriteString(w, text)
	return err
}
