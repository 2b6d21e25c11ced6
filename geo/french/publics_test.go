package french

import (
	"testing"

	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/publics"
)

func TestAboutIsNoMorePreciseThanKnown(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 1: "moins de 10", 9_499: "moins de 10", 9_500: "environ 10", 124_999: "environ 120", 125_000: "environ 130",
		999_499: "environ 1 000", 1_240_000: "environ 1 200", 56_789_000: "environ 56 800", 123_456_000: "environ 123 000"} {
		if got := plain(About(n)); got != want {
			t.Errorf("About(%d) = %q, want %q", n, got, want)
		}
	}
}

// plain has ordinary spaces.
func plain(s string) string {
	out := []rune(s)
	for i, r := range out {
		if r == '\u00a0' || r == '\u202f' {
			out[i] = ' '
		}
	}
	return string(out)
}

func TestWhoSaysWhatIsUnknown(t *testing.T) {
	columns := &publics.Columns{}
	columns[publics.Carless] = publics.Column{Known: true, Nom: "ménages sans voiture", Estimate: true, Source: "INSEE", Vintage: "2022"}
	columns[publics.Aged80] = publics.Column{Known: true, Nom: "personnes de 80 ans et plus", Source: "carreaux", Vintage: "2021"}
	f := &publics.Figures{Columns: columns}
	f.Sum.People = 1240
	f.Sum.Amount[coverage.Blanche][publics.Carless] = 118_000
	f.Sum.Unknown[publics.Carless] = 40
	f.Sum.Amount[coverage.Couverte][publics.Aged80], f.Sum.Imputed[publics.Aged80] = 50_000, 25_000
	if got, want := plain(Who(f)), "environ 120 ménages sans voiture (inconnu pour 40 habitants) et environ 50 personnes de 80 ans et plus"; got != want {
		t.Errorf("Who = %q, want %q", got, want)
	}
	rows := PublicRows(f, []coverage.Class{coverage.Blanche})
	if len(rows) != 2 || plain(rows[0].Note) != "INSEE, 2022 ; estimation : part de la commune ; inconnu pour 40 habitants" || plain(rows[0].Classes[0]) != "environ 120" ||
		plain(rows[1].Note) != "carreaux, 2021 ; 50 % sur des carreaux imputés par l'INSEE" || rows[1].Classes[0] != "0" {
		t.Errorf("rows: %+v", rows)
	}
	if got := Who(nil); got != "" {
		t.Errorf("nothing known: %q", got)
	}
}
