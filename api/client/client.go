// Package client says who asks, and by which address: as the connection tells, or what a
// proxy that is trusted says of it. What anybody else says is not believed.
package client

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Door knows whom to believe. The zero value believes nobody.
type Door struct {
	trusted []netip.Prefix
	public  string
}

// NewDoor makes a Door. public is the address under which everything is served, as people
// write it; empty: that of each request. trusted are the addresses of proxies, as
// 10.0.0.0/8 or 192.0.2.1.
func NewDoor(public string, trusted []string) (*Door, error) {
	d := &Door{}
	if public != "" {
		u, err := url.Parse(public)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || !validHost(u.Host) || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return nil, fmt.Errorf("l'adresse publique « %s » n'est pas de la forme https://carte.exemple.fr ou https://exemple.fr/carte", public)
		}
		d.public = strings.TrimRight(u.String(), "/")
	}
	for _, text := range trusted {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			var a netip.Addr
			if a, err = netip.ParseAddr(text); err == nil {
				p, err = a.Prefix(a.BitLen())
			}
		}
		if err != nil {
			return nil, fmt.Errorf("« %s » n'est pas une adresse IP ni un réseau, comme 10.0.0.0/8 ou 192.0.2.1", text)
		}
		d.trusted = append(d.trusted, p.Masked())
	}
	return d, nil
}

// Path is the path of the public address, as "/carte"; false without a public address.
func (d *Door) Path() (string, bool) {
	u, err := url.Parse(d.public)
	if err != nil || d.public == "" {
		return "", false
	}
	return u.Path, true
}

// Client is who asks.
type Client struct {
	Addr netip.Addr // invalid where the connection has none
	root string
}

// Root is the address of the root as the client writes it, without a slash at its end.
func (c Client) Root() string { return c.root }

// Key names the client: one address of IPv4, one network of 64 bits of IPv6, which is
// what one subscriber has.
func (c Client) Key() string {
	switch {
	case !c.Addr.IsValid():
		return ""
	case c.Addr.Is4():
		return c.Addr.String()
	}
	network, err := c.Addr.Prefix(64)
	if err != nil {
		return ""
	}
	return network.String()
}

// Who says who asks. base is the path under which the server serves.
func (d *Door) Who(r *http.Request, base string) Client {
	peer := address(r.RemoteAddr)
	scheme, host := "http", r.Host
	if r.TLS != nil {
		scheme = "https"
	}
	if d.trusts(peer) {
		hops := forwarded(r.Header)
		for i := len(hops) - 1; i >= 0 && d.trusts(peer); i-- {
			h := hops[i]
			if !h.addr.IsValid() {
				break // it says not who asked
			}
			peer = h.addr
			if h.scheme != "" {
				scheme = h.scheme
			}
			if h.host != "" {
				host = h.host
			}
		}
	}
	root := d.public
	if root == "" {
		root = scheme + "://" + host + base
	}
	return Client{peer, root}
}

func (d *Door) trusts(a netip.Addr) bool {
	return a.IsValid() && slices.ContainsFunc(d.trusted, func(p netip.Prefix) bool { return p.Contains(a) })
}

// address reads an address with or without a port, and without a zone.
func address(text string) netip.Addr {
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	text = strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	a, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

// hop is what one proxy says of who asked it; empty: nothing.
type hop struct {
	addr         netip.Addr
	scheme, host string
}

// most is how many proxies are read of.
const most = 16

// forwarded reads what proxies added, the nearest last: Forwarded (RFC 7239), or the
// X-Forwarded fields. A proxy that writes one of them lets the other of a client pass:
// where both are there and name different addresses, neither is believed.
func forwarded(h http.Header) []hop {
	standard, usual := standardHops(h.Values("Forwarded")), usualHops(h)
	switch {
	case len(standard) == 0:
		return usual
	case len(usual) == 0:
		return standard
	case !slices.EqualFunc(standard, usual, func(a, b hop) bool { return a.addr == b.addr }):
		return nil
	}
	return standard
}

func standardHops(fields []string) []hop {
	var out []hop
	for _, element := range split(strings.Join(fields, ","), ',') {
		var one hop
		for _, pair := range split(element, ';') {
			name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			value = unquoted(value)
			switch strings.ToLower(name) {
			case "for":
				one.addr = address(value)
			case "proto":
				one.scheme = validScheme(value)
			case "host":
				if validHost(value) {
					one.host = value
				}
			}
		}
		out = append(out, one)
	}
	return last(out)
}

func usualHops(h http.Header) []hop {
	var out []hop
	for _, text := range list(h, "X-Forwarded-For") {
		out = append(out, hop{addr: address(text)})
	}
	schemes, hosts := list(h, "X-Forwarded-Proto"), list(h, "X-Forwarded-Host")
	for i := range out { // proxies that write one each, or one for all of them
		if n := len(schemes); n > 0 {
			out[i].scheme = validScheme(schemes[max(0, n-len(out)+i)])
		}
		if n := len(hosts); n > 0 && validHost(hosts[max(0, n-len(out)+i)]) {
			out[i].host = hosts[max(0, n-len(out)+i)]
		}
	}
	return last(out)
}

func last(hops []hop) []hop { return hops[max(0, len(hops)-most):] }

func list(h http.Header, name string) []string {
	text := strings.Join(h.Values(name), ",")
	if text == "" {
		return nil
	}
	out := strings.Split(text, ",")
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}

// split cuts at a separator that is not between quotes; empty: nothing.
func split(text string, at byte) []string {
	if text == "" {
		return nil
	}
	var out []string
	quoted, start := false, 0
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quoted:
			i++
		case text[i] == '"':
			quoted = !quoted
		case text[i] == at && !quoted:
			out, start = append(out, text[start:i]), i+1
		}
	}
	return append(out, text[start:])
}

// unquoted reads a token or a quoted string (RFC 9110 §5.6.4).
func unquoted(text string) string {
	text = strings.TrimSpace(text)
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return text
	}
	var b strings.Builder
	for i := 1; i < len(text)-1; i++ {
		if text[i] == '\\' && i+1 < len(text)-1 {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

func validScheme(text string) string {
	switch text = strings.ToLower(text); text {
	case "http", "https":
		return text
	}
	return ""
}

var hostForm = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)

func validHost(text string) bool { return len(text) <= 255 && hostForm.MatchString(text) }
