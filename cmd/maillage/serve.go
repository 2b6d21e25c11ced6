package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"github.com/aisne-numerique/maillage/api"
	"github.com/aisne-numerique/maillage/api/client"
	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/gpkg"
	"github.com/aisne-numerique/maillage/geo/store/postgis"
	"github.com/aisne-numerique/maillage/tiles/pmtiles"
)

// listenFlags are the options of the commands that serve.
type listenFlags struct {
	Addr       string   `default:"127.0.0.1:8080" env:"MAILLAGE_ADDR" help:"Adresse d'écoute."`
	Basemap    string   `env:"MAILLAGE_BASEMAP" placeholder:"URL" help:"Fond de carte ({z}/{x}/{y}) ; aucun par défaut."`
	EmbedHosts []string `env:"MAILLAGE_EMBED_HOSTS" placeholder:"HÔTE" help:"Sites qui peuvent montrer les cartes à intégrer sans intégration enregistrée : noms exacts, séparés par des virgules ; aucun par défaut."`
	BasePath   string   `env:"MAILLAGE_BASE_PATH" placeholder:"CHEMIN" help:"Chemin sous lequel tout est servi, comme /carte."`
	PMTiles    []string `name:"pmtiles" type:"path" placeholder:"FICHIER" help:"Archive de tuiles à servir aussi, sous /pmtiles/NOM/z/x/y.mvt ; l'option se répète."`
	Warm       bool     `env:"MAILLAGE_WARM" help:"Fait les tuiles d'avance, dès qu'une édition est servie."`
}

// Validate refuses hosts before an edition is computed or read for them.
func (f *listenFlags) Validate() error {
	if _, err := desk.ParseHosts(f.EmbedHosts); err != nil {
		return fmt.Errorf("--embed-hosts : %w", err)
	}
	return nil
}

type serveCmd struct {
	listenFlags
	PublicURL  string   `name:"public-url" env:"MAILLAGE_PUBLIC_URL" placeholder:"URL" help:"Adresse sous laquelle les gens voient le service, comme https://carte.exemple.fr/carte : celle de tous les liens ; par défaut, celle de chaque demande."`
	TrustProxy []string `env:"MAILLAGE_TRUST_PROXY" placeholder:"CIDR" help:"Adresses des proxies dont les en-têtes Forwarded et X-Forwarded-* sont crus, comme 10.0.0.0/8 ; l'option se répète ; aucune par défaut."`
}

// Validate refuses addresses before an edition is read for them.
func (c *serveCmd) Validate() error {
	if _, err := c.door(); err != nil {
		return err
	}
	return c.listenFlags.Validate()
}

// door is who is believed, and under which address people see the service.
func (c *serveCmd) door() (*client.Door, error) {
	d, err := client.NewDoor(c.PublicURL, c.TrustProxy)
	if err != nil {
		return nil, fmt.Errorf("--public-url, --trust-proxy : %w", err)
	}
	if path, ok := d.Path(); ok && strings.Trim(path, "/") != strings.Trim(c.BasePath, "/") {
		return nil, fmt.Errorf("--public-url : son chemin est « %s », et celui de --base-path « %s » ; il faut le même", path, c.BasePath)
	}
	return d, nil
}

// poll is how often a server looks for a newer edition in its store.
const poll = 5 * time.Second

func (c *serveCmd) Run(s *session) (err error) {
	collectAt(whileServing)
	limitMemory(s.log)
	st, err := openStore(s.ctx, s.store(), false)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	e, _, err := loadEdition(s.ctx, st, "")
	if err != nil {
		return err
	}
	door, err := c.door()
	if err != nil {
		return err
	}
	return c.serve(s, st, e, door)
}

// limitMemory bounds what the program takes by the machine or by its control group,
// unless GOMEMLIMIT does: it collects sooner when it comes near. A tenth is left to what
// is not Go's.
func limitMemory(log *slog.Logger) {
	limit, err := memlimit.Set(memlimit.WithProvider(memlimit.ApplyFallback(memlimit.FromCgroup, memlimit.FromSystem)))
	if err != nil {
		log.Warn("mémoire non bornée", "erreur", err)
		return
	}
	log.Info("mémoire bornée", "Mio", limit>>20)
}

// By how much memory may grow before it is collected, in percent of what is kept. Go's
// own is 100; but an edition is large, lives long and has few pointers to follow, and
// requests leave little behind. While tiles are prepared there is most of all.
const (
	whileServing   = 25
	whilePreparing = 7
)

// collectAt sets it, unless GOGC does.
func collectAt(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}

