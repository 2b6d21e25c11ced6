package street

// Frontage is what the tags of a way say of the houses along it, whoever may travel there
// and however fast.
type Frontage uint8

// The frontages. No house is reached from NoFrontage: motorways, trunk roads and ramps,
// paths and tracks, and what runs over a bridge or through a tunnel.
const (
	NoFrontage   Frontage = iota
	Drive                 // service: to a house, or to a car park
	Lane                  // unclassified, road: between hamlets, through villages
	Road                  // tertiary, secondary, primary
	Street                // residential, living_street, pedestrian: made for those who live there
	NumFrontages = iota
)

var frontages = map[string]Frontage{
	"service":      Drive,
	"unclassified": Lane, "road": Lane,
	"tertiary": Road, "secondary": Road, "primary": Road,
	"residential": Street, "living_street": Street, "pedestrian": Street,
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
