package data

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// LieuxJSON is a GeoJSON FeatureCollection (RFC 7946). Lieux without a position
// cannot be features that a map draws; they are listed beside them.
type LieuxJSON struct {
	Type         string    `json:"type"`
	Edition      string    `json:"edition"`
	Features     []feature `json:"features"`
	SansPosition []LieuRef `json:"sans_position"`
	Filters      filters   `json:"filtres"` // of the lieux of the territoire, whatever else is asked
}

// filters are the values that lieux can be asked for by, those of most lieux first.
type filters struct {
	Publics       []filterValue `json:"public"`
	Accessibilite []filterValue `json:"accessibilite"`
	Labels        []filterValue `json:"label"`
}

type filterValue struct {
	Value string `json:"valeur"`
	Lieux int    `json:"lieux"`
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
	Home       int32          `json:"-"` // commune, -1 unknown or outside
	Of         int32          `json:"-"` // lieu, -1 for a tournée without one
}

// At is where the lieu is.
func (f *feature) At() geo.LonLat {
	return geo.LonLat{Lon: f.Geometry.Coordinates[0], Lat: f.Geometry.Coordinates[1]}
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
	Outside      bool           `json:"dehors,omitempty"`      // it stands outside the territory
	Departement  string         `json:"departement,omitempty"` // of one that stands outside, by name
	Adresse      string         `json:"adresse,omitempty"`
	Services     []string       `json:"services,omitempty"`
	ServiceCodes []lieu.Service `json:"service_codes,omitempty"`
	// Missing is what is unknown of it that keeps it from being counted, as lieu.Doubts has it.
	Missing []string `json:"missing,omitempty"`
	// MaybeCodes are the services that it may offer beside: its source does not speak of them.
	MaybeCodes   []lieu.Service `json:"service_codes_possibles,omitempty"`
	Horaires     string         `json:"horaires,omitempty"`
	HoursWeek    *float64       `json:"hours_week,omitempty"`
	Ouvertures   *[]opening     `json:"ouvertures,omitempty"`             // absent when hours are unknown; empty: never
	Appointments []opening      `json:"rendez_vous_ouvertures,omitempty"` // hours by appointment, beside Ouvertures
	Itinerant    bool           `json:"itinerant"`
	Public       bool           `json:"public"`
	Tournee      string         `json:"tournee,omitempty"`
	Modelled     bool           `json:"modelise,omitempty"` // a stop that is a model: nobody is sent there
	Typologie    string         `json:"typologie,omitempty"`
	Genre        string         `json:"genre,omitempty"` // what it is, in French
	Dispositif   string         `json:"dispositif,omitempty"`
	Frais        string         `json:"frais,omitempty"`
	SiteWeb      string         `json:"site_web,omitempty"`
	Source       string         `json:"source,omitempty"`
	Maj          string         `json:"maj,omitempty"` // day, 2006-01-02
	details
	Distance bool     `json:"a_distance,omitempty"` // helps by telephone or video
	Domicile bool     `json:"a_domicile,omitempty"` // helps at home
	Zone     []string `json:"zone,omitempty"`       // where it does: codes of communes, EPCI, départements
	Reserve  []string `json:"reserve,omitempty"`    // whose residents alone it serves, by code
}

// details are the columns of the national schema that are shown as published; lists are of
// the values between "|".
type details struct {
	Complement     string   `json:"complement,omitempty"`
	Telephone      string   `json:"telephone,omitempty"`
	Courriels      []string `json:"courriel,omitempty"`
	Publics        []string `json:"publics,omitempty"`
	PriseEnCharge  []string `json:"prise_en_charge,omitempty"`
	Labels         []string `json:"labels,omitempty"`
	AutresLabels   []string `json:"autres_labels,omitempty"`
	Acces          []string `json:"modalites_acces,omitempty"`
	Accompagnement []string `json:"modalites_accompagnement,omitempty"`
	RendezVous     string   `json:"rendez_vous,omitempty"` // address where one is made
	AccesLibre     string   `json:"acces_libre,omitempty"` // address of its page of Acceslibre
	Resume         string   `json:"resume,omitempty"`
	Presentation   string   `json:"presentation,omitempty"`
	Structure      string   `json:"structure,omitempty"`
	Commentaire    string   `json:"commentaire,omitempty"`
}

type lieuxParams struct {
	Within                       admin.Ref // zero: everywhere
	Public, Accessibilite, Label string    // empty: any
}

func (*lieuxParams) Defaults(*edition.Edition) {}

func (p *lieuxParams) Bind() []params.Binding {
	return []params.Binding{params.Within.To(&p.Within), params.Public.To(&p.Public), params.Accessibilite.To(&p.Accessibilite), params.Label.To(&p.Label)}
}

