package street

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
)

// profileReader keeps the first error: reading goes on, and gives zeros.
type profileReader struct{ err error }

func (r *profileReader) fail(address, what string) {
	if r.err == nil {
		if address == "" {
			address = "profile"
		}
		r.err = fmt.Errorf("%s: %s", address, what)
	}
}

// section is an object of the profile. Keys are taken one by one; end refuses those
// that are left.
type section struct {
	r       *profileReader
	address string
	left    map[string]json.RawMessage
}

// object reads the keys of an object.
func (r *profileReader) object(address string, data []byte) *section {
	s := &section{r, address, map[string]json.RawMessage{}}
	dec := json.NewDecoder(bytes.NewReader(data))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		r.fail(address, "expected an object")
		return s
	}
	for dec.More() {
		token, err := dec.Token()
		key, isKey := token.(string)
		var value json.RawMessage
		if err == nil && isKey {
			err = dec.Decode(&value)
		}
		if err != nil {
			r.fail(address, "expected an object: "+err.Error())
			return s
		}
		if _, twice := s.left[key]; twice {
			s.fail(key, "told twice")
		}
		s.left[key] = value
	}
	if _, err := dec.Token(); err != nil || dec.More() {
		r.fail(address, "expected one object, closed")
	}
	s.ignore("source")
	return s
}

func (s *section) at(key string) string {
	if s.address == "" {
		return key
	}
	return s.address + "." + key
}

func (s *section) fail(key, what string) { s.r.fail(s.at(key), what) }

func (s *section) has(key string) bool { _, told := s.left[key]; return told }

// ignore drops what is for people.
func (s *section) ignore(key string) { delete(s.left, key) }

// take decodes a key into v, and reports whether it could.
func (s *section) take(key, expected string, v any) bool {
	raw, told := s.left[key]
	delete(s.left, key)
	switch {
	case !told:
		s.fail(key, "missing; expected "+expected)
	case string(raw) == "null" || json.Unmarshal(raw, v) != nil:
		s.fail(key, fmt.Sprintf("%s: expected %s", raw, expected))
	default:
		return true
	}
	return false
}

func (s *section) number(key string, low, high float64) (v float64) {
	expected := fmt.Sprintf("a number from %g to %g", low, high)
	if s.take(key, expected, &v) && (v < low || v > high) {
		s.fail(key, fmt.Sprintf("%g: expected %s", v, expected))
	}
	return v
}

// percent is a share, written from 0 to 100.
func (s *section) percent(key string) float64 { return s.number(key, 0, 100) / 100 }

func (s *section) wait(key string) geo.Cost {
	return geo.Cost(s.number(key, 0, longest)*float64(geo.Second) + 0.5)
}

func (s *section) word(key string) (v string) {
	s.take(key, "a word", &v)
	return v
}

func (s *section) words(key string) (v []string) {
	s.take(key, "a list of words", &v)
	return v
}

func (s *section) set(key string) map[string]bool {
	set := map[string]bool{}
	for _, v := range s.words(key) {
		set[v] = true
	}
	return set
}

func (s *section) modes(key string) (in [NumModes]bool) {
	for _, name := range s.words(key) {
		m, err := parseMode(name)
		if err != nil {
			s.fail(key, err.Error())
			continue
		}
		in[m] = true
	}
	return in
}

func (s *section) section(key string) *section {
	var raw json.RawMessage
	if !s.take(key, "an object", &raw) {
		raw = json.RawMessage("{}")
	}
	return s.r.object(s.at(key), raw)
}

// end refuses the keys that nobody took.
func (s *section) end() {
	if len(s.left) > 0 {
		s.fail(slices.Sorted(maps.Keys(s.left))[0], "unknown key")
	}
}

// tableOf reads a table of objects.
func tableOf[T any](s *section, read func(*section) T) map[string]T {
	table := map[string]T{}
	for _, key := range slices.Sorted(maps.Keys(s.left)) {
		row := s.section(key)
		table[key] = read(row)
		row.end()
	}
	return table
}

// numbers reads a table of numbers.
func numbers(s *section, low, high float64) map[string]float64 {
	table := map[string]float64{}
	for _, key := range slices.Sorted(maps.Keys(s.left)) {
		table[key] = s.number(key, low, high)
	}
	return table
}
