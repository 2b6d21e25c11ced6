package lieux

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aisne-numerique/maillage/geo/source"
)

// lists are the members of an object that may hold the records of a file.
var lists = []string{"structures", "services", "items", "lieux"}

// shape is what the start of a JSON text tells of it.
type shape struct {
	array   bool     // a list of objects
	wrapper string   // the member that holds the first list, when the text is one object that holds some
	keys    []string // of the first record
}

// shapeOf looks at the first record of a text that may be cut anywhere.
func shapeOf(head []byte) (s shape) {
	d := json.NewDecoder(bytes.NewReader(head))
	t, err := d.Token()
	if err != nil {
		return s
	}
	if s.array = t == json.Delim('['); s.array {
		if t, err = d.Token(); err != nil || t != json.Delim('{') {
			return s
		}
	}
	for depth, key := 1, true; ; key = !key {
		t, err := d.Token()
		if err != nil {
			return s
		}
		name, isString := t.(string)
		switch {
		case t == json.Delim('}') && key:
			return s
		case key && isString:
			s.keys = append(s.keys, fieldName(name))
			continue
		}
		// The value of the last key: past it, unless it is a list of records.
		inside := 0
		for first := true; ; first = false {
			switch t {
			case json.Delim('{'), json.Delim('['):
				inside++
			case json.Delim('}'), json.Delim(']'):
				inside--
			}
			if inside == 0 {
				break
			}
			if t, err = d.Token(); err != nil {
				return s
			}
			last := s.keys[len(s.keys)-1]
			if first && depth == 1 && !s.array && t == json.Delim('{') && slices.Contains(lists, last) {
				s.wrapper, s.keys = last, nil
				depth, key = 2, false
				break
			}
		}
	}
}

// isDataInclusion tells the records of data·inclusion from those of the national
// schema, which alone has services and a pivot in its records.
func isDataInclusion(head []byte) bool {
	s := shapeOf(bytes.TrimPrefix(head, source.BOM))
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(s.keys, n) })
	}
	switch {
	case s.wrapper == "structures", s.wrapper == "services", has("thematiques"):
		return true
	case has("services", "pivot"):
		return false // v0.1 has a structure_id too
	}
	return has("structure_id", "siret", "rna", "lien_source", "reseaux_porteurs", "accessibilite_lieu", "description")
}

const wantJSON = "attendu des lieux en JSON : une liste d'objets, un objet qui en contient (structures, services), ou un objet par ligne"

// eachJSONRecord reads the records of a JSON file to the end. Rows are ranks, or
// lines when there is one object per line.
func eachJSONRecord(f source.File, use func(lieuRecord) error, bad func(row int, reason string) error) error {
	if bad == nil {
		bad = func(int, string) error { return nil }
	}
	s := shapeOf(f.HeadText())
	if slices.Contains(s.keys, "features") && slices.Contains(s.keys, "type") {
		return source.FailAt(f.Name, 0, "c'est du GeoJSON ; %s", wantJSON)
	}
	text, err := f.OpenText()
	if err != nil {
		return err
	}
	defer text.Close()
	names := keyNames{}
	record := func(row int, raw []byte) error {
		fields, reason := names.readObject(raw)
		if reason != "" {
			return bad(row, reason)
		}
		return use(lieuRecord{f.Name, row, func(field string) string { return fields[field] }})
	}
	if s.array || s.wrapper != "" {
		err = eachListed(f.Name, text, record)
	} else {
		err = eachLine(f.Name, text, record)
	}
	if err != nil {
		return err
	}
	return text.Verify()
}

// keyNames remembers the names that we know keys by: a file has few.
type keyNames map[string]string

func (k keyNames) of(key string) string {
	const most = 1000
	name, ok := k[key]
	if !ok {
		if name = fieldName(key); len(k) < most {
			k[key] = name
		}
	}
	return name
}

