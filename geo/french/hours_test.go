package french

import "testing"

func TestHoursInsteadOfOthers(t *testing.T) {
	tuesday, thursday := Hours{1, 9 * 60, 12*60 + 30, nil}, Hours{3, 14 * 60, 17*60 + 30, nil}
	for _, x := range []struct{ got, want string }{
		{tuesday.String(), "le mardi de 9 h à 12 h 30"},
		{Hours{5, 605, 660, []int{1, 3}}.String(), "le samedi de 10 h 05 à 11 h (semaines 1 et 3 sur 4)"},
		{Instead(tuesday, thursday), "ouvrir le mardi de 9 h à 12 h 30 plutôt que le jeudi de 14 h à 17 h 30"},
		{Instead(Hours{1, 480, 540, []int{2}}, Hours{1, 600, 660, []int{2}}), "ouvrir le mardi de 8 h à 9 h plutôt que de 10 h à 11 h (semaine 2 sur 4)"},
		{Brought(640, 1, 12.25), "+640 habitants couverts, +1 habitant qui trouve une aide ouverte et +12,3 heures par semaine × habitants"},
		{Brought(-1, -60, -0.5), "−1 habitant couvert, −60 habitants qui trouvent une aide ouverte et −0,5 heures par semaine × habitants"},
		{Brought(0, 0, 125276.25), "+125 276,3 heures par semaine × habitants"},
		{Brought(0, 0, 0), ""},
		{Supplied(1240, 3.5), "+1 240 habitants atteignent une demi-journée d'aide par semaine"},
		{Supplied(-1, 7), "−1 habitant atteint 7 h d'aide par semaine"},
	} {
		if got := plain(x.got); got != x.want {
			t.Errorf("%q, want %q", got, x.want)
		}
	}
}
