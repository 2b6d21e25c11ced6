package fetch

import (
	"bytes"
	"context"
	"crypto/md5"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// publisher serves one file, and misbehaves as told: each function takes one
// request, in order; when none is left, the file is served properly.
type publisher struct {
	mu      sync.Mutex
	content []byte
	etag    string
	faults  []http.HandlerFunc
	seen    []http.Header // of the requests for the file
}

func (p *publisher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.seen = append(p.seen, r.Header.Clone())
	content, etag := p.content, p.etag
	var fault http.HandlerFunc
	if len(p.faults) > 0 {
		fault, p.faults = p.faults[0], p.faults[1:]
	}
	p.mu.Unlock()
	if fault != nil {
		fault(w, r)
		return
	}
	w.Header().Set("ETag", etag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// cut sends the first n bytes of a longer answer, then hangs up.
func (p *publisher) cut(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", p.etag)
		w.Header().Set("Content-Length", fmt.Sprint(len(p.content)))
		_, _ = w.Write(p.content[:n])
		panic(http.ErrAbortHandler)
	}
}

func answer(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "non", code) }
}

func world(t *testing.T) (*publisher, *Fetcher, func(path string) Target) {
	t.Helper()
	p := &publisher{content: bytes.Repeat([]byte("0123456789abcdef"), 40_000), etag: `"un"`}
	mux := http.NewServeMux()
	mux.Handle("/fichier.csv", p)
	mux.HandleFunc("/ailleurs", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/fichier.csv", http.StatusFound) })
	mux.HandleFunc("/md5", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "%x  fichier.csv\n", md5.Sum(p.content))
	})
	mux.HandleFunc("/faux-md5", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, strings.Repeat("0", 32)) })
	mux.HandleFunc("/api", func(w http.ResponseWriter, r *http.Request) {
		base := "http://" + r.Host
		fmt.Fprintf(w, `{"resources":[{"title":"notice.pdf","url":%q,"last_modified":"2026-12-01"},
			{"title":"ancien.csv","url":%q,"last_modified":"2024-01-01"},
			{"title":"export.csv","url":%q,"last_modified":"2026-01-01","checksum":{"type":"md5","value":"%x"}}]}`,
			base+"/notice", base+"/ancien", base+"/fichier.csv", md5.Sum(p.content))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	f := &Fetcher{Dir: filepath.Join(t.TempDir(), "data"), Pause: time.Millisecond, Stall: 2 * time.Second, Client: server.Client()}
	return p, f, func(path string) Target {
		return Target{Name: "essai", Addresses: []Address{{URL: server.URL + path, Format: "csv"}}}
	}
}

func fetched(t *testing.T, f *Fetcher, d Target, want []byte, fresh bool) {
	t.Helper()
	r, err := f.Fetch(context.Background(), d)
	if err != nil {
		t.Fatalf("Fetch: %v", err)
	}
	got, err := os.ReadFile(r.Path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) || r.Bytes != int64(len(want)) {
		t.Errorf("%d bytes on disk, %d announced, want the publisher's %d", len(got), r.Bytes, len(want))
	}
	if r.Fresh != fresh {
		t.Errorf("fresh = %v, want %v", r.Fresh, fresh)
	}
	left, _ := filepath.Glob(filepath.Join(f.Dir, "*.part*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestFetchFromPublishersThatMisbehave(t *testing.T) {
	for name, faults := range map[string]func(p *publisher) []http.HandlerFunc{
		"none":                    func(*publisher) []http.HandlerFunc { return nil },
		"down for a while":        func(*publisher) []http.HandlerFunc { return []http.HandlerFunc{answer(500), answer(503), answer(429)} },
		"hangs up in the middle":  func(p *publisher) []http.HandlerFunc { return []http.HandlerFunc{p.cut(1000), p.cut(0)} },
		"sends less than it said": func(p *publisher) []http.HandlerFunc { return []http.HandlerFunc{p.cut(len(p.content) - 1)} },
		"falls silent": func(p *publisher) []http.HandlerFunc {
			return []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("ETag", p.etag)
				w.Header().Set("Content-Length", fmt.Sprint(len(p.content)))
				_, _ = w.Write(p.content[:5000])
				w.(http.Flusher).Flush()
				<-r.Context().Done()
			}}
		},
		"answers another range than asked": func(p *publisher) []http.HandlerFunc {
			return []http.HandlerFunc{p.cut(1000), func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Range", fmt.Sprintf("bytes 0-%d/%d", len(p.content)-1, len(p.content)))
				w.WriteHeader(http.StatusPartialContent)
				_, _ = w.Write(p.content)
			}}
		},
		"refuses to resume": func(p *publisher) []http.HandlerFunc {
			return []http.HandlerFunc{p.cut(1000), answer(http.StatusRequestedRangeNotSatisfiable)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, f, at := world(t)
			if name == "falls silent" {
				f.Stall = 100 * time.Millisecond
			}
			p.faults = faults(p)
			fetched(t, f, at("/fichier.csv"), p.content, true)
		})
	}
}

