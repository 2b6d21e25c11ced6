package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source/fetch"
)

// print tells what the catalogue has, or what became of it.
func (c *fetchCmd) print(s *session, catalogue *fetch.Catalogue, rows []fetchedJSON) error {
	if c.JSON {
		return writeJSON(s.stdout, map[string]any{"departement": c.Departement, "catalogue": catalogue.Version, "datasets": rows})
	}
	if c.List {
		printCatalogue(s.stdout, catalogue, rows)
		return nil
	}
	for _, row := range rows {
		for _, f := range row.Files {
			for _, missed := range f.Missed {
				fmt.Fprintf(s.stdout, "autre    %-16s première adresse en échec : %s\n", row.Name, missed)
			}
			if f.Fresh {
				fmt.Fprintf(s.stdout, "reçu     %-16s %s, %d octets, SHA-256 %s\n", row.Name, f.Path, f.Bytes, f.SHA256)
			} else {
				fmt.Fprintf(s.stdout, "inchangé %-16s %s\n", row.Name, f.Path)
			}
		}
		if row.Error != "" {
			fmt.Fprintf(s.stdout, "manqué   %-16s %s\n", row.Name, row.Error)
		}
	}
	c.printSkipped(s.stdout, rows)
	if !c.Import {
		fmt.Fprintln(s.stdout, "\nPour les importer :")
		for _, row := range rows {
			if row.Import != "" {
				fmt.Fprintln(s.stdout, " ", row.Import)
			}
		}
		fmt.Fprintln(s.stdout, "  maillage compute --departement", c.Departement)
	}
	return nil
}

// printSkipped tells what was left, and what is then unknown or modelled.
func (c *fetchCmd) printSkipped(w io.Writer, rows []fetchedJSON) {
	for _, row := range rows {
		if row.Skipped != "" && len(c.Only) == 0 {
			fmt.Fprintf(w, "laissé   %-16s %s\n", row.Name, row.Skipped)
		}
	}
	for _, row := range rows {
		if row.Error != "" && row.Optional {
			without(w, row)
		}
	}
}

// without says what is unknown or modelled when a dataset lacks.
func without(w io.Writer, row fetchedJSON) {
	what := row.wanted.Without
	if what == "" {
		what = "ce que ce jeu facultatif dit reste inconnu"
	}
	fmt.Fprintf(w, "sans %s : %s\n", row.Name, what)
}

// printCatalogue prints the catalogue.
func printCatalogue(w io.Writer, catalogue *fetch.Catalogue, rows []fetchedJSON) {
	fmt.Fprintf(w, "catalogue du %s\n", catalogue.Version)
	for _, row := range rows {
		need := "nécessaire"
		if row.Optional {
			need = "facultatif"
		}
		fmt.Fprintf(w, "\n%s : %s (%s, %s, %s ; import %s)\n", row.Name, row.Title, need, row.Licence, row.Rhythm, row.Kind)
		for i, a := range row.Addresses {
			note := ""
			if a.Millesime != "" {
				note = ", " + a.Millesime
			}
			if a.Verified != "" {
				note += " (" + a.Verified + ")"
			}
			fmt.Fprintf(w, "  %d. %s%s\n", i+1, a.URL, note)
		}
		if row.Skipped != "" {
			fmt.Fprintf(w, "  pas téléchargé d'office : %s\n", row.Skipped)
		}
		if row.wanted.Without != "" {
			fmt.Fprintf(w, "  sans lui : %s\n", row.wanted.Without)
		}
	}
}

// command is words as they are pasted in a shell.
func command(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = quote(w)
	}
	return "maillage " + strings.Join(quoted, " ")
}

// quote protects a word from a POSIX shell.
func quote(w string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,"
	if w != "" && strings.Trim(w, plain) == "" {
		return w
	}
	return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
}
