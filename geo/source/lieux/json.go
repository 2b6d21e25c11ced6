package lieux

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
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

const wantJSON = "attendu des lieux en JSON : une liste d'objets, un objet qui en contient (structures, services), ou un objet par ligne"

// eachJSON reads the records of a JSON file to the end. Rows are ranks, or lines when
// there is one object per line.
func (l lieuxFile) eachJSON(use func(lieuRecord) error, bad func(row int, reason string) error) error {
	if bad == nil {
		bad = func(int, string) error { return nil }
	}
	f := l.File
	s := shapeOf(f.HeadText())
	if l.m == nil && slices.Contains(s.keys, "features") && slices.Contains(s.keys, "type") {
		return source.FailAt(f.Name, 0, "c'est du GeoJSON ; %s", wantJSON)
	}
	text, err := f.OpenText()
	if err != nil {
		return err
	}
	defer text.Close()
	names := keyNames{}
	list := ""
	record := func(row int, raw []byte) error {
		object, reason := readObject(raw)
		if reason != "" {
			return bad(row, reason)
		}
		fields := names.fields(object)
		get := func(field string) string { return fields[field] }
		has := func(field string) bool { _, ok := fields[field]; return ok }
		c := lieuRecord{file: f.Name, row: row, list: list, get: get, has: has}
		if l.m != nil {
			path := l.m.reader(object)
			c.left = !l.m.keeps(path)
			c.get = l.m.get(path, get)
		}
		return use(c)
	}
	walk := &walker{name: f.Name, lists: lists, list: &list, record: record}
	if l.m != nil {
		walk.path = l.m.of.List
	}
	switch {
	case walk.path != nil:
		err = walk.all(text)
	case s.array || s.wrapper != "":
		err = walk.all(text)
	default:
		err = eachLine(f.Name, text, record)
	}
	if err != nil {
		return err
	}
	if l.m != nil {
		if err := l.m.unseen(f.Name); err != nil {
			return err
		}
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
func readObject(raw []byte) (object map[string]json.RawMessage, reason string) {
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
	return object, ""
}

// fields are the texts of an object by the names that we know its keys by. Of two keys
// for one field, the one with its exact name wins, then the first in the order of bytes.
func (k keyNames) fields(object map[string]json.RawMessage) map[string]string {
	fields := make(map[string]string, len(object))
	for _, key := range sortedKeys(object) {
		name := k.of(key)
		if _, taken := fields[name]; !taken || key == name {
			fields[name] = jsonText(object[key])
		}
	}
	return fields
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
		return plain(source.Clean(text))
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

// walker reads the elements of a list, or of the lists of an object, numbered from 1 in
// the whole file.
type walker struct {
	name   string
	lists  []string // the members that hold records
	path   []string // or the path of the one that does
	list   *string  // is told which is being read
	record func(row int, raw []byte) error

	d *json.Decoder
	b *source.Budget
	n int
}

func (w *walker) broken(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, source.ErrBudget):
		return source.FailAt(w.name, w.n+1, "objet de plus de 8 Mio ; %s", wantJSON)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return source.FailAt(w.name, w.n+1, "le fichier s'arrête au milieu ; il est sans doute tronqué")
	case errors.As(err, &syntax):
		return source.FailAt(w.name, w.n+1, "JSON invalide après l'octet %d ; %s", w.d.InputOffset(), wantJSON)
	}
	return source.FailAt(w.name, w.n+1, "lecture interrompue : %v", source.Readable(err))
}

func (w *walker) all(text io.Reader) error {
	w.b = &source.Budget{Reader: text}
	w.d = json.NewDecoder(w.b)
	t, err := w.d.Token()
	if err != nil {
		return w.broken(err)
	}
	switch {
	case t == json.Delim('[') && len(w.path) > 0:
		return source.FailAt(w.name, 0, "« liste » de la correspondance : « %s » n'est pas là : le fichier est lui-même une liste ; retirez « liste »", strings.Join(w.path, "."))
	case t == json.Delim('['):
		err = w.elements()
	case len(w.path) > 0:
		var found bool
		if found, err = w.follow(w.path); err == nil && !found {
			err = source.FailAt(w.name, 0, "« liste » de la correspondance : « %s » n'est pas dans le fichier ; attendu le chemin d'une liste d'objets", strings.Join(w.path, "."))
		}
	default:
		err = w.members()
	}
	if err != nil {
		return err
	}
	w.b.Renew()
	if _, err := w.d.Token(); err != io.EOF {
		return source.FailAt(w.name, w.n, "du texte suit la fin du JSON ; %s", wantJSON)
	}
	return nil
}

// elements goes through a list whose bracket is read.
func (w *walker) elements() error {
	for w.d.More() {
		w.b.Renew()
		var raw json.RawMessage
		if err := w.d.Decode(&raw); err != nil {
			return w.broken(err)
		}
		w.n++
		if err := w.record(w.n, raw); err != nil {
			return err
		}
	}
	return w.end()
}

func (w *walker) end() error {
	w.b.Renew()
	if _, err := w.d.Token(); err != nil {
		return w.broken(err)
	}
	return nil
}

// skip goes past a value.
func (w *walker) skip() error {
	var skipped json.RawMessage
	if err := w.d.Decode(&skipped); err != nil {
		return w.broken(err)
	}
	return nil
}

// members goes through an object whose brace is read: to the elements of the members
// that are lists of records, past the others.
func (w *walker) members() error {
	for w.d.More() {
		w.b.Renew()
		key, err := w.d.Token()
		if err != nil {
			return w.broken(err)
		}
		name, _ := key.(string)
		if !slices.Contains(w.lists, name) {
			if err := w.skip(); err != nil {
				return err
			}
			continue
		}
		*w.list = name
		if err := w.listed(name); err != nil {
			return err
		}
	}
	return w.end()
}

// listed reads the elements of a member that must be a list.
func (w *walker) listed(name string) error {
	t, err := w.d.Token()
	switch {
	case err != nil:
		return w.broken(err)
	case t != json.Delim('['):
		return w.broken(errors.New("« " + name + " » n'est pas une liste"))
	}
	return w.elements()
}

// follow goes through an object whose brace is read to the list at the end of a path.
func (w *walker) follow(path []string) (found bool, err error) {
	for w.d.More() {
		w.b.Renew()
		key, err := w.d.Token()
		if err != nil {
			return false, w.broken(err)
		}
		if key != path[0] || found {
			if err := w.skip(); err != nil {
				return false, err
			}
			continue
		}
		if len(path) == 1 {
			if err := w.listed(path[0]); err != nil {
				return false, err
			}
			found = true
			continue
		}
		t, err := w.d.Token()
		switch {
		case err != nil:
			return false, w.broken(err)
		case t != json.Delim('{'):
			return false, w.broken(errors.New("« " + path[0] + " » n'est pas un objet"))
		}
		if found, err = w.follow(path[1:]); err != nil {
			return false, err
		}
	}
	return found, w.end()
}
