package main

import (
	"encoding/csv"
	"fmt"
	"os"
)

// columns are the 32 of the national schema "lieux de médiation numérique", v1.0.2.
var columns = []string{
	"id", "pivot", "nom", "commune", "code_postal", "code_insee", "adresse", "complement_adresse",
	"latitude", "longitude", "typologie", "telephone", "courriels", "site_web", "horaires",
	"presentation_resume", "presentation_detail", "source", "itinerance", "structure_parente", "date_maj",
	"services", "publics_specifiquement_adresses", "prise_en_charge_specifique", "frais_a_charge",
	"dispositif_programmes_nationaux", "formations_labels", "autres_formations_labels", "modalites_acces",
	"modalites_accompagnement", "fiche_acces_libre", "prise_rdv",
}

// writeLieux writes a valid file of made-up lieux. The same name gives the same
// bytes; another name, other values in every row.
func writeLieux(path, name string, rows int) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	w := csv.NewWriter(f)
	if err := w.Write(columns); err != nil {
		return err
	}
	services := []string{
		"Aide aux démarches administratives",
		"Maîtrise des outils numériques du quotidien",
		"Accès internet et matériel informatique|Utilisation sécurisée du numérique",
	}
	for i := range rows {
		// A grid of places about 300 m apart: no two are one place with two names.
		lat, lon := 49.0+float64(i/100)*0.003, 3.0+float64(i%100)*0.004
		row := []string{
			fmt.Sprintf("essai-%d", i), fmt.Sprintf("%014d", 20000000000000+i),
			fmt.Sprintf("Espace numérique %d, fichier %s", i, name),
			"Fère-en-Tardenois", "02130", "02305", fmt.Sprintf("%d rue de l’Église", i+1), "",
			fmt.Sprintf("%.6f", lat), fmt.Sprintf("%.6f", lon), "BIB", "", "", "",
			fmt.Sprintf("Mo-Fr 09:00-%02d:00", 12+i%6),
			"", "", "Fichier " + name, "Fixe", "", "2024-04-02",
			services[i%len(services)], "", "", "Gratuit", "", "", "", "Se présenter", "En autonomie", "", "",
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
