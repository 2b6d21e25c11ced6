package lieu_test

import (
	"fmt"

	"github.com/aisne-numerique/maillage/geo/lieu"
)

func ExampleParseHoraires() {
	for _, text := range []string{
		"Mo,Tu 09:00-13:00,14:00-17:00; We,Th 14:00-17:00; Fr 09:00-13:00,14:00-17:00",
		"week 1-53/2 Tu 09:00-12:00",
		"Mo-Fr 09:00-12:00-14:00",
		"",
	} {
		h, err := lieu.ParseHoraires(text)
		switch {
		case h.Known:
			fmt.Printf("%g heures par semaine\n", h.WeeklyHours())
		case err != nil:
			fmt.Println(err)
		default:
			fmt.Println("inconnu")
		}
	}
	// Output:
	// 27 heures par semaine
	// 1.5 heures par semaine
	// horaires « Mo-Fr 09:00-12:00-14:00 » : caractère 18 : « - » inattendu ; attendu « , », « ; » ou la fin
	// inconnu
}
