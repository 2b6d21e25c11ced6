package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/dataset"
	"github.com/aisne-numerique/maillage/geo/source/fetch"
)

type fetchCmd struct {
	Departement string   `placeholder:"CODE" help:"Code du département, comme 02."`
	Dir         string   `default:"data" type:"path" help:"Dossier où ranger les fichiers."`
	Catalogue   string   `env:"MAILLAGE_CATALOGUE" type:"existingfile" placeholder:"FICHIER" help:"Autre catalogue (JSON) que celui du programme."`
	Write       string   `name:"write-catalogue" type:"path" placeholder:"FICHIER" help:"Écrit le catalogue dans ce fichier, pour le changer, sans rien télécharger."`
	List        bool     `help:"Montre le catalogue sans rien télécharger."`
	Check       bool     `help:"Dit en une minute au plus quelles adresses répondent, avec la taille et la date, sans rien télécharger."`
	Only        []string `placeholder:"NOM" help:"Seulement ces jeux, par leur nom ; ceux qui ne sont pas téléchargés d'office le sont alors."`
	Import      bool     `help:"Importe aussitôt ce qui a été téléchargé dans le magasin (--store)."`
	Strict      bool     `help:"Échoue aussi quand un jeu facultatif manque."`
	JSON        bool     `name:"json" help:"Écrit le résultat en JSON."`
}

// Help is what is shown below the flags.
func (fetchCmd) Help() string {
	return `Exemples :
  maillage fetch --departement 80 --check                              quelles adresses répondent
  maillage fetch --departement 80 --dir data --import --store 80.gpkg  tout télécharger et importer
  maillage fetch --departement 80 --only lieux,france-services         ces deux jeux seulement
  maillage fetch --write-catalogue catalogue.json                      changer une adresse, puis --catalogue catalogue.json`
}

// fetchedJSON is one dataset as fetch reports it. URL, Path, Bytes, SHA256 and Fresh are of
// its first file; Files has them all.
type fetchedJSON struct {
	Name      string        `json:"name"`
	Kind      string        `json:"kind"`
	Title     string        `json:"title"`
	Optional  bool          `json:"optional"`
	URL       string        `json:"url,omitempty"`
	Path      string        `json:"path,omitempty"`
	Bytes     int64         `json:"bytes,omitempty"`
	SHA256    string        `json:"sha256,omitempty"`
	Fresh     bool          `json:"fresh"`
	Source    string        `json:"source"`
	Licence   string        `json:"licence"`
	Millesime string        `json:"millesime,omitempty"`
	Rhythm    string        `json:"rhythm"`
	Page      string        `json:"page,omitempty"`
	Addresses []addressJSON `json:"addresses,omitempty"` // all of them, in the order in which they are tried
	Files     []fileJSON    `json:"files,omitempty"`
	Import    string        `json:"import,omitempty"` // the command that imports it
	Imported  any           `json:"imported,omitempty"`
	Skipped   string        `json:"skipped,omitempty"` // why it was not asked for
	Without   string        `json:"without,omitempty"` // what is unknown or modelled without it
	Error     string        `json:"error,omitempty"`

	wanted  fetch.Wanted
	pattern bool // what is published has not the name that the catalogue says
	refused bool // by its import
}

type addressJSON struct {
	URL       string `json:"url"`
	Millesime string `json:"millesime,omitempty"`
	Verified  string `json:"verified,omitempty"`
}

type fileJSON struct {
	URL    string   `json:"url"`
	Path   string   `json:"path"`
	Bytes  int64    `json:"bytes"`
	SHA256 string   `json:"sha256"`
	Fresh  bool     `json:"fresh"`
	Date   string   `json:"date,omitempty"`
	Missed []string `json:"missed,omitempty"` // what was wrong with the addresses before
}

func (c *fetchCmd) Run(s *session) error {
	text, catalogue, err := c.catalogue()
	if err != nil {
		return err
	}
	if c.Write != "" {
		return c.write(s, text)
	}
	if c.Departement == "" {
		return usagef("fetch : --departement CODE, comme --departement 02")
	}
	if c.Check && c.Import {
		return usagef("--check et --import ensemble : attendu l'un des deux")
	}
	wanted, err := catalogue.For(c.Departement)
	if err != nil {
		return usageError{err}
	}
	rows, err := c.rows(wanted)
	if err != nil {
		return err
	}
	f := &fetch.Fetcher{Dir: c.Dir, Client: fetch.Client(catalogue, http.ProxyFromEnvironment)}
	switch {
	case c.List:
		return c.print(s, catalogue, rows)
	case c.Check:
		return c.check(s, catalogue, f, rows)
	}
	if err := c.download(s, f, rows); err != nil {
		return err
	}
	if c.Import {
		if err := c.importAll(s, rows); err != nil {
			return err
		}
	}
	if err := c.print(s, catalogue, rows); err != nil {
		return err
	}
	return c.verdict(rows)
}

// catalogue is the file of the catalogue, and what it says.
func (c *fetchCmd) catalogue() (text []byte, parsed *fetch.Catalogue, err error) {
	text = fetch.Text()
	if c.Catalogue != "" {
		if text, err = os.ReadFile(c.Catalogue); err != nil {
			return nil, nil, fmt.Errorf("catalogue : %w", err)
		}
	}
	parsed, err = fetch.Parse(text)
	return text, parsed, err
}

