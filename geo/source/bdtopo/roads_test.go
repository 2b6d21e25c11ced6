package bdtopo

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// town is a made delivery with one of each thing:
//
//	     H              a private road CH, a one-way street AB, a ring D→E→F→D,
//	     |              a bridge XY over BC that is not cut, a boat from G, a track,
//	A→B──┼──C──D⟲       a footpath, a section that is not built yet
//	|    |
//	I    Y
var town = drawn{
	places: map[rune][3]float64{
		'A': {0, 0, 80}, 'B': {1000, 0, 80}, 'C': {2000, 0, 80}, 'D': {3000, 0, 80}, 'E': {3030, 30, 80}, 'F': {3030, -30, 80},
		'X': {1500, 500, 90}, 'Y': {1500, -500, 90}, 'Z': {1500, 0, 90}, 'H': {2000, 900, 80}, 'I': {0, -1000, 80}, 'G': {3500, 0, 0}, 'J': {6500, 0, 0},
		'K': {3030, -1030, 80}, 'P': {2000, -1000, 80}, 'Q': {1000, -1000, 80},
	},
	sections: []drawnSection{
		1:  {"AB", "sens_de_circulation=Sens direct; vitesse_moyenne_vl=30; nom_collaboratif_gauche=Rue de l'Église; urbain=true; nombre_de_voies=2"},
		2:  {"BC", "importance=3; cpx_numero=D12; vitesse_moyenne_vl=60"},
		3:  {"CD", "importance=3; cpx_numero=D12; vitesse_moyenne_vl=60"},
		4:  {"DF", "nature=Rond-point; sens_de_circulation=Sens direct; vitesse_moyenne_vl=20; importance=3"},
		5:  {"FE", "nature=Rond-point; sens_de_circulation=Sens direct; vitesse_moyenne_vl=20; importance=3"},
		6:  {"ED", "nature=Rond-point; sens_de_circulation=Sens direct; vitesse_moyenne_vl=20; importance=3"},
		7:  {"XZY", "position_par_rapport_au_sol=1; vitesse_moyenne_vl=30; franchisst=Pont"},
		8:  {"CH", "prive=true; acces_vehicule_leger=Restreint aux ayants droit"},
		9:  {"AIQ", "vitesse_moyenne_vl=30"},
		10: {"EG", "vitesse_moyenne_vl=30"},
		11: {"GJ", "nature=Bac ou liaison maritime; acces_vehicule_leger=Libre; vitesse_moyenne_vl=5; fictif=true"},
		12: {"FK", "nature=Chemin; vitesse_moyenne_vl=1; importance=6; sens_de_circulation=Sans objet"},
		13: {"CP", "nature=Sentier; acces_vehicule_leger=Physiquement impossible; importance=6; sens_de_circulation=Sans objet"},
		14: {"PQ", "etat_de_l_objet=En construction"},
		16: {"YQ", "vitesse_moyenne_vl=30"},
		17: {"QB", "vitesse_moyenne_vl=30"},
		15: {"QP", "nature=Route empierrée; acces_vehicule_leger=Libre; periode_de_fermeture=du 1/11 au 1/4; vitesse_moyenne_vl=10"},
	}[1:],
	bans: []string{"17 2 B", "3 99 C"}, // from Q at B one cannot go to C; a section that is not there
}

func ways(t *testing.T, in ...source.Input) ([]road.Way, *source.Report) {
	t.Helper()
	imp, err := Roads(t.Context(), in, source.Options{})
	return sourcetest.Rows(t, imp, err), imp.Report
}

func told(r *source.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "lues %d, acceptées %d, réunies %d, laissées %d\n", r.Read, r.Accepted, r.Merged, r.Skipped)
	for _, x := range append(slices.Clone(r.Rejected), r.Warnings...) {
		fmt.Fprintln(&b, x)
	}
	return b.String()
}

