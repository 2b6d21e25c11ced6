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
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/publics"
)

// ZonesJSON is known need, the zones blanches, and apart from it what is to be checked, the
// zones à vérifier. People are of the zones listed, inside the territoire asked for.
type ZonesJSON struct {
	Edition  string            `json:"edition"`
	Params   edition.QueryJSON `json:"params"`
	People   int               `json:"people"`
	Zones    []zoneJSON        `json:"zones"`
	Verify   []verifyJSON      `json:"a_verifier"`
	ToVerify int               `json:"a_verifier_people"`
	// Sentence is both, in French.
	Sentence string `json:"sentence"`
}

// zoneJSON is a zone: people and communes are those inside the territoire asked for, and
// Outside tells the others; the rest is of the whole zone.
type zoneJSON struct {
	Rank      int              `json:"rank"` // among all zones of the question
	ID        int              `json:"id"`   // of its feature in the tiles: the rank
	People    int              `json:"people"`
	Outside   int              `json:"outside_people,omitempty"` // absent: the zone ends where the territoire does
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
	whoJSON
}

// whoJSON is the people by public of a place, and a sentence of them, as after "dont"; both
// absent when nothing is known.
type whoJSON struct {
	Publics *publics.Figures `json:"publics,omitempty"`
	Who     string           `json:"publics_sentence,omitempty"`
}

func who(f *publics.Figures) whoJSON { return whoJSON{f, french.Who(f)} }

// verifyJSON is a zone à vérifier, and the lieux to ask, those that most of its people
// depend on first.
type verifyJSON struct {
	zoneJSON
	Ask      []edition.AskJSON `json:"ask"`
	Sentence string            `json:"sentence"` // French: "une médiathèque à interroger : 1 729 habitants"
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
		in, err := s.Within(a.Within)
		if err != nil {
			return nil, err
		}
		answer, err := s.AnswerTo(ctx, a.Query)
		if err != nil {
			return nil, err
		}
		out := ZonesJSON{Edition: s.ID, Params: s.QueryJSON(a.Query), Zones: []zoneJSON{}, Verify: []verifyJSON{}}
		zones := s.Zones(answer)
		parts, people := figures.ZonesIn(s.Edition, answer, zones, in)
		out.People = people
		for _, p := range parts {
			zone := Zone(s, p.Zone+1, &zones[p.Zone], p.Communes)
			zone.whoJSON = who(figures.ZonePublics(s.Edition, answer, &zones[p.Zone], coverage.Blanche, in))
			out.Zones = append(out.Zones, zone)
		}
		for _, z := range figures.ToVerifyIn(s.Edition, answer, in) {
			out.ToVerify += z.People
			zone := Zone(s, z.Rank, &z.Zone, z.Here)
			zone.whoJSON = who(figures.ZonePublics(s.Edition, answer, &z.Zone, coverage.Inconnue, in))
			out.Verify = append(out.Verify, verifyJSON{zone, Asks(s.Edition, z.Asks), ToAsk(s.Edition, z.Asks, z.People)})
		}
		t, err := s.Territoire(s.Ref(a.Within))
		if err != nil {
			return nil, err
		}
		out.Sentence = french.Headline(a.Query, figures.Classes(s.Edition, answer, t), out.Params.Unnamed)
		return reply.JSON(reply.TypeJSON, out)
	})
}

// Asks writes the lieux to ask for those who depend on them: people of the class inconnue.
func Asks(e *edition.Edition, asks []edition.Ask) []edition.AskJSON {
	out := make([]edition.AskJSON, len(asks))
	for i, ask := range asks {
		out[i] = e.AskJSON(ask)
		out[i].People = ask.Near
	}
	return out
}

// ToAsk says in French whom to ask about so many people.
func ToAsk(e *edition.Edition, asks []edition.Ask, people int) string {
	return french.ToAsk(lieuxOf(e, asks), people)
}

// Whom says in French whom to ask.
func Whom(e *edition.Edition, asks []edition.Ask) string { return french.Kinds(lieuxOf(e, asks)) }

// lieuxOf are the lieux to ask; nil for a tournée without one.
func lieuxOf(e *edition.Edition, asks []edition.Ask) []*lieu.Lieu {
	out := make([]*lieu.Lieu, len(asks))
	for i, ask := range asks {
		out[i] = e.LieuOf(ask.Site)
	}
	return out
}

// Zone writes a zone for a territoire, given those of its people who live there.
func Zone(s *snapshot.Snapshot, rank int, z *coverage.Zone, here []coverage.CommunePeople) zoneJSON {
	out := zoneJSON{Rank: rank, ID: rank, AreaKm2: reply.Rounded(z.AreaKm2, 3), Cells: len(z.Cells),
		Communes: []zoneCommune{}, EPCI: []Named{}, Secteurs: []Named{}}
	if index, ok := figures.ZoneIndex(s.Edition, z); ok {
		out.IFN = &index
	}
	seenEPCI, seenSecteur := map[string]bool{}, map[int32]bool{}
	for _, c := range z.Communes {
		commune := &s.Division.Communes[c.Commune]
		out.Outside += c.People
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
	for _, c := range here {
		commune := &s.Division.Communes[c.Commune]
		out.People += c.People
		out.Outside -= c.People
		out.Communes = append(out.Communes, zoneCommune{commune.Code, commune.Nom, c.People})
	}
	out.Nom = s.Division.Communes[z.Communes[0].Commune].Nom // of the zone, wherever it is asked for
	if z.Nearest >= 0 {
		out.Lieu = &zoneLieu{s.Edition.SiteID(z.Nearest), s.Sites[z.Nearest].Nom, s.SitePlace(z.Nearest).String()}
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
