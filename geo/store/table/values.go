package table

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aisne-numerique/maillage/geo/lieu"
)

// How the values that SQL has no type for are written, and read back.

// optional is NULL for the empty text, which means unknown or none.
func optional(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// number is v with the one zero that every database gives back.
func number(v float64) float64 { return v + 0 }

// toJSON writes v as people and GIS expect it: "&" as itself, no line end. Keys of
// maps are sorted. Nothing that is stored so can fail.
func toJSON(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// optionalJSON is NULL for an empty list, which means none.
func optionalJSON[T any](list []T) (any, error) {
	if len(list) == 0 {
		return nil, nil
	}
	return toJSON(list)
}

// decodeTags reads an object of texts: what json.Unmarshal gives, six times as fast
// for the objects that toJSON writes, most of which have no escape.
func decodeTags(b []byte) (map[string]string, error) {
	if tags, ok := plainTags(b); ok {
		return tags, nil
	}
	var tags map[string]string
	err := json.Unmarshal(b, &tags)
	return tags, err
}

// plainTags reads {"key":"value",…} without escapes, control characters or blanks;
// false for anything else.
func plainTags(b []byte) (map[string]string, bool) {
	if len(b) < 2 || b[0] != '{' || b[len(b)-1] != '}' || !utf8.Valid(b) {
		return nil, false
	}
	b = b[1:]
	tags := make(map[string]string, bytes.Count(b, []byte(`":"`)))
	text := func() (string, bool) {
		if b[0] != '"' {
			return "", false
		}
		for i := 1; i < len(b); i++ {
			switch {
			case b[i] == '\\' || b[i] < ' ':
				return "", false
			case b[i] == '"':
				t := string(b[1:i])
				b = b[i+1:]
				return t, len(b) > 0
			}
		}
		return "", false
	}
	for b[0] != '}' {
		key, ok := text()
		if !ok || b[0] != ':' || len(b) < 2 {
			return nil, false
		}
		b = b[1:]
		value, ok := text()
		if !ok {
			return nil, false
		}
		tags[key] = value
		if b[0] == ',' && len(b) > 2 {
			b = b[1:]
			continue
		}
		break
	}
	return tags, len(b) == 1 && b[0] == '}'
}

const serviceSeparator = "|" // as in the CSV of the national schema; no slug holds it

func encodeServices(set lieu.Services) any {
	if set == 0 {
		return nil
	}
	slugs := make([]string, 0, set.Len())
	for _, s := range set.List() {
		slugs = append(slugs, s.String())
	}
	return strings.Join(slugs, serviceSeparator)
}

func decodeServices(text string) (set lieu.Services, err error) {
	if text == "" {
		return 0, nil
	}
	for slug := range strings.SplitSeq(text, serviceSeparator) {
		s, err := lieu.ParseService(slug)
		if err != nil {
			return 0, err
		}
		set = set.With(s)
	}
	return set, nil
}

// codesSeparator is in no code of a territoire.
const codesSeparator = "|"

func encodeCodes(codes []string) any { return optional(strings.Join(codes, codesSeparator)) }

func decodeCodes(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, codesSeparator)
}

const slotsBytes = lieu.SlotsPerCycle / 8

// encodeSlots is NULL for unknown hours.
func encodeSlots(h *lieu.Horaires) any {
	if !h.Known {
		return nil
	}
	return slotsBlob(&h.Slots)
}

// encodeRendezVous is NULL where nothing is by appointment.
func encodeRendezVous(h *lieu.Horaires) any {
	if !h.Known || h.RendezVous == nil {
		return nil
	}
	return slotsBlob(h.RendezVous)
}

func slotsBlob(s *lieu.Slots) []byte {
	b := make([]byte, 0, slotsBytes)
	for _, word := range s {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	return b
}

func decodeSlots(slots, rendezVous []byte, h *lieu.Horaires) error {
	if h.Known = slots != nil; !h.Known {
		return nil
	}
	if rendezVous != nil {
		h.RendezVous = new(lieu.Slots)
		if err := readSlots(rendezVous, h.RendezVous); err != nil {
			return err
		}
	}
	return readSlots(slots, &h.Slots)
}

func readSlots(b []byte, s *lieu.Slots) error {
	if len(b) != slotsBytes {
		return fmt.Errorf("opening slots: %d bytes; expected %d", len(b), slotsBytes)
	}
	for i := range s {
		s[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	return nil
}

// encodeDay keeps year, month and day as t says them, in its own zone.
func encodeDay(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Format(time.DateOnly)
}

func decodeDay(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.DateOnly, text)
}

// encodeNodes writes the differences between ids, most of which fit two bytes.
func encodeNodes(ids []int64) []byte {
	b := make([]byte, 0, 10+3*len(ids))
	last := int64(0)
	for _, id := range ids {
		b = binary.AppendVarint(b, id-last) // wraps round, and back, for any ids
		last = id
	}
	return b
}

func decodeNodes(b []byte, count int) ([]int64, error) {
	if count == 0 && len(b) == 0 {
		return nil, nil
	}
	ids, last := make([]int64, count), int64(0)
	for i := range ids {
		d, n := binary.Varint(b)
		if n <= 0 {
			return nil, fmt.Errorf("node ids: %d; expected %d, one per point", i, count)
		}
		last += d
		ids[i], b = last, b[n:]
	}
	if len(b) > 0 {
		return nil, errors.New("node ids: more than points")
	}
	return ids, nil
}

// countNodes is the number of ids in b: each ends with a byte below 0x80.
func countNodes(b []byte) int {
	n := 0
	for _, c := range b {
		if c < 0x80 {
			n++
		}
	}
	return n
}
