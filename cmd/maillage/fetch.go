package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/fetch"
)

type fetchCmd struct {
	Departement string `required:"" placeholder:"CODE" help:"Code du département, comme 02."`
	Dir         string `default:"data" type:"path" help:"Dossier où ranger les fichiers."`
	Catalogue   string `type:"existingfile" placeholder:"FICHIER" help:"Autre catalogue (JSON) que celui du programme."`
	Import      bool   `help:"Importe aussitôt ce qui a été téléchargé dans le magasin (--store)."`
	List        bool   `help:"Montre le catalogue sans rien télécharger."`
	JSON        bool   `name:"json" help:"Écrit le résultat en JSON."`
}

// fetchedJSON is one dataset as fetch reports it.
type fetchedJSON struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	URL     string `json:"url,omitempty"`
	Path    string `json:"path,omitempty"`
	Bytes   int64  `json:"bytes,omitempty"`
	SHA256  string `json:"sha256,omitempty"`
	Fresh   bool   `json:"fresh"`
	Licence string `json:"licence"`
	Rhythm  string `json:"rhythm"`
	Import  string `json:"import,omitempty"` // the command that imports it
	Error   string `json:"error,omitempty"`

	source string
}

func (c *fetchCmd) Run(s *session) error {
	catalogue, err := c.catalogue()
	if err != nil {
		return err
	}
	datasets, err := catalogue.For(c.Departement)
	if err != nil {
		return usageError{err}
	}
	m := newMeter(s.stderr)
	f := &fetch.Fetcher{Dir: c.Dir, Progress: func(name string, done, total int64) {
		// In kibibytes: a bar of bytes is all digits.
		m.show("téléchargement "+name, int(done>>10), int(max(total, 0)>>10))
	}}
	var all []fetchedJSON
	var failed []string
	for _, d := range datasets {
		row := fetchedJSON{Name: d.Name, Kind: d.Kind, URL: d.URL, Licence: d.Licence, Rhythm: d.Rhythm, Import: c.command(d), source: d.Source}
		if d.DataGouv != nil {
			row.URL = d.DataGouv.API
		}
		if !c.List {
			r, err := f.Fetch(s.ctx, d)
			if s.ctx.Err() != nil {
				m.done()
				return s.ctx.Err()
			}
			if err != nil {
				row.Error = err.Error()
				if !d.Optional {
					failed = append(failed, d.Name)
				}
			} else {
				row.Path, row.Bytes, row.SHA256, row.Fresh = r.Path, r.Bytes, r.SHA256, r.Fresh
			}
		}
		all = append(all, row)
	}
	m.done()
	if c.JSON {
		if err := writeJSON(s.stdout, map[string]any{"departement": c.Departement, "catalogue": catalogue.Version, "datasets": all}); err != nil {
			return err
		}
	} else {
		c.print(s, all)
	}
	if c.Import && !c.List {
		if err := c.importAll(s, all); err != nil {
			return err
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("téléchargements manqués : %s ; relancez la même commande, elle reprend où elle s'est arrêtée", strings.Join(failed, ", "))
	}
	return nil
}

func (c *fetchCmd) catalogue() (*fetch.Catalogue, error) {
	if c.Catalogue == "" {
		return fetch.Embedded()
	}
	data, err := os.ReadFile(c.Catalogue)
	if err != nil {
		return nil, fmt.Errorf("catalogue : %w", err)
	}
	return fetch.Parse(data)
}

// importAll runs the printed imports, in order. It stops at the first that fails;
// each is all or nothing.
func (c *fetchCmd) importAll(s *session, all []fetchedJSON) error {
	for _, row := range all {
		if row.Path == "" {
			continue
		}
		one := importCmd{Kind: row.Kind, Files: []string{row.Path}, Dataset: row.Name, Source: row.source, Licence: row.Licence,
			Reject: source.DefaultMaxRejectShare, JSON: c.JSON}
		if err := one.Run(s); err != nil {
			return err
		}
	}
	return nil
}

// command is the import of a dataset, ready to paste in a shell.
func (c *fetchCmd) command(d fetch.Dataset) string {
	words := []string{"maillage", "import", d.Kind, filepath.Join(c.Dir, d.File()), "--dataset", d.Name, "--source", d.Source, "--licence", d.Licence}
	words = append(words, d.Import...)
	for i, w := range words {
		words[i] = quote(w)
	}
	return strings.Join(words, " ")
}

// quote protects a word from a POSIX shell.
func quote(w string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,"
	if w != "" && strings.Trim(w, plain) == "" {
		return w
	}
	return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
}

func (c *fetchCmd) print(s *session, all []fetchedJSON) {
	for _, row := range all {
		switch {
		case row.Error != "":
			fmt.Fprintf(s.stdout, "manqué   %-16s %s\n", row.Name, row.Error)
		case c.List:
			fmt.Fprintf(s.stdout, "%-16s %s (%s, %s)\n", row.Name, row.URL, row.Licence, row.Rhythm)
		case row.Fresh:
			fmt.Fprintf(s.stdout, "reçu     %-16s %s, %d octets, SHA-256 %s\n", row.Name, row.Path, row.Bytes, row.SHA256)
		default:
			fmt.Fprintf(s.stdout, "inchangé %-16s %s\n", row.Name, row.Path)
		}
	}
	if c.List || c.Import {
		return
	}
	fmt.Fprintln(s.stdout, "\nPour les importer :")
	for _, row := range all {
		if row.Error == "" {
			fmt.Fprintln(s.stdout, " ", row.Import)
		}
	}
	fmt.Fprintln(s.stdout, "  maillage compute --departement", c.Departement)
}