// readObject reads one record; reason says why it is none.
func (k keyNames) readObject(raw []byte) (fields map[string]string, reason string) {
	var object map[string]json.RawMessage
	switch {
	case len(raw) > source.MaxRecord:
		return nil, source.TooLong
	case !utf8.Valid(raw):
		return nil, "octets qui ne sont pas de l'UTF-8"
	case json.Unmarshal(raw, &object) != nil || object == nil:
		if json.Valid(raw) {
			return nil, "ce n'est pas un objet ; attendu { \"id\": …, \"nom\": … }"
		}
		return nil, "JSON non compris ; attendu un objet entier par ligne"
	}
	fields = make(map[string]string, len(object))
	// Of two keys for one field, the one with its exact name wins, then the first in
	// the order of bytes.
	for _, key := range slices.Sorted(maps.Keys(object)) {
		name := k.of(key)
		if _, taken := fields[name]; !taken || key == name {
			fields[name] = jsonText(object[key])
		}
	}
	return fields, ""
}

// jsonText is a value as a CSV would hold it: a list with "|" between its values.
func jsonText(raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	var text string
	var list []json.RawMessage
	switch {
	case string(raw) == "null":
		return ""
	case json.Unmarshal(raw, &text) == nil:
		return source.Clean(text)
	case raw[0] == '[' && json.Unmarshal(raw, &list) == nil:
		values := make([]string, len(list))
		for i, v := range list {
			values[i] = jsonText(v)
		}
		return strings.Join(values, "|")
	}
	return string(raw)
}

// eachLine reads one object per line.
func eachLine(name string, text io.Reader, record func(row int, raw []byte) error) error {
	scan := bufio.NewScanner(text)
	scan.Buffer(make([]byte, 64<<10), source.MaxRecord)
	line := 0
	for scan.Scan() {
		line++
		raw := bytes.TrimSpace(scan.Bytes())
		if string(raw) == "{" {
			return source.FailAt(name, line, "un objet écrit sur plusieurs lignes ; %s", wantJSON)
		}
		if len(raw) > 0 {
			if err := record(line, raw); err != nil {
				return err
			}
		}
	}
	switch err := scan.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return source.FailAt(name, line+1, "ligne de plus de 1 Mio ; %s", wantJSON)
	case err != nil:
		return source.FailAt(name, line+1, "lecture interrompue : %v", source.Readable(err))
	}
	return nil
}

// eachListed reads the elements of a list, or of the lists of an object, numbered
// from 1 in the whole file.
func eachListed(name string, text io.Reader, record func(row int, raw []byte) error) error {
	b := &source.Budget{Reader: text}
	d := json.NewDecoder(b)
	n := 0
	broken := func(err error) error {
		var syntax *json.SyntaxError
		switch {
		case errors.Is(err, source.ErrBudget):
			return source.FailAt(name, n+1, "objet de plus de 8 Mio ; %s", wantJSON)
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return source.FailAt(name, n+1, "le fichier s'arrête au milieu ; il est sans doute tronqué")
		case errors.As(err, &syntax):
			return source.FailAt(name, n+1, "JSON invalide après l'octet %d ; %s", d.InputOffset(), wantJSON)
		}
		return source.FailAt(name, n+1, "lecture interrompue : %v", source.Readable(err))
	}
	elements := func() error {
		for d.More() {
			b.Renew()
			var raw json.RawMessage
			if err := d.Decode(&raw); err != nil {
				return broken(err)
			}
			n++
			if err := record(n, raw); err != nil {
				return err
			}
		}
		b.Renew()
		if _, err := d.Token(); err != nil {
			return broken(err)
		}
		return nil
	}
	t, err := d.Token()
	if err != nil {
		return broken(err)
	}
	if t == json.Delim('[') {
		err = elements()
	} else {
		err = eachMember(d, b, broken, elements)
	}
	if err != nil {
		return err
	}
	b.Renew()
	if _, err := d.Token(); err != io.EOF {
		return source.FailAt(name, n, "du texte suit la fin du JSON ; %s", wantJSON)
	}
	return nil
}

// eachMember goes through an object whose brace is read: to the elements of the
// members that are lists of records, past the others.
func eachMember(d *json.Decoder, b *source.Budget, broken func(error) error, elements func() error) error {
	for d.More() {
		b.Renew()
		key, err := d.Token()
		if err != nil {
			return broken(err)
		}
		if name, _ := key.(string); !slices.Contains(lists, name) {
			var skipped json.RawMessage
			if err := d.Decode(&skipped); err != nil {
				return broken(err)
			}
			continue
		}
		t, err := d.Token()
		if err != nil {
			return broken(err)
		}
		if t != json.Delim('[') {
			return broken(errors.New("« " + key.(string) + " » n'est pas une liste"))
		}
		if err := elements(); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return broken(err)
	}
	return nil
}
