package main

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"
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
func (f *listenFlags) server(s *session, h *history) *api.Server {
	return api.New(api.Options{Logger: s.log, Basemap: f.Basemap, BasePath: f.BasePath, Version: edition.Program, History: h.list})
}

// history is the editions of a store as they were last read: requests do not wait for
// a database that may be down.
type history struct {
	last atomic.Pointer[[]api.EditionInfo]
}

func (h *history) read(ctx context.Context, st store.Editions) ([]store.EditionInfo, error) {
	all, err := st.Editions(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]api.EditionInfo, len(all))
	for i, e := range all {
		list[i] = api.EditionInfo{ID: e.ID, Created: e.Created}
	}
	h.last.Store(&list)
	return all, nil
}

func (h *history) list() []api.EditionInfo {
	if list := h.last.Load(); list != nil {
		return *list
	}
	return nil
}

// poll is how often a server looks for a newer edition in its store, and pollHeard in
// one that also tells of them.
const (
	poll      = 5 * time.Second
	pollHeard = time.Minute
)

// teller is a store that tells of new editions: a database that several programs share.
type teller interface {
	Listen(ctx context.Context, lost func(error)) <-chan struct{}
}

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
	var h history
	if _, err := h.read(s.ctx, st); err != nil {
		return err
	}
	server := c.server(s, &h)
	if err := server.Publish(e); err != nil {
		return err
	}
	follow, stop := context.WithCancel(s.ctx)
	defer stop()
	go c.follow(follow, s, st, &h, server, info)
	return listen(s, server, c.Addr, e)
}

// follow publishes every newer edition of the store. A store that cannot be read
// for a while is no reason to stop serving.
func (c *serveCmd) follow(ctx context.Context, s *session, st store.Editions, h *history, server *api.Server, current store.EditionInfo) {
	every, told := poll, (<-chan struct{})(nil)
	if t, ok := st.(teller); ok {
		every, told = pollHeard, t.Listen(ctx, func(err error) { s.log.Warn("écoute du magasin", "erreur", err) })
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-told:
		case <-time.After(every):
		}
		all, err := h.read(ctx, st)
		if err == nil && (len(all) == 0 || all[0] == current) {
			continue
		}
		var data []byte
		if err == nil {
			data, err = st.Edition(ctx, all[0].ID)
		}
		if err != nil { // to be tried again
			if ctx.Err() == nil {
				s.log.Warn("lecture du magasin", "erreur", err)
			}
			continue
		}
		current = all[0]
		e, err := edition.Decode(data)
		if err == nil {
			err = server.Publish(e)
		}
		if err != nil {
			s.log.Error("nouvelle édition refusée, l'ancienne reste servie", "edition", current.ID, "erreur", err)
		} else {
			s.log.Info("nouvelle édition", "edition", e.ID)
		}
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
