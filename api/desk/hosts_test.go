package desk

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHostsAreExact(t *testing.T) {
	got, err := ParseHosts([]string{"www.Exemple.fr", "exemple.fr:8443", "château-thierry.fr", "127.0.0.1:3000", " exemple.fr:8443 ", "localhost"})
	want := []string{"www.exemple.fr", "exemple.fr:8443", "xn--chteau-thierry-chb.fr", "127.0.0.1:3000", "localhost"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, text := range []string{"", " ", "*", "*.exemple.fr", "exemple.*", "exemple.fr:*", "https://exemple.fr", "exemple.fr/", "exemple.fr.", "exemple..fr",
		"exemple.fr:0", "exemple.fr:65536", "exemple.fr:", "[::1]", "exemple.fr; script-src *", "exemple.fr 'unsafe-inline'", "'self'", "data:", "a,b", "ex_emple.fr",
		"exemple.fr\r\nX: y", strings.Repeat("a", 64) + ".fr"} {
		if got, err := ParseHosts([]string{text}); err == nil {
			t.Errorf("ParseHosts(%q) = %q, want an error", text, got)
		}
	}
	if _, err := ParseHosts(slices.Repeat([]string{"a.fr"}, maxHosts+1)); err == nil {
		t.Error("as many hosts as one likes are taken")
	}
}
