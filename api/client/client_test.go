package client

import (
	"crypto/tls"
	"net/http"
	"strings"
	"testing"
)

func request(peer, host string, fields ...string) *http.Request {
	r := &http.Request{RemoteAddr: peer, Host: host, Header: http.Header{}}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		r.Header.Add(name, value)
	}
	return r
}

func TestWho(t *testing.T) {
	trusting, err := NewDoor("", []string{"10.0.0.0/8", "192.0.2.1", "fd00::/8"})
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("203.0.113.9, ", 100)
	for _, c := range []struct {
		name   string
		peer   string
		fields []string
		key    string
		root   string
	}{
		{"who is not trusted is itself", "203.0.113.7:1234", []string{"X-Forwarded-For: 198.51.100.1", "X-Forwarded-Proto: https", "X-Forwarded-Host: mal.exemple"}, "203.0.113.7", "http://dedans/carte"},
		{"nor by the standard", "203.0.113.7:1234", []string{"Forwarded: for=198.51.100.1;proto=https;host=mal.exemple"}, "203.0.113.7", "http://dedans/carte"},
		{"nor what Echo believed", "203.0.113.7:1234", []string{"X-Forwarded-Ssl: on", "X-Url-Scheme: https", "X-Forwarded-Protocol: https", "X-Real-Ip: 198.51.100.1"}, "203.0.113.7", "http://dedans/carte"},
		{"a proxy without a word", "10.1.2.3:80", nil, "10.1.2.3", "http://dedans/carte"},
		{"usual", "10.1.2.3:80", []string{"X-Forwarded-For: 198.51.100.1", "X-Forwarded-Proto: https", "X-Forwarded-Host: carte.exemple.fr"}, "198.51.100.1", "https://carte.exemple.fr/carte"},
		{"standard", "10.1.2.3:80", []string{`Forwarded: for="[2001:db8:1:2:3::4]:4711";proto=https;host="carte.exemple.fr:8443"`}, "2001:db8:1:2::/64", "https://carte.exemple.fr:8443/carte"},
		{"standard, written oddly", "10.1.2.3:80", []string{`forwarded: For = 198.51.100.1`, `FORWARDED: by=_x;FOR=198.51.100.2;Proto=HTTPS`}, "198.51.100.2", "https://dedans/carte"},
		{"the right-most that is not trusted", "10.1.2.3:80", []string{"X-Forwarded-For: 6.6.6.6, 198.51.100.1, 192.0.2.1, 10.9.9.9"}, "198.51.100.1", "http://dedans/carte"},
		{"in several fields", "10.1.2.3:80", []string{"X-Forwarded-For: 6.6.6.6, 198.51.100.1", "X-Forwarded-For: 192.0.2.1"}, "198.51.100.1", "http://dedans/carte"},
		{"standard, in a chain", "[fd00::1]:80", []string{"Forwarded: for=6.6.6.6;host=mal.exemple, for=198.51.100.1;proto=https;host=carte.exemple.fr, for=10.0.0.2;host=dedans.exemple"}, "198.51.100.1", "https://carte.exemple.fr/carte"},
		{"what a client wrote before the proxy did", "10.1.2.3:80", []string{"X-Forwarded-For: 10.0.0.1, 198.51.100.1", "X-Forwarded-Proto: http, https", "X-Forwarded-Host: mal.exemple, carte.exemple.fr"}, "198.51.100.1", "https://carte.exemple.fr/carte"},
		{"two that differ", "10.1.2.3:80", []string{"Forwarded: for=6.6.6.6;host=mal.exemple", "X-Forwarded-For: 198.51.100.1", "X-Forwarded-Host: carte.exemple.fr"}, "10.1.2.3", "http://dedans/carte"},
		{"two that agree", "10.1.2.3:80", []string{"Forwarded: for=198.51.100.1;proto=https", "X-Forwarded-For: 198.51.100.1"}, "198.51.100.1", "https://dedans/carte"},
		{"unknown", "10.1.2.3:80", []string{"Forwarded: for=198.51.100.1, for=unknown;host=mal.exemple"}, "10.1.2.3", "http://dedans/carte"},
		{"hidden", "10.1.2.3:80", []string{"Forwarded: for=_secret"}, "10.1.2.3", "http://dedans/carte"},
		{"no address", "10.1.2.3:80", []string{"X-Forwarded-For: 198.51.100.1, <script>"}, "10.1.2.3", "http://dedans/carte"},
		{"empty", "10.1.2.3:80", []string{"X-Forwarded-For: ", "Forwarded: "}, "10.1.2.3", "http://dedans/carte"},
		{"a hostile host", "10.1.2.3:80", []string{"X-Forwarded-For: 198.51.100.1", `X-Forwarded-Host: a"><script>`, "X-Forwarded-Proto: javascript"}, "198.51.100.1", "http://dedans/carte"},
		{"a hostile host, standard", "10.1.2.3:80", []string{`Forwarded: for=198.51.100.1;host="a/b@c";proto=ftp`}, "198.51.100.1", "http://dedans/carte"},
		{"a quote that does not end", "10.1.2.3:80", []string{`Forwarded: for="198.51.100.1;host=mal.exemple, for=6.6.6.6`}, "10.1.2.3", "http://dedans/carte"},
		{"IPv4 in IPv6", "[::ffff:10.1.2.3]:80", []string{"X-Forwarded-For: ::ffff:198.51.100.1"}, "198.51.100.1", "http://dedans/carte"},
		{"IPv6 with a zone", "[fe80::1%eth0]:80", nil, "fe80::/64", "http://dedans/carte"},
		{"IPv6 is a network", "[2001:db8:1:2:aaaa::1]:80", nil, "2001:db8:1:2::/64", "http://dedans/carte"},
		{"all are trusted", "10.1.2.3:80", []string{"X-Forwarded-For: 10.0.0.7, 10.0.0.8"}, "10.0.0.7", "http://dedans/carte"},
		{"a hundred, of which the nearest are read", "10.1.2.3:80", []string{"X-Forwarded-For: " + long + "198.51.100.1"}, "198.51.100.1", "http://dedans/carte"},
		{"no connection", "", []string{"X-Forwarded-For: 198.51.100.1"}, "", "http://dedans/carte"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := trusting.Who(request(c.peer, "dedans", c.fields...), "/carte")
			if got.Key() != c.key || got.Root() != c.root {
				t.Errorf("%q by %q, want %q by %q", got.Key(), got.Root(), c.key, c.root)
			}
		})
	}
}

