package street

// Frontage is what the tags of a way say of the houses along it, whoever may travel there
// and however fast.
type Frontage uint8

// The frontages. NoFrontage is what gives no house its address, or says nothing of houses:
// motorways, trunk roads, ramps, paths, tracks, and what runs over a bridge or through a
// tunnel.
const (
	NoFrontage   Frontage = iota
	Drive                 // service
	Walked                // pedestrian
	Road                  // primary, secondary
	Lane                  // tertiary, unclassified, road
	Street                // residential, living_street: made for those who live there
	NumFrontages = iota
)

var frontages = map[string]Frontage{
	"service":    Drive,
	"pedestrian": Walked,
	"primary":    Road, "secondary": Road,
	"tertiary": Lane, "unclassified": Lane, "road": Lane,
	"residential": Street, "living_street": Street,
}

// FrontageOf tells what the tags of a way say of houses.
func FrontageOf(tags map[string]string) Frontage {
	for _, k := range [...]string{"bridge", "tunnel"} {
		if v := tags[k]; v != "" && v != "no" {
			return NoFrontage
		}
	}
	return frontages[tags["highway"]]
}