func (c *fetchCmd) write(s *session, text []byte) (err error) {
	if _, err := os.Stat(c.Write); err == nil {
		return fmt.Errorf("%s existe déjà ; donnez un autre nom, ou effacez-le", c.Write)
	}
	f, err := createFile(c.Write)
	if err != nil {
		return err
	}
	defer closing(f, &err)
	if _, err := f.Write(text); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.stdout, "catalogue écrit dans %s ; changez-le, puis : maillage fetch --catalogue %s\n", c.Write, quote(c.Write))
	return err
}

// rows are the datasets of a département, with why some are not to be asked for.
func (c *fetchCmd) rows(wanted []fetch.Wanted) ([]fetchedJSON, error) {
	for _, name := range c.Only {
		if !slices.ContainsFunc(wanted, func(w fetch.Wanted) bool { return w.Name == name }) {
			return nil, usagef("--only %s : pas de jeu de ce nom dans le catalogue (maillage fetch --list)", name)
		}
	}
	var all []fetchedJSON
	for _, w := range wanted {
		row := fetchedJSON{Name: w.Name, Kind: w.Kind, Title: w.Title, Optional: w.Optional, Source: w.Source, Licence: w.Licence,
			Rhythm: w.Rhythm, Page: w.Page, wanted: w}
		for _, t := range w.Targets {
			for _, a := range t.Addresses {
				row.Addresses = append(row.Addresses, addressJSON{a.At(), a.Millesime, a.Verified})
			}
		}
		named := slices.Contains(c.Only, w.Name)
		_, unknown := dataset.Parse(w.Kind)
		switch {
		case len(w.Targets) == 0:
			row.Skipped = "n'existe pas pour le département " + c.Departement
		case len(c.Only) > 0 && !named:
			row.Skipped = "pas demandé"
		case w.Manual != "" && !named:
			row.Skipped = w.Manual
		case unknown != nil && !named:
			row.Skipped = fmt.Sprintf("« %s » ne s'importe pas encore", w.Kind)
		}
		if len(row.Addresses) > 0 {
			row.URL = row.Addresses[0].URL
		}
		if row.Skipped == "" && unknown == nil {
			if _, err := parseImport(c.words(w, nil, "")); err != nil {
				return nil, fmt.Errorf("catalogue : jeu %q : import : %w", w.Name, err)
			}
		}
		all = append(all, row)
	}
	return all, nil
}

// download gets the files of every dataset that is asked for.
func (c *fetchCmd) download(s *session, f *fetch.Fetcher, rows []fetchedJSON) error {
	m := newMeter(s.stderr)
	defer m.done()
	f.Progress = func(name string, done, total int64) {
		// In kibibytes: a bar of bytes is all digits.
		m.show("téléchargement "+name, int(done>>10), int(max(total, 0)>>10))
	}
	for i := range rows {
		row := &rows[i]
		if row.Skipped != "" {
			continue
		}
		var paths []string
		for _, t := range row.wanted.Targets {
			r, err := f.Fetch(s.ctx, t)
			if s.ctx.Err() != nil {
				return s.ctx.Err()
			}
			if err != nil {
				var pattern *fetch.PatternError
				row.Error, row.pattern = err.Error(), errors.As(err, &pattern)
				break
			}
			row.Files = append(row.Files, fileJSON{r.Address.At(), r.Path, r.Bytes, r.SHA256, r.Fresh, r.Date, r.Missed})
			paths = append(paths, r.Path)
			if row.Millesime == "" {
				row.Millesime = millesime(*row, r)
			}
		}
		if row.Error != "" {
			row.Without = row.wanted.Without
			continue
		}
		first := row.Files[0]
		row.URL, row.Path, row.Bytes, row.SHA256, row.Fresh = first.URL, first.Path, first.Bytes, first.SHA256, first.Fresh
		if _, err := dataset.Parse(row.Kind); err == nil {
			row.Import = command(c.words(row.wanted, paths, row.Millesime))
		}
	}
	return nil
}

// millesime is the vintage that is passed to an import: that of the catalogue, else the day
// of the file, but for the kind whose layouts tell it themselves.
func millesime(row fetchedJSON, r *fetch.Result) string {
	if r.Address.Millesime != "" || row.Kind == "ifn" {
		return r.Address.Millesime
	}
	return r.Date
}

// verdict is the error of a fetch that lacks something.
func (c *fetchCmd) verdict(rows []fetchedJSON) error {
	var needed, optional, patterns, refused []string
	for _, row := range rows {
		switch {
		case row.Error == "":
		case row.pattern:
			patterns = append(patterns, row.Name)
		case row.refused:
			refused = append(refused, row.Name)
		case row.Optional:
			optional = append(optional, row.Name)
		default:
			needed = append(needed, row.Name)
		}
	}
	var all []string
	if len(needed) > 0 {
		all = append(all, fmt.Sprintf("manquent, et rien ne se calcule sans : %s ; relancez la même commande, elle reprend où elle s'est arrêtée", strings.Join(needed, ", ")))
	}
	if len(patterns) > 0 {
		all = append(all, fmt.Sprintf("ce qui est publié n'a plus le nom que dit le catalogue : %s ; corrigez-le (maillage fetch --write-catalogue, puis --catalogue)", strings.Join(patterns, ", ")))
	}
	if len(refused) > 0 {
		all = append(all, fmt.Sprintf("reçus, mais pas importés : %s", strings.Join(refused, ", ")))
	}
	if c.Strict && len(optional) > 0 {
		all = append(all, fmt.Sprintf("jeux facultatifs manqués (--strict) : %s", strings.Join(optional, ", ")))
	}
	if len(all) == 0 {
		return nil
	}
	return errors.New(strings.Join(all, " ; "))
}