// Lieux answers /api/v1/lieux.
func Lieux(_ context.Context, s *snapshot.Snapshot, _ *params.Request, a lieuxParams) (*reply.Reply, error) {
	return s.AtOnce(snapshot.KeyOf("lieux", a), func() (*reply.Reply, error) {
		in, err := s.Within(a.Within)
		if err != nil {
			return nil, err
		}
		inside := func(home int32, at geo.LonLat, located bool) bool { return in == nil || in.Place(home, at, located) }
		out := LieuxJSON{Type: "FeatureCollection", Edition: s.ID, Features: []feature{}, SansPosition: []LieuRef{}}
		var here []*lieu.Lieu // of the territoire, each once
		met := map[int32]bool{}
		for _, f := range Features(s) {
			if !inside(f.Home, f.At(), true) {
				continue
			}
			if f.Of >= 0 && !met[f.Of] {
				met[f.Of] = true
				here = append(here, &s.Lieux[f.Of])
			}
			if a.keeps(s.Edition, f.Of) {
				out.Features = append(out.Features, f)
			}
		}
		for i, l := range s.Lieux {
			if l.Located || !inside(s.LieuCommune[i], l.At, false) {
				continue
			}
			here = append(here, &s.Lieux[i])
			if a.keeps(s.Edition, int32(i)) {
				nom, _ := communeOf(s.Edition, s.LieuCommune[i], l.CommuneNom)
				out.SansPosition = append(out.SansPosition, LieuRef{l.ID, l.Nom, nom})
			}
		}
		out.Filters = filters{count(here, publicsOf), count(here, accessibilityOf), count(here, labelsOf)}
		return reply.JSON(reply.TypeGeoJSON, out)
	})
}

// keeps reports whether a lieu (-1: a tournée has none) is what is asked for. Where its
// source says nothing, it is not known to be: it is left out.
func (p *lieuxParams) keeps(e *edition.Edition, of int32) bool {
	for _, f := range []struct {
		asked string
		of    func(*lieu.Lieu) []string
	}{{p.Public, publicsOf}, {p.Accessibilite, accessibilityOf}, {p.Label, labelsOf}} {
		if f.asked != "" && (of < 0 || !slices.ContainsFunc(f.of(&e.Lieux[of]), func(v string) bool { return lieu.SameWords(v, f.asked) })) {
			return false
		}
	}
	return true
}

func publicsOf(l *lieu.Lieu) []string { return listOf(l.Publics) }

// accessLibre is the accessibility of a lieu of which Acceslibre says more.
const accessLibre = "Fiche Accès libre"

func accessibilityOf(l *lieu.Lieu) []string {
	out := listOf(l.PriseEnCharge)
	if l.AccesLibre != "" {
		out = append(out, accessLibre)
	}
	return out
}

func labelsOf(l *lieu.Lieu) []string {
	return slices.Concat(listOf(l.Dispositif), listOf(l.Labels), listOf(l.AutresLabels))
}

// count counts lieux by value, each once for each of its values.
func count(lieux []*lieu.Lieu, of func(*lieu.Lieu) []string) []filterValue {
	n := map[string]int{}
	for _, l := range lieux {
		values := of(l)
		slices.Sort(values)
		for _, v := range slices.Compact(values) {
			n[v]++
		}
	}
	out := make([]filterValue, 0, len(n))
	for v, lieux := range n {
		out = append(out, filterValue{v, lieux})
	}
	slices.SortFunc(out, func(a, b filterValue) int {
		return cmp.Or(cmp.Compare(b.Lieux, a.Lieux), cmp.Compare(a.Value, b.Value))
	})
	return out
}

