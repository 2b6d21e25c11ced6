package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// place is a publisher of several files, whose catalogue names it by 127.0.0.1.
func place(t *testing.T, files map[string]http.HandlerFunc) (base string, f *Fetcher) {
	t.Helper()
	mux := http.NewServeMux()
	for path, serve := range files {
		mux.HandleFunc(path, serve)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	c := &Catalogue{Datasets: []Dataset{{Addresses: []Address{{URL: server.URL + "/"}}}}}
	return server.URL, &Fetcher{Dir: t.TempDir(), Client: Client(c, nil), Pause: time.Millisecond, Attempts: 2, Stall: 5 * time.Second}
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Last-Modified", "Mon, 02 Nov 2026 08:00:00 GMT")
		fmt.Fprint(w, body)
	}
}

func to(address string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, address, http.StatusFound) }
}

const login = "<!DOCTYPE html><html><head><title>Connexion &amp; acc\u00e8s</title></head></html>"

func TestFetchTakesTheNextAddress(t *testing.T) {
	base, f := place(t, map[string]http.HandlerFunc{
		"/rien": answer(404), "/panne": answer(503), "/page": text(login), "/vide": text(""), "/json": text(`{"message":"trop de demandes"}`), "/bon": text("a,b\n1,2\n"),
		"/api": text(`{"resources":[{"title":"x.pdf","url":"https://a.fr/x.pdf"}]}`),
	})
	at := func(path string) Address { return Address{URL: base + path, Format: "csv"} }
	r, err := f.Fetch(t.Context(), Target{Name: "x", Addresses: []Address{at("/rien"), at("/panne"), at("/page"), at("/vide"), at("/json"), at("/bon")}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"/rien : 404", "/panne : 503 Service Unavailable (2 essais)", "intitulée « Connexion & accès » au lieu du fichier (csv)", "fichier vide", "le serveur a envoyé du JSON ; attendu csv"} {
		if len(r.Missed) != 5 || !strings.Contains(r.Missed[i], want) {
			t.Errorf("address %d: %q, want %q", i+1, r.Missed, want)
		}
	}
	if r.Address.URL != base+"/bon" || r.Date != "2026-11-02" {
		t.Errorf("got %+v", r)
	}
	// What failed before is no reason to lose what is there.
	if _, err := f.Fetch(t.Context(), Target{Name: "x", Addresses: []Address{at("/rien"), at("/page")}}); err == nil || !strings.Contains(err.Error(), " ; puis ") {
		t.Errorf("all addresses fail: %v", err)
	}
	if got, err := os.ReadFile(r.Path); err != nil || string(got) != "a,b\n1,2\n" {
		t.Errorf("the file of last time: %q, %v", got, err)
	}
	api := Address{DataGouv: &DataGouv{API: base + "/api", Match: `\.csv$`}, Format: "csv"}
	if err := (&api).check(); err != nil {
		t.Fatal(err)
	}
	var pattern *PatternError
	if _, err := f.Fetch(t.Context(), Target{Name: "y", Addresses: []Address{api, at("/rien")}}); !errors.As(err, &pattern) || !strings.Contains(err.Error(), `aucune ressource du jeu ne correspond à \.csv$`) {
		t.Errorf("no resource matches: %v", err)
	}
}

func TestFetchGoesWhereItMay(t *testing.T) {
	other := httptest.NewServer(text("secret,1\n"))
	defer other.Close()
	loop := 0
	base, f := place(t, map[string]http.HandlerFunc{
		"/cercle": to("/cercle2"), "/cercle2": to("/cercle"), "/loin/": func(w http.ResponseWriter, r *http.Request) {
			loop++
			http.Redirect(w, r, fmt.Sprintf("/loin/%d", loop), http.StatusFound)
		},
		"/prive": to(other.URL), "/fichier": to("file:///etc/passwd"), "/api": text(fmt.Sprintf(`{"resources":[{"title":"x.csv","url":%q}]}`, other.URL)),
		"/api-fichier": text(`{"resources":[{"title":"x.csv","url":"file:///etc/passwd"}]}`), "/ici": to("/la"), "/la": text("a\n"),
	})
	gouv := func(path string) Address {
		a := Address{DataGouv: &DataGouv{API: base + path, Match: `csv`}, Format: "csv"}
		if err := (&a).check(); err != nil {
			t.Fatal(err)
		}
		return a
	}
	for path, want := range map[string]string{
		"/cercle": "redirection en boucle vers", "/loin/": "plus de 10 redirections", "/prive": "réseau privé (127.0.0.1), refusé", "/fichier": `renvoi vers "file:///etc/passwd" ; attendu une adresse http ou https`,
	} {
		if _, err := f.Fetch(t.Context(), Target{Name: "x", Addresses: []Address{{URL: base + path, Format: "csv"}}}); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "essais") {
			t.Errorf("%s: %v, want %q at once", path, err, want)
		}
	}
	for path, want := range map[string]string{"/api": "réseau privé", "/api-fichier": "attendu une adresse http ou https"} {
		if _, err := f.Fetch(t.Context(), Target{Name: "x", Addresses: []Address{gouv(path)}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	if _, err := f.Fetch(t.Context(), Target{Name: "x", Addresses: []Address{{URL: base + "/ici", Format: "csv"}}}); err != nil {
		t.Errorf("elsewhere on the same server: %v", err)
	}
	from, _ := url.Parse("https://a.fr/x")
	plain, _ := url.Parse("http://a.fr/x")
	if err := onward(from, plain); err == nil || !strings.Contains(err.Error(), "de https vers http") {
		t.Errorf("from https to http: %v", err)
	}
	for ip, want := range map[string]bool{"10.1.2.3": true, "::1": true, "::ffff:127.0.0.1": true, "169.254.169.254": true, "fe80::1": true, "100.64.0.1": true, "0.0.0.0": true, "8.8.8.8": false, "2a01::1": false} {
		if local(netip.MustParseAddr(ip)) != want {
			t.Errorf("%s: private %v, want %v", ip, !want, want)
		}
	}
}

// TestFetchThroughAProxy: the proxy may be anywhere, as who runs the program says.
func TestFetchThroughAProxy(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s\n", r.URL)
	}))
	defer proxy.Close()
	f := &Fetcher{Dir: t.TempDir(), Client: Client(nil, func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) })}
	r, err := f.Fetch(t.Context(), Target{Name: "x", Addresses: []Address{{URL: "http://exemple.invalid/a.csv", Format: "csv"}}})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(r.Path); string(got) != "http://exemple.invalid/a.csv\n" {
		t.Errorf("the proxy was asked %q", got)
	}
}