// TestOneNetworkFromEveryFormat reads the same sections as a GeoPackage and as shapefiles.
func TestOneNetworkFromEveryFormat(t *testing.T) {
	fromGeoPackage, report := ways(t, town.geopackage(t))
	const want = `lues 17, acceptées 16, réunies 0, laissées 1
BDT_3-5_GPKG_LAMB93_D002.gpkg:2: non-communications de tronçons absents des fichiers, qui ne sont pas suivies : 1
BDT_3-5_GPKG_LAMB93_D002.gpkg:14: etat_de_l_objet « En construction » : tronçons qui ne sont pas en service, laissés de côté : 1
BDT_3-5_GPKG_LAMB93_D002.gpkg:11: fictif « true » : tronçons fictifs, gardés : ils relient des routes sans suivre leur tracé : 1
BDT_3-5_GPKG_LAMB93_D002.gpkg:15: periode_de_fermeture « du 1/11 au 1/4 » : périodes de fermeture, qui ne sont pas suivies : 1
`
	if diff := cmp.Diff(want, told(report)); diff != "" {
		t.Errorf("told of the GeoPackage (-want +got):\n%s", diff)
	}
	fromShapes, report := ways(t, town.shapefile(3))
	if diff := cmp.Diff(fromGeoPackage, fromShapes); diff != "" {
		t.Errorf("shapefiles (-GeoPackage +shapefiles):\n%s", diff)
	}
	const lying = "BDTOPO.zip: encodage « UTF-8 » : annoncé par le fichier .cpg de TRONCON_DE_ROUTE ; textes qui n'en sont pas, lus en Windows-1252 :"
	if !strings.Contains(told(report), lying) {
		t.Errorf("told of the shapefiles: %s", told(report))
	}
	// Version 2 says less, and in other words; what roads are, and where they meet, is the same.
	old, report := ways(t, town.shapefile(2))
	if report.Merged != 0 || report.Skipped != 1 || !strings.Contains(told(report), "pas de couche non_communication") {
		t.Errorf("told of version 2: %s", told(report))
	}
	for i, w := range old {
		v := fromGeoPackage[i]
		if !slices.Equal(w.Nodes, v.Nodes) || !slices.Equal(w.At, v.At) || w.ID != v.ID {
			t.Errorf("version 2: way %d at %v, want %d at %v", w.ID, w.Nodes, v.ID, v.Nodes)
		}
		for _, key := range []string{"highway", "oneway", "name", "ref", "route", "bridge", "layer"} {
			if w.Tags[key] != v.Tags[key] && v.Tags["zone:traffic"] == "" { // version 2 does not tell towns
				t.Errorf("version 2: way %d: %s=%s, want %s", w.ID, key, w.Tags[key], v.Tags[key])
			}
		}
	}
	// The order of files is nobody's business, and what two have counts once.
	twice, report := ways(t, town.shapefile(3), town.geopackage(t))
	if diff := cmp.Diff(fromGeoPackage, twice); diff != "" || report.Merged != 17 {
		t.Errorf("both: %d merged (-want +got):\n%s", report.Merged, diff)
	}
}

// TestTripsOfATown drives, rides and walks in the network that comes of it.
func TestTripsOfATown(t *testing.T) {
	all, _ := ways(t, town.geopackage(t))
	n, err := road.Build(func(yield func(road.Way, error) bool) {
		for _, w := range all {
			if !yield(w, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	at := func(c byte) geo.LonLat {
		p := town.places[rune(c)]
		q, err := geo.Lambert93.ToLonLat(east+p[0], north+p[1])
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	for _, tt := range []struct {
		special, trip string
		mode          street.Mode
		legs          string // "metres/kmh …"
	}{
		{"a one-way street, at its mean speed, without waits", "AB", street.Car, "1000/30"},
		{"against it, the other way round", "BA", street.Car, "3000/30"},
		{"walkers go against it", "BA", street.Walk, "1000/5"},
		{"along the road under the bridge", "BC", street.Car, "1000/60"},
		{"nobody turns from the road onto the bridge above", "BY", street.Car, "1000/30 707.1/30"},
		{"a private road at the end of a trip", "BH", street.Car, "1000/60 900/40"},
		{"round the ring, the way that it runs", "DE", street.Car, "42.43/20 60/20"},
		{"from Q a car may not go to C at B: it comes there from A", "QC", street.Car, "3000/30 1000/60"},
		{"but a bicycle may", "QC", street.Bike, "1000/17 1000/17"},
		{"a footpath is for walkers", "CP", street.Walk, "1000/5"},
	} {
		origin, reach := n.Snap(tt.mode, at(tt.trip[0]))
		if reach != geo.Reached {
			t.Errorf("%s: no road at %c", tt.special, tt.trip[0])
			continue
		}
		source, reach := n.Snap(tt.mode, at(tt.trip[1]))
		if reach != geo.Reached {
			t.Errorf("%s: no road at %c", tt.special, tt.trip[1])
			continue
		}
		a, _ := n.NewSearch(tt.mode).Nearest([]road.Snap{source}).At(origin)
		want := 0.0 // seconds
		for _, leg := range strings.Fields(tt.legs) {
			var metres, kmh float64
			if _, err := fmt.Sscanf(leg, "%f/%f", &metres, &kmh); err != nil {
				t.Fatal(err)
			}
			want += metres / kmh * 3.6
		}
		const stretch = 0.003 // of lengths in Lambert-93 at this latitude, at most
		if got := float64(a.Cost) / 10; a.Reach != geo.Reached || math.Abs(got-want) > stretch*want+0.5 {
			t.Errorf("%s: %s by %s is %s in %.1f s, want %.1f", tt.special, tt.trip, tt.mode, a.Reach, got, want)
		}
	}
}
