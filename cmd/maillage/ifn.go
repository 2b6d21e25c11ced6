package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/ifn"
)

type ifnCmd struct {
	Method  string `default:"percentile" help:"Méthode : percentile, minmax, rank ou ratio."`
	Weights string `type:"existingfile" placeholder:"FICHIER" help:"Poids des variables et des sous-indices (JSON)."`
	Level   string `default:"epci" help:"Niveau des lignes : commune, epci ou secteur."`
	Edition string `placeholder:"ID" help:"Édition à lire (début de l'identifiant) ; par défaut la plus récente."`
	JSON    bool   `name:"json" help:"Écrit le résultat en JSON."`
}

func (c *ifnCmd) Run(s *session) (err error) {
	level, err := admin.ParseType(c.Level)
	if err != nil {
		return usagef("--level %q : attendu %s", c.Level, levels)
	}
	o := edition.IFNOptions(level)
	if o.Method, err = ifn.ParseMethod(c.Method); err != nil {
		return usagef("--method %q : attendu percentile, minmax, rank ou ratio", c.Method)
	}
	if c.Weights != "" {
		data, err := os.ReadFile(c.Weights)
		if err != nil {
			return fmt.Errorf("poids : %w", err)
		}
		if o.Weights, err = ifn.ParseWeights(data); err != nil {
			return fmt.Errorf("poids : %s : %w", c.Weights, err)
		}
	}
	structure, err := ifn.Builtin(ifn.HDF2021)
	if err != nil {
		return err
	}
	st, err := openStore(s.ctx, s.store(), false)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	e, _, err := loadEdition(s.ctx, st, c.Edition)
	if err != nil {
		return err
	}
	result, err := e.IndexReport(level, structure, o)
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(s.stdout, result)
	}
	t := newTable("rang", "intervalle", "code", "nom", "indice", "aménagement", "publics", "complétude")
	for i := range result.Rows {
		row := &result.Rows[i]
		rank, interval := unknownText, unknownText
		if row.Rank > 0 {
			rank = strconv.Itoa(row.Rank)
			interval = fmt.Sprintf("%d à %d", row.RankLow, row.RankHigh)
		}
		t.add(rank, interval, row.Code, row.Nom, score(row.Score), score(row.Amenagement()), score(row.Publics()), decimal(100*row.Completeness, 0)+" %")
	}
	if err := t.write(s.stdout); err != nil {
		return err
	}
	fmt.Fprintf(s.stdout, "\nscores de 0 à 10 (10 = le plus fragile), méthode %s, édition %s\n", result.Method, e.ID)
	for _, src := range result.Sources {
		switch {
		case !src.Fed:
			fmt.Fprintf(s.stdout, "inconnu : %s\n", src.Nom)
		case src.Proxy != "":
			fmt.Fprintf(s.stdout, "approché : %s par %s (%s %s)\n", src.Nom, src.Proxy, src.Source, src.Vintage)
		}
	}
	return nil
}

func score(v ifn.Value) string {
	if !v.Known {
		return unknownText
	}
	return decimal(v.V, 1)
}
