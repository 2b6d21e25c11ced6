package page

import (
	"testing"

	"github.com/aisne-numerique/maillage/geo/lieu"
)

func TestHoursAreSaidInFrench(t *testing.T) {
	for text, want := range map[string]string{
		"Mo-Fr 09:00-12:00,13:30-17:00":                    "lundi – vendredi de 9\u00a0h à 12\u00a0h et de 13\u00a0h\u00a030 à 17\u00a0h",
		"Mo,We 08:00-12:00; Sa[1] 10:00-24:00":             "lundi, mercredi de 8\u00a0h à 12\u00a0h ; samedi (semaine 1 sur 4) de 10\u00a0h à 24\u00a0h",
		"week 1-53/2 Tu 14:00-16:00":                       "mardi (semaines 1 et 3 sur 4) de 14\u00a0h à 16\u00a0h",
		`Mo 09:00-12:00; Tu 14:00-16:00 "sur rendez-vous"`: "lundi de 9\u00a0h à 12\u00a0h ; sur rendez-vous : mardi de 14\u00a0h à 16\u00a0h",
		`Mo-Fr 10:00-20:00 "RDV"`:                          "sur rendez-vous : lundi – vendredi de 10\u00a0h à 20\u00a0h",
		"closed":                                           "fermé toute la semaine",
	} {
		h, err := lieu.ParseHoraires(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if got := openingsText(&h); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	if got := openingsText(&lieu.Horaires{}); got != "horaires inconnus" {
		t.Errorf("unknown: %q", got)
	}
}
