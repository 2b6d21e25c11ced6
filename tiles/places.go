package tiles

import (
	"slices"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// newCommunes prepares the communes and their labels.
func newCommunes(e *edition.Edition) (*areas, *marks) {
	d, index := e.Division, e.IFN(admin.TypeCommune)
	outlines, labels := make([]area, len(d.Communes)), make([]mark, len(d.Communes))
	for i, c := range d.Communes {
		attributes := territoireAttributes(c.Code, c.Nom, c.Population)
		outlines[i] = area{id: uint64(i), attributes: indexAttributes(attributes, index[c.Code]), polygons: projectOutline(c.Outline)}
		labels[i] = mark{id: uint64(i), attributes: attributes, at: project(c.Point)}
	}
	return newAreas("communes", outlines), newMarks("communes_labels", labels)
}

// newEPCI prepares the EPCI and their labels.
func newEPCI(e *edition.Edition) (*areas, *marks) {
	d, index := e.Division, e.IFN(admin.TypeEPCI)
	outlines, labels := make([]area, len(d.EPCI)), make([]mark, len(d.EPCI))
	for i, t := range d.Territoires(admin.TypeEPCI) { // in the order of d.EPCI
		attributes := territoireAttributes(t.Code, t.Nom, t.Population)
		outlines[i] = area{id: uint64(i), attributes: indexAttributes(attributes, index[t.Code]), polygons: projectOutline(d.EPCI[i].Outline)}
		labels[i] = mark{id: uint64(i), attributes: attributes, at: project(labelPoint(d, t, d.EPCI[i].Outline))}
	}
	return newAreas("epci", outlines), newMarks("epci_labels", labels)
}

func territoireAttributes(code, nom string, population int) []attribute {
	return []attribute{{"code", textValue(code)}, {"nom", textValue(nom)}, {"population", uintValue(uint64(population))}}
}

// indexAttributes adds what is known of the index to the attributes of a territoire.
func indexAttributes(attributes []attribute, index edition.IFNJSON) []attribute {
	out := slices.Clone(attributes)
	for _, a := range []struct {
		name  string
		score *decimal.Two
	}{{"ifn", index.Score}, {"ifn_amenagement", index.Amenagement}, {"ifn_publics", index.Publics}} {
		if a.score != nil {
			out = append(out, attribute{a.name, realValue(float64(a.score.Written()))})
		}
	}
	return out
}

// labelPoint is the centroid of a territoire or, where that falls outside its
// outline, the point of its commune nearest to it.
func labelPoint(d *admin.Division, t admin.Territoire, outline orb.MultiPolygon) geo.LonLat {
	at := t.Bounds.Center()
	if len(outline) > 0 {
		c, area := planar.CentroidArea(outline)
		if area > 0 {
			if at = (geo.LonLat{Lon: c[0], Lat: c[1]}); planar.MultiPolygonContains(outline, c) {
				return at
			}
		}
	}
	best := at
	for i, c := range t.Communes {
		p := d.Communes[c].Point
		if i == 0 || geo.Distance(p, at) < geo.Distance(best, at) {
			best = p
		}
	}
	return best
}

// newLieux prepares the places that people can go to: lieux with a position that
// receive the public, and the stops of tournées, whose ids follow the lieux'.
func newLieux(e *edition.Edition) *marks {
	var list []mark
	byID := make(map[string]int32, len(e.Lieux))
	for i := range e.Lieux {
		l := &e.Lieux[i]
		byID[l.ID] = int32(i)
		if !l.Located || l.Itinerant || l.NoPublic {
			continue
		}
		list = append(list, mark{id: uint64(i), at: project(l.At),
			attributes: placeAttributes("lieu", l.ID, l.Nom, e.LieuPlace(i).String(), e.LieuCommune[i] < 0, l.Services, &l.Horaires)})
	}
	id := uint64(len(e.Lieux))
	sites := stopSites(e)
	for i := range e.Tournees {
		t := &e.Tournees[i]
		nom, services := t.Nom, t.Services
		if k, ok := byID[t.LieuID]; ok && t.LieuID != "" {
			if nom == "" {
				nom = e.Lieux[k].Nom
			}
			if services == 0 {
				services = e.Lieux[k].Services
			}
		}
		for k := range t.Stops {
			s := &t.Stops[k]
			commune, outside := "", false
			if site, ok := sites[stop{int32(i), int32(k)}]; ok {
				commune, outside = e.SitePlace(site).String(), e.SiteCommune[site] < 0
			}
			list = append(list, mark{id: id, at: project(s.At),
				attributes: placeAttributes("arret", stopRef(t.ID, k), t.StopNom(nom, k), commune, outside, services, &s.Horaires)})
			id++
		}
	}
	return newMarks("lieux", list)
}

// stop is the k-th stop of a tournée, both by position.
type stop struct{ tournee, stop int32 }

// stopSites finds the sites of stops.
func stopSites(e *edition.Edition) map[stop]int32 {
	sites := map[stop]int32{}
	for i, s := range e.Sites {
		if s.Tournee >= 0 {
			sites[stop{s.Tournee, s.Stop}] = int32(i)
		}
	}
	return sites
}

// stopRef names a stop as the JSON does, counting from 1.
func stopRef(tournee string, k int) string { return tournee + "#" + strconv.Itoa(k+1) }

// placeAttributes leaves out what is unknown.
func placeAttributes(kind, ref, nom, commune string, outside bool, services lieu.Services, h *lieu.Horaires) []attribute {
	list := []attribute{{"ref", textValue(ref)}, {"kind", textValue(kind)}, {"nom", textValue(nom)}, {"known", boolValue(h.Known)}}
	if commune != "" {
		list = append(list, attribute{"commune", textValue(commune)})
	}
	if outside {
		list = append(list, attribute{"outside", boolValue(true)})
	}
	if h.Known {
		list = append(list, attribute{"h", realValue(h.WeeklyHours())})
	}
	if services != 0 {
		list = append(list, attribute{"s", uintValue(uint64(services))})
	}
	return list
}
