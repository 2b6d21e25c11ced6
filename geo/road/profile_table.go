package road

// Speeds that hold for every road, km/h.
const (
	bikeKMH       = 16 // an ordinary cyclist with stops, on asphalt
	sharedPathKMH = 12 // a bicycle among pedestrians
	walkKMH       = 4.5
	ferryKMH      = 8 // a river ferry whose duration is not tagged, boarding included
	slowestCar    = 3 // however bad the ground, an open road is no slower
)

// Shares are percentages of a speed.
const (
	stepsShare = 50 // steps take twice the time of flat ground
	townLimit  = 50 // km/h: at or below this limit, junctions and crossings rule…
	townShare  = 75 // …and no road is driven faster than this share of it
)

// trunkTwoWay is the limit of a trunk road without central reservation, where
// the wider sections keep 90 km/h (Code de la route, R413-2).
const trunkTwoWay = 90

// highway is what one value of the highway tag means when nothing else is said.
type highway struct {
	class           Class
	limit           float64 // km/h, legal limit for a car
	share           float64 // percent of the limit that is driven, door to door
	car, bike, walk bool    // open by default
}

// highways holds the defaults for France. Limits: Code de la route R413-2 (130
// motorway, 110 dual carriageway, 80 other roads), R413-3 (50 in built-up areas),
// R110-2 (30 zone 30, 20 zone de rencontre). Minor roads carry the speed at
// which they are driven, their legal limit being out of reach. Shares are a
// modelling choice: bends, junctions and villages weigh more on lesser roads.
var highways = map[string]highway{
	"motorway":       {Motorway, 130, 90, true, false, false},
	"motorway_link":  {Motorway, 70, 85, true, false, false},
	"trunk":          {Motorway, 110, 88, true, true, true},
	"trunk_link":     {Motorway, 70, 85, true, true, true},
	"primary":        {Primary, 80, 84, true, true, true},
	"primary_link":   {Primary, 50, 80, true, true, true},
	"secondary":      {Secondary, 80, 80, true, true, true},
	"secondary_link": {Secondary, 50, 80, true, true, true},
	"tertiary":       {Tertiary, 80, 75, true, true, true},
	"tertiary_link":  {Tertiary, 50, 75, true, true, true},
	"unclassified":   {Local, 80, 62, true, true, true},
	"residential":    {Local, 50, 60, true, true, true},
	"road":           {Local, 50, 60, true, true, true},
	"living_street":  {Local, 20, 75, true, true, true},
	"service":        {Minor, 20, 75, true, true, true},
	"track":          {Minor, 27, 75, true, true, true},
	"cycleway":       {Minor, 0, 0, false, true, true},
	"path":           {Minor, 0, 0, false, true, true},
	"footway":        {Minor, 0, 0, false, false, true},
	"pedestrian":     {Minor, 20, 50, false, false, true},
	"bridleway":      {Minor, 0, 0, false, false, true},
	"steps":          {Minor, 0, 0, false, false, true},
}

// ground is the share of the speed on asphalt, in percent, of each mode.
type ground struct{ car, bike, walk float64 }

// hard is asphalt, and what is said of a road that tells nothing.
var hard = ground{100, 100, 100}

// unknownTrack is a track of unknown grade: driven at 10 km/h, like grade3.
var unknownTrack = trackGrades["grade3"]

// surfaces is a modelling choice, ordered as the OSM wiki orders them: paved,
// then ever looser.
var surfaces = map[string]ground{
	"asphalt": hard, "paved": hard, "concrete": hard, "chipseal": hard,
	"concrete:plates":    {90, 95, 100},
	"concrete:lanes":     {80, 85, 100},
	"paving_stones":      {90, 95, 100},
	"sett":               {75, 75, 100},
	"cobblestone":        {60, 60, 95},
	"unhewn_cobblestone": {40, 50, 90},
	"metal":              {80, 80, 100},
	"wood":               {80, 80, 100},
	"compacted":          {80, 90, 100},
	"fine_gravel":        {75, 85, 100},
	"gravel":             {60, 65, 95},
	"pebblestone":        {50, 55, 90},
	"unpaved":            {60, 70, 95},
	"ground":             {50, 60, 90},
	"dirt":               {50, 60, 90},
	"earth":              {50, 60, 90},
	"grass":              {35, 50, 85},
	"grass_paver":        {60, 70, 95},
	"sand":               {30, 30, 75},
	"mud":                {25, 30, 70},
}

// trackGrades: from solid (grade1) to soft (grade5). Cars keep off grade4 and
// grade5 unless the way names them.
var trackGrades = map[string]ground{
	"grade1": {100, 95, 100},
	"grade2": {75, 85, 100},
	"grade3": {50, 70, 95},
	"grade4": {40, 55, 90},
	"grade5": {25, 45, 85},
}

// groundOf combines surface and tracktype: they describe the same ground, so the
// worse of the two counts, not their product. passable is false where a car does
// not go unless let in by name.
func groundOf(tags map[string]string) (g ground, passable bool) {
	g, passable = hard, true
	for _, t := range [...]struct {
		table map[string]ground
		value string
	}{{surfaces, tags["surface"]}, {trackGrades, tags["tracktype"]}} {
		if w, ok := t.table[t.value]; ok {
			g = ground{min(g.car, w.car), min(g.bike, w.bike), min(g.walk, w.walk)}
		}
	}
	return g, tags["tracktype"] != "grade4" && tags["tracktype"] != "grade5"
}

// accessValues tells which values of an access tag open a way. Others ("unknown",
// misspellings) say nothing, and the next, more general tag is asked.
var accessValues = map[string]bool{
	"yes": true, "designated": true, "permissive": true, "official": true, "public": true,
	"destination": true, "customers": true, "permit": true, "residents": true, "dismount": true,
	"no": false, "private": false, "agricultural": false, "forestry": false, "delivery": false,
	"military": false, "emergency": false, "use_sidepath": false, "restricted": false,
}

// roadLimits are the values of maxspeed and its relatives that name a kind of
// place rather than a number, km/h (same articles as [highways]).
var roadLimits = map[string]float64{
	"FR:urban": 50, "FR:rural": 80, "FR:trunk": 110, "FR:motorway": 130,
	"FR:living_street": 20, "FR:zone20": 20, "FR:zone30": 30, "FR:bicycle_road": 30,
	"FR:walk": 6, "walk": 6, "urban": 50, "rural": 80, "motorway": 130,
}