// listOf are the values between "|"; nil: none.
func listOf(text string) (out []string) {
	for v := range strings.SplitSeq(text, "|") {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// Features are those of a snapshot, in order: lieux with a position, then stops.
func Features(s *snapshot.Snapshot) []feature {
	return snapshot.Once(s, func(s *snapshot.Snapshot) []feature { return features(s.Edition) })
}

// features lists every lieu with a position, then every stop of every tournée.
func features(e *edition.Edition) []feature {
	out := []feature{}
	byID := make(map[string]int32, len(e.Lieux))
	sites := sitesOf(e)
	for i := range e.Lieux {
		l := &e.Lieux[i]
		byID[l.ID] = int32(i)
		if !l.Located {
			continue
		}
		f := newFeature(l.ID, "lieu", l.Nom, l.At, e.LieuCommune[i], int32(i))
		p := &f.Properties
		p.Commune, p.CommuneCode = communeOf(e, f.Home, l.CommuneNom)
		if p.Outside = e.Outside(i); p.Outside {
			p.Departement = departementOf(l)
		}
		p.Adresse, p.Itinerant, p.Public = l.Adresse, l.Itinerant, !l.NoPublic
		p.offer(l.Services, &l.Horaires)
		p.cite(l)
		if site, ok := sites[siteKey{lieu: int32(i), tournee: -1, stop: -1}]; ok {
			p.doubt(&e.Sites[site])
		}
		out = append(out, f)
	}
	for t := range e.Tournees {
		tour := &e.Tournees[t]
		services, of := tour.Services, int32(-1)
		if i, ok := byID[tour.LieuID]; ok {
			of = i
			if services == 0 {
				services = e.Lieux[i].Services
			}
		}
		for i := range tour.Stops {
			stop := &tour.Stops[i]
			site, known := sites[siteKey{lieu: -1, tournee: int32(t), stop: int32(i)}]
			home := int32(-1)
			if known {
				home = e.SiteCommune[site]
			} else if c, ok := e.Division.Commune(stop.Commune); ok {
				home = c
			}
			nom := e.TourName(int32(t))
			f := newFeature(edition.StopID(tour.ID, i), "arret", tour.StopNom(nom, i), stop.At, home, of)
			p := &f.Properties
			p.Commune, p.CommuneCode = communeOf(e, home, "")
			p.Itinerant, p.Public, p.Tournee, p.Modelled = true, true, nom, tour.Modelled
			p.offer(services, &stop.Horaires)
			if known {
				p.doubt(&e.Sites[site])
			}
			if of >= 0 {
				p.cite(&e.Lieux[of])
				if tour.Modelled { // what the source says is of the bus, not of its stops
					p.Source, p.Maj = "", ""
				}
			}
			out = append(out, f)
		}
	}
	return out
}

// departementOf names the département of a lieu; empty: unknown.
func departementOf(l *lieu.Lieu) string {
	code := admin.DepartementOf(l.Commune)
	if code == "" {
		return ""
	}
	return admin.DepartementNom(code)
}

// siteKey names a site: by its lieu, or by its tournée and stop; -1 for what it has not.
type siteKey struct{ lieu, tournee, stop int32 }

// sitesOf gives the number of every site.
func sitesOf(e *edition.Edition) map[siteKey]int32 {
	out := make(map[siteKey]int32, len(e.Sites))
	for i, site := range e.Sites {
		if site.Tournee >= 0 {
			out[siteKey{-1, site.Tournee, site.Stop}] = int32(i)
		} else {
			out[siteKey{site.Lieu, -1, -1}] = int32(i)
		}
	}
	return out
}

func newFeature(id, kind, nom string, at geo.LonLat, home, of int32) feature {
	return feature{Type: "Feature", ID: id, Geometry: pointJSON{"Point", [2]float64{at.Lon, at.Lat}},
		Properties: LieuProperties{ID: id, Kind: kind, Nom: nom}, Home: home, Of: of}
}

// offer writes what is given, and when.
func (p *LieuProperties) offer(services lieu.Services, h *lieu.Horaires) {
	for _, service := range services.List() {
		p.Services = append(p.Services, service.Label())
		p.ServiceCodes = append(p.ServiceCodes, service)
	}
	p.Horaires = h.Text
	if h.Known {
		p.HoursWeek, p.Ouvertures = reply.Ptr(reply.Rounded(h.WeeklyHours(), 2)), reply.Ptr(openingsOf(&h.Slots))
	}
	if h.RendezVous != nil {
		p.Appointments = openingsOf(h.RendezVous)
	}
}

// doubt writes what is unknown of the site that it is.
func (p *LieuProperties) doubt(site *lieu.Site) {
	p.Missing = site.Of(lieu.Any).Keys()
	p.MaybeCodes = site.May.List()
}

// cite writes what the source says beside.
func (p *LieuProperties) cite(l *lieu.Lieu) {
	p.Typologie, p.Genre, p.Dispositif, p.Frais, p.Source = l.Typologie, french.Typology(l), l.Dispositif, l.Frais, l.Source
	p.SiteWeb = webAddress(l.SiteWeb)
	if !l.MisAJour.IsZero() {
		p.Maj = l.MisAJour.Format(time.DateOnly)
	}
	p.Distance, p.Domicile, p.Zone, p.Reserve = l.Distance, l.Domicile, l.Zone, l.Reserve
	d := &l.Details
	p.details = details{Complement: d.Complement, Telephone: d.Telephone, Courriels: listOf(d.Courriel), Publics: listOf(d.Publics),
		PriseEnCharge: listOf(d.PriseEnCharge), Labels: listOf(d.Labels), AutresLabels: listOf(d.AutresLabels), Acces: listOf(d.Acces),
		Accompagnement: listOf(d.Accompagnement), RendezVous: webAddress(d.RendezVous), AccesLibre: webAddress(d.AccesLibre),
		Resume: d.Resume, Presentation: d.Presentation, Structure: d.Structure, Commentaire: d.Commentaire}
}

// webAddress is an address that a client can make a link of; else empty.
func webAddress(text string) string {
	if strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://") {
		return text
	}
	return ""
}

// communeOf names a commune by position, or as published when it is unknown.
func communeOf(e *edition.Edition, home int32, published string) (nom, code string) {
	if home < 0 {
		return published, ""
	}
	return e.Division.Communes[home].Nom, e.Division.Communes[home].Code
}

// opening is days of the week that share their hours.
type opening struct {
	Jours    []int    `json:"jours"`              // from 1, Monday
	Semaines []int    `json:"semaines,omitempty"` // of the four-week cycle, from 1; absent: all
	Heures   []string `json:"heures"`             // as 09:00-12:00
}

func openingsOf(slots *lieu.Slots) []opening {
	out := []opening{}
	for _, o := range slots.Openings() {
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