func TestFetchResumesWhereItStopped(t *testing.T) {
	p, f, at := world(t)
	p.faults = []http.HandlerFunc{p.cut(100_000)}
	fetched(t, f, at("/fichier.csv"), p.content, true)
	if got := p.seen[1].Get("Range"); !strings.HasPrefix(got, "bytes=") || got == "bytes=0-" {
		t.Errorf("second request: Range %q, want the rest of the file", got)
	}
}

func TestFetchStartsAgainWhenTheFileChangedMeanwhile(t *testing.T) {
	p, f, at := world(t)
	p.faults = []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
		defer func() { // the new version comes out while the old one is being sent
			p.mu.Lock()
			p.content, p.etag = bytes.Repeat([]byte("nouveau "), 30_000), `"deux"`
			p.mu.Unlock()
		}()
		p.cut(100_000)(w, r)
	}}
	d := at("/fichier.csv")
	r, err := f.Fetch(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(r.Path); !bytes.Equal(got, p.content) {
		t.Error("the file mixes two versions")
	}
}

func TestFetchKeepsAFileThatHasNotChanged(t *testing.T) {
	p, f, at := world(t)
	d := at("/fichier.csv")
	fetched(t, f, d, p.content, true)
	fetched(t, f, d, p.content, false)
	if got := p.seen[1].Get("If-None-Match"); got != p.etag {
		t.Errorf("second request: If-None-Match %q, want %q", got, p.etag)
	}
	p.content, p.etag = []byte("tout neuf"), `"deux"`
	fetched(t, f, d, p.content, true)
}

func TestFetchFollowsRedirectsChecksumsAndTheAPI(t *testing.T) {
	p, f, at := world(t)
	fetched(t, f, at("/ailleurs"), p.content, true)
	d := at("/fichier.csv")
	d.Addresses[0].Checksum = strings.Replace(d.Addresses[0].URL, "/fichier.csv", "/md5", 1)
	d.Name = "controle"
	fetched(t, f, d, p.content, true)
	c, err := Parse(fmt.Appendf(nil, `{"version":"x","datasets":[{"name":"api","kind":"lieux","title":"t","source":"s","licence":"l","rhythm":"r","format":"csv",
		"datagouv":{"api":%q,"match":"\\.csv$"}}]}`, strings.Replace(d.Addresses[0].URL, "/fichier.csv", "/api", 1)))
	if err != nil {
		t.Fatal(err)
	}
	wanted, err := c.For("02")
	if err != nil {
		t.Fatal(err)
	}
	fetched(t, f, wanted[0].Targets[0], p.content, true)
}

