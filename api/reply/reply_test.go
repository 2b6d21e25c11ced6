package reply

import (
	"testing"
)

func TestMatchTag(t *testing.T) {
	const a, b = `"aaaa"`, `"bbbb"`
	for _, row := range []struct {
		name   string
		fields []string
		want   string
	}{
		{"no field", nil, ""},
		{"the tag", []string{a}, a},
		{"weak", []string{`W/"aaaa"`}, a},
		{"second of a list", []string{`"x", "bbbb"`}, b},
		{"second field", []string{`"x"`, a}, a},
		{"no spaces", []string{`"x","aaaa"`}, a},
		{"a comma inside a tag", []string{`"x,y", "aaaa"`}, a},
		{"any", []string{"*"}, a},
		{"without quotes", []string{"aaaa"}, ""},
		{"an open quote", []string{`"aaaa`}, ""},
		{"a prefix", []string{`"aaa"`}, ""},
		{"lower-case w", []string{`w/"aaaa"`}, ""},
		{"empty elements", []string{`, ,"aaaa"`}, a},
		{"W/ alone", []string{`W/`}, ""},
	} {
		if got := matchTag(row.fields, a, b); got != row.want {
			t.Errorf("%s: matchTag(%q) = %q, want %q", row.name, row.fields, got, row.want)
		}
	}
}

func TestPrefersGzip(t *testing.T) {
	for _, row := range []struct {
		name, field string
		want        bool
	}{
		{"absent", "", false},
		{"browser", "gzip, deflate, br, zstd", true},
		{"old name", "x-gzip", true},
		{"upper case", "GZIP", true},
		{"refused", "gzip;q=0", false},
		{"refused with decimals", "gzip;q=0.000", false},
		{"any coding", "*", true},
		{"any but gzip", "gzip;q=0, *", false},
		{"any refused", "*;q=0", false},
		{"plain preferred", "gzip;q=0.5, identity", false},
		{"gzip preferred", "gzip;q=1.0, identity; q=0.5, *;q=0", true},
		{"another coding only", "br", false},
		{"spaces", " gzip ; q=0.8 ", true},
		{"malformed quality is no offer", "gzip;q=beaucoup", false},
		{"quality out of range is no offer", "gzip;q=2", false},
	} {
		if got := prefers([]string{row.field}, "gzip"); got != row.want {
			t.Errorf("%s: prefers(%q, gzip) = %t, want %t", row.name, row.field, got, row.want)
		}
	}
}