func TestFetchReadsWhatAServerCompresses(t *testing.T) {
	zipped := func(body string) http.HandlerFunc {
		var b bytes.Buffer // made before it is asked for: no server is silent while it makes a bomb
		z := gzip.NewWriter(&b)
		fmt.Fprint(z, body)
		z.Close()
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(b.Bytes())
		}
	}
	base, f := place(t, map[string]http.HandlerFunc{"/a": zipped("a,b\n1,2\n"), "/bombe": zipped(strings.Repeat("0", 64<<20))})
	r, err := f.Fetch(t.Context(), Target{Name: "x", Addresses: []Address{{URL: base + "/a", Format: "csv"}}})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(r.Path); string(got) != "a,b\n1,2\n" {
		t.Errorf("got %q", got)
	}
	if _, err := f.Fetch(t.Context(), Target{Name: "y", Addresses: []Address{{URL: base + "/bombe", Format: "csv"}}}); err == nil || !strings.Contains(err.Error(), "plus de 200 fois plus gros") {
		t.Errorf("a bomb: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(f.Dir, "y.csv")); len(left) > 0 {
		t.Error("a bomb took the name of the file")
	}
}

func TestCheckTellsWhoAnswers(t *testing.T) {
	silent := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	downloaded := false
	base, f := place(t, map[string]http.HandlerFunc{
		"/bon": func(w http.ResponseWriter, r *http.Request) {
			downloaded = downloaded || r.Method != http.MethodHead
			text("a,b\n1,2\n")(w, r)
		},
		"/sans-head": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				http.Error(w, "non", http.StatusMethodNotAllowed)
				return
			}
			if r.Header.Get("Range") == "" {
				t.Error("the whole file was asked for")
			}
			w.Header().Set("Content-Range", "bytes 0-3/4000000000")
			w.WriteHeader(http.StatusPartialContent)
			fmt.Fprint(w, "a,b\n")
		},
		"/ailleurs": to("/bon"), "/rien": answer(404), "/page": text(login), "/muet": silent,
		"/api": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `{"resources":[{"title":"x.csv","url":"http://%s/bon"}]}`, r.Host)
		},
	})
	var targets []Target
	for _, path := range []string{"/bon", "/sans-head", "/ailleurs", "/rien", "/page", "/muet"} {
		targets = append(targets, Target{Name: path, Addresses: []Address{{URL: base + path, Format: "csv"}}})
	}
	api := Address{DataGouv: &DataGouv{API: base + "/api", Match: "csv"}, Format: "csv"}
	if err := (&api).check(); err != nil {
		t.Fatal(err)
	}
	targets = append(targets, Target{Name: "/api", Addresses: []Address{api}})
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	type told struct {
		OK    bool
		Final string
		Bytes int64
		Date  string
		Why   string
	}
	got := map[string]told{}
	for _, a := range f.Check(ctx, targets) {
		got[a.Target] = told{a.OK, strings.TrimPrefix(a.Final, base), a.Bytes, a.Date, a.Reason}
	}
	for path, want := range map[string]told{
		"/bon": {true, "/bon", 8, "2026-11-02", ""}, "/sans-head": {true, "/sans-head", 4_000_000_000, "", ""}, "/ailleurs": {true, "/bon", 8, "2026-11-02", ""},
		"/api": {true, "/bon", 8, "2026-11-02", ""}, "/rien": {false, "/rien", -1, "", "404 Not Found"}, "/muet": {false, "/muet", -1, "", "pas de réponse à temps"},
	} {
		if got[path] != want {
			t.Errorf("%s: %+v, want %+v", path, got[path], want)
		}
	}
	if page := got["/page"]; page.OK || !strings.Contains(page.Why, "une page web") {
		t.Errorf("a page in the place of the file: %+v", page)
	}
	if downloaded {
		t.Error("a file was downloaded")
	}
	if entries, _ := os.ReadDir(f.Dir); len(entries) > 0 {
		t.Errorf("something was written: %v", entries)
	}
}

