package geo

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mode is a way to travel.
type Mode uint8

// The modes, in the order of every per-mode table.
const (
	Car Mode = iota
	Bike
	Walk
	Transit  // on foot and by timetable
	NumModes = iota
)

// Modes lists every mode, in order. Those of streets alone are geo/road/street's; an edition
// has those of its parameters.
var Modes = [NumModes]Mode{Car, Bike, Walk, Transit}

// modeTable names each mode for machines, and says it as the end of a sentence: "à 15 min
// en voiture", "15 min by car". Every other text is made from it (see geo/legend for the
// copy that the map reads). The noun explains the slug to who reads French.
var modeTable = [NumModes]struct{ slug, noun, french, english string }{
	Car:     {"car", "voiture", "en voiture", "by car"},
	Bike:    {"bike", "vélo", "à vélo", "by bicycle"},
	Walk:    {"walk", "marche", "à pied", "on foot"},
	Transit: {"transit", "transports en commun", "en bus ou car", "by bus"},
}

func (m Mode) String() string { return modeTable[m].slug }

// Noun is what one travels by, in French: "voiture".
func (m Mode) Noun() string { return modeTable[m].noun }

// ModesInWords lists the modes as a sentence does, each as of says it: "car, bike ou walk".
func ModesInWords(or string, of func(Mode) string) string {
	words := make([]string, NumModes)
	for i, m := range Modes {
		words[i] = of(m)
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + or + " " + words[last]
}

// Phrase is how one travels, as French sentences end: "en voiture".
func (m Mode) Phrase() string { return modeTable[m].french }

// English is Phrase in English: "by car".
func (m Mode) English() string { return modeTable[m].english }

// Label is Phrase alone, as a choice of a list: "En voiture".
func (m Mode) Label() string {
	first, size := utf8.DecodeRuneInString(m.Phrase())
	return string(unicode.ToUpper(first)) + m.Phrase()[size:]
}

// MarshalText writes the mode's name.
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads the mode's name.
func (m *Mode) UnmarshalText(b []byte) error {
	v, err := ParseMode(string(b))
	*m = v
	return err
}

// ParseMode reads the name of a mode, such as "car".
func ParseMode(s string) (Mode, error) {
	for i, row := range modeTable {
		if s == row.slug {
			return Mode(i), nil
		}
	}
	return 0, fmt.Errorf("mode %q: expected %s", s, ModesInWords("or", Mode.String))
}

// Cost is a travel time in deciseconds (tenths of a second). Its range, 13
// years, is never exhausted by a road network; "cannot be reached" is a [Reach],
// not a Cost.
type Cost uint32

// Second and Minute are one second and one minute as a Cost.
const (
	Second Cost = 10
	Minute Cost = 600
)

// TimetableStep is the unit of cut-offs by timetable: who gets to what while it is open, and
// home again, is kept for each multiple of it.
const TimetableStep = 5 * Minute

// Step is what cut-offs of a mode are multiples of.
func (m Mode) Step() Cost {
	if m == Transit {
		return TimetableStep
	}
	return 1
}

// Minutes is c in minutes.
func (c Cost) Minutes() float64 { return float64(c) / float64(Minute) }

// WholeSeconds is c in seconds, rounded up: timetables are in seconds.
func (c Cost) WholeSeconds() int32 { return int32((c + Second - 1) / Second) }

// Reach says whether a place is reached, and if not, why. The zero value is
// Unknown: nothing was computed.
type Reach uint8

// The states of Reach.
const (
	Unknown      Reach = iota // not computed, or an input is missing
	NoRoadNearby              // the nearest road of the mode is farther than the snapping cap
	NoPath                    // on the network, but no way leads there (another island, or no lieu at all)
	Reached                   // reached, at a Cost
)

var reachNames = [...]string{"unknown", "no_road", "no_path", "reached"}

func (r Reach) String() string { return reachNames[r] }

// Access is the outcome of one journey: Cost has a meaning only when Reach is Reached.
type Access struct {
	Reach Reach
	Cost  Cost
}

// Within reports whether the journey ends in at most limit. The limit is
// inclusive: 15 min is within 15 min.
func (a Access) Within(limit Cost) bool { return a.Reach == Reached && a.Cost <= limit }