func TestWhoWithoutTrust(t *testing.T) {
	var d Door
	r := request("10.1.2.3:80", "dedans", "X-Forwarded-For: 198.51.100.1", "X-Forwarded-Proto: https")
	r.TLS = &tls.ConnectionState{}
	if got := d.Who(r, ""); got.Key() != "10.1.2.3" || got.Root() != "https://dedans" {
		t.Errorf("%q by %q", got.Key(), got.Root())
	}
}

func TestPublicAddress(t *testing.T) {
	for _, c := range []struct{ public, root, path string }{
		{"https://carte.exemple.fr", "https://carte.exemple.fr", ""},
		{"https://carte.exemple.fr/", "https://carte.exemple.fr", ""},
		{"http://exemple.fr:8080/sous/carte/", "http://exemple.fr:8080/sous/carte", "/sous/carte"},
	} {
		d, err := NewDoor(c.public, nil)
		if err != nil {
			t.Errorf("%s: %v", c.public, err)
			continue
		}
		path, ok := d.Path()
		if got := d.Who(request("1.2.3.4:5", "mal.exemple", "X-Forwarded-Host: pire.exemple"), "/base").Root(); got != c.root || !ok || path != c.path {
			t.Errorf("%s: %s, path %q", c.public, got, path)
		}
	}
	for _, public := range []string{"carte.exemple.fr", "ftp://carte.exemple.fr", "https://", "https://a@b.fr", "https://b.fr?x=1", "https://b.fr#x", "https://b c.fr", "https://b.fr:port", "://"} {
		if _, err := NewDoor(public, nil); err == nil || !strings.Contains(err.Error(), "n'est pas de la forme") {
			t.Errorf("%s: %v", public, err)
		}
	}
	for _, trusted := range []string{"", "exemple.fr", "10.0.0.0/33", "10.0.0", "::1/129"} {
		if _, err := NewDoor("", []string{trusted}); err == nil || !strings.Contains(err.Error(), "n'est pas une adresse IP") {
			t.Errorf("%q: %v", trusted, err)
		}
	}
}

// FuzzForwarded: whatever is written, nothing breaks, and what is believed is well formed.
func FuzzForwarded(f *testing.F) {
	f.Add(`for="[2001:db8::1]:1";proto=https;host="a.b", for=1.2.3.4`, "1.2.3.4, 5.6.7.8", "a.b", "https")
	f.Add(`for="\`, ",,", "", "")
	d, err := NewDoor("", []string{"0.0.0.0/0", "::/0"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, standard, usual, host, scheme string) {
		r := &http.Request{RemoteAddr: "10.0.0.1:1", Host: "dedans", Header: http.Header{"Forwarded": {standard}, "X-Forwarded-For": {usual}, "X-Forwarded-Host": {host}, "X-Forwarded-Proto": {scheme}}}
		c := d.Who(r, "")
		after, ok := strings.CutPrefix(c.Root(), "http://")
		if !ok {
			after, ok = strings.CutPrefix(c.Root(), "https://")
		}
		if !ok || !validHost(after) || !c.Addr.IsValid() || c.Key() == "" {
			t.Errorf("%+v", c)
		}
	})
}
