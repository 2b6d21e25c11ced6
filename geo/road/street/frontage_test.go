package street

import "testing"

func TestFrontageOf(t *testing.T) {
	for _, r := range []struct {
		tags map[string]string
		want Frontage
	}{
		{map[string]string{"highway": "residential"}, Street},
		{map[string]string{"highway": "residential", "access": "private", "maxspeed": "90"}, Street},
		{map[string]string{"highway": "living_street"}, Street},
		{map[string]string{"highway": "residential", "bridge": "yes"}, NoFrontage},
		{map[string]string{"highway": "residential", "bridge": "no", "tunnel": "no"}, Street},
		{map[string]string{"highway": "residential", "tunnel": "building_passage"}, NoFrontage},
		{map[string]string{"highway": "unclassified", "maxspeed": "30"}, Lane},
		{map[string]string{"highway": "tertiary", "source:maxspeed": "FR:urban"}, Lane},
		{map[string]string{"highway": "primary"}, Road},
		{map[string]string{"highway": "primary_link"}, NoFrontage},
		{map[string]string{"highway": "trunk"}, NoFrontage},
		{map[string]string{"highway": "track"}, NoFrontage},
		{map[string]string{"highway": "service", "service": "driveway"}, Drive},
		{map[string]string{"highway": "pedestrian"}, Walked},
		{map[string]string{"route": "ferry"}, NoFrontage},
		{nil, NoFrontage},
	} {
		if got := FrontageOf(r.tags); got != r.want {
			t.Errorf("FrontageOf(%v) = %d, want %d", r.tags, got, r.want)
		}
	}
}
