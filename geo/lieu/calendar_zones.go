package lieu

// Zone is a zone of school holidays: 'A', 'B' or 'C'. Zero: none of them, as Corse and the
// départements overseas, which have calendars of their own.
type Zone byte

const (
	ZoneA Zone = 'A'
	ZoneB Zone = 'B'
	ZoneC Zone = 'C'
)

// academies are the académies of the mainland, with their zone and their départements. Zones are those in
// force since September 2015 (arrêté du 16 avril 2015), for the régions académiques of 2020 (Caen and Rouen are
// Normandie).
var academies = [...]struct {
	Nom          string
	Zone         Zone
	Departements []string
}{
	{"Besançon", ZoneA, []string{"25", "39", "70", "90"}},
	{"Bordeaux", ZoneA, []string{"24", "33", "40", "47", "64"}},
	{"Clermont-Ferrand", ZoneA, []string{"03", "15", "43", "63"}},
	{"Dijon", ZoneA, []string{"21", "58", "71", "89"}},
	{"Grenoble", ZoneA, []string{"07", "26", "38", "73", "74"}},
	{"Limoges", ZoneA, []string{"19", "23", "87"}},
	{"Lyon", ZoneA, []string{"01", "42", "69"}},
	{"Poitiers", ZoneA, []string{"16", "17", "79", "86"}},
	{"Aix-Marseille", ZoneB, []string{"04", "05", "13", "84"}},
	{"Amiens", ZoneB, []string{"02", "60", "80"}},
	{"Lille", ZoneB, []string{"59", "62"}},
	{"Nancy-Metz", ZoneB, []string{"54", "55", "57", "88"}},
	{"Nantes", ZoneB, []string{"44", "49", "53", "72", "85"}},
	{"Nice", ZoneB, []string{"06", "83"}},
	{"Normandie", ZoneB, []string{"14", "27", "50", "61", "76"}},
	{"Orléans-Tours", ZoneB, []string{"18", "28", "36", "37", "41", "45"}},
	{"Reims", ZoneB, []string{"08", "10", "51", "52"}},
	{"Rennes", ZoneB, []string{"22", "29", "35", "56"}},
	{"Strasbourg", ZoneB, []string{"67", "68"}},
	{"Créteil", ZoneC, []string{"77", "93", "94"}},
	{"Montpellier", ZoneC, []string{"11", "30", "34", "48", "66"}},
	{"Paris", ZoneC, []string{"75"}},
	{"Toulouse", ZoneC, []string{"09", "12", "31", "32", "46", "65", "81", "82"}},
	{"Versailles", ZoneC, []string{"78", "91", "92", "95"}},
}

// ZoneOf is the zone of the académie of a département, by its code ("02"); 0 where it has none.
func ZoneOf(departement string) Zone {
	for _, a := range academies {
		for _, d := range a.Departements {
			if d == departement {
				return a.Zone
			}
		}
	}
	return 0
}

// timeZones are those of the départements and collectivités overseas (IANA); all others have
// that of the mainland.
var timeZones = map[string]string{"971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne", "974": "Indian/Reunion",
	"975": "America/Miquelon", "976": "Indian/Mayotte", "977": "America/Guadeloupe", "978": "America/Guadeloupe", "987": "Pacific/Tahiti", "988": "Pacific/Noumea"}

// TimeZoneOf is the time zone (IANA) that the hours of lieux of a département are in.
func TimeZoneOf(departement string) string {
	if zone, overseas := timeZones[departement]; overseas {
		return zone
	}
	return "Europe/Paris"
}
