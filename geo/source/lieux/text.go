package lieux

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aisne-numerique/maillage/geo/source"
)

// Bounds of the texts of a lieu, in characters. What is longer is cut, and said: no
// screen has room for it, and a cell of a workbook holds 32 767.
const (
	maxName = 300  // of a name, an address, a label
	maxList = 1000 // of several values
	maxText = 4000 // of a presentation, a remark
)

// plain is a text without what is no text: control characters, and the characters that
// turn the direction of writing, with which a name could be made to look like another.
// Ends of lines and tabulators are blanks.
func plain(s string) string {
	if !strings.ContainsFunc(s, invisible) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t', r == '\v', r == '\f', r == '\u0085', r == '\u2028', r == '\u2029':
			return ' '
		case invisible(r):
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
	return strings.TrimSpace(s)
}

func invisible(r rune) bool {
	switch {
	case r < 0x80:
		return r < 0x20 || r == 0x7f
	case r == '\u061c', r == '\u200e', r == '\u200f', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\ufeff', r == '\u2028', r == '\u2029':
		return true
	}
	return unicode.Is(unicode.Cc, r)
}

// bound cuts a text at most characters, and says so.
func (r *lieuxReader) bound(c lieuRecord, field, s string, most int) string {
	if len(s) <= most || utf8.RuneCountInString(s) <= most {
		return s
	}
	r.note(c.file, field, "texte trop long, coupé dans %s")
	n := 0
	for i := range s {
		if n++; n == most {
			return strings.TrimSpace(s[:i]) + "…"
		}
	}
	return s
}

// valuesOf cuts a field of several values, as [source.SplitList] and also where they
// are written as a list of JSON, of Python or of PostgreSQL.
func valuesOf(s string) []string {
	if len(s) < 2 || !(s[0] == '[' && s[len(s)-1] == ']' || s[0] == '{' && s[len(s)-1] == '}') {
		return source.SplitList(s)
	}
	var list []string
	if json.Unmarshal([]byte(s), &list) != nil {
		list = list[:0]
		for _, v := range strings.FieldsFunc(s[1:len(s)-1], func(r rune) bool { return r == ',' || r == ';' || r == '|' }) {
			list = append(list, strings.Trim(strings.TrimSpace(v), `"'`))
		}
	}
	kept := list[:0]
	for _, v := range list {
		if v = source.Clean(v); v != "" {
			kept = append(kept, v)
		}
	}
	return kept
}

// joined writes several values as a lieu keeps them, each once.
func joined(list ...string) string {
	var kept []string
	seen := map[string]bool{}
	for _, v := range list {
		if v != "" && !seen[v] {
			seen[v] = true
			kept = append(kept, v)
		}
	}
	return strings.Join(kept, "|")
}
