package street

// Class is the rank of a road, for drawing it.
type Class uint8

// The classes. Links (ramps) have the class of the road they belong to.
const (
	Motorway  Class = 1 + iota // motorway and trunk
	Primary                    // primary
	Secondary                  // secondary
	Tertiary                   // tertiary
	Local                      // unclassified, residential, living street, road
	Minor                      // service, track, cycleway, footway, path, steps
	Ferry                      // route=ferry
)
