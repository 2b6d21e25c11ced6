package admin

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
)

func square(lon, lat float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{lon, lat}, {lon + 1, lat}, {lon + 1, lat + 1}, {lon, lat + 1}, {lon, lat}}}}
}

func world(t *testing.T) *Division {
	t.Helper()
	d, err := New([]Commune{
		{Code: "02303", Nom: "Fère-en-Tardenois", EPCI: "200072031", Population: 2990, Outline: square(3, 49)},
		{Code: "02001", Nom: "Abbécourt", EPCI: "200071785", Population: 507, Outline: square(4, 49)},
		{Code: "02168", Nom: "Château-Thierry", EPCI: "200072031", Population: 15305, Outline: square(3, 50)},
		{Code: "80001", Nom: "Ailleurs", Population: 3, Outline: square(5, 50)},
	}, []EPCI{{Code: "200072031", Nom: "CA de Château-Thierry"}, {Code: "200071785", Nom: "CA Chauny"}},
		[]Secteur{{Code: "fere", Nom: "Fère", Communes: []string{"02303"}}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTerritoiresAddUp(t *testing.T) {
	d := world(t)
	for typ, want := range map[Type]map[string]int{
		TypeCommune:     {"02001": 507, "02168": 15305, "02303": 2990, "80001": 3},
		TypeEPCI:        {"200071785": 507, "200072031": 18295},
		TypeSecteur:     {"fere": 2990},
		TypeDepartement: {"02": 18805},
	} {
		got := map[string]int{}
		for _, tr := range d.Territoires(typ) {
			got[tr.Code] = tr.Population
			sum := 0
			for _, c := range tr.Communes {
				sum += d.Communes[c].Population
			}
			if sum != tr.Population {
				t.Errorf("%s: communes hold %d, announced %d", tr.Ref, sum, tr.Population)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Territoires(%s): %s", typ, diff)
		}
	}
	fere, ok := d.Find(Ref{TypeEPCI, "200072031"})
	if !ok || fere.Bounds.Min.Lat != 49 || fere.Bounds.Max.Lat != 51 {
		t.Errorf("Find(epci:200072031) = %+v, %v", fere, ok)
	}
	if _, ok := d.Find(Ref{TypeEPCI, "nulle-part"}); ok {
		t.Error("Find of an unknown EPCI found it")
	}
}

// TestEPCIOfElsewhereAreLeftOut: a file of all France has EPCI of which no commune is
// here.
func TestEPCIOfElsewhereAreLeftOut(t *testing.T) {
	square := orb.MultiPolygon{{{{3, 49}, {4, 49}, {4, 50}, {3, 50}, {3, 49}}}}
	epci := []EPCI{{Code: "200000002", Nom: "Ailleurs"}, {Code: "200000001", Nom: "Ici"}}
	d, err := New([]Commune{{Code: "02001", Nom: "Un", EPCI: "200000001", Outline: square}}, epci, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.EPCI) != 1 || d.EPCI[0].Nom != "Ici" || len(d.Territoires(TypeEPCI)) != 1 {
		t.Errorf("EPCI = %+v; want the one that has a commune", d.EPCI)
	}
	if len(epci) != 2 || epci[0].Nom == "" || epci[1].Nom == "" {
		t.Errorf("the caller's list became %+v", epci)
	}
}

func TestNewRefuses(t *testing.T) {
	one := Commune{Code: "02001", Nom: "Abbécourt", Population: 507, Outline: square(4, 49)}
	noOutline, negative := one, one
	noOutline.Outline = nil
	negative.Population = -1
	for name, tc := range map[string]struct {
		communes []Commune
		epci     []EPCI
		secteurs []Secteur
		want     string
	}{
		"the same commune twice":       {[]Commune{one, one}, nil, nil, "commune 02001: named twice"},
		"no outline":                   {[]Commune{noOutline}, nil, nil, "commune 02001 (Abbécourt): no outline"},
		"fewer than nobody":            {[]Commune{negative}, nil, nil, "commune 02001 (Abbécourt): population -1 is negative"},
		"the same EPCI twice":          {[]Commune{one}, []EPCI{{Code: "2"}, {Code: "2"}}, nil, "epci 2: named twice"},
		"a secteur of unknown commune": {[]Commune{one}, nil, []Secteur{{Code: "s", Nom: "S", Communes: []string{"02999"}}}, "secteur S: commune 02999 is not among the communes"},
		"the same secteur twice":       {[]Commune{one}, nil, []Secteur{{Code: "s"}, {Code: "s"}}, "secteur s: named twice"},
	} {
		if _, err := New(tc.communes, tc.epci, tc.secteurs); err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
}

func TestParseRef(t *testing.T) {
	if r, err := ParseRef("epci:200072031"); err != nil || r.String() != "epci:200072031" {
		t.Errorf("ParseRef = %v, %v", r, err)
	}
	for _, bad := range []string{"", "epci", "epci:", "Pays:fr", ":2"} {
		if r, err := ParseRef(bad); err == nil || !strings.Contains(err.Error(), "expected") {
			t.Errorf("ParseRef(%q) = %v, %v; want a sentence that says what was expected", bad, r, err)
		}
	}
}

func TestDepartementIsNamed(t *testing.T) {
	if tr := world(t).Territoires(TypeDepartement); len(tr) != 1 || tr[0].Nom != "Aisne" {
		t.Errorf("Territoires(departement) = %+v, want Aisne", tr)
	}
	if len(departements) != 101 {
		t.Errorf("%d départements, France has 101", len(departements))
	}
	if got := DepartementNom("70LI"); got != "Territoire 70LI" {
		t.Errorf("a code of no département is named %q", got)
	}
}

func TestDistanceToACommune(t *testing.T) {
	c := Commune{Outline: square(3, 49)} // 3…4°E, 49…50°N
	hole := orb.Ring{{3.4, 49.4}, {3.4, 49.6}, {3.6, 49.6}, {3.6, 49.4}, {3.4, 49.4}}
	c.Outline[0] = append(c.Outline[0], hole)
	degree := geo.Distance(geo.LonLat{Lon: 3, Lat: 49}, geo.LonLat{Lon: 3, Lat: 50})
	for name, tc := range map[string]struct {
		p    geo.LonLat
		want float64 // metres
	}{
		"inside":                {geo.LonLat{Lon: 3.1, Lat: 49.1}, 0},
		"south of it":           {geo.LonLat{Lon: 3.5, Lat: 48.9}, degree / 10},
		"in its hole":           {geo.LonLat{Lon: 3.5, Lat: 49.41}, degree / 100},
		"beyond a corner, west": {geo.LonLat{Lon: 2.9, Lat: 49}, geo.Distance(geo.LonLat{Lon: 2.9, Lat: 49}, geo.LonLat{Lon: 3, Lat: 49})},
	} {
		if got := c.Distance(tc.p); math.Abs(got-tc.want) > 0.005*tc.want {
			t.Errorf("%s: %v m, want %v", name, got, tc.want)
		}
	}
}
