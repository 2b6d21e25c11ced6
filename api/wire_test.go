package api

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/api/problem"
)

// listening serves on this machine until the test ends, and gives the address.
func listening(t *testing.T, s *Server) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return ln.Addr().String()
}

// TestUnreadRequests are refused with a sentence though no handler sees them, to clients
// that send all they have before they read, and the next is answered.
func TestUnreadRequests(t *testing.T) {
	s, _ := serving(t, Options{})
	address := listening(t, s)
	const end = " HTTP/1.1\r\nHost: x\r\n\r\n"
	for _, c := range []struct{ name, start, letter, end, slug, sentence string }{
		{"ten megabytes in an address", "GET /tiles/cells/8/0/0.mvt?q=", "a", end, "longueur", "font plus de 32768 octets"},
		{"ten megabytes of a path", "GET /", "%2e%2e/", end, "longueur", "font plus de 32768 octets"},
		{"ten megabytes in a field", "GET / HTTP/1.1\r\nHost: x\r\nX: ", "b", "\r\n\r\n", "longueur", "font plus de 32768 octets"},
		{"no protocol", "bonjour", "", "\r\n\r\n", "protocole", "comme HTTP/1.1 le veut"},
		{"no host", "GET / HTTP/1.1\r\n", "", "\r\n", "protocole", "comme HTTP/1.1 le veut"},
		{"an escape of nothing", "GET /%zz", "", end, "protocole", "comme HTTP/1.1 le veut"},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			middle := strings.Repeat(c.letter, 10<<20/max(1, len(c.letter)))
			if _, err := io.Copy(conn, io.MultiReader(strings.NewReader(c.start), strings.NewReader(middle), strings.NewReader(c.end))); err != nil {
				t.Fatalf("the request was cut: %v", err)
			}
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			var p problem.Details
			if err := json.NewDecoder(res.Body).Decode(&p); err != nil {
				t.Fatal(err)
			}
			if res.StatusCode != http.StatusBadRequest || p.Status != res.StatusCode || res.Header.Get("Content-Type") != problem.ContentType ||
				p.Type != "urn:maillage:probleme:"+c.slug || !strings.Contains(p.Detail, c.sentence) || p.ID == "" {
				t.Errorf("%s %v %+v", res.Status, res.Header, p)
			}
			next, err := http.Get("http://" + address + "/tiles/cells/8/0/0.mvt")
			if err != nil {
				t.Fatal(err)
			}
			defer next.Body.Close()
			if next.StatusCode != http.StatusNoContent {
				t.Errorf("after it: %d", next.StatusCode)
			}
		})
	}
}
