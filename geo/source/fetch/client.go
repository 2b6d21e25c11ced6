package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"syscall"
	"time"
)

// maxHops is how often a server may send elsewhere.
const maxHops = 10

// Client is what downloads go through. It follows servers elsewhere within bounds: never
// from https to http, and into a private network only to machines that the catalogue names
// (nil: none). proxy may be nil.
func Client(c *Catalogue, proxy func(*http.Request) (*url.URL, error)) *http.Client {
	g := &guard{named: map[string]bool{}}
	if c != nil {
		for _, d := range c.Datasets {
			for _, a := range d.Addresses {
				g.name(a.At())
				g.name(a.Checksum)
			}
		}
	}
	transport := &http.Transport{DialContext: g.dial, TLSHandshakeTimeout: 20 * time.Second, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true}
	if proxy != nil {
		transport.Proxy = func(r *http.Request) (*url.URL, error) {
			u, err := proxy(r)
			if u != nil {
				g.proxies.Store(hostPort(u), true)
			}
			return u, err
		}
	}
	return &http.Client{Transport: transport, CheckRedirect: g.redirect}
}

// newRequest is one that says who asks.
func newRequest(ctx context.Context, method, address string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err == nil {
		req.Header.Set("User-Agent", agent)
	}
	return req, err
}

// guard says where requests may go.
type guard struct {
	named   map[string]bool // host:port of the catalogue
	proxies sync.Map        // host:port of those in use
}

func (g *guard) name(address string) {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		g.named[hostPort(u)] = true
	}
}

// serverOf is the server that an address is asked of.
func serverOf(a Address) string {
	u, err := url.Parse(a.At())
	if err != nil {
		return ""
	}
	return hostPort(u)
}

func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "socks5": "1080"}[u.Scheme]
	}
	if port == "" {
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// redirect bounds where a server sends.
func (g *guard) redirect(r *http.Request, via []*http.Request) error {
	last := via[len(via)-1].URL
	for _, v := range via {
		if v.URL.String() == r.URL.String() {
			return permanent{fmt.Errorf("redirection en boucle vers %s", r.URL.Redacted())}
		}
	}
	if len(via) > maxHops {
		return permanent{fmt.Errorf("plus de %d redirections", maxHops)}
	}
	if err := onward(last, r.URL); err != nil {
		return err
	}
	if ip, err := netip.ParseAddr(r.URL.Hostname()); err == nil && local(ip) && !g.named[hostPort(r.URL)] {
		return privateError(r.URL.Hostname())
	}
	return nil
}

// onward says whether an address may be followed by another.
func onward(from, to *url.URL) error {
	switch {
	case to.Scheme != "https" && to.Scheme != "http" || to.Host == "":
		return permanent{fmt.Errorf("renvoi vers %q ; attendu une adresse http ou https", to.Redacted())}
	case from.Scheme == "https" && to.Scheme == "http":
		return permanent{fmt.Errorf("renvoi de https vers http (%s), refusé ; attendu https", to.Redacted())}
	}
	return nil
}

func privateError(host string) error {
	return permanent{fmt.Errorf("renvoi vers une machine d'un réseau privé (%s), refusé ; le catalogue peut la nommer", host)}
}

// dial opens a connection. A name may stand for any address: it is looked at once it is known.
func (g *guard) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	d := &net.Dialer{Timeout: 20 * time.Second}
	if _, proxy := g.proxies.Load(addr); !proxy && !g.named[addr] {
		d.Control = func(_, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err == nil && local(at.Addr()) {
				return privateError(at.Addr().String())
			}
			return err
		}
	}
	return d.DialContext(ctx, network, addr)
}

var shared = netip.MustParsePrefix("100.64.0.0/10") // of providers, RFC 6598

func local(ip netip.Addr) bool {
	ip = ip.Unmap()
	return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() || ip.IsMulticast() || shared.Contains(ip)
}

// permanent is an error that trying again will not mend.
type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// unanswered is an error of a server that gave no answer, or says that it cannot now.
type unanswered struct{ error }

func (u unanswered) Unwrap() error { return u.error }

// PatternError says that what the catalogue looks for is not in what is published: the
// catalogue has to follow.
type PatternError struct{ Reason string }

func (e *PatternError) Error() string { return e.Reason }

// inFrench takes what Go's client puts around a cause.
func inFrench(err error) error {
	var p permanent
	var u *url.Error
	var dns *net.DNSError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Errorf("serveur %s inconnu", dns.Name)
	case errors.As(err, &u) && u.Timeout():
		return errors.New("le serveur n'a pas répondu à temps")
	case errors.Is(err, syscall.ECONNREFUSED):
		return errors.New("le serveur refuse la connexion")
	case errors.As(err, &u):
		return u.Err
	}
	return err
}
