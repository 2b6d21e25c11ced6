package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/aisne-numerique/maillage/api"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/store"
)

// listenFlags are the options of the commands that serve.
type listenFlags struct {
	Addr     string `default:"127.0.0.1:8080" env:"MAILLAGE_ADDR" help:"Adresse d'écoute."`
	Basemap  string `env:"MAILLAGE_BASEMAP" placeholder:"URL" help:"Fond de carte ({z}/{x}/{y}) ; aucun par défaut."`
	BasePath string `env:"MAILLAGE_BASE_PATH" placeholder:"CHEMIN" help:"Chemin sous lequel tout est servi, comme /carte."`
}

type serveCmd struct{ listenFlags }

// server is a server of the editions of a store.
func (f *listenFlags) server(s *session, st store.Editions) *api.Server {
	return api.New(api.Options{Logger: s.log, Basemap: f.Basemap, BasePath: f.BasePath, Version: edition.Program,
		History: func() []api.EditionInfo {
			all, err := st.Editions(s.ctx)
			if err != nil {
				s.log.Warn("lecture du magasin", "erreur", err)
			}
			out := make([]api.EditionInfo, len(all))
			for i, e := range all {
				out[i] = api.EditionInfo{ID: e.ID, Created: e.Created}
			}
			return out
		}})
}

// poll is how often a server looks for a newer edition in its store.
const poll = 5 * time.Second

func (c *serveCmd) Run(s *session) (err error) {
	st, err := openStore(s.ctx, s.store(), false)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	e, info, err := loadEdition(s.ctx, st, "")
	if err != nil {
		return err
	}
	server := c.server(s, st)
	if err := server.Publish(e); err != nil {
		return err
	}
	follow, stop := context.WithCancel(s.ctx)
	defer stop()
	go c.follow(follow, s, st, server, info)
	return listen(s, server, c.Addr, e)
}

// follow publishes every newer edition of the store. A store that cannot be read
// for a while is no reason to stop serving.
func (c *serveCmd) follow(ctx context.Context, s *session, st store.Editions, server *api.Server, current store.EditionInfo) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(poll):
		}
		all, err := st.Editions(ctx)
		if err != nil || len(all) == 0 || all[0] == current {
			if err != nil && ctx.Err() == nil {
				s.log.Warn("lecture du magasin", "erreur", err)
			}
			continue
		}
		e, info, err := loadEdition(ctx, st, all[0].ID)
		if err == nil {
			err = server.Publish(e)
		}
		if err != nil {
			s.log.Error("nouvelle édition refusée, l'ancienne reste servie", "edition", all[0].ID, "erreur", err)
		} else {
			s.log.Info("nouvelle édition", "edition", e.ID)
		}
		current = info
	}
}

// listen serves until the context ends.
func listen(s *session, server *api.Server, addr string, e *edition.Edition) error {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("écoute sur %s : %w ; choisissez une autre adresse avec --addr", addr, err)
	}
	fmt.Fprintf(s.stderr, "maillage sert l'édition %s sur http://%s/ (Ctrl-C pour arrêter)\n", e.ID, ln.Addr())
	return server.Serve(s.ctx, ln)
}
