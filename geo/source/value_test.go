package source

import (
	"testing"
)

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"Fère-en-Tardenois": "fere-en-tardenois", "  Œuilly (02) ": "oeuilly-02", "L'Haÿ-les-Roses": "l-hay-les-roses", "Ça & là": "ca-la", "—": "", "": "",
	} {
		if got := Slug(name); got != want {
			t.Errorf("slug(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestParseNumber(t *testing.T) {
	for _, tt := range []struct {
		special, text string
		want          float64
		ok            bool
	}{
		{"integer", "507", 507, true},
		{"decimal point", "12.5", 12.5, true},
		{"decimal comma", "12,5", 12.5, true},
		{"thousands", "1 234 567,8", 1234567.8, true},
		{"narrow no-break blanks", "21\u202f150", 21150, true},
		{"blanks that part no thousands", "12 34", 0, false},
		{"both point and comma", "1,234.5", 0, false},
		{"not a number", "NaN", 0, false},
		{"infinite", "Inf", 0, false},
		{"too large", "1e999", 0, false},
		{"hexadecimal", "0x10", 0, false},
		{"underscores", "1_000", 0, false},
		{"percent", "12 %", 0, false},
		{"nothing", "", 0, false},
	} {
		if got, ok := ParseNumber(tt.text); got != tt.want || ok != tt.ok {
			t.Errorf("%s: parseNumber(%q) = %v, %v; want %v, %v", tt.special, tt.text, got, ok, tt.want, tt.ok)
		}
	}
}
