package data

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// LieuxJSON is a GeoJSON FeatureCollection (RFC 7946). Lieux without a position
// cannot be features that a map draws; they are listed beside them.
type LieuxJSON struct {
	Type         string    `json:"type"`
	Edition      string    `json:"edition"`
	Features     []feature `json:"features"`
	SansPosition []LieuRef `json:"sans_position"`
}

type LieuRef struct {
	ID      string `json:"id"`
	Nom     string `json:"nom"`
	Commune string `json:"commune,omitempty"`
}

type feature struct {
	Type       string         `json:"type"`
	ID         string         `json:"id"`
	Geometry   pointJSON      `json:"geometry"`
	Properties LieuProperties `json:"properties"`
	Home       int32          `json:"-"` // commune, -1 unknown
}

type pointJSON struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"`
}

// LieuProperties describes a lieu, or a stop of a tournée. Absent is unknown;
// Public is false for a lieu that receives nobody.
type LieuProperties struct {
	ID           string         `json:"id"`
	Kind         string         `json:"kind"` // "lieu" or "arret"
	Nom          string         `json:"nom"`
	Commune      string         `json:"commune,omitempty"`
	CommuneCode  string         `json:"commune_code,omitempty"`
	Adresse      string         `json:"adresse,omitempty"`
	Services     []string       `json:"services,omitempty"`
	ServiceCodes []lieu.Service `json:"service_codes,omitempty"`
	Horaires     string         `json:"horaires,omitempty"`
	HoursWeek    *float64       `json:"hours_week,omitempty"`
	Ouvertures   *[]opening     `json:"ouvertures,omitempty"` // absent when hours are unknown; empty: never
	Itinerant    bool           `json:"itinerant"`
	Public       bool           `json:"public"`
	Tournee      string         `json:"tournee,omitempty"`
	Typologie    string         `json:"typologie,omitempty"`
	Dispositif   string         `json:"dispositif,omitempty"`
	Frais        string         `json:"frais,omitempty"`
	SiteWeb      string         `json:"site_web,omitempty"`
	Source       string         `json:"source,omitempty"`
	Maj          string         `json:"maj,omitempty"` // day, 2006-01-02
}

type lieuxParams struct {
	Within admin.Ref // zero: everywhere
}

func (*lieuxParams) Defaults(*edition.Edition) {}

func (p *lieuxParams) Bind() []params.Binding { return []params.Binding{params.Within.To(&p.Within)} }

// Lieux answers /api/v1/lieux.
func Lieux(_ context.Context, s *snapshot.Snapshot, _ *params.Request, a lieuxParams) (*reply.Reply, error) {
	return s.AtOnce(snapshot.KeyOf("lieux", a), func() (*reply.Reply, error) {
		member, err := s.Within(a.Within)
		if err != nil {
			return nil, err
		}
		inside := func(home int32) bool { return member == nil || home >= 0 && member[home] }
		out := LieuxJSON{Type: "FeatureCollection", Edition: s.ID, Features: []feature{}, SansPosition: []LieuRef{}}
		for _, f := range Features(s) {
			if inside(f.Home) {
				out.Features = append(out.Features, f)
			}
		}
		for i, l := range s.Lieux {
			if !l.Located && inside(s.LieuCommune[i]) {
				nom, _ := communeOf(s.Edition, s.LieuCommune[i], l.CommuneNom)
				out.SansPosition = append(out.SansPosition, LieuRef{l.ID, l.Nom, nom})
			}
		}
		return reply.JSON(reply.TypeGeoJSON, out)
	})
}

// Features are those of a snapshot, in order: lieux with a position, then stops.
func Features(s *snapshot.Snapshot) []feature {
	return snapshot.Once(s, func(s *snapshot.Snapshot) []feature { return features(s.Edition) })
}

