package street

import (
	"slices"
	"strings"
)

// Cause is why a tag is not obeyed, in French, for the report of an import: the part of a
// sentence that follows a number of ways or of restrictions.
type Cause string

// The causes.
const (
	ByHour          Cause = "selon l’heure ou la saison"
	ByVehicle       Cause = "selon le véhicule"
	OfUnknownKind   Cause = "de valeur inconnue"
	AccessIfs       Cause = "accès selon l’heure, la saison ou l’usager, non suivi"
	OnewayIfs       Cause = "sens unique selon l’heure ou l’usager, non suivi"
	SpeedIfs        Cause = "vitesse selon l’heure ou le temps, non suivie"
	Reversible      Cause = "sens alterné selon l’heure : fermée aux véhicules"
	SpeedUnread     Cause = "limite de vitesse non comprise : celle de la route sans panneau"
	DurationUnread  Cause = "durée d’un bac non comprise : estimée d’après la longueur"
	IntervalUnread  Cause = "intervalle d’un bac non compris : sans attente"
	BoatByTimetable Cause = "horaires ou saison d’un bac, non suivis"
)

// NotObeyed tells what the tags of a way say that its meaning does not follow, each cause
// once, in order. It is of use to those alone who count: [Profile.Interpret] is not asked.
func NotObeyed(tags map[string]string) []Cause {
	var causes []Cause
	add := func(c Cause, because bool) {
		if because && !slices.Contains(causes, c) {
			causes = append(causes, c)
		}
	}
	for key, value := range tags {
		base, conditional := strings.CutSuffix(key, ":conditional")
		if !conditional || !bindsUs(base, value) {
			continue
		}
		switch base, _, _ := strings.Cut(base, ":"); base {
		case "oneway":
			add(OnewayIfs, true)
		case "maxspeed":
			add(SpeedIfs, true)
		case "access", "vehicle", "motor_vehicle", "motorcar", "bicycle", "foot":
			add(AccessIfs, true)
		}
	}
	for _, k := range [...]string{"oneway", "oneway:vehicle", "oneway:motor_vehicle", "oneway:motorcar", "oneway:bicycle"} {
		add(Reversible, tags[k] == "reversible")
	}
	for _, k := range [...]string{"maxspeed", "maxspeed:forward", "maxspeed:backward", "maxspeed:motorcar", "maxspeed:motor_vehicle"} {
		add(SpeedUnread, tags[k] != "" && !DefaultProfile().readsSpeed(tags[k]))
	}
	if tags["route"] == "ferry" {
		_, read := parseDuration(tags["duration"])
		add(DurationUnread, tags["duration"] != "" && !read)
		_, read = parseDuration(tags["interval"])
		add(IntervalUnread, tags["interval"] != "" && !read)
		add(BoatByTimetable, !isAlways(tags["opening_hours"]) || tags["seasonal"] != "" && tags["seasonal"] != "no")
	}
	slices.Sort(causes)
	return causes
}

// TurnNotObeyed tells why a restriction orders nothing to a car, or to nobody: nil when it
// is obeyed.
func TurnNotObeyed(tags map[string]string) []Cause {
	if InterpretTurn(tags) != NoOrder {
		return nil
	}
	var causes []Cause
	add := func(c Cause) {
		if !slices.Contains(causes, c) {
			causes = append(causes, c)
		}
	}
	for key := range tags {
		switch {
		case strings.HasSuffix(key, ":conditional"), key == "day_on", key == "day_off", key == "hour_on", key == "hour_off":
			add(ByHour)
		case strings.HasPrefix(key, "restriction:"), strings.HasPrefix(key, "except:"), key == "except" && exceptsCars(tags[key]):
			add(ByVehicle)
		}
	}
	if len(causes) == 0 {
		add(OfUnknownKind)
	}
	slices.Sort(causes)
	return causes
}

// bindsUs reports whether a conditional key and value speak to a mode of this package:
// those for lorries, by weight or by size do not.
func bindsUs(key, value string) bool {
	for _, q := range strings.Split(key, ":")[1:] {
		switch q {
		case "forward", "backward", "motorcar", "motor_vehicle", "vehicle", "bicycle", "foot":
		default:
			return false
		}
	}
	for i, clause := range strings.Split(value, "@") {
		if i > 0 && !strings.ContainsAny(clause, "<>") {
			return true
		}
	}
	return false
}

// isAlways reports whether opening hours say that a boat always runs.
func isAlways(hours string) bool {
	switch strings.ReplaceAll(strings.ToLower(hours), " ", "") {
	case "", "24/7", "mo-su", "mo-su00:00-24:00", "00:00-24:00", "mo-su24h":
		return true
	}
	return false
}
