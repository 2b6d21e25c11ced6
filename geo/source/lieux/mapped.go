package lieux

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/geo/source"
)

// mapper reads the records of one file by a mapping.
type mapper struct {
	of     *source.LieuMapping
	at     map[string]string // the columns of a table, by what the mapping calls them
	seen   map[string]bool   // the keys of JSON that some record has
	read   bool              // some record was
	tell   func(field, sentence string)
	fields map[string]bool // those of positions, when the mapping says where one of them is
}

func newMapper(of *source.LieuMapping) *mapper {
	m := &mapper{of: of, at: map[string]string{}, seen: map[string]bool{}, tell: func(string, string) {}, fields: map[string]bool{}}
	for _, f := range positionFields {
		if _, ok := of.Fields[f]; ok {
			for _, f := range positionFields {
				m.fields[f] = true
			}
		}
	}
	return m
}

var positionFields = []string{"latitude", "longitude", "position", "x", "y"}

// columns are all those that the mapping names, in order.
func (m *mapper) columns() []string {
	set := map[string]bool{}
	for _, values := range m.of.Fields {
		for _, v := range values {
			for _, c := range append(slices.Clone(v.Columns), v.Days[:]...) {
				set[c] = true
			}
		}
	}
	for _, f := range append(slices.Clone(m.of.Keep), m.of.Drop...) {
		set[f.Column] = true
	}
	delete(set, "")
	return sortedKeys(set)
}

// columnIn finds a column in a header: by its name without case, else without accents,
// signs and blanks when that leaves one.
func columnIn(header []string, name string) (string, bool) {
	for _, h := range header {
		if source.ColumnName(h) == source.ColumnName(name) {
			return source.ColumnName(h), true
		}
	}
	found := ""
	for _, h := range header {
		if key := squeeze(h); key != "" && key == squeeze(name) {
			if found != "" {
				return "", false
			}
			found = source.ColumnName(h)
		}
	}
	return found, found != ""
}

// resolve finds the columns of the mapping in a header.
func (m *mapper) resolve(file string, header []string) error {
	for _, c := range m.columns() {
		found, ok := columnIn(header, c)
		if !ok {
			return source.FailAt(file, 1, "colonne « %s » de la correspondance absente ; colonnes lues : %s", c, source.Shorten(strings.Join(header, ", ")))
		}
		m.at[c] = found
	}
	return nil
}

// reader reads the keys of an object by their paths.
func (m *mapper) reader(object map[string]json.RawMessage) func(string) string {
	m.read = true
	for _, c := range m.columns() {
		if !m.seen[c] {
			if _, ok := lookup(object, c); ok {
				m.seen[c] = true
			}
		}
	}
	return func(path string) string {
		text, _ := lookup(object, path)
		return plain(text)
	}
}

// unseen ends the import for want of a key.
func (m *mapper) unseen(file string) error {
	for _, c := range m.columns() {
		if m.read && !m.seen[c] {
			return source.FailAt(file, 0, "clé « %s » de la correspondance absente de tous les enregistrements", c)
		}
	}
	return nil
}

// lookup follows a path of keys: "adresse.voie", "contacts.0.site". In a list without a
// rank, it takes the key of each element. A key that holds a dot is found first.
func lookup(object map[string]json.RawMessage, path string) (text string, ok bool) {
	if raw, ok := keyOf(object, path); ok {
		return jsonText(raw), true
	}
	for i := 0; i < len(path); i++ {
		if path[i] != '.' {
			continue
		}
		if raw, ok := keyOf(object, path[:i]); ok {
			if text, ok := within(raw, path[i+1:]); ok {
				return text, true
			}
		}
	}
	return "", false
}

func keyOf(object map[string]json.RawMessage, key string) (json.RawMessage, bool) {
	if raw, ok := object[key]; ok {
		return raw, true
	}
	for _, k := range sortedKeys(object) {
		if s := squeeze(k); s != "" && s == squeeze(key) && !strings.Contains(key, ".") {
			return object[k], true
		}
	}
	return nil, false
}

func within(raw json.RawMessage, path string) (string, bool) {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) == nil && object != nil {
		return lookup(object, path)
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return "", false
	}
	first, rest, more := strings.Cut(path, ".")
	if n, err := strconv.Atoi(first); err == nil {
		switch {
		case n < 0 || n >= len(list):
			return "", false
		case more:
			return within(list[n], rest)
		}
		return jsonText(list[n]), true
	}
	var all []string
	found := false
	for _, e := range list {
		if text, ok := within(e, path); ok {
			all, found = append(all, text), true
		}
	}
	return joined(all...), found
}