// features lists every lieu with a position, then every stop of every tournée.
func features(e *edition.Edition) []feature {
	out := []feature{}
	byID := make(map[string]*lieu.Lieu, len(e.Lieux))
	for i := range e.Lieux {
		l := &e.Lieux[i]
		byID[l.ID] = l
		if !l.Located {
			continue
		}
		f := newFeature(l.ID, "lieu", l.Nom, l.At, e.LieuCommune[i])
		p := &f.Properties
		p.Commune, p.CommuneCode = communeOf(e, f.Home, l.CommuneNom)
		p.Adresse, p.Itinerant, p.Public = l.Adresse, l.Itinerant, !l.NoPublic
		p.offer(l.Services, &l.Horaires)
		p.cite(l)
		out = append(out, f)
	}
	homes := stopHomes(e)
	for t := range e.Tournees {
		tour := &e.Tournees[t]
		nom, services, of := tour.Nom, tour.Services, byID[tour.LieuID]
		if of != nil {
			if nom == "" {
				nom = of.Nom
			}
			if services == 0 {
				services = of.Services
			}
		}
		for i := range tour.Stops {
			stop := &tour.Stops[i]
			home, known := homes[[2]int32{int32(t), int32(i)}]
			if !known {
				home = -1
				if c, ok := e.Division.Commune(stop.Commune); ok {
					home = c
				}
			}
			f := newFeature(stopID(tour.ID, i), "arret", nom+" — "+stop.Nom, stop.At, home)
			p := &f.Properties
			p.Commune, p.CommuneCode = communeOf(e, home, "")
			p.Itinerant, p.Public, p.Tournee = true, true, nom
			p.offer(services, &stop.Horaires)
			if of != nil {
				p.cite(of)
			}
			out = append(out, f)
		}
	}
	return out
}

// stopHomes gives the commune of every stop that is a site, by tournée and stop.
func stopHomes(e *edition.Edition) map[[2]int32]int32 {
	homes := map[[2]int32]int32{}
	for i, site := range e.Sites {
		if site.Tournee >= 0 {
			homes[[2]int32{site.Tournee, site.Stop}] = e.SiteCommune[i]
		}
	}
	return homes
}

func newFeature(id, kind, nom string, at geo.LonLat, home int32) feature {
	return feature{Type: "Feature", ID: id, Geometry: pointJSON{"Point", [2]float64{at.Lon, at.Lat}},
		Properties: LieuProperties{ID: id, Kind: kind, Nom: nom}, Home: home}
}

// offer writes what is given, and when.
func (p *LieuProperties) offer(services lieu.Services, h *lieu.Horaires) {
	for _, service := range services.List() {
		p.Services = append(p.Services, service.Label())
		p.ServiceCodes = append(p.ServiceCodes, service)
	}
	p.Horaires = h.Text
	if h.Known {
		p.HoursWeek, p.Ouvertures = reply.Ptr(reply.Rounded(h.WeeklyHours(), 2)), reply.Ptr(openingsOf(h))
	}
}

// cite writes what the source says beside.
func (p *LieuProperties) cite(l *lieu.Lieu) {
	p.Typologie, p.Dispositif, p.Frais, p.Source = l.Typologie, l.Dispositif, l.Frais, l.Source
	// A client makes a link of it, so it must be one.
	if strings.HasPrefix(l.SiteWeb, "https://") || strings.HasPrefix(l.SiteWeb, "http://") {
		p.SiteWeb = l.SiteWeb
	}
	if !l.MisAJour.IsZero() {
		p.Maj = l.MisAJour.Format(time.DateOnly)
	}
}

// communeOf names a commune by position, or as published when it is unknown.
func communeOf(e *edition.Edition, home int32, published string) (nom, code string) {
	if home < 0 {
		return published, ""
	}
	return e.Division.Communes[home].Nom, e.Division.Communes[home].Code
}

// SiteID is the identifier of a site among the features: its lieu's, or its
// stop's.
func SiteID(e *edition.Edition, site int32) string {
	s := &e.Sites[site]
	if s.Tournee >= 0 {
		return stopID(e.Tournees[s.Tournee].ID, int(s.Stop))
	}
	return e.Lieux[s.Lieu].ID
}

// stopID names a stop of a tournée: its number in it, from 1.
func stopID(tournee string, stop int) string { return tournee + "#" + strconv.Itoa(stop+1) }

// opening is days of the week that share their hours.
type opening struct {
	Jours    []int    `json:"jours"`              // from 1, Monday
	Semaines []int    `json:"semaines,omitempty"` // of the four-week cycle, from 1; absent: all
	Heures   []string `json:"heures"`             // as 09:00-12:00
}

func openingsOf(h *lieu.Horaires) []opening {
	out := []opening{}
	for _, o := range h.Slots.Openings() {
		row := opening{}
		for _, day := range o.Days {
			row.Jours = append(row.Jours, day+1)
		}
		if !o.EveryWeek() {
			row.Semaines = o.Weeks
		}
		for _, span := range o.Spans {
			row.Heures = append(row.Heures, fmt.Sprintf("%02d:%02d-%02d:%02d", span[0]/60, span[0]%60, span[1]/60, span[1]%60))
		}
		out = append(out, row)
	}
	return out
}
