package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aisne-numerique/maillage/fixtures"
	"github.com/aisne-numerique/maillage/geo/dataset"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/store"
)

type demoCmd struct {
	listenFlags
	NoServe    bool `help:"Charge et calcule, sans servir la carte."`
	Resolution int  `default:"9" help:"Résolution H3 de la grille (5 à 10) : plus petite, tout va plus vite et se voit moins finement."`
	JSON       bool `name:"json" help:"Écrit le résumé du calcul en JSON."`
}

func (c *demoCmd) Run(s *session) (err error) {
	p := edition.DefaultParams()
	p.Resolution = c.Resolution
	if p.Check() != nil {
		return usagef("--resolution %d : attendu %d à %d", p.Resolution, grid.MinResolution, grid.MaxResolution)
	}
	path := s.given // without --store: a temporary file, removed at the end
	if path == "" {
		dir, err := os.MkdirTemp("", "maillage-demo-")
		if err != nil {
			return fmt.Errorf("dossier temporaire : %w", err)
		}
		defer os.RemoveAll(dir)
		path = filepath.Join(dir, "aisne.gpkg")
	}
	st, err := openStore(s.ctx, path, true)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	if err := onlyFixtures(s.ctx, st); err != nil {
		return err
	}
	m := newMeter(s.stderr)
	if err := loadFixtures(s, st, m); err != nil {
		return err
	}
	sum, e, err := compute(s.ctx, st, p, m)
	if err != nil {
		return err
	}
	if err := keep(s.ctx, st, e, sum, 0); err != nil {
		return err
	}
	m.done()
	if c.JSON {
		if err := writeJSON(s.stdout, sum); err != nil {
			return err
		}
	} else {
		sum.print(s)
	}
	if c.NoServe {
		return nil
	}
	return c.serve(s, st, e, nil)
}

// loadFixtures imports the demonstration territory through the same readers as
// any published file.
func loadFixtures(s *session, st store.Importer, m *meter) error {
	files, manifest, err := fixtures.Aisne()
	if err != nil {
		return err
	}
	for _, entry := range manifest {
		kind, err := dataset.Parse(entry.Kind)
		if err != nil {
			return err
		}
		report, err := kind.Load(s.ctx, st, []source.Input{source.FromFS(files, entry.File)}, source.Options{Dataset: entry.Dataset,
			Source: entry.Source, Licence: entry.Licence, Vintage: entry.Vintage, Modelled: entry.Modelled, Note: entry.Note}, rowsOf(kind, m.show))
		if err != nil {
			return err
		}
		if len(report.Rejected) > 0 {
			return fmt.Errorf("données de démonstration : %s", report.Rejected[0])
		}
	}
	return nil
}

// onlyFixtures refuses a store that holds anything but the demonstration: mixing
// the two would spoil both.
func onlyFixtures(ctx context.Context, st store.Inputs) error {
	_, manifest, err := fixtures.Aisne()
	if err != nil {
		return err
	}
	ours := map[string]bool{}
	for _, entry := range manifest {
		ours[entry.Kind+" "+entry.Dataset] = true
	}
	held, err := st.Manifests(ctx)
	if err != nil {
		return err
	}
	for _, h := range held {
		if !ours[string(h.Kind)+" "+h.Dataset] {
			return fmt.Errorf("ce magasin contient d'autres données (%s « %s ») : donnez à la démonstration un fichier à elle, ou aucun", h.Kind, h.Dataset)
		}
	}
	return nil
}
