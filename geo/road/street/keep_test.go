package street

import "testing"

// Every key of access is kept by imports, with its directions and conditions, and so are
// those of other families; what says nothing of travel is not.
func TestKeptTags(t *testing.T) {
	for _, m := range Modes {
		for _, k := range accessKeys[m] {
			for _, key := range [...]string{k.name, k.along[0], k.along[1], k.name + ":conditional", k.along[1] + ":conditional"} {
				if !IsRoadTag(key) {
					t.Errorf("IsRoadTag(%s) = false", key)
				}
			}
			if !IsMarkTag(k.name) {
				t.Errorf("IsMarkTag(%s) = false", k.name)
			}
			if key := "restriction:" + k.name; !IsTurnTag(key) {
				t.Errorf("IsTurnTag(%s) = false", key)
			}
		}
	}
	for _, key := range []string{
		"highway", "oneway:motorcar", "oneway:bicycle:conditional", "maxspeed:motorcar:forward", "maxspeed:lanes:backward", "maxspeed:both",
		"cycleway:left:oneway", "sidewalk:both:bicycle", "bicycle:lanes:forward", "expressway", "covered", "interval", "ferry",
	} {
		if !IsRoadTag(key) {
			t.Errorf("IsRoadTag(%s) = false", key)
		}
	}
	for _, key := range []string{"", "building", "maxspeed:hgv", "name:br", "addr:street", "access:", "turn:lanes", "source", "oneway:", "restriction"} {
		if IsRoadTag(key) {
			t.Errorf("IsRoadTag(%s) = true", key)
		}
	}
	for _, key := range []string{"name", "ele", "source:maxspeed", "motorcar:", "shop"} {
		if IsMarkTag(key) {
			t.Errorf("IsMarkTag(%s) = true", key)
		}
	}
}

func TestIsMark(t *testing.T) {
	for _, row := range []struct {
		tags string
		want bool
	}{
		{"barrier=gate", true},
		{"highway=stop; direction=forward", true},
		{"access=private", false},
		{"traffic_sign=city_limit", true},
		{"traffic_sign=FR:EB10", true},
		{"traffic_sign:forward=DE:310", true},
		{"traffic_sign=FR:B14[30]", false},
		{"traffic_sign=FR:B14,FR:EB20", true},
		{"city_limit=begin", true},
		{"name=Laon", false},
	} {
		if got := IsMark(tagsOf(row.tags)); got != row.want {
			t.Errorf("IsMark(%s) = %t", row.tags, got)
		}
	}
}
