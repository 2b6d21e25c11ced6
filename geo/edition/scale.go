package edition

import "github.com/aisne-numerique/maillage/geo/store"

// CommuneValues is what was imported for communes under a name, by their code. A commune of
// which it is not known is absent.
func (e *Edition) CommuneValues(name string) map[string]float64 {
	out := map[string]float64{}
	for _, v := range e.Variables {
		if v.Name == name && v.Level == store.LevelCommune {
			out[v.Code] = v.Value
		}
	}
	return out
}
