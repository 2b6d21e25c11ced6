package main

import (
	"fmt"
	"io"

	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/export"
	"github.com/aisne-numerique/maillage/geo/french"
)

// publicsTable lists the people and households by public of every row of which something is
// known.
func publicsTable(w io.Writer, r *edition.GapReport) error {
	t := newTable("code", "nom", "public", "en tout", "en zone blanche", "source")
	rows := 0
	for _, row := range export.ByRank(r) {
		for _, public := range french.PublicRows(row.Publics, []coverage.Class{coverage.Blanche}) {
			t.add(row.Code, row.Nom, public.Nom, public.Total, public.Classes[0], public.Note)
			rows++
		}
	}
	if rows == 0 {
		_, err := fmt.Fprintln(w, "\nAucun public n'est connu : importez les carreaux de l'INSEE (maillage import population) ou des statistiques de communes (maillage import ifn)")
		return err
	}
	if _, err := fmt.Fprintln(w, "\nQui vit là : personnes et ménages par public, arrondis ; comptés là où ils sont publiés, même quand l'indice, qui compare, ne les emploie pas"); err != nil {
		return err
	}
	return t.write(w)
}