func TestFetchSaysWhatIsWrongWithServers(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + l.Addr().String()
	l.Close()
	f := &Fetcher{Dir: t.TempDir(), Attempts: 1, Client: Client(&Catalogue{Datasets: []Dataset{{Addresses: []Address{{URL: address}}}}}, nil)}
	if _, err := f.Fetch(t.Context(), Target{Name: "x", Addresses: []Address{{URL: address, Format: "csv"}}}); err == nil || !strings.Contains(err.Error(), "le serveur refuse la connexion") {
		t.Errorf("nobody listens: %v", err)
	}
	asked := 0
	base, g := place(t, map[string]http.HandlerFunc{"/panne": func(w http.ResponseWriter, r *http.Request) { asked++; answer(503)(w, r) }, "/autre": text("a\n")})
	for range 2 {
		if _, err := g.Fetch(t.Context(), Target{Name: "x", Addresses: []Address{{URL: base + "/panne", Format: "csv"}}}); err == nil {
			t.Error("a server that is down gave a file")
		}
	}
	if asked != g.Attempts+1 {
		t.Errorf("a server that is down was asked %d times, want %d, then once", asked, g.Attempts)
	}
	full := &Fetcher{Dir: "/dev/full/x", Attempts: 1}
	if _, err := full.Fetch(t.Context(), Target{Name: "x"}); err == nil || !strings.Contains(err.Error(), "téléchargement x") {
		t.Errorf("no folder: %v", err)
	}
}

// TestCatalogueOfOneAddress: a catalogue of before addresses had alternates reads as it did.
func TestCatalogueOfOneAddress(t *testing.T) {
	c, err := Parse([]byte(`{"version":"x","datasets":[{"name":"a","kind":"roads","title":"t","source":"s","licence":"l","rhythm":"r","format":"osm.pbf","each":"z",
		"url":"https://a.fr/{z}-{y}.pbf","checksum":"https://a.fr/{z}.md5","millesime":"2026"}],"zones":{"z":{"02":["un","deux"]},"y":{"un":"UN","02":"partout"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	wanted, err := c.For("02")
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(wanted[0].Targets)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"Name":"a-un"`, `"url":"https://a.fr/un-UN.pbf"`, `"checksum":"https://a.fr/deux.md5"`, `"url":"https://a.fr/deux-partout.pbf"`, `"format":"osm.pbf"`, `"millesime":"2026"`} {
		if !strings.Contains(string(got), want) {
			t.Errorf("%s: want %s", got, want)
		}
	}
}
