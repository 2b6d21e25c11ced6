package api

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aisne-numerique/maillage/api/web"
)

func TestFilesOfTheMap(t *testing.T) {
	script := bytes.Repeat([]byte("console.log('maille');\n"), 200)
	files := fstest.MapFS{
		"index.html":                  {Data: []byte("<!DOCTYPE html><title>Carte</title>")},
		"assets/index-DkftHXS7.js":    {Data: script},
		"assets/index-DkftHXS7.js.br": {Data: []byte("in brotli")},
		"assets/carte.css":            {Data: []byte("body{}")},
		"fonts/Marianne/0-255.pbf":    {Data: []byte{1, 2, 3}},
		".keep":                       {},
		"assets/photo-a1B2c3D4.webp":  {Data: bytes.Repeat([]byte{0xff, 0xd8, 7, 99}, 600)},
	}
	replies, err := staticReplies(files)
	if err != nil {
		t.Fatal(err)
	}
	s := New(Options{})
	s.static = replies
	for _, row := range []struct{ target, contentType, cache string }{
		{"/", "text/html; charset=utf-8", "no-cache"},
		{"/index.html", "text/html; charset=utf-8", "no-cache"},
		{"/assets/index-DkftHXS7.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		{"/assets/carte.css", "text/css; charset=utf-8", "no-cache"},
		{"/fonts/Marianne/0-255.pbf", "application/x-protobuf", "no-cache"},
	} {
		rec := get(t, s, row.target)
		if got := rec.Header().Get("Content-Type"); got != row.contentType {
			t.Errorf("GET %s: Content-Type %q, want %q", row.target, got, row.contentType)
		}
		if got := rec.Header().Get("Cache-Control"); got != row.cache {
			t.Errorf("GET %s: Cache-Control %q, want %q", row.target, got, row.cache)
		}
		if rec := do(s, http.MethodGet, row.target, "If-None-Match", rec.Header().Get("ETag")); rec.Code != http.StatusNotModified {
			t.Errorf("GET %s with its tag = %d, want 304", row.target, rec.Code)
		}
	}
	zipped := get(t, s, "/assets/index-DkftHXS7.js", "Accept-Encoding", "gzip")
	if zipped.Header().Get("Content-Encoding") != "gzip" || !bytes.Equal(gunzip(t, zipped.Body), script) {
		t.Error("the script was not compressed, or not to itself")
	}
	smaller := get(t, s, "/assets/index-DkftHXS7.js", "Accept-Encoding", "gzip, deflate, br, zstd")
	if smaller.Header().Get("Content-Encoding") != "br" || smaller.Body.String() != "in brotli" || smaller.Header().Get("ETag") == zipped.Header().Get("ETag") {
		t.Errorf("with brotli accepted: %v", smaller.Header())
	}
	if rec := do(s, http.MethodGet, "/assets/index-DkftHXS7.js.br"); rec.Code != http.StatusNotFound {
		t.Errorf("the compressed form has an address of its own: %d", rec.Code)
	}
	if rec := do(s, http.MethodGet, "/.keep"); rec.Code != http.StatusNotFound {
		t.Errorf("GET /.keep = %d, want 404", rec.Code)
	}
}

func TestTheMapOrHowToBuildIt(t *testing.T) {
	body := get(t, New(Options{}), "/").Body.String()
	_, built := web.Files()
	if explained := strings.Contains(body, "make web"); explained == built {
		t.Errorf("built %t, and the page says how to build: %t", built, explained)
	}
	replies, err := staticReplies(nil)
	if err != nil {
		t.Fatal(err)
	}
	page := string(replies["index.html"].Body)
	if !strings.Contains(page, "<code>make web</code>") || !strings.Contains(page, `lang="fr"`) {
		t.Errorf("the page of an unbuilt map: %s", page)
	}
	// The content security policy would block them.
	for _, inline := range []string{"<script", "<style", "style=", "onclick"} {
		if strings.Contains(page, inline) {
			t.Errorf("the page holds %q", inline)
		}
	}
}
