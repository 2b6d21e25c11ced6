package lieux

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// caseFile is a file of cases kept beside the repository on some machines.
func caseFile(t *testing.T, name string) source.Input {
	t.Helper()
	for up := ".."; len(up) < 20; up = filepath.Join(up, "..") {
		path := filepath.Join(up, "shared", "cases", "files", name)
		if _, err := os.Stat(path); err == nil {
			return source.FromPath(path)
		}
	}
	t.Skip("the files of cases are not there")
	return source.Input{}
}

// Files as offices sent them, with what is right of them.
func TestCases(t *testing.T) {
	every := func(holds func(lieu.Lieu) bool) func([]lieu.Lieu) bool {
		return func(all []lieu.Lieu) bool {
			for _, l := range all {
				if !holds(l) {
					return false
				}
			}
			return len(all) > 0
		}
	}
	sound := func(l lieu.Lieu) bool {
		return l.Located && l.Services.Len() == 3 && !l.AccueilInconnu && !l.NoPublic && strings.HasPrefix(l.Nom, "Médiathèque")
	}
	for _, tt := range []struct {
		files string
		holds func([]lieu.Lieu) bool
		told  string // in the report, or in the error when nothing holds
	}{
		{"a01-excel-fr-cp1252-virgule.csv", every(sound), "virgule décimale lue dans"},
		{"a03-macroman.csv", every(sound), "Mac"},
		{"a04-sep.csv", every(sound), ""},
		{"a08-zeros-perdus.csv", every(func(l lieu.Lieu) bool { return sound(l) && len(l.Commune) == 5 && len(l.CodePostal) == 5 }), "zéro initial rétabli"},
		{"a10-dates-fr.csv", every(func(l lieu.Lieu) bool { return sound(l) && l.MisAJour.Year() == 2024 && l.MisAJour.Month() == 5 }), "jour/mois/année"},
		{"a17b-geopoint.csv", every(sound), "latitude puis longitude"},
		{"a17e-excel-sans-point.csv", nil, "un tableur a retiré le point décimal"},
		{"a18c-reunion-ok.csv", every(sound), ""},
		{"h01-structures-v0.json h01-services-v0.json", every(func(l lieu.Lieu) bool { return l.Located && l.Services == lieu.Services(0).With(lieu.Outils) }), ""},
		{"h01-services-v0.json h01-structures-v0.json", every(func(l lieu.Lieu) bool { return l.Located && l.Services == lieu.Services(0).With(lieu.Outils) }), ""},
	} {
		t.Run(tt.files, func(t *testing.T) {
			var in []source.Input
			for _, name := range strings.Fields(tt.files) {
				in = append(in, caseFile(t, name))
			}
			imp, err := Lieux(t.Context(), in, source.Options{})
			if tt.holds == nil {
				if told := sourcetest.Transcript(t, imp, err); imp.Report.Accepted > 0 || !strings.Contains(told, tt.told) {
					t.Errorf("told %s", told)
				}
				return
			}
			all := sourcetest.Rows(t, imp, err)
			told := ""
			for _, w := range append(imp.Report.Rejected, imp.Report.Warnings...) {
				told += w.String() + "\n"
			}
			if !tt.holds(all) || !strings.Contains(told, tt.told) || len(imp.Report.Rejected) > 0 {
				t.Errorf("%+v\ntold %s", all, told)
			}
		})
	}
}
