package road

import "github.com/aisne-numerique/maillage/geo"

// Way is one OSM way as decoded: what the file says, not what it means. Only
// ways with a highway or route=ferry tag are kept.
type Way struct {
	ID    int64
	Nodes []int64
	At    []geo.LonLat // one position per node
	Tags  map[string]string
	Marks []Mark // of its nodes that say something of travel, in the order of the way
	Turns []Turn // the turn restrictions whose "from" is this way
}

// Mark is what the tags of a node of a way say: a gate, a traffic signal.
type Mark struct {
	Node int               `json:"node"` // position in Way.Nodes
	Tags map[string]string `json:"tags"`
}

// Turn is an OSM turn restriction: from its Way, over the node Via or, where Over is not
// empty, over these ways one after the other, to the way To. Tags say which turn is meant
// and for whom.
type Turn struct {
	Via  int64             `json:"via,omitempty"`
	Over []int64           `json:"over,omitempty"`
	To   int64             `json:"to"`
	Tags map[string]string `json:"tags"`
}
