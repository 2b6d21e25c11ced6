// Package equipement holds the places that people need beside the lieux de médiation:
// emergency departments, doctors, counters of public services. They are no sites: nobody is
// covered by one, only the time to the nearest of each category is told.
package equipement

import (
	"fmt"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
)

// Equipement is one of them: several of one category at one place are one.
type Equipement struct {
	ID        string // unique in its dataset and category
	Category  Category
	Nom       string // empty: not published, or that of a person, which is not kept
	Commune   string // COG code; empty when only the position is known
	Placement Placement
	At        geo.LonLat // means nothing when it is placed at its commune
}

// Placement says how an equipement was placed.
type Placement uint8

// The placements. What is placed at its commune stands where most of its inhabitants live.
const (
	ByCoordinates Placement = iota // the file gives coordinates
	ByAddress                      // the file says that they were found from the address
	ByCommune                      // only the commune is known
)

// placements are the placements in words: as stores keep them, which is how they are told.
var placements = [...]string{ByCoordinates: "coordonnées", ByAddress: "adresse", ByCommune: "commune"}

func (p Placement) String() string { return placements[p] }

// ParsePlacement reads the word of a placement.
func ParsePlacement(text string) (Placement, error) {
	if i := slices.Index(placements[:], text); i >= 0 {
		return Placement(i), nil
	}
	return 0, fmt.Errorf("placement %q: expected coordonnées, adresse or commune", text)
}

// Located reports whether the equipement has a position of its own.
func (e *Equipement) Located() bool { return e.Placement != ByCommune }

// Key tells an equipement from the others of its dataset.
func (e *Equipement) Key() string { return e.Category.String() + ":" + e.ID }

// Check reports why e cannot be kept: no category, a position that cannot be on Earth, or
// nothing that says where it is.
func (e *Equipement) Check() error {
	switch {
	case e.Category >= NumCategories:
		return fmt.Errorf("category %d: expected one of %d", e.Category, NumCategories)
	case int(e.Placement) >= len(placements):
		return fmt.Errorf("placement %d: expected one of %d", e.Placement, len(placements))
	case e.Located():
		return e.At.Check()
	case e.Commune == "":
		return fmt.Errorf("placed at its commune, which is not given")
	case e.At != geo.LonLat{}:
		return fmt.Errorf("placed at its commune, with a position")
	}
	return nil
}