func TestFetchThatFailsKeepsTheFileOfLastTime(t *testing.T) {
	p, f, at := world(t)
	d := at("/fichier.csv")
	fetched(t, f, d, p.content, true)
	path := filepath.Join(f.Dir, d.file(d.Addresses[0]))
	for name, tc := range map[string]struct {
		change func(a *Address)
		faults []http.HandlerFunc
		want   string
	}{
		"gone":           {func(*Address) {}, []http.HandlerFunc{answer(404)}, "404 Not Found"},
		"down for good":  {func(*Address) {}, []http.HandlerFunc{answer(500), answer(500), answer(500), answer(500), answer(500)}, "(5 essais)"},
		"wrong checksum": {func(a *Address) { a.Checksum = strings.Replace(a.URL, "/fichier.csv", "/faux-md5", 1) }, nil, "le producteur annonce 0000"},
	} {
		p.etag = fmt.Sprintf("%q", name) // a newer version each time
		p.faults = tc.faults
		bad := d
		bad.Addresses = slices.Clone(d.Addresses)
		tc.change(&bad.Addresses[0])
		if _, err := f.Fetch(context.Background(), bad); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want a sentence with %q", name, err, tc.want)
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, p.content) {
			t.Errorf("%s: the file of last time is gone or changed (%v)", name, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := f.Fetch(ctx, d); err != context.Canceled {
		t.Errorf("after Ctrl-C: %v", err)
	}
}

func TestEmbeddedCatalogueServesEveryDepartement(t *testing.T) {
	c, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(c.Zones["geofabrik"]); n != 101 {
		t.Errorf("road extracts for %d départements, France has 101", n)
	}
	for departement, regions := range c.Zones["geofabrik"] {
		for _, region := range regions[1:] { // a border has two sides
			if !slices.ContainsFunc(slices.Collect(maps.Values(c.Zones["geofabrik"])), func(v Values) bool { return v[0] == region && slices.Contains(v, regions[0]) }) {
				t.Errorf("département %s (%s) touches %s, none of which touches it", departement, regions[0], region)
			}
		}
		all, err := c.For(departement)
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[string]bool{}
		for _, d := range all {
			kinds[d.Kind] = kinds[d.Kind] || len(d.Targets) > 0
			squares := departement != "971" && departement != "973" && departement != "976"
			if d.Name == "population" && (len(d.Targets) > 0) != squares {
				t.Errorf("département %s: squares %v, INSEE publishes them: %v", departement, d.Targets, squares)
			}
			for _, target := range d.Targets {
				for _, a := range target.Addresses {
					if a.Verified == "" || d.Page == "" {
						t.Errorf("%s: %s: how it is known is not said", d.Name, a.At())
					}
				}
			}
		}
		for _, kind := range []string{"communes", "epci", "lieux", "france-services", "roads"} {
			if !kinds[kind] {
				t.Errorf("département %s: nothing of kind %s", departement, kind)
			}
		}
	}
	if _, err := c.For("99"); err == nil || err.Error() != `catalogue : jeu "routes" : pas d'adresse pour le département 99` {
		t.Errorf("For(99): %v", err)
	}
	if _, err := c.For("Aisne"); err == nil || err.Error() != `département "Aisne" : attendu un code comme 02, 2A ou 974` {
		t.Errorf("For(Aisne): %v", err)
	}
}

func TestParseRefuses(t *testing.T) {
	const good = `"kind":"lieux","title":"t","source":"s","licence":"l","rhythm":"r","format":"csv"`
	for name, tc := range map[string]struct{ text, want string }{
		"nothing":             {`{"version":"x","datasets":[]}`, "catalogue : aucun jeu de données"},
		"a path in a name":    {`{"version":"x","datasets":[{"name":"../x",` + good + `,"url":"https://a.fr/b"}]}`, `catalogue : jeu n° 1 "../x" : name : attendu des minuscules, chiffres, points, tirets`},
		"no address":          {`{"version":"x","datasets":[{"name":"x",` + good + `}]}`, `catalogue : jeu n° 1 "x" : attendu url ou datagouv, l'un des deux`},
		"a file of this disk": {`{"version":"x","datasets":[{"name":"x",` + good + `,"url":"file:///etc/passwd"}]}`, `catalogue : jeu n° 1 "x" : adresse "file:///etc/passwd" : attendu une adresse http ou https complète`},
		"the same name twice": {`{"version":"x","datasets":[{"name":"x",` + good + `,"url":"https://a.fr"},{"name":"x",` + good + `,"url":"https://a.fr"}]}`, `catalogue : jeu n° 2 : le nom "x" est déjà pris`},
	} {
		if _, err := Parse([]byte(tc.text)); err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
}
