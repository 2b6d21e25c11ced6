package lieu_test

import (
	"fmt"
	"time"

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

func ExampleHoraires_Agenda() {
	vacances, err := lieu.PublishedVacances()
	if err != nil {
		fmt.Println(err)
		return
	}
	calendar := lieu.NewCalendar(lieu.ZoneOf("02"), vacances)
	h, err := lieu.ParseHoraires("Lundi au vendredi 9h-12h, 1er samedi du mois 10h-12h, fermé les jours fériés et du 24 au 31 décembre")
	if err != nil {
		fmt.Println(err)
		return
	}
	agenda := h.Agenda()
	for _, day := range []int{12, 24, 35} { // of December 2026, and on
		date := time.Date(2026, 12, day, 0, 0, 0, 0, time.UTC)
		d := agenda.On(date, calendar)
		fmt.Println(date.Format(time.DateOnly), d.School, d.Known, d.Open)
	}
	// Output:
	// 2026-12-12  true []
	// 2026-12-24 Noël true []
	// 2027-01-04  true [[540 720]]
}
