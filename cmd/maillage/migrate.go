package main

import (
	"fmt"

	"github.com/aisne-numerique/maillage/geo/store/postgis"
	"github.com/aisne-numerique/maillage/geo/store/postgis/jobs"
)

type migrateCmd struct {
	JSON bool `name:"json" help:"Écrit le résultat en JSON."`
}

// Run opens the store as any command does, which is what brings it up to date: the
// command is for the role that may, where others may not.
func (c *migrateCmd) Run(s *session) (err error) {
	st, err := openStore(s.ctx, s.store(), true)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	if db, ok := st.(*postgis.Store); ok {
		q, err := jobs.Open(s.ctx, db, quiet)
		if err != nil {
			return err
		}
		q.Close()
	}
	if c.JSON {
		return writeJSON(s.stdout, map[string]any{"store": shown(s.store()), "current": true})
	}
	_, err = fmt.Fprintf(s.stdout, "magasin %s : structure à jour\n", shown(s.store()))
	return err
}
