package road

import "github.com/aisne-numerique/maillage/geo"

// Way is one OSM way as decoded: what the file says, not what it means. Only
// ways with a highway or route=ferry tag are kept.
type Way struct {
	ID    int64
	Nodes []int64
	At    []geo.LonLat // one position per node
	Tags  map[string]string
}
