package publics

import (
	"bytes"
	"encoding/json"

	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/decimal"
)

// entry is a kind as JSON: by class, with the thousandths that make sums exact. A reader who
// shows it rounds it.
type entry struct {
	Nom           string         `json:"nom"`
	Unit          Unit           `json:"unit"`
	Couverte      decimal.Three  `json:"couverte"`
	Grise         decimal.Three  `json:"grise"`
	Blanche       decimal.Three  `json:"blanche"`
	Inconnue      decimal.Three  `json:"inconnue"`
	UnknownPeople int            `json:"unknown_people"` // inhabitants of communes where it is unknown
	Estimate      bool           `json:"estimate"`
	Imputed       *decimal.Three `json:"imputed_share,omitempty"` // absent: no square is imputed
	Source        string         `json:"source,omitempty"`
	Vintage       string         `json:"vintage,omitempty"`
}

// MarshalJSON is an object of the kinds of which something is known, by name.
func (f *Figures) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, k := range f.Told() {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(k.String())
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		body, err := json.Marshal(f.entry(k))
		if err != nil {
			return nil, err
		}
		b.Write(body)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (f *Figures) entry(k Kind) entry {
	of := func(c coverage.Class) decimal.Three {
		return decimal.Three(float64(f.Sum.Amount[c][k]) / Thousandth)
	}
	column := &f.Columns[k]
	e := entry{column.Nom, k.Unit(), of(coverage.Couverte), of(coverage.Grise), of(coverage.Blanche), of(coverage.Inconnue),
		f.Sum.Unknown[k], column.Estimate, nil, column.Source, column.Vintage}
	if f.Sum.Imputed[k] > 0 {
		share := decimal.Three(f.Sum.ImputedShare(k))
		e.Imputed = &share
	}
	return e
}
