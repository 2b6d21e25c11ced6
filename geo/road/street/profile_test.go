package street

import (
	"encoding/json"
	"strings"
	"testing"
)

// Every way to be wrong is refused, with the address of the key.
func TestParseProfileRefuses(t *testing.T) {
	for _, row := range []struct {
		name, address, value, want string
	}{
		{"a key that is unknown", "highways.primary.limite_kmh", `80`, "highways.primary.limite_kmh: unknown key"},
		{"a section that is unknown", "boat", `{}`, "boat: unknown key"},
		{"a key that is absent", "walk.kmh", "", "walk.kmh: missing; expected a number from 1 to 150"},
		{"a section that is absent", "ferry", "", "ferry: missing; expected an object"},
		{"a number that is a word", "bike.kmh", `"16"`, `bike.kmh: "16": expected a number from 1 to 150`},
		{"null", "bike.kmh", `null`, "bike.kmh: null: expected a number from 1 to 150"},
		{"too fast", "highways.motorway.limit_kmh", `1300`, "highways.motorway.limit_kmh: 1300: expected a number from 0 to 150"},
		{"more than the whole", "surfaces.gravel.car", `101`, "surfaces.gravel.car: 101: expected a number from 0 to 100"},
		{"a wait that is too long", "waits.highway=stop.car", `3600`, "waits.highway=stop.car: 3600: expected a number from 0 to 600"},
		{"a wait of what is no tag", "waits.stop", `{}`, "waits.stop: expected a tag, key=value"},
		{"a class that is unknown", "highways.primary.class", `"main"`, `highways.primary.class: "main": expected one of local, minor, motorway, primary, secondary, tertiary`},
		{"a mode that is unknown", "barriers.gate.closed", `["bus"]`, `barriers.gate.closed: mode "bus": expected car, bike or walk`},
		{"a road open to cars at no speed", "highways.track.limit_kmh", `0`, "highways.track.limit_kmh: 0: expected more, since cars may be let in"},
		{"a mode let in twice", "highways.track.ends", `["car", "walk"]`, "highways.track.ends: walk: told twice"},
		{"a narrow barrier that is a word", "barriers.stile.narrow", `"yes"`, `barriers.stile.narrow: "yes": expected true or false`},
		{"a key that stops nobody", "stops.none", `["bridge"]`, `stops.none: "bridge": expected a tag, key=value or key=*`},
		{"an access value that opens and closes", "access.closed", `["no", "yes"]`, `access.closed: "yes": told twice`},
		{"no limit in towns", "limits.urban", "", "limits.urban: missing"},
		{"no rule for tracks that tell nothing", "tracktypes.untold", "", "tracktypes.untold: missing"},
		{"a junction of one road", "junctions.car.least_roads", `1`, "junctions.car.least_roads: 1: expected a number from 2 to 8"},
	} {
		_, err := ParseProfile(changed(map[string]string{row.address: row.value}))
		if want := "parse profile: " + row.want; err == nil || err.Error() != want {
			t.Errorf("%s: ParseProfile(%s = %s): %v, want %s", row.name, row.address, row.value, err, want)
		}
	}
}

func TestParseProfileRefusesText(t *testing.T) {
	twice := strings.Replace(string(profileJSON), `"slowest_kmh": 3`, `"slowest_kmh": 3, "slowest_kmh": 4`, 1)
	for _, row := range []struct{ name, text, want string }{
		{"nothing", "", "profile: expected an object"},
		{"a list", "[]", "profile: expected an object"},
		{"cut short", string(profileJSON[:len(profileJSON)/2]), "profile: expected an object: "},
		{"two objects", string(profileJSON) + "{}", "profile: expected one object, closed"},
		{"a key told twice", twice, "car.slowest_kmh: told twice"},
	} {
		_, err := ParseProfile([]byte(row.text))
		if want := "parse profile: " + row.want; err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: ParseProfile: %v, want %s…", row.name, err, want)
		}
	}
}

// Each highway of the default profile can be open to a mode, and no ground stops a mode
// that it lets in.
func TestDefaultProfileIsSound(t *testing.T) {
	p := DefaultProfile()
	for name := range p.highways {
		if !p.Interpret(map[string]string{"highway": name, "bicycle": "yes", "motorcar": "yes"}).Open() {
			t.Errorf("highway=%s is open to nobody", name)
		}
	}
	for _, table := range []map[string]ground{p.surfaces, p.tracktypes, p.smoothness, p.paths, p.trails} {
		for name, g := range table {
			for m, share := range g.share {
				if share == 0 && !g.closed[m] {
					t.Errorf("%s: %s goes at 0 %%, and is not closed", name, Mode(m))
				}
			}
		}
	}
}

func FuzzParseProfile(f *testing.F) {
	f.Add(profileJSON)
	f.Add([]byte(`{"car": {"signed_pct": 1e400}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := ParseProfile(data); err == nil {
			p.Interpret(map[string]string{"highway": "track", "surface": "gravel"})
		}
	})
}

// changed is the default profile with other values at some addresses.
func changed(values map[string]string) []byte {
	var root map[string]any
	if err := json.Unmarshal(profileJSON, &root); err != nil {
		panic(err)
	}
	for address, value := range values {
		at, keys := root, strings.Split(address, ".")
		for _, k := range keys[:len(keys)-1] {
			at = at[k].(map[string]any)
		}
		if last := keys[len(keys)-1]; value == "" {
			delete(at, last)
		} else {
			at[last] = json.RawMessage(value)
		}
	}
	data, err := json.Marshal(root)
	if err != nil {
		panic(err)
	}
	return data
}
