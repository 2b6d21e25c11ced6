package edition

import (
	"fmt"
	"strings"

	"github.com/aisne-numerique/maillage/geo/french"
)

// PlaceSources says in French what gives the places of a column; "" when nothing does.
func (e *Edition) PlaceSources(column AccessColumn) string {
	var said []string
	if column.Service != NoService {
		said = append(said, "France Services parmi les lieux")
	}
	for _, category := range column.Categories {
		for i := range e.EquipementSources {
			if s := &e.EquipementSources[i]; s.Category == category {
				said = append(said, s.InWords())
			}
		}
	}
	return french.Listed(said)
}

// InWords says in French what a dataset gives of a category.
func (s *EquipementSource) InWords() string {
	text := s.Category.Nom()
	if s.Source != "" {
		text += " (" + s.Source
		if s.Vintage != "" && !strings.Contains(s.Source, s.Vintage) { // many a source names its year
			text += ", " + s.Vintage
		}
		text += ")"
	}
	switch {
	case s.AtCommune == s.Count:
		text += ", placés à la commune"
	case s.AtCommune > 0:
		text += fmt.Sprintf(", dont %d sur %d placés à la commune", s.AtCommune, s.Count)
	}
	return text
}
