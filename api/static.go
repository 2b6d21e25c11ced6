package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/api/web"
	"github.com/aisne-numerique/maillage/geo/admin"
)

// notBuilt stands for the map where it was not built. It has no script and no
// style: the content security policy allows none inside a page.
const notBuilt = `<!DOCTYPE html>
<html lang="fr">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>maillage</title></head>
<body>
<main>
<h1>La carte n'est pas construite</h1>
<p>Ce programme a été compilé sans la carte. Pour la construire, lancez <code>make web</code> puis <code>make build</code> dans le dossier du projet, et relancez le serveur.</p>
<p>Les données sont servies : <a href="api/v1/edition">édition</a>, <a href="openapi.json">description des adresses</a>.</p>
</main>
</body>
</html>
`

// contentTypes of the files that Vite makes. A fixed list, since that of the
// system differs from one machine to the next.
var contentTypes = map[string]string{
	".html": reply.TypeHTML, ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".json": reply.TypeJSON, ".map": reply.TypeJSON, ".webmanifest": "application/manifest+json", ".svg": reply.TypeSVG, ".png": "image/png",
	".jpg": "image/jpeg", ".webp": "image/webp", ".ico": "image/x-icon", ".woff2": "font/woff2", ".pbf": "application/x-protobuf",
	".wasm": "application/wasm", ".txt": reply.TypeText,
}

// hashed recognises the names that Vite derives from the content.
var hashed = regexp.MustCompile(`^assets/.*-[A-Za-z0-9_-]{8}\.[a-z0-9.]+$`)

// embedded are the files of the map that the program was compiled with, read and
// compressed once, however many servers there are.
var embedded = sync.OnceValues(func() (map[string]*reply.Reply, error) {
	files, built := web.Files()
	if !built {
		files = nil
	}
	return staticReplies(files)
})

// staticReplies reads and compresses every file of the map. nil: not built.
func staticReplies(files fs.FS) (map[string]*reply.Reply, error) {
	out := map[string]*reply.Reply{}
	if files == nil {
		r, err := reply.Compressed(reply.TypeHTML, reply.CacheRevalid, []byte(notBuilt), gzip.BestCompression)
		out["index.html"] = r
		return out, err
	}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if path.Ext(name) == ".br" {
			return nil // read with what it is a form of
		}
		contentType, ok := contentTypes[path.Ext(name)]
		if !ok {
			contentType = "application/octet-stream"
		}
		cache := reply.CacheRevalid
		if hashed.MatchString(name) {
			cache = reply.CacheImmutable
		}
		r, err := reply.Compressed(contentType, cache, body, gzip.BestCompression)
		if err != nil {
			return err
		}
		if r.Brotli, err = fs.ReadFile(files, name+".br"); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		out[name] = r
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the map: %w", err)
	}
	return out, nil
}

// getStatic answers a file of the map. Names are keys, not paths: there is no
// folder to climb out of.
func (s *Server) getStatic(c echo.Context) error {
	name := c.Param("*")
	if name == "" {
		name = "index.html"
	}
	r, ok := s.static[name]
	if !ok {
		return problem.New(problem.NotFound, problem.NotFoundSentence)
	}
	if slices.Contains(homes, name) {
		s.desk.Count("carte")
		if snap := pinned(c); snap != nil {
			var err error
			if r, err = s.home(c.Request().Context(), snap, name); err != nil {
				return err
			}
		}
	}
	return reply.Send(c, r)
}

// homes are the home page in each language.
var homes = []string{"index.html", "en.html"}

// firstAnswers is where index.html holds the answers to what the page asks first, by address.
const firstAnswers = `<script type="application/json" id="premieres">{}</script>`

// home is the page of a language with the figures of the edition's own question, so that they are read
// one exchange earlier: nobody waits for the script to ask for them.
func (s *Server) home(ctx context.Context, snap *snapshot.Snapshot, name string) (*reply.Reply, error) {
	return snap.Cached(ctx, gate.Light, snapshot.KeyOf("home", name), func(ctx context.Context) (*reply.Reply, error) {
		described, err := data.About(snap)
		if err != nil {
			return nil, err
		}
		q := snap.DefaultQuery()
		gaps := fmt.Sprintf("api/v1/gaps?service=%s&mode=%s&cutoff=%g&min_hours=%g&level=", q.Service, q.Mode, q.Cutoff.Minutes(), q.MinHours)
		answers := map[string]json.RawMessage{"api/v1/edition": described.Body, "api/v1/config": s.config.Body}
		for _, level := range []admin.Type{admin.TypeDepartement, admin.TypeEPCI} {
			report, err := snap.ReportOf(ctx, q, level)
			if err != nil {
				return nil, err
			}
			if answers[gaps+string(level)], err = json.Marshal(data.NewGaps(snap.Edition, report, q)); err != nil {
				return nil, fmt.Errorf("answers of the first page: %w", err)
			}
		}
		known, err := json.Marshal(answers) // "<" is escaped: nothing in it ends the element
		if err != nil {
			return nil, fmt.Errorf("answers of the first page: %w", err)
		}
		opening, _, _ := strings.Cut(firstAnswers, "{}")
		page := strings.Replace(string(s.static[name].Body), firstAnswers, opening+string(known)+"</script>", 1)
		return reply.Compressed(reply.TypeHTML, reply.CacheRevalid, []byte(page), gzip.BestCompression)
	})
}

type configJSON struct {
	Basemap string `json:"basemap,omitempty"`
}

// getConfig answers /api/v1/config, with or without an edition.
func (s *Server) getConfig(c echo.Context) error {
	if err := params.Nothing(c.Request().URL.RawQuery); err != nil {
		return err
	}
	return reply.Send(c, s.config)
}

// getHealth says that the program runs.
func (s *Server) getHealth(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", reply.CacheNever)
	return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
}

// getReady says that an edition is served, and since when the store does not answer:
// reads go on without it, so that is no reason to take this server out.
func (s *Server) getReady(c echo.Context) error {
	snap := pinned(c)
	if snap == nil {
		return notReady()
	}
	c.Response().Header().Set("Cache-Control", reply.CacheNever)
	out := map[string]string{"edition": snap.ID, "status": "ok"}
	if since, down := s.desk.Down(); down {
		out["status"], out["store"] = "degraded", "Le magasin ne répond pas depuis le "+since.UTC().Format(time.RFC3339)+" ; les lectures continuent, les écritures sont refusées."
	}
	return c.JSON(http.StatusOK, out)
}