// keeps reports whether a record is one that the mapping keeps.
func (m *mapper) keeps(raw func(string) string) bool {
	is := func(f source.RowFilter) bool {
		value := folded(raw(f.Column))
		return slices.ContainsFunc(f.Keep, func(v string) bool { return folded(v) == value })
	}
	for _, f := range m.of.Keep {
		if !is(f) {
			return false
		}
	}
	return !slices.ContainsFunc(m.of.Drop, is)
}

// folded is a value as the mapping compares it: without case, accents and signs, unless
// it is nothing else.
func folded(s string) string {
	if slug := source.Slug(s); slug != "" {
		return slug
	}
	return strings.TrimSpace(s)
}

// get reads the fields of a record: those of the mapping, else those that have a name
// that we know. A record without an id is given one that is made of what it is.
func (m *mapper) get(raw, named func(string) string) func(string) string {
	done := map[string]string{}
	var get func(string) string
	get = func(field string) string {
		if text, ok := done[field]; ok {
			return text
		}
		text := ""
		if values, ok := m.of.Fields[field]; ok {
			text = m.values(field, values, raw)
		} else if !m.fields[field] {
			text = named(field)
		}
		if field == "id" && text == "" && get("nom") != "" {
			m.tell("id", "identifiant fait du nom, de l'adresse et de la commune dans %s")
			key := strings.Join([]string{squeeze(get("nom")), squeeze(get("adresse")), get("code_insee"), get("code_postal"), squeeze(get("commune"))}, "|")
			sum := sha256.Sum256([]byte(key))
			text = "lieu-" + hex.EncodeToString(sum[:6])
		}
		done[field] = text
		return text
	}
	return get
}

// values are the values of a field: all of them for a field of several, else the first
// that is not empty.
func (m *mapper) values(field string, of []source.LieuValue, raw func(string) string) string {
	var all []string
	for _, v := range of {
		text := m.value(field, v, raw)
		if text != "" && !severalOf[field] {
			return text
		}
		all = append(all, text)
	}
	return joined(all...)
}

func (m *mapper) value(field string, v source.LieuValue, raw func(string) string) string {
	text := v.Constant
	switch {
	case v.Days != [7]string{}:
		text = m.week(v, raw)
	case v.Columns != nil:
		var parts []string
		for _, c := range v.Columns {
			if t := raw(c); t != "" {
				parts = append(parts, t)
			}
		}
		between := v.Between
		if between == "" {
			between = " "
		}
		text = strings.Join(parts, between)
	}
	if slices.ContainsFunc(v.Unknown, func(u string) bool { return folded(u) == folded(text) }) {
		text = ""
	}
	switch {
	case v.Yes != "" || v.No != "":
		switch answerOf(text) {
		case affirmative:
			text = v.Yes
		case negative:
			text = v.No
		case silent:
			text = ""
		default:
			m.tell(strings.Join(v.Columns, ", "), "valeur qui n'est ni oui ni non, laissée de côté dans %s")
			text = ""
		}
	case v.Table != nil && !severalOf[field]:
		text = translated(v.Table, text)
	case severalOf[field] && text != "" && v.Days == [7]string{}:
		var words []string
		for _, w := range m.split(v, text) {
			if v.Table != nil {
				w = translated(v.Table, w)
			}
			words = append(words, w)
		}
		text = joined(words...)
	}
	if text == "" {
		return v.Else
	}
	if v.Format != "" {
		day, err := time.Parse(v.Format, text)
		if err != nil {
			return text + " (attendu comme " + time.Date(2024, 12, 31, 14, 30, 0, 0, time.UTC).Format(v.Format) + ")"
		}
		return day.Format(time.DateOnly)
	}
	return text
}

// split cuts a text where the mapping says; values that were a list in JSON are one
// already.
func (m *mapper) split(v source.LieuValue, text string) []string {
	separators := v.Separators
	if separators == "" {
		separators = m.of.Separators
	}
	if separators == "" {
		return valuesOf(text)
	}
	var words []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r == '|' || strings.ContainsRune(separators, r) }) {
		if w = strings.TrimSpace(w); w != "" {
			words = append(words, w)
		}
	}
	return words
}

// translated is what a value stands for.
func translated(table map[string]string, text string) string {
	if to, ok := table[folded(text)]; ok {
		return to
	}
	if to, ok := table["*"]; ok && text != "" {
		return to
	}
	return text
}
