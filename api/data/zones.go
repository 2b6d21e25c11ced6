package data

import (
	"cmp"
	"context"
	"slices"

	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
)

type ZonesJSON struct {
	Edition string            `json:"edition"`
	Params  edition.QueryJSON `json:"params"`
	People  int               `json:"people"` // of the zones listed, inside the territoire asked for
	Zones   []zoneJSON        `json:"zones"`
}

// zoneJSON is one zone blanche. Its figures are of the whole zone, also when a
// territoire is asked for that holds only some of it.
type zoneJSON struct {
	Rank      int              `json:"rank"` // among all zones of the question
	ID        int              `json:"id"`   // of its feature in the tiles: the rank
	People    int              `json:"people"`
	AreaKm2   float64          `json:"area_km2"`
	Cells     int              `json:"cells"`
	Nom       string           `json:"nom"`
	Communes  []zoneCommune    `json:"communes"`
	EPCI      []Named          `json:"epci"`
	Secteurs  []Named          `json:"secteurs"`
	Lieu      *zoneLieu        `json:"lieu,omitempty"`
	AccessMin *float64         `json:"access_min,omitempty"`
	IFN       *edition.IFNJSON `json:"ifn,omitempty"`
	BBox      [4]float64       `json:"bbox"`
	Center    [2]float64       `json:"center"`
}

type zoneCommune struct {
	Code   string `json:"code"`
	Nom    string `json:"nom"`
	People int    `json:"people"`
}

type Named struct {
	Code string `json:"code"`
	Nom  string `json:"nom"`
}

type zoneLieu struct {
	ID      string `json:"id"`
	Nom     string `json:"nom"`
	Commune string `json:"commune,omitempty"`
}

// Zones answers /api/v1/zones-blanches.
func Zones(ctx context.Context, s *snapshot.Snapshot, _ *params.Request, a params.QuestionIn) (*reply.Reply, error) {
	return s.Cached(ctx, gate.Light, snapshot.KeyOf("zones", a), func(ctx context.Context) (*reply.Reply, error) {
		member, err := s.Within(a.Within)
		if err != nil {
			return nil, err
		}
		answer, err := s.AnswerTo(ctx, a.Query)
		if err != nil {
			return nil, err
		}
		zones := s.Zones(answer)
		out := ZonesJSON{Edition: s.ID, Params: s.QueryJSON(a.Query), Zones: []zoneJSON{}}
		parts, people := figures.ZonesIn(zones, member)
		out.People = people
		for _, p := range parts {
			out.Zones = append(out.Zones, Zone(s, p.Zone+1, &zones[p.Zone]))
		}
		return reply.JSON(reply.TypeJSON, out)
	})
}

func Zone(s *snapshot.Snapshot, rank int, z *coverage.Zone) zoneJSON {
	out := zoneJSON{Rank: rank, ID: rank, People: z.People, AreaKm2: reply.Rounded(z.AreaKm2, 3), Cells: len(z.Cells),
		Communes: make([]zoneCommune, 0, len(z.Communes)), EPCI: []Named{}, Secteurs: []Named{}}
	if index, ok := figures.ZoneIndex(s.Edition, z); ok {
		out.IFN = &index
	}
	seenEPCI, seenSecteur := map[string]bool{}, map[int32]bool{}
	for _, c := range z.Communes {
		commune := &s.Division.Communes[c.Commune]
		out.Communes = append(out.Communes, zoneCommune{commune.Code, commune.Nom, c.People})
		if code := commune.EPCI; code != "" && !seenEPCI[code] {
			seenEPCI[code] = true
			out.EPCI = append(out.EPCI, Named{code, s.EPCINames[code]})
		}
		for _, i := range s.SecteursOf[c.Commune] {
			if !seenSecteur[i] {
				seenSecteur[i] = true
				out.Secteurs = append(out.Secteurs, Named{s.Division.Secteurs[i].Code, s.Division.Secteurs[i].Nom})
			}
		}
	}
	out.Nom = out.Communes[0].Nom
	if z.Nearest >= 0 {
		out.Lieu = &zoneLieu{SiteID(s.Edition, z.Nearest), s.Sites[z.Nearest].Nom, siteCommune(s, z.Nearest)}
	}
	if z.Median.Reach == geo.Reached {
		out.AccessMin = reply.Ptr(reply.Rounded(z.Median.Cost.Minutes(), 1))
	}
	b, center := extent(s, z.Cells)
	const decimals = 6 // ten centimetres
	out.BBox = [4]float64{reply.Rounded(b.Min.Lon, decimals), reply.Rounded(b.Min.Lat, decimals), reply.Rounded(b.Max.Lon, decimals), reply.Rounded(b.Max.Lat, decimals)}
	out.Center = [2]float64{reply.Rounded(center.Lon, decimals), reply.Rounded(center.Lat, decimals)}
	return out
}

// extent is the box of some cells, and the centre of the one that is nearest to
// their middle: a point that is inside even where the middle is not.
func extent(s *snapshot.Snapshot, cells []int32) (geo.Bounds, geo.LonLat) {
	b := geo.EmptyBounds()
	var lon, lat float64
	centers := make([]geo.LonLat, len(cells))
	for i, c := range cells {
		box := s.Tiles.CellBounds(c)
		b, centers[i] = b.Union(box), box.Center()
		lon, lat = lon+centers[i].Lon, lat+centers[i].Lat
	}
	middle := geo.LonLat{Lon: lon / float64(len(cells)), Lat: lat / float64(len(cells))}
	center := slices.MinFunc(centers, func(p, q geo.LonLat) int { return cmp.Compare(geo.Distance(p, middle), geo.Distance(q, middle)) })
	return b, center
}
