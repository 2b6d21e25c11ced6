package data

import (
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/french"
)

// busToJSON is who gets to a lieu by bus while it is open, and back.
type busToJSON struct {
	OnFoot   int           `json:"a_pied"` // who are within the cut-off on foot: in no other figure
	People   int           `json:"people"`
	HalfDays []halfDayJSON `json:"demi_journees"`
	Communes []busFromJSON `json:"communes"`
	Sentence string        `json:"sentence"`
}

type busFromJSON struct {
	Code     string        `json:"code"`
	Nom      string        `json:"nom"`
	People   int           `json:"people"`
	HalfDays []halfDayJSON `json:"demi_journees"`
	Sentence string        `json:"sentence"`
}

// halfDayJSON is a half-day on which somebody gets there.
type halfDayJSON struct {
	Day       int    `json:"jour"`   // from 1, Monday
	Half      string `json:"moment"` // "matin", before noon, or "apres-midi"
	People    int    `json:"people"` // in some week of the cycle
	EveryWeek int    `json:"chaque_semaine"`
}

var halves = [2]string{"matin", "apres-midi"}

// busTo writes who gets to a site; nil: it is not known when.
func busTo(e *edition.Edition, b *figures.BusTo) *busToJSON {
	if b == nil {
		return nil
	}
	out := &busToJSON{OnFoot: b.OnFoot, People: b.People, HalfDays: halfDays(&b.HalfDays), Communes: make([]busFromJSON, len(b.Communes)),
		Sentence: french.BusTo(b.People, len(b.Communes), b.OnFoot)}
	for i := range b.Communes {
		c := &b.Communes[i]
		of := &e.Division.Communes[c.Commune]
		out.Communes[i] = busFromJSON{of.Code, of.Nom, c.People, halfDays(&c.HalfDays), french.HalfDays(told(&c.HalfDays))}
	}
	return out
}

func halfDays(all *[figures.HalfDays]figures.HalfDay) []halfDayJSON {
	out := []halfDayJSON{}
	for k, h := range all {
		if h.People > 0 {
			out = append(out, halfDayJSON{k/2 + 1, halves[k%2], h.People, h.EveryWeek})
		}
	}
	return out
}

// told is on which half-days somebody gets there, and whether all of them do in every week.
func told(all *[figures.HalfDays]figures.HalfDay) (out [figures.HalfDays]french.Often) {
	for k, h := range all {
		switch {
		case h.People > 0 && h.EveryWeek == h.People:
			out[k] = french.Always
		case h.People > 0:
			out[k] = french.Sometimes
		}
	}
	return out
}
