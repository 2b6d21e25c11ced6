package main

import (
	"context"
	"fmt"
	"net"
	"sync"
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

// poll is how often a server looks for a newer edition in its store.
const poll = 5 * time.Second

func (c *serveCmd) Run(s *session) (err error) {
	st, err := openStore(s.ctx, s.store(), false)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	e, _, err := loadEdition(s.ctx, st, "")
	if err != nil {
		return err
	}
	return c.serve(s, st, e)
}

// serve serves an edition of a store, and those that follow it, until the context ends.
func (f *listenFlags) serve(s *session, st opened, e *edition.Edition) error {
	desk, close := newDesk(s, st)
	defer close()
	server := api.New(api.Options{Logger: s.log, Basemap: f.Basemap, BasePath: f.BasePath, Version: edition.Program, Desk: desk})
	if err := server.Publish(e); err != nil {
		return err
	}
	following, stop := context.WithCancel(s.ctx)
	var done sync.WaitGroup
	done.Go(func() { follow(following, s, st, server, e.ID) })
	defer done.Wait()
	defer stop()
	ln, err := net.Listen("tcp", f.Addr)
	if err != nil {
		return fmt.Errorf("écoute sur %s : %w ; choisissez une autre adresse avec --addr", f.Addr, err)
	}
	fmt.Fprintf(s.stderr, "maillage sert l'édition %s sur http://%s/ (Ctrl-C pour arrêter)\n", e.ID, ln.Addr())
	return server.Serve(s.ctx, ln)
}

// teller is a store that tells of new editions: a database that several programs share.
type teller interface {
	Listen(ctx context.Context, lost func(error)) <-chan struct{}
}

// follow publishes every newer edition of the store, and keeps what the server knows of
// it up to date. A store that cannot be read for a while is no reason to stop serving.
func follow(ctx context.Context, s *session, st store.Store, server *api.Server, served string) {
	var told <-chan struct{}
	if t, ok := st.(teller); ok {
		told = t.Listen(ctx, func(err error) { s.log.Warn("écoute du magasin", "erreur", explain(err)) })
	}
	for ; ctx.Err() == nil; wait(ctx, poll, told) {
		if err := server.Refresh(ctx); err != nil {
			if ctx.Err() == nil {
				s.log.Warn("lecture du magasin", "erreur", err)
			}
			continue
		}
		all, err := st.Editions(ctx)
		if err != nil || len(all) == 0 || all[0].ID == served {
			continue // an error comes again in Refresh
		}
		data, err := st.Edition(ctx, all[0].ID)
		if err != nil {
			continue // it comes again
		}
		served = all[0].ID // one that is refused below is not tried again
		e, err := edition.Decode(data)
		if err == nil {
			err = server.Publish(e)
		}
		if err != nil {
			s.log.Error("nouvelle édition refusée, l'ancienne reste servie", "edition", served, "erreur", err)
			continue
		}
		s.log.Info("nouvelle édition", "edition", e.ID)
	}
}

// wait waits for a time, for news, or for ctx to end.
func wait(ctx context.Context, d time.Duration, news <-chan struct{}) {
	select {
	case <-ctx.Done():
	case <-news:
	case <-time.After(d):
	}
}
