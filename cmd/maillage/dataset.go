package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/store"
)

type datasetCmd struct {
	List   datasetListCmd   `cmd:"" default:"withargs" help:"Liste les jeux de données du magasin."`
	Remove datasetRemoveCmd `cmd:"" help:"Retire un jeu de données, et rien d'autre. Exemple : maillage dataset remove lieux:france-services"`
}

type datasetListCmd struct {
	JSON bool `name:"json" help:"Écrit la liste en JSON."`
}

// datasetJSON is a dataset of the store.
type datasetJSON struct {
	Kind      store.Kind `json:"kind"`
	Dataset   string     `json:"dataset"`
	Source    string     `json:"source"`
	Licence   string     `json:"licence"`
	Millesime string     `json:"millesime"`
	Rows      int        `json:"rows"`
	Imported  string     `json:"imported"`
}

func newDatasetJSON(h store.Held) datasetJSON {
	return datasetJSON{h.Kind, h.Dataset, h.Source, h.Licence, h.Vintage, h.Rows, h.Imported}
}

func (c *datasetListCmd) Run(s *session) (err error) {
	st, err := openStore(s.ctx, s.store(), false)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	held, err := st.Held(s.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		all := []datasetJSON{}
		for _, h := range held {
			all = append(all, newDatasetJSON(h))
		}
		return writeJSON(s.stdout, all)
	}
	if len(held) == 0 {
		_, err := fmt.Fprintln(s.stdout, "aucun jeu de données")
		return err
	}
	t := newTable("nature", "jeu", "lignes", "millésime", "importé le (UTC)", "source", "licence")
	for _, h := range held {
		t.add(string(h.Kind), h.Dataset, strconv.Itoa(h.Rows), h.Vintage, h.Imported, h.Source, h.Licence)
	}
	return t.write(s.stdout)
}

type datasetRemoveCmd struct {
	Name string `arg:"" name:"nom" help:"Nom du jeu, ou NATURE:NOM quand deux natures ont un jeu de ce nom."`
	JSON bool   `name:"json" help:"Écrit en JSON le jeu retiré."`
}

func (c *datasetRemoveCmd) Run(s *session) (err error) {
	st, err := openStore(s.ctx, s.store(), false)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	held, err := st.Held(s.ctx)
	if err != nil {
		return err
	}
	h, err := findDataset(held, c.Name)
	if err != nil {
		return err
	}
	if err := st.Remove(s.ctx, h.Kind, h.Dataset); errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("jeu « %s » : un autre programme vient de le retirer", h.Dataset)
	} else if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(s.stdout, newDatasetJSON(h))
	}
	_, err = fmt.Fprintf(s.stdout, "jeu « %s » retiré (%s, %s, importé le %s) ; l'édition servie reste, recalculez : maillage compute\n", h.Dataset, h.Kind, h.Kind.Of().Number(h.Rows), h.Imported)
	return err
}

// findDataset finds a dataset by its name, or by KIND:NAME.
func findDataset(held []store.Held, name string) (store.Held, error) {
	var found, whole []store.Held
	var list []string
	for _, h := range held {
		if h.Dataset == name {
			found = append(found, h)
		}
		if string(h.Kind)+":"+h.Dataset == name {
			whole = append(whole, h)
		}
		list = append(list, edition.DatasetRef(h.Kind, h.Dataset))
	}
	if len(found) == 0 {
		found = whole
	}
	switch {
	case len(held) == 0:
		return store.Held{}, fmt.Errorf("jeu %q : le magasin n'en contient aucun", name)
	case len(found) == 0:
		return store.Held{}, fmt.Errorf("jeu %q : il n'existe pas. Le magasin contient : %s", name, strings.Join(list, ", "))
	case len(found) > 1:
		refs := []string{}
		for _, h := range found {
			refs = append(refs, string(h.Kind)+":"+h.Dataset)
		}
		return store.Held{}, usagef("jeu %q : plusieurs natures ont un jeu de ce nom ; attendu l'un de %s", name, strings.Join(refs, ", "))
	}
	return found[0], nil
}
