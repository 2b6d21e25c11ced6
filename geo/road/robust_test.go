package road

import (
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// TestRightAnswersAtTheEdges: networks that are odd but sound, with times told by hand.
func TestRightAnswersAtTheEdges(t *testing.T) {
	residential := map[string]string{"highway": "residential"} // 30 km/h: 1.2 ds a metre
	journey := func(n *Network, from, to geo.LonLat) string {
		s := mustSnapAt(t, n, street.Car, to)
		return describe(n.NewSearch(street.Car).Nearest([]Snap{s}).At(mustSnapAt(t, n, street.Car, from)))
	}
	long := Way{ID: 1, Tags: residential}
	for i := range 2000 {
		long.Nodes = append(long.Nodes, int64(i))
		long.At = append(long.At, at(float64(10*i), float64(i%2)*0.01))
	}
	n := mustBuild(t, []Way{long})
	if n.Counts().Edges != 1 || n.Counts().Points != 2000 {
		t.Errorf("a way of 2 000 nodes: %+v, want 1 edge of 2 000 points", n.Counts())
	}
	if got, want := journey(n, at(0, 0), at(19_990, 0.01)), "23988 ds from 0"; got != want {
		t.Errorf("along a way of 2 000 nodes: %s, want %s", got, want)
	}

	// Two nodes at one place do not meet, unless a way joins them.
	apart := []Way{
		{ID: 1, Tags: residential, Nodes: []int64{1, 2}, At: []geo.LonLat{at(-3000, 0), at(1000, 0)}},
		{ID: 2, Tags: residential, Nodes: []int64{3, 4}, At: []geo.LonLat{at(1000, 0), at(4000, 0)}},
	}
	if got, want := journey(mustBuild(t, apart), at(-3000, 0), at(4000, 0)), "no_path from -1"; got != want {
		t.Errorf("over two nodes at one place: %s, want %s", got, want)
	}
	joined := append(apart, Way{ID: 3, Tags: residential, Nodes: []int64{2, 3}, At: []geo.LonLat{at(1000, 0), at(1000, 0)}})
	if got, want := journey(mustBuild(t, joined), at(-3000, 0), at(4000, 0)), "8400 ds from 0"; got != want {
		t.Errorf("over two nodes at one place, joined: %s, want %s", got, want)
	}

	// The ends of the world are positions like others.
	for _, lon := range []float64{180, -180} {
		inward := lon * (1 - 0.009/180)
		edge := mustBuild(t, []Way{{ID: 1, Tags: residential, Nodes: []int64{1, 2}, At: []geo.LonLat{{Lon: lon}, {Lon: inward}}}})
		if got, want := journey(edge, geo.LonLat{Lon: lon}, geo.LonLat{Lon: inward}), "1201 ds from 0"; got != want {
			t.Errorf("at longitude %g: %s, want %s", lon, got, want)
		}
	}
	_, err := Build(each([]Way{{ID: 7, Tags: residential, Nodes: []int64{1, 2}, At: []geo.LonLat{{Lon: 179.9}, {Lon: -179.9}}}}))
	if err == nil || !strings.Contains(err.Error(), "way 7: from longitude 179.9 to -179.9: expected a way cut at the 180th meridian") {
		t.Errorf("across the 180th meridian: %v, want an error that says so", err)
	}
	if _, err := Build(each([]Way{{ID: 7, Tags: residential, Nodes: []int64{1}, At: []geo.LonLat{{}}, Marks: []Mark{{Node: 3}}}})); err == nil {
		t.Error("a mark of a node that the way has not: no error")
	}
}
