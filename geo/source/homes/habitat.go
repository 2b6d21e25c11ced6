package homes

// Habitat is what is under the roofs of one kind of building where people live.
//
// A dwelling of mainland France has 91 m² of living space on average, 112 in a house
// and 63 in a flat (INSEE, enquête nationale Logement 2013). Outlines are those of
// walls: walls, stairs and landings take a fifth of a house and a quarter of a block.
// Levels are what is usual where none are told: a house often has rooms under its roof.
// Other figures are choices of modelling: orders of size that tell annexes, halls and
// drawing mistakes apart from houses.
type Habitat struct {
	Levels      float64 // where none are told
	gross       float64 // m² of outline × levels for one dwelling
	one         float64 // m² of outline × levels that may still be those of one dwelling
	Smallest    float64 // m² of outline: what is smaller is an annexe
	Largest     float64 // m² of outline: what is larger is a hall, or drawn wrong
	Least, most float64 // dwellings
}

const (
	grossOfHouse  = 112 / 0.8
	grossOfFlat   = 63 / 0.75
	grossOfAny    = 91 / 0.8
	mostDwellings = 2000 // of one building
)

// Figures of levels.
const (
	LevelHeight = 3.0 // metres, from floor to floor
	MostLevels  = 60  // no building where people live is higher
)

// LargestLived is the m² of outline of the largest building where people live.
const LargestLived = 20000

// The kinds, after what files call them.
var (
	House    = Habitat{1.75, grossOfHouse, 0, 20, LargestLived, 1, 1} // of one household
	Farm     = Habitat{1.5, grossOfHouse, 0, 30, LargestLived, 1, 2}  // the house, not its barns
	Pair     = Habitat{2, 120, 0, 20, LargestLived, 1, 2}             // of houses
	Row      = Habitat{2, 120, 0, 30, LargestLived, 1, 100}           // of houses
	Small    = Habitat{1, grossOfHouse, 0, 10, LargestLived, 1, 1}    // bungalow, caravan, boat
	Block    = Habitat{4, grossOfFlat, 0, 30, LargestLived, 2, mostDwellings}
	AnyDrawn = Habitat{2.5, 110, 0, 30, LargestLived, 1, mostDwellings} // houses or flats, one by one in towns

	// AnySurveyed is what a survey tells to be lived in, a house or a block: the largest
	// houses are as large as three mean dwellings.
	AnySurveyed = Habitat{1.75, grossOfAny, 3 * grossOfAny, 20, LargestLived, 1, mostDwellings}

	// Unknown is a roof of any use and no told height: in France, what was imported from the
	// cadastre, where sheds, garages, barns and halls are told apart by their size alone.
	Unknown = Habitat{1.75, grossOfHouse, 0, 30, 1000, 0, 4}
)

// TallUnknown is the levels from which a roof of any use is a block of flats.
const TallUnknown = 4

// Dwellings is how many there are on some levels under an outline of so many m².
func (h *Habitat) Dwellings(footprint, levels float64) float64 {
	switch floors := footprint * levels; {
	case footprint < h.Smallest, footprint > h.Largest:
		return 0
	case floors <= h.one:
		return 1
	default:
		return min(max(floors/h.gross, h.Least), h.most)
	}
}
