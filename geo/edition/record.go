package edition

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// Record is what is kept of an edition to follow its territory over the years, small
// enough to keep for ever: what people find by its default question.
type Record struct {
	Edition    string    `json:"edition"`
	Params     QueryJSON `json:"params"`
	Resolution int       `json:"resolution"`
	Population int       `json:"population"`
	// Rule is the definition of classes that was used: records of others tell other things.
	Rule    int         `json:"rule,omitempty"`
	Classes ClassesJSON `json:"classes"`
	ToCheck ToCheckJSON `json:"to_check"`
	Zones   int         `json:"zones"` // zones blanches
	// Types counts the lieux open to the public by what they are (typologies of the
	// national schema; "inconnue" where the source says nothing).
	Types map[string]int `json:"types"`
	// Lieux are those open to the public, with the cell that each is in (empty: outside
	// the grid, or its position is unknown).
	Lieux []RecordLieu `json:"lieux"`
	// Blanches are the cells where somebody lives in a zone blanche, and how many do.
	Blanches []RecordCell `json:"blanches"`
	// Communes are all those of the edition, in the order of their codes; none in a record
	// made before they were kept.
	Communes []RecordCommune `json:"communes,omitempty"`
}

// ClassRule is the definition of classes of this program: 1 and before, sites of which
// something is unknown do not count; 2, they make the class inconnue.
const ClassRule = 2

// RecordCommune is the people of a commune by class, and its lieux open to the public.
type RecordCommune struct {
	Code    string      `json:"code"`
	Classes ClassesJSON `json:"classes"`
	Lieux   int         `json:"lieux"`
}

// RecordLieu is a lieu of a Record.
type RecordLieu struct {
	ID   string `json:"id"`
	Nom  string `json:"nom"`
	Cell string `json:"cell,omitempty"`
}

// RecordCell is a cell (H3 index, hexadecimal) and people in it.
type RecordCell struct {
	Cell   string `json:"cell"`
	People int    `json:"people"`
}

// UnknownType is the type of a lieu whose source does not say what it is.
const UnknownType = "inconnue"

// mostPlain is how large a record may be to be kept as text, for those who look into the
// store; that of a country has ten times as much, and is compressed.
const mostPlain = 1 << 20

// Encode gives the record as JSON, compressed (a zstd frame) when it is large.
func (r *Record) Encode() ([]byte, error) {
	data, err := json.Marshal(r)
	if err == nil && len(data) > mostPlain {
		data, err = compress(nil, data)
	}
	if err != nil {
		return nil, fmt.Errorf("encode record of edition %s: %w", r.Edition, err)
	}
	return data, nil
}

// DecodeRecord reads what [Record.Encode] wrote.
func DecodeRecord(data []byte) (*Record, error) {
	const mostText = 256 << 20
	if len(data) > 0 && data[0] != '{' {
		zr, err := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(mostText))
		if err != nil {
			return nil, fmt.Errorf("decode record: %w", err)
		}
		defer zr.Close()
		if data, err = zr.DecodeAll(data, nil); err != nil {
			return nil, fmt.Errorf("decode record: %w: %w", ErrDamaged, err)
		}
	}
	r := new(Record)
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("decode record: %w: %w", ErrDamaged, err)
	}
	return r, nil
}

// Record sums the edition up.
func (e *Edition) Record() *Record {
	q := e.Params.Query()
	if !e.HasMode(q.Mode) {
		q.Mode = e.Params.Modes[0]
	}
	a := e.Answer(q)
	r := &Record{Edition: e.ID, Params: e.QueryJSON(q), Rule: ClassRule, Resolution: e.Params.Resolution, Population: e.Total, Zones: len(e.Zones(a)),
		Types: map[string]int{}, Lieux: []RecordLieu{}, Blanches: []RecordCell{}}
	var classes coverage.Tally
	var toCheck coverage.ToCheck
	blanche := make([]int, len(e.Grid.Cells))
	communes := make([]coverage.Tally, len(e.Division.Communes))
	for i, people := range e.People {
		classes.Add(a.Class[i], int(people))
		toCheck.Add(coverage.Liftable(a.Hours.At(int32(i)), q.MinHours), int(people))
		communes[e.Grid.Parts[i].Commune].Add(a.Class[i], int(people))
		if a.Class[i] == coverage.Blanche {
			blanche[e.Grid.Parts[i].Cell] += int(people)
		}
	}
	r.Classes, r.ToCheck = newClassesJSON(classes), NewToCheckJSON(toCheck)
	for i, tally := range communes {
		r.Communes = append(r.Communes, RecordCommune{Code: e.Division.Communes[i].Code, Classes: newClassesJSON(tally)})
	}
	for i, people := range blanche {
		if people > 0 {
			r.Blanches = append(r.Blanches, RecordCell{e.Grid.Cells[i].String(), people})
		}
	}
	for i := range e.Lieux {
		l := &e.Lieux[i]
		if l.NoPublic || e.Outside(i) {
			continue
		}
		for _, t := range types(l) {
			r.Types[t]++
		}
		if home := e.LieuCommune[i]; home >= 0 {
			r.Communes[home].Lieux++
		}
		r.Lieux = append(r.Lieux, RecordLieu{ID: l.ID, Nom: l.Nom, Cell: e.cellOf(l)})
	}
	slices.SortFunc(r.Lieux, func(a, b RecordLieu) int { return strings.Compare(a.ID, b.ID) })
	return r
}

// types are what a lieu is, several at times.
func types(l *lieu.Lieu) []string {
	var out []string
	for t := range strings.SplitSeq(l.Typologie, "|") {
		if t = strings.TrimSpace(t); t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	if out == nil {
		return []string{UnknownType}
	}
	return out
}

func (e *Edition) cellOf(l *lieu.Lieu) string {
	if !l.Located {
		return ""
	}
	part, ok := e.Grid.PartAt(l.At)
	if !ok {
		return ""
	}
	return e.Grid.Cells[e.Grid.Parts[part].Cell].String()
}
