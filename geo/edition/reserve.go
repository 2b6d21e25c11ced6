package edition

import (
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// Serves tells which parts some sites serve: those of the communes that a site is reserved
// to, by their code, that of their EPCI or that of their département. A site reserved to
// others serves nobody here.
func (e *Edition) Serves(sites []lieu.Site) access.Serves {
	return func(site int32) func(part int32) bool {
		reserve := sites[site].Reserve
		if len(reserve) == 0 {
			return nil
		}
		served := map[string]bool{}
		for _, code := range reserve {
			served[code] = true
		}
		communes := make([]bool, len(e.Division.Communes))
		for i, c := range e.Division.Communes {
			communes[i] = served[c.Code] || served[c.EPCI] || served[admin.DepartementOf(c.Code)]
		}
		return func(part int32) bool { return communes[e.Grid.Parts[part].Commune] }
	}
}
