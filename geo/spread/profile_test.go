package spread_test

import (
	"encoding/json"
	"testing"

	"github.com/aisne-numerique/maillage/geo/road/street"
)

// slowed is the default profile with cars, bicycles and walkers at a third of their speed.
func slowed(t testing.TB) []byte {
	t.Helper()
	var root map[string]any
	if err := json.Unmarshal(street.ProfileText(), &root); err != nil {
		t.Fatal(err)
	}
	for _, rule := range root["highways"].(map[string]any) {
		if rule, ok := rule.(map[string]any); ok {
			rule["limit_kmh"] = rule["limit_kmh"].(float64) / 3
			if v, ok := rule["two_way_kmh"].(float64); ok {
				rule["two_way_kmh"] = v / 3
			}
		}
	}
	for _, m := range []string{"bike", "walk"} {
		mode := root[m].(map[string]any)
		mode["kmh"] = mode["kmh"].(float64) / 3
	}
	root["car"].(map[string]any)["signed_pct"] = 50
	text, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