// openArchives opens archives of tiles, named as their files without the extension.
func openArchives(paths []string) (archives map[string]*pmtiles.Archive, done func(), err error) {
	var files []*os.File
	done = func() {
		for _, f := range files {
			_ = f.Close() // only read
		}
	}
	archives = map[string]*pmtiles.Archive{}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".pmtiles")
		if archives[name] != nil {
			done()
			return nil, nil, usagef("--pmtiles : deux archives s'appellent %s", name)
		}
		f, err := os.Open(path)
		if err != nil {
			done()
			return nil, nil, err
		}
		files = append(files, f)
		info, err := f.Stat()
		if err == nil {
			archives[name], err = pmtiles.Open(f, info.Size())
		}
		if err != nil {
			done()
			return nil, nil, fmt.Errorf("%s : %w ; il faut une archive PMTiles 3", path, err)
		}
	}
	return archives, done, nil
}

// publish makes the server serve an edition. What memory it took to read it, and then to
// prepare it, is given back each time: the pieces in between do not fit each other.
func publish(server *api.Server, e *edition.Edition) error {
	debug.FreeOSMemory()
	collectAt(whilePreparing)
	defer debug.FreeOSMemory()
	defer collectAt(whileServing)
	return server.Publish(e)
}

// serve serves an edition of a store, and those that follow it, until the context ends.
// door: nil where nobody is believed.
func (f *listenFlags) serve(s *session, st opened, e *edition.Edition, door *client.Door) error {
	kept, close := newKeeper(s, st)
	defer close()
	archives, closeArchives, err := openArchives(f.PMTiles)
	if err != nil {
		return err
	}
	defer closeArchives()
	server := api.New(api.Options{Logger: s.log, Basemap: f.Basemap, BasePath: f.BasePath, EmbedHosts: f.EmbedHosts, Version: edition.Program, Desk: kept, Archives: archives, Warm: f.Warm, Door: door})
	if err := publish(server, e); err != nil {
		return err
	}
	following, stop := context.WithCancel(s.ctx)
	var done sync.WaitGroup
	done.Go(func() { follow(following, s, st, server, e.ID, poll) })
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
func follow(ctx context.Context, s *session, st store.Editions, server *api.Server, served string, every time.Duration) {
	var told <-chan struct{}
	if t, ok := st.(teller); ok {
		told = t.Listen(ctx, func(err error) { s.log.Warn("écoute du magasin", "erreur", explain(err)) })
	}
	// Apart: a store that hangs while an edition is read is to be told of meanwhile, and
	// what else the store holds is not to delay an edition.
	published := make(chan struct{}, 1)
	var refreshing sync.WaitGroup
	defer refreshing.Wait()
	refreshing.Go(func() {
		for ; ctx.Err() == nil; wait(ctx, every, published) {
			if err := server.Refresh(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("lecture du magasin", "erreur", err)
			}
		}
	})
	for ; ctx.Err() == nil; wait(ctx, every, told) {
		before := served
		if served = s.publishNewer(ctx, st, server, before); served != before {
			select {
			case published <- struct{}{}:
			default: // one waits
			}
		}
	}
}

// How long a server waits for its store before it looks at it again: a database whose
// machine is gone may never answer.
const (
	listPatience = 5 * time.Second
	loadPatience = time.Minute
)

// publishNewer publishes the newest edition of the store, unless it is the one last
// tried, and gives the id of that which was. One that cannot be read is tried again, one
// that is refused is not.
func (s *session) publishNewer(ctx context.Context, st store.Editions, server *api.Server, tried string) string {
	id, err := newest(ctx, st)
	if err != nil || id == "" || id == tried {
		return tried // Refresh has told of the error
	}
	reading, cancel := context.WithTimeout(ctx, loadPatience)
	e, err := readEdition(reading, st, id)
	cancel()
	var bad refused
	switch {
	case ctx.Err() != nil:
		return tried
	case err == nil:
		err = publish(server, e)
	case errors.As(err, &bad), errors.Is(err, postgis.ErrDamaged), errors.Is(err, gpkg.ErrDamaged):
	default:
		s.log.Warn("nouvelle édition pas encore lue", "edition", id, "erreur", err)
		return tried
	}
	if err != nil {
		s.log.Error("nouvelle édition refusée, l'ancienne reste servie", "edition", id, "erreur", err)
	} else {
		s.log.Info("nouvelle édition", "edition", id)
	}
	return id
}

// newest is the id of the newest edition, empty when there is none.
func newest(ctx context.Context, st store.Editions) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, listPatience)
	defer cancel()
	all, err := st.Editions(ctx)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0].ID, nil
}

// wait waits for a time, for news, or for ctx to end.
func wait(ctx context.Context, d time.Duration, news <-chan struct{}) {
	select {
	case <-ctx.Done():
	case <-news:
	case <-time.After(d):
	}
}
